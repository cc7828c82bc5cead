"""/tahun/…/foto-publik/: photos for those outside the office; /tahun/…/foto-sama/: photos that were used before."""

import io
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.actions import blurring as actions
from selaras.errors import InputError, Problem
from selaras.models import EvidenceState, Reused, User
from selaras.queries import blurring as queries
from selaras.queries.blurring import BlurPage, BlursPage, Box, Stand
from selaras.queries.reuse import AHEAD, FAR, OTHER_DAY, ReusePage, Side, Signal, again_of, reuse_page
from selaras.reports.photos import Region
from selaras.web.person import person
from selaras.web.tags import bulat, tanggal

#: In an address → how photos stand.
STANDS: dict[str, Stand] = {"periksa": "waiting", "siap": "ready", "tidak-bisa": "closed"}
LABELS = {
    "waiting": gettext_lazy("perlu diperiksa"),
    "ready": gettext_lazy("boleh keluar"),
    "closed": gettext_lazy("tidak bisa digambar"),
}
STATES = dict(EvidenceState.choices)
#: Points of the longer side of a picture on a list.
SMALL = 480
#: Boxes that can be added by keyboard in one go, besides those that stand.
SPARE = 3
_FIELDS = ("kiri", "atas", "lebar", "tinggi")


# --- the list ---------------------------------------------------------------------------------------------------------
@never_cache
@require_safe
def blurs(request: HttpRequest, slug: str) -> HttpResponse:
    """Which photos of the year wait for a person, and which have a public copy."""
    number = request.GET.get("hal", "1")
    page = queries.blurs_page(
        person(request),
        slug,
        STANDS.get(request.GET.get("keadaan", ""), "waiting"),
        page=int(number) if number.isdecimal() and len(number) < 6 else 1,
    )
    return render(request, "blurs.html", list_context(page))


def list_context(page: BlursPage) -> dict[str, object]:
    """What the list reads besides the page."""
    asked = {stand: name for name, stand in STANDS.items()}
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "tabs": [(asked[stand], LABELS[stand], page.counts[stand], stand == page.stand) for stand in asked],
        "asked": asked[page.stand],
        "states": STATES,
    }


# --- one photo --------------------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def blur(request: HttpRequest, slug: str, photo_id: UUID) -> HttpResponse:
    """Say what is hidden, or that nobody is on it; then the next photo."""
    user = person(request)
    page = queries.blur_page(user, slug, photo_id)
    if request.method != "POST":
        return render(request, "blur.html", context(page, page.boxes))
    regions, problems = _regions(request.POST)
    nobody, not_faces = request.POST.get("kosong") == "1", request.POST.get("bukan_wajah") == "1"
    version = request.POST.get("version", "")
    try:
        if problems:
            raise InputError(problems)
        if nobody and regions == [_region(box) for box in page.proposed]:
            # What the detector proposed stands there until she says otherwise, and now she does.
            regions = []
        actions.confirm(
            by=user,
            cycle_slug=slug,
            evidence_id=photo_id,
            version=int(version) if version.isdecimal() and len(version) < 9 else 0,
            regions=regions,
            nobody=nobody,
            not_faces=not_faces,
        )
    except InputError as error:
        said = {"nobody": nobody, "not_faces": not_faces, "problems": error.problems}
        boxes = tuple(Box(*region) for region in regions)
        return render(request, "blur.html", {**context(page, boxes), **said}, status=422)
    messages.success(request, _("Salinan untuk luar kantor siap: %(title)s.") % {"title": page.line.title})
    return redirect("blur", slug, page.next) if page.next else redirect("blurs", slug)


def context(page: BlurPage, boxes: tuple[Box, ...]) -> dict[str, object]:
    """What the page of one photo reads: the boxes as they stand, and empty rows to add others by keyboard."""
    rows = [(n, box) for n, box in enumerate(boxes, 1)]
    spare = [(len(rows) + n, None) for n in range(1, SPARE + 1)]
    return {
        "page": page,
        "line": page.line,
        "synthetic": page.cycle.synthetic,
        "rows": [*rows, *spare],
        "boxes": rows,
        "fields": _FIELDS,
        "nobody": page.line.nobody,
        "problems": (),
    }


def _region(box: Box) -> Region:
    return box.left, box.top, box.width, box.height


def _regions(given: QueryDict) -> tuple[list[Region], list[Problem]]:
    """The boxes as they were drawn or typed, in points; a row that is half filled in is a problem."""
    regions, problems = [], []
    numbers = [given.getlist(name) for name in _FIELDS]
    for n, texts in enumerate(zip(*numbers, strict=False), 1):
        stripped = [text.strip() for text in texts]
        if not any(stripped):
            continue
        if not all(text.isdecimal() and len(text) < 6 for text in stripped):
            problems.append(Problem("blur.region", "regions", {"n": n, "least": actions.LEAST_SIDE}))
            continue
        left, top, width, height = (int(text) for text in stripped)
        regions.append((left, top, width, height))
    return regions, problems


@require_POST
def withdraw(request: HttpRequest, slug: str, photo_id: UUID) -> HttpResponse:
    """Destroy the public copy, to decide again."""
    version = request.POST.get("version", "")
    number = int(version) if version.isdecimal() and len(version) < 9 else 0
    try:
        actions.withdraw(by=person(request), cycle_slug=slug, evidence_id=photo_id, version=number)
    except InputError as error:
        for problem in error.problems:
            messages.error(request, f"{problem.message}; {problem.remedy}")
    else:
        messages.success(request, _("Salinan untuk luar kantor ditarik dan dihapus."))
    return redirect("blur", slug, photo_id)


# --- its pictures -----------------------------------------------------------------------------------------------------
@never_cache
@require_safe
def work(request: HttpRequest, slug: str, photo_id: UUID) -> HttpResponse:
    """The photo with all who are on it, for who decides; drawn by us, without a word of the camera."""
    return _picture(request, queries.work_of(person(request), slug, photo_id), f"utuh-{photo_id}")


@never_cache
@require_safe
def copy(request: HttpRequest, slug: str, photo_id: UUID) -> HttpResponse:
    """The public copy."""
    return _picture(request, queries.copy_of(person(request), slug, photo_id), f"publik-{photo_id}")


def _picture(request: HttpRequest, content: bytes, name: str) -> HttpResponse:
    if request.GET.get("kecil") == "1":
        content = _smaller(content)
    response = HttpResponse(content, content_type="image/jpeg")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.jpg"'
    return response


def _smaller(content: bytes) -> bytes:
    """The same for a list. What is unfolded here is a JPEG that we drew, of 1600 points at most."""
    from PIL import Image

    with Image.open(io.BytesIO(content), formats=("JPEG",)) as picture:
        picture.draft("RGB", (SMALL, SMALL))
        small = picture.convert("RGB")
    small.thumbnail((SMALL, SMALL))
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=80)
    return stream.getvalue()


# --- used before ------------------------------------------------------------------------------------------------------
@never_cache
@require_safe
def reused(request: HttpRequest, slug: str) -> HttpResponse:
    """Photos that were used before, or whose camera says another place or day."""
    number = request.GET.get("hal", "1")
    page = reuse_page(person(request), slug, page=int(number) if number.isdecimal() and len(number) < 6 else 1)
    return render(request, "reused.html", reused_context(page))


def reused_context(page: ReusePage) -> dict[str, object]:
    """What the template reads: each photo with its signals in words, and the pictures that lie beside it."""
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "rows": [
            (row, STATES[row.state], [why(each) for each in row.signals], [s.other for s in row.signals if s.other])
            for row in page.rows
        ],
    }


def said_again(user: User, slug: str, evidence_id: UUID) -> list[str]:
    """Where a photo was used before, in sentences, for the desk."""
    return [why(signal) for signal in again_of(user, slug, evidence_id)]


def why(signal: Signal) -> str:
    """The signal in a sentence that anybody can follow, with what may well explain it."""
    if signal.other is not None:
        return _SAME[Reused(signal.code)] % {"other": named(signal.other)}
    if signal.code == FAR and signal.metres is not None and signal.radius is not None:
        said = _("Menurut kameranya diambil %(far)s dari titik lokus, padahal lokusnya hanya sampai %(radius)s.")
        far = {"far": _length(signal.metres), "radius": _length(signal.radius)}
        return " ".join([said % far, _("Wajar bila kegiatannya memang di tempat lain.")])
    if signal.code == OTHER_DAY and signal.days is not None:
        return " ".join([_day(signal, signal.days), _("Wajar bila jam kameranya salah.")])
    if signal.code == AHEAD:
        return _("Menurut kameranya diambil sesudah foto ini sampai di sini. Wajar bila jam kameranya salah.")
    return signal.code


_SAME = {
    Reused.COPY: gettext_lazy("Berkasnya sama persis dengan %(other)s."),
    Reused.ALIKE: gettext_lazy("Foto yang sama dengan %(other)s, hanya disimpan ulang."),
    Reused.CROPPED: gettext_lazy("Foto yang sama dengan %(other)s, hanya dipotong."),
    Reused.MIRRORED: gettext_lazy("Foto yang sama dengan %(other)s, hanya dicerminkan."),
    Reused.BOTH: gettext_lazy("Foto yang sama dengan %(other)s, hanya dicerminkan dan dipotong."),
}


def named(side: Side) -> str:
    """A picture as a sentence names it."""
    values = {"title": side.title, "where": side.where, "year": side.year, "when": tanggal(side.received_at.date())}
    if side.file:
        return _("foto pendataan %(where)s, %(when)s") % values
    if not side.title:
        return _("bukti lain di %(where)s, %(year)s, %(when)s") % values
    return _("“%(title)s” (%(where)s, %(year)s, %(when)s)") % values


def _day(signal: Signal, days: int) -> str:
    values = {"taken": tanggal(signal.taken), "on": tanggal(signal.on), "n": bulat(abs(days))}
    before = ngettext(
        "Menurut kameranya diambil %(taken)s, %(n)s hari sebelum kegiatannya (%(on)s).",
        "Menurut kameranya diambil %(taken)s, %(n)s hari sebelum kegiatannya (%(on)s).",
        abs(days),
    )
    after = ngettext(
        "Menurut kameranya diambil %(taken)s, %(n)s hari sesudah kegiatannya (%(on)s).",
        "Menurut kameranya diambil %(taken)s, %(n)s hari sesudah kegiatannya (%(on)s).",
        abs(days),
    )
    return (before if days < 0 else after) % values


def _length(metres: int) -> str:
    if metres < 1000:
        return f"{bulat(metres)} m"
    return f"{metres / 1000:.1f} km".replace(".", ",")


_ONE = "tahun/<slug:slug>/foto-publik/<uuid:photo_id>/"
urlpatterns = [
    path("tahun/<slug:slug>/foto-publik/", blurs, name="blurs"),
    path(_ONE, blur, name="blur"),
    path(f"{_ONE}tarik/", withdraw, name="blur_withdraw"),
    path(f"{_ONE}utuh", work, name="blur_work"),
    path(f"{_ONE}salinan", copy, name="blur_copy"),
    path("tahun/<slug:slug>/foto-sama/", reused, name="reused"),
]
