"""/tahun/…/data-pribadi/: what is kept of people, field by field, and the impact assessment made of it."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from selaras.models import Role
from selaras.models.data_map import OWNER, FieldClass, Table
from selaras.queries import data_map as queries
from selaras.queries.data_map import ABOUT, BASES, CLASSES, RETENTIONS, DataMapPage
from selaras.queries.invitations import role_words
from selaras.queries.words import told
from selaras.reports.dpia import dpia_pdf
from selaras.reports.kip import OUTPUTS, Kip
from selaras.web.person import person


@never_cache
@require_safe
def data_map(request: HttpRequest, slug: str) -> HttpResponse:
    """Every table by whom it is about, and every question of the year's instruments."""
    return render(request, "data_map.html", context(queries.data_map_page(person(request), slug)))


def context(page: DataMapPage) -> dict[str, object]:
    """What the template reads besides the page: each table in words, tables about families first."""
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "groups": [
            (about, told(words), [_said(table) for table in page.tables if table.about == about])
            for about, words in ABOUT.items()
        ],
        "classes": [(told(CLASSES[kind]), page.fields[kind]) for kind in CLASSES if page.fields.get(kind)],
        "outputs": [
            (told(kip.value), [(told(one.title), told(one.why)) for one in OUTPUTS.values() if one.kip == kip])
            for kip in Kip
        ],
        "all": sum(page.fields.values()),
        "personal": page.fields.get(FieldClass.PERSONAL, 0) + page.fields.get(FieldClass.SURVEY, 0),
        "sealed": page.fields.get(FieldClass.SEALED, 0),
    }


def _said(table: Table) -> dict[str, object]:
    kinds = [(kind, [name for name, own in table.fields if own == kind]) for kind in CLASSES]
    return {
        "title": table.title,
        "purpose": table.purpose,
        "basis": told(BASES[table.basis]),
        "retention": told(RETENTIONS[table.retention]),
        "seen": _roles(table.seen),
        "fields": [(told(CLASSES[kind]), names) for kind, names in kinds if names],
        "n": len(table.fields),
    }


def _roles(seen: Iterable[str]) -> str:
    words = [str(_OWNER) if role == OWNER else role_words(Role(role)) for role in seen]
    return ", ".join(words) or str(_NOBODY)


_OWNER, _NOBODY = gettext_lazy("yang bersangkutan"), gettext_lazy("tidak ada orang; hanya mesin")


@never_cache
@require_safe
def dpia(request: HttpRequest, slug: str) -> HttpResponse:
    """The impact assessment as PDF, to be completed and signed by the office."""
    response = HttpResponse(dpia_pdf(queries.assessment(person(request), slug)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="penilaian-dampak-{slug}.pdf"'
    return response


urlpatterns = [
    path("tahun/<slug:slug>/data-pribadi/", data_map, name="data_map"),
    path("tahun/<slug:slug>/data-pribadi/penilaian-dampak.pdf", dpia, name="dpia"),
]
