import pytest

from selaras.cases.country import country


@pytest.mark.parametrize("number", ["123/PPA/2026", "417/ppa/2026", "2026.00123", "PPA-UPTD/7", "403/CONTOH/2026"])
def test_a_number_as_offices_write_them_is_taken(number: str) -> None:
    assert country().simfoni(number) == number.upper()


@pytest.mark.parametrize(
    "story", ["Siti Aminah RT03", "Bunga 14th-ayah-tiri", "KORBANANAK1", "3672051234567890", "081234567890", "PPA", ""]
)
def test_no_name_no_story_and_no_number_of_a_person_is_one(story: str) -> None:
    assert country().simfoni(story) in {None, ""}
