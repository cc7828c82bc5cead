"""/tahun/…/lokus/…/kesiapan/: every item in layers, why points are missing, whose they are; claims and findings."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.actions import claims as actions
from selaras.actions.claims import Where
from selaras.errors import InputError, Problem
from selaras.queries import readiness as queries
from selaras.queries.protection import Silence
from selaras.queries.readiness import AspectBlock, Due, ItemLine, Points, ReadinessPage
from selaras.queries.readiness_item import ItemPage, item_page
from selaras.queries.readiness_signals import SignalLine, SignalsPage, signals_page
from selaras.scoring.layers import Said
from selaras.web import readiness_words as words
from selaras.web.charts import percent
from selaras.web.indicators import silence_words
from selaras.web.numbers import LocalDecimalField
from selaras.web.person import person

_HERE = "tahun/<slug:slug>/lokus/<str:code>/kesiapan/"
_ITEM = f"{_HERE}<slug:instrument>/<str:name>/"
_YES_NO: tuple[tuple[str, Any], ...] = (("1", gettext_lazy("Ya")), ("0", gettext_lazy("Tidak")))


# --- the whole lokus --------------------------------------------------------------------------------------------------
@never_cache
@require_safe
def readiness(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """All items; `?instrumen=ID` by another instrument of the year."""
    page = queries.readiness_page(person(request), slug, code, request.GET.get("instrumen", ""))
    return render(request, "readiness.html", context(page))


@dataclass(frozen=True, slots=True)
class Rung:
    """One layer on its track: `points` of the scale, `width` of the bar; neither where it is not known."""

    layer: str
    label: str
    hint: str
    points: Decimal | None
    width: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """An item with why its points are missing: sentences, whose they are, by when."""

    line: ItemLine
    reasons: tuple[tuple[str, Decimal, str, str], ...]


def rungs(points: Points, whole: Decimal) -> tuple[Rung, ...]:
    """The five layers of something that is worth `whole`."""
    found = []
    for layer, label, hint in words.LAYERS:
        value: Decimal | None = getattr(points, layer)
        width = None if value is None or not whole else percent(value, whole)
        found.append(Rung(layer, str(label), str(hint), value, width))
    return tuple(found)


def row(line: ItemLine, known: Due | None = None) -> Row:
    """The item and its reasons, the one that costs most first; without the day where it is the one that is `known`."""
    losses = sorted(line.losses, key=lambda loss: -loss.points)
    said = [(words.why(loss), loss.points, words.whose(loss), _day(loss.due, known)) for loss in losses]
    return Row(line, tuple(said))


def _day(due: Due | None, known: Due | None) -> str:
    return "" if due == known else words.until(due)


def context(page: ReadinessPage) -> dict[str, object]:
    """What the template reads besides the page."""
    lost = [(*words.CAUSES[cause], points) for cause, points in page.lost if points]
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "rungs": rungs(page.points if page.heard else replace(page.points, received=None), page.scale),
        "lost": lost,
        "owners": [(words.owner(line), line, _day(line.due, page.due)) for line in page.owners],
        "blocks": [(block, _most(block), [row(line, page.due) for line in block.items]) for block in page.aspects],
        "due": words.by_when(page.due),
    }


def _most(block: AspectBlock) -> Decimal:
    """How much of an aspect cannot be defended today; 0 where that is not told."""
    return Decimal(0) if block.points.received is None else block.worth - block.points.received


@never_cache
@require_safe
def signals(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """What should be looked at before anybody reads the claims."""
    page = signals_page(person(request), slug, code, request.GET.get("instrumen", ""))
    return render(request, "readiness_signals.html", signals_context(page))


def signals_context(page: SignalsPage) -> dict[str, object]:
    """The signals, kind by kind; what is said of several alike is said once."""
    kinds: dict[str, dict[str, list[SignalLine]]] = {}
    for line in page.signals:
        kinds.setdefault(str(words.SIGNALS[line.kind]), {}).setdefault(words.signal(line), []).append(line)
    told = [(title, sum(map(len, said.values())), list(said.items())) for title, said in kinds.items()]
    return {"page": page, "synthetic": page.cycle.synthetic, "kinds": told}


# --- one item ---------------------------------------------------------------------------------------------------------
class SaidForm(forms.Form):
    """A claim or finding: an option or a number, and in words what it rests on, or why it is less."""

    def __init__(self, page: ItemPage, *args: Any, empty: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        self.fields["said"] = _said_field(page, empty)
        self.fields["text"] = forms.CharField(required=False, widget=forms.TextInput(attrs={"maxlength": 300}))
        self.fields["version"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def said(self) -> Said:
        """What the valid form says; nothing where nothing was chosen."""
        given = self.cleaned_data["said"]
        if given in ("", None):
            return Said()
        return Said(option=given) if self.page.rule == "options" else Said(Decimal(given))


def _said_field(page: ItemPage, empty: str) -> forms.Field:
    options: list[tuple[str, Any]] = [(row.name, row.label) for row in page.options]
    chosen = {"options": options, "yes_no": list(_YES_NO)}.get(page.rule)
    if chosen is None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        return LocalDecimalField(required=False, widget=forms.TextInput(attrs=attrs))
    if empty:
        return forms.ChoiceField(required=False, choices=[("", empty), *chosen])
    return forms.ChoiceField(required=False, choices=chosen, widget=forms.RadioSelect)


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was not saved: which one (`claim`, `finding`, `limit`), and why."""

    which: str
    form: SaidForm
    problems: tuple[Problem, ...]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, slug: str, code: str, instrument: str, name: str) -> HttpResponse:
    """One item; POST says what the city claims of it, or with `tarik` takes that back."""
    page = item_page(person(request), slug, code, instrument, name)
    if request.method != "POST":
        return render(request, "readiness_item.html", item_context(page))
    back = "tarik" in request.POST

    def act(form: SaidForm) -> None:
        actions.claim(
            by=person(request),
            where=Where(slug, code, instrument, name),
            said=Said() if back else form.said(),
            basis="" if back else form.cleaned_data["text"],
            version=form.cleaned_data["version"] or 0,
        )

    return _acted(request, page, "claim", act, _("Klaim ditarik.") if back else _("Klaim disimpan."))


@require_POST
def find(request: HttpRequest, slug: str, code: str, instrument: str, name: str) -> HttpResponse:
    """What somebody else found when she looked at the evidence."""
    page = item_page(person(request), slug, code, instrument, name)

    def act(form: SaidForm) -> None:
        where = Where(slug, code, instrument, name)
        actions.find(by=person(request), where=where, said=form.said(), reason=form.cleaned_data["text"])

    return _acted(request, page, "finding", act, _("Temuan dicatat."))


@require_POST
def limit(request: HttpRequest, slug: str, code: str, instrument: str, *, name: str, use: int) -> HttpResponse:
    """What one citation of evidence shows at most."""
    page = item_page(person(request), slug, code, instrument, name)

    def act(form: SaidForm) -> None:
        actions.limit_proof(by=person(request), where=Where(slug, code, instrument, name), use=use, said=form.said())

    return _acted(request, page, "limit", act, _("Dicatat: sejauh itu yang ditunjukkan bukti ini."))


def _acted(
    request: HttpRequest, page: ItemPage, which: str, act: Callable[[SaidForm], None], done: str
) -> HttpResponse:
    """Do what the form says and come back to the item; else the page again, with what was typed and why not."""
    form = SaidForm(page, request.POST, empty="–" if which == "limit" else "")
    problems: tuple[Problem, ...] = (Problem("claim.number", "said", {"value": request.POST.get("said", "")[:40]}),)
    if form.is_valid():
        try:
            act(form)
        except InputError as error:
            problems = tuple(error.problems)
        else:
            messages.success(request, done)
            return redirect("readiness_item", page.cycle.slug, page.lokus.code, page.instrument.id, page.line.name)
    sent = Sent(which, form, problems)
    return render(request, "readiness_item.html", item_context(page, sent), status=422)


def item_context(page: ItemPage, sent: Sent | None = None) -> dict[str, object]:
    """What the template reads besides the page."""
    claim: dict[str, object] = {"version": page.version}
    if page.claim is not None:
        claim |= {"said": _initial(page, page.claim.said.option, page.claim.said.value)}
        claim |= {} if page.claim.from_record else {"text": page.claim.basis}
    limits = []
    for cited in page.cited:
        given = {"said": _initial(page, cited.limit.option, cited.limit.value)}
        form = SaidForm(page, initial=given, empty=_("semua yang diklaim"), prefix=None, auto_id=f"id_{cited.use}_%s")
        limits.append((cited, form))
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "row": row(page.line),
        "rungs": rungs(page.line.points, page.line.worth),
        "limits": limits,
        "claim_form": _form(page, sent, "claim", claim),
        "finding_form": _form(page, sent, "finding", {}),
        "sent": sent,
        "silence_said": silence_words(page.silence or Silence.NOT_YET, page.silence_year),
        "cite": f"{page.instrument.id}:{page.line.name}",
    }


def _initial(page: ItemPage, option: str, value: Decimal | None) -> object:
    if option or value is None:
        return option
    return str(int(value)) if page.rule == "yes_no" else value.normalize() if value else Decimal(0)


def _form(page: ItemPage, sent: Sent | None, which: str, initial: dict[str, Any]) -> SaidForm:
    if sent is not None and sent.which == which:
        sent.form.auto_id = f"id_{which}_%s"
        return sent.form
    return SaidForm(page, initial=initial, auto_id=f"id_{which}_%s")


urlpatterns = [
    path(_HERE, readiness, name="readiness"),
    path(f"{_HERE}perlu-dilihat/", signals, name="readiness_signals"),
    path(_ITEM, item, name="readiness_item"),
    path(f"{_ITEM}temuan/", find, name="readiness_find"),
    path(f"{_ITEM}bukti/<int:use>/", limit, name="readiness_limit"),
]
