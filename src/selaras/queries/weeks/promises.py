"""Caranya and aksi: needs and who took them on, commitments and how far they are, activities and who came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from selaras.access import SMALLEST_COUNT
from selaras.models import Activity, Commitment, CommitmentNeed, CommitmentState, Cycle, Lokus, Need
from selaras.queries.matching import LIVE, TO_DO, Matching
from selaras.queries.matrix_rows import need_rows, promises_of
from selaras.queries.weeks.figures import RowKind, Served, Work
from selaras.queries.weeks.subjects import Subject


@dataclass(frozen=True, slots=True)
class OpenNeed:
    """An open need: whose, where, of which indicator, and whether a standing commitment serves it."""

    household: int
    lokus: int
    indicator: str
    promised: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment of the year; `indicators` are what it is for and what its families lack."""

    id: int
    agency: str
    indicator: str
    state: str
    ends: date | None
    indicators: frozenset[str]

    def is_late(self, day: date) -> bool:
        """Whether it should have been done before `day` and is not."""
        return self.state in TO_DO and self.ends is not None and self.ends < day


@dataclass(frozen=True, slots=True)
class Done:
    """An activity: when, who came, and which commitments it served."""

    id: int
    on: date
    women: int
    children: int
    commitments: frozenset[int]


def open_needs(cycle: Cycle, loci: Sequence[Lokus]) -> list[OpenNeed]:
    """Every open need of families that are there, promised where the matrix says that it is no gap. Two statements."""
    found: dict[int, tuple[int, str, int, str]] = {}
    named: dict[int, list[int]] = {}
    for need, lokus, indicator, household, area, commitment in need_rows(loci):
        found[need] = (lokus, indicator, household, area)
        if commitment is not None:
            named.setdefault(need, []).append(commitment)
    table = Matching([promise for promise, _ in promises_of(cycle)])
    return [
        OpenNeed(household, lokus, indicator, not table.service(lokus, indicator, area, named.get(need, ())).is_gap)
        for need, (lokus, indicator, household, area) in found.items()
    ]


def ever_measured(cycle: Cycle) -> frozenset[str]:
    """The indicators of which a need was ever opened here: of the others nothing is known."""
    return frozenset(Need.objects.filter(lokus__cycle=cycle).values_list("indicator", flat=True).distinct())


def promises(cycle: Cycle) -> list[Promise]:
    """The commitments that stand or wait, by number. Two statements."""
    needs: dict[int, set[str]] = {}
    pairs = CommitmentNeed.objects.filter(commitment__cycle=cycle).values_list("commitment_id", "need__indicator")
    for commitment, indicator in pairs.distinct():
        needs.setdefault(commitment, set()).add(indicator)
    rows = Commitment.objects.filter(cycle=cycle).exclude(state=CommitmentState.CANCELLED).select_related("agency")
    return [
        Promise(
            id=row.pk,
            agency=row.agency.short_name,
            indicator=row.indicator,
            state=row.state,
            ends=row.ends,
            indicators=frozenset(needs.get(row.pk, set()) | ({row.indicator} if row.indicator else set())),
        )
        for row in rows.order_by("number")
    ]


def activities(cycle: Cycle, until: date) -> list[Done]:
    """The activities up to and with that day. Two statements."""
    rows = Activity.objects.filter(cycle=cycle, on__lte=until, deleted_at__isnull=True)
    return [_done(row) for row in rows.prefetch_related("commitments").order_by("on")]


def _done(row: Activity) -> Done:
    counts: Mapping[str, Mapping[str, int]] = {sex: row.attended.get(sex) or {} for sex in ("P", "L")}
    women = sum(int(counts["P"].get(band) or 0) for band in ("dewasa", "lansia"))
    children = sum(int(counts[sex].get("anak") or 0) for sex in counts)
    served = frozenset(one.pk for one in row.commitments.all())
    return Done(row.pk, row.on, women, children, served)


def served(needs: Iterable[OpenNeed], subject: Subject, measured: frozenset[str]) -> Served:
    """The needs of a row. Neither a number of needs nor of families from one to four is told, nor what is left."""
    own = [need for need in needs if need.indicator in subject.indicators]
    promised, left = [need for need in own if need.promised], [need for need in own if not need.promised]
    known = bool(own or subject.indicators & measured)
    few, part = _few(own), _few(promised) or _few(left)
    return Served(
        families=subject.surveyed,
        measured=known,
        open=len(own) if known and not few else None,
        promised=len(promised) if known and not few and not part else None,
        hidden=few or part,
    )


def _few(needs: list[OpenNeed]) -> bool:
    """Whether so few needs, or needs of so few families, must not be told."""
    return any(0 < size < SMALLEST_COUNT for size in (len(needs), len({need.household for need in needs})))


def work(all_: Sequence[Promise], done: Sequence[Done], subject: Subject | None, day: date) -> Work:
    """The commitments of a row, and the activities that served them; without one, all of both.

    Who came is told of women and of children, of all activities: they came, whatever it was for.
    """
    own = [one for one in all_ if one.state in LIVE and (subject is None or one.indicators & subject.indicators)]
    states = Counter(one.state for one in own)
    ids = {one.id for one in own}
    came: dict[RowKind, int] = {
        "women": sum(one.women for one in done),
        "children": sum(one.children for one in done),
    }
    return Work(
        total=len(own),
        begun=states[CommitmentState.RUNNING] + states[CommitmentState.DONE],
        done=states[CommitmentState.DONE],
        blocked=states[CommitmentState.BLOCKED],
        late=sum(one.is_late(day) for one in own),
        activities=sum(subject is None or bool(one.commitments & ids) for one in done),
        came=None if subject is None else came.get(subject.kind),
    )
