"""Accounts, by the name with which people sign in."""

from __future__ import annotations

from selaras.models import User


def user_of(username: str) -> User | None:
    """The account of that name."""
    return User.objects.filter(username=username).first()
