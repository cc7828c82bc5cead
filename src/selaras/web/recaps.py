"""/tahun/…/angka-layanan/: published counts with their reading; recaps brought in, published or not.

Titles say nothing of what is counted, and no page of it stays in a browser's memory.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import wraps
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.actions import hand_overs
from selaras.actions import recaps as actions
from selaras.actions.hand_overs import REASONS
from selaras.actions.recaps import RecapDraft
from selaras.errors import InputError, Problem
from selaras.models import Every, RecapState
from selaras.queries import recaps as queries
from selaras.queries.coming_out import AMONG, REFUSABLE, SETTLED
from selaras.queries.protection import UntrustedError
from selaras.queries.recaps import HandOverPeriod, PublicationsPage, RateLine, RecapPage, TableShown
from selaras.queries.words import told
from selaras.reports.recaps import publications_xlsx, recap_template
from selaras.scoring.rates import PER
from selaras.web.charts import Bar
from selaras.web.forms import LARGEST
from selaras.web.papers import sent
from selaras.web.person import person

REASON_WORDS = {
    "choice": gettext_lazy("Kota memilih tidak menerbitkan"),
    "not_agreed": gettext_lazy("Pemilik data belum menyetujui"),
    "wrong": gettext_lazy("Angkanya belum benar"),
}
View = Callable[..., HttpResponse]
#: What tables call their wholes (`queries.recaps`).
WHOLE = gettext_noop("jumlah")
LEVELS = {"city": "", "kecamatan": gettext_lazy("kecamatan"), "kelurahan": gettext_lazy("kelurahan")}


def trusted(view: View) -> View:
    """For an officer whose second step is known as for the room, and who came in with it; else a page that says what
    is missing and where to go."""

    @never_cache
    @wraps(view)
    def entered(request: HttpRequest, slug: str, **kwargs: UUID) -> HttpResponse:
        try:
            queries.demand_keeper(person(request), slug)
        except UntrustedError as error:
            return _untrusted(request, error.why)
        return view(request, slug, **kwargs) if _with_code(request) else _untrusted(request, "without")

    return entered


def _with_code(request: HttpRequest) -> bool:
    """Of her phone, at sign-in: a browser that came in before there was one, or with a recovery code, may be that of
    whoever chose the password."""
    records = get_authentication_records(request, person(request))
    return any(each.get("type") == Authenticator.Type.TOTP for each in records)


def _untrusted(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "recap_untrusted.html", {"why": str(why)}, status=503 if why == "shut" else 403)


@never_cache
@require_safe
def publications(request: HttpRequest, slug: str) -> HttpResponse:
    """What is published."""
    try:
        page = _page(request, slug, request.GET.get("pratinjau"))
    except UntrustedError as error:
        return _untrusted(request, error.why)
    if page.preview is not None and not _with_code(request):
        return _untrusted(request, "without")
    return render(request, "publications.html", context(page))


def _page(request: HttpRequest, slug: str, preview: str | None = None) -> PublicationsPage:
    asked = request.GET.get("dari", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else None
    return queries.publications_page(person(request), slug, year, preview)


@never_cache
@require_safe
def publications_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a workbook."""
    return sent(publications_xlsx(_page(request, slug)))


@require_http_methods(["GET", "HEAD", "POST"])
@trusted
def recap_new(request: HttpRequest, slug: str) -> HttpResponse:
    """The form that brings a recap in."""
    page = queries.recap_form(person(request), slug)
    if request.method != "POST":
        draft = RecapDraft(year=str(page.this_year - 1), source="SIMFONI PPA", as_of="")
        return render(request, "recap_new.html", form_context(page, draft))
    text = {
        name: request.POST.get(name, "")[:1000].replace("\0", "") for name in ("tahun", "sumber", "per", "penduduk")
    }
    draft = RecapDraft(text["tahun"], text["sumber"], text["per"], text["penduduk"])
    file = request.FILES.get("berkas")
    if file is None or (file.size or 0) > LARGEST:
        problem = Problem("recap.no_file", "berkas")
        return render(request, "recap_new.html", form_context(page, draft, [problem]), status=422)
    try:
        recap = actions.bring_in(
            by=person(request), cycle_slug=slug, draft=draft, content=file.read(), filename=file.name or "rekap.xlsx"
        )
    except InputError as error:
        return render(request, "recap_new.html", form_context(page, draft, error.problems), status=422)
    messages.success(request, _("Rekap diterima. Periksa, lalu putuskan: terbitkan atau tidak."))
    return redirect("recap", slug, recap.uuid)


@require_safe
@trusted
def recap(request: HttpRequest, slug: str, recap_id: UUID) -> HttpResponse:
    """A recap that waits for a decision."""
    return render(request, "recap.html", recap_context(queries.recap_page(person(request), slug, recap_id)))


@require_POST
@trusted
def recap_publish(request: HttpRequest, slug: str, recap_id: UUID) -> HttpResponse:
    """Published, or refused with the reason on the same page."""
    try:
        actions.publish(by=person(request), cycle_slug=slug, recap=str(recap_id))
    except InputError as error:
        return _again(request, slug, recap_id, error.problems)
    messages.success(request, _("Angka diterbitkan. Rekap lengkapnya sudah dihapus dari sini."))
    return redirect("publications", slug)


@require_POST
@trusted
def recap_decline(request: HttpRequest, slug: str, recap_id: UUID) -> HttpResponse:
    """Not published."""
    try:
        actions.decline(
            by=person(request), cycle_slug=slug, recap=str(recap_id), reason=request.POST.get("alasan", "")[:20]
        )
    except InputError as error:
        return _again(request, slug, recap_id, error.problems)
    messages.success(request, _("Rekap tidak diterbitkan dan sudah dihapus dari sini."))
    return redirect("publications", slug)


def _again(request: HttpRequest, slug: str, recap_id: UUID, problems: Sequence[Problem]) -> HttpResponse:
    if any(problem.code == "recap.decided" for problem in problems):
        messages.warning(request, _("Rekap ini sudah diputuskan."))
        return redirect("publications", slug)
    page = queries.recap_page(person(request), slug, recap_id)
    return render(request, "recap.html", recap_context(page, problems), status=422)


@require_POST
def hand_overs_keep_back(request: HttpRequest, slug: str) -> HttpResponse:
    """A period of hand-overs that is not published."""
    year, period, reason = (request.POST.get(name, "")[:20] for name in ("tahun", "masa", "alasan"))
    try:
        hand_overs.keep_back(by=person(request), cycle_slug=slug, year=year, period=period, reason=reason)
    except InputError as error:
        return _refused(request, slug, error)
    messages.success(request, _("Masa itu tidak akan diterbitkan. Halaman nilai menyebutnya sebagai pilihan kota."))
    return redirect(reverse("publications", args=[slug]) + f"?dari={year}")


@require_POST
@trusted
def publication_rule(request: HttpRequest, slug: str) -> HttpResponse:
    """By which rule the next year is published."""
    threshold, every = request.POST.get("ambang", "")[:10], request.POST.get("panjang", "")[:10]
    try:
        rule = hand_overs.set_rule(by=person(request), cycle_slug=slug, threshold=threshold, every=every)
    except InputError as error:
        return _refused(request, slug, error)
    messages.success(request, _("Aturan untuk %(year)s tersimpan.") % {"year": rule.year})
    return redirect("publications", slug)


def _refused(request: HttpRequest, slug: str, error: InputError) -> HttpResponse:
    page = queries.publications_page(person(request), slug)
    return render(request, "publications.html", context(page, error.problems), status=422)


@never_cache
@require_safe
def recap_example(request: HttpRequest, slug: str) -> HttpResponse:
    """The workbook to fill in."""
    return sent(recap_template(queries.recap_form(person(request), slug).places))


# --- what templates read ------------------------------------------------------------------------------------------
def context(page: PublicationsPage, problems: Sequence[Problem] = ()) -> dict[str, object]:
    """Of the published figures."""
    most = max([line.rate.high for line in (*page.places, *page.over_time) if line.rate], default=1.0)
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "problems": problems,
        "unit": told(page.unit),
        "tables": [_words(table) for table in page.tables],
        "places": [_rated(line, most) for line in page.places],
        "over_time": [_rated(line, most) for line in page.over_time] if len(page.over_time) > 1 else [],
        "reading": reading(page),
        "signs": [(sign, told(sign.label), _sign(sign)) for sign in page.signs],
        "said": [(each, ", ".join(map(period_words, each.periods))) for each in page.said],
        "cut_short": [(each, period_words(each.period)) for each in page.cut_short],
        "hand_overs": [_period(each, page) for each in page.hand_overs],
        "preview": None if page.preview is None else _period(page.preview, page),
        "states": {state.value: told(state.label) for state in RecapState},
        "reasons": REASON_WORDS,
        "lengths": {each.value: told(each.label) for each in Every},
        "per": PER,
        "refusable": (REFUSABLE.days, AMONG.days, SETTLED.days),
    }


def period_words(period: str) -> str:
    """The name of a period: the year, a half or a quarter of it."""
    if not period:
        return _("setahun")
    number = {"number": period[1:]}
    return _("semester %(number)s") % number if period[0] == "h" else _("triwulan %(number)s") % number


def _period(of: HandOverPeriod, page: PublicationsPage) -> dict[str, object]:
    """A period of hand-overs: its words, and whether anything can be read of it."""
    return {
        "of": of,
        "name": period_words(of.period),
        "reason": REASON_WORDS.get(of.reason, ""),
        "lines": [(line, LEVELS[line.level], _clocks(line.clocks)) for line in of.lines],
        "nothing": all(line.handed_over is None for line in of.lines),
        "may_keep_back": page.may_keep and not of.reason and of.may_come,
        "may_preview": page.may_keep and of.state in {"waiting", "late"},
    }


def reading(page: PublicationsPage) -> tuple[str, str]:
    """(how it changed, which way that must not be read); '' where there are no two years."""
    change = page.change
    if change is None:
        return "", ""
    if change.ratio is None:
        return "less", _("Jumlah perempuan belum ada, sehingga dua tahun itu tidak dapat dibandingkan per penduduk.")
    if change.ratio.rose:
        said = _(
            "Kenaikan ini lebih besar dari kebetulan. Itu berarti lebih banyak yang melapor; belum tentu lebih banyak "
            "kekerasan. Bila lebih banyak yang tahu ke mana melapor dan saluran bertambah, kenaikan adalah kabar baik."
        )
        return "rose", said
    if change.ratio.fell:
        said = _(
            "Penurunan ini lebih besar dari kebetulan. Bisa berarti kekerasan berkurang, bisa juga lebih sedikit yang "
            "berani melapor. Periksa dulu apakah saluran masih dikenal dan dijawab."
        )
        return "fell", said
    return "same", _("Selisihnya masih mungkin kebetulan. Jangan menyebutnya naik atau turun.")


def _words(table: TableShown) -> dict[str, object]:
    return {
        "key": table.key,
        "unit": told(table.unit),
        "dimension": told(table.dimension),
        "several": table.several,
        "quarter": table.period[1:],
        "columns": [told(column) for column in table.columns],
        "rows": [(name, list(zip(map(told, table.columns), counts, strict=True))) for name, counts in table.rows],
    }


def _rated(line: RateLine, most: float) -> dict[str, object]:
    """A line with its bar: filled to the rate, its interval under it, all on a track of `most`."""
    if line.rate is None:
        return {"line": line, "bar": None}
    numbers = [Decimal(f"{each:.2f}") for each in (line.rate.value, line.rate.low, line.rate.high)]
    low, value, high = (f"{100 * each / most:.2f}%" for each in (line.rate.low, line.rate.value, line.rate.high))
    return {"line": line, "bar": Bar(value, low, high, None), "numbers": numbers}


def _sign(sign: queries.Sign) -> str:
    if sign.measure in {"awareness_endline", "channel_known"}:
        return f"{sign.value * 100:.0f} %"
    if sign.measure == "channel_exists":
        return _("ya") if sign.value else _("belum")
    return f"{sign.value:.0f}"


def _clocks(clocks: Sequence[tuple[int, int] | None]) -> list[tuple[str, tuple[int, int] | None]]:
    titles = (_("Diterima dalam 24 jam"), _("Diteruskan dalam 3 × 24 jam"), _("Ditindaklanjuti setelah tiga bulan"))
    return list(zip(titles, clocks, strict=True))


def form_context(page: queries.RecapForm, draft: RecapDraft, problems: Sequence[Problem] = ()) -> dict[str, object]:
    """Of the form."""
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "draft": draft,
        "problems": problems,
        "today": date.isoformat(page.today),
    }


def recap_context(page: RecapPage, problems: Sequence[Problem] = ()) -> dict[str, object]:
    """Of a recap that waits."""
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "problems": problems,
        "tables": [(shown, _words(exact)) for shown, exact in zip(map(_words, page.shown), page.exact, strict=True)],
        "reasons": [(name, REASON_WORDS[name]) for name in REASONS],
        "threshold": page.threshold,
    }


_HERE = "tahun/<slug:slug>/angka-layanan/"
urlpatterns = [
    path(_HERE, publications, name="publications"),
    path(f"{_HERE}angka.xlsx", publications_file, name="publications_file"),
    path(f"{_HERE}rujukan/", hand_overs_keep_back, name="hand_overs_keep_back"),
    path(f"{_HERE}aturan/", publication_rule, name="publication_rule"),
    path(f"{_HERE}contoh.xlsx", recap_example, name="recap_example"),
    path(f"{_HERE}rekap/baru/", recap_new, name="recap_new"),
    path(f"{_HERE}rekap/<uuid:recap_id>/", recap, name="recap"),
    path(f"{_HERE}rekap/<uuid:recap_id>/terbit/", recap_publish, name="recap_publish"),
    path(f"{_HERE}rekap/<uuid:recap_id>/tolak/", recap_decline, name="recap_decline"),
]
