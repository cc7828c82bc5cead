"""A migration is there whole and written down, or neither: who was killed in between goes on where she was."""

import pytest
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection, models
from django.db.migrations import CreateModel, Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from selaras.actions.migrating import Executor

pytestmark = pytest.mark.django_db(transaction=True)


class CutError(Exception):
    """The power, for instance."""


def table_of_a_cut(executor: type[MigrationExecutor]) -> bool:
    """Whether a table is left of a migration that was cut between its last statement and its being noted."""

    class Cut(executor):  # type: ignore[misc, valid-type]
        def record_migration(self, _migration: Migration) -> None:
            raise CutError

    made = Migration("0001_initial", "contoh")
    fields = [
        ("id", models.AutoField(primary_key=True)),
        ("other", models.ForeignKey("self", models.CASCADE, null=True)),
    ]
    made.operations = [CreateModel("Contoh", fields)]
    with pytest.raises(CutError):
        Cut(connection).apply_migration(ProjectState(), made)
    left = "contoh_contoh" in connection.introspection.table_names()
    if left:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE contoh_contoh")
    return left


def test_a_migration_that_was_cut_before_it_was_written_down_leaves_nothing() -> None:
    # Django's would leave the table: the next start would make it again and fail.
    assert (table_of_a_cut(Executor), table_of_a_cut(MigrationExecutor)) == (False, True)


def test_selaras_migrate_is_run_by_it() -> None:
    call_command("migrate", check_unapplied=True, verbosity=0)
    assert migrate.MigrationExecutor is Executor
