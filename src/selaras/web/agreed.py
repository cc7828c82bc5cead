"""/tahun/…/lokus/…/impor/instansi/: lists that other offices give by an agreement; they fill blanks, and only those."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from selaras.actions import agreed as actions
from selaras.actions.agreed import MOST_BYTES, Agreement
from selaras.errors import InputError, Problem
from selaras.queries.agreed import BY_CODE, BY_KK, BY_NIK, AgreedListPage, AgreedPage, agreed_list_page, agreed_page
from selaras.web.person import person

#: AgreedState.
STATES = {
    "uploaded": gettext_lazy("belum dipakai"),
    "published": gettext_lazy("dipakai"),
    "discarded": gettext_lazy("dibuang"),
    "undone": gettext_lazy("diurungkan"),
}
#: What finds a family.
FINDS = {
    BY_CODE: gettext_lazy("Kode keluarga"),
    BY_KK: gettext_lazy("Nomor KK"),
    BY_NIK: gettext_lazy("NIK seorang anggota"),
}
_FIELDS = ("instansi", "nomor", "tanggal", "untuk", "putaran")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agreed_list(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The lists; posted, a new one."""
    page = agreed_list_page(person(request), slug, code)
    if request.method != "POST":
        return render(request, "agreed_list.html", list_context(page))
    said = {name: request.POST.get(name, "")[:300] for name in _FIELDS}
    sent = request.FILES.get("berkas")
    try:
        if sent is None:
            raise InputError(Problem("agreed.file"))
        made = actions.receive_list(
            by=person(request),
            cycle_slug=slug,
            code=code,
            round_slug=said["putaran"],
            agreement=Agreement(said["instansi"], said["nomor"], _day(said["tanggal"]), said["untuk"]),
            filename=sent.name or "",
            file=BytesIO(sent.read(MOST_BYTES + 1)),
        )
    except InputError as error:
        return render(request, "agreed_list.html", list_context(page, said, error.problems), status=422)
    return redirect("agreed", slug, code, made.uuid)


def list_context(
    page: AgreedListPage, said: Mapping[str, str] | None = None, problems: Sequence[Problem] = ()
) -> dict[str, object]:
    """What the template of the lists reads."""
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "said": said or {},
        "problems": problems,
        "states": STATES,
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agreed(request: HttpRequest, slug: str, code: str, agreed_id: UUID) -> HttpResponse:
    """One list: what its columns mean (posted: checked, or used), what it said, and where families said otherwise."""
    by = person(request)
    if request.method != "POST":
        return render(request, "agreed.html", context(agreed_page(by, slug, code, agreed_id)))
    page = agreed_page(by, slug, code, agreed_id)
    said = {
        title: request.POST.get(f"kolom-{place}", meaning)[:80] for place, (title, meaning) in enumerate(page.columns)
    }
    only_check = request.POST.get("langkah") != "pakai"
    try:
        done = actions.use_list(
            by=by, cycle_slug=slug, code=code, agreed_id=agreed_id, mapping=said, only_check=only_check
        )
    except InputError as error:
        return render(request, "agreed.html", context(page, said, error.problems), status=422)
    if only_check:
        messages.info(request, _("Sudah diperiksa. Lihat hasilnya, lalu pakai bila sudah benar."))
    else:
        words = _("Dipakai: %(n)s keluarga. Jawaban keluarga sendiri tidak ada yang diganti.")
        messages.success(request, words % {"n": done.summary["families"]})
    return redirect("agreed", slug, code, agreed_id)


def context(
    page: AgreedPage, said: Mapping[str, str] | None = None, problems: Sequence[Problem] = ()
) -> dict[str, object]:
    """What the template of one list reads."""
    columns = [(place, title, (said or {}).get(title, meant)) for place, (title, meant) in enumerate(page.columns)]
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "columns": columns,
        "finds": FINDS,
        "problems": problems,
        "states": STATES,
    }


@require_POST
def drop(request: HttpRequest, slug: str, code: str, agreed_id: UUID) -> HttpResponse:
    """Throw away what was not used, take back what was."""
    done = actions.drop_list(by=person(request), cycle_slug=slug, code=code, agreed_id=agreed_id)
    undone = done.undone_at is not None
    messages.success(request, _("Diurungkan; isian kosongnya kosong lagi.") if undone else _("Daftar dibuang."))
    return redirect("agreed_list", slug, code)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


_HERE = "tahun/<slug:slug>/lokus/<str:code>/impor/instansi/"
urlpatterns = [
    path(_HERE, agreed_list, name="agreed_list"),
    path(f"{_HERE}<uuid:agreed_id>/", agreed, name="agreed"),
    path(f"{_HERE}<uuid:agreed_id>/urungkan/", drop, name="agreed_drop"),
]
