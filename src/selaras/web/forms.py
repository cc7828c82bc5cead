"""What people give us by form: checked for shape here, for sense by the actions."""

from collections.abc import Sequence
from pathlib import PurePath

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from selaras.queries.refs import RoundRef

#: Packed; what it may be unpacked the reader says (`odk.archive`).
LARGEST = 50 * 1024 * 1024
SUFFIXES = (".xlsx", ".ods", ".csv")


class FirstForm(forms.Form):
    """What the first administrator says of herself, with the code from the server's screen."""

    code = forms.CharField(label=_("Kode dari layar server"), max_length=60)
    full_name = forms.CharField(label=_("Nama lengkap"), max_length=150)
    username = forms.CharField(
        label=_("Nama pengguna"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Kata sandi"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )


class ImportForm(forms.Form):
    """A file of families and answers, and the round that the answers belong to."""

    round = forms.ChoiceField(label=_("Putaran pendataan"))
    file = forms.FileField(
        label=_("Berkas keluarga dan jawaban"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
        error_messages={
            "required": _("Pilih dulu berkasnya: .xlsx, .ods, atau .csv."),
            "empty": _("Berkas ini kosong. Simpan ulang dari aplikasi lembar kerja, lalu pilih lagi."),
        },
    )

    def __init__(self, rounds: Sequence[RoundRef], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(each.slug, each.label) for each in rounds]
        field = self.fields["round"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared so three lines above)
        field.choices = choices

    def clean_file(self) -> "UploadedFile[bytes]":
        """Only a kind and size that the reader takes; what is inside is read later."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if PurePath(file.name or "").suffix.lower() not in SUFFIXES:
            raise forms.ValidationError(
                _("Berkas ini bukan .xlsx, .ods, atau .csv. Di aplikasi lembar kerja, pilih “Simpan sebagai” .xlsx.")
            )
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("Berkas lebih besar dari 50 MB. Bagi menjadi beberapa berkas."))
        return file
