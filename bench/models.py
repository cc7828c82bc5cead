"""The one table of the plain floor that receipt is compared with; only `bench.floor_settings` installs it."""

from django.db import models
from django.utils import timezone


class Plain(models.Model):
    """A form as the floor keeps it: its bytes as they came, and where its photo stands."""

    instance_id = models.CharField(max_length=249)
    xml = models.BinaryField()
    photo = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return self.instance_id
