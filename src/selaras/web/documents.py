"""The checklist of papers that a programme needs: what is here, what is missing, where it is made."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from selaras.queries import documents as queries
from selaras.queries.documents import DocumentsPage, Needed
from selaras.web.person import person
from selaras.web.tags import bulat


@require_safe
def documents(request: HttpRequest, slug: str) -> HttpResponse:
    """What of the year's papers is here."""
    return render(request, "documents.html", context(queries.documents_page(person(request), slug)))


def context(page: DocumentsPage) -> dict[str, object]:
    """What the template reads besides the page: each line in words, what is missing first."""
    order = {"absent": 0, "part": 1, "there": 2}
    lines = [(line, _TITLES[line.key](), said(line), _where(line, page)) for line in page.needed]
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "missing": sorted((one for one in lines if one[0].state != "there"), key=lambda one: order[one[0].state]),
        "there": [one for one in lines if one[0].state == "there"],
        "elsewhere": [each() for each in _ELSEWHERE],
    }


_TITLES: dict[str, Callable[[], str]] = {
    "letterhead": lambda: _("Kop surat dan penanda tangan"),
    "city_team": lambda: _("SK Tim Pembina atau Pokja tingkat kota"),
    "lokus_teams": lambda: _("SK tim kelurahan"),
    "targets": lambda: _("Daftar keluarga sasaran, menurut nama dan alamat"),
    "baseline": lambda: _("Data awal keluarga sasaran"),
    "matrix": lambda: _("Matriks siapa berbuat apa"),
    "invitations": lambda: _("Undangan rapat bernomor"),
    "attendance": lambda: _("Daftar hadir rapat"),
    "minutes": lambda: _("Notulen rapat"),
    "coaching": lambda: _("Notulen pembinaan lokasi tiap bulan"),
    "activities": lambda: _("Kegiatan dengan foto"),
    "before": lambda: _("Nilai awal yang dibekukan"),
    "after": lambda: _("Nilai akhir yang dibekukan"),
    "weekly": lambda: _("Halaman Senin untuk pimpinan"),
}
#: What juries ask for and Selaras does not keep: said, so that nobody takes a full list for a full folder.
_ELSEWHERE: tuple[Callable[[], str], ...] = (
    lambda: _("SK lokasi"),
    lambda: _("Profil dan peta kelurahan"),
    lambda: _("Naskah kerja sama dengan mitra dan CSR"),
    lambda: _("Rencana keberlanjutan sesudah program"),
    lambda: _("Laporan akhir, bahan paparan, dan video"),
)


def said(line: Needed) -> str:
    """How much of it there is, in words."""
    values = {"n": bulat(line.have), "of": bulat(line.of)}
    if line.key == "letterhead":
        return (
            "" if line.state == "there" else _("Lengkapi kop dan penanda tangan.") if line.have else _("Belum diatur.")
        )
    if line.key == "city_team":
        return {
            "there": _("Nomor SK dan berkasnya tersimpan."),
            "part": _("Tim sudah dicatat; nomor atau berkas SK belum lengkap."),
            "absent": _("Belum dicatat."),
        }[line.state]
    if line.of is None:
        return _COUNTED[line.key]() % values if line.have else _("Belum ada.")
    return _SHARES[line.key]() % values


_COUNTED: dict[str, Callable[[], str]] = {
    "lokus_teams": lambda: _("%(n)s lokus."),
    "targets": lambda: _("%(n)s keluarga."),
    "baseline": lambda: _("%(n)s keluarga."),
    "matrix": lambda: _("%(n)s komitmen."),
    "invitations": lambda: _("%(n)s rapat."),
    "attendance": lambda: _("%(n)s rapat."),
    "minutes": lambda: _("%(n)s rapat."),
    "coaching": lambda: _("%(n)s bulan."),
    "activities": lambda: _("%(n)s kegiatan."),
    "before": lambda: _("%(n)s lokus."),
    "after": lambda: _("%(n)s lokus."),
    "weekly": lambda: _("%(n)s halaman."),
}
_SHARES: dict[str, Callable[[], str]] = {
    "lokus_teams": lambda: _("%(n)s dari %(of)s lokus."),
    "targets": lambda: _("%(n)s dari %(of)s keluarga."),
    "baseline": lambda: _("%(n)s dari %(of)s keluarga."),
    "invitations": lambda: _("%(n)s dari %(of)s rapat."),
    "attendance": lambda: _("%(n)s dari %(of)s rapat yang sudah lewat."),
    "minutes": lambda: _("%(n)s dari %(of)s rapat yang sudah lewat."),
    "activities": lambda: _("%(n)s dari %(of)s kegiatan."),
    "before": lambda: _("%(n)s dari %(of)s lokus."),
    "after": lambda: _("%(n)s dari %(of)s lokus."),
}
#: Where each is made: the name of its page, and whether that page stands in a lokus.
_MADE_AT: dict[str, tuple[str, bool]] = {
    "letterhead": ("letterhead", False),
    "invitations": ("meetings", False),
    "attendance": ("meetings", False),
    "minutes": ("meetings", False),
    "coaching": ("meetings", False),
    "city_team": ("teams", False),
    "lokus_teams": ("teams", False),
    "matrix": ("matrix", False),
    "weekly": ("weeks", False),
    "activities": ("activities", False),
    "targets": ("targets", True),
    "baseline": ("imports", True),
    "before": ("results", True),
    "after": ("results", True),
}


def _where(line: Needed, page: DocumentsPage) -> str:
    """The address of the page where it is made; of several loci the first; '' where there is none."""
    name, local = _MADE_AT.get(line.key, ("", False))
    if not name or (local and not page.loci):
        return ""
    return reverse(name, args=[page.cycle.slug, page.loci[0][0]] if local else [page.cycle.slug])


urlpatterns = [path("tahun/<slug:slug>/berkas/", documents, name="documents")]
