"""Evidence of the queue: one file with what is said of it, chosen on a phone without a network, kept as by the page."""

import json
import uuid
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from selaras.access import demand, may_bring, may_send_forms, the_cycle
from selaras.actions import evidence
from selaras.actions.evidence import Sent, Told
from selaras.actions.sending.parcels import Carrier, PartHead
from selaras.errors import InputError, Problem
from selaras.models import Evidence, User
from selaras.queries.evidence_labels import parse

#: What is said of it: the first part, JSON of one object.
HEAD = "bukti.json"
LONGEST_HEAD = 16 * 1024


def check(by: User) -> None:
    """Raises Forbidden for who has never had a task with families: of others no browser holds anything."""
    demand(may_send_forms, by)


def take(by: User, carrier: Carrier | None, parts: Iterator[tuple[PartHead, bytes]], agent: str) -> UUID:
    """Keep the file as if she had sent it on the page; its evidence's id. Idempotent, as `evidence.add` is.

    Raises InputError where the first part says nothing or the second is no evidence, Missing, Forbidden.
    """
    del agent
    head = next(parts, None)
    if head is None or head[0].name != HEAD or len(head[1]) > LONGEST_HEAD:
        raise InputError(Problem("evidence.head"))
    said = _said(head[1])
    sent = next(parts, None)
    if sent is None:
        raise InputError(Problem("evidence.nothing"))
    cycle = the_cycle(by, said["tahun"])
    area = said["lokus"] or cycle.place.code
    if carrier is not None and not may_bring(carrier.user, cycle, area):
        raise InputError(Problem("parcel.owner"))
    doubts = ("carried",) if carrier is not None and not carrier.signed else ()
    indicators, items = parse(tuple(said["untuk"]))
    kept = evidence.add(
        by=by,
        cycle_slug=cycle.slug,
        lokus_code=said["lokus"],
        evidence_id=said["id"],
        told=Told(said["keterangan"], None, indicators, items),
        sent=Sent(sent[1], sent[0].name, doubts=doubts),
    )
    return kept.evidence.uuid


def _said(content: bytes) -> dict[str, Any]:
    """`{id, tahun, lokus, keterangan, untuk}`. Raises InputError."""
    try:
        said = json.loads(content)
        found: dict[str, Any] = {name: str(said[name])[:300] for name in ("tahun", "lokus", "keterangan")}
        found["id"] = uuid.UUID(str(said["id"]))
        found["untuk"] = [str(each)[:150] for each in said["untuk"]][:50]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(Problem("evidence.head")) from error
    return {**found, **{name: _plain(found[name]) for name in ("tahun", "lokus", "keterangan")}}


def _plain(text: str) -> str:
    """PostgreSQL keeps no NUL."""
    return "".join(sign for sign in text if sign.isprintable())


def is_kept(result: UUID) -> bool:
    """Whether it is there: what was taken back and destroyed is news to nobody."""
    return Evidence.objects.filter(uuid=result).exists()
