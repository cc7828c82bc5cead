"""PostgreSQL copies samples of every column into pg_statistic, out of reach of erasure: not of these columns."""

from typing import Any

from django.db import migrations

COLUMNS = {
    "selaras_household": ("head_name", "address"),
    "selaras_person": ("name",),
    "selaras_submission": ("answers",),
    "selaras_currentanswers": ("answers",),
}


def set_samples(target: int) -> Any:
    def run(_apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        for table, columns in COLUMNS.items():
            for column in columns:
                schema_editor.execute(f'ALTER TABLE {table} ALTER COLUMN "{column}" SET STATISTICS {target}')

    return run


class Migration(migrations.Migration):
    dependencies = [("selaras", "0002_imports_publish_by_one_switch")]
    operations = [migrations.RunPython(set_samples(0), set_samples(-1))]
