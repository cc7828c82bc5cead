"""Who acts: users and agencies. What a user may do is a membership (models/cycles.py) read by access/ alone."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils import timezone

from selaras.models.places import Place


class Users(BaseUserManager["User"]):
    """How accounts are made."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A saved account; without a password it cannot sign in until one is set."""
        email = self.normalize_email(fields.pop("email", ""))
        user = self.model(username=self.model.normalize_username(username), email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. Without Django's groups and permissions: two places that decide who may are one too many.

    `uuid` is how audit entries and jobs name a person.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(
        "nama pengguna",
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": "Nama pengguna itu sudah dipakai; pilih yang lain."},
    )
    full_name = models.CharField("nama lengkap", max_length=150)
    email = models.EmailField("surel", blank=True)
    language = models.CharField("bahasa", max_length=5, default="id")
    is_active = models.BooleanField("aktif", default=True)
    date_joined = models.DateTimeField("terdaftar sejak", default=timezone.now)
    #: Until when she has read what changed of her tasks; None before she has ever signed in.
    tasks_told_at = models.DateTimeField(null=True, blank=True, editable=False)

    #: What access/ found this person to be; lives as long as this object, which is one request.
    remembered_scopes: Any = None
    #: By which agency's link this person came in (access.LinkVisit); None for whoever signed in.
    link: Any = None

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = "pengguna"
        verbose_name_plural = "pengguna"

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name


class Agency(models.Model):
    """An OPD or partner. Names change by regulation, so a renamed agency is a new row that `replaces` the old."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="agencies")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=40, help_text="as instruments name it: DP3AP2KB, DKCS")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "short_name"],
                condition=models.Q(valid_to__isnull=True),
                name="one_current_agency_a_name",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name
