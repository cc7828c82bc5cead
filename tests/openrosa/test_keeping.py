"""Who comes at the same time is stored together, and nobody is told to be stored who is not."""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

from selaras.actions.field import keeping
from selaras.actions.field.keeping import Keeping
from selaras.models import Arrival, ArrivalFile, AuditEntry
from tests.build_field import open_field
from tests.openrosa.test_receipt import fresh

pytestmark = pytest.mark.django_db(transaction=True)
ON_SQLITE = connection.vendor == "sqlite"


def kept_at_once(line: Sequence[Keeping]) -> list[BaseException | None]:
    """All at the same time, each by its own thread and connection; on SQLite all in one line."""

    def keep(one: Keeping) -> BaseException | None:
        try:
            keeping.keep(one)
        except BaseException as error:
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(line)) as pool:
        keeping._LINE._led = ON_SQLITE
        running = [pool.submit(keep, one) for one in line]
        until = time.monotonic() + 60
        while ON_SQLITE and len(keeping._LINE._waiting) < len(line) and time.monotonic() < until:
            time.sleep(0.01)
        keeping._LINE._hand_on()
        return [each.result() for each in running]


def stored() -> list[str]:
    """The numbers of what is there, each with its entry."""
    rows = sorted(Arrival.objects.values_list("instance_id", flat=True))
    assert AuditEntry.objects.filter(action="arrivals.receive").count() == len(rows)
    return rows


def numbers(*line: Keeping) -> list[str]:
    return sorted(one.arrival.instance_id for one in line)


def test_of_those_who_come_at_once_only_the_one_whose_form_was_erased_meanwhile_fails() -> None:
    of = open_field()
    late = fresh(of, "foto.jpg")
    late.fresh, late.arrival.pk = False, 2**31 - 1
    line = [fresh(of), late, fresh(of, "a.jpg"), fresh(of)]

    errors = kept_at_once(line)

    assert [type(error) for error in errors] == [type(None), IntegrityError, type(None), type(None)]
    assert [(one.kept, one.stored) for one in (line[0], *line[2:])] == [(True, 0), (True, 1), (True, 0)]
    assert stored() == numbers(line[0], *line[2:])
    assert list(ArrivalFile.objects.values_list("name", flat=True)) == ["a.jpg"]


class Interrupting(list[ArrivalFile]):
    """Files at which a thread ends."""

    def __iter__(self) -> Iterator[ArrivalFile]:
        raise KeyboardInterrupt


def test_where_a_thread_ends_amid_the_line_nobody_of_it_is_told_to_be_stored_who_is_not() -> None:
    of = open_field()
    line = [fresh(of), fresh(of), fresh(of)]
    line[1].files = Interrupting()

    errors = kept_at_once(line)

    told = [one for one, error in zip(line, errors, strict=True) if error is None]
    assert stored() == numbers(*told)
    assert [one.kept for one in line if one in told] == [True] * len(told)
    if ON_SQLITE:
        assert told == []
        assert sorted(type(error).__name__ for error in errors) == ["KeyboardInterrupt"] + ["OperationalError"] * 2
        assert [(one.kept, one.stored) for one in line] == [(False, 0)] * 3
    else:
        assert [type(error) for error in errors] == [type(None), KeyboardInterrupt, type(None)]
    # The line goes on.
    again = [fresh(of), fresh(of)]
    assert kept_at_once(again) == [None, None]
    assert stored() == numbers(*told, *again)


@pytest.mark.skipif(not ON_SQLITE, reason="PostgreSQL has no line: nobody waits for another's")
def test_a_database_that_is_locked_fails_the_whole_line_after_one_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    of = open_field()
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 2)
    line = [fresh(of) for _ in range(4)]
    release, held = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            held.set()
            release.wait(300)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(60)
    try:
        errors = kept_at_once(line)
    finally:
        release.set()
        holder.join()
    assert [type(error) for error in errors] == [OperationalError] * 4
    assert ([one.kept for one in line], stored()) == ([False] * 4, [])
    # Each alone would have waited once more, and have an error of its own.
    assert len({id(error) for error in errors}) == 1


@pytest.mark.skipif(not ON_SQLITE, reason="PostgreSQL has no line: nobody waits for another's")
def test_who_has_waited_for_a_turn_as_long_as_a_database_is_waited_for_does_not_begin_to_wait_again() -> None:
    of = open_field()
    line = [fresh(of), fresh(of)]
    line[0]._since -= 600

    errors = kept_at_once(line)

    assert [str(error) for error in errors] == ["database is locked: others waited for it in vain"] * 2
    assert stored() == []


@pytest.mark.skipif(ON_SQLITE, reason="on SQLite forms are stored by lines")
def test_on_postgresql_a_form_that_the_database_refuses_hinders_no_other() -> None:
    of = open_field()
    line = [fresh(of), fresh(of), fresh(of)]
    line[1].arrival.cycle_id = None  # type: ignore[assignment]

    errors = kept_at_once(line)

    assert isinstance(errors[1], DatabaseError)
    assert (errors[0], errors[2], stored()) == (None, None, numbers(line[0], line[2]))
