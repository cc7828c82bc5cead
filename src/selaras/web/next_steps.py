"""/tahun/…/langkah/: what to do next and why; the exact plan behind it; what it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from selaras.actions import purses as actions
from selaras.actions.amounts import rupiah
from selaras.actions.purses import Measured
from selaras.errors import InputError, Problem
from selaras.queries import next_steps as queries
from selaras.queries.next_steps import Clash, LeftLine, NeedStep, NextStepsPage
from selaras.web.person import person
from selaras.web.plan_forms import FUNDS, Amount
from selaras.web.sent import uuid_of
from selaras.web.tags import angka, bulat

#: How many kinds of needs one measure may close, in the form.
SERVES = 2
_WRONG = gettext_lazy("Tulis rupiah penuh tanpa pecahan, misalnya Rp1.250.000.")


def _day(label: object) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget)  # type: ignore[arg-type]


def _count(label: object, least: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=least, max_value=most)  # type: ignore[arg-type]


def _choose(form: forms.Form, name: str, choices: list[tuple[object, object]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared so in the form)
    field.choices = choices


class PurseForm(forms.Form):
    """What an agency has left of a fund."""

    agency = forms.TypedChoiceField(label=gettext_lazy("OPD atau mitra"), coerce=int)
    fund = forms.ChoiceField(label=gettext_lazy("Sumber dana"))
    left = Amount(rupiah, _WRONG, label=gettext_lazy("Sisa yang belum dijanjikan (rupiah)"))
    opens = _day(gettext_lazy("Dapat dipakai mulai"))
    closes = _day(gettext_lazy("Paling akhir dipakai"))
    source = forms.CharField(label=gettext_lazy("Dokumennya"), max_length=300, required=False)

    def __init__(self, page: NextStepsPage, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **{"auto_id": "dana_%s", **kwargs})  # type: ignore[arg-type]
        _choose(self, "agency", [("", "–"), *((each.id, each.short_name) for each in page.agencies)])
        _choose(self, "fund", list(FUNDS.items()))


class MeasureForm(forms.Form):
    """What an agency could do once more."""

    agency = forms.TypedChoiceField(label=gettext_lazy("OPD atau mitra"), coerce=int)
    title = forms.CharField(label=gettext_lazy("Tindakan"), max_length=200)
    unit = forms.CharField(label=gettext_lazy("Satuan"), max_length=40)
    cost = Amount(rupiah, _WRONG, label=gettext_lazy("Harga satu satuan (rupiah)"))
    indicator_1 = forms.ChoiceField(label=gettext_lazy("Kebutuhan yang ditutup"))
    reach_1 = _count(gettext_lazy("Keluarga tiap satuan"), 1, 10_000)
    indicator_2 = forms.ChoiceField(label=gettext_lazy("Juga menutup"), required=False)
    reach_2 = _count(gettext_lazy("Keluarga tiap satuan"), 1, 10_000)
    lokus = forms.ChoiceField(label=gettext_lazy("Lokus"), required=False)
    least = _count(gettext_lazy("Harus, paling sedikit"), 0, 100_000)
    most = _count(gettext_lazy("Sanggup, paling banyak tiap lokus"), 0, 100_000)
    days = _count(gettext_lazy("Hari sampai diterima keluarga"), 0, 1_000)
    funds = forms.MultipleChoiceField(
        label=gettext_lazy("Boleh dibayar dari"), required=False, widget=forms.CheckboxSelectMultiple
    )
    source = forms.CharField(label=gettext_lazy("Dari mana harganya"), max_length=300, required=False)

    def __init__(self, page: NextStepsPage, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **{"auto_id": "tindakan_%s", **kwargs})  # type: ignore[arg-type]
        _choose(self, "agency", [("", "–"), *((each.id, each.short_name) for each in page.agencies)])
        for number in range(1, SERVES + 1):
            _choose(self, f"indicator_{number}", [("", "–"), *page.indicators])
        _choose(self, "lokus", [("", _("semua lokus")), *((each.code, each.name) for each in page.loci)])
        _choose(self, "funds", list(FUNDS.items()))

    def said(self) -> Measured:
        """What the form says, for the action."""
        told = self.cleaned_data
        serves = {
            told[f"indicator_{number}"]: told[f"reach_{number}"] or 1
            for number in range(1, SERVES + 1)
            if told[f"indicator_{number}"]
        }
        return Measured(
            agency_id=told["agency"],
            title=told["title"],
            unit=told["unit"],
            serves=serves,
            cost=told["cost"] if told["cost"] is not None else Decimal(-1),
            lokus_code=told["lokus"],
            least=told["least"] or 0,
            most=told["most"],
            days=told["days"] or 0,
            funds=tuple(told["funds"]),
            source=told["source"],
        )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def next_steps(request: HttpRequest, slug: str) -> HttpResponse:
    """The page; `?mulai=2024-05-01` counts as if work began on that day. Posted: a purse or a measure, or one less."""
    page = queries.next_steps(person(request), slug, begins=_date(request.GET.get("mulai", "")))
    if request.method != "POST":
        return _show(request, page)
    queries.demand_planning(person(request), slug)
    by, which = person(request), uuid_of(request.POST.get("yang", ""))
    match request.POST.get("bagian", ""):
        case "dana":
            return _purse(request, slug, page)
        case "tindakan":
            return _measure(request, slug, page)
        case "hapus-dana" if which:
            actions.remove_purse(by=by, cycle_slug=slug, purse=which)
            messages.success(request, _("Dana tidak dihitung lagi."))
        case "hapus-tindakan" if which:
            actions.remove_measure(by=by, cycle_slug=slug, measure=which)
            messages.success(request, _("Tindakan tidak dihitung lagi."))
    return redirect(f"{reverse('next_steps', args=[slug])}{_query(request)}")


def _purse(request: HttpRequest, slug: str, page: NextStepsPage) -> HttpResponse:
    form = PurseForm(page, request.POST)
    if not form.is_valid():
        return _show(request, page, purse=form, status=422)
    told = form.cleaned_data
    try:
        actions.set_purse(
            by=person(request),
            cycle_slug=slug,
            agency_id=told["agency"],
            fund=told["fund"],
            left=told["left"] if told["left"] is not None else Decimal(-1),
            opens=told["opens"],
            closes=told["closes"],
            source=told["source"],
        )
    except InputError as error:
        return _show(request, page, purse=form, problems=error.problems, status=422)
    messages.success(request, _("Dana tersimpan; rencana dihitung ulang."))
    return redirect(f"{reverse('next_steps', args=[slug])}{_query(request)}#bahan")


def _measure(request: HttpRequest, slug: str, page: NextStepsPage) -> HttpResponse:
    form = MeasureForm(page, request.POST)
    if not form.is_valid():
        return _show(request, page, measure=form, status=422)
    try:
        actions.add_measure(by=person(request), cycle_slug=slug, said=form.said())
    except InputError as error:
        return _show(request, page, measure=form, problems=error.problems, status=422)
    messages.success(request, _("Tindakan tersimpan; rencana dihitung ulang."))
    return redirect(f"{reverse('next_steps', args=[slug])}{_query(request)}#bahan")


def _show(
    request: HttpRequest,
    page: NextStepsPage,
    *,
    purse: PurseForm | None = None,
    measure: MeasureForm | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> HttpResponse:
    context = context_of(page, purse=purse, measure=measure, problems=problems)
    return render(request, "next_steps.html", context, status=status)


# --- in words ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Step:
    """One step: what, why, and where to go on."""

    line: NeedStep
    what: str
    reasons: tuple[str, ...]
    url: str


def context_of(
    page: NextStepsPage,
    *,
    purse: PurseForm | None = None,
    measure: MeasureForm | None = None,
    problems: Sequence[Problem] = (),
) -> dict[str, object]:
    """What the template reads."""
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "steps": [_step(page, line) for line in page.steps],
        "purse_form": purse or PurseForm(page),
        "measure_form": measure or MeasureForm(page, initial={"reach_1": 1}),
        "problems": problems,
        "funds": FUNDS,
        "left": _left(page.plan.left) if page.plan else [],
        "clashes": [clash_words(each) for each in page.plan.clashes] if page.plan else [],
        "past": page.begins > page.ends,
        "moved": page.begins != page.today,
    }


def _step(page: NextStepsPage, line: NeedStep) -> Step:
    what = _("%(label)s: %(n)s keluarga di %(lokus)s") % {
        "n": bulat(line.needs),
        "lokus": line.lokus.name,
        "label": line.label,
    }
    reasons = [_("Menurut instrumen ini urusan %(named)s.") % {"named": line.named}] if line.named else []
    if line.proposed:
        reasons.append(_("%(n)s di antaranya sudah menjadi usulan, tinggal dananya.") % {"n": bulat(line.proposed)})
    if line.points:
        reasons.append(_("Bila semua terpenuhi, nilai total naik %(n)s poin.") % {"n": angka(line.points, 2)})
    if line.planned is not None:
        said = {"n": bulat(line.planned), "of": bulat(line.needs)}
        reasons.append(_("Rencana di bawah menutup %(n)s dari %(of)s.") % said)
    query = urlencode({"lokus": line.lokus.code, "indikator": line.indicator, "keadaan": "gap"})
    return Step(line, what, tuple(reasons), f"{reverse('needs', args=[page.cycle.slug])}?{query}")


def _left(lines: Sequence[LeftLine]) -> list[tuple[str, int, list[LeftLine], bool]]:
    """Why, how many needs, and which: what nobody offers anything for stands last, folded."""
    found: dict[tuple[bool, str], list[LeftLine]] = {}
    for line in lines:
        found.setdefault((line.why == "no_action", left_words(line)), []).append(line)
    counted = [(why, sum(line.needs for line in group), group, folded) for (folded, why), group in found.items()]
    return sorted(counted, key=lambda group: (group[3], -group[1]))


def left_words(line: LeftLine) -> str:
    """Why the plan leaves it, in one sentence."""
    price = f"Rp{angka(line.cheapest, 0)}" if line.cheapest is not None else ""
    match line.why:
        case "no_action":
            return _("Belum ada tindakan yang menutupnya. Tambahkan di bawah, atau minta OPD mengusulkan.")
        case "no_purse":
            return _("Tidak ada dana OPD-nya yang boleh membayarnya.")
        case "too_late":
            return _("Waktunya tidak cukup: tidak ada dana yang terbuka sampai pekerjaannya selesai.")
        case "limit":
            return _("Semua yang sanggup dikerjakan sudah masuk rencana.")
        case "elsewhere":
            return _("Dana yang sama menutup lebih banyak kebutuhan lain. Satu lagi berharga %(price)s.") % {
                "price": price
            }
        case "money":
            return _("Sisa dananya kurang dari %(price)s, harga satu lagi.") % {"price": price}


def clash_words(clash: Clash) -> str:
    """One of the rules that cannot hold together, and by how much it is short."""
    kind, _sep, fund = clash.kind.partition(":")
    values = {
        "what": clash.what,
        "bound": angka(clash.bound, 0),
        "short": angka(clash.short, 0) if clash.short is not None else "",
        "fund": str(FUNDS.get(fund, fund)),
    }
    match kind:
        case "purse" if clash.short is not None:
            return _("%(what)s, %(fund)s: sisanya Rp%(bound)s, kurang Rp%(short)s.") % values
        case "purse":
            return _("%(what)s, %(fund)s: sisanya Rp%(bound)s.") % values
        case "least" if clash.short is not None:
            return _("%(what)s: harus paling sedikit %(bound)s; %(short)s di antaranya tidak terbiayai.") % values
        case "least":
            return _("%(what)s: harus paling sedikit %(bound)s.") % values
        case "late":
            return (
                _("%(what)s: harus paling sedikit %(bound)s, tetapi tidak ada dana yang terbuka selama itu.") % values
            )
        case "unpaid":
            return _("%(what)s: harus paling sedikit %(bound)s, tetapi tidak ada dana yang boleh membayarnya.") % values
        case "most":
            return _("%(what)s: paling banyak %(bound)s.") % values
    return _("%(what)s: diminta lebih dari yang dapat ditutup.") % values


def _query(request: HttpRequest) -> str:
    begins = _date(request.GET.get("mulai", ""))
    return f"?mulai={begins.isoformat()}" if begins else ""


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


urlpatterns = [path("tahun/<slug:slug>/langkah/", next_steps, name="next_steps")]
