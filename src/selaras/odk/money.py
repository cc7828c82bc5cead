"""Money in questions and answers: which label asks for rupiah, for thousands or millions of it; which amounts may have
been meant a thousandfold, or as rupiah. Pure. The browser that fills in forms is handed the same rule
(`web/filling.py`)."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from selaras.odk.forms import Field

_SIGN: Final = r"(?:rp|idr|rupiah)(?![a-z])\.?"
#: Unit -> how it is written, also behind an amount.
_WRITTEN: Final = {
    "ribu": "ribu|ribuan|rb|thousands?",
    "juta": "juta|jutaan|jt|millions?",
    "miliar": "mil[iy]ar|mil[iy]aran|billions?",
    "triliun": "triliun|triliunan|trillions?",
}
#: Unit -> noughts of one of it.
NOUGHTS: Final = {"ribu": 3, "juta": 6, "miliar": 9, "triliun": 12}
_TIMES: Final = rf"(?:{'|'.join(_WRITTEN.values())})\b"
_GROUPS: Final = r"(?:1\.)?000(?:\.000)*(?:,-+)?"
_NAMED: Final = re.compile(rf"\b{_SIGN}", re.IGNORECASE)
_UNIT: Final = re.compile(rf"\b{_TIMES}", re.IGNORECASE)
#: `(juta rupiah)`, `dalam ribuan Rp`, `millions of rupiah`, `Rp juta`, `(Rp 000)`, `(× 1.000 rupiah)`.
_MULTIPLE: Final = re.compile(
    rf"\b{_TIMES}\s+(?:of\s+)?{_SIGN}|\b{_SIGN}\s*(?:dalam\s+|dlm\s+|in\s+)?{_TIMES}"
    rf"|\(\s*(?:dalam\s+|in\s+)?[x×]?\s*(?:{_GROUPS}\s*{_SIGN}|{_SIGN}\s*{_GROUPS})\s*\)",
    re.IGNORECASE,
)
#: What makes an amount of it: `2 juta rupiah`, `seratus ribu rupiah`, `hundreds of thousands of rupiah`.
_COUNTED: Final = re.compile(
    r"(?:[0-9]|\b(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|(?:se)?(?:puluh|belas|ratus)(?:an)?|setengah"
    r"|beberapa|one|two|three|four|five|six|seven|eight|nine|tens?|hundreds?|half|a|few|several)(?:\s+of|\s+a)?)\s*\Z",
    re.IGNORECASE,
)
#: `Pagu 2025 juta rupiah`: of that year, unless a sign of money stands before it.
_YEAR: Final = re.compile(r"(?<![0-9.,])20(?:0[1-9]|[1-4][0-9])(?![0-9.,]*[0-9])", re.IGNORECASE)
_OF_YEAR: Final = re.compile(rf"{_YEAR.pattern}\s*\Z")
_PRICED: Final = re.compile(rf"\b{_SIGN}\s*[0-9]+\s*\Z", re.IGNORECASE)
#: `tidak ditulis dalam ribuan rupiah`: from a no to the unit, words of writing and other units alone.
_NO: Final = re.compile(
    r"(?:bukan|jangan)(?:lah)?|tidak|tak|tanpa|tdk|jgn|bkn|not|never|don['’]?t|without", re.IGNORECASE
)
_LISTED: Final = re.compile(rf"(?:atau|dan|maupun|ataupun|or|nor|and|{_SIGN}|{_TIMES})", re.IGNORECASE)
_OF_WRITING: Final = re.compile(
    r"dalam|dlm|in|into|of|to|as|ke|sebagai|menjadi|dengan|per|satuan|bentuk|angka|nilai|kelipatan|hitungan|perlu|usah|boleh"
    r"|harus|lagi|hanya|be|diisi|isi|isikan|mengisi"
    r"|(?:di|me\w{0,4})?(?:t?ulis|nyata|bulat|hitung|s?ingkat|catat|guna|p?akai|k?etik|masuk|s?ebut|ubah|ganti|t?ampil|saji"
    r"|kali|bagi)(?:kan|i)?|(?:round|write|writt|express|enter|stat|given?|us(?:e|ing)\b)\w*",
    re.IGNORECASE,
)
#: Numbers in the title of a column: `000`, `1.000.000`, `1 000`.
_FIGURES: Final = re.compile(r"[0-9]+(?:[., ][0-9]+)*")
#: Behind figures in a title, what leaves them the unit; of `1.000 penduduk` they are none.
_ANOTHER: Final = re.compile(rf"\s*(?!{_SIGN}|{_TIMES}|(?:dalam|dlm|in|penuh)\b)[^\W\d_]", re.IGNORECASE)
#: The end of a title, its words parted by blanks, that says its unit: `unit_of` knows each multiple in it or says None.
#: A blank stands before a word alone: a cell of forty `000` is read in one way, not in a million millions.
UNIT_AT_END: Final = re.compile(
    rf"(?: (?:dalam|dlm|penuh|in|of|{_TIMES}|(?:rp|idr|rupiah)1?(?:000)*|1(?= 000)|1?(?:000)+))+$", re.IGNORECASE
)
#: Which amounts of rupiah are asked about, as `WHOLE,PART`: no noughts in front, behind the sign what was written.
#: `250.375` in an English spreadsheet is a number with three decimals and arrives with the comma of one; of
#: `750.500` it keeps `750,5`. What a sheet has reckoned has more figures before the sign, or more than three behind it.
#: This pattern and those below are read by Python and by the browser alike, capitals or not.
PARTED: Final = r"^(?:[1-9][0-9]{0,5},000|[0-9]{1,3},[0-9]*[1-9][0-9]*|[0-9]{4,6},[0-9]{3})$"
#: A blank inside of a number: `750 000`, `750 ,5`.
GAP: Final = r"([0-9.,]) +(?=[0-9.,])"
#: `Rp 1.250.000,-`: money, whose points part thousands whatever they look like.
MARKED: Final = r"^(?:rp\.?|idr) ?([0-9.]+(?:,[0-9]+)?)(?:,-+)?$|^([0-9.]+),-+$"
#: `750,5 rupiah`: so it is meant.
SURE: Final = r"^([+-]?[0-9.]+(?:,[0-9]+)?) ?rupiah$"
#: `36 m2`, `4 orang`: a number and its unit.
COUNTED: Final = (
    r"^([+-]?[0-9][0-9.,]*) ?(?:m2|m²|m\^2|meter|m|orang|org|jiwa|anak|kali|hari|tahun|thn|th|bulan|bln|kg|cm|unit|%)$"
)
#: Unit -> `1250000 juta rupiah` in a question of that unit: so it is meant.
OWN: Final = {unit: rf"^(.*[0-9,-]) ?(?:{words})(?: ?(?:rp|idr|rupiah)\.?)?$" for unit, words in _WRITTEN.items()}
#: From a million of thousands, millions … on, an amount is asked about: so whole rupiah are written out, and a million
#: thousands are a miliar, a million millions a triliun, which people call so.
HEAPED: Final = 1_000_000
_PARTED, _GAP, _MARKED, _SURE, _WITH_UNIT = (
    re.compile(pattern, re.IGNORECASE) for pattern in (PARTED, GAP, MARKED, SURE, COUNTED)
)
_OWN: Final = {unit: re.compile(pattern, re.IGNORECASE) for unit, pattern in OWN.items()}
#: Points that part the thousands of what says it is rupiah, all of them or some: `1001.000`; of `0.125` it is none.
_THOUSANDS: Final = re.compile(r"[1-9][0-9]*(\.[0-9]{3})+\Z")


@dataclass(frozen=True, slots=True)
class Readings:
    """What an amount that is asked about may be: as people write it, and the first as it is typed."""

    thousands: str
    typed: str
    plain: str


@dataclass(frozen=True, slots=True)
class Heap:
    """An amount of `unit` that may be rupiah: as people write it, and what is typed where it is rupiah."""

    plain: str
    unit: str
    typed: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A text without unit, blanks and sign of money. `marked`: it had that sign; `sure`: its unit stood behind it."""

    bare: str
    marked: bool
    sure: bool


def _said(field: Field) -> tuple[str, ...]:
    return (*field.labels.values(), *field.hints.values())


def names_money(field: Field) -> bool:
    """Whether a label or a hint of it speaks of rupiah, whole, in thousands or in millions."""
    return any(_NAMED.search(said) for said in _said(field))


def multiple_of(field: Field) -> str:
    """`ribu`, `juta`, `miliar` or `triliun` where a label or a hint asks for so many rupiah; '' elsewhere."""
    return _multiple(_said(field))


@lru_cache(maxsize=1024)
def _multiple(texts: tuple[str, ...]) -> str:
    """Asked for every cell of a column."""
    for said in texts:
        for found in _MULTIPLE.finditer(said):
            before = said[: found.start()]
            if not _denied(before) and not _is_counted(before):
                return _named_in(found[0])
    return ""


def in_multiples(field: Field) -> bool:
    """Whether it asks for thousands, millions or more of rupiah: there `750,5` is what it says."""
    return bool(multiple_of(field))


def _named_in(said: str) -> str:
    """The unit that a few words name, or noughts in groups of three."""
    if word := _UNIT.search(said):
        return next(unit for unit, words in _WRITTEN.items() if re.fullmatch(words, word[0], re.IGNORECASE))
    groups = re.sub(r"[^0-9]", "", said).count("000")
    return next((unit for unit, noughts in NOUGHTS.items() if noughts == groups * 3), "")


def _is_counted(before: str) -> bool:
    of_year = _OF_YEAR.search(before) and not _PRICED.search(before)
    return not of_year and bool(_COUNTED.search(before))


def _denied(before: str) -> bool:
    """Whether the words before a unit say that it is not so. `lupa` in `jangan lupa tulis` ends that; so does a comma,
    but in a list of units."""
    clause = re.split(r"[.;:!?()\[\]–—\n]", re.sub(r"(?i)\brp\.", "rp", before))[-1]
    listed = True
    for word in reversed(clause.replace(",", " , ").replace("/", " ").split()):
        if _NO.fullmatch(word):
            return True
        if word == ",":
            if not listed:
                return False
        elif not _LISTED.fullmatch(word):
            listed = False
            if not _OF_WRITING.fullmatch(word):
                return False
    return False


def unit_of(title: str) -> str | None:
    """`ribu`, `juta`, `miliar` or `triliun` where the title of a column of money names that unit; '' for rupiah.

    None where it names one that is none of these, or two: `ratusan ribu`, `Rp 10.000`.
    """
    said = _YEAR.sub(" ", title.replace("_", " "))
    found = set[str | None]()
    for word in _UNIT.finditer(said):
        before = said[: word.start()]
        if not _denied(before):
            found.add(None if _COUNTED.search(before) else _named_in(word[0]))
    for figures in _FIGURES.finditer(said):
        digits = re.sub(r"[^0-9]", "", figures[0])
        if digits.endswith("000") and not _ANOTHER.match(said, figures.end()) and not _denied(said[: figures.start()]):
            found.add((_named_in(digits) if re.fullmatch(r"1?(?:000)+", digits) else "") or None)
    return found.pop() if len(found) == 1 else None if found else ""


def in_rupiah(field: Field) -> bool:
    """Whether it asks for rupiah, one by one."""
    return names_money(field) and not in_multiples(field)


def amount_of(text: str, unit: str = "") -> Amount:
    """A number without unit, blanks and the sign of money. `Rp 1.250` is a thousand: rupiah have no three decimals; of
    `unit`, millions as it may be, it is a thousand or one, and `1.250 rupiah` none."""
    said = _GAP.sub(r"\1", text.replace("\u00a0", " ").strip())
    own = _OWN[unit].match(said) if unit else None
    said = own[1] if own else said
    marked, sure = _MARKED.match(said), None if unit else _SURE.match(said)
    if found := marked or sure:
        amount: str = next(filter(None, found.groups()))
        whole, comma, rest = amount.partition(",")
        bare = (whole.replace(".", "") if not unit and _THOUSANDS.match(whole) else whole) + comma + rest
    else:
        counted = _WITH_UNIT.match(said)
        bare = (counted[1] if counted else said).replace(" ", "")
    return Amount(bare, marked=bool(marked), sure=bool(own or sure))


def may_be_thousands(whole: int, part: str) -> bool:
    """Whether rupiah with `part`, the figures behind its sign, may have been meant as thousands (`PARTED`)."""
    return bool(_PARTED.match(f"{whole},{part}"))


def readings(bare: str) -> Readings:
    """Of `750,5` (or `750.5`): 750.500, typed 750500, or 750,5. `bare` is the number of one that is asked about."""
    sign = "-" if bare.startswith("-") else ""
    figures = bare.lstrip("+-")
    whole, _sign, part = (figures.replace(".", "") if "," in figures else figures).replace(",", ".").partition(".")
    large = int(whole + part[:3].ljust(3, "0"))
    rest = part[3:].rstrip("0")
    behind = f",{rest}" if rest else ""
    return Readings(f"{sign}{_dotted(large)}{behind}", f"{sign}{large}{behind}", f"{sign}{_dotted(int(whole))},{part}")


def heap_of(number: Decimal, unit: str, *, whole: bool) -> Heap:
    """Of 1250000 in a question of `juta`: 1.250.000, and typed 1,25; where whole numbers are asked, the nearest one."""
    one = number.scaleb(-NOUGHTS[unit])
    typed = one.quantize(Decimal(1), ROUND_HALF_UP) if whole else one.normalize()
    figures, _sign, part = f"{number:f}".partition(".")
    part = part.rstrip("0")
    plain = _dotted(int(figures)) + (f",{part}" if part else "")
    return Heap(plain, unit, f"{typed:f}".replace(".", ","))


def _dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")
