"""/tahun/<slug>/permintaan/: one press asks all that was not asked; what came back."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from selaras.actions.asks import Reply, answer
from selaras.models import Ask, Role
from tests import build
from tests.build_asks import YEAR, Asking, asking, families, link, visitor
from tests.web.cast import inside

pytestmark = pytest.mark.django_db


def address(of: Asking, rest: str = "") -> str:
    return f"/tahun/{of.slug}/permintaan/{rest}"


def test_each_role_is_answered_as_it_should() -> None:
    of = asking()
    build.place("36.73")
    people = {
        "secretariat": of.secretary,
        "lurah": build.member(Role.SUPERVISOR, "36.72.05.1005"),
        "liaison": build.member(Role.LIAISON, agency=of.agencies["Dinkes"]),
        "stranger": build.member(Role.SECRETARIAT, "36.73"),
    }
    data = {"due": of.due.isoformat()}
    found = {who: inside(user).get(address(of)).status_code for who, user in people.items()}
    posted = {who: inside(user).post(address(of), data).status_code for who, user in people.items()}

    assert found == {"secretariat": 200, "lurah": 403, "liaison": 403, "stranger": 404}
    assert posted == {**found, "secretariat": 302}


def test_one_press_asks_all_and_the_page_says_what_waits() -> None:
    of = asking()
    families(of, 9, "jamban", "sekolah", "iuran")
    client = inside(of.secretary)
    before = client.get(address(of)).content.decode()
    assert [piece for piece in ("Tanyakan 2 kebutuhan", "Disperkim", "Dindikbud", "DPUPR") if piece not in before] == []
    after = client.post(address(of), {"due": of.due.isoformat(), "lakukan": "tanya"}, follow=True).content.decode()

    assert Ask.objects.count() == 2
    assert "2 permintaan dicatat." in after
    assert "<b>2 dari 2</b> permintaan menunggu jawaban." in after
    again = client.post(address(of), {"due": of.due.isoformat()}, follow=True).content.decode()
    assert ("Tidak ada yang baru" in again, Ask.objects.count()) == (True, 2)


def test_a_day_that_is_past_or_none_is_refused_with_its_reason() -> None:
    of = asking()
    client = inside(of.secretary)
    past = client.post(address(of), {"due": "2020-01-01"})
    none = client.post(address(of), {"due": "besok"})

    assert (past.status_code, "tenggat jawaban harus hari ini atau sesudahnya" in past.content.decode()) == (422, True)
    assert none.status_code == 422


def test_what_has_no_agency_is_asked_by_hand_and_taken_back() -> None:
    of = asking()
    families(of, 9, "iuran")
    client = inside(of.secretary)
    one = {"lokus": of.lokus.area, "indicator": "iuran", "due": of.due.isoformat()}
    nobody = client.post(address(of, "satu/"), {**one, "agency": ""}, follow=True)
    assert "Pilih dulu OPD yang ditanya" in nobody.content.decode()
    wrong = client.post(address(of, "satu/"), {**one, "agency": "999999"}, follow=True)
    assert "OPD itu tidak ada di daftar OPD kota ini" in wrong.content.decode()
    client.post(address(of, "satu/"), {**one, "agency": str(of.agencies["Dinkes"].pk)})
    ask = Ask.objects.get()
    assert ask.agency == of.agencies["Dinkes"]
    response = client.post(address(of, f"{ask.uuid}/tarik/"), follow=True)
    assert ("Permintaan sudah ditarik." in response.content.decode(), Ask.objects.count()) == (True, 0)


def test_answers_come_back_with_their_fund_and_reason_and_a_small_count_of_health_does_not() -> None:
    of = asking()
    families(of, 3, "batuk")
    families(of, 9)
    client = inside(of.secretary)
    client.post(address(of), {"due": of.due.isoformat()})
    ask = Ask.objects.get()
    reply = Reply("propose", ask.version, fund="renja", reason="Masuk Renja dulu")
    answer(by=visitor(link(of, "Dinkes")), cycle_slug=of.slug, ask_id=ask.uuid, reply=reply)
    text = client.get(address(of)).content.decode()

    assert [
        piece for piece in (f"Renja {YEAR + 1}", "“Masuk Renja dulu”", "usulan", "Dijawab Rudi") if piece not in text
    ] == []
    assert "3 keluarga" not in text


words = st.text(max_size=30) | st.sampled_from(["", "0", "-1", "9" * 30, "\0", "9999-12-31", "0001-01-01", "jamban"])


def test_nothing_that_can_be_typed_breaks_it() -> None:
    of = asking()
    families(of, 1, "jamban")
    client = inside(of.secretary)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(st.sampled_from(["due", "lokus", "indicator", "agency", "lakukan"]), words))
    def tried(fields: dict[str, str]) -> None:
        day = {"due": of.due.isoformat()}
        assert client.post(address(of), {**day, **fields}).status_code in {302, 422}
        one = {**day, "lokus": of.lokus.area, "indicator": "jamban", "agency": str(of.agencies["Dinkes"].pk)}
        # A lokus that is not there looks like another city's.
        assert client.post(address(of, "satu/"), {**one, **fields}).status_code in {302, 404}

    tried()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_ask_and_for_three(
    count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    of = asking()
    families(of, 2, *("jamban", "sekolah", "batuk")[:count])
    client = inside(of.secretary)
    client.post(address(of), {"due": of.due.isoformat()})
    client.get(address(of))
    with django_assert_max_num_queries(19):
        client.get(address(of))
