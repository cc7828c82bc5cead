"""The pages of reactions in their states, made up for tests."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

from selaras.queries.reactions import (
    Box,
    ReactionLine,
    ReactionsPage,
    Summary,
    Tally,
    Words,
    YearOfReactions,
)
from selaras.web.complaints import CHANNEL
from selaras.web.reactions import AnswerForm, CodeForm, PapersForm, SlipsForm, context, year_context
from tests.web.samples import CYCLE, LOKUS

_LOKUS = LOKUS.lokus
_TALLIES = Summary(useful=Tally(18, 4, 2), use=Tally(11, 9, 4), asked=True)
_DAYS = {"closes_on": date(2024, 6, 1), "open_until": date(2024, 6, 15)}


def _box(slips: int, written: int, waiting: int | None, closed: date | None = None) -> Box:
    return Box(date(2024, 5, 2), slips, written, waiting, closed_on=closed, **_DAYS)


PAGE = ReactionsPage(
    cycle=CYCLE,
    lokus=_LOKUS,
    activity=UUID(int=7),
    title="Pelatihan menjahit dan pemasaran daring",
    on=date(2024, 5, 2),
    attended=26,
    summary=_TALLIES,
    answers=24,
    shown=(Words(UUID(int=1), "Mesinnya kurang, harus bergantian."), Words(UUID(int=2), "Kurang lama.")),
    unread=(Words(UUID(int=3), "Bu … bilang minggu depan, ternyata tidak jadi."),),
    boxes=(_box(30, 0, None), _box(30, 10, 6), _box(20, 14, 0, date(2024, 5, 3)), _box(12, 0, 0)),
    may_ask=True,
    may_type=True,
)
UNASKED = replace(PAGE, summary=Summary(None, None, asked=False), answers=0, shown=(), unread=(), boxes=(), attended=0)
FEW = replace(PAGE, summary=Summary(None, None, asked=True), answers=None, shown=(), unread=(), boxes=(PAGE.boxes[0],))
READER = replace(PAGE, answers=12, shown=(), unread=(), boxes=(), may_ask=False, may_type=False)
YEAR = YearOfReactions(
    cycle=CYCLE,
    lines=(
        ReactionLine(UUID(int=7), PAGE.title, PAGE.on, _LOKUS, _TALLIES, 1),
        ReactionLine(UUID(int=8), "Penyuluhan gizi", date(2024, 4, 20), _LOKUS, Summary(None, None, asked=True), 0),
    ),
    useful=_TALLIES.useful,
    use=_TALLIES.use,
    unasked=7,
)


def _answering(form: AnswerForm) -> dict[str, object]:
    return {"form": form, "least": 5, "words": 20, "complaints": CHANNEL}


def _typing(form: PapersForm, typed: int = 0) -> dict[str, object]:
    return {"page": replace(PAGE, typed=typed), "form": form, "least": 5, "synthetic": True}


PAGES: dict[str, tuple[str, Callable[[], dict[str, object]]]] = {
    "reaksi": ("reactions.html", lambda: context(PAGE)),
    "reaksi-belum": ("reactions.html", lambda: context(UNASKED)),
    "reaksi-sedikit": ("reactions.html", lambda: context(FEW)),
    "reaksi-pembaca": ("reactions.html", lambda: context(READER)),
    "reaksi-salah": ("reactions.html", lambda: context(PAGE, SlipsForm({"slips": "3"}))),
    "reaksi-tahun": ("reactions_year.html", lambda: year_context(YEAR)),
    "reaksi-tahun-kosong": (
        "reactions_year.html",
        lambda: year_context(replace(YEAR, lines=(), useful=None, use=None)),
    ),
    "reaksi-ketik": ("reactions_type.html", lambda: _typing(PapersForm())),
    "reaksi-ketik-salah": ("reactions_type.html", lambda: _typing(PapersForm({"papers": "x"}), typed=1)),
    "reaksi-jawab": ("reaction_answer.html", lambda: _answering(AnswerForm())),
    "reaksi-jawab-salah": ("reaction_answer.html", lambda: _answering(AnswerForm({"code": "7KM2", "use": "yes"}))),
    "reaksi-terima-kasih": ("reaction_thanks.html", lambda: {"complaints": CHANNEL}),
    "reaksi-buka": ("reaction_open.html", lambda: {"form": CodeForm(), "least": 5}),
    "reaksi-terbuka": ("reaction_open.html", lambda: {"done": True}),
}
