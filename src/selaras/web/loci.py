"""The page of a lokus: the answer, why, what to do next, what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from selaras.actions import results as actions
from selaras.queries import loci as queries
from selaras.queries.activities import latest_activities
from selaras.queries.loci import AspectLine, IndicatorLine, LokusPage
from selaras.queries.refs import Score
from selaras.web.charts import Bar, bar
from selaras.web.person import person
from selaras.web.tags import bulat, ringkas

#: How many indicators are named as holding the score back.
WORST = 3


@require_safe
def lokus(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One lokus in one programme year, with its newest activities."""
    page = queries.lokus_page(person(request), slug, code)
    return render(request, "lokus.html", {**context(page), "latest": latest_activities(person(request), slug, code)})


@require_POST
def freeze(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Keep the card of the round that was shown, with its hashes, so that a printed number can be checked later."""
    actions.freeze_round(by=person(request), cycle_slug=slug, code=code, round_slug=request.POST.get("putaran", ""))
    messages.success(request, _("Hasil dibekukan: kartu, jejak, dan sidiknya tersimpan dan tidak berubah lagi."))
    return redirect("lokus", slug, code)


@dataclass(frozen=True, slots=True)
class Row:
    """An aspect or indicator with its bar. `lost` is how far the total would rise if it were full."""

    line: AspectLine | IndicatorLine
    bar: Bar
    lost: Decimal
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class Group:
    """An aspect with its rows: indicators of its own, then those of its sub-aspects."""

    row: Row
    indicators: tuple[Row, ...]
    groups: tuple["Group", ...]


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do next: in bold what, below it why, and where it is done ('' where nowhere yet)."""

    what: str
    why: str
    url: str
    button: str


def context(page: LokusPage) -> dict[str, object]:
    """What the template reads besides the page."""
    groups = sorted(grouped(page.aspects, Decimal(1), page.scale), key=lambda group: -group.row.lost)
    worst = sorted(leaves(groups), key=lambda row: -row.lost)[:WORST]
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "total": bar(page.total, page.scale),
        "groups": groups,
        "worst": [row for row in worst if row.lost > 0],
        "steps": next_steps(page),
        "waiting": page.coverage.target - page.coverage.answered,
        "change": change(page.total),
    }


def grouped(aspects: tuple[AspectLine, ...], share: Decimal, scale: Decimal) -> list[Group]:
    """Aspects with bars and losses. `share` is the part of the total that all of them together decide, 0…1.

    A loss is exact as long as only that line changes: what is unmeasured keeps out of the sums, as in the score.
    """
    known = sum((aspect.weight for aspect in aspects if aspect.score.value is not None), Decimal(0))
    return [_group(aspect, share * aspect.weight / known if known else Decimal(0), scale) for aspect in aspects]


def _group(aspect: AspectLine, share: Decimal, scale: Decimal) -> Group:
    inside: list[AspectLine | IndicatorLine] = [*aspect.indicators, *aspect.aspects]
    known = sum((line.weight for line in inside if line.score.value is not None), Decimal(0))
    below = share / known if known else Decimal(0)
    indicators = tuple(_row(line, below * line.weight, scale) for line in aspect.indicators)
    sub = sum((line.weight for line in aspect.aspects if line.score.value is not None), Decimal(0))
    return Group(_row(aspect, share, scale), indicators, tuple(grouped(aspect.aspects, below * sub, scale)))


def _row(line: AspectLine | IndicatorLine, share: Decimal, scale: Decimal) -> Row:
    value = line.score.value
    lost = Decimal(0) if value is None else share * (scale - value)
    return Row(line, bar(line.score, scale), lost, change(line.score))


def change(score: Score) -> Decimal | None:
    """How far a score moved since the round before; None where one of them is missing."""
    return None if score.value is None or score.before is None else score.value - score.before


def leaves(groups: list[Group] | tuple[Group, ...]) -> Iterator[Row]:
    """Every indicator under these aspects."""
    for group in groups:
        yield from group.indicators
        yield from leaves(group.groups)


def next_steps(page: LokusPage) -> tuple[NextStep, ...]:
    """At most three things to do, the one that changes most first; none where everything is in."""
    return tuple(step for step in (_visit(page), _fill(page), _measure(page)) if step)[:3]


def _families(page: LokusPage, only: str) -> str:
    if not page.may_see_households:
        return ""
    return reverse("households", args=[page.cycle.slug, page.lokus.code]) + f"?hanya={only}"


def _visit(page: LokusPage) -> NextStep | None:
    waiting = page.coverage.target - page.coverage.answered - page.coverage.refused
    if waiting <= 0:
        return None
    values = {"n": bulat(waiting), "of": bulat(page.coverage.target)}
    return NextStep(
        what=_("Data %(n)s keluarga yang belum terisi.") % values,
        why=_("%(n)s dari %(of)s keluarga sasaran belum punya jawaban.") % values,
        url=_families(page, "waiting"),
        button=_("Lihat %(n)s keluarga") % values,
    )


def _fill(page: LokusPage) -> NextStep | None:
    if not page.blank_answers:
        return None
    values = {"n": bulat(page.blank_answers), "aspects": bulat(page.blank_aspects)}
    worst = page.gaps[0].label.rstrip(" ?.:") if page.gaps else ""
    why = _("Tersebar di %(aspects)s aspek.") % values
    if worst:
        why = _("Tersebar di %(aspects)s aspek; terbanyak: %(worst)s.") % {**values, "worst": worst}
    return NextStep(
        what=_("Lengkapi %(n)s jawaban yang kosong.") % values,
        why=why,
        url=_families(page, "gaps"),
        button=_("Lihat keluarga yang jawabannya kosong"),
    )


def _measure(page: LokusPage) -> NextStep | None:
    if not page.unmeasured:
        return None
    first = page.unmeasured[0]
    values = {"n": bulat(len(page.unmeasured)), "first": first.label, "weight": ringkas(page.weight_missing)}
    return NextStep(
        what=_("Ukur %(n)s indikator yang belum punya nilai.") % values,
        why=_("Di antaranya: %(first)s.") % values,
        url=reverse("indicator", args=[page.cycle.slug, page.lokus.code, first.name]),
        button=_("Lihat indikatornya"),
    )
