"""The register of families that are used no further by name, and by what it knows one that comes in anew.

Ids find a family that a restored backup knows. One that no backup knows comes in anew under another id: its line keeps
fingerprints of its numbers too, of which nobody tells anything without the server's key, and which are another for each
year of a programme. They are gone as soon as the restriction ends, the family is erased, or its year's time is over. By
a name nobody is known: two women called alike are two.
Source: UU 27/2022 art. 11 (restriction), 16 (no more is kept than the purpose needs).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from re import fullmatch
from typing import Any, Final
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from selaras.actions.registers import Register
from selaras.models import (
    CannotUnsealError,
    Cycle,
    Erasure,
    Household,
    Person,
    RequestKind,
    RightsRequest,
    SearchHashes,
    sealing,
)
from selaras.queries.retirement import is_over


@dataclass(frozen=True, slots=True)
class Restriction:
    """One line: by which request which families (one, and those found to be it) are restricted since `at`; or that
    it ended (`lifted`), which is never taken back. Ids and moments; of whom says the database alone.

    `marks` are keyed fingerprints by which they are known again, `kk:` and `nik:` before each, and `year` is one of
    their year; () and '' in lines of earlier versions, of who has no number, and of what ended. One without its kind is
    of an earlier version, may be a name's, and is never looked for.
    """

    request: str
    households: tuple[str, ...]
    kind: str
    number: int
    received: str
    at: str
    lifted: str | None
    marks: tuple[str, ...] = ()
    year: str = ""

    def numbers(self, kind: str = "") -> frozenset[str]:
        """The fingerprints of its numbers, of that kind alone where it is said."""
        return frozenset(mark for mark in self.marks if mark.startswith(f"{kind}:" if kind else ("kk:", "nik:")))


@dataclass(frozen=True, slots=True)
class Recognised:
    """Which restriction knows a family, and whether it is surely of that one: not where its head has the NIK, and its
    KK is another, or none is known of who asked. A card is one family's; a NIK may be mistyped, or filled down."""

    line: Restriction
    surely: bool

    @property
    def request(self) -> str:
        """By which request."""
        return self.line.request

    @property
    def number(self) -> int:
        """Of that request, as the desk counts."""
        return self.line.number

    @property
    def told(self) -> str:
        """What an import's check says at its row."""
        return "import.restricted_again" if self.surely else "import.restricted_perhaps"


def _line(said: Any) -> Restriction:
    households = tuple(str(UUID(each)) for each in said["households"])
    lifted = None if said["lifted"] is None else _moment(said["lifted"])
    moments = {name: _moment(said[name]) for name in ("received", "at")}
    kind = RequestKind(said["kind"]).value
    marks = tuple(_mark(each) for each in said.get("marks", ()))
    year = _mark(said["year"]) if said.get("year") else ""
    number = int(said["number"])
    request = str(UUID(said["request"]))
    return Restriction(request, households, kind, number, lifted=lifted, marks=marks, year=year, **moments)


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).isoformat()


def _mark(text: str) -> str:
    if not fullmatch(r"((kk|nik):)?[0-9a-f]{32}", text):
        raise ValueError("marks")
    return text


REGISTER: Final = Register("restrictions.jsonl", _line)


def standing(lines: Iterable[Restriction]) -> list[Restriction]:
    """One for each request, in their order: all families and fingerprints that its lines name, and its end."""
    found: dict[str, Restriction] = {}
    for line in lines:
        known = found.get(line.request, line)
        found[line.request] = replace(
            known,
            households=tuple(dict.fromkeys((*known.households, *line.households))),
            marks=tuple(sorted({*known.marks, *line.marks})),
            year=known.year or line.year,
            lifted=known.lifted or line.lifted,
        )
    return list(found.values())


def in_force(lines: Iterable[Restriction]) -> list[Restriction]:
    """Those that neither the register nor the database knows to have ended. No statement where there are none."""
    found = [line for line in standing(lines) if line.lifted is None]
    if not found:
        return []
    ids = [line.request for line in found]
    ended = RightsRequest.objects.filter(uuid__in=ids, lifted_at__isnull=False).values_list("uuid", flat=True)
    over = {str(uuid) for uuid in ended}
    return [line for line in found if line.request not in over]


def marked(line: Restriction, families: Iterable[Household], beside: Restriction | None = None) -> Restriction:
    """The line with the fingerprints of those families and of their year; it stays as it is where they have no number.

    `beside` is what the register says of the same request: whose KK is none of those that it knows is perhaps another
    family, and nobody is to be known by what that one has.
    """
    hashes, found, year = SearchHashes.load(), set[str](), ""
    cards = beside.numbers("kk") if beside is not None and beside.numbers() else None
    for family in families:
        marks = _marks_of(hashes, family)
        if cards is None or _surely(marks, cards):
            found |= marks
        year = year or _year_mark(hashes.secret, family.lokus.cycle.slug)
    return replace(line, marks=tuple(sorted(found)), year=year) if found else line


def _marks_of(hashes: SearchHashes, family: Household) -> frozenset[str]:
    """Of one that was found to be another its number is opened, for its hash is the other's; where the key is not
    there, it is not known by it."""
    kk = family.kk_hash
    if kk is None and family.kk_sealed is not None:
        with suppress(CannotUnsealError):
            kk = hashes.kk(family.kk())
    heads = family.persons.filter(Q(position=1) | Q(name=family.head_name))
    niks = heads.order_by("position").values_list("nik_hash", flat=True)
    return frozenset(_marks(hashes.secret, family.lokus.cycle.slug, kk, niks))


def _surely(marks: Iterable[str], cards: frozenset[str]) -> bool:
    """Whether a family of those marks has none but one of those KK."""
    own = {mark for mark in marks if mark.startswith("kk:")}
    return not own or bool(own & cards)


class _Known:
    """Whom the restrictions know by their numbers; where two know the same, the first."""

    def __init__(self, lines: Sequence[Restriction]) -> None:
        self.years = {line.year for line in lines if line.numbers()}
        self._by_mark = {mark: line for line in reversed(lines) for mark in line.numbers()}

    def __bool__(self) -> bool:
        return bool(self._by_mark)

    def of(self, marks: Sequence[str]) -> Recognised | None:
        """By its KK, else by a NIK of its head."""
        line = next((self._by_mark[mark] for mark in marks if mark in self._by_mark), None)
        return None if line is None else Recognised(line, _surely(marks, line.numbers("kk")))


def recognised(rows: QuerySet[Household], lines: Sequence[Restriction]) -> dict[int, Recognised]:
    """Those of the families that one of the restrictions knows, each by its key: by id, by KK, else by the NIK of its
    head. No statement where there is nothing known, and no family read of a year of which there is nothing."""
    found: dict[int, Recognised] = {}
    known = _Known(lines)
    if known:
        secret = SearchHashes.load().secret
        slugs = Cycle.objects.values_list("slug", flat=True)
        years = [slug for slug in slugs if _year_mark(secret, slug) in known.years]
        for pk, marks in _marked(rows.filter(lokus__cycle__slug__in=years), secret) if years else ():
            if (met := known.of(marks)) is not None:
                found[pk] = met
    ids = {uuid: line for line in reversed(lines) for uuid in line.households}
    if ids:
        there = rows.filter(uuid__in=ids, erased_at__isnull=True).values_list("pk", "uuid")
        found |= {pk: Recognised(ids[str(uuid)], surely=True) for pk, uuid in there}
    return found


class Recognising:
    """What the rows of one file of that year are held against, before anything of it is stored."""

    def __init__(self, slug: str, hashes: SearchHashes, lines: Sequence[Restriction]) -> None:
        self._slug, self._hashes = slug, hashes
        self._known = _Known(lines)

    def of(self, registry: dict[str, str], head: dict[str, str]) -> Recognised | None:
        """Which restriction knows the family of such a row, whose first member `head` is; else None."""
        if not self._known:
            return None
        niks = [self._hashes.nik(said.get("nik", "")) for said in (registry, head)]
        return self._known.of(
            _marks(self._hashes.secret, self._slug, self._hashes.kk(registry.get("kk", "")), niks),
        )


def forget_marks() -> int:
    """Take the fingerprints out of the register of whom nothing needs to be known any more: their restriction has
    ended, they were erased, or their year's time is over; and such as may be a name's. Of how many lines."""
    return REGISTER.shorten(_forgotten)


def _forgotten(lines: Sequence[Restriction]) -> Mapping[Restriction, Restriction]:
    """What becomes of each of the lines from which something goes."""
    found = [line for line in standing(lines) if line.marks]
    if not found:
        return {}
    needed = _needed([line for line in in_force(found) if line.numbers()])
    after: dict[Restriction, Restriction] = {}
    for line in lines:
        marks = tuple(mark for mark in line.marks if mark in needed.get(line.request, frozenset()))
        if marks != line.marks:
            after[line] = replace(line, marks=marks, year=line.year if marks else "")
    return after


def _needed(lines: Sequence[Restriction]) -> dict[str, frozenset[str]]:
    """By which of its fingerprints each request is still to be known."""
    names = {uuid for line in lines for uuid in line.households}
    rows = Household.objects.filter(uuid__in=names).select_related("lokus__cycle", "key")
    known = {str(family.uuid): family for family in rows}
    gone = {uuid for uuid, family in known.items() if family.erased_at is not None}
    gone |= {str(uuid) for uuid in Erasure.objects.filter(household__in=names).values_list("household", flat=True)}
    over = _Over()
    needed: dict[str, frozenset[str]] = {}
    for line in lines:
        left = [known[uuid] for uuid in line.households if uuid in known and uuid not in gone]
        if not gone.intersection(line.households):
            needed[line.request] = line.numbers() if left or not over.says(line) else frozenset()
            continue
        # Of several that are away by one request some were erased.
        hashes = SearchHashes.load() if left else None
        needed[line.request] = frozenset(mark for family in left if hashes for mark in _marks_of(hashes, family))
    return needed


class _Over:
    """Whether the time of a year is over, of whose families the database knows none of that line; read once."""

    def __init__(self) -> None:
        self._years: dict[str, bool] | None = None

    def says(self, line: Restriction) -> bool:
        """Of a year that is not in the database: as if it was the one in which she asked."""
        if self._years is None:
            secret = SearchHashes.load().secret
            cycles = Cycle.objects.select_related("place")
            self._years = {_year_mark(secret, cycle.slug): is_over(cycle) for cycle in cycles}
        asked = datetime.fromisoformat(line.at).year
        return self._years.get(line.year, timezone.localdate() >= date(asked + 2, 1, 1))


def _marked(rows: QuerySet[Household], secret: bytes) -> Iterator[tuple[int, list[str]]]:
    members = Person.objects.filter(household=OuterRef("pk"), nik_hash__isnull=False).values("nik_hash")
    # The head stands first, or is called so.
    named = members.filter(name=OuterRef("head_name")).order_by("position")[:1]
    rows = rows.filter(erased_at__isnull=True)
    rows = rows.annotate(first=Subquery(members.filter(position=1)), named=Subquery(named))
    values = rows.values_list("pk", "lokus__cycle__slug", "kk_hash", "first", "named")
    for pk, slug, kk, first, head in values.iterator(chunk_size=2_000):
        yield pk, _marks(secret, slug, kk, [first, head])


def _marks(secret: bytes, slug: str, kk: str | None, niks: Iterable[str | None]) -> list[str]:
    """Of the hashes by which the registry finds numbers, so that no number is opened for it. The year is inside: what a
    family wished in one says nothing in another."""
    told = [("kk", kk), *(("nik", nik) for nik in niks)]
    kinds = [(kind, f"{slug}\n{said}") for kind, said in told if said]
    return [f"{kind}:{sealing.search_hash(secret, f'restriction {kind}', said)}" for kind, said in kinds]


def _year_mark(secret: bytes, slug: str) -> str:
    return sealing.search_hash(secret, "restriction year", slug)
