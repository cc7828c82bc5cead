"""How often a stranger may try addresses: the rates of settings, for GET too."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest


def allowed(request: HttpRequest, action: str) -> bool:
    """Whether one more try is; it is counted. allauth's public function lets every GET through."""
    return bool(ratelimit.consume(request, app="allauth.account", action=action, limit_get=True))
