"""What phones sent: the year's list, one filled form, its files, and decisions on it and on changes of families."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.actions.field import deciding as actions
from selaras.actions.field import showing
from selaras.actions.field.showing import Taken, Values
from selaras.errors import InputError, Problem
from selaras.models import ArrivalState
from selaras.queries import arrival as one_query
from selaras.queries import arrivals as queries
from selaras.queries import changes as changes_query
from selaras.queries.arrival import ArrivalPage
from selaras.queries.arrivals import ArrivalsPage, Asked
from selaras.queries.changes import ChangesPage
from selaras.queries.edits import EditLine
from selaras.web import arrival_words as words
from selaras.web import naming
from selaras.web.person import person
from selaras.web.sent import uuid_of, whole

#: Tabs of the list, in order; '' is all.
TABS = ("", "quarantined", "waiting", "taken", "set_aside", "practice")
WORDS = {
    "states": words.STATES,
    "reasons": words.REASONS,
    "remedies": words.REMEDIES,
    "outcomes": words.OUTCOMES,
    "ways": words.WAYS,
    "items": words.ITEMS,
    "edits": words.EDITS,
    "sources": words.SOURCES,
}


# --- the list ---------------------------------------------------------------------------------------------------------
@never_cache
@require_safe
def arrivals(request: HttpRequest, slug: str) -> HttpResponse:
    """`?keadaan=`, `?oleh=`, `?lokus=`, `?halaman=`."""
    asked = Asked.read({name: str(value) for name, value in request.GET.items()})
    return render(request, "arrivals.html", context(queries.arrivals_page(person(request), slug, asked)))


def context(page: ArrivalsPage) -> dict[str, object]:
    """What the template reads besides the page."""
    asked = page.asked
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "tabs": [(state, page.counts[state], asked.query(state=state)) for state in TABS],
        "before": asked.query(page=asked.page - 1) if asked.page > 1 else None,
        "after": asked.query(page=asked.page + 1) if asked.page < page.pages else None,
        "narrowed": bool(asked.by or asked.lokus),
        **WORDS,
    }


@require_POST
def late(request: HttpRequest, slug: str) -> HttpResponse:
    """Let in all that is held for nothing but coming late, as far as the page showed it."""
    seen = request.POST.getlist("dilihat")
    done = actions.let_late_in(by=person(request), cycle_slug=slug, seen=seen)
    if done.taken:
        messages.success(request, _("%(n)s kiriman yang terlambat diterima.") % {"n": done.taken})
    if done.held:
        messages.info(
            request, _("%(n)s kiriman masih tertahan karena sebab lain; lihat satu per satu.") % {"n": done.held}
        )
    if done.busy:
        busy = ngettext(
            "%(n)s kiriman belum diterima karena orang lain sedang menulis data yang sama; tekan sekali lagi.",
            "%(n)s kiriman belum diterima karena orang lain sedang menulis data yang sama; tekan sekali lagi.",
            done.busy,
        )
        messages.info(request, busy % {"n": done.busy})
    if done.elsewhere:
        elsewhere = ngettext(
            "%(n)s kiriman menyangkut keluarga di luar wilayah Anda; kirimannya menyebut siapa yang dapat menerimanya.",
            "%(n)s kiriman menyangkut keluarga di luar wilayah Anda; kirimannya menyebut siapa yang dapat menerimanya.",
            done.elsewhere,
        )
        messages.info(request, elsewhere % {"n": done.elsewhere})
    if done.apart:
        still = ngettext(
            "%(n)s kiriman tidak lagi hanya terlambat; lihat satu per satu.",
            "%(n)s kiriman tidak lagi hanya terlambat; lihat satu per satu.",
            done.apart,
        )
        messages.info(request, still % {"n": done.apart})
    if not (done.taken or done.held or done.apart or done.busy or done.elsewhere):
        if not done.more:
            messages.info(request, _("Tidak ada kiriman terlambat yang menunggu."))
        elif seen:
            messages.info(
                request, _("Yang terlambat di halaman tadi sudah diputuskan; lihat yang masih menunggu di bawah.")
            )
    return redirect("arrivals", slug)


# --- one filled form --------------------------------------------------------------------------------------------------
@never_cache
@require_safe
def arrival(request: HttpRequest, slug: str, arrival_id: UUID) -> HttpResponse:
    """What was sent, with the names in it while names of its lokus are shown."""
    return _page(request, slug, arrival_id)


def _page(
    request: HttpRequest,
    slug: str,
    arrival_id: UUID,
    *,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> HttpResponse:
    typed = {name: request.POST.get(name, "")[:300] for name in ("keluarga", "formulir", "alasan")}
    form = _form(typed["formulir"]) if typed["formulir"] else None
    page = one_query.typed_page(person(request), slug, arrival_id, code=typed["keluarga"], key=form)
    here = reverse("arrival", args=[slug, arrival_id])
    named = page.lokus is not None and naming.asked(request, slug, page.lokus.code)
    said = None
    if named and page.named:
        said = showing.reveal_arrival(by=person(request), cycle_slug=slug, arrival_id=arrival_id, page=here)
    names: Mapping[str, str] = {}
    family = page.line.family
    if family is not None:
        names = naming.shown(request, slug, family.lokus, [family.code])
    more = {"said": said, "named": named, "names": names, "problems": problems, "back": here}
    return render(request, "arrival.html", {**one_context(page), **more, "typed": typed}, status=status)


def one_context(page: ArrivalPage) -> dict[str, object]:
    """What the template reads besides the page."""
    # Held anew for another reason, it must still be said which form it is, and maybe whose.
    unknown = not page.form.key and page.line.reason not in {"broken", "no_id"}
    needs_form = unknown or page.line.reason in {"unknown_form", "unknown_version", "failed"}
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "held": page.line.state == ArrivalState.QUARANTINED,
        "needs_form": needs_form,
        "needs_family": unknown and page.line.reason not in {"unknown_form", "unknown_version"},
        "typed": {},
        **WORDS,
    }


@sensitive_post_parameters("alasan")
@never_cache
@require_POST
def decide(request: HttpRequest, slug: str, arrival_id: UUID) -> HttpResponse:
    """`tindakan`: terima, keluarga, formulir, sisihkan, kembalikan. `dilihat`: each reason that the page showed.
    Refused, the page comes back as it was typed."""
    said, what = request.POST, request.POST.get("tindakan", "")
    by = person(request)
    try:
        if what == "sisihkan":
            actions.set_aside(by=by, cycle_slug=slug, arrival_id=arrival_id, why=said.get("alasan", ""))
            messages.success(request, _("Kiriman disisihkan. Isinya tetap disimpan dan dapat dikembalikan."))
        elif what == "kembalikan":
            actions.take_back(by=by, cycle_slug=slug, arrival_id=arrival_id)
            messages.success(request, _("Kiriman menunggu keputusan lagi."))
        else:
            actions.let_in(
                by=by,
                cycle_slug=slug,
                arrival_id=arrival_id,
                household=said.get("keluarga", "") if what in {"keluarga", "formulir"} else "",
                form=_form(said.get("formulir", "")) if what == "formulir" else None,
                seen=said.getlist("dilihat"),
            )
            messages.success(request, _("Kiriman diterima."))
    except InputError as error:
        return _page(request, slug, arrival_id, problems=error.problems, status=422)
    return redirect("arrival", slug, arrival_id)


def _form(text: str) -> tuple[str, str]:
    """A form's id and version, of the one word that a page has for them."""
    form_id, _bar, version = text.partition("|")
    return form_id[:249], version[:249]


@never_cache
@require_safe
def file(request: HttpRequest, slug: str, arrival_id: UUID, file_id: int) -> HttpResponse:
    """A photo, shown; any other file, to keep."""
    return _sent(showing.read_file(by=person(request), cycle_slug=slug, arrival_id=arrival_id, file_id=file_id))


@never_cache
@require_safe
def raw(request: HttpRequest, slug: str, arrival_id: UUID) -> HttpResponse:
    """The bytes as they came."""
    return _sent(showing.export_raw(by=person(request), cycle_slug=slug, arrival_id=arrival_id))


def _sent(taken: Taken) -> HttpResponse:
    """Never opened as a page: what a phone sent is not ours."""
    response = HttpResponse(taken.content, content_type=taken.content_type)
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._- ") else "_" for sign in taken.name)
    how = "inline" if taken.photo else "attachment"
    response.headers["Content-Disposition"] = f'{how}; filename="{plain[-100:]}"'
    return response


# --- changes of one family --------------------------------------------------------------------------------------------
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def changes(request: HttpRequest, slug: str, code: str, household: str) -> HttpResponse:
    """What several phones changed of a family, field by field: what stands, what each says, which holds."""
    by = person(request)
    if request.method != "POST":
        return _changes(request, changes_query.changes_page(by, slug, code, household))
    chosen = _chosen(request)
    try:
        actions.decide_family(
            by=by,
            cycle_slug=slug,
            code=code,
            household=household,
            version=whole(request.POST.get("versi", "")),
            chosen=chosen,
        )
    except InputError as error:
        page = changes_query.changes_page(by, slug, code, household)
        return _changes(request, page, problems=error.problems, status=422)
    messages.success(request, _("Perubahan diputuskan."))
    return redirect("household", slug, code, household)


def _chosen(request: HttpRequest) -> dict[UUID, set[str]]:
    """Edit -> the items that hold as it says. Each item has one radio: an edit's id, or `tetap`."""
    found: dict[UUID, set[str]] = {}
    for text in request.POST.getlist("perubahan")[: queries.PAGE_SIZE]:
        if (edit := uuid_of(text)) is not None:
            found[edit] = set()
    for item in words.ITEMS:
        edit = uuid_of(request.POST.get(f"pilih-{item}", ""))
        if edit in found and edit is not None:
            found[edit].add(item)
    return found


def _changes(
    request: HttpRequest, page: ChangesPage, *, problems: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    slug, code = page.cycle.slug, page.lokus.code
    values = None
    if naming.asked(request, slug, code):
        values = showing.reveal_changes(
            by=person(request), cycle_slug=slug, code=code, household=page.code, page=request.path
        )
    more = {"problems": problems, "back": request.path, "named": values is not None}
    return render(request, "household_changes.html", {**changes_context(page, values), **more}, status=status)


def changes_context(page: ChangesPage, values: Values | None) -> dict[str, object]:
    """What the template reads besides the page: for each item that waits, what stands and what each phone says."""
    rows = []
    for item in words.ITEMS:
        asking = [edit for edit in page.open if item in edit.items]
        if values is not None and asking and item in values.now:
            said = [(edit, values.said[edit.id][item][1]) for edit in asking if edit.id in values.said]
            now = values.now[item]
            source = next((edit for edit in page.edits if item in edit.held), None)
            rows.append((item, now, source, [(edit, text) for edit, text in said if text != now]))
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "rows": [row for row in rows if row[3]],
        "history": [(edit, _lines(edit, values)) for edit in page.edits],
        **WORDS,
    }


def _lines(edit: EditLine, values: Values | None) -> list[tuple[str, str, str]]:
    """(item, what stood there, what the phone said), while names are shown."""
    said = {} if values is None else values.said.get(edit.id, {})
    return [(item, stood, text) for item, (stood, text) in said.items()]


_YEAR = "tahun/<slug:slug>/kiriman/"
urlpatterns = [
    path(_YEAR, arrivals, name="arrivals"),
    path(f"{_YEAR}terlambat/", late, name="arrivals_late"),
    path(f"{_YEAR}<uuid:arrival_id>/", arrival, name="arrival"),
    path(f"{_YEAR}<uuid:arrival_id>/putuskan/", decide, name="arrival_decide"),
    path(f"{_YEAR}<uuid:arrival_id>/berkas/<int:file_id>/", file, name="arrival_file"),
    path(f"{_YEAR}<uuid:arrival_id>/isi.xml", raw, name="arrival_raw"),
    path("tahun/<slug:slug>/lokus/<str:code>/keluarga/<str:household>/perubahan/", changes, name="household_changes"),
]
