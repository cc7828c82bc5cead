"""Answers too many to wait for: made by the worker, sealed, their asker's alone, gone in a day."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from selaras.access import CONSOLE, exports_for
from selaras.actions import exports
from selaras.actions.backups.rows import kept_models
from selaras.actions.erasure import erase_household
from selaras.actions.jobs import work_off, worker_name
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import AuditEntry, CannotUnsealError, DataKey, Export, Household, Job, Role, User
from selaras.models.exports import PIECE, exports_folder
from selaras.queries.extract import FileForm, Wanted
from tests import build, leaks
from tests.actions.test_exports import NAMED, WHY, details, ground, said, secretary, tables
from tests.build_programme import Programme

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two families are many."""
    monkeypatch.setattr(exports, "AT_ONCE", 1)


def asked(of: Programme, by: User, form: FileForm = "csv", **more: bool) -> Export:
    found = exports.export(by=by, cycle_slug=of.cycle.slug, wanted=Wanted("baseline", form, **more), why=WHY)
    assert isinstance(found, Export)
    return found


def fetched(of: Programme, by: User, made: Export) -> bytes:
    _found, pieces = exports.take(by=by, cycle_slug=of.cycle.slug, export_id=made.uuid)
    return b"".join(pieces)


@pytest.mark.usefixtures("large")
def test_a_large_one_is_made_by_the_worker_sealed_and_taken_by_its_asker() -> None:
    of = ground()
    by = secretary(of)
    made = asked(of, by, identifiers=True)
    with pytest.raises(Missing):
        fetched(of, by, made)
    work_off()
    job = Job.objects.get(kind="exports.make")
    content = fetched(of, by, made)

    assert (job.state, job.done, job.total) == ("done", 3, 3)
    assert [row[0] for row in tables(content)["keluarga"][1:]] == ["GD-001", "GD-002", "GD-003"]
    assert {value for value in NAMED if value in said(content)} == NAMED
    made.refresh_from_db()
    assert (made.size, made.families, made.name) == (
        len(content), 3, f"jawaban-{of.cycle.slug}-baseline-dengan-identitas.zip",
    )  # fmt: skip
    # What stands on the disk is sealed, and nothing else does.
    assert [path.name for path in exports_folder().iterdir()] == [str(made.uuid)]
    assert leaks.found(["3672051111110001", "3672052222220002"]) == set()
    assert [(e.action, e.actor) for e in AuditEntry.objects.filter(action__startswith="exports.").order_by("pk")] == [
        ("exports.ask", by), ("exports.make", by), ("exports.take", by),
    ]  # fmt: skip
    assert {each["why"] for action in ("ask", "make", "take") for each in details(f"exports.{action}")} == {WHY}


@pytest.mark.usefixtures("large")
def test_one_that_was_erased_or_made_by_another_while_it_was_written_is_left_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of = ground()
    by = secretary(of)
    first, second = asked(of, by), asked(of, by)
    written = exports.write_tables

    def meanwhile(*args: object, **more: object) -> object:
        Export.objects.filter(pk=first.pk).delete()
        Export.objects.filter(pk=second.pk).update(made_at=timezone.now(), name="lain")
        return written(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(exports, "write_tables", meanwhile)
    work_off()

    assert list(Export.objects.values_list("name", flat=True)) == ["lain"]
    assert sorted(exports_folder().iterdir()) == []
    assert details("exports.make") == []


@pytest.mark.usefixtures("large")
def test_it_is_nobody_elses_whoever_she_is() -> None:
    of = ground()
    by, other = secretary(of), secretary(of)
    made = asked(of, by)
    work_off()

    assert (list(exports_for(by)), list(exports_for(other)), list(exports_for(CONSOLE))) == ([made], [], [])
    with pytest.raises(Missing):
        fetched(of, other, made)


@pytest.mark.usefixtures("large")
def test_who_has_lost_her_task_since_gets_neither_the_file_nor_has_it_made() -> None:
    of = ground()
    by = secretary(of)
    made = asked(of, by)
    work_off()
    waiting = asked(of, by)
    by.memberships.update(ends=timezone.now())
    work_off()
    by = User.objects.get(pk=by.pk)

    waiting.refresh_from_db()
    assert (waiting.made_at, Job.objects.get(pk=waiting.job_id).state) == (None, "failed")
    with pytest.raises(Missing):
        fetched(of, by, made)
    by.memberships.create(role=Role.CADRE, cycle=of.cycle, place_code=f"{of.lokus.place.code}.RW03")
    cadre_now = User.objects.get(pk=by.pk)
    # Still of that lokus, yet not of all its families: a file of the whole lokus is not hers any more.
    with pytest.raises(Forbidden):
        fetched(of, cadre_now, made)


@pytest.mark.usefixtures("large")
def test_after_a_day_file_row_and_key_are_gone() -> None:
    of = ground()
    by = secretary(of)
    made = asked(of, by)
    work_off()
    made.refresh_from_db()
    now = timezone.now()
    exports.forget_old(now + timedelta(hours=23))
    assert Export.objects.count() == 1
    exports.forget_old(now + timedelta(hours=25))

    assert (Export.objects.count(), DataKey.objects.filter(purpose="export").count()) == (0, 0)
    assert sorted(exports_folder().iterdir()) == []
    with pytest.raises(Missing):
        fetched(of, by, made)


@pytest.mark.usefixtures("large")
def test_erasing_a_family_destroys_every_file_of_its_year() -> None:
    of = ground()
    by = secretary(of)
    made = asked(of, by, identifiers=True)
    work_off()
    erase_household(by=CONSOLE, household=Household.objects.get(code="GD-001"), reason="permintaan")

    assert (Export.objects.count(), DataKey.objects.filter(purpose="export").count()) == (0, 0)
    assert sorted(exports_folder().iterdir()) == []
    with pytest.raises(Missing):
        fetched(of, by, made)


def test_what_a_killed_process_left_open_goes_with_the_next_erasure_and_what_another_writes_stays() -> None:
    of = ground()
    host = worker_name().rpartition(":")[0]
    # A number that no process can have; this very process; one of another machine that shares the folder.
    names = [f".work-{who}-a1_b" for who in (f"{host}:99999999", worker_name(), "mesin-lain:99999999")]
    for name in names:
        (exports_folder() / name).mkdir(parents=True)
        (exports_folder() / name / "keluarga.csv").write_text("Eni Rahasia")
    erase_household(by=CONSOLE, household=Household.objects.get(lokus=of.lokus, code="GD-001"), reason="permintaan")
    assert sorted(path.name for path in exports_folder().iterdir()) == sorted(names[1:])


@pytest.mark.usefixtures("large")
def test_she_deletes_her_own_and_has_no_more_than_five() -> None:
    of = ground()
    by = secretary(of)
    made = [asked(of, by) for _ in range(exports.MOST)]
    with pytest.raises(InputError) as refused:
        asked(of, by)
    exports.drop(by=by, cycle_slug=of.cycle.slug, export_id=made[0].uuid)
    asked(of, by)
    work_off()

    assert [problem.code for problem in refused.value.problems] == ["export.many"]
    assert Export.objects.filter(made_at__isnull=False).count() == exports.MOST
    assert details("exports.drop") == [{}]


def test_a_sealed_file_of_several_pieces_opens_whole_and_cut_short_not_at_all(tmp_path: Path) -> None:
    of = ground()
    content = bytes(range(256)) * (2 * PIECE // 256) + b"rest"
    plain = tmp_path / "plain"
    plain.write_bytes(content)
    row = Export(cycle=of.cycle, round=of.round, by=secretary(of), why=WHY, key=build.key(), ends_at=timezone.now())
    row.seal_file(plain).replace(row.path)

    assert (row.pieces, row.size, b"".join(row.unsealed())) == (3, len(content), content)
    row.pieces = 2
    with pytest.raises(CannotUnsealError):
        b"".join(row.unsealed())


def test_what_a_killed_process_left_is_swept_and_no_backup_holds_an_export() -> None:
    left = exports_folder() / ".work-left"
    left.mkdir(parents=True)
    (left / "keluarga.csv").write_text("GD-001")
    (exports_folder() / "tanpa-baris").write_bytes(b"x")
    exports.forget_old(timezone.now())
    assert len(list(exports_folder().iterdir())) == 2
    exports.forget_old(timezone.now() + timedelta(hours=7))

    assert sorted(exports_folder().iterdir()) == []
    assert Export not in kept_models()
