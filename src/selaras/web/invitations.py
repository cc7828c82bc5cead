"""Invitations: made and shown once here, opened by whoever holds the link or the printed code."""

from urllib.parse import quote
from uuid import UUID

import qrcode
from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from selaras.actions import invitations as actions
from selaras.actions.invitations import Invited
from selaras.errors import Forbidden, InputError, Missing, SelarasError
from selaras.queries import invitations as queries
from selaras.queries import people as people_queries
from selaras.queries.people import TaskChoices
from selaras.queries.refs import CycleRef
from selaras.web.errors import too_many
from selaras.web.people_forms import ROWS, CodeForm, NameForm, OpenForm, TaskForm, say_by_row
from selaras.web.person import person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """A name and her tasks; what comes of it is shown once, in the answer itself: nowhere could it be kept."""
    cycle, choices = people_queries.invite_page(person(request), slug)
    given = request.POST if request.method == "POST" else None
    name = NameForm(given)
    rows = [TaskForm(choices, given, prefix=f"t{i}", needed=i == 0) for i in range(ROWS)]
    if given is None or not all([name.is_valid(), *(row.is_valid() for row in rows)]):
        return _form(request, cycle, choices, name, rows)
    try:
        made = actions.invite(
            by=person(request),
            cycle_slug=slug,
            key=name.cleaned_data["key"],
            full_name=name.cleaned_data["full_name"],
            tasks=[asked for row in rows if (asked := row.asked()) is not None],
        )
    except (InputError, Forbidden) as error:
        say_by_row(name, [row for row in rows if row.asked() is not None], error)
        return _form(request, cycle, choices, name, rows)
    return shown_once(request, cycle, made)


def _form(
    request: HttpRequest, cycle: CycleRef, choices: TaskChoices, name: NameForm, rows: list[TaskForm]
) -> HttpResponse:
    more = any(row.is_bound and row.data.get(row.add_prefix("role")) for row in rows[1:])
    context = {
        "cycle": cycle,
        "synthetic": cycle.synthetic,
        "choices": choices,
        "name": name,
        "first": rows[0],
        "others": rows[1:],
        "more": more,
    }
    return render(request, "people/invite.html", context, status=422 if name.is_bound else 200)


def shown_once(request: HttpRequest, cycle: CycleRef, made: Invited) -> HttpResponse:
    """The link, the message and the slip. It cannot be had again, and must not be kept (views: `never_cache`)."""
    link = settings.SELARAS_BASE_URL + reverse("invitation", args=[made.token])
    code = " ".join(made.code[i : i + 4] for i in range(0, len(made.code), 4)).upper()
    text = _(
        "Halo %(name)s, Anda diundang memakai Selaras untuk %(programme)s %(place)s %(year)s. Buka tautan ini, lalu "
        "pilih nama pengguna dan kata sandi:\n%(link)s\nTautan hanya untuk Anda dan hanya sekali pakai."
    ) % {
        "name": made.full_name,
        "programme": cycle.programme,
        "place": cycle.place,
        "year": cycle.year,
        "link": link,
    }
    context = {
        "cycle": cycle,
        "synthetic": cycle.synthetic,
        "made": made,
        "link": link,
        "code": code,
        "typed_at": settings.SELARAS_BASE_URL + reverse("invitation_code"),
        "text": text,
        "whatsapp": f"https://wa.me/?text={quote(text)}",
        "qr": qr_path(link),
    }
    return render(request, "people/invited.html", context)


def qr_path(text: str) -> tuple[str, int]:
    """The black squares of a QR code as the path of an SVG, and how many squares wide it is with its margin."""
    code = qrcode.QRCode(border=2)
    code.add_data(text)
    rows = code.get_matrix()
    squares = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, black in enumerate(row) if black)
    return "".join(squares), len(rows)


@require_POST
def revoke(request: HttpRequest, slug: str, invitation_id: UUID) -> HttpResponse:
    """Make an invitation useless."""
    actions.revoke(by=person(request), cycle_slug=slug, invitation=invitation_id)
    messages.success(request, _("Undangan sudah dibatalkan; tautan dan kodenya tidak berlaku lagi."))
    return redirect("people", slug)


# --- as its holder sees it ------------------------------------------------------------------------------------------
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Type the code of a printed slip."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "invitation_code.html", {"form": form}, status=422 if form.is_bound else 200)
    if not ratelimit.consume(request, action="undangan"):
        return too_many(request)
    given = form.cleaned_data["code"]
    try:
        queries.invitation_page(given)
    except Missing as error:
        _say_at(form, "code", error)
        return render(request, "invitation_code.html", {"form": form}, status=422)
    return redirect("invitation", "".join(given.split()))


def _say_at(form: CodeForm, field: str, error: SelarasError) -> None:
    for problem in error.problems:
        form.add_error(field, f"{problem.message}; {problem.remedy}")


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The invitation behind a link or code: what it is for, a name and a password, and one is in."""
    try:
        page = queries.invitation_page(token)
    except Missing:
        return render(request, "invitation.html", {"page": None}, status=404)
    signed_in = request.user.is_authenticated
    form = OpenForm(page.username, request.POST if request.method == "POST" and not signed_in else None)
    context = {"page": page, "token": token, "form": form, "signed_in": signed_in, "until": page.expires_at}
    if page.state != "open":
        return render(request, "invitation.html", context, status=410)
    if request.method != "POST":
        return render(request, "invitation.html", context)
    if not ratelimit.consume(request, action="undangan"):
        return too_many(request)
    if signed_in:
        return _accept(request, token, context)
    if not form.is_valid():
        return render(request, "invitation.html", context, status=422)
    return _open(request, token, form, context)


def _accept(request: HttpRequest, token: str, context: dict[str, object]) -> HttpResponse:
    """With the account that she has."""
    try:
        actions.accept(by=person(request), secret=token)
    except (InputError, Forbidden) as error:
        return render(request, "invitation.html", {**context, "problems": error.problems}, status=422)
    messages.success(request, _("Tugas baru Anda sudah tercatat."))
    return redirect("home")


def _open(request: HttpRequest, token: str, form: OpenForm, context: dict[str, object]) -> HttpResponse:
    """With a name and password of her own. Who has a second step is asked for it at sign-in, as ever."""
    try:
        given = form.cleaned_data
        user = actions.open_account(secret=token, username=given.get("username", ""), password=given["password"])
    except (InputError, Forbidden) as error:
        for problem in error.problems:
            field = {"people.password": "password", "people.field": "username"}.get(problem.code)
            form.add_error(field if field in form.fields else None, f"{problem.message}; {problem.remedy}")
        return render(request, "invitation.html", context, status=422)
    if is_mfa_enabled(user):
        messages.success(request, _("Kata sandi sudah diganti. Masuk dengan kata sandi baru."))
        return redirect("account_login")
    # An agency's link may have given this browser a longer session than an account has.
    request.session.set_expiry(None)
    get_adapter().login(request, user)
    return redirect("home")
