"""What the country says: how SIMFONI's numbers look, and which clocks the law sets. Data: country.json."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Country:
    """`number` and `refused` are patterns of SIMFONI's numbers, `letters` the only words in them, at most `runs`; the
    clocks are what a hand-over is held to.

    `note`: how long after it something must be written down to be in time. `twin`: how far apart two tickets of one
    report were opened. `call_back`: how long whoever opened a ticket may take it back.
    """

    number: re.Pattern[str]
    refused: re.Pattern[str]
    letters: frozenset[str]
    runs: int
    example: str
    receipt: timedelta
    pass_on: timedelta
    follow_up_from: timedelta
    follow_up: timedelta
    follow_up_until: timedelta
    note: timedelta
    twin: timedelta
    call_back: timedelta

    def simfoni(self, text: str) -> str | None:
        """The number as it is kept; None where it is none, looks like a person's, or has letters of no office: whoever
        could choose them could write a name."""
        number = re.sub(r"\s", "", text).upper()
        digits = re.sub(r"[./-]", "", number)
        words = re.findall(r"[A-Z]+", number)
        known = self.letters | set(settings.SELARAS_CASES_LETTERS)
        fits = self.number.fullmatch(number) is not None and self.refused.search(digits) is None
        return number if fits and len(words) <= self.runs and known.issuperset(words) else None


@cache
def country() -> Country:
    """Read once."""
    said = json.loads((Path(__file__).parent / "country.json").read_text(encoding="utf-8"))
    number, clocks = said["simfoni"], said["clocks"]
    return Country(
        re.compile(number["pattern"]),
        re.compile(number["refused"]),
        frozenset(number["letters"]),
        number["runs"],
        number["example"],
        timedelta(hours=clocks["receipt_hours"]),
        timedelta(hours=clocks["pass_on_hours"]),
        timedelta(days=clocks["follow_up_from_days"]),
        timedelta(days=clocks["follow_up_days"]),
        timedelta(days=clocks["follow_up_until_days"]),
        timedelta(hours=clocks["note_hours"]),
        timedelta(hours=clocks["twin_hours"]),
        timedelta(hours=clocks["call_back_hours"]),
    )
