"""Agencies (OPD) and partners of a place."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from selaras.access import Actor, demand, may_manage_people
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import Agency, AgencyLink, Membership, Place
from selaras.queries.seen import agency_seen


def add_agency(*, by: Actor, place: Place, short_name: str, name: str) -> Agency:
    """The current agency of that short name (as instruments name it); made where it is not there. Raises Forbidden."""
    demand(may_manage_people, by, place.code)
    with transaction.atomic():
        agency, made = Agency.objects.get_or_create(
            place=place, short_name=short_name, valid_to__isnull=True, defaults={"name": name}
        )
        if made:
            _record(by, "agencies.add", agency)
    return agency


def add_agencies(*, by: Actor, place: Place, names: Mapping[str, str]) -> list[Agency]:
    """Several at once, short name → name; those that are there, however they are spelled, stay. Raises Forbidden."""
    demand(may_manage_people, by, place.code)
    with transaction.atomic():
        rows = Agency.objects.filter(place__code=place.code, valid_to__isnull=True)
        known = {short.casefold() for short in rows.values_list("short_name", flat=True)}
        fresh = {short: name for short, name in names.items() if short.casefold() not in known}
        return [add_agency(by=by, place=place, short_name=short, name=name) for short, name in fresh.items()]


def rename_agency(*, by: Actor, agency: Agency, short_name: str, name: str, seen: str | None = None) -> Agency:
    """The agency under its new name: a new row that `replaces` the old one, which ends today.

    Tasks and links of its liaisons go on under the new name; what was promised under the old one stays as it was said,
    and stays theirs (`access.scopes`). `seen` is `agency_seen` of when the form was made. Raises Forbidden, or
    InputError for a name that is taken, unchanged or no longer current, and where another was faster.
    """
    demand(may_manage_people, by, agency.place.code)
    short_name, name = short_name.strip(), name.strip()
    today = timezone.localdate()
    with transaction.atomic():
        old = Agency.objects.select_for_update(of=("self",), no_key=True).select_related("place").get(pk=agency.pk)
        if seen is not None and seen != agency_seen(old):
            raise InputError(Problem("setup.changed"))
        _refuse(old, short_name, name)
        Agency.objects.filter(pk=old.pk).update(valid_to=today)
        new = Agency.objects.create(place=old.place, short_name=short_name, name=name, valid_from=today, replaces=old)
        now = timezone.now()
        lasting = Q(ends__isnull=True) | Q(ends__gt=now)
        tasks = Membership.objects.filter(lasting, agency=old).update(agency=new)
        links = AgencyLink.objects.filter(agency=old, revoked_at__isnull=True).update(agency=new)
        _record(by, "agencies.rename", new, previous=old.short_name, tasks=tasks, links=links)
    return new


def _refuse(old: Agency, short_name: str, name: str) -> None:
    if old.valid_to is not None:
        raise InputError(Problem("agency.former", values={"name": old.short_name}))
    if (short_name, name) == (old.short_name, old.name):
        raise InputError(Problem("agency.same"))
    others = Agency.objects.filter(place__code=old.place.code, valid_to__isnull=True).exclude(pk=old.pk)
    if others.filter(short_name__iexact=short_name).exists():
        raise InputError(Problem("agency.exists", values={"name": short_name}))


def _record(by: Actor, action: str, agency: Agency, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="agency",
        object_id=agency.pk,
        place_code=agency.place.code,
        short_name=agency.short_name,
        **details,
    )
