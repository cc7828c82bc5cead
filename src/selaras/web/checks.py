"""/tahun/…/lokus/…/perlu-dicek/: what should be looked at again in filled forms, why, and that it has been."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from selaras.actions import checks as actions
from selaras.models import CheckKind
from selaras.queries.alike_photos import Pair, PhotoPairs, photo_pairs
from selaras.queries.checks import CheckLine, ChecksPage, checks_page
from selaras.web.households import back_to
from selaras.web.person import person
from selaras.web.registry_words import WAYS

#: What each signal is called.
KINDS = {
    CheckKind.CONSTRAINT: gettext_lazy("Di luar aturan isian"),
    CheckKind.NOT_ASKED: gettext_lazy("Terisi padahal tidak ditanyakan"),
    CheckKind.FAST: gettext_lazy("Sangat cepat"),
    CheckKind.STRAIGHT: gettext_lazy("Jawaban seragam"),
    CheckKind.PLACE: gettext_lazy("Titik peta sama"),
    CheckKind.HEAPED: gettext_lazy("Angka dibulatkan"),
    CheckKind.PHOTO: gettext_lazy("Foto mirip"),
}


def why(line: CheckLine) -> str:
    """The signal in a sentence that anybody can follow, with what may well explain it."""
    facts = dict(line.facts)
    match line.kind:
        case CheckKind.CONSTRAINT:
            return line.said or _("Jawabannya tidak memenuhi aturan pada formulir.")
        case CheckKind.NOT_ASKED:
            return _("Menurut jawaban lain, pertanyaan ini tidak perlu dijawab.")
        case CheckKind.FAST:
            return _(
                "%(answers)s jawaban dalam %(seconds)s detik. Membaca satu pertanyaan saja biasanya 2 detik lebih;"
                " wajar bila isiannya disalin dari catatan."
            ) % facts  # fmt: skip
        case CheckKind.STRAIGHT:
            return (
                _("%(questions)s pertanyaan dengan pilihan yang sama dijawab sama semua. Bisa saja memang begitu.")
                % facts
            )
        case CheckKind.PLACE:
            return _(
                "%(homes)s rumah dari pengirim yang sama tercatat di titik yang sama (sekitar 10 m)."
                " Wajar untuk rumah petak atau rumah susun."
            ) % facts  # fmt: skip
        case CheckKind.PHOTO:
            return _photo(facts)
        case _:
            return _(
                "%(round)s dari %(numbers)s angka pengirim ini berakhir 0 atau 5; biasanya sekitar satu dari lima."
                " Mungkin umur ditaksir karena tidak ada dokumen."
            ) % facts  # fmt: skip


def _photo(facts: dict[str, int]) -> str:
    """Of which homes or rounds, and whether copied; with what may well explain it."""
    said = []
    if facts["homes"]:
        said.append(
            ngettext(
                "Foto ini mirip dengan foto %(homes)s rumah lain.",
                "Foto ini mirip dengan foto %(homes)s rumah lain.",
                facts["homes"],
            )
        )
    if facts["rounds"]:
        said.append(_("Foto ini mirip dengan foto rumah ini pada putaran lain."))
    if facts["exact"]:
        said.append(_("Berkasnya sama persis."))
    said.append(_("Wajar bila dua keluarga serumah, atau jamban dan sumur dipakai bersama."))
    return " ".join(said) % facts


@never_cache
@require_safe
def checks(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The open ones, and the last that were looked at."""
    return render(request, "checks.html", context(checks_page(person(request), slug, code)))


def context(page: ChecksPage) -> dict[str, object]:
    """What the template reads besides the page."""
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "title": ngettext("%(n)s isian perlu dicek", "%(n)s isian perlu dicek", page.count) % {"n": page.count},
        "open": told(page.open),
        "seen": told(page.seen),
        "more": page.count - len(page.open),
        "ways": WAYS,
    }


def told(lines: tuple[CheckLine, ...]) -> list[tuple[CheckLine, str, str]]:
    """Each with what it is called and why."""
    return [(line, str(KINDS[CheckKind(line.kind)]), why(line)) for line in lines]


@never_cache
@require_safe
def photos(request: HttpRequest, slug: str, code: str, check_id: UUID) -> HttpResponse:
    """The photos behind a signal, side by side."""
    page = photo_pairs(person(request), slug, code, check_id)
    return render(request, "check_photos.html", photos_context(page))


def photos_context(page: PhotoPairs) -> dict[str, object]:
    """What the template of the pairs reads."""
    return {"page": page, "synthetic": page.cycle.synthetic, "pairs": [(one, _distance(one)) for one in page.pairs]}


def _distance(pair: Pair) -> str:
    if pair.exact:
        return _("berkasnya sama persis")
    return _("sangat mirip: %(n)s dari 64 titik pembanding berbeda") % {"n": pair.distance}


@require_POST
def settle(request: HttpRequest, slug: str, code: str, check_id: UUID) -> HttpResponse:
    """It has been looked at; with `buka=1` it has not."""
    again = request.POST.get("buka") == "1"
    actions.settle(by=person(request), cycle_slug=slug, code=code, check_id=check_id, open_again=again)
    messages.success(request, _("Dibuka lagi.") if again else _("Ditandai sudah dicek."))
    return redirect(back_to(request, reverse("checks", args=[slug, code])))
