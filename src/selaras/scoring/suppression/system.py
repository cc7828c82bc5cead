"""What is counted, what adds up to what, and when a withheld count is safe."""

from dataclasses import dataclass, field

#: A count below this is small. A server may ask for more, never for less.
LEAST = 5

#: (cell, factor) of each cell of a sum that is zero: a total stands with -1 beside its parts with 1.
Relation = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class System:
    """Counts by their number 0…n-1, and the sums between them that everybody knows.

    `silent` are never published and need no protection: what lies between two counts of which one is never more than
    the other. `unshown` are in no table either, but whoever reads two counts has them (a whole less its part), so they
    are protected as any other. `known` are out already, so that withholding them helps nobody. `weights` say how much
    is lost with each; 1 where there is none.
    """

    values: tuple[int, ...]
    relations: tuple[Relation, ...]
    silent: frozenset[int] = frozenset()
    known: frozenset[int] = frozenset()
    unshown: frozenset[int] = frozenset()
    weights: tuple[float, ...] = field(default=())
    #: The tables of one level, as an office would withhold them whole: where that loses less, we begin from it.
    tables: tuple[frozenset[int], ...] = field(default=())

    @property
    def cells(self) -> tuple[int, ...]:
        """The counts that may be published."""
        return tuple(cell for cell in range(len(self.values)) if cell not in self.silent)

    def small(self, threshold: int) -> frozenset[int]:
        """What must be withheld by itself: below the threshold. A zero too: it tells that nobody dared."""
        return frozenset(cell for cell in self.cells if self.values[cell] < threshold) - self.known

    def lost(self, withheld: frozenset[int]) -> int:
        """How many counts of tables are not to be read."""
        return len(withheld - self.unshown)


def broken(system: System) -> tuple[int, ...]:
    """The relations that do not add up, by their number; and a negative count breaks each relation it is in."""
    return tuple(
        number
        for number, relation in enumerate(system.relations)
        if sum(factor * system.values[cell] for cell, factor in relation) != 0
        or any(system.values[cell] < 0 for cell, _factor in relation)
    )


def protected(value: int, low: float, high: float, threshold: int, near: float = 1e-6) -> bool:
    """Whether a withheld count that may be anything from `low` to `high` says too little about `value`.

    A small one must be possible as nothing and as a count that would have been published; any other must stay
    uncertain by as much.
    """
    if value < threshold:
        return low <= near and high >= threshold - near
    return high - low >= threshold - near
