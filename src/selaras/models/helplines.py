"""Whom to call: numbers are data, because they change and because every city has its own. Offices, never persons."""

from django.db import models
from django.utils.translation import gettext_noop as _

from selaras.models.places import Place


class HelplineKind(models.TextChoices):
    """What answers there, in the order in which a card names them."""

    UPTD = "uptd", _("UPTD PPA")
    SAPA = "sapa", _("SAPA 129")
    POLICE = "police", _("polisi")
    HEALTH = "health", _("pertolongan medis")
    LEGAL = "legal", _("bantuan hukum")
    OTHER = "other", _("layanan lain")


class Helpline(models.Model):
    """One number of a city's card, with who says so and when somebody last tried it.

    `number` is called, `messages` is written to (WhatsApp); one of the two may be ''. Both keep the way of writing
    that people know: `0811-1129-129`.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="helplines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=HelplineKind.choices)
    name = models.CharField(max_length=80)
    number = models.CharField(max_length=24, blank=True)
    messages = models.CharField(max_length=24, blank=True)
    hours = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=200)
    checked_on = models.DateField()

    class Meta:
        ordering = ("place", "position")
        constraints = [models.UniqueConstraint(fields=["place", "position"], name="one_helpline_a_position")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.name}"
