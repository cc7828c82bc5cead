"""/tahun/…/lokus/…/perubahan/: what changed for the same families, in plain words, better and worse alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from selaras.actions import comparisons
from selaras.errors import InputError, Problem
from selaras.queries import change as queries
from selaras.queries import change_families as families
from selaras.queries.change import ChangeLine, ChangePage, ClassTable
from selaras.queries.change_families import ChangedFamiliesPage, FamilyGroup, IndicatorChangePage
from selaras.queries.refs import RoundRef, Score
from selaras.scoring.change import FEWEST, Interval
from selaras.web import naming
from selaras.web.charts import Bar, bar
from selaras.web.field_words import STATES
from selaras.web.person import person
from selaras.web.tags import beda, bulat, ringkas

#: The unit that is written before its number.
RUPIAH = "rupiah"
_ONE, _HUNDRED, _THOUSAND = Decimal(1), Decimal(100), Decimal(1000)
_RARE, _HALF = Decimal("0.001"), Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Spread:
    """A difference and its range as places on a track whose middle is nought, `62.50%`."""

    low: str
    middle: str
    high: str


@dataclass(frozen=True, slots=True)
class Row:
    """A change in words: `said` what happened, `size` how much, `chance` how far it may be chance.

    `picture` draws the two shares that `ends` names, `spread` the difference of an amount.
    """

    line: ChangeLine
    said: str
    size: str
    chance: str
    picture: Bar | None
    text: str
    ends: str = ""
    spread: Spread | None = None


@never_cache
@require_safe
def change(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Two rounds: `?dari=baseline&ke=endline`; the first and the newest where none are named."""
    page = queries.change_page(person(request), slug, code, **_rounds(request))
    return render(request, "change.html", context(page))


@never_cache
@require_safe
def indicator(request: HttpRequest, slug: str, code: str, name: str) -> HttpResponse:
    """One indicator down to its families."""
    page = families.indicator_change_page(person(request), slug, code, name, **_rounds(request))
    return render(request, "change_indicator.html", {**indicator_context(page), **_named(request, page)})


@never_cache
@require_safe
def changed(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The families that gained or lost something."""
    only = request.GET.get("hanya", "")
    only = only if only in {"lost", "gained"} else ""
    page = families.changed_families_page(person(request), slug, code, only=only, **_rounds(request))
    codes = [line.code for line in page.families]
    names = naming.shown(request, slug, code, codes)
    more = {"names": names, "named": naming.asked(request, slug, code)}
    return render(request, "change_families.html", {**families_context(page), **more})


@require_POST
def compare(request: HttpRequest, slug: str, code: str, name: str) -> HttpResponse:
    """A kelurahan that is not coached is written beside an indicator; with `hapus`, taken away again."""
    by, said = person(request), request.POST
    back = f"{reverse('change_indicator', args=[slug, code, name])}?{said.get('alamat', '')[:80]}#banding"
    try:
        if said.get("hapus"):
            comparisons.take_away(by=by, cycle_slug=slug, code=code, comparison=said.get("hapus", "")[:40])
            messages.success(request, _("Pembanding dihapus."))
        else:
            comparisons.write(by=by, cycle_slug=slug, code=code, indicator=name, said=_comparison(said))
            messages.success(request, _("Pembanding tersimpan."))
    except InputError as error:
        page = families.indicator_change_page(
            by, slug, code, name, before=said.get("dari", ""), after=said.get("ke", "")
        )
        refused = indicator_context(page, said=said, problems=error.problems)
        return render(request, "change_indicator.html", {**refused, "names": {}, "named": False}, status=422)
    return redirect(back)


def _comparison(said: Mapping[str, str]) -> comparisons.Said:
    return comparisons.Said(
        place=said.get("kelurahan", "")[:120],
        before=said.get("dari", "")[:40],
        after=said.get("ke", "")[:40],
        counts=tuple(said.get(name, "")[:12] for name in ("n_dari", "ya_dari", "n_ke", "ya_ke")),
        source=said.get("sumber", "")[:300],
    )


def _rounds(request: HttpRequest) -> dict[str, str]:
    asked = {"before": "dari", "after": "ke"}
    return {name: request.GET.get(key, "").replace("\0", "")[:40] for name, key in asked.items()}


def _named(request: HttpRequest, page: IndicatorChangePage) -> dict[str, object]:
    codes = [one.code for group in page.groups for one in group.families]
    slug, code = page.cycle.slug, page.lokus.code
    names = naming.shown(request, slug, code, codes) if page.may_see_names else {}
    return {"names": names, "named": naming.asked(request, slug, code)}


# --- what templates read ----------------------------------------------------------------------------------------------
def context(page: ChangePage) -> dict[str, object]:
    """What the template of the whole page reads: its lines by which way they went."""
    lines = [row(line) for line in page.lines]
    by_way = {way: [one for one in lines if one.line.way == way] for way in ("worse", "better", "open", "same", "few")}
    lives = [one for one in lines if one.line.lives]
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "by_way": by_way,
        "still": [*by_way["open"], *by_way["same"]],
        "lives": lives,
        "classes": [class_rows(table) for table in page.classes],
        "chance": page.tests // 20,
        "gone": [(STATES.get(state, state), n) for state, n in sorted((page.asked.gone if page.asked else {}).items())],
        "address": address(page.before, page.after),
        "fewest": FEWEST,
    }


def address(before: RoundRef | None, after: RoundRef | None) -> str:
    """The two rounds as they stand in an address."""
    return "" if before is None or after is None else f"dari={before.slug}&ke={after.slug}"


def indicator_context(
    page: IndicatorChangePage, *, said: Mapping[str, str] | None = None, problems: Sequence[Problem] = ()
) -> dict[str, object]:
    """What the template of one indicator reads."""
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "row": row(page.line),
        "groups": [(group, group_words(group, falls=page.line.falls)) for group in page.groups],
        "comparisons": [(one, points(one.there), points(one.beside)) for one in page.comparisons],
        "said": said or {},
        "problems": problems,
        "address": address(page.before, page.after),
    }


def families_context(page: ChangedFamiliesPage) -> dict[str, object]:
    """What the template of the families reads besides names."""
    return {"page": page, "synthetic": page.cycle.synthetic, "address": address(page.before, page.after)}


# --- words ------------------------------------------------------------------------------------------------------------
def row(line: ChangeLine) -> Row:
    """One change in words."""
    if line.hidden:
        said = _("Tidak ditampilkan: angkanya bisa membuka keadaan kelompok kurang dari 5 keluarga.")
        return Row(line, said, "", "", None, "")
    if line.share is not None:
        picture = bar(_score(line), _ONE)
        size = points(line.share.interval)
        ends = _("dulu %(before)s, kini %(after)s") % {
            "before": _percent(line.share.before),
            "after": _percent(line.share.after),
        }
        return Row(line, share_words(line), size, chance_words(line), picture, f"{line.label}: {ends}", ends)
    if line.amount is not None:
        said = amount_words(line)
        return Row(
            line, said, "", chance_words(line), None, f"{line.label}: {said}", spread=spread(line.amount.interval)
        )
    return Row(line, _("Belum ada keluarga yang diketahui di kedua putaran."), "", "", None, "")


def share_words(line: ChangeLine) -> str:
    """`Dari 23 keluarga yang belum, 17 kini sudah dan 6 masih belum; 2 yang dulu sudah kini tidak lagi.`"""
    pairs = line.pairs
    values = {
        "without": bulat(pairs.gained + pairs.lacking),
        "gained": bulat(pairs.gained),
        "lacking": bulat(pairs.lacking),
        "with": bulat(pairs.kept + pairs.lost),
        "lost": bulat(pairs.lost),
    }
    if not pairs.gained + pairs.lacking:
        parts = [_("Dulu semua %(with)s keluarga sudah") if not line.falls else _("Dulu tidak ada yang mengalaminya")]
    elif line.falls:
        parts = [
            _("Dari %(without)s keluarga yang dulu mengalaminya, %(gained)s kini tidak lagi dan %(lacking)s masih")
        ]
    else:
        parts = [_("Dari %(without)s keluarga yang dulu belum, %(gained)s kini sudah dan %(lacking)s masih belum")]
    if pairs.lost:
        parts.append(_("%(lost)s baru mengalaminya") if line.falls else _("%(lost)s yang dulu sudah kini tidak lagi"))
    else:
        parts.append(_("tidak ada yang baru mengalaminya") if line.falls else _("tidak ada yang kehilangan"))
    return "; ".join(part % values for part in parts) + "."


def amount_words(line: ChangeLine) -> str:
    """`Rata-rata Rp812.500, kini Rp930.000. 61 keluarga naik, 22 turun, 10 tetap.`"""
    assert line.amount is not None  # noqa: S101  (asked for by `row`)
    found = line.amount
    values = {
        "before": amount(line, found.before),
        "after": amount(line, found.after),
        "up": bulat(found.up),
        "down": bulat(found.down),
        "same": bulat(found.same),
    }
    said = (
        _("Rata-rata dulu %(before)s, kini %(after)s. %(up)s keluarga naik, %(down)s turun, %(same)s tetap.") % values
    )
    if found.interval is None:
        return said
    ends = {
        "by": _signed(line, found.interval.difference),
        "low": _signed(line, found.interval.low),
        "high": _signed(line, found.interval.high),
    }
    return f"{said} " + _("Bedanya %(by)s, antara %(low)s dan %(high)s.") % ends


def amount(line: ChangeLine, value: Decimal) -> str:
    """A number with its unit: `Rp812.500`, `2,4 hari per minggu`."""
    if line.unit == RUPIAH:
        return f"Rp{bulat(round(value))}"
    return f"{ringkas(value)} {line.unit}".strip()


def _signed(line: ChangeLine, value: Decimal) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + amount(line, abs(value))


def points(interval: Interval | None) -> str:
    """`+17,6 poin persen, antara +8,1 dan +27,5`; '' where there is none."""
    if interval is None:
        return ""
    values = {
        "by": beda(interval.difference * _HUNDRED),
        "low": beda(interval.low * _HUNDRED),
        "high": beda(interval.high * _HUNDRED),
    }
    return _("%(by)s poin persen, antara %(low)s dan %(high)s") % values


def spread(interval: Interval | None) -> Spread | None:
    """The picture of a difference; None where there is no interval, or nothing moved."""
    if interval is None:
        return None
    most = max(abs(interval.low), abs(interval.high))

    def place(value: Decimal) -> str:
        return f"{50 + 48 * value / most:.2f}%"

    return None if not most else Spread(place(interval.low), place(interval.difference), place(interval.high))


def chance_words(line: ChangeLine) -> str:
    """How often chance alone would part families so, as read with all other tests; '' where nothing can be said."""
    if line.p is None or line.way == "same":
        return ""
    if line.p < _RARE:
        return _("Kebetulan saja: kurang dari 1 di antara 1.000.")
    if line.p > _HALF:
        return _("Bisa kebetulan saja.")
    if line.way == "open":
        return _("Bisa kebetulan saja: sekitar %(n)s di antara 100.") % {"n": bulat(max(1, round(line.p * _HUNDRED)))}
    return _("Kebetulan saja: sekitar %(n)s di antara 1.000.") % {"n": bulat(max(1, round(line.p * _THOUSAND)))}


def _percent(share: Decimal) -> str:
    return f"{ringkas(share * _HUNDRED, 1)} %"


def _score(line: ChangeLine) -> Score:
    """The share now on its track, hollow dot at what it was, below it how far the change may have brought it."""
    assert line.share is not None  # noqa: S101  (asked for by `row`)
    before, interval = line.share.before, line.share.interval
    low, high = (min(max(before + end, Decimal(0)), _ONE) for end in (interval.low, interval.high))
    return Score(line.share.after, low, high, before)


def group_words(group: FamilyGroup, *, falls: bool) -> tuple[str, str]:
    """(what happened to these families, its colour)."""
    words = {
        "lost": (_("baru mengalaminya") if falls else _("dulu sudah, kini tidak lagi"), "needs"),
        "lacking": (_("masih mengalaminya") if falls else _("masih belum"), "needs"),
        "gained": (_("tidak lagi mengalaminya") if falls else _("kini sudah"), "done"),
        "kept": (_("tetap tidak mengalaminya") if falls else _("tetap sudah"), "done"),
        "fell": (_("turun"), "done" if falls else "needs"),
        "rose": (_("naik"), "needs" if falls else "done"),
        "same": (_("tetap"), "unknown"),
        "unknown": (_("belum diketahui di salah satu putaran"), "unknown"),
        "not_applicable": (_("tidak berlaku di salah satu putaran"), "out"),
        "left": (_("tidak ditanya lagi"), "out"),
    }
    return words[group.kind]


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class then: (families, whether they stayed in it) for each class now."""

    label: str
    cells: tuple[tuple[int, bool], ...]
    total: int


def class_rows(table: ClassTable) -> tuple[ClassTable, tuple[ClassRow, ...], str]:
    """The table, its rows, and what it says in one sentence."""
    rows = tuple(
        ClassRow(label, tuple((n, i == j) for j, n in enumerate(moves)), sum(moves))
        for i, (label, moves) in enumerate(zip(table.labels, table.moves or (), strict=False))
    )
    return table, rows, _class_words(table)


def _class_words(table: ClassTable) -> str:
    found = table.change
    if found is None:
        return ""
    values = {"n": bulat(found.n), "up": bulat(found.up), "down": bulat(found.down), "same": bulat(found.same)}
    return _("Dari %(n)s keluarga, %(up)s naik golongan, %(same)s tetap, %(down)s turun.") % values


def labelled(groups: Iterable[FamilyGroup]) -> int:
    """How many families stand in these groups."""
    return sum(len(group.families) for group in groups)


_HERE = "tahun/<slug:slug>/lokus/<str:code>/perubahan/"
urlpatterns = [
    path(_HERE, change, name="change"),
    path(f"{_HERE}keluarga/", changed, name="change_families"),
    path(f"{_HERE}ukuran/<slug:name>/", indicator, name="change_indicator"),
    path(f"{_HERE}ukuran/<slug:name>/banding/", compare, name="change_compare"),
]
