"""What tests draw at random is the same in every run: what fails can be repeated, and nothing fails by chance.

Keys, numbers, tokens and codes come from `os.urandom`, in our code and in the libraries. Each test and each fixture has
a stream of its own, named by what it is, so that the order of tests and the number of processes change nothing.
SELARAS_CHANCE=7 draws others. Not drawn from here: names of temporary files, ports, what a process of its own draws.
Threads of one test share its stream: which of them draws what hangs on their timing.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager

#: The system's own.
REAL = os.urandom
#: Which of all runs this is.
RUN = os.environ.get("SELARAS_CHANCE", "1")


@contextmanager
def chance(seed: str) -> Iterator[None]:
    """Whatever is drawn inside is drawn from that seed."""
    drawn = random.Random(f"{RUN} {seed}")
    kept, before = random.getstate(), os.urandom
    random.seed(f"{RUN} {seed}")
    os.urandom = random._urandom = drawn.randbytes  # type: ignore[attr-defined]
    try:
        yield
    finally:
        os.urandom = random._urandom = before  # type: ignore[attr-defined]
        random.setstate(kept)


def _own() -> None:
    """Two processes that began as one draw what is not the same."""
    os.urandom = random._urandom = REAL  # type: ignore[attr-defined]


os.register_at_fork(after_in_child=_own)
