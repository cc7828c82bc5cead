"""A family that wants to be used no further by name stays so whatever older backup is restored, and it can end that."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from selaras.access import CONSOLE, may_see_household
from selaras.actions import restrictions
from selaras.actions.merging import merge
from selaras.actions.registers import say_strange
from selaras.actions.restriction_marks import REGISTER
from selaras.actions.restrictions import Replayed
from selaras.actions.rights import answer_request, ask_about_data, know_asker, lift_restriction, take_copy
from selaras.actions.upkeep import tidy
from selaras.errors import InputError
from selaras.models import (
    AuditEntry,
    BatchState,
    DataKey,
    Household,
    ImportBatch,
    KeyPurpose,
    RightsRequest,
    Role,
    StoredFile,
    User,
)
from selaras.queries.rights import request_page
from tests import build
from tests.leaks import without_chance
from tests.pdf import pdf_text

pytestmark = pytest.mark.django_db
Commits = Callable[..., AbstractContextManager[object]]


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


class Ground:
    """A family by name, its city's secretary, and what they do."""

    def __init__(self, commits: Commits) -> None:
        self._commits = commits
        self.lokus = build.lokus(build.cycle())
        self.family = build.household(self.lokus, name="Eni Rahasia", kk="3672051234567890", phone="081298765432")
        self.by: User = build.member(Role.SECRETARIAT, "36.72", cycle=self.lokus.cycle)

    def asked(self, kind: str = "restrict", of: Household | None = None) -> RightsRequest:
        """A request about it, of which the office is sure."""
        said = {"household": (of or self.family).code, "asker": "Eni Rahasia", "reach": "lewat kader"}
        row = ask_about_data(by=self.by, cycle_slug=self.lokus.cycle.slug, kind=kind, **said)
        return know_asker(by=self.by, cycle_slug=self.lokus.cycle.slug, request=row.uuid, seen=1)

    def restricted(self, row: RightsRequest) -> RightsRequest:
        """Done."""
        with self._commits(execute=True):
            return answer_request(by=self.by, **self.this(row), state="done")

    def lifted(self, row: RightsRequest) -> RightsRequest:
        """Ended at its word."""
        with self._commits(execute=True):
            return lift_restriction(by=self.by, **self.this(row))

    def this(self, row: RightsRequest) -> dict[str, Any]:
        row.refresh_from_db()
        return {"cycle_slug": self.lokus.cycle.slug, "request": row.uuid, "seen": row.version}

    def seen(self) -> bool:
        """Whether the secretary sees the family now."""
        self.family.refresh_from_db()
        return may_see_household(self.by, self.family)


@pytest.fixture
def of(django_capture_on_commit_callbacks: Commits) -> Ground:
    return Ground(django_capture_on_commit_callbacks)


def replayed() -> Replayed:
    return restrictions.replay(by=CONSOLE, lines=REGISTER.read())


def unknown_to_the_backup(*rows: RightsRequest) -> None:
    """The database as before they asked."""
    Household.objects.update(pending=None, restricted_at=None)
    for row in rows:
        RightsRequest.objects.filter(pk=row.pk).delete()
        DataKey.objects.filter(pk=row.key_id).delete()


@pytest.mark.parametrize("kind", ["restrict", "object"])
def test_a_backup_from_before_she_asked_hides_it_again_and_by_the_request_made_again_it_ends(
    of: Ground, kind: str
) -> None:
    row = of.restricted(of.asked(kind))
    content = without_chance(REGISTER.path.read_text())
    assert [value for value in ("Eni", "Rahasia", "GD-001", "3672", "0812", "9876", "kader") if value in content] == []
    of.family.refresh_from_db()
    before = (of.family.pending, of.family.restricted_at)
    unknown_to_the_backup(row)
    assert of.seen()
    assert [replayed(), replayed()] == [Replayed(1, 0, 0), Replayed(0, 0, 0)]
    assert (of.seen(), (of.family.pending, of.family.restricted_at)) == (False, before)
    again = RightsRequest.objects.get()
    same = ("uuid", "number", "kind", "area", "household_id", "received_at", "due_at", "state", "deed", "answered_at")
    assert [getattr(again, name) for name in same] == [getattr(row, name) for name in same]
    assert (again.asker_sealed, again.key.wrapped, again.answered_by) == (None, None, None)
    entry = AuditEntry.objects.filter(action="rights.answer").latest("pk")
    assert (entry.object_id, entry.details) == (
        str(row.uuid), {"state": "done", "ground": "", "deed": "restricted", "via": "restore"},
    )  # fmt: skip
    page = request_page(of.by, of.lokus.cycle.slug, row.uuid)
    assert (page.household_restricted, page.forgotten, page.line.standing) == (True, True, "untold")
    of.lifted(again)
    assert (of.seen(), replayed(), of.seen()) == (True, Replayed(0, 0, 0), True)


def test_one_that_waited_in_the_backup_is_answered_as_it_was_and_gives_its_number_to_nobody(of: Ground) -> None:
    row = of.asked()
    waiting = RightsRequest.objects.filter(pk=row.pk).values().get()
    of.restricted(row)
    Household.objects.update(pending=None, restricted_at=None)
    RightsRequest.objects.filter(pk=row.pk).update(**waiting)
    assert replayed() == Replayed(1, 0, 0)
    row.refresh_from_db()
    assert (of.seen(), row.state, row.deed, row.asker_sealed is None, row.version) == (
        False, "done", "restricted", False, waiting["version"] + 1,
    )  # fmt: skip
    unknown_to_the_backup(row)
    other = build.household(of.lokus)
    newer = of.asked("see", other)
    assert (newer.number, replayed()) == (1, Replayed(1, 0, 0))
    assert RightsRequest.objects.get(uuid=row.uuid).number == 2


def test_a_backup_in_which_it_is_still_away_lets_it_be_seen_again_where_it_said_so_since(of: Ground) -> None:
    row = of.restricted(of.asked())
    of.family.refresh_from_db()
    away = {"pending": of.family.pending, "restricted_at": of.family.restricted_at}
    of.lifted(row)
    # It asked once more: of a backup between the two the second counts.
    second = of.restricted(of.asked("object"))
    unknown_to_the_backup(second)
    Household.objects.filter(pk=of.family.pk).update(**away)
    RightsRequest.objects.filter(pk=row.pk).update(lifted_at=None)
    first_only = [line for line in REGISTER.read() if line.request == str(row.uuid)]
    assert (restrictions.replay(by=CONSOLE, lines=first_only), of.seen()) == (Replayed(0, 1, 0), True)
    assert AuditEntry.objects.filter(action="rights.lift").latest("pk").details == {"via": "restore"}
    RightsRequest.objects.filter(pk=row.pk).update(lifted_at=None)
    Household.objects.filter(pk=of.family.pk).update(**away)
    assert (replayed(), of.seen(), of.family.pending) == (Replayed(1, 1, 0), False, second.uuid)
    assert replayed() == Replayed(0, 0, 0)


def test_what_the_database_knows_to_have_ended_is_not_undone_by_a_register_that_missed_it(of: Ground) -> None:
    row = of.restricted(of.asked())
    kept = REGISTER.path.read_bytes()
    of.lifted(row)
    REGISTER.path.write_bytes(kept)
    tidy()
    assert of.seen()
    # The hour brings what the register lacks: ends, and restrictions of before there was one.
    assert [restrictions.complete(timezone.now()), restrictions.complete(timezone.now())] == [1, 0]
    assert [line.lifted is not None for line in REGISTER.read()] == [False, True]
    second = of.restricted(of.asked())
    REGISTER.path.unlink()
    assert restrictions.complete(timezone.now()) == 2
    assert {(line.request, line.lifted is not None) for line in REGISTER.read()} == {
        (str(row.uuid), True), (str(second.uuid), False),
    }  # fmt: skip


def test_the_family_that_was_found_to_be_it_goes_and_comes_back_with_it(of: Ground) -> None:
    twin = build.household(of.lokus, name="Eni R", kk="3672051234567890"[:-1] + "1")
    row = of.asked(of=twin)
    merge(by=of.by, kept=of.family, gone=twin)
    row = of.restricted(row)
    # It is about the family that it was found to be, and ends there.
    assert (row.household, request_page(of.by, of.lokus.cycle.slug, row.uuid).household_restricted) == (of.family, True)
    unknown_to_the_backup(row)
    assert replayed() == Replayed(1, 0, 0)
    assert set(Household.objects.values_list("pending", flat=True)) == {row.uuid}
    of.lifted(RightsRequest.objects.get(uuid=row.uuid))
    assert set(Household.objects.values_list("pending", "restricted_at")) == {(None, None)}


def test_a_copy_that_a_record_found_to_be_another_asked_for_is_of_that_one_and_the_request_is_answered(
    of: Ground,
) -> None:
    twin = build.household(of.lokus, name="Eni Lama", kk="3672051234567890"[:-1] + "1")
    row, later, restrict = of.asked("copy", of=twin), of.asked("see", of=twin), of.asked()
    merge(by=of.by, kept=of.family, gone=twin)
    slug = of.lokus.cycle.slug
    shown = request_page(of.by, slug, row.uuid)
    assert (shown.line.household, shown.asked_as, shown.household_there, shown.has_copy) == (
        of.family.code, twin.code, True, True,
    )  # fmt: skip
    text = pdf_text(take_copy(by=of.by, cycle_slug=slug, request=row.uuid).content)
    assert ("Eni Rahasia" in text, "Eni Lama" in text) == (True, False)
    answered = answer_request(by=of.by, **of.this(row), state="done")
    assert (answered.household, answered.deed) == (of.family, "given")
    # In nobody's view at its wish it may still have its copy, by whichever code it asked.
    of.restricted(restrict)
    shown = request_page(of.by, slug, later.uuid)
    assert (shown.household_there, shown.household_restricted, shown.has_copy) == (False, True, True)


def test_who_is_not_there_yet_is_counted_and_an_import_that_brings_it_is_discarded(of: Ground) -> None:
    row = of.restricted(of.asked())
    unknown_to_the_backup(row)
    batch = ImportBatch.objects.create(
        round=build.baseline(of.lokus.cycle), lokus=of.lokus, version=build.version(), state=BatchState.CHECKED,
        key=build.key(KeyPurpose.BATCH), file=StoredFile.store(b"x", "text/csv"), created_by=of.by,
    )  # fmt: skip
    Household.objects.filter(pk=of.family.pk).update(pending=batch.uuid)
    assert [replayed(), replayed()] == [Replayed(0, 0, 1), Replayed(0, 0, 1)]
    batch.refresh_from_db()
    assert (batch.state, batch.file, Household.objects.count(), RightsRequest.objects.count()) == (
        "discarded", None, 0, 0,
    )  # fmt: skip


def test_an_erased_family_stays_erased_and_a_line_of_another_form_is_refused(of: Ground) -> None:
    row = of.restricted(of.asked())
    answer_request(by=of.by, **of.this(of.asked("erase")), state="done")
    RightsRequest.objects.filter(pk=row.pk).update(state="done")
    of.family.refresh_from_db()
    assert (of.family.erased_at is None, replayed()) == (False, Replayed(0, 0, 0))
    for wrong in ("{}", '{"request": "x"}', "[]"):
        REGISTER.path.write_text(f"{wrong}\n")
        with pytest.raises(InputError) as refused:
            REGISTER.read()
        assert refused.value.problems[0].values == {"name": "restrictions.jsonl", "line": 1}


def test_a_line_of_another_form_holds_up_neither_the_hour_nor_the_lines_beside_it(
    of: Ground, caplog: pytest.LogCaptureFixture
) -> None:
    row = of.restricted(of.asked())
    REGISTER.path.write_text("{}\n" + REGISTER.path.read_text())
    unknown_to_the_backup(row)
    say_strange.cache_clear()
    for _ in range(2):
        tidy()
        restrictions.complete(timezone.now())
    assert of.seen() is False
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == [
        "baris 1 di restrictions.jsonl bukan dari Selaras dan tidak dijalankan"
    ]
    with pytest.raises(InputError):
        REGISTER.read()
