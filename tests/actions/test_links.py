"""Links of agencies: made, opened, unlocked by a code told on the phone, revoked."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from selaras.access import scopes_of
from selaras.actions.links import came, make_link, new_code, revoke, unlock
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import AgencyLink, AuditEntry, Membership, Role, User
from selaras.queries.links import arrival, feed_of, links_page
from tests import build
from tests.build_asks import asking, link, visitor

pytestmark = pytest.mark.django_db


def codes(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_a_link_stores_hashes_alone_and_an_account_that_no_other_door_knows() -> None:
    of = asking()
    made = link(of, "Dinkes", holder=" Ibu  Sari ", email="sari@dinkes.go.id")
    row = AgencyLink.objects.get()
    user = User.objects.get(pk=row.user_id)

    stored = [str(value) for value in (*AgencyLink.objects.values_list()[0], *AuditEntry.objects.values_list()[0])]
    assert [secret for secret in (made.token, made.code, feed_of(made.token)) if any(secret in s for s in stored)] == []
    assert (row.holder, user.full_name, user.email, user.has_usable_password()) == (
        "Ibu Sari", "Ibu Sari", "sari@dinkes.go.id", False,
    )  # fmt: skip
    assert [(m.role, m.agency, m.cycle) for m in user.memberships.all()] == [
        (Role.LIAISON, of.agencies["Dinkes"], of.cycle)
    ]
    # Signed in by whatever way, the account is nobody; by its link it is the liaison.
    assert (scopes_of(user), [scope.role for scope in scopes_of(visitor(made))]) == ((), [Role.LIAISON])


def test_an_account_of_a_person_is_nobody_by_a_link_that_is_not_hers() -> None:
    of = asking()
    made = link(of)
    found = visitor(made)
    of.secretary.link = found.link
    of.secretary.remembered_scopes = None

    assert scopes_of(of.secretary) == ()


WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({"holder": " "}, ["link.holder"]),
    ({"agency_id": 0}, ["ask.agency"]),
    ({"until": timezone.localdate()}, ["link.expires"]),
    ({"until": timezone.localdate() + timedelta(days=500)}, ["link.expires"]),
    ({"email": "sari"}, ["link.email"]),
    ({"holder": "", "email": "x"}, ["link.holder", "link.email"]),
]


@pytest.mark.parametrize(("changed", "expected"), WRONG)
def test_what_makes_no_link_is_said(changed: dict[str, Any], expected: list[str]) -> None:
    of = asking()
    with pytest.raises(InputError) as error:
        link(of, **changed)
    assert (codes(error), AgencyLink.objects.count()) == (expected, 0)


def test_another_citys_agency_gets_no_link_here() -> None:
    of = asking()
    theirs = build.agency("Dinkes", "36.73")
    with pytest.raises(InputError) as error:
        link(of, agency_id=theirs.pk)
    assert codes(error) == ["ask.agency"]


def test_only_the_secretariat_of_an_open_year_makes_them() -> None:
    of = asking()
    given: dict[str, Any] = {
        "cycle_slug": of.slug,
        "agency_id": of.agencies["Dinkes"].pk,
        "holder": "Sari",
        "until": timezone.localdate() + timedelta(days=9),
    }
    for role, place, expected in (
        (Role.LEADER, "36.72", Forbidden),
        (Role.SUPERVISOR, "36.72.05.1005", Forbidden),
        (Role.SECRETARIAT, "36.73", Missing),
    ):
        build.place(place)
        with pytest.raises(expected):
            make_link(by=build.member(role, place), **given)
    of.cycle.closed_at = timezone.now()
    of.cycle.save()
    with pytest.raises(Forbidden):
        make_link(by=of.secretary, **given)
    assert AgencyLink.objects.count() == 0


def test_a_code_opens_the_names_of_one_browser_once() -> None:
    of = asking()
    made = link(of)
    proof = unlock(by=visitor(made), code=made.code.replace(" ", "-"))

    assert [visitor(made, each).link.names_unlocked for each in (proof, "", "x" * 64)] == [True, False, False]
    with pytest.raises(InputError) as error:
        unlock(by=visitor(made), code=made.code)
    assert codes(error) == ["link.code_used"]


def test_five_wrong_codes_lock_it_until_a_new_one_is_made() -> None:
    of = asking()
    made = link(of)
    wrong = f"{(int(made.code.replace(' ', '')) + 1) % 10**8:08}"
    said = []
    for _ in range(6):
        with pytest.raises(InputError) as error:
            unlock(by=visitor(made), code=wrong)
        said += [str(problem) for problem in error.value.problems]
    with pytest.raises(InputError) as error:
        unlock(by=visitor(made), code=made.code)

    locked = "kode sudah terlalu sering salah, jadi dikunci; minta kode baru kepada sekretariat lewat telepon"
    tries = [f"kode itu tidak cocok; periksa angkanya; masih {left} kali percobaan" for left in (4, 3, 2, 1)]
    assert (said, codes(error)) == ([*tries, locked, locked], ["link.code_locked"])
    fresh = new_code(by=of.secretary, cycle_slug=of.slug, link_id=made.link.uuid)
    assert visitor(made, unlock(by=visitor(made), code=fresh.code)).link.names_unlocked


def test_a_new_code_closes_the_names_where_the_old_one_was_used() -> None:
    of = asking()
    made = link(of)
    proof = unlock(by=visitor(made), code=made.code)
    fresh = new_code(by=of.secretary, cycle_slug=of.slug, link_id=made.link.uuid)
    unlock(by=visitor(made), code=fresh.code)

    assert not visitor(made, proof).link.names_unlocked


def test_a_revoked_link_and_one_past_its_day_open_nothing_and_say_so() -> None:
    of = asking()
    first, second = link(of), link(of, "Dinkes")
    revoke(by=of.secretary, cycle_slug=of.slug, link_id=first.link.uuid)
    revoke(by=of.secretary, cycle_slug=of.slug, link_id=first.link.uuid)
    gone, late = arrival(first.token, ""), arrival(second.token, "", now=second.link.expires_at)
    assert gone is not None
    assert late is not None

    assert [(each.state, each.person) for each in (gone, late)] == [("revoked", None), ("expired", None)]
    assert arrival("x" * 43, "") is None
    assert [m.holds(timezone.now()) for m in Membership.objects.filter(role=Role.LIAISON).order_by("pk")] == [
        False, True,
    ]  # fmt: skip
    assert AuditEntry.objects.filter(action="links.revoke").count() == 1
    with pytest.raises(InputError) as error:
        new_code(by=of.secretary, cycle_slug=of.slug, link_id=first.link.uuid)
    assert codes(error) == ["link.closed"]


def test_a_link_is_managed_only_from_its_own_year() -> None:
    of = asking()
    made = link(of)
    build.cycle(year=of.cycle.year - 1)
    for slug, by in ((f"36-72-{of.cycle.year - 1}", build.member(Role.SECRETARIAT, "36.72")), (of.slug, build.user())):
        with pytest.raises(Missing):
            revoke(by=by, cycle_slug=slug, link_id=made.link.uuid)
    assert AgencyLink.objects.get().revoked_at is None


def test_being_opened_is_written_down_at_most_hourly() -> None:
    of = asking()
    made = link(of)
    start = timezone.now()
    seen: list[datetime | None] = []
    for minutes in (0, 59, 61):
        came(by=visitor(made), now=start + timedelta(minutes=minutes))
        seen.append(AgencyLink.objects.get().last_seen_at)

    assert seen == [start, start, start + timedelta(minutes=61)]
    assert AuditEntry.objects.filter(action="links.open").count() == 2


def test_the_page_of_links_says_who_holds_which_and_who_has_none() -> None:
    of = asking()
    made, closed = link(of), link(of, "Dinkes", holder="Sari")
    revoke(by=of.secretary, cycle_slug=of.slug, link_id=closed.link.uuid)
    unlock(by=visitor(made), code=made.code)
    page = links_page(of.secretary, of.slug)

    assert [(line.agency, line.holder, line.state, line.code, line.seen_at) for line in page.open] == [
        ("Disperkim", "Rudi Penghubung", "open", "used", None)
    ]
    assert [(line.agency, line.holder, line.state) for line in page.closed] == [("Dinkes", "Sari", "revoked")]
    assert page.open[0].until == timezone.localdate() + timedelta(days=60)
    assert [each.short_name for each in page.agencies] == ["Dindikbud", "Dinkes", "Disperkim"]
