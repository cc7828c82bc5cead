"""The rule of an indicator in plain words: what counts, what is left out, what blanks cost, how points follow."""

from dataclasses import dataclass
from decimal import Decimal

from selaras.odk.forms import Labels
from selaras.scoring.expressions.phrases import Language
from selaras.scoring.expressions.prose import Prose, Span, Spans, joined, phrase, plain, strong
from selaras.scoring.expressions.tree import Call, Name, Node
from selaras.scoring.expressions.types import names_in
from selaras.scoring.expressions.words import Lexicon, condition, is_condition, label_of, quantity
from selaras.scoring.instrument import HOUSEHOLD, Band, Expression, Indicator, Instrument
from selaras.scoring.numbers import indonesian
from selaras.scoring.workbook.names import field_symbols


@dataclass(frozen=True, slots=True)
class RuleWords:
    """`rule` is what counts; `skipped` when it does not apply, None where it always does; `definitions` the
    calculations that the rule names, each once; `points` how points follow; `notes` what blanks cost, how many
    must be known, weight and source."""

    rule: Prose
    skipped: Prose | None
    definitions: tuple[Prose, ...]
    points: Prose
    notes: tuple[Prose, ...]

    def __str__(self) -> str:
        """Plain text, a paragraph each."""
        parts = [self.rule, *([self.skipped] if self.skipped else []), *self.definitions, self.points, *self.notes]
        return "\n".join(str(part) for part in parts)


def shown(labels: Labels, instrument: Instrument, language: Language = "id") -> str:
    """The label in the wanted language, or in the form's default one; '' where there is none."""
    wanted = [key for key in labels if key.endswith(f"({language})")]
    return next((labels[key] for key in (*wanted, instrument.form.default_language) if labels.get(key)), "")


def lexicon_of(instrument: Instrument, language: Language = "id") -> Lexicon:
    """What the instrument's names are called: fields and calculations, choices, repeats, and their types."""
    form = instrument.form

    def said(labels: Labels, name: str) -> str:
        return label_of(shown(labels, instrument, language)) or name

    calculations = instrument.calculations
    lists = {
        name: {choice.name: said(choice.labels, choice.name) for choice in choices}
        for name, choices in form.lists.items()
    }
    return Lexicon(
        language,
        names={name: said(one.labels, name) for name, one in form.fields.items()}
        | {name: said(one.labels, name) for name, one in calculations.items()},
        options={name: lists.get(one.list_name, {}) for name, one in form.fields.items() if one.list_name},
        kinds={name: symbol.kind for name, symbol in field_symbols(form).items()}
        | {name: one.expression.kind for name, one in calculations.items()},
        repeats={name: _lowered(said(repeat.labels, name)) for name, repeat in form.repeats.items()},
        units={name: one.unit for name, one in calculations.items() if one.unit},
    )


def _lowered(label: str) -> str:
    """A label inside a sentence: `Anggota keluarga` begins small, `KWT` does not."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def over_words(instrument: Instrument, over: str, language: Language = "id") -> str:
    """What an indicator counts, in words: `keluarga`, or the label of its repeat."""
    if over == HOUSEHOLD:
        return _text(phrase(language, "household"))
    label = label_of(shown(instrument.form.repeats[over].labels, instrument, language))
    return _lowered(label or over)


def rule_words(instrument: Instrument, indicator: Indicator, language: Language = "id") -> RuleWords:
    """The whole rule of `indicator` in words, from the labels of fields and choices."""
    lexicon = lexicon_of(instrument, language)
    over = plain(over_words(instrument, indicator.over, language))
    skipped = None
    if indicator.applies_to is not None:
        applies = _tree(instrument, indicator.applies_to)
        skipped = _led("rule.skipped", condition(applies, lexicon, holds=False), language)
    return RuleWords(
        rule=_rule(instrument, indicator, lexicon, over),
        skipped=skipped,
        definitions=_definitions(instrument, indicator, lexicon),
        points=_points(instrument, indicator, language),
        notes=tuple(_notes(indicator, over, language)),
    )


def _led(key: str, prose: Prose, language: Language, *before: Spans) -> Prose:
    """A sentence whose last part is `prose`; it ends in a full stop unless a list follows."""
    spans = phrase(language, key, *before, prose.spans)
    return Prose(spans if prose.items else joined([*spans, Span(".")]), prose.items)


def _tree(instrument: Instrument, expression: Expression) -> Node:
    """The tree to say: where it only names a condition that is calculated, that condition itself.

    A number keeps its name, which says what is counted, and a list of cases its own line.
    """
    tree = expression.tree
    while isinstance(tree, Name) and tree.name in instrument.calculations:
        inner = instrument.calculations[tree.name].expression
        if inner.kind != "boolean" or (isinstance(inner.tree, Call) and inner.tree.function == "if"):
            break
        tree = inner.tree
    return tree


def _rule(instrument: Instrument, indicator: Indicator, lexicon: Lexicon, over: Spans) -> Prose:
    if indicator.expression is None:
        return Prose(joined([*phrase(lexicon.language, f"rule.{indicator.origin}"), Span(".")]))
    tree = _tree(instrument, indicator.expression)
    if is_condition(tree, lexicon):
        key, said = "rule.condition", condition(tree, lexicon)
        return (
            _led(key, said, lexicon.language)
            if indicator.over == HOUSEHOLD
            else _led("rule.each", said, lexicon.language, over)
        )
    said = quantity(tree, lexicon)
    if indicator.over == HOUSEHOLD:
        return _led("rule.quantity", said, lexicon.language)
    return _led("rule.quantity each", said, lexicon.language, over)


def _definitions(instrument: Instrument, indicator: Indicator, lexicon: Lexicon) -> tuple[Prose, ...]:
    """The calculations that the rule names, also through one another, those used first defined first."""
    said = [_tree(instrument, part) for part in (indicator.applies_to, indicator.expression) if part]
    waiting = [name for tree in said for name in names_in(tree)]
    found: dict[str, Prose] = {}
    while waiting:
        name = waiting.pop(0)
        calculation = instrument.calculations.get(name)
        if calculation is None or name in found:
            continue
        tree = calculation.expression.tree
        words = condition(tree, lexicon) if is_condition(tree, lexicon) else quantity(tree, lexicon)
        found[name] = _led("rule.defined", words, lexicon.language, plain(f"“{lexicon.names[name]}”"))
        waiting += names_in(tree)
    return tuple(found.values())


def _notes(indicator: Indicator, over: Spans, language: Language) -> list[Prose]:
    notes: list[Spans] = []
    if indicator.origin == "survey":
        notes.append(phrase(language, f"aggregate.{indicator.aggregate}", over))
        notes.append(phrase(language, f"missing.{indicator.missing}"))
        if indicator.min_n > 1:
            notes.append(phrase(language, "min_n", strong(_number(Decimal(indicator.min_n), language)), over))
    notes.append(phrase(language, "weight", strong(_number(indicator.weight, language))))
    if indicator.source:
        notes.append(phrase(language, "source", plain(indicator.source)))
    return [Prose(note) for note in notes]


# --- points -----------------------------------------------------------------------------------------------------
def _points(instrument: Instrument, indicator: Indicator, language: Language) -> Prose:
    if indicator.rule == "linear":
        ends = (measure(indicator, indicator.low, language), measure(indicator, indicator.high, language))
        return Prose(phrase(language, "points.linear", *(strong(end) for end in ends)))
    if indicator.rule == "yes_no":
        return Prose(phrase(language, "points.yes_no"))
    if indicator.rule == "options":
        items = [
            (label_of(shown(option.labels, instrument, language)) or option.name, option.points)
            for option in indicator.options
        ]
        return Prose(
            phrase(language, "points.options"),
            tuple(Prose((Span(f"{name}: "), *strong(_number(points, language)))) for name, points in items),
        )
    bands = tuple(Prose(band_words(indicator, band, language)) for band in indicator.bands)
    return Prose(phrase(language, "points.bands"), bands)


def band_words(indicator: Indicator, band: Band, language: Language = "id") -> Spans:
    """`40 % sampai kurang dari 60 %: 50`."""
    if band.low is None and band.high is None:
        key = "band.whole"
    elif band.low is None:
        key = "band.low"
    elif band.high is None:
        key = "band.high"
    else:
        highest = max((one.high for one in indicator.bands if one.high is not None), default=None)
        closed = all(one.high is not None for one in indicator.bands)
        key = "band.last" if closed and band.high == highest else "band"
    ends = (measure(indicator, band.low, language), measure(indicator, band.high, language))
    return phrase(language, key, *(plain(end) for end in ends), plain(_number(band.points, language)))


def measure(indicator: Indicator, value: Decimal | None, language: Language = "id") -> str:
    """A value of the indicator as a person reads it: a share as per cent, else with the indicator's unit."""
    if value is None:
        return ""
    if indicator.origin == "survey" and indicator.aggregate == "share":
        return f"{_number(value * 100, language)} %"
    return f"{_number(value, language)} {indicator.unit}".rstrip()


def _number(value: Decimal, language: Language) -> str:
    text = indonesian(value, 12)
    return text if language == "id" else text.translate(str.maketrans(".,", ",."))


def _text(spans: Spans) -> str:
    return "".join(span.text for span in spans)
