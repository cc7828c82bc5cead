"""What a family is given of its data: all to the woman who answered, and to whoever else of it nothing of hers."""

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from selaras.actions import audit
from selaras.models import Activity, Confirmation, Evidence, Holding, Household, Need, Role, Target, WomanSaid
from selaras.queries.subject_copy import copy_of, hers
from selaras.queries.subject_done import done_with
from selaras.reports.subject_copy import _content as content_of
from selaras.reports.subject_copy import _done as told_of
from tests import build
from tests.build_evidence import bring, secretary
from tests.build_plans import commitment
from tests.build_programme import programme
from tests.build_voice import Voice, voice
from tests.queries.test_change import coughing

pytestmark = pytest.mark.django_db
DAY = date(2024, 6, 3)


def family_of(of: Voice) -> Household:
    return Household.objects.select_related("lokus__place", "lokus__cycle__place", "key").get(pk=of.family.pk)


def spoken(of: Voice) -> None:
    """What she says, a need that rests on what she alone was asked, and a promise that tells of it."""
    where = {"household": of.family, "on": DAY}
    Confirmation.objects.create(**where, commitment=of.toilet, received=False, said="ibu", via="kader")
    Holding.objects.create(
        **where, commitment=of.toilet, round=of.visit, kind="modal", held_by="laki_laki", used_by="perempuan"
    )
    WomanSaid.objects.create(**where, woman=of.mother, round=of.visit, role=["rumah"], control="suami")
    need = Need.objects.filter(household=of.family, indicator="jamban").get()
    secret = Need.objects.create(
        household=of.family, lokus=of.lokus, indicator="iuran", opened_at=need.opened_at, opened_in=need.opened_in
    )
    telling = commitment(of.lokus, of="Dinsos", needs=[need, secret], title="Bantuan iuran dan jamban")
    nobodys = commitment(of.lokus, of="Dinsos", title="Layanan KB")
    for title, promise in (
        ("Pembagian iuran", telling),
        ("Pasang jamban", of.toilet),
        ("Tanya jawab", None),
        ("Penyuluhan KB", nobodys),
    ):
        done = Activity.objects.create(cycle=of.cycle, lokus=of.lokus, title=title, on=DAY)
        done.households.set([of.family])
        done.commitments.set([] if promise is None else [promise])
    bring(secretary(), of.lokus)
    Evidence.objects.update(activity=Activity.objects.get(title="Pasang jamban"))
    listed = Target(lokus=of.lokus, household=of.family, state="replaced", position=1, reason="refused")
    listed.set_note("suami menolak")
    listed.save()


def test_what_she_alone_says_is_in_the_copy_only_where_it_is_handed_to_her() -> None:
    of = voice()
    spoken(of)
    family = family_of(of)
    whole, shared = (
        json.dumps(content_of(copy_of(family, timezone.now(), whole=each)), ensure_ascii=False)
        for each in (True, False)
    )
    everybodys = (
        "Pasang jamban",
        "Sumiyati Uji",
        "Sumiyati Binti Asep",
        "Jamban sehat",
        "Bantuan jamban (",
        "diganti: menolak",
    )
    her_own = (
        "3 Juni 2024: Bantuan jamban, belum diterima, kata ibu sendiri (dibacakan kader)",
        "3 Juni 2024: Bantuan jamban (modal), dipegang suami atau laki-laki di rumah, dipakai perempuan di rumah",
        "3 Juni 2024: Sumiyati Binti Asep; ikut memutuskan di rumah; yang menguasai hasil: suami",
        "Iuran: sejak",
        "Bantuan iuran dan jamban",
        "Pembagian iuran",
        "Tanya jawab",
        "Penyuluhan KB",
        "suami menolak",
        "Dari instansi lain",
    )
    assert [words for words in (*everybodys, *her_own) if words not in whole] == []
    assert [words for words in everybodys if words not in shared] == []
    assert [words for words in her_own if words in shared] == []
    assert [words for words in ("iuran", "suami") if words in shared.casefold()] == []
    assert "1 foto, 0 isian lama" in shared


def test_answers_of_health_and_of_the_home_are_hers_and_what_a_member_is_stays() -> None:
    version = programme(coughing()).version
    apart = hers(version)
    assert {"batuk", "iuran"} <= apart
    assert {"jamban", "nama", "umur", "sekolah"} & apart == set()


def test_each_look_at_a_list_or_file_with_the_family_is_told_by_who_had_which_task_then() -> None:
    of = voice()
    family, slug = family_of(of), of.cycle.slug
    cadre = build.member(Role.CADRE, of.lokus.area, cycle=of.cycle)
    build.member(Role.JUROR, "36.72", user=cadre)
    before = {entry.action for entry in done_with(family, whole=True)}
    lokus = {"object_type": "lokus", "object_id": of.lokus.pk}
    area = {**lokus, "object_id": of.lokus.area, "cycle": of.lokus.cycle_id}
    hers_, others = {"codes": ["GD-001", family.code]}, {"codes": ["GD-001"]}
    made = {"action": "exports.make", "object_type": "cycle", "object_id": slug}
    for row in (
        {"action": "families.print", **area, **hers_},
        {"action": "families.print", **area, **others},
        # In another year another family has that code there.
        {"action": "families.print", **area, **hers_, "cycle": of.lokus.cycle_id + 1},
        {"action": "targets.export", **lokus, **hers_},
        {"action": "asks.show_families", "object_type": "cycle", "object_id": slug, **hers_},
        {"action": "asks.show_families", "object_type": "cycle", "object_id": "lain-2023", **hers_},
        {**made, "identifiers": "ya", "lokus": of.lokus.area},
        {**made, "identifiers": "", "lokus": of.lokus.area},
        {**made, "identifiers": "ya", "lokus": "36.72.01"},
        {"action": "families.woman", "object_type": "household", "object_id": family.uuid},
    ):
        audit.record(by=cadre, place_code=of.lokus.area, **row)
    # The task that she had then, and not the one that she has today.
    cadre.memberships.filter(role=Role.CADRE).update(ends=timezone.now() + timedelta(seconds=1))
    found = {
        whole: [one for one in done_with(family, whole=whole) if one.action not in before] for whole in (True, False)
    }
    kept = ["asks.show_families", "exports.make", "families.print", "targets.export"]
    assert sorted(one.action for one in found[False]) == kept
    assert sorted(one.action for one in found[True]) == sorted([*kept, "families.woman"])
    assert {one.role for one in found[True]} == {"cadre"}
    assert sorted(line.partition(": ")[2] for line in told_of(tuple(found[True]))) == [
        "ikut dalam berkas dengan identitas oleh kader",
        "ikut dalam daftar sasaran yang diunduh oleh kader",
        "jawaban perempuan dicatat oleh kader",
        "lembar keluarga dicetak oleh kader",
        "nama dilihat oleh kader",
    ]
