"""One programme year of a city or province: its stages, loci, rounds, and who works in it as what."""

from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from selaras.models.files import StoredFile
from selaras.models.instruments import InstrumentVersion
from selaras.models.people import Agency, User
from selaras.models.places import AREA, Place, area_code


class Cycle(models.Model):
    """A programme year. Programme name and emblem are its settings, because the programme will be renamed."""

    slug = models.SlugField(max_length=60, unique=True)
    programme = models.CharField(max_length=120, help_text="P2WKSS, KRPPA, …")
    year = models.PositiveSmallIntegerField()
    place = models.ForeignKey(Place, models.PROTECT, related_name="cycles", help_text="city or province")
    emblem = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    synthetic = models.BooleanField(default=False, help_text="demo data: every page and output says so")
    source = models.CharField(max_length=300, blank=True, help_text="of a past year typed in: who says so")
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    asks_nik = models.BooleanField(default=False, db_default=False, help_text="whether its survey asks for NIK")
    instruments = models.ManyToManyField(InstrumentVersion, through="CycleInstrument", related_name="cycles")

    def __str__(self) -> str:
        return f"{self.programme} {self.year}"


class CycleInstrument(models.Model):
    """Which versions a cycle scores by. The primary one is the year's score; the others stand beside it."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="cycle_instruments")
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="cycle_instruments")
    primary = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "version"], name="one_instrument_once"),
            models.UniqueConstraint(fields=["cycle"], condition=Q(primary=True), name="one_primary_instrument_a_cycle"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.version_id}"


class Stage(models.Model):
    """A dated step of the year. Dates are local dates of the programme's place, first and last day included."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="stages")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    starts = models.DateField()
    ends = models.DateField()
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("cycle", "position")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "position"], name="one_stage_a_position"),
            models.CheckConstraint(condition=Q(ends__gte=models.F("starts")), name="stage_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.name


class Lokus(models.Model):
    """A kelurahan, often one RW of it, coached in a cycle.

    `prefix` begins the families' codes (GD-014). `representative` is None while it is *belum ditetapkan*: locus and
    representative differ, and an unknown one is not a no. `area` is the code that scopes compare with.
    """

    id = models.AutoField(primary_key=True)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="loci")
    place = models.ForeignKey(Place, models.PROTECT, related_name="loci")
    rw = models.CharField(max_length=20, blank=True, help_text="'' where the whole kelurahan is coached")
    prefix = models.CharField(max_length=6)
    target_size = models.PositiveIntegerField(default=100)
    representative = models.BooleanField(null=True)
    area = models.CharField(max_length=AREA, editable=False)
    registered = models.PositiveIntegerField(default=0, help_text="families that can be seen: a counter, for pages")
    reported_total = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, help_text="of a past year: the total that was published"
    )
    reported_scale = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    reported_source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("cycle", "prefix")
        constraints = [
            models.CheckConstraint(
                condition=Q(reported_total__isnull=True) | ~Q(reported_source=""), name="reported_total_has_a_source"
            ),
            models.UniqueConstraint(fields=["cycle", "prefix"], name="one_lokus_a_prefix"),
            models.UniqueConstraint(fields=["cycle", "area"], name="one_lokus_an_area"),
            models.UniqueConstraint(
                fields=["cycle"], condition=Q(representative=True), name="one_representative_a_cycle"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.place.name}"

    def save(self, *args: object, **kwargs: object) -> None:
        """`area` follows place and RW, so that no caller can forget it."""
        self.area = area_code(self.place.code, self.rw)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Confidence(models.TextChoices):
    """How sure we are of a published fact."""

    OFFICIAL = "official", _("halaman pemerintah atau naskah resmi")
    PRESS = "press", _("berita atau karya ilmiah")
    UNVERIFIED = "unverified", _("belum diperiksa")


class Achievement(models.Model):
    """What a place won, where and when. Nothing is shown of a real place without its source.

    `programme`: that of a bundle by its key (`p2wkss`), or that it was none of those; '' where it is not known.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="achievements")
    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120, help_text="Juara I")
    level = models.CharField(max_length=120, help_text="Provinsi Banten")
    source = models.CharField(max_length=300)
    confidence = models.CharField(max_length=12, choices=Confidence.choices)
    programme = models.CharField(max_length=20, blank=True, help_text="p2wkss")

    class Meta:
        ordering = ("-year", "place")

    def __str__(self) -> str:
        return f"{self.title} {self.level} {self.year}"


class RoundKind(models.TextChoices):
    BASELINE = "baseline", _("data awal")
    VISIT = "visit", _("kunjungan")
    ENDLINE = "endline", _("data akhir")
    T6 = "t6", _("6 bulan sesudahnya")
    T12 = "t12", _("12 bulan sesudahnya")


class Round(models.Model):
    """One time of asking. `closes` is what `today()` means in its expressions."""

    id = models.AutoField(primary_key=True)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="rounds")
    kind = models.CharField(max_length=10, choices=RoundKind.choices)
    number = models.PositiveSmallIntegerField(default=1, help_text="counts visits; 1 for the other kinds")
    opens = models.DateField()
    closes = models.DateField()

    class Meta:
        ordering = ("cycle", "opens")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "kind", "number"], name="one_round_of_a_kind"),
            models.CheckConstraint(condition=Q(closes__gte=models.F("opens")), name="round_closes_after_open"),
        ]

    def __str__(self) -> str:
        return f"{RoundKind(self.kind).label} {self.cycle_id}"


class Role(models.TextChoices):
    """As in the decrees. Who has no membership is the public."""

    ADMINISTRATOR = "administrator", _("administrator")
    SECRETARIAT = "secretariat", _("sekretariat kota")
    LIAISON = "liaison", _("penghubung OPD")
    SUPERVISOR = "supervisor", _("lurah/camat")
    CADRE = "cadre", _("kader")
    PROTECTION = "protection", _("petugas perlindungan")
    JUROR = "juror", _("juri")
    PROVINCE = "province", _("sekretariat provinsi")
    LEADER = "leader", _("pimpinan")


class Membership(models.Model):
    """A scope: a role, in one cycle or (NULL) all, below a place code or for an agency, from when to when.

    An empty `place_code` is the whole server and is an administrator's alone; a liaison's area is her agency's.
    `stands_in_for` is another cadre's task that she does for a while; such a task ends by itself.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    cycle = models.ForeignKey(Cycle, models.PROTECT, null=True, related_name="memberships")
    place_code = models.CharField(max_length=AREA, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="memberships")
    starts = models.DateTimeField(default=timezone.now)
    ends = models.DateTimeField(null=True)
    stands_in_for = models.ForeignKey("self", models.PROTECT, null=True, related_name="stand_ins", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stands_in_for__isnull=True) | Q(role="cadre", ends__isnull=False),
                name="a_stand_in_ends",
            ),
            models.CheckConstraint(
                condition=Q(role="administrator", agency__isnull=True)
                | Q(role="liaison", agency__isnull=False, place_code="")
                | (~Q(role__in=["administrator", "liaison"]) & Q(agency__isnull=True) & ~Q(place_code="")),
                name="scope_fits_role",
            ),
        ]
        indexes = [models.Index(fields=["place_code"], name="membership_by_place")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.place_code or self.agency_id or '*'}"

    def holds(self, now: datetime) -> bool:
        """Whether it has begun and not ended."""
        return self.starts <= now and (self.ends is None or now < self.ends)


def stage_on(stages: list[Stage], day: date) -> Stage | None:
    """The stage that runs on `day`: of several, the one that began last."""
    running = [stage for stage in stages if stage.starts <= day <= stage.ends]
    return max(running, key=lambda stage: (stage.starts, stage.position)) if running else None
