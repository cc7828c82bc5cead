"""Which stories one process takes.

The mark `xdist_group` groups nothing with the pytest that is pinned: xdist writes the group behind a test's name, in a
place where that pytest does not look for it.
"""

from xdist.scheduler import LoadGroupScheduling

#: What its tests stand on is costly, and made once a process.
TOGETHER = ("tests/stories/test_first_year.py",)


class Together(LoadGroupScheduling):
    """`--dist loadgroup`, for files."""

    def _split_scope(self, nodeid: str) -> str:
        """A file of these as a whole; of every other each test by itself."""
        file = nodeid.partition("::")[0]
        return file if file in TOGETHER else nodeid
