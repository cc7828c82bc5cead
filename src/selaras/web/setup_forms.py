"""What people give us when a year is opened and set up: checked for shape here, for sense by the actions."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from selaras.actions.cycles import Dated
from selaras.models import RoundKind
from selaras.queries.setup import InstrumentChoice, LociPage, LokusLine, PlaceChoice
from selaras.queries.usual import RoundDraft, StageDraft
from selaras.queries.words import told
from selaras.web.rows import Row, Rows, day

Groups = Sequence[tuple[str, Sequence[PlaceChoice]]]


def options(groups: Groups) -> list[tuple[str, object]]:
    """Groups of places as a select shows them, none chosen at first."""
    return [("", _("Pilih …")), *((name, [(each.code, each.name) for each in places]) for name, places in groups)]


class StageRow(Row):
    """A stage and its first and last day."""

    name = forms.CharField(label=_("Tahap"), max_length=120)
    starts = day(_("Mulai"))
    ends = day(_("Selesai"))
    source = forms.CharField(label=_("Sumber tanggal"), max_length=300, required=False)


def stage_rows(stages: Sequence[StageDraft], data: QueryDict | None = None) -> Rows:
    """The stages, to be changed."""
    initial = [{"name": s.name, "starts": s.starts, "ends": s.ends, "source": s.source} for s in stages]
    return Rows(StageRow, "tahap", initial, data, what=_("Tahap"))


def dated(rows: Rows) -> list[Dated]:
    """The stages as given, in order of their days."""
    return sorted((Dated(**row) for row in rows.values()), key=lambda stage: (stage.starts, stage.ends))


class RoundRow(Row):
    """A round, the number of a visit, its first and last day."""

    kind = forms.ChoiceField(label=_("Putaran"))
    number = forms.IntegerField(label=_("Ke-"), min_value=1, max_value=99, required=False)
    opens = day(_("Mulai"))
    closes = day(_("Selesai"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared so five lines above)
        field.choices = [("", _("Pilih …")), *((kind, told(label).capitalize()) for kind, label in RoundKind.choices)]


def round_rows(rounds: Sequence[RoundDraft], data: QueryDict | None = None) -> Rows:
    """The rounds, to be changed."""
    initial = [{"kind": r.kind, "number": r.number, "opens": r.opens, "closes": r.closes} for r in rounds]
    return Rows(RoundRow, "putaran", initial, data, what=_("Putaran"))


def drafts(rows: Rows) -> list[RoundDraft]:
    """The rounds as given; whatever has no number is the first of its kind."""
    return [RoundDraft(row["kind"], row["number"] or 1, row["opens"], row["closes"]) for row in rows.values()]


class InstrumentsForm(forms.Form):
    """Which versions score a year, and which is the primary one."""

    versions = forms.MultipleChoiceField(label=_("Dipakai"), required=False)
    primary = forms.ChoiceField(label=_("Utama"), required=False)

    def __init__(self, choices: Sequence[InstrumentChoice], data: QueryDict | None = None) -> None:
        chosen = [str(choice.key) for choice in choices if choice.chosen]
        primary = next((str(choice.key) for choice in choices if choice.primary), "")
        super().__init__(data, initial={"versions": chosen, "primary": primary})
        keys = [(str(choice.key), choice.ref.title) for choice in choices]
        self.fields["versions"].choices = keys  # type: ignore[attr-defined]
        self.fields["primary"].choices = keys  # type: ignore[attr-defined]

    def lines(self, choices: Sequence[InstrumentChoice]) -> list[tuple[InstrumentChoice, bool, bool]]:
        """Each version with whether it is ticked and whether it is the primary one, as the person left it."""
        ticked, primary = self["versions"].value() or [], self["primary"].value()
        return [(each, str(each.key) in ticked, str(each.key) == primary) for each in choices]


class PlaceForm(forms.Form):
    """Whose year, and which."""

    wilayah = forms.ChoiceField(label=_("Kabupaten, kota, atau provinsi"))
    tahun = forms.IntegerField(label=_("Tahun program"), min_value=1979, max_value=2100)

    def __init__(self, groups: Groups, data: QueryDict | None = None, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["wilayah"].choices = options(groups)  # type: ignore[attr-defined]


class ProvinceForm(forms.Form):
    """Which province to load."""

    provinsi = forms.ChoiceField(label=_("Provinsi"))

    def __init__(self, choices: Sequence[tuple[str, str]], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["provinsi"].choices = [("", _("Pilih …")), *choices]  # type: ignore[attr-defined]


class YearForm(forms.Form):
    """What a year is called, what it takes over, and who is its secretariat where nobody is."""

    programme = forms.CharField(label=_("Nama program"), max_length=120)
    teams = forms.BooleanField(label=_("Salin tim dan anggotanya, tanpa SK"), required=False)
    who = forms.ChoiceField(label=_("Sekretariat"), required=False, widget=forms.RadioSelect)
    username = forms.CharField(
        label=_("Nama pengguna"), max_length=150, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, data: QueryDict | None = None, *, programme: str = "P2WKSS") -> None:
        super().__init__(data, initial={"programme": programme, "who": "saya", "teams": True})
        self.fields["who"].choices = [("saya", _("Saya sendiri")), ("lain", _("Orang lain"))]  # type: ignore[attr-defined]


class LokusForm(forms.Form):
    """A new lokus."""

    place = forms.ChoiceField(label=_("Kelurahan atau desa"))
    rw = forms.CharField(label=_("RW"), max_length=20, required=False)
    letters = forms.CharField(label=_("Awalan kode keluarga"), max_length=6, required=False)
    target_size = forms.IntegerField(label=_("Sasaran keluarga"), min_value=1, max_value=5000, initial=100)

    def __init__(self, page: LociPage, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["place"].choices = options(page.choices)  # type: ignore[attr-defined]

    def clean_letters(self) -> str:
        """Capital letters, however they were typed."""
        return str(self.cleaned_data["letters"]).strip().upper()


class LokusChangeForm(forms.Form):
    """A lokus that is there."""

    rw = forms.CharField(label=_("RW"), max_length=20, required=False)
    letters = forms.CharField(label=_("Awalan kode keluarga"), max_length=6)
    target_size = forms.IntegerField(label=_("Sasaran keluarga"), min_value=1, max_value=5000)

    def __init__(self, line: LokusLine, data: QueryDict | None = None) -> None:
        initial = {"rw": line.rw, "letters": line.prefix, "target_size": line.target}
        super().__init__(data, initial=initial, auto_id=f"id_{line.prefix}_%s")
        for name in ("rw", "letters"):
            self.fields[name].widget.attrs |= {"readonly": "readonly"} if line.fast else {}

    def clean_letters(self) -> str:
        """Capital letters, however they were typed."""
        return str(self.cleaned_data["letters"]).strip().upper()
