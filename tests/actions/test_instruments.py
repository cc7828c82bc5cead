"""Publishing: checked, stored byte for byte, numbered, never edited; used by a year with its older version replaced."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import load_workbook
from pytest_django import Settings

from selaras.access import CONSOLE
from selaras.actions import instruments
from selaras.errors import Forbidden, InputError
from selaras.models import AuditEntry, Cycle, CycleInstrument, IndicatorRef, InstrumentVersion, Role
from selaras.scoring.workbook import read_workbook
from tests import build

pytestmark = pytest.mark.django_db

IKS = Path(__file__).resolve().parents[2] / "instruments" / "iks" / "1.0" / "workbook.xlsx"


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def edited(sheet: str, key: str, value: str) -> bytes:
    """The shipped workbook with one line of a two-column sheet changed."""
    book = load_workbook(io.BytesIO(IKS.read_bytes()))
    cells = [row for row in book[sheet].iter_rows() if row[0].value == key]
    assert len(cells) == 1
    cells[0][1].value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def used(cycle: Cycle) -> list[tuple[str, bool]]:
    rows = CycleInstrument.objects.filter(cycle=cycle).select_related("version").order_by("pk")
    return [(str(row.version), row.primary) for row in rows]


def test_a_shipped_workbook_is_stored_with_its_indicators_in_order() -> None:
    secretary = build.member(Role.SECRETARIAT, "36.72")
    version = instruments.publish(by=secretary, workbook=IKS.read_bytes(), name="iks.xlsx")
    instrument = read_workbook(IKS).instrument
    assert instrument is not None
    assert (version.instrument, version.version, version.sha256) == (instrument.id, "1.0", instrument.sha256)
    assert version.workbook.content() == IKS.read_bytes()
    assert version.published_by == secretary
    names = IndicatorRef.objects.filter(version=version).values_list("position", "name")
    assert list(names) == list(enumerate(instrument.indicators))
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id) == ("instruments.publish", "iks 1.0")


def test_publishing_the_same_again_changes_nothing() -> None:
    first = instruments.publish(by=CONSOLE, workbook=IKS.read_bytes())
    assert instruments.publish(by=CONSOLE, workbook=IKS.read_bytes()) == first
    assert (InstrumentVersion.objects.count(), AuditEntry.objects.count()) == (1, 1)


def test_another_content_under_the_same_version_is_refused_and_a_new_version_is_not() -> None:
    instruments.publish(by=CONSOLE, workbook=IKS.read_bytes())
    with pytest.raises(InputError) as refused:
        instruments.publish(by=CONSOLE, workbook=edited("instrument", "title", "Judul lain"))
    assert [problem.code for problem in refused.value.problems] == ["instrument.changed"]
    newer = instruments.publish(by=CONSOLE, workbook=edited("instrument", "version", "1.1"))
    assert (newer.version, InstrumentVersion.objects.count()) == ("1.1", 2)


def test_every_mistake_of_a_workbook_is_raised_and_nothing_is_stored() -> None:
    with pytest.raises(InputError) as refused:
        instruments.publish(by=CONSOLE, workbook=edited("instrument", "scale", "banyak"))
    assert refused.value.problems[0].where.startswith("instrument!")
    with pytest.raises(InputError):
        instruments.publish(by=CONSOLE, workbook=b"bukan buku kerja")
    assert InstrumentVersion.objects.count() == 0


def test_a_plain_form_collects_and_cannot_be_published() -> None:
    book = load_workbook(io.BytesIO(IKS.read_bytes()))
    for sheet in ("instrument", "privacy", "calculations", "classes", "aspects", "indicators", "bands", "options"):
        if sheet in book.sheetnames:
            del book[sheet]
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(InputError) as refused:
        instruments.publish(by=CONSOLE, workbook=out.getvalue(), name="polos.xlsx")
    assert [problem.code for problem in refused.value.problems] == ["instrument.plain"]


def test_the_first_instrument_of_a_year_is_primary_and_a_newer_version_takes_its_place() -> None:
    cycle = build.cycle()
    instruments.publish(by=CONSOLE, workbook=IKS.read_bytes(), cycle=cycle)
    other = build.version("lain")
    instruments.use(by=CONSOLE, cycle=cycle, version=other)
    assert used(cycle) == [("iks 1.0", True), ("lain 1", False)]
    newer = instruments.publish(by=CONSOLE, workbook=edited("instrument", "version", "1.1"), cycle=cycle)
    assert used(cycle) == [("lain 1", False), ("iks 1.1", True)]
    instruments.use(by=CONSOLE, cycle=cycle, version=other, primary=True)
    assert used(cycle) == [("lain 1", True), ("iks 1.1", False)]
    instruments.use(by=CONSOLE, cycle=cycle, version=newer)
    assert used(cycle) == [("lain 1", True), ("iks 1.1", False)]


def test_a_closed_year_and_another_citys_year_take_no_instrument() -> None:
    version, cycle = build.version(), build.cycle()
    with pytest.raises(Forbidden):
        instruments.use(by=build.member(Role.SECRETARIAT, "36.73"), cycle=cycle, version=version)
    closed = build.cycle(year=2023, closed_at=build.START)
    with pytest.raises(InputError):
        instruments.use(by=CONSOLE, cycle=closed, version=version)
    with pytest.raises(Forbidden):
        instruments.publish(by=build.member(Role.SUPERVISOR, "36.72.05"), workbook=b"")
    assert CycleInstrument.objects.count() == 0


def test_the_command_publishes_or_prints_every_problem_and_exits_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cycle = build.cycle()
    call_command("publish", str(IKS), cycle=cycle.slug)
    assert capsys.readouterr().out.splitlines()[0].startswith("iks 1.0 terbit, isi ")
    assert used(cycle) == [("iks 1.0", True)]
    broken = tmp_path / "rusak.xlsx"
    broken.write_bytes(edited("instrument", "scale", "banyak"))
    for arguments, expected in (
        ([str(broken)], "instrument!"),
        ([str(tmp_path / "tidak-ada.xlsx")], "berkas tidak-ada.xlsx tidak dapat dibaca"),
        ([str(IKS), "--cycle", "kota-lain-2024"], "tidak ditemukan"),
    ):
        with pytest.raises(SystemExit) as stopped:
            call_command("publish", *arguments)
        assert (stopped.value.code, capsys.readouterr().out.startswith(expected)) == (1, True)
