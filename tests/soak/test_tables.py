"""The tables that demo and tests stand on (management/demo/tables.py) are those that an operator gets by `migrate`."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from dj_database_url import parse
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

LOOKED_AT = "looked at"
MAKER = Path(__file__).parents[1] / "tables.py"
Shape = dict[str, object]
#: Made for a field of Django's own, which gives their id one width by migrations and another by models.
DJANGOS_OWN = {"auth_group_permissions"}


def shape(connection: BaseDatabaseWrapper) -> Shape:
    """Table → its columns, its constraints and how many rows it has; the order of columns says nothing."""
    found: Shape = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - DJANGOS_OWN):
            columns = connection.introspection.get_table_description(cursor, table)
            constraints = connection.introspection.get_constraints(cursor, table).values()
            for each in constraints:
                # SQLite tells those of a primary key as they stand in the table.
                each["columns"] = sorted(each["columns"]) if each["primary_key"] else each["columns"]
            # What a migration puts into an empty database, no model would.
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            rows = cursor.fetchone()
            found[table] = (
                sorted(f"{column.name} {column.type_code} {column.null_ok} {column.default}" for column in columns),
                sorted(repr(sorted((key, value) for key, value in each.items())) for each in constraints),
                rows,
            )
    return found


def made(url: str, *command: str) -> Shape:
    """What stands in that empty database once the command has run."""
    environment = {**os.environ, "SELARAS_DATABASE_URL": url}
    subprocess.run([sys.executable, *command], env=environment, check=True)
    settings = {**connections["default"].settings_dict, "OPTIONS": {}, **parse(url)}
    connection = connections[LOOKED_AT] = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, LOOKED_AT)
    try:
        return shape(connection)
    finally:
        connection.close()
        del connections[LOOKED_AT]


@pytest.mark.django_db
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_tables_made_at_once_are_those_of_the_migrations(database: str, dsn: str, tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path / name}.sqlite3" for name in ("at_once", "migrated")]
    if database == "postgresql":
        with psycopg.connect(dsn, autocommit=True) as connection:
            for name in ("at_once", "migrated_one_by_one"):
                connection.execute(f'CREATE DATABASE "{name}"')
        urls = [urlsplit(dsn)._replace(path=f"/{name}").geturl() for name in ("at_once", "migrated_one_by_one")]

    assert made(urls[0], str(MAKER)) == made(urls[1], "-m", "django", "migrate", "--verbosity", "0")
