"""Families that were written down twice are found, and those that merely look so are not."""

import pytest
from bench.registries import Hands, registry

from selaras.actions.alike.comparing import LEVELS, Record, pairs
from selaras.actions.alike.spelling import name_parts, sounds, street_of
from selaras.actions.alike.weights import WEIGHTS

AMINAH = Record(
    *(1, "L1", "03", "02", "Siti Aminah", ("Rohman Hakim", "Alya Zahra", "Dafa Putra")),
    address="Jl. Melati No. 12",
    kk="a",
    niks=("1", "2"),
    births=("1985-03-12P", "2012-01-30P"),
)


@pytest.mark.parametrize("name", ["Hj. Siti Aminah", "Aminah, St.", "siti   AMINAH, S.Pd.", "Ny. Aminah Siti"])
def test_titles_order_and_short_forms_make_no_other_name(name: str) -> None:
    assert name_parts(name) == ["aminah", "siti"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Soekarno", "Sukarno"),
        ("Djumadi", "Jumadi"),
        ("Zubaedah", "Jubaidah"),
        ("Sa'adah", "Saadah"),
    ],
)
def test_old_and_new_spelling_sound_alike(one: str, other: str) -> None:
    assert sounds(name_parts(one)) == sounds(name_parts(other))


def test_a_title_that_is_all_there_is_stays_a_name() -> None:
    assert name_parts("Bu Haji") == ["bu", "haji"]


def test_a_street_and_its_number_are_read_however_they_are_written() -> None:
    written = ["Jl. Melati No. 12 RT 02/03", "jalan melati no.12", "Jln Melati 012, RT.02 RW.03", "Melati 12"]
    assert {street_of(one) for one in written} == {("melati", "12")}
    assert street_of("Kp. Baru") == ("baru", "")


def test_the_same_family_by_another_hand_is_found_and_it_is_said_why() -> None:
    again = Record(2, "L1", "03", "02", "Hj. Aminah Siti", ("Rohman Hakim", "Alia Zahra"), births=("1985-03-12P",))
    found = pairs([AMINAH, again, Record(3, "L1", "03", "02", "Sarmin", ("Lilis Hasanah",))])
    assert [(pair.one, pair.other) for pair in found] == [(1, 2)]
    assert dict(found[0].levels) == {
        "head": "same",
        "members": "all",
        "niks": "blank",
        "births": "one",
        "kk": "blank",
        "phone": "blank",
        "address": "blank",
        "place": "same",
    }


def test_namesakes_of_another_house_and_two_families_of_one_house_are_not_proposed() -> None:
    namesake = Record(2, "L1", "01", "05", "Siti Aminah", ("Agus Ridwan",), niks=("8",), births=("1990-01-01P",))
    upstairs = Record(
        *(3, "L1", "03", "02", "Rudi Maulana", ("Desi Safitri",)), address="Jl. Melati No. 12", kk="b", niks=("9",)
    )
    assert pairs([AMINAH, namesake, upstairs]) == []


def test_one_record_is_no_pair() -> None:
    assert pairs([AMINAH]) == []


@pytest.mark.parametrize("seed", [7, 8])
def test_of_a_small_registry_nearly_all_that_stand_twice_are_found_and_hardly_any_other(seed: int) -> None:
    records, truth = registry(600, 0.1, seed)
    found = {(pair.one, pair.other) for pair in pairs(records)}
    right = {pair for pair in found if truth[pair[0]] == truth[pair[1]]}
    assert (len(right) / len(found) >= 0.95, len(right) / 60 >= 0.95) == (True, True)


def test_a_registry_without_any_number_still_finds_most() -> None:
    records, truth = registry(600, 0.1, 9, Hands(no_nik=1, no_kk=1, no_phone=1, no_birth=1))
    found = pairs(records)
    right = sum(truth[pair.one] == truth[pair.other] for pair in found)
    assert (right / len(found) >= 0.9, right / 60 >= 0.8) == (True, True)


def test_every_level_has_its_weights_and_the_more_alike_says_more() -> None:
    assert {name: len(levels) for name, levels in WEIGHTS.items()} == {n: len(found) - 1 for n, found in LEVELS.items()}
    for levels in WEIGHTS.values():
        assert levels[0][0] / levels[0][1] > 1 > levels[-1][0] / levels[-1][1]
