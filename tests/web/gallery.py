"""Every page in every state, rendered from samples behind the real middleware: a URLconf for browser tests."""

from collections.abc import Callable
from dataclasses import replace

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from selaras.errors import Problem
from selaras.web import (
    activities,
    checks,
    cycles,
    errors,
    household,
    households,
    imports,
    indicators,
    loci,
    weekly,
)
from selaras.web.forms import ImportForm
from selaras.web.surroundings import menu
from tests.web import (
    sample_blurs,
    sample_cases,
    sample_change,
    sample_dossiers,
    sample_duplicates,
    sample_evidence,
    sample_field,
    sample_filling,
    sample_followups,
    sample_pages,
    sample_paper,
    sample_preparation,
    sample_quality,
    sample_reactions,
    sample_readiness,
    sample_recaps,
    sample_rights,
    sample_safety,
    sample_strategies,
    sample_voice,
    samples,
)
from tests.web import sample_checks as looking
from tests.web import sample_exports as takings
from tests.web import sample_indicators as some
from tests.web import sample_registry as registry
from tests.web import sample_weeks as weeks

Context = dict[str, object]
_NUMBER = (Problem("household.number"),)


def _import_form() -> ImportForm:
    form = ImportForm(samples.IMPORTS.rounds, {"round": "data-awal"}, {})
    form.is_valid()
    return form


def _instrument_context() -> Context:
    return {"page": samples.INSTRUMENT_PAGE, "synthetic": True}


def _imports_context(form: ImportForm) -> Context:
    return {"page": samples.IMPORTS, "synthetic": True, "form": form}


def _families(page: samples.HouseholdsPage, **more: object) -> Context:
    return {**households.context(page), **more}


#: Name → template and what it is given.
PAGES: dict[str, tuple[str, Callable[[], Context]]] = {
    "tahun": ("cycle.html", lambda: cycles.context(samples.CYCLE_PAGE)),
    "lokus": ("lokus.html", lambda: loci.context(samples.LOKUS)),
    "lokus-kosong": ("lokus.html", lambda: loci.context(samples.EMPTY_LOKUS)),
    "indikator": ("indicator.html", lambda: {**indicators.context(some.JAMBAN), "names": {}}),
    "indikator-nama": ("indicator.html", lambda: {**indicators.context(some.JAMBAN), "names": samples.NAMES}),
    "indikator-banyak": ("indicator.html", lambda: indicators.context(some.CROWD)),
    "indikator-rupiah": ("indicator.html", lambda: indicators.context(some.MONEY)),
    "indikator-juri": ("indicator.html", lambda: indicators.context(some.JUDGED)),
    "indikator-belum": ("indicator.html", lambda: indicators.context(some.UNANSWERED)),
    "indikator-sembunyi": ("indicator.html", lambda: indicators.context(some.HIDDEN)),
    "keluarga": ("households.html", lambda: _families(samples.HOUSEHOLDS)),
    "keluarga-nama": ("households.html", lambda: _families(samples.HOUSEHOLDS, names=samples.NAMES, named=True)),
    "keluarga-kosong": ("households.html", lambda: _families(samples.NO_HOUSEHOLDS)),
    "keluarga-salah": ("households.html", lambda: _families(samples.HOUSEHOLDS, number="123", number_problems=_NUMBER)),
    "satu-keluarga": ("household.html", lambda: household.context(registry.HOUSEHOLD, None)),
    "satu-keluarga-nama": (
        "household.html",
        lambda: household.context(registry.HOUSEHOLD, registry.FAMILY, registry.NUMBERS),
    ),
    "satu-keluarga-baru": ("household.html", lambda: household.context(registry.BARE, None)),
    "betulkan": ("household_correct.html", registry.context_of_correction),
    "betulkan-samar": ("household_correct.html", lambda: registry.context_of_correction(named=False)),
    "betulkan-beda": ("household_correct.html", lambda: registry.context_of_correction(late=True)),
    "sasaran": ("targets.html", lambda: registry.context_of_list(registry.LISTED, names=samples.NAMES, named=True)),
    "sasaran-cadangan": ("targets.html", lambda: registry.context_of_list(registry.RESERVE)),
    "sasaran-usulan": ("targets.html", lambda: registry.context_of_list(registry.PROPOSED, ticked={"GD-014"})),
    "sasaran-diganti": ("targets.html", lambda: registry.context_of_list(registry.REPLACED, problems=_NUMBER)),
    "sasaran-kosong": ("targets.html", lambda: registry.context_of_list(registry.NOBODY)),
    "sasaran-ganti": ("target_replace.html", registry.context_of_replacing),
    "sasaran-ganti-salah": ("target_replace.html", lambda: registry.context_of_replacing({"note": "pindah"})),
    "sasaran-cetak": ("targets_print.html", lambda: {"page": registry.PAPER, "synthetic": True}),
    "impor": ("imports.html", lambda: _imports_context(ImportForm(samples.IMPORTS.rounds))),
    "impor-salah": ("imports.html", lambda: _imports_context(_import_form())),
    "impor-berjalan": ("import.html", lambda: imports.context(samples.import_page("checking"))),
    "impor-siap": ("import.html", lambda: imports.context(samples.import_page("ready", samples.PROBLEMS[1]))),
    "impor-ditolak": ("import.html", lambda: imports.context(samples.import_page("refused", *samples.PROBLEMS))),
    "impor-selesai": ("import.html", lambda: imports.context(samples.import_page("done"))),
    "impor-tidak-tampak": (
        "import.html",
        lambda: imports.context(replace(samples.import_page("done"), restricted_told=False)),
    ),
    "impor-gagal": ("import.html", lambda: imports.context(samples.import_page("failed"))),
    "impor-batal": ("import.html", lambda: imports.context(samples.import_page("discarded"))),
    "perlu-dicek": ("checks.html", lambda: checks.context(looking.PAGE)),
    "perlu-dicek-kosong": ("checks.html", lambda: checks.context(looking.NOTHING)),
    "ekspor": ("exports.html", lambda: takings.of(takings.PAGE)),
    "ekspor-kader": ("exports.html", lambda: takings.of(takings.CADRES)),
    "ekspor-salah": ("exports.html", lambda: takings.of(takings.PAGE, {"bentuk": "pdf", "untuk": ""})),
    "senin": ("weekly.html", lambda: weekly.context(weeks.WEEKS)),
    "senin-dibuat": ("weekly.html", lambda: weekly.context(weeks.DRAWING)),
    "senin-kosong": ("weekly.html", lambda: weekly.context(weeks.NO_WEEKS)),
    "senin-baca": ("week.html", lambda: weekly.shown(weeks.READ)),
    "kegiatan": ("activities.html", lambda: activities.list_context(weeks.ACTIVITIES)),
    "kegiatan-kosong": ("activities.html", lambda: activities.list_context(weeks.NONE)),
    "satu-kegiatan": ("activity.html", lambda: activities.context(weeks.ACTIVITY)),
    "lapor": ("activity_new.html", weeks.reporting),
    "lapor-salah": (
        "activity_new.html",
        lambda: weeks.reporting({"quantity": "tiga", "P_anak": "-1"}, lost_photo=True),
    ),
    "lapor-beda": (
        "activity_new.html",
        lambda: weeks.reporting(changing=weeks.ID, has_photo=True, differences=[("Tempat", "Balai", "Aula")]),
    ),
    "instrumen": ("instrument.html", _instrument_context),
    "belum-ditugaskan": ("nothing_yet.html", dict),
    "akun": ("account/home.html", lambda: {"with_code": False}),
    **sample_pages.PAGES,
    **sample_paper.PAGES,
    **sample_field.PAGES,
    **sample_filling.PAGES,
    **sample_quality.PAGES,
    **sample_voice.PAGES,
    **sample_blurs.PAGES,
    **sample_cases.PAGES,
    **sample_reactions.PAGES,
    **sample_evidence.PAGES,
    **sample_preparation.PAGES,
    **sample_readiness.PAGES,
    **sample_safety.PAGES,
    **sample_dossiers.PAGES,
    **sample_duplicates.PAGES,
    **sample_change.PAGES,
    **sample_recaps.PAGES,
    **sample_strategies.PAGES,
    **sample_followups.PAGES,
    **sample_rights.PAGES,
    "galat-400": ("errors/400.html", dict),
    "galat-403": ("errors/403.html", dict),
    "galat-404": ("errors/404.html", dict),
    "galat-422": ("errors/422.html", lambda: {"problems": samples.PROBLEMS}),
    "galat-429": ("errors/429.html", dict),
    "galat-kedaluwarsa": ("errors/stale.html", dict),
}


@login_not_required
def sample(request: HttpRequest, name: str) -> HttpResponse:
    """One page of PAGES, in the frame of the sample secretary."""
    if name == "galat-500":
        return errors.broken(request)
    template, build = PAGES[name]
    frame = {"synthetic": True, "frame": samples.FRAME, "menu": menu(samples.FRAME, request.path)}
    return render(request, template, {**frame, **build()})


urlpatterns = [
    path("contoh/<str:name>/", sample),
    path("api/", include("selaras.api.urls")),
    path("odk/", include("selaras.openrosa.urls")),
    path("ruang/", include("selaras.cases.urls")),
    path("", include("selaras.web.urls")),
]
