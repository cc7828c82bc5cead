"""Money in questions and answers: which label asks for rupiah, for thousands or millions of it; which amounts may have
been meant a thousandfold. Pure. The browser that fills in forms is handed the same rule (`web/filling.py`)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from selaras.odk.forms import Field

_SIGN: Final = r"(?:rp|idr|rupiah)(?![a-z])\.?"
_TIMES: Final = (
    r"(?:ribu|ribuan|rb|juta|jutaan|jt|mil[iy]ar|mil[iy]aran|triliun|triliunan"
    r"|thousands?|millions?|billions?|trillions?)\b"
)
_NOUGHTS: Final = r"(?:1\.)?000(?:\.000)*"
_NAMED: Final = re.compile(rf"\b{_SIGN}", re.IGNORECASE)
#: `(juta rupiah)`, `dalam ribuan Rp`, `millions of rupiah`, `Rp juta`, `(Rp 000)`, `(× 1.000 rupiah)`.
_MULTIPLE: Final = re.compile(
    rf"\b{_TIMES}\s+(?:of\s+)?{_SIGN}|\b{_SIGN}\s*(?:dalam\s+|in\s+)?{_TIMES}"
    rf"|\(\s*(?:dalam\s+|in\s+)?[x×]?\s*(?:{_NOUGHTS}\s*{_SIGN}|{_SIGN}\s*{_NOUGHTS})\s*\)",
    re.IGNORECASE,
)
_UNITS: Final = (
    ("ribu|rb|thousand", "ribu"),
    ("juta|jt|million", "juta"),
    ("mil[iy]ar|billion", "miliar"),
    ("triliun|trillion", "triliun"),
)
#: What makes an amount of it, or says that it is not so: `2 juta rupiah`, `dua juta rupiah`, `bukan juta rupiah`.
_COUNTED: Final = re.compile(
    r"(?:[0-9]|\b(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|puluh|belas|ratus|setengah|beberapa"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|half|bukan|jangan|tidak|not)(?:\s+dalam|\s+in)?)\s*\Z",
    re.IGNORECASE,
)
#: Which amounts of rupiah are asked about, as `WHOLE,PART`: no noughts in front, behind the sign what was written.
#: `250.375` in an English spreadsheet is a number with three decimals and arrives with the comma of one; of
#: `750.500` it keeps `750,5`. What a sheet has reckoned has more figures before the sign, or more than three behind it.
#: Read by Python and by the browser alike.
PARTED: Final = r"^(?:[1-9][0-9]{0,5},000|[0-9]{1,3},[0-9]*[1-9][0-9]*|[0-9]{4,6},[0-9]{3})$"
_PARTED: Final = re.compile(PARTED)
#: `750,5 rupiah`: so it is meant.
SURE: Final = re.compile(r"([+-]?[0-9.]+(?:,[0-9]+)?)\s?rupiah\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Readings:
    """What an amount that is asked about may be: as people write it, and the first as it is typed."""

    thousands: str
    typed: str
    plain: str


def _said(field: Field) -> Iterator[str]:
    yield from field.labels.values()
    yield from field.hints.values()


def names_money(field: Field) -> bool:
    """Whether a label or a hint of it speaks of rupiah, whole, in thousands or in millions."""
    return any(_NAMED.search(said) for said in _said(field))


def in_multiples(field: Field) -> bool:
    """Whether it asks for thousands, millions or more of rupiah: there `750,5` is what it says."""
    return any(
        not _COUNTED.search(said[: found.start()]) for said in _said(field) for found in _MULTIPLE.finditer(said)
    )


def unit_of(title: str) -> str:
    """`ribu`, `juta`, `miliar` or `triliun` where the title of a column of money names that unit; '' for rupiah."""
    for found in re.finditer(rf"\b{_TIMES}", title, re.IGNORECASE):
        if not _COUNTED.search(title[: found.start()]):
            return next(unit for pattern, unit in _UNITS if re.match(pattern, found[0], re.IGNORECASE))
    noughts = _MULTIPLE.search(title)
    return _UNITS[noughts[0].count("000") - 1][1] if noughts and noughts[0].count("000") in range(1, 5) else ""


def in_rupiah(field: Field) -> bool:
    """Whether it asks for rupiah, one by one."""
    return names_money(field) and not in_multiples(field)


def may_be_thousands(whole: int, part: str) -> bool:
    """Whether rupiah with `part`, the figures behind its sign, may have been meant as thousands (`PARTED`)."""
    return bool(_PARTED.match(f"{whole},{part}"))


def readings(text: str) -> Readings:
    """Of `750,5` (or `750.5`): 750.500, typed 750500, or 750,5. `text` is one that is asked about."""
    sign = "-" if "-" in text else ""
    bare = re.sub(r"[^0-9.,]", "", text)
    whole, _sign, part = (bare.replace(".", "") if "," in bare else bare).replace(",", ".").partition(".")
    large = int(whole + part[:3].ljust(3, "0"))
    rest = part[3:].rstrip("0")
    behind = f",{rest}" if rest else ""
    return Readings(f"{sign}{_dotted(large)}{behind}", f"{sign}{large}{behind}", f"{sign}{_dotted(int(whole))},{part}")


def _dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")
