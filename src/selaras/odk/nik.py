"""What a NIK says of itself, and where that is not what is said beside it. Always a doubt, never an error.

A NIK keeps the code of the district that issued it, so whoever moved has another; regions were renamed and split; and
some were issued with a wrong birth date that only Dukcapil can put right.
Source: PP 37/2007 art. 37: PPKKCC of the district, DDMMYY of the birth with 40 added to a woman's day, a serial.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from lokal import parse_nik

#: How the numbers of declared synthetic data begin.
INVENTED = "99"
Doubt = Literal["shape", "region", "sex", "born"]


@dataclass(frozen=True, slots=True)
class NikSays:
    """`region` is the district where it was first issued, `36.72.05`; `born` is ISO; `sex` is P or L."""

    region: str
    born: str
    sex: str


def read_nik(number: str, *, today: date | None = None) -> NikSays | None:
    """None where it cannot be a NIK: other than 16 digits, no such province or day, serial 0000."""
    found = parse_nik(number, reference_date=today)
    if not found.valid or not found.birth_date or not found.gender:
        return None
    return NikSays(found.district_code or "", found.birth_date, found.gender)


def doubts(number: str, *, area: str, sex: str = "", born: str = "", today: date | None = None) -> tuple[Doubt, ...]:
    """What does not fit: to be a NIK at all (then nothing else), the city of `area`, `sex` (P or L) and `born` (ISO).

    What is '' is not compared; nothing where there is no number, and of an invented one: no province has the code 99.
    """
    if not number or number.startswith(INVENTED):
        return ()
    said = read_nik(number, today=today)
    if said is None:
        return ("shape",)
    found: list[Doubt] = []
    if area and said.region[:5] != area[:5]:
        found.append("region")
    if sex and sex != said.sex:
        found.append("sex")
    # The century is not in it: 1924 and 2024 are the same digits.
    if born and born[2:] != said.born[2:]:
        found.append("born")
    return tuple(found)
