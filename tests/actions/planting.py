"""A family whose every value is unmistakable, brought in by an import as the product does it."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from django.db import transaction

from selaras.actions import audit
from selaras.actions.erasure import empty_batch
from selaras.models import (
    BatchState,
    Counter,
    CurrentAnswers,
    Household,
    HouseholdClass,
    HouseholdScore,
    ImportBatch,
    ImportRow,
    KeyPurpose,
    Lokus,
    Person,
    Result,
    RightsRequest,
    SavedView,
    SearchHashes,
    StoredFile,
    Submission,
    Target,
    TargetChange,
    TargetDecision,
)
from tests import build

NOW = datetime(2024, 2, 1, tzinfo=UTC)


def mark(prefix: str) -> str:
    """A value that stands nowhere else."""
    return f"{prefix}-{uuid.uuid4().hex[:20]}"


def number(digits: int) -> str:
    """A number of so many digits that stands nowhere else."""
    return str(uuid.uuid4().int)[:digits]


@dataclass
class Family:
    """What is planted. `secret` must not be readable without the key; `plain` may, until the family is erased."""

    nik: str = field(default_factory=lambda: number(16))
    kk: str = field(default_factory=lambda: number(16))
    phone: str = field(default_factory=lambda: "62" + number(13))
    story: str = field(default_factory=lambda: mark("keluhan"))
    photo: str = field(default_factory=lambda: mark("foto"))
    remark: str = field(default_factory=lambda: mark("catatan"))
    name: str = field(default_factory=lambda: mark("kepala"))
    member: str = field(default_factory=lambda: mark("anggota"))
    address: str = field(default_factory=lambda: mark("jalan"))
    asked: str = field(default_factory=lambda: mark("permintaan"))
    born: str = "1971-03-04"

    @property
    def secret(self) -> list[str]:
        return [self.nik, self.kk, self.phone, self.story, self.photo, self.remark, self.asked]

    @property
    def plain(self) -> list[str]:
        return [self.name, self.member, self.address]

    @property
    def row(self) -> dict[str, str]:
        return {key: getattr(self, key) for key in ("nik", "kk", "phone", "story", "name", "member", "address")}


def upload(lokus: Lokus, families: list[Family]) -> ImportBatch:
    """A checked import: its file and its staged rows sealed under its key."""
    asked = lokus.cycle.rounds.first() or build.baseline(lokus.cycle)
    key = build.key(KeyPurpose.BATCH)
    raw = json.dumps([family.row for family in families]).encode()
    batch = ImportBatch.objects.create(
        round=asked,
        lokus=lokus,
        version=build.version(number=mark("v")),
        key=key,
        file=StoredFile.store(raw, "text/csv", key),
        state=BatchState.CHECKED,
    )
    hashes = SearchHashes.load()
    for n, family in enumerate(families, start=2):
        row = ImportRow(batch=batch, number=n, kk_hash=hashes.kk(family.kk))
        row.seal(family.row)
        row.save()
    return batch


def publish(batch: ImportBatch, families: list[Family]) -> list[Household]:
    """The families with members, answers, a photo and scores; then the batch is emptied."""
    with transaction.atomic():
        made = [_family(batch, family) for family in families]
        batch.state = BatchState.PUBLISHED
        batch.save()
        empty_batch(batch=batch, now=NOW)
        audit.record(by=None, action="imports.publish", object_type="batch", object_id=batch.uuid, families=len(made))
    return made


def _family(batch: ImportBatch, family: Family) -> Household:
    assert batch.lokus is not None
    household = build.household(batch.lokus, name=family.name, kk=family.kk, phone=family.phone, address=family.address)
    build.person(household, family.member, family.nik)
    submission = Submission(
        household=household, round=batch.round, version=batch.version, mode="import", batch=batch,
        answers={"lahir": family.born, "jamban": "ya"},
    )  # fmt: skip
    submission.seal_private({"keluhan": family.story, "nik": family.nik})
    raw = json.dumps(family.row).encode()
    submission.seal_raw(raw, SearchHashes.load().raw(raw))
    submission.save()
    StoredFile.store(family.photo.encode(), "image/jpeg", household.key)
    CurrentAnswers.objects.create(
        household=household, round=batch.round, lokus=batch.lokus, submission=submission, answers=submission.answers
    )
    _scores(household, batch)
    _listed(household, family)
    _asked(household, family)
    return household


def _asked(household: Household, family: Family) -> None:
    """She has asked about her data, by name."""
    cycle = household.lokus.cycle
    row = RightsRequest(cycle=cycle, number=cycle.rights_requests.count() + 1, area=household.area, kind="see")
    row.household, row.key = household, build.key(KeyPurpose.RIGHTS)
    row.received_at = row.due_at = NOW
    row.asker_sealed, row.words_sealed = (
        row.key.seal_text(text, row.context(what)) for what, text in (("asker", family.nik), ("words", family.asked))
    )
    row.save()


def _listed(household: Household, family: Family) -> None:
    """Replaced with a remark, twice, and somebody's kept search that is called after it."""
    target = Target(household=household, lokus=household.lokus, state="replaced", position=1, reason="refused")
    target.set_note(family.remark)
    target.save()
    TargetChange.objects.create(
        decision=TargetDecision.objects.create(lokus=household.lokus), household=household,
        state="replaced", before_state="replaced", before_note_sealed=target.note_sealed,
    )  # fmt: skip
    for number, text in enumerate((family.name, family.member, family.address)):
        SavedView.objects.create(
            user=build.user(), cycle=household.lokus.cycle, page="households", name=f"{number} {text}", query="rt=01"
        )


def _scores(household: Household, batch: ImportBatch) -> None:
    indicator, _ = batch.version.indicators.get_or_create(name="jamban", position=0)
    same = {"lokus": household.lokus, "round": batch.round}
    counts = {"n": 1, "true": 1, "missing": 0, "not_applicable": 0}
    HouseholdScore.objects.create(household=household, indicator=indicator, state="y", **same, **counts)
    HouseholdClass.objects.create(household=household, version=batch.version, name="ks1", **same)
    counter, _ = Counter.objects.get_or_create(
        indicator=indicator, **same, defaults={**dict.fromkeys(counts, 0), "total": Decimal(0)}
    )
    counter.n, counter.true = counter.n + 1, counter.true + 1
    counter.save()
    Result.objects.create(
        lokus=household.lokus, round=batch.round, version=batch.version, instrument_sha256="0" * 64,
        data_hash="1" * 64, engine="uji", card={"unit": "GD"}, trace={"households": [str(household.uuid)]},
    )  # fmt: skip


def members(household: Household) -> list[Person]:
    """Its persons, in order."""
    return list(household.persons.select_related("household__key"))
