"""The doors and where they stand. Each door keeps its own paths."""

from django.urls import include, path

urlpatterns = [
    path("api/", include("selaras.api.urls")),
    path("odk/", include("selaras.openrosa.urls")),
    path("ruang/", include("selaras.cases.urls")),
    path("", include("selaras.web.urls")),
]

handler400 = "selaras.web.errors.bad_request"
handler403 = "selaras.web.errors.forbidden"
handler404 = "selaras.web.errors.not_found"
handler429 = "selaras.web.errors.too_many"
handler500 = "selaras.web.errors.broken"
