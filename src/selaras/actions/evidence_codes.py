"""What the office enters beside evidence: lists of codes to be proved."""

import re
import uuid
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from selaras.access import Actor, code_lists_for, demand, may_keep_codes, one, the_cycle
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import CodeItem, CodeList, Cycle, User

MOST_CODES: Final = 500
MOST_TITLE: Final = 120
_PARTS = re.compile(r"\s*(?:\t|\||;)\s*")


def demand_keeping(*, by: Actor, cycle_slug: str) -> None:
    """Before what she typed is looked at: raises Missing, or Forbidden where she keeps no lists of that year."""
    demand(may_keep_codes, by, the_cycle(by, cycle_slug))


def keep_list(
    *, by: Actor, cycle_slug: str, title: str, source: str, text: str, list_id: uuid.UUID | None = None
) -> CodeList:
    """Keep a list of codes of the year's city: a line each, `code | text`, or as pasted from a sheet (a tab between).

    With `list_id` the list is replaced: a code that is there no more is retired, its evidence stays; one that comes
    back holds again. Raises Missing, Forbidden, or InputError with every line that cannot be read.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_keep_codes, by, cycle)
    pairs = _pairs(text)
    name = " ".join(title.split())
    if not name or len(name) > MOST_TITLE:
        raise InputError(Problem("codes.title", "title"))
    try:
        with transaction.atomic():
            found = _list(by, cycle, list_id)
            found.title, found.source = name, " ".join(source.split())[:300]
            found.save()
            _set_items(found, pairs)
            details = {"codes": len(pairs)}
            audit.record(
                by=by, action="evidence.keep_codes", object_type="code_list", object_id=found.uuid,
                place_code=cycle.place.code, **details,
            )  # fmt: skip
    except IntegrityError as error:
        raise InputError(Problem("codes.same", "title")) from error
    return found


def _list(by: Actor, cycle: Cycle, list_id: uuid.UUID | None) -> CodeList:
    if list_id is not None:
        return one(code_lists_for(by, cycle), uuid=list_id)
    return CodeList(place=cycle.place, by=by if isinstance(by, User) else None)


def _pairs(text: str) -> list[tuple[str, str]]:
    """(code, text) of every line. Raises InputError with all that cannot be read."""
    problems, pairs, seen = [], [], set()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        parts = _PARTS.split(line.strip("\n\r"), maxsplit=1)
        code, words = parts[0].strip(), " ".join(parts[1].split()) if len(parts) > 1 else ""
        wrong = ""
        if not code or not words:
            wrong = "kode atau isinya kosong"
        elif len(code) > 40 or len(words) > 300:
            wrong = "kode lebih dari 40 atau isi lebih dari 300 karakter"
        elif code.casefold() in seen:
            wrong = f"kode {code} sudah ada di atasnya"
        if wrong:
            problems.append(Problem("codes.line", "text", {"line": number, "what": wrong}))
        seen.add(code.casefold())
        pairs.append((code, words))
    if not pairs:
        raise InputError(Problem("codes.none", "text"))
    if len(pairs) > MOST_CODES:
        raise InputError(Problem("codes.many", "text", {"most": MOST_CODES}))
    if problems:
        raise InputError(problems)
    return pairs


def _set_items(of: CodeList, pairs: list[tuple[str, str]]) -> None:
    now = timezone.now()
    there = {item.code.casefold(): item for item in of.items.all()}
    kept = set()
    for position, (code, words) in enumerate(pairs):
        item = there.get(code.casefold()) or CodeItem(list=of)
        item.code, item.text, item.position, item.retired_at = code, words, position, None
        item.save()
        kept.add(item.pk)
    of.items.exclude(pk__in=kept).filter(retired_at__isnull=True).update(retired_at=now)
