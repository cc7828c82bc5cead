"""Invented families for the demo: credible together, not only one answer at a time.

Three hidden numbers move everything about a family: means (money and house), schooling, and ties to the community.
Neighbours of one RT share part of them. So a family without a latrine is likelier to draw unsafe water, to earn less
and to lack papers, as in the surveys of poor families that the programme's documents describe; shares are of our own
choosing and describe no real place. Identity numbers cannot be anyone's: no province has the code 99, and the serial
0000 is never issued.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from selaras.management.demo import homes, people
from selaras.management.demo.names import name

Answers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Family:
    """One family as a cadre would send it: answers by survey field, blanks left out, one dict a member."""

    code: str
    answers: Answers
    members: tuple[Answers, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Leaning:
    """The hidden numbers, about standard normal: means, schooling, ties."""

    means: float
    schooling: float
    ties: float


def families(prefix: str, n: int, seed: int) -> list[Family]:
    """`n` families `PREFIX-001` …, the same for the same seed, spread over RT 1-5 of RW 1-2."""
    draw = random.Random(f"{prefix}-{seed}")  # noqa: S311  (synthetic data, nothing secret)
    streets = {(rw, rt): draw.gauss(0, 0.45) for rw in (1, 2) for rt in range(1, 6)}
    return [_family(draw, f"{prefix}-{i:03d}", i, streets) for i in range(1, n + 1)]


def chance(x: float) -> float:
    """The logistic curve: 0 → 0.5, 2 → 0.88."""
    return 1 / (1 + math.exp(-x))


def _family(draw: random.Random, code: str, number: int, streets: dict[tuple[int, int], float]) -> Family:
    rw, rt = draw.choice(sorted(streets))
    means = draw.gauss(0, 0.9) + streets[rw, rt]
    leaning = Leaning(means, 0.5 * means + draw.gauss(0, 0.85), 0.2 * means + draw.gauss(0, 0.95))
    household = people.household(draw)
    members = tuple(_members(draw, household, leaning, f"99{_six(code)[2:]}"))
    head = next(m for m in members if m["relation"] == "kepala")
    answers = {
        "visit_date": f"2024-02-{5 + number % 20:02d}",
        "consent": "ya",
        "kode_keluarga": code,
        "head_name": head["name"],
        "address": f"Lingkungan Contoh Blok {'ABCDE'[rt - 1]}{rw} No. {number}",
        "rw": f"{rw:02d}",
        "rt": f"{rt:02d}",
        "household_size": str(len(members)),
    }
    answers["has_kk"] = _yes(draw, 2.4 + 0.6 * leaning.schooling)
    if answers["has_kk"] == "ya":
        answers["kk"] = f"99{number:04d}{_six(code)}0000"
    if draw.random() < chance(1.2 + 0.8 * leaning.means):
        answers["phone"] = f"08000{_six(code)}"
    answers |= homes.health(draw, leaning.means, leaning.ties)
    answers |= homes.daily(draw, leaning.means, leaning.ties)
    answers |= homes.house(draw, leaning.means, len(members))
    answers |= homes.economy(draw, leaning.means, leaning.schooling, members)
    answers |= homes.voice(draw, leaning.schooling, leaning.ties, members)
    answers |= homes.protection(draw, leaning.schooling, leaning.ties, members)
    return Family(code, forgetful(draw, answers, homes.MAY_BE_BLANK), members)


def _six(code: str) -> str:
    prefix, _, number = code.partition("-")
    return f"{sum(map(ord, prefix)) % 1000:03d}{int(number):03d}"


def _yes(draw: random.Random, x: float) -> str:
    return "ya" if draw.random() < chance(x) else "tidak"


def forgetful(draw: random.Random, answers: Answers, blanks: dict[str, float]) -> Answers:
    """The answers as a cadre brings them home: some questions are left blank, more in a hurried visit."""
    hurry = 3.0 if draw.random() < 0.08 else 1.0
    return {name: value for name, value in answers.items() if draw.random() >= hurry * blanks.get(name, 0.004)}


def _members(draw: random.Random, household: list[people.Someone], leaning: Leaning, region: str) -> Iterator[Answers]:
    for position, someone in enumerate(household, start=1):
        answers = {
            "name": name(draw, woman=someone.woman, age=someone.years),
            "relation": someone.relation,
            "sex": "perempuan" if someone.woman else "laki_laki",
            "age_years": str(someone.years),
        }
        answers |= people.papers(draw, someone, leaning.schooling, region, position)
        answers |= people.learning(draw, someone, leaning.schooling, leaning.means)
        answers |= people.health(draw, someone, leaning.means, leaning.ties)
        yield forgetful(draw, answers, people.MAY_BE_BLANK)
