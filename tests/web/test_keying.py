"""/tahun/<slug>/lokus/<code>/formulir/ and /ketik/: paper out, answers in, nothing lost on a mistake."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from selaras.models import Arrival, AuditEntry, CurrentAnswers, Household, SecondEntry
from tests import build
from tests.build_field import Field, open_field
from tests.web.cast import ani, budi, citra, dewi, eka, inside, secretary

pytestmark = pytest.mark.django_db
ANSWERS = {"qA": "1", "q1": "4", "q2": "1", "q3": "2 1", "q4": "2500", "q5-1": "Siti Uji", "q6-1": "9", "q7-1": "1"}


def address(of: Field, rest: str) -> str:
    return f"/tahun/{of.programme.cycle.slug}/lokus/{of.programme.lokus.area}/{rest}"


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def fields(text: str) -> dict[str, str]:
    """The inputs of the form of a page, by name; those that the browser copies are not in it."""
    form = re.sub(r"<template.*?</template>", "", text, flags=re.DOTALL)
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name:
            found[name[1]] = html.unescape(value[1]) if value else ""
    return found


def test_only_who_works_with_the_families_prints_and_types() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    cast = (secretary, ani, citra, eka, budi)
    people = {who.__name__: who(of.programme) for who in cast} | {"dewi": dewi()}
    pages = ("formulir/", "formulir/formulir.pdf", "ketik/", "ketik/baru/", f"ketik/{family.code}/")
    seen = {who: {inside(user).get(address(of, page)).status_code for page in pages} for who, user in people.items()}

    assert seen == {"secretary": {200}, "ani": {200}, "citra": {403}, "eka": {403}, "budi": {404}, "dewi": {404}}


def test_a_mistake_loses_nothing_and_is_named_by_its_number() -> None:
    of = open_field()
    family, client = build.household(of.programme.lokus, rw="03"), inside(secretary(of.programme))
    page = client.get(address(of, f"ketik/{family.code}/"))
    hidden = {name: text for name, text in fields(page.content.decode()).items() if not name.startswith("q")}
    sent = ANSWERS | {"q1": "0", "q2": "9", "q4": "", "q5-2": "Budi <Uji>"}

    refused = client.post(address(of, f"ketik/{family.code}/"), hidden | sent)

    text = refused.content.decode()
    assert refused.status_code == 422
    kept = fields(text)
    assert {name: kept[name] for name in sent} == sent
    assert kept["nomor"] == hidden["nomor"]
    assert re.findall(r'<a href="#(q[^"]+)">([^<]+)</a>', text) == [("q1", "nomor 1"), ("q2", "nomor 2")]
    assert re.findall(r'<input id="([^"]+)"[^>]*aria-invalid="true"', text) == ["q1", "q2"]
    assert "“9” bukan pilihan; ketik salah satu: 1 Leher angsa, 2 Cemplung" in words(text)
    assert not Arrival.objects.exists()


def test_a_paper_is_saved_and_the_next_one_is_asked_for() -> None:
    of = open_field()
    family, client = build.household(of.programme.lokus, rw="03"), inside(ani(of.programme))
    started = client.get(address(of, "ketik/"), {"keluarga": f" {family.code.lower()} "})
    there = client.get(started.headers["Location"])
    hidden = {name: text for name, text in fields(there.content.decode()).items() if not name.startswith("q")}

    saved = client.post(address(of, f"ketik/{family.code}/"), hidden | ANSWERS, follow=True)

    assert saved.redirect_chain == [(address(of, "ketik/?putaran=baseline"), 302)]
    assert f"{family.code} tersimpan." in words(saved.content.decode())
    assert CurrentAnswers.objects.get(household=family).answers["jumlah"] == 4
    again = words(client.get(address(of, f"ketik/{family.code}/")).content.decode())
    assert "Keluarga ini sudah punya jawaban putaran ini" in again
    unknown = client.get(address(of, "ketik/"), {"keluarga": "GD-999"})
    assert (unknown.status_code, "keluarga GD-999 tidak ada" in words(unknown.content.decode())) == (422, True)


def test_rows_are_added_without_a_script_and_nothing_typed_goes() -> None:
    of = open_field()
    family, client = build.household(of.programme.lokus, rw="03"), inside(secretary(of.programme))
    build.person(family)
    build.person(family)
    first = fields(client.get(address(of, f"ketik/{family.code}/")).content.decode())
    more = client.post(address(of, f"ketik/{family.code}/"), ANSWERS | {"q5-4": "Eni", "langkah": "baris"})

    rows = sorted(int(name.partition("-")[2]) for name in first if name.startswith("q5-"))
    assert rows == [1, 2]
    found = fields(more.content.decode())
    assert (more.status_code, [found[f"q5-{row}"] for row in (1, 2, 3, 4)]) == (200, ["Siti Uji", "", "", "Eni"])


def test_a_second_entry_is_compared_and_the_choice_is_kept() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    first, second = inside(ani(of.programme)), inside(secretary(of.programme))
    page = address(of, f"ketik/{family.code}/")
    first.post(page, {"formulir": of.form.pk} | ANSWERS)
    listed = second.get(address(of, "ketik/")).content.decode()
    sent = {"formulir": of.form.pk, "kedua": "1", "langkah": "periksa"} | ANSWERS | {"q1": "5", "q2": "2"}

    seen = second.post(page, sent)
    shown = fields(seen.content.decode())
    choice = {"pilih-q1": "pertama", "pilih-q2": "kedua", "langkah": "pilih", "beda": ["q1", "q2"]}
    kept = second.post(page, shown | choice, follow=True)

    assert "kedua=1" in listed
    assert "kedua=1" not in first.get(address(of, "ketik/")).content.decode()
    assert {shown[name] for name in ("q1", "q2")} == {"5", "2"}
    current = CurrentAnswers.objects.get(household=family).answers
    assert (current["jumlah"], current["jamban"]) == (4, "cemplung")
    entry = SecondEntry.objects.get()
    said = words(kept.content.decode())
    assert f"{entry.same} dari {entry.asked} jawaban sama" in said
    assert "1 formulir diketik dua kali" in said


def test_pages_say_no_name_and_no_answer_of_a_family() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03", name="Zubaidah", address="Kalpataru 7", kk="3672050000000001")
    client = inside(secretary(of.programme))
    client.post(address(of, f"ketik/{family.code}/"), {"formulir": of.form.pk} | ANSWERS | {"q5-1": "Melati Uji"})

    for rest in ("formulir/", "ketik/", f"ketik/{family.code}/", f"ketik/{family.code}/?kedua=1"):
        text = client.get(address(of, rest)).content.decode()
        assert [each for each in ("Zubaidah", "Kalpataru", "3672050000000001", "Melati") if each in text] == []


@pytest.mark.parametrize("rest", ["formulir/", "ketik/", "ketik/GD-001/"])
def test_the_same_statements_for_one_family_and_three(rest: str) -> None:
    of = open_field()
    client = inside(secretary(of.programme))
    build.household(of.programme.lokus, rw="03")
    client.get(address(of, rest))
    with CaptureQueriesContext(connection) as one:
        client.get(address(of, rest))
    for _ in range(2):
        build.person(build.household(of.programme.lokus, rw="04"))
    with CaptureQueriesContext(connection) as three:
        client.get(address(of, rest))

    assert len(three) == len(one)


def test_a_year_without_a_form_leads_to_printing_and_odd_numbers_to_nothing() -> None:
    of = open_field()
    client = inside(secretary(of.programme))
    odd = [
        client.get(address(of, f"ketik/baru/?formulir={text}")).status_code for text in ("x", "999999", of.practice.pk)
    ]
    assert odd == [200, 404, 404]
    Arrival.objects.all().delete()
    of.form.delete()
    of.practice.delete()

    early = client.get(address(of, "ketik/baru/"))
    assert (early.status_code, "putaran ini belum punya formulir" in words(early.content.decode())) == (422, True)
    assert "Cetak dulu formulir kertasnya" in words(client.get(address(of, "ketik/")).content.decode())
    assert client.get(address(of, "formulir/formulir.pdf?blok=kosong&kosong=2")).headers["Content-Type"] == (
        "application/pdf"
    )
    none = client.get(address(of, "formulir/formulir.pdf?blok=01-09"))
    assert (none.status_code, "tidak ada keluarga yang cocok" in words(none.content.decode())) == (422, True)
    assert AuditEntry.objects.filter(action="forms.print").count() == 1
    assert Household.objects.count() == 0


def test_a_closed_year_prints_only_what_was_handed_out_and_takes_nothing() -> None:
    of = open_field()
    client, cycle = inside(secretary(of.programme)), of.programme.cycle
    cycle.closed_at = timezone.now()
    cycle.save()

    printed = client.get(address(of, "formulir/formulir.pdf?blok=kosong"))
    typed = client.post(address(of, "ketik/baru/"), {"formulir": of.form.pk} | ANSWERS)
    of.form.delete()
    none = client.get(address(of, "formulir/formulir.pdf?blok=kosong"))

    assert (printed.status_code, typed.status_code, none.status_code) == (200, 403, 422)
    assert "tahun programnya sudah ditutup" in words(none.content.decode())
    assert "ketik/" not in client.get(address(of, "formulir/")).content.decode()
