"""Years drawn by a seed, with things planted in them that somebody should look at, and things that only look like it.

What was planted is written down while it is drawn, and never worked out from the rows.
"""

# ruff: noqa: E501  (a table is read across: its rows may be long)

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from selaras.models import (
    Claim,
    Commitment,
    CommitmentNeed,
    Confirmation,
    Counter,
    Household,
    HouseholdScore,
    IndicatorRef,
    Need,
    Round,
    State,
    UnitCounter,
)
from tests import build, build_plans, build_readiness
from tests.build_programme import Programme, publish
from tests.sample_workbook import sample

FAMILIES = 30
#: In all but the last, what is true is good.
ASKED = ("jamban", "air", "akta", "usaha", "rokok")
CLAIMED = tuple(f"klaim{number}" for number in range(12))
AT = datetime(2024, 7, 1, tzinfo=UTC)

_RULES = "".join(
    f"| {name} | hasil | {name} | 1 | survey | linear | ${{jamban}} = 'leher_angsa' | {'1 | 0' if name == 'rokok' else '0 | 1'} |\n"
    for name in ASKED
)
_RECORDS = "".join(f"| {name} | lembaga | {name} | 1 | record | linear | | 0 | 1 |\n" for name in CLAIMED)


def workbook() -> bytes:
    """An instrument of these items."""
    return sample(
        aspects="| aspect | label | weight |\n| hasil | Hasil | 60 |\n| lembaga | Lembaga | 40 |",
        indicators=f"| indicator | aspect | label | weight | from | rule | expression | low | high |\n{_RULES}{_RECORDS}",
        bands=None,
        options=None,
    )


@dataclass
class Planted:
    """(kind, indicator, family or None, promise or None) of everything that should be found."""

    bare: set[str] = field(default_factory=set)
    denied: set[tuple[str, int]] = field(default_factory=set)
    undelivered: set[int] = field(default_factory=set)
    worse: set[tuple[str, int]] = field(default_factory=set)

    def things(self) -> set[tuple[object, ...]]:
        """All of them in one set."""
        return {
            *(("bare", name) for name in self.bare),
            *(("denied", *pair) for pair in self.denied),
            *(("undelivered", promise) for promise in self.undelivered),
            *(("worse", *pair) for pair in self.worse),
        }


class Year:
    """One drawn year."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        cycle = build.cycle(year=2000 + seed)
        lokus, first = build.lokus(cycle), build.baseline(cycle)
        self.of = Programme(cycle, lokus, first, publish(workbook(), cycle))
        self.rounds = [
            first,
            Round.objects.create(
                cycle=cycle, kind="endline", opens=date(cycle.year, 9, 1), closes=date(cycle.year, 9, 30)
            ),
        ]
        self.refs = {row.name: row for row in IndicatorRef.objects.filter(version=self.of.version)}
        self.families = Household.objects.bulk_create(
            Household(
                lokus=lokus, code=f"GD-{number:03d}", rw="01", rt="01", area=f"{lokus.area}.RW01.RT01", key=build.key()
            )
            for number in range(1, FAMILIES + 1)
        )
        self.planted = Planted()
        self.scores: list[HouseholdScore] = []
        for family in self.families:
            for name in ASKED:
                self._answer(family, name)
        HouseholdScore.objects.bulk_create(self.scores)
        self._count()
        for name in CLAIMED:
            self._claim(name)

    # --- what families answered, and what they say of promises -----------------------------------------------------------
    def _answer(self, family: Household, name: str) -> None:
        """Two rounds of one question: usual answers, and by chance one that got worse."""
        good, bad = (State.NO, State.YES) if name == "rokok" else (State.YES, State.NO)
        usual = [
            (bad, good),
            (bad, bad),
            (good, good),
            (good, State.MISSING),
            (State.MISSING, bad),
            (State.NOT_APPLICABLE, bad),
        ]
        then, now = (good, bad) if self.random.random() < 0.06 else self.random.choice(usual)
        for round_, state in zip(self.rounds, (then, now), strict=True):
            self.scores.append(self._score(family, name, round_, state))
        if (then, now) == (good, bad):
            self.planted.worse.add((name, family.pk))
        if then == bad:
            self._promise(family, name, received=now == good)

    def _score(self, family: Household, name: str, round_: Round, state: str) -> HouseholdScore:
        known = state in (State.YES, State.NO)
        return HouseholdScore(
            household=family, lokus=self.of.lokus, round=round_, indicator=self.refs[name], state=state, n=int(known),
            true=int(state == State.YES), missing=int(state == State.MISSING), not_applicable=int(state == State.NOT_APPLICABLE),
        )  # fmt: skip

    def _promise(self, family: Household, name: str, *, received: bool) -> None:
        need = Need.objects.create(
            household=family, lokus=self.of.lokus, indicator=name, opened_in=self.rounds[0], opened_at=AT,
            closed_in=self.rounds[1] if received else None, closed_at=AT if received else None,
        )  # fmt: skip
        kind = self.random.choice(
            ["silent", "yes", "no", "no then yes", "yes then no", "no, he says yes", "he says yes", "he says no"]
        )
        done = self.random.random() < 0.5
        if kind == "silent" or self.random.random() < 0.3:
            return
        promise = Commitment.objects.create(
            cycle=self.of.cycle, number=Commitment.objects.filter(cycle=self.of.cycle).count() + 1, agency=build_plans.agency("Disperkim"),
            lokus=self.of.lokus, title="Uji", indicator=name, state="done" if done else "running", fund="dpa",
        )  # fmt: skip
        CommitmentNeed.objects.create(commitment=promise, need=need)
        words = {
            "yes": [("ibu", True)],
            "no": [("ibu", False)],
            "no then yes": [("ibu", False), ("ibu", True)],
            "yes then no": [("ibu", True), ("ibu", False)],
            "no, he says yes": [("ibu", False), ("lain", True)],
            "he says yes": [("lain", True)],
            "he says no": [("lain", False)],
        }
        for day, (who, said) in enumerate(words[kind]):
            Confirmation.objects.create(
                household=family, commitment=promise, received=said, said=who, via="kader",
                on=date(2024, 7, 1 + day), at=AT + timedelta(days=day),
            )  # fmt: skip
        if kind in {"no", "yes then no", "no, he says yes", "he says no"}:
            if received:
                self.planted.denied.add((name, family.pk))
            if done:
                self.planted.undelivered.add(promise.pk)

    def _count(self) -> None:
        for round_ in self.rounds:
            UnitCounter.objects.create(
                lokus=self.of.lokus, round=round_, version=self.of.version, households=FAMILIES, engine="uji", as_of=AT
            )
            for name in ASKED:
                own = [row for row in self.scores if row.round == round_ and row.indicator == self.refs[name]]
                sums = {
                    part: sum(getattr(row, part) for row in own) for part in ("n", "true", "missing", "not_applicable")
                }
                Counter.objects.create(lokus=self.of.lokus, round=round_, indicator=self.refs[name], **sums)

    # --- what the city claims ------------------------------------------------------------------------------------------
    def _claim(self, name: str) -> None:
        kind = self.random.choice(
            [
                "nothing",
                "record",
                "bare",
                "zero",
                "taken back",
                "waiting",
                "verified",
                "refused",
                "gone",
                "of another item",
            ]
        )
        proved = {
            "waiting": "waiting",
            "verified": "verified",
            "refused": "refused",
            "gone": "verified",
            "of another item": "verified",
        }
        if kind == "nothing":
            return
        if kind == "record":
            build_readiness.fact(self.of, name, value=1)
        else:
            value = {"zero": 0, "taken back": None}.get(kind, 1)
            Claim.objects.create(lokus=self.of.lokus, instrument="contoh", indicator=name, value=value, at=AT)
        if kind in proved:
            use = build_readiness.cite(self.of, name, state=proved[kind])
            if kind == "gone":
                type(use.evidence).objects.filter(pk=use.evidence.pk).update(deleted_at=AT)
            if kind == "of another item":
                type(use).objects.filter(pk=use.pk).update(indicator="jamban")
        if kind in {"record", "bare", "refused", "gone", "of another item"}:
            self.planted.bare.add(name)
