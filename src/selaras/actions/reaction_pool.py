"""The answers that wait in a box: always of one size, in chance order, sealed with the server's key and the paper's.

The secret on the paper is nowhere on the server: it comes with an answer, opens the pool, and is forgotten with the
request. docs/decisions/0010-reactions-nobody-can-join.md says against whom that holds.
"""

import secrets
from dataclasses import dataclass
from typing import Final

from selaras.access import SMALLEST_COUNT
from selaras.models import DataKey, ReactionBox, ReactionReply, sealing

#: Characters of free words, and bytes of one waiting answer: its two choices, a length, and the words in UTF-8.
LONGEST: Final = 280
SLOT: Final = 1 + 1 + 2 + 4 * LONGEST
#: Never are fewer written at once, nor left behind.
BATCH: Final = SMALLEST_COUNT
#: From so many on a batch is written and BATCH stay: whoever comes later still finds company.
FULL: Final = 2 * BATCH
#: The most that wait between two requests.
MOST: Final = FULL - 1
_EMPTY: Final = 0xFF
_REPLIES: Final = tuple(ReactionReply)
#: Letters and digits that nobody mistakes for another (Crockford's base 32).
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: 80 random bits: they cannot be tried out, not even by who has the whole database.
CODE: Final = 16
_READ_AS: Final = str.maketrans("OIL", "011", " -\N{EN DASH}\N{HYPHEN}")


@dataclass(frozen=True, slots=True)
class Said:
    """What one person says: was it useful, would she use it, what is missing ('' for nothing)."""

    useful: ReactionReply
    use: ReactionReply
    missing: str = ""


def fresh_code() -> str:
    """A code for one slip."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE))


def shown_code(code: str) -> str:
    """As it is printed: `7KM2-9QXR-4TBN-C3WD`."""
    return "-".join(code[i : i + 4] for i in range(0, CODE, 4))


def read_code(text: str) -> str:
    """The code as somebody typed it; '' where it cannot be one."""
    code = text.upper().translate(_READ_AS)
    return code if len(code) == CODE and set(code) <= set(ALPHABET) else ""


def lookup_of(code: str) -> str:
    """What the table knows a slip by: it does not lead back to the code."""
    return sealing.from_paper(code, "lookup").hex()


def wrapped(secret: bytes, code: str) -> bytes:
    """The box's secret for the holder of one slip."""
    return sealing.seal(sealing.from_paper(code, "slip"), secret, f"slip {lookup_of(code)}")


def unwrapped(sealed: bytes | memoryview, code: str) -> bytes:
    """What `wrapped` was given. Raises CannotUnsealError."""
    return sealing.unseal(sealing.from_paper(code, "slip"), bytes(sealed), f"slip {lookup_of(code)}")


def sealed_pool(box: ReactionBox, secret: bytes, waiting: list[Said]) -> bytes:
    """The pool with these in it. Its size says nothing; its order is thrown anew each time."""
    slots = [_packed(said) for said in waiting] + [_blank() for _ in range(MOST - len(waiting))]
    secrets.SystemRandom().shuffle(slots)
    return sealing.seal(_key(box.key, secret), b"".join(slots), _context(box))


def opened_pool(box: ReactionBox, secret: bytes) -> list[Said]:
    """Who waits, in no order. Raises CannotUnsealError."""
    assert box.pool is not None  # noqa: S101  (a closed box has no slips that lead here)
    content = sealing.unseal(_key(box.key, secret), bytes(box.pool), _context(box))
    slots = [content[start : start + SLOT] for start in range(0, len(content), SLOT)]
    return [_unpacked(slot) for slot in slots if slot[0] != _EMPTY]


def drawn(waiting: list[Said], count: int) -> tuple[list[Said], list[Said]]:
    """`count` of them by chance, and the rest."""
    mixed = list(waiting)
    secrets.SystemRandom().shuffle(mixed)
    return mixed[:count], mixed[count:]


def _key(key: DataKey, secret: bytes) -> bytes:
    return sealing.together(key.secret(), secret)


def _context(box: ReactionBox) -> str:
    return f"reaction.pool:{box.uuid}"


def _packed(said: Said) -> bytes:
    words = said.missing.encode()
    head = bytes([_REPLIES.index(said.useful), _REPLIES.index(said.use)]) + len(words).to_bytes(2)
    return (head + words).ljust(SLOT, b"\0")


def _blank() -> bytes:
    return bytes([_EMPTY]).ljust(SLOT, b"\0")


def _unpacked(slot: bytes) -> Said:
    length = int.from_bytes(slot[2:4])
    return Said(_REPLIES[slot[0]], _REPLIES[slot[1]], slot[4 : 4 + length].decode())
