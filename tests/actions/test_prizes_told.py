"""Prizes from before they said their programme: filled where it can be known, forth and back."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from selaras.actions.migrating import Executor
from selaras.models import Achievement, ChampionFigure, Cycle
from tests import build

CITY, WON, ELSEWHERE = "36.73", "36.73.01.1001", "36.72.05.1005"


def prize(title: str, place: str = WON, year: int = 2023, *, level: str = "Banten", programme: str = "") -> None:
    Achievement.objects.create(
        place=build.place(place), year=year, title=title, level=level, source="SK", confidence="press",
        programme=programme,
    )  # fmt: skip


def ran(programme: str, year: int, city: str = CITY, *, lokus: str = "") -> Cycle:
    slug = f"{programme.lower()}-{Cycle.objects.count()}"
    made = Cycle.objects.create(slug=slug, programme=programme, year=year, place=build.place(city))
    if lokus:
        build.lokus(made, lokus)
    return made


def told() -> dict[str, str]:
    import_module("selaras.migrations.0056_prizes_told_by_their_words").tell(apps, None)
    return dict(Achievement.objects.values_list("title", "programme"))


@pytest.mark.django_db
def test_its_own_words_tell_and_two_or_none_tell_nothing_nor_does_what_its_place_ran_in_that_year() -> None:
    ran("KRPPA", 2023, lokus=WON)
    ran("P2WKSS", 2022, lokus=WON)
    prize("Juara P2-WKSS")
    prize("Juara II", level="Kelurahan Ramah Perempuan dan Peduli Anak")
    prize("Juara P2WKSS dan KRPPA")
    prize("Juara 2023")
    prize("Juara 2022", year=2022)
    prize("Kota Layak Anak Nindya", level="Nasional", year=2022)
    prize("Juara kota", CITY)
    prize("Juara sana", ELSEWHERE)
    prize("Juara KRPPA yang lain", programme="lain")

    assert told() == {
        "Juara P2-WKSS": "p2wkss",
        "Juara II": "krppa",
        "Juara P2WKSS dan KRPPA": "",
        "Juara 2023": "",
        "Juara 2022": "",
        "Kota Layak Anak Nindya": "",
        "Juara kota": "",
        "Juara sana": "",
        "Juara KRPPA yang lain": "lain",
    }


@pytest.mark.django_db(transaction=True)
def test_back_and_forth_again_keeps_prizes_and_figures() -> None:
    ran("KRPPA", 2023)
    prize("Juara kota", CITY, programme="p2wkss")
    said = {"score": 8, "scale": 10, "source": "SK", "aspect": "lembaga"}
    ChampionFigure.objects.create(achievement=Achievement.objects.get(), version=build.version(), **said)
    now = [("selaras", key[1]) for key in Executor(connection).loader.graph.leaf_nodes() if key[0] == "selaras"]
    try:
        Executor(connection).migrate([("selaras", "0054_visits_on_their_day")])
        with connection.cursor() as cursor:
            columns = connection.introspection.get_table_description(cursor, Achievement._meta.db_table)
            rest = connection.introspection.get_table_description(cursor, ChampionFigure._meta.db_table)
    finally:
        Executor(connection).migrate(now)
    assert ("programme" in {each.name for each in columns}, "version_id" in {each.name for each in rest}) == (
        False, False,
    )  # fmt: skip
    won, figure = Achievement.objects.get(), ChampionFigure.objects.get()
    # What was chosen meanwhile is gone with the column, and what its place ran is no record of it.
    assert (won.title, won.programme) == ("Juara kota", "")
    assert (figure.aspect, figure.score, figure.version) == ("lembaga", 8, None)
