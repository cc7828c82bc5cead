"""A year with a rehearsal, for tests: judged items with options and with a number, a lokus, people from elsewhere."""

from datetime import date
from uuid import uuid4

from selaras.access import CONSOLE
from selaras.actions import gladi as actions
from selaras.actions.gladi_sheets import type_sheet
from selaras.models import Gladi, GladiSheet, Lokus, Role, User
from selaras.odk.marking import Said
from tests import build
from tests.build_programme import Programme, programme
from tests.build_workbook import workbook
from tests.sample_workbook import SAMPLE

STARTS, ENDS = date(2024, 8, 5), date(2024, 8, 6)


def marked_workbook(*, half: bool = False) -> bytes:
    """The sample with a second judged item that is a number, an agency and evidence for the first.

    `half`: the first has an option between all and nothing, `c`.
    """
    sheets = dict(SAMPLE)
    if half:
        sheets["options"] += "| sk        | c      | SK kota saja   | 50     |\n"
    sheets["indicators"] = """
        | indicator | aspect    | label            | weight | from       | rule    | over   | applies_to   | expression                | aggregate | low | high | missing | measure        | agency    | evidence    |
        | jamban    | sanitasi  | Jamban sehat     | 2      | survey     | bands   |        |              | ${jamban} = 'leher_angsa' | share     |     |      | zero    |                | Disperkim |             |
        | sekolah   | kesehatan | Anak bersekolah  | 1      | survey     | linear  | member | ${umur} >= 7 | ${pelajar}                |           | 0.5 | 1    |         |                |           |             |
        | iuran     | kesehatan | Iuran            | 1      | survey     | linear  |        |              | ${iuran}                  | mean      | 0   | 5000 |         |                |           |             |
        | sk        | lembaga   | SK tim           | 1      | judged     | options |        |              |                           |           |     |      |         |                | Disperkim | SK tim kota |
        | warga     | lembaga   | Penerimaan warga | 3      | judged     | linear  |        |              |                           |           | 0   | 100  |         |                |           |             |
        | saluran   | lembaga   | Saluran ada      | 1      | protection | yes_no  |        |              |                           |           |     |      |         | channel_exists |           |             |
        """  # noqa: E501
    return workbook(sheets)


def year(*, half: bool = False) -> Programme:
    """A year with that instrument, its lokus, and the agency that an item names."""
    made = programme(marked_workbook(half=half))
    build.agency("Disperkim")
    return made


def opened(of: Programme, ends: date = ENDS) -> Gladi:
    """Its next rehearsal."""
    return actions.open_gladi(by=CONSOLE, cycle_slug=of.cycle.slug, starts=min(STARTS, ends), ends=ends)


def from_elsewhere(place: str = "36.72.05.1001") -> User:
    """A lurah of another kelurahan of the city."""
    build.place(place)
    return build.member(Role.SUPERVISOR, place)


def asked(gladi: Gladi, lokus: Lokus, *people: User) -> None:
    """Those people mark that lokus."""
    uuids = [user.uuid for user in people]
    actions.ask_markers(by=CONSOLE, cycle_slug=gladi.cycle.slug, number=gladi.number, code=lokus.area, people=uuids)


def paper(gladi: Gladi, lokus: Lokus, *, name: str = "Bu Rahma", **marks: str) -> GladiSheet:
    """A sheet that was typed: sk="a", warga="75"."""
    said = {item: Said(mark) for item, mark in marks.items()}
    return type_sheet(
        by=CONSOLE, cycle_slug=gladi.cycle.slug, number=gladi.number, code=lokus.area, name=name, said=said, again=True
    )


def closed(gladi: Gladi) -> Gladi:
    """Its tasks are made."""
    return actions.close_gladi(by=CONSOLE, cycle_slug=gladi.cycle.slug, number=gladi.number)


def filled(form_id: str, *, number: str = "", **said: str) -> bytes:
    """A sheet as the browser's form writes it: nilai_sk="a", catatan_sk="SK belum dibawa"."""
    number = number or str(uuid4())
    inside = "".join(f"<{name}>{text}</{name}>" for name, text in said.items())
    meta = f"<meta><instanceID>uuid:{number}</instanceID></meta>"
    return f'<data id="{form_id}" version="1"><bagian_1>{inside}</bagian_1>{meta}</data>'.encode()
