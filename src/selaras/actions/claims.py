"""What the city claims of an item, what somebody else found in it, and what a proof shows at most."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from selaras.access import (
    Actor,
    demand,
    may_claim,
    may_find,
    may_see_readiness,
    one,
    the_lokus,
)
from selaras.actions import audit
from selaras.errors import InputError, Missing, Problem
from selaras.models import (
    Claim,
    ClaimFinding,
    Evidence,
    EvidenceState,
    EvidenceUse,
    InstrumentVersion,
    Lokus,
    ProofLimit,
    User,
)
from selaras.queries.layered import item_of
from selaras.queries.readiness import version_of
from selaras.queries.readiness_item import is_own
from selaras.queries.rules import instrument_of
from selaras.scoring.facts import Fact as Given
from selaras.scoring.facts import collect
from selaras.scoring.handovers import MEASURED
from selaras.scoring.instrument import Indicator
from selaras.scoring.layers import Said, share_of
from selaras.scoring.numbers import exact

MOST_TEXT: Final = 300
_NOTHING: Final = Fraction(0)
#: No item counts that far, and the column holds no more.
_TOO_BIG: Final = Decimal(10) ** 13


@dataclass(frozen=True, slots=True)
class Where:
    """An item: of which year, lokus (its area code), instrument (its id; '' is the primary one) and indicator."""

    cycle: str
    code: str
    instrument: str
    indicator: str


@dataclass(frozen=True, slots=True)
class _Place:
    lokus: Lokus
    version: InstrumentVersion
    indicator: Indicator

    @property
    def of_item(self) -> dict[str, object]:
        return {"lokus": self.lokus, "instrument": self.version.instrument, "indicator": self.indicator.name}


def claim(*, by: Actor, where: Where, said: Said, basis: str = "", version: int = 0) -> Claim:
    """Say what the city claims of an item, in place of what it said before; an empty `said` takes it back.

    `basis` is what it rests on, in words. `version` is the one that she had before her, 0 where there was none. Raises
    Missing, Forbidden, or InputError: an item that families are asked, a value that the rule does not know, or
    `claim.newer`.
    """
    place = _place(by, where)
    demand(may_claim, by, place.lokus, place.indicator.agency)
    basis = " ".join(basis.split())
    problems = [] if len(basis) <= MOST_TEXT else [Problem("claim.text", "basis", {"what": "dasar", "most": MOST_TEXT})]
    if place.indicator.origin == "survey":
        problems.append(Problem("claim.measured"))
    elif place.indicator.measure in MEASURED:
        problems.append(Problem("claim.published"))
    else:
        problems += _wrong(place, said)
    if problems:
        raise InputError(problems)
    try:
        with transaction.atomic():
            return _claimed(by, place, said, basis, version)
    except IntegrityError:
        # The first claim of an item, from two people at the same moment.
        raise InputError(Problem("claim.newer", "version")) from None


def _claimed(by: Actor, place: _Place, said: Said, basis: str, version: int) -> Claim:
    found = Claim.objects.select_for_update(no_key=True).filter(**place.of_item).first()
    if (found.version if found else 0) != version:
        raise InputError(Problem("claim.newer", "version"))
    before = None if found is None else Said(found.value, found.option)
    _looked_at_anew(by, place, before, said)
    found = found or Claim(**place.of_item, version=0)
    found.value, found.option, found.basis = said.value, said.option, basis
    found.by = by if isinstance(by, User) else None
    found.at, found.version = timezone.now(), version + 1
    found.save()
    action = "claims.say" if said != Said() else "claims.take_back"
    _record(by, action, place, said, before=None if before is None else _told(before), basis=bool(basis))
    return found


def record_says(
    *, by: Actor, lokus: Lokus, version: InstrumentVersion, indicator: Indicator, before: Said | None, said: Said
) -> None:
    """A record of an item was changed: where nothing is claimed of it, the record stands for a claim, and raised it is
    looked at anew as one. In the caller's transaction.
    """
    place = _Place(lokus, version, indicator)
    if not Claim.objects.filter(**place.of_item).exists():
        _looked_at_anew(by, place, before, said)


def _looked_at_anew(by: Actor, place: _Place, before: Said | None, said: Said) -> None:
    """Proofs that were vouched for while less was claimed wait for the desk again: nobody said that they show more."""
    scale = exact(instrument_of(place.version).scale)
    lower = _NOTHING if before is None else share_of(place.indicator, before, scale) or _NOTHING
    if (share_of(place.indicator, said, scale) or _NOTHING) <= lower:
        return
    uses = EvidenceUse.objects.filter(**place.of_item).exclude(state=EvidenceState.REFUSED)
    held = Evidence.objects.filter(pk__in=uses.values("evidence"), deleted_at__isnull=True).order_by("pk")
    # As the desk does, the evidence before what it is cited for: else each waits for the other.
    for of in held.select_for_update(of=("self",), no_key=True):
        cited = uses.filter(evidence=of)
        if not cited.exists():
            continue
        again = cited.filter(state=EvidenceState.VERIFIED).update(
            state=EvidenceState.WAITING, decided_by=None, decided_at=None, reason=""
        )
        # Whoever has it open at the desk is told that it changed, decided or not: she saw less claimed.
        Evidence.objects.filter(pk=of.pk).update(version=F("version") + 1)
        if again:
            audit.record(
                by=by,
                action="evidence.reopen",
                object_type="evidence",
                object_id=of.uuid,
                place_code=of.area,
                was=EvidenceState.VERIFIED,
            )


def find(*, by: Actor, where: Where, said: Said, reason: str = "") -> ClaimFinding:
    """Say what she found when she held an item against its evidence; never of what she claimed herself.

    Raises Missing, Forbidden, or InputError: nothing is claimed or measured, or less was found and no reason given.
    """
    place = _place(by, where)
    demand(may_find, by, place.lokus)
    item = item_of(place.lokus, place.version, place.indicator.name)
    reason = " ".join(reason.split())
    problems = _wrong(place, said, wanted=True)
    if len(reason) > MOST_TEXT:
        problems.append(Problem("claim.text", "reason", {"what": "alasan", "most": MOST_TEXT}))
    if item.layers.claim is None:
        problems.append(Problem("claim.unclaimed"))
    if is_own(by, item):
        problems.append(Problem("claim.own"))
    if not problems and not reason:
        found = share_of(place.indicator, said, exact(instrument_of(place.version).scale))
        if found is not None and item.layers.claim is not None and found < item.layers.claim:
            problems.append(Problem("claim.reason", "reason"))
    if problems:
        raise InputError(problems)
    with transaction.atomic():
        made = ClaimFinding.objects.create(
            **place.of_item,
            value=said.value,
            option=said.option,
            reason=reason,
            by=by if isinstance(by, User) else None,
            at=timezone.now(),
        )
        _record(by, "claims.find", place, said, reason=bool(reason))
    return made


def limit_proof(*, by: Actor, where: Where, use: int, said: Said) -> None:
    """Say what one citation of evidence shows at most; an empty `said`: all that is claimed.

    Whoever may claim the item may say less of its evidence; more than somebody else has said only who did not claim it
    and vouches for evidence. Raises Missing, Forbidden, or InputError: `claim.limit`.
    """
    place = _place(by, where)
    demand(may_claim, by, place.lokus, place.indicator.agency)
    if problems := _wrong(place, said):
        raise InputError(problems)
    with transaction.atomic():
        # Whoever changes the evidence holds it: the citation cannot go while its limit comes.
        Evidence.objects.select_for_update(of=("self",), no_key=True).filter(uses__pk=use).first()
        cited = one(EvidenceUse.objects.filter(**place.of_item, evidence__deleted_at__isnull=True), pk=use)
        old = ProofLimit.objects.select_for_update(of=("self",)).filter(use=cited).first()
        who = by if isinstance(by, User) else None
        if old is not None and old.by != who and not _may_lift(by, place, cited):
            if _lifts(place, Said(old.value, old.option), said):
                raise InputError(Problem("claim.limit", "said"))
            # Lowered by her, it stays another's: else she could lift it next.
            who = old.by
        ProofLimit.objects.filter(use=cited).delete()
        if said != Said():
            ProofLimit.objects.create(use=cited, value=said.value, option=said.option, by=who)
        _record(by, "claims.limit", place, said, evidence=str(cited.evidence.uuid))


def _may_lift(by: Actor, place: _Place, cited: EvidenceUse) -> bool:
    """Whether she may say more of a proof than somebody else: neither her claim nor her evidence."""
    if not isinstance(by, User):
        return True
    if not may_find(by, place.lokus) or by.pk in {cited.by_id, cited.evidence.uploaded_by_id}:
        return False
    return not is_own(by, item_of(place.lokus, place.version, place.indicator.name))


def _lifts(place: _Place, old: Said, said: Said) -> bool:
    """Whether a proof would show more than before; nothing said is all that is claimed."""
    scale = exact(instrument_of(place.version).scale)
    before, now = (share_of(place.indicator, each, scale) or _NOTHING for each in (old, said))
    return said == Said() or now > before


# --- checks -----------------------------------------------------------------------------------------------------------
def _place(by: Actor, where: Where) -> _Place:
    lokus = the_lokus(by, where.cycle, where.code)
    demand(may_see_readiness, by, lokus)
    version = version_of(lokus, where.instrument)
    indicator = instrument_of(version).indicators.get(where.indicator)
    if indicator is None:
        raise Missing(Problem("access.missing"))
    return _Place(lokus, version, indicator)


def _wrong(place: _Place, said: Said, *, wanted: bool = False) -> list[Problem]:
    """What the item's rule does not know; `wanted`: nothing is an answer either."""
    if said == Said():
        return [Problem("claim.nothing", "said")] if wanted else []
    indicator = place.indicator
    if said.value is not None and abs(said.value) >= _TOO_BIG:
        return [Problem("claim.number", "said", {"value": said.value})]
    if indicator.origin != "survey":
        given = Given(place.lokus.area, indicator.name, said.value, said.option or None)
        try:
            collect(instrument_of(place.version), [given], units={place.lokus.area})
        except InputError as error:
            return list(error.problems)
    share = (indicator.origin == "survey" and indicator.aggregate == "share") or indicator.unit.startswith("bagian")
    if share and said.value is not None and not 0 <= said.value <= Decimal(1):
        return [Problem("claim.range", "said")]
    return []


def _told(said: Said) -> dict[str, str]:
    value = {} if said.value is None else {"value": f"{said.value.normalize():f}"}
    return value | ({"option": said.option} if said.option else {})


def _record(by: Actor, action: str, place: _Place, said: Said, **details: object) -> None:
    """Of free words only whether there were any: they may name somebody, and no erasure reaches the audit."""
    audit.record(
        by=by,
        action=action,
        object_type="lokus",
        object_id=place.lokus.pk,
        place_code=place.lokus.area,
        instrument=place.version.instrument,
        indicator=place.indicator.name,
        said=_told(said),
        **details,
    )
