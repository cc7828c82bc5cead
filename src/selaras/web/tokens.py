"""Tokens of the API: made, shown once, revoked, by whoever reads with them."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from selaras.access import API_SCOPES, demand, may_hold_token
from selaras.actions import tokens as actions
from selaras.errors import InputError
from selaras.queries.tokens import tokens_page
from selaras.web.person import person


class TokenForm(forms.Form):
    """What a token is for, what it may read, and for how long."""

    name = forms.CharField(label=_("Untuk apa"), max_length=80, help_text=_("Misalnya: dasbor Diskominfo"))
    scopes = forms.MultipleChoiceField(
        label=_("Boleh membaca"), choices=list(API_SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(
        label=_("Berlaku selama"),
        coerce=int,
        choices=[(30, _("30 hari")), (90, _("90 hari")), (365, _("1 tahun"))],
        initial=90,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Her tokens, and a form for one more; the secret is in the answer to that form and nowhere else."""
    form, secret, status = TokenForm(request.POST if request.method == "POST" else None), "", 200
    if request.method == "POST":
        demand(may_hold_token, person(request))
        status = 422
        if form.is_valid():
            try:
                _token, secret = actions.make_token(by=person(request), **form.cleaned_data)
                form, status = TokenForm(), 200
            except InputError as error:
                for problem in error.problems:
                    form.add_error(None, f"{problem.message}; {problem.remedy}")
    context = {"tokens": tokens_page(person(request)), "form": form, "secret": secret}
    return render(request, "tokens.html", context, status=status)


@require_POST
def revoke(request: HttpRequest, token: UUID) -> HttpResponse:
    """End one of her tokens."""
    actions.revoke_token(by=person(request), token=token)
    return redirect("tokens")
