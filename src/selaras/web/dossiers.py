"""/tahun/…/lokus/…/berkas/: what was frozen of a lokus, whether it is whole, and what a next one would lack."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from selaras.actions import dossiers as actions
from selaras.errors import InputError, Problem
from selaras.queries import dossiers as queries
from selaras.queries.dossiers import DossierLine, DossiersPage, LackLine
from selaras.reports.dossier_package import Checked, check
from selaras.web.person import person

_HERE = "tahun/<slug:slug>/lokus/<str:code>/berkas/"
#: Seconds after which the page looks whether the worker is through.
SECONDS = 2
#: What each file of a package is.
FILES = {
    "laporan.pdf": gettext_lazy("laporan"),
    "paparan.pptx": gettext_lazy("paparan untuk diubah"),
    "paparan.pdf": gettext_lazy("paparan"),
    "siaran-pers.docx": gettext_lazy("siaran pers"),
    "angka.json": gettext_lazy("angka untuk mesin"),
}

#: What is missing, what that does to the package, and the page where it can be changed.
LACKS = {
    "unmeasured": (
        gettext_lazy("Belum ada pendataan yang dihitung."),
        gettext_lazy("Tanpa itu tidak ada yang dapat dibekukan."),
        "progress",
    ),
    "named": (
        gettext_lazy("Tulisan yang menyebut nama atau nomor: %(n)s."),
        gettext_lazy("Judul atau keterangan itu tidak dimuat. Ubah tulisannya bila perlu dimuat."),
        "activities",
    ),
    "letterhead": (
        gettext_lazy("Kop surat belum diatur."),
        gettext_lazy("Sampul memakai nama kota saja."),
        "letterhead",
    ),
    "one_round": (
        gettext_lazy("Keluarga baru ditanya satu kali."),
        gettext_lazy("Bab Hasil tidak dapat menunjukkan perubahan."),
        "change",
    ),
    "commitments": (
        gettext_lazy("Belum ada komitmen untuk lokus ini."),
        gettext_lazy("Bab Perencanaan kosong."),
        "matrix",
    ),
    "activities": (
        gettext_lazy("Belum ada kegiatan di lokus ini."),
        gettext_lazy("Bab Pelaksanaan kosong."),
        "activities",
    ),
    "evidence_waiting": (
        gettext_lazy("Bukti yang menunggu diperiksa: %(n)s."),
        gettext_lazy("Yang belum diperiksa tidak disebut sebagai bukti."),
        "evidence",
    ),
    "photos_waiting": (
        gettext_lazy("Foto yang belum siap untuk luar kantor: %(n)s."),
        gettext_lazy("Foto masuk hanya sesudah orang memastikan wajahnya tertutup."),
        "blurs",
    ),
    "reactions": (
        gettext_lazy("Kegiatan tanpa 5 jawaban peserta: %(n)s."),
        gettext_lazy("Bab Reaksi tidak menyebutnya."),
        "activities",
    ),
    "strategies": (
        gettext_lazy("Temuan yang belum diputuskan perubahannya: %(n)s."),
        gettext_lazy("Laporan menyebutnya apa adanya."),
        "strategies",
    ),
    "followups": (
        gettext_lazy("Tindak lanjut tanpa penanggung jawab: %(n)s."),
        gettext_lazy("Laporan menyebutnya apa adanya."),
        "followups",
    ),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dossiers(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The page; POST asks for a freezing. `?periksa=ID` holds one against what was written down of it."""
    by, status = person(request), 200
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            actions.freeze(by=by, cycle_slug=slug, code=code)
            messages.success(request, _("Berkas sedang dibekukan. Anda boleh meninggalkan halaman ini."))
            return redirect("dossiers", slug, code)
        except InputError as error:
            problems, status = error.problems, 422
    page = queries.dossiers_page(by, slug, code)
    asked = _asked(request, page)
    found = None if asked is None else _checked(request, slug, code, asked)
    shown = {**context(page, found, asked), "problems": problems}
    response = render(request, "dossiers.html", shown, status=status)
    if page.busy:
        response.headers["Refresh"] = str(SECONDS)
    return response


def _asked(request: HttpRequest, page: DossiersPage) -> UUID | None:
    asked = request.GET.get("periksa", "")
    return next((each.id for each in page.lines if str(each.id) == asked), None)


def _checked(request: HttpRequest, slug: str, code: str, dossier: UUID) -> Checked:
    kept = queries.kept_dossier(person(request), slug, code, dossier)
    found = check(kept.content, kept.sha256, kept.manifest)
    return Checked(found.whole and kept.audited == kept.sha256, found.files)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing: what, what to do, and where."""

    what: str
    remedy: str
    url: str
    stops: bool


def context(page: DossiersPage, checked: Checked | None = None, asked: UUID | None = None) -> dict[str, object]:
    """What the template reads."""
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "lacks": [missing(page, each) for each in page.lacks],
        "stopped": any(each.stops for each in page.lacks),
        "lines": [(each, _files(each), checked if each.id == asked else None) for each in page.lines],
    }


def _files(line: DossierLine) -> list[tuple[str, str]]:
    return [(name, str(FILES.get(name, ""))) for name in line.files]


def missing(page: DossiersPage, lack: LackLine) -> Missing:
    """One line of the check list in words; it leads on for who can do something about all of them."""
    what, remedy, name = LACKS[lack.kind]
    slug, code = page.cycle.slug, page.lokus.code
    arguments = [slug, code] if name in {"progress", "change"} else [slug]
    url = reverse(name, args=arguments) if page.may_freeze else ""
    return Missing(str(what) % {"n": lack.count}, str(remedy), url, lack.stops)


@never_cache
@require_safe
def take(request: HttpRequest, slug: str, code: str, dossier: UUID) -> HttpResponse:
    """The ZIP as it was frozen."""
    kept = queries.kept_dossier(person(request), slug, code, dossier)
    return _download(kept.content, kept.name, "application/zip")


@never_cache
@require_http_methods(["POST"])
def annex(request: HttpRequest, slug: str, code: str, dossier: UUID) -> HttpResponse:
    """The names, for who keeps the records; each taking is written down."""
    try:
        content, name = actions.take_annex(by=person(request), cycle_slug=slug, code=code, dossier=dossier)
    except InputError as error:
        page = queries.dossiers_page(person(request), slug, code)
        return render(request, "dossiers.html", {**context(page), "problems": error.problems}, status=422)
    return _download(content, name, "application/pdf")


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


urlpatterns = [
    path(_HERE, dossiers, name="dossiers"),
    path(f"{_HERE}<uuid:dossier>.zip", take, name="dossier_take"),
    path(f"{_HERE}<uuid:dossier>/nama/", annex, name="dossier_annex"),
]
