"""Needs and commitments as rows, for tests of what is found among them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from selaras.models import Agency, Ask, Commitment, CommitmentNeed, Household, Lokus, Need, Round
from tests import build

AT = datetime(2024, 4, 1, tzinfo=UTC)


def agency(short_name: str) -> Agency:
    """That agency of Cilegon, made once."""
    return Agency.objects.filter(short_name=short_name).first() or build.agency(short_name)


def need(of: Household, round_: Round, indicator: str = "jamban") -> Need:
    """An open need of that family."""
    return Need.objects.create(household=of, lokus=of.lokus, indicator=indicator, opened_in=round_, opened_at=AT)


def commitment(
    lokus: Lokus, *, of: str = "Disperkim", needs: Iterable[Need] = (), city: bool = False, **fields: Any
) -> Commitment:
    """What that agency promises for these needs, or for the lokus; `city`: for the whole city."""
    needs = list(needs)
    number = Commitment.objects.filter(cycle=lokus.cycle).count() + 1
    values = {"title": f"Kegiatan {number}", "indicator": needs[0].indicator if needs else "", "fund": "dpa", **fields}
    made = Commitment.objects.create(
        cycle=lokus.cycle, number=number, agency=agency(of), lokus=None if city else lokus, **values
    )
    CommitmentNeed.objects.bulk_create(CommitmentNeed(commitment=made, need=each) for each in needs)
    return made


def ask(lokus: Lokus, *, of: str = "Disperkim", indicator: str = "jamban", **fields: Any) -> Ask:
    """A question to that agency."""
    return Ask.objects.create(
        cycle=lokus.cycle,
        lokus=lokus,
        agency=agency(of),
        indicator=indicator,
        **{"families": 1, "asked_at": AT, **fields},
    )
