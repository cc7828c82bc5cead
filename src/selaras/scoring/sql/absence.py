"""Missing or not applicable: why a value is unknown.

An unknown value is not applicable where it is `na()` itself or where every blank field that it uses was rightly
skipped (its `relevant`, or that of a group around it, is false as the phone sees it); else it is missing. With no
blank field at all (a division by zero, the mean of no rows) it is not applicable too: no answer is lacking.
"""

from typing import TYPE_CHECKING

from selaras.scoring.instrument import HOUSEHOLD
from selaras.scoring.sql import build
from selaras.scoring.sql.build import Sql
from selaras.scoring.sql.terms import Condition, Ref, Term, Use, merged

if TYPE_CHECKING:
    from selaras.scoring.sql.compiler import Compiler


def not_applicable(compiler: "Compiler", term: Term) -> Condition | None:
    """Where `term` is unknown and not applicable; None where that can never be."""
    unknown = build.is_null(compiler.known(term))
    skippable = any(compiler.instrument.relevants.get(use.field) for use in term.used)
    if not term.free and not skippable:
        return _either_na(term, unknown, None)
    if not term.free and len(term.used) == 1 and not (use := next(iter(term.used))).any_row:
        # The one field that it uses is blank wherever the value is unknown: only its skipping is left to ask.
        skipped = compiler.skipped(use.field)
        return _either_na(term, unknown, skipped)
    blanks = _missing_blanks(compiler, term.used)
    if not blanks:
        return Condition(unknown, term.refs)
    none = build.negated(build.either(*(blank.sql for blank in blanks)) or build.boolean(False))
    return _either_na(term, unknown, Condition(none, merged(blank.refs for blank in blanks)))


def _either_na(term: Term, unknown: Sql, excused: Condition | None) -> Condition | None:
    """`unknown`, and na() or `excused`."""
    reasons = [reason for reason in (term.na, excused) if reason is not None]
    if not reasons:
        return None
    met = build.either(*(reason.sql for reason in reasons))
    return Condition(build.both(unknown, met), term.refs | merged(reason.refs for reason in reasons))


def _missing_blanks(compiler: "Compiler", used: frozenset[Use]) -> list[Condition]:
    """Conditions under which a field of `used` is blank and was not rightly skipped."""
    found = [_missing(compiler, use.field) for use in sorted(used) if not use.any_row]
    for repeat in sorted({use.scope for use in used if use.any_row}):
        fields = frozenset(use.field for use in used if use.any_row and use.scope == repeat)
        ref = compiler.rows_missing(repeat, fields)
        found.append(Condition(build.coalesce(build.column(ref.name), build.boolean(False)), frozenset({ref})))
    return found


def _missing(compiler: "Compiler", field: str) -> Condition:
    owner = compiler.instrument.form.fields[field].repeat or HOUSEHOLD
    ref = compiler.stages.stored(owner, field)
    refs: frozenset[Ref] = frozenset({ref}) if ref else frozenset()
    blank = build.is_null(build.column(ref.name)) if ref else build.boolean(True)
    skipped = compiler.skipped(field)
    if skipped is None:
        return Condition(blank, refs)
    return Condition(build.both(blank, build.negated(skipped.sql)), refs | skipped.refs)


def rows_missing(compiler: "Compiler", repeat: str, fields: frozenset[str]) -> Ref:
    """A household's column: whether one of `fields` is blank and not rightly skipped in any row of `repeat`."""
    rows = [_missing(compiler, field) for field in sorted(fields)]
    met = build.either(*(row.sql for row in rows)) or build.boolean(False)
    refs = merged(row.refs for row in rows)
    return compiler.stages.add_aggregate(repeat, build.call("BOOL_OR", met), refs)
