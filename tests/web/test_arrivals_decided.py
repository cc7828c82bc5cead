"""/tahun/<slug>/kiriman/<id>/putuskan/: what her press settles, and that nothing is written where it is refused."""

import re
import uuid

import pytest

from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.models import Arrival, AuditEntry, CurrentAnswers, FieldForm, Household, Role
from selaras.queries.arrival import arrival_page
from selaras.web.arrival_words import REASONS
from tests import build
from tests.build_field import filled, open_field, phone_of
from tests.web.cast import budi, inside, secretary
from tests.web.test_arrivals import base, decided, late, lurah, send, text

pytestmark = pytest.mark.django_db


def doubts(page: str) -> list[list[str]]:
    """For each form by which it can be let in, the reasons that it sends back as seen."""
    shown = [re.findall(r'name="dilihat" value="(\w+)"', form) for form in re.findall(r"(?s)<form.*?</form>", page)]
    return [seen for seen in shown if seen]


def test_what_it_would_push_aside_is_shown_at_once_and_settled_by_the_one_press_that_shows_it() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    second = late(of, family, {"jumlah": "9"})
    client, address = inside(secretary(of.programme)), f"{base(of)}{second.uuid}/"
    assert doubts(text(client, address)) == [["late"], ["late"]]
    send(of, filled(of.form, family, {"jumlah": "4"}))

    said = text(client, address)
    assert (doubts(said), f"<b>{REASONS['twice']}.</b>" in said) == ([["late", "twice"]] * 2, True)
    assert decided(client, address, tindakan="terima").status_code == 302
    assert CurrentAnswers.objects.get().answers == {"jumlah": 9}


def test_a_family_elsewhere_in_its_area_and_another_one_corrected_are_told_in_one_page() -> None:
    of = open_field()
    first, own, foreign = (build.household(of.programme.lokus, rw=rw) for rw in ("03", "03", "04"))
    old = send(of, filled(of.form, first, {"jumlah": "3"}))
    send(of, filled(of.form, own, {"jumlah": "4"}))
    send(of, filled(of.form, foreign, {"jumlah": "5"}), phone=phone_of(of.programme))
    held = send(of, filled(of.form, foreign, {"jumlah": "9"}, deprecated=old.instance_id))
    assert (held.state, held.reason) == ("quarantined", "foreign")
    client, address = inside(secretary(of.programme)), f"{base(of)}{held.uuid}/"

    assert doubts(text(client, address)) == [["foreign", "other_family", "twice"]] * 2
    # What is told of the family that the form names says nothing of the one that she names instead.
    other = decided(client, address, tindakan="keluarga", keluarga=own.code)
    assert (other.status_code, doubts(other.content.decode())[0]) == (422, ["foreign", "other_family", "twice"])
    assert decided(client, address, tindakan="keluarga", keluarga=foreign.code).status_code == 302
    answers = {row.household_id: row.answers for row in CurrentAnswers.objects.all()}
    assert answers == {own.pk: {"jumlah": 4}, foreign.pk: {"jumlah": 9}}


def test_a_form_that_nobody_met_pushes_no_answers_aside_and_what_corrects_anothers_form_does() -> None:
    of = open_field()
    family, moved = (build.household(of.programme.lokus, rw="03") for _ in range(2))
    other = phone_of(of.programme)
    anothers = send(of, filled(of.form, family, {"jumlah": "4"}), phone=other)
    mine = send(of, filled(of.form, moved, {"jumlah": "5"}))

    def told(xml: bytes) -> tuple[str, ...]:
        held = send(of, xml)
        Arrival.objects.filter(pk=held.pk).update(state="quarantined", reason="late", household=None, submission=None)
        return arrival_page(secretary(of.programme), of.programme.cycle.slug, held.uuid).beside

    away = {"outcome": "tidak_di_rumah"}
    assert told(filled(of.form, family, **away)) == ()
    # Her own answers are hers to take back, another's are not, and one form is corrected once.
    assert told(filled(of.form, moved, deprecated=mine.instance_id, **away)) == ()
    assert told(filled(of.form, family, deprecated=anothers.instance_id, **away)) == ("twice",)
    correction = send(of, filled(of.form, family, {"jumlah": "6"}, deprecated=anothers.instance_id), phone=other)
    assert correction.state == "taken"
    assert told(filled(of.form, family, deprecated=anothers.instance_id, **away)) == ("twice",)


@pytest.mark.parametrize("reason", ["late", "carried", "closed", "other_bytes"])
def test_a_press_that_tells_of_no_page_lets_nothing_in_and_writes_nothing(reason: str) -> None:
    of = open_field()
    held = late(of, build.household(of.programme.lokus, rw="03"))
    Arrival.objects.filter(pk=held.pk).update(reason=reason)
    client, address = inside(secretary(of.programme)), f"{base(of)}{held.uuid}/"
    before, written = Arrival.objects.values().get(), AuditEntry.objects.count()

    for seen in ([], ["twice"]):
        bare = client.post(f"{address}putuskan/", {"tindakan": "terima", "dilihat": seen})
        said = "sudah berubah sejak halamannya dibuka;</b> baca lagi di bawah, lalu putuskan sekali lagi"
        assert (bare.status_code, said in bare.content.decode()) == (422, True)
    assert (Arrival.objects.values().get(), AuditEntry.objects.count()) == (before, written)

    assert decided(client, address, tindakan="terima").status_code == 302
    assert Arrival.objects.get().state == "taken"


def test_a_press_on_a_page_settles_nothing_that_came_up_after_it_was_shown() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    second = late(of, family, {"jumlah": "9"})
    send(of, filled(of.form, family, {"jumlah": "4"}))
    client, address = inside(secretary(of.programme)), f"{base(of)}{second.uuid}/"
    before, written = Arrival.objects.order_by("pk").values().first(), AuditEntry.objects.count()

    for what in ({"tindakan": "terima"}, {"tindakan": "terima"}, {"tindakan": "keluarga", "keluarga": family.code}):
        again = client.post(f"{address}putuskan/", {**what, "dilihat": ["late"]})
        assert (again.status_code, CurrentAnswers.objects.get().answers) == (422, {"jumlah": 4})
    assert (Arrival.objects.order_by("pk").values().first(), AuditEntry.objects.count()) == (before, written)

    now = doubts(again.content.decode())[0]
    assert client.post(f"{address}putuskan/", {"tindakan": "terima", "dilihat": now}).status_code == 302
    assert CurrentAnswers.objects.get().answers == {"jumlah": 9}


def test_what_corrects_a_form_of_a_family_elsewhere_is_refused_to_who_keeps_it_not_and_nothing_is_written() -> None:
    of = open_field()
    other = build.lokus(of.programme.cycle, "36.72.05.1001", prefix="SJ")
    theirs, ours = build.household(other, rw="03"), build.household(of.programme.lokus, rw="03")
    # One that never came, of theirs; and one of theirs that was taken in and is said to be of ours.
    stray = send(of, filled(of.form, theirs, deprecated=f"uuid:{uuid.uuid4()}"))
    old = send(of, filled(of.form, theirs, {"jumlah": "3"}))
    decided(inside(secretary(of.programme)), f"{base(of)}{old.uuid}/", tindakan="terima")
    moved = send(of, filled(of.form, ours, {"jumlah": "9"}, deprecated=old.instance_id))
    assert (stray.reason, moved.reason) == ("no_original", "other_family")
    rows = Arrival.objects.filter(pk__in=[stray.pk, moved.pk])
    # A lurah who also works as a cadre over there sees that family, and it is no more hers to settle.
    both = build.member(Role.SUPERVISOR, of.programme.lokus.area, cycle=of.programme.cycle)
    both = build.member(Role.CADRE, other.area, cycle=of.programme.cycle, user=both)

    for reason in ("late", "no_original", "other_family"):
        rows.update(reason=reason)
        before, written = list(rows.values()), AuditEntry.objects.count()
        for user in (lurah(of), both):
            for held in (stray, moved):
                address = f"{base(of)}{held.uuid}/"
                said = text(inside(user), address)
                assert re.findall(r'name="tindakan" value="(\w+)"', said) == ["sisihkan"]
                assert "Sekretariat yang wilayahnya meliputi pengirim dan keluarga itu dapat menerimanya." in said
                for seen in ([], [reason]):
                    answer = inside(user).post(f"{address}putuskan/", {"tindakan": "terima", "dilihat": seen})
                    assert answer.status_code == 403
        assert inside(budi(of.programme)).post(f"{address}putuskan/", {"tindakan": "terima"}).status_code == 404
        assert (list(rows.values()), AuditEntry.objects.count()) == (before, written)

    assert decided(inside(secretary(of.programme)), f"{base(of)}{moved.uuid}/", tindakan="terima").status_code == 302
    assert {row.household_id: row.answers for row in CurrentAnswers.objects.all()} == {ours.pk: {"jumlah": 9}}


def test_a_form_that_only_its_naming_makes_readable_is_refused_where_it_is_of_a_family_elsewhere() -> None:
    of = open_field()
    theirs = build.household(build.lokus(of.programme.cycle, "36.72.05.1001", prefix="SJ"), rw="03")
    old = filled(of.form, theirs, deprecated=f"uuid:{uuid.uuid4()}")
    held = send(of, old.replace(of.form.form_version.encode(), b"versi-lama"))
    assert held.reason == "unknown_version"
    before, written = Arrival.objects.values().get(), AuditEntry.objects.count()

    said = {"tindakan": "formulir", "formulir": f"{of.form.form_id}|{of.form.form_version}"}
    answer = inside(lurah(of)).post(f"{base(of)}{held.uuid}/putuskan/", {**said, "dilihat": "unknown_version"})

    assert answer.status_code == 403
    assert (Arrival.objects.values().get(), AuditEntry.objects.count()) == (before, written)


def test_a_new_family_of_a_lokus_elsewhere_is_not_hers_to_register() -> None:
    of = open_field()
    other = build.lokus(of.programme.cycle, "36.72.05.1001", prefix="SJ")
    user = of.phone.phone.user
    build.member(Role.CADRE, other.area, cycle=of.programme.cycle, user=user)
    found = receive(
        sender=Sender(of.programme.cycle, user, of.programme.lokus.area),
        parcel=Parcel(filled(of.form, None), mode="web"),
    ).arrival
    Arrival.objects.filter(pk=found.pk).update(state="quarantined", reason="no_household")
    address = f"{base(of)}{found.uuid}/putuskan/"
    said = {"tindakan": "keluarga", "keluarga": "SJ", "dilihat": "no_household"}
    before, written = Arrival.objects.values().get(), AuditEntry.objects.count()

    assert inside(lurah(of)).post(address, said).status_code == 403
    assert (Arrival.objects.values().get(), AuditEntry.objects.count()) == (before, written)
    assert inside(secretary(of.programme)).post(address, said).status_code == 302
    assert [row.lokus for row in Household.objects.all()] == [other]


def test_an_unknown_version_that_is_held_anew_can_still_be_told_its_form() -> None:
    of = open_field()
    family, other = (build.household(of.programme.lokus, rw="03") for _ in range(2))
    send(of, filled(of.form, family))
    old, lost = (filled(of.form, one).replace(of.form.form_version.encode(), b"versi-lama") for one in (family, other))
    twice, nobodys = send(of, old), send(of, lost.replace(str(other.uuid).encode(), str(uuid.uuid4()).encode()))
    client, form = inside(secretary(of.programme)), f"{of.form.form_id}|{of.form.form_version}"
    asked = {"tindakan": "formulir", "formulir": form, "dilihat": ["unknown_version"]}

    for arrival, reason, code in ((twice, "twice", ""), (nobodys, "no_household", other.code)):
        decide = f"{base(of)}{arrival.uuid}/putuskan/"
        refused = client.post(decide, asked)
        shown = refused.content.decode()
        said = refused.status_code, 'value="formulir"' in shown, 'name="keluarga"' in shown
        seen = re.findall(r'name="dilihat" value="(\w+)"', shown)
        assert (said, seen) == ((422, True, True), [reason])
        assert client.post(decide, {**asked, "keluarga": code, "dilihat": seen}).status_code == 302
    assert {row.household for row in Arrival.objects.filter(state="taken")} == {family, other}


def test_an_unknown_version_is_let_in_by_the_form_that_she_names() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    old = filled(of.form, family).replace(of.form.form_version.encode(), b"versi-lama")
    arrival = send(of, old)
    client, address = inside(secretary(of.programme)), f"{base(of)}{arrival.uuid}/"
    offered = re.findall(r'<option value="([^"]+\|[^"]+)"', client.get(address).content.decode())

    assert offered == [f"{of.form.form_id}|{of.form.form_version}"]
    practice = f"{of.practice.form_id}|{of.practice.form_version}"
    refused = client.post(f"{address}putuskan/", {"tindakan": "formulir", "formulir": practice})
    assert refused.status_code == 422
    assert decided(client, address, tindakan="formulir", formulir=offered[0]).status_code == 302
    arrival.refresh_from_db()
    assert (arrival.state, arrival.field_form) == ("taken", FieldForm.objects.get(pk=of.form.pk))


def test_what_was_typed_stays_when_it_is_refused_and_setting_aside_can_be_taken_back() -> None:
    of = open_field()
    arrival = send(of, filled(of.form, build.household(of.programme.lokus, rw="04")))
    client, address = inside(secretary(of.programme)), f"{base(of)}{arrival.uuid}/"

    refused = client.post(f"{address}putuskan/", {"tindakan": "keluarga", "keluarga": "GD-777"}).content.decode()
    assert ('value="GD-777"' in refused, "keluarga GD-777 tidak ada" in refused) == (True, True)
    empty = client.post(f"{address}putuskan/", {"tindakan": "sisihkan", "alasan": " "})
    assert (empty.status_code, "alasannya belum ditulis" in empty.content.decode()) == (422, True)
    aside = client.post(f"{address}putuskan/", {"tindakan": "sisihkan", "alasan": "dobel"}, follow=True)
    assert "dobel" in aside.content.decode()
    again = client.post(f"{address}putuskan/", {"tindakan": "sisihkan", "alasan": "lagi"})
    assert (again.status_code, "sudah diputuskan orang lain" in again.content.decode()) == (422, True)
    client.post(f"{address}putuskan/", {"tindakan": "kembalikan"})
    arrival.refresh_from_db()
    assert arrival.state == "quarantined"
