"""What a new version of an instrument changes, in words: an official reads this before she publishes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from selaras.odk.forms import Field, Labels
from selaras.queries.spoken import language, rule_words, shown
from selaras.scoring.explain import lexicon_of
from selaras.scoring.expressions.words import condition, label_of
from selaras.scoring.instrument import Aspect, HouseholdClass, Indicator, Instrument
from selaras.scoring.numbers import indonesian

Kind = Literal["added", "removed", "changed"]
Thing = TypeVar("Thing")
Traits = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. `what` it is (an indicator, a question …), `trait` what of it changed ('' where the whole
    thing came or went), and how that read before and reads now."""

    kind: Kind
    what: str
    label: str
    trait: str = ""
    before: str = ""
    after: str = ""


def changes(old: Instrument, new: Instrument) -> tuple[Change, ...]:
    """Everything that differs for who answers or is scored, in the order of the workbook's sheets.

    Notes of authors (sources, evidence) and the version itself are left out.
    """
    return (
        *_whole(old, new),
        *_compared(_("Pertanyaan"), old, new, _questions, _question),
        *_compared(_("Golongan keluarga"), old, new, lambda one: one.classes, _class),
        *_compared(_("Aspek"), old, new, lambda one: one.aspects, _aspect),
        *_compared(_("Indikator"), old, new, lambda one: one.indicators, _indicator),
    )


def _whole(old: Instrument, new: Instrument) -> Iterator[Change]:
    traits = (
        (_("judul"), old.title, new.title),
        (_("nilai tertinggi"), indonesian(old.scale), indonesian(new.scale)),
    )
    for trait, before, after in traits:
        if before != after:
            yield Change("changed", _("Instrumen"), new.title, trait, before, after)


def _compared(
    what: str,
    old: Instrument,
    new: Instrument,
    things: Callable[[Instrument], Mapping[str, Thing]],
    traits_of: Callable[[Instrument, Thing], Traits],
) -> Iterator[Change]:
    """Things by name; the first trait is what it is called."""
    before, after = things(old), things(new)
    for name, thing in after.items():
        traits = dict(traits_of(new, thing))
        label = next(iter(traits.values())) or name
        if name not in before:
            yield Change("added", what, label, after=traits.get(_("aturan"), ""))
            continue
        earlier = dict(traits_of(old, before[name]))
        for trait, text in traits.items():
            if earlier[trait] != text:
                yield Change("changed", what, label, trait, earlier[trait], text)
    for name, thing in before.items():
        if name not in after:
            yield Change("removed", what, next(iter(traits_of(old, thing).values())) or name)


def _called(labels: Labels, instrument: Instrument, name: str) -> str:
    return label_of(shown(labels, instrument)) or name


# --- what is compared of each -----------------------------------------------------------------------------------------
def _questions(instrument: Instrument) -> Mapping[str, Field]:
    return {name: field for name, field in instrument.form.fields.items() if field.kind != "other"}


def _question(instrument: Instrument, field: Field) -> Traits:
    choices = instrument.form.lists.get(field.list_name or "", ())
    return {
        _("bunyi"): _called(field.labels, instrument, field.name),
        _("jenis jawaban"): field.type,
        _("pilihan"): ", ".join(_called(choice.labels, instrument, choice.name) for choice in choices),
        _("ditanyakan bila"): " and ".join(text for text, _cell in field.relevants),
        _("batas"): field.constraint,
        pgettext("pertanyaan", "wajib"): _("ya") if field.required else _("tidak"),
    }


def _class(instrument: Instrument, row: HouseholdClass) -> Traits:
    words = condition(row.expression.tree, lexicon_of(instrument, language()))
    return {_("sebutan"): _called(row.labels, instrument, row.name), _("aturan"): str(words)}


def _aspect(instrument: Instrument, aspect: Aspect) -> Traits:
    parent = instrument.aspects.get(aspect.parent or "")
    return {
        _("sebutan"): _called(aspect.labels, instrument, aspect.name),
        _("bobot"): indonesian(aspect.weight),
        _("bagian dari"): _called(parent.labels, instrument, parent.name) if parent else "",
    }


def _indicator(instrument: Instrument, indicator: Indicator) -> Traits:
    words = rule_words(instrument, indicator)
    aspect = instrument.aspects[indicator.aspect]
    return {
        _("sebutan"): _called(indicator.labels, instrument, indicator.name),
        _("aspek"): _called(aspect.labels, instrument, aspect.name),
        _("bobot"): indonesian(indicator.weight),
        _("asal nilai"): indicator.origin,
        _("aturan"): "\n".join(str(part) for part in (words.rule, *words.definitions)),
        _("dikecualikan"): str(words.skipped) if words.skipped else "",
        _("cara menilai"): str(words.points),
        _("jawaban kosong"): indicator.missing,
        _("paling sedikit"): str(indicator.min_n),
        _("OPD"): indicator.agency,
    }
