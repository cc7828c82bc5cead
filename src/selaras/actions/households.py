"""What is done about families one by one: showing their names, which is written down each time."""

from collections.abc import Sequence

from django.db import transaction

from selaras.access import Actor, demand, households_for, may_see_names, the_lokus
from selaras.actions import audit

#: More codes than a page can hold are a copy of the registry, not a page.
MOST = 500


def reveal_names(*, by: Actor, cycle_slug: str, code: str, households: Sequence[str], page: str) -> dict[str, str]:
    """Code → name of the head of the family, for those of the codes that `by` may see.

    Writes one audit entry that names the codes shown and the page (its path). At most MOST codes are answered.
    Raises Missing where the lokus is not there or not hers, Forbidden where she may not see names.
    """
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_see_names, by, lokus)
    wanted = sorted(set(households))[:MOST]
    rows = households_for(by).filter(lokus=lokus, code__in=wanted).values_list("code", "head_name")
    names = dict(rows)
    with transaction.atomic():
        audit.record(
            by=by,
            action="households.reveal_names",
            object_type="lokus",
            object_id=lokus.pk,
            place_code=lokus.area,
            codes=sorted(names),
            page=page,
        )
    return names
