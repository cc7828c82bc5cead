"""Papers of the field: the letter that a cadre carries. Each taking is written down."""

from django.db import transaction

from selaras.access import the_cycle
from selaras.actions import audit
from selaras.models import User
from selaras.queries.phone_holders import order_view
from selaras.reports.letters import Paper
from selaras.reports.orders import order_pdf


def export_order(*, by: User, cycle_slug: str, membership_id: int) -> Paper:
    """The letter of that person's task as PDF. Raises Missing where the task is not in an area that `by` keeps."""
    made = order_pdf(order_view(by, cycle_slug, membership_id))
    place = the_cycle(by, cycle_slug).place.code
    with transaction.atomic():
        audit.record(
            by=by,
            action="phones.export_order",
            object_type="membership",
            object_id=str(membership_id),
            place_code=place,
            cycle=cycle_slug,
        )
    return made
