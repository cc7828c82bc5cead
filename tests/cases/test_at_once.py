"""Two at one moment on PostgreSQL, each with a connection of her own: what one has begun, the other waits for."""

import threading
from collections.abc import Callable
from time import monotonic, sleep
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from django.test import override_settings

from selaras.cases import rotation, rows, tickets
from selaras.cases.facts import Void
from selaras.cases.models import RoomKey, Ticket
from selaras.cases.router import room
from selaras.cases.steps import Done, Step
from selaras.cases.tickets import Reason
from selaras.errors import InputError
from selaras.models import User
from tests.cases.build import PLACE, ticket
from tests.cases.people import eka, places

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="on SQLite one writes at a time"),
]
OLD = "1:cm9vbS1yb29tLXJvb20tcm9vbS1yb29tLXJvb20tdnc="
NEW = "2:bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0="
#: Seconds after which somebody who does not come forward has hung.
PATIENCE = 120


class Other:
    """Another officer, or another process: works in a thread of her own; `raised` is what she was answered."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.raised: BaseException | None = None
        self._work = work
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:
            self.raised = error
        finally:
            connections.close_all()

    def begins(self) -> None:
        """Until she waits for what is held here, or has ended."""
        self._thread.start()
        until = monotonic() + PATIENCE
        while self._thread.is_alive() and not self._waits():
            assert monotonic() < until
            sleep(0.01)

    @staticmethod
    def _waits() -> bool:
        with connections[room()].cursor() as cursor:
            # Within a transaction the list of connections is else as it was when first asked for. Another worker of the
            # same run has a database of its own.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return cursor.fetchone() is not None

    def ends(self) -> None:
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


def same_as(by: User, gone: Ticket, twin: Ticket) -> Callable[[], None]:
    """That officer says that the one is the other, which was opened first."""
    done = Done(Step.VOID, why=Void.TWICE, twin=twin.code)
    return lambda: tickets.carry_on(by=by, code=gone.code, done=done, reason=Reason.HANDLE)


def counted() -> int:
    facts = [rows.unsealed(each) for each in Ticket.objects.select_related("key")]
    return sum(not each.is_void() for each in facts)


def test_of_two_officers_who_name_each_others_ticket_at_once_the_second_is_told_and_one_ticket_counts() -> None:
    places()
    one, other = ticket(), ticket()
    second = Other(same_as(eka(), other, one))
    with transaction.atomic(using=room()):
        same_as(eka(), one, other)()
        second.begins()
    second.ends()
    assert isinstance(second.raised, InputError), second.raised
    assert ([problem.code for problem in second.raised.problems], counted()) == (["cases.twin"], 1)


def test_of_two_officers_who_have_each_begun_with_her_own_ticket_neither_stands_in_the_others_way() -> None:
    """Both tickets are held in one order, whichever was named first."""
    places()
    one, other = sorted([ticket(), ticket()], key=lambda each: each.pk)
    second = Other(same_as(eka(), other, one))
    with transaction.atomic(using=room()):
        # As the first step of hers does.
        Ticket.objects.select_for_update().get(pk=one.pk)
        second.begins()
        same_as(eka(), one, other)()
    second.ends()
    assert isinstance(second.raised, InputError), second.raised
    assert ([problem.code for problem in second.raised.problems], counted()) == (["cases.twin"], 1)


def test_the_last_step_of_a_change_of_keys_waits_for_who_has_begun_under_the_old_one_and_wraps_hers_too() -> None:
    places()
    officer = eka()
    rows.in_the_room(rows.note)(who=str(officer.uuid), action="list")
    with override_settings(SELARAS_CASES_KEY=f"{OLD},{NEW}"):
        changing = Other(lambda: rotation.rotate(despite=True))
        with transaction.atomic(using=room()):
            with override_settings(SELARAS_CASES_KEY=OLD):
                code = tickets.hand_over(by=officer, place=PLACE, press=str(UUID(int=1)))
            changing.begins()
        changing.ends()
    assert (changing.raised, set(RoomKey.objects.values_list("wrapped_by", flat=True))) == (None, {2})
    with override_settings(SELARAS_CASES_KEY=NEW):
        assert tickets.read_ticket(by=officer, code=code, reason=Reason.HANDLE).facts.place == PLACE
