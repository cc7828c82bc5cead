"""Asking agencies, and their answers: each becomes, changes or calls off a commitment, and its history stays."""

import calendar
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from selaras.access import asks_for, may_answer, needs_named_for
from selaras.actions import plans
from selaras.actions.asks import Reply, answer, ask_agency, ask_all, set_due, withdraw
from selaras.actions.links import Secrets, unlock
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import Ask, AskVersion, AuditEntry, Commitment, Membership, Need, Role, User
from selaras.queries.asks import AsksPage, asks_page
from selaras.queries.replies import RepliesPage, replies_page
from tests import build
from tests.build_asks import YEAR, Asking, asking, families, link, visitor

#: The indicators of the sample, and the ones that tests add to it.
EVERY = {"jamban", "sekolah", "iuran", "batuk"}
pytestmark = pytest.mark.django_db


def asked(of: Asking) -> int:
    return ask_all(by=of.secretary, cycle_slug=of.slug, due=of.due)


def ready(page: AsksPage) -> list[tuple[str, str, str, int | None]]:
    return [(line.agency, line.lokus.name, line.indicator, line.families) for line in page.ready]


def cards(by: User, of: Asking) -> RepliesPage:
    return replies_page(by, of.slug, now=timezone.now())


def reply(ask: Ask, **changed: Any) -> Reply:
    given: dict[str, Any] = {
        "answer": "accept",
        "version": ask.version,
        "fund": "dpa",
        "starts": date(YEAR, 5, 1),
        "ends": date(YEAR, 7, 1),
    }
    return Reply(**{**given, **changed})


def said(by: User, of: Asking, ask: Ask, **changed: Any) -> Ask:
    ask.refresh_from_db()
    return answer(by=by, cycle_slug=of.slug, ask_id=ask.uuid, reply=reply(ask, **changed))


def refused(by: User, of: Asking, ask: Ask, **changed: Any) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as error:
        said(by, of, ask, **changed)
    return [(problem.where, problem.code) for problem in error.value.problems]


def jamban(of: Asking, count: int = 9) -> tuple[Ask, Secrets]:
    """That many families without a latrine, asked of Disperkim, which holds a link."""
    families(of, count, "jamban")
    asked(of)
    return Ask.objects.get(), link(of)


# --- asking ----------------------------------------------------------------------------------------------------------
def test_the_instruments_agencies_are_proposed_for_what_is_open() -> None:
    of = asking()
    families(of, 6, "jamban", "sekolah", "iuran")
    families(of, 2, "jamban", lokus=of.next)
    Need.objects.filter(indicator="sekolah").update(closed_at=timezone.now(), closed_in=of.round)
    page = asks_page(of.secretary, of.slug)

    assert ready(page) == [
        ("Disperkim", "Sukmajaya", "jamban", 2),
        ("Disperkim", "Gedong Dalem", "jamban", 6),
    ]
    assert [(line.indicator, line.families) for line in page.unnamed] == [("iuran", 6)]
    assert (page.unknown, page.total, page.waiting) == (("DPUPR",), 0, 0)


def test_one_press_asks_all_and_a_second_one_nothing() -> None:
    of = asking()
    families(of, 6, "jamban", "sekolah", "batuk")
    assert (asked(of), asked(of)) == (3, 0)
    families(of, 1, "jamban", lokus=of.next)
    assert asked(of) == 1

    rows = Ask.objects.order_by("pk").values_list("agency__short_name", "indicator", "lokus__prefix", "families", "due")
    assert set(rows) == {
        ("Disperkim", "jamban", "GD", 6, of.due),
        ("Dindikbud", "sekolah", "GD", 6, of.due),
        ("Dinkes", "batuk", "GD", 6, of.due),
        ("Disperkim", "jamban", "SJ", 1, of.due),
    }
    entries = AuditEntry.objects.filter(action="asks.ask").order_by("pk")
    assert [(entry.details["asks"], entry.details["agencies"]) for entry in entries] == [
        (3, ["Dindikbud", "Dinkes", "Disperkim"]),
        (1, ["Disperkim"]),
    ]


def test_few_families_of_health_are_counted_for_their_agency_alone_and_by_code() -> None:
    of = asking()
    families(of, 3, "batuk")
    families(of, 9)
    page = asks_page(of.secretary, of.slug)
    assert ready(page) == [("Dinkes", "Gedong Dalem", "batuk", None)]
    asked(of)
    made = link(of, "Dinkes")
    closed = cards(visitor(made), of)
    opened = cards(visitor(made, unlock(by=visitor(made), code=made.code)), of)

    assert [asks_page(of.secretary, of.slug).asked[0].lines[0].families] == [None]
    assert [each.waiting[0].families for each in (closed, opened)] == [None, 3]
    assert [each.waiting[0].terms.volume for each in (closed, opened)] == [None, 3]


def test_what_has_no_agency_is_asked_of_one_by_hand_once() -> None:
    of = asking()
    families(of, 5, "iuran")
    given: dict[str, Any] = {
        "by": of.secretary,
        "cycle_slug": of.slug,
        "lokus_code": of.lokus.area,
        "indicator": "iuran",
        "agency_id": of.agencies["Dinkes"].pk,
        "due": of.due,
    }
    assert ask_agency(**given) == ask_agency(**given)
    assert (Ask.objects.count(), asks_page(of.secretary, of.slug).unnamed) == (1, ())
    for changed, code in (({"indicator": "jamban"}, "ask.nothing"), ({"agency_id": 0}, "ask.agency")):
        with pytest.raises(InputError) as error:
            ask_agency(**{**given, **changed})
        assert [problem.code for problem in error.value.problems] == [code]


def test_a_day_that_is_past_or_far_away_is_no_day_to_wait_for() -> None:
    of = asking()
    families(of, 1, "jamban")
    for day in (timezone.localdate() - timedelta(days=1), timezone.localdate() + timedelta(days=401), date.max):
        with pytest.raises(InputError) as error:
            ask_all(by=of.secretary, cycle_slug=of.slug, due=day)
        assert [problem.code for problem in error.value.problems] == ["ask.due"]
    assert Ask.objects.count() == 0


def test_the_day_can_be_moved_and_a_question_taken_back_until_it_is_answered() -> None:
    of = asking()
    ask, made = jamban(of)
    later = of.due + timedelta(days=7)
    assert [set_due(by=of.secretary, cycle_slug=of.slug, due=later) for _ in range(2)] == [1, 0]
    said(visitor(made), of, ask)
    with pytest.raises(InputError) as error:
        withdraw(by=of.secretary, cycle_slug=of.slug, ask_id=ask.uuid)
    assert [problem.code for problem in error.value.problems] == ["ask.answered"]
    families(of, 1, "sekolah")
    asked(of)
    other = Ask.objects.get(indicator="sekolah")
    withdraw(by=of.secretary, cycle_slug=of.slug, ask_id=other.uuid)

    assert list(Ask.objects.values_list("indicator", "due")) == [("jamban", later)]


def test_only_the_secretariat_asks_and_in_an_open_year() -> None:
    of = asking()
    families(of, 1, "jamban")
    build.place("36.73")
    people = {
        Role.LEADER: (build.member(Role.LEADER, "36.72"), Forbidden),
        Role.LIAISON: (build.member(Role.LIAISON, agency=of.agencies["Disperkim"]), Forbidden),
        Role.SECRETARIAT: (build.member(Role.SECRETARIAT, "36.73"), Missing),
    }
    for by, expected in people.values():
        with pytest.raises(expected):
            ask_all(by=by, cycle_slug=of.slug, due=of.due)
    of.cycle.closed_at = timezone.now()
    of.cycle.save()
    with pytest.raises(Forbidden):
        asked(of)
    assert Ask.objects.count() == 0


# --- answering --------------------------------------------------------------------------------------------------------
def test_an_answer_becomes_a_commitment_for_all_families_of_the_need() -> None:
    of = asking()
    ask, made = jamban(of)
    by = visitor(made)
    said(by, of, ask)

    promised = Commitment.objects.get()
    last = calendar.monthrange(YEAR, 7)[1]
    assert (promised.agency, promised.lokus, promised.indicator, promised.title) == (
        of.agencies["Disperkim"], of.lokus, "jamban", "Jamban sehat",
    )  # fmt: skip
    assert (promised.fund, promised.starts, promised.ends, promised.state, promised.person) == (
        "dpa", date(YEAR, 5, 1), date(YEAR, 7, last), "planned", "Rudi Penghubung",
    )  # fmt: skip
    assert promised.served.count() == 9
    ask.refresh_from_db()
    assert (ask.answer, ask.commitment, ask.answered_by, ask.version) == ("accept", promised, by, 2)
    entry = AuditEntry.objects.get(action="asks.answer")
    assert (entry.actor, entry.details) == (
        by,
        {"agency": "Disperkim", "indicator": "jamban", "answer": "accept", "version": 2},
    )


def test_fewer_families_leave_the_others_open_and_those_whom_nobody_serves_come_first() -> None:
    of = asking()
    ask, made = jamban(of, 4)
    needs = list(Need.objects.order_by("household__code").values_list("pk", flat=True))
    plans.commit(
        by=of.secretary,
        cycle_slug=of.slug,
        agency_id=of.agencies["Dinkes"].pk,
        lokus_code=of.lokus.area,
        indicator="jamban",
        needs=needs[:2],
        values={"title": "Jamban dari Dinkes"},
    )
    said(visitor(made), of, ask, volume=3)
    promised = Commitment.objects.get(agency=of.agencies["Disperkim"])

    assert (promised.volume, promised.unit) == (Decimal(3), "keluarga")
    assert set(promised.served.values_list("need", flat=True)) == {needs[0], needs[2], needs[3]}


def test_an_answer_changes_its_commitment_and_a_refusal_calls_it_off() -> None:
    of = asking()
    ask, made = jamban(of, 5)
    by = visitor(made)
    said(by, of, ask)
    said(by, of, ask, answer="change", volume=2, fund="csr", reason="Hanya yang punya lahan")
    first = Commitment.objects.get()
    assert (first.version, first.fund, first.served.count()) == (2, "csr", 2)
    said(by, of, ask, answer="decline", fund="", starts=None, ends=None, reason="Belum ada anggaran")
    first.refresh_from_db()
    assert (first.state, Ask.objects.get().commitment) == ("cancelled", first)
    said(by, of, ask, answer="propose", fund="renja", starts=None, ends=None)
    second = Commitment.objects.exclude(pk=first.pk).get()

    assert (second.state, second.fund, second.starts, second.served.count()) == ("proposed", "renja", None, 5)
    told = AskVersion.objects.filter(ask=ask).order_by("number").values_list("number", "answer", "reason", "values")
    months = {"starts": f"{YEAR}-05", "ends": f"{YEAR}-07"}
    assert list(told) == [
        (2, "accept", "", {"volume": None, "fund": "dpa", **months}),
        (3, "change", "Hanya yang punya lahan", {"volume": 2, "fund": "csr", **months}),
        (4, "decline", "Belum ada anggaran", {}),
        (5, "propose", "", {"volume": None, "fund": "renja", "starts": None, "ends": None}),
    ]
    page = cards(by, of)
    assert [told.answer for told in page.answered[0].history] == ["propose", "decline", "change", "accept"]


def test_what_runs_already_is_changed_but_not_set_back() -> None:
    of = asking()
    ask, made = jamban(of, 2)
    by = visitor(made)
    said(by, of, ask)
    promised = Commitment.objects.get()
    plans.move(by=of.secretary, cycle_slug=of.slug, number=1, version=promised.version, state="running")  # type: ignore[arg-type]
    said(by, of, ask, volume=1)
    promised.refresh_from_db()

    assert (promised.state, promised.volume) == ("running", Decimal(1))


WRONG: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"answer": ""}, [("answer", "answer.choice")]),
    ({"answer": "yes"}, [("answer", "answer.choice")]),
    ({"answer": "decline"}, [("reason", "answer.reason")]),
    ({"answer": "change"}, [("reason", "answer.change")]),
    ({"answer": "decline", "reason": "x" * 301}, [("reason", "answer.long")]),
    ({"volume": 0}, [("volume", "answer.volume")]),
    ({"volume": 6}, [("volume", "answer.volume")]),
    ({"fund": ""}, [("fund", "answer.fund")]),
    ({"fund": "renja"}, [("fund", "answer.fund")]),
    ({"answer": "propose", "fund": "x"}, [("fund", "answer.fund")]),
    ({"starts": None}, [("starts", "answer.month")]),
    ({"ends": date(YEAR + 2, 1, 1)}, [("ends", "answer.month")]),
    ({"starts": date(YEAR, 8, 1)}, [("ends", "answer.months")]),
    ({"needs": ()}, [("needs", "answer.families")]),
    ({"needs": (999_999,)}, [("needs", "plan.needs")]),
    ({"volume": 9, "fund": "", "starts": None}, [
        ("volume", "answer.volume"), ("fund", "answer.fund"), ("starts", "answer.month"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "expected"), WRONG)
def test_what_makes_no_answer_is_said_at_its_field(changed: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    of = asking()
    ask, made = jamban(of, 5)

    assert refused(visitor(made), of, ask, **changed) == expected
    assert (Commitment.objects.count(), AskVersion.objects.count(), Ask.objects.get().answer) == (0, 0, "")


def test_whoever_answers_an_older_version_is_told() -> None:
    of = asking()
    ask, made = jamban(of, 2)
    said(visitor(made), of, ask, volume=1)

    assert refused(visitor(link(of)), of, ask, version=1, volume=2) == [("", "answer.newer")]
    assert Commitment.objects.get().volume == 1


def test_after_its_day_a_first_answer_is_taken_and_a_change_is_not() -> None:
    of = asking()
    ask, made = jamban(of, 2)
    Ask.objects.update(due=timezone.localdate() - timedelta(days=1))
    said(visitor(made), of, ask)
    assert refused(visitor(made), of, ask, volume=1) == [("", "answer.late")]
    assert [card.may_change for card in cards(visitor(made), of).answered] == [False]


def test_what_a_measurement_has_closed_needs_no_answer() -> None:
    of = asking()
    ask, made = jamban(of, 2)
    Need.objects.update(closed_at=timezone.now(), closed_in=of.round)
    page = cards(visitor(made), of)

    assert (page.waiting, page.met) == ((), 1)
    assert refused(visitor(made), of, ask) == [("", "answer.met")]


def test_an_agency_answers_for_itself_alone() -> None:
    of = asking()
    ask, _made = jamban(of)
    with pytest.raises(Missing):
        said(visitor(link(of, "Dinkes")), of, ask)
    with pytest.raises(Forbidden):
        said(of.secretary, of, ask)
    by = visitor(link(of))
    of.cycle.closed_at = timezone.now()
    of.cycle.save()
    with pytest.raises(Forbidden):
        said(by, of, ask)
    assert not may_answer(by, Ask.objects.select_related("cycle", "agency", "lokus").get())


# --- names ------------------------------------------------------------------------------------------------------------
def test_families_are_named_only_where_the_code_was_used_or_by_password_and_only_of_her_needs() -> None:
    of = asking()
    families(of, 2, "jamban")
    families(of, 2, "sekolah")
    families(of, 6, "batuk")
    asked(of)
    made = link(of)
    proof = unlock(by=visitor(made), code=made.code)
    health = {"batuk": "Dinkes"}

    def named(user: User) -> set[str]:
        return {
            need.household.head_name
            for need in needs_named_for(user, Ask.objects.select_related("agency"), health, EVERY)
        }

    account = build.member(Role.LIAISON, agency=of.agencies["Disperkim"])
    assert named(visitor(made, proof)) == {"ZubaidahGD01", "ZubaidahGD02"}
    # A liaison who signs in with her own password has proven who she is; whoever holds the link alone has not.
    assert named(account) == {"ZubaidahGD01", "ZubaidahGD02"}
    assert [named(user) for user in (visitor(made), of.secretary)] == [set(), set()]
    assert {ask.agency.short_name for ask in asks_for(visitor(made), of.cycle)} == {"Disperkim"}


def test_families_of_a_health_need_are_named_to_the_agency_of_the_indicator_alone() -> None:
    of = asking()
    families(of, 6, "batuk")
    asked(of)
    ask_agency(
        by=of.secretary, cycle_slug=of.slug, lokus_code=of.lokus.area, indicator="batuk",
        agency_id=of.agencies["Dindikbud"].pk, due=of.due,
    )  # fmt: skip
    shown = {}
    for agency in ("Dinkes", "Dindikbud"):
        made = link(of, agency)
        by = visitor(made, unlock(by=visitor(made), code=made.code))
        shown[agency] = len(cards(by, of).waiting[0].named)
    assert shown == {"Dinkes": 6, "Dindikbud": 0}


def test_she_chooses_whom_it_is_for() -> None:
    of = asking()
    ask, made = jamban(of, 3)
    by = visitor(made, unlock(by=visitor(made), code=made.code))
    needs = [family.need for family in cards(by, of).waiting[0].named]
    said(by, of, ask, needs=(needs[0], needs[2]), volume=3)
    promised = Commitment.objects.get()

    assert (promised.volume, set(promised.served.values_list("need", flat=True))) == (2, {needs[0], needs[2]})
    assert [family.served for family in cards(by, of).answered[0].named] == [True, False, True]


def test_a_commitment_for_few_families_of_health_says_no_number() -> None:
    of = asking()
    families(of, 3, "batuk")
    families(of, 9)
    asked(of)
    made = link(of, "Dinkes")
    said(visitor(made), of, Ask.objects.get(), volume=3)

    assert (Commitment.objects.get().volume, AskVersion.objects.get().values["volume"]) == (None, 3)


def test_an_earlier_answer_tells_no_small_group_of_health_without_the_code() -> None:
    of = asking()
    families(of, 3, "batuk")
    families(of, 9)
    asked(of)
    made = link(of, "Dinkes")
    said(visitor(made), of, Ask.objects.get(), volume=3)
    opened = visitor(made, unlock(by=visitor(made), code=made.code))
    told = {who: cards(by, of).answered[0] for who, by in (("closed", visitor(made)), ("opened", opened))}

    assert {who: (card.history[0].volume, card.terms.volume) for who, card in told.items()} == {
        "closed": (None, None),
        "opened": (3, 3),
    }


def test_a_liaison_whose_task_has_ended_sees_nothing() -> None:
    of = asking()
    _ask, made = jamban(of)
    Membership.objects.filter(user=made.link.user).update(ends=timezone.now())
    with pytest.raises(Missing):
        cards(visitor(made), of)
