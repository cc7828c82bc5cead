"""`selaras migrate`: Django's own, by our executor."""

from django.core.management.commands import migrate

from selaras.actions.migrating import Executor

# Django's command asks its module for it, and takes none from elsewhere.
migrate.MigrationExecutor = Executor  # type: ignore[attr-defined]


class Command(migrate.Command):
    """Killed at any moment, the next one goes on where it was."""
