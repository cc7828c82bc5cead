"""How a program is let in and answered: bearer tokens, problems as JSON, an ETag on every answer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from ninja.throttling import AuthRateThrottle

from selaras.access import token_opens
from selaras.actions.tokens import open_with
from selaras.errors import Forbidden, InputError, Missing, Problem, SelarasError
from selaras.models import ApiToken, User

_STATUS: tuple[tuple[type[SelarasError], int], ...] = ((Missing, 404), (Forbidden, 403), (InputError, 422))


class ProblemOut(Schema):
    """What is wrong and what to do, in Indonesian; `code` is for programs."""

    code: str
    message: str
    remedy: str


class ProblemsOut(Schema):
    """The body of every answer that is not the thing itself."""

    problems: list[ProblemOut]


#: What every path may answer besides the thing.
REFUSALS: dict[int, Any] = {401: ProblemsOut, 403: ProblemsOut, 404: ProblemsOut, 422: ProblemsOut, 429: ProblemsOut}


class Api(NinjaAPI):
    """Ninja's API with the headers that every answer of ours carries."""

    def create_response(self, request: HttpRequest, data: Any, **options: Any) -> HttpResponse:
        """The answer with an ETag; 304 where the program has it already."""
        response = super().create_response(request, data, **options)
        response.headers["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Authorization"])
        if response.status_code != 200:
            return response
        set_response_etag(response)
        return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response


class Token(HttpBearer):
    """`Authorization: Bearer selaras_…`, made for `scope`; the token's owner becomes `request.user`."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self._scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The token, or None where it opens nothing."""
        found = open_with(token)
        if found is None:
            return None
        if not token_opens(found, self._scope):
            raise Forbidden(Problem("token.scope", values={"scope": self._scope}))
        request.user = found.user
        return found


def reader(request: HttpRequest) -> User:
    """Whose token it is."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    return token.user


api = Api(
    title="Selaras",
    version="1",
    description="Read what the pages show, as the owner of the token. Scores are on the instrument's scale, unrounded.",
    openapi_url="openapi.json",
    docs_url=None,
    urls_namespace="api",
    throttle=[AuthRateThrottle("600/m")],
)


def _said(request: HttpRequest, status: int, *problems: Problem) -> HttpResponse:
    rows = [{"code": one.code, "message": one.message, "remedy": one.remedy} for one in problems]
    return api.create_response(request, {"problems": rows}, status=status)


@api.exception_handler(SelarasError)
def _ours(request: HttpRequest, error: SelarasError) -> HttpResponse:
    status = next(status for kind, status in _STATUS if isinstance(error, kind))
    return _said(request, status, *error.problems)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    response = _said(request, 401, Problem("token.unknown"))
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    names = sorted({str(one["loc"][-1]) for one in error.errors})
    return _said(request, 422, Problem("api.parameter", values={"names": ", ".join(names)}))


@api.exception_handler(HttpError)
def _other(request: HttpRequest, error: HttpError) -> HttpResponse:
    code = "api.too_many" if error.status_code == 429 else "api.refused"
    return _said(request, error.status_code, Problem(code))
