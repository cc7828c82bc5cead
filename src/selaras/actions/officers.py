"""Protection officers are told when one of them gets or loses the task, another way in, or another second step.

Whoever gives tasks could give herself this one under another name: the others learn of it at once, by a mail that says
nothing of itself, and read what it was where they enter (cases/watch.py). The locked room sends the same mail.
"""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from selaras.access import officers_around, watchers_of
from selaras.models import Membership, Role, User

log = logging.getLogger("selaras")


def tell_officers(user: User, *, left: str = "") -> None:
    """Once what is done now stands, write to her and to the officers around her, if she has their task or will have it.

    `left` is the area of such a task that has just ended: leaders and secretariat hear of that too. In the
    caller's transaction.
    """
    if settings.SELARAS_EMAIL_URL:
        transaction.on_commit(lambda: _tell(user, left))


def _tell(user: User, left: str) -> None:
    later = Q(ends__isnull=True) | Q(ends__gt=timezone.now())
    areas = set(Membership.objects.filter(later, user=user, role=Role.PROTECTION).values_list("place_code", flat=True))
    areas |= {left} - {""}
    people = {each for area in areas for each in officers_around(area)}
    # Where the last officer's task ends nobody else is left to be told.
    people |= set(watchers_of(left)) if left else set()
    to = sorted({each.email for each in ({user} | people if areas else set()) if each.email})
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
