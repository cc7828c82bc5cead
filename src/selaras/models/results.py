"""What came out: states per family and indicator, counters per lokus, facts, and frozen results."""

import uuid

from django.db import models
from django.utils import timezone

from selaras.models.cycles import Lokus, Round
from selaras.models.fields import ExactDecimalField
from selaras.models.households import Household
from selaras.models.instruments import IndicatorRef, InstrumentVersion
from selaras.models.people import User


class State(models.TextChoices):
    """One letter per family and indicator, so that a page of 300,000 families is an index read."""

    YES = "y", "terpenuhi"
    NO = "n", "belum terpenuhi"
    MISSING = "m", "belum diketahui"
    NOT_APPLICABLE = "a", "tidak berlaku"
    VALUE = "v", "bernilai"


class TallyColumns(models.Model):
    """The columns of scoring.tally.Tally: counts, the exact sum, and what min, max and median need."""

    n = models.PositiveIntegerField()
    true = models.PositiveIntegerField()
    missing = models.PositiveIntegerField()
    not_applicable = models.PositiveIntegerField()
    total = ExactDecimalField(null=True, help_text="NULL for booleans: 18 million zeros are not free")

    class Meta:
        abstract = True


class HouseholdScore(TallyColumns):
    """One family, round and indicator. `lokus` is the family's when it was scored: counters are adjusted by it."""

    pk = models.CompositePrimaryKey("household_id", "round_id", "indicator_id")
    household = models.ForeignKey(Household, models.PROTECT, related_name="scores", db_index=False)
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="+", db_index=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="+", db_index=False)
    indicator = models.ForeignKey(IndicatorRef, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=1, choices=State.choices)

    class Meta:
        indexes = [
            models.Index(fields=["lokus", "round", "indicator", "state", "household"], name="score_list"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.round_id} {self.indicator_id} {self.state}"


class HouseholdClass(models.Model):
    """The class that an instrument gives a family in a round; '' where it is unclassified."""

    pk = models.CompositePrimaryKey("household_id", "round_id", "version_id")
    household = models.ForeignKey(Household, models.PROTECT, related_name="classes", db_index=False)
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="+", db_index=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["lokus", "round", "version", "name", "household"], name="class_list"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.round_id} {self.name}"


class Counter(TallyColumns):
    """The tally of one indicator in one lokus and round: what pages read."""

    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="counters", db_index=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="counters", db_index=False)
    indicator = models.ForeignKey(IndicatorRef, models.PROTECT, related_name="+", db_index=False)
    low = ExactDecimalField(null=True)
    high = ExactDecimalField(null=True)
    middle_low = ExactDecimalField(null=True)
    middle_high = ExactDecimalField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lokus", "round", "indicator"], name="one_counter_an_indicator"),
        ]

    def __str__(self) -> str:
        return f"{self.lokus_id} {self.round_id} {self.indicator_id}"


class UnitCounter(models.Model):
    """What one instrument counted in one lokus and round, and as of when."""

    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="unit_counters", db_index=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="unit_counters", db_index=False)
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="+", db_index=False)
    households = models.PositiveIntegerField()
    classes = models.JSONField(default=dict, help_text="class -> families")
    unclassified = models.PositiveIntegerField(default=0)
    gaps = models.JSONField(default=list, help_text="[field, blank, asked] of the questions that scores use")
    engine = models.CharField(max_length=40)
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lokus", "round", "version"], name="one_unit_counter"),
        ]

    def __str__(self) -> str:
        return f"{self.lokus_id} {self.round_id} {self.version_id}"


class Fact(models.Model):
    """A record, activity, protection measure or mark: a value or an option for one item of a lokus.

    `round` is NULL for a fact of the whole cycle. `source` names the document or register, never a person.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="facts", db_index=False)
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="facts")
    indicator = models.ForeignKey(IndicatorRef, models.PROTECT, related_name="facts")
    value = ExactDecimalField(null=True)
    option = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=300)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="facts")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lokus", "round", "indicator"], name="one_fact_an_item"),
            models.UniqueConstraint(
                fields=["lokus", "indicator"],
                condition=models.Q(round__isnull=True),
                name="one_fact_an_item_of_the_cycle",
            ),
            models.CheckConstraint(
                condition=models.Q(value__isnull=False, option="")
                | (models.Q(value__isnull=True) & ~models.Q(option="")),
                name="fact_is_value_or_option",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lokus_id} {self.indicator_id}"


class Result(models.Model):
    """A frozen scorecard: enough to compute it again and compare. Recomputing adds a row.

    `data_hash` covers the answers and facts that went in; `card` is the card JSON of one run, `trace` the rules,
    numbers and SQL behind it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="results", db_index=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="results")
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="results")
    instrument_sha256 = models.CharField(max_length=64)
    data_hash = models.CharField(max_length=64)
    engine = models.CharField(max_length=40)
    card = models.JSONField()
    trace = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="results")

    class Meta:
        indexes = [models.Index(fields=["lokus", "round", "version", "-created_at"], name="result_newest")]

    def __str__(self) -> str:
        return str(self.uuid)
