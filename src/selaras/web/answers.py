"""What an agency was asked, answered with a thumb: /opd/TOKEN/ by its link, /tahun/SLUG/jawab/ by who signed in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from selaras.actions import asks as actions
from selaras.actions import links as link_actions
from selaras.actions.asks import Reply
from selaras.errors import InputError, Problem
from selaras.models import User
from selaras.queries import replies as queries
from selaras.queries.links import Arrival, arrival, feed_of, hash_of
from selaras.queries.replies import RepliesPage, ReplyCard
from selaras.web.errors import too_many
from selaras.web.limits import allowed
from selaras.web.person import person

#: Where a session keeps that its browser has used a link's code.
_PROOFS = "opd"
_NUMBER = re.compile(r"[0-9]{1,6}")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")

View = Callable[..., HttpResponse]


def reasons() -> Mapping[str, str]:
    """Why agencies usually cannot, as buttons."""
    return {
        "anggaran": _("Belum ada anggaran tahun ini"),
        "tugas": _("Bukan tugas dan fungsi kami"),
        "lain": _("Sudah ditangani pihak lain"),
        "data": _("Data perlu diperiksa dulu"),
    }


@dataclass(frozen=True, slots=True)
class CardForm:
    """A card with what its form shows: typed by her, or what it begins with; problems by field, '' for the whole."""

    card: ReplyCard
    typed: Mapping[str, str]
    needs: frozenset[int]
    problems: Mapping[str, list[Problem]] = field(default_factory=dict)

    @property
    def whole(self) -> list[Problem]:
        """What is wrong with no field in particular."""
        return self.problems.get("", [])

    @property
    def newer(self) -> bool:
        """Whether somebody has answered since the page was opened."""
        return any(problem.code == "answer.newer" for problem in self.whole)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where she answers: who acts in which year for whom, where her forms go, and her link if she came by one."""

    by: User
    slug: str
    here: str
    agency: str
    arrival: Arrival | None = None
    token: str = ""


def by_link(view: View) -> View:
    """The view gets the Arrival of an open link; any other token gets a page that explains and says whom to ask."""

    @login_not_required
    @never_cache
    @wraps(view)
    def door(request: HttpRequest, link: str) -> HttpResponse:
        proof = request.session.get(_PROOFS, {}).get(hash_of(link)[:16], "")
        found = arrival(link, proof)
        if found is None and not allowed(request, "opd"):
            return too_many(request)
        if found is None or found.person is None:
            state = "unknown" if found is None else found.state
            context = {"state": state, "arrival": found}
            return render(request, "opd/closed.html", context, status=404 if found is None else 410)
        link_actions.came(by=found.person)
        return view(request, link, found)

    return door


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def answers(request: HttpRequest, token: str, found: Arrival) -> HttpResponse:
    """What her agency was asked, by its link."""
    return _answers(request, _desk(found, token))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_answers(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for a liaison who has signed in: no code is asked of her."""
    by = person(request)
    agency = queries.own_agency(by, slug)
    return _answers(request, Desk(by, slug, reverse("own_answers", args=[slug]), agency))


def _answers(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The cards; what was answered on them. What can be kept is kept, the rest comes back with what was typed."""
    page = _page(desk)
    if request.method != "POST":
        return _show(request, desk, page, {})
    chosen = _sent(request.POST, page)
    refused: dict[ReplyCard, list[Problem]] = {}
    for card in chosen:
        try:
            _send(desk, card, request.POST)
        except InputError as error:
            refused[card] = list(error.problems)
    kept = len(chosen) - len(refused)
    if kept:
        messages.success(request, ngettext("%(n)d jawaban tersimpan.", "%(n)d jawaban tersimpan.", kept) % {"n": kept})
    if not chosen:
        messages.warning(request, _("Belum ada jawaban yang dipilih. Ketuk dulu Sanggup, atau pilihan lain."))
    if not refused:
        return redirect(desk.here)
    return _show(request, desk, _page(desk), refused, status=422)


@require_POST
@sensitive_post_parameters("kode")
@by_link
def code(request: HttpRequest, token: str, found: Arrival) -> HttpResponse:
    """Use the one-time code in this browser: from here on families are named in it, and in no other."""
    if found.person is None or not allowed(request, "opd_code"):
        return too_many(request)
    try:
        proof = link_actions.unlock(by=found.person, code=request.POST.get("kode", "")[:40])
    except InputError as error:
        desk = _desk(found, token)
        return _show(request, desk, _page(desk), {}, status=422, code_problems=list(error.problems))
    if not request.user.is_authenticated:
        # She is known by her link alone: as long as it is open she need not ask for another code.
        request.session.cycle_key()
        request.session.set_expiry(found.expires_at)
    request.session[_PROOFS] = {**request.session.get(_PROOFS, {}), hash_of(token)[:16]: proof}
    messages.success(request, _("Nama keluarga sekarang terlihat, di peramban ini saja."))
    return redirect("answers", token)


def _desk(found: Arrival, token: str) -> Desk:
    assert found.person is not None  # noqa: S101  (by_link lets nobody else in)
    return Desk(found.person, found.cycle.slug, reverse("answers", args=[token]), found.agency, found, token)


def _page(desk: Desk) -> RepliesPage:
    return queries.replies_page(desk.by, desk.slug, now=timezone.now())


def _show(
    request: HttpRequest,
    desk: Desk,
    page: RepliesPage,
    refused: Mapping[ReplyCard, list[Problem]],
    *,
    status: int = 200,
    code_problems: list[Problem] | None = None,
) -> HttpResponse:
    if page.families and desk.arrival is not None:
        link_actions.show_families(by=desk.by, codes=page.families)
    elif page.families:
        actions.show_families(by=desk.by, cycle_slug=desk.slug, codes=page.families)
    problems = {card.id: rows for card, rows in refused.items()}

    def form(card: ReplyCard) -> CardForm:
        rows = problems.get(card.id)
        return _blank(card) if rows is None else _typed(card, request.POST, rows)

    context = {
        "page": page,
        "desk": desk,
        "arrival": desk.arrival,
        "token": desk.token,
        "waiting": [form(card) for card in page.waiting],
        "answered": [form(card) for card in page.answered],
        "reasons": reasons(),
        "done": len(page.answered),
        "code_problems": code_problems or [],
        "feed": request.build_absolute_uri(reverse("calendar", args=[feed_of(desk.token)])) if desk.token else "",
        "synthetic": page.cycle.synthetic,
    }
    template = "opd/answers.html" if desk.arrival is not None else "opd/own_answers.html"
    return render(request, template, context, status=status)


# --- the form --------------------------------------------------------------------------------------------------------
def _sent(post: QueryDict, page: RepliesPage) -> list[ReplyCard]:
    """The cards that this press was for: one, or all on which something was chosen."""
    cards = {str(card.id): card for card in (*page.waiting, *page.answered)}
    pressed = post.get("kirim", "")
    if pressed in cards:
        return [cards[pressed]]
    return [card for card in page.waiting if post.get(f"jawab-{card.id}")]


def _send(desk: Desk, card: ReplyCard, post: QueryDict) -> None:
    """Read the card's fields and answer. Raises InputError with what cannot be read, or does not make sense."""
    values = _fields(card, post)
    volume = values["jumlah"]
    if volume and not _NUMBER.fullmatch(volume):
        raise InputError(Problem("answer.number", "volume", {"given": volume[:20]}))
    answer = values["jawab"]
    proposed = answer == "propose"
    needs = None
    if f"ada-{card.id}" in post:
        needs = tuple(sorted(_needs(card, post)))
    reply = Reply(
        answer=answer,
        version=int(values["versi"]) if _NUMBER.fullmatch(values["versi"]) else 0,
        volume=int(volume) if volume else None,
        fund="" if answer == "decline" else values["usul"] if proposed else values["dana"],
        starts=None if proposed else _month(values["mulai"]),
        ends=None if proposed else _month(values["sampai"]),
        reason=_reason(answer, values),
        needs=None if answer == "decline" else needs,
    )
    actions.answer(by=desk.by, cycle_slug=desk.slug, ask_id=card.id, reply=reply)


_FIELDS = ("jawab", "versi", "jumlah", "dana", "usul", "mulai", "sampai", "beda", "sebab", "alasan", "catatan")


def _fields(card: ReplyCard, post: QueryDict) -> dict[str, str]:
    # PostgreSQL stores no NUL, and nobody means one.
    return {name: post.get(f"{name}-{card.id}", "").replace("\0", "").strip() for name in _FIELDS}


def _needs(card: ReplyCard, post: QueryDict) -> frozenset[int]:
    """Only of the families that are named on this card: an id from elsewhere is as if it were not there."""
    ticked = set(post.getlist(f"keluarga-{card.id}"))
    return frozenset(family.need for family in card.named if str(family.need) in ticked)


def _month(text: str) -> date | None:
    return date.fromisoformat(f"{text}-01") if _MONTH.fullmatch(text) and text >= "1000" else None


def _reason(answer: str, values: Mapping[str, str]) -> str:
    if answer == "decline":
        usual = reasons().get(values["sebab"], "")
        return ": ".join(part for part in (usual, values["alasan"]) if part)
    return {"change": values["beda"], "propose": values["catatan"]}.get(answer, "")


def _blank(card: ReplyCard) -> CardForm:
    """The form as it begins, or as it was last answered."""
    terms = card.terms
    typed = {
        "jawab": card.answer,
        "jumlah": "" if terms.volume is None else str(terms.volume),
        "dana": terms.fund,
        "usul": terms.fund if card.answer == "propose" else "renja",
        "mulai": terms.starts,
        "sampai": terms.ends,
        "beda": card.reason if card.answer == "change" else "",
        "alasan": card.reason if card.answer == "decline" else "",
        "catatan": card.reason if card.answer == "propose" else "",
    }
    return CardForm(card, typed, _first_choice(card))


def _first_choice(card: ReplyCard) -> frozenset[int]:
    served = frozenset(family.need for family in card.named if family.served)
    return served or frozenset(family.need for family in card.named)


def _typed(card: ReplyCard, post: QueryDict, problems: list[Problem]) -> CardForm:
    by_field: dict[str, list[Problem]] = {}
    for problem in problems:
        by_field.setdefault(problem.where, []).append(problem)
    return CardForm(card, _fields(card, post), _needs(card, post), by_field)


urlpatterns = [
    path("opd/<str:link>/", answers, name="answers"),
    path("opd/<str:link>/kode/", code, name="answers_code"),
    path("tahun/<slug:slug>/jawab/", own_answers, name="own_answers"),
]
