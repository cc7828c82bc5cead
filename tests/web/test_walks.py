"""/tahun/…/lokus/…/tempat-aman/: a refused form says what is wrong at each of its fields, and above leads there."""

import re
from collections.abc import Mapping

import pytest
from django.http import HttpResponse

from selaras.models import SafetyWalk, WalkFinding
from tests import build
from tests.build_programme import programme
from tests.web.cast import ani, inside, secretary

pytestmark = pytest.mark.django_db
AREA = "RT itu bukan di lokus ini; tulis nomor RT dan RW-nya, misalnya RT 2 dan RW 3"
DAY = "tanggal jalan bersama belum tiba atau sebelum tahun program; periksa tanggalnya"
MANY = "jumlahnya bukan bilangan bulat dari 0 sampai 500; periksa angkanya"
WALK = {"rt": "2", "rw": "3", "on": "2024-05-04", "women": "4", "children": ""}


def said_at(response: HttpResponse) -> dict[str, str]:
    """id of a control → what is wrong there, as its `aria-describedby` names it."""
    text = response.content.decode()
    told: Mapping[str, str] = dict(re.findall(r'<p class="errorlist" id="([^"]+)">(.*?)</p>', text))
    marked = re.findall(r'<(?:input|select|fieldset)[^>]*\bid="([^"]+)"[^>]* aria-describedby="([^"]+)"', text)
    return {control: told[at] for control, at in marked}


def led_to(response: HttpResponse) -> list[str]:
    """The ids to which what stands above the page leads."""
    (above,) = re.findall(r'<div class="notice harm" role="alert">.*?</div></div>', response.content.decode())
    return re.findall(r'href="#([^"]+)"', above)


def test_a_refused_walk_says_at_each_field_what_is_wrong_and_keeps_what_was_typed() -> None:
    of = programme()
    client, address = inside(ani(of)), f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/tempat-aman/"
    wrong = client.post(address, {**WALK, "rt": "", "on": "2999-01-01", "children": "x"})
    taken = client.post(address, {**WALK, "women": "2"})

    assert (wrong.status_code, taken.status_code, SafetyWalk.objects.count()) == (422, 422, 0)
    assert said_at(wrong) == {"rt": AREA, "rw": AREA, "on": DAY, "children": MANY}
    assert led_to(wrong) == ["rt", "on", "children"]
    assert re.findall(r'id="(\w+)"[^>]*aria-invalid="true"', wrong.content.decode()) == ["rt", "rw", "on", "children"]
    assert re.findall(r'id="children" name="children" value="(.*?)"', wrong.content.decode()) == ["x"]
    assert said_at(taken) == {
        "women": "jalan bersama diikuti sedikitnya 3 orang; ajak lebih banyak: catatan dua orang menunjuk orangnya"
    }


def test_a_refused_finding_and_a_proposal_without_an_agency_say_it_where_the_choice_is() -> None:
    of = programme()
    build.agency("DPUTR")
    client, address = inside(secretary(of)), f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/tempat-aman/"
    client.post(address, {**WALK, "id": "00000000-0000-4000-8000-000000000001"})
    walk = f"{address}{SafetyWalk.objects.get().uuid}/"
    refused = client.post(walk, {"near": "bridge"})
    noted = [client.post(walk, {"what": what, "near": "bridge", "when": "night"}) for what in ("dark", "water")]
    first, second = WalkFinding.objects.order_by("pk").values_list("pk", flat=True)
    without = client.post(f"{walk}usul/", {"temuan": second, "opd": ""})

    assert ([each.status_code for each in (refused, *noted, without)]) == [422, 302, 302, 422]
    assert said_at(refused) == {
        "what": "apa yang terasa tidak aman belum dipilih; pilih satu, lalu catat lagi",
        "when": "kapannya belum dipilih; pilih satu, lalu catat lagi",
    }
    assert led_to(refused) == ["what", "when"]
    assert '<option value="bridge" selected>' in refused.content.decode()
    assert said_at(without) == {f"opd-{second}": "OPD-nya belum dipilih; pilih OPD yang dapat memperbaikinya"}
    assert (led_to(without), f'id="opd-{first}" name="opd" required>' in without.content.decode()) == (
        [f"opd-{second}"],
        True,
    )


def test_where_no_agency_can_be_chosen_what_is_wrong_is_said_above_and_leads_nowhere() -> None:
    of = programme()
    client, address = inside(ani(of)), f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/tempat-aman/"
    client.post(address, {**WALK, "id": "00000000-0000-4000-8000-000000000001"})
    walk = f"{address}{SafetyWalk.objects.get().uuid}/"
    client.post(walk, {"what": "dark", "near": "bridge", "when": "night"})
    without = client.post(f"{walk}usul/", {"temuan": WalkFinding.objects.get().pk, "opd": ""})

    assert (without.status_code, said_at(without), led_to(without)) == (422, {}, [])
    assert "<p><b>OPD-nya belum dipilih</b>; pilih OPD yang dapat memperbaikinya</p>" in without.content.decode()
