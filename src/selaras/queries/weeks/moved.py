"""Hasil: what most families came to have since the baseline, and what most of them lost, as everybody may read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from selaras.models import InstrumentVersion
from selaras.queries.change_pairs import Rounds, shifts, tells_few
from selaras.queries.needs import falling_indicators
from selaras.queries.weeks.figures import Moved
from selaras.queries.weeks.outcomes import Standing
from selaras.queries.weeks.subjects import labels_of
from selaras.scoring.change import Pairs
from selaras.scoring.instrument import Instrument


def moved(standings: Sequence[Standing], version: InstrumentVersion | None, instrument: Instrument | None) -> Moved:
    """The indicator that most families gained, and the one that most lost; two statements for each lokus.

    Of a lokus an indicator counts only where no group of one to four can be read from it.
    """
    if version is None or instrument is None:
        return Moved(gained=None, lost=None)
    found: dict[str, Pairs] = defaultdict(Pairs)
    for one in standings:
        if one.baseline is None:
            continue
        counted = shifts(Rounds(one.lokus, one.baseline, one.round), version, falling_indicators(version))
        for name, shift in counted.items():
            if name in instrument.indicators and not tells_few(shift):
                found[name] = _sum(found[name], shift.pairs)
    best = max(found, key=lambda name: found[name].gained, default=None)
    worst = max(found, key=lambda name: found[name].lost, default=None)
    said = Moved(gained=None, lost=None)
    if best is not None and found[best].gained:
        pairs = found[best]
        labels = labels_of(instrument.indicators[best], instrument)
        said["gained"] = {"labels": labels, "count": pairs.gained, "of": pairs.gained + pairs.lacking}
    if worst is not None and found[worst].lost:
        pairs = found[worst]
        labels = labels_of(instrument.indicators[worst], instrument)
        said["lost"] = {"labels": labels, "count": pairs.lost, "of": pairs.lost + pairs.kept}
    return said


def _sum(one: Pairs, two: Pairs) -> Pairs:
    return Pairs(one.kept + two.kept, one.gained + two.gained, one.lost + two.lost, one.lacking + two.lacking)
