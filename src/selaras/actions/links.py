"""Links of agencies: make, give a new code, revoke; come in by one, and prove by the code that it is really she."""

import hmac
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from selaras.access import Actor, demand, links_for, may_ask, one, the_cycle
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import Agency, AgencyLink, Cycle, Membership, Role, User
from selaras.models.links import CODE_TRIES
from selaras.models.places import within_q
from selaras.queries.links import feed_of, hash_of
from selaras.queries.programme import today_in

#: A link lives no longer than a programme year and the season of its minutes.
LONGEST = 400
#: How exactly "last seen" is known; oftener only costs a transaction.
SEEN_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is shown once: the link's token and, to be told by another way, its code. '' where it is not new."""

    link: AgencyLink
    token: str
    code: str


def _code_hash(link: UUID, code: str) -> str:
    """Keyed, because eight digits alone could be tried out on a copy of the database."""
    digits = "".join(sign for sign in code if sign.isdigit())
    return hmac.digest(settings.SECRET_KEY.encode(), f"opd code {link} {digits}".encode(), "sha256").hex()


def _fresh_code() -> str:
    digits = f"{secrets.randbelow(10**8):08}"
    return f"{digits[:4]} {digits[4:]}"


def make_link(*, by: Actor, cycle_slug: str, agency_id: int, holder: str, until: date, email: str = "") -> Secrets:
    """A link for that agency's liaison of this year, open to the end of `until` (a local date), with its code.

    Raises Missing, Forbidden, InputError.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_ask, by, cycle)
    holder, email = " ".join(holder.split()), email.strip()
    agency = Agency.objects.filter(within_q("place__code", cycle.place.code), pk=agency_id, valid_to=None).first()
    problems = _problems(cycle, agency, holder, until, email)
    if problems or agency is None:
        raise InputError(problems)
    name, token, code = uuid.uuid4(), secrets.token_urlsafe(32), _fresh_code()
    ends = datetime.combine(until + timedelta(days=1), time.min, tzinfo=cycle.place.zone)
    with transaction.atomic():
        user = User.objects.create_user(f"tautan-{name.hex}", full_name=holder[:150], email=email)
        Membership.objects.create(user=user, role=Role.LIAISON, agency=agency, cycle=cycle, ends=ends)
        link = AgencyLink.objects.create(
            uuid=name,
            cycle=cycle,
            agency=agency,
            user=user,
            holder=holder[:150],
            token_hash=hash_of(token),
            feed_hash=hash_of(feed_of(token)),
            code_hash=_code_hash(name, code),
            created_by=by if isinstance(by, User) else None,
            expires_at=ends,
        )
        _record(by, "links.make", link, until=until.isoformat())
    return Secrets(link, token, code)


def _problems(cycle: Cycle, agency: Agency | None, holder: str, until: date, email: str) -> list[Problem]:
    problems = []
    today = today_in(cycle)
    if agency is None:
        problems.append(Problem("ask.agency"))
    if not holder:
        problems.append(Problem("link.holder"))
    if not today < until <= today + timedelta(days=LONGEST):
        problems.append(Problem("link.expires", values={"most": LONGEST}))
    if email:
        try:
            validate_email(email)
        except ValidationError:
            problems.append(Problem("link.email", values={"email": email}))
    return problems


def new_code(*, by: Actor, cycle_slug: str, link_id: UUID) -> Secrets:
    """Another one-time code for the link; browsers that had used the old one show codes only again.

    Raises Missing, Forbidden, InputError where the link is not open any more.
    """
    link = _managed(by, cycle_slug, link_id)
    if not link.is_open(timezone.now()):
        raise InputError(Problem("link.closed"))
    code = _fresh_code()
    with transaction.atomic():
        link.code_hash, link.code_tries, link.code_used_at = _code_hash(link.uuid, code), 0, None
        link.save(update_fields=["code_hash", "code_tries", "code_used_at"])
        _record(by, "links.new_code", link)
    return Secrets(link, "", code)


def revoke(*, by: Actor, cycle_slug: str, link_id: UUID) -> AgencyLink:
    """Close the link and its calendar for good; closed already, nothing changes. Raises Missing, Forbidden."""
    link = _managed(by, cycle_slug, link_id)
    if link.revoked_at is not None:
        return link
    now = timezone.now()
    link.revoked_at = now
    with transaction.atomic():
        link.save(update_fields=["revoked_at"])
        Membership.objects.filter(user=link.user_id, ends__gt=now).update(ends=now)
        _record(by, "links.revoke", link)
    return link


def _managed(by: Actor, cycle_slug: str, link_id: UUID) -> AgencyLink:
    cycle = the_cycle(by, cycle_slug)
    demand(may_ask, by, cycle)
    return one(links_for(by, cycle), uuid=link_id)


def came(*, by: User, now: datetime | None = None) -> None:
    """Write down that the link was opened, at most hourly."""
    now = now or timezone.now()
    link = AgencyLink.objects.select_related("agency__place", "cycle").get(uuid=by.link.uuid)
    if link.last_seen_at is not None and now - link.last_seen_at < SEEN_EVERY:
        return
    link.last_seen_at = now
    with transaction.atomic():
        link.save(update_fields=["last_seen_at"])
        _record(by, "links.open", link)


def unlock(*, by: User, code: str) -> str:
    """Use the one-time code; what this browser keeps as proof that it did.

    Raises InputError for a wrong code, one that another browser has used, and after CODE_TRIES wrong ones.
    """
    link = AgencyLink.objects.select_related("agency__place", "cycle").get(uuid=by.link.uuid)
    if link.code_used_at is not None:
        raise InputError(Problem("link.code_used"))
    right = hmac.compare_digest(_code_hash(link.uuid, code), link.code_hash)
    with transaction.atomic():
        # One UPDATE with its condition: of two browsers at once, one uses the code; tries are never lost.
        free = AgencyLink.objects.filter(
            pk=link.pk, code_used_at=None, code_tries__lt=CODE_TRIES, code_hash=link.code_hash
        )
        change = {"code_used_at": timezone.now()} if right else {"code_tries": F("code_tries") + 1}
        changed = free.update(**change)
        if changed:
            _record(by, "links.unlock" if right else "links.wrong_code", link)
    if right and changed:
        return link.code_hash
    link.refresh_from_db(fields=["code_tries", "code_used_at"])
    if link.code_used_at is not None:
        raise InputError(Problem("link.code_used"))
    if link.code_tries >= CODE_TRIES:
        raise InputError(Problem("link.code_locked"))
    raise InputError(Problem("link.code_wrong", values={"left": CODE_TRIES - link.code_tries}))


def show_families(*, by: User, codes: Sequence[str]) -> None:
    """Write down which families were named to the link's holder."""
    link = AgencyLink.objects.select_related("agency__place", "cycle").get(uuid=by.link.uuid)
    with transaction.atomic():
        _record(by, "links.show_families", link, codes=list(codes))


def _record(by: Actor, action: str, link: AgencyLink, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="agency_link",
        object_id=link.uuid,
        place_code=link.agency.place.code,
        cycle=link.cycle.slug,
        agency=link.agency.short_name,
        **details,
    )
