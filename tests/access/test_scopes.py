"""Rows and predicates say the same; areas, cycles, dates and renamed places are held to the letter."""

import inspect
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import Model, QuerySet
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from selaras import access
from selaras.access import Actor
from selaras.actions import audit
from selaras.errors import Forbidden, Missing
from selaras.models import (
    Activity,
    Ask,
    AuditEntry,
    Breach,
    Commitment,
    CommitmentNeed,
    Confirmation,
    Cycle,
    Dossier,
    Evidence,
    Fact,
    FollowUp,
    Gladi,
    GladiTask,
    Household,
    ImportBatch,
    InstrumentVersion,
    Invitation,
    Lokus,
    Meeting,
    Membership,
    Place,
    Publication,
    Recap,
    Recheck,
    Result,
    RightsRequest,
    Role,
    SafetyWalk,
    StoredFile,
    Strategy,
    Submission,
    User,
)
from tests import build
from tests.access.test_table import CODES, Ground, cast, ground

pytestmark = pytest.mark.django_db


def filled(area: str) -> Ground:
    """A ground with a row of every kind in it."""
    there = ground(area)
    version, asked = there.batch.version, there.batch.round
    indicator = version.indicators.create(name="jamban", position=0)
    there.lokus.facts.create(round=asked, indicator=indicator, option="a", source="SK")
    there.household.submissions.create(round=asked, version=version, mode="import", answers={})
    there.lokus.results.create(
        round=asked, version=version, instrument_sha256="0", data_hash="0", engine="uji", card={}, trace={}
    )
    ImportBatch.objects.create(round=asked, lokus=None, version=version, key=build.key())
    AuditEntry(action="uji", place_code=there.lokus.area).save()
    build.invitation(there.lokus.area)
    Recheck.objects.create(
        lokus=there.lokus, round=asked, version=version, questions=[], seed="", each=1, frame={}, drawn_by=build.user()
    )
    Activity.objects.create(cycle=there.cycle, lokus=there.lokus, title="Uji", on=date(2024, 5, 1))
    there.lokus.walks.create(area=there.lokus.area, on=date(2024, 5, 1), women=3)
    there.lokus.followups.create(kind="t6", due=date(2025, 5, 1))
    for where in (None, there.lokus):
        there.cycle.strategies.create(lokus=where, audience="women", source="own", finding="Uji", found_in="Uji")
    Evidence.objects.create(
        cycle=there.cycle, lokus=there.lokus, area=there.lokus.area, kind="link", url="https://contoh.go.id"
    )
    Evidence.objects.create(cycle=there.cycle, area=there.city.code, kind="link", url="https://contoh.go.id/sk")
    Meeting.objects.create(
        cycle=there.cycle, kind="rakor", title="Uji", starts=timezone.now(), venue="Aula", attend_token=area
    )
    own = there.cycle.commitments.count()
    doer = build.agency(f"Bappeda {area}", there.city.code)
    kecamatan = there.lokus.place.code.rpartition(".")[0]
    for number, place in enumerate(({"lokus": there.lokus}, {}, {"area": kecamatan}, {"area": there.household.area})):
        there.cycle.commitments.create(number=own + number, agency=doer, title="Uji", **place)
    there.household.confirmations.create(
        commitment=there.cycle.commitments.all()[0], received=True, said="ibu", via="kertas", on=date(2024, 6, 1)
    )
    first = there.cycle.gladi.first()
    held = first or there.cycle.gladi.create(number=1, version=version, starts=date(2024, 6, 1), ends=date(2024, 6, 2))
    held.tasks.create(lokus=there.lokus, indicator="uji", lost=1, text="Uji")
    _with_what_is_asked(there)
    file = StoredFile.store(area.encode(), "application/zip")
    there.lokus.dossiers.create(cycle=there.cycle, number=1, file=file, sha256="0", size=1, manifest={})
    return there


def _with_what_is_asked(there: Ground) -> None:
    """Requests about data, a breach, and figures of services."""
    now = timezone.now()
    for family, where in ((there.household, there.household.area), (None, there.city.code)):
        number = there.cycle.rights_requests.count() + 1
        asked_for = {"number": number, "area": where, "household": family, "kind": "see", "key": build.key()}
        there.cycle.rights_requests.create(**asked_for, received_at=now, due_at=now)
    number = there.cycle.breaches.count() + 1
    there.cycle.breaches.create(number=number, cause="lost", known_at=now, due_at=now, happened="Uji")
    if not Recap.objects.filter(place_code=there.city.code).exists():
        of = {"place_code": there.city.code, "year": 2023, "source": "Uji", "as_of": date(2024, 1, 31)}
        Recap.objects.create(**of, tables=1, counts=1, key=build.key(), figures=b"uji")
        Publication.objects.create(**of, kind="reports", number=1, threshold=5)


def seen(rows: QuerySet[Model]) -> set[object]:
    return set(rows.values_list("pk", flat=True))


def _year_of(city: str) -> Cycle:
    return Cycle.objects.select_related("place").get(place__code=city)


#: Scope, table, and the predicate that must agree with it row by row.
PAIRS: list[tuple[Callable[[Actor], QuerySet], type[Model], Callable[[Actor, Model], bool]]] = [
    (access.cycles_for, Cycle, access.may_see_cycle),
    (access.loci_for, Lokus, access.may_see_lokus),
    (access.households_for, Household, access.may_see_household),
    (access.households_to_settle_for, Household, access.may_settle_household),
    (access.submissions_for, Submission, lambda user, row: access.may_see_household(user, row.household)),
    (access.imports_for, ImportBatch, access.may_see_batch),
    (access.facts_for, Fact, lambda user, row: access.may_see_lokus(user, row.lokus)),
    (access.results_for, Result, lambda user, row: access.may_see_lokus(user, row.lokus)),
    (access.instruments_for, InstrumentVersion, access.may_see_instrument),
    (access.invitations_for, Invitation, lambda user, row: access.may_manage_people(user, row.area)),
    (access.commitments_for, Commitment, access.may_see_commitment),
    (access.walks_for, SafetyWalk, lambda user, row: access.may_see_walks(user, row.lokus)),
    (access.followups_for, FollowUp, lambda user, row: access.may_see_follow_ups(user, row.lokus)),
    (
        access.strategies_for,
        Strategy,
        lambda user, row: (
            access.may_see_follow_ups(user, row.lokus) if row.lokus else access.may_see_lessons(user, row.cycle)
        ),
    ),
    (access.activities_for, Activity, lambda user, row: access.may_see_lokus(user, row.lokus)),
    (access.evidence_for, Evidence, access.may_see_evidence),
    (access.meetings_for, Meeting, lambda user, row: access.may_hold_meetings(user, row.cycle)),
    (access.confirmations_for, Confirmation, lambda user, row: access.may_see_household(user, row.household)),
    (access.gladi_for, Gladi, lambda user, row: access.may_see_preparation(user, row.cycle)),
    (access.gladi_tasks_for, GladiTask, lambda user, row: access.may_see_preparation(user, row.gladi.cycle)),
    (access.dossiers_for, Dossier, lambda user, row: access.may_see_dossiers(user, row.lokus)),
    (access.requests_for, RightsRequest, access.may_see_request),
    (access.breaches_for, Breach, lambda user, row: access.may_keep_breaches(user, row.cycle)),
    (access.recaps_for, Recap, lambda user, row: access.may_keep_recaps(user, _year_of(row.place_code))),
    (access.publications_for, Publication, lambda u, row: access.may_see_publications(u, _year_of(row.place_code))),
    (access.rechecks_for, Recheck, lambda user, row: access.may_see_checks(user, row.lokus)),
    (access.audit_for, AuditEntry, lambda user, row: access.may_read_audit(user, row.place_code)),
]


#: Scopes that are compared with something else, further down.
APART = {
    "memberships_for",
    "scores_for",
    "restricted_for",
    "agencies_for",
    "groups_for",
    "places_to_open_for",
    "teams_for",
    "registry_for",
    "targets_for",
    "views_for",
    "links_for",
    "holders_for",
    "stand_ins_for",
    "agreed_imports_for",
    "phones_for",
    "arrivals_for",
    "asks_for",
    "needs_named_for",
    "needs_for",
    "people_for",
    "holdings_for",
    "sessions_for",
    "exports_for",
    "checks_for",
    "duplicates_for",
    "desk_for",
    "code_lists_for",
    # tests/cases/test_doors.py
    "handing_places_for",
    # tests/cases/test_vouching.py
    "officer_tasks_for",
    "leader_tasks_for",
    "officer_changes_for",
}


def test_every_scope_is_compared_with_a_predicate() -> None:
    functions = inspect.getmembers(access, inspect.isfunction)
    ours = [name for name, f in functions if f.__module__.startswith(access.__name__)]
    scopes = {name for name in ours if name.endswith("_for") and not name.startswith("may_")}
    assert scopes == {pair[0].__name__ for pair in PAIRS} | APART


def test_states_are_seen_of_exactly_the_families_that_are_seen_by_name() -> None:
    for area in CODES:
        there = filled(area)
        indicator = there.batch.version.indicators.get()
        erased = Household.objects.create(lokus=there.lokus, code="L-099", erased_at=timezone.now())
        for family in (there.household, build.household(there.lokus, rw="04"), erased):
            family.scores.create(
                lokus=there.lokus, round=there.batch.round, indicator=indicator, state="y",
                n=1, true=1, missing=0, not_applicable=0,
            )  # fmt: skip
    loci = list(Lokus.objects.select_related("place", "cycle"))
    for who, user in cast().items():
        families = {
            lokus: set(access.households_for(user).filter(lokus=lokus).values_list("pk", flat=True)) for lokus in loci
        }
        states = {lokus: set(access.scores_for(user, lokus).values_list("household", flat=True)) for lokus in loci}
        assert (who, states) == (who, families)


def test_who_is_away_at_its_wish_is_there_for_exactly_those_who_saw_it_by_name() -> None:
    for area in CODES:
        there = filled(area)
        build.household(there.lokus, rw="04")
        Household.objects.create(lokus=there.lokus, code="L-099", erased_at=timezone.now())
    people, others = cast(), Household.objects.filter(erased_at=None)
    before = {who: seen(access.households_for(user)) for who, user in people.items()}
    assert {who: seen(access.restricted_for(user)) for who, user in people.items()} == {who: set() for who in people}
    others.update(pending=uuid4(), restricted_at=timezone.now())
    # What an import is bringing is nobody's.
    coming = build.household(there.lokus, rw="03")
    Household.objects.filter(pk=coming.pk).update(pending=uuid4())
    assert {who: seen(access.restricted_for(user)) for who, user in people.items()} == before
    assert {who: seen(access.households_for(user)) for who, user in people.items()} == {who: set() for who in people}


def test_a_registry_and_its_list_are_of_exactly_the_families_that_are_seen_by_name() -> None:
    for area in CODES:
        there = filled(area)
        erased = Household.objects.create(lokus=there.lokus, code="L-099", erased_at=timezone.now())
        Household.objects.create(lokus=there.lokus, code="L-098", pending=there.batch.uuid, key=build.key())
        for number, family in enumerate((there.household, build.household(there.lokus, rw="04"), erased), start=1):
            there.lokus.targets.create(household=family, state="target", position=number)
    loci = list(Lokus.objects.select_related("place", "cycle"))
    for who, user in cast().items():
        families = [set(access.households_for(user).filter(lokus=lokus).values_list("pk", flat=True)) for lokus in loci]
        registry = [seen(access.registry_for(user, lokus)) for lokus in loci]
        listed = [set(access.targets_for(user, lokus).values_list("household", flat=True)) for lokus in loci]
        assert (who, registry, listed) == (who, families, families)


def test_a_kept_search_is_its_keepers_alone() -> None:
    ani, budi, cycle = build.user(), build.user(), build.cycle()
    own = ani.saved_views.create(cycle=cycle, page="households", name="RT 01", query="rt=01")
    assert (seen(access.views_for(ani)), seen(access.views_for(budi))) == ({own.pk}, set())
    assert seen(access.views_for(access.CONSOLE)) == set()


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0].__name__)
def test_a_scope_holds_exactly_the_rows_that_its_predicate_allows(pair: tuple) -> None:
    scope, table, may = pair
    for area in CODES:
        filled(area)
    people = cast()
    rows = list(table.objects.all())
    assert len(rows) >= len(CODES) - 1
    found = {who: seen(scope(user)) for who, user in people.items()}
    assert found == {who: {row.pk for row in rows if may(user, row)} for who, user in people.items()}
    assert found["stranger"] == found["anonymous"] == set()


def test_a_prefix_ends_at_a_dot() -> None:
    there = ground("own")
    assert there.household.area == "36.72.05.1005.RW03.RT01"
    for near in ("36.7", "36.72.05.100", "36.72.05.1005.RW0", "36.72.05.1005.RW03.RT0"):
        kader = build.member(Role.CADRE, near)
        assert seen(access.households_for(kader)) == set()
        # The last two lie, by their letters, inside the kelurahan; the first two beside it.
        assert access.may_see_lokus(kader, there.lokus) == near.startswith("36.72.05.1005.")


def test_a_cadre_sees_by_name_only_the_families_of_her_own_rw() -> None:
    there = ground("own")
    other = build.household(there.lokus, rw="04")
    ani = build.member(Role.CADRE, "36.72.05.1005.RW03")
    assert list(access.households_for(ani)) == [there.household]
    assert access.may_see_names(ani, there.lokus)
    assert not access.may_see_household(ani, other)


def test_an_erased_family_and_one_that_is_not_yet_published_are_seen_by_nobody() -> None:
    there = ground("own")
    pending = build.household(there.lokus)
    Household.objects.filter(pk=pending.pk).update(pending=there.batch.uuid)
    erased = Household.objects.create(lokus=there.lokus, code="L-099", erased_at=timezone.now())
    lurah = build.member(Role.SUPERVISOR, CODES["own"])
    assert list(access.households_for(lurah)) == [there.household]
    for hidden in (pending, erased):
        with pytest.raises(Missing):
            access.the_household(lurah, hidden.uuid)


def test_a_task_counts_from_its_start_to_its_end_and_in_its_cycle_only() -> None:
    there = ground("own")
    later = build.cycle("36.72", 2025)
    future = build.lokus(later, CODES["own"])
    juror = build.member(Role.JUROR, "36.72", cycle=there.cycle)
    assert seen(access.loci_for(juror)) == {there.lokus.pk}
    assert seen(access.cycles_for(juror)) == {there.cycle.pk}
    assert not access.may_see_lokus(juror, future)
    now = timezone.now()
    Membership.objects.filter(user=juror).update(ends=now - timedelta(seconds=1))
    assert access.scopes_of(User.objects.get(pk=juror.pk)) == ()
    Membership.objects.filter(user=juror).update(ends=None, starts=now + timedelta(days=1))
    assert access.scopes_of(User.objects.get(pk=juror.pk)) == ()


def test_a_deactivated_account_is_nobody() -> None:
    there = ground("own")
    secretary = build.member(Role.SECRETARIAT, "36.72")
    assert access.may_see_cycle(secretary, there.cycle)
    User.objects.filter(pk=secretary.pk).update(is_active=False)
    assert not access.may_see_cycle(User.objects.get(pk=secretary.pk), there.cycle)


def test_nothing_is_brought_into_a_closed_cycle() -> None:
    there = ground("own")
    secretary = build.member(Role.SECRETARIAT, "36.72")
    assert access.may_import(secretary, there.lokus)
    there.lokus.cycle.closed_at = datetime(2024, 12, 31, tzinfo=UTC)
    assert not access.may_import(secretary, there.lokus)
    assert not access.may_enter_facts(secretary, there.lokus)


def test_a_scope_follows_its_place_through_a_new_code() -> None:
    there = ground("own")
    old = build.place("36.72.05.1005")
    Place.objects.create(code="36.72.09.1001", name="Gedong Dalem", level="kelurahan", kind="kelurahan", replaces=old)
    lurah = build.member(Role.SUPERVISOR, "36.72.09.1001")
    assert access.may_import(lurah, there.lokus)
    assert list(access.households_for(lurah)) == [there.household]
    assert not access.may_see_lokus(build.member(Role.SUPERVISOR, "36.72.09.1002"), there.lokus)


def test_a_family_of_another_city_is_missing_and_one_in_her_city_is_forbidden_to_a_juror() -> None:
    there, far = ground("own"), ground("other city")
    citra = build.member(Role.JUROR, "36.72")
    with pytest.raises(Forbidden) as refused:
        access.the_household(citra, there.household.uuid)
    assert refused.value.problems[0].code == "access.forbidden"
    for uuid in (far.household.uuid, there.batch.uuid):
        with pytest.raises(Missing):
            access.the_household(citra, uuid)
    with pytest.raises(Forbidden):
        access.the_batch(citra, there.batch.uuid)
    with pytest.raises(Missing):
        access.the_batch(citra, far.batch.uuid)
    secretary = build.member(Role.SECRETARIAT, "36.72")
    assert access.the_household(secretary, there.household.uuid) == there.household
    assert access.the_batch(secretary, there.batch.uuid) == there.batch
    assert access.the_cycle(secretary, there.cycle.slug) == there.cycle
    assert access.the_lokus(secretary, there.cycle.slug, there.lokus.area) == there.lokus
    with pytest.raises(Missing):
        access.the_lokus(secretary, far.cycle.slug, far.lokus.area)


def test_an_audit_entry_of_no_place_is_the_administrators_alone() -> None:
    AuditEntry(action="uji").save()
    assert access.audit_for(build.member(Role.ADMINISTRATOR)).count() == 1
    assert access.audit_for(build.member(Role.SECRETARIAT, "36.72")).count() == 0
    assert not access.may_read_audit(build.member(Role.SECRETARIAT, "36.72"), "")


def test_nobody_gives_a_task_that_is_wider_than_her_own() -> None:
    there = ground("own")
    secretary = build.member(Role.SECRETARIAT, "36.72")
    assert access.may_assign(secretary, Role.SUPERVISOR, "36.72.05.1005")
    assert not access.may_assign(secretary, Role.SUPERVISOR, "36")
    assert not access.may_assign(secretary, Role.ADMINISTRATOR, "36.72")
    assert not access.may_assign(secretary, Role.ADMINISTRATOR, "")
    assert not access.may_assign(secretary, Role.PROVINCE, "36.72")
    this_year = build.member(Role.SECRETARIAT, "36.72", cycle=there.cycle)
    assert access.may_assign(this_year, Role.CADRE, "36.72.05.1005.RW03", there.cycle.pk)
    assert not access.may_assign(this_year, Role.CADRE, "36.72.05.1005.RW03")


def test_memberships_are_seen_where_she_may_give_tasks_and_always_her_own() -> None:
    secretary = build.member(Role.SECRETARIAT, "36.72")
    liaison = build.member(Role.LIAISON, agency=build.agency())
    kader = build.member(Role.CADRE, "36.72.05.1005.RW03")
    far = build.member(Role.CADRE, "36.73.01.1001.RW03")
    assert {row.user for row in access.memberships_for(secretary)} == {secretary, liaison, kader}
    assert {row.user for row in access.memberships_for(far)} == {far}
    assert access.memberships_for(build.member(Role.ADMINISTRATOR)).count() == 5


@pytest.mark.parametrize(
    ("count", "of", "shown"),
    [(0, 100, 0), (1, 100, None), (4, 100, None), (5, 100, 5), (95, 100, 95), (96, 100, None), (100, 100, 100)],
)
def test_a_count_is_shown_where_neither_it_nor_the_rest_is_a_handful(count: int, of: int, shown: int | None) -> None:
    assert access.shown_count(count, of) == shown


def test_scopes_cost_one_query_for_a_person_however_many_questions_are_asked(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    there = ground("own")
    secretary = build.member(Role.SECRETARIAT, "36.72")
    with django_assert_num_queries(1):
        assert access.may_see_lokus(secretary, there.lokus)
        assert access.may_import(secretary, there.lokus)
        assert access.has_role(secretary, Role.SECRETARIAT)
        assert not access.has_role(secretary, Role.JUROR)


def test_an_entry_by_the_console_says_so() -> None:
    entry = audit.record(by=access.CONSOLE, action="uji", n=1)
    assert (entry.actor, entry.details) == (None, {"via": "console", "n": 1})


def test_an_agency_reads_its_own_commitments_wherever_they_are() -> None:
    there, liaison = ground("own"), build.member(Role.LIAISON, agency=build.agency("Dinsos"))
    other = build.member(Role.LIAISON, agency=build.agency("Dinkes"))
    made = [
        there.cycle.commitments.create(
            number=number, agency=build.agency(name, "36.72"), title="Uji", lokus=there.lokus
        )
        for number, name in enumerate(("DLH", "DKPP"))
    ]
    Commitment.objects.filter(pk=made[0].pk).update(agency=liaison.memberships.get().agency)
    rows = list(Commitment.objects.select_related("agency", "lokus", "cycle__place"))

    assert (seen(access.commitments_for(liaison)), seen(access.commitments_for(other))) == ({made[0].pk}, set())
    assert [row.pk for row in rows if access.may_see_commitment(liaison, row)] == [made[0].pk]


def test_needs_are_seen_by_who_works_with_the_family_and_by_the_agency_that_they_are_for() -> None:
    """`jamban` names Disperkim, `batuk` is of health and names Dinkes, `modal` names nobody."""
    there = ground("own")
    far = build.household(there.lokus, rw="04")
    gone = Household.objects.create(lokus=there.lokus, code="L-099", erased_at=timezone.now())
    asked = there.lokus.cycle.rounds.get()
    for family in (there.household, far, gone):
        for indicator in ("jamban", "batuk", "modal"):
            there.lokus.needs.create(household=family, indicator=indicator, opened_in=asked, opened_at=timezone.now())
    agencies = {"jamban": "Disperkim; DPUPR", "batuk": "Dinkes", "modal": ""}
    people = cast() | {
        name: build.member(Role.LIAISON, agency=build.agency(name)) for name in ("Disperkim", "BAZNAS", "DLH")
    }
    baznas = people["BAZNAS"].memberships.get().agency
    Ask.objects.create(cycle=there.cycle, lokus=there.lokus, agency=baznas, indicator="modal", families=2)
    Ask.objects.create(cycle=there.cycle, lokus=there.lokus, agency=baznas, indicator="batuk", families=2)
    made = there.cycle.commitments.create(number=1, agency=people["DLH"].memberships.get().agency, title="Uji")
    for need in there.lokus.needs.filter(household=far, indicator__in=["jamban", "batuk"]):
        CommitmentNeed.objects.create(commitment=made, need=need)
    found = {
        who: set(access.needs_for(user, agencies, frozenset({"batuk"})).values_list("household__rw", "indicator"))
        for who, user in people.items()
    }
    all_but_health = {(rw, name) for rw in ("03", "04") for name in ("jamban", "modal")}
    assert {who: rows for who, rows in found.items() if rows} == {
        "secretariat": all_but_health,
        "lurah": all_but_health,
        "camat": all_but_health,
        "cadre": {("03", "jamban"), ("03", "modal")},
        "liaison": {("03", "batuk"), ("04", "batuk")},
        "Disperkim": {("03", "jamban"), ("04", "jamban")},
        "BAZNAS": {("03", "modal"), ("04", "modal")},
        "DLH": {("04", "jamban")},
    }


def test_a_desk_holds_exactly_the_evidence_that_she_may_vouch_for() -> None:
    for area in CODES:
        filled(area)
    people = cast()
    Evidence.objects.filter(lokus__isnull=True).update(uploaded_by=people["secretariat"])
    rows = list(Evidence.objects.select_related("cycle__place", "lokus__place"))
    for who, user in people.items():
        found = {row for cycle in Cycle.objects.all() for row in access.desk_for(user, cycle)}
        assert (who, found) == (who, {row for row in rows if access.may_verify_evidence(user, row)})
