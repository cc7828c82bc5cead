"""An instrument's words in the language of whoever reads: its author's English where there is some, else Indonesian."""

from __future__ import annotations

from django.utils.translation import get_language

from selaras.odk.forms import Labels
from selaras.scoring import explain
from selaras.scoring.explain import RuleWords
from selaras.scoring.expressions.phrases import Language
from selaras.scoring.instrument import Indicator, Instrument


def language() -> Language:
    """The language of the page being answered; Indonesian outside of one."""
    return "en" if get_language() == "en" else "id"


def shown(labels: Labels, instrument: Instrument) -> str:
    """The label for the reader, or in the form's default language; '' where there is none."""
    return explain.shown(labels, instrument, language())


def rule_words(instrument: Instrument, indicator: Indicator) -> RuleWords:
    """The whole rule of `indicator` in words."""
    return explain.rule_words(instrument, indicator, language())


def over_words(instrument: Instrument, over: str) -> str:
    """What an indicator counts, in words, as it stands after a number: `keluarga`, `households`."""
    word = explain.over_words(instrument, over, language())
    return word if language() == "id" or word.endswith("s") else f"{word}s"
