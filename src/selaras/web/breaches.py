"""/tahun/…/data-pribadi/kejadian/: what happened to personal data, its clock of 3 x 24 hours, and draft notices."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from selaras.actions import breaches as actions
from selaras.actions.breaches import BreachSaid
from selaras.errors import InputError, Problem
from selaras.models import BreachCause, BreachKind
from selaras.queries import breaches as queries
from selaras.queries.breaches import BreachesPage, BreachLine, BreachPage
from selaras.queries.words import told
from selaras.web.person import person
from selaras.web.rights import left, moment, number


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def breaches(request: HttpRequest, slug: str) -> HttpResponse:
    """The register; posted, one is written down and its clock begins."""
    by = person(request)
    if request.method != "POST":
        return render(request, "breaches.html", context(queries.breaches_page(by, slug)))
    try:
        made = actions.enter_breach(by=by, cycle_slug=slug, said=_said(request.POST))
    except InputError as error:
        page = queries.breaches_page(by, slug)
        return render(request, "breaches.html", context(page, request.POST, error.problems), status=422)
    messages.success(request, _("Kejadian dicatat. Pemberitahuan paling lambat 3 × 24 jam sejak diketahui."))
    return redirect("breach", slug, made.uuid)


def context(page: BreachesPage, said: QueryDict | None = None, problems: Sequence[Problem] = ()) -> dict[str, object]:
    """What the register's template reads."""
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "open": [_words(line) for line in page.open],
        "closed": [_words(line) for line in page.closed],
        "form": _form(said, {}),
        "problems": problems,
        "loci": page.loci,
    }


def _words(line: BreachLine) -> tuple[BreachLine, str, str, str]:
    kinds = ", ".join(told(BreachKind(kind).label) for kind in line.kinds)
    return line, told(BreachCause(line.cause).label), kinds, left(line.hours)


def _form(said: QueryDict | None, stored: Mapping[str, object]) -> dict[str, object]:
    """What the form shows: what was typed, else what is stored."""
    typed = {name: said.get(name, "") for name in said} if said is not None else dict(stored)
    chosen = said.getlist("data") if said is not None else stored.get("kinds", ())
    return {
        "values": typed,
        "causes": [(cause.value, told(cause.label), typed.get("sebab") == cause.value) for cause in BreachCause],
        "kinds": [(kind.value, told(kind.label), kind.value in tuple(chosen or ())) for kind in BreachKind],  # type: ignore[arg-type]
    }


def _said(said: QueryDict) -> BreachSaid:
    return BreachSaid(
        cause=said.get("sebab", "")[:10],
        kinds=said.getlist("data")[:20],
        known_at=moment(said.get("diketahui", "")),
        happened=said.get("kejadian", ""),
        handled=said.get("penanganan", ""),
        families=said.get("keluarga", "")[:20],
        accounts=said.get("akun", "")[:20],
        lokus=said.get("lokus", "")[:40],
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, slug: str, breach_id: UUID) -> HttpResponse:
    """One breach; posted, it is said better, told of, or closed."""
    by = person(request)
    if request.method != "POST":
        return render(request, "breach.html", breach_context(queries.breach_page(by, slug, breach_id)))
    try:
        words = _act(request, slug, breach_id)
    except InputError as error:
        page = queries.breach_page(by, slug, breach_id)
        return render(request, "breach.html", breach_context(page, request.POST, error.problems), status=422)
    messages.success(request, words)
    return redirect("breach", slug, breach_id)


def _act(request: HttpRequest, slug: str, breach_id: UUID) -> str:
    said = request.POST
    by, seen, work = person(request), number(said.get("seen", "")), said.get("kerja", "")
    if work.startswith("kabar-"):
        actions.tell_of_breach(by=by, cycle_slug=slug, breach=breach_id, whom=work.partition("-")[2], seen=seen)
        return _("Dicatat: sudah diberitahukan.")
    if work == "tutup":
        actions.close_breach(by=by, cycle_slug=slug, breach=breach_id, learnt=said.get("pelajaran", ""), seen=seen)
        return _("Kejadian ditutup. Catatannya tetap.")
    actions.change_breach(by=by, cycle_slug=slug, breach=breach_id, said=_said(said), seen=seen)
    return _("Perubahan tersimpan.")


def breach_context(
    page: BreachPage, said: QueryDict | None = None, problems: Sequence[Problem] = ()
) -> dict[str, object]:
    """What the template of one breach reads."""
    line, cause, kinds, time = _words(page.line)
    stored = {
        "sebab": line.cause,
        "kinds": line.kinds,
        "diketahui": timezone.localtime(line.known_at).strftime("%Y-%m-%dT%H:%M"),
        "kejadian": line.happened,
        "penanganan": line.handled,
        "keluarga": "" if line.families is None else str(line.families),
        "akun": "" if line.accounts is None else str(line.accounts),
        "lokus": line.lokus_code,
    }
    typed = said if said is not None and not said.get("kerja") else None
    return {
        "page": page,
        "line": line,
        "synthetic": page.cycle.synthetic,
        "cause": cause,
        "kinds": kinds,
        "left": time,
        "form": _form(typed, stored),
        "loci": page.loci,
        "problems": problems,
        "learnt": "" if said is None else said.get("pelajaran", ""),
        "told": [
            ("authority", _("Lembaga pelindungan data pribadi"), line.authority_told_at),
            ("people", _("Pemilik data"), line.people_told_at),
            ("public", _("Masyarakat, bila mengganggu layanan atau berdampak luas"), line.public_told_at),
        ],
    }


@require_POST
def letter(request: HttpRequest, slug: str, breach_id: UUID, to: str) -> HttpResponse:
    """The draft of a notice, as a document to change and sign."""
    whom = {"lembaga": "authority", "pemilik-data": "people"}.get(to, "")
    try:
        paper = actions.take_letter(by=person(request), cycle_slug=slug, breach=breach_id, to=whom)
    except InputError as error:
        page = queries.breach_page(person(request), slug, breach_id)
        return render(request, "breach.html", breach_context(page, None, error.problems), status=422)
    response = HttpResponse(paper.content, content_type=paper.content_type)
    response["Content-Disposition"] = f'attachment; filename="{paper.name}"'
    return response


urlpatterns = [
    path("tahun/<slug:slug>/data-pribadi/kejadian/", breaches, name="breaches"),
    path("tahun/<slug:slug>/data-pribadi/kejadian/<uuid:breach_id>/", one, name="breach"),
    path("tahun/<slug:slug>/data-pribadi/kejadian/<uuid:breach_id>/surat/<slug:to>/", letter, name="breach_letter"),
]
