"""How far a round is, by RT, cadre and family: right counts, each person her own, the same statements for more rows."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.field.forms import prepare_forms
from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.actions.field.taking import take_in
from selaras.errors import Forbidden, Missing
from selaras.models import Household, PhoneToken, Place, Role, User, Visit
from selaras.odk.fieldform import BEGUN, DONE
from selaras.queries.cadre import own_page, record_page
from selaras.queries.phone_holders import phones_page
from selaras.queries.progress import Tally, progress_page
from tests import build
from tests.build_field import Field, filled, open_field, phone_of
from tests.build_programme import Programme, publish
from tests.sample_workbook import sample

pytestmark = pytest.mark.django_db


def visit(of: Field, family: Household, outcome: str, phone: PhoneToken | None = None) -> None:
    """Somebody was there, and the office has read what she sent."""
    receive(sender=Sender.of(phone or of.phone.phone), parcel=Parcel(filled(of.form, family, outcome=outcome)))
    take_in()


def send(of: Field, xml: bytes, now: datetime) -> None:
    receive(sender=Sender.of(of.phone.phone), parcel=Parcel(xml), now=now)


def clocked(xml: bytes, begun: str, done: str) -> bytes:
    """That form with the phone's clock as it was begun and finished."""
    return xml.replace(b"<sl_kunjungan>", f"<{BEGUN}>{begun}</{BEGUN}><{DONE}>{done}</{DONE}><sl_kunjungan>".encode())


def field_in(city: str) -> Field:
    """A year of that city whose baseline is of February 2024, and the phone of the cadre of its one lokus."""
    above = None
    levels = ("province", "provinsi"), ("city", "kota"), ("kecamatan", "kecamatan"), ("kelurahan", "kelurahan")
    for code, (level, kind) in zip((city[:2], city, f"{city}.01", f"{city}.01.1001"), levels, strict=True):
        above = Place.objects.create(code=code, name="Uji", level=level, kind=kind, parent=above)
    cycle = build.cycle(city)
    of = Programme(cycle, build.lokus(cycle, f"{city}.01.1001"), build.baseline(cycle), publish(sample(), cycle))
    of.round.opens, of.round.closes = date(2024, 2, 1), date(2024, 2, 29)
    of.round.save()
    made = prepare_forms(by=CONSOLE, cycle=cycle)
    return Field(of, made[0], made[-1], phone_of(of))


def cadre(of: Field) -> User:
    return User.objects.get(pk=of.phone.phone.user_id)


def lurah(of: Field) -> User:
    return build.member(Role.SUPERVISOR, of.programme.lokus.area, cycle=of.programme.cycle)


def slug(of: Field) -> str:
    return of.programme.cycle.slug


def statements(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        read()
    return len(captured)


def test_a_round_is_counted_by_how_the_last_visit_ended_and_answers_count_whoever_brought_them() -> None:
    of = open_field()
    lokus = of.programme.lokus
    met, again, gone, left = (build.household(lokus, rw="03", rt="01") for _ in range(4))
    other = build.household(lokus, rw="03", rt="02")
    visit(of, met, "tidak_di_rumah")
    visit(of, met, "bertemu")
    visit(of, again, "tidak_di_rumah")
    visit(of, gone, "pindah")

    page = progress_page(lurah(of), slug(of), lokus.area)

    assert page.tally == Tally(met=1, out=1, moved=1, not_yet=2)
    assert (page.tally.families, page.tally.left, page.tally.closed) == (5, 3, 1)
    assert [(block.rw, block.rt, block.tally.families, block.tally.not_yet) for block in page.blocks] == [
        ("03", "01", 4, 1),
        ("03", "02", 1, 1),
    ]
    assert [(line.code, line.state) for line in page.left] == [
        (left.code, ""),
        (again.code, "tidak_di_rumah"),
        (other.code, ""),
    ]
    assert (page.round and page.round.slug, page.open_now, page.listed, page.whole) == ("baseline", True, False, True)


def test_each_cadre_is_told_with_her_area_and_what_she_did_herself_wherever_it_was() -> None:
    of = open_field()
    lokus = of.programme.lokus
    own, away = build.household(lokus, rw="03"), build.household(lokus, rw="04")
    other = phone_of(of.programme, "RW04")
    visit(of, own, "bertemu")
    visit(of, own, "bertemu", other.phone)
    visit(of, away, "tidak_di_rumah", other.phone)

    page = progress_page(lurah(of), slug(of), lokus.area)

    assert [
        (line.where, line.tally.families, line.tally.left, line.visits, line.met, line.held) for line in page.cadres
    ] == [
        ("Kelurahan Gedong Dalem, RW 03", 1, 0, 1, 1, 0),
        ("Kelurahan Gedong Dalem, RW 04", 1, 1, 1, 0, 1),
    ]
    assert page.held == 1


def test_only_the_families_on_the_list_of_100_count_once_there_is_one() -> None:
    of = open_field()
    lokus = of.programme.lokus
    coached, reserve = build.household(lokus, rw="03"), build.household(lokus, rw="03")
    for position, (family, state) in enumerate(((coached, "target"), (reserve, "reserve")), start=1):
        lokus.targets.create(household=family, state=state, position=position)
    build.household(lokus, rw="03")

    page = progress_page(lurah(of), slug(of), lokus.area)

    assert (page.listed, page.tally, [line.code for line in page.left]) == (True, Tally(not_yet=1), [coached.code])


def test_another_round_of_the_year_is_asked_for_by_its_name_and_is_empty_until_somebody_goes() -> None:
    of = open_field()
    cycle, lokus = of.programme.cycle, of.programme.lokus
    family = build.household(lokus, rw="03")
    visit(of, family, "bertemu")
    today = timezone.localdate()
    cycle.rounds.create(kind="visit", opens=today + timedelta(days=40), closes=today + timedelta(days=60))

    assert progress_page(lurah(of), slug(of), lokus.area).tally == Tally(met=1)
    assert progress_page(lurah(of), slug(of), lokus.area, "visit-1").tally == Tally(not_yet=1)
    with pytest.raises(Missing):
        progress_page(lurah(of), slug(of), lokus.area, "endline")


def test_a_cadre_sees_her_own_rw_alone_and_who_sees_no_names_sees_nothing() -> None:
    of = open_field()
    lokus = of.programme.lokus
    own = build.household(lokus, rw="03")
    build.household(lokus, rw="04")

    page = progress_page(cadre(of), slug(of), lokus.area)
    mine = own_page(cadre(of))

    assert (page.tally, page.cadres, [line.code for line in page.left]) == (Tally(not_yet=1), (), [own.code])
    assert [line.code for block in mine.blocks for line in block.families] == [own.code]
    with pytest.raises(Forbidden):
        progress_page(build.member(Role.JUROR, "36.72"), slug(of), lokus.area)


def test_a_cadres_own_page_says_what_is_left_what_waits_and_what_arrived() -> None:
    of = open_field()
    lokus = of.programme.lokus
    met, out, new = (build.household(lokus, rw="03", rt=rt) for rt in ("01", "01", "02"))
    far = build.household(lokus, rw="04")
    visit(of, met, "bertemu")
    visit(of, out, "tidak_di_rumah")
    visit(of, far, "bertemu")
    receive(sender=Sender.of(of.phone.phone), parcel=Parcel(filled(of.practice, met)))

    page = own_page(cadre(of))

    assert (page.where, page.tally) == (("Kelurahan Gedong Dalem, RW 03",), Tally(met=1, out=1, not_yet=1))
    assert [(block.rt, block.left, [line.code for line in block.families]) for block in page.blocks] == [
        ("01", 1, [out.code, met.code]),
        ("02", 1, [new.code]),
    ]
    # A family next door is not hers to see, not even by its code.
    assert [(line.reason, line.code) for line in page.held] == [("foreign", "")]
    assert (page.sent.arrived, page.sent.waiting, page.sent.held, page.sent.practice) == (4, 0, 1, 1)
    assert page.phone is not None
    assert page.phone.open


def test_a_form_of_hers_that_waits_is_told_with_her_familys_code() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    visit(of, family, "bertemu", phone_of(of.programme, "RW03").phone)
    visit(of, family, "bertemu")

    assert [(line.reason, line.code) for line in own_page(cadre(of)).held] == [("twice", family.code)]


def test_her_record_counts_days_in_the_time_of_the_place_and_names_no_family() -> None:
    of = open_field()
    families = [build.household(of.programme.lokus, rw="03") for _ in range(3)]
    for family, outcome in zip(families, ("bertemu", "tidak_di_rumah", "bertemu"), strict=True):
        visit(of, family, outcome)
    first, *_rest = Visit.objects.order_by("pk")
    # 23.30 of the day before in UTC is the next morning in Cilegon.
    Visit.objects.filter(pk=first.pk).update(at=datetime(2024, 2, 4, 23, 30, tzinfo=UTC))

    page = record_page(cadre(of))

    assert (page.days[0].day.isoformat(), page.days[0].visits, page.days[0].met) == ("2024-02-05", 1, 1)
    assert [(line.visits, line.met) for line in page.days[1:]] == [(2, 1)]
    assert (page.visits, page.met, page.name) == (3, 2, cadre(of).get_full_name())
    assert not any(family.code in repr(page) or "GD-" in repr(page) for family in families)


def test_a_record_says_the_day_that_the_form_says_where_that_can_be_and_when_it_came() -> None:
    of = open_field()
    now = timezone.localtime()
    of.programme.round.opens = now.date() - timedelta(days=9)
    of.programme.round.save()
    days = {ago: now - timedelta(days=ago) for ago in (-1, 0, 3, 4, 10)}
    said = [
        (days[3], days[3]), (days[3], days[0]), (days[4], ""),
        # None of these can be: after it came, before the round, finished before it was begun, no clock at all.
        (days[-1], days[-1]), (days[10], days[3]), (days[3], days[4]), ("kemarin", ""), ("2026-01-01T09:00:00", ""),
    ]  # fmt: skip
    for begun, done in said:
        clock = "".join(
            f"<{name}>{moment if isinstance(moment, str) else moment.isoformat(timespec='milliseconds')}</{name}>"
            for name, moment in ((BEGUN, begun), (DONE, done))
        )
        xml = filled(of.form, build.household(of.programme.lokus, rw="03"), instance=f"uuid:{len(clock)} {begun}{done}")
        send(of, xml.replace(b"<sl_kunjungan>", f"{clock}<sl_kunjungan>".encode()), now)
    take_in(now=now)
    today = now.date()

    assert [(line.day, line.visits, line.received) for line in record_page(cadre(of)).days] == [
        (today - timedelta(days=4), 1, ((today, 1),)),
        (today - timedelta(days=3), 2, ((today, 2),)),
        (today, 5, ()),
    ]
    # What is in time goes by the receipt, and a correction was no visit of its own.
    assert {timezone.localdate(at) for at in Visit.objects.values_list("at", flat=True)} == {today}
    visit_, family = Visit.objects.earliest("pk"), Household.objects.earliest("pk")
    send(of, filled(of.form, family, deprecated=visit_.arrival.instance_id), now)
    take_in(now=now)
    assert Visit.objects.get(household=family).on == today - timedelta(days=3)
    assert Visit.objects.get(household=family).pk != visit_.pk


@pytest.mark.parametrize(("city", "hours"), [("36.72", 7), ("73.71", 8), ("91.71", 9)])
def test_a_visit_near_midnight_is_of_the_day_that_its_city_writes_whatever_zone_the_phone_writes(
    city: str, hours: int
) -> None:
    of = field_in(city)
    minute, midnight = timedelta(minutes=1), timedelta(hours=-hours)
    opening, came = (datetime(2024, 2, day, tzinfo=UTC) + midnight for day in (1, 5))
    # The phone's own clock, a browser's, that of a phone from Jawa and of one whose clock stands on Kathmandu's.
    zones = [timezone.get_fixed_timezone(60 * hours), UTC, timezone.get_fixed_timezone(420), ZoneInfo("Asia/Kathmandu")]
    days = {
        # No day of the round yet, by a minute; then its first, though it is January still in UTC.
        opening - minute: None, opening: date(2024, 2, 1),
        # The day before it came, and the day on which it came a minute after midnight.
        came - minute: date(2024, 2, 4), came: date(2024, 2, 5),
        # After it came, on that day; and on the next, which cannot be.
        came + timedelta(days=1) - minute: date(2024, 2, 5), came + timedelta(days=1): None,
    }  # fmt: skip
    families = {}
    for at, zone in product(days, zones):
        family = build.household(of.programme.lokus)
        begun = at.astimezone(zone).isoformat(timespec="milliseconds")
        send(of, clocked(filled(of.form, family, outcome="tidak_di_rumah"), begun, begun), came + minute)
        families[family.code] = days[at]
    take_in(now=came + minute)

    assert dict(Visit.objects.values_list("household__code", "on")) == families
    # What says no day that can be is of the day on which it came, a minute after midnight.
    told = {code: day or date(2024, 2, 5) for code, day in families.items()}
    assert [(line.day, line.visits) for line in record_page(cadre(of)).days] == sorted(Counter(told.values()).items())
    assert {line.code: line.at for line in progress_page(lurah(of), slug(of), of.programme.lokus.area).left} == told


def test_one_visit_has_one_day_on_her_page_in_her_record_and_for_her_supervisor() -> None:
    of = open_field()
    lokus = of.programme.lokus
    sent_late, at_night = (build.household(lokus, rw="03") for _ in range(2))
    for family in (sent_late, at_night):
        visit(of, family, "tidak_di_rumah")
    first, second = Visit.objects.order_by("pk")
    # Visited on the first, sent on the twentieth; and 23.30 in UTC, which is the next morning in Cilegon.
    Visit.objects.filter(pk=first.pk).update(at=datetime(2024, 2, 20, 5, tzinfo=UTC), on=date(2024, 2, 1))
    Visit.objects.filter(pk=second.pk).update(at=datetime(2024, 2, 4, 23, 30, tzinfo=UTC), on=None)
    days = {sent_late.code: date(2024, 2, 1), at_night.code: date(2024, 2, 5)}

    page = progress_page(lurah(of), slug(of), lokus.area)

    assert {line.code: line.at for line in page.left} == days
    assert [line.last for line in page.cadres] == [date(2024, 2, 5)]
    assert {line.code: line.at for block in own_page(cadre(of)).blocks for line in block.families} == days
    assert [line.day for line in record_page(cadre(of)).days] == sorted(days.values())
    # Which visit is the last still goes by when they came.
    visit(of, at_night, "pindah")
    Visit.objects.filter(outcome="pindah").update(at=datetime(2024, 2, 6, tzinfo=UTC), on=date(2024, 2, 3))
    assert [line.code for line in progress_page(lurah(of), slug(of), lokus.area).left] == [sent_late.code]


@pytest.mark.parametrize("read", [own_page, record_page])
def test_there_is_no_such_page_for_who_is_no_cadre_now(read: Callable[[User], object]) -> None:
    of = open_field()
    ended = cadre(of)
    ended.memberships.update(ends=timezone.now() - timedelta(days=1))
    for user in (lurah(of), build.user(), User.objects.get(pk=ended.pk)):
        with pytest.raises(Missing):
            read(user)
    with pytest.raises(Missing):
        own_page(cadre(open_other(of)), "36.73.01.1001")


def open_other(of: Field) -> Field:
    """The same year with another cadre."""
    return Field(of.programme, of.form, of.practice, phone_of(of.programme, "RW04"))


def test_the_page_of_phones_counts_what_came_from_each_and_who_has_none() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    build.member(Role.CADRE, f"{of.programme.lokus.place.code}.RW04", cycle=of.programme.cycle)
    visit(of, family, "bertemu")
    visit(of, build.household(of.programme.lokus, rw="04"), "bertemu")

    page = phones_page(lurah(of), slug(of))

    assert [(holder.role, holder.where, len(holder.phones), holder.has_open) for holder in page.holders] == [
        ("Kader", "Kelurahan Gedong Dalem, RW 03", 1, True),
        ("Kader", "Kelurahan Gedong Dalem, RW 04", 0, False),
        ("Lurah/camat", "Kelurahan Gedong Dalem", 0, False),
    ]
    sent = page.holders[0].phones[0].sent
    assert (page.without, sent.arrived, sent.held, sent.waiting) == (1, 2, 1, 0)
    assert [(form.round.slug, form.practice, form.open_now) for form in page.forms] == [
        ("baseline", False, True),
        ("baseline", True, True),
    ]
    assert (page.stale, page.may_give, page.may_prepare) == (False, True, False)


def test_one_family_cadre_and_form_or_three_take_the_same_statements() -> None:
    of = open_field()
    lokus = of.programme.lokus
    visit(of, build.household(lokus, rw="03"), "bertemu")
    visit(of, build.household(lokus, rw="04"), "bertemu")
    reads: list[Callable[[], object]] = [
        lambda: progress_page(lurah(of), slug(of), lokus.area),
        lambda: own_page(cadre(of)),
        lambda: record_page(cadre(of)),
        lambda: phones_page(lurah(of), slug(of)),
    ]
    one = [statements(read) for read in reads]
    for rt in ("02", "03"):
        phone_of(of.programme, f"RW0{int(rt) + 3}")
        visit(of, build.household(lokus, rw="03", rt=rt), "tidak_di_rumah")
        visit(of, build.household(lokus, rw="04", rt=rt), "bertemu")
        build.household(lokus, rw="03", rt=rt)

    assert [statements(read) for read in reads] == one
