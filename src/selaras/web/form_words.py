"""What is wrong in a field of a form, and how to write it instead: Django's own words say only the former.

Set once for every form (`selaras/apps.py`), also those that are yet to be written. A field that knows better says so
itself (`error_messages=`). Each example is one that its field takes, whatever the language of the page.
"""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

_ABSENT = _("“%(value)s” tidak ada di daftar. Pilih dari yang tampil; bila tidak tampil, muat ulang halamannya.")

#: Field → code of what is wrong → words; a kind of field inherits those of the kind that it is made of.
WORDS: Final[Mapping[type[forms.Field], Mapping[str, Any]]] = {
    forms.Field: {"required": _("Bagian ini belum diisi. Isi dulu, lalu kirim lagi.")},
    forms.CharField: {
        "max_length": _("Terlalu panjang: %(show_value)s huruf. Tulis paling banyak %(limit_value)s huruf."),
        "min_length": _("Terlalu pendek: %(show_value)s huruf. Tulis paling sedikit %(limit_value)s huruf."),
    },
    forms.EmailField: {"invalid": _("Itu bukan alamat surel. Tulis seperti nama@contoh.go.id.")},
    forms.DateField: {
        "required": _("Tanggalnya belum diisi. Tulis tanggal seperti 2026-11-27."),
        "invalid": _("Itu bukan tanggal. Tulis tahun, bulan, dan hari, seperti 2026-11-27."),
    },
    forms.TimeField: {
        "required": _("Jamnya belum diisi. Tulis jam seperti 08:30."),
        "invalid": _("Itu bukan jam. Tulis jam dan menit, seperti 08:30."),
    },
    forms.DateTimeField: {
        "required": _("Tanggal dan jamnya belum diisi. Tulis seperti 2026-11-27 08:30."),
        "invalid": _("Itu bukan tanggal dan jam. Tulis keduanya, seperti 2026-11-27 08:30."),
    },
    forms.IntegerField: {
        "required": _("Angkanya belum diisi. Tulis angka saja, misalnya 12."),
        "invalid": _("Itu bukan bilangan bulat. Tulis angka saja, misalnya 12."),
        "min_value": _("Terlalu kecil. Tulis %(limit_value)s atau lebih."),
        "max_value": _("Terlalu besar. Tulis %(limit_value)s atau kurang."),
    },
    forms.DecimalField: {"invalid": _("Itu bukan angka. Tulis angka saja, misalnya 12,5.")},
    forms.BooleanField: {"required": _("Belum dicentang. Centang dulu, lalu kirim lagi.")},
    forms.ChoiceField: {"required": _("Belum dipilih. Pilih salah satu."), "invalid_choice": _ABSENT},
    forms.MultipleChoiceField: {
        "required": _("Belum ada yang dipilih. Pilih paling sedikit satu."),
        "invalid_choice": _ABSENT,
        "invalid_list": _("Pilihannya tidak terbaca. Muat ulang halamannya, lalu pilih lagi."),
    },
    forms.UUIDField: {"invalid": _("Halaman ini tidak utuh lagi. Muat ulang halamannya, lalu isi lagi.")},
    forms.FileField: {
        "required": _("Berkasnya belum dipilih. Pilih berkas, lalu kirim lagi."),
        "invalid": _("Berkasnya tidak sampai. Pilih lagi, lalu kirim."),
        "missing": _("Berkasnya tidak sampai. Pilih lagi, lalu kirim."),
        "empty": _("Berkas ini kosong. Simpan ulang di aplikasinya, lalu pilih lagi."),
    },
}


def set_words() -> None:
    """From here on every field that is made has them. Before any form is read in: a form's fields are made once."""
    for kind, words in WORDS.items():
        kind.default_error_messages = {**vars(kind).get("default_error_messages", {}), **words}
