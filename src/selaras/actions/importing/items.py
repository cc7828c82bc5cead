"""What a cell says to the registry: NIK and KK as sixteen digits, a phone with its zero, RT and RW in two figures."""

import re
from dataclasses import dataclass

from selaras.models.keys import digits
from selaras.models.places import neighbourhood

#: How a spreadsheet shows what it has rounded.
_ROUNDED = re.compile(r"[0-9]([.,][0-9]+)?[eE]\+?[0-9]+")
#: `3672054101000001.0`: a number that went through a program.
_FLOATING = re.compile(r"([0-9]{8,})[.,]0+\Z")
_BOTH = re.compile(r"(?:rt)?\W*(?P<rt>[0-9]{1,3})\W+(?:rw)?\W*(?P<rw>[0-9]{1,3})\W*\Z", re.IGNORECASE)
_BOTH_TURNED = re.compile(r"rw\W*(?P<rw>[0-9]{1,3})\W+rt\W*(?P<rt>[0-9]{1,3})\W*\Z", re.IGNORECASE)
_LONG = 16
_BLANK = frozenset(
    {"", "-", "--", "–", "—", "?", ".", "0", "n/a", "tidak ada", "tdk ada", "belum ada", "blm ada", "belum"}
)


@dataclass(frozen=True, slots=True)
class Said:
    """The values of one cell by registry item, and what is wrong with it: a problem's code, its level, a count."""

    values: dict[str, str]
    code: str = ""
    level: str = "warning"
    found: int = 0


def read_item(item: str, text: str) -> Said:
    """What `text` (trimmed) gives to `item`. A blank sign gives nothing."""
    if text.casefold() in _BLANK and item not in {"head_name", "name", "rw", "rt"}:
        return Said({})
    match item:
        case "nik" | "kk":
            return _number(item, text)
        case "phone":
            return Said({"phone": phone_of(text)} if digits(text) else {})
        case "rw" | "rt":
            return Said({item: neighbourhood_of(text)})
        case "rt_rw":
            return _both(text)
    return Said({item: " ".join(text.split())})


def _number(item: str, text: str) -> Said:
    """Sixteen digits, however they were spaced. A wrong length is kept and said; a rounded one is refused.

    A number that a spreadsheet took for a number has lost its zeros in front: 14 or 15 digits get them back.
    """
    if _ROUNDED.fullmatch(text):
        return Said({}, "import.number_lost", "error")
    if floating := _FLOATING.match(text):
        text = floating[1]
    number = digits(text)
    if not number:
        return Said({}, "import.digits")
    if _LONG - 2 <= len(number) < _LONG and number == text:
        return Said({item: number.zfill(_LONG)}, "import.zero_restored", found=len(number))
    return Said({item: number}, "" if len(number) == _LONG else "import.digits")


def phone_of(text: str) -> str:
    """As it is written, with the zero that a spreadsheet took away: `812…` -> `0812…`."""
    text = text.removesuffix(".0")
    return f"0{text}" if re.fullmatch(r"8[0-9]{7,11}", text) else text


def neighbourhood_of(text: str) -> str:
    """`RT 003` -> `03`, `7` -> `07`, `1.0` -> `01`; a name stays."""
    number = text.removesuffix(".0")
    return neighbourhood(number) if any(sign.isdigit() for sign in number) else text


def _both(text: str) -> Said:
    match = _BOTH_TURNED.match(text) or _BOTH.match(text)
    if match is None:
        return Said({}, "import.rt_rw")
    return Said({"rt": neighbourhood_of(match["rt"]), "rw": neighbourhood_of(match["rw"])})


def is_number(text: str) -> bool:
    """Whether a cell of a KK or NIK column says a number of a family, not what a footer says there."""
    return len(digits(text)) >= 10 and not re.match(r"nip\b", text, re.IGNORECASE)
