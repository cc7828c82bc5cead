"""What a person said of columns, kept for the files to come: asked once."""

from collections.abc import Mapping
from datetime import datetime

from selaras.actions.importing.columns import Book
from selaras.actions.importing.headers import DATA
from selaras.errors import InputError, Problem
from selaras.models import ColumnMemory, ImportBatch, User
from selaras.odk.registry import plain
from selaras.queries.columns import read_titles
from selaras.queries.rules import instrument_of

#: Titles of a row in which fewer are known may be a family's values: then nothing of it is kept.
TRUSTED = 2


def remember(batch: ImportBatch, chosen: Mapping[str, Mapping[str, str]], *, by: User | None, now: datetime) -> None:
    """Keep what `chosen` says beyond what the titles say by themselves, in the caller's transaction.

    Raises InputError for a name that neither the survey nor the registry has.
    """
    form = instrument_of(batch.version).form
    for sheet in read_titles(batch).get("sheets", ()):
        said = chosen.get(sheet["label"], {})
        book = Book(form, sheet["repeat"] or None)
        for index, column in enumerate(sheet["columns"]):
            name = said.get(f"@{index}", said.get(column["title"]) if column["title"] else None)
            if name is None:
                continue
            if name and book.named(name) is None:
                raise InputError(Problem("import.field_unknown", values={"field": name[:60]}))
            title = plain(column["title"])[:120]
            if not title or sheet["certain"] < TRUSTED or DATA.search(column["title"]):
                continue
            itself = book.find(column["title"])
            key = {"cycle": batch.round.cycle, "table": sheet["repeat"], "title": title}
            if itself.name == name and not itself.asked:
                ColumnMemory.objects.filter(**key).delete()
            else:
                ColumnMemory.objects.update_or_create(**key, defaults={"field": name, "said_by": by, "said_at": now})
