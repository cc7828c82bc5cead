"""Whom to call in a city: the whole list is written down at once, and its card is drawn from it."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from django.db import transaction

from selaras.access import Actor, demand, may_keep_helplines, the_cycle
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import Helpline, HelplineKind, Place, User
from selaras.queries.helplines import CardPage, HelplineLine, card_page, numbers_of
from selaras.reports.card import card_pdf
from selaras.reports.letters import Paper

#: A card has room for so many.
MOST: Final = 8
_NUMBER: Final = re.compile(r"\+?[0-9][0-9 ().-]{1,22}")
_TEXTS: Final = {"name": "nama layanan", "hours": "jam layanan", "source": "sumber"}


def set_helplines(*, by: Actor, cycle_slug: str, mark: str, lines: Sequence[HelplineLine]) -> None:
    """The numbers of the year's city, in the order of the card; none brings the country's back.

    `mark` is what the list had when she read it (`Numbers.mark`). Where nothing is different nothing is written.
    Raises Missing, Forbidden, or InputError with everything that is wrong, each at `KIND-POSITION` of its line.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_keep_helplines, by, cycle.place)
    with transaction.atomic():
        place = Place.objects.select_for_update(no_key=True).get(pk=cycle.place_id)
        before = numbers_of(place)
        if before.mark != mark:
            raise InputError(Problem("helpline.changed"))
        problems = [each for at, line in enumerate(lines) for each in _wrong(at, line, before.today)]
        if len(lines) > MOST:
            problems.append(Problem("helpline.many", values={"most": MOST}))
        if problems:
            raise InputError(problems)
        if tuple(lines) == (before.lines if before.own else ()):
            return
        Helpline.objects.filter(place=place).delete()
        Helpline.objects.bulk_create(
            Helpline(
                place=place,
                position=at,
                kind=line.kind,
                name=line.name,
                number=line.number,
                messages=line.messages,
                hours=line.hours,
                source=line.source,
                checked_on=line.checked_on,
            )
            for at, line in enumerate(lines)
        )
        numbers = [line.number or line.messages for line in lines]
        audit.record(
            by=by,
            action="helplines.set",
            object_type="place",
            object_id=place.pk,
            place_code=place.code,
            numbers=numbers,
        )


def kept_card(*, by: User, cycle_slug: str) -> CardPage:
    """The card as who keeps its numbers sees it. Raises Missing, Forbidden."""
    demand(may_keep_helplines, by, the_cycle(by, cycle_slug).place)
    return card_page(by, cycle_slug)


def take_card(*, by: Actor, cycle_slug: str, base_url: str) -> Paper:
    """The card of the year's city as a PDF in A6, front and back. Raises Missing."""
    cycle = the_cycle(by, cycle_slug)
    return card_pdf(numbers_of(cycle.place), synthetic=cycle.synthetic, base_url=base_url)


def _wrong(at: int, line: HelplineLine, today: date) -> Iterator[Problem]:
    """Everything that is wrong with one line."""
    if line.kind not in HelplineKind.values:
        yield Problem("helpline.kind", f"kind-{at}")
    for name, what in _TEXTS.items():
        text: str = getattr(line, name)
        most: int = getattr(Helpline._meta.get_field(name), "max_length", 0)
        if not text and name != "hours":
            yield Problem("helpline.blank", f"{name}-{at}", {"what": what})
        if len(text) > most:
            yield Problem("helpline.long", f"{name}-{at}", {"what": what, "most": most})
    if not line.number and not line.messages:
        yield Problem("helpline.no_number", f"number-{at}")
    for name in ("number", "messages"):
        said: str = getattr(line, name)
        if said and not _NUMBER.fullmatch(said):
            yield Problem("helpline.number", f"{name}-{at}", {"found": said[:30]})
    if not date(2000, 1, 1) <= line.checked_on <= today:
        yield Problem("helpline.day", f"checked_on-{at}")
