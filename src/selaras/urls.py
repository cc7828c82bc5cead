"""The doors and where they stand. Each door keeps its own paths."""

from django.urls import include, path

urlpatterns = [
    path("", include("selaras.web.urls")),
]
