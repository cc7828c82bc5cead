"""Mengapa angka ini? One number, opened down to the families and the statement that counted it."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from selaras.access import agency_names
from selaras.actions import indicators as actions
from selaras.queries import indicators as queries
from selaras.queries.coming_out import REFUSABLE
from selaras.queries.indicators import IndicatorPage, Side, SideKind
from selaras.queries.protection import Silence
from selaras.web import charts, naming
from selaras.web.person import person
from selaras.web.tags import angka, bulat, ringkas

#: The unit that is written before its number.
RUPIAH = "rupiah"

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@never_cache
@require_safe
def indicator(request: HttpRequest, slug: str, code: str, name: str) -> HttpResponse:
    """One indicator of one lokus; `?semua=1` lists every family of each side."""
    limit = 0 if request.GET.get("semua") else 8
    page = queries.indicator_page(person(request), slug, code, name, limit=limit)
    codes = [family.household for side in page.sides for family in side.families]
    names = naming.shown(request, page.cycle.slug, page.lokus.code, codes) if page.may_see_names else {}
    return render(request, "indicator.html", {**context(page), "names": names, "all": limit == 0})


@never_cache
@require_safe
def numbers(request: HttpRequest, slug: str, code: str, name: str, kind: str) -> HttpResponse:
    """The numbers of the page as CSV or XLSX; each taking is written down."""
    content = actions.export_numbers(by=person(request), cycle_slug=slug, code=code, name=name, kind=kind)
    headers = {"Content-Disposition": f'attachment; filename="{code}-{name}.{kind}"'}
    return HttpResponse(content, content_type=_TYPES[kind], headers=headers)


@dataclass(frozen=True, slots=True)
class SideWords:
    """A side as the page names it; `tone` is its colour: done, needs, unknown or out."""

    side: Side
    label: str
    tone: str
    more: int


def context(page: IndicatorPage) -> dict[str, object]:
    """What the template reads besides the page."""
    counts = [(side.kind, side.count) for side in page.sides]
    whole = sum(count for _kind, count in counts)
    words = [side_words(page, side) for side in page.sides if side.count]
    by_kind = {side.side.kind: side for side in words}
    squares = charts.blocks(counts) if whole <= charts.SQUARES else ()
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "shown": value_text(page, page.value),
        "unit_shown": unit_text(page),
        "shown_low": full_text(page, page.value_low),
        "shown_high": full_text(page, page.value_high),
        "shown_before": full_text(page, page.value_before),
        "ranged": page.value_low is not None and page.value_low != page.value_high,
        "whole": whole,
        "sides": sorted(words, key=lambda side: _ORDER[side.tone]),
        "squares": [(by_kind[block.kind], block) for block in squares],
        "bars": [] if squares else [(by_kind[kind], length) for kind, length in charts.side_bars(counts)],
        "sentence": sentence(page),
        "to_readiness": page.may_see_readiness
        and page.origin != "survey"
        and not (page.fact or page.silence or page.hidden),
        "next_band": next_band(page),
        "points_on_scale": None if page.points is None else page.points * page.scale,
        "steps": charts.band_steps(page.bands, page.scale, page.value, page.value_low, page.value_high)
        if page.bands
        else None,
        "slope": charts.slope(page.low, page.high, page.value, page.value_low, page.value_high)
        if page.rule == "linear" and page.low is not None and page.high is not None
        else None,
        "is_share": is_share(page),
    }


_ORDER = {"needs": 0, "done": 1, "unknown": 2, "out": 3}


def rises(page: IndicatorPage) -> bool:
    """Whether more is better: then true reads *sudah*; else plainly *ya*."""
    if page.rule == "linear" and page.low is not None and page.high is not None:
        return page.low < page.high
    if page.bands:
        ordered = sorted(page.bands, key=lambda band: (band.low is not None, band.low or Decimal(0)))
        return ordered[0].points <= ordered[-1].points
    return True


def side_words(page: IndicatorPage, side: Side) -> SideWords:
    """The side's name and colour: what gives points is done, what costs points needs someone."""
    rising = rises(page)
    words: dict[SideKind, tuple[str, str]] = {
        "true": (_("sudah") if rising else _("ya"), "done" if rising else "needs"),
        "false": (_("belum") if rising else _("tidak"), "needs" if rising else "done"),
        "known": (_("diketahui"), "done"),
        "missing": (_("belum diketahui"), "unknown"),
        "not_applicable": (_("tidak berlaku"), "out"),
    }
    label, tone = words[side.kind]
    return SideWords(side, label, tone, side.count - len(side.families))


def is_share(page: IndicatorPage) -> bool:
    """Whether the value reads as a percentage: a surveyed share, or a fact given as a part (`bagian dari …`)."""
    return (page.origin == "survey" and page.aggregate == "share") or page.unit.startswith("bagian")


def value_text(page: IndicatorPage, value: Decimal | None) -> str:
    """The value without its unit: a share as a percentage, rupiah in whole, yes or no in words."""
    if value is None:
        return "–"
    if is_share(page):
        return ringkas(value * 100, 1)
    if page.rule == "yes_no" and page.origin != "survey":
        return _("Ya") if value else _("Tidak")
    if page.unit == RUPIAH:
        return f"Rp{angka(value, 0)}"
    return ringkas(value)


def unit_text(page: IndicatorPage) -> str:
    """What stands behind the value."""
    if page.value is None or page.unit == RUPIAH:
        return ""
    return "%" if is_share(page) else page.unit


def full_text(page: IndicatorPage, value: Decimal | None) -> str:
    """The value with its unit: `58,1 %`, `2,4 jiwa`, `Rp250.000`."""
    if value is None:
        return ""
    text = value_text(page, value)
    if page.unit == RUPIAH:
        return text
    if page.unit.startswith("bagian"):
        return f"{text}\u00a0% {page.unit.removeprefix('bagian').strip()}".strip()
    unit = "%" if is_share(page) else page.unit
    return f"{text}\u00a0{unit}" if unit else text


def sentence(page: IndicatorPage) -> str:
    """The answer in one sentence, with what it is of."""
    if page.hidden:
        return _("Angka ini tidak ditampilkan: ia menyangkut, atau bisa membuka, kelompok kurang dari 5 keluarga.")
    if page.fact is not None:
        return _fact_sentence(page)
    if page.value is None:
        return _unknown_sentence(page)
    values = {
        "true": bulat(page.true),
        "n": bulat(page.n),
        "over": page.over,
        "label": page.label,
        "value": full_text(page, page.value),
    }
    return _SENTENCES[page.aggregate]() % values


_SENTENCES = {
    "share": lambda: _("%(true)s dari %(n)s %(over)s: “%(label)s”."),
    "mean": lambda: _("Rata-rata %(value)s dari %(n)s %(over)s."),
    "sum": lambda: _("Jumlah %(value)s dari %(n)s %(over)s."),
    "count": lambda: _("%(true)s dari %(n)s %(over)s: “%(label)s”."),
    "median": lambda: _("Nilai tengah %(value)s dari %(n)s %(over)s."),
    "min": lambda: _("Terkecil %(value)s dari %(n)s %(over)s."),
    "max": lambda: _("Terbesar %(value)s dari %(n)s %(over)s."),
}


def _fact_sentence(page: IndicatorPage) -> str:
    if page.fact is None:
        return ""
    if page.fact.option:
        return _("Yang dipilih: “%(option)s”.") % {"option": page.fact.option}
    return _("Yang dilaporkan: %(value)s.") % {"value": full_text(page, page.fact.value)}


def _unknown_sentence(page: IndicatorPage) -> str:
    if page.origin != "survey":
        return _unfilled_sentence(page)
    if page.n is not None and page.n < page.min_n:
        values = {"n": bulat(page.n), "min": bulat(page.min_n), "over": page.over}
        return _("Baru %(n)s %(over)s yang menjawab; perlu paling sedikit %(min)s.") % values
    if page.missing_policy == "fail" and page.missing:
        return _("Masih ada %(missing)s jawaban kosong, dan indikator ini meminta semuanya.") % {
            "missing": bulat(page.missing)
        }
    return _("Belum ada jawaban untuk indikator ini.")


def _unfilled_sentence(page: IndicatorPage) -> str:
    """That it has no fact, and who prepares it: the agency that the instrument names, the jury, the lokus's keepers.

    As `access.may_claim` has it, whether or not there is a claim: none becomes a fact. Or why nothing was published.
    """
    if page.silence is not None:
        only = _("Angkanya hanya dari rekap rujukan yang terbit.")
        return f"{silence_words(page.silence, page.silence_year)} {only}"
    none, agencies = _("Belum ada angka yang dicatat untuk indikator ini."), ", ".join(agency_names(page.agency))
    if page.origin == "judged":
        keepers = _("Juri yang menilainya; yang menyiapkannya sekretariat, camat, atau lurah.")
        whose = _("Juri yang menilainya; yang menyiapkannya %(agencies)s.") if agencies else keepers
    elif agencies:
        whose = _("Yang menyiapkannya %(agencies)s.")
    else:
        whose = _("Instrumen tidak menyebut OPD-nya, jadi yang menyiapkannya sekretariat, camat, atau lurah.")
    return f"{none} {whose % {'agencies': agencies}}"


_SILENCES = {
    Silence.CHOICE: lambda: _("Tidak diterbitkan atas pilihan kota."),
    Silence.RAISED: lambda: _("Angkanya di bawah ambang yang dipilih kota."),
    Silence.BELOW: lambda: _("Angkanya di bawah ambang terbit."),
    Silence.NOT_YET: lambda: _("Belum terbit."),
    Silence.NO_YEAR: lambda: _(
        "Tidak terbit: kota atau kabupaten ini belum punya tahun program %(year)s sendiri. Angkanya terbit hanya bila "
        "sekretariatnya membuka tahun itu dan menugaskan petugas perlindungan paling lambat %(days)s hari sebelum hari "
        "terbitnya."
    ),
    Silence.UNREFUSED: lambda: _(
        "Tidak akan terbit: sebelum hari terbitnya tahun program kota atau kabupaten ini dibuka kurang dari %(days)s "
        "hari atau petugas perlindungannya terlalu sebentar ada, padahal harus ada yang sempat menahannya."
    ),
    Silence.NEVER: lambda: _(
        "Tidak akan terbit: tahunnya ditutup sebelum angkanya terbit, atau masanya dihitung sebelum berakhir."
    ),
}


def silence_words(why: Silence, year: int) -> str:
    """Why a number of hand-overs is not out; `year` is the one that its city may still open, where it has none."""
    return _SILENCES[why]() % {"year": year, "days": REFUSABLE.days}


def next_band(page: IndicatorPage) -> str:
    """How many more units lift a share into the next band, and what the score becomes; '' where that is not so."""
    if page.aggregate != "share" or page.value is None or not page.n or page.true is None or not rises(page):
        return ""
    ahead = [band for band in page.bands if band.low is not None and band.low > page.value]
    if not ahead:
        return ""
    band = min(ahead, key=lambda step: step.low or Decimal(0))
    needed = int(((band.low or Decimal(0)) * page.n).to_integral_value(ROUND_CEILING)) - page.true
    values = {"needed": bulat(needed), "over": page.over, "score": ringkas(band.points / page.scale * page.weight)}
    return _("%(needed)s %(over)s lagi, dan nilainya menjadi %(score)s.") % values
