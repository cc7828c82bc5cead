"""What the room's rows say without its key; keys that are changed while people work, lost, or mistyped."""

import json
import os
import re
import socket
import stat
import subprocess
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.test import override_settings
from django.utils import timezone

from selaras.actions.backups.rows import kept_models, lines_of
from selaras.actions.upkeep import every_hour, forget_ended, say_alive
from selaras.cases import rotation, rows, tickets
from selaras.cases.health import examine
from selaras.cases.keys import ShutError
from selaras.cases.models import BLOCK, Entry, Holder, RoomKey, Ticket
from selaras.cases.tickets import Done, Reason, Step
from selaras.models import sealing
from selaras.settings import env_keys, env_number
from tests.cases.build import NUMBER, OPENER, PLACE, ticket
from tests.cases.people import eka, places

OLD = "1:cm9vbS1yb29tLXJvb20tcm9vbS1yb29tLXJvb20tdnc="
NEW = "2:bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0="
SOURCE = Path(__file__).resolve().parents[2] / "src" / "selaras"


def room_models() -> list[type[models.Model]]:
    return list(apps.get_app_config("cases").get_models())


def test_no_column_could_hold_a_name_a_story_or_a_photo() -> None:
    """What is not a column cannot be asked for, typed or leaked."""
    columns = {model.__name__: {field.name for field in model._meta.concrete_fields} for model in room_models()}

    assert columns == {
        "RoomKey": {"id", "purpose", "wrapped", "wrapped_by"},
        "Ticket": {"id", "code", "key", "sealed", "reported_on", "received_on", "passed_on", "followed_up_on"},
        "Break": {"id", "key", "sealed", "asked_on"},
        "Vouch": {"id", "about", "key", "sealed"},
        "Sum": {"month", "sealed"},
        "Entry": {"number", "day", "sealed", "previous", "digest"},
        "Holder": {"name", "newest", "seen_on"},
    }
    fields = [field for model in room_models() for field in model._meta.concrete_fields]
    assert [field for field in fields if isinstance(field, models.TextField | models.DateTimeField)] == []
    assert {field.max_length for field in fields if isinstance(field, models.CharField)} == {8, 12, 64}


def test_the_room_imports_access_people_places_and_cryptography_and_nobody_imports_it() -> None:
    allowed = ("access", "cases", "catalogue", "errors", "models.people", "models.places", "models")
    inside = {
        line
        for path in (SOURCE / "cases").rglob("*.py")
        for line in path.read_text().splitlines()
        if line.startswith("from selaras") and not line.startswith(tuple(f"from selaras.{each} " for each in allowed))
    }
    others = {
        f"{path.relative_to(SOURCE)}: {line}"
        for path in SOURCE.rglob("*.py")
        if "cases" not in path.parts
        for line in path.read_text().splitlines()
        if line.lstrip().startswith(("from selaras.cases", "import selaras.cases"))
    }

    assert {
        line for line in inside if not line.startswith(("from selaras.cases.", "from selaras.models.sealing"))
    } == set()
    of_models = {
        (path.name, name)
        for path in (SOURCE / "cases").rglob("*.py")
        for line in path.read_text().splitlines()
        if line.startswith("from selaras.models import ")
        for name in line.removeprefix("from selaras.models import ").split(", ")
    }
    # One line of the audit tells of the room: that the owner of the server said whose second step an officer's is.
    assert {each for each in of_models if each[1] != "sealing"} == {("vouching.py", "AuditEntry")}
    assert others == {"queries/protection.py: from selaras.cases import counts"}


@pytest.mark.django_db
def test_without_the_key_only_codes_and_days_can_be_seen() -> None:
    places()
    officer, now = eka(), timezone.now()
    code = tickets.hand_over(by=officer, place=PLACE, press=str(UUID(int=7)), now=now - timedelta(days=1))
    done = Done(Step.RECEIVE, at=now, simfoni=NUMBER, must_pass=True)
    opened = len(bytes(Ticket.objects.get().sealed))
    tickets.carry_on(by=officer, code=code, done=done, reason=Reason.HANDLE, now=now)
    tickets.read_ticket(by=officer, code=code, reason=Reason.ASKED, now=now)
    kept = Ticket.objects.get()
    everything = b"\n".join(line for model in kept_models() if model in room_models() for line in lines_of(model))
    said = json.loads(json.dumps(list(Ticket.objects.values()), default=str, cls=DjangoJSONEncoder))

    hidden = [
        PLACE,
        "36.72",
        NUMBER,
        str(officer.uuid),
        officer.username,
        '"receive"',
        "asked",
    ]
    plain = everything.decode()
    for name in ("sealed", "wrapped", "digest", "previous"):  # random letters hold anything
        plain = "".join(part.partition('"')[2] if i else part for i, part in enumerate(plain.split(f'"{name}":"')))
    assert [word for word in hidden if word in plain] == []
    assert re.findall(r"\d\d:\d\d", plain) == []  # no time of day
    assert code in plain
    today = timezone.localdate(now).isoformat()
    yesterday = timezone.localdate(now - timedelta(days=1)).isoformat()
    assert [said[0][name] for name in ("reported_on", "received_on", "passed_on")] == [yesterday, today, None]
    # Its length does not tell how far it is.
    assert len(bytes(kept.sealed)) == opened == BLOCK + 1 + 12 + 16
    assert {len(bytes(entry.sealed)) for entry in Entry.objects.all()} == {opened}
    for version, key in sealing.master_keys().items():
        with override_settings(SELARAS_CASES_KEY=""), pytest.raises(ShutError):
            kept.key.secret()
        with pytest.raises(sealing.CannotUnsealError):
            sealing.unseal(key, bytes(kept.key.wrapped), kept.key.context)
        with pytest.raises(sealing.CannotUnsealError):
            sealing.unwrap(bytes(kept.key.wrapped), version, kept.key.context)


@pytest.mark.django_db
def test_what_was_moved_or_changed_does_not_open_and_the_log_shows_it() -> None:
    one, other = ticket(), ticket(place="36.72.05.1001")
    Ticket.objects.filter(pk=one.pk).update(sealed=other.sealed)
    with pytest.raises(ShutError):
        rows.in_the_room(rows.unsealed)(Ticket.objects.select_related("key").get(pk=one.pk))
    for number in range(4):
        rows.in_the_room(rows.note)(who=OPENER, action="read", number=number)
    second = Entry.objects.get(number=2)
    assert rows.broken_links() == []

    Entry.objects.filter(number=2).update(day=second.day - timedelta(days=1))
    assert rows.broken_links() == [2]
    Entry.objects.filter(number=2).update(day=second.day)
    Entry.objects.filter(number=3).delete()
    assert rows.broken_links() == [4]
    assert ("rusak", "jejak ruang perlindungan putus") in levels()


def levels() -> list[tuple[str, str]]:
    return [(level, said) for level, said, _remedy in examine(timezone.now())]


@pytest.mark.django_db
def test_keys_are_changed_while_people_read_and_open_tickets(monkeypatch: pytest.MonkeyPatch) -> None:
    places()
    officer = eka()
    kept = [ticket() for _ in range(3)]
    rows.in_the_room(rows.note)(who=OPENER, action="hand_over")
    monkeypatch.setattr(rotation, "CHUNK", 2)

    def read(code: str) -> str:
        return tickets.read_ticket(by=officer, code=code, reason=Reason.HANDLE).facts.place

    with override_settings(SELARAS_CASES_KEY=f"{OLD},{NEW}"):
        assert rotation._rotate_chunk(2) == 2
        assert [read(each.code) for each in kept] == [PLACE] * 3
        young = tickets.hand_over(by=officer, place=PLACE, press=str(UUID(int=9)))
        call_command("rotate_cases_keys")
        assert read(young) == PLACE
    assert set(RoomKey.objects.values_list("wrapped_by", flat=True)) == {2}
    with override_settings(SELARAS_CASES_KEY=NEW):
        assert [read(each.code) for each in kept] == [PLACE] * 3
        assert [line.action for line in rows.in_the_room(lambda: list(rows.lines()))()][-1] == "hand_over"
        assert [level for level, _ in levels()] == ["baik", "baik"]
    with override_settings(SELARAS_CASES_KEY=OLD), pytest.raises(SystemExit):
        call_command("rotate_cases_keys")


@pytest.mark.django_db
def test_keys_are_not_changed_under_a_process_that_was_not_started_again(capsys: pytest.CaptureFixture[str]) -> None:
    """Its people would be shut out in the middle of a hand-over; and what it then tried to write is lost for nobody."""
    places()
    officer, now = eka(), timezone.now()
    worker, web = (f"{socket.gethostname()[:40]}:{role}:{os.getpid()}" for role in ("worker", "web"))
    rows.in_the_room(rows.note)(who=OPENER, action="read")
    with override_settings(SELARAS_CASES_KEY=OLD):
        every_hour(now=now)
        say_alive("web", now=now)
    with override_settings(SELARAS_CASES_KEY=f"{OLD},{NEW}"):
        assert refused(capsys) == f"{web}, {worker}"
        # The worker alone was started again: pages still have the old one.
        every_hour(now=now)
        assert refused(capsys) == web
        assert set(RoomKey.objects.values_list("wrapped_by", flat=True)) == {1}
        call_command("rotate_cases_keys", "--despite")
    with override_settings(SELARAS_CASES_KEY=OLD), pytest.raises(ShutError):
        tickets.hand_over(by=officer, place=PLACE, press=str(UUID(int=9)))
    assert set(RoomKey.objects.values_list("wrapped_by", "purpose")) == {(2, "log")}


def refused(capsys: pytest.CaptureFixture[str]) -> str:
    """Whom it names."""
    capsys.readouterr()
    with pytest.raises(SystemExit):
        call_command("rotate_cases_keys")
    return capsys.readouterr().out.removeprefix("Belum ada yang diubah: ").partition(" masih memakai")[0]


@pytest.mark.django_db
def test_a_process_that_ended_or_is_silent_for_long_holds_no_change_of_keys_up() -> None:
    today, here = timezone.localdate(), socket.gethostname()[:40]
    ended = subprocess.Popen(["true"])
    ended.wait()
    said = {f"{here}:web:{ended.pid}": 0, "lain:web:1": 1, "lain:worker:2": 2, f"{here}:web:{os.getppid()}": 0}
    for name, days in said.items():
        Holder.objects.create(name=name, newest=1, seen_on=today - timedelta(days=days))
    with override_settings(SELARAS_CASES_KEY=f"{OLD},{NEW}"):
        with pytest.raises(rotation.BehindError) as behind:
            rotation.rotate()
        say_alive("worker")

    left = (f"{here}:web:{os.getppid()}", f"{here}:worker:{os.getpid()}", "lain:web:1")
    assert set(behind.value.names) == set(said) - {"lain:worker:2"}
    assert set(Holder.objects.values_list("name", flat=True)) == set(left)
    Holder.objects.create(name=f"{here}:web:{ended.pid}", newest=1, seen_on=today)
    forget_ended()
    assert set(Holder.objects.values_list("name", flat=True)) == set(left)


@pytest.mark.django_db
def test_after_a_key_was_lost_the_room_is_shut_until_it_begins_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places()
    officer, lost = eka(), ticket()
    rows.in_the_room(rows.note)(who=OPENER, action="hand_over")
    copy = tmp_path / "lost.json"
    anew = ("rotate_cases_keys", "--begin-anew", str(copy), "--yes")
    with override_settings(SELARAS_CASES_KEY="1" + NEW[1:]), pytest.raises(SystemExit):
        call_command(*anew)  # a slip of the pen
    with override_settings(SELARAS_CASES_KEY=NEW):
        for press in range(2):
            with pytest.raises(ShutError):
                tickets.hand_over(by=officer, place=PLACE, press=str(UUID(int=press)))
        assert levels()[0][0] == "rusak"
        with pytest.raises(SystemExit):
            call_command("rotate_cases_keys", "--begin-anew", str(tmp_path / "none" / "lost.json"), "--yes")
        assert (copy.exists(), Ticket.objects.get()) == (False, lost)
        call_command(*anew)
        with pytest.raises(SystemExit):
            call_command(*anew)  # never over an older copy
        code = tickets.hand_over(by=officer, place=PLACE, press=str(UUID(int=1)))

        assert list(Ticket.objects.values_list("code", flat=True)) == [code]
        assert (lost.code == code, rows.broken_links(), Entry.objects.count()) == (False, [], 3)
        assert [level for level, _ in levels()] == ["baik", "baik"]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    capsys.readouterr()
    call_command("loaddata", str(copy))
    found = Ticket.objects.select_related("key").get(code=lost.code)
    assert rows.unsealed(found).place == PLACE


@pytest.mark.parametrize(
    "value", ["x", "1:", "1:YQ==", "0:" + NEW[2:], "a:" + NEW[2:], f"{NEW},{NEW}", f"{NEW},", NEW[2:]]
)
def test_a_key_that_makes_no_sense_stops_the_start_without_being_printed(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("SELARAS_CASES_KEY", value)
    with pytest.raises(ImproperlyConfigured) as raised:
        env_keys("SELARAS_CASES_KEY", apart_from=OLD)
    assert NEW[2:] not in str(raised.value)


def test_the_rooms_key_is_its_own_and_its_term_within_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELARAS_CASES_KEY", "2:" + OLD[2:])
    with pytest.raises(ImproperlyConfigured, match="kunci yang sama"):
        env_keys("SELARAS_CASES_KEY", apart_from=OLD)
    monkeypatch.setenv("SELARAS_CASES_KEY", f"{OLD},{NEW}")
    assert env_keys("SELARAS_CASES_KEY", apart_from="1:AAAA") == f"{OLD},{NEW}"
    monkeypatch.delenv("SELARAS_CASES_KEY")
    assert env_keys("SELARAS_CASES_KEY", apart_from=OLD) == ""
    for value in ("90", "x", "-1", "9999"):
        monkeypatch.setenv("SELARAS_CASES_KEEP_DAYS", value)
        with pytest.raises(ImproperlyConfigured):
            env_number("SELARAS_CASES_KEEP_DAYS", 730, least=180, most=1825)
