"""Agencies (OPD) and partners of a place."""

from django.db import transaction

from selaras.access import Actor, demand, may_manage_people
from selaras.actions import audit
from selaras.models import Agency, Place


def add_agency(*, by: Actor, place: Place, short_name: str, name: str) -> Agency:
    """The current agency of that short name (as instruments name it); made where it is not there. Raises Forbidden."""
    demand(may_manage_people, by, place.code)
    with transaction.atomic():
        agency, made = Agency.objects.get_or_create(
            place=place, short_name=short_name, valid_to__isnull=True, defaults={"name": name}
        )
        if made:
            audit.record(
                by=by,
                action="agencies.add",
                object_type="agency",
                object_id=agency.pk,
                place_code=place.code,
                short_name=short_name,
            )
    return agency
