"""The demo's tables all at once, as models describe them: what the migrations make one by one, in a tenth of the time.

A city's database is made by `selaras migrate`, and an older demo's is brought up to date by it. That both make the same
is asked in tests/soak/test_tables.py.
"""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def fresh() -> None:
    """The demo's file, where there is none yet: under another name until it is whole, so that a start that was cut
    short leaves nothing half-made to the next."""
    file = Path(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or file.exists():
        return
    part = file.with_suffix(".part")
    for each in file.parent.glob(f"{part.name}*"):
        each.unlink()
    connection.close()
    connection.settings_dict["NAME"] = str(part)
    try:
        at_once()
    finally:
        # Its last connection puts what the write-ahead log holds into the file.
        connection.close()
        connection.settings_dict["NAME"] = str(file)
    part.rename(file)


def at_once() -> None:
    """The tables in an empty database, and a word for each migration that nothing of it is left to do."""
    chosen = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    try:
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    finally:
        settings.MIGRATION_MODULES = chosen
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for (app, name), migration in MigrationLoader(connection).graph.nodes.items():
        recorder.record_applied(app, name)
        if "_no_samples_" in name:
            # What PostgreSQL is told of a column, no model says.
            with connection.schema_editor() as editor:
                for operation in migration.operations:
                    operation.code(apps, editor)
