"""How offices write days, hours and counts in a letter: always in Indonesian, whatever the reader's language."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from selaras.queries.meetings import Clock

_MONTHS: Final = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
_DAYS: Final = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()
#: Characters that XML 1.0 forbids, which no paper needs either; tab and line break stay.
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
#: To be filled in by hand.
BLANK: Final = "…………………"


def day_name(day: date) -> str:
    """`Kamis`."""
    return _DAYS[day.weekday()]


def full_date(day: date) -> str:
    """`25 April 2024`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def hours(when: Clock) -> str:
    """`09.00–12.00 WIB`, or `09.00 WIB sampai dengan selesai`."""
    return f"{when.starts}–{when.ends} {when.zone}" if when.ends else f"{when.starts} {when.zone} sampai dengan selesai"


def plain(text: str) -> str:
    """The text without what no paper can show."""
    return _UNPRINTABLE.sub("", text)


def count(number: int) -> str:
    """`1.250`."""
    return f"{number:,}".replace(",", ".")
