"""A field that was filled in wrongly says how to write it, with an example that it takes."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import override

import selaras.urls  # noqa: F401  (reads every page's forms in)
from selaras.actions.amounts import number, rupiah
from selaras.web.form_words import WORDS
from selaras.web.numbers import LocalDecimalField
from selaras.web.plan_forms import Amount

CHOICES = [("a", "A")]
#: What may be meant as another number than it would be read as.
DOUBTFUL = ["1.00", "12.0", "1.0000", "0.125", "00.000", "1234.567", "1.000.00", "1.000,5", "1,5", ".000", "1.", "1..0"]
ABSENT = "“b” tidak ada di daftar. Pilih dari yang tampil; bila tidak tampil, muat ulang halamannya."
#: A field, what was typed, what it says.
SAID: list[tuple[forms.Field, object, str]] = [
    (forms.CharField(), "", "Bagian ini belum diisi. Isi dulu, lalu kirim lagi."),
    (forms.CharField(max_length=3), "abcd", "Terlalu panjang: 4 huruf. Tulis paling banyak 3 huruf."),
    (forms.EmailField(), "eka", "Itu bukan alamat surel. Tulis seperti nama@contoh.go.id."),
    (forms.DateField(), "", "Tanggalnya belum diisi. Tulis tanggal seperti 2026-11-27."),
    (forms.DateField(), "kemarin", "Itu bukan tanggal. Tulis tahun, bulan, dan hari, seperti 2026-11-27."),
    (forms.TimeField(), "pagi", "Itu bukan jam. Tulis jam dan menit, seperti 08:30."),
    (forms.DateTimeField(), "x", "Itu bukan tanggal dan jam. Tulis keduanya, seperti 2026-11-27 08:30."),
    (forms.IntegerField(), "", "Angkanya belum diisi. Tulis angka saja, misalnya 12."),
    (forms.IntegerField(), "dua", "Itu bukan bilangan bulat. Tulis angka saja, misalnya 12."),
    (forms.IntegerField(min_value=1), "0", "Terlalu kecil. Tulis 1 atau lebih."),
    (forms.IntegerField(max_value=9), "10", "Terlalu besar. Tulis 9 atau kurang."),
    (forms.DecimalField(localize=True), "dua", "Itu bukan angka. Tulis angka saja, misalnya 12,5."),
    (forms.BooleanField(), "", "Belum dicentang. Centang dulu, lalu kirim lagi."),
    (forms.ChoiceField(choices=CHOICES), "", "Belum dipilih. Pilih salah satu."),
    (forms.TypedChoiceField(choices=CHOICES), "b", ABSENT),
    (forms.MultipleChoiceField(choices=CHOICES), [], "Belum ada yang dipilih. Pilih paling sedikit satu."),
    (forms.MultipleChoiceField(choices=CHOICES), ["b"], ABSENT),
    (forms.UUIDField(), "x", "Halaman ini tidak utuh lagi. Muat ulang halamannya, lalu isi lagi."),
    (forms.FileField(), None, "Berkasnya belum dipilih. Pilih berkas, lalu kirim lagi."),
]


def test_each_kind_of_field_says_what_is_wrong_and_what_to_write() -> None:
    said = []
    for field, typed, _words in SAID:
        with override("id"), pytest.raises(ValidationError) as error:
            field.clean(typed)
        with override("id"):
            said.append(error.value.messages)
    assert said == [[words] for _field, _typed, words in SAID]


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_example_is_one_that_its_field_takes(language: str) -> None:
    with override(language):
        assert forms.DateField().clean("2026-11-27") == date(2026, 11, 27)
        assert forms.TimeField().clean("08:30") == time(8, 30)
        assert isinstance(forms.DateTimeField().clean("2026-11-27 08:30"), datetime)
        example = {"id": "12,5", "en": "12.5"}[language]
        said = str(WORDS[forms.DecimalField]["invalid"])
        assert (example in said, forms.DecimalField(localize=True).clean(example)) == (True, Decimal("12.5"))


@pytest.mark.parametrize(
    ("typed", "read"),
    [("12", 12), (" 12 ", 12), ("1.000", 1000), ("12.345.678", 12_345_678), ("-1.000", -1000), ("0", 0)],
)
def test_a_whole_number_is_read_as_it_is_written_here(typed: str, read: int) -> None:
    assert forms.IntegerField().clean(typed) == read


@pytest.mark.parametrize("typed", DOUBTFUL)
def test_a_whole_number_that_may_be_another_is_asked_about(typed: str) -> None:
    with override("id"), pytest.raises(ValidationError) as error:
        forms.IntegerField().clean(typed)
    assert error.value.messages == ["Itu bukan bilangan bulat. Tulis angka saja, misalnya 12."]


@pytest.mark.parametrize(
    ("language", "typed", "read"),
    [
        *[("id", "2,5", "2.5"), ("id", "1.000", "1000"), ("id", "1.5", "1.5"), ("id", "0,125", "0.125")],
        *[("id", " -1.234.567,25 ", "-1234567.25"), ("id", "1234,567", "1234.567"), ("id", "0", "0")],
        *[("en", "2.5", "2.5"), ("en", "1,000", "1000"), ("en", "2,5", "2.5"), ("en", "0.125", "0.125")],
        *[("en", "1,234,567.25", "1234567.25"), ("en", "85,5", "85.5"), ("en", "1.000", "1")],
    ],
)
def test_a_number_with_decimals_is_read_as_its_page_writes_it(language: str, typed: str, read: str) -> None:
    with override(language):
        assert LocalDecimalField().clean(typed) == Decimal(read)


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        *[
            ("id", text)
            for text in ("0.125", "1234.567", ".500", "1.2.3", "1.00.000", "0.125,5", "1,2,3", "1e3", "NaN")
        ],
        *[("en", text) for text in ("0,125", "1234,567", ",500", "1,00,000")],
    ],
)
def test_a_number_with_decimals_that_may_be_another_is_asked_about(language: str, typed: str) -> None:
    with override(language), pytest.raises(ValidationError) as error:
        LocalDecimalField().clean(typed)
    assert error.value.code == "invalid"


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    ("read", "value"),
    [
        *[(number, text) for text in ("1250", "1250.5", "0.5", "12.5", "0", "1234567.25")],
        *[(rupiah, text) for text in ("750500", "1250000.5", "187500000.33", "75000000", "0", "500")],
    ],
)
def test_an_amount_that_was_shown_is_read_as_it_was(language: str, read: Any, value: str) -> None:
    field = Amount(read, "salah")
    with override(language):
        assert field.clean(field.prepare_value(Decimal(value))) == Decimal(value)


def all_forms(kind: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for each in kind.__subclasses__():
        yield each
        yield from all_forms(each)


def test_no_field_of_any_page_was_made_before_the_words_were_there() -> None:
    fields = [
        (form.__qualname__, name, field.error_messages["required"])
        for form in all_forms()
        if form.__module__.startswith("selaras.")
        for name, field in getattr(form, "base_fields", {}).items()
    ]
    with override("en"):
        left = [(form, name) for form, name, said in fields if str(said) == "This field is required."]
    assert (len(fields) > 100, left) == (True, [])
