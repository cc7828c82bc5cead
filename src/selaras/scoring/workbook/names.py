"""The one namespace of a workbook: fields, calculations and repeats, with their types.

Types of fields: integer, decimal and range are numbers; date and today are dates; select_one is a choice of its
list, select_multiple and rank a set of it; everything else that holds an answer is text, date-times included:
they carry a phone's clock and zone, which no score should hang on. A `calculate` has the type of its calculation
where that is in our language and a number, a date or a copied question; else it is text. A condition is text too:
the phone writes it down as the word true or false.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from selaras.odk.forms import Field, FieldKind, Form
from selaras.scoring.expressions.findings import ExpressionError
from selaras.scoring.expressions.parser import parse
from selaras.scoring.expressions.tree import Name, Node
from selaras.scoring.expressions.types import Scope, Symbol, check, names_in
from selaras.scoring.instrument import HOUSEHOLD, Calculation, Expression, Kind
from selaras.scoring.workbook.report import Report

KINDS: Mapping[FieldKind, Kind] = {
    "integer": "number",
    "decimal": "number",
    "text": "text",
    "date": "date",
    "time": "text",
    "datetime": "text",
    "choice": "choice",
    "choices": "choices",
    "geo": "text",
    "file": "text",
}


def field_symbols(form: Form) -> dict[str, Symbol]:
    """Every field that holds an answer, as a symbol; notes hold none. The kind of a calculate is inferred."""
    symbols = {name: _symbol(form, one) for name, one in form.fields.items() if one.kind in KINDS}
    # A type that nobody knows fits anywhere: it is reported once, at its own cell.
    symbols |= {
        name: Symbol(name, "blank", one.repeat)
        for name, one in form.fields.items()
        if one.kind == "other" and one.type.split(" ", maxsplit=1)[0] not in ("note", "csv-external", "xml-external")
    }
    pending = {name: one for name, one in form.fields.items() if one.kind == "calculate"}
    known = {**symbols, **{name: Symbol(name, "text", one.repeat) for name, one in pending.items()}}
    trees = {name: _parsed(one.calculation) for name, one in pending.items()}
    for name in _by_use(trees):
        known[name] = _calculated(form, pending[name], trees[name], known)
    return known


def _symbol(form: Form, one: Field) -> Symbol:
    kind = KINDS[one.kind]
    if kind not in ("choice", "choices"):
        return Symbol(one.name, kind, one.repeat)
    choices = form.lists.get(one.list_name or "")
    if choices is None:
        return Symbol(one.name, "blank", one.repeat)
    return Symbol(one.name, kind, one.repeat, frozenset(choice.name for choice in choices))


def _parsed(text: str) -> Node | None:
    try:
        return parse(text)
    except ExpressionError:
        return None


def _by_use(trees: Mapping[str, Node | None]) -> list[str]:
    """Calculates in an order in which each comes after those that it uses; members of a circle in any order."""
    done: dict[str, None] = {}
    for start in trees:
        stack = [start]
        seen: set[str] = set()
        while stack:
            name = stack[-1]
            tree = trees[name]
            wanted = [used for used in (names_in(tree) if tree else ()) if used in trees and used not in done]
            wanted = [used for used in wanted if used not in seen]
            seen.add(name)
            if wanted:
                stack.append(wanted[0])
            else:
                done.setdefault(stack.pop())
    return list(done)


def _calculated(form: Form, one: Field, tree: Node | None, known: Mapping[str, Symbol]) -> Symbol:
    if tree is None:
        return Symbol(one.name, "text", one.repeat)
    if isinstance(tree, Name) and tree.name in known:
        return replace(known[tree.name], name=one.name, repeat=one.repeat)
    kind, findings = check(tree, Scope(known, frozenset(form.repeats), one.repeat or HOUSEHOLD))
    return Symbol(one.name, kind if kind in ("number", "date") and not findings else "text", one.repeat)


def with_typed_calculates(form: Form, symbols: Mapping[str, Symbol]) -> Form:
    """The form whose calculates have the kind of their value, so that answers are read and counted as such."""
    fields = {name: _typed(form, one, symbols[name]) for name, one in form.fields.items() if one.kind == "calculate"}
    return replace(form, fields={**form.fields, **fields})


def _typed(form: Form, one: Field, symbol: Symbol) -> Field:
    if symbol.kind in ("number", "date"):
        return replace(one, kind="decimal" if symbol.kind == "number" else "date")
    origin = _copied(form, one)
    if symbol.kind in ("choice", "choices") and origin is not None:
        return replace(one, kind=origin.kind, list_name=origin.list_name)
    return replace(one, kind="text")


def _copied(form: Form, one: Field) -> Field | None:
    """The question that a calculate copies, through other copies; None where it copies none."""
    seen: set[str] = set()
    while one.kind == "calculate" and one.name not in seen:
        seen.add(one.name)
        tree = _parsed(one.calculation)
        if not isinstance(tree, Name) or tree.name not in form.fields:
            return None
        one = form.fields[tree.name]
    return one


@dataclass(slots=True)
class Names:
    """What expressions may name, growing row by row as `calculations` is read.

    `taken` maps a lower-cased name to its cell. `blind`: there is no survey sheet, so no name can be judged.
    """

    report: Report
    symbols: dict[str, Symbol]
    repeats: frozenset[str]
    later: frozenset[str] = frozenset()
    taken: dict[str, str] = field(default_factory=dict)
    blind: bool = False

    def read(self, text: str, where: str, over: str, *, dot: Symbol | None = None) -> Expression | None:
        """Parse and check one cell. Every mistake goes to the report; None where there is one."""
        tree, sound = self.tree(text, where)
        expression = None if tree is None else self.checked(tree, text, where, over, dot=dot)
        return expression if sound else None

    def tree(self, text: str, where: str) -> tuple[Node | None, bool]:
        """Parse one cell; mistakes go to the report. The tree as far as it could be read, and whether it is sound."""
        if self.report.full or self.blind:
            return None, False
        try:
            return parse(text), True
        except ExpressionError as error:
            self.report.problems += [finding.at(where) for finding in error.findings]
            return error.tree, False

    def checked(self, tree: Node, text: str, where: str, over: str, *, dot: Symbol | None = None) -> Expression | None:
        """Check a parsed cell against the names; mistakes go to the report."""
        if self.report.full:
            return None
        kind, findings = check(tree, Scope(self.symbols, self.repeats, over, dot, self.later))
        self.report.problems += [finding.at(where) for finding in findings]
        return None if findings else Expression(text, tree, kind, where)

    def over(self, text: str, where: str) -> str | None:
        """HOUSEHOLD or a repeat's name; None where it is neither, which is reported."""
        if not text or text == HOUSEHOLD:
            return HOUSEHOLD
        if text in self.repeats:
            return text
        if self.blind:
            return None
        self.report.unknown("over.unknown", where, text, (HOUSEHOLD, *self.repeats))
        return None


def fields_used(trees: Iterable[Node], calculations: Mapping[str, Calculation]) -> tuple[str, ...]:
    """The fields that expressions use, through calculations and inside repeat functions too, in order of use."""
    found: dict[str, None] = {}
    waiting = [name for tree in trees for name in names_in(tree)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if name in calculations:
            waiting += names_in(calculations[name].expression.tree)
        else:
            found[name] = None
    return tuple(found)
