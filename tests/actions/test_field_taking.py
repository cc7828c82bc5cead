"""What phones sent is understood: families, visits, answers, corrections; what needs a person waits for one."""

import uuid

import pytest

from selaras.access import CONSOLE
from selaras.actions.erasure import erase_household
from selaras.actions.field.deciding import decide_edit, let_in, set_aside, take_back
from selaras.actions.field.phones import Handed
from selaras.actions.field.receiving import Parcel, Sender, Sent, receive
from selaras.actions.field.taking import take_in
from selaras.actions.jobs import work_off
from selaras.errors import InputError
from selaras.models import (
    Arrival,
    AuditEntry,
    CannotUnsealError,
    Counter,
    CurrentAnswers,
    DataKey,
    Household,
    HouseholdEdit,
    Role,
    StoredFile,
    Visit,
)
from tests import build
from tests.build_field import Field, filled, open_field, phone_of

pytestmark = pytest.mark.django_db


def send(of: Field, xml: bytes, *files: Sent, phone: Handed | None = None) -> Arrival:
    """Receive it and let it be understood."""
    found = receive(sender=Sender.of((phone or of.phone).phone), parcel=Parcel(xml, files)).arrival
    take_in()
    found.refresh_from_db()
    return found


def slug(of: Field) -> str:
    return of.programme.cycle.slug


def secretary(of: Field):
    return build.member(Role.SECRETARIAT, "36.72", cycle=of.programme.cycle)


def test_answers_of_a_listed_family_count_and_are_scored_and_her_visit_is_noted() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    answers = {"jumlah": "4", "jamban": "leher_angsa", "bantuan": "bpnt pkh", "iuran": "2500"}
    row = "<member><nama>Siti Uji</nama><umur>9</umur><sekolah>ya</sekolah></member>"

    arrival = send(of, filled(of.form, family, answers, more=row))
    work_off()

    current = CurrentAnswers.objects.get(household=family)
    assert current.answers == {
        "jumlah": 4,
        "jamban": "leher_angsa",
        "bantuan": "pkh bpnt",
        "iuran": "2500",
        "member": [{"umur": 9, "sekolah": "ya"}],
    }
    assert current.submission.private_values() == {"member": [{"nama": "Siti Uji"}]}
    assert (arrival.state, arrival.household, arrival.submission) == ("taken", family, current.submission)
    assert [(one.outcome, one.by) for one in Visit.objects.all()] == [("bertemu", of.phone.phone.user)]
    assert [one.name for one in family.persons.all()] == ["Siti Uji"]
    assert Counter.objects.get(indicator__name="jamban", lokus=of.programme.lokus).true == 1


def test_a_new_family_gets_the_next_code_and_the_phones_id_and_no_second_one_when_it_is_corrected() -> None:
    of = open_field()
    build.household(of.programme.lokus, rw="03")
    name, number = str(uuid.uuid4()), f"uuid:{uuid.uuid4()}"

    send(of, filled(of.form, None, entity=name, instance=number))
    send(of, filled(of.form, None, {"jumlah": "5"}, entity=name, deprecated=number))

    family = Household.objects.get(uuid=name)
    assert (family.code, family.head_name, family.address, family.rw, family.rt) == (
        "GD-002",
        "Sumarni Uji",
        "Gang Uji 7",
        "03",
        "02",
    )
    assert Household.objects.count() == 2
    assert [one.answers for one in family.submissions.order_by("pk")] == [{"jumlah": 4}, {"jumlah": 5}]
    assert CurrentAnswers.objects.get(household=family).answers == {"jumlah": 5}
    of.programme.lokus.refresh_from_db()
    assert of.programme.lokus.registered == 2


def test_a_family_that_was_not_met_is_a_visit_and_no_answers() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")

    arrival = send(of, filled(of.form, family, outcome="tidak_di_rumah"))

    assert (arrival.state, arrival.submission) == ("taken", None)
    assert list(Visit.objects.values_list("household", "outcome")) == [(family.pk, "tidak_di_rumah")]
    assert not CurrentAnswers.objects.exists()


def test_practice_changes_nothing() -> None:
    of = open_field()
    arrival = send(of, filled(of.practice, build.household(of.programme.lokus, rw="03")))

    assert arrival.state == "practice"
    assert (CurrentAnswers.objects.count(), Visit.objects.count()) == (0, 0)


def test_a_family_of_another_rw_and_one_that_nobody_knows_wait_and_are_let_in_by_the_office() -> None:
    of = open_field()
    other, listed = build.household(of.programme.lokus, rw="04"), build.household(of.programme.lokus, rw="03")
    unknown = filled(of.form, listed).replace(str(listed.uuid).encode(), str(uuid.uuid4()).encode())
    foreign, lost = send(of, filled(of.form, other)), send(of, unknown)
    assert [(one.state, one.reason) for one in (foreign, lost)] == [
        ("quarantined", "foreign"),
        ("quarantined", "no_household"),
    ]
    ani = secretary(of)

    let_in(by=ani, cycle_slug=slug(of), arrival_id=foreign.uuid)
    with pytest.raises(InputError, match="keluarga tidak dikenal"):
        let_in(by=ani, cycle_slug=slug(of), arrival_id=lost.uuid)
    let_in(by=ani, cycle_slug=slug(of), arrival_id=lost.uuid, household=" gd-002 ")

    assert set(CurrentAnswers.objects.values_list("household", flat=True)) == {other.pk, listed.pk}
    assert list(Arrival.objects.values_list("state", "decided_by")) == [("taken", ani.pk)] * 2


def test_a_second_phones_answers_of_the_same_round_wait_instead_of_winning() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    send(of, filled(of.form, family, {"jumlah": "4"}))

    second = send(of, filled(of.form, family, {"jumlah": "9"}), phone=phone_of(of.programme))

    assert (second.state, second.reason) == ("quarantined", "twice")
    assert CurrentAnswers.objects.get().answers == {"jumlah": 4}
    let_in(by=secretary(of), cycle_slug=slug(of), arrival_id=second.uuid)
    assert CurrentAnswers.objects.get().answers == {"jumlah": 9}
    assert [one.answers for one in family.submissions.order_by("pk")] == [{"jumlah": 4}, {"jumlah": 9}]


def test_what_is_set_aside_keeps_its_bytes_and_its_reason_and_can_come_back() -> None:
    of = open_field()
    broken = send(of, b"rusak")
    ani = secretary(of)
    with pytest.raises(InputError, match="alasannya belum ditulis"):
        set_aside(by=ani, cycle_slug=slug(of), arrival_id=broken.uuid, why="  ")
    with pytest.raises(InputError, match="rusak dan tidak dapat dibaca"):
        let_in(by=ani, cycle_slug=slug(of), arrival_id=broken.uuid)

    aside = set_aside(by=ani, cycle_slug=slug(of), arrival_id=broken.uuid, why="HP  rusak")

    assert (aside.state, aside.note, aside.raw_bytes()) == ("set_aside", "HP rusak", b"rusak")
    with pytest.raises(InputError, match="sudah diputuskan"):
        set_aside(by=ani, cycle_slug=slug(of), arrival_id=broken.uuid, why="lagi")
    assert take_back(by=ani, cycle_slug=slug(of), arrival_id=broken.uuid).state == "quarantined"


def corrected(
    of: Field, family: Household, address: str, *, base: int, trunk: str = "", branch: str = "", **more: str
) -> bytes:
    """A form by which a phone changes the address, from the version that it had."""
    xml = filled(of.form, family, outcome="bertemu", **more).decode()
    marks = f' baseVersion="{base}"' + (f' trunkVersion="{trunk}" branchId="{branch}"' if branch else "")
    xml = xml.replace(f' baseVersion="{family.version}"', marks)
    return xml.replace("</sl_keluarga>", f"</sl_keluarga><sl_alamat>{address}</sl_alamat>").encode()


def test_a_correction_from_the_newest_version_holds_and_one_from_an_older_version_waits_field_by_field() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03", address="Gang Lama")
    send(of, corrected(of, family, "Gang Baru", base=1))
    second = send(of, corrected(of, family, "Gang Lain", base=1), phone=phone_of(of.programme))
    ani = secretary(of)
    let_in(by=ani, cycle_slug=slug(of), arrival_id=second.uuid)

    family.refresh_from_db()
    first, conflict = HouseholdEdit.objects.order_by("pk")
    assert (family.address, family.version) == ("Gang Baru", 2)
    assert [(one.state, one.number, one.changes()) for one in (first, conflict)] == [
        ("applied", 2, {"address": ["Gang Lama", "Gang Baru"]}),
        ("conflict", None, {"address": ["Gang Baru", "Gang Lain"]}),
    ]

    decide_edit(by=ani, cycle_slug=slug(of), edit_id=conflict.uuid, chosen=["address"])

    family.refresh_from_db()
    conflict.refresh_from_db()
    assert (family.address, family.version, conflict.state, conflict.number) == ("Gang Lain", 3, "resolved", 3)
    with pytest.raises(InputError, match="sudah diputuskan"):
        decide_edit(by=ani, cycle_slug=slug(of), edit_id=conflict.uuid, chosen=[])


def test_a_visit_before_its_registration_and_a_correction_before_its_original_are_taken_once_those_have_come() -> None:
    of = open_field()
    name, number = str(uuid.uuid4()), f"uuid:{uuid.uuid4()}"
    new = Household(lokus=of.programme.lokus, uuid=name, version=1)
    early = send(of, corrected(of, new, "Gang Mawar", base=1, trunk="", branch="a"))
    correction = send(of, filled(of.form, None, {"jumlah": "5"}, entity=name, deprecated=number))
    assert [(one.state, one.reason) for one in (early, correction)] == [
        ("quarantined", "no_household"),
        ("quarantined", "no_original"),
    ]

    send(of, filled(of.form, None, entity=name, instance=number))
    take_in()

    family = Household.objects.get(uuid=name)
    states = dict(Arrival.objects.values_list("pk", "reason"))
    # Whichever is read first counts; the other is laid before a person, because both are of one round.
    assert sorted(states.values()) == ["", "", "twice"]
    let_in(by=secretary(of), cycle_slug=slug(of), arrival_id=Arrival.objects.get(reason="twice").uuid)
    family.refresh_from_db()
    assert (Household.objects.count(), family.address) == (1, "Gang Mawar")
    assert family.submissions.count() == 3


def test_what_is_let_in_for_one_doubt_is_held_again_for_the_next_and_remembers_the_first() -> None:
    of = open_field()
    other = build.household(of.programme.lokus, rw="04")
    foreign = send(of, filled(of.form, other, {"jumlah": "9"}))
    send(of, filled(of.form, other, {"jumlah": "4"}), phone=phone_of(of.programme))
    ani = secretary(of)

    with pytest.raises(InputError, match="sudah didata pada putaran ini"):
        let_in(by=ani, cycle_slug=slug(of), arrival_id=foreign.uuid)
    foreign.refresh_from_db()
    assert (foreign.reason, foreign.confirmed) == ("twice", ["foreign"])
    let_in(by=ani, cycle_slug=slug(of), arrival_id=foreign.uuid)

    assert CurrentAnswers.objects.get().answers == {"jumlah": 9}


def test_a_form_that_corrects_itself_is_no_conflict_with_what_it_corrects() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03", address="Gang Lama")
    number = f"uuid:{uuid.uuid4()}"
    first = corrected(of, family, "Gang Melati", base=1)
    old = Arrival.objects.get(pk=send(of, first).pk).instance_id
    second = corrected(of, family, "Gang Mawar", base=1).decode()
    head, tail = second.split("<orx:instanceID>")
    tail = tail.split("</orx:instanceID>")[1]
    ids = f"<orx:instanceID>{number}</orx:instanceID><orx:deprecatedID>{old}</orx:deprecatedID>"

    send(of, f"{head}{ids}{tail}".encode())

    family.refresh_from_db()
    assert (family.address, family.version) == ("Gang Mawar", 3)
    assert list(HouseholdEdit.objects.values_list("state", flat=True)) == ["applied", "applied"]


def test_erasing_a_family_destroys_what_phones_sent_of_it() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03", address="Gang Lama")
    arrival = send(of, corrected(of, family, "Gang Baru", base=1), Sent("foto.jpg", b"wajah"))
    key, photo = arrival.key_id, arrival.files.get().file
    path, sealed = photo.path, bytes(arrival.raw)
    family.refresh_from_db()

    erasure = erase_household(by=CONSOLE, household=family, reason="permintaan")

    assert (Arrival.objects.count(), HouseholdEdit.objects.count(), Visit.objects.count()) == (0, 0, 0)
    assert str(key) in erasure.keys
    with pytest.raises(CannotUnsealError):
        DataKey.objects.get(pk=key).unseal(sealed, arrival.context())
    assert not StoredFile.objects.filter(pk=photo.pk).exists()
    assert AuditEntry.objects.filter(action="arrivals.take").count() == 1
    assert path.name == photo.sha256


def test_members_are_added_and_completed_but_nobody_is_taken_away_and_no_nik_is_lost() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    build.person(family, "Siti Uji", nik="9911000000000001")
    build.person(family, "Anak Uji", nik="9911000000000002")
    row = "<member><nama>siti  uji</nama><umur>30</umur></member><member><nama>Bayi Uji</nama><umur>0</umur></member>"

    send(of, filled(of.form, family, more=row))

    assert [(one.name, one.nik()) for one in family.persons.order_by("position")] == [
        ("Siti Uji", "9911000000000001"),
        ("Anak Uji", "9911000000000002"),
        ("Bayi Uji", ""),
    ]
    family.refresh_from_db()
    assert family.version == 2
    assert AuditEntry.objects.filter(action="households.correct", object_id=family.uuid).count() == 1


def test_rows_of_members_without_names_change_nobody() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    build.person(family, "Siti Uji")

    send(of, filled(of.form, family, more="<member><umur>9</umur></member>"))

    assert [one.name for one in family.persons.all()] == ["Siti Uji"]


def test_a_second_visit_that_changes_nothing_is_taken_and_raises_the_version_that_the_phone_counts() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03", address="Gang Lama")
    number = f"uuid:{uuid.uuid4()}"
    send(of, corrected(of, family, "Gang Lama", base=1, trunk="1", branch="b1", instance=number))
    family.refresh_from_db()
    again = corrected(of, family, "Gang Lama", base=2, trunk="1", branch="b1", deprecated=number)
    send(of, again)

    family.refresh_from_db()
    assert [one.number for one in HouseholdEdit.objects.order_by("pk")] == [2, 3]
    assert (family.version, family.address) == (3, "Gang Lama")


def test_a_correction_that_moves_the_family_out_of_the_cadres_area_waits() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    xml = corrected(of, family, "Gang Lama", base=1).replace(b"<sl_alamat>", b"<sl_rw>09</sl_rw><sl_alamat>")

    send(of, xml)

    family.refresh_from_db()
    assert (family.rw, HouseholdEdit.objects.get().state) == ("03", "conflict")


def test_what_waits_about_a_family_goes_with_its_erasure_and_brings_it_not_back_when_it_is_sent_again() -> None:
    of = open_field()
    name = str(uuid.uuid4())
    xml = filled(of.form, None, entity=name)
    send(of, xml)
    family = Household.objects.get(uuid=name)
    other = send(of, filled(of.form, family, {"jumlah": "9"}), phone=phone_of(of.programme))
    assert (other.state, other.reason) == ("quarantined", "twice")

    erase_household(by=CONSOLE, household=family, reason="permintaan")
    assert Arrival.objects.count() == 0
    receive(sender=Sender.of(of.phone.phone), parcel=Parcel(xml))
    take_in()

    assert (Arrival.objects.count(), Household.objects.filter(erased_at__isnull=True).count()) == (0, 0)
    assert AuditEntry.objects.filter(action="arrivals.forget").count() == 1


def test_one_cadres_form_is_not_corrected_by_another_unasked() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    number = f"uuid:{uuid.uuid4()}"
    send(of, filled(of.form, family, instance=number))

    other = send(of, filled(of.form, family, {"jumlah": "9"}, deprecated=number), phone=phone_of(of.programme))

    assert (other.state, other.reason) == ("quarantined", "twice")
    assert CurrentAnswers.objects.get().answers == {"jumlah": 4}


def two_loci(*, rws: tuple[str, str]) -> tuple[Field, Handed]:
    """Two loci of one kelurahan, and a cadre of the whole of it."""
    of = open_field()
    lokus = of.programme.lokus
    lokus.rw = rws[0]
    lokus.save()
    build.lokus(of.programme.cycle, lokus.place.code, prefix="GE", rw=rws[1])
    return of, phone_of(of.programme)


def test_a_cadre_of_two_loci_registers_a_family_in_the_one_that_its_rw_belongs_to() -> None:
    of, phone = two_loci(rws=("03", "05"))
    there = filled(of.form, None).replace(b"<sl_rw>03<", b"<sl_rw>RW 5<")

    assert [send(of, xml, phone=phone).state for xml in (filled(of.form, None), there)] == ["taken", "taken"]

    assert sorted(Household.objects.values_list("code", "area")) == [
        ("GD-001", "36.72.05.1005.RW03.RT02"),
        ("GE-001", "36.72.05.1005.RW05.RT02"),
    ]


def test_a_new_family_between_two_loci_waits_until_the_office_names_one_of_them() -> None:
    of, phone = two_loci(rws=("04", "05"))
    held = send(of, filled(of.form, None), phone=phone)
    assert (held.state, held.reason, Household.objects.count()) == ("quarantined", "no_household", 0)
    ani = secretary(of)
    with pytest.raises(InputError, match="GX"):
        let_in(by=ani, cycle_slug=slug(of), arrival_id=held.uuid, household="gx")
    assert Household.objects.count() == 0

    let_in(by=ani, cycle_slug=slug(of), arrival_id=held.uuid, household="ge")

    assert [one.code for one in Household.objects.all()] == ["GE-001"]
