"""What a NIK says of itself: region, birth date and sex (PP KK CC DDMMYY SSSS, women's day + 40)."""

from dataclasses import dataclass
from datetime import date

from lokal import parse_nik


@dataclass(frozen=True, slots=True)
class NikSays:
    """`region` is the district where it was first issued, `36.72.05`; `born` is ISO; `sex` is P or L."""

    region: str
    born: str
    sex: str


def read_nik(number: str, *, today: date | None = None) -> NikSays | None:
    """None where it cannot be a NIK: other than 16 digits, no such day, serial 0000."""
    found = parse_nik(number, reference_date=today)
    if found.nik is None or not found.birth_date or not found.gender or found.serial == "0000":
        return None
    return NikSays(found.district_code or "", found.birth_date, found.gender)
