"""Officers whose second step somebody has said to be theirs, and people who have been here for more than a week."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.utils import timezone

from selaras.access import kept_areas
from selaras.cases import vouching
from selaras.cases.rows import in_the_room
from selaras.cases.vouching import Said
from selaras.models import User


def with_step(user: User, *, ago: timedelta = timedelta(days=8)) -> User:
    """Her account and its second step are so old."""
    at = timezone.now() - ago
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}})
    Authenticator.objects.filter(user=user).update(created_at=at)
    User.objects.filter(pk=user.pk).update(date_joined=at)
    user.date_joined = at
    return user


def known(user: User) -> User:
    """Somebody has said that her second step is hers."""
    said = Said(str(user.uuid), vouching.step_of(user), kept_areas(user), str(user.uuid), timezone.now(), whole=True)
    in_the_room(vouching.say)(user, said)
    return user
