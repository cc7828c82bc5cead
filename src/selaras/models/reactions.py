"""What those who came say of an activity: nothing here says who, when in the day, or after whom.

How it is built and against whom it holds: docs/decisions/0010-reactions-nobody-can-join.md.
"""

import uuid

from django.db import models

from selaras.models.activities import Activity
from selaras.models.keys import DataKey
from selaras.models.people import User


class ReactionBox(models.Model):
    """One printing of slips for one activity, and the answers that wait until they are enough.

    `pool` holds the waiting answers in chance order, always of one size, sealed twice: with `key` and with a secret
    that stands on the printed slips alone. `text_key` seals what is released of free words. Days, never hours.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="reaction_boxes")
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    text_key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    pool = models.BinaryField(null=True)
    slips = models.PositiveSmallIntegerField(help_text="printed")
    written = models.PositiveSmallIntegerField(default=0, help_text="people whose answers were released")
    printed_on = models.DateField()
    closes_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "reaction boxes"
        ordering = ("activity", "printed_on", "id")

    def __str__(self) -> str:
        return str(self.uuid)


class ReactionSlip(models.Model):
    """A printed code that was not used yet. Using it deletes the row; it was never anybody's.

    `lookup` is a hash of the code, `wrapped` the box's secret, sealed with the code. `opens`: the organiser's own,
    which ends the box and answers nothing.
    """

    lookup = models.CharField(primary_key=True, max_length=64)
    box = models.ForeignKey(ReactionBox, models.CASCADE, related_name="unused")
    wrapped = models.BinaryField()
    opens = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.lookup[:8]


class ReactionQuestion(models.TextChoices):
    USEFUL = "useful", "Berguna?"
    USE = "use", "Akan dipakai?"


class ReactionReply(models.TextChoices):
    YES = "yes", "ya"
    SOME = "some", "sebagian"
    NO = "no", "tidak"


class Reaction(models.Model):
    """One person's answer to one question. Her other answers are other rows, joined to this one by nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="reactions")
    day = models.DateField(help_text="on which its batch was written")
    question = models.CharField(max_length=6, choices=ReactionQuestion.choices)
    answer = models.CharField(max_length=4, choices=ReactionReply.choices)

    class Meta:
        indexes = [models.Index(fields=["activity", "question", "answer"], name="reactions_counted")]

    def __str__(self) -> str:
        return f"{self.question} {self.answer}"


class ReactionPapers(models.Model):
    """That a box of papers was typed, by the number of its form: sent twice, it is counted once.

    It says nothing of what was on the papers, nor when, and nothing joins it to the rows that came of them.
    """

    uuid = models.UUIDField(primary_key=True)
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="reaction_papers")

    class Meta:
        verbose_name_plural = "reaction papers"

    def __str__(self) -> str:
        return str(self.uuid)


class ReactionTextState(models.TextChoices):
    WAITING = "waiting", "belum dibaca"
    SHOWN = "shown", "ditampilkan"
    WITHHELD = "withheld", "tidak ditampilkan"


class ReactionText(models.Model):
    """What somebody said is missing, in her words, sealed. Shown once a person has looked whether it names anybody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="reaction_texts")
    day = models.DateField(help_text="on which its batch was written")
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField(null=True)
    state = models.CharField(max_length=8, choices=ReactionTextState.choices, default=ReactionTextState.WAITING)
    looked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.activity_id} {self.state}"

    @property
    def context(self) -> str:
        """Under which its words are sealed."""
        return f"reaction.text:{self.id}"
