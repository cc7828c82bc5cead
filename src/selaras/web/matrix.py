"""*Siapa berbuat apa*: the matrix of a year, the needs behind each of its numbers, and the matrix to take along."""

from dataclasses import dataclass, field, replace
from typing import cast, get_args
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from selaras.actions import planning_sheets as actions
from selaras.actions import views
from selaras.errors import InputError
from selaras.queries import matrix as queries
from selaras.queries import needs as need_queries
from selaras.queries.matrix import MatrixPage
from selaras.queries.matrix_filters import MatrixFilters, View
from selaras.queries.needs import NeedsPage, Which
from selaras.web import naming
from selaras.web.loci import NextStep
from selaras.web.matrix_rows import Rows, filled, tone_of
from selaras.web.person import person
from selaras.web.tags import bulat

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def matrix(request: HttpRequest, slug: str) -> HttpResponse:
    """The matrix; `?lokus=` one lokus, `?lihat=` by agency, RT or lokus, `?saring=` and `?opd=` some of its lines."""
    return _matrix(request, slug, request.GET)


def _matrix(request: HttpRequest, slug: str, asked: QueryDict, status: int = 200, **more: object) -> HttpResponse:
    filters = MatrixFilters.read({name: str(value) for name, value in asked.items()})
    page = queries.matrix_page(
        person(request), slug, code=filters.code, view=filters.view, only=filters.only, agency=filters.agency
    )
    return render(request, "matrix.html", {**context(page), **more}, status=status)


@require_POST
def keep_view(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep how the matrix was narrowed under a name."""
    query, name = request.POST.get("saringan", "")[:500], request.POST.get("nama", "")
    try:
        view = views.keep_matrix_view(by=person(request), cycle_slug=slug, name=name, query=query)
    except InputError as error:
        more = {"view_problems": error.problems, "view_name": name[:80]}
        return _matrix(request, slug, QueryDict(query), 422, **more)
    messages.success(request, _("Tampilan “%(name)s” tersimpan.") % {"name": view.name})
    return redirect(f"{reverse('matrix', args=[slug])}?{view.query}")


@require_POST
def drop_view(request: HttpRequest, slug: str) -> HttpResponse:
    """Delete one of her kept views of the matrix."""
    views.drop_matrix_view(by=person(request), cycle_slug=slug, view=whole(request.POST.get("tampilan", "")))
    messages.success(request, _("Tampilan dihapus."))
    return redirect("matrix", slug)


@never_cache
@require_safe
def matrix_xlsx(request: HttpRequest, slug: str) -> HttpResponse:
    """The matrix and what stands behind it as a workbook; each taking is written down."""
    code = request.GET.get("lokus", "")
    content = actions.export_matrix(by=person(request), cycle_slug=slug, code=code)
    headers = {"Content-Disposition": f'attachment; filename="matriks-{slug}.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@never_cache
@require_safe
def needs(request: HttpRequest, slug: str) -> HttpResponse:
    """The open needs behind a number: how many, and family by family for who works with them."""
    which = request.GET.get("keadaan", "all")
    page = need_queries.needs_page(
        person(request),
        slug,
        code=request.GET.get("lokus", ""),
        indicator=request.GET.get("indikator", ""),
        agency=whole(request.GET.get("opd", "")),
        area=request.GET.get("rt", ""),
        which=cast(Which, which) if which in get_args(Which) else "all",
        page=whole(request.GET.get("hal", "")) or 1,
    )
    return render(request, "matrix_needs.html", needs_context(request, page))


def whole(text: str) -> int:
    """A whole number from an address; 0 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


# --- the matrix -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the strip on top. `key` is its colour."""

    key: str
    icon: str
    count: int
    words: str
    url: str


def context(page: MatrixPage) -> dict[str, object]:
    """What the template reads besides the page."""
    base = reverse("needs", args=[page.cycle.slug])
    rows = Rows(page)
    cells = [cell for section in page.sections for line in section.lines for cell in line.cells.values()]
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "sections": [(section.label, rows.drawn(section.lines)) for section in page.sections],
        "figures": _figures(page, base),
        "steps": _steps(page),
        "query": page.filters.query(),
        "tabs": {view: f"?{replace(page.filters, view=view).query()}" for view in get_args(View)},
        "loci": [(lokus, f"?{replace(page.filters, code=lokus.code).query()}") for lokus in page.loci],
        "all_loci": f"?{replace(page.filters, code='').query()}",
        "narrowed": page.filters.only != "all" or bool(page.filters.agency),
        "whole": f"?{MatrixFilters(page.filters.view, page.filters.code).query()}",
        "columns": [(column, filled(column)) for column in page.columns],
        "marks": {tone_of(cell)[0] for cell in cells} - {""},
    }


def _figures(page: MatrixPage, base: str) -> list[Figure]:
    slug, here = page.cycle.slug, "" if page.lokus is None else f"&lokus={page.lokus.code}"
    plans = reverse("commitments", args=[slug])
    totals = page.totals
    return [
        Figure(
            "gap",
            "",
            totals.gap,
            _("belum ada yang melayani"),
            f"{base}?keadaan=gap{here}",
        ),
        Figure("overlap", "", totals.overlap, _("dilayani lebih dari satu pihak"), f"{base}?keadaan=overlap{here}"),
        Figure("late", "clock", len(page.late), _("komitmen lewat tanggal"), f"{plans}?saring=late{here}"),
        Figure("unpaid", "lock", len(page.unfunded), _("komitmen belum ada dananya"), f"{plans}?saring=unfunded{here}"),
        Figure(
            "asked",
            "help-circle",
            page.unanswered,
            _("pertanyaan belum dijawab OPD"),
            reverse("asks", args=[slug]) if page.may_plan else "",
        ),
    ]


def _steps(page: MatrixPage) -> tuple[NextStep, ...]:
    """At most three things to do, for who may do them."""
    if not page.may_commit:
        return ()
    return tuple(step for step in (_share_out(page), _find_money(page), _ask_after(page)) if step)


def _share_out(page: MatrixPage) -> NextStep | None:
    if page.worst is None or page.view != "opd":
        return None
    values = {"n": bulat(page.worst.gap), "what": page.worst.label, "agency": page.worst.named}
    why = _("Instrumen menyebut %(agency)s untuk kebutuhan ini.") if page.worst.named else _("Terbanyak di tahun ini.")
    asked = {"indikator": page.worst.key} | ({} if page.lokus is None else {"lokus": page.lokus.code})
    return NextStep(
        what=_("Carikan pelayan bagi %(n)s kebutuhan “%(what)s”.") % values,
        why=why % values,
        url=f"{reverse('commitment_new', args=[page.cycle.slug])}?{urlencode(asked)}",
        button=_("Catat komitmen"),
    )


def _find_money(page: MatrixPage) -> NextStep | None:
    if not page.unfunded:
        return None
    values = {"n": bulat(len(page.unfunded))}
    return NextStep(
        what=_("Carikan dana bagi %(n)s komitmen.") % values,
        why=_("Belum ada sumber dananya, atau baru di Renja tahun depan."),
        url=f"{reverse('commitments', args=[page.cycle.slug])}?saring=unfunded",
        button=_("Lihat %(n)s komitmen") % values,
    )


def _ask_after(page: MatrixPage) -> NextStep | None:
    if not page.late:
        return None
    values = {"n": bulat(len(page.late))}
    return NextStep(
        what=_("Tanyakan %(n)s komitmen yang lewat tanggal.") % values,
        why=_("Yang terhalang boleh dicatat terkendala, dengan sebabnya."),
        url=f"{reverse('commitments', args=[page.cycle.slug])}?saring=late",
        button=_("Lihat %(n)s komitmen") % values,
    )


# --- the needs behind it ----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Filter:
    """One choice of the list, with where it leads."""

    label: str
    url: str
    current: bool
    count: int | None = None


@dataclass(slots=True)
class _Address:
    """The list's own address with one thing changed."""

    base: str
    asked: dict[str, str] = field(default_factory=dict)

    def with_(self, **changed: str) -> str:
        found = {name: value for name, value in {**self.asked, **changed}.items() if value}
        return f"{self.base}?{urlencode(found)}" if found else self.base


def needs_context(request: HttpRequest, page: NeedsPage) -> dict[str, object]:
    """What the template reads besides the page; names where they were asked for in a single lokus."""
    names: dict[str, str] = {}
    if page.lokus is not None and page.may_see_names:
        names = naming.shown(request, page.cycle.slug, page.lokus.code, [row.code for row in page.rows])
    address = _Address(
        reverse("needs", args=[page.cycle.slug]),
        {
            "lokus": page.lokus.code if page.lokus else "",
            "indikator": page.indicator,
            "opd": str(page.agency_id or ""),
            "rt": page.area,
            "keadaan": "" if page.which == "all" else page.which,
        },
    )
    words: dict[Which, str] = {
        "all": _("Semua"),
        "gap": _("Belum ada yang melayani"),
        "served": _("Sudah dijanjikan"),
        "overlap": _("Lebih dari satu pihak"),
        "proposed": _("Usulan"),
    }
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "names": names,
        "named": bool(names),
        "filters": [
            Filter(words[which], address.with_(keadaan=which if which != "all" else ""), which == page.which, count)
            for which, count in page.counts.items()
        ],
        "loci": [
            Filter(lokus.name, address.with_(lokus=lokus.code, rt=""), page.lokus == lokus) for lokus in page.loci
        ],
        "all_loci": Filter(_("Semua lokus"), address.with_(lokus="", rt=""), page.lokus is None),
        "clear": [
            Filter(label, address.with_(**{name: ""}), False)
            for name, label in (("indikator", page.label), ("opd", page.agency), ("rt", page.area_words))
            if label
        ],
        "back": address.with_(hal=str(page.page - 1)) if page.page > 1 else "",
        "ahead": address.with_(hal=str(page.page + 1)) if page.page < page.pages else "",
    }
