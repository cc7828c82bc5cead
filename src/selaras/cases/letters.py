"""A mail that says nothing: that there is something to read in Selaras. Whoever reads over a shoulder learns no more.

It is the same as the one about tasks and accounts (actions/officers.py), so that a mailbox does not tell which it was.
"""

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from selaras.models.people import User

log = logging.getLogger("selaras")


def tell(people: Iterable[User]) -> None:
    """Write to those who have an address, where mail is set up; what cannot be sent stands on their pages."""
    to = sorted({each.email for each in people if each.email})
    if not to or not settings.SELARAS_EMAIL_URL:
        return
    body = _("Ada pemberitahuan untuk Anda di Selaras. Masuk untuk membacanya: %(where)s")
    message = EmailMessage(
        subject=_("Selaras: ada pemberitahuan"), body=body % {"where": settings.SELARAS_BASE_URL}, bcc=to
    )
    try:
        message.send()
    except (SMTPException, OSError):
        log.warning("surel pemberitahuan tidak terkirim")
