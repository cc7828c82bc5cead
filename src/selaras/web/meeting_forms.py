"""What people say of a meeting, its minutes, who came, and the letterhead: checked for shape here."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from selaras.models import MeetingKind
from selaras.web.rows import Row, Rows

KINDS = {
    MeetingKind.RAKOR.value: _("Rapat koordinasi"),
    MeetingKind.SOSIALISASI.value: _("Sosialisasi"),
    MeetingKind.EVALUASI.value: _("Rapat evaluasi"),
    MeetingKind.PEMBINAAN.value: _("Pembinaan lokasi"),
}
#: As letters say them; stored in Indonesian, because they are printed.
NATURES = [("Biasa", _("Biasa")), ("Penting", _("Penting")), ("Segera", _("Segera")), ("Amat segera", _("Amat segera"))]
SEXES = [("P", _("Perempuan")), ("L", _("Laki-laki"))]
LARGEST_LOGO = 1024 * 1024


def day_field(label: Any, *, required: bool = True) -> forms.DateField:
    """A calendar day; the browser gives and takes it in ISO form whatever the language."""
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


def clock_field(label: Any, *, required: bool = True) -> forms.TimeField:
    """An hour of the day."""
    return forms.TimeField(
        label=label, required=required, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )


def lines_field(label: Any, rows: int, *, required: bool = False, most: int = 4000) -> forms.CharField:
    """A point a line."""
    return forms.CharField(label=label, required=required, max_length=most, widget=forms.Textarea(attrs={"rows": rows}))


class MeetingForm(forms.Form):
    """A meeting and its letter."""

    kind = forms.ChoiceField(label=_("Jenis"), choices=list(KINDS.items()))
    title = forms.CharField(label=_("Acara"), max_length=200)
    day = day_field(_("Tanggal"))
    starts = clock_field(_("Mulai"))
    ends = clock_field(_("Selesai"), required=False)
    venue = forms.CharField(label=_("Tempat"), max_length=200)
    agenda = lines_field(_("Agenda"), 5)
    guests = lines_field(_("Undangan"), 10, most=20000)
    letter_number = forms.CharField(label=_("Nomor surat"), max_length=80, required=False)
    letter_date = day_field(_("Tanggal surat"), required=False)
    nature = forms.ChoiceField(label=_("Sifat"), choices=NATURES)
    attachment = forms.CharField(label=_("Lampiran"), max_length=80, required=False)
    note = lines_field(_("Paragraf tambahan"), 3, most=1500)
    copies = lines_field(_("Tembusan"), 3)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)


class MinutesForm(forms.Form):
    """What was said."""

    chair = forms.CharField(label=_("Pemimpin rapat"), max_length=150, required=False)
    note_taker = forms.CharField(label=_("Notulis"), max_length=150, required=False)
    minutes = lines_field(_("Pembahasan"), 12, most=40000)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class DecisionRow(Row):
    """One decision; empty where there is none, and taken out by emptying its text."""

    remove = None  # type: ignore[assignment]  # Django's way of leaving a field out
    id = forms.IntegerField(
        widget=forms.HiddenInput,
        required=False,
        min_value=1,
        error_messages={
            "invalid": _("Baris ini tidak utuh lagi. Salin isinya, muat ulang halamannya, lalu tulis lagi di situ.")
        },
    )
    text = forms.CharField(
        label=_("Keputusan"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    agency = forms.TypedChoiceField(label=_("OPD"), required=False, coerce=int, empty_value=None)
    due = day_field(_("Paling lambat"), required=False)


def decision_rows(
    agencies: Sequence[tuple[int, str]], decided: Sequence[Mapping[str, object]], data: QueryDict | None = None
) -> Rows:
    """The decisions, to be changed."""
    rows = Rows(DecisionRow, "putusan", decided, data, what=_("Keputusan"))
    for row in rows:
        row.fields["agency"].choices = [("", _("Belum ditentukan")), *agencies]  # type: ignore[attr-defined]
    return rows


class AttendForm(forms.Form):
    """Who writes herself down."""

    name = forms.CharField(
        label=_("Nama lengkap"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    office = forms.CharField(
        label=_("Jabatan dan instansi"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    sex = forms.ChoiceField(label=_("Jenis kelamin"), choices=SEXES, widget=forms.RadioSelect)


class AttendeeForm(forms.Form):
    """A line of the paper list, which may not say everything."""

    name = forms.CharField(label=_("Nama"), max_length=150)
    office = forms.CharField(label=_("Jabatan dan instansi"), max_length=200, required=False)
    sex = forms.ChoiceField(label=_("Jenis kelamin"), choices=[("", _("Tidak tertulis")), *SEXES], required=False)


class LetterheadForm(forms.Form):
    """How letters begin, and who signs them."""

    lines = lines_field(_("Baris kop, dari atas"), 3, required=True, most=400)
    address = forms.CharField(label=_("Alamat, telepon, laman"), max_length=300, required=False)
    logo = forms.FileField(
        label=_("Lambang"), required=False, widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"})
    )
    without_logo = forms.BooleanField(label=_("Tanpa lambang"), required=False)
    town = forms.CharField(label=_("Kota tempat surat ditulis"), max_length=80, required=False)
    signer_office = lines_field(_("Jabatan penanda tangan"), 2, most=160)
    signer_name = forms.CharField(label=_("Nama dengan gelar"), max_length=150, required=False)
    signer_rank = forms.CharField(label=_("Pangkat"), max_length=80, required=False)
    signer_nip = forms.CharField(label=_("NIP"), max_length=30, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)

    def clean_logo(self) -> "UploadedFile[bytes] | None":
        """Not larger than an emblem is; what is inside is looked at by the action."""
        file: UploadedFile[bytes] | None = self.cleaned_data["logo"]
        if file is not None and (file.size or 0) > LARGEST_LOGO:
            raise forms.ValidationError(_("Gambar lebih besar dari 1 MB. Kecilkan, lalu pilih lagi."))
        return file


def differences(form: forms.Form, stored: Mapping[str, Any], names: Sequence[str]) -> list[tuple[str, str, str]]:
    """(label, what is stored now, what this person wrote) of each field that differs."""
    found = []
    for name in names:
        theirs, mine = _shown(stored.get(name)), _shown(form.cleaned_data.get(name))
        if theirs != mine:
            found.append((str(form.fields[name].label), theirs, mine))
    return found


def _shown(value: Any) -> str:
    text = value.strftime("%H.%M") if hasattr(value, "hour") else "" if value is None else str(value)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
