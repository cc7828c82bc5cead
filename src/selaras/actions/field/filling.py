"""Forms and families are handed to a browser, as they are to a phone; what it carries away is written down."""

from django.db import transaction

from selaras.access import demand, may_fill
from selaras.actions import audit
from selaras.actions.field.forms import make_forms
from selaras.errors import InputError
from selaras.models import Cycle, User
from selaras.queries.filling import Work, work_of, year_to_fill

#: What a browser was handed -> what is written down.
_CARRIED = {"families": "forms.carry_families", "list": "forms.carry_list", "answers": "forms.carry_answers"}


def hand_out(*, by: User, cycle_slug: str = "") -> Work:
    """Her work of that year ('' for the newest open one), with the forms of the open round made where none were.

    Raises Missing. A workbook that makes no form leaves her without one, as the page of the year's settings says.
    """
    work = work_of(by, cycle_slug)
    if not work.wanting:
        return work
    cycle = _year(by, work.cycle.slug)
    try:
        make_forms(by=by, cycle=cycle)
    except InputError:
        return work
    return work_of(by, work.cycle.slug)


def note_carried(*, by: User, cycle_slug: str, what: str, families: int) -> None:
    """Write down that her browser carries `what` (families, list, answers) of so many families. Raises Missing."""
    cycle = _year(by, cycle_slug)
    with transaction.atomic():
        audit.record(
            by=by,
            action=_CARRIED[what],
            object_type="cycle",
            object_id=cycle.pk,
            place_code=cycle.place.code,
            households=families,
        )


def _year(by: User, slug: str) -> Cycle:
    cycle = year_to_fill(by, slug)
    demand(may_fill, by, cycle)
    return cycle
