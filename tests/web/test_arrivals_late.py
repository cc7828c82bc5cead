"""/tahun/<slug>/kiriman/terlambat/: one press lets in what only came late, as far as its page showed it."""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.db.models.signals import post_save
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.field.deciding import let_in, let_late_in, set_aside, take_back
from selaras.actions.field.taking import take_in
from selaras.models import Arrival, AuditEntry, CurrentAnswers, Household, Lokus, Membership, Role, Round, User, Visit
from selaras.queries.arrivals import Asked, arrivals_page, late_alone
from tests import build
from tests.build_field import Field, filled, open_field, phone_of
from tests.web.cast import inside, secretary
from tests.web.sent import fields_of
from tests.web.test_arrivals import base, late, lurah, send, text

pytestmark = pytest.mark.django_db


def pressed(client: Client, page: HttpResponse) -> str:
    """What is said where the late ones that this page shows are let in."""
    return client.post(f"{page.request['PATH_INFO']}terlambat/", fields_of(page), follow=True).content.decode()


def told(page: str) -> list[str]:
    """What the page says of the press, sentence by sentence."""
    return re.findall(r"\d+ kiriman (?!hanya|perlu)[^<]*[.;] ?[^<]*", page)


def test_those_that_only_came_late_are_let_in_by_one_press_and_the_doubtful_ones_stay() -> None:
    of = open_field()
    first, second = (build.household(of.programme.lokus, rw="03") for _ in range(2))
    late(of, first, {"jumlah": "3"})
    doubtful = late(of, second, {"jumlah": "9"})
    send(of, filled(of.form, second, {"jumlah": "4"}), phone=phone_of(of.programme))
    client = inside(secretary(of.programme))

    assert "2 kiriman hanya terlambat" in text(client, base(of))
    said = pressed(client, client.get(base(of)))

    assert "1 kiriman yang terlambat diterima." in said
    assert "1 kiriman masih tertahan karena sebab lain" in said
    doubtful.refresh_from_db()
    assert (doubtful.state, doubtful.reason) == ("quarantined", "twice")
    assert {row.household_id: row.answers for row in CurrentAnswers.objects.all()} == {
        first.pk: {"jumlah": 3},
        second.pk: {"jumlah": 4},
    }


def test_a_late_form_and_its_late_correction_go_in_by_one_press_whichever_came_first() -> None:
    of = open_field()
    first, second, third = (build.household(of.programme.lokus, rw="03") for _ in range(3))
    pairs = []
    for family in (first, second, third):
        pairs.append([late(of, family, {"jumlah": number}) for number in ("3", "5")])

    def corrects(correction: Arrival, instance: str) -> None:
        Arrival.objects.filter(pk=correction.pk).update(deprecated_id=instance)

    corrects(pairs[0][1], pairs[0][0].instance_id)
    corrects(pairs[1][0], pairs[1][1].instance_id)
    # What this one corrects is a correction of something that never came.
    corrects(pairs[2][0], f"uuid:{uuid.uuid4()}")
    corrects(pairs[2][1], pairs[2][0].instance_id)
    client = inside(secretary(of.programme))

    assert "4 kiriman hanya terlambat" in text(client, base(of))
    said = pressed(client, client.get(base(of)))

    assert ("4 kiriman yang terlambat diterima." in said, "masih tertahan" in said) == (True, False)
    assert {row.household_id: row.answers for row in CurrentAnswers.objects.all()} == {
        first.pk: {"jumlah": 5},
        second.pk: {"jumlah": 3},
    }
    left = Arrival.objects.filter(state="quarantined").order_by("pk").values_list("pk", "reason")
    assert list(left) == [(row.pk, "late") for row in pairs[2]]


def test_late_corrections_of_late_corrections_go_in_in_order_by_the_one_press_whose_page_showed_them() -> None:
    of = open_field()
    own, other, foreign = (build.household(of.programme.lokus, rw=rw) for rw in ("03", "03", "04"))
    Round.objects.filter(pk=of.programme.round.pk).update(
        opens=timezone.localdate() - timedelta(days=9), closes=timezone.localdate() - timedelta(days=3)
    )

    def came(family: Household, number: int, corrects: int = 0) -> Arrival:
        """A form as a phone sends it after the round; what it answers is its number."""
        told = {"instance": f"uuid:{number}", "deprecated": f"uuid:{corrects}" if corrects else ""}
        return send(of, filled(of.form, family, {"jumlah": str(number)}, **told))

    # 1 <- 2 <- 3 <- 4, as they happened to come; 11 <- 12 <- 13, of which 12 is found to be of another RW's family.
    third, first, fourth, second = (came(own, *each) for each in ((3, 2), (1,), (4, 3), (2, 1)))
    twelfth, thirteenth, eleventh = came(foreign, 12, 11), came(other, 13, 12), came(other, 11)
    # These correct one another, and this one what never came.
    ring = [came(own, 21, 22), came(own, 22, 21), came(own, 31, 30)]
    assert set(Arrival.objects.values_list("state", "reason")) == {("quarantined", "late")}
    order = [first, eleventh, second, twelfth, third, thirteenth, fourth]
    assert list(late_alone(Arrival.objects.all(), CONSOLE).items()) == [(row.pk, row.uuid) for row in order]
    client = inside(secretary(of.programme))
    shown = client.get(base(of))
    fifth = came(own, 5, 4)

    assert "7 kiriman hanya terlambat" in shown.content.decode()
    said = pressed(client, shown)

    assert "5 kiriman yang terlambat diterima." in said
    assert "2 kiriman masih tertahan karena sebab lain" in said
    assert "tidak lagi hanya terlambat" not in said
    assert {row.household_id: row.answers for row in CurrentAnswers.objects.all()} == {
        own.pk: {"jumlah": 4},
        other.pk: {"jumlah": 11},
    }
    assert [each.answers["jumlah"] for each in own.submissions.order_by("pk")] == [1, 2, 3, 4]
    assert list(Visit.objects.order_by("household").values_list("household", "arrival")) == [
        (own.pk, fourth.pk),
        (other.pk, eleventh.pk),
    ]
    left = {row.pk: row.reason for row in Arrival.objects.filter(state="quarantined")}
    waiting = {twelfth.pk: "foreign", **{row.pk: "late" for row in (thirteenth, *ring)}}
    # What was corrected meanwhile was on no page yet, and of what another doubt was found nothing is settled.
    assert left == {**waiting, fifth.pk: "late"}
    before = client.get(base(of))
    pressed(client, before)
    assert {row.pk: row.reason for row in Arrival.objects.filter(state="quarantined")} == waiting
    assert "Tidak ada kiriman terlambat" in pressed(client, before)


def test_a_press_lets_in_what_its_page_showed_and_says_that_another_has_come_where_nothing_is_left_of_that() -> None:
    of = open_field()
    shown, since = (late(of, build.household(of.programme.lokus, rw="03")) for _ in range(2))
    Arrival.objects.filter(pk=since.pk).update(state="waiting")
    client = inside(secretary(of.programme))
    page = client.get(base(of))
    let_late_in(by=CONSOLE, cycle_slug=of.programme.cycle.slug)
    Arrival.objects.filter(pk=since.pk).update(state="quarantined")

    said = pressed(client, page)
    # No button of ours sends this.
    bare = client.post(f"{base(of)}terlambat/", follow=True).content.decode()

    words = "Yang terlambat di halaman tadi sudah diputuskan; lihat yang masih menunggu di bawah."
    none = "Tidak ada kiriman terlambat"
    assert [(words in each, none in each, "1 kiriman hanya terlambat" in each) for each in (said, bare)] == [
        (True, False, True),
        (False, False, True),
    ]
    assert dict(Arrival.objects.values_list("pk", "state")) == {shown.pk: "taken", since.pk: "quarantined"}


def came_late_from_two_loci(of: Field, *numbers: str) -> tuple[Lokus, dict[str, Arrival]]:
    """A lokus elsewhere, and what came of it (`E…`) and of ours: each letter a family, `A2` corrects `A1`."""
    elsewhere = build.lokus(of.programme.cycle, "36.72.05.1001", prefix="SJ")
    sri = build.member(Role.CADRE, elsewhere.area, cycle=of.programme.cycle)
    # She stood in over there for a week, and its lurah's families are not her own lurah's to settle.
    Membership.objects.create(
        user=of.phone.phone.user,
        role=Role.CADRE,
        place_code=elsewhere.area,
        cycle=of.programme.cycle,
        stands_in_for=sri.memberships.get(),
        starts=timezone.now() - timedelta(days=4),
        ends=timezone.now() + timedelta(days=3),
    )
    Round.objects.filter(pk=of.programme.round.pk).update(
        opens=timezone.localdate() - timedelta(days=9), closes=timezone.localdate() - timedelta(days=3)
    )
    families: dict[str, Household] = {}
    came: dict[str, Arrival] = {}
    for number in numbers:
        name, step = number[0], int(number[1:])
        if name not in families:
            families[name] = build.household(elsewhere if name == "E" else of.programme.lokus, rw="03")
        corrects = f"uuid:{name}{step - 1}" if step > 1 else ""
        xml = filled(of.form, families[name], instance=f"uuid:{number}", deprecated=corrects)
        came[number] = send(of, xml)
    assert {row.reason for row in came.values()} == {"late"}
    return elsewhere, came


@contextmanager
def meanwhile(first: Arrival, does: Callable[[], object]) -> Iterator[None]:
    """Others do that as the press writes the first one."""

    def written(instance: Arrival, **_about: object) -> None:
        if instance.pk == first.pk:
            does()

    post_save.connect(written, sender=Arrival)
    try:
        yield
    finally:
        post_save.disconnect(written, sender=Arrival)


def moves(arrival: Arrival, to: Lokus) -> None:
    family = Household.objects.filter(uuid=arrival.about)
    assert family.update(lokus=to, code="SJ-900", area=f"{to.area}.03") == 1


def others_decide(came: Mapping[str, Arrival], elsewhere: Lokus, colleague: User) -> None:
    """One family moves away, one form is set aside."""
    moves(came["B1"], elsewhere)
    set_aside(by=colleague, cycle_slug=came["C1"].cycle.slug, arrival_id=came["C1"].uuid, why="dobel")


def test_what_another_decides_on_meanwhile_and_what_is_of_a_family_elsewhere_do_not_stop_the_press() -> None:
    of = open_field()
    elsewhere, came = came_late_from_two_loci(of, "A1", "E1", "B1", "C1", "D1")
    me, colleague = lurah(of), lurah(of)
    client = inside(me)
    page = client.get(base(of))

    with meanwhile(came["A1"], lambda: others_decide(came, elsewhere, colleague)):
        said = pressed(client, page)

    # The one from elsewhere is none of hers.
    assert "4 kiriman hanya terlambat" in page.content.decode()
    assert told(said) == [
        "2 kiriman yang terlambat diterima.",
        "1 kiriman menyangkut keluarga di luar wilayah Anda; kirimannya menyebut siapa yang dapat menerimanya.",
    ]
    states = Arrival.objects.values_list("state", "reason", "decided_by")
    assert {number: states.get(pk=row.pk) for number, row in came.items()} == {
        "A1": ("taken", "", me.pk),
        "E1": ("quarantined", "late", None),
        "B1": ("quarantined", "late", None),
        "C1": ("set_aside", "late", colleague.pk),
        "D1": ("taken", "", me.pk),
    }


def test_what_corrects_one_that_the_press_did_not_take_still_waits_when_another_lets_that_in() -> None:
    of = open_field()
    elsewhere, came = came_late_from_two_loci(of, "A1", "E1", "E2", "B1", "B2", "B3", "C1", "C2")
    me, colleague, slug = lurah(of), lurah(of), of.programme.cycle.slug
    client = inside(me)
    page = client.get(base(of))

    def states() -> dict[str, tuple[str, str]]:
        rows = Arrival.objects.values_list("state", "reason")
        return {number: rows.get(pk=row.pk) for number, row in came.items()}

    with meanwhile(came["A1"], lambda: others_decide(came, elsewhere, colleague)):
        said = pressed(client, page)

    assert "6 kiriman hanya terlambat" in page.content.decode()
    assert told(said) == [
        "1 kiriman yang terlambat diterima.",
        "1 kiriman masih tertahan karena sebab lain; lihat satu per satu.",
        "3 kiriman menyangkut keluarga di luar wilayah Anda; kirimannya menyebut siapa yang dapat menerimanya.",
    ]
    waits = ("quarantined", "late")
    left = {**dict.fromkeys(came, waits), "A1": ("taken", ""), "C1": ("set_aside", "late")}
    assert states() == left
    assert list(AuditEntry.objects.filter(actor=me).values_list("action", flat=True)) == ["arrivals.let_in"]
    assert told(pressed(client, page)) == [
        "3 kiriman menyangkut keluarga di luar wilayah Anda; kirimannya menyebut siapa yang dapat menerimanya.",
        "1 kiriman tidak lagi hanya terlambat; lihat satu per satu.",
    ]

    # Who lets in the originals says nothing of their corrections: those are still to be asked about.
    take_back(by=colleague, cycle_slug=slug, arrival_id=came["C1"].uuid)
    for number in ("E1", "B1", "C1"):
        let_in(by=secretary(of.programme), cycle_slug=slug, arrival_id=came[number].uuid, seen=["late"])
    take_in()
    assert states() == {**left, **dict.fromkeys(("E1", "B1", "C1"), ("taken", ""))}


def test_who_sent_one_from_where_another_keeps_the_records_is_not_told_that_it_is_hers_to_let_in() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    sent = late(of, family)
    # Of what she cannot decide on no correction is ready either.
    correction = late(of, family)
    Arrival.objects.filter(pk=correction.pk).update(deprecated_id=sent.instance_id)
    elsewhere = build.lokus(of.programme.cycle, "36.72.05.1001", prefix="SJ")
    user = build.member(Role.SUPERVISOR, elsewhere.area, cycle=of.programme.cycle)
    Arrival.objects.filter(pk=sent.pk).update(by=user)
    Arrival.objects.filter(pk=correction.pk).update(by=user, area=elsewhere.area)
    told = [arrivals_page(each, of.programme.cycle.slug, Asked()) for each in (user, secretary(of.programme))]

    assert [(page.late, page.late_shown) for page in told] == [(0, ()), (2, (sent.uuid, correction.uuid))]
    assert [page.counts["quarantined"] for page in told] == [2, 2]


def test_of_a_family_that_she_only_visits_as_a_cadre_nothing_is_offered_and_nothing_is_told() -> None:
    of = open_field()
    elsewhere, came = came_late_from_two_loci(of, "A1", "E1", "E2", "B1")
    # Taken in by the secretariat, what corrects it is no more hers than it was.
    let_in(by=CONSOLE, cycle_slug=of.programme.cycle.slug, arrival_id=came["E1"].uuid)
    Arrival.objects.filter(pk=came["E2"].pk).update(about=None)
    me = build.member(Role.CADRE, elsewhere.area, cycle=of.programme.cycle, user=lurah(of))
    client = inside(me)

    page = client.get(base(of))
    said = client.post(f"{base(of)}terlambat/", {"dilihat": [str(row.uuid) for row in came.values()]}, follow=True)

    assert arrivals_page(secretary(of.programme), of.programme.cycle.slug, Asked()).late == 1
    shown = re.findall(r'name="dilihat" value="([^"]+)"', page.content.decode())
    assert shown == [str(came[number].uuid) for number in ("A1", "B1")]
    assert told(said.content.decode())[0] == "2 kiriman yang terlambat diterima."
    assert {number: Arrival.objects.get(pk=row.pk).state for number, row in came.items()} == {
        "A1": "taken",
        "E1": "taken",
        "E2": "quarantined",
        "B1": "taken",
    }


def test_what_met_others_who_wrote_the_same_is_told_so_and_goes_in_with_what_corrects_it_by_the_next_press() -> None:
    of = open_field()
    _elsewhere, came = came_late_from_two_loci(of, "A1", "A2", "A3", "B1")
    client = inside(lurah(of))

    def others_write() -> None:
        raise OperationalError("could not obtain lock on row")

    with meanwhile(came["A1"], others_write):
        said = told(pressed(client, client.get(base(of))))

    assert said == [
        "1 kiriman yang terlambat diterima.",
        "3 kiriman belum diterima karena orang lain sedang menulis data yang sama; tekan sekali lagi.",
    ]
    assert told(pressed(client, client.get(base(of)))) == ["3 kiriman yang terlambat diterima."]
    assert set(Arrival.objects.values_list("state", flat=True)) == {"taken"}
