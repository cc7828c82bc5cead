"""Freeze a scorecard so that a printed number can be computed again by anybody with the same data, and compare."""

import hashlib
import json
from collections import Counter as Tallied
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, demand, may_score, one, results_for, the_lokus
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import AuditEntry, Fact, Household, InstrumentVersion, Lokus, Result, Round, User
from selaras.queries.answers import Sheet, as_answers, sheets_at
from selaras.queries.programme import primary_of
from selaras.queries.rounds import find_round
from selaras.queries.rules import instrument_of
from selaras.scoring.card import Scorecard, to_json
from selaras.scoring.engines import statement, tally
from selaras.scoring.facts import Fact as Given
from selaras.scoring.instrument import Instrument
from selaras.scoring.points import scorecard
from selaras.scoring.trace import TOTAL, trace

#: A mark a family is kept with the card up to so many: of a whole city's the card alone would be megabytes.
MOST_MARKS = 5_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found. `differences` name what does not fit, in Indonesian; `card` is the one computed now.

    Of `erased` families, gone at their wish since then, nothing can be computed again: the card is the one that the
    audit knows, and the answers of all other families are those of then.
    """

    result: UUID
    engine: str
    data_hash: str
    differences: tuple[str, ...]
    card: dict[str, Any]
    erased: int = 0

    @property
    def holds(self) -> bool:
        return not self.differences


def freeze(*, by: Actor, lokus: Lokus, round_: Round) -> Result:
    """Score the whole lokus from its answers, not from counters, and keep card, trace and hashes. Adds a row.

    Raises Forbidden, or InputError where the cycle has no instrument.
    """
    demand(may_score, by, lokus)
    version = primary_of(lokus.cycle)
    if version is None:
        raise InputError(Problem("import.no_instrument"))
    now = timezone.now()
    facts = _facts(lokus, round_, version)
    run = _Run(instrument_of(version), lokus, round_, facts, now)
    result = Result(
        lokus=lokus,
        round=round_,
        version=version,
        instrument_sha256=version.sha256,
        data_hash=run.data_hash,
        engine=run.card.engine,
        card=run.data,
        trace=run.trace(),
        created_at=now,
        created_by=by if isinstance(by, User) else None,
    )
    with transaction.atomic():
        result.save(force_insert=True)
        audit.record(
            by=by,
            action="results.freeze",
            object_type="result",
            object_id=result.uuid,
            place_code=lokus.area,
            round=round_.pk,
            instrument=version.sha256,
            data=run.data_hash,
            card=_digest(result.card),
            marks=_digest([result.trace["families"], result.trace["facts"]]),
            engine=run.card.engine,
        )
    return result


def freeze_round(*, by: Actor, cycle_slug: str, code: str, round_slug: str) -> UUID:
    """`freeze` for a door, which knows names and no rows: the result's id. Raises Missing, Forbidden, InputError."""
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_score, by, lokus)
    return freeze(by=by, lokus=lokus, round_=find_round(lokus.cycle, round_slug)).uuid


def verify(*, by: Actor, result_id: UUID) -> Verdict:
    """Compute a frozen card again, from the answers that counted then and the facts that it names. Changes nothing.

    Raises Missing. Of families erased since then the answers are gone: what is left is compared, and the card with the
    audit's word of it.
    """
    result = one(
        results_for(by).select_related("lokus__cycle__place", "lokus__place", "round", "version__workbook"),
        uuid=result_id,
    )
    instrument = instrument_of(result.version)
    facts = [_given(row, result.lokus.area) for row in result.trace["facts"]]
    run = _Run(instrument, result.lokus, result.round, facts, result.created_at)
    erased = _erased(result, run)
    found = tuple(_differences(result, instrument, run, erased))
    data = run.data_hash if "families" in result.trace else run.plain_hash
    return Verdict(result.uuid, run.card.engine, data, found, run.data, erased)


class _Run:
    """One full run over the answers that counted at a moment."""

    def __init__(
        self, instrument: Instrument, lokus: Lokus, round_: Round, facts: Iterable[Given], moment: datetime
    ) -> None:
        self.instrument = instrument
        self.unit = lokus.area
        self.today = round_.closes
        self.facts = sorted(facts, key=lambda fact: fact.indicator)
        self._digests: list[bytes] = []
        self._marks: list[str] = []
        keys = Household.objects.filter(lokus=lokus, key__isnull=False).select_related("key").only("uuid", "key")
        self._keys = {str(family.uuid): family.the_key() for family in keys.iterator()}
        answers = as_answers(instrument, self._hashed(sheets_at(round_, lokus, moment)))
        self.card: Scorecard = scorecard(instrument, tally(instrument, answers, today=self.today), self.facts)
        # Decimals stay text: a JSON column would pass them through a double.
        self.data: dict[str, Any] = json.loads(to_json(self.card), parse_float=str)

    def _hashed(self, sheets: Iterator[tuple[str, Sheet]]) -> Iterator[Sheet]:
        for pseudonym, sheet in sheets:
            text = json.dumps([pseudonym, sheet.answers], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            self._digests.append(hashlib.sha256(text.encode()).digest())
            if pseudonym in self._keys:
                self._marks.append(self._keys[pseudonym].mark(text, "result"))
            yield sheet

    @property
    def data_hash(self) -> str:
        """Of all answers and facts, whatever order the database gave them in, made of the families' marks.

        A hash of the answers themselves would let anybody who has all the others try out what an erased family had
        answered.
        """
        return self._whole(bytes.fromhex(mark) for mark in sorted(self._marks))

    @property
    def plain_hash(self) -> str:
        """The same as it was made before there were marks: for results of that time."""
        return self._whole(sorted(self._digests))

    def _whole(self, parts: Iterable[bytes]) -> str:
        whole = hashlib.sha256()
        for part in parts:
            whole.update(part)
        whole.update(json.dumps(self.given(), sort_keys=True, separators=(",", ":")).encode())
        return whole.hexdigest()

    @property
    def families(self) -> list[str] | None:
        """One mark a family, of its pseudonym and its answers, in no family's order; None of too many.

        Made with the family's own key: once that is destroyed, it says nothing.
        """
        return sorted(self._marks) if len(self._marks) <= MOST_MARKS else None

    def given(self) -> list[dict[str, str]]:
        """The facts as JSON."""
        return [
            {"indicator": fact.indicator, "value": "" if fact.value is None else f"{fact.value.normalize():f}"}
            | ({"option": fact.option} if fact.option else {})
            for fact in self.facts
        ]

    def trace(self) -> dict[str, Any]:
        """What stands behind the card: the statement, the steps of aspects and total, the facts."""
        subjects = [TOTAL, *self.instrument.aspects] if self.card.units else []
        unit = self.card.units[0] if self.card.units else None
        return {
            "today": self.today.isoformat(),
            "sql": statement(self.instrument, today=self.today),
            "facts": self.given(),
            "families": self.families,
            "steps": {
                subject: [[step.title, step.detail] for step in trace(self.instrument, unit, subject).steps]
                for subject in subjects
                if unit is not None
            },
        }


def _facts(lokus: Lokus, round_: Round, version: InstrumentVersion) -> list[Given]:
    rows = Fact.objects.filter(lokus=lokus, indicator__version=version).select_related("indicator")
    whole = {row.indicator.name: row for row in rows if row.round_id is None}
    whole |= {row.indicator.name: row for row in rows if row.round_id == round_.pk}
    return [Given(lokus.area, name, row.value, row.option or None) for name, row in whole.items()]


def _given(row: dict[str, str], unit: str) -> Given:
    value = Decimal(row["value"]) if row["value"] else None
    return Given(unit, row["indicator"], value, row.get("option"))


def _digest(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _erased(result: Result, run: _Run) -> int:
    """How many families are missing by nothing but their erasure; 0 where anything else is not as it was."""
    frozen, facts = result.trace.get("families"), result.trace["facts"]
    said = AuditEntry.objects.filter(action="results.freeze", object_id=str(result.uuid)).first()
    if not frozen or run.families is None or said is None or said.details.get("marks") != _digest([frozen, facts]):
        return 0
    missing, strange = Tallied(frozen) - Tallied(run.families), Tallied(run.families) - Tallied(frozen)
    gone = Household.objects.filter(lokus=result.lokus_id, erased_at__gt=result.created_at).count()
    if strange or missing.total() > gone or said.details.get("card") != _digest(result.card):
        return 0
    return missing.total()


def _differences(result: Result, instrument: Instrument, run: _Run, erased: int) -> Iterator[str]:
    if result.instrument_sha256 != instrument.sha256:
        yield "isi instrumen tidak sama dengan saat dibekukan"
    if erased:
        return
    now_hash = run.data_hash if "families" in result.trace else run.plain_hash
    if result.data_hash != now_hash:
        yield "jawaban atau data pendukungnya tidak sama dengan saat dibekukan"
    before, now = result.card["units"], run.data["units"]
    if before != now:
        yield from _changed(before[0] if before else {}, now[0] if now else {})


def _changed(before: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    if before.get("total") != now.get("total"):
        yield f"nilai seluruhnya {before.get('total')} saat dibekukan, {now.get('total')} sekarang"
    for part in ("aspects", "indicators"):
        old, new = before.get(part, {}), now.get(part, {})
        for name in {**old, **new}:
            if old.get(name) != new.get(name):
                yield f"{name} berubah"
    if (before.get("classes"), before.get("unclassified")) != (now.get("classes"), now.get("unclassified")):
        yield "banyaknya keluarga menurut golongan berubah"
