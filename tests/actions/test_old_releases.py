"""The demo of every release, as it was backed up then, is restored here and brought up to date; so is a backup of today
as the first schema would have written it.

A new dump is made by tools/demo_dump.sh when a version is tagged. A migration that loses or breaks what was stored
fails here, on both databases.
"""

import functools
import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from django.apps.registry import Apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from pytest_django import Settings

from selaras.access import CONSOLE
from selaras.actions import audit, backup
from selaras.actions.backups.sealed import plain
from selaras.actions.doctor import examine
from selaras.actions.imports import undo_import
from selaras.actions.jobs import work_off
from selaras.errors import InputError
from selaras.models import (
    Achievement,
    Counter,
    CurrentAnswers,
    Cycle,
    Household,
    HouseholdScore,
    ImportBatch,
    Membership,
    Person,
    Place,
    Role,
    sealing,
)
from tests.actions.test_backup import emptied, planted, tables

pytestmark = pytest.mark.django_db(transaction=True)

FOLDER = Path(__file__).resolve().parents[1] / "fixtures"
DUMPS = sorted(path.name for path in FOLDER.glob("demo-*.zip"))


#: Releases that kept nothing of what an import had brought.
FORGETFUL = {"demo-0.1.0.zip"}


def test_the_first_release_is_among_them() -> None:
    assert set(DUMPS) >= FORGETFUL


@pytest.mark.parametrize("name", DUMPS)
def test_the_demo_of_a_release_comes_back_whole_and_an_import_it_kept_nothing_of_is_not_taken_back(
    name: str, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    restored = backup.restore(by=CONSOLE, path=FOLDER / name)
    assert restored.files > 0
    # What that release did not know of yet, the needs of its families, follows by jobs.
    work_off()
    assert [finding.said for finding in examine() if finding.level == "rusak"] == []
    assert Cycle.objects.get(slug="kota-cilegon-2024").synthetic
    families = Household.objects.filter(erased_at__isnull=True).select_related("key")
    assert (families.count(), CurrentAnswers.objects.filter(dirty=False).count()) == (200, 200)
    assert {len(family.kk()) for family in families} <= {0, 16}
    named = Person.objects.exclude(nik_sealed=None).select_related("household__key")
    assert {len(person.nik()) for person in named} == {16}
    assert HouseholdScore.objects.count() > 0
    assert Counter.objects.count() > 0
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)
    assert Place.objects.filter(code__startswith="36.72.", level="kelurahan").count() == 43
    assert list(Achievement.objects.values_list("title", "year", "programme")) == [("Juara I", 2023, "")]
    if name in FORGETFUL:
        no_import_is_taken_back()


def no_import_is_taken_back() -> None:
    batch = ImportBatch.objects.select_related("round__cycle", "lokus").order_by("pk").first()
    assert batch is not None
    assert batch.lokus is not None
    # One that brought no family but corrected known ones: what they were before, nobody has kept.
    ImportBatch.objects.filter(pk=batch.pk).update(households_new=0, households_known=batch.households_new)
    before = list(Household.objects.order_by("pk").values_list("head_name", "version", "pending"))
    with pytest.raises(InputError) as refused:
        undo_import(by=CONSOLE, cycle_slug=batch.round.cycle.slug, code=batch.lokus.area, import_id=batch.uuid)

    assert [str(problem) for problem in refused.value.problems] == [
        "impor ini tersimpan sebelum Selaras mencatat apa yang dibawa dan diubahnya;"
        " perbaiki atau hapus keluarganya satu per satu"
    ]
    assert list(Household.objects.order_by("pk").values_list("head_name", "version", "pending")) == before
    assert ImportBatch.objects.get(pk=batch.pk).state == "published"


@functools.cache
def at_first() -> Apps:
    """The models of the first migration."""
    return MigrationLoader(None, ignore_no_migrations=True).project_state(("selaras", "0001_initial")).apps


def columns_at_first(table: str) -> set[str] | None:
    """The columns that the first migration gave a table of ours; None for a table that came later."""
    try:
        return {field.attname for field in at_first().get_model("selaras", table)._meta.concrete_fields}
    except LookupError:
        return None


def as_of_the_first_migration(path: Path) -> Path:
    """The same backup as the first schema would have written it, proven anew."""
    older = path.with_name("lama.zip")
    with plain(path) as source, zipfile.ZipFile(source) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(contents.pop("manifest.json"))
    contents.pop("manifest.proof")
    for name in [name for name in contents if name.startswith("tables/selaras.")]:
        known = columns_at_first(name.removeprefix("tables/selaras.").removesuffix(".jsonl"))
        if known is None:
            del contents[name]
            continue
        lines = [json.loads(line) for line in contents[name].splitlines()]
        kept = [{k: v for k, v in line.items() if k in known} for line in lines]
        contents[name] = b"".join(json.dumps(line).encode() + b"\n" for line in kept)
    manifest["members"] = [member for member in manifest["members"] if member["name"] in contents]
    for member in manifest["members"]:
        member["sha256"] = hashlib.sha256(contents[member["name"]]).hexdigest()
    manifest["migrations"] = [m for m in manifest["migrations"] if m[0] != "selaras" or m[1] == "0001_initial"]
    text = json.dumps(manifest).encode()
    with zipfile.ZipFile(older, "w") as archive:
        for name, content in {**contents, "manifest.json": text}.items():
            archive.writestr(name, content)
        archive.writestr("manifest.proof", f"1:{sealing.proof(1, text)}")
    return older


def test_a_backup_of_an_older_schema_is_loaded_as_it_was_and_brought_up_to_date(
    settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    family, household = planted()
    backup.back_up(by=CONSOLE, path=tmp_path / "1.zip")
    older = as_of_the_first_migration(tmp_path / "1.zip")
    emptied(tmp_path / "media")
    backup.restore(by=CONSOLE, path=older)
    again = Household.objects.select_related("key").get(uuid=household.uuid)
    assert (again.pending, again.kk(), again.head_name) == (None, family.kk, family.name)
    assert audit.verify().holds
    backup.back_up(by=CONSOLE, path=tmp_path / "2.zip")
    one, two = tables(tmp_path / "1.zip"), tables(tmp_path / "2.zip")
    there = set(tables(older))
    assert [name for name in there if one[name] != two[name]] == ["tables/selaras.auditentry.jsonl"]


def test_no_model_has_changed_without_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
