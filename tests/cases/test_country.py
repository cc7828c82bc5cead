from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from selaras.cases.country import country
from selaras.settings import env_letters

NUMBERS = """
123/PPA/2026
417/ppa/2026
2026.00123
PPA-UPTD/7
403/CONTOH/2026
012/REG/UPTD-PPA/VIII/2026
LP/14/XII/2026
SIMFONI 2026 00417
""".strip().splitlines()

#: A name, a kind, an age with it, and what is a person's number.
STORIES = """
Siti Aminah RT03
Siti-Aminah/3
Sri.Wahyu.3
Ani/3
Bunga 14th-ayah-tiri
Bunga/14
ayah-tiri/14
HAMIL/15
INCEST-12
kdrt1
KORBANANAK1
PPAPPA/7
P-P-A/7
MEI/7
CLG/7
REG-PPA-UPTD-LP-I/7
3672051234567890
081234567890
6281234567890
PPA
-
""".strip().splitlines()


def taken(texts: list[str]) -> list[str]:
    return [text for text in texts if country().simfoni(text) is not None]


def test_a_number_as_offices_write_them_is_taken_and_no_name_no_kind_and_no_story() -> None:
    assert taken([*NUMBERS, *STORIES, ""]) == NUMBERS
    assert country().simfoni("417 / ppa / 2026") == "417/PPA/2026"


@pytest.fixture
def of_the_city() -> Iterator[None]:
    with override_settings(SELARAS_CASES_LETTERS=("CLG",)):
        yield


@pytest.mark.usefixtures("of_the_city")
def test_a_server_adds_the_short_letters_of_its_own_offices_and_nothing_else_is_let_in() -> None:
    assert taken([*NUMBERS, *STORIES]) == [*NUMBERS, "CLG/7"]


def test_a_setting_that_a_name_would_fit_into_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for value in ("", "CLG, SRG", "AMINAH", "clg", "C", "A1", "AB," * 9):
        monkeypatch.setenv("SELARAS_CASES_LETTERS", value)
        try:
            found.append(env_letters("SELARAS_CASES_LETTERS"))
        except ImproperlyConfigured:
            found.append("stopped")
    assert found == [(), ("CLG", "SRG"), *["stopped"] * 5]
