"""What somebody reads who has the whole database and the media folder, but not SELARAS_DATA_KEY.

`found(values)` searches every byte that is stored, in every guise in which a value could lie about.
"""

import base64
import json
import re
import time
from collections.abc import Iterable
from pathlib import Path

from django.db import connection

from selaras.actions import erasure
from selaras.models import Erasure
from selaras.models.files import media_root

#: A UUID, and a moment.
_DRAWN = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.+]*")


def without_chance(text: str) -> str:
    """Without what is drawn by chance or read off a clock: four digits of somebody's stand in it now and then."""
    return _DRAWN.sub("", text)


def guises(value: str) -> set[bytes]:
    """The value as UTF-8, UTF-16, escaped JSON, hexadecimal, and base64 at its three alignments."""
    plain = value.encode()
    found = {plain, value.encode("utf-16-le"), json.dumps(value)[1:-1].encode(), plain.hex().encode()}
    for shift in range(3):
        coded = base64.b64encode(b"x" * shift + plain)
        # The first and last quartets depend on neighbours; what is between them does not.
        middle = coded[4 if shift else 0 : -4]
        if len(middle) >= 8:
            found.add(middle)
    return found


def database() -> dict[str, bytes]:
    """Everything of the database by name: files of SQLite; of PostgreSQL tables as text, and its files on disk."""
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        return {p.name: p.read_bytes() for p in path.parent.glob(path.name + "*")}
    return {**_tables(), **_heap()}


def _tables() -> dict[str, bytes]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname <> 'information_schema'"
        )
        names = [row[0] for row in cursor.fetchall()]
        texts = {}
        for name in names:
            with cursor.copy(f"COPY {name} TO STDOUT") as copy:
                texts[name] = b"".join(bytes(block) for block in copy)
    return texts


def _heap() -> dict[str, bytes]:
    """The files of this database, after a checkpoint has written them and removed those that were replaced."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        oid = cursor.fetchone()[0]
    return {f"base/{path.name}": path.read_bytes() for path in (folder / "base" / str(oid)).iterdir()}


def media() -> dict[str, bytes]:
    """Every file under the media folder, by name; the names themselves are searched too."""
    files = {str(path): path.read_bytes() for path in media_root().rglob("*") if path.is_file()}
    return {**files, "names of files": "\n".join(files).encode()}


def swept() -> None:
    """Wait for the sweep after an erasure: another worker's transaction on the same server may hold it back."""
    for _ in range(3000):
        if not Erasure.objects.filter(swept_at__isnull=True).exists():
            return
        time.sleep(0.1)
        erasure.sweep()
    raise AssertionError("the free space was never swept")


def found(values: Iterable[str]) -> set[tuple[str, str]]:
    """(value, where) for every value of which a guise is stored somewhere."""
    stored = {**database(), **media()}
    assert len(stored) > 2, "nothing was searched"
    return {
        (value, where)
        for value in values
        for guise in guises(value)
        for where, content in stored.items()
        if guise in content
    }
