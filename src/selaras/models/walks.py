"""Safety walks: women and children of an RT go together and note what feels unsafe. Choices only: nobody is named."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from selaras.models.cycles import Lokus
from selaras.models.people import User
from selaras.models.places import AREA
from selaras.models.plans import Commitment


class Unsafe(models.TextChoices):
    """What feels unsafe at a place; never who or what happened there."""

    DARK = "dark", _("gelap, lampu mati atau tidak ada")
    PATH = "path", _("jalan atau gang rusak, licin, atau sempit")
    WATER = "water", _("sungai, selokan, atau sumur tanpa pagar")
    EMPTY = "empty", _("rumah atau lahan kosong")
    TRAFFIC = "traffic", _("kendaraan terlalu kencang")
    TOILET = "toilet", _("MCK tanpa pintu, kunci, atau lampu")
    CROWD = "crowd", _("tempat berkumpul yang membuat takut")
    ALONE = "alone", _("sepi, teriakan tidak terdengar")
    WIRE = "wire", _("kabel listrik atau tiang berbahaya")


class Near(models.TextChoices):
    """Where it is, within an RT: enough to find it again, too little to point at a family."""

    ALLEY = "alley", _("gang")
    MAIN = "main", _("jalan besar")
    BRIDGE = "bridge", _("jembatan")
    RIVER = "river", _("tepi sungai")
    SCHOOL = "school", _("sekolah atau PAUD")
    WORSHIP = "worship", _("masjid, musala, atau rumah ibadah")
    POST = "post", _("pos ronda atau balai")
    FIELD = "field", _("lapangan atau tempat bermain")
    GARDEN = "garden", _("kebun atau sawah")
    MARKET = "market", _("warung atau pasar")
    WASHING = "washing", _("MCK umum")


class When(models.TextChoices):
    ALWAYS = "always", _("siang dan malam")
    NIGHT = "night", _("malam")
    SCHOOL = "school", _("jam berangkat dan pulang sekolah")


class SafetyWalk(models.Model):
    """One walk, in an RT of the lokus (`area`). `uuid` comes from whoever notes it: sending twice is one."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="walks")
    area = models.CharField(max_length=AREA)
    on = models.DateField()
    women = models.PositiveSmallIntegerField()
    children = models.PositiveSmallIntegerField(default=0)
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("lokus", "-on", "-id")
        constraints = [models.CheckConstraint(condition=Q(women__gte=1), name="a_woman_walks")]

    def __str__(self) -> str:
        return f"{self.area} {self.on}"


class WalkFinding(models.Model):
    """One thing that felt unsafe, and the proposal that it became."""

    walk = models.ForeignKey(SafetyWalk, models.CASCADE, related_name="findings")
    what = models.CharField(max_length=8, choices=Unsafe.choices)
    near = models.CharField(max_length=8, choices=Near.choices)
    when = models.CharField(max_length=8, choices=When.choices)
    commitment = models.ForeignKey(Commitment, models.SET_NULL, null=True, related_name="walk_findings")

    class Meta:
        ordering = ("walk", "id")
        constraints = [models.UniqueConstraint(fields=["walk", "what", "near", "when"], name="one_finding_once")]

    def __str__(self) -> str:
        return f"{self.walk_id} {self.what} {self.near}"
