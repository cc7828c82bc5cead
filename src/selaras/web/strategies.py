"""/tahun/…/strategi/: for women and for children, what was found, what was changed for it, and what it did."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.actions import strategies as actions
from selaras.errors import InputError, Problem
from selaras.models import Audience, FindingSource
from selaras.queries import strategies as queries
from selaras.queries.strategies import Draft, StrategiesPage, StrategyForm, StrategyLine
from selaras.queries.words import told
from selaras.web.change import row
from selaras.web.person import person


@never_cache
@require_safe
def strategies(request: HttpRequest, slug: str) -> HttpResponse:
    """The year's strategies with what they did."""
    return render(request, "strategies.html", context(queries.strategies_page(person(request), slug)))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def strategy(request: HttpRequest, slug: str, strategy_id: UUID | None = None) -> HttpResponse:
    """The form of one, or of a new one (`?untuk=women`)."""
    form = queries.strategy_form(person(request), slug, strategy_id)
    if request.method != "POST":
        asked = request.GET.get("untuk", "")
        if strategy_id is None and asked in Audience.values:
            form = replace(form, draft=replace(form.draft, audience=asked))
        return render(request, "strategy.html", form_context(form))
    draft = _draft(request.POST)
    seen = request.POST.get("seen", "")
    try:
        actions.write(
            by=person(request),
            cycle_slug=slug,
            draft=draft,
            strategy=strategy_id,
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0,
        )
    except InputError as error:
        refused = form_context(replace(form, draft=draft), problems=error.problems)
        return render(request, "strategy.html", refused, status=422)
    messages.success(request, _("Strategi tersimpan."))
    return redirect("strategies", slug)


@require_POST
def take_back(request: HttpRequest, slug: str, strategy_id: UUID) -> HttpResponse:
    """Shown no more; with `kembali=1` shown again."""
    if request.POST.get("kembali") == "1":
        actions.bring_back(by=person(request), cycle_slug=slug, strategy=strategy_id)
        messages.success(request, _("Strategi dikembalikan."))
    else:
        actions.take_back(by=person(request), cycle_slug=slug, strategy=strategy_id)
        messages.success(request, _("Strategi ditarik; bisa dikembalikan di bawah."))
    return redirect("strategies", slug)


def _draft(said: QueryDict) -> Draft:
    def text(name: str, most: int = 80) -> str:
        return str(said.get(name, ""))[:most].replace("\0", "")

    return Draft(
        audience=text("untuk"),
        source=text("asal"),
        lokus=text("lokus"),
        finding=text("temuan", 2000),
        found_in=text("tercatat", 1000),
        change=text("perubahan", 2000),
        decided_on=text("diputuskan"),
        agency=text("opd"),
        indicators=tuple(str(name)[:80] for name in said.getlist("ukuran")[:50]),
        before=text("dari"),
        after=text("ke"),
        lesson=text("pelajaran", 2000),
    )


def context(page: StrategiesPage) -> dict[str, object]:
    """What the template of the list reads."""
    groups = (
        (Audience.WOMEN.value, _("Untuk perempuan"), page.women),
        (Audience.CHILDREN.value, _("Untuk anak"), page.children),
    )
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "groups": [(key, title, [_shown(line) for line in lines]) for key, title, lines in groups],
        "decided": sum(bool(line.change) for line in (*page.women, *page.children)),
        "all": len(page.women) + len(page.children),
        "audiences": {each.value: told(each.label) for each in Audience},
    }


def _shown(line: StrategyLine) -> tuple[StrategyLine, str, list[tuple[object, object]]]:
    """A strategy, where its finding came from, and each of its measures in words."""
    measured = [(one, None if one.line is None else row(one.line)) for one in line.outcomes]
    return line, told(FindingSource(line.source).label), measured  # type: ignore[return-value]


def form_context(form: StrategyForm, *, problems: Sequence[Problem] = ()) -> dict[str, object]:
    """What the template of the form reads."""
    return {
        "page": form,
        "synthetic": form.cycle.synthetic,
        "draft": form.draft,
        "problems": problems,
        "audiences": [(each.value, told(each.label)) for each in Audience],
        "sources": [(each.value, told(each.label)) for each in FindingSource],
        "most": actions.MOST,
    }


_HERE = "tahun/<slug:slug>/strategi/"
urlpatterns = [
    path(_HERE, strategies, name="strategies"),
    path(f"{_HERE}baru/", strategy, name="strategy_new"),
    path(f"{_HERE}<uuid:strategy_id>/ubah/", strategy, name="strategy_edit"),
    path(f"{_HERE}<uuid:strategy_id>/tarik/", take_back, name="strategy_take_back"),
]
