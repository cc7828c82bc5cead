"""The same search over what the product itself stores: the shipped survey, imported, published, scored, erased."""

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pytest_django import Settings

from selaras.access import CONSOLE
from selaras.actions import erasure, instruments
from selaras.actions.jobs import work_off
from selaras.models import Counter, Household, HouseholdScore, ImportBatch, Submission
from tests import build, leaks
from tests.actions.planting import Family, members, number
from tests.build_programme import Programme, confirm, receive
from tests.build_workbook import workbook

pytestmark = pytest.mark.django_db(transaction=True)

P2WKSS = Path(__file__).resolve().parents[2] / "instruments" / "p2wkss" / "0.1" / "workbook.xlsx"
HEADER = ["kode", "nama kepala", "alamat", "rw", "rt", "no kk", "no hp", "keluhan", "member_1_nama", "member_1_nik"]


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def programme() -> Programme:
    """Kota Cilegon 2024 by the shipped survey, with one question more that is answered in free words."""
    book = load_workbook(P2WKSS)
    survey = book["survey"]
    titles = [cell.value for cell in survey[1]]
    asked = {
        "type": "text",
        "name": "keluhan",
        "label::Bahasa Indonesia (id)": "Keluhan",
        "label::English (en)": "Complaint",
    }
    survey.append([asked.get(title) for title in titles])
    out = io.BytesIO()
    book.save(out)
    cycle = build.cycle()
    lokus, asked_in = build.lokus(cycle), build.baseline(cycle)
    version = instruments.publish(by=CONSOLE, workbook=out.getvalue(), name="p2wkss.xlsx", cycle=cycle)
    return Programme(cycle, lokus, asked_in, version)


def row(code: str, of: Family) -> list[str]:
    return [code, of.name, of.address, "03", "01", of.kk, of.phone, of.story, of.member, of.nik]


def file(families: list[Family]) -> bytes:
    """A CSV of those families; the numbers are such as a cadre writes."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADER)
    writer.writerows(row(f"GD-{n:03}", one) for n, one in enumerate(families, start=1))
    return text.getvalue().encode()


def family() -> Family:
    return Family(nik="3672054101" + number(6), kk="3672051203" + number(6), phone="0812" + number(8))


def test_an_import_leaves_nothing_readable_at_any_step_and_nothing_at_all_after_erasure() -> None:
    of, one, other = programme(), family(), family()
    import_id = receive(of, file([one, other]), filename="keluarga.csv")
    batch = ImportBatch.objects.get(uuid=import_id)
    assert batch.summary["errors"] == 0
    everything = [value for each in (one, other) for value in (*each.secret, *each.plain) if value != each.photo]
    assert leaks.found(everything) == set(), "while the file waits, not even names are plain"
    confirm(of, import_id)
    secret = [value for each in (one, other) for value in each.secret]
    assert leaks.found(secret) == set()
    assert {value for value, _ in leaks.found(one.plain)} == set(one.plain)
    household = Household.objects.select_related("key").get(code="GD-001")
    assert (household.kk(), members(household)[0].nik()) == (one.kk, one.nik)
    assert Submission.objects.get(household=household).private_values()["keluhan"] == one.story
    scored, counted = HouseholdScore.objects.count(), list(Counter.objects.order_by("pk").values())
    assert scored > 50
    erasure.erase_household(by=CONSOLE, household=household, reason="permintaan")
    leaks.swept()
    work_off()
    assert leaks.found([*one.secret, *one.plain]) == set()
    assert (HouseholdScore.objects.count(), list(Counter.objects.order_by("pk").values())) == (scored, counted)
    assert {value for value, _ in leaks.found(other.plain)} == set(other.plain)


def test_a_file_without_titles_whose_first_family_is_taken_for_them_shows_it_to_nobody() -> None:
    of, one, other = programme(), family(), family()
    receive(of, b"\n".join(file([one, other]).splitlines()[1:]), filename="keluarga.csv")
    assert leaks.found([*one.secret, *other.secret]) == set()


def test_a_sheet_of_members_without_titles_shows_its_first_member_to_nobody() -> None:
    of, one = programme(), family()
    titled = [["kode", "nama kepala"], ["GD-001", one.name]]
    member = ["GD-001", one.member, one.nik, "34"]
    for members_sheet, problem in [
        ([member, ["GD-001", "Lain Uji", "", "2"]], "import.no_member_key"),
        ([["kode", one.nik], member], "import.title_is_data"),
    ]:
        import_id = receive(of, workbook({"keluarga": titled, "member": members_sheet}), filename="keluarga.xlsx")
        batch = ImportBatch.objects.get(uuid=import_id)
        assert (batch.summary["errors"], batch.problems[0]["code"]) == (1, problem)
        assert leaks.found([one.member, one.nik]) == set()


def test_an_import_that_is_given_up_leaves_nothing() -> None:
    of, one = programme(), family()
    import_id = receive(of, file([one, family()]), filename="keluarga.csv")
    bystander = build.household(of.lokus)
    erasure.erase_household(by=CONSOLE, household=bystander, reason="permintaan")
    work_off()
    leaks.swept()
    assert ImportBatch.objects.get(uuid=import_id).state == "discarded"
    assert leaks.found([*one.secret, *one.plain]) == set()
    assert Household.objects.exclude(pk=bystander.pk).count() == 0
