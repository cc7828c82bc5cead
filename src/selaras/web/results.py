"""Frozen cards: their list, one of them, two held against each other, and the proof that one can be computed again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from selaras.actions import results as actions
from selaras.errors import InputError, Problem
from selaras.queries import results as queries
from selaras.web.person import person


@require_safe
def results(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The list; with `a` and `b`, on to the comparison of those two."""
    asked = [request.GET.get(name, "") for name in ("a", "b")]
    if all(asked):
        try:
            first, second = (UUID(value) for value in asked)
        except ValueError as error:
            raise InputError(Problem("result.which")) from error
        return redirect("results_compare", slug, code, first, second)
    page = queries.results_page(person(request), slug, code)
    return render(request, "results.html", {"page": page})


@require_safe
def result(request: HttpRequest, slug: str, code: str, result_id: UUID) -> HttpResponse:
    """One frozen card."""
    page = queries.result_page(person(request), slug, code, result_id)
    return render(request, "result.html", {"page": page})


@require_safe
def compare(request: HttpRequest, slug: str, code: str, first: UUID, second: UUID) -> HttpResponse:
    """Did the data move, the instrument, or both?"""
    page = queries.compare_page(person(request), slug, code, first, second)
    groups = [(_("Aspek yang berubah"), page.aspects), (_("Indikator yang berubah"), page.indicators)]
    context = {"page": page, "lines": (page.before, page.after), "groups": groups}
    return render(request, "results_compare.html", context)


@require_POST
def verify(request: HttpRequest, slug: str, code: str, result_id: UUID) -> HttpResponse:
    """Compute it again from the answers of then, and say what came out."""
    # The address names a lokus: a result of another one is not there.
    queries.result_page(person(request), slug, code, result_id)
    verdict = actions.verify(by=person(request), result_id=result_id)
    if verdict.holds and verdict.erased:
        count = verdict.erased
        said = ngettext(
            "Dihitung ulang: sama, kecuali %(n)s keluarga yang sejak itu dihapus atas permintaannya.",
            "Dihitung ulang: sama, kecuali %(n)s keluarga yang sejak itu dihapus atas permintaannya.",
            count,
        )
        messages.success(request, said % {"n": count})
    elif verdict.holds:
        messages.success(request, _("Dihitung ulang sekarang: hasilnya sama persis, sampai angka terakhir."))
    else:
        count = len(verdict.differences)
        said = ngettext("Dihitung ulang: %(n)s hal berbeda.", "Dihitung ulang: %(n)s hal berbeda.", count) % {
            "n": count
        }
        messages.warning(request, f"{said} {verdict.differences[0].capitalize()}.")
    return redirect("result", slug, code, result_id)
