"""How long the law gives to answer somebody or to tell of a breach. Data: another country has another file."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("legal_clocks.toml")
#: Hours before its end from which a clock is near.
NEAR = 24


@dataclass(frozen=True, slots=True)
class Clock:
    """So many hours, by which article; `law` is False where the law names none and the hours are ours."""

    hours: int
    article: str
    law: bool

    def ends(self, begins: datetime) -> datetime:
        """Hours of the clock, not working days: 3 x 24 hours run through a holiday."""
        return begins + timedelta(hours=self.hours)


@lru_cache(maxsize=1)
def clocks() -> dict[str, Clock]:
    """Clock by kind: those of RequestKind, and `breach`."""
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {kind: Clock(said["hours"], said["article"], said["law"]) for kind, said in read.items()}


def hours_left(due: datetime, now: datetime) -> int:
    """Whole hours until then; negative once it is past."""
    return int((due - now).total_seconds() // 3600)
