"""Invented registries in which some families stand twice, and it is known which.

Names, members and ages are those of the demo: few names for many families, as in a village. Numbers cannot be
anybody's. A family that stands twice was written down a second time by another hand: what that does to a name, an
address or a number is drawn here, and how often, so that it can be made worse. Besides, what is *not* twice but looks
so: two families in one house, brothers next door, namesakes in one RT.
"""

import random
from dataclasses import dataclass, field, replace

from selaras.actions.alike.comparing import Record
from selaras.management.demo import people
from selaras.management.demo.names import name

#: Families of a lokus, RW in it, RT in an RW.
LOKUS, RW, RT = 460, 5, 6
WAYS = "Melati Mawar Kenanga Anggrek Dahlia Cempaka Flamboyan Teratai Seruni Kamboja Merpati Kutilang".split()
KAMPUNGS = "Baru Sawah Tegal Pabuaran Cikuasa Kavling Jombang Kubang Sumur Lebak Pasir Gunung".split()


@dataclass(frozen=True)
class Hands:
    """How the second hand differs from the first, and how much is known at all: chances."""

    typo: float = 0.18
    swapped: float = 0.15
    titled: float = 0.15
    other_head: float = 0.08
    fewer_members: float = 0.25
    other_rt: float = 0.07
    no_nik: float = 0.30
    wrong_nik: float = 0.04
    no_kk: float = 0.25
    other_kk: float = 0.10
    no_phone: float = 0.45
    other_phone: float = 0.25
    no_birth: float = 0.20
    no_address: float = 0.10
    other_address: float = 0.25


@dataclass(frozen=True)
class Someone:
    """A member as written down."""

    name: str
    nik: str
    birth: str


@dataclass(frozen=True)
class House:
    """A family as written down; `truth` is which family it really is."""

    truth: int
    lokus: str
    rw: str
    rt: str
    address: str
    kk: str
    phone: str
    members: tuple[Someone, ...] = field(default_factory=tuple)


def registry(families: int, share: float, seed: int, hands: Hands | None = None) -> tuple[list[Record], list[int]]:
    """`families` and `share` of them once more: the records in random order, and which family each is."""
    draw, hands = random.Random(f"registry-{seed}"), hands or Hands()
    houses: list[House] = []
    while len(houses) < families:
        houses += _next(draw, len(houses), houses)
    houses = houses[:families]
    twice = draw.sample(houses, round(families * share))
    written = [_written(draw, house, hands, again=False) for house in houses]
    written += [_written(draw, house, hands, again=True) for house in twice]
    draw.shuffle(written)
    return [_record(number, house) for number, house in enumerate(written)], [house.truth for house in written]


def _next(draw: random.Random, number: int, known: list[House]) -> list[House]:
    """A new family; of a hundred three live in another's house and three are neighbours of one family name."""
    kind = draw.random()
    lokus = f"L{number // LOKUS:03d}"
    rw, rt = f"{draw.randint(1, RW):02d}", f"{draw.randint(1, RT):02d}"
    house = House(number, lokus, rw, rt, _address(draw), _digits(draw, "99", 16), _digits(draw, "08", 12))
    near = known[-1] if known and known[-1].lokus == lokus else None
    members = _members(draw, number)
    if near is not None and kind < 0.06:
        address = near.address if kind < 0.03 else house.address
        family = near.members[0].name.split()[-1]
        head = replace(members[0], name=f"{members[0].name.split()[0]} {family}")
        house = replace(house, rw=near.rw, rt=near.rt, address=address)
        return [replace(house, members=(head, *members[1:]))]
    return [replace(house, members=members)]


def _members(draw: random.Random, number: int) -> tuple[Someone, ...]:
    found = []
    for place, one in enumerate(people.household(draw)):
        birth = f"{2024 - one.years}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}{'P' if one.woman else 'L'}"
        found.append(Someone(name(draw, woman=one.woman, age=one.years), f"99{number:07d}{place:07d}", birth))
    return tuple(found)


def _address(draw: random.Random) -> str:
    if draw.random() < 0.5:
        return f"Kp. {draw.choice(KAMPUNGS)}"
    return f"Jl. {draw.choice(WAYS)} No. {draw.randint(1, 60)}"


def _digits(draw: random.Random, start: str, length: int) -> str:
    return start + "".join(draw.choice("0123456789") for _ in range(length - len(start)))


# --- as a hand writes it ----------------------------------------------------------------------------------------------
def _written(draw: random.Random, house: House, hands: Hands, *, again: bool) -> House:
    """What is left blank is so in either writing; what is written otherwise is so in the second."""
    members = [_someone(draw, one, hands, again=again) for one in house.members]
    kk = "" if draw.random() < hands.no_kk else house.kk
    phone = "" if draw.random() < hands.no_phone else house.phone
    address, rt = "" if draw.random() < hands.no_address else house.address, house.rt
    if again:
        if kk and draw.random() < hands.other_kk:
            kk = _digits(draw, "98", 16)
        if phone and draw.random() < hands.other_phone:
            phone = _digits(draw, "08", 12)
        if address and draw.random() < hands.other_address:
            address = _otherwise(draw, address)
        if draw.random() < hands.other_rt:
            rt = f"{draw.randint(1, RT):02d}"
        if len(members) > 1 and draw.random() < hands.other_head:
            members[0], members[1] = members[1], members[0]
        if len(members) > 2 and draw.random() < hands.fewer_members:
            members = members[: draw.randint(1, len(members) - 1)]
    return replace(house, members=tuple(members), kk=kk, phone=phone, address=address, rt=rt)


def _someone(draw: random.Random, one: Someone, hands: Hands, *, again: bool) -> Someone:
    nik = "" if draw.random() < hands.no_nik else one.nik
    birth = "" if draw.random() < hands.no_birth else one.birth
    if not again:
        return replace(one, nik=nik, birth=birth)
    if nik and draw.random() < hands.wrong_nik:
        nik = _digits(draw, "97", 16)
    parts = one.name.split()
    if len(parts) > 1 and draw.random() < hands.swapped:
        parts.reverse()
    while draw.random() < hands.typo:
        at = draw.randrange(len(parts))
        parts[at] = _typo(draw, parts[at])
    if draw.random() < hands.titled:
        parts.insert(0, draw.choice(("Hj.", "H.", "Ny.", "Ibu", "Bpk.", "Alm.")))
    return Someone(" ".join(parts), nik, birth)


def _typo(draw: random.Random, word: str) -> str:
    """A letter lost, doubled, changed for a neighbour, or two in the wrong order; or another spelling."""
    at, kind = draw.randrange(len(word)), draw.randrange(5)
    if kind == 0 and len(word) > 3:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + draw.choice("aeiouhnrt") + word[at + 1 :]
    if kind == 3 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for was, now in draw.sample((("u", "oe"), ("y", "i"), ("ae", "ai"), ("j", "dj"), ("f", "p"), ("kh", "h")), 6):
        if was in word:
            return word.replace(was, now, 1)
    return word[:at] + word[at + 1 :] if len(word) > 3 else word


def _otherwise(draw: random.Random, address: str) -> str:
    kind = draw.randrange(4)
    if kind == 0:
        return address.replace("Jl.", "Jalan").replace("Kp.", "Kampung").replace("No. ", "no ")
    if kind == 1:
        return address.partition(" No.")[0]
    if kind == 2:
        return _typo(draw, address)
    return _address(draw)


def _record(number: int, house: House) -> Record:
    return Record(
        id=number,
        lokus=house.lokus,
        rw=house.rw,
        rt=house.rt,
        head=house.members[0].name,
        others=tuple(one.name for one in house.members[1:]),
        address=house.address,
        kk=house.kk,
        phone=house.phone,
        niks=tuple(one.nik for one in house.members if one.nik),
        births=tuple(one.birth for one in house.members if one.birth),
    )
