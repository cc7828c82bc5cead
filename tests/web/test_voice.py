"""A family's sheet on paper and behind its code, and its words as they are written down: page by page."""

import re
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from selaras.actions.family_sheets import is_one_of, print_sheets
from selaras.models import AuditEntry, Confirmation, FamilySheet, Holding, Household, Person, SheetContact, WomanSaid
from selaras.queries.family_sheet import sheets_of
from selaras.queries.sheet_door import code_of
from selaras.queries.voice import Wanted
from tests import build
from tests.build_plans import commitment, need
from tests.build_voice import PLACE, TOILET, Voice, cadre, voice
from tests.pdf import pdf_pages, pdf_text
from tests.web.cast import ani, budi, citra, dewi, inside, secretary

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def base(of: Voice) -> str:
    return f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/"


def own(of: Voice) -> str:
    return f"{base(of)}keluarga/GD-002/suara/"


def printed(of: Voice) -> str:
    """The code of the family's sheet, printed just now."""
    print_sheets(
        by=secretary(of.of), **lokus(of), wanted=Wanted(household="GD-002"), base_url="https://selaras.example"
    )
    return FamilySheet.objects.get(closed_at=None).code()


def lokus(of: Voice) -> dict[str, str]:
    return {"cycle_slug": of.cycle.slug, "code": of.lokus.area}


def words(response: object) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())  # type: ignore[attr-defined]


# --- paper ------------------------------------------------------------------------------------------------------------
def test_the_sheet_says_what_was_recorded_and_promised_and_carries_no_name_class_or_address() -> None:
    of = voice()
    Household.objects.filter(pk=of.family.pk).update(address="Gang Kalpataru")
    SheetContact.objects.create(lokus=of.lokus, name="Kelurahan, Bu Rina", phone="0254 123456")
    made = print_sheets(
        by=cadre(of), **lokus(of), wanted=Wanted(household="gd-002"), base_url="https://selaras.example"
    )
    text = " ".join(pdf_text(made.content).split())
    code = FamilySheet.objects.get().code()
    assert made.name == "lembar-keluarga-GD-002.pdf"
    for said in ("GD-002", "Cemplung", TOILET, PLACE, "Dinas Disperkim, Pak Dedi", "Kelurahan, Bu Rina, 0254 123456"):
        assert said in text, said
    assert f"selaras.example/lembar, kode {code[:4]} {code[4:]}" in text
    # Names, address, the class of the family (Rentan) and its dues stand nowhere.
    for kept in ("Sumiyati", "Kalpataru", "Rentan", "Sejahtera", "miskin", "Iuran"):
        assert kept.casefold() not in text.casefold(), kept


def test_printed_again_a_sheet_has_the_same_code_and_one_page_holds_two() -> None:
    of = voice()
    first = printed(of)
    made = print_sheets(by=secretary(of.of), **lokus(of), wanted=Wanted(), base_url="https://selaras.example")
    assert FamilySheet.objects.get(household=of.family).code() == first
    pages = pdf_pages(made.content)
    assert [sorted(re.findall(r"GD-\d{3}", page)) for page in pages] == [["GD-001", "GD-002"], ["GD-003"]]
    assert AuditEntry.objects.filter(action="families.print").order_by("-id")[0].details["codes"] == [
        "GD-001", "GD-002", "GD-003",
    ]  # fmt: skip


def test_a_cadre_prints_the_sheets_of_her_own_rw_alone() -> None:
    of = voice()
    assert inside(ani(of.of)).get(f"{base(of)}suara/lembar.pdf?keluarga=GD-002").status_code == 404
    response = inside(ani(of.of)).get(f"{base(of)}suara/lembar.pdf")
    assert re.findall(r"GD-\d{3}", pdf_text(response.content)) == ["GD-003"]
    assert inside(citra(of.of)).get(f"{base(of)}suara/lembar.pdf").status_code == 403
    assert inside(dewi()).get(f"{base(of)}suara/lembar.pdf").status_code == 404
    refused = inside(secretary(of.of)).get(f"{base(of)}suara/lembar.pdf?blok=09-09")
    assert refused.status_code == 422
    assert "tidak ada keluarga yang cocok" in words(refused)


def test_what_rests_on_her_own_affairs_is_read_aloud_and_stands_on_no_paper() -> None:
    """Of the sample only `jamban` is of class umum: what a child's school says of her is for her ears alone."""
    of = voice()
    school = need(of.family, of.of.round, "sekolah")
    commitment(of.lokus, needs=[school], title="Beasiswa rahasia", state="done")
    code, client = printed(of), Client()
    made = print_sheets(
        by=secretary(of.of), **lokus(of), wanted=Wanted(household="GD-002"), base_url="https://a.example"
    )
    text = " ".join(pdf_text(made.content).split())
    assert ("Beasiswa" in text, "Masih ada 1 janji lain" in text) == (False, True)
    client.post(f"/lembar/{code}/", {"nama": "Sumiyati"})
    assert "Beasiswa" not in words(client.get(f"/lembar/{code}/"))
    assert "Beasiswa rahasia" in words(inside(cadre(of)).get(own(of)))


def test_what_may_be_of_health_is_on_no_sheet_and_asked_of_nobody() -> None:
    of = voice()
    hidden = commitment(of.lokus, title="Obat rahasia", indicator="tidak_dikenal")
    (sheet,) = sheets_of(of.lokus, [of.family])
    assert [one.answer for one in sheet.recorded] == ["Cemplung"]
    assert hidden.pk not in {line.id for line in sheet.promises}
    assert [line.title for line in sheet.promises] == [TOILET, PLACE]


def test_sheets_cost_the_same_statements_for_one_family_and_for_three(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    of = voice()
    families = list(Household.objects.select_related("lokus__cycle__place", "lokus__place").order_by("code"))
    counts = []
    for some in (families[1:2], families):
        with django_assert_max_num_queries(30) as captured:
            sheets_of(of.lokus, some)
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- behind the code --------------------------------------------------------------------------------------------------
def test_whoever_has_the_code_alone_is_shown_nothing_of_the_family() -> None:
    of = voice()
    code = printed(of)
    page = Client().get(f"/lembar/{code}/")
    assert page.status_code == 200
    for hidden in (TOILET, PLACE, "GD-002", "Sumiyati", "Gedong Dalem", "Disperkim"):
        assert hidden not in page.content.decode(), hidden
    assert "no-store" in page.headers["Cache-Control"]


def test_with_her_name_she_is_asked_what_the_paper_told_and_her_answer_is_hers() -> None:
    of = voice()
    code, client = printed(of), Client()
    # Promised after the printing: not on her paper, so not asked here.
    commitment(of.lokus, title="Sesudah dicetak", indicator="jamban")
    assert client.post("/lembar/", {"kode": f"{code[:4].lower()} {code[4:]}"}).headers["Location"] == f"/lembar/{code}/"
    assert client.post(f"/lembar/{code}/", {"nama": "bu sumiati"}).status_code == 302
    page = words(client.get(f"/lembar/{code}/"))
    assert [TOILET in page, PLACE in page, "Sesudah dicetak" in page, "Sumiyati" in page] == [True, True, False, False]
    sent = client.post(f"/lembar/{code}/", {f"janji-{of.toilet.pk}": "sudah", f"janji-{of.place.pk}": "belum"})
    assert sent.status_code == 302
    rows = Confirmation.objects.order_by("commitment__number")
    assert list(rows.values_list("received", "said", "via", "by")) == [
        (True, "ibu", "lembar", None), (False, "ibu", "lembar", None),
    ]  # fmt: skip
    # What she said is not told again: phones are lent.
    assert "Sudah pernah dijawab" in words(client.get(f"/lembar/{code}/"))
    assert [entry.actor for entry in AuditEntry.objects.filter(action="families.confirm")] == [None]


def test_another_browser_starts_at_the_name_again() -> None:
    of = voice()
    code = printed(of)
    assert Client().post(f"/lembar/{code}/", {"nama": "Sumiyati"}).status_code == 302
    other = Client().post(f"/lembar/{code}/", {f"janji-{of.toilet.pk}": "sudah"})
    assert other.status_code == 422
    assert Confirmation.objects.count() == 0


def test_after_five_wrong_names_only_another_code_helps() -> None:
    of = voice()
    code = printed(of)
    for left in (4, 3, 2, 1):
        assert f"masih dapat dicoba {left} kali" in words(Client().post(f"/lembar/{code}/", {"nama": "Joko"}))
    assert "dikunci" in words(Client().post(f"/lembar/{code}/", {"nama": "Joko"}))
    assert "dikunci" in words(Client().post(f"/lembar/{code}/", {"nama": "Sumiyati"}))
    assert AuditEntry.objects.filter(action="families.wrong_name").count() == 5
    by = inside(cadre(of))
    assert "terkunci" in words(by.get(own(of)))
    assert by.post(f"{own(of)}kode/").status_code == 302
    assert Client().get(f"/lembar/{code}/").status_code == 404
    again = printed(of)
    assert again != code
    assert Client().post(f"/lembar/{again}/", {"nama": "Sumiyati"}).status_code == 302


def test_no_sheet_is_answered_in_a_browser_in_which_an_official_is_signed_in() -> None:
    of = voice()
    code = printed(of)
    response = inside(secretary(of.of)).post(f"/lembar/{code}/", {"nama": "Sumiyati"})
    assert (response.status_code, "masuk sebagai petugas" in words(response)) == (422, True)
    assert (Confirmation.objects.count(), FamilySheet.objects.get(closed_at=None).tries) == (0, 0)


def test_a_husbands_name_opens_nothing_where_a_woman_is_recorded() -> None:
    of = voice()
    father = build.person(of.family, "Bambang Wijaya")
    Person.objects.filter(pk=father.pk).update(sex="L")
    code = printed(of)
    assert Client().post(f"/lembar/{code}/", {"nama": "Bambang"}).status_code == 422
    # Of a family without any woman, whoever is there answers.
    of.family.persons.exclude(pk=father.pk).delete()
    assert Client().post(f"/lembar/{code}/", {"nama": "Bambang"}).status_code == 302


@pytest.mark.parametrize("gone", ["closed", "away", "erased"])
def test_a_code_opens_nothing_once_its_year_is_closed_or_its_family_gone(gone: str) -> None:
    of = voice()
    code = printed(of)
    if gone == "closed":
        of.cycle.closed_at = of.cycle.created_at
        of.cycle.save()
    elif gone == "away":
        Household.objects.filter(pk=of.family.pk).update(pending=UUID(int=1))
    else:
        FamilySheet.objects.all().delete()
    client = Client()
    assert (client.get(f"/lembar/{code}/").status_code, client.post("/lembar/", {"kode": code}).status_code) == (
        404,
        422,
    )


def test_a_code_is_nowhere_in_the_database_and_guessing_is_slowed_down() -> None:
    of = voice()
    code = printed(of)
    sheet = FamilySheet.objects.get()
    assert code not in f"{sheet.code_hash}{bytes(sheet.code_sealed)!r}{sheet.told}"
    client = Client()
    statuses = [client.get(f"/lembar/BBBB22{number:02}/").status_code for number in range(32, 64)]
    assert (set(statuses[:30]), statuses[-1]) == ({404}, 429)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7KQM3XPZ", "7KQM3XPZ"), (" 7kqm-3xpz ", "7KQM3XPZ"), ("7KQM 3XP", ""), ("7KQM3XPA", ""), ("\0" * 8, ""),
        ("٣KQM3XPZ", ""), ("7KQM3XPZZ", ""),
    ],
)  # fmt: skip
def test_a_code_is_read_as_people_type_it(typed: str, code: str) -> None:
    assert code_of(typed) == code


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("Sumiyati", True), ("sumiati", True), ("Bu Sumiyati", True), ("ASEP", True), ("Sumi", False), ("bu", False),
        ("", False), ("Siti", False), ("Yati", False), ("ibu hajah", False), ("s", False), ("binti", False),
        ("Sumiyati binti Asep", True), ("Siti Dewi Sumiyati Rina Ani", False), ("Sumiyati Dewi", False),
    ],
)  # fmt: skip
def test_a_name_is_read_as_people_write_it(typed: str, same: bool) -> None:
    assert is_one_of(typed, ["Hj. Sumiyati Binti Asep"]) == same


def test_words_of_two_women_are_nobodys_name() -> None:
    names = ["Sumiyati", "Rohayati Asep"]
    typed = ("Rohayati", "Asep Rohayati", "Sumiyati", "Sumiyati Asep", "Sumiyati Rohayati")
    assert [is_one_of(each, names) for each in typed] == [True, True, True, False, False]


# --- at the door and at the desk --------------------------------------------------------------------------------------
def test_a_cadre_reads_aloud_and_writes_down() -> None:
    of = voice()
    client = inside(cadre(of))
    page = words(client.get(own(of)))
    assert ["Cemplung" in page, TOILET in page, "Sumiyati" in page] == [True, True, False]
    assert "lembar kertas yang dicentangnya" not in page
    assert client.post(own(of), {f"janji-{of.toilet.pk}": "sudah", "siapa": "ibu"}).status_code == 302
    assert Confirmation.objects.values_list("via", "received").get() == ("kader", True)
    # Now there is something to hold.
    given = {
        "putaran": "visit-1",
        "janji": str(of.toilet.pk),
        "jenis": "alat",
        "dipegang": "laki_laki",
        "dipakai": "laki_laki",
    }
    assert client.post(f"{own(of)}bantuan/", given).status_code == 302
    assert Holding.objects.values_list("held_by", "used_by").get() == ("laki_laki", "laki_laki")
    assert "diambil alih laki-laki di rumah" in words(client.get(own(of)))


def test_the_office_types_from_paper() -> None:
    of = voice()
    client = inside(secretary(of.of))
    given = {f"janji-{of.toilet.pk}": "belum", "siapa": "ibu", "cara": "kertas", "tanggal": "2024-06-02"}
    assert client.post(own(of), given).status_code == 302
    assert Confirmation.objects.values_list("via", "received", "on").get()[:2] == ("kertas", False)
    page = words(client.get(f"{base(of)}suara/"))
    assert "1 komitmen disebut selesai, tetapi ada keluarga yang belum menerima" in page
    assert "Belum: GD-002" in page


def test_a_refused_answer_comes_back_as_it_was_typed() -> None:
    of = voice()
    client = inside(cadre(of))
    refused = client.post(own(of), {f"janji-{of.toilet.pk}": "sudah"})
    assert (refused.status_code, "belum dipilih siapa yang menjawab" in words(refused)) == (422, True)
    assert f'name="janji-{of.toilet.pk}" value="sudah" checked' in refused.content.decode()
    woman = {"putaran": "visit-1", "perempuan": str(of.mother.uuid), "role": ["rumah", "tidak"], "access": "mungkin"}
    refused = client.post(f"{own(of)}perempuan/", woman)
    assert refused.status_code == 422
    assert 'name="role" value="rumah" checked' in refused.content.decode()
    assert WomanSaid.objects.count() == 0


def test_a_woman_who_decides_nowhere_has_answered_and_one_who_ticks_nothing_has_not() -> None:
    of = voice()
    client = inside(cadre(of))
    where = {"putaran": "visit-1", "perempuan": str(of.mother.uuid)}
    assert client.post(f"{own(of)}perempuan/", {**where, "role": ["tidak"]}).status_code == 302
    assert WomanSaid.objects.get().role == []
    assert client.post(f"{own(of)}perempuan/", {**where, "access": "ya"}).status_code == 302
    assert WomanSaid.objects.values_list("role", "access").get() == (None, "ya")


def test_the_page_of_a_lokus_is_the_citys_own_and_names_families_to_who_works_with_them() -> None:
    of = voice()
    assert [inside(who).get(f"{base(of)}suara/").status_code for who in (secretary(of.of), ani(of.of))] == [200, 200]
    assert "GD-002" in words(inside(secretary(of.of)).get(f"{base(of)}suara/"))
    # GD-002 does not live in her RW.
    assert "GD-002" not in words(inside(ani(of.of)).get(f"{base(of)}suara/"))
    assert [inside(who).get(f"{base(of)}suara/").status_code for who in (citra(of.of), budi(of.of), dewi())] == [
        403,
        404,
        404,
    ]
    client = inside(secretary(of.of))
    assert client.post(f"{base(of)}suara/kontak/", {"nama": "Kelurahan", "telepon": "12"}).status_code == 422
    assert client.post(f"{base(of)}suara/kontak/", {"nama": "Kelurahan", "telepon": "0254 123456"}).status_code == 302
    assert SheetContact.objects.values_list("name", "phone").get() == ("Kelurahan", "0254 123456")
