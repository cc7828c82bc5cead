"""/tindak-lanjut/ and /bertahan/: a lokus is looked at again by somebody, and what has lasted is counted."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from selaras.access import CONSOLE
from selaras.actions.cycles import close_cycle
from selaras.actions.followups import refuse_ahead, report_follow_up, set_follow_up
from selaras.actions.handover import hand_over_all
from selaras.errors import Forbidden, InputError
from selaras.models import Agency, AuditEntry, FollowUp, Membership, Role, User
from selaras.queries.dossiers import lacks_of
from selaras.queries.feeds import feed
from selaras.queries.followups import followups_page
from selaras.queries.lasting import Lasted, lasting_page
from selaras.queries.links import feed_of, hash_of
from tests import build
from tests.build_asks import YEAR, asking, link
from tests.build_change import answered, count_all, endline, moved, score
from tests.build_programme import Programme, programme
from tests.queries.test_change import coughing, secretariat
from tests.web.cast import inside

pytestmark = pytest.mark.django_db


def text_of(response: object) -> str:
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))  # type: ignore[attr-defined]


def lurah(of: Programme) -> User:
    return build.member(Role.SUPERVISOR, of.lokus.place.code, cycle=of.cycle)


def taken_on(of: Programme, by: User, owner: User | None, kind: str = "t6", seen: int = 0) -> FollowUp:
    where = {"cycle_slug": of.cycle.slug, "code": of.lokus.area, "kind": kind}
    return set_follow_up(by=by, **where, owner=owner and owner.uuid, due=date(2025, 5, 30), seen=seen)


def test_both_are_there_before_anybody_has_said_a_word_with_days_from_the_years_last_asking() -> None:
    of = programme()
    endline(of)
    page = followups_page(secretariat(of), of.cycle.slug)

    assert [(line.kind, line.due, line.standing, line.owner, line.version) for line in page.lines] == [
        ("t6", date(2025, 3, 28), "late", None, 0),
        ("t12", date(2025, 9, 28), "late", None, 0),
    ]
    assert page.earlier == ()


def test_a_round_gives_the_day_and_says_how_many_families_were_asked_again() -> None:
    of = programme()
    later = endline(of, "t6")
    moved(of, later, "jamban", {"yy": 7, "y-": 2})
    line = followups_page(secretariat(of), of.cycle.slug).lines[0]

    assert (line.due, line.opens, line.measured, line.label) == (later.closes, later.opens, 7, "6 bulan sesudahnya")


def test_the_year_names_an_owner_she_writes_what_she_found_and_it_can_be_opened_again() -> None:
    of = programme()
    user, owner = secretariat(of), lurah(of)
    client, address = inside(user), f"/tahun/{of.cycle.slug}/tindak-lanjut/"
    said = {"lokus": of.lokus.area, "jenis": "t6"}
    first = client.post(
        address, {**said, "kerja": "simpan", "penanggung": str(owner.uuid), "batas": "2025-05-30", "seen": "0"}
    )
    hers = inside(owner).post(address, {**said, "kerja": "catat", "temuan": "Jamban masih dipakai", "seen": "1"})
    row = FollowUp.objects.get()

    assert (first.status_code, hers.status_code) == (302, 302)
    assert (row.owner, row.due, row.found, row.dropped, row.done_by) == (
        owner, date(2025, 5, 30), "Jamban masih dipakai", False, owner,
    )  # fmt: skip
    page = text_of(client.get(address))
    assert "Jamban masih dipakai" in page
    client.post(address, {**said, "kerja": "buka", "seen": "2"})
    row.refresh_from_db()
    assert (row.done_at, row.found, row.version) == (None, "Jamban masih dipakai", 3)
    entries = AuditEntry.objects.filter(action__startswith="followups.").order_by("pk")
    assert [entry.action for entry in entries] == ["followups.set", "followups.report", "followups.reopen"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"penanggung": "00000000-0000-4000-8000-000000000000"}, "tidak bertugas di lokus ini"),
        ({"penanggung": "ani"}, "tidak bertugas di lokus ini"),
        ({"batas": ""}, "belum diisi atau terlalu jauh"),
        ({"batas": "2099-01-01"}, "belum diisi atau terlalu jauh"),
        ({"jenis": "baseline"}, "tindak lanjut itu tidak dikenal"),
        ({"seen": "4"}, "sudah diubah orang lain"),
        ({"kerja": "catat", "temuan": " "}, "belum ditulis apa yang terlihat"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(change: dict[str, str], told: str) -> None:
    of = programme()
    said = {"lokus": of.lokus.area, "jenis": "t6", "kerja": "simpan", "batas": "2025-05-30", "seen": "0", **change}
    answer = inside(secretariat(of)).post(f"/tahun/{of.cycle.slug}/tindak-lanjut/", said)

    assert (answer.status_code, FollowUp.objects.count()) == (422, 0)
    assert told in text_of(answer)


def test_who_only_reads_them_changes_nothing_and_a_stranger_finds_no_year() -> None:
    of = programme()
    leader, juror, stranger = (
        build.member(role, area)
        for role, area in ((Role.LEADER, "36.72"), (Role.JUROR, "36.72"), (Role.SECRETARIAT, "32.73"))
    )
    address = f"/tahun/{of.cycle.slug}/tindak-lanjut/"
    page = inside(leader).get(address)

    assert (page.status_code, b'<form method="post" class' in page.content) == (200, False)
    with pytest.raises(Forbidden):
        taken_on(of, juror, None)
    row = taken_on(of, secretariat(of), None)
    with pytest.raises(Forbidden):
        report_follow_up(
            by=juror, cycle_slug=of.cycle.slug, code=of.lokus.area, kind="t6", found="baik", seen=row.version
        )
    there = [address, f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/bertahan/"]
    assert [inside(stranger).get(one).status_code for one in there] == [404, 404]


def test_the_jury_and_the_province_read_no_follow_up_and_are_offered_none() -> None:
    of = programme()
    endline(of)
    user = secretariat(of)
    row = taken_on(of, user, user)
    FollowUp.objects.update(found="Bu Wiwin pindah", done_at=timezone.now(), version=row.version + 1)
    year, lokus = f"/tahun/{of.cycle.slug}/", f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/"
    found = {}
    for role, area in ((Role.LEADER, "36.72"), (Role.LEADER, "36"), (Role.JUROR, "36.72"), (Role.PROVINCE, "36")):
        client = inside(build.member(role, area))
        lasting = client.get(f"{lokus}bertahan/")
        told = "Bu Wiwin pindah" in text_of(lasting), "belum ada penanggung jawab" in text_of(lasting)
        links = [f'"{year}{one}/"' in client.get(year).content.decode() for one in ("tindak-lanjut", "strategi")]
        opened = [client.get(f"{year}{one}/").status_code for one in ("tindak-lanjut", "strategi")]
        found[role, area] = (lasting.status_code, *told, *links, *opened)

    kept = (200, False, False, False, False, 403, 403)
    assert found == {
        (Role.LEADER, "36.72"): (200, True, True, True, True, 200, 200),
        (Role.LEADER, "36"): kept,
        (Role.JUROR, "36.72"): kept,
        (Role.PROVINCE, "36"): kept,
    }


def test_a_year_with_a_follow_up_ahead_is_not_closed_and_one_that_was_done_or_dropped_lets_it_close() -> None:
    of = programme()
    user = secretariat(of)
    row = taken_on(of, user, lurah(of))
    with pytest.raises(InputError) as caught:
        close_cycle(by=user, cycle=of.cycle)

    assert [problem.code for problem in caught.value.problems] == ["followup.ahead"]
    assert Membership.objects.filter(cycle=of.cycle, ends__isnull=False).count() == 0
    report_follow_up(
        by=user, cycle_slug=of.cycle.slug, code=of.lokus.area, kind="t6", found="anggaran tidak ada", dropped=True,
        seen=row.version,
    )  # fmt: skip
    close_cycle(by=user, cycle=of.cycle)
    of.cycle.refresh_from_db()
    assert of.cycle.closed_at is not None


def test_one_of_an_earlier_year_stays_in_sight_of_the_next_until_it_is_done() -> None:
    of = programme()
    user = secretariat(of)
    following, later = build.cycle(year=2025), build.cycle(year=2026)
    # Nobody has said a word about them: they are nobody's, not gone. A year later they are history.
    nobodys = [followups_page(user, cycle.slug).earlier for cycle in (following, later)]
    assert [[(line.cycle.year, line.kind, line.version) for line in lines] for lines in nobodys] == [
        [(2024, "t6", 0), (2024, "t12", 0)], [],
    ]  # fmt: skip
    row = taken_on(of, user, lurah(of))
    pages = [followups_page(user, cycle.slug).earlier for cycle in (following, later)]

    assert [[(line.cycle.year, line.kind) for line in lines] for lines in pages] == [[(2024, "t6"), (2024, "t12")]] * 2
    answer = inside(user).post(
        f"/tahun/{following.slug}/tindak-lanjut/",
        {
            "tahun": of.cycle.slug,
            "lokus": of.lokus.area,
            "jenis": "t6",
            "kerja": "catat",
            "temuan": "Utuh",
            "seen": "1",
        },
    )
    row.refresh_from_db()
    assert (answer.status_code, row.found) == (302, "Utuh")
    assert [line.kind for line in followups_page(user, following.slug).earlier] == ["t12"]


def test_who_takes_over_her_tasks_takes_over_her_follow_ups() -> None:
    of = programme()
    user, owner = secretariat(of), lurah(of)
    taken_on(of, user, owner)
    successor = build.member(Role.CADRE, of.lokus.place.code + ".RW01", cycle=of.cycle)
    listed = [row.pk for row in owner.memberships.all()]
    hand_over_all(by=user, cycle_slug=of.cycle.slug, person=owner.uuid, to=successor.uuid, listed=listed)

    assert FollowUp.objects.get().owner == successor


def test_an_agencys_calendar_holds_it_without_anybodys_name_until_it_is_done() -> None:
    of = asking()
    owner = build.member(Role.SUPERVISOR, of.lokus.place.code, cycle=of.cycle)
    where = {"cycle_slug": of.slug, "code": of.lokus.area, "kind": "t6"}
    row = set_follow_up(by=of.secretary, **where, owner=owner.uuid, due=date(YEAR + 1, 5, 30))
    secret = feed_of(link(of).token)
    found = feed(secret)
    report_follow_up(by=of.secretary, **where, found="Utuh", seen=row.version)
    after = feed(secret)

    assert found is not None
    assert after is not None
    assert [(event.summary, event.starts, event.place, event.text) for event in found.events] == [
        ("Tindak lanjut: 6 bulan sesudahnya", date(YEAR + 1, 5, 30), "Gedong Dalem", "")
    ]
    assert after.events == ()


def test_the_calendar_of_an_office_of_the_province_says_nothing_of_what_a_city_looks_at_again() -> None:
    of = asking()
    owner = build.member(Role.SUPERVISOR, of.lokus.place.code, cycle=of.cycle)
    where = {"cycle_slug": of.slug, "code": of.lokus.area, "kind": "t6"}
    set_follow_up(by=of.secretary, **where, owner=owner.uuid, due=date(YEAR + 1, 5, 30))
    secret = feed_of(link(of).token)
    assert len(feed(secret).events) == 1
    Agency.objects.filter(links__feed_hash=hash_of(secret)).update(place=build.place("36"))
    assert feed(secret).events == ()


# --- what has lasted -------------------------------------------------------------------------------------------------
def became(of: Programme, name: str, later: dict[str, int]) -> None:
    """Families that gained it by the endline, and their state half a year later; `-` was not asked again."""
    end, after = endline(of), endline(of, "t6")
    total = sum(later.values())
    pair = "yn" if name == "batuk" else "ny"
    households = moved(of, end, name, {pair: total})
    states = [state for state, count in later.items() for _ in range(count)]
    for household, state in zip(households, states, strict=True):
        if state != "-":
            answered(household, after, of.version)
            score(household, after, of.version, name, state)
    count_all(of, (after,))


def test_of_those_who_gained_it_so_many_still_have_it() -> None:
    of = programme()
    became(of, "jamban", {"y": 14, "n": 1, "m": 1, "-": 1})
    moved(of, of.cycle.rounds.get(kind="endline"), "jamban", {"yy": 5, "nn": 3})
    page = lasting_page(secretariat(of), of.cycle.slug, of.lokus.area)
    shown = text_of(inside(secretariat(of)).get(f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/bertahan/"))

    assert [(line.name, line.gained, line.later) for line in page.lines] == [("jamban", 17, (Lasted(14, 1, 2),))]
    assert "14 dari 15 perbaikan masih bertahan" in shown
    assert "6 bulan sesudahnya: 14 dari 17 masih, 1 tidak lagi, 2 tidak diketahui." in shown


def test_health_of_few_is_told_to_its_agency_alone() -> None:
    of = programme(coughing())
    became(of, "batuk", {"n": 8, "y": 2})
    dinkes = build.member(Role.LIAISON, agency=build.agency("Dinkes"))
    told = lasting_page(dinkes, of.cycle.slug, of.lokus.area).lines
    hidden = lasting_page(secretariat(of), of.cycle.slug, of.lokus.area).lines

    assert [(line.gained, line.later, line.hidden) for line in told] == [(10, (Lasted(8, 2, 0),), False)]
    assert [(line.gained, line.later, line.hidden) for line in hidden] == [(0, (), True)]


def test_where_nobody_was_asked_again_the_page_says_so_and_of_a_year_without_answers_too() -> None:
    of = programme()
    address = f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/bertahan/"
    empty = text_of(inside(secretariat(of)).get(address))
    moved(of, endline(of), "jamban", {"ny": 9})
    waiting = text_of(inside(secretariat(of)).get(address))

    assert "tidak diketahui apa yang membaik" in empty
    assert "Belum ada keluarga yang ditanya lagi sesudah tahunnya berakhir." in waiting


def test_a_follow_up_is_near_before_its_day_and_late_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    of = programme()
    user = secretariat(of)
    taken_on(of, user, lurah(of))
    seen = {}
    for day in (date(2025, 1, 1), date(2025, 5, 1), date(2025, 5, 30), date(2025, 5, 31)):
        now = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        lines = followups_page(user, of.cycle.slug).lines
        seen[day] = next(line.standing for line in lines if line.kind == "t6")

    assert list(seen.values()) == ["ahead", "near", "near", "late"]


def test_whoever_has_no_task_there_any_more_holds_none_and_is_named_as_who_had_it() -> None:
    of = programme()
    user, owner = secretariat(of), lurah(of)
    taken_on(of, user, owner)
    FollowUp.objects.update(due=timezone.localdate() + timedelta(days=200))

    def told() -> tuple[str, bool, str, int]:
        line = next(line for line in followups_page(user, of.cycle.slug).lines if line.kind == "t6")
        lacks = {lack.kind: lack.count for lack in lacks_of(CONSOLE, of.lokus)}
        return line.standing, line.owner is not None, line.former, lacks["followups"]

    before = told()
    with pytest.raises(InputError):
        refuse_ahead(of.cycle)
    owner.memberships.update(ends=timezone.now())
    # Nobody has taken it on now, so that it holds up no year.
    refuse_ahead(of.cycle)
    where = {"cycle_slug": of.cycle.slug, "code": of.lokus.area, "kind": "t6"}
    # She still reads of the lokus by another task, which is not one of looking after families.
    reads = build.member(Role.LEADER, "36.72", user=owner)
    with pytest.raises(Forbidden):
        report_follow_up(by=reads, **where, found="Utuh", seen=1)
    after = told()
    page = text_of(inside(user).get(f"/tahun/{of.cycle.slug}/tindak-lanjut/"))
    FollowUp.objects.update(found="Utuh", done_at=timezone.now())

    assert (before, after, told()) == (
        ("ahead", True, "", 1), ("nobody", False, owner.full_name, 2), ("done", True, "", 1),
    )  # fmt: skip
    assert f"Tadinya {owner.full_name}, yang tidak bertugas lagi di lokus ini." in page
