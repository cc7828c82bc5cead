"""How much the matrix of 12 agencies × 200 families × 30 needs costs beside an empty signed-in page, in one run.

    python -m bench matrix

Every family has every need; each need is named by one commitment in two, one in six by two. What counts is how many
there are: the rows are made straight in a SQLite file of their own.
"""

import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.pages import SLUG, _ask, _client, _settle
from bench.table import Figure, judged, show

if TYPE_CHECKING:
    from django.test import Client

    from selaras.models import Agency, Household, Lokus, Round

AGENCIES, FAMILIES, NEEDS = 12, 200, 30
MOST, QUERIES = 6.0, 12
WORKBOOK = Path(__file__).resolve().parents[1] / "instruments" / "p2wkss" / "0.1" / "workbook.xlsx"


def main(runs: int, _households: int) -> list[Figure]:
    """Build, ask in turns, compare medians; count the statements once a process is warm."""
    with tempfile.TemporaryDirectory(prefix="selaras-matrix-") as folder:
        _settle(Path(folder))
        _build()
        path = f"/tahun/{SLUG}/matriks/"
        empty, busy = _client("tamu"), _client("sekretariat")
        taken: dict[str, list[float]] = {"kosong": [], "matriks": []}
        for turn in range(2 + 4 * runs):
            for name, client, address in (("kosong", empty, "/"), ("matriks", busy, path)):
                spent = _ask(client, address)
                if turn >= 2:  # what a process remembers is remembered by then
                    taken[name].append(spent)
        statements = _statements(busy, path)
    base, found = statistics.median(taken["kosong"]), statistics.median(taken["matriks"])
    size = f"{AGENCIES} agencies × {FAMILIES} families × {NEEDS} needs"
    figures = [
        Figure("an empty signed-in page", f"{base * 1000:.1f} ms"),
        Figure(f"matrix, {size}", f"{found * 1000:.1f} ms"),
        judged("matrix against the empty page", found / base, MOST, "×"),
        judged("statements of the whole page", statements, QUERIES, "", 0),
    ]
    show("The matrix (SQLite, one process)", figures)
    return figures


def _statements(client: "Client", path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        client.get(path)
    return len(caught)


def _build() -> None:
    """A year with a lokus, its families, needs and commitments, a secretary and somebody without a task."""
    from django.utils import timezone

    from selaras.access import CONSOLE
    from selaras.actions import agencies, cycles, instruments, people
    from selaras.models import DataKey, Household, KeyPurpose, Place, Role, RoundKind
    from selaras.queries.people import user_of
    from selaras.queries.rules import instrument_of

    began = time.perf_counter()
    parent = None
    places = (("36", "province", "provinsi"), ("36.72", "city", "kota"),
              ("36.72.05", "kecamatan", "kecamatan"), ("36.72.05.1005", "kelurahan", "kelurahan"))  # fmt: skip
    for code, level, kind in places:
        name = {"36.72": "Cilegon"}.get(code, f"Tempat {code}")
        parent = Place.objects.create(code=code, name=name, level=level, kind=kind, parent=parent)
    city = Place.objects.get(code="36.72")
    cycle = cycles.open_cycle(by=CONSOLE, place=city, year=2024, synthetic=True)
    lokus = cycles.add_lokus(by=CONSOLE, cycle=cycle, place=parent, prefix="GD")
    today = timezone.localdate()
    round_ = cycles.add_round(by=CONSOLE, cycle=cycle, kind=RoundKind.BASELINE, opens=today, closes=today)
    version = instruments.publish(by=CONSOLE, workbook=WORKBOOK.read_bytes(), cycle=cycle)
    names = [name for name, row in instrument_of(version).indicators.items() if row.origin == "survey"][:NEEDS]
    short = [f"OPD {n}" for n in range(AGENCIES)]
    who = [agencies.add_agency(by=CONSOLE, place=city, short_name=name, name=f"Dinas {name}") for name in short]
    households = []
    for n in range(FAMILIES):
        key = DataKey.fresh(KeyPurpose.HOUSEHOLD)
        key.save()
        household = Household(lokus=lokus, code=f"GD-{n:03}", rw=f"{n % 4 + 1:02}", rt=f"{n % 7 + 1:02}", key=key)
        household.place(lokus)
        households.append(household)
    Household.objects.bulk_create(households)
    type(lokus).objects.filter(pk=lokus.pk).update(registered=FAMILIES)
    made, served = _serve(lokus, round_, names, who, households)
    for username in ("sekretariat", "tamu"):
        people.create_user(by=CONSOLE, area="36.72", username=username, full_name=username)
    secretary = user_of("sekretariat")
    if secretary is not None:
        people.assign(by=CONSOLE, user=secretary, role=Role.SECRETARIAT, place_code="36.72")
    print(f"made {made:,} needs and {served:,} services in {time.perf_counter() - began:.0f} s", flush=True)


def _serve(
    lokus: "Lokus", round_: "Round", names: list[str], who: list["Agency"], households: list["Household"]
) -> tuple[int, int]:
    """Needs of every family, and commitments of every agency for them; how many, and how many services."""
    from django.utils import timezone

    from selaras.models import Commitment, CommitmentNeed, Need

    now, cycle, today = timezone.now(), lokus.cycle, timezone.localdate()
    needs = Need.objects.bulk_create(
        Need(household=household, lokus=lokus, indicator=name, opened_in=round_, opened_at=now)
        for name in names
        for household in households
    )
    plans = Commitment.objects.bulk_create(
        Commitment(cycle=cycle, number=n + 1, agency=who[n % AGENCIES], lokus=lokus, title="Uji",
                   indicator=names[n % NEEDS], fund="dpa", volume=50, ends=today)
        for n in range(4 * NEEDS)
    )  # fmt: skip
    served = []
    for index, need in enumerate(needs):
        for turn in range(2 if index % 6 == 0 else 1 if index % 2 else 0):
            served.append(CommitmentNeed(commitment=plans[index // FAMILIES + turn * NEEDS], need=need))
    CommitmentNeed.objects.bulk_create(served)
    return len(needs), len(served)
