"""An engine of HiGHS that prints nothing: what a command or a server says on its standard output is its own."""

from functools import cache
from typing import Any


def engine() -> Any:
    """A new one; not even its name is printed when it is made, which its option alone comes too late for."""
    return _kind()()


@cache
def _kind() -> Any:
    import highspy

    class Silent(highspy.Highs):
        def enableCallbacks(self) -> None:  # noqa: N802
            # The first that its constructor calls, and what prints.
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    return Silent
