"""Invented years of reports: areas in areas, quarters in years, several tables of the same reports."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from selaras.scoring.suppression.system import Relation, System

#: area, period, table, category; '' is all of it.
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Shape:
    """How a year is cut: an area, a period and a category each by the one that it is part of."""

    areas: dict[str, str]
    periods: dict[str, str]
    tables: dict[str, dict[str, str]]
    #: Tables in which one report may be counted in several categories.
    several: frozenset[str]


def shape(draw: random.Random) -> Shape:
    """One to two levels of areas, a year with or without its parts, one to three tables."""
    areas = {f"k{kecamatan}": "" for kecamatan in range(draw.randint(2, 6))}
    if draw.random() < 0.3:
        kecamatan = list(areas)[:3]
        areas = dict.fromkeys(kecamatan, "")
        areas |= {f"{parent}.{number}": parent for parent in kecamatan for number in range(draw.randint(2, 3))}
    parts = draw.choice((0, 0, 2, 4) if len(areas) < 4 else (0, 0, 0, 2))
    periods = {f"p{number}": "" for number in range(parts)}
    tables = {}
    for name in "abc"[: draw.choice((1, 1, 1, 2, 3))]:
        categories = {f"{name}{number}": "" for number in range(draw.randint(2, 4))}
        if draw.random() < 0.2:
            categories |= {f"{name}0.{number}": f"{name}0" for number in range(2)}
        tables[name] = categories
    several = frozenset(name for name in tables if draw.random() < 0.15)
    return Shape(areas, periods, tables, several)


def leaves(parents: dict[str, str]) -> list[str]:
    """What has no parts; '' where there is nothing."""
    return [name for name in parents if name not in parents.values()] or [""]


def up(parents: dict[str, str], name: str) -> Iterator[str]:
    """The name and all that it is part of, '' last."""
    while name:
        yield name
        name = parents[name]
    yield ""


def year(draw: random.Random, cut: Shape) -> dict[Key, int]:
    """Reports one by one, each counted wherever it belongs; few in most places, many in some."""
    counts: Counter[Key] = Counter()
    for area, period in product(leaves(cut.areas), leaves(cut.periods)):
        for _report in range(int(draw.expovariate(1 / draw.choice((1, 4, 12, 40))))):
            places = list(product(up(cut.areas, area), up(cut.periods, period)))
            counts.update((a, p, "", "") for a, p in places)
            for table, categories in cut.tables.items():
                chosen = leaves(categories)
                weights = [1 / (1 + number) ** 1.5 for number in range(len(chosen))]
                times = draw.choice((1, 2)) if table in cut.several else 1
                named = {c for each in draw.choices(chosen, weights, k=times) for c in up(categories, each) if c}
                counts.update((a, p, table, c) for (a, p), c in product(places, named))
    every = product([*cut.areas, ""], [*cut.periods, ""], [("", ""), *_categories(cut)])
    return {(a, p, table, category): counts[a, p, table, category] for a, p, (table, category) in every}


def _categories(cut: Shape) -> list[tuple[str, str]]:
    return [(table, category) for table, categories in cut.tables.items() for category in categories]


def system(cut: Shape, counts: dict[Key, int]) -> tuple[System, list[Key]]:
    """The year as numbered counts and sums. Written from the shape alone, not as the product writes its own."""
    keys: list[tuple[str, ...]] = list(counts)
    values = list(counts.values())
    number = {key: index for index, key in enumerate(keys)}
    relations: list[Relation] = []
    unshown: set[int] = set()
    for key, whole in counts.items():
        area, period, table, category = key
        for parents, at in ((cut.areas, 0), (cut.periods, 1)):
            parts = [name for name, parent in parents.items() if parent == key[at]]
            if parts:
                split = [(*key[:at], part, *key[at + 1 :]) for part in parts]
                relations.append((*((number[each], 1) for each in split), (number[key], -1)))  # type: ignore[index]
        for name in [table] if table else list(cut.tables):
            parts = [each for each, parent in cut.tables[name].items() if parent == category]
            if not parts:
                continue
            cells = [number[area, period, name, part] for part in parts]
            if name not in cut.several:
                relations.append((*((cell, 1) for cell in cells), (number[key], -1)))
                continue
            # Each is at most the whole, and together they are at least the whole. Whoever reads the whole and one of
            # them has the rest.
            for cell in cells:
                unshown.add(len(values))
                values.append(whole - values[cell])
                relations.append(((cell, 1), (len(values) - 1, 1), (number[key], -1)))
            values.append(sum(values[cell] for cell in cells) - whole)
            relations.append((*((cell, 1) for cell in cells), (len(values) - 1, -1), (number[key], -1)))
    silent = frozenset(range(len(keys), len(values))) - unshown
    tables = tuple(map(frozenset, levels(list(counts)).values()))
    made = System(tuple(values), tuple(relations), silent=silent, unshown=frozenset(unshown), tables=tables)
    return made, list(counts)


def levels(keys: list[Key]) -> dict[tuple[int, bool, str, int], set[int]]:
    """One kind of count at one level of areas, periods and categories: what an office calls a table."""
    tables: dict[tuple[int, bool, str, int], set[int]] = {}
    for cell, (area, period, table, category) in enumerate(keys):
        level = area.count(".") + 1 if area else 0
        depth = category.count(".") + 1 if category else 0
        tables.setdefault((level, bool(period), table, depth), set()).add(cell)
    return tables


def drawn(seed: int) -> tuple[System, list[Key]]:
    """The invented year of that seed."""
    draw = random.Random(seed)
    cut = shape(draw)
    return system(cut, year(draw, cut))
