"""/tahun/<slug>/lokus/<code>/perlu-dicek/ and the family's own page: signals, why, and that they were looked at."""

import html
import re

import pytest
from django.db import connection
from django.http import HttpResponse as Response
from django.test.utils import CaptureQueriesContext

from selaras.actions.checks import look_again
from selaras.models import Check, Submission
from tests.build_programme import Programme
from tests.web.cast import ani, budi, citra, dewi, eka, inside, scored, secretary

pytestmark = pytest.mark.django_db


def odd(of: Programme, *codes: str) -> None:
    """Those families say that 52 live in the house, by phone."""
    rows = Submission.objects.filter(household__code__in=codes)
    rows.update(mode="phone", answers={"jumlah": 52, "jamban": "leher_angsa"})
    look_again(of.round, list(rows.values_list("pk", flat=True)))


def address(of: Programme, rest: str = "perlu-dicek/") -> str:
    return f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/{rest}"


def words(response: Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_only_who_keeps_the_lokus_sees_the_page_and_finds_it_from_the_lokus() -> None:
    of = scored()
    people = {who.__name__: who(of) for who in (secretary, ani, citra, eka, budi)} | {"dewi": dewi()}

    assert {who: inside(user).get(address(of)).status_code for who, user in people.items()} == {
        "secretary": 200, "ani": 403, "citra": 403, "eka": 403, "budi": 404, "dewi": 404,
    }  # fmt: skip
    assert f'href="{address(of)}"' in inside(people["secretary"]).get(address(of, "")).content.decode()
    assert f'href="{address(of)}"' not in inside(people["ani"]).get(address(of, "")).content.decode()


def test_each_is_told_with_family_question_and_reason_and_is_gone_once_looked_at() -> None:
    of = scored()
    odd(of, "GD-001")
    client = inside(secretary(of))
    check = Check.objects.get()
    page = client.get(address(of))

    assert "1 isian perlu dicek" in words(page)
    assert "Di luar aturan isian : Berapa orang di rumah ini?" in words(page)
    assert f'href="{address(of, "keluarga/GD-001/")}"' in page.content.decode()
    assert client.post(address(of, f"perlu-dicek/{check.uuid}/")).headers["Location"] == address(of)
    after = words(client.get(address(of)))
    assert ("Tidak ada yang perlu dicek" in after, "Buka lagi" in after) == (True, True)
    client.post(address(of, f"perlu-dicek/{check.uuid}/"), {"buka": "1"})
    assert "1 isian perlu dicek" in words(client.get(address(of)))


def test_the_familys_page_tells_it_to_keepers_and_comes_back_to_itself() -> None:
    of = scored()
    odd(of, "GD-003")
    client, there = inside(secretary(of)), address(of, "keluarga/GD-003/")
    check = Check.objects.get()

    assert "Tanda untuk dilihat lagi, bukan penilaian." in words(client.get(there))
    assert "Tanda untuk dilihat lagi" not in words(inside(ani(of)).get(there))
    assert "Tanda untuk dilihat lagi" not in words(client.get(address(of, "keluarga/GD-001/")))
    sent = client.post(address(of, f"perlu-dicek/{check.uuid}/"), {"kembali": there})
    assert sent.headers["Location"] == there
    assert "Tanda untuk dilihat lagi" not in words(client.get(there))


def test_three_signals_cost_the_page_no_more_statements_than_one() -> None:
    of = scored()
    client = inside(secretary(of))
    costs = []
    for codes in (["GD-001"], ["GD-001", "GD-002", "GD-003"]):
        odd(of, *codes)
        with CaptureQueriesContext(connection) as asked:
            client.get(address(of))
        costs.append(len(asked))

    assert costs == [costs[0]] * 2
