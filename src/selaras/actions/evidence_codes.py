"""What the office enters beside evidence: lists of codes to be proved, and where a lokus is on a map."""

import re
import uuid
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from selaras.access import Actor, code_lists_for, demand, may_keep_codes, may_set_point, one, the_cycle, the_lokus
from selaras.actions import audit
from selaras.actions.evidence import measure
from selaras.errors import InputError, Problem
from selaras.models import CannotUnsealError, CodeItem, CodeList, Cycle, Evidence, LokusPoint, User

MOST_CODES: Final = 500
MOST_TITLE: Final = 120
#: How far from the point still is the lokus, in metres.
RADIUS: Final = (50, 50_000)
_PARTS = re.compile(r"\s*(?:\t|\||;)\s*")
_POINT = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*")


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


def set_point(*, by: Actor, cycle_slug: str, lokus_code: str, point: str, radius: int) -> LokusPoint:
    """Say where the lokus is: `point` as maps copy it (`-5.9981, 106.0312`), `radius` in metres.

    How far each photo was taken is measured anew. Raises Missing, Forbidden, InputError.
    """
    lokus = the_lokus(by, cycle_slug, lokus_code)
    demand(may_set_point, by, lokus)
    problems = []
    found = _POINT.fullmatch(point)
    north, east = (float(found[1]), float(found[2])) if found else (0.0, 0.0)
    if found is None or abs(north) > 90 or abs(east) > 180 or (north, east) == (0.0, 0.0):
        problems.append(Problem("point.degrees", "point"))
    if not RADIUS[0] <= radius <= RADIUS[1]:
        problems.append(Problem("point.radius", "radius"))
    if problems:
        raise InputError(problems)
    with transaction.atomic():
        said = {"north": north, "east": east, "radius": radius, "by": by if isinstance(by, User) else None}
        kept, _made = LokusPoint.objects.update_or_create(lokus=lokus, defaults={**said, "at": timezone.now()})
        audit.record(
            by=by, action="evidence.set_point", object_type="lokus", object_id=lokus.pk, place_code=lokus.area,
            radius=radius,
        )  # fmt: skip
        _measure_all(kept)
    return kept


def _measure_all(point: LokusPoint) -> None:
    rows = Evidence.objects.filter(lokus=point.lokus_id, place__isnull=False).select_related("key")
    for row in rows:
        try:
            measure(row, row.the_place(), point)
        except CannotUnsealError:
            continue
        row.save(update_fields=["metres"])
