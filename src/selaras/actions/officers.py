"""Protection officers and leaders are told when one of them gets or loses the task, another way in or second step.

Whoever gives tasks could give herself this one under another name, or take over the account of the leader who is the
second of two in an emergency: the others learn of it at once, by a mail that says nothing of itself, and read what it
was where they enter (cases/watch.py). The locked room sends the same mail.
"""

import logging
from collections.abc import Iterable, Sequence
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from selaras.access import ASKERS, officers_around, watchers_of
from selaras.models import Membership, Role, User

log = logging.getLogger("selaras")
#: Whose tasks in a city count in the room: who keeps tickets, and who is the second of two.
COUNTING = (Role.PROTECTION, Role.LEADER)
#: Which tasks change what somebody is in the room: these, who asks for emergencies, and who is nobody in it.
TELLING = frozenset({*COUNTING, *ASKERS, Role.ADMINISTRATOR})


def tell_officers(user: User, *others: User, left: str = "", tasks: Iterable[str] = COUNTING) -> None:
    """Once what is done now stands, write to her and those who count in the room around her, if she has their task or
    will have it: of an officer to the officers, of a city's leader to leaders and secretariat too.

    `others` are told with her, as whoever had her task before. `left` is the area of such a task that has just ended:
    leaders and secretariat hear of that, and of an account that was switched off. `tasks` are the roles of tasks that
    she was given: of one that is nothing to the room she hears alone, with `others`. In the caller's transaction.
    """
    if settings.SELARAS_EMAIL_URL:
        alone = TELLING.isdisjoint(tasks)
        transaction.on_commit(lambda: _tell((user, *others), left, alone=alone))


def _tell(users: Sequence[User], left: str, *, alone: bool) -> None:
    later = Q(ends__isnull=True) | Q(ends__gt=timezone.now())
    rows = Membership.objects.filter(later, user=users[0], role__in=COUNTING, place_code__contains=".")
    tasks = set(rows.values_list("place_code", "role"))
    people = {each for area in {left, *(area for area, _role in tasks)} - {""} for each in officers_around(area)}
    # Where the last officer's task or account ends nobody else is left to be told.
    watched = {area for area, role in tasks if role == Role.LEADER or not users[0].is_active}
    people |= {each for area in {left, *watched} - {""} for each in watchers_of(area)}
    people = set() if alone else people
    to = sorted({each.email for each in ({*users} | people if tasks or left else set()) if each.email})
    if not to:
        return
    body = _("Ada pemberitahuan untuk Anda di Selaras. Masuk untuk membacanya: %(where)s")
    message = EmailMessage(
        subject=_("Selaras: ada pemberitahuan"), body=body % {"where": settings.SELARAS_BASE_URL}, bcc=to
    )
    try:
        message.send()
    except (SMTPException, OSError):
        log.warning("surel pemberitahuan tidak terkirim")
