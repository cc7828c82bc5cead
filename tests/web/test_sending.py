"""/kirim/<uuid>: nothing lost, nothing doubled, whatever is cut, repeated or come too late."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.field.taking import take_in
from selaras.actions.links import make_link, revoke
from selaras.models import (
    Arrival,
    ArrivalFile,
    CurrentAnswers,
    Household,
    Role,
    StoredFile,
    Submission,
    Upload,
    UploadPiece,
    User,
)
from tests import build
from tests.build_field import Field, filled, open_field
from tests.build_sending import Item, Wire, item, packed
from tests.photos import jpeg
from tests.web.cast import inside

pytestmark = pytest.mark.django_db
TAKEN = {"state": "sent", "said": "Sudah diterima."}


def cadre(of: Field) -> User:
    return of.phone.phone.user


def family(of: Field, **more: object) -> Household:
    return build.household(of.programme.lokus, rw="03", rt="02", **more)


def form(of: Field, *files: tuple[str, bytes], household: Household | None = None, number: str = "") -> Item:
    """A form about a family, whose photos its answers name."""
    number = number or str(uuid.uuid4())
    named = "".join(f"<foto>{name}</foto>" for name, _ in files)
    xml = filled(of.form, household or family(of), instance=f"uuid:{number}", more=named)
    return item(xml, files, number=number)


def said(answer) -> dict[str, object]:
    return {"status": answer.status_code, **{key: answer.json().get(key) for key in ("state", "said")}}


def kept() -> dict[str, int]:
    return {
        "arrivals": Arrival.objects.count(),
        "files": ArrivalFile.objects.count(),
        "pieces": UploadPiece.objects.count(),
        "uploads": Upload.objects.count(),
    }


# --- whole, in pieces, again
def test_a_form_with_a_photo_arrives_whole_and_counts_like_a_phones() -> None:
    of = open_field()
    photo = jpeg()
    sent, home = form(of, ("a.jpg", photo)), Household.objects.get()

    answer = Wire(inside(cadre(of))).put(sent)
    take_in()

    arrival = Arrival.objects.get()
    assert said(answer) == {"status": 200, **TAKEN}
    assert (arrival.instance_id, arrival.mode, arrival.device, arrival.by) == (
        f"uuid:{sent.uuid}",
        "web",
        "web",
        cadre(of),
    )
    assert [(row.name, row.file.content(), row.named) for row in arrival.files.all()] == [("a.jpg", photo, True)]
    assert CurrentAnswers.objects.get(household=home).submission.mode == "web"


def test_the_same_form_again_and_again_is_one() -> None:
    of = open_field()
    sent = form(of, ("a.jpg", jpeg()))
    wire = Wire(inside(cadre(of)))

    answers = [said(wire.put(sent)) for _ in range(3)]

    assert answers == [{"status": 200, **TAKEN}] * 3
    assert kept() == {"arrivals": 1, "files": 1, "pieces": 0, "uploads": 1}


@pytest.mark.parametrize("step", [601, 5000, 100_000])
def test_a_form_in_pieces_of_any_size_is_byte_for_byte_what_was_queued(step: int) -> None:
    of = open_field()
    photo, other = jpeg(), b"\xff\xd8" + bytes(range(256)) * 40
    sent = form(of, ("a.jpg", photo), ("b.jpg", other))
    wire, at, answers = Wire(inside(cadre(of))), 0, []

    while at < len(sent.content):
        end = min(at + step, len(sent.content))
        answer = wire.put(sent, at, end)
        answers.append((answer.status_code, answer.json()["state"]))
        at = end

    assert answers == [(202, "partial")] * (len(answers) - 1) + [(200, "sent")]
    assert [(row.name, row.file.content()) for row in ArrivalFile.objects.order_by("name")] == [
        ("a.jpg", photo),
        ("b.jpg", other),
    ]
    assert kept() == {"arrivals": 1, "files": 2, "pieces": 0, "uploads": 1}


def test_after_a_cut_it_says_how_much_has_arrived_and_goes_on_from_there() -> None:
    of = open_field()
    sent = form(of, ("a.jpg", jpeg()))
    wire, total = Wire(inside(cadre(of))), len(sent.content)

    before = wire.told(sent)
    wire.put(sent, 0, 700)
    # Announced 500 bytes, of which 200 came: nothing of them is kept.
    cut = wire.put(sent, 700, 1200, content=sent.content[700:900])
    after, head = wire.told(sent), wire.client.head(sent.url)
    done = wire.put(sent, 700, total)

    assert before == {"status": 200, "state": "partial", "said": "", "arrived": 0, "total": None}
    assert said(cut) == {"status": 400, "state": "failed", "said": "Kiriman terputus di jalan; pengiriman diulang."}
    assert after == {"status": 200, "state": "partial", "said": "", "arrived": 700, "total": total}
    assert (head.content, head["Selaras-State"], head["Selaras-Arrived"]) == (b"", "partial", "700")
    assert said(done) == {"status": 200, **TAKEN}
    assert wire.told(sent) == {"status": 200, **TAKEN, "arrived": total}


def test_a_piece_from_another_place_changes_nothing_and_hears_where_to_go_on() -> None:
    of = open_field()
    sent = form(of, ("a.jpg", jpeg()))
    wire = Wire(inside(cadre(of)))
    wire.put(sent, 0, 500)

    again, ahead = wire.put(sent, 0, 500), wire.put(sent, 900, 1000)

    assert [(each.status_code, each.json()["arrived"]) for each in (again, ahead)] == [(202, 500), (202, 500)]
    assert UploadPiece.objects.count() == 1


def test_a_server_that_fell_after_the_last_piece_is_told_that_it_is_all() -> None:
    of = open_field()
    sent = form(of)
    wire, total = Wire(inside(cadre(of))), len(sent.content)
    wire.put(sent, 0, 500)
    wire.put(sent, 500, total - 1)
    # As if the process had died between keeping the last piece and taking the whole.
    upload = Upload.objects.get()
    last = StoredFile.store(sent.content[-1:], "application/octet-stream", upload.key)
    UploadPiece.objects.create(upload=upload, start=total - 1, file=last)
    Upload.objects.update(arrived=total)

    waiting, done = wire.told(sent), wire.put(sent, total)

    assert (waiting["state"], waiting["arrived"]) == ("partial", total)
    assert said(done) == {"status": 200, **TAKEN}
    assert kept() == {"arrivals": 1, "files": 0, "pieces": 0, "uploads": 1}


def test_a_photo_that_was_damaged_on_its_way_is_asked_for_anew_and_nothing_of_it_counts() -> None:
    of = open_field()
    sent = form(of, ("a.jpg", jpeg()))
    wire, total = Wire(inside(cadre(of))), len(sent.content)
    wire.put(sent, 0, total - 50)

    damaged = wire.put(sent, total - 50, total, content=b"\0" * 50)
    whole = wire.put(sent)

    assert (damaged.status_code, damaged.json()["state"], damaged.json()["arrived"]) == (202, "partial", 0)
    assert said(whole) == {"status": 200, **TAKEN}
    assert ArrivalFile.objects.get().file.content() == jpeg()


def test_other_bytes_under_a_number_that_was_taken_are_kept_and_held() -> None:
    of = open_field()
    home = family(of)
    first = form(of, household=home)
    second = item(filled(of.form, home, {"jumlah": "7"}, instance=f"uuid:{first.uuid}"), number=first.uuid)
    wire = Wire(inside(cadre(of)))
    wire.put(first)

    answer = wire.put(second)

    assert said(answer) == {
        "status": 200,
        "state": "held",
        "said": "Sudah diterima, ditahan: nomornya sama dengan kiriman lain, isinya berbeda. Perlu diputuskan "
        "kelurahan.",
    }
    assert list(Arrival.objects.order_by("pk").values_list("state", "reason")) == [
        ("waiting", ""),
        ("quarantined", "other_bytes"),
    ]


def test_other_bytes_under_a_number_half_arrived_begin_it_anew() -> None:
    of = open_field()
    home = family(of)
    first = form(of, household=home)
    second = item(filled(of.form, home, {"jumlah": "7"}, instance=f"uuid:{first.uuid}"), number=first.uuid)
    wire = Wire(inside(cadre(of)))
    wire.put(first, 0, 200)

    behind, whole = wire.put(second, 200, 300), wire.put(second)

    assert (behind.status_code, behind.json()["arrived"]) == (202, 0)
    assert said(whole) == {"status": 200, **TAKEN}
    assert kept() == {"arrivals": 1, "files": 0, "pieces": 0, "uploads": 1}


# --- who
def test_whose_sign_in_has_expired_is_told_so_in_json_and_nothing_is_kept() -> None:
    of = open_field()
    sent = form(of)

    answers = [Wire(Client()).put(sent), Client().get(sent.url)]

    words = "Anda perlu masuk lagi. Isian aman di HP ini dan terkirim setelah Anda masuk."
    assert [each.json() for each in answers] == [{"state": "failed", "said": words, "why": "sign_in"}] * 2
    assert [each.status_code for each in answers] == [401, 401]
    assert kept() == {"arrivals": 0, "files": 0, "pieces": 0, "uploads": 0}


def test_what_one_queued_is_never_sent_as_anothers() -> None:
    of = open_field()
    other = build.member(Role.CADRE, f"{of.programme.lokus.area}.RW03", cycle=of.programme.cycle)
    sent = form(of)

    answer = Wire(inside(other), {"Selaras-User": str(cadre(of).uuid)}).put(sent)

    assert (answer.status_code, answer.json()["state"], answer.json()["why"]) == (401, "failed", "other")
    assert Arrival.objects.count() == 0


def test_a_number_of_anothers_says_nothing_of_hers() -> None:
    of = open_field()
    other = build.member(Role.CADRE, f"{of.programme.lokus.area}.RW03", cycle=of.programme.cycle)
    sent = form(of)
    Wire(inside(cadre(of))).put(sent)

    assert Wire(inside(other)).told(sent) == {
        "status": 200,
        "state": "partial",
        "said": "",
        "arrived": 0,
        "total": None,
    }


def test_without_the_token_of_a_page_nothing_is_kept_and_with_it_all_is() -> None:
    of = open_field()
    sent = form(of)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cadre(of))

    without = Wire(client).put(sent)
    token = client.get(sent.url)["Selaras-Token"]
    with_it = Wire(client, {"X-CSRFToken": token}).put(sent)

    assert (without.status_code, without.json()["state"], without.json()["why"]) == (403, "failed", "token")
    assert said(with_it) == {"status": 200, **TAKEN}
    assert Arrival.objects.count() == 1


def test_who_comes_by_an_agencys_link_sends_without_an_account_but_no_forms() -> None:
    of = open_field()
    asked = build.agency("Dinkes")
    until = timezone.localdate() + timedelta(days=9)
    slug = of.programme.cycle.slug
    link = make_link(by=CONSOLE, cycle_slug=slug, agency_id=asked.pk, holder="Budi", until=until)
    sent, client = form(of), Client(enforce_csrf_checks=True)

    by_link = Wire(client, {"Selaras-Link": link.token})
    told, refused = by_link.told(sent), by_link.put(sent)
    revoke(by=CONSOLE, cycle_slug=slug, link_id=link.link.uuid)
    closed, wrong = by_link.put(sent), Wire(client, {"Selaras-Link": "x" * 43}).put(sent)

    assert (told["status"], told["state"]) == (200, "partial")
    assert (refused.status_code, refused.json()["state"]) == (403, "refused")
    assert [(each.status_code, each.json()["why"]) for each in (closed, wrong)] == [(401, "link")] * 2
    assert kept() == {"arrivals": 0, "files": 0, "pieces": 0, "uploads": 0}


@pytest.mark.parametrize("role", [Role.JUROR, Role.LIAISON, Role.LEADER, Role.PROVINCE, Role.ADMINISTRATOR])
def test_who_has_no_task_with_families_is_refused_before_anything_is_kept(role: Role) -> None:
    of = open_field()
    sent = form(of)
    code = "" if role == Role.ADMINISTRATOR else of.programme.cycle.place.code
    user = build.member(role, agency=build.agency()) if role == Role.LIAISON else build.member(role, code)

    answer = Wire(inside(user)).put(sent, 0, len(sent.content) - 1)

    assert (answer.status_code, answer.json()["state"]) == (403, "refused")
    assert kept() == {"arrivals": 0, "files": 0, "pieces": 0, "uploads": 0}


def test_a_cadre_of_another_city_is_refused() -> None:
    of = open_field()
    sent = form(of)
    far = build.member(Role.CADRE, "36.73.01.1001")

    answer = Wire(inside(far)).put(sent)

    assert (answer.status_code, answer.json()["state"]) == (403, "refused")
    assert Arrival.objects.count() == 0


def test_a_family_outside_of_her_area_is_held_and_the_offices_is_taken() -> None:
    of = open_field()
    there = build.household(of.programme.lokus, rw="05", rt="01")
    lurah = build.member(Role.SUPERVISOR, of.programme.lokus.area, cycle=of.programme.cycle)
    hers, office = form(of, household=there), form(of, household=there)

    Wire(inside(cadre(of))).put(hers)
    Wire(inside(lurah)).put(office)
    take_in()

    assert Wire(inside(cadre(of))).told(hers)["said"] == (
        "Sudah diterima, ditahan: keluarganya di luar wilayah Anda. Perlu diputuskan kelurahan."
    )
    assert Wire(inside(lurah)).told(office)["state"] == "sent"
    assert Submission.objects.get().by == lurah


def test_a_cadre_of_two_areas_sends_for_each() -> None:
    of = open_field()
    lokus = of.programme.lokus
    user = build.member(Role.CADRE, f"{lokus.area}.RW05", cycle=of.programme.cycle, user=cadre(of))
    homes = [build.household(lokus, rw=rw, rt="01") for rw in ("03", "05")]

    wire = Wire(inside(user))
    for home in homes:
        wire.put(form(of, household=home))
    take_in()

    assert sorted(Submission.objects.values_list("household", flat=True)) == sorted(home.pk for home in homes)


# --- too late
def test_a_late_round_a_closed_year_and_a_task_that_ended_keep_the_form_and_hold_it() -> None:
    of = open_field()
    now, cycle, round_ = timezone.now(), of.programme.cycle, of.programme.round
    wire = Wire(inside(cadre(of)))
    late, ended, closed = form(of), form(of), form(of)

    round_.opens, round_.closes = timezone.localdate() - timedelta(days=9), timezone.localdate() - timedelta(days=2)
    round_.save()
    wire.put(late)
    round_.closes = timezone.localdate() + timedelta(days=9)
    round_.save()
    cadre(of).memberships.update(ends=now - timedelta(minutes=1))
    wire.put(ended)
    cycle.closed_at = now
    cycle.save()
    wire.put(closed)

    assert list(Arrival.objects.order_by("pk").values_list("state", "reason")) == [
        ("quarantined", "late"),
        ("quarantined", "no_task"),
        ("quarantined", "closed"),
    ]
    assert [wire.told(each)["said"] for each in (late, ended, closed)] == [
        f"Sudah diterima, ditahan: {why}. Perlu diputuskan kelurahan."
        for why in (
            "tiba setelah putaran ditutup",
            "tugas Anda di tahun ini sudah berakhir",
            "tahun programnya sudah ditutup",
        )
    ]


def test_news_of_a_form_that_was_set_aside_say_so() -> None:
    of = open_field()
    wire, sent = Wire(inside(cadre(of))), form(of)
    wire.put(sent)
    Arrival.objects.update(state="set_aside", note="Catatan kantor RAHASIA")

    assert wire.told(sent) == {
        "status": 200,
        "state": "held",
        "said": "Sudah diterima, lalu disisihkan kelurahan. Tanyakan alasannya kepada mereka.",
        "arrived": len(sent.content),
    }


def test_a_practice_form_says_that_it_does_not_count() -> None:
    of = open_field()
    sent = item(filled(of.practice, family(of)))

    assert Wire(inside(cadre(of))).put(sent).json()["said"] == "Sudah diterima (latihan, tidak dihitung)."


# --- what is no form
def test_what_is_broken_is_kept_and_held_like_a_phones() -> None:
    of = open_field()
    sent = item(b"<data id='x'><tidak-utuh>")

    answer = Wire(inside(cadre(of))).put(sent)

    assert answer.json() == {
        "state": "held",
        "said": "Sudah diterima, ditahan: isinya rusak di jalan. Perlu diputuskan kelurahan.",
        "arrived": len(sent.content),
    }
    assert Arrival.objects.get().raw_bytes() == b"<data id='x'><tidak-utuh>"


REFUSED = {
    "no head": (Item(str(uuid.uuid4()), b"bukan kepala", "0" * 64), 422),
    "another kind": (packed("rahasia", [("a", "text/xml", b"x")]), 422),
    "no form": (packed("form", [("a.jpg", "image/jpeg", b"x")]), 422),
    "too many": (packed("form", [("a.jpg", "image/jpeg", b"x")] * 302), 422),
    "no part": (packed("form", []), 422),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_item_is_refused_with_a_remedy(what: str) -> None:
    of = open_field()
    sent, status = REFUSED[what]

    answer = Wire(inside(cadre(of))).put(sent)

    assert (answer.status_code, answer.json()["state"]) == (status, "refused")
    assert ": " in answer.json()["said"] or "; " in answer.json()["said"]
    assert Arrival.objects.count() == 0


def test_too_much_at_once_or_in_all_is_413() -> None:
    of = open_field()
    wire, sent = Wire(inside(cadre(of))), form(of)
    headers = {"Selaras-Digest": sent.digest}

    big = wire.client.put(sent.url, b"x" * (4 * 1024 * 1024 + 1), headers=headers)
    long = wire.client.put(sent.url, b"x" * 10, headers={**headers, "Content-Range": f"bytes 0-9/{101 * 1024 * 1024}"})

    assert [(each.status_code, each.json()["state"]) for each in (big, long)] == [(413, "refused")] * 2
