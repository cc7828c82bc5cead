"""How passwords are hashed in tests: as a server does it, but once instead of a million times."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class OneRound(PBKDF2PasswordHasher):
    algorithm = "one_round"
    iterations = 1
