"""Whoever is erased stands in no word that an office has typed anywhere, on disk neither; her neighbour stays."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import models
from pytest_django import Settings

from selaras.access import CONSOLE
from selaras.actions import erasure
from selaras.actions.people import set_active
from selaras.actions.rights import answer_request, ask_about_data, know_asker, read_texts
from selaras.actions.rights_kept import KEPT, forget_answered
from selaras.errors import InputError
from selaras.models import (
    Attendance,
    AuditEntry,
    Breach,
    Cycle,
    DataKey,
    Erasure,
    Evidence,
    Household,
    KeyPurpose,
    Meeting,
    Place,
    Recap,
    RightsRequest,
    Role,
    StoredFile,
    Strategy,
    User,
)
from selaras.queries.rights import Named, desk_page, request_page
from selaras.queries.traces import GONE, TEXTS
from tests import build, leaks
from tests.actions.planting import Family, publish, upload

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


#: What else these must say to be stored at all.
ALSO: dict[type[models.Model], dict[str, object]] = {
    Evidence: {"kind": "link"},
    Recap: {"state": "lapsed", "place_code": "36.72"},
    Strategy: {"decided_on": NOW.date()},
}


class Rows:
    """One row of every table of words, saying in every column what it is given; rows that they need are made too."""

    def __init__(self, *known: models.Model) -> None:
        self._known: dict[type[models.Model], models.Model] = {type(row): row for row in known}

    def saying(self, model: type[models.Model], text: str) -> models.Model:
        """A row of that model: each column of words says `text`, cut to what fits."""
        row = self._known.get(model) or self._blank(model)
        self._known[model] = row
        for name in TEXTS[model]:
            field = model._meta.get_field(name)
            said: object = {"kata": [text], text: 1} if isinstance(field, models.JSONField) else text
            assert not (isinstance(said, str) and getattr(field, "max_length", None) and len(said) > field.max_length)
            setattr(row, name, said)
        models.Model.save(row)
        return row

    def _blank(self, model: type[models.Model]) -> models.Model:
        row = model()
        for field in model._meta.concrete_fields:
            if field.has_default() or (field.null and field.name != "lokus") or isinstance(field, models.AutoField):
                continue
            setattr(row, field.name, self._value(field))
        for name, said in ALSO.get(model, {}).items():
            setattr(row, name, said)
        return row

    def _value(self, field: Any) -> object:
        if field.many_to_one or field.one_to_one:
            found = self._known.get(field.related_model)
            if found is None:
                found = self._blank(field.related_model)
                models.Model.save(found)
                self._known[field.related_model] = found
            return found
        if field.choices:
            return next(iter(field.choices))[0]
        if isinstance(field, models.DateTimeField):
            return NOW
        if isinstance(field, models.DateField):
            return NOW.date()
        if isinstance(field, models.BinaryField):
            return b"x"
        if isinstance(field, models.JSONField):
            return {}
        return "x" if isinstance(field, models.CharField | models.TextField) else 1


def everywhere(of: Household, text: str) -> list[models.Model]:
    """The text in every column of words about her city."""
    cycle = of.lokus.cycle
    key = build.key(KeyPurpose.BATCH)
    rows = Rows(
        cycle, cycle.place, of.lokus, build.user(), build.agency(), build.version(number="9"), key,
        cycle.rounds.get(), StoredFile.store(b"berkas", "text/plain"),
    )  # fmt: skip
    return [rows.saying(model, text) for model in TEXTS]


def planted() -> tuple[Family, Household, Family]:
    """Two families; what tells of each stands in every text, as short as the shortest column wants."""
    lokus = build.lokus(build.cycle(), rw="03")
    one, other = Family(), Family()
    one.name, other.name = f"Siti {one.name[-8:]}", f"Siti {other.name[-8:]}"
    household, _neighbour = publish(upload(lokus, [one, other]), [one, other])
    return one, household, other


def test_after_erasure_no_word_of_an_office_tells_of_her_and_her_neighbour_is_told_as_before() -> None:
    one, household, other = planted()
    rows = everywhere(household, f"{one.name} {other.name}")
    numbers = [
        Breach.objects.create(
            cycle=household.lokus.cycle, number=n, cause="lost", known_at=NOW, due_at=NOW, happened=f"hilang: {said}"
        )
        for n, said in enumerate((one.nik, one.kk, f"0{one.phone[2:]}", one.address, one.member), start=2)
    ]
    told = {value for value, _ in leaks.found([one.name, one.nik, one.kk, one.phone[2:], one.member, one.address])}
    assert told == {one.name, one.nik, one.kk, one.phone[2:], one.member, one.address}
    erasure.erase_household(by=CONSOLE, household=household, reason="permintaan")
    leaks.swept()
    assert leaks.found([one.name, one.nik, one.kk, one.phone[2:], one.member, one.address]) == set()
    assert {value for value, _ in leaks.found([other.name])} == {other.name}
    for row in numbers:
        row.refresh_from_db()
        assert row.happened == f"hilang: {GONE}"
    left = f"{GONE} {other.name}"
    for row in rows:
        kept = type(row)._base_manager.filter(pk=row.pk).values(*TEXTS[type(row)]).first()
        # A search or a remembered column that is called after her goes whole; an import on its way is emptied.
        assert kept is None or {json.dumps(said) for said in kept.values() if said} <= {
            json.dumps(left), json.dumps({"kata": [left], left: 1}),
        }, row  # fmt: skip
    assert AuditEntry.objects.get(action="households.erase").details == {
        "reason": "permintaan", "via": "console", "texts": len(TEXTS) + len(numbers) + 3,
    }  # fmt: skip


def asked(slug: str, *, kind: str = "erase", name: str, reach: str, by: User | None = None) -> RightsRequest:
    """What somebody in no family asks at the office, which has made sure that it is she; another answers."""
    by = by or build.member(Role.SECRETARIAT, "36.72", cycle=Cycle.objects.get(slug=slug))
    row = ask_about_data(by=by, cycle_slug=slug, kind=kind, household="", asker=name, reach=reach, words="mohon")
    return know_asker(by=by, cycle_slug=slug, request=row.uuid, seen=1)


def refusal(this: dict[str, Any], deed: str, about: str = "") -> str:
    """The code by which that answer is refused."""
    with pytest.raises(InputError) as refused:
        answer_request(**this, state="done", deed=deed, about=about)
    return refused.value.problems[0].code


def brought_back(rows: dict[type[models.Model], list[dict[str, Any]]]) -> None:
    """What an older backup says of these rows stands again."""
    for model, kept in rows.items():
        for each in kept:
            model._base_manager.filter(pk=each["id"]).update(**{name: each[name] for name in each if name != "id"})


def test_a_guest_who_asks_to_be_forgotten_is_taken_out_of_the_minutes_and_an_older_backup_forgets_her_too() -> None:
    cycle = build.cycle()
    secretary = build.member(Role.SECRETARIAT, "36.72", cycle=cycle)
    meeting = Meeting.objects.create(
        cycle=cycle, kind="rakor", title="Rapat", starts=NOW, venue="Aula", attend_token="x",
        minutes="Ibu Nur Hidayati (0812 9876 5432) bertanya.", created_by=secretary,
    )  # fmt: skip
    came = Attendance.objects.create(meeting=meeting, name="Nur Hidayati", office="Warga", sex="P", at=NOW)
    row = asked(cycle.slug, name="Nur Hidayati", reach="081298765432")
    assert request_page(secretary, cycle.slug, row.uuid).looks
    assert read_texts(by=secretary, cycle_slug=cycle.slug, request=row.uuid) == Named(
        (("daftar hadir", "Nur Hidayati"), ("rapat", meeting.minutes)), False
    )
    this = {"by": secretary, "cycle_slug": cycle.slug, "request": row.uuid, "seen": row.version}
    answers = (("", "rights.deed"), ("given", "rights.deed"), ("photos", "rights.not_photos"))
    assert [refusal(this, deed) for deed, _ in answers] == [code for _, code in answers]
    told = {Meeting: [{"id": meeting.pk, "minutes": meeting.minutes}], Attendance: [{"id": came.pk, "name": came.name}]}
    models_ = (Meeting, Attendance, RightsRequest, DataKey)
    before = {model: list(model._base_manager.values()) for model in models_}

    def forgotten() -> None:
        leaks.swept()
        assert leaks.found(["Hidayati", "9876 5432", "1298765432"]) == set()
        row.refresh_from_db()
        came.refresh_from_db()
        assert (row.state, row.deed, row.asker_sealed, row.key.wrapped, came.name) == (
            "done", "names", None, None, GONE,
        )  # fmt: skip

    answer_request(**this, state="done", deed="names")
    assert AuditEntry.objects.get(action="rights.answer").details == {
        "state": "done", "ground": "", "deed": "names", "texts": 2,
    }  # fmt: skip
    forgotten()
    # A backup from before the answer is brought back: the register beside the media knows of her by ids alone.
    Erasure.objects.all().delete()
    brought_back(before)
    assert leaks.found(["Hidayati"]) != set()
    erasure.replay(by=CONSOLE, register=erasure.read_register(erasure.register_path()))
    row = RightsRequest.objects.select_related("key").get(pk=row.pk)
    forgotten()
    # One from before she asked does not know her name at all.
    Erasure.objects.all().delete()
    RightsRequest.objects.all().delete()
    DataKey.objects.filter(pk=row.key_id).delete()
    brought_back(told)
    erasure.replay(by=CONSOLE, register=erasure.read_register(erasure.register_path()))
    leaks.swept()
    assert leaks.found(["Hidayati", "9876 5432", "1298765432"]) == set()
    assert Meeting.objects.get().minutes == f"Ibu {GONE} ({GONE}) bertanya."


def test_no_one_alone_takes_words_out_of_a_citys_records_and_what_a_place_is_called_stays() -> None:
    cycle = build.cycle()
    build.place("36.72.05.1005")
    Place.objects.filter(code="36.72.05.1005").update(name="Ratu Jaya")
    secretary = build.member(Role.SECRETARIAT, "36.72", cycle=cycle)
    said = (
        "SMP Ratu Jaya dan Jl. Ratu Jaya di Ratu Jaya: Ibu Ratu Jaya hadir, lalu Dewi Sartika ke SD Dewi Sartika."
        " Kader posyandu Dewi Sartika. Jalan rusak, Dewi Sartika mengadu di Posyandu Mawar: Dewi Sartika"
    )
    meeting = Meeting.objects.create(
        cycle=cycle, kind="rakor", title="Rapat", starts=NOW, venue="Aula", attend_token="x", minutes=said,
        created_by=secretary,
    )  # fmt: skip
    alone = asked(cycle.slug, name="Laptop hilang", reach="surat", by=secretary)
    this = {"by": secretary, "cycle_slug": cycle.slug, "request": alone.uuid, "seen": alone.version}
    # Where nobody else answers, she does: her request must be fulfilled, too.
    assert refusal(this, "photos") == "rights.not_photos"
    build.member(Role.SECRETARIAT, "36.72", cycle=cycle)
    assert {refusal(this, deed) for deed in ("names", "photos", "account")} == {"rights.second"}
    for name in ("Ratu Jaya", "Dewi Sartika"):
        row = asked(cycle.slug, name=name, reach="surat")
        answer_request(**{**this, "request": row.uuid, "seen": row.version}, state="done", deed="names")
    meeting.refresh_from_db()
    assert meeting.minutes == (
        f"SMP Ratu Jaya dan Jl. Ratu Jaya di Ratu Jaya: Ibu {GONE} hadir, lalu {GONE} ke SD Dewi Sartika."
        f" Kader posyandu {GONE}. Jalan rusak, {GONE} mengadu di Posyandu Mawar: {GONE}"
    )


def test_a_request_that_nobody_answered_for_a_year_after_its_day_ends_and_is_forgotten() -> None:
    cycle = build.cycle()
    secretary = build.member(Role.SECRETARIAT, "36.72", cycle=cycle)
    row = asked(cycle.slug, name="Nur Hidayati", reach="surat")
    assert (forget_answered(row.due_at + KEPT), RightsRequest.objects.get().state) == (0, "open")
    forget_answered(row.due_at + KEPT + timedelta(seconds=1))
    row.refresh_from_db()
    assert (row.state, row.asker_sealed, row.key.wrapped) == ("lapsed", None, None)
    assert AuditEntry.objects.filter(action="rights.lapse", object_id=str(row.uuid)).count() == 1
    assert desk_page(secretary, cycle.slug).waiting == ()


def test_an_account_is_named_is_her_own_and_closed_before_she_is_forgotten_in_it() -> None:
    cycle = build.cycle()
    secretary = build.member(Role.SECRETARIAT, "36.72", cycle=cycle)
    dewi, other = (build.member(Role.CADRE, "36.72.05.1005.RW03", cycle=cycle) for _ in range(2))
    for user, name in ((dewi, "Dewi Lestari"), (other, "Eni Uji")):
        user.full_name, user.email = name, f"{name.split()[0].lower()}@contoh.id"
        user.save()
    row = asked(cycle.slug, name="Dewi Lestari", reach="surat")
    this = {"by": secretary, "cycle_slug": cycle.slug, "request": row.uuid, "seen": row.version}
    set_active(by=secretary, user=other, active=False)
    for about in ("", other.username, dewi.username):
        assert refusal(this, "account", about) == "rights.not_account"
    set_active(by=secretary, user=dewi, active=False)
    answer_request(**this, state="done", deed="account", about=dewi.username)
    dewi.refresh_from_db()
    other.refresh_from_db()
    assert (dewi.full_name, dewi.email, dewi.username, dewi.is_active) == (GONE, "", f"dihapus-{dewi.pk}", False)
    assert (other.full_name, other.email) == ("Eni Uji", "eni@contoh.id")
    leaks.swept()
    assert leaks.found(["Dewi Lestari", "dewi@contoh.id"]) == set()
    # A backup from before brings her account back.
    Erasure.objects.all().delete()
    User.objects.filter(pk=dewi.pk).update(full_name="Dewi Lestari", username="dewi", is_active=True)
    erasure.replay(by=CONSOLE, register=erasure.read_register(erasure.register_path()))
    dewi.refresh_from_db()
    assert (dewi.full_name, dewi.username, dewi.is_active) == (GONE, f"dihapus-{dewi.pk}", False)
