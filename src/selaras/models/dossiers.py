"""The frozen package of a lokus' year, and apart from it the names: the first never changes, the second can go."""

import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from selaras.models.cycles import Cycle, Lokus
from selaras.models.files import StoredFile
from selaras.models.households import Household
from selaras.models.keys import DataKey
from selaras.models.people import User


class Dossier(models.Model):
    """One freezing: a ZIP that names nobody. A later one is a new row with the next `number` of its lokus.

    `sha256` is of the ZIP, `manifest` its `manifest.json`: {"files": {name: SHA-256}, …}. `figures` are those that its
    documents say, as they were. The audit's entry of the freezing holds `sha256` too, so that neither row nor file can
    be made to say something else unseen.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="dossiers", db_index=False)
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="dossiers", db_index=False)
    number = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", db_index=False)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="bytes")
    manifest = models.JSONField()
    figures = models.JSONField(default=list)
    lacks = models.JSONField(default=list, help_text="codes of what was missing when it was frozen all the same")
    job = models.UUIDField(null=True, unique=True, help_text="the freezing it came of; one that runs again makes none")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="dossiers", db_index=False)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("cycle", "lokus", "-number")
        constraints = [models.UniqueConstraint(fields=["lokus", "number"], name="one_dossier_a_number")]

    def __str__(self) -> str:
        return f"{self.lokus_id} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Once: what is frozen is never written again."""
        if not self._state.adding:
            raise TypeError("a frozen dossier does not change")
        super().save(*args, **kwargs)


class DossierAnnex(models.Model):
    """The names that belong to a dossier: codes and who they are, in a file of its own under a key of its own.

    `households` are those in it, as far as they have not been erased. An erasure destroys file and key at once
    (`file` is NULL then) and the worker writes it anew without the family; `version` counts that.
    """

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="annex", primary_key=True)
    key = models.ForeignKey(DataKey, models.PROTECT, null=True, related_name="+", db_index=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", db_index=False)
    sha256 = models.CharField(max_length=64, blank=True, help_text="of the PDF, '' where there is none")
    families = models.PositiveIntegerField(default=0)
    households = models.ManyToManyField(Household, related_name="+")
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "dossier annexes"

    def __str__(self) -> str:
        return f"annex of {self.dossier_id}"
