"""Reaksi: what those who came said was useful, of activities that 5 and more answered about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from selaras.queries.matching import LIVE
from selaras.queries.reactions import Summary
from selaras.queries.weeks.figures import Heard
from selaras.queries.weeks.promises import Done, Promise
from selaras.queries.weeks.subjects import Subject


def heard(
    said: Mapping[int, Summary], done: Sequence[Done], promises: Sequence[Promise], subject: Subject | None
) -> Heard:
    """Of the activities that served a row's commitments; without one, of all. `said` is by activity."""
    ids = {one.id for one in promises if one.state in LIVE and subject and one.indicators & subject.indicators}
    own = [one.id for one in done if subject is None or one.commitments & ids]
    found = [said[each] for each in own if each in said]
    tallies = [one.useful for one in found if one.useful is not None]
    return Heard(
        activities=len(own),
        asked=sum(one.asked for one in found),
        people=sum(tally.n for tally in tallies) if tallies else None,
        useful=sum(tally.yes for tally in tallies) if tallies else None,
    )
