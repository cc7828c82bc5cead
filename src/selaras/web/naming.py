"""Names on request: a page shows codes until a person asks for names, and every showing is written down."""

from collections.abc import Sequence
from time import time

from django.http import HttpRequest

from selaras.actions import households as actions
from selaras.web.person import person

#: Seconds for which names stay shown after being asked for.
WINDOW = 30 * 60
_KEY = "names_shown"


def ask(request: HttpRequest, slug: str, code: str) -> None:
    """Show names of this lokus in this session for WINDOW seconds."""
    request.session[_KEY] = {"lokus": f"{slug}/{code}", "until": int(time()) + WINDOW}


def hide(request: HttpRequest) -> None:
    """Codes only again."""
    request.session.pop(_KEY, None)


def asked(request: HttpRequest, slug: str, code: str) -> bool:
    """Whether names of this lokus are being shown in this session."""
    state = request.session.get(_KEY) or {}
    return state.get("lokus") == f"{slug}/{code}" and state.get("until", 0) > time()


def shown(request: HttpRequest, slug: str, code: str, codes: Sequence[str]) -> dict[str, str]:
    """Code → name for the codes of this page, written to the audit; empty where names were not asked for."""
    if not codes or not asked(request, slug, code):
        return {}
    return actions.reveal_names(
        by=person(request), cycle_slug=slug, code=code, households=tuple(codes), page=request.path
    )
