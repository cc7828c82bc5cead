"""What Django's own checks say is said as the rest of the product speaks, and only where Django still says it."""

import gettext
import re
from pathlib import Path

import django
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

import selaras

OURS = Path(selaras.__file__).parent / "locale" / "id" / "LC_MESSAGES"
THEIRS = Path(django.__file__).parent / "conf" / "locale" / "id" / "LC_MESSAGES" / "django.mo"


def compiled(path: Path) -> dict[object, str]:
    with path.open("rb") as file:
        return {key: text for key, text in gettext.GNUTranslations(file)._catalog.items() if key}  # type: ignore[attr-defined]


def test_every_sentence_is_one_of_djangos_and_is_compiled() -> None:
    written = set(re.findall(r'^msgid "(.+)"$', (OURS / "django.po").read_text(encoding="utf-8"), re.MULTILINE))
    ours = compiled(OURS / "django.mo")
    assert {key[0] if isinstance(key, tuple) else key for key in ours} == written
    assert [key for key in ours if key not in compiled(THEIRS)] == []


def test_wrong_input_is_answered_with_what_to_write() -> None:
    said = []
    with translation.override("id"):
        for field, text in (
            (forms.IntegerField(), "12,5"),
            (forms.DateField(), "kapan"),
            (forms.CharField(max_length=3), "empat"),
            (forms.IntegerField(max_value=9), "10"),
        ):
            with pytest.raises(ValidationError) as caught:
                field.clean(text)
            said += caught.value.messages
    assert said == [
        "Tulis bilangan bulat, misalnya 12.",
        "Tulis tanggalnya, misalnya 25/04/2024.",
        "Persingkat: paling banyak 3 huruf, sekarang 5.",
        "Tulis angka yang tidak lebih dari 9.",
    ]
