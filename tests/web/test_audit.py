"""/jejak/: who did what when, sealed or not yet, as far as one may read it; the head; the export."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions import audit, people
from selaras.actions.erasure import erase_household
from selaras.actions.households import reveal_names
from selaras.models import AuditEntry, Role, Seal, User
from selaras.queries.audit import PAGE_SIZE, Wanted, exported
from tests import build
from tests.build_programme import bring, families_file, family, programme
from tests.web.cast import inside, secretary

pytestmark = pytest.mark.django_db


def entry(action: str = "people.assign", place: str = "36.72", by: User | None = None, **details: object) -> AuditEntry:
    with transaction.atomic():
        return audit.record(
            by=by, action=action, object_type="user", object_id="x-1", place_code=place, **details
        )  # fmt: skip


def seen(client: Client, query: str = "") -> str:
    response = client.get(f"/jejak/{query}")
    assert response.status_code == 200
    return response.content.decode()


def shown(text: str) -> list[str]:
    """The actions on the page, in order."""
    return re.findall(r'<div class="what"><b>([^<]+)</b>', text)


def office() -> User:
    build.place("36.72")
    return build.member(Role.SECRETARIAT, "36.72")


def test_each_reads_of_her_area_and_those_without_one_read_nothing() -> None:
    secretary = office()
    build.place("36.73")
    for place in ("36.72", "36.72.05.1005", "36.73", "", "36.7"):
        entry(f"uji.{place or 'server'}", place)
    roles = (Role.ADMINISTRATOR, Role.PROVINCE)
    found = {role: shown(seen(inside(build.member(role, "36" if role == Role.PROVINCE else "")))) for role in roles}

    assert shown(seen(inside(secretary))) == ["uji.36.72.05.1005", "uji.36.72"]
    assert shown(seen(inside(build.member(Role.SECRETARIAT, "36.73")))) == ["uji.36.73"]
    assert found == {
        Role.PROVINCE: ["uji.36.7", "uji.36.73", "uji.36.72.05.1005", "uji.36.72"],
        Role.ADMINISTRATOR: ["uji.36.7", "uji.server", "uji.36.73", "uji.36.72.05.1005", "uji.36.72"],
    }
    for role in (Role.CADRE, Role.JUROR, Role.LEADER, Role.SUPERVISOR, Role.PROTECTION):
        client = inside(build.member(role, "36.72"))
        assert [client.get("/jejak/").status_code, client.post("/jejak/unduh/").status_code] == [403, 403]


def test_an_entry_says_who_what_whom_where_and_whether_it_is_sealed() -> None:
    secretary = office()
    ani = build.user("ani")
    people.assign(by=secretary, user=ani, role=Role.CADRE, place_code="36.72.05.1005.RW03")
    people.assign(by=CONSOLE, user=ani, role=Role.LEADER, place_code="36.72")
    assert seen(inside(secretary)).count("belum disegel") == 3
    audit.seal_pending()
    text = seen(inside(secretary))

    assert (text.count("segel 1</span>"), text.count("belum disegel")) == (2, 0)
    assert re.findall(r'</b>: <a href="\?objek=user:[\w-]+">([^<]+)</a>', text) == ["pengguna Uji Coba"] * 2
    assert re.findall(r"<small>((?:konsol|Uji)[^<]+)</small>", text) == [
        "konsol server · Kota Cilegon",
        "Uji secretariat · 36.72.05.1005, RW 03",
    ]
    assert re.findall(r"<span>(peran: [^<]+)</span>", text) == ["peran: Pimpinan", "peran: Kader"]


def test_the_head_is_the_one_that_verify_prints() -> None:
    secretary = office()
    assert "Belum ada segel" in seen(inside(secretary))
    entry()
    audit.seal_pending()
    printed = re.findall(r'class="chain">([0-9a-f ]+)<', seen(inside(secretary)))

    assert printed == [audit.head_to_print(audit.verify().head)]
    assert re.fullmatch(r"([0-9a-f]{4} ){7}[0-9a-f]{4}", printed[0])
    assert audit.verify(head=printed[0]).printed == Seal.objects.get().number


def test_one_filters_by_action_topic_person_thing_and_day() -> None:
    secretary = office()
    ani = User.objects.create_user("ani", full_name="Ani Lestari")
    first, second = entry("people.assign", by=ani), entry("people.end_task", by=secretary)
    third = entry("imports.confirm")
    AuditEntry.objects.filter(pk=third.pk).update(object_type="import", object_id="3f2a-1")
    # The day is the reader's: half past midnight in Jakarta is the day before in UTC.
    AuditEntry.objects.filter(pk=first.pk).update(at=datetime(2024, 4, 24, 17, 30, tzinfo=UTC))
    client = inside(secretary)
    found = {
        query: shown(seen(client, query))
        for query in (
            "?tindakan=people.assign",
            "?tindakan=people.",
            "?oleh=lestari+ani",
            "?objek=import",
            "?objek=import:3f2a-1",
            "?objek=3f2a-1",
            "?objek=user:3f2a-1",
            "?hari=2024-04-25",
            "?hari=2024-04-24",
            "?hari=kemarin",
            "?tindakan=people.&hari=2024-04-25&oleh=ani",
        )
    }
    assign, end, confirm = "Memberi tugas", "Mengakhiri tugas", "Menyetujui impor"
    assert second.pk > first.pk
    assert list(found.values()) == [
        [assign],
        [end, assign],
        [assign],
        [confirm],
        [confirm],
        [confirm],
        [],
        [assign],
        [],
        [confirm, end, assign],
        [assign],
    ]


@pytest.mark.parametrize(
    "query",
    ["?sebelum=x", "?sebelum=-1", f"?sebelum={'9' * 40}", "?hari=0001-01-01", "?objek=%00&oleh=%00", "?oleh=%25"],
)
def test_a_strange_address_is_answered_calmly(query: str) -> None:
    assert inside(office()).get(f"/jejak/{query}").status_code == 200


def test_older_ones_are_a_step_away_and_none_is_missed_or_shown_twice() -> None:
    secretary = office()
    every = [entry("uji", n=n).pk for n in range(2 * PAGE_SIZE + 3)]
    client, query, pages = inside(secretary), "?tindakan=uji", []
    while query:
        text = seen(client, query)
        pages.append([int(n) for n in re.findall(r"<span>n: (\d+)</span>", text)])
        entry("uji", n=999)
        link = re.findall(r'href="(\?[^"]*sebelum=\d+)"', text)
        query = link[0].replace("&amp;", "&") if link else ""

    assert [len(page) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 3]
    assert [n for page in pages for n in page] == list(range(len(every)))[::-1]


def test_the_page_costs_the_same_for_one_entry_and_three_and_skips_nothing_by_counting() -> None:
    secretary = office()
    client = inside(secretary)
    counts = []
    for _ in range(3):
        ani = build.member(Role.CADRE, "36.72.05.1005.RW03")
        people.end_task(by=secretary, membership=ani.memberships.get())
        with CaptureQueriesContext(connection) as captured:
            seen(client, "?sebelum=999999")
        counts.append(len(captured))

    assert counts[0] == counts[1] == counts[2]
    assert [query for query in captured if "OFFSET" in query["sql"].upper()] == []


def test_the_export_holds_what_the_page_shows_and_is_written_down() -> None:
    secretary = office()
    entry("people.assign", by=secretary, role="=1+1")
    entry("people.end_task", "36.73")
    audit.seal_pending()
    User.objects.filter(pk=secretary.pk).update(full_name="=CMD()")
    response = inside(secretary).post("/jejak/unduh/", {"tindakan": "people.assign", "hari": ""})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))

    assert (response.headers["Content-Type"], response.headers["Content-Disposition"]) == (
        "text/csv; charset=utf-8",
        f'attachment; filename="jejak-{timezone.localdate()}.csv"',
    )
    assert [row[1:8] for row in rows[1:]] == [
        ["'=CMD()", "people.assign", "user", "x-1", "36.72", '{"role": "=1+1"}', "1"]
    ]
    assert rows[1][9] == AuditEntry.objects.get(action="people.assign").digest
    assert (rows[0][10], rows[1][10]) == ("informasi publik", "dikecualikan (UU 14/2008 Pasal 17 huruf h)")
    written = AuditEntry.objects.latest("id")
    assert (written.action, written.actor, written.place_code, written.details) == (
        "audit.export",
        secretary,
        "36.72",
        {"rows": 1, "wanted": "people.assign", "day": ""},
    )
    assert shown(seen(inside(secretary)))[0] == "Mengunduh jejak audit"


def test_an_export_reads_on_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selaras.queries.audit.CHUNK", 2)
    monkeypatch.setattr("selaras.queries.audit.MOST", 6)
    secretary = office()
    every = [entry("uji").pk for _ in range(5)]

    assert [line.id for line in exported(secretary, Wanted(action="uji"))] == every[::-1]
    every += [entry("uji").pk for _ in range(5)]
    assert [line.id for line in exported(secretary, Wanted(action="uji"))] == every[::-1][:6]


@pytest.mark.django_db(transaction=True)
def test_no_value_of_a_family_stands_on_the_page_or_in_the_export() -> None:
    """Brought in, shown by name, erased: the three that handle names."""
    of = programme()
    bring(of, families_file([family("GD-001", 4, "leher_angsa", 2000, name="Zubaidah Kalpataru", rw="01")]))
    office = secretary(of)
    household = of.lokus.households.get()
    reveal_names(by=office, cycle_slug=of.cycle.slug, code=of.lokus.area, households=["GD-001"], page="/uji/")
    erase_household(by=office, household=household, reason="permintaan")
    client = inside(office)
    text = seen(client) + client.post("/jejak/unduh/").content.decode()

    assert {"Melihat nama keluarga", "Menghapus data keluarga"} <= set(shown(text))
    assert [word for word in ("Zubaidah", "Kalpataru") if word in text] == []


def test_an_entry_of_a_day_is_found_by_its_last_second() -> None:
    secretary = office()
    made = entry()
    AuditEntry.objects.filter(pk=made.pk).update(at=datetime(2024, 4, 25, 17, 0, tzinfo=UTC) - timedelta(seconds=1))

    assert shown(seen(inside(secretary), "?hari=2024-04-25")) == ["Memberi tugas"]
    assert shown(seen(inside(secretary), "?hari=2024-04-26")) == []
