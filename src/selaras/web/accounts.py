"""Signing in and out, the second step, the password: allauth's views at our paths, in our words."""

from typing import Any, ClassVar

from allauth.account import views as account
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from selaras.access import may_ask_break, may_be_asked_break
from selaras.actions.people import open_second_step, own_change, seal_second_step
from selaras.queries.filling import has_forms
from selaras.web.offline import KEEPS
from selaras.web.person import person


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are given by an administrator, never taken; problems are said in our words."""

    error_messages: ClassVar[dict[str, object]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Akun ini sedang tidak aktif. Hubungi sekretariat kota Anda."),
        "enter_current_password": _("Kata sandi sekarang tidak cocok. Ketik ulang."),
        "incorrect_code": _("Kode tidak cocok. Tunggu kode berikutnya di aplikasi, lalu ketik lagi."),
        "incorrect_password": _("Kata sandi tidak cocok. Ketik ulang."),
        "too_many_login_attempts": _("Terlalu banyak percobaan. Tunggu 5 menit, lalu coba lagi."),
        "username_password_mismatch": _(
            "Nama pengguna atau kata sandi tidak cocok. Periksa huruf besar dan kecil, lalu coba lagi."
        ),
        "rate_limited": _("Terlalu banyak percobaan. Tunggu sebentar, lalu coba lagi."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody makes an account for herself."""
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        """Begin the session, written down."""
        with own_change(by=user, what="sign_in"):
            super().login(request, user)

    def logout(self, request: HttpRequest) -> None:
        """End the session, written down."""
        with own_change(by=person(request), what="sign_out"):
            super().logout(request)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second step at sign-in, in our words."""

    error_messages: ClassVar[dict[str, object]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Kode tidak cocok. Tunggu kode berikutnya di aplikasi, lalu ketik lagi."),
    }

    def encrypt(self, text: str) -> str:
        """Whoever copies the database must not be able to compute anybody's codes."""
        return seal_second_step(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` was given."""
        return open_second_step(encrypted_text)


class _Logout(account.LogoutView):  # type: ignore[misc]
    """Who fills in forms is asked first whether her browser keeps some: they are sent or saved, then wiped.

    Only the page can look into the browser; where it finds nothing it signs out at once. The mark that web/filling.py
    leaves may be lost while what is kept is not, so that who had a task with families is asked without it too.
    """

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse
        if self.may_keep() and "tetap" not in self.request.POST:
            response = super().get(*args, **kwargs)
        else:
            response = super().post(*args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "at_once": self.request.method == "POST"}

    def may_keep(self) -> bool:
        user = self.request.user
        return KEEPS in self.request.COOKIES or (user.is_authenticated and has_forms(person(self.request)))


def _written(view: Any, what: str) -> Any:
    """allauth's view; what its form changes is written down in the same transaction."""

    def form_valid(self: Any, form: Form) -> HttpResponse:
        with own_change(by=person(self.request), what=what):
            response: HttpResponse = view.form_valid(self, form)
        return response

    made: Any = type(f"Written{view.__name__}", (view,), {"form_valid": form_valid})
    return made.as_view()


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Who am I here, and what can I change about it; on a phone also the rest of the menu."""
    with_code = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
    breaks = may_ask_break(person(request)) or may_be_asked_break(person(request))
    return render(request, "account/home.html", {"with_code": with_code, "breaks": breaks})


urlpatterns = [
    path("masuk/", account.login, name="account_login"),
    path("masuk/kode/", mfa.authenticate, name="mfa_authenticate"),
    path("masuk/nonaktif/", account.account_inactive, name="account_inactive"),
    path("keluar/", _Logout.as_view(), name="account_logout"),
    path("akun/", home, name="account_home"),
    path("akun/sandi/", _written(account.PasswordChangeView, "change_own_password"), name="account_change_password"),
    path("akun/pastikan/", account.reauthenticate, name="account_reauthenticate"),
    path("akun/pastikan/kode/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("akun/keamanan/", mfa.index, name="mfa_index"),
    path("akun/keamanan/pasang/", _written(totp.ActivateTOTPView, "second_step_on"), name="mfa_activate_totp"),
    path("akun/keamanan/lepas/", _written(totp.DeactivateTOTPView, "second_step_off"), name="mfa_deactivate_totp"),
    path("akun/keamanan/cadangan/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "akun/keamanan/cadangan/baru/",
        _written(recovery.GenerateRecoveryCodesView, "new_recovery_codes"),
        name="mfa_generate_recovery_codes",
    ),
    path("akun/keamanan/cadangan/unduh/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
]
