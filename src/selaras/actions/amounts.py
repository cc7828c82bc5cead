"""Numbers, rupiah and days as Indonesian offices write them. Pure."""

import calendar
import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from selaras.odk.money import may_be_thousands

_TIMES: Final = {
    "ribu": 3, "rb": 3, "juta": 6, "jt": 6, "miliar": 9, "milyar": 9, "m": 9, "triliun": 12, "t": 12,
}  # fmt: skip
_MONTHS: Final = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8, "ags": 8, "aug": 8,
    "sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}  # fmt: skip
#: A day number of a spreadsheet that lost its format: 1 January 2000 to 31 December 2099.
_SERIAL = range(36526, 73051)


def rupiah(text: str) -> Decimal | None:
    """`Rp 1.250.000,-`, `1250000`, `Rp75 juta`, `1,5 miliar`; None where blank or a dash. Raises ValueError.

    So for what may have been meant a thousandfold: `250,375`, `750,5` (see `may_be_thousands`) and `1.250 juta`. What a
    sheet has reckoned, `187500000,3333`, is taken to the sen.
    """
    said = re.sub(r"(?i)^(rp|idr)\.?\s*", "", text.strip())
    said = re.sub(r",\s*(-+|–|=)\s*$", "", said)
    if said in {"", "-", "–"}:
        return None
    found = re.fullmatch(r"(?i)(-?[0-9.,\s]+?)\s*(ribu|rb|juta|jt|miliar|milyar|m|triliun|t)?\.?", said)
    if found is None:
        raise ValueError(text)
    times = _TIMES[found[2].lower()] if found[2] else 0
    if times:
        if re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{3})+", re.sub(r"\s", "", found[1])):
            # 1.250 juta: one and a quarter million, or a thousand times as much.
            raise ValueError(text)
        return _number(found[1], text, thousands=False).scaleb(times)
    amount = _number(found[1], text, thousands=True)
    whole, _sign, part = f"{amount.copy_abs():f}".partition(".")
    if may_be_thousands(int(whole), part):
        raise ValueError(text)
    return _to_the_sen(amount, text)


def _to_the_sen(amount: Decimal, text: str) -> Decimal:
    """What a sheet has reckoned, rounded half up; what is too large to be is no amount."""
    try:
        return amount if amount == amount.to_integral_value() else amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    except InvalidOperation as error:
        raise ValueError(text) from error


def number(text: str) -> Decimal | None:
    """`12`, `12,5`, `1.250`; None where blank or a dash. Raises ValueError."""
    said = text.strip()
    return None if said in {"", "-", "–"} else _number(said, text, True)


def _number(said: str, text: str, thousands: bool) -> Decimal:
    """A point before groups of three parts thousands (where there may be such), else it is the decimal sign."""
    plain = re.sub(r"\s", "", said)
    if re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", plain) and (plain.count(",") > 1 or "." in plain):
        plain = plain.replace(",", "")
    elif thousands and re.fullmatch(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?", plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?[0-9]+(,[0-9]+)?", plain):
        plain = plain.replace(",", ".")
    try:
        return Decimal(plain)
    except InvalidOperation as error:
        raise ValueError(text) from error


def day(text: str, year: int, *, last: bool = False) -> date | None:
    """`2024-10-31`, `31/10/2024`, `31 Oktober 2024`, `Oktober 2024`, `Oktober`; None where blank. Raises ValueError.

    Of a month alone its first day, or with `last` its last one; `year` where none is said.
    """
    said = text.strip().casefold()
    if said in {"", "-", "–"}:
        return None
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(t.*)?", said):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{2}|[0-9]{4})", said):
        return date(_year(found[3]), int(found[2]), int(found[1]))
    if said.isascii() and said.isdigit() and int(said) in _SERIAL:
        return date(1899, 12, 30) + timedelta(days=int(said))
    if found := re.fullmatch(r"(?:([0-9]{1,2})\s+)?([a-z]{3,9})\.?(?:[\s-]+([0-9]{4}))?", said):
        return _named(found, year, text, last=last)
    raise ValueError(text)


def _named(found: re.Match[str], year: int, text: str, *, last: bool) -> date:
    month = _MONTHS.get(found[2][:3])
    if month is None:
        raise ValueError(text)
    year = int(found[3]) if found[3] else year
    if found[1]:
        return date(year, month, int(found[1]))
    return date(year, month, calendar.monthrange(year, month)[1] if last else 1)


def _year(text: str) -> int:
    return int(text) if len(text) > 2 else 2000 + int(text)


def span(text: str, year: int) -> tuple[date | None, date | None]:
    """`April–Oktober 2024`, `1/4/2024 s.d. 31/10/2024`, or one day or month for both ends. Raises ValueError."""
    parts = re.split(r"\s*(?:–|—|\bs\s?[./]?\s?d\b\.?|\bsampai(?: dengan)?\b|\s-\s)\s*", text.strip(), maxsplit=1)
    if len(parts) == 1 and re.fullmatch(r"(?i)[a-z]+\s*-\s*[a-z]+(\s+[0-9]{4})?", parts[0]):
        parts = re.split(r"\s*-\s*", parts[0], maxsplit=1)
    said = re.search(r"[0-9]{4}", parts[-1])
    known = int(said[0]) if said else year
    return day(parts[0], known), day(parts[-1], known, last=True)
