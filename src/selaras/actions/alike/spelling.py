"""Indonesian names and addresses as they can be compared: one form for all ways in which cadres write the same."""

import re
import unicodedata
from collections.abc import Iterable

#: What stands before or behind a name and is none of it.
TITLES = frozenset(
    "h hj hjh haji hajah kh ust ustad ustadz ustadzah ny nyonya tn tuan nn nona ibu bu bpk bapak pak sdr sdri alm almh "
    "almarhum almarhumah dr drs dra ir prof spd sag sh se st skm skep amd mpd msi mm ssos skom".split()
)
#: Short and other forms of parts of names, each to one.
SAME = {
    **dict.fromkeys(
        "m muh moh mhd mohd muhamad muhammad mohamad mohammad muchamad mochamad muhamat".split(), "muhamad"
    ),
    **dict.fromkeys("akhmad achmad akhmat ahmat".split(), "ahmad"),
    **dict.fromkeys("abd abdl abdoel".split(), "abdul"),
    **dict.fromkeys("sitti st".split(), "siti"),
    **dict.fromkeys("noor nor".split(), "nur"),
}
#: Words of an address that say what kind of way it is, or nothing.
WAYS = frozenset(
    "jl jln jalan gg gang lingk lingkungan link lk kp kampung kampong dusun dsn blok blk komplek kompleks komp perum "
    "perumahan no nomor nomer rt rw kel kelurahan desa kec kecamatan kota kab".split()
)
#: Spellings that sound alike, the old orthography first (Soewandi 1947, EYD 1972).
_SOUNDS: tuple[tuple[str, str], ...] = (
    ("oe", "u"),
    ("tj", "c"),
    ("dj", "j"),
    ("sj", "s"),
    ("sy", "s"),
    ("ch", "h"),
    ("kh", "h"),
    ("dh", "d"),
    ("th", "t"),
    ("ph", "f"),
    ("dz", "j"),
    ("ae", "ai"),
    ("v", "f"),
    ("z", "j"),
    ("q", "k"),
    ("x", "ks"),
    ("y", "i"),
)


def words(text: str) -> list[str]:
    """Its words in plain small letters: `Sa'adah, S.Pd.` -> `saadah`, `spd`."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    joined = re.sub(r"[^a-z0-9\s,/-]", "", plain)
    return re.findall(r"[a-z0-9]+", joined)


def name_parts(name: str) -> list[str]:
    """The parts of a name without titles, each in one form, in the order of the alphabet.

    `Hj. Siti Aminah` and `Aminah St` are the same; a title that is all there is stays.
    """
    found = re.findall(r"[a-z]+", " ".join(words(name)))
    kept = [SAME.get(word, word) for word in found if word == "st" or word not in TITLES]
    return sorted(word for word in kept if len(word) > 1) or sorted(found)


def sound(word: str) -> str:
    """How a part of a name sounds, roughly: its first letter and its consonants."""
    for written, said in _SOUNDS:
        word = word.replace(written, said)
    word = re.sub(r"(.)\1+", r"\1", word)
    return word[:1] + re.sub(r"[aeiouh]", "", word[1:])


def sounds(parts: Iterable[str]) -> str:
    """The same of a whole name."""
    return " ".join(sorted(sound(part) for part in parts))


def street_of(address: str) -> tuple[str, str]:
    """Name of the way and number of the house, '' for what it does not say: `Jl. Melati No. 12` -> melati, 12."""
    said = re.sub(r"\b(rt|rw)\W*\d+(\W*/\W*(rw\W*)?\d+)?", " ", address.casefold()).replace(".", " ")
    found = [word for word in words(said) if word not in WAYS]
    numbers = [word.lstrip("0") for word in found if re.fullmatch(r"\d+[a-z]?", word)]
    return " ".join(word for word in found if not re.fullmatch(r"\d+[a-z]?", word)), "".join(numbers[-1:])
