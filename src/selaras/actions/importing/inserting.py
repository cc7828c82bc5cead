"""Many new rows of one table by one prepared statement.

`bulk_create` writes every placeholder of every row into the statement's text and asks Django about each of them again:
for fifty thousand families that is most of the time that an import takes. Nothing of it is needed for rows that are
ready: no defaults of the database, no conflicts, no keys to be brought back.
"""

from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS, connections, models


def insert_many(rows: Sequence[models.Model]) -> None:
    """Insert them, all of one model, in the caller's transaction. Keys that the database gives are not set on them."""
    if not rows:
        return
    # The connection itself: Django's name for it looks it up anew at every touch, a million times here.
    connection = connections[DEFAULT_DB_ALIAS]
    meta = rows[0]._meta
    fields = [field for field in meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields if field.column)
    marks = ", ".join(["%s"] * len(fields))
    prepared = [
        [field.get_db_prep_save(getattr(row, field.attname), connection=connection) for field in fields] for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({marks})", prepared)  # noqa: S608  (names of our own models)
