"""Forms on paper are taken along: one file for a cadre's whole list, written down as every taking is."""

from django.db import transaction

from selaras.access import demand, may_see_names
from selaras.actions import audit
from selaras.actions.field.forms import make_forms
from selaras.errors import InputError, Problem
from selaras.models import User
from selaras.queries.programme import lokus_in
from selaras.queries.questionnaires import Wanted, form_of_round, papers
from selaras.reports.letters import Paper
from selaras.reports.questionnaires import papers_pdf


def print_forms(*, by: User, cycle_slug: str, code: str, wanted: Wanted, base_url: str) -> Paper:
    """The PDF that she asked for; its QRs lead below `base_url`. The round's form is made where there is none yet.

    Raises Missing, Forbidden, InputError where nobody fits, too many do, or the year has no instrument.
    """
    lokus = lokus_in(by, cycle_slug, code)
    demand(may_see_names, by, lokus)
    form = form_of_round(lokus, wanted.round)
    if form is None and lokus.cycle.closed_at is None:
        make_forms(by=by, cycle=lokus.cycle)
        form = form_of_round(lokus, wanted.round)
    if form is None:
        raise InputError(Problem("paper.closed"))
    asked = papers(by, cycle_slug, code, wanted, form)
    made = papers_pdf(asked, base_url)
    with transaction.atomic():
        audit.record(
            by=by,
            action="forms.print",
            object_type="lokus",
            object_id=lokus.area,
            place_code=lokus.area,
            cycle=lokus.cycle_id,
            families=len(asked.families),
            blank=asked.blank,
            form=form.pk,
        )
    return made
