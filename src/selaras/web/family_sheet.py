"""The family's own voice, for who works with it: its sheet printed or read aloud, and what it says written down."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.actions import confirmations as actions
from selaras.actions import family_sheets
from selaras.actions.households import reveal_family
from selaras.errors import InputError, Problem
from selaras.queries.family_voice import FamilyVoicePage, WomanLine, family_voice_page
from selaras.queries.voice import VoicePage, Wanted, voice_page
from selaras.web import naming
from selaras.web.papers import sent
from selaras.web.person import person
from selaras.web.registry_words import COMMITMENT_STATES
from selaras.web.voice_words import ANSWERS, HOLDERS, KINDS, QUESTIONS, SAID, USERS, VIAS


# --- one family -------------------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def family(request: HttpRequest, slug: str, code: str, household: str) -> HttpResponse:
    """Everything that is asked of one family; posted, what it says of what was promised to it."""
    if request.method != "POST":
        return _family(request, slug, code, household)
    given = request.POST
    answers = {
        int(name[6:]): value == "sudah"
        for name, value in given.items()
        if name.startswith("janji-") and _is_number(name[6:]) and value in {"sudah", "belum"}
    }
    try:
        count = actions.say_received(
            **_where(request, slug, code, household),
            answers=answers,
            said=given.get("siapa", ""),
            from_paper=given.get("cara", "") == "kertas",
            on=_day(given.get("tanggal", "")),
        )
    except InputError as error:
        return _family(request, slug, code, household, part="janji", problems=error.problems)
    if count:
        messages.success(request, _("Jawaban yang dicatat: %(n)s.") % {"n": count})
    else:
        messages.info(request, _("Sudah tercatat begitu; tidak ada yang berubah."))
    return redirect("family_voice", slug, code, household)


@never_cache
@require_POST
def aid(request: HttpRequest, slug: str, code: str, household: str) -> HttpResponse:
    """Who holds and uses one thing."""
    given, round_slug = request.POST, _round(request.POST)
    commitment = given.get("janji", "")
    try:
        actions.say_holding(
            **_where(request, slug, code, household),
            round_slug=round_slug,
            commitment=int(commitment) if _is_number(commitment) else 0,
            kind=given.get("jenis", ""),
            held_by=given.get("dipegang", ""),
            used_by=given.get("dipakai", ""),
            on=_day(given.get("tanggal", "")),
        )
    except InputError as error:
        return _family(request, slug, code, household, part=f"bantuan-{commitment}", problems=error.problems)
    messages.success(request, _("Siapa yang memegang dan memakainya sudah dicatat."))
    return redirect(f"{reverse('family_voice', args=[slug, code, household])}?putaran={round_slug}#bantuan")


@never_cache
@require_POST
def woman(request: HttpRequest, slug: str, code: str, household: str) -> HttpResponse:
    """The four questions of one woman."""
    given, round_slug = request.POST, _round(request.POST)
    role = set(given.getlist("role")[:8])
    try:
        actions.say_woman(
            **_where(request, slug, code, household),
            round_slug=round_slug,
            woman=_uuid(given.get("perempuan", "")),
            role=(role - {"tidak"}) if role else None,
            access=given.get("access", ""),
            control=given.get("control", ""),
            benefit=given.get("benefit", ""),
            on=_day(given.get("tanggal", "")),
        )
    except InputError as error:
        part = f"perempuan-{given.get('perempuan', '')}"
        return _family(request, slug, code, household, part=part, problems=error.problems)
    messages.success(request, _("Jawabannya sudah dicatat."))
    return redirect(f"{reverse('family_voice', args=[slug, code, household])}?putaran={round_slug}#perempuan")


@require_POST
def new_code(request: HttpRequest, slug: str, code: str, household: str) -> HttpResponse:
    """The code of its sheet opens nothing any more."""
    if family_sheets.close_sheet(**_where(request, slug, code, household)):
        messages.success(request, _("Kode lama sudah tidak berlaku. Cetak lembarnya lagi; kodenya baru."))
    else:
        messages.info(request, _("Keluarga ini belum punya lembar; cetak dahulu."))
    return redirect("family_voice", slug, code, household)


def _family(
    request: HttpRequest, slug: str, code: str, household: str, *, part: str = "", problems: Sequence[Problem] = ()
) -> HttpResponse:
    given = request.POST if problems else QueryDict()
    page = family_voice_page(person(request), slug, code, household, _round(given or request.GET))
    names: Mapping[UUID, str] = {}
    if naming.asked(request, slug, code):
        names = reveal_family(
            by=person(request), cycle_slug=slug, code=code, household=household, page=request.path
        ).members
    back = reverse("family_voice", args=[slug, code, household])
    more = {"back": back, "named": bool(names), "part": part, "problems": problems, "given": given}
    shown = {**context(page, names, given if part.startswith("perempuan-") else None), **more}
    return render(request, "family_voice.html", shown, status=422 if problems else 200)


def context(
    page: FamilyVoicePage, names: Mapping[UUID, str] | None = None, typed: QueryDict | None = None
) -> dict[str, object]:
    """What the template reads besides what was typed; `typed` are the refused answers of one woman."""
    known = names or {}
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "women": [(line, str(line.uuid), known.get(line.uuid, ""), _answers(line, typed)) for line in page.women],
        "vias": VIAS,
        "said": SAID,
        "kinds": KINDS,
        "holders": HOLDERS,
        "users": USERS,
        "questions": [(name, about, asked, ANSWERS[name]) for name, (about, asked) in QUESTIONS.items()],
        "states": COMMITMENT_STATES,
    }


def _answers(line: WomanLine, typed: QueryDict | None) -> dict[str, list[str]]:
    """Question -> what is ticked: as typed where that was refused, else as it is known."""
    if typed is not None and typed.get("perempuan") == str(line.uuid):
        return {name: typed.getlist(name) for name in QUESTIONS}
    role = [] if line.role is None else [*line.role] or ["tidak"]
    single = {"access": line.access, "control": line.control, "benefit": line.benefit}
    return {"role": role, **{name: [answer] if answer else [] for name, answer in single.items()}}


# --- the lokus --------------------------------------------------------------------------------------------------------
@never_cache
@require_safe
def voice(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """What the families of the lokus say, counted; their sheets to print."""
    return _voice(request, slug, code)


@never_cache
@require_POST
def contact(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Whom the families call."""
    name, phone = request.POST.get("nama", ""), request.POST.get("telepon", "")
    try:
        family_sheets.set_contact(by=person(request), cycle_slug=slug, code=code, name=name, phone=phone)
    except InputError as error:
        return _voice(request, slug, code, problems=error.problems, name=name, phone=phone)
    messages.success(request, _("Yang dihubungi sudah dicatat; tercetak di lembar berikutnya."))
    return redirect("voice", slug, code)


@never_cache
@require_safe
def sheets(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The sheets as one PDF: `?blok=RW-RT`, or `?keluarga=`; each taking is written down."""
    rw, _sep, rt = request.GET.get("blok", "").partition("-")
    household = request.GET.get("keluarga", "").replace("\0", "").strip()[:20]
    try:
        made = family_sheets.print_sheets(
            by=person(request),
            cycle_slug=slug,
            code=code,
            wanted=Wanted(rt=_plain(rt), rw=_plain(rw), household=household),
            base_url=settings.SELARAS_BASE_URL,
        )
    except InputError as error:
        return _voice(request, slug, code, problems=error.problems)
    return sent(made)


def _voice(
    request: HttpRequest,
    slug: str,
    code: str,
    *,
    problems: Sequence[Problem] = (),
    name: str | None = None,
    phone: str | None = None,
) -> HttpResponse:
    page = voice_page(person(request), slug, code)
    more = {
        "problems": problems,
        "contact_name": page.contact_name if name is None else name,
        "contact_phone": page.contact_phone if phone is None else phone,
    }
    return render(request, "voice.html", {**voice_context(page), **more}, status=422 if problems else 200)


def voice_context(page: VoicePage) -> dict[str, object]:
    """What the template reads besides what was typed."""
    women = [
        (
            each.round,
            [
                (*QUESTIONS[one.name], one.n, [(ANSWERS[one.name][answer], count) for answer, count in one.counts])
                for one in each.questions
            ],
        )
        for each in page.women
    ]
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "states": COMMITMENT_STATES,
        "contradicted": [line for line in page.lines if line.contradicted],
        "holders": HOLDERS,
        "users": USERS,
        "women": women,
        "contact_name": page.contact_name,
        "contact_phone": page.contact_phone,
    }


# --- reading ----------------------------------------------------------------------------------------------------------
def _where(request: HttpRequest, slug: str, code: str, household: str) -> dict[str, Any]:
    return {"by": person(request), "cycle_slug": slug, "code": code, "household": household}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 15


def _plain(text: str) -> str:
    return text.replace("\0", "")[:20]


def _round(given: QueryDict) -> str:
    return given.get("putaran", "").replace("\0", "")[:20]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InputError(Problem("voice.woman", "perempuan")) from None


_LOKUS = "tahun/<slug:slug>/lokus/<str:code>/"
_FAMILY = f"{_LOKUS}keluarga/<str:household>/suara/"
urlpatterns = [
    path(f"{_LOKUS}suara/", voice, name="voice"),
    path(f"{_LOKUS}suara/kontak/", contact, name="voice_contact"),
    path(f"{_LOKUS}suara/lembar.pdf", sheets, name="family_sheets"),
    path(_FAMILY, family, name="family_voice"),
    path(f"{_FAMILY}bantuan/", aid, name="family_aid"),
    path(f"{_FAMILY}perempuan/", woman, name="family_woman"),
    path(f"{_FAMILY}kode/", new_code, name="family_code"),
]
