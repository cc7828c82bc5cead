"""/mulai/: the first administrator, made with the one-time code that `selaras serve` prints."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from selaras.actions import people as actions
from selaras.errors import Forbidden, InputError, Missing, Problem
from selaras.web.errors import too_many
from selaras.web.forms import FirstForm


@login_not_required
@sensitive_post_parameters("code", "password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest) -> HttpResponse:
    """The form; the account, then to sign-in. Once there has been an administrator, there is nothing here."""
    if not actions.first_code():
        raise Missing(Problem("access.missing"))
    form = FirstForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "first.html", {"form": form}, status=422 if form.is_bound else 200)
    if not ratelimit.consume(request, action="mulai"):
        return too_many(request)
    try:
        actions.make_first_administrator(**form.cleaned_data)
    except (Forbidden, InputError) as error:
        for problem in error.problems:
            form.add_error(None, f"{problem.message}; {problem.remedy}")
        return render(request, "first.html", {"form": form}, status=422)
    messages.success(request, _("Akun administrator sudah dibuat. Masuk dengan nama dan kata sandi tadi."))
    return redirect("account_login")
