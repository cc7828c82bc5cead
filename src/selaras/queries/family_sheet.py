"""What stands on a family's sheet, in plain words: what was recorded, what is promised, by whom, until when.

The sheet lies at home and passes through other hands, so it carries a code and no name, no class, and only what rests
on answers of class `umum`: nothing of health, and nothing of who decides at home, which a husband would read first.
Always in Indonesian: it is paper, whoever prints it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from selaras.models import (
    Commitment,
    CommitmentState,
    CurrentAnswers,
    Household,
    HouseholdScore,
    InstrumentVersion,
    Lokus,
    Need,
    State,
)
from selaras.queries.confirmations import Promised, Standing, apart_of, holding, promised, said_of, standing
from selaras.queries.households import round_shown
from selaras.queries.matching import Promise
from selaras.queries.matrix_rows import promises_of
from selaras.queries.needs import falling_indicators
from selaras.queries.programme import primary_of
from selaras.queries.rules import fields_of, instrument_of, read_published, words_of
from selaras.scoring import explain
from selaras.scoring.expressions.words import label_of
from selaras.scoring.instrument import HOUSEHOLD, Instrument

#: Promises and findings that half a page has room for.
MOST_PROMISES: Final = 4
MOST_RECORDED: Final = 6
MOST_WELL: Final = 4
#: Answers that say one finding; a yes or no among them says nothing without its question.
_ANSWERS: Final = 2
NOT_YET: Final = "belum"
_YES_NO: Final = frozenset({"ya", "tidak", "yes", "no"})


@dataclass(frozen=True, slots=True)
class Recorded:
    """Something that is still lacking: the question and her answer where one question decides, else the finding."""

    what: str
    answer: str

    @property
    def said(self) -> str:
        """`Ada tempat cuci tangan dengan air dan sabun? Tidak`, `Jamban sehat: Leher angsa; Lubang tanah`."""
        return f"{self.what}{'' if self.what.endswith('?') else ':'} {self.answer}"


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """One promise to this family. `agency` is its whole name; `person` and `ends` where somebody has named them.

    `standing` is what she says of it, `on` when she said so. `paper`: it may stand on paper; what serves a need that
    rests on other answers than those of class `umum` would tell of it, and is only read aloud to her.
    """

    id: int
    number: str
    title: str
    agency: str
    person: str
    ends: date | None
    state: str
    standing: Standing
    on: date | None
    paper: bool = True

    @property
    def key(self) -> str:
        """How a form names it."""
        return str(self.id)

    @property
    def done(self) -> bool:
        """Whether the office says that it is done."""
        return self.state == CommitmentState.DONE


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one family is told. `promises` are all that are hers to hear; paper has room for MOST_PROMISES of them."""

    uuid: UUID
    code: str
    rt: str
    rw: str
    recorded: tuple[Recorded, ...]
    well: tuple[str, ...]
    promises: tuple[PromiseLine, ...]
    measured: bool

    @property
    def on_paper(self) -> tuple[PromiseLine, ...]:
        return tuple(line for line in self.promises if line.paper)[:MOST_PROMISES]

    @property
    def more(self) -> int:
        """Promises that are not on the paper."""
        return len(self.promises) - len(self.on_paper)


def sheets_of(lokus: Lokus, families: Sequence[Household]) -> list[Sheet]:
    """The sheet of each of these families of that lokus, in their order. Statements do not grow with families."""
    version = primary_of(lokus.cycle)
    ids = [family.pk for family in families]
    promises = [promise for promise, _area in promises_of(lokus.cycle)]
    # Whether a commitment tells of health is asked of all that it serves, not of these families alone.
    every = list(promised(Q(lokus__cycle=lokus.cycle_id), promises))
    apart = apart_of(version, promises, every)
    served: dict[int, list[Promised]] = defaultdict(list)
    for row in every:
        served[row.household].append(row)
    told = _Promises(lokus, ids, served, apart, () if version is None else umum_indicators(version))
    recorded = _Recorded(lokus, version, ids)
    return [
        Sheet(
            uuid=family.uuid,
            code=family.code,
            rt=family.rt,
            rw=family.rw or lokus.rw,
            recorded=recorded.lacking(family.pk),
            well=recorded.well(family.pk),
            promises=told.of(family.pk),
            measured=recorded.measured(family.pk),
        )
        for family in families
    ]


class _Promises:
    """What is promised to each family, and what she says of it."""

    def __init__(
        self,
        lokus: Lokus,
        ids: Sequence[int],
        served: Mapping[int, list[Promised]],
        apart: frozenset[int],
        umum: Collection[str],
    ) -> None:
        self._of: dict[int, list[Promise]] = {}
        self._aloud: dict[int, set[int]] = {}
        for family in ids:
            rows = served.get(family, ())
            found = {promise.id: promise for row in rows for promise in row.promises}
            self._of[family] = [promise for promise in found.values() if promise.id not in apart]
            self._aloud[family] = {one.id for row in rows if row.indicator not in umum for one in row.promises}
        wanted = {promise.id for own in self._of.values() for promise in own}
        promised_to = Commitment.objects.filter(pk__in=wanted).select_related("agency")
        self._rows = {row.pk: row for row in promised_to}
        self._said = said_of(ids, lokus.cycle)

    def of(self, family: int) -> tuple[PromiseLine, ...]:
        """Those that she can answer now first: what the office calls done, then by the last day."""
        lines = [self._line(family, self._rows[promise.id]) for promise in self._of[family]]
        lines.sort(key=lambda line: (not line.done, line.ends or date.max, line.number))
        return tuple(lines)

    def _line(self, family: int, row: Commitment) -> PromiseLine:
        words = self._said.get((family, row.pk), [])
        word = holding(words)
        return PromiseLine(
            id=row.pk,
            number=str(row),
            title=row.title,
            agency=row.agency.name,
            person=row.person,
            ends=row.ends,
            state=row.state,
            standing=standing(words),
            on=word.on if word is not None else None,
            paper=row.pk not in self._aloud[family],
        )


class _Recorded:
    """What was found at each family in the round that counts, as far as it may stand on paper."""

    def __init__(self, lokus: Lokus, version: InstrumentVersion | None, ids: Sequence[int]) -> None:
        self._version = version
        self._needs: dict[int, set[str]] = defaultdict(set)
        self._met: dict[int, set[str]] = defaultdict(set)
        self._answers: dict[int, Mapping[str, Any]] = {}
        self._names: tuple[str, ...] = ()
        round_ = round_shown(lokus, version)
        if version is None or round_ is None:
            return
        self._names = told_on_paper(version)
        rows = Need.objects.filter(household__in=ids, closed_at__isnull=True, indicator__in=self._names)
        for family, indicator in rows.values_list("household_id", "indicator"):
            self._needs[family].add(indicator)
        met = HouseholdScore.objects.filter(household__in=ids, round=round_, indicator__version=version)
        met = met.filter(state=State.YES, indicator__name__in=set(self._names) - falling_indicators(version))
        for family, indicator in met.values_list("household_id", "indicator__name"):
            self._met[family].add(indicator)
        current = CurrentAnswers.objects.filter(household__in=ids, round=round_)
        self._answers = dict(current.values_list("household_id", "answers"))

    def measured(self, family: int) -> bool:
        """Whether she has been asked at all."""
        return family in self._answers

    def lacking(self, family: int) -> tuple[Recorded, ...]:
        """In the instrument's order, as many as the paper has room for."""
        if self._version is None:
            return ()
        answers = self._answers.get(family) or {}
        found = [name for name in self._names if name in self._needs[family]]
        return tuple(_recorded(self._version, name, answers) for name in found[:MOST_RECORDED])

    def well(self, family: int) -> tuple[str, ...]:
        """What she has already."""
        if self._version is None:
            return ()
        found = [name for name in self._names if name in self._met[family] - self._needs[family]]
        return tuple(label_on_paper(self._version, name) for name in found[:MOST_WELL])


# --- words ------------------------------------------------------------------------------------------------------------
def told_on_paper(version: InstrumentVersion) -> tuple[str, ...]:
    """The indicators of a home that stand on its sheet, in the instrument's order: what rests on answers of class
    `umum` alone and is an outcome. What was done for her (an output, a process) stands among the promises."""
    known = instrument_of(version).indicators
    umum = umum_indicators(version)
    return tuple(name for name in umum if known[name].over == HOUSEHOLD and known[name].stage in {None, "outcome"})


def umum_indicators(version: InstrumentVersion) -> tuple[str, ...]:
    """The survey indicators that rest on answers of class `umum` alone, in the instrument's order."""
    return _umum(version.workbook.sha256, f"{version.instrument}-{version.version}.xlsx", _fields(version))


def _fields(version: InstrumentVersion) -> tuple[tuple[str, tuple[str, ...]], ...]:
    asked = [one for one in instrument_of(version).indicators.values() if one.origin == "survey"]
    return tuple((one.name, fields_of(version, one.name)) for one in asked)


@lru_cache(maxsize=32)
def _umum(sha256: str, name: str, fields: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[str, ...]:
    instrument = read_published(sha256, name)
    return tuple(one for one, used in fields if used and all(_for_all(instrument, field) for field in used))


def _for_all(instrument: Instrument, field: str) -> bool:
    row = instrument.privacy.get(field)
    return row is not None and row.privacy_class == "umum"


def label_on_paper(version: InstrumentVersion, indicator: str) -> str:
    """What an indicator is called in Indonesian, whoever reads."""
    instrument = instrument_of(version)
    known = instrument.indicators.get(indicator)
    return indicator if known is None else label_of(explain.shown(known.labels, instrument, "id")) or indicator


def _recorded(version: InstrumentVersion, indicator: str, answers: Mapping[str, Any]) -> Recorded:
    """One question speaks for itself; of two, both answers say it; of more, that it is lacking."""
    words, fields = words_of(version), fields_of(version, indicator)
    label = label_on_paper(version, indicator)
    said = [
        ", ".join(words.options[field].get(part, part) for part in str(answers[field]).split())
        for field in fields
        if field in words.options and answers.get(field) not in (None, "")
    ]
    if len(fields) == 1 and said:
        return Recorded(words.names.get(fields[0], label), said[0])
    plain = [field for field in fields if set(words.options.get(field, ())) <= _YES_NO]
    if said and len(fields) <= _ANSWERS and not plain:
        return Recorded(label, "; ".join(said))
    return Recorded(label, NOT_YET)
