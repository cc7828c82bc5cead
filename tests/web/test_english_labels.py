"""In English, what is ours is English: roles, stages, rounds, funds, answers, kinds; what a city named itself stays."""

import re

import pytest
from django.test import Client
from django.utils import translation

from selaras.access import CONSOLE
from selaras.actions.asks import ask_all
from selaras.models import (
    Answer,
    CommitmentState,
    Confidence,
    Fund,
    GroupKind,
    MeetingKind,
    Role,
    RoundKind,
    Stage,
    TeamKind,
    User,
)
from selaras.queries.asks import fund_name
from selaras.queries.invitations import role_words
from selaras.queries.rounds import round_ref
from selaras.queries.usual import usual_stages
from selaras.queries.words import told
from selaras.scoring.protection import MEASURES
from selaras.web.measure_words import MEASURE_WORDS
from tests import build
from tests.build_asks import YEAR, asking, families
from tests.web.cast import inside

pytestmark = pytest.mark.django_db
#: Names of programmes and offices that have no English.
NAMES = {
    "administrator",
    "lurah/camat",
    "Kelurahan (Salira)",
    "BAZNAS",
    "CSR",
    "UP2K PKK",
    "Dasawisma",
    "Majelis taklim",
    "PATBM",
}


def english(user: User) -> Client:
    client = inside(user)
    client.post("/bahasa/", {"language": "en", "next": "/"})
    return client


def test_every_label_of_ours_has_its_english() -> None:
    kinds = (Role, RoundKind, Fund, Answer, CommitmentState, TeamKind, GroupKind, Confidence, MeetingKind)
    labels = {str(label) for kind in kinds for label in kind.labels} | {stage.name for stage in usual_stages(YEAR)}
    with translation.override("en"):
        same = {label for label in labels if told(label) == label}
    assert same == NAMES
    assert {label for label in labels if told(label) != label} == set()


def test_a_year_in_english_says_roles_and_stages_in_english_and_leaves_what_the_city_named() -> None:
    of = asking()
    Stage.objects.create(
        cycle=of.cycle, position=1, name="Penetapan lokasi", starts=of.round.opens, ends=of.round.opens
    )
    Stage.objects.create(cycle=of.cycle, position=2, name="Apel akbar", starts=of.round.opens, ends=of.round.closes)
    page = english(of.secretary).get(f"/tahun/{of.slug}/").content.decode()
    stages = re.findall(r'<p class="what">([^<]+)</p>', page)

    assert stages == ["Choosing the location", "Apel akbar"]
    assert ("City secretariat" in page, "Sekretariat kota" in page) == (True, False)
    people = english(of.secretary).get(f"/tahun/{of.slug}/orang/undang/").content.decode()
    roles = re.findall(r'<option value="(liaison|cadre|juror)"[^>]*>([^<]+)<', people)[:3]
    assert roles == [("liaison", "Agency liaison"), ("cadre", "Cadre"), ("juror", "Juror")]


def test_what_agencies_are_asked_is_in_english_with_its_funds() -> None:
    of = asking()
    families(of, 9, "jamban")
    ask_all(by=CONSOLE, cycle_slug=of.slug, due=of.due)
    liaison = build.member(Role.LIAISON, agency=of.agencies["Disperkim"], cycle=of.cycle)
    page = english(liaison).get(f"/tahun/{of.slug}/jawab/").content.decode()

    assert (f"Revised budget {YEAR}" in page, f"Work plan {YEAR + 1}" in page, "Agency liaison" in page) == (
        True,
        True,
        True,
    )


def test_indonesian_is_as_it_was() -> None:
    of = asking()
    assert (fund_name("perubahan", 2024), fund_name("renja", 2024), fund_name("csr", 2024), fund_name("", 2024)) == (
        "APBD Perubahan 2024",
        "Renja 2025",
        "CSR",
        "",
    )
    assert (role_words("supervisor"), round_ref(of.round).label, told("")) == ("Lurah/camat", "Data awal", "")


def test_every_measure_of_help_has_its_english_words() -> None:
    assert {name: one.label for name, one in MEASURES.items()} == MEASURE_WORDS
    with translation.override("en"):
        assert [name for name, one in MEASURES.items() if told(one.label) == one.label] == []
