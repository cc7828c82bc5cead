"""What is wrong in a field of a form, and how to write it instead: Django's own words say only the former.

Set once for every form (`selaras/apps.py`), also those that are yet to be written. A field that knows better says so
itself (`error_messages=`). Each example is one that its field takes, whatever the language of the page. What is too
long, too short, too large or too small is told with the name of its field: %(field)s.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import wraps
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_ABSENT = _("“%(value)s” tidak ada di daftar. Pilih dari yang tampil; bila tidak tampil, muat ulang halamannya.")

#: Field → code of what is wrong → words; a kind of field inherits those of the kind that it is made of.
WORDS: Final[Mapping[type[forms.Field], Mapping[str, Any]]] = {
    forms.Field: {"required": _("Bagian ini belum diisi. Isi dulu, lalu kirim lagi.")},
    forms.CharField: {
        "max_length": _("%(field)s terlalu panjang: %(show_value)s huruf. Tulis paling banyak %(limit_value)s huruf."),
        "min_length": _("%(field)s terlalu pendek: %(show_value)s huruf. Tulis paling sedikit %(limit_value)s huruf."),
        "null_characters_not_allowed": _("%(field)s memuat tanda yang tidak dapat dibaca. Hapus, lalu ketik ulang."),
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
        "min_value": _("%(field)s terlalu kecil: %(show_value)s. Tulis %(limit_value)s atau lebih."),
        "max_value": _("%(field)s terlalu besar: %(show_value)s. Tulis %(limit_value)s atau kurang."),
        "step_size": _("%(field)s tidak tepat: %(show_value)s. Tulis kelipatan %(limit_value)s."),
    },
    forms.DecimalField: {
        "invalid": _("Itu bukan angka. Tulis angka saja, misalnya 12,5."),
        "max_digits": _(
            "%(field)s terlalu rinci: %(whole)s angka di depan koma dan %(part)s di belakangnya. Tulis paling banyak "
            "%(max)s angka seluruhnya: bulatkan, dan periksa apakah nolnya berlebih."
        ),
        "max_decimal_places": _(
            "%(field)s terlalu rinci: %(part)s angka di belakang koma. Bulatkan menjadi paling banyak %(max)s."
        ),
        "max_whole_digits": _(
            "%(field)s terlalu besar: %(whole)s angka di depan koma. Tulis paling banyak %(max)s, dan periksa apakah "
            "nolnya berlebih."
        ),
    },
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
        "max_length": _(
            "Nama berkasnya terlalu panjang: %(length)s huruf. Ganti menjadi paling banyak %(max)s, lalu pilih lagi."
        ),
        "contradiction": _("Berkasnya dipilih dan sekaligus dihapus. Pilih salah satu."),
    },
}


def set_words() -> None:
    """From here on every field that is made has them. Before any form is read in: a form's fields are made once."""
    for kind, words in WORDS.items():
        kind.default_error_messages = {**vars(kind).get("default_error_messages", {}), **words}
    forms.Field.run_validators = _naming(forms.Field.run_validators)  # type: ignore[assignment]


def _naming(run: Callable[[forms.Field, Any], None]) -> Callable[[forms.Field, Any], None]:
    """What its validators say of a field, with the name of that field and how many figures were typed."""

    @wraps(run)
    def run_validators(field: forms.Field, value: Any) -> None:
        try:
            run(field, value)
        except ValidationError as error:
            for each in error.error_list:
                if each.params is not None:
                    each.params = {**_figures(value), **_written(each.params), "field": _name(field)}
            raise

    return run_validators


def _name(field: forms.Field) -> str:
    return f"“{field.label}”" if field.label else gettext("Bagian ini")


def _written(params: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers with decimals as the page writes them; a year stays without dots."""
    return {name: number_format(each) if isinstance(each, Decimal) else each for name, each in params.items()}


def _figures(value: object) -> dict[str, int]:
    """How many figures a number has in front of its sign and behind it; of what is no number nothing."""
    if not isinstance(value, Decimal) or not value.is_finite():
        return {}
    _sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)  # noqa: S101  (finite)
    return {"whole": max(len(digits) + exponent, 1), "part": max(-exponent, 0)}
