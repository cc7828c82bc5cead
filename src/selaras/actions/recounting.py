"""Count everything again: to find out whether the counters still say what the answers say, or to make them say it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from selaras.access import Actor, demand, may_manage_cycle
from selaras.actions import audit
from selaras.actions.counting import count_registered
from selaras.actions.needs import strays
from selaras.actions.scoring import request_scoring
from selaras.models import Counter, CurrentAnswers, Cycle, Household, HouseholdScore, Lokus, UnitCounter
from selaras.queries.answers import CHUNK, Sheet, as_answers
from selaras.queries.rules import instrument_of
from selaras.scoring.engines import tally

#: Families marked in one transaction.
MARKED = 2_000
_Sums = tuple[int, int, int, int, Decimal]


@dataclass(frozen=True, slots=True)
class Difference:
    """A counter that does not say what it should, in Indonesian. Names codes and indicators, never a family.

    `round` is 0 for the count of families, which belongs to none.
    """

    lokus: str
    round: int
    indicator: str
    what: str

    def __str__(self) -> str:
        where = f", putaran {self.round}" if self.round else ""
        return f"{self.lokus}{where}, {self.indicator}: {self.what}"


def recompute(*, by: Actor, cycle: Cycle) -> int:
    """Mark every answer of the cycle and ask for scoring; how many families. Raises Forbidden."""
    demand(may_manage_cycle, by, cycle)
    marked = 0
    for lokus in cycle.loci.all():
        with transaction.atomic():
            count_registered(lokus.pk)
    for round_ in cycle.rounds.all():
        clean = CurrentAnswers.objects.filter(round=round_, dirty=False).order_by("pk").values_list("pk", flat=True)
        while ids := list(clean[:MARKED]):
            marked += CurrentAnswers.objects.filter(pk__in=ids).update(dirty=True)
        with transaction.atomic():
            request_scoring(by=by, round_id=round_.pk)
    with transaction.atomic():
        audit.record(
            by=by,
            action="scoring.recompute",
            object_type="cycle",
            object_id=cycle.slug,
            place_code=cycle.place.code,
            families=marked,
        )
    return marked


def full_check() -> Iterator[Difference]:
    """Compare counters with the sum of the states, needs with the states, and the states with a full run. Reads only.

    Families whose answers wait for scoring are left out of the last comparison, and so are erased ones: their answers
    are gone and what was counted stays.
    """
    for lokus in Lokus.objects.select_related("place", "cycle__place").order_by("pk"):
        families = _families(lokus)
        if families != lokus.registered:
            what = f"pencacah {lokus.registered} keluarga, dalam daftar {families}"
            yield Difference(lokus.area, 0, "daftar keluarga", what)
        for name, of, wrong in strays(lokus):
            yield Difference(lokus.area, 0, name, f"kebutuhan {wrong} dari {of} keluarga tidak menurut pengukurannya")
    heads = UnitCounter.objects.select_related("lokus__place", "round", "version__workbook").order_by("pk")
    for head in heads:
        yield from _against_states(head)
        yield from _against_engine(head)


def _families(lokus: Lokus) -> int:
    return Household.objects.filter(Household.counted(), lokus=lokus, erased_at__isnull=True).count()


def _against_states(head: UnitCounter) -> Iterator[Difference]:
    counters = Counter.objects.filter(lokus=head.lokus, round=head.round, indicator__version=head.version)
    # Families that an import taken back has hidden wait for nothing but their removal.
    seen = HouseholdScore.objects.filter(Household.counted("household__"), lokus=head.lokus, round=head.round)
    sums = _sums(seen.filter(indicator__version=head.version))
    said = {row.indicator.name: _of(row) for row in counters.select_related("indicator")}
    for name in sorted({*said, *sums}):
        if said.get(name) != sums.get(name):
            yield _difference(
                head, name, f"pencacah {_words(said.get(name))}, menurut keluarga {_words(sums.get(name))}"
            )


def _against_engine(head: UnitCounter) -> Iterator[Difference]:
    instrument = instrument_of(head.version)
    current = CurrentAnswers.objects.filter(lokus=head.lokus, round=head.round, dirty=False)
    sheets = (
        Sheet(household, head.lokus.area, answers)
        for household, answers in current.order_by("household_id")
        .values_list("household_id", "answers")
        .iterator(chunk_size=CHUNK)
    )
    units = tally(instrument, as_answers(instrument, sheets), today=head.round.closes).units
    counted = units[0].indicators if units else {}
    states = HouseholdScore.objects.filter(
        lokus=head.lokus,
        round=head.round,
        indicator__version=head.version,
        household__in=current.values("household"),
    )
    sums = _sums(states)
    for name, found in counted.items():
        boolean = instrument.indicators[name].aggregate in {"share", "count"}
        total = Decimal(0) if boolean else found.total
        now = (found.n, found.true, found.missing, found.not_applicable, total)
        if sums.get(name) != now:
            yield _difference(head, name, f"tersimpan {_words(sums.get(name))}, dihitung ulang {_words(now)}")


def _sums(rows: QuerySet[HouseholdScore]) -> Mapping[str, _Sums]:
    found: dict[str, _Sums] = {}
    values = rows.values_list("indicator__name", "n", "true", "missing", "not_applicable", "total")
    for name, n, true, missing, not_applicable, total in values.iterator(chunk_size=CHUNK):
        a, b, c, d, e = found.get(name, (0, 0, 0, 0, Decimal(0)))
        found[name] = (a + n, b + true, c + missing, d + not_applicable, e + (total or 0))
    return found


def _of(row: Counter) -> _Sums:
    return row.n, row.true, row.missing, row.not_applicable, row.total or Decimal(0)


def _words(sums: _Sums | None) -> str:
    if sums is None:
        return "tidak ada"
    n, true, missing, not_applicable, total = sums
    return f"{n} diketahui ({true} ya, jumlah {total.normalize():f}), {missing} kosong, {not_applicable} tidak berlaku"


def _difference(head: UnitCounter, indicator: str, what: str) -> Difference:
    return Difference(head.lokus.area, head.round_id, indicator, what)
