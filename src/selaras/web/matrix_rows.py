"""The rows of the matrix as HTML. A template would spend half of the page's time on hundreds of cells, most of them
empty; here each is one line, and what all rows share is said and escaped once.
"""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from selaras.queries.matrix import Cell, Column, Line, MatrixPage
from selaras.web.tags import bulat, ikon

_ROW = (
    '<tr{gapped}><th scope="row"><a href="{base}?{query}">{label}</a>{bar}</th>'
    '<td class="num total" data-label="{counted}">{needs}</td>{gap}{overlap}{cells}</tr>'
)
_BAR = (
    '<svg class="parts" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
    '<rect class="single" width="{single:.1f}" height="8"/>'
    '<rect class="doubled" x="{single:.1f}" width="{doubled:.1f}" height="8"/>'
    '<rect class="open" x="{filled:.1f}" width="{open:.1f}" height="8"/></svg>'
)
_SUM = '<td class="cell sum{none}" data-label="{label}">{content}</td>'
_CELL = (
    '<td class="cell" data-label="{agency}"><a class="{tone}" href="{base}?{query}&amp;opd={id}" '
    'aria-label="{text} {words}, {agency}: {label}">{icon}{text}</a></td>'
)
_NOTHING = '<td class="none"></td>'
#: Which word of an address a line of each view is named by.
KEYS = {"opd": "indikator", "rt": "rt", "lokus": "lokus"}


def tone_of(cell: Cell) -> tuple[str, str]:
    """Class and icon of a cell: what needs somebody first; ('', '') where there is nothing to see."""
    if cell.served != 0:
        if cell.late:
            return "late", "clock"
        if cell.blocked:
            return "blocked", "alert-triangle"
        return ("unpaid", "") if cell.unfunded else ("done", "")
    if cell.asked:
        return "asked", "help-circle"
    return ("proposed", "") if cell.proposed != 0 else ("", "")


class Rows:
    """Draws the lines of one page. Everything that comes from outside is escaped where it enters a string."""

    def __init__(self, page: MatrixPage) -> None:
        self._page = page
        self._base = reverse("needs", args=[page.cycle.slug])
        self._columns = [(column.id, str(escape(column.short_name))) for column in page.columns]
        self._counted = escape(_("Keluarga") if page.view == "opd" else _("Kebutuhan"))
        self._labels = (escape(_("Belum ada yang melayani")), escape(_("Lebih dari satu pihak")))
        self._few = _abbreviation(_("kurang dari 5, tidak ditampilkan"))
        self._hidden = _abbreviation(_("ada angka kurang dari 5, tidak ditampilkan"))
        self._tones = {
            "late": _("lewat tanggal"),
            "blocked": _("terkendala"),
            "unpaid": _("belum ada dana tahun ini"),
            "done": _("dijanjikan"),
            "asked": _("belum dijawab"),
            "proposed": _("usulan"),
        }
        self._placed = {tone: _("%(words)s, untuk wilayah") % {"words": words} for tone, words in self._tones.items()}
        self._icons = {name: str(ikon(name)) if name else "" for name in ("", "clock", "alert-triangle", "help-circle")}
        self._numbers: dict[int, str] = {}

    def drawn(self, lines: Iterable[Line]) -> SafeString:
        """These lines, one after the other."""
        return mark_safe("".join(self._row(line) for line in lines))  # noqa: S308  (escaped where it entered)

    def _number(self, value: int) -> str:
        if value not in self._numbers:
            self._numbers[value] = bulat(value)
        return self._numbers[value]

    def _row(self, line: Line) -> str:
        query, label = str(escape(self._query(line))), str(escape(line.label))
        found = line.cells
        cells = (
            _NOTHING if column not in found else self._cell(found[column], column, agency, query, label)
            for column, agency in self._columns
        )
        return _ROW.format(
            gapped=' class="has-gap"' if line.gap else "",
            base=self._base,
            query=query,
            label=label,
            bar="" if line.gap is None else self._bar(line),
            counted=self._counted,
            needs=self._number(line.needs) if line.needs else self._few,
            gap=self._sum(0, "gap", line.gap, query),
            overlap=self._sum(1, "overlap", line.overlap or 0, query),
            cells="".join(cells),
        )

    def _bar(self, line: Line) -> str:
        part = 100 / line.needs if line.needs else 0.0
        gap, doubled = (line.gap or 0) * part, (line.overlap or 0) * part
        single = line.needs * part - gap - doubled
        return _BAR.format(single=single, doubled=doubled, filled=single + doubled, open=gap)

    def _sum(self, label: int, state: str, value: int | None, query: str) -> str:
        content = self._hidden if value is None else ""
        if value:
            address = f"{self._base}?{query}&amp;keadaan={state}"
            content = f'<a class="{state}" href="{address}">{self._number(value)}</a>'
        return _SUM.format(none="" if value else " none", label=self._labels[label], content=content)

    def _cell(self, cell: Cell, column: int, agency: str, query: str, label: str) -> str:
        tone, icon = tone_of(cell)
        if not tone:
            return _NOTHING
        count = cell.served if cell.served != 0 else cell.proposed
        return _CELL.format(
            agency=agency,
            tone=f"{tone} place" if cell.for_place else tone,
            base=self._base,
            query=query,
            id=column,
            text="" if tone == "asked" else self._number(count) if count else "•",
            words=escape((self._placed if cell.for_place else self._tones)[tone]),
            label=label,
            icon=self._icons[icon],
        )

    def _query(self, line: Line) -> str:
        page = self._page
        asked = {KEYS[page.view]: line.key}
        if page.lokus is not None and page.view != "lokus":
            asked["lokus"] = page.lokus.code
        return urlencode(asked)


def _abbreviation(words: str) -> str:
    return f'<abbr title="{escape(words)}">…</abbr>'


def filled(column: Column) -> float:
    """The part of its volume that is promised, at most all, in per cent."""
    if not column.volume:
        return 100 if column.over else 0
    return min(float(column.promised / column.volume), 1.0) * 100
