"""What a plan is made of, in whole numbers, so that "equal" means equal: units, families, rupiah, thousandths."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

#: Points are counted in thousandths of a point of the total.
PART = 1_000


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is lacking in one place. `needs` families still lack it; a judged item lacks one thing.

    `gains[k]` are the points (in PART) that the total gains once k of them are closed: from 0, never falling, for it
    is never a gain to lower something. `least` must be closed whatever else. `families`: whether each is a family's
    need; else only its points count.
    """

    key: str
    needs: int
    gains: tuple[int, ...]
    families: bool = True
    least: int = 0

    def __post_init__(self) -> None:
        rising = all(before <= after for before, after in zip(self.gains, self.gains[1:], strict=False))
        if len(self.gains) != self.needs + 1 or self.gains[0] != 0 or not rising:
            raise ValueError(f"{self.key}: gains must rise from 0 over {self.needs} needs")
        if self.least < 0:
            raise ValueError(f"{self.key}: least is negative")


@dataclass(frozen=True, slots=True)
class Purse:
    """Rupiah that an agency has left of one fund, and the first and last day on which they can be spent."""

    key: str
    agency: str
    left: int
    opens: date
    closes: date


@dataclass(frozen=True, slots=True)
class Action:
    """What an agency can do: from `least` to `most` units of `cost` rupiah, `days` from the start until it is there.

    `serves`: item -> needs of it that one unit closes. `purses` may pay for it; all of its agency's where it is None.
    """

    key: str
    agency: str
    serves: tuple[tuple[str, int], ...]
    cost: int
    most: int
    least: int = 0
    days: int = 0
    purses: frozenset[str] | None = None

    def __post_init__(self) -> None:
        if self.cost < 0 or self.most < 0 or self.least < 0 or self.days < 0:
            raise ValueError(f"{self.key}: negative")
        if any(reach < 1 for _item, reach in self.serves):
            raise ValueError(f"{self.key}: an action closes needs, it opens none")


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that decides a plan. Equal situations have equal plans. `today` … `ends`: both may still be used."""

    items: tuple[Item, ...]
    actions: tuple[Action, ...]
    purses: tuple[Purse, ...]
    today: date
    ends: date

    def pays(self, action: Action, purse: Purse) -> bool:
        """Whether that purse may pay for it, and it is done in time when it begins as early as it can."""
        return self.may_pay(action, purse) and self.is_in_time(action, purse)

    def may_pay(self, action: Action, purse: Purse) -> bool:
        """Whether that purse may pay for it at all."""
        return action.agency == purse.agency and (action.purses is None or purse.key in action.purses)

    def is_in_time(self, action: Action, purse: Purse) -> bool:
        """Whether it is done before the purse closes and the programme ends."""
        return (min(purse.closes, self.ends) - max(self.today, purse.opens)).days >= action.days


#: Units of each action that each purse pays for.
Chosen = Mapping[tuple[str, str], int]


def closed_by(situation: Situation, chosen: Chosen) -> dict[str, int]:
    """Item -> how many of its needs those units close: none twice."""
    found = dict.fromkeys((item.key for item in situation.items), 0)
    serves = {action.key: action.serves for action in situation.actions}
    for (action, _purse), units in chosen.items():
        for item, reach in serves[action]:
            if item in found:
                found[item] += reach * units
    return {item.key: min(item.needs, found[item.key]) for item in situation.items}


def worth_of(situation: Situation, chosen: Chosen) -> tuple[int, int, int]:
    """(families' needs closed, points gained in PART, rupiah spent): the first two are better high, the last low."""
    closed = closed_by(situation, chosen)
    costs = {action.key: action.cost for action in situation.actions}
    return (
        sum(closed[item.key] for item in situation.items if item.families),
        sum(item.gains[closed[item.key]] for item in situation.items),
        sum(costs[action] * units for (action, _purse), units in chosen.items()),
    )
