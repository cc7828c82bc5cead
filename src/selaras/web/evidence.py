"""/tahun/…/bukti/: what proves the points of a year: the list, one piece with its passport, bringing, taking back."""

import uuid
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.actions import evidence as actions
from selaras.actions import evidence_points as points
from selaras.actions.evidence import Sent, Told
from selaras.errors import InputError
from selaras.models import EvidenceKind, EvidenceState
from selaras.queries import blurring
from selaras.queries import evidence as queries
from selaras.queries.evidence import AddPage, Asked, EvidenceLine, ListPage, OnePage, PointPage
from selaras.queries.evidence_files import LARGEST, MIB
from selaras.queries.evidence_labels import parse
from selaras.queries.words import told
from selaras.web import evidence_words as words
from selaras.web.blurring import said_again
from selaras.web.person import person

#: What a file chooser offers; what comes is looked at all the same.
ACCEPTED = ".jpg,.jpeg,.png,.heic,.heif,.pdf,.docx,.xlsx,image/jpeg,image/png,image/heic"


class ToldForm(forms.Form):
    """What is said of a piece: what it shows, whose work, what it is cited for."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    caption = forms.CharField(
        label=gettext_lazy("Apa yang terlihat atau tertulis di dalamnya"), max_length=200, required=False
    )
    agency = forms.TypedChoiceField(
        label=gettext_lazy("Hasil kerja siapa"), coerce=int, empty_value=None, required=False
    )
    uses = forms.MultipleChoiceField(label=gettext_lazy("Membuktikan apa"), required=False)

    def __init__(self, page: AddPage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency = cast(forms.ChoiceField, self.fields["agency"])
        agency.choices = [("", "–"), *((key, name) for key, name in page.agencies)]
        uses = cast(forms.MultipleChoiceField, self.fields["uses"])
        uses.choices = [(choice.value, choice.label) for group in page.groups for choice in group.choices]

    def told(self) -> Told:
        """What the valid form says."""
        given = self.cleaned_data
        indicators, items = parse(tuple(given["uses"]))
        return Told(given["caption"], given["agency"], indicators, items)


class AddForm(ToldForm):
    """The same with the file or link itself."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("Berkas"),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    url = forms.CharField(
        label=gettext_lazy("atau tautan (video, berita)"),
        required=False,
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )

    def clean_file(self) -> Sent | None:
        """The bytes and their name; a file that is too big is not read."""
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("Berkas lebih dari %(most)s MB; kecilkan, pecah, atau kirim tautannya.") % {"most": LARGEST // MIB}
            )
        return Sent(file.read(), file.name)

    def sent(self) -> Sent:
        """The file, or the link; both where both were given, which is then refused."""
        file, url = self.cleaned_data["file"] or Sent(), self.cleaned_data["url"]
        return Sent(file.content, file.filename, url)


_FIELDS = {"caption": "caption", "agency": "agency", "uses": "uses", "file": "file", "url": "url", "version": None}


def refuse(form: forms.Form, error: InputError) -> None:
    """Say each problem at its field."""
    for problem in error.problems:
        name = _FIELDS.get(problem.where)
        form.add_error(name if name in form.fields else None, f"{problem.message}; {problem.remedy}")


# --- the list and one of them -----------------------------------------------------------------------------------------
@never_cache
@require_safe
def evidence(request: HttpRequest, slug: str) -> HttpResponse:
    """The evidence of a year, newest first, by lokus, state, kind and what it is cited for."""
    given = {name: request.GET.get(name, "")[:150] for name in ("lokus", "keadaan", "jenis", "untuk")}
    asked = Asked(given["lokus"], given["keadaan"], given["jenis"], given["untuk"])
    number = request.GET.get("hal", "1")
    page = queries.list_page(
        person(request), slug, asked, page=int(number) if number.isdecimal() and len(number) < 6 else 1
    )
    outside = blurring.prepares(person(request), slug)
    return render(request, "evidence.html", {**list_context(page), "outside": outside})


def list_context(page: ListPage) -> dict[str, object]:
    """What the list reads: the filters as an address keeps them."""
    asked = page.asked
    kept = {"lokus": asked.lokus, "jenis": asked.kind, "untuk": asked.use}
    filters = urlencode({name: value for name, value in kept.items() if value})
    states = [(state.value, words.state_word(state), page.counts.get(state.value, 0)) for state in EvidenceState]
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "lines": words.all_shown(page.rows),
        "states": states,
        "everything": sum(page.counts.values()),
        "kinds": [(kind.value, told(kind.label)) for kind in EvidenceKind],
        "filters": filters,
        "filtered": bool(filters or asked.state),
    }


@never_cache
@require_safe
def one(request: HttpRequest, slug: str, evidence_id: UUID) -> HttpResponse:
    """One piece with its passport."""
    user = person(request)
    page = queries.one_page(user, slug, evidence_id)
    again = said_again(user, slug, evidence_id) if page.may_verify else []
    outside = blurring.stand_of(user, slug, evidence_id)
    return render(request, "evidence_one.html", {**context(page), "again": again, "outside": outside})


def context(page: OnePage) -> dict[str, object]:
    """What the page of one piece reads."""
    return {"page": page, "each": words.shown(page.line), "synthetic": page.cycle.synthetic}


# --- bringing, changing -----------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Bring a file or a link. Sent twice, it is one: the form carries its own id."""
    asked = request.GET if request.method != "POST" else request.POST
    code = asked.get("lokus")
    page = queries.add_page(person(request), slug, None if code is None else code[:40])
    if request.method != "POST":
        begun = {"id": uuid.uuid4(), "uses": [asked.get("untuk", "")[:150]]}
        return _form(request, page, AddForm(page, initial=begun), 200)
    form = AddForm(page, request.POST, request.FILES)
    if form.is_valid():
        try:
            kept = actions.add(
                by=person(request),
                cycle_slug=slug,
                lokus_code="" if page.lokus is None else page.lokus.code,
                evidence_id=form.cleaned_data["id"],
                told=form.told(),
                sent=form.sent(),
            )
        except InputError as error:
            refuse(form, error)
        else:
            said = (
                _("Berkas ini sudah ada; yang baru dibuktikannya ditambahkan.") if kept.again else _("Bukti diterima.")
            )
            messages.success(request, said)
            return redirect("evidence_one", slug, kept.evidence.uuid)
    return _form(request, page, form, 422)


def _form(request: HttpRequest, page: AddPage, form: ToldForm, status: int, **more: object) -> HttpResponse:
    lost = bool(request.FILES) and status == 422
    return render(request, "evidence_new.html", {**form_context(page, form), "lost_file": lost, **more}, status=status)


def form_context(page: AddPage, form: ToldForm) -> dict[str, object]:
    """What the form reads besides itself: the boxes to tick, group by group, with how many of each are ticked."""
    ticked = {str(value) for value in form["uses"].value() or ()}
    groups = [
        (group, [(choice, choice.value in ticked) for choice in group.choices])
        for group in page.groups
        if group.choices
    ]
    return {
        "page": page,
        "form": form,
        "groups": [(group, boxes, sum(tick for _choice, tick in boxes)) for group, boxes in groups],
        "most": LARGEST // MIB,
        "synthetic": page.cycle.synthetic,
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, evidence_id: UUID) -> HttpResponse:
    """Say anew what it shows and what it is cited for. Whoever was slower is told."""
    page, line, agency = queries.change_page(person(request), slug, evidence_id)
    more = {"changing": line}
    if request.method != "POST":
        return _form(request, page, ToldForm(page, initial=_standing(line, agency)), 200, **more)
    form = ToldForm(page, request.POST)
    if form.is_valid():
        try:
            actions.change(
                by=person(request),
                cycle_slug=slug,
                evidence_id=evidence_id,
                version=form.cleaned_data["version"] or 0,
                told=form.told(),
            )
        except InputError as error:
            refuse(form, error)
            if any(problem.code == "evidence.newer" for problem in error.problems):
                newer = request.POST.copy()
                newer["version"] = str(line.version)
                form.data = newer
        else:
            messages.success(request, _("Perubahan tersimpan."))
            return redirect("evidence_one", slug, evidence_id)
    return _form(request, page, form, 422, **more)


def _standing(line: EvidenceLine, agency: int | None) -> dict[str, object]:
    return {
        "version": line.version,
        "caption": line.caption,
        "agency": agency,
        "uses": [use.value for use in line.uses],
    }


@require_POST
def withdraw(request: HttpRequest, slug: str, evidence_id: UUID) -> HttpResponse:
    """Take it back; the list offers to undo that for a day."""
    try:
        actions.withdraw(by=person(request), cycle_slug=slug, evidence_id=evidence_id)
    except InputError as error:
        messages.error(request, str(error.problems[0].message))
        return redirect("evidence_one", slug, evidence_id)
    messages.success(request, _("Bukti ditarik. Selama 24 jam masih bisa dikembalikan dari halaman ini."))
    return redirect("evidence", slug)


@require_POST
def restore(request: HttpRequest, slug: str, evidence_id: UUID) -> HttpResponse:
    """Bring it back."""
    try:
        actions.restore(by=person(request), cycle_slug=slug, evidence_id=evidence_id)
    except InputError as error:
        messages.error(request, str(error.problems[0].message))
        return redirect("evidence", slug)
    messages.success(request, _("Bukti dikembalikan."))
    return redirect("evidence_one", slug, evidence_id)


# --- files ------------------------------------------------------------------------------------------------------------
#: What a browser does with a file of ours even where it believes it to be a page: nothing.
LOCKED = "default-src 'none'; style-src 'none'; frame-ancestors 'none'; sandbox"


def served(content: bytes, media_type: str, filename: str, *, inline: bool) -> HttpResponse:
    """Bytes that nobody's browser runs: shown only where they are a photo that we have cleaned ourselves."""
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(not inline, filename) or "attachment"
    response.headers["Content-Security-Policy"] = LOCKED
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@never_cache
@require_safe
def file(request: HttpRequest, slug: str, evidence_id: UUID) -> HttpResponse:
    """The file: a photo without what its camera wrote, to be looked at; a document to be kept."""
    found = queries.file_of(person(request), slug, evidence_id)
    inline = found.media_type in {"image/jpeg", "image/png"}
    return served(found.content, found.media_type, found.filename, inline=inline)


@require_POST
def original(request: HttpRequest, slug: str, evidence_id: UUID) -> HttpResponse:
    """The very bytes that came, to be compared with their hash; who took them is written down."""
    found, content = actions.take_original(by=person(request), cycle_slug=slug, evidence_id=evidence_id)
    return served(content, "application/octet-stream", found.filename, inline=False)


# --- where a lokus is -------------------------------------------------------------------------------------------------
class PointForm(forms.Form):
    """Where the lokus is, as maps copy it."""

    point = forms.CharField(label=gettext_lazy("Titik tengah lokus"), max_length=60)
    radius = forms.IntegerField(
        label=gettext_lazy("Sejauh mana masih di lokus (meter)"),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def point(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Say where the lokus is; how far each photo was taken is measured anew."""
    page = queries.point_page(person(request), slug, code)
    if request.method != "POST":
        stands = "" if page.point is None else f"{page.point[0]}, {page.point[1]}"
        return _point(request, page, PointForm(initial={"point": stands, "radius": page.radius}), 200)
    form = PointForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            points.set_point(
                by=person(request), cycle_slug=slug, lokus_code=code, point=given["point"], radius=given["radius"]
            )
        except InputError as error:
            for problem in error.problems:
                form.add_error(problem.where, f"{problem.message}; {problem.remedy}")
        else:
            messages.success(request, _("Titik lokus tersimpan; jarak tiap foto segera dihitung lagi."))
            return redirect("lokus_point", slug, code)
    return _point(request, page, form, 422)


def _point(request: HttpRequest, page: PointPage, form: PointForm, status: int) -> HttpResponse:
    return render(request, "evidence_point.html", point_context(page, form), status=status)


def point_context(page: PointPage, form: PointForm) -> dict[str, object]:
    """What the page of a lokus's point reads."""
    return {"page": page, "form": form, "synthetic": page.cycle.synthetic}


def list_url(slug: str, **asked: str) -> str:
    """The list as filtered: for other pages that lead to it."""
    return f"{reverse('evidence', args=[slug])}?{urlencode(asked)}"


_ONE = "tahun/<slug:slug>/bukti/<uuid:evidence_id>/"
urlpatterns = [
    path("tahun/<slug:slug>/bukti/", evidence, name="evidence"),
    path("tahun/<slug:slug>/bukti/baru/", new, name="evidence_new"),
    path(_ONE, one, name="evidence_one"),
    path(f"{_ONE}berkas", file, name="evidence_file"),
    path(f"{_ONE}asli", original, name="evidence_original"),
    path(f"{_ONE}ubah/", edit, name="evidence_edit"),
    path(f"{_ONE}tarik/", withdraw, name="evidence_withdraw"),
    path(f"{_ONE}kembalikan/", restore, name="evidence_restore"),
    path("tahun/<slug:slug>/lokus/<str:code>/titik/", point, name="lokus_point"),
]
