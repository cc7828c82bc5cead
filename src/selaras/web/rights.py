"""/tahun/…/data-pribadi/permintaan/: what people ask about their own data, with the hours that the law still gives."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from selaras.actions import retirement
from selaras.actions import rights as actions
from selaras.errors import InputError, Problem
from selaras.models import Deed, RefusalGround, RequestKind, RequestState
from selaras.queries import rights as queries
from selaras.queries.other_cards import with_another_card
from selaras.queries.rights import DEEDS_OF_NOBODY, DeskPage, Named, RequestPage
from selaras.queries.words import told
from selaras.web.person import person

#: What is asked, as she would say it.
KINDS = {
    RequestKind.SEE: gettext_lazy("melihat datanya"),
    RequestKind.COPY: gettext_lazy("meminta salinan datanya"),
    RequestKind.CORRECT: gettext_lazy("membetulkan datanya"),
    RequestKind.OBJECT: gettext_lazy("keberatan atas pemakaiannya"),
    RequestKind.STOP: gettext_lazy("menarik persetujuan, misalnya izin foto"),
    RequestKind.RESTRICT: gettext_lazy("menunda pemakaiannya"),
    RequestKind.ERASE: gettext_lazy("menghapus datanya"),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rights(request: HttpRequest, slug: str) -> HttpResponse:
    """The desk; posted, a request is written down."""
    by, said = person(request), request.POST
    if request.method != "POST":
        page = queries.desk_page(by, slug)
        return render(request, "rights.html", context(page, request.GET, others=_others(page)))
    try:
        made = actions.ask_about_data(
            by=by,
            cycle_slug=slug,
            kind=said.get("apa", ""),
            household=said.get("keluarga", "")[:16],
            asker=said.get("nama", ""),
            reach=said.get("hubungi", ""),
            words=said.get("kata", ""),
            received_at=moment(said.get("diterima", "")),
        )
    except InputError as error:
        page = queries.desk_page(by, slug)
        return render(request, "rights.html", context(page, said, error.problems, _others(page)), status=422)
    messages.success(request, _("Permintaan dicatat. Jam tenggatnya berjalan sejak diterima."))
    return redirect("request", slug, made.uuid)


@require_POST
def retire(request: HttpRequest, slug: str) -> HttpResponse:
    """The families of the year have been kept long enough."""
    by = person(request)
    try:
        retirement.retire_year(by=by, cycle_slug=slug, families=request.POST.get("banyaknya", "")[:12])
    except InputError as error:
        page = queries.desk_page(by, slug)
        return render(request, "rights.html", context(page, {}, error.problems, _others(page)), status=422)
    messages.success(request, _("Penghapusan dimulai; berjalan di belakang layar."))
    return redirect("rights", slug)


def _others(page: DeskPage | RequestPage) -> frozenset[str]:
    return with_another_card(line.request for line in page.again)


def context(
    page: DeskPage,
    said: Mapping[str, str],
    problems: Sequence[Problem] = (),
    others: Collection[str] = (),
) -> dict[str, object]:
    """What the desk's template reads: each request in words, and what was typed. `others`: codes of families that may
    be another than who asked."""
    late = [line for line in page.waiting if line.standing == "late"]
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "waiting": [(line, _kind(line.kind), left(line.hours)) for line in page.waiting],
        "closed": [(line, _kind(line.kind), told(RequestState(line.state).label)) for line in page.closed],
        "kinds": [
            (kind.value, str(words), page.clocks[kind.value].article, page.clocks[kind.value].law)
            for kind, words in KINDS.items()
        ],
        "late": len(late),
        "open": sum(line.standing != "untold" for line in page.waiting),
        "said": said,
        "problems": problems,
        "others": others,
        "now": timezone.localtime(),
    }


def _kind(kind: str) -> str:
    return str(KINDS[RequestKind(kind)])


def left(hours: int) -> str:
    """`sisa 2 hari 5 jam`, `terlambat 3 jam`: hours of the clock, as the law counts them."""
    days, rest = divmod(abs(hours), 24)
    parts = [
        *([ngettext("%(n)s hari", "%(n)s hari", days) % {"n": days}] if days else []),
        *([ngettext("%(n)s jam", "%(n)s jam", rest) % {"n": rest}] if rest or not days else []),
    ]
    words = _("terlambat %(time)s") if hours < 0 else _("sisa %(time)s")
    return words % {"time": " ".join(parts)}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, slug: str, request_id: UUID) -> HttpResponse:
    """One request; posted, what the office does about it."""
    if request.method != "POST":
        return _page(request, slug, request_id)
    try:
        words = _act(request, slug, request_id)
    except InputError as error:
        return _page(request, slug, request_id, error.problems)
    messages.success(request, words)
    return redirect("request", slug, request_id)


def _page(request: HttpRequest, slug: str, request_id: UUID, problems: Sequence[Problem] = ()) -> HttpResponse:
    by = person(request)
    page = queries.request_page(by, slug, request_id)
    named = actions.read_texts(by=by, cycle_slug=slug, request=request_id) if page.looks else None
    status = 422 if problems else 200
    found = request_context(page, request.POST, problems, named, _others(page))
    return render(request, "request.html", found, status=status)


def _act(request: HttpRequest, slug: str, request_id: UUID) -> str:
    said = request.POST
    by, seen = person(request), number(said.get("seen", ""))
    match said.get("kerja"):
        case "pasti":
            actions.know_asker(by=by, cycle_slug=slug, request=request_id, seen=seen)
            return _("Dicatat: sudah dipastikan siapa yang meminta.")
        case "kabar":
            actions.tell_asker(by=by, cycle_slug=slug, request=request_id, seen=seen)
            return _("Dicatat: pemohon sudah diberi tahu.")
        case "akhiri":
            actions.lift_restriction(by=by, cycle_slug=slug, request=request_id, seen=seen)
            return _("Pembatasan diakhiri: keluarga itu tampak lagi atas nama. Izin fotonya ditanyakan lagi.")
    answer = {key: said.get(name, "")[:10] for key, name in (("state", "jawab"), ("ground", "alasan"))}
    deed = said.get("perbuatan", "")[:10]
    about = said.get("perihal", "")[:300]
    actions.answer_request(by=by, cycle_slug=slug, request=request_id, **answer, deed=deed, about=about, seen=seen)
    return _("Jawaban dicatat. Beri tahu pemohon, lalu catat di sini.")


def request_context(
    page: RequestPage,
    said: Mapping[str, str] | None = None,
    problems: Sequence[Problem] = (),
    named: Named | None = None,
    others: Collection[str] = (),
) -> dict[str, object]:
    """What the template of one request reads; `named` where the texts that name who asks were looked at, `others` as
    `context`."""
    kind = RequestKind(page.line.kind)
    lifts = page.deed == Deed.RESTRICTED and page.lifted_at is None and page.household_restricted
    return {
        "page": page,
        "line": page.line,
        "synthetic": page.cycle.synthetic,
        "kind": _kind(page.line.kind),
        "left": left(page.line.hours),
        "state": told(RequestState(page.line.state).label),
        "ground": told(RefusalGround(page.ground).label) if page.ground else "",
        "grounds": [(ground.value, told(ground.label)) for ground in RefusalGround],
        "said": said or {},
        "problems": problems,
        "others": others,
        "erases": page.line.kind == RequestKind.ERASE,
        "copies": page.line.kind in {RequestKind.SEE, RequestKind.COPY},
        "corrects": page.line.kind == RequestKind.CORRECT,
        "stops": page.line.kind == RequestKind.STOP,
        "nobody": not page.line.household,
        "named": named,
        "cleans": not page.line.household and len(DEEDS_OF_NOBODY[kind]) > 1,
        "deed": told(Deed(page.deed).label) if page.deed else "",
        "deeds": [] if page.line.household else [(deed.value, told(deed.label)) for deed in DEEDS_OF_NOBODY[kind]],
        "lifts": lifts,
    }


@require_POST
def copy(request: HttpRequest, slug: str, request_id: UUID) -> HttpResponse:
    """What is kept of the family, for the family; all of it where it is handed to the woman who answered."""
    whole = request.POST.get("langsung") == "ya"
    try:
        paper = actions.take_copy(by=person(request), cycle_slug=slug, request=request_id, whole=whole)
    except InputError as error:
        return _page(request, slug, request_id, error.problems)
    response = HttpResponse(paper.content, content_type=paper.content_type)
    response["Content-Disposition"] = f'attachment; filename="{paper.name}"'
    response["Cache-Control"] = "no-store"
    return response


def moment(text: str) -> datetime | None:
    """What `datetime-local` gives, in the page's zone; None where it is blank or nonsense."""
    try:
        return timezone.make_aware(datetime.fromisoformat(text)) if text else None
    except ValueError:
        return None


def number(text: str) -> int:
    """A version that a form carries; 0 for nonsense."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


urlpatterns = [
    path("tahun/<slug:slug>/data-pribadi/permintaan/", rights, name="rights"),
    path("tahun/<slug:slug>/data-pribadi/masa-simpan/", retire, name="retire"),
    path("tahun/<slug:slug>/data-pribadi/permintaan/<uuid:request_id>/", one, name="request"),
    path("tahun/<slug:slug>/data-pribadi/permintaan/<uuid:request_id>/salinan/", copy, name="request_copy"),
]
