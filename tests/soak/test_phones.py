"""A round on a bad network: half of all requests are cut, the server is killed, and every form is there once, whole.

N=1 is a look; the full figure is 500 forms, 1,500 photos and 50 kills: `make soak N=25`.
"""

import hashlib
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.openrosa.serving import Server, beside, environment
from tests.soak.phones import CuttingProxy, Phones

N = int(os.environ.get("N", "1"))
FORMS, KILLS = 20 * N, 2 * N
#: Bytes of a photo: most are small, some alone more than half of what is announced as the most of one request.
SMALL, LARGE = (20_000, 400_000), (1_600_000, 2_500_000)


@pytest.fixture(params=["sqlite", "postgresql"])
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    with environment(request.param, tmp_path) as found:
        yield found


def photo(name: str) -> bytes:
    """The same bytes for the same name."""
    draw = random.Random(name)
    return draw.randbytes(draw.randint(*(LARGE if draw.random() < 0.1 else SMALL)))


def test_every_form_and_photo_is_there_once_and_whole_whatever_the_network_and_the_power_do(
    own: dict[str, str], tmp_path: Path
) -> None:
    begun = beside(own, "begin", str(FORMS))
    draw = random.Random(20241127)
    server = Server(own, tmp_path)
    server.start()
    proxy = CuttingProxy(server.port, draw)
    phones = Phones(f"http://{proxy.address}/odk/{begun['token']}", lambda: proxy.address, begun["forms"], photo)
    kills = 0
    try:
        phones.start()
        for number in range(KILLS):
            while phones.done * (KILLS + 1) < FORMS * number and not phones.errors:
                time.sleep(0.01)
            time.sleep(draw.uniform(0.05, 0.5))
            kills += phones.done < FORMS
            server.kill()
            server.start()
        phones.wait()
        seen = beside(own, "look")
    finally:
        server.stop()
        proxy.close()

    assert sorted((row["xml"], row["photos"]) for row in seen["arrived"]) == sorted(map(expected, begun["forms"]))
    assert (seen["written"], seen["audit"]) == (FORMS, True)
    assert min(proxy.cuts.values()) > 0
    # Amid the sending; the last may come when all is through.
    assert kills >= KILLS - 1
    print(f"{FORMS} forms, {len(seen['arrived']) * 3} photos, {phones.tries} requests, cut {proxy.cuts}, {kills} kills")


def expected(form: dict[str, object]) -> tuple[str, list[list[object]]]:
    names = sorted(map(str, form["photos"]))  # type: ignore[call-overload]
    photos = [[name, True, hashlib.sha256(photo(name)).hexdigest()] for name in names]
    return hashlib.sha256(str(form["xml"]).encode()).hexdigest(), photos
