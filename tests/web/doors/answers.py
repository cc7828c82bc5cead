"""What somebody was answered, kept: what one test has asked of the planted world, the next need not ask again.

Each test is given that world as it was (tests/web/doors/conftest.py), so the same person is answered the same at the
same address. Who is alone in a run asks herself.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse


@dataclass(frozen=True, slots=True)
class Answer:
    """`packed` is its body: some thousand are kept."""

    status: int
    headers: Mapping[str, str]
    packed: bytes

    @classmethod
    def of(cls, response: HttpResponse) -> "Answer":
        body = b"".join(response) if response.streaming else response.content
        return cls(response.status_code, dict(response.headers), zlib.compress(body, 1))

    @property
    def body(self) -> bytes:
        return zlib.decompress(self.packed)
