"""What tests make cheap is dear on a server: each guess at a password costs a thief a good while."""

from django.conf import settings
from django.contrib.auth.hashers import check_password, get_hasher, identify_hasher, make_password
from django.test import override_settings

from tests.hashing import OneRound

#: OWASP's Password Storage Cheat Sheet: PBKDF2 with HMAC-SHA-256.
FEWEST_ROUNDS = 600_000


def test_a_server_hashes_with_many_rounds_and_knows_the_password_again() -> None:
    cheap, *servers = settings.PASSWORD_HASHERS
    assert cheap == f"{OneRound.__module__}.{OneRound.__name__}"
    with override_settings(PASSWORD_HASHERS=servers):
        hasher, hashed = get_hasher("default"), make_password("kenanga-lumbung-9174")
        assert (hasher.algorithm, hasher.iterations >= FEWEST_ROUNDS) == ("pbkdf2_sha256", True)
        assert identify_hasher(hashed).decode(hashed)["iterations"] == hasher.iterations
        assert [check_password(word, hashed) for word in ("kenanga-lumbung-9174", "kenanga")] == [True, False]
