"""What a person typed in a cell, as an answer of the form: numbers with an Indonesian comma, dates, choices by label.

An answer is what JSON can hold: whole numbers as int, all else as text (decimals too, so that no digit is lost).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as field_of
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from difflib import get_close_matches

from selaras.errors import Problem
from selaras.odk.forms import Choice, Field
from selaras.odk.money import HEAPED, amount_of, may_be_thousands, multiple_of, names_money

Answer = int | str | None

#: |x| < 10^13 with 12 places is what every engine carries exactly.
LIMIT = Decimal(10) ** 13
PLACES = 12
#: How much of a choice's label a message quotes.
LABEL = 40
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january",
            "februari feb february",
            "maret mar march",
            "april apr",
            "mei may",
            "juni jun june",
            "juli jul july",
            "agustus agu agt aug august",
            "september sep sept",
            "oktober okt oct october",
            "november nov nopember",
            "desember des dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?\Z")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?\Z")
_AMBIGUOUS = re.compile(r"[+-]?[0-9]{1,3}\.[0-9]{3}\Z")
#: A number as XML Schema writes it; JavaRosa sends a double of 10^7 and more, or below 10^-3, with an exponent.
_OF_XML = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?\Z")
_DAY_FIRST = re.compile(r"([0-9]{1,2}) ?[/.\- ] ?([0-9]{1,2}) ?[/.\- ] ?([0-9]{4}|[0-9]{2})\Z")
_WORDED = re.compile(r"([0-9]{1,2})[ \-/]*([A-Za-z]+)\.?[ \-/]*([0-9]{4}|[0-9]{2})\Z")
#: What spreadsheets count days from (they take 1900 for a leap year), and the serials that are dates of our time.
_SERIAL_ZERO = date(1899, 12, 30)
_SERIAL = re.compile(r"[1-6][0-9]{4}(\.[0-9]+)?\Z")
#: Of two figures for a year, those below are of this century: nobody who is asked was born before 1930.
_PIVOT = 30
#: Signs with which a sheet says "nothing here".
_NOTHING = frozenset({"-", "--", "---", "–", "—", "n/a", "#n/a", "na", "?", ".", "…"})
_YES = ("ya", "y", "yes", "iya", "v", "√", "✓", "✔", "☑", "ada", "sudah", "sdh", "punya", "1", "true", "benar")
_NO = (
    *("tidak", "t", "tdk", "tak", "no", "n", "x", "✗", "✘", "-", "–", "tidak ada", "tdk ada", "belum", "blm"),
    *("tidak punya", "0", "false", "salah"),
)
_MALE = ("l", "lk", "laki", "laki laki", "laki_laki", "laki2", "lelaki", "pria", "male")
_FEMALE = ("p", "pr", "perempuan", "wanita", "w", "female")
#: Kinds whose text may name or find a person: never kept with the answers that scores read.
PRIVATE_KINDS = frozenset({"text", "geo", "file"})


@dataclass(frozen=True, slots=True)
class Words:
    """A choice list by everything that says a choice: its name, and its labels in any language.

    `shown` are the choices as a person knows them, by name: `WC leher angsa (leher_angsa)`.
    """

    names: tuple[str, ...] = ()
    said: Mapping[str, str] = field_of(default_factory=dict)
    shown: Mapping[str, str] = field_of(default_factory=dict)


NO_WORDS = Words()


def is_private(field: Field) -> bool:
    """Whether what is answered is sealed: free text, places on a map, file names."""
    return field.kind in PRIVATE_KINDS


def answer_of(field: Field, words: Words, text: str, where: str = "") -> tuple[Answer, Problem | None]:
    """The answer that `text` (trimmed) gives to `field`, or None with the problem at `where`.

    `words` are those of the field's list. A blank is None without a problem. `1.234` is refused: it may be one
    thousand or one, but not where whole rupiah are asked; so is `1,234` where a whole number is asked, any fraction of
    money but `,00`, and `1.250.000` where millions of rupiah are asked. `1.234.567` and `3,5` are read as Indonesian,
    `750,5 rupiah` and `1250000 juta` as meant so.
    """
    if not text or field.kind == "other" or (text.casefold() in _NOTHING and text not in words.said):
        return None, None
    value, code = _read(field, words, text)
    if code is None:
        return value, None
    values = {"field": field.name, "names": _listed(words), "meant": _meant(text, words), "unit": multiple_of(field)}
    return None, Problem(code, where, values)


def sent_answer_of(field: Field, words: Words, text: str) -> tuple[Answer, Problem | None]:
    """As `answer_of`, of what a device wrote: there a point is always the decimal sign, so `3.125` is three and a bit.

    What a double carries beyond PLACES is rounded half up, as scores are.
    """
    if field.kind not in {"integer", "decimal"} or not _OF_XML.match(text):
        return answer_of(field, words, text)
    number = Decimal(text)
    if abs(number) < LIMIT and -number.as_tuple().exponent > PLACES:  # type: ignore[operator]
        number = number.quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_UP)
    value, code = _within(number, whole=field.kind == "integer")
    return value, None if code is None else Problem(code, values={"field": field.name, "names": "", "meant": ""})


def _read(field: Field, words: Words, text: str) -> tuple[Answer, str | None]:
    match field.kind:
        case "integer" | "decimal":
            return _number(field, text)
        case "date":
            day = date_of(text)
            return (day.isoformat(), None) if day else (None, "value.date")
        case "choice":
            return _choice(text, words)
        case "choices":
            return _choices(text, words)
        case "time" | "datetime":
            return _moment(text, field.kind)
    return text, None


def _number(field: Field, text: str) -> tuple[Answer, str | None]:
    unit, whole = multiple_of(field), field.kind == "integer"
    amount = amount_of(text, unit)
    money = not unit and (amount.marked or names_money(field))
    bare = amount.bare
    # Rupiah have no three decimals, and a whole number none at all: `1.250` can only be a thousand there.
    if _AMBIGUOUS.match(bare) and not (whole and money and bare.lstrip("+-")[0] != "0"):
        return None, "value.ambiguous"
    plain = _point(bare)
    if not _NUMBER.match(plain):
        return None, "value.integer" if whole else "value.decimal"
    if _is_parted(plain, whole=whole, money=money and not amount.sure):
        return None, "value.parted"
    number = Decimal(plain)
    value, code = _within(number, whole=whole)
    if code is None and unit and not amount.sure and abs(number) >= HEAPED:
        return None, "value.multiple"
    return value, code


def _point(bare: str) -> str:
    return (bare.replace(".", "") if _GROUPED.match(bare) else bare).replace(",", ".")


def number_of(bare: str) -> Decimal:
    """The number that `answer_of` asked about, of its `amount_of`."""
    return Decimal(_point(bare))


def _is_parted(plain: str, *, whole: bool, money: bool) -> bool:
    """Whether it was meant a thousandfold: in a whole number three figures behind a comma were, money or not."""
    figures, _sign, part = plain.lstrip("+-").partition(".")
    if whole:
        return len(part) == 3 and int(figures) != 0
    return money and may_be_thousands(int(figures), part)


def _within(number: Decimal, *, whole: bool) -> tuple[Answer, str | None]:
    if abs(number) >= LIMIT or -number.as_tuple().exponent > PLACES:  # type: ignore[operator]
        return None, "value.range"
    if whole and number != number.to_integral_value():
        return None, "value.integer"
    return (int(number), None) if whole else (f"{number:f}", None)


def date_of(text: str) -> date | None:
    """A date as it is written here: `3 Maret 1985`, `03/03/85`, `17-08-1990`, `Cilegon, 3-3-1985`, a serial, ISO."""
    text = text if text[:4].isdigit() else " ".join(text.rpartition(",")[2].split())
    try:
        if found := _DAY_FIRST.match(text):
            return date(_year(found[3]), int(found[2]), int(found[1]))
        if found := _WORDED.match(text):
            return date(_year(found[3]), _MONTHS.get(found[2].lower(), 0), int(found[1]))
        if _SERIAL.match(text):
            return _SERIAL_ZERO + timedelta(days=int(text.partition(".")[0]))
        return date.fromisoformat(text[:10]) if len(text) == 10 or text[10:11] in ("T", " ") else None
    except ValueError:
        return None


def _year(text: str) -> int:
    number = int(text)
    return number if len(text) == 4 else number + (2000 if number < _PIVOT else 1900)


def _moment(text: str, kind: str) -> tuple[Answer, str | None]:
    try:
        return (time.fromisoformat(text) if kind == "time" else datetime.fromisoformat(text)).isoformat(), None
    except ValueError:
        return None, f"value.{kind}"


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", text.casefold()).split())


def choice_shown(choice: Choice, language: str = "") -> str:
    """A choice as a person knows it: its label (of `language`, else the first), and its name where that says more."""
    label = " ".join((choice.labels.get(language) or next(iter(choice.labels.values()), "")).split())
    if not label or label.casefold() == choice.name.replace("_", " ").casefold():
        return label or choice.name
    return f"{label if len(label) <= LABEL else label[: LABEL - 1].rstrip() + '…'} ({choice.name})"


def words_of(choices: Sequence[Choice], language: str = "") -> Words:
    """The words of one list, shown in `language`; make them once for a whole file."""
    found: dict[str, set[str]] = {}
    for choice in choices:
        for word in {_plain(choice.name), *(_plain(label) for label in choice.labels.values())}:
            found.setdefault(word, set()).add(choice.name)
    names = tuple(choice.name for choice in choices)
    # A word that two choices share says neither; a name says itself.
    single = {word: next(iter(said)) for word, said in found.items() if len(said) == 1}
    shown = {choice.name: choice_shown(choice, language) for choice in choices}
    return Words(names, {**_usual(single), **single, **{name: name for name in names}}, shown)


def _usual(single: Mapping[str, str]) -> dict[str, str]:
    """Other words for yes and no, or for the sexes, where a list asks for them. The list's own words come first."""
    found: dict[str, str] = {}
    for one, other in ((_YES, _NO), (_MALE, _FEMALE)):
        sides = [next((single[word] for word in words if word in single), None) for words in (one, other)]
        if None in sides or sides[0] == sides[1]:
            continue
        for words, name in zip((one, other), sides, strict=True):
            found |= dict.fromkeys(words, str(name))
    return found


def _choice(text: str, words: Words) -> tuple[Answer, str | None]:
    name = words.said.get(text) or words.said.get(_plain(text))
    if name is not None:
        return name, None
    return None, "value.choice_near" if _meant(text, words) else "value.choice"


def _choices(text: str, words: Words) -> tuple[Answer, str | None]:
    parts = text.split()
    if not set(parts) <= set(words.names):
        parts = [part.strip() for part in re.split(r"[;,|\n]", text) if part.strip()]
    chosen: set[str] = set()
    for part in parts:
        name, code = _choice(part, words)
        if code is not None:
            return None, code
        chosen.add(str(name))
    # In the order of the list, each once, as the phone sends them.
    return " ".join(name for name in words.names if name in chosen) or None, None


def _listed(words: Words) -> str:
    return ", ".join(words.shown[name] for name in words.names[:8]) + (", …" if len(words.names) > 8 else "")


def _meant(text: str, words: Words) -> str:
    near = get_close_matches(_plain(text), words.said, n=1, cutoff=0.7)
    return words.shown[words.said[near[0]]] if near else ""
