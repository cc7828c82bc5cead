"""/tahun/…/lokus/…/kesiapan/: layers, what is missing and whose; claims, proofs, findings; whom it is kept from."""

import html
import re

import pytest
from django.http import HttpResponse as Response

from selaras.models import Claim, Household, ProofLimit, Role
from tests import build, build_plans, build_readiness
from tests.build_programme import Programme
from tests.web.cast import ani, budi, citra, dewi, eka, inside, scored, secretary

pytestmark = pytest.mark.django_db


def address(of: Programme, rest: str = "") -> str:
    return f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/kesiapan/{rest}"


def words(response: Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_only_the_citys_own_read_it_and_find_it_from_the_lokus() -> None:
    of = scored()
    people = {who.__name__: who(of) for who in (secretary, ani, citra, eka, budi)} | {"dewi": dewi()}
    people["province"] = build.member(Role.PROVINCE, "36")

    assert {who: inside(user).get(address(of)).status_code for who, user in people.items()} == {
        "secretary": 200, "ani": 403, "citra": 403, "eka": 403, "budi": 404, "dewi": 404, "province": 403,
    }  # fmt: skip
    lokus = f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/"
    for who, shown in (("secretary", True), ("citra", False), ("province", False)):
        assert (f'href="{address(of)}"' in inside(people[who]).get(lokus).content.decode()) is shown


def test_the_page_says_what_can_be_defended_why_it_is_less_and_whose_that_is() -> None:
    of = scored()
    build_readiness.claim(of, "sk", option="a")
    build_readiness.claim(of, "saluran", value=1)
    build_readiness.cite(of, "saluran", state="verified")
    page = words(inside(secretary(of)).get(address(of)))
    assert "dapat dipertahankan hari ini" in page
    said = (
        "Klaimnya 64,0",
        "Belum terbukti isi",
        "Belum ada bukti.",
        "Belum ada keluarga yang dicek ulang.",
        "belum menilai",
    )
    assert [text for text in said if text not in page] == ["Belum terbukti isi"]
    assert "1 hal yang perlu dilihat" in page


def test_a_claim_is_made_changed_and_taken_back_from_its_page() -> None:
    of = scored()
    client, item = inside(secretary(of)), address(of, "contoh/sk/")
    assert "Belum ada klaim." in words(client.get(item))
    sent = client.post(item, {"said": "a", "text": "SK 12/2024", "version": "0"})
    assert (sent.status_code, sent.headers["Location"]) == (302, item)
    page = words(client.get(item))
    assert ("Ada SK SK 12/2024." in page, "Tanpa bukti, klaim ini bernilai nol." in page) == (True, True)
    late = client.post(item, {"said": "b", "version": "0"})
    assert (late.status_code, "sudah diubah orang lain" in words(late)) == (422, True)
    client.post(item, {"tarik": "1", "version": "1"})
    assert (Claim.objects.get().option, "Ditarik" in words(client.get(item))) == ("", True)


@pytest.mark.parametrize(("typed", "kept"), [("0,75", "0.75"), ("0.75", "0.75"), ("1", "1")])
def test_a_number_is_typed_as_people_here_write_it(typed: str, kept: str) -> None:
    of = scored()
    sent = inside(secretary(of)).post(address(of, "contoh/jamban/temuan/"), {"said": typed, "text": "dilihat"})
    assert (sent.status_code, [str(row.value.normalize()) for row in of.lokus.findings.all()]) == (302, [kept])


def test_what_is_no_number_is_told_with_its_remedy() -> None:
    of = scored()
    sent = inside(secretary(of)).post(address(of, "contoh/jamban/temuan/"), {"said": "banyak"})
    assert (sent.status_code, "“banyak” bukan angka; tulis angkanya saja" in words(sent)) == (422, True)


def test_a_proof_is_limited_and_somebody_else_finds_less() -> None:
    of = scored()
    owner, other = secretary(of), secretary(of)
    build_readiness.claim(of, "sk", option="a", by=owner)
    use = build_readiness.cite(of, "sk", state="verified")
    item = address(of, "contoh/sk/")
    assert "Ini klaim Anda sendiri" in words(inside(owner).get(item))
    assert inside(owner).post(f"{item}bukti/{use.pk}/", {"said": "b"}).status_code == 302
    assert ProofLimit.objects.get().option == "b"
    refused = inside(other).post(f"{item}temuan/", {"said": "b"})
    assert (refused.status_code, "tulis singkat apa yang tidak terlihat" in words(refused)) == (422, True)
    inside(other).post(f"{item}temuan/", {"said": "b", "text": "SK belum ditandatangani"})
    page = words(inside(owner).get(item))
    assert "Belum ada SK yang berlaku SK belum ditandatangani." in page


def test_what_should_be_looked_at_names_families_by_code_to_who_works_with_them() -> None:
    of = scored()
    household = Household.objects.get(code="GD-001")
    need = build_plans.need(household, of.round)
    promise = build_plans.commitment(of.lokus, needs=[need], state="done", title="Jamban keluarga")
    build_readiness.word(household, promise, received=False)
    page = words(inside(secretary(of)).get(address(of, "perlu-dilihat/")))
    said = (
        "2 hal perlu dilihat",
        "Keluarga menyatakan belum",
        "GD-001",
        "“Jamban keluarga” dari Disperkim disebut selesai",
    )
    assert [text for text in said if text not in page] == []
    leader = words(inside(build.member(Role.LEADER, "36.72", cycle=of.cycle)).get(address(of, "perlu-dilihat/")))
    assert ("GD-001" in leader, "Rohayati" in page + leader) == (False, False)


def test_an_item_or_instrument_that_is_not_there_is_missing() -> None:
    of = scored()
    client = inside(secretary(of))
    paths = ("contoh/tidak_ada/", "lain/sk/", "?instrumen=lain")
    assert [client.get(address(of, rest)).status_code for rest in paths] == [404, 404, 404]


def test_a_year_without_an_instrument_offers_no_readiness() -> None:
    of = scored()
    client, year = inside(secretary(of)), f"/tahun/{of.cycle.slug}/"
    assert f'href="{address(of)}"' in client.get(year).content.decode()
    of.cycle.cycle_instruments.all().delete()
    assert f'href="{address(of)}"' not in client.get(year).content.decode()


def test_the_pages_speak_english_too() -> None:
    of = scored()
    build_readiness.claim(of, "sk", option="a")
    client = inside(secretary(of))
    client.cookies["django_language"] = "en"
    pages = [words(client.get(address(of, rest))) for rest in ("", "perlu-dilihat/", "contoh/sk/")]
    said = ("can be defended today:", "Its score is claimed, but no evidence is attached to it.", "The city's claim")
    assert [text in page for text, page in zip(said, pages, strict=True)] == [True, True, True]
