"""Sheets of agencies and the matrix on A3: who may take them, what stands on them, and that it is written down."""

import io
from datetime import timedelta

import docx
import pytest
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.asks import ask_all
from selaras.actions.plans import commit
from selaras.models import AuditEntry, Role, User
from selaras.queries.agency_sheets import agency_sheet, agency_sheets
from tests import build
from tests.build_meetings import letterhead
from tests.build_programme import Programme, bring, programme
from tests.sample_workbook import rows, sample
from tests.web.cast import ani, citra, dewi, inside, secretary
from tests.web.doors.world import families

pytestmark = pytest.mark.django_db


def health() -> bytes:
    """The sample with a question of health for Dinkes: who has no long cough is well."""
    survey, indicators = rows("survey"), rows("indicators")
    survey.insert(1, ["select_one ya_tidak", "batuk", "Apakah ada yang batuk lama?"])
    rule = ["survey", "linear", None, None, "${batuk} = 'tidak'", "share", 0, 1, None, None, "Dinkes"]
    indicators.append(["batuk", "kesehatan", "Tanpa batuk lama", 1, *rule])
    indicators[0] = [*indicators[0], "agency"]
    privacy = [*rows("privacy"), ["batuk", "kesehatan", "menemukan TBC"]]
    return sample(survey=survey, indicators=indicators, privacy=privacy)


def year() -> Programme:
    """Twelve families, of whom three cough (a matter of health, for Dinkes) and four lack a latrine."""
    of = programme(health())
    build.agency("Dinkes")
    build.agency("Disperkim")
    bring(of, families("own"))
    ask_all(by=CONSOLE, cycle_slug=of.cycle.slug, due=timezone.localdate() + timedelta(days=9))
    letterhead(of.cycle)
    return of


def liaison(of: Programme, short_name: str = "Dinkes") -> User:
    return build.member(Role.LIAISON, agency=of.cycle.place.agencies.get(short_name=short_name))


def agency(of: Programme, short_name: str) -> int:
    found: int = of.cycle.place.agencies.get(short_name=short_name).pk
    return found


def text_of(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    return "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)


def test_the_secretariat_takes_all_sheets_and_a_liaison_her_own() -> None:
    of = year()
    base = f"/tahun/{of.cycle.slug}/opd/"
    urls = ["lembar.pdf", f"{agency(of, 'Dinkes')}/lembar.pdf", f"{agency(of, 'Disperkim')}/lembar.pdf"]
    people = [secretary(of), liaison(of), citra(of), ani(of), dewi()]
    statuses = [[inside(who).get(base + url).status_code for url in urls] for who in people]

    assert statuses == [[200] * 3, [403, 200, 403], [403] * 3, [403] * 3, [404] * 3]
    assert inside(people[0]).get(f"{base}lembar.exe").status_code == 404
    assert inside(people[0]).get(f"{base}999999/lembar.pdf").status_code == 404


def test_which_families_a_need_of_health_is_about_is_told_to_its_agency_alone() -> None:
    of = year()
    number = agency(of, "Dinkes")
    hers, of_secretariat = (
        {need.label: need for lokus in agency_sheet(who, of.cycle.slug, number).loci for need in lokus.needs}
        for who in (liaison(of), secretary(of))
    )

    assert hers["Tanpa batuk lama"].codes == ("GD-001", "GD-002", "GD-003")
    assert (hers["Tanpa batuk lama"].needs, hers["Tanpa batuk lama"].gap) == (3, 3)
    told = of_secretariat["Tanpa batuk lama"]
    # Three of twelve: neither their codes nor their number.
    assert (told.codes, told.needs, told.gap) == ((), 0, None)
    page = inside(secretary(of)).get(f"/tahun/{of.cycle.slug}/opd/{number}/lembar.docx").content
    assert [code for code in ("GD-001", "GD-002", "GD-003") if code in text_of(page)] == []


def test_a_sheet_holds_codes_and_never_a_name_or_an_address() -> None:
    of = year()
    number = agency(of, "Disperkim")
    commit(
        by=CONSOLE, cycle_slug=of.cycle.slug, agency_id=number, lokus_code=of.lokus.area, indicator="jamban",
        values={"title": "Bangun jamban"},
    )  # fmt: skip
    text = text_of(inside(secretary(of)).get(f"/tahun/{of.cycle.slug}/opd/{number}/lembar.docx").content)

    assert [word for word in ("GD-003", "K-001", "Bangun jamban") if word not in text] == []
    assert [word for word in ("Zubaidah", "Kalpataru") if word in text] == []


def test_agencies_that_have_nothing_to_do_get_no_sheet() -> None:
    of = year()
    build.agency("Diskominfo")

    assert [sheet.short_name for sheet in agency_sheets(secretary(of), of.cycle.slug)] == ["Dinkes"]


def test_the_matrix_on_paper_is_for_whoever_sees_the_year_and_each_taking_is_written_down() -> None:
    of = year()
    before = AuditEntry.objects.count()
    url = f"/tahun/{of.cycle.slug}/matriks/a3.pdf"
    answers = [inside(who).get(url) for who in (secretary(of), citra(of), dewi())]
    client = inside(secretary(of))
    client.get(f"/tahun/{of.cycle.slug}/opd/lembar.pdf")
    client.get(f"/tahun/{of.cycle.slug}/opd/{agency(of, 'Dinkes')}/lembar.docx")

    assert [(one.status_code, one.content[:5] == b"%PDF-") for one in answers] == [
        (200, True),
        (200, True),
        (404, False),
    ]
    assert [entry.action for entry in AuditEntry.objects.order_by("id")[before:]] == [
        "papers.export_matrix",
        "papers.export_matrix",
        "papers.export_agency_sheets",
        "papers.export_agency_sheet",
    ]
