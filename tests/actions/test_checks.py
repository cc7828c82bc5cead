"""Filled forms looked at again: what breaks the survey's rules, signals that explain themselves, and for whom."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from selaras.access import CONSOLE, checks_for
from selaras.actions import checks, scoring
from selaras.actions.checks import look_again
from selaras.actions.erasure import erase_household
from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.actions.field.taking import take_in
from selaras.actions.jobs import work_off
from selaras.errors import Forbidden, Missing
from selaras.models import AuditEntry, Check, CurrentAnswers, Household, Role, Submission, User
from selaras.queries.checks import checks_of, checks_page
from selaras.web.checks import why
from tests import build
from tests.build_field import Field, filled, open_field
from tests.build_programme import Programme, bring, families_file, family, programme
from tests.sample_workbook import rows, sample

pytestmark = pytest.mark.django_db

Found = set[tuple[str, str, int, str]]


def workbook() -> bytes:
    """The sample with nine questions of one list of three, a place, and a question of health with a rule."""
    survey, choices = rows("survey"), rows("choices")
    survey += [["select_one sikap", f"sikap{number}", f"Sikap {number}"] for number in range(9)]
    survey += [["geopoint", "titik", "Titik rumah"], ["start", "mulai", ""], ["end", "selesai", ""]]
    survey.append(["integer", "batuk", "Berapa minggu batuk?", "", ". < 60"])
    choices += [["sikap", name, name.title()] for name in ("setuju", "ragu", "tolak")]
    return sample(survey=survey, choices=choices, privacy=[*rows("privacy"), ["batuk", "kesehatan", "TBC"]])


def sent(
    of: Programme,
    answers: Mapping[str, Any],
    private: Mapping[str, Any] | None = None,
    *,
    mode: str = "phone",
    by: User | None = None,
) -> Submission:
    """A form of a new family that counts, as `take_in` leaves it; not looked at yet."""
    household = build.household(of.lokus)
    form = Submission(household=household, round=of.round, version=of.version, mode=mode, by=by, answers=dict(answers))
    form.seal_private(dict(private or {}))
    form.save()
    CurrentAnswers.objects.create(
        household=household, round=of.round, lokus=of.lokus, submission=form, answers=form.answers
    )
    return form


def looked(of: Programme, *forms: Submission) -> Found:
    """What is found of those forms, in short."""
    look_again(of.round, [form.pk for form in forms])
    found = Check.objects.filter(submission__in=forms).order_by("pk")
    return {(row.kind, row.field, row.row, json.dumps(row.facts, sort_keys=True)) for row in found}


def keeper(of: Programme) -> User:
    return build.member(Role.SUPERVISOR, of.lokus.place.code, cycle=of.cycle)


# --- the survey's own rules -------------------------------------------------------------------------------------------
def test_an_answer_outside_its_constraint_and_one_that_was_not_asked_are_told_with_question_and_member() -> None:
    of = programme()
    form = sent(
        of,
        {
            "jumlah": 52,
            "jamban": "leher_angsa",
            "member": [{"umur": 40}, {"umur": 5, "sekolah": "ya"}, {"umur": -3}],
        },
    )

    assert looked(of, form) == {
        ("constraint", "jumlah", 0, "{}"),
        ("not_asked", "sekolah", 2, "{}"),
        ("constraint", "umur", 3, "{}"),
    }


def test_a_form_in_order_and_a_blank_one_have_nothing_to_look_at() -> None:
    of = programme()
    good = sent(of, {"jumlah": 4, "iuran": "2000", "member": [{"umur": 9, "sekolah": "ya"}, {}]})
    blank = sent(of, {})

    assert looked(of, good, blank) == set()


@pytest.mark.parametrize("mode", ["import", "demo"])
def test_what_came_by_import_was_checked_on_its_way_in(mode: str) -> None:
    of = programme()
    assert looked(of, sent(of, {"jumlah": 52}, mode=mode)) == set()


def test_the_scoring_job_looks_at_what_a_phone_sent_and_a_correction_takes_the_signal_away() -> None:
    field: Field = open_field()
    of = field.programme
    household = build.household(of.lokus, rw="03")
    first = filled(field.form, household, {"jumlah": "52"}, instance="uuid:1")
    receive(sender=Sender.of(field.phone.phone), parcel=Parcel(first))
    take_in()
    assert Check.objects.count() == 0
    work_off()
    assert [(row.kind, row.field) for row in checks_for(keeper(of))] == [("constraint", "jumlah")]
    household.refresh_from_db()
    second = filled(field.form, household, {"jumlah": "5"}, instance="uuid:2", deprecated="uuid:1")
    receive(sender=Sender.of(field.phone.phone), parcel=Parcel(second))
    take_in()
    work_off()

    assert list(checks_for(keeper(of))) == []


def test_a_fault_in_looking_never_holds_up_a_score(monkeypatch: pytest.MonkeyPatch) -> None:
    of = programme()
    sent(of, {"jumlah": 4, "jamban": "leher_angsa"})

    def broken(*_args: object) -> int:
        raise RuntimeError("uji")

    monkeypatch.setattr(scoring, "look_again", broken)
    scoring.request_scoring(by=None, round_id=of.round.pk)
    work_off()
    assert CurrentAnswers.objects.filter(dirty=True).count() == 0


# --- signals ----------------------------------------------------------------------------------------------------------
def alike(choice: str = "setuju", but: str = "") -> dict[str, Any]:
    found = {f"sikap{number}": choice for number in range(9)}
    return {**found, "sikap4": but or choice}


def test_nine_questions_of_a_list_answered_alike_are_told_and_with_one_that_differs_not() -> None:
    of = programme(workbook())

    assert looked(of, sent(of, alike())) == {("straight", "sikap0", 0, '{"questions": 9}')}
    assert looked(of, sent(of, alike(but="ragu"))) == set()
    seven = {name: value for name, value in alike().items() if name not in {"sikap0", "sikap1"}}
    assert looked(of, sent(of, seven)) == set()


def timed(seconds: int) -> dict[str, Any]:
    begun = timezone.now()
    members = [{"umur": 30 + number, "sekolah": "ya"} for number in range(10)]
    return {
        "jumlah": 4,
        "member": members,
        "mulai": begun.isoformat(),
        "selesai": (begun + timedelta(seconds=seconds)).isoformat(),
    }


@pytest.mark.parametrize(
    ("mode", "seconds", "told"),
    [
        ("phone", 41, True),
        ("web", 41, True),
        ("phone", 42, False),
        ("phone", 900, False),
        # A phone whose clock was set back says nothing.
        ("phone", -30, False),
        ("group", 10, False),
        ("keyed", 10, False),
    ],
)
def test_a_form_faster_than_two_seconds_an_answer_is_told_where_one_family_was_asked_at_a_time(
    mode: str, seconds: int, told: bool
) -> None:
    of = programme(workbook())
    found = looked(of, sent(of, timed(seconds), mode=mode))

    assert found == ({("fast", "", 0, json.dumps({"answers": 21, "seconds": seconds}))} if told else set())


def test_the_pace_of_a_form_without_such_questions_is_that_of_its_envelope() -> None:
    field = open_field()
    of = field.programme
    household = build.household(of.lokus, rw="03")
    members = "".join("<member><umur>30</umur><sekolah>ya</sekolah></member>" for _ in range(10))
    xml = filled(field.form, household, {"jumlah": "10"}, more=members)
    begun, done = "2024-03-01T08:00:00+07:00", "2024-03-01T08:00:20+07:00"
    times = f"<orx:meta><orx:timeStart>{begun}</orx:timeStart><orx:timeEnd>{done}</orx:timeEnd>".encode()
    receive(sender=Sender.of(field.phone.phone), parcel=Parcel(xml.replace(b"<orx:meta>", times)))
    take_in()
    work_off()

    assert [(row.kind, row.facts) for row in Check.objects.all()] == [("fast", {"seconds": 20, "answers": 21})]


def at(latitude: str, exact: str = "8") -> dict[str, Any]:
    return {"titik": f"{latitude} 106.0491 20 {exact}"}


def homes(of: Programme, ani: User, *, mode: str = "phone", exact: str = "8", count: int = 5) -> list[Submission]:
    """Homes of one sender within a few metres."""
    return [sent(of, {}, at(f"-6.01230{number}", exact), mode=mode, by=ani) for number in range(count)]


def test_five_homes_of_one_sender_at_one_spot_are_told_and_four_are_not() -> None:
    of = programme(workbook())
    ani = build.user()
    four = homes(of, ani, count=4)
    assert looked(of, *four) == set()
    sent(of, {}, at("-6.0123"), by=build.user())
    fifth = sent(of, {}, at("-6.0123"), by=ani)
    elsewhere = sent(of, {}, at("-6.0200"), by=ani)

    assert looked(of, fifth, elsewhere) == {("place", "", 0, '{"homes": 5}')}


@pytest.mark.parametrize(("mode", "exact"), [("group", "8"), ("keyed", "8"), ("web", "8"), ("phone", "120")])
def test_one_spot_says_nothing_of_a_group_of_paper_or_of_a_vague_point(mode: str, exact: str) -> None:
    of = programme(workbook())
    assert looked(of, *homes(of, build.user(), mode=mode, exact=exact)) == set()


def aged(*ages: int) -> dict[str, Any]:
    return {"member": [{"umur": age} for age in ages]}


def test_ages_that_end_in_0_and_5_are_told_once_for_a_sender() -> None:
    of = programme()
    ani = build.user()
    forms = [sent(of, aged(30, 35, 40, 45, 12), by=ani) for _ in range(6)]
    newest = max(forms, key=lambda form: (form.received_at, form.pk))

    assert looked(of, *forms) == {("heaped", "umur", 0, '{"numbers": 30, "round": 24}')}
    assert Check.objects.get().submission == newest
    assert looked(of, sent(of, aged(50, 55), by=ani)) == set()


def test_ages_as_they_are_and_money_are_not_heaped() -> None:
    of = programme()
    ages = [sent(of, aged(31, 34, 40, 47, 12), by=(ani := build.user())) for _ in range(1)]
    ages += [sent(of, aged(31, 34, 40, 47, 12), by=ani) for _ in range(6)]
    money = [sent(of, aged(500, 1000, 2500, 5000, 750), by=(budi := build.user()))]
    money += [sent(of, aged(500, 1000, 2500, 5000, 750), by=budi) for _ in range(6)]
    found = looked(of, *ages, *money)

    assert {each for each in found if each[0] == "heaped"} == set()


def test_millions_of_rupiah_are_as_round_as_rupiah() -> None:
    asked = [["integer", "panen", "Panen (juta rupiah)"], ["integer", "sawah", "Petak"]]
    of, ani = programme(sample(survey=[*rows("survey"), *asked])), build.user()
    forms = [sent(of, {"panen": n, "sawah": n}, by=ani) for n in [10, 20, 35, 50] * 8]

    assert {each[:2] for each in looked(of, *forms) if each[0] == "heaped"} == {("heaped", "sawah")}


# --- for whom ---------------------------------------------------------------------------------------------------------
def test_a_signal_that_was_seen_stays_seen_when_the_form_is_counted_again() -> None:
    of = programme()
    form = sent(of, {"jumlah": 52})
    looked(of, form)
    lurah = keeper(of)
    check = Check.objects.get()
    place = {"cycle_slug": of.cycle.slug, "code": of.lokus.area}
    checks.settle(by=lurah, check_id=check.uuid, **place)
    looked(of, form)

    page = checks_page(lurah, of.cycle.slug, of.lokus.area)
    assert (page.count, [line.seen_by for line in page.seen]) == (0, [lurah.get_full_name()])
    entry = AuditEntry.objects.get(action="checks.settle")
    assert (entry.actor, entry.object_id, entry.details) == (
        lurah, str(form.household.uuid), {"kind": "constraint", "fields": ["jumlah"]},
    )  # fmt: skip
    checks.settle(by=lurah, check_id=check.uuid, open_again=True, **place)
    assert checks_page(lurah, of.cycle.slug, of.lokus.area).count == 1


def test_keepers_are_told_and_neither_the_cadre_nor_the_lurah_next_door() -> None:
    of = programme()
    form = sent(of, {"jumlah": 52})
    looked(of, form)
    check = Check.objects.get()
    place = {"cycle_slug": of.cycle.slug, "code": of.lokus.area}
    build.place("36.72.05.1001")
    secretary = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    ani = build.member(Role.CADRE, f"{of.lokus.place.code}.RW03", cycle=of.cycle)
    budi = build.member(Role.SUPERVISOR, "36.72.05.1001", cycle=of.cycle)

    assert [list(checks_for(user)) for user in (keeper(of), secretary, ani, budi)] == [[check], [check], [], []]
    assert checks_of(ani, of.cycle.slug, of.lokus.area, form.household.code) == ()
    with pytest.raises(Forbidden):
        checks.settle(by=ani, check_id=check.uuid, **place)
    with pytest.raises(Missing):
        checks.settle(by=budi, check_id=check.uuid, **place)


def test_a_signal_about_a_question_of_health_is_not_told_to_who_may_not_see_its_answer() -> None:
    of = programme(workbook())
    form = sent(of, {"jumlah": 52, "batuk": 70})
    assert {each[1] for each in looked(of, form)} == {"jumlah", "batuk"}
    lurah = keeper(of)
    page = checks_page(lurah, of.cycle.slug, of.lokus.area)

    assert ([line.question for line in page.open], page.count) == (["Berapa orang di rumah ini?"], 1)
    lines = checks_of(lurah, of.cycle.slug, of.lokus.area, form.household.code)
    assert [line.question for line in lines] == ["Berapa orang di rumah ini?"]


def test_each_kind_says_why_in_words_and_never_an_answer() -> None:
    of = programme(workbook())
    ani = build.user()
    spots = homes(of, ani)
    other = sent(of, {**timed(10), **alike(), "jumlah": 52, "iuran": "5"}, by=ani)
    heaps = [sent(of, aged(30, 35, 40, 45, 50), by=ani) for _ in range(7)]
    looked(of, *spots, other, *heaps)
    page = checks_page(keeper(of), of.cycle.slug, of.lokus.area)
    said = {line.kind: why(line) for line in page.open}

    assert set(said) == {"constraint", "fast", "straight", "place", "heaped"}
    assert said["place"].startswith("5 rumah dari pengirim yang sama tercatat di titik yang sama")
    assert said["fast"].startswith("31 jawaban dalam 10 detik.")
    assert said["straight"].startswith("9 pertanyaan dengan pilihan yang sama")
    assert [word for word in ("52", "setuju", "6.0123") if any(word in text for text in said.values())] == []


def test_an_erased_familys_signals_are_gone_with_its_forms() -> None:
    of = programme()
    form = sent(of, {"jumlah": 52})
    looked(of, form)
    erase_household(by=CONSOLE, household=Household.objects.get(pk=form.household_id), reason="permintaan")

    assert Check.objects.count() == 0


def test_an_import_still_names_the_cell_that_breaks_a_rule() -> None:
    of = programme()
    bring(of, families_file([family("GD-001", 4, "leher_angsa", 2000)]))
    assert Check.objects.count() == 0
