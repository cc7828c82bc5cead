"""The exact plan: 300 items, 100 actions, 12 agencies with two or three purses each, solved with gap 0.

    python -m bench planning

Invented years as an office has them: thirty indicators of twelve agencies in ten loci; what an agency can do serves
one or two of its own indicators in one lokus, and one time in five another agency's beside. Points rise evenly, or
from a threshold on. Each year is another; nothing is kept between two of them.
"""

import random
import time
from datetime import date, timedelta
from statistics import median

from bench.table import Figure, show
from selaras.scoring.planning.situation import Action, Item, Purse, Situation
from selaras.scoring.planning.solving import plan_of

AGENCIES, INDICATORS, LOCI, ACTIONS = 12, 30, 10, 100
TODAY = date(2026, 6, 1)
#: Opens and closes, in days from today: of this year's budget, of the change of it, of what comes late.
WINDOWS = ((0, 60), (0, 150), (90, 180))
PROMISED = 1.0


def main(runs: int, _households: int) -> list[Figure]:
    """Seconds of the slowest year, and whether every plan was proved."""
    plan_of(year(0))
    seconds, worked, proved = [], [], True
    for seed in range(1, 2 * runs + 1):
        made = year(seed)
        begun, busy = time.perf_counter(), time.process_time()
        plan = plan_of(made)
        seconds.append(time.perf_counter() - begun)
        worked.append(time.process_time() - busy)
        proved &= plan.proved and plan.needs > 0
    size = f"{INDICATORS * LOCI} items × {ACTIONS} actions × {AGENCIES} agencies"
    figures = [
        Figure(size, f"{median(seconds):.2f} s", f"≤ {PROMISED:.0f} s", median(seconds) <= PROMISED),
        Figure("of it on the processor", f"{median(worked):.2f} s, at most {max(worked):.2f} s"),
        Figure(f"the slowest of {len(seconds)} years", f"{max(seconds):.2f} s"),
        Figure("every one proved, gap 0", "yes" if proved else "no", "yes", proved),
    ]
    show("The exact plan", figures)
    return figures


def year(seed: int) -> Situation:
    """An invented year."""
    draw = random.Random(seed)
    purses = [
        Purse(f"{agency}-{index}", str(agency), draw.randint(20, 900) * 1_000_000, _day(opens), _day(closes))
        for agency in range(AGENCIES)
        for index, (opens, closes) in enumerate(WINDOWS[: draw.choice((2, 3))])
    ]
    items = [item for indicator in range(INDICATORS) for item in _items(draw, indicator)]
    actions = [_action(draw, index) for index in range(ACTIONS)]
    return Situation(tuple(items), tuple(actions), tuple(purses), TODAY, _day(150))


def _day(number: int) -> date:
    return TODAY + timedelta(days=number)


def _items(draw: random.Random, indicator: int) -> list[Item]:
    rise, from_half = draw.randint(2, 40), draw.random() < 0.4
    found = []
    for lokus in range(LOCI):
        families = draw.random() < 0.9
        needs = draw.randint(1, 60) if families else 1
        begins = draw.randint(0, needs // 2) if from_half and families else 0
        gains = tuple(rise * max(0, closed - begins) for closed in range(needs + 1))
        found.append(Item(f"{indicator}@{lokus}", needs, gains, families))
    return found


def _action(draw: random.Random, index: int) -> Action:
    agency, lokus = index % AGENCIES, draw.randrange(LOCI)
    own = [indicator for indicator in range(INDICATORS) if indicator % AGENCIES == agency]
    served = set(draw.sample(own, min(len(own), draw.choice((1, 1, 2)))))
    if draw.random() < 0.2:
        served.add(draw.randrange(INDICATORS))
    return Action(
        key=f"a{index}",
        agency=str(agency),
        serves=tuple((f"{indicator}@{lokus}", draw.choice((1, 1, 1, 1, 2, 10, 30))) for indicator in sorted(served)),
        cost=draw.randint(1, 400) * draw.choice((50_000, 100_000, 250_000)),
        most=draw.choice((1, 5, 20, 60, 100)),
        days=draw.choice((7, 14, 30, 60, 120)),
    )
