"""PostgreSQL copies samples of every column into pg_statistic: not of what people call their kept searches."""

from typing import Any

from django.db import migrations

COLUMNS = ("name", "query")


def set_samples(target: int) -> Any:
    def run(_apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        for column in COLUMNS:
            schema_editor.execute(f'ALTER TABLE selaras_savedview ALTER COLUMN "{column}" SET STATISTICS {target}')

    return run


class Migration(migrations.Migration):
    dependencies = [("selaras", "0016_drafts_of_instruments")]
    operations = [migrations.RunPython(set_samples(0), set_samples(-1))]
