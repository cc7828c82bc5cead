"""Where phones call. Their paths are literal, case included, and no slash is added: a redirect loses the form."""

from django.urls import path

from selaras.openrosa import views

urlpatterns = [
    path("<str:token>/formList", views.form_list, name="odk_form_list"),
    path("<str:token>/forms/<str:form_id>/<str:version>.xml", views.form, name="odk_form"),
    path("<str:token>/manifest/<str:form_id>/<str:version>", views.manifest, name="odk_manifest"),
    path("<str:token>/keluarga.csv", views.family_list, name="odk_families"),
    path("<str:token>/integrity/keluarga", views.integrity, name="odk_integrity"),
    path("<str:token>/submission", views.submission, name="odk_submission"),
    path("<str:token>/submission/", views.submission, name="odk_submission_slash"),
]
