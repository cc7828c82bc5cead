"""The people of a year: who does what since when, one more task, one task less, everything handed over."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.actions import handover as handing
from selaras.actions import invitations as inviting
from selaras.actions import people as actions
from selaras.errors import Forbidden, InputError
from selaras.queries import people as queries
from selaras.queries.people import HandoverPage, PersonPage
from selaras.web.invitations import shown_once
from selaras.web.people_forms import DatedTaskForm, HandoverForm, say
from selaras.web.person import person


@never_cache
@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of the list: `?cari=`, `?lalu=1` with ended tasks, `?hal=`."""
    page = queries.people_page(
        person(request),
        slug,
        search=request.GET.get("cari", "").replace("\0", "").strip()[:60],
        past=request.GET.get("lalu") == "1",
        page=_number(request.GET.get("hal", "1")),
    )
    return render(request, "people/list.html", {"page": page, "synthetic": page.cycle.synthetic})


def _number(text: str) -> int:
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 7 else 1


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, slug: str, person_id: UUID) -> HttpResponse:
    """Somebody; POST gives her one more task."""
    page = queries.person_page(person(request), slug, person_id)
    if request.method != "POST":
        return _one(request, page, DatedTaskForm(page.choices), 200)
    form = DatedTaskForm(page.choices, request.POST)
    asked = form.asked() if form.is_valid() else None
    if asked is None:
        return _one(request, page, form, 422)
    try:
        actions.give_task(
            by=person(request),
            cycle_slug=slug,
            person=person_id,
            asked=asked,
            starts=form.cleaned_data["starts"],
            ends=form.cleaned_data["ends"],
        )
    except (InputError, Forbidden) as error:
        say(form, error)
        return _one(request, page, form, 422)
    messages.success(request, _("Tugas baru sudah tercatat."))
    return redirect("person", slug, person_id)


def _one(request: HttpRequest, page: PersonPage, form: DatedTaskForm, status: int) -> HttpResponse:
    context = {"page": page, "synthetic": page.cycle.synthetic, "form": form, "key": uuid4()}
    return render(request, "people/person.html", context, status=status)


@require_POST
def end_task(request: HttpRequest, slug: str, person_id: UUID, task: int) -> HttpResponse:
    """End one task now."""
    actions.end_task_of(by=person(request), cycle_slug=slug, person=person_id, task=task)
    messages.success(request, _("Tugas itu sudah berakhir."))
    if person_id == person(request).uuid:
        return redirect("home")
    return redirect("person", slug, person_id)


@require_POST
def switch(request: HttpRequest, slug: str, person_id: UUID) -> HttpResponse:
    """Switch an account off, or on again with `aktif=1`."""
    active = request.POST.get("aktif") == "1"
    actions.set_active_of(by=person(request), cycle_slug=slug, person=person_id, active=active)
    said = _("Akun sudah aktif lagi.") if active else _("Akun sudah dinonaktifkan dan keluar dari semua perangkat.")
    messages.success(request, said)
    return redirect("person", slug, person_id)


@never_cache
@require_POST
def way_in(request: HttpRequest, slug: str, person_id: UUID) -> HttpResponse:
    """A new way in for who has lost her password, shown once."""
    page = queries.person_page(person(request), slug, person_id)
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        return redirect("person", slug, person_id)
    made = inviting.invite_again(by=person(request), cycle_slug=slug, person=person_id, key=key)
    return shown_once(request, page.cycle, made)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, slug: str, person_id: UUID) -> HttpResponse:
    """What she holds, listed; POST hands it all over, to somebody of the list or to a new invitation."""
    page = queries.handover_page(person(request), slug, person_id)
    if request.method != "POST":
        return _hand_over(request, page, HandoverForm(page.candidates, initial=_listed(page)), 200)
    form = HandoverForm(page.candidates, request.POST)
    if not form.is_valid():
        return _hand_over(request, page, form, 422)
    by, listed, herself = person(request), form.tasks, person_id == person(request).uuid
    try:
        if form.successor is None:
            made = handing.hand_over_to_invited(
                by=by,
                cycle_slug=slug,
                person=person_id,
                full_name=form.cleaned_data["full_name"],
                key=form.cleaned_data["key"],
                listed=listed,
            )
            response = shown_once(request, page.cycle, made)
        else:
            handing.hand_over_all(by=by, cycle_slug=slug, person=person_id, to=form.successor, listed=listed)
            response = redirect("account_login") if herself else redirect("people", slug)
    except (InputError, Forbidden) as error:
        # What she chose is kept; the list is the one of now.
        form.data = {**request.POST.dict(), **_listed(page)}
        say(form, error)
        return _hand_over(request, page, form, 422)
    if herself:
        # Her session is gone from the database already; its cookie follows.
        logout(request)
    if form.successor is not None:
        messages.success(request, _("Semua tugas sudah diserahkan."))
    return response


def _listed(page: HandoverPage) -> dict[str, object]:
    return {"listed": "-".join(str(task.id) for task in page.tasks), "key": uuid4()}


def _hand_over(request: HttpRequest, page: HandoverPage, form: HandoverForm, status: int) -> HttpResponse:
    context = {"page": page, "synthetic": page.cycle.synthetic, "form": form}
    return render(request, "people/handover.html", context, status=status)
