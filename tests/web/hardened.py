"""What every answer carries, whatever door gave it."""

from django.conf import settings
from django.http.response import HttpResponseBase

from selaras.web.evidence import LOCKED

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
SITES = ("Lax", "Strict")
#: Forms in a browser are drawn by a library that is compiled, and show photos before they are sent.
FORMS = {*POLICY, "script-src 'self' 'wasm-unsafe-eval'", "img-src 'self' data: blob:"} - {
    "script-src 'self'",
    "img-src 'self' data:",
}


def unhardened(response: HttpResponseBase, wanted: set[str] = POLICY) -> list[str]:
    """What an answer lacks: its headers and its policy, word by word; of each cookie, that no program of a page reads
    it and no other site has it sent. A language is nobody's secret; a document that was brought may do nothing."""
    lacking = [name for name, value in HEADERS.items() if response.headers.get(name) != value]
    policy = response.headers.get("Content-Security-Policy", "")
    if {part.strip() for part in policy.split(";")} != wanted and policy != LOCKED:
        lacking.append("Content-Security-Policy")
    kept = {name: each for name, each in response.cookies.items() if each.value}
    kept.pop(settings.LANGUAGE_COOKIE_NAME, None)
    return lacking + [name for name, each in kept.items() if not each["httponly"] or each["samesite"] not in SITES]
