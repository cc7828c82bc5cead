"""A city's lists of codes, and what each code has been proved by."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from selaras.access import code_lists_for, demand, evidence_for, may_keep_codes, may_see_year_evidence, one, the_cycle
from selaras.models import CodeItem, EvidenceState, EvidenceUse, User
from selaras.queries.programme import cycle_ref
from selaras.queries.refs import CycleRef


@dataclass(frozen=True, slots=True)
class ListLine:
    """One list: how many codes hold, how many of them have evidence of the year, and verified evidence."""

    id: UUID
    title: str
    source: str
    codes: int
    cited: int
    verified: int


@dataclass(frozen=True, slots=True)
class ListsPage:
    """The lists of the year's city."""

    cycle: CycleRef
    lists: tuple[ListLine, ...]
    may_keep: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence of a code. `state` is the citation's."""

    id: UUID
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One code with its evidence of the year; `retired` where a newer list left it out."""

    code: str
    text: str
    retired: bool
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    """One list. `text` is how it is entered, a code a line."""

    cycle: CycleRef
    line: ListLine
    items: tuple[ItemLine, ...]
    text: str
    may_keep: bool


def lists_page(user: User, slug: str) -> ListsPage:
    """The lists of the year's city. Its statements do not grow. Raises Missing, Forbidden."""
    cycle = the_cycle(user, slug)
    demand(may_see_year_evidence, user, cycle)
    return ListsPage(cycle_ref(cycle), tuple(_lines(user, slug)), may_keep_codes(user, cycle))


def _lines(user: User, slug: str) -> list[ListLine]:
    cycle = the_cycle(user, slug)
    seen = Q(uses__evidence__in=evidence_for(user).filter(cycle=cycle))
    hold = CodeItem.objects.filter(retired_at__isnull=True, list__in=code_lists_for(user, cycle)).annotate(
        cited=Count("uses", filter=seen),
        verified=Count("uses", filter=seen & Q(uses__state=EvidenceState.VERIFIED)),
    )
    counted: dict[int, list[tuple[int, int]]] = {}
    for item in hold:
        counted.setdefault(item.list_id, []).append((item.cited, item.verified))
    return [
        ListLine(
            each.uuid,
            each.title,
            each.source,
            len(counted.get(each.pk, ())),
            sum(cited > 0 for cited, _verified in counted.get(each.pk, ())),
            sum(verified > 0 for _cited, verified in counted.get(each.pk, ())),
        )
        for each in code_lists_for(user, cycle)
    ]


def list_page(user: User, slug: str, list_id: UUID) -> ListPage:
    """One list, code by code. Raises Missing, Forbidden."""
    cycle = the_cycle(user, slug)
    demand(may_see_year_evidence, user, cycle)
    found = one(code_lists_for(user, cycle), uuid=list_id)
    uses = EvidenceUse.objects.filter(item__list=found, evidence__in=evidence_for(user).filter(cycle=cycle))
    proofs: dict[int, list[Proof]] = {}
    for use in uses.select_related("evidence").order_by("id"):
        proofs.setdefault(use.item_id or 0, []).append(Proof(use.evidence.uuid, str(use.evidence), use.state))
    items = [
        ItemLine(item.code, item.text, item.retired_at is not None, tuple(proofs.get(item.pk, ())))
        for item in found.items.order_by("position", "pk")
        if item.retired_at is None or item.pk in proofs
    ]
    line = next(each for each in _lines(user, slug) if each.id == found.uuid)
    text = "\n".join(f"{item.code} | {item.text}" for item in items if not item.retired)
    return ListPage(cycle_ref(cycle), line, tuple(items), text, may_keep_codes(user, cycle))
