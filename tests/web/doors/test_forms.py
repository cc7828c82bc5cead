"""Whatever is sent from any form: a redirect, a refusal, or the form again and in Indonesian why; never a fault."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.doors.asking import brief
from tests.web.doors.forms import BYTES, FILES, SENDERS, TEXTS, THEIRS, WORST, Form, a_file, forms, send, whole
from tests.web.doors.table import NOT_SO, OPEN_TO_ALL, PROGRAMS, TABLE
from tests.web.doors.world import World, surveyed

pytestmark = pytest.mark.django_db
#: How often each form is tried; tests/soak asks for many more.
EACH = 2
#: Doors whose form stands on no page of the world, and that take nothing from it.
EMPTY = {"activity_advance", "activity_restore", "decision_commit", "draft_discard", "first", "household_numbers"}
EMPTY |= {"household_split", "household_state_back"}
EMPTY |= {"import_undo", "token_revoke", "household_changes", "export_drop", "check_settle", "phones_prepare"}
EMPTY |= {"stand_in_end"}
# A year can be retired only once its time is over: tests/web/test_rights.py.
EMPTY |= {"retire"}
# Behind a second step, or of a recap that waits: tests/web/test_recaps.py.
EMPTY |= {"recap_new", "recap_publish", "recap_decline"}
EMPTY |= {"evidence_restore", "evidence_reopen"}
# Behind a second step, which nobody of the cast has: tests/cases/test_doors.py.
EMPTY |= {name for name in TABLE if name.startswith("cases:")} - {"cases:hand_over"}

VALUES = st.one_of(
    st.sampled_from(WORST),
    st.sampled_from(TEXTS),
    st.sampled_from(BYTES),
    st.text(max_size=300),
    st.dates().map(str),
    st.integers().map(str),
    st.lists(st.sampled_from(TEXTS), max_size=3),
    st.sampled_from(sorted(FILES)).map(a_file),
    st.none(),
)


def changes(form: Form) -> st.SearchStrategy[dict[str, object]]:
    """Up to three of its fields with what they do not expect; None leaves the field out."""
    return st.dictionaries(st.sampled_from(sorted(form.fields)), VALUES, min_size=1, max_size=3)


def try_form(client: Client, form: Form, each: int) -> None:
    """Send it `each` times, every time with something else wrong."""

    @settings(max_examples=each, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(changes(form))
    def tried(changed: dict[str, object]) -> None:
        sent = {name: value for name, value in {**whole(form), **changed}.items() if value is not None}
        problem = send(client, form, sent)
        if problem.startswith("comes back") and set(changed) & form.hidden:
            # Nobody types what is hidden: a page may just come again.
            return
        assert (str(form), problem) == (str(form), "")

    tried()


def try_all(planted: World, everywhere: dict[str, list[Form]], each: int) -> None:
    """Each form of each door; where it is refused, nothing is said of how."""
    clients = {who: planted.client(who) for who in SENDERS}
    with brief():
        for found in everywhere.values():
            for form in found:
                if form.fields:
                    try_form(clients[form.who], form, each)


def test_every_form_takes_whatever_is_typed_and_none_is_left_out(planted: World) -> None:
    """One test: to find the forms is to ask each person for each page, and what they lead to lives as long as it."""
    surveyed(planted)
    everywhere = forms(planted)
    taking = {name for name, door in TABLE.items() if door.post not in (NOT_SO, OPEN_TO_ALL)}
    ours = {name for name in taking if not name.startswith(THEIRS)} - PROGRAMS
    assert ours - set(everywhere) - EMPTY == set()

    try_all(planted, everywhere, EACH)
