"""How tables are brought up to date: each migration is there whole and written down, or neither."""

from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState


class Executor(MigrationExecutor):
    """Writes a migration down in the transaction that makes it.

    Django does so only where no statement waits for the migration's end: whoever is killed between the two finds tables
    that the next start would make again, and refuses to.
    """

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        """Run it; the state after it. What Django does otherwise, fakes and what asks for no transaction, it does."""
        if fake or fake_initial or not migration.atomic:
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
        if self.progress_callback:
            self.progress_callback("apply_start", migration, False)
        with self.connection.schema_editor(atomic=True) as editor:
            state = migration.apply(state, editor)
            for statement in editor.deferred_sql:
                editor.execute(statement, None)
            editor.deferred_sql.clear()
            self.record_migration(migration)  # type: ignore[call-arg, arg-type]  # the stubs are of another Django
        if self.progress_callback:
            self.progress_callback("apply_success", migration, False)
        return state
