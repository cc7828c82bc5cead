"""What officers give us: choices, moments and a number whose form is checked. No field takes words."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from django import forms
from django.utils.translation import gettext_lazy as _

from selaras.cases.breaking import Emergency
from selaras.cases.facts import Void
from selaras.cases.steps import Done, Step
from selaras.cases.tickets import Reason
from selaras.cases.web.words import EMERGENCIES, REASONS, VOIDS

_LAW = [("ya", _("Wajib, 3 × 24 jam")), ("tidak", _("Tidak wajib"))]


class Moment(forms.DateTimeInput):
    """A day and a time, as the browser asks for them."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class CodeForm(BaseAuthenticateForm):  # type: ignore[misc]
    """A code of her phone, and no recovery code: that one is struck off in the main database, where it would tell that
    she came, and nobody has said that the paper is hers."""

    def clean_code(self) -> str:
        """What the phone shows now, which opens once."""
        clear_rate = check_rate_limit(self.user)
        code: str = self.cleaned_data["code"]
        phones = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP)
        if not any(phone.wrap().validate_code(code) for phone in phones):
            raise get_adapter().validation_error("incorrect_code")
        clear_rate()
        return code


class PurposeForm(forms.Form):
    """What she reads for."""

    keperluan = forms.ChoiceField(
        label=_("Keperluan Anda sekarang"), choices=list(REASONS.items()), widget=forms.RadioSelect
    )

    def reason(self) -> Reason:
        """The chosen one; the form must be valid."""
        return Reason(self.cleaned_data["keperluan"])


#: What each step asks for.
_ASKED = {
    Step.RECEIVE: ("at", "simfoni", "wajib"),
    Step.LAW: ("wajib",),
    Step.HAND_ON: ("at",),
    Step.FOLLOW_UP: ("at",),
    Step.NUMBER: ("simfoni",),
    Step.AGREE: (),
    Step.KEEP: (),
    Step.VOID: ("why", "twin"),
}


class StepForm(forms.Form):
    """One step: it asks only for what belongs to it."""

    at = forms.DateTimeField(label=_("Terjadi pada"), widget=Moment())
    simfoni = forms.CharField(
        label=_("Nomor SIMFONI PPA"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    wajib = forms.ChoiceField(
        label=_("Wajib diteruskan ke kepolisian (UU 12/2022 pasal 41)?"),
        choices=_LAW,
        required=False,
        widget=forms.RadioSelect,
    )
    why = forms.ChoiceField(label=_("Mengapa"), choices=list(VOIDS.items()), required=False, widget=forms.RadioSelect)
    twin = forms.CharField(
        label=_("Kode yang tetap dipakai, bila dibuka dua kali"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, step: Step, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, auto_id=f"{step}-%s", initial=initial)
        self.step = step
        for name in set(self.fields) - set(_ASKED[step]):
            del self.fields[name]

    def done(self) -> Done:
        """What is said; the form must be valid."""
        said = self.cleaned_data
        why, law = said.get("why"), said.get("wajib")
        return Done(
            self.step,
            at=said.get("at"),
            simfoni=said.get("simfoni", ""),
            must_pass=None if not law else law == "ya",
            why=Void(why) if why else None,
            twin=said.get("twin", ""),
        )


class BreakForm(forms.Form):
    """Which ticket, and for what."""

    kode = forms.CharField(
        label=_("Kode rujukan"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    alasan = forms.ChoiceField(label=_("Keadaannya"), choices=list(EMERGENCIES.items()), widget=forms.RadioSelect)

    def emergency(self) -> Emergency:
        """The chosen one; the form must be valid."""
        return Emergency(self.cleaned_data["alasan"])
