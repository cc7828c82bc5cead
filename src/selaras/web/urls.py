"""The paths of the pages. Names are what templates and tests use."""

from django.urls import include, path

from selaras.web import (
    accounts,
    cycles,
    first,
    health,
    home,
    households,
    imports,
    indicators,
    instruments,
    loci,
    results,
    tokens,
)

_LOKUS = [
    path("", loci.lokus, name="lokus"),
    path("bekukan/", loci.freeze, name="freeze"),
    path("hasil/", results.results, name="results"),
    path("hasil/<uuid:result_id>/", results.result, name="result"),
    path("hasil/<uuid:result_id>/periksa/", results.verify, name="result_verify"),
    path("hasil/<uuid:first>/<uuid:second>/", results.compare, name="results_compare"),
    path("indikator/<slug:name>/", indicators.indicator, name="indicator"),
    path("indikator/<slug:name>/angka.<str:kind>", indicators.numbers, name="indicator_numbers"),
    path("keluarga/", households.households, name="households"),
    path("nama/", households.names, name="names"),
    path("impor/", imports.imports, name="imports"),
    path("impor/<uuid:import_id>/", imports.one, name="import"),
    path("impor/<uuid:import_id>/simpan/", imports.confirm, name="import_confirm"),
    path("impor/<uuid:import_id>/batalkan/", imports.discard, name="import_discard"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("bahasa/", home.language, name="set_language"),
    path("sehat", health.health, name="health"),
    path("mulai/", first.first, name="first"),
    path("tahun/<slug:slug>/", cycles.cycle, name="cycle"),
    path("tahun/<slug:slug>/lokus/<str:code>/", include(_LOKUS)),
    path("instrumen/<slug:instrument_id>/<str:version>/", instruments.instrument, name="instrument"),
    path("akun/token/", tokens.tokens, name="tokens"),
    path("akun/token/<uuid:token>/cabut/", tokens.revoke, name="token_revoke"),
    *accounts.urlpatterns,
]
