"""/tahun/<slug>/lokus/<code>/keluarga/<household>/ and what is done there."""

import html
import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from selaras.models import (
    Activity,
    AuditEntry,
    Household,
    HouseholdScore,
    ImportBatch,
    Need,
    Role,
    Submission,
    SubmissionMode,
    User,
)
from tests import build, build_plans
from tests.build_programme import Programme, bring, families_file, family, programme
from tests.kept import kept
from tests.sample_workbook import rows, sample
from tests.web.cast import ani, budi, citra, dewi, eka, inside, scored, secretary

pytestmark = pytest.mark.django_db
KK, NIK = "3672051234567890", "3672055503710004"


def address(of: Programme, code: str = "GD-001") -> str:
    return f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/keluarga/{code}/"


def text_of(of: Programme, user: User, code: str = "GD-001") -> str:
    """The page's words, without its marks."""
    return plain(inside(user).get(address(of, code)).content.decode())


def plain(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def numbered(of: Programme) -> Household:
    """The first family, with numbers and an address."""
    household = Household.objects.select_related("key", "lokus__place").get(lokus=of.lokus, code="GD-001")
    household.address = "Jalan Melati 4"
    household.set_kk(KK, None)
    household.save()
    person = household.persons.get()
    person.set_nik(NIK, None)
    person.save()
    return household


def test_only_who_works_with_the_family_sees_it() -> None:
    of = scored()
    people = {who.__name__: who(of) for who in (secretary, ani, citra, eka, budi)} | {"dewi": dewi()}
    seen = {who: inside(user).get(address(of)).status_code for who, user in people.items()}
    hers = inside(people["ani"]).get(address(of, "GD-003")).status_code

    assert seen == {"secretary": 200, "ani": 404, "citra": 403, "eka": 403, "budi": 404, "dewi": 404}
    assert (hers, inside(people["secretary"]).get(address(of, "GD-999")).status_code) == (200, 404)
    assert inside(people["secretary"]).post(address(of)).status_code == 405


def test_names_and_address_are_shown_on_request_and_numbers_masked() -> None:
    of = scored()
    numbered(of)
    client = inside(secretary(of))
    before = client.get(address(of)).content.decode()
    client.post(f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/nama/", {"nama": "tampil"})
    after = client.get(address(of)).content.decode()
    words = ("Rohayati Uji", "Jalan Melati 4", "•••• 7890", "•••• 0004", KK, NIK)

    assert [word in before for word in words] == [False, False, True, True, False, False]
    assert [word in after for word in words] == [True, True, True, True, False, False]
    entry = AuditEntry.objects.get(action="households.reveal_names")
    assert entry.details == {"codes": ["GD-001"], "page": address(of)}


def test_whole_numbers_are_shown_once_by_a_button_and_written_down() -> None:
    of = scored()
    numbered(of)
    client = inside(secretary(of))
    shown = client.post(f"{address(of)}nomor/")
    again = client.get(address(of)).content.decode()

    assert [number in shown.content.decode() for number in (KK, NIK)] == [True, True]
    assert "no-store" in shown.headers["Cache-Control"]
    assert [number in again for number in (KK, NIK)] == [False, False]
    assert AuditEntry.objects.get(action="households.reveal_numbers").details == {"codes": ["GD-001"]}
    assert f'name="kembali" value="{address(of)}"' in shown.content.decode()


def test_answers_are_said_in_words_by_section_and_blanks_too() -> None:
    survey = [
        ["type", "name", "label"],
        ["begin group", "rumah", "Rumah dan air"],
        ["select_one jamban", "jamban", "Jamban apa yang dipakai?"],
        ["integer", "jumlah", "Berapa orang di rumah ini?"],
        ["decimal", "iuran", "Iuran sebulan?"],
        ["end group", "", ""],
        ["text", "cerita", "Ceritakan keadaannya"],
        ["begin repeat", "member", "Anggota"],
        ["text", "nama", "Nama"],
        ["integer", "umur", "Umur"],
        ["select_one ya_tidak", "sekolah", "Apakah bersekolah?"],
        ["end repeat", "", ""],
    ]  # fmt: skip
    of = programme(sample(survey=survey))
    header = ["kode", "nama kepala", "rw", "rt", "jumlah", "jamban", "iuran", "cerita"]
    row = ["GD-001", "Rohayati", "01", "02", "", "leher_angsa", 1250000, "Rumah bocor"]
    bring(of, families_file([row], [["GD-001", "Tini", "", 9, "ya"]], header=header))
    text = text_of(of, secretary(of))

    assert re.findall(r"Rumah dan air.*?Iuran sebulan\? [\d.]+", text) == [
        "Rumah dan air 1 belum diisi Jamban apa yang dipakai? Leher angsa Berapa orang di rumah ini? belum diisi"
        " Iuran sebulan? 1.250.000"
    ]
    assert "Ceritakan keadaannya terisi, disimpan terkunci" in text
    assert "Anggota anggota 1 Nama terisi, disimpan terkunci Umur 9 Apakah bersekolah? Ya" in text
    assert "bocor" not in text


def test_indicators_needs_services_activities_and_submissions_are_all_there() -> None:
    of = scored()
    household = Household.objects.get(code="GD-002")
    need = Need.objects.get(household=household, indicator="jamban")
    build_plans.commitment(of.lokus, needs=[need], title="Bangun jamban", state="running", ends=date(2024, 9, 30))
    activity = Activity.objects.create(cycle=of.cycle, lokus=of.lokus, title="Penyuluhan jamban", on=date(2024, 5, 2))
    activity.households.add(household)
    text = text_of(of, secretary(of), "GD-002")

    assert "1 kebutuhan terbuka." in text
    assert "Disperkim Bangun jamban K-001 · berjalan · sampai 30" in text
    assert ("1 belum terpenuhi Jamban sehat" in text, "1 belum diketahui Iuran" in text) == (True, True)
    assert ("Penyuluhan jamban 2" in text, "Data awal, impor lembar kerja berlaku" in text) == (True, True)


def test_an_unpublished_imports_sheet_is_not_in_the_history() -> None:
    of = scored()
    batch = ImportBatch.objects.create(round=of.round, lokus=of.lokus, version=of.version, key=build.key())
    Submission.objects.create(
        household=Household.objects.get(code="GD-001"), round=of.round, version=of.version, batch=batch, answers={},
        mode=SubmissionMode.PHONE,
    )  # fmt: skip

    assert text_of(of, secretary(of)).count("formulir di HP") == 0


# --- health -----------------------------------------------------------------------------------------------------------
@kept
def ill(agency: str = "Dinkes") -> Programme:
    """A year that asks of health and, of those who cough, whether they were treated."""
    survey, indicators = rows("survey"), rows("indicators")
    survey.insert(1, ["select_one ya_tidak", "batuk", "Apakah ada yang batuk lama?"])
    survey.insert(2, ["select_one ya_tidak", "berobat", "Apakah sudah berobat gratis?", "${batuk} = 'ya'"])
    rule = ["survey", "linear", None, None, "${batuk} = 'ya'", "share", 1, 0, None, None, agency]
    indicators.append(["batuk", "kesehatan", "Tanpa batuk lama", 1, *rule])
    indicators[0] = [*indicators[0], "agency"]
    classes = [
        rows("classes")[0],
        ["zamrud", "Golongan Zamrud", "${batuk} = 'ya'"],
        ["safir", "Golongan Safir", "true()"],
    ]
    privacy = [*rows("privacy"), ["batuk", "kesehatan", "menemukan TBC"]]
    of = programme(sample(survey=survey, indicators=indicators, privacy=privacy, classes=classes))
    header = ["kode", "nama kepala", "rw", "rt", "jumlah", "jamban", "iuran", "batuk", "berobat"]
    family_ = family("GD-001", 4, "cemplung", 1)
    bring(of, families_file([[*family_, "ya", "tidak"]], header=header))
    return of


TELLING = ("batuk", "berobat gratis", "Obat TBC", "Pemeriksaan dahak", "Zamrud")


def treated(of: Programme) -> None:
    """A commitment and an activity for what the family has: each would tell it."""
    household = Household.objects.get()
    need = Need.objects.get(household=household, indicator="batuk")
    served = build_plans.commitment(of.lokus, of="Dinkes", needs=[need], title="Obat TBC")
    for commitment, title in ((served, "Pemeriksaan dahak"), (None, "Penyuluhan umum")):
        activity = Activity.objects.create(cycle=of.cycle, lokus=of.lokus, title=title, on=date(2024, 5, 2))
        activity.households.add(household)
        if commitment is not None:
            activity.commitments.add(commitment)


def test_health_is_kept_apart_from_who_works_with_the_family_and_she_is_told_so() -> None:
    of = ill()
    treated(of)
    assert HouseholdScore.objects.get(indicator__name="batuk").state == "y"
    for user in (secretary(of), build.member(Role.SUPERVISOR, of.lokus.place.code)):
        text = text_of(of, user)
        assert [word for word in TELLING if word in text] == []
        assert ("Penyuluhan umum" in text, "disimpan terpisah" in text) == (True, True)
        assert "1 kebutuhan terbuka." in text


def test_it_is_shown_to_the_agency_that_the_indicator_names_if_she_works_with_the_family_too() -> None:
    of = ill()
    treated(of)
    user = secretary(of)
    build.member(Role.LIAISON, agency=build_plans.agency("Dinkes"), user=user)
    text = text_of(of, User.objects.get(pk=user.pk))

    assert [word for word in TELLING if word not in text] == ["Zamrud"]
    stranger = secretary(of)
    build.member(Role.LIAISON, agency=build_plans.agency("Dinsos"), user=stranger)
    assert [word for word in TELLING if word in text_of(of, User.objects.get(pk=stranger.pk))] == []


def test_where_less_is_better_what_is_true_is_not_met() -> None:
    indicators = rows("indicators")
    indicators.append(
        [
            "cemplung",
            "sanitasi",
            "Memakai cemplung",
            1,
            "survey",
            "linear",
            None,
            None,
            "${jamban} = 'cemplung'",
            "share",
            1,
            0,
        ]
    )
    of = programme(sample(indicators=indicators))
    bring(of, families_file([family("GD-001", 4, "cemplung", 1), family("GD-002", 4, "leher_angsa", 1)]))
    client, base = inside(secretary(of)), f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/"
    pages = [text_of(of, secretary(of), code) for code in ("GD-001", "GD-002")]
    narrowed = client.get(f"{base}keluarga/?belum=cemplung").content.decode()
    proposed = plain(client.get(f"{base}sasaran/?bagian=undecided").content.decode())

    assert "2 belum terpenuhi Jamban sehat Memakai cemplung" in pages[0]
    assert "2 terpenuhi Jamban sehat Memakai cemplung" in pages[1]
    assert re.findall(r'<th scope="row"><a href="[^"]+">(GD-\d+)', narrowed) == ["GD-001"]
    assert re.findall(r"(GD-\d+) 02/01 (\d+) belum terpenuhi", proposed) == [("GD-001", "2"), ("GD-002", "0")]


def test_the_list_cannot_be_narrowed_by_health() -> None:
    of = ill()
    text = (
        inside(secretary(of))
        .get(f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/keluarga/?belum=batuk")
        .content.decode()
    )

    assert ("Tanpa batuk lama" in text, "selected" in text, "GD-001" in text) == (False, False, True)


def test_a_class_that_does_not_read_health_is_shown() -> None:
    of = scored()

    assert "Tahapan Rentan untuk di kantor saja" in text_of(of, secretary(of), "GD-002")


def test_a_family_with_three_of_everything_costs_no_more_statements_than_with_one() -> None:
    of = scored()
    household = Household.objects.get(code="GD-002")
    need = Need.objects.get(household=household, indicator="jamban")
    client = inside(secretary(of))
    counts = []
    for number in (1, 2, 3):
        build.person(household, f"Anggota {number}")
        build_plans.commitment(of.lokus, needs=[need], title=f"Kegiatan {number}")
        activity = Activity.objects.create(cycle=of.cycle, lokus=of.lokus, title="Kegiatan", on=date(2024, 5, number))
        activity.households.add(household)
        Submission.objects.create(
            household=household, round=of.round, version=of.version, answers={}, mode=SubmissionMode.WEB,
            received_at=datetime(2024, 1, number, tzinfo=UTC),
        )  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(of, "GD-002")).status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[2]
    assert counts[0] <= 36


def test_a_nik_that_does_not_fit_or_stands_elsewhere_too_says_so_beside_it() -> None:
    of = scored()
    family, other = (Household.objects.select_related("key").get(code=code) for code in ("GD-001", "GD-002"))
    family.persons.all().delete()
    odd = build.person(family, "Siti Uji", nik="3672050503850001")
    build.person(family, "Tanpa Nomor")
    build.person(other, "Siti Uji", nik="3672050503850001")
    assert odd.sex == "P"
    page = inside(secretary(of)).get(f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/keluarga/GD-001/").content.decode()
    said = [
        text for text in ("jenis kelamin lain", "pada keluarga lain di tahun ini", "kabupaten lain") if text in page
    ]
    assert said == ["jenis kelamin lain", "pada keluarga lain di tahun ini"]
