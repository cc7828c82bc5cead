"""Tim Pembina, Pokja and groups: who was named by which decree, and women's and children's own groups."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from selaras.models.cycles import Cycle
from selaras.models.files import StoredFile
from selaras.models.people import Agency, User
from selaras.models.places import AREA, Place


class TeamKind(models.TextChoices):
    PEMBINA = "pembina", _("Tim Pembina")
    SEKTORAL = "sektoral", _("Tim Sektoral")
    POKJA = "pokja", _("Pokja")
    KELURAHAN = "kelurahan", _("Tim kelurahan")


class Team(models.Model):
    """A team of the year, at the city, a kecamatan or a kelurahan (`area`), with the decree that named it."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="teams")
    kind = models.CharField(max_length=12, choices=TeamKind.choices)
    name = models.CharField(max_length=160)
    area = models.CharField(max_length=AREA)
    decree_number = models.CharField(max_length=120, blank=True)
    decree_date = models.DateField(null=True)
    decree_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("cycle", "id")
        constraints = [models.UniqueConstraint(fields=["cycle", "area", "name"], name="one_team_a_name")]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """Somebody in a team. `sex` is P or L, because women are counted; '' where nobody said. May have no account."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="members")
    position = models.PositiveSmallIntegerField(help_text="1-based order of the decree")
    name = models.CharField(max_length=150)
    sex = models.CharField(max_length=1, blank=True)
    duty = models.CharField(max_length=80, help_text="ketua, sekretaris, anggota")
    office = models.CharField(max_length=160, blank=True, help_text="jabatan dalam dinas")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="team_members")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="team_members")

    class Meta:
        ordering = ("team", "position")
        constraints = [models.UniqueConstraint(fields=["team", "position"], name="one_member_a_position")]

    def __str__(self) -> str:
        return f"{self.team_id} {self.position}"


class GroupKind(models.TextChoices):
    KWT = "kwt", _("Kelompok Wanita Tani")
    UP2K = "up2k", _("UP2K PKK")
    DASAWISMA = "dasawisma", _("Dasawisma")
    MAJELIS = "majelis_taklim", _("Majelis taklim")
    FORUM_ANAK = "forum_anak", _("Forum Anak")
    PATBM = "patbm", _("PATBM")
    LAIN = "lain", _("Kelompok lain")


class Group(models.Model):
    """A group of women or children in a place; how many belong to it, where known."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="groups")
    area = models.CharField(max_length=AREA)
    kind = models.CharField(max_length=16, choices=GroupKind.choices)
    name = models.CharField(max_length=160)
    women = models.PositiveIntegerField(null=True)
    children = models.PositiveIntegerField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        ordering = ("area", "kind", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "name"], condition=models.Q(valid_to__isnull=True), name="one_current_group_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name
