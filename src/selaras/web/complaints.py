"""Where complaints go: to the country's own channel, which knows who complains and owes her an answer.

There is no desk of ours: a second one would split what must be answered within the days of the law. Source: Perpres
76/2013 (complaints about public services), Permen PANRB 46/2020 (SP4N-LAPOR!).
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Channel:
    """Its name, where it is, and the number for a text message."""

    name: str
    url: str
    sms: str


CHANNEL: Final = Channel("SP4N-LAPOR!", "https://www.lapor.go.id/", "1708")
