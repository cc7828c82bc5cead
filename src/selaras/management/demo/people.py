"""The members of an invented family: who lives together, their papers, schooling and health."""

import math
import random
from dataclasses import dataclass

Answers = dict[str, str]

#: How often a cadre comes home without this answer; what is not named is hardly ever blank.
MAY_BE_BLANK = {
    "name": 0.0,
    "relation": 0.0,
    "sex": 0.0,
    "age_years": 0.0,
    "nik": 0.05,
    "tb": 0.03,
    "hypertension": 0.05,
    "has_jkn": 0.02,
    "immunised": 0.06,
    "family_planning": 0.05,
    "can_read": 0.01,
}


@dataclass(frozen=True, slots=True)
class Someone:
    """One member before any answer: relation, sex, age in months, marital status ('' under ten)."""

    relation: str
    woman: bool
    months: int
    marital: str

    @property
    def years(self) -> int:
        """Age in whole years."""
        return self.months // 12


def _yes(draw: random.Random, x: float) -> str:
    return "ya" if draw.random() < 1 / (1 + math.exp(-x)) else "tidak"


def household(draw: random.Random) -> list[Someone]:
    """Who lives together: couples with children, women who head a family, the old, three generations."""
    kind = draw.random()
    if kind < 0.62:
        mother = draw.randint(21, 47)
        adults = _couple(draw, mother)
        return adults + _children(draw, mother, draw.choice((1, 1, 2, 2, 2, 3, 3, 4)))
    if kind < 0.78:
        mother = draw.randint(26, 62)
        head = Someone("kepala", True, _months(draw, mother), draw.choice(("cerai_mati", "cerai_mati", "cerai_hidup")))
        return [head, *_children(draw, mother, draw.choice((0, 1, 1, 2, 2, 3)))]
    if kind < 0.90:
        return _couple(draw, draw.randint(56, 74))[: draw.choice((1, 2, 2, 2))]
    mother = draw.randint(24, 40)
    adults = _couple(draw, mother)
    grandmother = Someone("orang_tua", True, _months(draw, mother + draw.randint(20, 30)), "cerai_mati")
    return [*adults, *_children(draw, mother, draw.choice((1, 2, 3))), grandmother]


def _couple(draw: random.Random, wife: int) -> list[Someone]:
    husband = min(80, wife + draw.choice((-1, 0, 1, 2, 3, 3, 4, 5, 8)))
    return [
        Someone("kepala", False, _months(draw, husband), "kawin"),
        Someone("pasangan", True, _months(draw, wife), "kawin"),
    ]


def _children(draw: random.Random, mother: int, count: int) -> list[Someone]:
    oldest = max(0, min(mother - draw.randint(19, 25), 24))
    ages = sorted((max(0, oldest - gap * draw.randint(2, 5)) for gap in range(count)), reverse=True)
    if ages and draw.random() < 0.22 and mother < 40:
        ages[-1] = 0
    return [_child(draw, age) for age in ages]


def _child(draw: random.Random, age: int) -> Someone:
    marital = "" if age < 10 else "belum_kawin"
    return Someone("anak", draw.random() < 0.49, _months(draw, age), marital)


def _months(draw: random.Random, years: int) -> int:
    return years * 12 + draw.randint(0, 11)


def papers(draw: random.Random, someone: Someone, schooling: float, region: str, position: int) -> Answers:
    """NIK, birth certificate, identity card. Small children and unschooled families lack them most."""
    answers: Answers = {}
    if someone.years < 5:
        answers["age_months"] = str(someone.months)
    if someone.years >= 10:
        answers["marital"] = someone.marital
    answers["has_nik"] = _yes(draw, (1.6 if someone.years < 2 else 3.6) + 0.5 * schooling)
    if answers["has_nik"] == "ya":
        day = draw.randint(1, 28) + (40 if someone.woman else 0)
        year = (2024 * 12 + 1 - someone.months) // 12 % 100
        # The month is the member's place in the family, so that twins do not share a number.
        answers["nik"] = f"{region}{day:02d}{position:02d}{year:02d}0000"
    if someone.years < 18:
        answers["has_birth_cert"] = _yes(draw, 1.4 + 0.7 * schooling + 0.04 * someone.years)
    if someone.years >= 17:
        answers["has_ktp"] = _yes(draw, (1.0 if someone.years < 19 else 3.2) + 0.4 * schooling)
    return answers


def learning(draw: random.Random, someone: Someone, schooling: float, means: float) -> Answers:
    """School, reading, work: grown-ups' reading falls with age, older children leave school where money is short."""
    answers: Answers = {}
    if 4 <= someone.years <= 18:
        age = someone.years
        leaning = (0.2 if age < 6 else 4.2 if age < 13 else 2.6 if age < 16 else 1.0) + 0.7 * schooling + 0.3 * means
        answers["in_school"] = _yes(draw, leaning)
    if someone.years >= 10:
        answers["can_read"] = _yes(draw, 4.0 + schooling - max(0, someone.years - 45) * 0.09)
        answers["works"] = _yes(draw, _work(someone, schooling))
    return answers


def _work(someone: Someone, schooling: float) -> float:
    if someone.years < 15:
        return -5.5
    if someone.years < 19:
        return -2.2 - 0.5 * schooling
    if someone.relation == "kepala":
        return 2.6 - max(0, someone.years - 58) * 0.25
    return (-0.9 if someone.woman else 1.2) + 0.3 * schooling - max(0, someone.years - 58) * 0.25


def health(draw: random.Random, someone: Someone, means: float, ties: float) -> Answers:
    """Insurance, smoking, lasting illness and its treatment, family planning, and small children's care."""
    answers = {"has_jkn": _yes(draw, 1.3 + 0.35 * ties + 0.2 * means)}
    years, months = someone.years, someone.months
    if years >= 10:
        answers["smokes"] = _yes(draw, (-4.5 if someone.woman else 0.7) - (3 if years < 16 else 0) - 0.25 * means)
    if years >= 15:
        answers["tb"] = _yes(draw, -4.4 - 0.4 * means)
        if answers["tb"] == "ya":
            answers["tb_treated"] = _yes(draw, 1.2 + 0.6 * ties)
        answers["hypertension"] = _yes(draw, -3.6 + 0.06 * max(0, years - 30))
        if answers["hypertension"] == "ya":
            answers["hypertension_treated"] = _yes(draw, -0.2 + 0.7 * ties)
    if someone.woman and someone.marital == "kawin" and 15 <= years <= 49:
        answers |= _planning(draw, years, ties)
    if years < 5:
        answers |= _small_child(draw, months, means, ties)
    return answers


def _planning(draw: random.Random, years: int, ties: float) -> Answers:
    uses = 1 / (1 + math.exp(-(0.5 + 0.4 * ties)))
    roll = draw.random()
    answer = "ya" if roll < uses else draw.choice(("ingin", "hamil", "tidak", "tidak"))
    return {"family_planning": answer, "living_children": str(min(6, max(0, (years - 19) // 6 + draw.randint(-1, 1))))}


def _small_child(draw: random.Random, months: int, means: float, ties: float) -> Answers:
    answers: Answers = {}
    if months < 12:
        answers["born_in_facility"] = _yes(draw, 1.9 + 0.6 * means)
    if 12 <= months <= 23:
        answers["immunised"] = _yes(draw, 0.7 + 0.8 * ties)
    if 7 <= months <= 23:
        answers["breastfed"] = _yes(draw, 0.4 + 0.5 * ties)
    if 2 <= months <= 59:
        answers["weighed"] = _yes(draw, 1.0 + 0.9 * ties - 0.02 * months)
    return answers
