"""A cadre's way in from a phone: hand it out, take it back, come in by it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Model
from django.utils import timezone

from selaras.access import Actor, demand, may_give_phone, may_revoke_phone, one, phones_for, the_cycle
from selaras.actions import audit
from selaras.actions.field.forms import make_forms
from selaras.errors import InputError, Problem
from selaras.models import Cycle, Membership, PhoneToken, Place, User
from selaras.models.ready import Ready
from selaras.queries.links import hash_of

#: Bytes of a token: 43 characters in an address, 256 bits that nobody guesses.
TOKEN_BYTES = 32
#: How exactly "last seen" is known; oftener only costs a transaction.
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Handed:
    """What is shown once: the phone's row and its token."""

    phone: PhoneToken
    token: str


def give_phone(*, by: Actor, cycle_slug: str, membership_id: int, now: datetime | None = None) -> Handed:
    """A new way in for that task's person, in that year; older ones of hers stay until they are revoked.

    The forms that it will be handed are made where there are none yet. Raises Missing, Forbidden, InputError where her
    task has ended, and where the year has no instrument or its workbook makes no form.
    """
    now = now or timezone.now()
    cycle = the_cycle(by, cycle_slug)
    membership = one(Membership.objects.select_related("user"), pk=membership_id)
    demand(may_give_phone, by, membership, cycle)
    if not membership.holds(now) or not membership.user.is_active:
        raise InputError(Problem("phone.ended"))
    make_forms(by=by, cycle=cycle)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        phone = PhoneToken.objects.create(
            cycle=cycle,
            membership=membership,
            user=membership.user,
            token_hash=hash_of(token),
            created_by=by if isinstance(by, User) else None,
            created_at=now,
        )
        _record(by, "phones.give", phone)
    return Handed(phone, token)


def revoke_phone(*, by: Actor, cycle_slug: str, phone_id: UUID) -> PhoneToken:
    """Close that way in for good; closed already, nothing changes. Raises Missing, Forbidden."""
    cycle = the_cycle(by, cycle_slug)
    phone = one(phones_for(by, cycle), uuid=phone_id)
    demand(may_revoke_phone, by, phone.membership, cycle)
    if phone.revoked_at is None:
        with transaction.atomic():
            phone.revoked_at = timezone.now()
            phone.save(update_fields=["revoked_at"])
            _record(by, "phones.revoke", phone)
    return phone


def come_in(*, token: str, device: str = "", agent: str = "", now: datetime | None = None) -> PhoneToken | None:
    """The open phone of that token, None where there is none; notes that it was seen, every SEEN_EVERY at most.

    Not an entry of the audit: who looks at a list of forms has changed nothing.
    """
    now = now or timezone.now()
    token_hash = hash_of(token)
    phone = _phone(token_hash)
    if phone is None or not phone.is_open(now):
        _LATELY.pop(token_hash, None)
        return None
    if _is_news(phone, device, now):
        device, agent = device[:120], agent[:200]
        phone.seen_at, phone.device, phone.agent = now, device or phone.device, agent or phone.agent
        phone.save(update_fields=["seen_at", "device", "agent"])
    phone.token_hash = token_hash
    if len(_LATELY) >= MOST_LATELY:
        _LATELY.clear()
    _LATELY[token_hash] = phone
    return phone


#: Phones that came in lately, of this process: hash of the token -> phone.
_LATELY: dict[str, PhoneToken] = {}
MOST_LATELY = 2000


def lately(*, token: str, device: str = "", now: datetime | None = None) -> PhoneToken | None:
    """The phone as it came in a moment ago, by no query; None where `come_in` has something to find out or to note.

    Since then it may have been revoked: whoever goes by this writes nothing but on the condition that it was not.
    """
    now = now or timezone.now()
    phone = _LATELY.get(hash_of(token))
    return None if phone is None or _is_news(phone, device, now) or not phone.is_open(now) else phone


def _is_news(phone: PhoneToken, device: str, now: datetime) -> bool:
    stale = phone.seen_at is None or now - phone.seen_at > SEEN_EVERY
    return stale or bool(device and device[:120] != phone.device)


#: What is read of a phone with every request: what lets it in, and what receipt needs. The rest is read when asked for.
_PARTS: tuple[tuple[type[Model], str, tuple[str, ...]], ...] = tuple(
    (model, path, tuple(one.attname for one in model._meta.concrete_fields if one.attname in names.split()))
    for model, path, names in (
        (PhoneToken, "", "id uuid cycle_id membership_id user_id revoked_at seen_at device agent"),
        (Membership, "membership__", "id role place_code cycle_id starts ends"),
        (User, "user__", "id is_active"),
        (Cycle, "cycle__", "id closed_at place_id"),
        (Place, "cycle__place__", "id code"),
    )
)
_BY_TOKEN = Ready(
    lambda token_hash: (
        PhoneToken.objects.filter(token_hash=token_hash)
        .order_by()
        .values_list(*(f"{path}{name}" for _, path, names in _PARTS for name in names))
    ),
    token_hash="",
)


def _phone(token_hash: str) -> PhoneToken | None:
    found = _BY_TOKEN.rows(token_hash=token_hash)
    if not found:
        return None
    values, made = iter(found[0]), list[Any]()
    for model, _, names in _PARTS:
        made.append(model.from_db(DEFAULT_DB_ALIAS, names, list(islice(values, len(names)))))
    phone, membership, user, cycle, place = made
    cycle.place, phone.membership, phone.user, phone.cycle = place, membership, user, cycle
    return cast("PhoneToken", phone)


def _record(by: Actor, action: str, phone: PhoneToken) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="phone",
        object_id=phone.uuid,
        place_code=phone.membership.place_code,
        cycle=phone.cycle_id,
        user=str(phone.user.uuid),
    )
