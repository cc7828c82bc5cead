"""A field that was filled in wrongly says how to write it, with an example that it takes."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import validate_slug
from django.forms.widgets import FILE_INPUT_CONTRADICTION
from django.utils.translation import override

import selaras
import selaras.urls
from selaras.actions.amounts import number, rupiah
from selaras.web.form_words import WORDS
from selaras.web.numbers import LocalDecimalField
from selaras.web.plan_forms import Amount

CHOICES = [("a", "A")]
#: What may be meant as another number than it would be read as.
DOUBTFUL = ["1.00", "12.0", "1.0000", "0.125", "00.000", "1234.567", "1.000.00", "1.000,5", "1,5", ".000", "1.", "1..0"]
ABSENT = "“b” tidak ada di daftar. Pilih dari yang tampil; bila tidak tampil, muat ulang halamannya."
YEAR = forms.IntegerField(label="Tahun", min_value=1978, max_value=2100)
WORTH = LocalDecimalField(label="Nilai", max_digits=8, decimal_places=2)
RATHER = (
    "“Nilai” terlalu rinci: {whole} angka di depan koma dan {part} di belakangnya. Tulis paling banyak 8 angka "
    "seluruhnya: bulatkan, dan periksa apakah nolnya berlebih."
)
HUGE = "“Nilai” terlalu besar: {whole} angka di depan koma. Tulis paling banyak 6, dan periksa apakah nolnya berlebih."
#: A field, what was typed, what it says.
SAID: list[tuple[forms.Field, object, str]] = [
    (forms.CharField(), "", "Bagian ini belum diisi. Isi dulu, lalu kirim lagi."),
    (forms.CharField(max_length=3), "abcd", "Bagian ini terlalu panjang: 4 huruf. Tulis paling banyak 3 huruf."),
    (forms.CharField(max_length=3, label="RW"), "abcd", "“RW” terlalu panjang: 4 huruf. Tulis paling banyak 3 huruf."),
    (forms.CharField(min_length=3, label="RW"), "ab", "“RW” terlalu pendek: 2 huruf. Tulis paling sedikit 3 huruf."),
    (forms.CharField(label="RW"), "a\0", "“RW” memuat tanda yang tidak dapat dibaca. Hapus, lalu ketik ulang."),
    (forms.EmailField(), "eka", "Itu bukan alamat surel. Tulis seperti nama@contoh.go.id."),
    (forms.DateField(), "", "Tanggalnya belum diisi. Tulis tanggal seperti 2026-11-27."),
    (forms.DateField(), "kemarin", "Itu bukan tanggal. Tulis tahun, bulan, dan hari, seperti 2026-11-27."),
    (forms.TimeField(), "pagi", "Itu bukan jam. Tulis jam dan menit, seperti 08:30."),
    (forms.DateTimeField(), "x", "Itu bukan tanggal dan jam. Tulis keduanya, seperti 2026-11-27 08:30."),
    (forms.IntegerField(), "", "Angkanya belum diisi. Tulis angka saja, misalnya 12."),
    (forms.IntegerField(), "dua", "Itu bukan bilangan bulat. Tulis angka saja, misalnya 12."),
    (YEAR, "-5", "“Tahun” terlalu kecil: -5. Tulis 1978 atau lebih."),
    (YEAR, "20.260", "“Tahun” terlalu besar: 20260. Tulis 2100 atau kurang."),
    (forms.IntegerField(label="Ke-", step_size=5), "7", "“Ke-” tidak tepat: 7. Tulis kelipatan 5."),
    (
        LocalDecimalField(label="Nilai", min_value=Decimal("2.5")),
        "0,5",
        "“Nilai” terlalu kecil: 0,5. Tulis 2,5 atau lebih.",
    ),
    (WORTH, "123.456,789", RATHER.format(whole=6, part=3)),
    (WORTH, "123456789", RATHER.format(whole=9, part=0)),
    (WORTH, "1,125", "“Nilai” terlalu rinci: 3 angka di belakang koma. Bulatkan menjadi paling banyak 2."),
    (WORTH, "-1.234.567", HUGE.format(whole=7)),
    (forms.DecimalField(label="Nilai", max_digits=8, decimal_places=2), "1e6", HUGE.format(whole=7)),
    (forms.DecimalField(label="Nilai", max_digits=8, decimal_places=2), "1e99999", RATHER.format(whole=100000, part=0)),
    (forms.DecimalField(localize=True), "dua", "Itu bukan angka. Tulis angka saja, misalnya 12,5."),
    (forms.BooleanField(), "", "Belum dicentang. Centang dulu, lalu kirim lagi."),
    (forms.ChoiceField(choices=CHOICES), "", "Belum dipilih. Pilih salah satu."),
    (forms.TypedChoiceField(choices=CHOICES), "b", ABSENT),
    (forms.MultipleChoiceField(choices=CHOICES), [], "Belum ada yang dipilih. Pilih paling sedikit satu."),
    (forms.MultipleChoiceField(choices=CHOICES), ["b"], ABSENT),
    (forms.UUIDField(), "x", "Halaman ini tidak utuh lagi. Muat ulang halamannya, lalu isi lagi."),
    (forms.FileField(), None, "Berkasnya belum dipilih. Pilih berkas, lalu kirim lagi."),
    (
        forms.FileField(max_length=5),
        SimpleUploadedFile("panjang.pdf", b"x"),
        "Nama berkasnya terlalu panjang: 11 huruf. Ganti menjadi paling banyak 5, lalu pilih lagi.",
    ),
    (forms.FileField(), FILE_INPUT_CONTRADICTION, "Berkasnya dipilih dan sekaligus dihapus. Pilih salah satu."),
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


def our_words() -> set[str]:
    """Every sentence of ours, as its source says it."""
    catalogue = Path(selaras.__file__).parent / "locale/en/LC_MESSAGES/django.mo"
    with catalogue.open("rb") as file:
        read: Any = GNUTranslations(file)
    # Some have a context in front of them, and those of several numbers stand once for each.
    names = (key[0] if isinstance(key, tuple) else key for key in read._catalog)
    return {name.rpartition("\x04")[2] for name in names} - {""}


def source_of(words: object) -> str:
    """As the source says it, before any language; of Django's own for several numbers '', which is nobody's."""
    arguments = getattr(words, "_args", None)
    return str(words) if arguments is None else str((*arguments, "")[0])


def sayable(field: forms.Field) -> dict[str, object]:
    """Code -> words of all that may be wrong in it: what it says itself, and what its validators say where it says
    nothing of that code."""
    said: dict[str, object] = {}
    for validator in field.validators:
        several = getattr(validator, "messages", {getattr(validator, "code", ""): getattr(validator, "message", "")})
        said |= several
    return said | field.error_messages


def not_ours(kinds: Iterator[type[forms.BaseForm]]) -> list[tuple[str, str, str]]:
    """(form, field, code) of each message that somebody else wrote."""
    ours = our_words()
    return [
        (form.__qualname__, name, code)
        for form in kinds
        for name, field in getattr(form, "base_fields", {}).items()
        for code, words in sayable(field).items()
        if source_of(words) not in ours
    ]


def of_the_project() -> list[type[forms.BaseForm]]:
    """Our forms, and those of the sign-in that our pages show."""
    shown = {"LoginForm", "ChangePasswordForm", "ReauthenticateForm", "AuthenticateForm", "ActivateTOTPForm"}
    return [
        form
        for form in dict.fromkeys(all_forms())
        if form.__module__.startswith("selaras.")
        or (form.__module__.startswith("allauth.") and form.__qualname__ in shown)
    ]


def test_no_field_of_any_form_can_say_anything_that_is_not_in_our_words() -> None:
    kinds = of_the_project()
    fields = [name for form in kinds for name in getattr(form, "base_fields", {})]
    assert (len(kinds) > 60, len(fields) > 250, not_ours(iter(kinds))) == (True, True, [])


def test_no_kind_of_field_that_a_page_makes_while_it_is_shown_can_either() -> None:
    """Some fields are made when their form is: their kind says it all."""
    ours, source = our_words(), Path(selaras.__file__).parent
    named = {
        kind for path in source.rglob("*.py") for kind in re.findall(r"forms\.(\w+Field)\b", path.read_text("utf-8"))
    }
    left = [
        (name, code)
        for name in sorted(named)
        for kind in getattr(forms, name).__mro__
        for code, words in vars(kind).get("default_error_messages", {}).items()
        if source_of(words) not in ours
    ]
    assert ({"DecimalField", "ChoiceField"} <= named, left) == (True, [])


def test_a_field_that_somebody_elses_words_would_leave_is_found() -> None:
    class Planted(forms.Form):
        link = forms.URLField(label="Alamat", assume_scheme="https")
        size = forms.DecimalField(max_digits=3, decimal_places=1)
        day = forms.DurationField(required=False)
        code = forms.CharField(error_messages={"max_length": "Too long."}, max_length=3)
        slug = forms.CharField(validators=[validate_slug])

    Planted.base_fields["size"].error_messages.pop("max_digits")
    link = [("link", "invalid"), ("day", "invalid"), ("day", "overflow")]
    found = [(name, code) for _form, name, code in not_ours(iter([Planted]))]
    assert sorted(found) == sorted([*link, ("size", "max_digits"), ("code", "max_length"), ("slug", "invalid")])


def test_rows_have_no_form_of_djangos_beside_them() -> None:
    """Its words would be nobody's: the rows of a page are ours (`web/rows.py`)."""
    made = [kind.__module__ for kind in forms.BaseFormSet.__subclasses__() if kind.__module__.startswith("selaras.")]
    named = [path.name for path in Path(selaras.__file__).parent.rglob("*.py") if "formset" in path.read_text("utf-8")]
    assert (made, named) == ([], [])
