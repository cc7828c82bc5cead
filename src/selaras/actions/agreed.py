"""A list from elsewhere is taken in by a named agreement: it fills blanks of families that are known, and nothing else.

What a family said itself always wins, in whatever order the two come; where they differ the page says so. No family is
registered by such a list and no name is read from it. Taken back, every blank is blank again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from selaras.access import demand, may_import, the_lokus
from selaras.actions import audit
from selaras.actions.erasure import empty_agreed
from selaras.actions.importing.tables import Table, as_table, read_sources
from selaras.actions.jobs import enqueue_once
from selaras.actions.submissions import fill_up
from selaras.errors import InputError, Problem
from selaras.models import (
    AgreedAnswers,
    AgreedImport,
    AgreedState,
    DataKey,
    Household,
    KeyPurpose,
    Lokus,
    Person,
    SearchHashes,
    StoredFile,
    Submission,
    SubmissionMode,
    User,
)
from selaras.odk.forms import Form
from selaras.odk.values import NO_WORDS, answer_of, words_of
from selaras.queries.agreed import BY_CODE, BY_KK, BY_NIK, agreed_of, fields_of_lists
from selaras.queries.programme import primary_of
from selaras.queries.rounds import find_round
from selaras.queries.rules import instrument_of

#: Bytes and rows of a list: a lokus has some hundred families.
MOST_BYTES, MOST_ROWS = 8 * 1024 * 1024, 5000
#: Rows that a summary names of each kind.
NAMED = 30
_FINDS = {
    "kode": BY_CODE,
    "kode_keluarga": BY_CODE,
    "no_kk": BY_KK,
    "nomor_kk": BY_KK,
    "kk": BY_KK,
    "nik": BY_NIK,
    "no_nik": BY_NIK,
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whose list it is, the number and day of the agreement, and what the answers are used for."""

    source: str
    number: str
    agreed_on: date | None
    purpose: str


@dataclass(slots=True)
class _Found:
    """What a list says, row by row; numbers of rows of the file."""

    answers: dict[int, dict[str, Any]] = field(default_factory=dict)
    rows: int = 0
    unknown: list[int] = field(default_factory=list)
    twice: list[int] = field(default_factory=list)
    wrong: list[tuple[int, str]] = field(default_factory=list)


def receive_list(
    *,
    by: User,
    cycle_slug: str,
    code: str,
    round_slug: str,
    agreement: Agreement,
    filename: str,
    file: BinaryIO,
) -> AgreedImport:
    """Keep a list sealed, with what its columns seem to mean. Raises Missing, Forbidden, InputError."""
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_import, by, lokus)
    round_ = find_round(lokus.cycle, round_slug)
    version = primary_of(lokus.cycle)
    if version is None:
        raise InputError(Problem("import.no_instrument"))
    said = _agreement(agreement)
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise InputError(Problem("file.too_big", values={"name": filename}))
    table = _table(content, filename)
    key = DataKey.fresh(KeyPurpose.BATCH)
    stored = StoredFile.written(content, "application/octet-stream", key)
    form = instrument_of(version).form
    names = fields_of_lists(version)
    with transaction.atomic():
        key.save(force_insert=True)
        stored.save(force_insert=True)
        listed = AgreedImport.objects.create(
            lokus=lokus,
            round=round_,
            version=version,
            source=said.source,
            number=said.number,
            agreed_on=said.agreed_on or date.min,
            purpose=said.purpose,
            filename=filename[-200:],
            key=key,
            file=stored,
            mapping={title: _meaning(title, form, names) for title in table.header if title},
            created_by=by,
        )
        _record(by, "agreed.receive", listed, bytes=len(content))
    return listed


def _agreement(said: Agreement) -> Agreement:
    texts = [" ".join(text.split()) for text in (said.source, said.number, said.purpose)]
    if not all(texts) or said.agreed_on is None:
        raise InputError(Problem("agreed.agreement"))
    return Agreement(texts[0][:120], texts[1][:80], said.agreed_on, texts[2][:200])


def _table(content: bytes, filename: str) -> Table:
    source = read_sources(content, filename)[0]
    return as_table(source, lambda title: _plain(title) in _FINDS)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")


def _meaning(title: str, form: Form, names: Mapping[str, object]) -> str:
    """The question of that name or label, or what finds a family; '' where nobody can say."""
    plain = _plain(title)
    if plain in _FINDS:
        return _FINDS[plain]
    for name in names:
        labels = {_plain(label) for label in form.fields[name].labels.values()}
        if plain == _plain(name) or plain in labels:
            return name
    return ""


def use_list(
    *, by: User, cycle_slug: str, code: str, agreed_id: UUID, mapping: Mapping[str, str], only_check: bool = False
) -> AgreedImport:
    """Say what its columns mean and use it: each family that is found gets what the list says, where it says anything.

    `only_check` counts and stores nothing but that. Raises Missing, Forbidden, InputError where it was used or thrown
    away, where no column finds a family, two mean the same, or no family is found.
    """
    listed = agreed_of(by, cycle_slug, code, agreed_id)
    demand(may_import, by, listed.lokus)
    if listed.state != AgreedState.UPLOADED or listed.file is None:
        raise InputError(Problem("agreed.over"))
    meant = _mapping(listed, mapping)
    found = _read(listed, _table(listed.file.content(), listed.filename), meant)
    with transaction.atomic():
        # As other imports and forms do: nobody registers or answers in this lokus meanwhile.
        Lokus.objects.select_for_update(no_key=True).get(pk=listed.lokus_id)
        locked = AgreedImport.objects.select_for_update(of=("self",)).select_related("key", "file").get(pk=listed.pk)
        if locked.state != AgreedState.UPLOADED:
            raise InputError(Problem("agreed.over"))
        locked.mapping, locked.summary = meant, _summary(found)
        if not only_check:
            if not found.answers:
                raise InputError(Problem("agreed.nobody"))
            locked.state, locked.published_at = AgreedState.PUBLISHED, timezone.now()
        locked.save(update_fields=["mapping", "summary", "state", "published_at"])
        if not only_check:
            _publish(by, locked, found)
            empty_agreed(locked, timezone.now())
        _record(by, "agreed.check" if only_check else "agreed.use", locked, families=len(found.answers))
    return locked


def _mapping(listed: AgreedImport, said: Mapping[str, str]) -> dict[str, str]:
    names = set(fields_of_lists(listed.version)) | {BY_CODE, BY_KK, BY_NIK, ""}
    meant = {title: said.get(title, before) for title, before in listed.mapping.items()}
    chosen = [meaning for meaning in meant.values() if meaning]
    if not set(meant.values()) <= names or len(chosen) != len(set(chosen)):
        raise InputError(Problem("agreed.columns"))
    if not {BY_CODE, BY_KK, BY_NIK} & set(chosen):
        raise InputError(Problem("agreed.whose"))
    if not set(chosen) - {BY_CODE, BY_KK, BY_NIK}:
        raise InputError(Problem("agreed.nothing"))
    return meant


def _read(listed: AgreedImport, table: Table, meant: Mapping[str, str]) -> _Found:
    form = instrument_of(listed.version).form
    words = {name: words_of(choices, form.default_language) for name, choices in form.lists.items()}
    families = _Families(listed.lokus)
    places = [(place, meant.get(title, ""), title) for place, title in enumerate(table.header) if title]
    found = _Found()
    for number, cells in table.rows():
        found.rows += 1
        if found.rows > MOST_ROWS:
            raise InputError(Problem("agreed.rows", values={"most": MOST_ROWS}))
        said = {meaning: cells[place].strip() for place, meaning, _title in places if meaning and place < len(cells)}
        household = families.find(said)
        if household is None:
            found.unknown.append(number)
            continue
        if household in found.answers:
            found.twice.append(number)
            continue
        answers = {}
        for _place, meaning, title in places:
            if meaning in form.fields and said.get(meaning):
                one = form.fields[meaning]
                value, problem = answer_of(one, words.get(one.list_name or "", NO_WORDS), said[meaning])
                if problem is not None:
                    found.wrong.append((number, title))
                elif value is not None:
                    answers[meaning] = value
        if answers:
            found.answers[household] = answers
    return found


class _Families:
    """The families of a lokus by code, KK and their members' NIK, found by what a row says."""

    def __init__(self, lokus: Lokus) -> None:
        self._hashes = SearchHashes.load()
        there = Household.objects.filter(lokus=lokus, erased_at__isnull=True, pending__isnull=True)
        self._codes: dict[str, int] = {}
        self._kks: dict[str, int] = {}
        for pk, code, kk in there.values_list("pk", "code", "kk_hash"):
            self._codes[code.upper()] = pk
            if kk:
                self._kks[kk] = pk
        persons = Person.objects.filter(household__in=there, nik_hash__isnull=False)
        self._niks = dict(persons.values_list("nik_hash", "household_id"))

    def find(self, said: Mapping[str, str]) -> int | None:
        """The one family that all of a row's marks lead to; None where there is none, or they lead to two."""
        kk, nik = self._hashes.kk(said.get(BY_KK, "")), self._hashes.nik(said.get(BY_NIK, ""))
        marks: list[tuple[bool, int | None]] = [
            (bool(said.get(BY_CODE)), self._codes.get(said.get(BY_CODE, "").upper())),
            (kk is not None, self._kks.get(kk or "")),
            (nik is not None, self._niks.get(nik or "")),
        ]
        led = {family for there, family in marks if there and family is not None}
        return led.pop() if len(led) == 1 else None


def _summary(found: _Found) -> dict[str, Any]:
    """Counts and numbers of rows; never what a cell said."""
    return {
        "rows": found.rows,
        "families": len(found.answers),
        "answers": sum(map(len, found.answers.values())),
        "unknown": len(found.unknown),
        "unknown_rows": found.unknown[:NAMED],
        "twice": len(found.twice),
        "twice_rows": found.twice[:NAMED],
        "wrong": len(found.wrong),
        "wrong_cells": [[number, title] for number, title in found.wrong[:NAMED]],
    }


def _publish(by: User, listed: AgreedImport, found: _Found) -> None:
    households = Household.objects.select_for_update(of=("self",)).filter(pk__in=found.answers).order_by("pk")
    now = timezone.now()
    made: list[Submission] = []
    for household in households:
        made.append(
            Submission(
                household=household,
                round=listed.round,
                version=listed.version,
                mode=SubmissionMode.AGREED,
                received_at=now,
                by=by,
                answers=found.answers[household.pk],
            )
        )
    Submission.objects.bulk_create(made)
    AgreedAnswers.objects.bulk_create(AgreedAnswers(submission=one, source=listed) for one in made)
    _count(listed, [one.household_id for one in made])


def _count(listed: AgreedImport, households: Sequence[int]) -> None:
    if fill_up(listed.round_id, households):
        enqueue_once(by=None, kind="scoring.score", round=listed.round_id)


def drop_list(*, by: User, cycle_slug: str, code: str, agreed_id: UUID) -> AgreedImport:
    """Throw a list away that was not used, or take back one that was: its blanks are blank again.

    Raises Missing, Forbidden; over already, nothing changes.
    """
    listed = agreed_of(by, cycle_slug, code, agreed_id)
    demand(may_import, by, listed.lokus)
    with transaction.atomic():
        Lokus.objects.select_for_update(no_key=True).get(pk=listed.lokus_id)
        locked = AgreedImport.objects.select_for_update(of=("self",)).select_related("key", "file").get(pk=listed.pk)
        if locked.state == AgreedState.UPLOADED:
            empty_agreed(locked, timezone.now())
            _record(by, "agreed.discard", locked)
        elif locked.state == AgreedState.PUBLISHED:
            locked.state, locked.undone_at = AgreedState.UNDONE, timezone.now()
            locked.save(update_fields=["state", "undone_at"])
            rows = Submission.objects.filter(agreed__source=locked)
            households = list(rows.values_list("household_id", flat=True))
            _count(locked, households)
            rows.delete()
            _record(by, "agreed.undo", locked, families=len(households))
    return locked


def _record(by: User, action: str, listed: AgreedImport, **details: object) -> None:
    # Not whose list it is nor its number: those are typed, may name somebody, and the audit keeps for ever.
    audit.record(
        by=by,
        action=action,
        object_type="agreed",
        object_id=listed.uuid,
        place_code=listed.lokus.area,
        **details,
    )
