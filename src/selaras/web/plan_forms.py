"""What people say of a commitment: checked for shape here, for sense by the action."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from selaras.actions.amounts import number, rupiah
from selaras.actions.plans import WORDS
from selaras.errors import InputError
from selaras.models import CommitmentState, Fund
from selaras.models.places import area_code
from selaras.queries.choices import Ground
from selaras.web.numbers import as_here
from selaras.web.tags import ringkas

STATES: Mapping[str, Any] = {
    CommitmentState.PLANNED.value: _("Direncanakan"),
    CommitmentState.RUNNING.value: _("Berjalan"),
    CommitmentState.BLOCKED.value: _("Terkendala"),
    CommitmentState.DONE.value: _("Selesai"),
    CommitmentState.PROPOSED.value: _("Usulan"),
    CommitmentState.CANCELLED.value: _("Dibatalkan"),
}
FUNDS: Mapping[str, Any] = {
    Fund.DPA.value: _("DPA tahun ini"),
    Fund.PERUBAHAN.value: _("APBD Perubahan tahun ini"),
    Fund.KELURAHAN.value: _("Kelurahan (Salira)"),
    Fund.BAZNAS.value: _("BAZNAS"),
    Fund.CSR.value: _("CSR"),
    Fund.SWADAYA.value: _("Swadaya"),
    Fund.RENJA.value: _("Renja tahun depan"),
}
WHOM = [("families", _("Keluarga yang dipilih di bawah")), ("place", _("Wilayah itu seluruhnya"))]


def field_words() -> dict[str, str]:
    """Field -> how a page calls it."""
    form = CommitmentForm.base_fields
    return {**{name: str(field.label) for name, field in form.items()}, "needs": str(_("Keluarga yang dilayani"))}


class Amount(forms.CharField):
    """A number as people write it, shown and read as the reader's language writes it."""

    def __init__(self, read: Callable[[str], Decimal | None], wrong: Any, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=40, **kwargs)
        self._read, self._wrong = read, wrong
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        return ringkas(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        text = cast(str, super().clean(value))
        try:
            return self._read(as_here(text))
        except ValueError as error:
            raise forms.ValidationError(self._wrong) from error


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget)


def _text(label: Any, most: int, *, required: bool = False, rows: int = 0) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=most, required=required, widget=widget)


class CommitmentForm(forms.Form):
    """Everything that a commitment says. `whom` is for families or for the place; the families stand beside it."""

    agency = forms.TypedChoiceField(label=_("OPD atau mitra"), coerce=int)
    indicator = forms.ChoiceField(label=_("Kebutuhan yang dilayani"), required=False)
    lokus = forms.ChoiceField(label=_("Lokus"), required=False)
    area = forms.CharField(label=_("RW atau RT"), max_length=20, required=False)
    whom = forms.ChoiceField(
        label=_("Untuk"), choices=WHOM, widget=forms.RadioSelect, initial="families", required=False
    )
    title = _text(_("Kegiatan"), 200, required=True)
    activity_code = _text(_("Kode sub kegiatan"), 40)
    volume = Amount(number, _("Tulis bilangan, misalnya 12 atau 12,5."), label=_("Volume"))
    unit = _text(_("Satuan"), 40)
    budget = Amount(
        rupiah, _("Tulis rupiah penuh tanpa pecahan, misalnya 75.000.000 atau 75 juta."), label=_("Anggaran (Rp)")
    )
    fund = forms.ChoiceField(label=_("Sumber dana"), choices=[("", _("Belum ada")), *FUNDS.items()], required=False)
    fund_note = _text(_("Keterangan sumber dana"), 160)
    legal_basis = _text(_("Dasar hukum"), 300)
    starts = _day(_("Mulai"))
    ends = _day(_("Selesai"))
    person = _text(_("Penanggung jawab"), 150)
    state = forms.ChoiceField(
        label=_("Keadaan"),
        choices=[(name, label) for name, label in STATES.items() if name != CommitmentState.CANCELLED],
        initial=CommitmentState.PLANNED.value,
    )
    obstacle = _text(_("Terkendala karena"), 300)
    reason = _text(_("Sebab perubahan"), 300)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, ground: Ground, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        several = len(ground.agencies) > 1
        agencies = [(str(each.id), f"{each.short_name}: {each.name}") for each in ground.agencies]
        self._offer("agency", [("", _("Pilih …")), *agencies] if several else agencies)
        named = [(each.name, each.label) for each in ground.indicators]
        self._offer("indicator", [("", _("Bukan untuk satu kebutuhan tertentu")), *named])
        loci = [(each.code, " ".join(part for part in (each.name, each.area) if part)) for each in ground.loci]
        self._offer("lokus", [("", _("Seluruh kota")), *loci])

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def said(self, name: str) -> str:
        """What the form shows for that field now; '' where it offers no such thing."""
        value = str(self[name].value() or "")
        offered = [str(choice) for choice, _label in cast(Any, self.fields[name]).choices]
        return value if value in offered else ""

    def clean(self) -> dict[str, Any]:
        """RW and RT, as typed, become a code inside the lokus."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        text, lokus = str(data.get("area") or "").strip(), str(data.get("lokus") or "")
        try:
            data["area"] = area_of(text, lokus)
        except ValueError:
            self.add_error("area", _("Pilih lokusnya, lalu tulis misalnya “RW 03” atau “RW 03 RT 02”."))
        return data

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        found = {name: self.cleaned_data[name] for name in WORDS}
        if found["state"] != CommitmentState.BLOCKED:
            found["obstacle"] = ""
        return found

    def take(self, error: InputError) -> None:
        """The action's problems, each at its field."""
        for problem in error.problems:
            field = problem.where if problem.where in self.fields and problem.where != "version" else None
            self.add_error(field, f"{problem.message}; {problem.remedy}")


def area_of(text: str, lokus: str) -> str:
    """`RW 03 RT 02` inside `36.72.05.1005` -> `36.72.05.1005.RW03.RT02`; '' for ''. Raises ValueError."""
    if not text:
        return ""
    found = re.fullmatch(r"(?i)(?:rw\s*\.?\s*([0-9]{1,3}))?[\s,/.-]*(?:rt\s*\.?\s*([0-9]{1,3}))?", text)
    if found is None or not lokus or not (found[1] or found[2]):
        raise ValueError(text)
    place, _sep, own = lokus.partition(".RW")
    rw = found[1] or own
    if not rw:
        raise ValueError(text)
    return area_code(place, rw, found[2] or "")
