"""Where homes are is shown to who works with their families by name; each showing is written down."""

from django.db import transaction

from selaras.access import the_lokus
from selaras.actions import audit
from selaras.models import User
from selaras.queries.points import PointsPage, points_page


def reveal_points(*, by: User, cycle_slug: str, code: str, round_slug: str, page: str) -> PointsPage:
    """The homes of a round beside each other; written down with the page (its path) where there is any point.

    Raises as `queries.points.points_page`.
    """
    found = points_page(by, cycle_slug, code, round_slug)
    if found.points:
        lokus = the_lokus(by, cycle_slug, code)
        with transaction.atomic():
            audit.record(
                by=by,
                action="households.reveal_points",
                object_type="lokus",
                object_id=lokus.pk,
                place_code=lokus.area,
                families=len(found.points),
                page=page,
            )
    return found
