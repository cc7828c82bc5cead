"""What is asked about people and their tasks: shape here, sense in the actions."""

from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from selaras.actions.people import Asked
from selaras.errors import SelarasError
from selaras.models import Role
from selaras.queries.people import TaskChoices

#: The field at which a problem is said; any other is said above the form.
_FIELDS = {
    "people.agency": "agency",
    "people.area": "place",
    "people.level": "place",
    "people.place": "place",
    "people.rw": "rw",
    "people.dates": "ends",
    "invitation.name": "full_name",
}
#: Rows for tasks in an invitation. Without JavaScript no row can be added; three are more than anybody holds.
ROWS = 3


def say(form: forms.Form, error: SelarasError) -> None:
    """Our problems beside the fields that they are about."""
    for problem in error.problems:
        field = _FIELDS.get(problem.code)
        form.add_error(field if field in form.fields else None, f"{problem.message}; {problem.remedy}")


def say_by_row(form: forms.Form, rows: list["TaskForm"], error: SelarasError) -> None:
    """As `say`; what is wrong with one task (`where`: which) stands in its row."""
    for problem in error.problems:
        say(rows[int(problem.where)] if problem.where else form, type(error)(problem))


class DayInput(forms.DateInput):
    """A day as the browser's own calendar gives it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TaskForm(forms.Form):
    """One task: a role, where, and in which years."""

    role = forms.ChoiceField(label=_("Peran"))
    place = forms.ChoiceField(label=_("Wilayah"), required=False)
    rw = forms.RegexField(r"^\d{1,3}$", label=_("RW"), required=False, error_messages={"invalid": _("Tulis angkanya.")})
    agency = forms.ChoiceField(label=_("OPD atau mitra"), required=False)
    years = forms.ChoiceField(label=_("Berlaku"), required=False)

    def __init__(self, choices: TaskChoices, *args: object, needed: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        every: dict[str, list[tuple[str, object]]] = {
            "role": [("", _("Pilih peran")), *choices.roles],
            "place": [("", _("Seluruh kota atau provinsi")), *_grouped(choices.places)],
            "agency": [("", _("Pilih OPD")), *((str(pk), name) for pk, name in choices.agencies)],
            "years": [("this", _("Tahun program ini saja")), ("all", _("Semua tahun program"))],
        }
        for name, given in every.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared so above)
            field.choices = given
        self.fields["role"].required = needed
        self.fields["rw"].widget.attrs["inputmode"] = "numeric"
        # What one role alone needs is asked, and said, only of whom may give that role.
        offered = {code for code, _label in choices.roles}
        self.offers_below = bool(offered & {Role.SUPERVISOR, Role.CADRE})
        self.offers_protection = Role.PROTECTION in offered
        if Role.CADRE not in offered:
            del self.fields["rw"]
        if not choices.agencies:
            del self.fields["agency"]
        if not choices.always:
            del self.fields["years"]

    def asked(self) -> Asked | None:
        """The task, None where the row was left empty."""
        given = self.cleaned_data
        if not given["role"]:
            return None
        return Asked(
            role=given["role"],
            place=given["place"],
            rw=given.get("rw", ""),
            agency=int(given["agency"]) if given.get("agency") else None,
            this_year=given.get("years") != "all",
        )


def _grouped(places: tuple[tuple[str, str, str], ...]) -> list[tuple[str, object]]:
    """Places under the name of their level, in the order of the levels."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, name, level in places:
        groups.setdefault(level, []).append((code, name))
    return list(groups.items())


class DatedTaskForm(TaskForm):
    """A task with its first and last day, both optional."""

    starts = forms.DateField(label=_("Mulai"), required=False, widget=DayInput())
    ends = forms.DateField(label=_("Sampai"), required=False, widget=DayInput())


class NameForm(forms.Form):
    """Whom a new way in is for. `key`: a page sent twice makes one of it."""

    full_name = forms.CharField(
        label=_("Nama orang yang diundang"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Tulis namanya.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput(), initial=uuid4)


class HandoverForm(forms.Form):
    """To whom everything goes: somebody of the list, or a new name."""

    to = forms.ChoiceField(label=_("Kepada orang yang sudah punya akun"), required=False)
    full_name = forms.CharField(
        label=_("Atau kepada orang baru"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    listed = forms.CharField(required=False, widget=forms.HiddenInput(), max_length=4000)
    key = forms.UUIDField(widget=forms.HiddenInput())

    def __init__(self, candidates: tuple[tuple[str, str], ...], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared so above)
        field.choices = [("", _("Pilih orang")), *candidates]

    def clean(self) -> dict[str, object]:
        """One of the two, not both."""
        given = super().clean() or {}
        to, name = given.get("to"), str(given.get("full_name", "")).strip()
        if "to" not in self.errors and bool(to) == bool(name):
            raise forms.ValidationError(_("Pilih satu: orang yang sudah punya akun, atau nama orang baru."))
        return given

    @property
    def tasks(self) -> list[int]:
        """The tasks that the page showed."""
        return [int(part) for part in self.cleaned_data["listed"].split("-") if part.isascii() and part.isdigit()]

    @property
    def successor(self) -> UUID | None:
        """Who is there already, None where a new name is given."""
        return UUID(self.cleaned_data["to"]) if self.cleaned_data["to"] else None


class CodeForm(forms.Form):
    """The code on a printed slip."""

    code = forms.CharField(
        label=_("Kode dari kertas undangan"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Ketik kodenya: 16 huruf dan angka.")},
    )


class OpenForm(forms.Form):
    """The name and password that an invited person chooses."""

    username = forms.CharField(
        label=_("Nama pengguna"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Kata sandi"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )

    def __init__(self, username: str, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if username:
            del self.fields["username"]
