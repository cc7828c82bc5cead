"""The list of 100: parts of it, decisions about many or one, taking the last one back, on paper and as a sheet."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.actions import targets as actions
from selaras.actions.targets import NOTE, Listed, Way
from selaras.errors import InputError, Missing, Problem
from selaras.queries import targets as queries
from selaras.queries.households import Filters
from selaras.queries.targets import PARTS, Part, TargetsPage, part_of
from selaras.web import naming
from selaras.web.households import back_to
from selaras.web.person import person
from selaras.web.registry_words import FAMILY_STATES, REASONS
from selaras.web.tags import bulat

_TO: dict[str, Listed] = {"target": "target", "reserve": "reserve", "undecided": ""}
_WAYS: dict[str, Way] = {"up": "up", "down": "down", "first": "first"}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@require_safe
def targets(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One part of the list: `?bagian=`; of the undecided `?rt=&rw=`, and `?tandai=` ticks the first so many."""
    marked = request.GET.get("tandai", "")
    first = int(marked) if marked.isascii() and marked.isdigit() and len(marked) < 5 else 0
    return _list(request, slug, code, part_of(request.GET.get("bagian", "")), first=first)


def _list(
    request: HttpRequest,
    slug: str,
    code: str,
    part: Part,
    *,
    status: int = 200,
    first: int = 0,
    ticked: tuple[str, ...] = (),
    problems: tuple[Problem, ...] = (),
) -> HttpResponse:
    filters = Filters.read({name: request.GET.get(name, "") for name in ("rt", "rw")})
    page = queries.targets_page(person(request), slug, code, part=part, filters=filters)
    names = naming.shown(request, slug, code, [row.code for row in page.rows])
    chosen = set(ticked) or {row.code for row in page.rows[:first]}
    more = {"names": names, "named": naming.asked(request, slug, code), "ticked": chosen, "problems": problems}
    if request.method == "POST":
        more["back"] = _part(slug, code, part)
    return render(request, "targets.html", {**context(page), **more}, status=status)


def context(page: TargetsPage) -> dict[str, object]:
    """What the template reads besides the page."""
    room = max(page.size - page.coached, 0)
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "tabs": [(part, page.counts[part]) for part in PARTS],
        "room": room,
        "over": max(page.coached - page.size, 0),
        "proposed": min(room, len(page.rows)) if page.part == "undecided" else 0,
        "reasons": REASONS,
        "family_states": FAMILY_STATES,
        "leaving": sum(bool(row.became) for row in page.rows),
    }


@require_POST
def decide(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Put the ticked families where the pressed button says."""
    part = part_of(request.POST.get("bagian", ""))
    codes = tuple(request.POST.getlist("keluarga"))
    to = request.POST.get("ke", "")
    if to not in _TO:
        raise Missing(Problem("access.missing"))
    try:
        actions.decide(by=person(request), cycle_slug=slug, code=code, households=codes, to=_TO[to])
    except InputError as error:
        return _list(request, slug, code, part, status=422, ticked=codes, problems=error.problems)
    said = {
        "target": _("%(n)s keluarga menjadi sasaran."),
        "reserve": _("%(n)s keluarga masuk cadangan."),
        "undecided": _("%(n)s keluarga dikeluarkan dari daftar."),
    }[to]
    messages.success(request, said % {"n": bulat(len(set(codes)))})
    return redirect(back_to(request, _part(slug, code, part)))


def _part(slug: str, code: str, part: Part) -> str:
    return f"{reverse('targets', args=[slug, code])}?bagian={part}"


@require_POST
def move(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Move one family in the order of its part: `geser` is `up GD-014`."""
    way, _sep, family = request.POST.get("geser", "").partition(" ")
    part = part_of(request.POST.get("bagian", ""))
    if way not in _WAYS:
        raise Missing(Problem("access.missing"))
    try:
        actions.move(by=person(request), cycle_slug=slug, code=code, household=family, way=_WAYS[way])
    except InputError as error:
        return _list(request, slug, code, part, status=422, problems=error.problems)
    return redirect(_part(slug, code, part))


@require_POST
def undo(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Take the last decision back."""
    part = part_of(request.POST.get("bagian", ""))
    try:
        decision = UUID(request.POST.get("keputusan", ""))
    except ValueError:
        raise Missing(Problem("access.missing")) from None
    try:
        actions.undo(by=person(request), cycle_slug=slug, code=code, decision=decision)
    except InputError as error:
        return _list(request, slug, code, part, status=422, problems=error.problems)
    messages.success(request, _("Keputusan terakhir diurungkan; daftarnya kembali seperti sebelumnya."))
    return redirect(_part(slug, code, part))


class ReplaceForm(forms.Form):
    """Why a family leaves the list."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Alasan"),
        choices=[],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih salah satu alasan.")},
    )
    note = forms.CharField(label=gettext_lazy("Catatan"), max_length=NOTE, required=False)

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared so above)
        field.choices = list(REASONS.items())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, slug: str, code: str, household: str) -> HttpResponse:
    """Replace one family, for a reason; the first of the reserve comes in."""
    page = queries.replacing_page(person(request), slug, code, household)
    form = ReplaceForm(request.POST) if request.method == "POST" else ReplaceForm()
    if request.method != "POST" or not form.is_valid():
        return _replacing(request, page, form, 200 if request.method != "POST" else 422)
    try:
        _decision, coming = actions.replace(
            by=person(request), cycle_slug=slug, code=code, household=household, **form.cleaned_data
        )
    except InputError as error:
        form.add_error(None, "; ".join((error.problems[0].message, error.problems[0].remedy)))
        return _replacing(request, page, form, 422)
    if coming:
        said = _("%(out)s diganti; %(coming)s masuk dari cadangan.") % {"out": household, "coming": coming}
    else:
        said = _("%(out)s diganti; cadangan kosong, jadi satu tempat terbuka.") % {"out": household}
    messages.success(request, said)
    return redirect("targets", slug, code)


def _replacing(request: HttpRequest, page: queries.ReplacingPage, form: ReplaceForm, status: int) -> HttpResponse:
    slug, code = page.cycle.slug, page.lokus.code
    names = naming.shown(request, slug, code, [each for each in (page.code, page.coming) if each])
    context = {"page": page, "synthetic": page.cycle.synthetic, "form": form, "names": names}
    context["named"] = naming.asked(request, slug, code)
    return render(request, "target_replace.html", context, status=status)


@never_cache
@require_safe
def paper(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The list to print: codes and RT/RW, nothing that says what a family lacks."""
    lists = queries.paper_list(person(request), slug, code)
    return render(request, "targets_print.html", {"page": lists, "synthetic": lists.cycle.synthetic})


@never_cache
@require_safe
def sheet(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The list as XLSX; with names while they are shown. Each taking is written down."""
    named = naming.asked(request, slug, code)
    content = actions.export_list(by=person(request), cycle_slug=slug, code=code, names=named)
    headers = {"Content-Disposition": f'attachment; filename="sasaran-{code}.xlsx"'}
    return HttpResponse(content, content_type=_XLSX, headers=headers)
