"""What a place won, and its years before Selaras, each with who says so."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from selaras.access import the_cycle
from selaras.actions import history as actions
from selaras.actions.cycles import record_achievement
from selaras.actions.history import PastLokus
from selaras.errors import InputError, Problem
from selaras.models import Achievement, Confidence, User
from selaras.queries import history as queries
from selaras.queries.history import HistoryPage
from selaras.queries.places import place_of
from selaras.web.person import person
from selaras.web.saving import Refused, Said, Unfit, number, sent
from selaras.web.team_forms import PastYearForm, WonForm, WonInForm, past_rows


@require_http_methods(["GET", "HEAD", "POST"])
def achievements(request: HttpRequest, slug: str) -> HttpResponse:
    """Achievements and earlier years: one more of each, one taken back."""
    by = person(request)
    page = queries.history_page(by, slug)
    if request.method != "POST":
        return _show(request, page, None)
    said = Said.of(request)
    try:
        done = _save(by, page, said)
    except Unfit:
        return _show(request, page, said, Refused.unfit(said))
    except InputError as error:
        return _show(request, page, said, Refused.because(by, said, error, {}))
    messages.success(request, done)
    return redirect("achievements", slug)


def _save(by: User, page: HistoryPage, said: Said) -> str:
    slug = page.cycle.slug
    if said.part == "prestasi":
        form = WonForm(page.places, said.data)
        if not form.is_valid():
            raise Unfit
        told = form.cleaned_data
        record_achievement(
            by=by,
            place=place_of(told["place"]),
            year=told["year"],
            title=told["title"].strip(),
            level=told["level"].strip(),
            source=told["source"].strip(),
            confidence=Confidence(told["confidence"]),
            programme=told["programme"],
        )
        return _("Prestasi tersimpan.")
    if said.part == "lalu":
        return _save_year(by, page, said)
    if said.part not in {"hapus", "program"}:
        raise InputError(Problem("setup.nothing"))
    won = queries.find_achievement(by, slug, number(said.which))
    if said.part == "program":
        return _save_programme(by, page, said, won)
    actions.remove_achievement(by=by, cycle=the_cycle(by, slug), achievement=won)
    return _("Prestasi dihapus.")


def _save_programme(by: User, page: HistoryPage, said: Said, won: Achievement) -> str:
    form = next(WonInForm(line, said.data) for line in page.won if line.id == won.pk)
    if not form.is_valid():
        raise Unfit
    programme = form.cleaned_data["programme"]
    actions.tell_programme(by=by, cycle=the_cycle(by, page.cycle.slug), achievement=won, programme=programme)
    return _("Program prestasi tersimpan.")


def _save_year(by: User, page: HistoryPage, said: Said) -> str:
    form, rows = PastYearForm(page.cycle.programme, said.data), past_rows(page.kelurahan, said.data)
    if [part for part in (form, rows) if not part.is_valid()]:
        raise Unfit
    loci = [
        PastLokus(place_of(row["place"]), row["rw"].strip(), row["total"], row["scale"], row["source"])
        for row in rows.values()
    ]
    told = form.cleaned_data
    past = actions.record_past_year(
        by=by,
        cycle=the_cycle(by, page.cycle.slug),
        year=told["year"],
        programme=told["programme"],
        source=told["source"],
        loci=loci,
    )
    return _("Tahun %(year)s tersimpan sebagai riwayat.") % {"year": past.year}


def _show(request: HttpRequest, page: HistoryPage, said: Said | None, refused: Refused | None = None) -> HttpResponse:
    context = {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "form": WonForm(page.places, sent(said, "prestasi")),
        "won": [(line, WonInForm(line, sent(said, "program", str(line.id)))) for line in page.won],
        "year_form": PastYearForm(page.cycle.programme, sent(said, "lalu")),
        "rows": past_rows(page.kelurahan, sent(said, "lalu")),
        "refused": refused,
        "here": "achievements",
    }
    return render(request, "achievements.html", context, status=422 if refused else 200)
