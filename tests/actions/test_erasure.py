"""Nothing personal can be read without the key, and nothing at all once a family has been erased."""

from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from selaras.access import CONSOLE
from selaras.actions import backup, doctor, erasure, upkeep
from selaras.actions.registers import say_strange
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import (
    AuditEntry,
    BatchState,
    CannotUnsealError,
    Counter,
    DataKey,
    Erasure,
    Household,
    HouseholdClass,
    HouseholdScore,
    ImportBatch,
    ImportRow,
    Job,
    Result,
    Role,
    StoredFile,
    Submission,
)
from tests import build, leaks
from tests.actions.planting import NOW, Family, members, publish, upload

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def planted() -> tuple[Family, Household, Family, Household]:
    """Two families of one import, published."""
    lokus = build.lokus(build.cycle(), rw="03")
    one, other = Family(), Family()
    first, second = publish(upload(lokus, [one, other]), [one, other])
    return one, first, other, second


def test_no_number_free_text_photo_or_raw_form_can_be_read_without_the_key() -> None:
    one, household, other, _ = planted()
    waiting = Family()
    upload(household.lokus, [waiting])
    assert leaks.found([*one.secret, *other.secret, *waiting.secret, *waiting.plain]) == set()
    # The same search does find what is stored in plain, and what a careless line would leave behind.
    assert {value for value, _ in leaks.found(one.plain)} == set(one.plain)
    Job.objects.create(kind="uji", note=f"baris 2: {one.nik}")
    StoredFile.store(one.story.encode(), "text/plain")
    assert {value for value, _ in leaks.found(one.secret)} == {one.nik, one.story}
    # And whoever has the key reads everything.
    household = Household.objects.get(pk=household.pk)
    submission = household.submissions.get()
    assert (household.kk(), household.phone()) == (one.kk, one.phone)
    assert [person.nik() for person in members(household)] == [one.nik]
    assert submission.private_values() == {"keluhan": one.story, "nik": one.nik}
    assert one.story.encode() in submission.raw_bytes()


def test_after_erasure_no_value_of_the_family_is_anywhere_and_its_neighbour_is_whole() -> None:
    one, household, other, neighbour = planted()
    assert {value for value, _ in leaks.found(one.plain)} == set(one.plain)
    erased = erasure.erase_household(by=CONSOLE, household=household, reason="permintaan")
    leaks.swept()
    assert leaks.found([*one.secret, *one.plain]) == set()
    assert Erasure.objects.get().swept_at is not None
    assert erased.household == household.uuid
    assert {value for value, _ in leaks.found(other.plain)} == set(other.plain)
    neighbour = Household.objects.get(pk=neighbour.pk)
    assert (neighbour.kk(), neighbour.submissions.get().private_values()["nik"]) == (other.kk, other.nik)


def test_erasure_deletes_rows_and_files_and_destroys_the_key() -> None:
    _, household, _, neighbour = planted()
    key = household.the_key()
    photo = StoredFile.objects.get(key=key)
    assert photo.is_intact()
    erasure.erase_household(by=CONSOLE, household=household, reason="permintaan")
    assert not photo.path.exists()
    assert not StoredFile.objects.filter(pk=photo.pk).exists()
    assert household.persons.count() == household.submissions.count() == household.current_answers.count() == 0
    assert (household.head_name, household.address, household.rt, household.key) == ("", "", "", None)
    with pytest.raises(CannotUnsealError):
        DataKey.objects.get(pk=key.pk).secret()
    assert neighbour.submissions.count() == 1


def test_stored_scores_counters_and_results_stay_as_they_were() -> None:
    _, household, _, _ = planted()
    tables = (HouseholdScore, HouseholdClass, Counter, Result)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    assert all(before)
    erasure.erase_household(by=CONSOLE, household=household, reason="permintaan")
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


def test_every_import_on_its_way_into_the_lokus_is_discarded_for_it_may_hold_the_family() -> None:
    one, household, _, neighbour = planted()
    lokus = household.lokus
    again, unread, wide = upload(lokus, [one, Family()]), upload(lokus, []), upload(lokus, [one])
    ImportBatch.objects.filter(pk=unread.pk).update(state=BatchState.UPLOADED, summary={"header": [one.name]})
    ImportBatch.objects.filter(pk=wide.pk).update(lokus=None)
    elsewhere = upload(build.lokus(lokus.cycle, "36.72.05.1001", "SJ"), [Family()])
    brought = build.household(lokus, name="baru")
    Household.objects.filter(pk=brought.pk).update(pending=again.uuid)
    prepared = Submission.objects.create(
        household=neighbour, round=again.round, version=again.version, mode="import", batch=again, answers={}
    )
    erased = erasure.erase_household(by=CONSOLE, household=household, reason="permintaan")
    for batch in ImportBatch.objects.filter(pk__in=[again.pk, unread.pk, wide.pk]).select_related("key"):
        assert (batch.state, batch.file, batch.key.wrapped, batch.summary) == (BatchState.DISCARDED, None, None, {})
        assert str(batch.key_id) in erased.keys
    assert ImportRow.objects.exclude(batch=elsewhere).count() == 0
    assert not Household.objects.filter(pk=brought.pk).exists()
    assert not Submission.objects.filter(pk=prepared.pk).exists()
    assert ImportBatch.objects.get(pk=elsewhere.pk).state == BatchState.CHECKED
    leaks.swept()
    assert leaks.found([*one.secret, *one.plain]) == set()
    assert Job.objects.filter(kind="imports.tidy").count() == 3


def test_the_audit_says_who_and_why_and_no_value() -> None:
    _, household, _, _ = planted()
    secretary = build.member(Role.SECRETARIAT, "36.72")
    erasure.erase_household(by=secretary, household=household, reason="salah-data")
    entry = AuditEntry.objects.get(action="households.erase")
    assert (entry.actor, entry.object_id, entry.place_code) == (secretary, str(household.uuid), household.lokus.area)
    # Three kept searches are called after the family and its street.
    assert entry.details == {"reason": "salah-data", "texts": 3}


def test_only_the_secretariat_may_and_only_once() -> None:
    _, household, _, _ = planted()
    for role in (Role.SUPERVISOR, Role.CADRE, Role.JUROR):
        with pytest.raises(Forbidden):
            erasure.erase_household(by=build.member(role, "36.72"), household=household, reason="permintaan")
    far = build.member(Role.SECRETARIAT, "36.73")
    with pytest.raises(Forbidden):
        erasure.erase_household(by=far, household=household, reason="permintaan")
    assert Submission.objects.filter(household=household).count() == 1
    erasure.erase_household(by=CONSOLE, household=household, reason="permintaan")
    with pytest.raises(Missing):
        erasure.erase_household(by=CONSOLE, household=household, reason="permintaan")


def test_a_door_erases_by_year_and_code_and_learns_nothing_of_another_city() -> None:
    _, household, _, _ = planted()
    given = {"cycle_slug": household.lokus.cycle.slug, "code": household.code, "reason": "permintaan"}
    with pytest.raises(Missing):
        erasure.erase_by_code(by=build.member(Role.SECRETARIAT, "36.73"), **given)
    with pytest.raises(Forbidden):
        erasure.erase_by_code(by=build.member(Role.SUPERVISOR, "36.72.05.1005"), **given)
    secretary = build.member(Role.SECRETARIAT, "36.72")
    assert erasure.erase_by_code(by=secretary, **given).household == household.uuid
    with pytest.raises(Missing):
        erasure.erase_by_code(by=secretary, **given)


def test_an_erasure_that_is_rolled_back_loses_nothing() -> None:
    _, household, _, _ = planted()
    photo = StoredFile.objects.get(key=household.the_key())
    with transaction.atomic():
        erasure.erase_household(by=CONSOLE, household=household, reason="permintaan")
        transaction.set_rollback(True)
    assert photo.is_intact()
    assert Household.objects.get(pk=household.pk).submissions.count() == 1
    assert Erasure.objects.count() == 0
    assert erasure.read_register(erasure.register_path()) == []


@pytest.mark.parametrize("busy", ["a reader of families", "a writer of something else"])
def test_a_transaction_that_still_sees_the_family_delays_the_sweep_and_not_the_erasure(
    busy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "LOCK_WAIT", 100)
    one, household, _, _ = planted()
    reading = "SELECT count(*) FROM selaras_household"
    writing = (
        "SELECT pg_current_xact_id()" if connection.vendor == "postgresql" else "SELECT count(*) FROM selaras_place"
    )
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(reading if busy == "a reader of families" else writing)
        erasure.erase_household(by=CONSOLE, household=household, reason="permintaan")
        assert Household.objects.get(pk=household.pk).head_name == ""
        assert Erasure.objects.get().swept_at is None
        cursor.execute("COMMIT")
    other.close()
    monkeypatch.undo()
    upkeep.tidy()
    leaks.swept()
    assert leaks.found([*one.secret, *one.plain]) == set()


def test_the_register_outside_the_database_names_ids_and_every_key_and_keeps_old_lines() -> None:
    _, household, _, neighbour = planted()
    own, batch = household.the_key().pk, household.submissions.get().batch
    assert batch is not None
    erasure.erase_household(by=CONSOLE, household=household, reason="permintaan")
    line = erasure.read_register(erasure.register_path())
    assert line == erasure.entries()
    assert (line[0].household, set(line[0].keys)) == (str(household.uuid), {str(own), str(batch.key_id)})
    Erasure.objects.all().delete()
    erasure.erase_household(by=CONSOLE, household=neighbour, reason="permintaan")
    found = [entry.household for entry in erasure.read_register(erasure.register_path())]
    assert found == [str(household.uuid), str(neighbour.uuid)]


def test_a_line_that_nobody_can_read_holds_up_nothing_else_and_stays_until_somebody_mends_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _, household, _, neighbour = planted()
    good = erasure.line_of(erasure.Entry(str(neighbour.uuid), (), NOW.isoformat()))
    strange = [b'{"household": "x"}', good.replace(b'"marks": {}', b'"marks": {"words": [1]}'), b"\xff"]
    assert strange[1] != good
    path = erasure.register_path()
    path.write_bytes(b"\n".join([strange[0], good, *strange[1:], b""]))
    say_strange.cache_clear()
    for _ in range(2):
        upkeep.tidy()
    neighbour.refresh_from_db()
    assert neighbour.erased_at is not None
    erasure.erase_household(by=CONSOLE, household=household, reason="permintaan")
    known, numbers = erasure.known_register()
    assert ([entry.household for entry in known], numbers) == ([str(neighbour.uuid), str(household.uuid)], [1, 3, 4])
    assert [line for line in path.read_bytes().splitlines() if line in strange] == strange
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == [
        f"baris {number} di erasures.jsonl bukan dari Selaras dan tidak dijalankan" for number in (1, 3, 4)
    ]
    said = [(found.level, found.said) for found in doctor.examine() if "daftar penghapusan" in found.said]
    assert said == [("rusak", "daftar penghapusan, baris 1, 3, 4: tidak terbaca dan tidak dijalankan")]
    # A backup is taken all the same; who restores is told before anything is read.
    backup.back_up(by=CONSOLE, path=tmp_path / "1.cadangan")
    with pytest.raises(InputError) as refused:
        backup.restore(by=CONSOLE, path=tmp_path / "1.cadangan")
    assert [(each.code, each.values["line"]) for each in refused.value.problems] == [
        ("backup.beside", number) for number in (1, 3, 4)
    ]


def test_what_the_database_learns_about_its_columns_holds_no_value() -> None:
    """PostgreSQL samples columns into pg_statistic, which no erasure of rows would reach."""
    families = [Family() for _ in range(12)]
    made = publish(upload(build.lokus(build.cycle(), rw="03"), families), families)
    values = [value for family in families for value in [*family.secret, *family.plain]]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    sampled = {where for _, where in leaks.found(values) if "statistic" in where or "sqlite_stat" in where}
    assert sampled == set()
    erasure.erase_household(by=CONSOLE, household=made[0], reason="permintaan")
    leaks.swept()
    assert leaks.found([*families[0].secret, *families[0].plain]) == set()
