"""/tahun/<slug>/jawab/: a liaison who has signed in answers for her agency as she would by its link; no code."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from selaras.actions.asks import ask_all
from selaras.models import Ask, AuditEntry, Commitment, Cycle, Role, User
from tests import build
from tests.build_asks import Asking, asking, families, link
from tests.web.cast import inside
from tests.web.test_answers import NAME, text, typed

pytestmark = pytest.mark.django_db


def liaison(of: Asking, agency: str = "Disperkim", cycle: Cycle | None = None) -> User:
    return build.member(Role.LIAISON, agency=of.agencies[agency], cycle=cycle or of.cycle)


def asked(of: Asking, count: int = 9, *indicators: str) -> str:
    """Families with these needs, asked of who is named; where a liaison answers."""
    families(of, count, *(indicators or ("jamban",)))
    ask_all(by=of.secretary, cycle_slug=of.slug, due=of.due)
    return f"/tahun/{of.slug}/jawab/"


def menu_of(response: Any) -> list[tuple[str, bool]]:
    """Her menu: (where each entry leads, whether she is there)."""
    nav = re.search(r'<nav aria-label="Menu">.*?</nav>', text(response), re.DOTALL)
    assert nav is not None
    return [(url, bool(here)) for url, here in re.findall(r'<a href="([^"]+)"( aria-current="page")?', nav[0])]


def test_she_lands_on_what_waits_for_her_answer() -> None:
    of = asking()
    url = asked(of)
    client = inside(liaison(of))

    assert client.get("/").headers["Location"] == url
    page = client.get(url)
    pieces = ("1 kebutuhan menunggu jawaban Anda", "Untuk Disperkim", "Jamban sehat, 9 keluarga", "APBD Perubahan")
    assert (page.status_code, [piece for piece in pieces if piece not in text(page)]) == (200, [])
    assert menu_of(page)[0] == (url, True)
    assert "Kode sekali pakai" not in text(page)


def test_where_nothing_is_left_to_answer_she_lands_on_the_year() -> None:
    of = asking()
    asked(of)
    person = liaison(of)
    assert (
        inside(build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle, user=person)).get("/").headers["Location"]
        == f"/tahun/{of.slug}/"
    )
    Cycle.objects.filter(pk=of.cycle.pk).update(closed_at=timezone.now())
    assert inside(liaison(of)).get("/").headers["Location"] == f"/tahun/{of.slug}/"


def test_who_is_the_secretariat_as_well_answers_for_her_own_agency_alone() -> None:
    of = asking()
    url = asked(of, 6, "jamban", "sekolah")
    person = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle, user=liaison(of))

    page = text(inside(person).get(url))

    assert ("Jamban sehat" in page, "Anak bersekolah" in page) == (True, False)
    assert {ask.agency.short_name for ask in Ask.objects.all()} == {"Disperkim", "Dindikbud"}


def test_her_answer_is_what_it_would_be_by_the_link() -> None:
    of = asking()
    url, person = asked(of), liaison(of)
    client, ask = inside(person), Ask.objects.get()
    response = client.post(url, {"kirim": str(ask.uuid), **typed(ask)}, follow=True)

    assert response.redirect_chain == [(url, 302)]
    assert [piece for piece in ("1 jawaban tersimpan.", "Disanggupi") if piece not in text(response)] == []
    ask.refresh_from_db()
    promised = Commitment.objects.get()
    assert (ask.answer, ask.answered_by, promised.fund, promised.served.count()) == ("accept", person, "perubahan", 9)
    wrong = client.post(url, {"kirim": str(ask.uuid), **typed(ask, jumlah="99")})
    assert (wrong.status_code, 'value="99"' in text(wrong)) == (422, True)
    assert re.findall(r'<form method="post" action="([^"]+)" class="ask"', text(wrong)) == [url]


def test_families_are_named_to_her_without_a_code_and_each_time_it_is_written_down() -> None:
    of = asking()
    url, person = asked(of, 3, "jamban", "batuk"), liaison(of)
    page = inside(person).get(url)

    assert set(NAME.findall(text(page))) == {"ZubaidahGD01", "ZubaidahGD02", "ZubaidahGD03", "Kalpataru"}
    entry = AuditEntry.objects.get(action="asks.show_families")
    assert (entry.actor, entry.object_id, entry.details) == (
        person, of.slug, {"codes": ["GD-001", "GD-002", "GD-003"]},
    )  # fmt: skip
    assert AuditEntry.objects.filter(action__startswith="links.").exclude(action="links.make").count() == 0


def test_of_health_only_the_named_agency_learns_who() -> None:
    of = asking()
    url = asked(of, 3, "batuk")
    Ask.objects.create(
        cycle=of.cycle, lokus=of.lokus, agency=of.agencies["Disperkim"], indicator="batuk", families=3, due=of.due
    )
    theirs, hers = (text(inside(liaison(of, agency)).get(url)) for agency in ("Dinkes", "Disperkim"))

    assert (bool(NAME.findall(theirs)), NAME.findall(hers)) == (True, [])
    assert ("Tanpa batuk lama, 3 keluarga" in theirs, "3 keluarga" in hers) == (True, False)


def test_another_agencys_asks_are_not_hers_and_nobody_else_has_the_page() -> None:
    of = asking()
    url = asked(of, 9, "jamban", "sekolah")
    theirs = Ask.objects.get(indicator="sekolah")
    client = inside(liaison(of))
    assert str(theirs.uuid) not in text(client.get(url))
    client.post(url, {"kirim": str(theirs.uuid), **typed(theirs)})
    theirs.refresh_from_db()
    assert theirs.answer == ""

    last_year = build.cycle(year=of.cycle.year - 1)
    found = {
        "secretary": inside(of.secretary).get(url).status_code,
        "last year": inside(liaison(of, cycle=last_year)).get(url).status_code,
        "by link": inside(link(of).link.user).get(url).status_code,
        "nobody": Client().get(url).status_code,
    }
    assert found == {"secretary": 403, "last year": 404, "by link": 404, "nobody": 302}


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_ask_and_for_many(
    count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    of = asking()
    url = asked(of, 3, *("jamban",) if count == 1 else ("jamban", "sekolah", "iuran"))
    Ask.objects.update(agency=of.agencies["Disperkim"])
    client = inside(liaison(of))
    client.get(url)
    with django_assert_max_num_queries(30):
        client.get(url)
