"""The answers of many households, as the engines take them: tables of plain types, or files that hold them.

Column names are the survey's field names. Canonical types, by the kind of the field:

    integer                                   int64
    decimal                                   decimal128(p, s), s ≤ 12 and |x| < 10^13; 38, 12 where in doubt
    date                                      date32
    datetime, time, text, choice, calculate   string
    choices                                   string, names separated by one space, as the phone sends them
    household_id, the unit column             string

A column of the form that a table lacks counts as blank for every household. Columns that the form lacks are
ignored. `household_id` is the key: present and unique in `households`, present in each repeat's table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

HOUSEHOLD_ID = "household_id"


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered, one row a household, and one table a repeat.

    `households` and each of `repeats` (by the repeat's name) is an Arrow table or the path of a Parquet file.
    `unit` is the column of `households` to score by; where it is None, all households are one unit, None.
    `checked` says that the values are clean: a blank is null, text is trimmed and never empty, a choice is a
    member of its list, a set holds members only, once each. Where it is False the engine's own statement has
    to do that.
    """

    households: "pa.Table | Path"
    repeats: "Mapping[str, pa.Table | Path]" = field(default_factory=dict)
    unit: str | None = None
    checked: bool = False
