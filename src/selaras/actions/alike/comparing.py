"""Pairs of families that may be one, by Fellegi and Sunter's weights: how much likelier what is seen is of one family
written down twice than of two.

By splink (Linacre et al. 2022, doi:10.23889/ijpds.v7i3.1794) on DuckDB. Its weights are fixed (`weights.py`): they were
estimated on invented registries, so nothing is learnt from anybody's data. What goes in stays in this process's memory.
"""

import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from selaras.actions.alike.spelling import name_parts, sound, sounds, street_of
from selaras.actions.alike.weights import PRIOR, WEIGHTS

#: Weight in bits from which a pair is proposed: from here on it is likelier one family than two. On the registries of
#: the calibration (`python -m bench.duplicates choose`) precision and recall meet here, at 0.996.
THRESHOLD = 0.0
_SHARED = "len(list_intersect({0}_l, {0}_r))"
_EMPTY = "len({0}_l) = 0 OR len({0}_r) = 0"
_BLANK = "{0}_l = '' OR {0}_r = ''"

#: comparison -> its levels, the most alike first: name, condition. The first holds where one side is blank; the last
#: where nothing before does.
LEVELS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "head": (
        ("blank", _BLANK.format("head")),
        ("same", "head_l = head_r"),
        ("sound", "head_sound_l = head_sound_r"),
        ("near", "jaro_winkler_similarity(head_l, head_r) >= 0.92 OR damerau_levenshtein(head_l, head_r) <= 2"),
        ("part", "list_has_all(parts_l, parts_r) OR list_has_all(parts_r, parts_l)"),
        ("member", "list_contains(others_r, head_sound_l) OR list_contains(others_l, head_sound_r)"),
        ("differs", "ELSE"),
    ),
    "members": (
        ("blank", _EMPTY.format("others")),
        (
            "all",
            f"{_SHARED.format('others')} >= 2 AND {_SHARED.format('others')} = least(len(others_l), len(others_r))",
        ),
        ("many", f"{_SHARED.format('others')} >= 2"),
        ("one", f"{_SHARED.format('others')} = 1"),
        ("differs", "ELSE"),
    ),
    "niks": (
        ("blank", _EMPTY.format("niks")),
        ("many", f"{_SHARED.format('niks')} >= 2"),
        ("one", f"{_SHARED.format('niks')} = 1"),
        ("differs", "ELSE"),
    ),
    "births": (
        ("blank", _EMPTY.format("births")),
        ("many", f"{_SHARED.format('births')} >= 2"),
        ("one", f"{_SHARED.format('births')} = 1"),
        ("differs", "ELSE"),
    ),
    "kk": (("blank", _BLANK.format("kk")), ("same", "kk_l = kk_r"), ("differs", "ELSE")),
    "phone": (("blank", _BLANK.format("phone")), ("same", "phone_l = phone_r"), ("differs", "ELSE")),
    "address": (
        ("blank", _BLANK.format("street")),
        ("same", "street_l = street_r AND house_l = house_r AND house_l <> ''"),
        ("near", "jaro_winkler_similarity(street_l, street_r) >= 0.9 AND house_l = house_r AND house_l <> ''"),
        ("street", "jaro_winkler_similarity(street_l, street_r) >= 0.9 AND (house_l = '' OR house_r = '')"),
        ("differs", "ELSE"),
    ),
    "place": (
        ("blank", _BLANK.format("rt")),
        ("same", "lokus_l = lokus_r AND rw_l = rw_r AND rt_l = rt_r"),
        ("rw", "lokus_l = lokus_r AND rw_l = rw_r"),
        ("lokus", "lokus_l = lokus_r"),
        ("differs", "ELSE"),
    ),
}
#: Pairs are compared where one of these is equal; lists are taken apart.
_BLOCKS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("niks",), ("niks",)),
    (("kk",), ()),
    (("phone",), ()),
    (("lokus", "births"), ("births",)),
    (("lokus", "rw", "rt", "sound_keys"), ("sound_keys",)),
    (("lokus", "head_sound"), ()),
    (("lokus", "others"), ("others",)),
    (("lokus", "street", "house"), ()),
)


@dataclass(frozen=True, slots=True)
class Record:
    """A family as it is compared. `niks`, `kk` and `phone` are keyed hashes or anything that is equal where they are.

    `births` are of any members: date and sex, `1985-03-12P`. '' and () are unknown.
    """

    id: int
    lokus: str
    rw: str
    rt: str
    head: str
    others: tuple[str, ...] = ()
    address: str = ""
    kk: str = ""
    phone: str = ""
    niks: tuple[str, ...] = ()
    births: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, the smaller id first, their weight in bits, and the level of each comparison."""

    one: int
    other: int
    weight: float
    levels: Mapping[str, str]


def compared(record: Record) -> dict[str, Any]:
    """The columns that the comparisons see."""
    parts = name_parts(record.head)
    street, house = street_of(record.address)
    others = sorted({sounds(name_parts(name)) for name in record.others if name} - {""})
    return {
        "unique_id": record.id,
        "lokus": record.lokus,
        "rw": record.rw,
        "rt": record.rt,
        "head": " ".join(parts),
        "head_sound": sounds(parts),
        "parts": parts,
        "sound_keys": sorted({sound(part) for part in parts}),
        "others": others,
        "niks": sorted(set(record.niks)),
        "births": sorted(set(record.births)),
        "kk": record.kk,
        "phone": record.phone,
        "street": street,
        "house": house,
    }


def settings(weights: Mapping[str, Sequence[tuple[float, float]]] | None = None) -> dict[str, Any]:
    """What splink is told: comparisons, blocks, and the weights (level by level: chance where one, where two)."""
    comparisons = []
    for name, levels in LEVELS.items():
        known = iter((weights or {}).get(name, ()))
        told: list[dict[str, Any]] = []
        for number, (level, condition) in enumerate(levels):
            row: dict[str, Any] = {"sql_condition": condition, "label_for_charts": level}
            if number == 0:
                row["is_null_level"] = True
            elif weights is not None:
                row["m_probability"], row["u_probability"] = next(known)
            told.append(row)
        comparisons.append({"output_column_name": name, "comparison_levels": told})
    blocks = []
    for columns, exploded in _BLOCKS:
        equal = " AND ".join(f"l.{column} = r.{column}" for column in columns)
        filled = " AND ".join(f"l.{column} <> ''" for column in columns if column not in exploded)
        rule: dict[str, Any] = {"blocking_rule": f"{equal} AND {filled}" if filled else equal, "sql_dialect": "duckdb"}
        if exploded:
            rule["arrays_to_explode"] = list(exploded)
        blocks.append(rule)
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "comparisons": comparisons,
        "blocking_rules_to_generate_predictions": blocks,
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
        "probability_two_random_records_match": PRIOR,
    }


#: Columns that hold several values.
_LISTS = frozenset({"parts", "sound_keys", "others", "niks", "births"})


def fill_families(connection: Any, records: Iterable[Record], **more: Sequence[int]) -> None:
    """Make the table `families` of these records, with `more` whole numbers of each, by DuckDB alone: the libraries
    that would hand it a table of theirs take a third of a small server's memory."""
    columns = _columns([compared(record) for record in records])
    kinds = {name: "VARCHAR[]" if name in _LISTS else "VARCHAR" for name in columns}
    kinds |= dict.fromkeys(("unique_id", *more), "BIGINT")
    values = ", ".join(f"unnest(${name}::{kind}[]) AS {name}" for name, kind in kinds.items())
    connection.execute(f"CREATE TABLE families AS SELECT {values}", {**columns, **more})


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {name: [row[name] for row in rows] for name in compared(Record(0, "", "", "", ""))}


def linker_over(connection: Any, told: Mapping[str, Any]) -> Any:
    """splink over the table `families`, silent: it must not log what it sees."""
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.CRITICAL)
    return Linker(DuckDBAPI(connection).register("families"), dict(told), log_level=logging.CRITICAL)


def pairs(records: Sequence[Record], *, threshold: float = THRESHOLD) -> list[Pair]:
    """The pairs of at least that weight, the heaviest first. In memory alone: 0.7 s for a lokus, 9 s for 20,000."""
    from selaras.scoring.engines.duckdb import connected

    if len(records) < 2:
        return []
    with connected() as connection:
        fill_families(connection, records)
        linker = linker_over(connection, settings(WEIGHTS))
        found = linker.inference.predict(threshold_match_weight=threshold)
        columns = ", ".join(f"gamma_{name}" for name in LEVELS)
        rows = connection.execute(
            f"SELECT unique_id_l, unique_id_r, match_weight, {columns} FROM {found.physical_name}"  # noqa: S608
        ).fetchall()
    told = [_pair(row) for row in rows]
    return sorted(told, key=lambda pair: (-pair.weight, pair.one, pair.other))


def _pair(row: Sequence[Any]) -> Pair:
    one, other, weight, *gammas = row
    levels = {}
    for (name, known), gamma in zip(LEVELS.items(), gammas, strict=True):
        # splink counts levels from the last, 0, upwards; a blank is -1.
        levels[name] = known[0][0] if gamma < 0 else known[len(known) - 1 - gamma][0]
    assert math.isfinite(weight)  # noqa: S101  (no weight of ours is 0 or 1)
    return Pair(min(one, other), max(one, other), round(weight, 2), levels)
