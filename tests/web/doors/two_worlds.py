"""Two databases that differ in one ticket of the locked room: what each person is answered in both."""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction
from django.utils import timezone

from selaras.cases import rows
from tests.cases.build import OPENER, PLACE, ticket
from tests.web.doors.asking import At
from tests.web.doors.table import TABLE
from tests.web.doors.world import World

#: Status, headers and body, number of queries, lines of the log.
Answer = tuple[int, str, int, tuple[str, ...]]
_LINES = (Path(__file__).parent / "varies.txt").read_text().splitlines()
VARIES = re.compile("|".join(line for line in _LINES if line and not line.startswith("#")), re.MULTILINE)
#: The room's own doors are not outside of it.
OUTSIDE = [name for name in TABLE if not name.startswith("cases:")]


def one_ticket_more() -> None:
    """Opened, received and read."""
    made = ticket(ago=timedelta(hours=3), received_at=timezone.now(), must_pass=True, simfoni="417/PPA/2026")
    for action in ("hand_over", "receive", "read"):
        rows.in_the_room(rows.note)(who=OPENER, action=action, about=made.code, place=PLACE)


class Count:
    """How many statements a request needed."""

    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Callable[..., Any], *given: Any) -> Any:
        self.queries += 1
        return execute(*given)


def answers(planted: World, who: str, where: Sequence[At]) -> dict[At, Answer]:
    """What she is answered at each of these doors at one and the same moment; what a request changes is undone."""
    client, found = planted.client(who), {}
    cookies = client.cookies.output().replace("Set-Cookie: ", "")
    for name, area in where:
        client.cookies.clear()
        client.cookies.load(cookies)
        with transaction.atomic(), connection.execute_wrapper(count := Count()), written() as lines:
            response = client.get(planted.address(name, area))
            body = b"".join(response) if response.streaming else response.content
            transaction.set_rollback(True)
        head = "\n".join(f"{key}: {value}" for key, value in sorted(response.items()))
        text = VARIES.sub("…", f"{head}\n\n{body.decode('latin-1')}")
        found[name, area] = (response.status_code, text, count.queries, tuple(lines))
    return found


def differences(one: dict[At, Answer], other: dict[At, Answer]) -> list[str]:
    """Each door that answers otherwise, with the first line that differs."""
    found = []
    for at, (status, text, queries, lines) in one.items():
        if other[at] == one[at]:
            continue
        pairs = zip(text.splitlines(), other[at][1].splitlines(), strict=False)
        first = next((f"{a[:200]} | {b[:200]}" for a, b in pairs if a != b), "")
        found.append(f"{at}: {(status, queries, lines)} {(other[at][0], *other[at][2:])} {first}")
    return found


@contextmanager
def written() -> Iterator[list[str]]:
    """The lines of the server's log."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        yield lines
    finally:
        logging.getLogger().removeHandler(handler)


@contextmanager
def one_moment() -> Iterator[None]:
    """The clock stands still."""
    with patch("django.utils.timezone.now", return_value=timezone.now()):
        yield
