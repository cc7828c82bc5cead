"""What a family's sheet says of promises: those on the paper, those that are only read aloud, and none."""

from datetime import date
from uuid import UUID

from selaras.queries.family_sheet import PromiseLine, Sheet
from selaras.reports.family_sheet import Coded, sheets_pdf
from tests.pdf import pdf_text
from tests.web.samples import CYCLE, GEDONG

NONE = "Belum ada dinas yang menjanjikan sesuatu untuk rumah Ibu."
ALOUD = "Ada 1 janji yang tidak ditulis di kertas ini. Tanyakan kepada kader."
MORE = "Masih ada 1 janji lain. Tanyakan kepada kader."


def promise(title: str, *, paper: bool) -> PromiseLine:
    return PromiseLine(1, "K-001", title, "Dinas Uji", "", None, "running", "unasked", None, paper)


def told(*promises: PromiseLine) -> list[bool]:
    """Which of the three sentences stand on the sheet of a family with these promises."""
    sheet = Sheet(UUID(int=1), "GD-001", "01", "01", (), (), promises, measured=True)
    paper = sheets_pdf(CYCLE, GEDONG, [Coded(sheet, "7KQM3XPA")], contact="", on=date(2024, 8, 5), base_url="https://a")
    text = " ".join(pdf_text(paper.content).split())
    return [sentence in text for sentence in (NONE, ALOUD, MORE)]


def test_a_sheet_never_says_that_nothing_is_promised_beside_a_promise_that_is_read_aloud() -> None:
    aloud, written = promise("Rahasia", paper=False), promise("Jamban", paper=True)

    assert [told(), told(aloud), told(written, aloud), told(written)] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
        [False, False, False],
    ]
