"""/tahun/<slug>/lokus/<code>/keluarga/"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from selaras.models import AuditEntry
from tests.build_programme import Programme, bring, families_file
from tests.web.cast import ROWS, ani, budi, citra, eka, inside, scored, secretary

pytestmark = pytest.mark.django_db


def address(of: Programme) -> str:
    return f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/keluarga/"


def codes(text: str) -> list[str]:
    return re.findall(r'<th scope="row">(GD-\d+)</th>', text)


def test_only_who_works_with_the_families_sees_the_list() -> None:
    of = scored()
    seen = {who.__name__: inside(who(of)).get(address(of)).status_code for who in (secretary, ani, citra, eka, budi)}

    assert seen == {"secretary": 200, "ani": 200, "citra": 403, "eka": 403, "budi": 404}


def test_a_cadre_sees_her_rw_and_the_secretariat_all() -> None:
    of = scored()
    lists = [codes(inside(who(of)).get(address(of)).content.decode()) for who in (secretary, ani)]

    assert lists == [["GD-001", "GD-002", "GD-003"], ["GD-003"]]


def test_search_and_filter_narrow_it() -> None:
    of = scored()
    client = inside(secretary(of))
    found = {
        query: codes(client.get(address(of) + query).content.decode())
        for query in ("?cari=GD-002", "?cari=02/03", "?hanya=gaps", "?hanya=waiting", "?cari=Rohayati")
    }

    assert found == {
        "?cari=GD-002": ["GD-002"],
        "?cari=02/03": ["GD-003"],
        "?hanya=gaps": ["GD-002"],
        "?hanya=waiting": [],
        "?cari=Rohayati": [],
    }


def test_names_can_be_searched_only_while_they_are_shown() -> None:
    of = scored()
    client = inside(secretary(of))
    client.post(f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/nama/", {"nama": "tampil"})
    text = client.get(address(of) + "?cari=Rohayati").content.decode()

    assert (codes(text), "Rohayati Uji" in text) == (["GD-001"], True)
    assert AuditEntry.objects.filter(action="households.reveal_names").count() == 1


@pytest.mark.parametrize("page", ["0", "-1", "999999", "x", "²"])
def test_a_page_that_is_not_there_is_the_nearest(page: str) -> None:
    of = scored()

    assert len(codes(inside(secretary(of)).get(address(of), {"hal": page}).content.decode())) == 3


def test_it_is_never_kept_by_a_browser() -> None:
    of = scored()

    assert "no-store" in inside(secretary(of)).get(address(of)).headers["Cache-Control"]


def test_three_families_cost_no_more_statements_than_one() -> None:
    of = scored(ROWS[:1])
    client = inside(secretary(of))
    counts = []
    for rows in (ROWS[:1], ROWS):
        bring(of, families_file(rows))
        with CaptureQueriesContext(connection) as captured:
            assert len(codes(client.get(address(of)).content.decode())) == len(rows)
        counts.append(len(captured))

    assert counts[0] == counts[1]
