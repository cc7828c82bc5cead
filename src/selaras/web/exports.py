"""/tahun/…/ekspor/: answers of a round as a file, at once or, where they are many, once the worker has made it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.actions import exports as actions
from selaras.actions.exports import Ready
from selaras.errors import InputError
from selaras.queries.exports import ExportsPage, exports_page
from selaras.queries.extract import Wanted
from selaras.web.person import person

#: While a file is being made the page comes back by itself.
SECONDS = 3


class ExportForm(forms.Form):
    """What to take along, and what for."""

    putaran = forms.ChoiceField(label=gettext_lazy("Putaran pendataan"))
    bentuk = forms.ChoiceField(
        label=gettext_lazy("Bentuk berkas"),
        choices=[
            ("xlsx", gettext_lazy("Excel (.xlsx), untuk dibuka di lembar kerja")),
            ("csv", gettext_lazy("CSV, untuk program lain dan selaras score")),
            ("parquet", gettext_lazy("Parquet, untuk data besar dan selaras score")),
        ],
        widget=forms.RadioSelect,
        initial="xlsx",
    )
    isi = forms.ChoiceField(
        label=gettext_lazy("Isi kolom"),
        choices=[
            ("label", gettext_lazy("Pertanyaan dan jawaban dengan kata-kata")),
            ("kode", gettext_lazy("Nama isian dan kode jawaban, untuk dihitung ulang")),
        ],
        widget=forms.RadioSelect,
        initial="label",
    )
    semua = forms.BooleanField(label=gettext_lazy("Sertakan keluarga yang belum didata"), required=False)
    identitas = forms.BooleanField(
        label=gettext_lazy("Sertakan identitas: nama, alamat, NIK, nomor KK, nomor HP, dan isian teks bebas"),
        required=False,
    )
    untuk = forms.CharField(
        label=gettext_lazy("Untuk apa"),
        max_length=actions.LONGEST,
        help_text=gettext_lazy("Tersimpan di jejak audit bersama nama Anda. Jangan tulis nama atau nomor keluarga."),
        error_messages={"required": gettext_lazy("Tulis singkat untuk apa berkas ini dipakai.")},
    )

    def __init__(self, page: ExportsPage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rounds = self.fields["putaran"]
        assert isinstance(rounds, forms.ChoiceField)  # noqa: S101  (declared so above)
        rounds.choices = [(each.slug, each.label) for each in page.rounds]
        rounds.initial = page.shown
        if not page.naming:
            del self.fields["identitas"]

    def wanted(self) -> Wanted:
        """What the valid form says."""
        said = self.cleaned_data
        return Wanted(
            round=said["putaran"],
            form=said["bentuk"],
            words=said["isi"] == "label",
            everybody=said["semua"],
            identifiers=said.get("identitas", False),
        )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The form and the files that were asked for; a POST answers with the file itself where families are few."""
    page = exports_page(person(request), slug)
    if request.method != "POST":
        return _page(request, page, ExportForm(page), 200)
    form = ExportForm(page, request.POST)
    if not form.is_valid():
        return _page(request, page, form, 422)
    try:
        found = actions.export(
            by=person(request), cycle_slug=slug, wanted=form.wanted(), why=form.cleaned_data["untuk"]
        )
    except InputError as error:
        for problem in error.problems:
            form.add_error("untuk" if problem.where == "why" else None, f"{problem.message}; {problem.remedy}")
        return _page(request, page, form, 422)
    if isinstance(found, Ready):
        return FileResponse(found.stream, as_attachment=True, filename=found.name, content_type=found.content_type)
    messages.success(request, _("Berkas sedang disiapkan. Anda boleh menutup halaman ini; berkas menunggu di sini."))
    return redirect("exports", slug)


def _page(request: HttpRequest, page: ExportsPage, form: ExportForm, status: int) -> HttpResponse:
    response = render(request, "exports.html", context(page, form), status=status)
    # Not while somebody fills the form in again.
    if status == 200 and any(line.state == "waiting" for line in page.files):
        response.headers["Refresh"] = str(SECONDS)
    return response


def context(page: ExportsPage, form: ExportForm) -> dict[str, object]:
    """What the template reads."""
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "form": form,
        "choices": [form["bentuk"], form["isi"]],
        "files": [(line, _FORMS[line.wanted.form]) for line in page.files],
    }


_FORMS = {"xlsx": "Excel", "csv": "CSV", "parquet": "Parquet"}


@never_cache
@require_safe
def take(request: HttpRequest, slug: str, export_id: UUID) -> HttpResponseBase:
    """A file that has been made."""
    found, pieces = actions.take(by=person(request), cycle_slug=slug, export_id=export_id)
    response = StreamingHttpResponse(pieces, content_type=found.content_type)
    response.headers["Content-Length"] = str(found.size)
    response.headers["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    return response


@require_POST
def drop(request: HttpRequest, slug: str, export_id: UUID) -> HttpResponse:
    """Delete a file before its time."""
    actions.drop(by=person(request), cycle_slug=slug, export_id=export_id)
    messages.success(request, _("Berkas ekspor dihapus."))
    return redirect("exports", slug)


urlpatterns = [
    path("tahun/<slug:slug>/ekspor/", exports, name="exports"),
    path("tahun/<slug:slug>/ekspor/<uuid:export_id>/", take, name="export_take"),
    path("tahun/<slug:slug>/ekspor/<uuid:export_id>/hapus/", drop, name="export_drop"),
]
