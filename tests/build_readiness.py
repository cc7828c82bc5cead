"""Claims, cited evidence and families' words as rows, for tests of readiness."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from selaras.models import (
    Claim,
    Commitment,
    Confirmation,
    Evidence,
    EvidenceUse,
    Fact,
    Household,
    IndicatorRef,
    Lokus,
    ProofLimit,
    User,
)
from tests.build_programme import Programme

AT = datetime(2024, 6, 1, tzinfo=UTC)
_numbers = count(1)


def claim(of: Programme, indicator: str, *, by: User | None = None, **said: Any) -> Claim:
    """What the city claims of that item."""
    return Claim.objects.create(
        lokus=of.lokus, instrument=of.version.instrument, indicator=indicator, by=by, at=AT, **said
    )


def fact(of: Programme, indicator: str, *, by: User | None = None, **said: Any) -> Fact:
    """A record of that item for the whole year."""
    ref = IndicatorRef.objects.get(version=of.version, name=indicator)
    return Fact.objects.create(lokus=of.lokus, indicator=ref, source="SK", entered_by=by, entered_at=AT, **said)


def evidence(lokus: Lokus, *, by: User | None = None, state: str = "waiting", **fields: Any) -> Evidence:
    """A link of that lokus: evidence without bytes."""
    decided = None if state == "waiting" else AT
    told = {"url": f"https://contoh.example/{next(_numbers)}", "caption": "SK tim", **fields}
    return Evidence.objects.create(
        cycle=lokus.cycle,
        lokus=lokus,
        area=lokus.area,
        kind="link",
        uploaded_by=by,
        state=state,
        decided_at=decided,
        **told,
    )


def cite(
    of: Programme, indicator: str, *, state: str = "waiting", limit: dict[str, Any] | None = None, **fields: Any
) -> EvidenceUse:
    """New evidence cited for that item; `limit` is what it shows at most."""
    use = EvidenceUse.objects.create(
        evidence=evidence(of.lokus, state=state, **fields),
        lokus=of.lokus,
        instrument=of.version.instrument,
        indicator=indicator,
        state=state,
        decided_at=None if state == "waiting" else AT,
        at=AT,
    )
    if limit is not None:
        ProofLimit.objects.create(use=use, **limit)
    return use


def word(of: Household, commitment: Commitment, *, received: bool, on: date = date(2024, 7, 1)) -> Confirmation:
    """What the woman of that family said of that promise to the cadre."""
    return Confirmation.objects.create(
        household=of, commitment=commitment, received=received, said="ibu", via="kader", on=on, at=AT
    )
