"""/tahun/<slug>/hp/: a cadre's phone is given a code that is shown once and sets it up, and is revoked."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.cycles import add_round
from selaras.models import AuditEntry, FieldForm, PhoneToken, Role, RoundKind, User
from selaras.odk.settings_qr import settings_code
from selaras.web.invitations import qr_path
from tests import build
from tests.build_field import Field, open_field, phone_of
from tests.build_programme import Programme, programme
from tests.openrosa.collect import Collect
from tests.openrosa.test_contract import HOST, wire
from tests.pdf import pdf_text
from tests.web.cast import ani, budi, citra, dewi, eka, inside, secretary

pytestmark = pytest.mark.django_db


def address(of: Programme, rest: str = "") -> str:
    return f"/tahun/{of.cycle.slug}/hp/{rest}"


def lurah(of: Programme) -> User:
    return build.member(Role.SUPERVISOR, of.lokus.area, cycle=of.cycle)


def task_of(user: User) -> dict[str, str]:
    return {"orang": str(user.memberships.get().pk)}


def test_each_role_is_answered_as_it_should() -> None:
    of = programme()
    cadre = ani(of)
    people: dict[str, User] = {
        "secretariat": secretary(of),
        "lurah": lurah(of),
        "next door": budi(of),
        "juror": citra(of),
        "cadre": cadre,
        "protection": eka(of),
        "stranger": dewi(),
    }
    found = {who: inside(user).get(address(of)).status_code for who, user in people.items()}
    given = {who: inside(user).post(address(of), task_of(cadre)).status_code for who, user in people.items()}

    seen = {"secretariat": 200, "lurah": 200, "next door": 200}
    refused = {"juror": 403, "cadre": 403, "protection": 403, "stranger": 404}
    assert found == {**seen, **refused}
    # The lurah next door keeps no records of this cadre's RW.
    assert given == {**seen, **refused, "next door": 403}
    assert (PhoneToken.objects.count(), Client().get(address(of)).status_code) == (2, 302)


def test_the_code_is_shown_once_and_sets_up_a_phone_that_finds_its_forms() -> None:
    of = programme()
    cadre = ani(of)
    browser = inside(lurah(of))
    answer = browser.post(address(of), task_of(cadre))
    page = answer.content.decode()
    found = re.search(rf"<code[^>]*>({re.escape(settings.SELARAS_BASE_URL)}/odk/([\w-]{{43}}))</code>", page)
    assert found
    url, token = found[1], found[2]
    phone = PhoneToken.objects.get()

    code = settings_code(server_url=url, name="P2WKSS 2024 Kelurahan Gedong Dalem, RW 03")
    assert f'<path d="{qr_path(code)[0]}"/>' in page
    assert [one.name for one in Collect.by_settings(code, wire).form_list()] == ["LATIHAN: P2WKSS 2024 Cilegon"]
    assert (phone.user, answer.headers["Cache-Control"].count("no-store")) == (cadre, 1)
    again = browser.get(address(of)).content.decode()
    assert (token in again, "Belum pernah dipakai" in again, "Uji cadre" in again) == (False, False, True)
    details = str(list(AuditEntry.objects.values_list("action", "object_id", "details")))
    assert token not in details
    assert "phones.give" in details


def test_the_forms_are_made_with_the_first_code_and_made_anew_with_a_new_round() -> None:
    of = programme()
    day = of.round.opens
    add_round(by=CONSOLE, cycle=of.cycle, kind=RoundKind.VISIT, opens=day, closes=day)
    assert FieldForm.objects.count() == 0

    inside(lurah(of)).post(address(of), task_of(ani(of)))
    first = set(FieldForm.objects.values_list("form_id", flat=True))
    add_round(by=CONSOLE, cycle=of.cycle, kind=RoundKind.ENDLINE, opens=day, closes=day)

    assert first == {f"{of.cycle.slug}-{name}" for name in ("baseline-1", "visit-1", "latihan")}
    assert set(FieldForm.objects.values_list("form_id", flat=True)) - first == {f"{of.cycle.slug}-endline-1"}


def test_a_year_without_an_instrument_says_what_is_missing() -> None:
    of = programme()
    of.cycle.cycle_instruments.all().delete()
    answer = inside(lurah(of)).post(address(of), task_of(ani(of)))

    assert (answer.status_code, PhoneToken.objects.count()) == (422, 0)
    assert "tahun program ini belum punya instrumen utama" in answer.content.decode()


@pytest.mark.parametrize("task", ["", "x", "-1", "9" * 30, "999999"])
def test_a_code_for_nobody_is_not_there(task: str) -> None:
    of = programme()
    assert inside(lurah(of)).post(address(of), {"orang": task}).status_code == 404


def revoked(of: Field) -> Callable[[User], int]:
    there = address(of.programme, f"{of.phone.phone.uuid}/cabut/")
    return lambda user: inside(user).post(there).status_code


def test_a_revoked_code_opens_nothing_and_the_page_says_so() -> None:
    of = open_field()
    phone = Collect(f"{HOST}/odk/{of.phone.token}", wire)
    assert len(phone.form_list()) == 2
    people = [citra(of.programme), budi(of.programme), lurah(of.programme)]

    assert [revoked(of)(user) for user in people] == [404, 404, 302]

    assert wire("GET", f"{HOST}/odk/{of.phone.token}/formList", {}, b"").status == 403
    page = inside(lurah(of.programme)).get(address(of.programme)).content.decode()
    assert ("<b>dicabut" in page, "Cabut kode HP ini" in page) == (True, False)


def test_the_letter_names_the_cadre_her_area_and_the_rounds_and_no_family() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03", name="Rohayati Uji")
    task = of.phone.phone.membership_id
    answer = inside(lurah(of.programme)).get(address(of.programme, f"{task}/surat-tugas.pdf"))
    text = " ".join(pdf_text(answer.content).split())

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert "SURAT TUGAS" in text
    assert "Uji cadre" in text
    assert "Kelurahan Gedong Dalem, RW 03" in text
    assert "data awal" in text
    assert (family.head_name in text, family.code in text) == (False, False)
    others = [budi(of.programme), citra(of.programme), of.phone.phone.user]
    statuses = [inside(user).get(address(of.programme, f"{task}/surat-tugas.pdf")).status_code for user in others]
    assert statuses == [404, 404, 404]


def test_the_card_for_families_is_the_same_for_all_and_says_what_they_may_refuse() -> None:
    of = open_field()
    build.household(of.programme.lokus, rw="03", name="Rohayati Uji")
    pages = [inside(user).get(address(of.programme, "kartu/")) for user in (lurah(of.programme), of.phone.phone.user)]
    texts = [page.content.decode() for page in pages]

    assert [page.status_code for page in pages] == [200, 200]
    assert all("Dipakai hanya sejauh Anda mengizinkan;" in text for text in texts)
    assert not any("Rohayati" in text or "GD-0" in text for text in texts)


def test_a_phone_whose_task_has_ended_stays_told_apart() -> None:
    of = open_field()
    of.phone.phone.user.memberships.update(ends=timezone.now())
    page = inside(lurah(of.programme)).get(address(of.programme)).content.decode()

    assert "1 orang yang tugasnya sudah berakhir" in page
    assert "tidak berlaku lagi: tugasnya berakhir" in page
    assert phone_of(of.programme, "RW04").phone.is_open(timezone.now())
