"""A cast for the room: Eka keeps tickets of the city, Budi is lurah, Ani cadre; to others nothing is there."""

from contextlib import suppress
from time import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.test import Client

from selaras.access import may_enter_room
from selaras.cases.keys import ShutError
from selaras.cases.web import gate
from selaras.models import Role, User
from tests import build
from tests.cases.known import known

CITY = "36.72"
LOKUS = "36.72.05.1005"


def places() -> None:
    """The city with two kelurahan."""
    build.lokus(build.cycle(CITY), LOKUS)
    build.place("36.72.05.1001")


def eka() -> User:
    return build.member(Role.PROTECTION, CITY)


def signed_in(user: User, *, second: bool = True, code_at: float | None = None, reason: str = "") -> Client:
    """A browser of hers: with a second step of just now, or of `code_at`; and a purpose."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    if second:
        Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}})
        at = time() if code_at is None else code_at
        session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": at, "type": "totp"}]
        if may_enter_room(user):
            # Where the room's key is another one nothing is there to be known by.
            with suppress(ShutError):
                known(user)
    session.save()
    if reason:
        held = gate.Pass(reason=reason, until=time() + 3600)
        client.cookies[gate.COOKIE] = gate.sealed(user, session.session_key, held)
    return client
