"""/tahun/SLUG/kegiatan/: what was done: one photo, one number, one minute; from a desk or by an agency's link."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.actions import activities as actions
from selaras.actions import plans
from selaras.actions.activities import LARGEST, MOST_PEOPLE, Told
from selaras.errors import InputError
from selaras.models import Activity, CommitmentState, User
from selaras.queries import activities as queries
from selaras.queries.activities import BANDS, SEXES, ActivitiesPage, ActivityPage, ReportPage
from selaras.queries.links import Arrival
from selaras.web import naming
from selaras.web.answers import by_link
from selaras.web.numbers import LocalDecimalField
from selaras.web.person import person
from selaras.web.tags import ringkas

#: Of our problems, the field that each belongs to, where it is called otherwise there.
_FIELDS = {"attended": "P_dewasa", "version": None}
_PEOPLE = tuple((sex, band, f"{sex}_{band}") for sex in SEXES for band in BANDS)


class ActivityForm(forms.Form):
    """A report. What may be chosen is the page's."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=gettext_lazy("Apa yang dilakukan"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "usul", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Tulis apa yang dilakukan.")},
    )
    on = forms.DateField(
        label=gettext_lazy("Tanggal"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    venue = forms.CharField(label=gettext_lazy("Tempat"), max_length=200, required=False)
    agency = forms.TypedChoiceField(label=gettext_lazy("OPD atau mitra"), coerce=int, empty_value=None, required=False)
    quantity = LocalDecimalField(
        label=gettext_lazy("Jumlah"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    unit = forms.CharField(label=gettext_lazy("Satuan"), max_length=40, required=False)
    disabled = forms.IntegerField(
        label=gettext_lazy("Di antaranya penyandang disabilitas"),
        min_value=0,
        max_value=MOST_PEOPLE,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    commitments = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Untuk komitmen"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    households = forms.MultipleChoiceField(
        label=gettext_lazy("Keluarga yang dilayani"), required=False, widget=forms.CheckboxSelectMultiple
    )
    photo = forms.FileField(
        label=gettext_lazy("Foto"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/heic,.heic"}),
        error_messages={"empty": gettext_lazy("Foto ini kosong. Ambil atau pilih lagi.")},
    )
    drop_photo = forms.BooleanField(label=gettext_lazy("Hapus foto yang ada"), required=False)

    def __init__(self, page: ReportPage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nobody = [("", _("Tidak ada, atau warga sendiri"))] if page.free else []
        self._choose("agency", [*nobody, *page.agencies])
        self.fields["agency"].required = not page.free
        self._choose("commitments", [(each.number, each.code) for each in page.commitments])
        self._choose("households", [(str(each.id), each.code) for each in page.families])
        for sex, band, name in _PEOPLE:
            self.fields[name] = forms.IntegerField(
                label=f"{SEX_WORDS[sex]}, {BAND_WORDS[band]}",
                min_value=0,
                max_value=MOST_PEOPLE,
                required=False,
                widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            )

    def _choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def clean_photo(self) -> bytes | None:
        """The bytes; a file that is too big is not read."""
        file = self.cleaned_data["photo"]
        if file is None:
            return None
        if file.size > LARGEST:
            raise forms.ValidationError(_("Foto lebih dari 15 MB. Pilih ukuran lebih kecil di pengaturan kamera."))
        content: bytes = file.read()
        return content

    @property
    def people(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The boxes for who came, a row for each sex."""
        return [(str(SEX_WORDS[sex]), [self[f"{sex}_{band}"] for band in BANDS]) for sex in SEXES]

    def told(self, *, families: bool) -> Told:
        """What was reported. `families`: whether she was shown any to choose from."""
        given = self.cleaned_data
        return Told(
            title=given["title"],
            on=given["on"],
            agency_id=given["agency"],
            venue=given["venue"],
            quantity=given["quantity"],
            unit=given["unit"],
            attended={sex: {band: given[f"{sex}_{band}"] or 0 for band in BANDS} for sex in SEXES},
            disabled=given["disabled"] or 0,
            commitments=tuple(given["commitments"]),
            households=tuple(UUID(each) for each in given["households"]) if families else None,
        )


SEX_WORDS = {"P": gettext_lazy("Perempuan"), "L": gettext_lazy("Laki-laki")}
BAND_WORDS = {"anak": gettext_lazy("anak"), "dewasa": gettext_lazy("dewasa"), "lansia": gettext_lazy("lansia")}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the form stands: who sends it, and where it leads when it was kept."""

    by: User
    template: str
    done: str
    extra: dict[str, object]


# --- the list and one of them -----------------------------------------------------------------------------------------
@never_cache
@require_safe
def activities(request: HttpRequest, slug: str) -> HttpResponse:
    """What was done, newest first, by lokus, agency and month."""
    asked = {name: request.GET.get(name, "")[:60] for name in ("lokus", "opd", "bulan")}
    number = request.GET.get("hal", "1")
    page = queries.activities_page(
        person(request),
        slug,
        lokus=asked["lokus"],
        agency=asked["opd"],
        month=asked["bulan"],
        page=int(number) if number.isdecimal() and len(number) < 6 else 1,
    )
    return render(request, "activities.html", list_context(page))


def list_context(page: ActivitiesPage) -> dict[str, object]:
    """What the list reads: the filters as an address keeps them."""
    asked = {"lokus": page.lokus, "opd": page.agency, "bulan": page.month}
    filters = urlencode({name: value for name, value in asked.items() if value})
    return {"page": page, "synthetic": page.cycle.synthetic, "filters": filters, "filtered": bool(filters)}


@never_cache
@require_safe
def activity(request: HttpRequest, slug: str, activity_id: UUID) -> HttpResponse:
    """One of them, with what could be said of the commitments that it served."""
    page = queries.activity_page(person(request), slug, activity_id)
    code = page.lokus.code
    names = {"names": naming.shown(request, slug, code, page.families), "named": naming.asked(request, slug, code)}
    return render(request, "activity.html", {**context(page), **names})


def context(page: ActivityPage) -> dict[str, object]:
    """What the page of one activity reads."""
    return {
        "page": page,
        "line": page.line,
        "people": [(SEX_WORDS[sex], [page.line.attended.counts[sex][band] for band in BANDS]) for sex in SEXES],
        "bands": [BAND_WORDS[band] for band in BANDS],
        "synthetic": page.cycle.synthetic,
    }


@never_cache
@require_safe
def photo(request: HttpRequest, slug: str, activity_id: UUID) -> HttpResponse:
    """Its photo, without what the camera wrote into it."""
    content, kind = queries.photo_of(person(request), slug, activity_id)
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'inline; filename="{activity_id}.{kind.partition("/")[2]}"'
    return response


# --- reporting --------------------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Report what was done, in a lokus where she may."""
    place = Place(person(request), "activity_new.html", reverse("activities", args=[slug]), {})
    return report(request, slug, place)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def by_agency(request: HttpRequest, token: str, found: Arrival) -> HttpResponse:
    """The same by an agency's link, without sign-in: for her agency alone."""
    assert found.person is not None  # noqa: S101  (by_link lets nobody else in)
    extra = {"token": token, "arrival": found}
    place = Place(found.person, "opd/activity.html", reverse("answers_activity", args=[token]), extra)
    return report(request, found.cycle.slug, place)


def report(request: HttpRequest, slug: str, place: Place) -> HttpResponse:
    """Show the form, or keep what was sent. Sent twice, it is one: the form carries its own id."""
    asked = request.GET if request.method != "POST" else request.POST
    number = asked.get("komitmen", "")
    page = queries.report_page(
        place.by,
        slug,
        code=asked.get("lokus", "")[:40],
        commitment=int(number) if number.isdecimal() and len(number) < 7 else None,
    )
    if request.method != "POST":
        return _form(request, place, page, ActivityForm(page, initial=_begun(page)), {})
    form = ActivityForm(page, request.POST, request.FILES)
    if form.is_valid():
        try:
            made = actions.report(
                by=place.by,
                cycle_slug=slug,
                lokus_code=page.lokus.code,
                activity_id=form.cleaned_data["id"],
                told=form.told(families=bool(page.families)),
                photo=form.cleaned_data["photo"],
            )
        except InputError as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Kegiatan tercatat: %(title)s.") % {"title": made.title})
            return redirect(place.done if place.extra else reverse("activity", args=[slug, made.uuid]))
    return _form(request, place, page, form, {}, status=422)


def _begun(page: ReportPage) -> dict[str, object]:
    """What a new form begins with: today, a fresh id, and the commitment that she came from."""
    begun: dict[str, object] = {"id": uuid.uuid4(), "on": page.today}
    if len(page.agencies) == 1 and not page.free:
        begun["agency"] = page.agencies[0][0]
    if page.chosen is not None:
        chosen = page.chosen
        begun |= {
            "title": chosen.title,
            "unit": chosen.unit,
            "agency": chosen.agency_id,
            "commitments": [chosen.number],
        }
    return begun


def _refuse(form: ActivityForm, error: InputError) -> None:
    for problem in error.problems:
        name = _FIELDS.get(problem.where, problem.where or None)
        form.add_error(name, f"{problem.message}; {problem.remedy}")


def _form(
    request: HttpRequest,
    place: Place,
    page: ReportPage,
    form: ActivityForm,
    more: Mapping[str, object],
    *,
    status: int = 200,
) -> HttpResponse:
    given: dict[str, object] = {**form_context(page, form), "lost_photo": bool(request.FILES) and status == 422}
    if page.families:
        slug, code = page.cycle.slug, page.lokus.code
        given["names"] = naming.shown(request, slug, code, [each.code for each in page.families])
        given["named"] = naming.asked(request, slug, code)
    return render(request, place.template, {**given, **place.extra, **more}, status=status)


def form_context(page: ReportPage, form: ActivityForm) -> dict[str, object]:
    """What the form reads besides itself."""
    return {
        "page": page,
        "form": form,
        "bands": [BAND_WORDS[band] for band in BANDS],
        "commitments": list(_boxes(form, "commitments", {each.number: each for each in page.commitments})),
        "families": list(_boxes(form, "households", {str(each.id): each for each in page.families})),
        "synthetic": page.cycle.synthetic,
    }


def _boxes(form: ActivityForm, name: str, known: dict[Any, object]) -> Iterator[tuple[object, bool]]:
    """What can be ticked, each with whether it is."""
    ticked = {str(value) for value in form[name].value() or ()}
    for key, each in known.items():
        yield each, str(key) in ticked


# --- correcting, taking back ------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, activity_id: UUID) -> HttpResponse:
    """Correct a report. Whoever was slower is told, and shown what stands there now beside what she typed."""
    user = person(request)
    page, row = queries.change_page(user, slug, activity_id)
    place = Place(user, "activity_new.html", reverse("activity", args=[slug, activity_id]), {})
    more: dict[str, object] = {"changing": activity_id, "has_photo": row.photo_id is not None}
    if request.method != "POST":
        return _form(request, place, page, ActivityForm(page, initial=_standing(row)), more)
    form = ActivityForm(page, request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.change(
                by=user,
                cycle_slug=slug,
                activity_id=activity_id,
                version=form.cleaned_data["version"] or 0,
                told=form.told(families=bool(page.families)),
                photo=form.cleaned_data["photo"],
                drop_photo=form.cleaned_data["drop_photo"],
            )
        except InputError as error:
            _refuse(form, error)
            if any(problem.code == "activity.newer" for problem in error.problems):
                more |= {"differences": list(_differences(page, row, form))}
                newer = request.POST.copy()
                newer["version"] = str(row.version)
                form.data = newer
        else:
            messages.success(request, _("Perubahan tersimpan."))
            return redirect(place.done)
    return _form(request, place, page, form, more, status=422)


def _standing(row: Activity) -> dict[str, object]:
    """What the form of a correction begins with."""
    counts = queries.attended(row.attended, exact=True)
    return {
        "id": row.uuid,
        "version": row.version,
        "title": row.title,
        "on": row.on,
        "venue": row.venue,
        "agency": row.agency_id,
        "quantity": "" if row.quantity is None else ringkas(row.quantity),
        "unit": row.unit,
        "disabled": counts.disabled or None,
        "commitments": [each.number for each in row.commitments.all()],
        "households": [str(each) for each in row.households.values_list("uuid", flat=True)],
        **{name: counts.counts[sex][band] or None for sex, band, name in _PEOPLE},
    }


def _differences(page: ReportPage, row: Activity, form: ActivityForm) -> Iterator[tuple[str, str, str]]:
    """(field, what stands there now, what she typed) wherever they differ."""
    now = ActivityForm(page, initial=_standing(row))
    for name in (*form.fields,):
        if name in {"id", "version", "photo", "drop_photo", "households"}:
            continue
        stands, typed = (str(_plain(each[name].value())) for each in (now, form))
        if stands != typed:
            yield str(form.fields[name].label), stands, typed


def _plain(value: object) -> object:
    if isinstance(value, list | tuple):
        return ", ".join(f"K-{int(each):03d}" for each in value)
    return "" if value is None else value


@require_POST
def delete(request: HttpRequest, slug: str, activity_id: UUID) -> HttpResponse:
    """Take it back; the list offers to undo that for a day."""
    actions.delete(by=person(request), cycle_slug=slug, activity_id=activity_id)
    messages.success(request, _("Laporan dihapus. Selama 24 jam masih bisa dikembalikan dari halaman ini."))
    return redirect("activities", slug)


@require_POST
def restore(request: HttpRequest, slug: str, activity_id: UUID) -> HttpResponse:
    """Bring it back."""
    actions.restore(by=person(request), cycle_slug=slug, activity_id=activity_id)
    messages.success(request, _("Laporan dikembalikan."))
    return redirect("activity", slug, activity_id)


@require_POST
def advance(request: HttpRequest, slug: str, activity_id: UUID, number: int) -> HttpResponse:
    """Say that a commitment which it served is running, or done."""
    page = queries.activity_page(person(request), slug, activity_id)
    offer = next((each for each in page.offers if each.commitment.number == number), None)
    if offer is not None and request.POST.get("version") == str(offer.version):
        state = CommitmentState(offer.state)
        plans.move(by=person(request), cycle_slug=slug, number=number, version=offer.version, state=state)
        values = {"code": offer.commitment.code, "state": state.label}
        messages.success(request, _("%(code)s sekarang %(state)s.") % values)
    else:
        messages.info(request, _("Komitmen itu sudah berubah; tidak ada yang ditimpa."))
    return redirect("activity", slug, activity_id)


_ONE = "tahun/<slug:slug>/kegiatan/<uuid:activity_id>/"
urlpatterns = [
    path("tahun/<slug:slug>/kegiatan/", activities, name="activities"),
    path("tahun/<slug:slug>/kegiatan/baru/", new, name="activity_new"),
    path(_ONE, activity, name="activity"),
    path(f"{_ONE}foto", photo, name="activity_photo"),
    path(f"{_ONE}ubah/", edit, name="activity_edit"),
    path(f"{_ONE}hapus/", delete, name="activity_delete"),
    path(f"{_ONE}kembalikan/", restore, name="activity_restore"),
    path(f"{_ONE}komitmen/<int:number>/", advance, name="activity_advance"),
    path("opd/<str:link>/kegiatan/", by_agency, name="answers_activity"),
]
