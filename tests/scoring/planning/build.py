"""Random situations small enough to try every plan, and a plain way to try them all."""

import itertools
import random
from collections.abc import Iterator
from datetime import date, timedelta

from selaras.scoring.planning.situation import Action, Item, Purse, Situation

TODAY = date(2026, 6, 1)
ENDS = TODAY + timedelta(days=100)
Units = dict[tuple[str, str], int]


def day(number: int) -> date:
    """So many days after today."""
    return TODAY + timedelta(days=number)


def situation(items: list[Item], actions: list[Action], purses: list[Purse]) -> Situation:
    """Of today and a hundred days more."""
    return Situation(tuple(items), tuple(actions), tuple(purses), TODAY, ENDS)


def evenly(needs: int, points: int = 1) -> tuple[int, ...]:
    """Points that rise by the same with every need."""
    return tuple(points * count for count in range(needs + 1))


def random_situation(draw: random.Random, *, musts: bool = False) -> Situation:
    """Two to four items, two to four actions of two agencies, each agency with one to three purses and windows."""
    items = [_item(draw, f"i{index}", musts=musts) for index in range(draw.randint(2, 4))]
    purses = []
    for agency in ("A", "B"):
        for index in range(draw.randint(1, 3)):
            opens = draw.choice((-10, 0, 0, 20, 60))
            left = draw.choice((0, 3, 7, 12, 20, 35))
            purses.append(Purse(f"{agency}{index}", agency, left, day(opens), day(opens + draw.choice((15, 50, 120)))))
    actions = []
    for index in range(draw.randint(2, 4)):
        agency = draw.choice("AB")
        served = draw.sample(items, draw.randint(1, min(3, len(items))))
        most = draw.randint(1, 3)
        own = [purse.key for purse in purses if purse.agency == agency]
        actions.append(
            Action(
                key=f"a{index}",
                agency=agency,
                serves=tuple((item.key, draw.randint(1, 3)) for item in served),
                cost=draw.choice((0, 1, 2, 3, 5, 8)),
                most=most,
                least=draw.randint(0, most) if musts and draw.random() < 0.4 else 0,
                days=draw.choice((0, 10, 30, 45, 110)),
                purses=frozenset(draw.sample(own, draw.randint(1, len(own)))) if draw.random() < 0.3 else None,
            )
        )
    return situation(items, actions, purses)


def _item(draw: random.Random, key: str, *, musts: bool) -> Item:
    families = draw.random() < 0.8
    needs = draw.randint(0, 5) if families else 1
    gains = [0]
    for _ in range(needs):
        gains.append(gains[-1] + draw.choice((0, 0, 1, 3, 7)))
    least = draw.randint(0, needs + 1) if musts and draw.random() < 0.3 else 0
    return Item(key, needs, tuple(gains), families, least)


# --- every plan, one by one -------------------------------------------------------------------------------------------
def every_plan(this: Situation, without: tuple[str, str] | None = None) -> Iterator[Units]:
    """All units that keep the rules but that one, written from what the rules say and not from the product.

    Where an action's `most` is the rule left out, up to so many as any rule could want.
    """
    pairs, ranges = [], []
    for action in this.actions:
        for purse in this.purses:
            begins = max(this.today, purse.opens)
            open_long_enough = begins + timedelta(days=action.days) <= min(purse.closes, this.ends)
            allowed = action.purses is None or purse.key in action.purses
            if action.agency == purse.agency and allowed and open_long_enough:
                pairs.append((action, purse))
                most = max(action.most, 8) if without == ("most", action.key) else action.most
                ranges.append(range(most + 1))
    for counts in itertools.product(*ranges):
        if _is_kept(this, pairs, counts, without):
            yield {(a.key, p.key): n for (a, p), n in zip(pairs, counts, strict=True) if n}


def _is_kept(
    this: Situation, pairs: list[tuple[Action, Purse]], counts: tuple[int, ...], without: tuple[str, str] | None
) -> bool:
    for purse in this.purses:
        spent = sum(n * a.cost for (a, p), n in zip(pairs, counts, strict=True) if p.key == purse.key)
        if spent > purse.left and without != ("purse", purse.key):
            return False
    for action in this.actions:
        done = sum(n for (a, _p), n in zip(pairs, counts, strict=True) if a.key == action.key)
        if done < action.least and without != ("least", action.key):
            return False
        if done > action.most and without != ("most", action.key):
            return False
    for item in this.items:
        given = sum(n * dict(a.serves).get(item.key, 0) for (a, _p), n in zip(pairs, counts, strict=True))
        if min(given, item.needs) < item.least and without != ("wanted", item.key):
            return False
    return True


def worth(this: Situation, units: Units) -> tuple[int, int]:
    """(needs closed, points gained) of these units."""
    needs = points = 0
    for item in this.items:
        given = sum(
            n * reach for (key, _p), n in units.items() for a in this.actions if a.key == key
            for served, reach in a.serves if served == item.key
        )  # fmt: skip
        closed = min(given, item.needs)
        needs += closed if item.families else 0
        points += item.gains[closed]
    return needs, points
