"""Random workbooks that are right, and random answers that are not always: the strategy `cases`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.reference.draw_expressions import DAYS, TEXTS, Author, Chooser, Seen, Skipper, View
from tests.reference.drawn import (
    HOUSEHOLD,
    Aspect,
    Band,
    Calculation,
    Case,
    Fact,
    FieldKind,
    Group,
    Household,
    Indicator,
    Question,
    Raw,
    Row,
    Workbook,
)
from tests.reference.evaluate import Home

TODAY = date(2024, 6, 30)
UNITS = ("36.72.05.1001", "36.72.05.1005", "luar kota")
LISTS = (("ya", "tidak"), ("a", "b", "c"), ("0", "1"))
KINDS: tuple[FieldKind, ...] = ("integer", "decimal", "choice", "choices", "text", "date")
SEEN_AS = {"integer": "number", "decimal": "number"}
WEIGHTS = tuple(Fraction(weight) for weight in ("1", "2", "2.5", "10", "0.333"))


@dataclass(frozen=True)
class Size:
    """How much is drawn at most."""

    households: int
    calculations: int
    indicators: int
    depth: int


SMALL = Size(households=6, calculations=3, indicators=3, depth=3)
LARGE = Size(households=25, calculations=7, indicators=9, depth=4)


class Shrinking:
    """Decisions by hypothesis."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw

    def pick(self, options: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(options))

    def between(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))


class Seeded:
    """Decisions by a seeded generator: the same seed, the same case."""

    def __init__(self, seed: int) -> None:
        random = Random(seed)
        self.pick = random.choice
        self.between = random.randint


@st.composite
def cases(draw: Any) -> Case:
    """Small cases that shrink."""
    return case(Shrinking(draw), SMALL)


def seeded(seed: int) -> Case:
    """A large case."""
    return case(Seeded(seed), LARGE)


def case(choose: Chooser, size: Size) -> Case:
    """A workbook, answers to it and facts. One in three is `wild`: numbers at the edge of the decimals."""
    wild = choose.pick((False, False, True))
    book = Drafter(choose, size, wild).workbook()
    count = choose.between(0, size.households)
    answered = tuple(Respondent(choose, book, wild).household() for _ in range(count))
    by_unit = choose.pick((True, True, True, False))
    return Case(book, answered, facts(choose, book, by_unit) if answered else (), TODAY, by_unit)


class Drafter:
    """Draws a workbook from the survey to the indicators, each part over the names before it."""

    def __init__(self, choose: Chooser, size: Size, wild: bool) -> None:
        self.choose = choose
        self.pick = choose.pick
        self.size = size
        self.wild = wild
        self.names: list[Seen] = []
        self.repeats: list[str] = []

    def maybe(self, often: int = 1, seldom: int = 1) -> bool:
        return bool(self.pick((True,) * often + (False,) * seldom))

    def workbook(self) -> Workbook:
        survey = self.survey()
        calculations = tuple(
            self.calculation(f"hitung{i}") for i in range(self.choose.between(0, self.size.calculations))
        )
        classes = {f"kelas{i}": self.author(HOUSEHOLD).boolean(2) for i in range(self.pick((0, 1, 2, 3)))}
        scale = self.pick((Fraction(100), Fraction(4), Fraction("12.5")))
        aspects = self.aspects()
        indicators = tuple(self.indicator(i, aspect, scale) for i, aspect in enumerate(self.places(aspects)))
        return Workbook(scale, survey, calculations, classes, aspects, indicators)

    # --- survey ---------------------------------------------------------------------------------------------
    def survey(self) -> tuple[Question | Group, ...]:
        plain = [self.question(f"isian{i}", HOUSEHOLD) for i in range(self.pick((2, 3, 4)))]
        items: list[Question | Group] = list(plain)
        if self.maybe():
            items.append(Group("bagian", *self.inside("dalam", HOUSEHOLD)))
        if self.maybe(3, 1):
            relevant = self.relevant(HOUSEHOLD)
            questions, condition = self.inside("anggota", "member")
            repeat: Question | Group = Group("member", questions, condition, is_repeat=True)
            items.append(Group("rumah", (repeat,), relevant) if self.maybe(1, 2) else repeat)
            self.repeats.append("member")
        return tuple(items)

    def inside(self, stem: str, over: str) -> tuple[tuple[Question, ...], Any]:
        """The questions of a group and its condition, which may not name them."""
        relevant = self.relevant(HOUSEHOLD)
        return tuple(self.question(f"{stem}{i}", over) for i in range(self.pick((1, 2, 3)))), relevant

    def question(self, name: str, over: str) -> Question:
        relevant = self.relevant(over)
        kind = self.pick(KINDS)
        options = self.pick(LISTS) if kind in ("choice", "choices") else ()
        self.names.append(Seen(name, SEEN_AS.get(kind, kind), over, options))
        return Question(name, kind, options, relevant)

    def relevant(self, over: str) -> Any:
        view = View(tuple(seen for seen in self.names if seen.over in (HOUSEHOLD, over)), (), over)
        return Skipper(self.choose, view).boolean(self.pick((0, 1, 2))) if view.names and self.maybe(2, 3) else None

    # --- calculations ---------------------------------------------------------------------------------------
    def author(self, over: str) -> Author:
        return Author(self.choose, View(tuple(self.names), tuple(self.repeats), over, self.wild))

    def over(self) -> str:
        return str(self.pick([HOUSEHOLD, HOUSEHOLD, *self.repeats]))

    def calculation(self, name: str) -> Calculation:
        over, kind = self.over(), self.pick(("number", "number", "boolean", "boolean", "text", "date"))
        tree = self.author(over).expression(kind, self.choose.between(1, self.size.depth))
        self.names.append(Seen(name, kind, over))
        return Calculation(name, over, tree)

    # --- aspects and indicators -----------------------------------------------------------------------------
    def aspects(self) -> tuple[Aspect, ...]:
        tops = [Aspect(f"aspek{i}", None, self.pick(WEIGHTS)) for i in range(self.pick((1, 2)))]
        below = [Aspect(f"anak{i}", "aspek0", self.pick(WEIGHTS)) for i in range(self.pick((0, 0, 2)))]
        return (*tops, *below)

    def places(self, aspects: tuple[Aspect, ...]) -> list[str]:
        """The aspect of each indicator: every leaf has one, so that its weight means something."""
        parents = {aspect.parent for aspect in aspects}
        leaves = [aspect.name for aspect in aspects if aspect.name not in parents]
        return leaves + [self.pick(aspects).name for _ in range(self.choose.between(1, self.size.indicators))]

    def indicator(self, number: int, aspect: str, scale: Fraction) -> Indicator:
        origin = self.pick(("survey",) * 5 + ("record", "judged", "judged", "activity", "protection"))
        weight = self.pick(WEIGHTS)
        base = Indicator(f"butir{number}", aspect, weight, origin, "linear")
        return self.from_survey(base, scale) if origin == "survey" else self.from_facts(base, scale)

    def from_survey(self, base: Indicator, scale: Fraction) -> Indicator:
        over, aggregate = self.over(), self.pick(("share",) * 5 + ("count", "mean", "sum", "median", "min", "max"))
        kind = "boolean" if aggregate in ("share", "count") else "number"
        author = self.author(over)
        applies_to = author.boolean(1) if self.maybe() else None
        made = replace(
            base,
            over=over,
            aggregate=aggregate,
            applies_to=applies_to,
            tree=author.expression(kind, self.choose.between(0, self.size.depth)),
            missing=self.pick(("exclude", "zero", "fail")),
            min_n=self.pick((None, None, 1, 2, 3)),
        )
        rules = ("linear", "bands", "yes_no") if aggregate == "share" else ("linear", "bands")
        return self.ruled(made, scale, self.pick(rules))

    def from_facts(self, base: Indicator, scale: Fraction) -> Indicator:
        rules = ("linear", "bands", "yes_no", "options", "options")
        rule = self.pick(rules[:2] if base.origin == "protection" else rules)
        made = self.ruled(replace(base, aggregate="mean"), scale, rule)
        return helpful(made) if made.origin == "protection" else made

    def ruled(self, base: Indicator, scale: Fraction, rule: str) -> Indicator:
        made = replace(base, rule=rule)
        if rule == "options":
            return replace(
                made, options={name: self.pick((Fraction(0), Fraction(1), scale)) for name in ("a", "b", "c")}
            )
        share = base.aggregate == "share"
        edges = ("0", "0.25", "0.5", "0.8", "1") if share else ("-10", "0", "0.5", "1", "3", "100", "1000000")
        chosen = sorted(Fraction(edge) for edge in some(self.choose, edges, 2, 4))
        if rule == "bands":
            return replace(made, bands=self.bands(chosen, share, scale))
        low, high = (chosen[0], chosen[-1]) if self.maybe(2, 1) else (chosen[-1], chosen[0])
        return replace(made, low=low, high=high) if rule == "linear" else made

    def bands(self, cuts: list[Fraction], share: bool, scale: Fraction) -> tuple[Band, ...]:
        """Bands that meet at the cuts and cover everything."""
        if share:
            cuts = [cut for cut in cuts if 0 < cut < 1]
        lows = [Fraction(0) if share and self.maybe() else None, *cuts]
        highs = [*cuts, Fraction(1) if share and self.maybe() else None]
        points = (Fraction(0), Fraction(1), Fraction("3.3"), scale)
        return tuple(Band(low, high, self.pick(points)) for low, high in zip(lows, highs, strict=True))


def helpful(one: Indicator) -> Indicator:
    """More of a measure of help is never worth less: anything else is no instrument."""
    points = sorted(band.points for band in one.bands)
    bands = tuple(replace(band, points=more) for band, more in zip(one.bands, points, strict=True))
    if one.low is None or one.high is None:
        return replace(one, bands=bands)
    return replace(one, bands=bands, low=min(one.low, one.high), high=max(one.low, one.high))


class Respondent:
    """Draws the answers of one household: blanks, skips that are right, answers that contradict, and nonsense."""

    def __init__(self, choose: Chooser, book: Workbook, wild: bool) -> None:
        self.choose = choose
        self.book = book
        self.wild = wild
        #: How often this household leaves a question blank, of ten.
        self.blanks = choose.pick((0, 0, 0, 1, 3) if wild else (0, 1, 1, 3, 7))

    def household(self) -> Household:
        names = self.book.placed()
        unit = self.choose.pick((UNITS[0], UNITS[0], UNITS[1], UNITS[2], None, " ", f" {UNITS[0]} "))
        row: dict[str, Raw] = {}
        home = Household(unit, row, {})
        for name, placed in names.items():
            if placed.over == HOUSEHOLD:
                row[name] = self.answer(name, home, None)
        rows = {
            repeat: tuple(self.row(home, repeat) for _ in range(self.choose.between(0, 3)))
            for repeat in self.book.repeats()
        }
        return replace(home, rows=rows)

    def row(self, home: Household, repeat: str) -> Row:
        row: dict[str, Raw] = {}
        seen = replace(home, rows={repeat: (row,)})
        for name, placed in self.book.placed().items():
            if placed.over == repeat:
                row[name] = self.answer(name, seen, 0)
        return row

    def answer(self, name: str, home: Household, row: int | None) -> Raw:
        placed = self.book.placed()[name]
        if placed.relevants and Home(self.book, home, TODAY).skipped(name, row) and self.choose.between(0, 9):
            return None
        if self.choose.between(1, 10) <= self.blanks:
            return None
        raw: Raw = self.choose.pick(raws(placed.question, self.wild))
        return raw


def raws(question: Question, wild: bool) -> tuple[Raw, ...]:
    """Answers to a question, a few of them not of its list."""
    options = question.options
    if question.kind == "choice":
        return (*options * 3, f" {options[0]} ", " ", "bukan", options[0].upper() + "x")
    if question.kind == "choices":
        several = (
            " ".join(options),
            " ".join(options[::-1]),
            f"{options[0]} {options[0]}",
            f" {options[-1]}  {options[0]} ",
        )
        return (*options * 2, *several, "", "bukan", f"{options[0]} bukan")
    if question.kind == "text":
        return (*TEXTS, " a ", "  ", "")
    if question.kind == "date":
        return (*DAYS, TODAY)
    if question.kind == "integer":
        return (-3, 0, 0, 1, 1, 2, 3, 5, 10, 17, *((9999999999999, -9999999999999, 10**12, 3162278) if wild else ()))
    return tuple(Fraction(x) for x in (*DECIMALS, *(EXTREMES * 2 if wild else ())))


DECIMALS = ("0", "1", "1", "-1.5", "0.5", "2.25", "0.1", "0.333333333333", "-0.000000000001", "12")
EXTREMES = (
    "9999999999999.999999999999",
    "-9999999999999.999999999999",
    "0.000001",
    "0.0000005",
    "-0.0000015",
    "3162277.660168",
)


def facts(choose: Chooser, book: Workbook, by_unit: bool) -> tuple[Fact, ...]:
    """At most one fact an item, or a few marks where it is judged; now and then for a unit without households."""
    found: list[Fact] = []
    for unit in some(choose, (*UNITS, "36.72.02.1002"), 0, 3) if by_unit else [None]:
        for indicator in book.indicators:
            most = {"survey": 0, "judged": 3}.get(indicator.origin, 1)
            found += [_fact(choose, unit, indicator) for _ in range(choose.between(0, most))]
    return tuple(found)


def _fact(choose: Chooser, unit: str | None, indicator: Indicator) -> Fact:
    if indicator.rule == "options":
        return Fact(unit, indicator.name, option=choose.pick(tuple(indicator.options)))
    values = ("0", "1") if indicator.rule == "yes_no" else ("-1", "0", "0.25", "0.5", "0.799999999999", "1", "3", "250")
    return Fact(unit, indicator.name, value=Fraction(choose.pick(values)))


def some(choose: Chooser, options: Sequence[Any], fewest: int, most: int) -> list[Any]:
    """So many different ones of `options`."""
    left = list(options)
    for _ in range(len(left) - choose.between(fewest, most)):
        left.remove(choose.pick(left))
    return left
