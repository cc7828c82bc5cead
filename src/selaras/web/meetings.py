"""Meetings: the list, a new one, its page with its papers, its minutes; and the letterhead of all letters."""

from datetime import time
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.actions import letterheads
from selaras.actions import meetings as actions
from selaras.actions.meetings import Called, Decided
from selaras.errors import InputError
from selaras.queries import meetings as queries
from selaras.queries import proposals
from selaras.queries.meetings import LetterheadPage, LetterheadView, MeetingPage
from selaras.web.meeting_forms import (
    KINDS,
    LetterheadForm,
    MeetingForm,
    MinutesForm,
    decision_rows,
    differences,
)
from selaras.web.papers import sent
from selaras.web.person import person
from selaras.web.rows import SPARE, Rows

#: What a change is compared by, in the order of the form.
_COMPARED = tuple(name for name in MeetingForm.base_fields if name != "version")
_Form = TypeVar("_Form", bound=forms.Form)
_MINUTES = ("chair", "note_taker", "minutes")


# --- the list -------------------------------------------------------------------------------------------------------
@require_safe
def meetings(request: HttpRequest, slug: str) -> HttpResponse:
    """The meetings of the year, next first."""
    page = queries.meetings_page(person(request), slug)
    context = {"page": page, "synthetic": page.cycle.synthetic, "kinds": KINDS.items(), "words": KINDS}
    return render(request, "meetings.html", context)


# --- one meeting ----------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """A new meeting, with what it could say already written: `?jenis=rakor`."""
    proposal = proposals.propose_meeting(person(request), slug, request.GET.get("jenis", ""))
    if request.method != "POST":
        proposed = {"kind": proposal.kind, "title": proposal.title, "agenda": proposal.agenda, "nature": "Penting"}
        form = MeetingForm(initial={**proposed, "guests": proposal.guests, "note": proposal.note, "version": 0})
        return _write(request, proposal.cycle, form, None)
    form = MeetingForm(request.POST)
    if form.is_valid():
        try:
            values = _called(form, slug, request)
            meeting_id = actions.call_meeting(by=person(request), cycle_slug=slug, values=values)
        except InputError as error:
            _say(form, error)
        else:
            messages.success(request, _("Rapat sudah dicatat. Undangannya siap diunduh."))
            return redirect("meeting", slug, meeting_id)
    return _write(request, proposal.cycle, form, None, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, meeting_id: UUID) -> HttpResponse:
    """Change a meeting. Of two who do, the second is shown what the first wrote, and keeps what she wrote."""
    page = queries.meeting_page(person(request), slug, meeting_id)
    if request.method != "POST":
        return _write(request, page.cycle, MeetingForm(initial=_stored(page)), page)
    form = MeetingForm(request.POST)
    changed: list[tuple[str, str, str]] = []
    if form.is_valid():
        try:
            actions.change_meeting(
                by=person(request),
                cycle_slug=slug,
                meeting_id=meeting_id,
                version=form.cleaned_data["version"],
                values=_called(form, slug, request),
            )
        except InputError as error:
            _say(form, error)
            if _is_stale(error):
                changed = differences(form, _stored(page), _COMPARED)
                form = _again(form, request.POST, page.version)
        else:
            messages.success(request, _("Perubahan rapat sudah disimpan."))
            return redirect("meeting", slug, meeting_id)
    return _write(request, page.cycle, form, page, changed, status=422)


def _again(form: _Form, posted: QueryDict, version: int) -> _Form:
    """The same form with the same words, that can be saved over the newer version."""
    errors, data = form.errors, posted.copy()
    data["version"] = str(version)
    fresh = type(form)(data)
    fresh.is_valid()
    for problem in errors.get("__all__", []):
        fresh.add_error(None, problem)
    return fresh


def _is_stale(error: InputError) -> bool:
    return any(problem.code in {"meeting.changed", "letterhead.changed"} for problem in error.problems)


def _say(form: forms.Form, error: InputError) -> None:
    for problem in error.problems:
        form.add_error(None, f"{problem.message}; {problem.remedy}")


def _write(
    request: HttpRequest,
    cycle: object,
    form: forms.Form,
    page: MeetingPage | None,
    changed: list[tuple[str, str, str]] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"cycle": cycle, "form": form, "meeting": page, "changed": changed or []}
    return render(request, "meeting_form.html", context, status=status)


def _called(form: MeetingForm, slug: str, request: HttpRequest) -> Called:
    """The form's values; hours are those of the place."""
    said = form.cleaned_data
    starts, ends = queries.moments(person(request), slug, said["day"], said["starts"], said["ends"])
    keys = (
        "kind",
        "title",
        "venue",
        "agenda",
        "letter_number",
        "letter_date",
        "nature",
        "attachment",
        "note",
        "copies",
    )
    return Called(
        **{key: said[key] for key in keys},
        guests=said["guests"],
        starts=starts,
        ends=ends,
    )


def _stored(page: MeetingPage) -> dict[str, Any]:
    """What the form shows of a meeting."""
    return {
        "kind": page.kind,
        "title": page.title,
        "day": page.when.day,
        "starts": _time(page.when.starts),
        "ends": _time(page.when.ends),
        "venue": page.venue,
        "agenda": "\n".join(page.agenda),
        "guests": "\n".join(page.guests),
        "letter_number": page.letter_number,
        "letter_date": page.letter_date,
        "nature": page.nature,
        "attachment": page.attachment,
        "note": page.note,
        "copies": "\n".join(page.copies),
        "version": page.version,
    }


def _time(clock: str) -> time | None:
    return time.fromisoformat(clock.replace(".", ":")) if clock else None


@require_safe
def meeting(request: HttpRequest, slug: str, meeting_id: UUID) -> HttpResponse:
    """One meeting: what it still needs, its papers, who came, what was decided."""
    page = queries.meeting_page(person(request), slug, meeting_id)
    return render(request, "meeting.html", context(page))


def context(page: MeetingPage) -> dict[str, object]:
    """What the template reads besides the page."""
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "kind": KINDS.get(page.kind, page.kind),
        "lacks": [_LACKS[lack]() for lack in page.lacks],
        "needs_letterhead": "letterhead" in page.lacks or "signer" in page.lacks,
        "unsaid": len(page.attendees) - page.women - page.men,
    }


_LACKS = {
    "letterhead": lambda: _("Kop surat belum diatur."),
    "signer": lambda: _("Penanda tangan belum diisi di kop surat."),
    "number": lambda: _("Nomor surat belum ada; di kertas disediakan tempat untuk menulisnya."),
    "date": lambda: _("Tanggal surat belum ada; di kertas disediakan tempat untuk menulisnya."),
    "guests": lambda: _("Belum ada yang diundang."),
    "agenda": lambda: _("Agenda masih kosong."),
}


@require_POST
def cancel(request: HttpRequest, slug: str, meeting_id: UUID) -> HttpResponse:
    """Call a meeting off, or (`urung`) take that back; nothing that was written is lost."""
    if "urung" in request.POST:
        actions.reinstate_meeting(by=person(request), cycle_slug=slug, meeting_id=meeting_id)
        messages.success(request, _("Rapat diadakan lagi."))
        return redirect("meeting", slug, meeting_id)
    actions.cancel_meeting(by=person(request), cycle_slug=slug, meeting_id=meeting_id)
    messages.success(request, _("Rapat dibatalkan. Catatannya tetap ada."))
    return redirect("meeting", slug, meeting_id)


@never_cache
@require_safe
def download(request: HttpRequest, slug: str, meeting_id: UUID, paper: str, suffix: str) -> HttpResponse:
    """One paper of a meeting: `undangan.pdf`, `daftar-hadir.docx`."""
    page = queries.meeting_page(person(request), slug, meeting_id)
    made = actions.export_paper(
        by=person(request),
        cycle_slug=slug,
        meeting_id=meeting_id,
        paper=paper,
        suffix=suffix,
        attend_url=settings.SELARAS_BASE_URL + reverse("attend", args=[page.token]),
    )
    return sent(made)


# --- minutes --------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request: HttpRequest, slug: str, meeting_id: UUID) -> HttpResponse:
    """What was said, and what was decided: for whom, until when."""
    page = queries.meeting_page(person(request), slug, meeting_id)
    if request.method != "POST":
        initial = {name: getattr(page, name) for name in (*_MINUTES, "version")}
        return _note(request, page, MinutesForm(initial=initial), decision_rows(page.agencies, _decided(page)))
    form, decisions = MinutesForm(request.POST), decision_rows(page.agencies, _decided(page), request.POST)
    changed: list[tuple[str, str, str]] = []
    if all([form.is_valid(), decisions.is_valid()]):
        said = form.cleaned_data
        try:
            actions.record_minutes(
                by=person(request),
                cycle_slug=slug,
                meeting_id=meeting_id,
                version=said["version"],
                decisions=[Decided(**row) for row in decisions.values()],
                **{name: said[name] for name in _MINUTES},
            )
        except InputError as error:
            _say(form, error)
            if _is_stale(error):
                changed = _changed_minutes(form, decisions, page)
                form = _again(form, request.POST, page.version)
        else:
            messages.success(request, _("Notulen sudah disimpan."))
            return redirect("meeting", slug, meeting_id)
    return _note(request, page, form, decisions, changed, status=422)


def _decided(page: MeetingPage) -> list[dict[str, object]]:
    return [{"id": each.id, "text": each.text, "agency": each.agency, "due": each.due} for each in page.decisions]


def _changed_minutes(form: forms.Form, decisions: Rows, page: MeetingPage) -> list[tuple[str, str, str]]:
    """What differs, the decisions as one text."""
    stored = {name: getattr(page, name) for name in _MINUTES}
    found = differences(form, stored, _MINUTES)
    theirs = "\n".join(each.text for each in page.decisions)
    mine = "\n".join(row["text"] for row in decisions.values() if row["text"])
    return [*found, (_("Keputusan"), theirs, mine)] if theirs != mine else found


def _note(
    request: HttpRequest,
    page: MeetingPage,
    form: forms.Form,
    decisions: Rows,
    changed: list[tuple[str, str, str]] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"page": page, "form": form, "decisions": decisions, "changed": changed or [], "empty": SPARE}
    return render(request, "minutes.html", {**context, "synthetic": page.cycle.synthetic}, status=status)


@require_POST
def commit(request: HttpRequest, slug: str, meeting_id: UUID, decision: int) -> HttpResponse:
    """Turn a decision into the commitment of its agency."""
    made = actions.commit_decision(by=person(request), cycle_slug=slug, meeting_id=meeting_id, decision=decision)
    messages.success(request, _("Keputusan ini sekarang komitmen %(number)s.") % {"number": made})
    return redirect("meeting", slug, meeting_id)


# --- the letterhead -------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def letterhead(request: HttpRequest, slug: str) -> HttpResponse:
    """How letters begin, and who signs them."""
    page = queries.letterhead_page(person(request), slug)
    if request.method != "POST":
        return _head_form(request, page, LetterheadForm(initial=_stored_head(page)))
    form = LetterheadForm(request.POST, request.FILES)
    changed: list[tuple[str, str, str]] = []
    if form.is_valid():
        try:
            letterheads.save_letterhead(
                by=person(request), cycle_slug=slug, version=form.cleaned_data["version"], head=_head(form)
            )
        except InputError as error:
            _say(form, error)
            if _is_stale(error):
                compared = [name for name in LetterheadForm.base_fields if name not in _NOT_COMPARED]
                changed = differences(form, _stored_head(page), compared)
                form = _again(form, request.POST, page.head.version if page.head else 0)
        else:
            messages.success(request, _("Kop surat sudah disimpan. Surat berikutnya memakainya."))
            return redirect("letterhead", slug)
    return _head_form(request, page, form, changed, status=422)


_NOT_COMPARED = {"version", "logo", "without_logo"}


def _head(form: LetterheadForm) -> letterheads.Head:
    said = form.cleaned_data
    logo = b"" if said["without_logo"] else said["logo"].read() if said["logo"] else None
    keys = ("address", "town", "signer_name", "signer_rank", "signer_nip")
    office = "\n".join(queries.lines_of(said["signer_office"]))
    return letterheads.Head(
        lines=queries.lines_of(said["lines"]), signer_office=office, logo=logo, **{key: said[key] for key in keys}
    )


def _stored_head(page: LetterheadPage) -> dict[str, Any]:
    head = page.head
    if head is None:
        return {"lines": "\n".join(page.proposed_lines), "town": page.proposed_town, "version": 0}
    names = ("address", "town", "signer_office", "signer_name", "signer_rank", "signer_nip", "version")
    return {"lines": "\n".join(head.lines), **{name: getattr(head, name) for name in names}}


def _head_form(
    request: HttpRequest,
    page: LetterheadPage,
    form: forms.Form,
    changed: list[tuple[str, str, str]] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"page": page, "form": form, "changed": changed or [], "synthetic": page.cycle.synthetic}
    return render(request, "letterhead.html", context, status=status)


@never_cache
@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The top of a letter and its signature as a picture: of what is stored, or of the proposal."""
    page = queries.letterhead_page(person(request), slug)
    head = page.head or LetterheadView(page.proposed_lines, "", b"", page.proposed_town, "", "", "", "", 0)
    made = letterheads.letterhead_preview(head)
    return HttpResponse(made.content, content_type=made.content_type)


_YEAR = "tahun/<slug:slug>/"
_ONE = f"{_YEAR}rapat/<uuid:meeting_id>/"
urlpatterns = [
    path(f"{_YEAR}kop/", letterhead, name="letterhead"),
    path(f"{_YEAR}kop/contoh.png", preview, name="letterhead_preview"),
    path(f"{_YEAR}rapat/", meetings, name="meetings"),
    path(f"{_YEAR}rapat/baru/", new, name="meeting_new"),
    path(_ONE, meeting, name="meeting"),
    path(f"{_ONE}ubah/", edit, name="meeting_edit"),
    path(f"{_ONE}batalkan/", cancel, name="meeting_cancel"),
    path(f"{_ONE}notulen/", minutes, name="minutes"),
    path(f"{_ONE}keputusan/<int:decision>/komitmen/", commit, name="decision_commit"),
    path(f"{_ONE}kertas/<slug:paper>.<slug:suffix>", download, name="meeting_paper"),
]
