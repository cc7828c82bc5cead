import time
from collections.abc import Iterator

from selaras.models.ids import time_ordered


def _apart() -> Iterator[int]:
    """Twenty ids, each of another millisecond."""
    for _ in range(20):
        yield time_ordered().int
        time.sleep(0.001)


def test_ids_of_later_moments_sort_after_those_before() -> None:
    made = list(_apart())

    assert made == sorted(set(made))


def test_ids_say_that_they_are_of_version_7_and_their_moment() -> None:
    before, made, after = time.time_ns() // 1_000_000, time_ordered(), time.time_ns() // 1_000_000

    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= after


def test_ids_of_one_moment_differ() -> None:
    assert len({time_ordered() for _ in range(2_000)}) == 2_000
