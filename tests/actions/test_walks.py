"""Safety walks: three or more walk, nobody is named, and what they find becomes a proposal for their RT."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from selaras.access import the_lokus
from selaras.actions.walks import drop_finding, note_finding, propose, start_walk, take_back_walk
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import AuditEntry, Commitment, Role, SafetyWalk, User, WalkFinding
from selaras.queries.walks import Spot, walk_page, walks_page
from tests import build

pytestmark = pytest.mark.django_db
WHERE = {"cycle_slug": "36-72-2024", "code": "36.72.05.1005"}
DARK = {"what": "dark", "near": "bridge", "when": "night"}


def ani() -> User:
    """Cadre of RW 03 in a lokus of an open year."""
    build.lokus(build.cycle())
    return build.member(Role.CADRE, "36.72.05.1005.RW03")


def begun(by: User, **said: Any) -> SafetyWalk:
    given = {"walk_id": uuid4(), "rw": "3", "rt": "2", "on": date(2024, 5, 4), "women": 4, "children": 2, **said}
    return start_walk(by=by, **WHERE, **given)


def problems(by: User, **said: Any) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as refused:
        begun(by, **said)
    return [(each.code, each.where) for each in refused.value.problems]


def test_a_walk_of_fewer_than_three_of_no_woman_or_elsewhere_is_refused() -> None:
    cadre = ani()

    assert problems(cadre, women=2, children=0) == [("walk.few", "women")]
    assert problems(cadre, women=0, children=9, on=None) == [("walk.day", "on"), ("walk.women", "women")]
    assert problems(cadre, on=date(2999, 1, 1), women=501) == [("walk.day", "on"), ("walk.many", "women")]
    assert problems(cadre, women=2, children=-1) == [("walk.many", "children")]
    assert problems(cadre, women=2, children=501) == [("walk.many", "children")]
    assert problems(cadre, rt="", women=1, children=1) == [("walk.area", "rt"), ("walk.few", "women")]
    assert problems(cadre, rw="") == [("walk.area", "rt")]
    assert problems(cadre, rt="9" * 60) == [("walk.area", "rt")]
    assert SafetyWalk.objects.count() == 0


def test_what_is_sent_twice_is_one_and_only_choices_are_kept() -> None:
    cadre, same = ani(), uuid4()
    walk = begun(cadre, walk_id=same)
    again = begun(cadre, walk_id=same)
    new = [note_finding(by=cadre, **WHERE, walk_id=same, **DARK) for _ in range(2)]
    with pytest.raises(InputError) as refused:
        note_finding(by=cadre, **WHERE, walk_id=same, what="", near="rumah Bu Siti", when="kemarin")
    with pytest.raises(InputError) as taken:
        begun(build.member(Role.SECRETARIAT, "36.72"), walk_id=same)

    assert (walk.pk, walk.area) == (again.pk, "36.72.05.1005.RW03.RT02")
    assert (new, WalkFinding.objects.count()) == ([True, False], 1)
    assert [(each.code, each.where) for each in refused.value.problems] == [
        ("walk.what", "what"),
        ("walk.near", "near"),
        ("walk.when", "when"),
    ]
    assert [(each.code, each.where) for each in taken.value.problems] == [("walk.taken", "")]
    assert list(AuditEntry.objects.order_by("id").values_list("action", "details")) == [
        ("walks.start", {"women": 4, "children": 2}),
        ("walks.note", {"what": "dark", "near": "bridge"}),
    ]


def test_a_finding_becomes_one_proposal_with_all_that_are_alike_and_then_stays() -> None:
    cadre, office = ani(), build.member(Role.SECRETARIAT, "36.72")
    agency = build.agency("DPUTR")
    walks = [begun(cadre) for _ in range(2)]
    for walk in walks:
        note_finding(by=cadre, **WHERE, walk_id=walk.uuid, **DARK)
    first = {**WHERE, "walk_id": walks[0].uuid, "finding": walks[0].findings.get().pk}
    with pytest.raises(Forbidden):
        propose(by=cadre, **first, agency_id=agency.pk)
    made = propose(by=office, **first, agency_id=agency.pk)
    refused = []
    for act in (propose, drop_finding, take_back_walk):
        given = {**first, "agency_id": agency.pk} if act is propose else first
        if act is take_back_walk:
            given = {name: value for name, value in first.items() if name != "finding"}
        with pytest.raises(InputError) as error:
            act(by=office, **given)
        refused.append(error.value.problems[0].code)

    assert (made.title, made.state) == ("Gelap, lampu mati atau tidak ada: jembatan, RT 02/RW 03", "proposed")
    assert (made.area, made.legal_basis) == (walks[0].area, "Jalan bersama RT 02/RW 03, 4 Mei 2024")
    assert (Commitment.objects.count(), refused) == (1, ["walk.proposed"] * 3)
    page = walks_page(office, **WHERE)
    assert page.spots == (Spot("RT 02/RW 03", "dark", "bridge", "night", 2, (made.number,)),)
    assert [(line.found, line.proposed) for line in page.lines] == [(1, 1), (1, 1)]


def test_who_noted_a_walk_and_the_office_change_it_and_no_juror_reads_it(django_assert_num_queries: Any) -> None:
    cadre = ani()
    walk = begun(cadre)
    note_finding(by=cadre, **WHERE, walk_id=walk.uuid, **DARK)
    other, juror = build.member(Role.CADRE, "36.72.05.1005.RW01"), build.member(Role.JUROR, "36.72")
    with pytest.raises(Forbidden):
        note_finding(by=other, **WHERE, walk_id=walk.uuid, **DARK)
    with pytest.raises(Missing):
        note_finding(by=juror, **WHERE, walk_id=walk.uuid, **DARK)
    with pytest.raises(Forbidden):
        walk_page(juror, *WHERE.values(), walk.uuid)
    the_lokus(other, *WHERE.values())
    counted = []
    for _ in range(2):
        with django_assert_num_queries(4):
            counted.append(len(walks_page(other, **WHERE).lines))
        begun(cadre)

    assert counted == [1, 2]
    drop_finding(by=cadre, **WHERE, walk_id=walk.uuid, finding=walk.findings.get().pk)
    take_back_walk(by=build.member(Role.SECRETARIAT, "36.72"), **WHERE, walk_id=walk.uuid)
    assert SafetyWalk.objects.filter(pk=walk.pk).count() == 0
