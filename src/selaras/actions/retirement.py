"""A year whose families have been kept long enough: their data are destroyed, the figures stay.

Never by the clock alone: the secretariat says so and names how many there are, and a job does it, family by family.
Source: UU 27/2022 art. 42 and 43 (when the time of keeping is over, and erasure).
"""

from django.db import transaction

from selaras.access import CONSOLE, demand, may_settle_requests, the_cycle
from selaras.actions import audit
from selaras.actions.erasure import erase_household, finish_erasures
from selaras.actions.jobs import Progress, enqueue
from selaras.errors import InputError, Problem
from selaras.models import Job, User
from selaras.queries.retirement import due_of, families_of


def retire_year(*, by: User, cycle_slug: str, families: str) -> Job:
    """Ask for it; `families` is how many there are, typed by hand, so that nobody does it by a slip.

    Raises Missing, Forbidden, InputError where the time is not over, the year not closed, or the number another.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_settle_requests, by, cycle)
    due = due_of(cycle)
    if due is None or not due.over:
        raise InputError(Problem("rights.not_over"))
    if families.strip().replace(".", "") != str(due.families):
        raise InputError(Problem("rights.how_many", "banyaknya", {"n": due.families}))
    with transaction.atomic():
        audit.record(
            by=by, action="rights.retire", object_type="cycle", object_id=cycle.pk, place_code=cycle.place.code,
            families=due.families,
        )  # fmt: skip
        return enqueue(by=by, kind="rights.retire", total=due.families, cycle=cycle.pk)


def retire(progress: Progress) -> None:
    """The job: each family in a transaction of its own, the sweep once. Begun again, it goes on where it was."""
    job = progress.job
    left = families_of(job.params["cycle"])
    before = max((job.total or 0) - left.count(), 0)
    for done, household in enumerate(left.select_related("lokus__cycle", "key").order_by("pk"), start=1):
        erase_household(by=job.created_by or CONSOLE, household=household, reason="masa-simpan", sweep_after=False)
        progress.say(before + done)
    # The sweep cannot run inside a transaction, whoever began one.
    transaction.on_commit(finish_erasures)
