"""/opd/<link>/: answered with a thumb, without sign-in; a forwarded link shows no name, a closed one says why."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from selaras.actions.asks import ask_all
from selaras.actions.links import Secrets, new_code, revoke
from selaras.models import AgencyLink, Ask, AuditEntry, Commitment, Need, Role
from tests import build
from tests.build_asks import YEAR, Asking, asking, families, link
from tests.web.cast import inside

pytestmark = pytest.mark.django_db
NAME = re.compile(r"Zubaidah\w+|Kalpataru")


@pytest.fixture(autouse=True)
def _fresh_tries() -> None:
    cache.clear()


def url(made: Secrets, rest: str = "") -> str:
    return f"/opd/{made.token}/{rest}"


def asked(of: Asking, count: int = 9, *indicators: str) -> Secrets:
    """Families with these needs (a latrine, unless said), asked of who is named; the link of Disperkim."""
    families(of, count, *(indicators or ("jamban",)))
    ask_all(by=of.secretary, cycle_slug=of.slug, due=of.due)
    return link(of)


def typed(ask: Ask, **changed: str) -> dict[str, str]:
    """What a form sends for an ask as it stands, with `changed`."""
    fields = {"versi": str(ask.version), "jawab": "accept", "jumlah": "9", "dana": "perubahan", "usul": "renja"}
    fields |= {"mulai": f"{YEAR}-05", "sampai": f"{YEAR}-07", "beda": "", "alasan": "", "catatan": ""}
    return {f"{name}-{ask.uuid}": value for name, value in {**fields, **changed}.items()}


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_page_opens_without_sign_in_and_asks_what_is_open() -> None:
    of = asking()
    made = asked(of)
    response = Client().get(url(made))

    pieces = ("1 kebutuhan menunggu jawaban Anda", "Jamban sehat, 9 keluarga", "Gedong Dalem", "APBD Perubahan")
    assert (response.status_code, [piece for piece in pieces if piece not in text(response)]) == (200, [])
    assert (NAME.findall(text(response)), response.headers["Cache-Control"]) == (
        [], "max-age=0, no-cache, no-store, must-revalidate, private",
    )  # fmt: skip


def test_an_answer_is_one_press_and_what_follows_is_said() -> None:
    of = asking()
    made, client = asked(of), Client()
    ask = Ask.objects.get()
    response = client.post(url(made), {"kirim": str(ask.uuid), **typed(ask)}, follow=True)

    assert response.redirect_chain == [(url(made), 302)]
    pieces = ("1 jawaban tersimpan.", "Semua sudah dijawab", "Disanggupi", f"APBD Perubahan {YEAR}", "Ubah jawaban")
    assert [piece for piece in pieces if piece not in text(response)] == []
    promised = Commitment.objects.get()
    assert (promised.fund, promised.volume, promised.served.count()) == ("perubahan", 9, 9)


def test_several_are_sent_at_once_and_only_those_that_were_chosen() -> None:
    of = asking()
    families(of, 2, "jamban", lokus=of.next)
    made, client = asked(of), Client()
    first, second = Ask.objects.order_by("lokus__area")
    both = {**typed(first, jumlah="2"), **typed(second, jawab="")}
    client.post(url(made), {"kirim": "semua", **both})

    assert list(Ask.objects.order_by("lokus__area").values_list("answer", flat=True)) == ["accept", ""]
    response = client.post(url(made), {"kirim": "semua", **typed(second, jawab="")}, follow=True)
    assert "Belum ada jawaban yang dipilih" in text(response)


def test_what_can_be_kept_is_kept_and_the_rest_comes_back_as_it_was_typed() -> None:
    of = asking()
    families(of, 2, "jamban", lokus=of.next)
    made, client = asked(of), Client()
    first, second = Ask.objects.order_by("lokus__area")
    wrong = typed(second, jawab="change", jumlah="99", dana="csr", beda="Yang punya lahan <b>")
    response = client.post(url(made), {"kirim": "semua", **typed(first, jumlah="2"), **wrong})

    assert (response.status_code, Commitment.objects.count()) == (422, 1)
    pieces = (
        "1 jawaban tersimpan.",
        "jumlah keluarga harus bilangan 1 sampai 9; tulis berapa keluarga yang disanggupi",
        'value="99"',
        "Yang punya lahan &lt;b&gt;",
        f'name="dana-{second.uuid}" value="csr" checked',
        f'name="jawab-{second.uuid}" value="change" checked',
    )
    assert [piece for piece in pieces if piece not in text(response)] == []


def test_declining_needs_a_reason_of_which_the_usual_ones_are_buttons() -> None:
    of = asking()
    made, client = asked(of), Client()
    ask = Ask.objects.get()
    refused = client.post(url(made), {"kirim": str(ask.uuid), **typed(ask, jawab="decline")})
    assert (refused.status_code, "alasannya belum ditulis" in text(refused)) == (422, True)
    chosen = typed(ask, jawab="decline", sebab="anggaran", alasan="coba tahun depan")
    client.post(url(made), {"kirim": str(ask.uuid), **chosen})

    ask.refresh_from_db()
    assert (ask.answer, ask.reason) == ("decline", "Belum ada anggaran tahun ini: coba tahun depan")


def test_two_who_answer_the_same_are_told_and_nothing_is_lost() -> None:
    of = asking()
    made, client = asked(of), Client()
    ask = Ask.objects.get()
    client.post(url(made), {"kirim": str(ask.uuid), **typed(ask, jumlah="4")})
    late = {"kirim": str(ask.uuid), **typed(ask, jumlah="7", dana="baznas")}
    response = Client().post(url(made), late)

    pieces = (
        "jawaban ini sudah diganti orang lain sejak halaman dibuka",
        "Jawaban terbaru:",
        "4 keluarga",
        'value="7"',
        f'name="dana-{ask.uuid}" value="baznas" checked',
        f'name="versi-{ask.uuid}" value="2"',
    )
    assert (response.status_code, [piece for piece in pieces if piece not in text(response)]) == (422, [])
    Client().post(url(made), {**late, f"versi-{ask.uuid}": "2"})
    assert Commitment.objects.get().volume == 7


def test_names_are_shown_in_the_browser_that_used_the_code_and_in_no_other() -> None:
    of = asking()
    made, hers, forwarded = asked(of, 3), Client(), Client()
    hers.get(url(made))
    response = hers.post(url(made, "kode/"), {"kode": made.code}, follow=True)

    assert len(set(re.findall(r"ZubaidahGD\d\d", text(response)))) == 3
    assert "Gang Kalpataru 1" in text(response)
    assert NAME.findall(text(forwarded.get(url(made)))) == []
    refused = forwarded.post(url(made, "kode/"), {"kode": made.code})
    assert (refused.status_code, NAME.findall(text(refused))) == (422, [])
    assert "sudah dipakai di peramban lain" in text(refused)
    entry = AuditEntry.objects.filter(action="links.show_families").latest("id")
    assert (entry.actor, entry.details["codes"]) == (made.link.user, ["GD-001", "GD-002", "GD-003"])
    new_code(by=of.secretary, cycle_slug=of.slug, link_id=made.link.uuid)
    assert NAME.findall(text(hers.get(url(made)))) == []


def test_a_session_that_names_families_by_one_link_does_not_by_another() -> None:
    of = asking()
    made = asked(of, 3, "jamban", "sekolah")
    other, client = link(of, "Dindikbud"), Client()
    client.post(url(made, "kode/"), {"kode": made.code})

    found = NAME.findall(text(client.get(url(other))))
    assert (found, bool(NAME.findall(text(client.get(url(made)))))) == ([], True)


def test_she_chooses_families_and_is_told_when_none_is() -> None:
    of = asking()
    made, client = asked(of, 3), Client()
    client.post(url(made, "kode/"), {"kode": made.code})
    ask = Ask.objects.get()
    needs = list(Need.objects.order_by("household__code").values_list("pk", flat=True))
    shown = {**typed(ask, jumlah="3"), f"ada-{ask.uuid}": "1", "kirim": str(ask.uuid)}
    assert "belum ada keluarga yang dipilih" in text(client.post(url(made), shown))
    client.post(url(made), {**shown, f"keluarga-{ask.uuid}": [str(needs[1]), "999999"]})

    assert list(Commitment.objects.get().served.values_list("need", flat=True)) == [needs[1]]


def test_a_closed_link_explains_itself_and_says_whom_to_ask() -> None:
    of = asking()
    gone, late = asked(of), link(of)
    revoke(by=of.secretary, cycle_slug=of.slug, link_id=gone.link.uuid)
    AgencyLink.objects.filter(pk=late.link.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    whom = "Minta tautan baru kepada sekretariat P2WKSS Kota Cilegon"
    for made, status, piece in ((gone, 410, "sudah dicabut"), (late, 410, "berlaku tautan ini sudah habis")):
        response = Client().get(url(made))
        assert (response.status_code, piece in text(response), whom in text(response)) == (status, True, True)
        assert "Jamban sehat" not in text(response)
        assert Client().post(url(made, "kode/"), {"kode": made.code}).status_code == 410
    unknown = Client().get("/opd/bukan-tautan/")
    assert (unknown.status_code, "Tautan ini tidak dikenal" in text(unknown)) == (404, True)


def test_a_link_opens_no_other_door() -> None:
    of = asking()
    made, client = asked(of), Client()
    client.post(url(made, "kode/"), {"kode": made.code})
    doors = ("/", f"/tahun/{of.slug}/", f"/tahun/{of.slug}/lokus/{of.lokus.area}/keluarga/", "/akun/")

    assert [client.get(door).headers["Location"] for door in doors] == [f"/masuk/?next={door}" for door in doors]
    # Even an account that somebody gave a password has no task behind any other door.
    signed_in = inside(made.link.user)
    assert [signed_in.get(door).status_code for door in doors[1:3]] == [404, 404]


def test_her_agencys_asks_are_those_of_her_agency() -> None:
    of = asking()
    made = asked(of, 9, "jamban", "sekolah")
    theirs = Ask.objects.get(indicator="sekolah")
    response = Client().get(url(made))
    assert ("Anak bersekolah" in text(response), str(theirs.uuid) in text(response)) == (False, False)
    Client().post(url(made), {"kirim": str(theirs.uuid), **typed(theirs)})
    theirs.refresh_from_db()
    assert theirs.answer == ""


def test_strangers_who_try_addresses_and_codes_are_slowed_down() -> None:
    of = asking()
    made, client = asked(of), Client()
    codes = [client.post(url(made, "kode/"), {"kode": "1"}).status_code for _ in range(21)]
    addresses = [client.get(f"/opd/{number:043}/").status_code for number in range(31)]

    assert (codes[-2:], addresses[-2:]) == ([422, 429], [404, 429])
    assert client.get(url(made)).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_ask_and_for_many(
    count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    of = asking()
    made = asked(of, 3, *("jamban",) if count == 1 else ("jamban", "sekolah", "iuran"))
    Ask.objects.update(agency=of.agencies["Disperkim"])
    client = Client()
    client.post(url(made, "kode/"), {"kode": made.code})
    client.get(url(made))
    with django_assert_max_num_queries(26):
        client.get(url(made))


words = st.text(max_size=30) | st.sampled_from(
    ["accept", "change", "decline", "propose", "semua", "0", "-1", "1e9", "9" * 40, "\0", "2024-13", f"{YEAR}-05", "٣"]
)


def test_nothing_that_can_be_typed_breaks_it() -> None:
    of = asking()
    made = asked(of, 2)
    ask = Ask.objects.get()
    names = [name.partition("-")[0] for name in typed(ask)] + ["sebab", "ada", "keluarga"]
    client = Client()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(st.sampled_from(names), words), st.sampled_from([str(ask.uuid), "semua", "", "x"]))
    def tried(fields: dict[str, str], pressed: str) -> None:
        ask.refresh_from_db()
        data = {**typed(ask), **{f"{name}-{ask.uuid}": value for name, value in fields.items()}, "kirim": pressed}
        assert client.post(url(made), data).status_code in {302, 422}

    tried()


def test_the_secretariat_who_opens_a_link_acts_by_it_as_the_liaison() -> None:
    of = asking()
    made = asked(of)
    ask = Ask.objects.get()
    client = inside(build.member(Role.SECRETARIAT, "36.72"))
    client.post(url(made), {"kirim": str(ask.uuid), **typed(ask)})

    ask.refresh_from_db()
    assert ask.answered_by == made.link.user
