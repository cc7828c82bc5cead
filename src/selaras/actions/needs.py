"""Needs follow measurements: what the primary instrument says of a family, round after round, opens and closes them.

They are derived, never decided: whichever order rounds are scored in, however often, the same states give the same
needs. A round's *no* opens one where none is open, a later *yes* or *not applicable* closes it, and what is unknown
changes nothing. Where less is better (a share of smokers), what is true of a family or of a member is the need. A
family that has been erased is not followed any more; its needs stay as its scores do.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from selaras.actions.jobs import Progress
from selaras.models import CommitmentNeed, Household, HouseholdScore, InstrumentVersion, Lokus, Need, Round, State
from selaras.queries.needs import falling_indicators
from selaras.queries.programme import primary_of

#: Families whose needs one transaction writes.
WRITTEN = 50
_TELLING = (State.YES, State.NO, State.NOT_APPLICABLE)
#: Round -> state of one family and indicator.
States = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Span:
    """From the round that opened a need to the one that closed it, None while it is open."""

    opened: int
    closed: int | None


def spans(states: States, order: Sequence[int]) -> list[Span]:
    """What these states say, the rounds taken in `order` (their ids, oldest first)."""
    found: list[Span] = []
    for round_ in order:
        state = states.get(round_, State.MISSING)
        open_now = bool(found) and found[-1].closed is None
        if state == State.NO and not open_now:
            found.append(Span(round_, None))
        elif open_now and state in {State.YES, State.NOT_APPLICABLE}:
            found[-1] = Span(found[-1].opened, round_)
    return found


def follow(*, version: InstrumentVersion, households: Sequence[int], now: datetime) -> None:
    """Make the needs of these families what their states of `version`, the primary one, say.

    In the caller's transaction, beside the states. A need that a corrected measurement takes back is deleted, or,
    where a commitment names it, closed in the round that had opened it.
    """
    states, order = _states(version, households)
    there: dict[tuple[int, str], list[Need]] = defaultdict(list)
    for need in Need.objects.filter(household__in=households).order_by("pk"):
        there[need.household_id, need.indicator].append(need)
    loci = dict(Household.objects.filter(pk__in=households).values_list("pk", "lokus_id"))
    writing = _Writing(now)
    for household, indicator in {**there, **states}:
        lokus = loci[household]
        wanted = spans(states.get((household, indicator), {}), order)
        writing.fit(there.get((household, indicator), []), wanted, household, lokus, indicator)
    writing.write()


def owed() -> list[int]:
    """Loci whose families have been measured and whose needs nobody has derived: they come from a release before."""
    measured = HouseholdScore.objects.filter(lokus=OuterRef("pk"), state=State.NO, household__pending__isnull=True)
    rows = Lokus.objects.filter(Exists(measured), ~Exists(Need.objects.filter(lokus=OuterRef("pk"))))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def follow_lokus(progress: Progress) -> None:
    """The needs of the job's lokus, a chunk of families a transaction. Idempotent."""
    lokus = Lokus.objects.select_related("cycle").get(pk=progress.job.params["lokus"])
    version = primary_of(lokus.cycle)
    if version is None:
        return
    families = Household.objects.filter(lokus=lokus, pending__isnull=True).order_by("pk").values_list("pk", flat=True)
    done, last, total = 0, 0, families.count()
    while ids := list(families.filter(pk__gt=last)[:WRITTEN]):
        with transaction.atomic():
            follow(version=version, households=ids, now=timezone.now())
        done, last = done + len(ids), ids[-1]
        progress.say(done, total, note="menurunkan kebutuhan dari pendataan")


class _Writing:
    """What must change, gathered, so that a chunk costs a few statements."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._new: list[Need] = []
        self._changed: list[Need] = []
        self._surplus: list[Need] = []

    def fit(self, there: list[Need], wanted: list[Span], household: int, lokus: int, indicator: str) -> None:
        """Each need that is there gets a span, oldest first; spans without one become new, needs without one go."""
        void = [need for need in there if is_void(need)]
        real = [need for need in there if not is_void(need)]
        # One that had been taken back speaks again before a new one is made: a commitment may name it.
        real += void[: max(0, len(wanted) - len(real))]
        for need, span in zip(real, wanted, strict=False):
            if (need.opened_in_id, need.closed_in_id, need.lokus_id) != (span.opened, span.closed, lokus):
                self._changed.append(self._set(need, span, lokus))
        for span in wanted[len(real) :]:
            need = Need(household_id=household, indicator=indicator, opened_at=self._now)
            self._new.append(self._set(need, span, lokus))
        self._surplus += real[len(wanted) :]

    def _set(self, need: Need, span: Span, lokus: int) -> Need:
        if span.closed is None:
            need.closed_at = None
        elif need.closed_in_id != span.closed or need.closed_at is None:
            need.closed_at = self._now
        need.opened_in_id, need.closed_in_id, need.lokus_id = span.opened, span.closed, lokus
        return need

    def write(self) -> None:
        surplus = [need.pk for need in self._surplus]
        named = (
            set(CommitmentNeed.objects.filter(need__in=surplus).values_list("need", flat=True)) if surplus else set()
        )
        if surplus:
            Need.objects.filter(pk__in=[pk for pk in surplus if pk not in named]).delete()
            Need.objects.filter(pk__in=named).update(closed_in=F("opened_in"), closed_at=self._now)
        # Closed ones first: at no moment may two of a family and indicator be open.
        for need in sorted(self._changed, key=lambda need: need.closed_in_id is None):
            need.save(update_fields=["opened_in", "closed_in", "closed_at", "lokus"])
        Need.objects.bulk_create(self._new)


def is_void(need: Need) -> bool:
    """Taken back by a correction of the very measurement that had opened it."""
    return need.closed_in_id == need.opened_in_id


def _states(
    version: InstrumentVersion, households: Sequence[int]
) -> tuple[dict[tuple[int, str], dict[int, str]], list[int]]:
    """States by family and indicator, and the ids of the rounds in the order of their days."""
    falling = falling_indicators(version)
    found: dict[tuple[int, str], dict[int, str]] = {}
    rounds: set[int] = set()
    rows = _telling(version, falling).filter(household__in=households)
    for household, name, round_, *told in rows.values_list("household_id", "indicator__name", "round_id", *_TOLD):
        found.setdefault((household, name), {})[round_] = _read(*told, falls=name in falling)
        rounds.add(round_)
    if len(rounds) < 2:
        return found, list(rounds)
    return found, list(Round.objects.filter(pk__in=rounds).order_by("opens", "pk").values_list("pk", flat=True))


_TOLD = ("state", "n", "true", "missing")


def _telling(version: InstrumentVersion, falling: frozenset[str]) -> QuerySet[HouseholdScore]:
    return HouseholdScore.objects.filter(
        Q(state__in=_TELLING) | Q(indicator__name__in=falling), indicator__version=version
    )


def _read(state: str, n: int, true: int, missing: int, *, falls: bool) -> str:
    """The state as needs read it."""
    if not falls:
        return state
    if true:
        return State.NO
    return State.MISSING if missing else State.YES if n else State.NOT_APPLICABLE


# --- checking ---------------------------------------------------------------------------------------------------------
def strays(lokus: Lokus) -> Iterator[tuple[str, int, int]]:
    """(indicator, families, wrong): of how many families the needs are not what their states say. Reads only."""
    version = primary_of(lokus.cycle)
    if version is None:
        return
    falling = falling_indicators(version)
    order = list(Round.objects.filter(cycle=lokus.cycle).order_by("opens", "pk").values_list("pk", flat=True))
    for name in version.indicators.order_by("position").values_list("name", flat=True):
        states: dict[int, dict[int, str]] = {}
        rows = _telling(version, falling).filter(
            household__lokus=lokus, household__pending__isnull=True, indicator__name=name
        )
        for household, round_, *told in rows.values_list("household_id", "round_id", *_TOLD).iterator(chunk_size=2000):
            states.setdefault(household, {})[round_] = _read(*told, falls=name in falling)
        said: dict[int, list[Span]] = {}
        needs = Need.objects.filter(lokus=lokus, indicator=name, household__pending__isnull=True).order_by("pk")
        needs = needs.exclude(closed_in=F("opened_in"))
        for household, opened, closed in needs.values_list("household_id", "opened_in_id", "closed_in_id"):
            said.setdefault(household, []).append(Span(opened, closed))
        wrong = sum(spans(states.get(one, {}), order) != said.get(one, []) for one in {*states, *said})
        if wrong:
            yield name, len({*states, *said}), wrong
