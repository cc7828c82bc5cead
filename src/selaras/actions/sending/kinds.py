"""What may come by the queue. A kind to come adds its line here, and no machinery: who may, and what is made of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from selaras.actions import gladi_sheets
from selaras.actions.sending import evidence, forms
from selaras.actions.sending.parcels import Carrier, PartHead
from selaras.models import User

#: `sent`: taken, or waiting for nothing but the worker; `held`: a person must look; `aside`: a person has put it aside.
State = Literal["sent", "held", "aside"]


@dataclass(frozen=True, slots=True)
class News:
    """How a taken item stands: `reason` says why it is held (of a form: Reason), `practice` that it never counts."""

    state: State
    reason: str = ""
    practice: bool = False


Parts = Iterator[tuple[PartHead, bytes]]


@dataclass(frozen=True, slots=True)
class Kind:
    """`check` raises Forbidden before anything of it is kept; `take` keeps it for good and names what it became.

    `take` is idempotent by what it is given: of an item that was taken and not answered it is called again.
    The Carrier is who brings it here for `by`, None where she sends it herself.
    """

    check: Callable[[User], None]
    take: Callable[[User, Carrier | None, Parts, str], UUID]
    news: Callable[[UUID], News | None]


def _form_news(result: UUID) -> News | None:
    found = forms.standing(result)
    return None if found is None else News(*found)


def _gladi_news(result: UUID) -> News | None:
    return News("sent") if gladi_sheets.is_kept(result) else None


def _evidence_news(result: UUID) -> News | None:
    return News("sent") if evidence.is_kept(result) else None


KINDS: Mapping[str, Kind] = {
    "form": Kind(forms.check, forms.take, _form_news),
    "evidence": Kind(evidence.check, evidence.take, _evidence_news),
    "gladi": Kind(gladi_sheets.check, gladi_sheets.take, _gladi_news),
}
