"""Ids of rows that come in crowds."""

import os
import time
import uuid


def time_ordered() -> uuid.UUID:
    """A random id that sorts after those made before: UUID version 7, 74 random bits behind the milliseconds.

    Rows of one moment lie side by side in every index, where random ids touch a page each: what a form's commit costs
    is pages. Only for rows that say by themselves when they came; never for one whose moment would tell who it is of.
    Source: RFC 9562, 5.7.
    """
    moment, random = time.time_ns() // 1_000_000, int.from_bytes(os.urandom(10))
    # From the left: 48 bits of the moment, 4 of the version, 12 random, 2 of the variant, 62 random.
    return uuid.UUID(int=moment << 80 | 7 << 76 | (random >> 64 & 0xFFF) << 64 | 0b10 << 62 | random & (1 << 62) - 1)
