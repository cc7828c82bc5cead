"""The application that a WSGI server calls: `selaras serve` does."""

import os
import re
import tempfile
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "selaras.settings")

#: Of a body whose length nobody said, so much is read at most: of a phone's form, and of anything else.
LONGEST_FORM, LONGEST_OTHER = 101 * 1024 * 1024, 10 * 1024 * 1024
_FORM = re.compile(r"/odk/[^/]{32,}/submission/?\Z")
_STEP = 64 * 1024
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def with_lengths(inner: Application) -> Application:
    """Give a chunked request a length. Django reads as much as `Content-Length` says: of a chunked form, nothing.

    OpenRosa demands that a server takes chunked submissions, and some proxies make them of others.
    """

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if "chunked" not in environ.get("HTTP_TRANSFER_ENCODING", "").lower() or environ.get("CONTENT_LENGTH"):
            return inner(environ, start_response)
        with tempfile.SpooledTemporaryFile(max_size=1024 * 1024) as body:
            stream = environ["wsgi.input"]
            left = LONGEST_FORM if _FORM.match(environ.get("PATH_INFO", "")) else LONGEST_OTHER
            while left > 0 and (part := stream.read(min(_STEP, left))):
                body.write(part)
                left -= len(part)
            environ["CONTENT_LENGTH"] = str(body.tell())
            body.seek(0)
            environ["wsgi.input"] = body
            return inner(environ, start_response)

    return application


application = with_lengths(get_wsgi_application())
