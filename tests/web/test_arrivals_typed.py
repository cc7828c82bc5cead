"""/tahun/<slug>/kiriman/<id>/putuskan/: a family or a lokus that is typed in place of the one that the form names."""

import re
import uuid

import pytest
from django.test import Client

from selaras.actions.field import deciding
from selaras.models import Arrival, AuditEntry, CurrentAnswers, Household, Merge, Role
from selaras.queries.arrivals import to_settle
from selaras.web.arrival_words import REASONS
from tests import build
from tests.build_field import Field, filled, open_field
from tests.web.cast import inside, secretary
from tests.web.test_arrivals import base, decided, late, lurah, send, text

pytestmark = pytest.mark.django_db

UNTOLD = "ada yang perlu Anda ketahui sebelum kiriman ini diterima;</b> baca di bawah; bila memang keluarga itu"


def answers() -> dict[str, dict[str, int]]:
    return {row.household.code: row.answers for row in CurrentAnswers.objects.select_related("household")}


def stored() -> tuple[list[dict[str, object]], int]:
    return list(Arrival.objects.order_by("pk").values()), AuditEntry.objects.count()


def two_answered(of: Field) -> tuple[Household, Household]:
    found = build.household(of.programme.lokus, rw="03"), build.household(of.programme.lokus, rw="03")
    for number, family in enumerate(found, 1):
        send(of, filled(of.form, family, {"jumlah": str(number)}))
    return found


def typed(client: Client, address: str, code: str, seen: list[str]) -> tuple[int, str, list[str]]:
    """Her press: its status, the page that came back, and what that shows for the next of the same kind."""
    said = {"tindakan": "keluarga", "keluarga": code, "dilihat": seen}
    answer = client.post(f"{address}putuskan/", said)
    page = re.sub(r"\s+", " ", answer.content.decode())
    forms = [form for form in re.findall(r"(?s)<form.*?</form>", page) if 'value="keluarga"' in form]
    shown = [value for form in forms for value in re.findall(r'name="dilihat" value="([^"]+)"', form)]
    return answer.status_code, page, shown


def test_what_is_doubted_of_the_family_that_the_form_names_is_not_settled_of_another() -> None:
    of = open_field()
    first, second = two_answered(of)
    held = send(of, filled(of.form, first, {"jumlah": "9"}))
    client, address, before = inside(secretary(of.programme)), f"{base(of)}{held.uuid}/", stored()
    assert held.reason == "twice"

    status, page, seen = typed(client, address, second.code, ["twice"])
    told = f"bagi keluarga {second.code}, yang Anda tulis" in page, page.count(f"<b>{REASONS['twice']}.</b>")
    assert (status, UNTOLD in page, told, seen) == (422, True, (True, 1), ["twice", f"{second.code}:twice"])
    assert (stored(), answers()) == (before, {"GD-001": {"jumlah": 1}, "GD-002": {"jumlah": 2}})
    # What was shown of one is shown of no third.
    third = build.household(of.programme.lokus, rw="03")
    send(of, filled(of.form, third, {"jumlah": "3"}))
    before = stored()
    status, page, _seen = typed(client, address, third.code, seen)
    assert (status, UNTOLD in page, stored()) == (422, True, before)

    assert typed(client, address, second.code, seen)[0] == 302
    assert answers() == {"GD-001": {"jumlah": 1}, "GD-002": {"jumlah": 9}, "GD-003": {"jumlah": 3}}


def test_what_a_typed_family_was_doubted_for_never_becomes_what_is_said_of_the_form() -> None:
    of = open_field()
    two_answered(of)
    third = build.household(of.programme.lokus, rw="04")
    held = send(of, filled(of.form, third, {"jumlah": "9"}))
    client, address, before = inside(secretary(of.programme)), f"{base(of)}{held.uuid}/", stored()
    assert (held.reason, third.code) == ("foreign", "GD-003")

    status, page, _seen = typed(client, address, "GD-002", ["foreign"])
    assert (status, UNTOLD in page, stored()) == (422, True, before)
    assert re.findall(r'name="dilihat" value="([^"]+)"', text(client, address)) == ["foreign", "foreign"]
    assert decided(client, address, tindakan="terima").status_code == 302
    assert answers() == {"GD-001": {"jumlah": 1}, "GD-002": {"jumlah": 2}, "GD-003": {"jumlah": 9}}


def test_what_is_found_of_a_typed_family_in_the_last_moment_is_told_and_not_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of = open_field()
    two_answered(of)
    held = send(of, filled(of.form, build.household(of.programme.lokus, rw="04"), {"jumlah": "9"}))
    client, address = inside(secretary(of.programme)), f"{base(of)}{held.uuid}/"
    # Another's answers come between her press and its writing.
    monkeypatch.setattr("selaras.queries.arrival.foreseen", lambda *_args, **_typed: ())
    for reason, confirmed in (("foreign", []), ("twice", []), ("late", ["twice"])):
        Arrival.objects.filter(pk=held.pk).update(reason=reason, confirmed=confirmed)
        before = stored()
        status, page, _seen = typed(client, address, "GD-002", [reason])
        assert (status, "masih tertahan: keluarga sudah didata pada putaran ini" in page) == (422, True)
        assert [row.reason for row in Arrival.objects.filter(pk=held.pk)] == [reason]
        assert (stored()[1], answers()["GD-002"]) == (before[1], {"jumlah": 2})


def test_a_lokus_that_is_not_hers_is_refused_before_any_doubt_and_an_unknown_one_changes_nothing() -> None:
    of = open_field()
    build.lokus(of.programme.cycle, "36.72.05.1001", prefix="SJ")
    held = send(of, filled(of.form, None, deprecated=f"uuid:{uuid.uuid4()}"))
    rows = Arrival.objects.filter(pk=held.pk)
    me, client = lurah(of), inside(lurah(of))
    address = f"{base(of)}{held.uuid}/"
    for reason, deprecated in (("late", held.deprecated_id), ("late", ""), ("no_original", held.deprecated_id)):
        rows.update(reason=reason, deprecated_id=deprecated)
        before, alone = stored(), "1 kiriman hanya terlambat" in text(client, base(of))
        assert decided(client, address, tindakan="keluarga", keluarga="sj").status_code == 403
        unknown = decided(client, address, tindakan="keluarga", keluarga="sx")
        assert (unknown.status_code, "keluarga SX tidak ada di wilayah Anda" in unknown.content.decode()) == (422, True)
        # The secretariat may; where its sender does not work it is told, and nothing is kept of it.
        office = decided(inside(secretary(of.programme)), address, tindakan="keluarga", keluarga="sj")
        assert (office.status_code, "masih tertahan: keluarga tidak dikenal" in office.content.decode()) == (422, True)
        assert [(row.state, row.reason) for row in rows] == [("quarantined", reason)]
        assert (stored()[1], "1 kiriman hanya terlambat" in text(client, base(of))) == (before[1], alone)
        assert stored() == before
    assert decided(inside(me), address, tindakan="keluarga", keluarga="gd").status_code == 302
    assert [row.lokus for row in Household.objects.all()] == [of.programme.lokus]


def test_an_unknown_version_of_a_family_elsewhere_says_who_lets_it_in_in_place_of_an_offer() -> None:
    of = open_field()
    theirs = build.household(build.lokus(of.programme.cycle, "36.72.05.1001", prefix="SJ"), rw="03")
    held = send(of, filled(of.form, theirs).replace(of.form.form_version.encode(), b"versi-lama"))
    client, address = inside(lurah(of)), f"{base(of)}{held.uuid}/"

    def offers(who: Client) -> list[str]:
        return re.findall(r'name="tindakan" value="(\w+)"', text(who, address))

    assert (held.reason, offers(client)) == ("unknown_version", ["sisihkan"])
    nobody = "Tidak ada petugas yang wilayahnya meliputi pengirim dan keluarga itu, jadi sekarang tidak seorang pun"
    assert f"Kiriman ini menyangkut keluarga di luar wilayah tugas Anda. {nobody}" in text(client, address)
    office = inside(secretary(of.programme))
    can = "Sekretariat yang wilayahnya meliputi pengirim dan keluarga itu dapat menerimanya."
    assert (can in text(client, address), offers(office)) == (True, ["formulir", "sisihkan"])
    # A family of hers is offered as before.
    own = send(of, filled(of.form, build.household(of.programme.lokus)).replace(of.form.form_version.encode(), b"lama"))
    address = f"{base(of)}{own.uuid}/"
    assert offers(client) == ["formulir", "sisihkan"]


def test_a_lurah_of_both_places_is_named_where_no_secretariat_is() -> None:
    of = open_field()
    other = build.lokus(of.programme.cycle, "36.72.05.1001", prefix="SJ")
    held = send(of, filled(of.form, build.household(other, rw="03")))
    client, address = inside(lurah(of)), f"{base(of)}{held.uuid}/"
    both = build.member(Role.SUPERVISOR, of.programme.lokus.area, cycle=of.programme.cycle)
    build.member(Role.SUPERVISOR, other.area, cycle=of.programme.cycle, user=both)
    said = "Keluarganya di luar wilayah Anda, jadi isinya tidak ditampilkan. Lurah atau camat yang wilayahnya meliputi"
    assert said in text(client, address)


@pytest.mark.parametrize("of_original", [False, True])
def test_what_names_a_family_that_was_found_to_be_one_elsewhere_is_not_hers_to_settle(of_original: bool) -> None:
    of = open_field()
    other = build.lokus(of.programme.cycle, "36.72.05.1001", prefix="SJ")
    gone, between, kept = (build.household(lokus, rw="03") for lokus in (of.programme.lokus, of.programme.lokus, other))
    me = lurah(of)
    if of_original:
        old = send(of, filled(of.form, gone, {"jumlah": "1"}))
        new = filled(of.form, build.household(of.programme.lokus, rw="03"), deprecated=old.instance_id)
        held = send(of, new)
        assert held.reason == "other_family"
        Arrival.objects.filter(pk=held.pk).update(reason="late")
    else:
        held = late(of, gone)
    rows = Arrival.objects.filter(pk=held.pk)

    def hers() -> tuple[int, int]:
        address = f"{base(of)}{held.uuid}/"
        return to_settle(rows, me).count(), text(inside(me), address).count('value="terima"')

    assert hers() == (1, 1)
    for one, into in ((gone, between), (between, kept)):
        merged = Merge.objects.create(kept=into, gone=one, by=me)
        Household.objects.filter(pk=one.pk).update(pending=merged.uuid)
        assert hers() == ((1, 1) if into == between else (0, 0))
    assert to_settle(rows, secretary(of.programme)).count() == 1
    Merge.objects.update(undone_at=merged.at)
    Household.objects.update(pending=None)
    assert hers() == (1, 1)


def test_of_all_that_is_held_a_press_for_the_late_ones_looks_at_what_its_page_showed_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of = open_field()
    two_answered(of)
    twice = [send(of, filled(of.form, family)) for family in Household.objects.all()]
    asked: list[Arrival] = []
    monkeypatch.setattr(deciding, "may_decide_arrival", lambda _by, row: asked.append(row) or True)
    seen = [str(twice[0].uuid), "bukan-nomor"]
    done = deciding.let_late_in(by=lurah(of), cycle_slug=of.programme.cycle.slug, seen=seen)
    assert (done.apart, asked) == (1, [twice[0]])


def test_whose_answers_go_is_asked_again_when_they_are_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    of = open_field()
    other = build.lokus(of.programme.cycle, "36.72.05.1001", prefix="SJ")
    first, second = (build.household(of.programme.lokus, rw="03") for _ in range(2))
    old = send(of, filled(of.form, first, {"jumlah": "1"}))
    held = send(of, filled(of.form, second, {"jumlah": "9"}, deprecated=old.instance_id))
    assert held.reason == "other_family"
    client, address = inside(lurah(of)), f"{base(of)}{held.uuid}/"
    seen = {"tindakan": "terima", "dilihat": ["other_family"]}
    # It moves away after it was asked whether it is hers, and before its lock.
    Household.objects.filter(pk=first.pk).update(lokus=other, code="SJ-900", area=f"{other.area}.03")
    monkeypatch.setattr(deciding, "touched_by", lambda *_of: ())
    monkeypatch.setattr("selaras.actions.field.taking.touched", lambda *_of: ())
    before = stored()
    assert client.post(f"{address}putuskan/", seen).status_code == 403
    assert stored() == before


def test_what_corrects_a_form_of_a_family_hidden_at_its_wish_says_so_at_her_press() -> None:
    of = open_field()
    first, second = (build.household(of.programme.lokus, rw="03") for _ in range(2))
    old = send(of, filled(of.form, first, {"jumlah": "1"}))
    held = send(of, filled(of.form, second, {"jumlah": "9"}, deprecated=old.instance_id))
    assert held.reason == "other_family"
    Household.objects.filter(pk=first.pk).update(pending=uuid.uuid4(), restricted_at=held.received_at)
    client, address = inside(secretary(of.programme)), f"{base(of)}{held.uuid}/"
    answer = decided(client, address, tindakan="terima")
    said = "masih tertahan: keluarga meminta datanya tidak dipakai atas nama" in answer.content.decode()
    assert (answer.status_code, said) == (422, True)
    assert str(REASONS["restricted"]) in text(client, address)
