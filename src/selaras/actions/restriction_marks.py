"""The register of families that are used no further by name, and by what it knows one that comes in anew.

Ids find a family that a restored backup knows. One that no backup knows comes in anew under another id: its line keeps
fingerprints of its numbers too, of which nobody tells anything without the server's key, and which are another for each
year of a programme. They are gone as soon as the restriction ends or the family is erased.
Source: UU 27/2022 art. 11 (restriction), 16 (no more is kept than the purpose needs).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from re import fullmatch
from typing import Any, Final
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from selaras.actions.importing.registry import likeness_of
from selaras.actions.registers import Register
from selaras.models import (
    CannotUnsealError,
    Erasure,
    Household,
    Person,
    RequestKind,
    RightsRequest,
    SearchHashes,
    sealing,
)


@dataclass(frozen=True, slots=True)
class Restriction:
    """One line: by which request which families (one, and those found to be it) are restricted since `at`; or that
    it ended (`lifted`), which is never taken back. Ids and moments; of whom says the database alone.

    `marks` are keyed fingerprints by which they are known again; () in lines of earlier versions, and of what ended.
    """

    request: str
    households: tuple[str, ...]
    kind: str
    number: int
    received: str
    at: str
    lifted: str | None
    marks: tuple[str, ...] = ()


def _line(said: Any) -> Restriction:
    households = tuple(str(UUID(each)) for each in said["households"])
    lifted = None if said["lifted"] is None else _moment(said["lifted"])
    moments = {name: _moment(said[name]) for name in ("received", "at")}
    kind = RequestKind(said["kind"]).value
    marks = tuple(_mark(each) for each in said.get("marks", ()))
    number = int(said["number"])
    return Restriction(str(UUID(said["request"])), households, kind, number, lifted=lifted, marks=marks, **moments)


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).isoformat()


def _mark(text: str) -> str:
    if not fullmatch(r"[0-9a-f]{32}", text):
        raise ValueError("marks")
    return text


REGISTER: Final = Register("restrictions.jsonl", _line)
#: What a family without any number is told by.
_TOLD: Final = ("head_name", "rw", "rt", "address")


def standing(lines: Iterable[Restriction]) -> list[Restriction]:
    """One for each request, in their order: all families and fingerprints that its lines name, and its end."""
    found: dict[str, Restriction] = {}
    for line in lines:
        known = found.get(line.request, line)
        found[line.request] = replace(
            known,
            households=tuple(dict.fromkeys((*known.households, *line.households))),
            marks=tuple(sorted({*known.marks, *line.marks})),
            lifted=known.lifted or line.lifted,
        )
    return list(found.values())


def in_force(lines: Iterable[Restriction]) -> list[Restriction]:
    """Those that neither the register nor the database knows to have ended."""
    found = [line for line in standing(lines) if line.lifted is None]
    ids = [line.request for line in found]
    ended = RightsRequest.objects.filter(uuid__in=ids, lifted_at__isnull=False).values_list("uuid", flat=True)
    over = {str(uuid) for uuid in ended}
    return [line for line in found if line.request not in over]


def marks_of(families: Iterable[Household]) -> tuple[str, ...]:
    """The fingerprints of those families. Of one that was found to be another its number is opened, for its hash is the
    other's; where the key is not there, that one is not known by it."""
    hashes, found = SearchHashes.load(), set[str]()
    for family in families:
        kk, likeness = family.kk_hash, likeness_of({name: getattr(family, name) for name in _TOLD})
        if kk is None and family.kk_sealed is not None:
            with suppress(CannotUnsealError):
                kk = hashes.kk(family.kk())
        heads = family.persons.filter(Q(position=1) | Q(name=family.head_name))
        niks = heads.order_by("position").values_list("nik_hash", flat=True)
        slug = family.lokus.cycle.slug
        found.update(_marks(hashes.secret, slug, kk, niks))
        found.update(() if kk else _marks_of_likeness(hashes.secret, slug, likeness))
    return tuple(sorted(found))


def recognised(rows: QuerySet[Household], lines: Sequence[Restriction]) -> dict[int, Restriction]:
    """Those of the families that one of the restrictions knows, each by its key: by id, by KK, by the NIK of its head,
    and without any number by name and address, as an import knows families. No statement where there is nothing known.
    """
    known = {mark: line for line in reversed(lines) for mark in (*line.households, *line.marks)}
    if not known:
        return {}
    found: dict[int, Restriction] = {}
    for pk, uuid, marks in _marked(rows):
        line = next((known[mark] for mark in (str(uuid), *marks) if mark in known), None)
        if line is not None:
            found[pk] = line
    return found


class Recognising:
    """What the rows of one file of that year are held against, before anything of it is stored."""

    def __init__(self, slug: str, hashes: SearchHashes, lines: Sequence[Restriction]) -> None:
        self._slug, self._hashes = slug, hashes
        self._known = {mark: line for line in reversed(lines) for mark in line.marks}

    def of(self, registry: dict[str, str], head: dict[str, str]) -> Restriction | None:
        """The restriction that knows the family of such a row, whose first member `head` is; else None."""
        if not self._known:
            return None
        niks = [self._hashes.nik(said.get("nik", "")) for said in (registry, head)]
        marks = _marks(self._hashes.secret, self._slug, self._hashes.kk(registry.get("kk", "")), niks)
        marks = marks or _marks_of_likeness(self._hashes.secret, self._slug, likeness_of(registry))
        return next((self._known[mark] for mark in marks if mark in self._known), None)


def forget_marks() -> int:
    """Take the fingerprints out of the register of whom nothing needs to be known any more: their restriction has
    ended, or they were erased. Of how many lines."""
    lines = [line for line in standing(REGISTER.known()) if line.marks]
    if not lines:
        return 0
    held = {line.request for line in in_force(lines)}
    names = {uuid for line in lines for uuid in line.households}
    rows = Household.objects.filter(uuid__in=names).values_list("uuid", "erased_at")
    there = {str(uuid) for uuid, erased_at in rows if erased_at is None}
    gone = {str(uuid) for uuid, erased_at in rows if erased_at is not None}
    gone |= {str(uuid) for uuid in Erasure.objects.filter(household__in=names).values_list("household", flat=True)}
    kept = {
        line.request
        for line in lines
        if line.request in held and (there.intersection(line.households) or not gone.intersection(line.households))
    }
    return REGISTER.shorten(lambda line: line if line.request in kept else replace(line, marks=()))


def _marked(rows: QuerySet[Household]) -> Iterator[tuple[int, UUID, list[str]]]:
    secret = SearchHashes.load().secret
    members = Person.objects.filter(household=OuterRef("pk"), nik_hash__isnull=False).values("nik_hash")
    # The head stands first, or is called so.
    named = members.filter(name=OuterRef("head_name")).order_by("position")[:1]
    rows = rows.filter(erased_at__isnull=True)
    rows = rows.annotate(first=Subquery(members.filter(position=1)), named=Subquery(named))
    values = rows.values_list("pk", "uuid", "lokus__cycle__slug", "kk_hash", "first", "named", *_TOLD)
    for pk, uuid, slug, kk, first, head, *told in values.iterator(chunk_size=2_000):
        marks = _marks(secret, slug, kk, [first, head])
        likeness = () if marks else likeness_of(dict(zip(_TOLD, told, strict=True)))
        yield pk, uuid, marks or _marks_of_likeness(secret, slug, likeness)


def _marks(secret: bytes, slug: str, kk: str | None, niks: Iterable[str | None]) -> list[str]:
    """Of the hashes by which the registry finds numbers, so that no number is opened for it. The year is inside: what a
    family wished in one says nothing in another."""
    told = [("kk", kk), *(("nik", nik) for nik in niks)]
    return [sealing.search_hash(secret, f"restriction {kind}", f"{slug}\n{said}") for kind, said in told if said]


def _marks_of_likeness(secret: bytes, slug: str, likeness: Sequence[str]) -> list[str]:
    """Of a family that has no number; nothing of one that has no name either."""
    if not any(likeness[:1]):
        return []
    return [sealing.search_hash(secret, "restriction likeness", "\n".join((slug, *likeness)))]
