"""/tahun/…/lokus/…/dua-kali/: families that may stand twice, side by side, and what a person says of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from selaras.actions import duplicates as actions
from selaras.errors import InputError, Problem
from selaras.models import DuplicateAnswer
from selaras.queries.duplicates import DuplicatesPage, PairLine, Side, duplicates_page
from selaras.web import naming
from selaras.web.person import person

#: Comparison and level -> what it says, in words; the order is that of the page.
WORDS = {
    "head": {
        "same": gettext_lazy("nama kepala keluarga sama, gelar dan urutan diabaikan"),
        "sound": gettext_lazy("nama kepala keluarga sebunyi, ejaannya lain"),
        "near": gettext_lazy("nama kepala keluarga beda satu dua huruf"),
        "part": gettext_lazy("nama kepala keluarga yang satu bagian dari nama yang lain"),
        "member": gettext_lazy("kepala keluarga yang satu tercatat sebagai anggota yang lain"),
        "differs": gettext_lazy("nama kepala keluarga berbeda"),
    },
    "members": {
        "all": gettext_lazy("semua anggota keluarga yang lebih pendek daftarnya ada di keluarga yang lain"),
        "many": gettext_lazy("beberapa anggota senama"),
        "one": gettext_lazy("satu anggota senama"),
        "differs": gettext_lazy("tidak ada anggota yang senama"),
    },
    "niks": {
        "many": gettext_lazy("beberapa NIK sama"),
        "one": gettext_lazy("satu NIK sama"),
        "differs": gettext_lazy("NIK yang tercatat berbeda"),
    },
    "births": {
        "many": gettext_lazy("tanggal lahir beberapa anggota sama menurut NIK-nya"),
        "one": gettext_lazy("tanggal lahir satu anggota sama menurut NIK-nya"),
        "differs": gettext_lazy("tanggal lahir menurut NIK berbeda"),
    },
    "kk": {"same": gettext_lazy("nomor KK sama"), "differs": gettext_lazy("nomor KK berbeda")},
    "phone": {"same": gettext_lazy("nomor HP sama"), "differs": gettext_lazy("nomor HP berbeda")},
    "address": {
        "same": gettext_lazy("alamat dan nomor rumah sama"),
        "near": gettext_lazy("alamat beda satu dua huruf, nomor rumah sama"),
        "street": gettext_lazy("nama jalan atau kampung sama, nomor rumah tidak tertulis"),
        "differs": gettext_lazy("alamat berbeda"),
    },
    "place": {
        "same": gettext_lazy("RT dan RW sama"),
        "rw": gettext_lazy("RW sama, RT berbeda"),
        "lokus": gettext_lazy("RW berbeda"),
        "differs": gettext_lazy("lokus berbeda"),
    },
}
#: Levels that speak for two families.
_APART = frozenset({("place", "lokus"), *((name, "differs") for name in WORDS)})
#: What cannot be compared, where one side is blank.
_BLANK = {
    "head": gettext_lazy("nama kepala keluarga"),
    "members": gettext_lazy("anggota"),
    "niks": gettext_lazy("NIK"),
    "births": gettext_lazy("tanggal lahir"),
    "kk": gettext_lazy("nomor KK"),
    "phone": gettext_lazy("nomor HP"),
    "address": gettext_lazy("alamat"),
    "place": gettext_lazy("RT"),
}
CHANCES = {
    "sure": gettext_lazy("hampir pasti satu keluarga"),
    "likely": gettext_lazy("sangat mungkin satu keluarga"),
    "maybe": gettext_lazy("mungkin satu keluarga"),
}
ANSWERS = {
    DuplicateAnswer.ONE: gettext_lazy("satu keluarga"),
    DuplicateAnswer.TWO: gettext_lazy("dua keluarga"),
    DuplicateAnswer.HOUSE: gettext_lazy("satu rumah, dua keluarga"),
}
TARGETS = {
    "target": gettext_lazy("sasaran"),
    "reserve": gettext_lazy("cadangan"),
    "replaced": gettext_lazy("diganti"),
    "": gettext_lazy("belum diputuskan"),
}
SAID = {
    DuplicateAnswer.ONE: gettext_lazy("Kedua keluarga digabungkan. Bisa diurungkan di bawah."),
    DuplicateAnswer.TWO: gettext_lazy("Dicatat sebagai dua keluarga; pasangan ini tidak ditanyakan lagi."),
    DuplicateAnswer.HOUSE: gettext_lazy("Dicatat sebagai dua keluarga dalam satu rumah."),
}


@never_cache
@require_safe
def duplicates(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The pairs that wait for an answer, and the last that have one."""
    return _page(request, slug, code)


def _page(
    request: HttpRequest, slug: str, code: str, *, problems: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    page = duplicates_page(person(request), slug, code)
    names = None
    if page.open and page.may_judge and naming.asked(request, slug, code):
        names = actions.reveal_pairs(by=person(request), cycle_slug=slug, code=code, page=request.path)
    more = {"problems": problems, "back": reverse("duplicates", args=[slug, code]), "named": names is not None}
    return render(request, "duplicates.html", {**context(page, names), **more}, status=status)


def context(page: DuplicatesPage, names: dict[UUID, tuple[str, str]] | None = None) -> dict[str, object]:
    """What the template reads besides the page."""
    title = ngettext("%(n)s pasang mungkin tercatat dua kali", "%(n)s pasang mungkin tercatat dua kali", page.count)
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "title": title % {"n": page.count},
        "pairs": [_told(line, names or {}) for line in page.open],
        "more": page.count - len(page.open),
        "targets": TARGETS,
        "answers": ANSWERS,
    }


def _told(line: PairLine, names: dict[UUID, tuple[str, str]]) -> dict[str, object]:
    alike = [WORDS[name][level] for name, level in _levels(line) if (name, level) not in _APART]
    return {
        "line": line,
        "sides": [(side, *names.get(side.uuid, ("", ""))) for side in line.sides],
        "chance": CHANCES[line.chance],
        "alike": alike,
        "apart": [WORDS[name][level] for name, level in _levels(line) if (name, level) in _APART],
        "blank": [_BLANK[name] for name in WORDS if line.levels.get(name) == "blank"],
        "keep": max(line.sides, key=_weight).uuid,
        "mergeable": not any(side.lokus for side in line.sides),
    }


def _levels(line: PairLine) -> list[tuple[str, str]]:
    return [(name, line.levels[name]) for name in WORDS if line.levels.get(name, "blank") in WORDS[name]]


def _weight(side: Side) -> tuple[int, int, int, float]:
    """Which of the two has more to lose: the list of 100, answers, members; then the older."""
    order = ["", "replaced", "reserve", "target"]
    return order.index(side.target), len(side.rounds), side.members, -side.since.timestamp()


@require_POST
def judge(request: HttpRequest, slug: str, code: str, pair: UUID) -> HttpResponse:
    """One answer, or (`urungkan=1`) an answer taken back."""
    where: dict[str, Any] = {"by": person(request), "cycle_slug": slug, "code": code, "pair": pair}
    try:
        if request.POST.get("urungkan") == "1":
            actions.take_back(**where)
            messages.success(request, _("Jawaban diurungkan; keduanya seperti sebelumnya."))
        else:
            said = actions.judge(**where, answer=request.POST.get("jawab", ""), keep=request.POST.get("tetap", ""))
            messages.success(request, SAID[DuplicateAnswer(said.answer)])
    except InputError as error:
        return _page(request, slug, code, problems=error.problems, status=422)
    return redirect("duplicates", slug, code)


@require_POST
def propose(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Put two families side by side that nobody proposed."""
    codes = [request.POST.get("satu", ""), request.POST.get("dua", "")]
    try:
        actions.propose(by=person(request), cycle_slug=slug, code=code, households=codes)
    except InputError as error:
        return _page(request, slug, code, problems=error.problems, status=422)
    messages.success(request, _("Keduanya ada di daftar; bandingkan, lalu jawab."))
    return redirect("duplicates", slug, code)


_LOKUS = "tahun/<slug:slug>/lokus/<str:code>/dua-kali/"
urlpatterns = [
    path(_LOKUS, duplicates, name="duplicates"),
    path(f"{_LOKUS}bandingkan/", propose, name="duplicate_propose"),
    path(f"{_LOKUS}<uuid:pair>/", judge, name="duplicate"),
]
