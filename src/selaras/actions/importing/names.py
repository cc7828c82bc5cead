"""What offices call the columns of their sheets, besides those that the registry keeps (`odk.registry`)."""

import re

from selaras.odk.registry import plain
from selaras.reports.problems import TITLE

#: The running number, which says nothing.
NUMBERING = frozenset({"no", "nomor", "no_urut", "nomor_urut", "urut", "nr"})
_STOP = frozenset(
    "di ke dari yang dan atau untuk apa apakah ini itu ada rumah keluarga jenis status data nomor no jumlah".split()
)


#: The column that we put in front of a sheet with its problems.
OURS = frozenset({plain(TITLE)})


def tokens(text: str) -> frozenset[str]:
    """The words that tell one title from another."""
    words = {word for word in plain(re.sub(r"\([^()]*\)", " ", text)).split("_") if len(word) > 1}
    return frozenset(words - _STOP) or frozenset(words)
