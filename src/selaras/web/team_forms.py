"""What people give us of teams, groups, agencies and earlier years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from selaras.models import Confidence, GroupKind, TeamKind
from selaras.queries.agencies import AgencyLine
from selaras.queries.groups import GroupLine
from selaras.queries.history import WonLine
from selaras.queries.setup import PlaceChoice
from selaras.queries.teams import MemberLine, TeamPage
from selaras.queries.usual import PROGRAMMES
from selaras.web.numbers import LocalDecimalField
from selaras.web.rows import Row, Rows, day
from selaras.web.setup_forms import Groups, options

#: A scanned decree of a hundred pages is smaller.
LARGEST_DECREE = 10 * 1024 * 1024
#: The kinds, each in the language of the page.
KINDS = [(value, _(label)) for value, label in TeamKind.choices]
GROUPS = [(value, _(label)) for value, label in GroupKind.choices]
SOURCES = [(value, _(label)) for value, label in Confidence.choices]
#: That the programme of a prize is not known is said, never left to a field that nobody looked at.
_UNKNOWN = "belum"
WON_IN = [*((key, _(name)) for key, name in PROGRAMMES.items()), (_UNKNOWN, _("belum diketahui"))]


def _choose(form: forms.Form, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  (every caller declared it so)
    field.choices = choices


def _areas(areas: Sequence[PlaceChoice]) -> list[tuple[str, str]]:
    return [(area.code, area.name) for area in areas]


class TeamForm(forms.Form):
    """A new team."""

    kind = forms.ChoiceField(label=_("Jenis tim"), choices=KINDS)
    name = forms.CharField(label=_("Nama tim"), max_length=160)
    area = forms.ChoiceField(label=_("Wilayah"))

    def __init__(self, areas: Sequence[PlaceChoice], data: QueryDict | None = None) -> None:
        super().__init__(data)
        _choose(self, "area", _areas(areas))


class DecreeForm(forms.Form):
    """A team and the decree that named it."""

    kind = forms.ChoiceField(label=_("Jenis tim"), choices=KINDS)
    name = forms.CharField(label=_("Nama tim"), max_length=160)
    area = forms.ChoiceField(label=_("Wilayah"))
    decree_number = forms.CharField(label=_("Nomor SK"), max_length=120, required=False)
    decree_date = day(_("Tanggal SK"), required=False)
    decree_file = forms.FileField(
        label=_("Berkas SK"), required=False, widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"})
    )

    def __init__(self, page: TeamPage, data: QueryDict | None = None, files: Any = None) -> None:
        team = page.team
        initial = {
            "kind": page.kind,
            "name": team.name,
            "area": page.area,
            "decree_number": team.decree_number,
            "decree_date": team.decree_date,
        }
        super().__init__(data, files if data is not None else None, initial=initial)
        _choose(self, "area", _areas(page.areas))

    def clean_decree_file(self) -> Any:
        """Its size; what kind it is the action sees from its first bytes."""
        file = self.cleaned_data["decree_file"]
        if file is not None and (file.size or 0) > LARGEST_DECREE:
            raise forms.ValidationError(_("Berkas lebih besar dari 10 MB. Pindai ulang dengan resolusi lebih rendah."))
        return file


class MemberForm(forms.Form):
    """One member of a team."""

    name = forms.CharField(label=_("Nama"), max_length=150)
    sex = forms.ChoiceField(
        label=_("Jenis kelamin"),
        required=False,
        choices=[("", _("Tidak disebut")), ("P", _("Perempuan")), ("L", _("Laki-laki"))],
    )
    duty = forms.CharField(label=_("Tugas dalam tim"), max_length=80)
    office = forms.CharField(label=_("Jabatan"), max_length=160, required=False)
    agency = forms.ChoiceField(label=_("OPD atau mitra"), required=False)

    def __init__(self, page: TeamPage, line: MemberLine | None = None, data: QueryDict | None = None) -> None:
        fields = ("name", "sex", "duty", "office")
        initial = {} if line is None else {name: getattr(line, name) for name in fields} | {"agency": line.agency_id}
        super().__init__(data, initial=initial, auto_id="id_baru_%s" if line is None else f"id_{line.id}_%s")
        choices: list[tuple[Any, Any]] = [("", _("Tidak ada")), *page.agencies]
        if line is not None and line.agency_id and line.agency_id not in dict(page.agencies):
            choices.append((line.agency_id, line.agency))
        _choose(self, "agency", choices)


class PasteForm(forms.Form):
    """Members out of a sheet."""

    lines = forms.CharField(
        label=_("Tempel dari lembar kerja"),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )


class GroupForm(forms.Form):
    """A new group."""

    kind = forms.ChoiceField(label=_("Jenis kelompok"), choices=GROUPS)
    name = forms.CharField(label=_("Nama kelompok"), max_length=160)
    place = forms.ChoiceField(label=_("Kelurahan atau desa"))
    rw = forms.CharField(label=_("RW"), max_length=20, required=False)
    women = forms.IntegerField(label=_("Anggota perempuan"), min_value=0, max_value=100_000, required=False)
    children = forms.IntegerField(label=_("Anggota anak"), min_value=0, max_value=100_000, required=False)

    def __init__(self, choices: Groups, data: QueryDict | None = None) -> None:
        super().__init__(data)
        _choose(self, "place", options(choices))


class GroupChangeForm(forms.Form):
    """A group that is there."""

    kind = forms.ChoiceField(label=_("Jenis kelompok"), choices=GROUPS)
    name = forms.CharField(label=_("Nama kelompok"), max_length=160)
    women = forms.IntegerField(label=_("Anggota perempuan"), min_value=0, max_value=100_000, required=False)
    children = forms.IntegerField(label=_("Anggota anak"), min_value=0, max_value=100_000, required=False)

    def __init__(self, line: GroupLine, data: QueryDict | None = None) -> None:
        initial = {"kind": line.kind, "name": line.name, "women": line.women, "children": line.children}
        super().__init__(data, initial=initial, auto_id=f"id_{line.id}_%s")


class AgencyForm(forms.Form):
    """An agency's two names; with a line, the new ones of one that is there."""

    short_name = forms.CharField(label=_("Nama pendek"), max_length=40)
    name = forms.CharField(label=_("Nama lengkap"), max_length=200)

    def __init__(self, line: AgencyLine | None = None, data: QueryDict | None = None) -> None:
        initial = {} if line is None else {"short_name": line.short_name, "name": line.name}
        super().__init__(data, initial=initial, auto_id="id_baru_%s" if line is None else f"id_{line.id}_%s")


class UsualForm(forms.Form):
    """Which of the usual agencies this place has."""

    chosen = forms.MultipleChoiceField(
        label=_("OPD dan mitra"), error_messages={"required": _("Centang paling sedikit satu.")}
    )

    def __init__(self, names: Sequence[str], data: QueryDict | None = None) -> None:
        super().__init__(data)
        _choose(self, "chosen", [(name, name) for name in names])


def _programme(choices: Sequence[tuple[str, object]]) -> forms.TypedChoiceField:
    """A key of PROGRAMMES; '' where it was said that it is not known."""
    return forms.TypedChoiceField(
        label=_("Program"), choices=choices, coerce=lambda key: "" if key == _UNKNOWN else key
    )


class WonForm(forms.Form):
    """What a place won, and who says so."""

    place = forms.ChoiceField(label=_("Wilayah"))
    year = forms.IntegerField(label=_("Tahun"), min_value=1978, max_value=2100)
    title = forms.CharField(label=_("Gelar"), max_length=120)
    programme = _programme([("", _("Pilih program")), *WON_IN])
    level = forms.CharField(label=_("Tingkat"), max_length=120)
    source = forms.CharField(label=_("Sumber"), max_length=300, required=False)
    confidence = forms.ChoiceField(label=_("Jenis sumber"), choices=SOURCES)

    def __init__(self, places: Groups, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="id_prestasi_%s")
        _choose(self, "place", options(places))


class WonInForm(forms.Form):
    """Of which programme a prize on record was."""

    programme = _programme(WON_IN)

    def __init__(self, line: WonLine, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"programme": line.programme or _UNKNOWN}, auto_id=f"id_{line.id}_%s")


class PastYearForm(forms.Form):
    """An earlier year, and who says so."""

    programme = forms.CharField(label=_("Nama program"), max_length=120)
    year = forms.IntegerField(label=_("Tahun"), min_value=1978, max_value=2100)
    source = forms.CharField(label=_("Sumber tahun dan lokusnya"), max_length=300, required=False)

    def __init__(self, programme: str, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"programme": programme}, auto_id="id_lalu_%s")


class PastLokusRow(Row):
    """A lokus of an earlier year, and what was published of it."""

    place = forms.ChoiceField(label=_("Kelurahan atau desa"))
    rw = forms.CharField(label=_("RW"), max_length=20, required=False)
    total = LocalDecimalField(label=_("Nilai"), max_digits=8, decimal_places=2, required=False)
    scale = LocalDecimalField(label=_("dari"), max_digits=8, decimal_places=2, required=False)
    source = forms.CharField(label=_("Sumber nilai"), max_length=300, required=False)


def past_rows(choices: Groups, data: QueryDict | None = None) -> Rows:
    """Rows for the loci of an earlier year."""
    rows = Rows(PastLokusRow, "lokus", (), data, what=_("Lokus"))
    for row in rows:
        _choose(row, "place", options(choices))
    return rows
