"""Answers of a round as tables to take along: one row a family, one table a repeat, a chunk of families at a time.

Column names are the survey's field names, so that `selaras score` reads what was taken; what we add begins with `sl_`.
Left out of every table: answers of health that the family's own page would not show this person, and, unless she
asked and may, whatever names somebody (names, addresses, numbers, free text, places on a map, file names).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from django.db.models import TextChoices

from selaras.access import (
    demand,
    loci_for,
    may_export,
    may_export_identifiers,
    may_see_names,
    registry_for,
)
from selaras.errors import Forbidden, Problem
from selaras.models import (
    CurrentAnswers,
    Cycle,
    Household,
    InstrumentVersion,
    Lokus,
    Outcome,
    Person,
    Submission,
    SubmissionMode,
    Target,
    TargetState,
    User,
    Visit,
)
from selaras.models.places import zone_of
from selaras.odk.forms import Field, FieldKind
from selaras.odk.values import is_private
from selaras.queries.answers import UNIT, Value, typed
from selaras.queries.apart import apart_from
from selaras.queries.programme import primary_of
from selaras.queries.rounds import find_round
from selaras.queries.rules import instrument_of
from selaras.queries.spoken import shown
from selaras.scoring.answers import HOUSEHOLD_ID
from selaras.scoring.expressions.words import label_of

FileForm = Literal["csv", "xlsx", "parquet"]
FORMS: Final[tuple[FileForm, ...]] = ("csv", "xlsx", "parquet")
Row = list[Value]
#: Families that are read at a time: a family's JSON is some 3 kB.
CHUNK = 500
#: The table of families, and the registry's members where she may take names along.
FAMILIES, MEMBERS = "keluarga", "sl_anggota"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: the round's slug, the kind of file, labels (`words`) or codes, families without answers too
    (`everybody`), and names, addresses, numbers and free text (`identifiers`)."""

    round: str
    form: FileForm
    words: bool = False
    everybody: bool = False
    identifiers: bool = False

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Wanted:
        """What `kept` gave."""
        return cls(**kept)


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is the survey's, or begins with `sl_`; `title` is what a person reads. `kind` decides the type: int,
    Decimal, date, else text. With labels, choices are text."""

    name: str
    title: str
    kind: FieldKind


@dataclass(frozen=True, slots=True)
class Table:
    """One table; its first column tells the family."""

    name: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class _Answered:
    """A family's answers and how they came."""

    version: int
    mode: str
    received: datetime
    answers: Mapping[str, Any]
    private: Mapping[str, Any]


class Extract:
    """What this person may take of a round. Raises Forbidden, and Missing for a round that is not there."""

    def __init__(self, user: User, cycle: Cycle, wanted: Wanted) -> None:
        demand(may_export, user, cycle)
        self._user, self.cycle, self.wanted = user, cycle, wanted
        self.round = find_round(cycle, wanted.round)
        self.loci = loci_to_export(user, cycle, identifiers=wanted.identifiers)
        self._versions = self._versions_in_use()
        self._hidden = {
            (lokus.pk, version.pk): apart_from(user, lokus, version).fields
            for lokus in self.loci
            for version in self._versions
        }
        self._questions = _questions(self._versions, self._hidden.values(), wanted)
        self._asked: dict[str | None, list[tuple[str, FieldKind]]] = {None: []}
        for (repeat, name), (field, _version) in self._questions.items():
            self._asked.setdefault(repeat, []).append((name, field.kind))
        self._said = _labels(self._versions, self._questions) if wanted.words else {}
        self._zone = zone_of(cycle.place.code)
        self.tables = self._tables()
        #: Questions of health that are left out of every table.
        self.apart = bool(self._hidden) and any(self._hidden.values())

    def count(self) -> int:
        """How many families."""
        return sum(self._families(lokus).count() for lokus in self.loci)

    def chunks(self) -> Iterator[dict[str, list[Row]]]:
        """The rows of every table by its name, some hundred families at a time, lokus by lokus, by code.

        Each chunk is a few statements of its own: no transaction is held open, however slowly the file is written.
        """
        for lokus in self.loci:
            last = ""
            while families := list(self._families(lokus).filter(code__gt=last).order_by("code")[:CHUNK]):
                last = families[-1].code
                yield self._chunk(lokus, families)

    # --- what there is ----------------------------------------------------------------------------------------------
    def _versions_in_use(self) -> list[InstrumentVersion]:
        """Those that answers of this round were given by, the newest first; the year's own where there are none."""
        rows = CurrentAnswers.objects.filter(round=self.round, lokus__in=[lokus.pk for lokus in self.loci])
        ids = set(rows.order_by().values_list("submission__version_id", flat=True).distinct())
        used = InstrumentVersion.objects.filter(pk__in=ids).select_related("workbook").order_by("-pk")
        primary = primary_of(self.cycle)
        return list(used) or ([primary] if primary is not None else [])

    def _families(self, lokus: Lokus) -> Any:
        if self.wanted.identifiers:
            rows = registry_for(self._user, lokus).select_related("key")
        else:
            rows = registry_for(self._user, lokus).only("pk", "code", "rw", "rt", "uuid", "lokus_id")
        return rows if self.wanted.everybody else rows.filter(current_answers__round=self.round)

    def _tables(self) -> tuple[Table, ...]:
        unit = UNIT if all(UNIT not in instrument_of(one).form.fields for one in self._versions) else f"sl_{UNIT}"
        own = [
            Column(HOUSEHOLD_ID, "Kode keluarga", "text"),
            Column(unit, "Kode wilayah lokus", "text"),
            *(Column(f"sl_{name}", title, kind) for name, title, kind in _FAMILY),
            *((Column(f"sl_{name}", title, "text") for name, title in _NAMING) if self.wanted.identifiers else ()),
        ]
        if self.cycle.synthetic:
            own.append(Column("sl_data_contoh", "DATA CONTOH (sintetis)", "text"))
        found = [Table(FAMILIES, self._unlike([*own, *self._columns(None)]))]
        for repeat in dict.fromkeys(name for name, _ in self._questions if name is not None):
            first = [Column(HOUSEHOLD_ID, "Kode keluarga", "text"), Column("sl_row", "Baris ke", "integer")]
            found.append(Table(repeat, self._unlike([*first, *self._columns(repeat)])))
        if self.wanted.identifiers:
            first = [Column(HOUSEHOLD_ID, "Kode keluarga", "text"), Column("sl_row", "Anggota ke", "integer")]
            more = [Column(f"sl_{name}", title, "text") for name, title in _MEMBER]
            found.append(Table(MEMBERS, (*first, *more)))
        return tuple(found)

    def _columns(self, repeat: str | None) -> list[Column]:
        found = []
        for (inside, name), (field, version) in self._questions.items():
            if inside == repeat:
                title = label_of(shown(field.labels, instrument_of(version))) or name
                kind: FieldKind = "text" if self.wanted.words and field.kind == "choices" else field.kind
                found.append(Column(name, title, kind))
        return found

    def _unlike(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        """Titles that tell two columns apart: a question that is asked twice is told with its name."""
        titles = [column.title for column in columns]
        twice = {title for title in titles if titles.count(title) > 1}
        return tuple(
            Column(one.name, f"{one.title} [{one.name}]" if one.title in twice else one.title, one.kind)
            for one in columns
        )

    # --- rows -------------------------------------------------------------------------------------------------------
    def _chunk(self, lokus: Lokus, families: Sequence[Household]) -> dict[str, list[Row]]:
        ids = [family.pk for family in families]
        answered = self._answered(families)
        visits = Visit.objects.filter(household__in=ids, round=self.round).order_by("at", "pk")
        outcomes = dict(visits.values_list("household_id", "outcome"))
        targets = dict(Target.objects.filter(household__in=ids).values_list("household_id", "state"))
        rows: dict[str, list[Row]] = {table.name: [] for table in self.tables}
        for family in families:
            code = _id_of(family, lokus)
            found = answered.get(family.pk)
            own: Row = [
                code, lokus.area, lokus.place.name, family.rw or lokus.rw, family.rt,
                self._word(TargetState, targets.get(family.pk)), self._word(Outcome, outcomes.get(family.pk)),
                None if found is None else self._word(SubmissionMode, found.mode),
                None if found is None else found.received.astimezone(self._zone).date(),
            ]  # fmt: skip
            if self.wanted.identifiers:
                own += [family.head_name, family.address, family.kk(), family.phone()]
            if self.cycle.synthetic:
                own.append("ya")
            self._fill(rows, lokus, code, own, found)
        if self.wanted.identifiers:
            rows[MEMBERS] = _members(families, lokus)
        return rows

    def _word(self, choices: type[TextChoices], value: str | None) -> str | None:
        return str(choices(value).label) if value and self.wanted.words else value

    def _fill(self, rows: dict[str, list[Row]], lokus: Lokus, code: str, own: Row, found: _Answered | None) -> None:
        """The family's row and those of its repeats; blank where it has not answered."""
        answers: Mapping[str, Any] = {} if found is None else found.answers
        private: Mapping[str, Any] = {} if found is None else found.private
        hidden = frozenset() if found is None else self._hidden[lokus.pk, found.version]
        version = 0 if found is None else found.version
        rows[FAMILIES].append([*own, *self._values(None, answers, private, hidden, version)])
        for table in self.tables[1:]:
            if table.name == MEMBERS:
                continue
            sealed = private.get(table.name) or []
            for number, inside in enumerate(answers.get(table.name) or [], start=1):
                more = sealed[number - 1] if number <= len(sealed) else {}
                rows[table.name].append([code, number, *self._values(table.name, inside, more, hidden, version)])

    def _values(
        self,
        repeat: str | None,
        answers: Mapping[str, Any],
        private: Mapping[str, Any],
        hidden: frozenset[str],
        version: int,
    ) -> Iterator[Value]:
        for name, kind in self._asked[repeat]:
            value = None if name in hidden else answers.get(name)
            if value is None and self.wanted.identifiers and name not in hidden:
                value = private.get(name)
            said = self._said.get((version, repeat, name)) if self._said else None
            if said is not None and value is not None:
                yield "; ".join(said.get(part, part) for part in str(value).split())
            else:
                yield typed(kind, value)

    def _answered(self, families: Sequence[Household]) -> dict[int, _Answered]:
        sealed = ("submission__uuid", "submission__private") if self.wanted.identifiers else ()
        plain = ("household_id", "submission__version_id", "submission__mode", "submission__received_at", "answers")
        rows = CurrentAnswers.objects.filter(round=self.round, household__in=[family.pk for family in families])
        by_id = {family.pk: family for family in families}
        found = {}
        for household, version, mode, received, answers, *more in rows.values_list(*plain, *sealed):
            private = _unsealed(by_id[household], *more) if more else {}
            found[household] = _Answered(version, mode, received, answers, private)
        return found


#: What we add to every family, after its code and its lokus' code: name, title, kind.
_FAMILY: tuple[tuple[str, str, FieldKind], ...] = (
    ("lokus", "Lokus", "text"),
    ("rw", "RW", "text"),
    ("rt", "RT", "text"),
    ("target", "Keadaan di daftar sasaran", "text"),
    ("outcome", "Hasil kunjungan", "text"),
    ("mode", "Cara pendataan", "text"),
    ("received", "Tanggal diterima", "date"),
)
_NAMING = (
    ("head_name", "Nama kepala keluarga"),
    ("address", "Alamat"),
    ("kk", "Nomor KK"),
    ("phone", "Nomor HP"),
)
_MEMBER = (("name", "Nama"), ("sex", "Jenis kelamin"), ("relation", "Hubungan"), ("nik", "NIK"))


def loci_to_export(user: User, cycle: Cycle, *, identifiers: bool) -> list[Lokus]:
    """The loci of the year whose families she may take along, by area; with identifiers, those that she keeps.

    Raises Forbidden where she asks for identifiers and keeps none.
    """
    rows = loci_for(user).filter(cycle=cycle).order_by("area")
    may = may_export_identifiers if identifiers else may_see_names
    found = [lokus for lokus in rows if may(user, lokus)]
    if identifiers and not found:
        raise Forbidden(Problem("export.identifiers"))
    return found


_Questions = dict[tuple[str | None, str], tuple[Field, InstrumentVersion]]


def _questions(versions: Sequence[InstrumentVersion], hidden: Iterable[frozenset[str]], wanted: Wanted) -> _Questions:
    """(repeat, name) → the field and the newest version that asks it, in the form's order."""
    everywhere = frozenset.intersection(*hidden) if (hidden := list(hidden)) else frozenset()
    found: _Questions = {}
    for version in versions:
        for field in instrument_of(version).form.fields.values():
            left_out = field.kind == "other" or (is_private(field) and not wanted.identifiers)
            if not left_out and field.name not in everywhere:
                found.setdefault((field.repeat, field.name), (field, version))
    return found


def _labels(
    versions: Sequence[InstrumentVersion], questions: _Questions
) -> dict[tuple[int, str | None, str], dict[str, str]]:
    """(version, repeat, name) → the labels of its choices by their names."""
    found = {}
    for version in versions:
        instrument = instrument_of(version)
        for field in instrument.form.fields.values():
            if field.kind in {"choice", "choices"} and (field.repeat, field.name) in questions:
                choices = instrument.form.lists.get(field.list_name or "", ())
                said = {one.name: label_of(shown(one.labels, instrument)) or one.name for one in choices}
                found[version.pk, field.repeat, field.name] = said
    return found


def _id_of(family: Household, lokus: Lokus) -> str:
    """The family's code; one that another lokus may have too is told with its lokus."""
    return family.code if family.code.startswith(f"{lokus.prefix}-") else f"{lokus.prefix}:{family.code}"


def _unsealed(family: Household, uuid: UUID, private: bytes | None) -> Mapping[str, Any]:
    return Submission(uuid=uuid, household=family, private=private).private_values()


def _members(families: Sequence[Household], lokus: Lokus) -> list[Row]:
    by_id = {family.pk: family for family in families}
    rows: list[Row] = []
    for person in Person.objects.filter(household__in=by_id).order_by("household__code", "position"):
        person.household = by_id[person.household_id]
        code = _id_of(person.household, lokus)
        rows.append([code, person.position, person.name, person.sex, person.relation, person.nik()])
    return rows
