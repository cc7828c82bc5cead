"""Which fields of the form a score needs: the others are never read."""

from collections.abc import Iterator

from selaras.scoring.expressions.tree import Node
from selaras.scoring.expressions.types import names_in, repeats_in
from selaras.scoring.instrument import Instrument


def used_fields(instrument: Instrument) -> tuple[str, ...]:
    """The fields that indicators and classes use, through calculations and `relevant` too, in the form's order."""
    found: set[str] = set()
    pending = list(_scored(instrument))
    while pending:
        for name in names_in(pending.pop()):
            if name in found:
                continue
            found.add(name)
            if name in instrument.calculations:
                pending.append(instrument.calculations[name].expression.tree)
            pending += [relevant.tree for relevant in instrument.relevants.get(name, ())]
    return tuple(name for name in instrument.form.fields if name in found)


def used_repeats(instrument: Instrument) -> tuple[str, ...]:
    """The repeats whose rows a score counts, in the form's order."""
    found = {indicator.over for indicator in instrument.indicators.values()}
    found |= {calculation.over for calculation in instrument.calculations.values()}
    trees = [*_scored(instrument), *(row.expression.tree for row in instrument.calculations.values())]
    trees += [row.tree for rows in instrument.relevants.values() for row in rows]
    for tree in trees:
        found.update(repeats_in(tree))
    found |= {instrument.form.fields[name].repeat or "" for name in used_fields(instrument)}
    return tuple(name for name in instrument.form.repeats if name in found)


def _scored(instrument: Instrument) -> Iterator[Node]:
    for indicator in instrument.indicators.values():
        for expression in (indicator.expression, indicator.applies_to):
            if expression is not None:
                yield expression.tree
    for row in instrument.classes.values():
        yield row.expression.tree
