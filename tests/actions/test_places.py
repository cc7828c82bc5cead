"""The places of a province, by Kemendagri code: loaded once, loaded again without a change, versions kept."""

import pytest
from django.utils import timezone
from lokal import wilayah

from selaras.access import CONSOLE
from selaras.actions import places
from selaras.errors import Forbidden, InputError
from selaras.models import AuditEntry, Place, Role
from tests import build

pytestmark = pytest.mark.django_db


def test_banten_is_loaded_with_cilegons_43_kelurahan_and_loading_again_changes_nothing() -> None:
    said: list[tuple[int, int]] = []
    loaded = places.load(by=CONSOLE, province="36", say=lambda done, total: said.append((done, total)))
    assert (loaded.changed, loaded.same) == (0, 0)
    assert loaded.new == Place.objects.count() == said[-1][0] == said[-1][1] > 1700
    assert Place.objects.filter(code__startswith="36.72.", level="kelurahan").count() == 43
    dalem = Place.objects.select_related("parent__parent__parent").get(code="36.72.05.1005")
    above = [
        dalem.full_name,
        dalem.parent.full_name,
        dalem.parent.parent.full_name,
        dalem.parent.parent.parent.full_name,
    ]
    assert above == ["Kelurahan Gedong Dalem", "Kecamatan Jombang", "Kota Cilegon", "Provinsi Banten"]
    assert [alias.name for alias in dalem.aliases.all()] == ["Gedongdalem"]
    assert set(places.ALIASES) <= set(Place.objects.values_list("code", flat=True))
    again = places.load(by=CONSOLE, province="36")
    assert (again.new, again.changed, again.same) == (0, 0, loaded.new)
    assert AuditEntry.objects.filter(action="places.load").last().details == {
        "via": "console",
        "new": 0,
        "changed": 0,
        "same": loaded.new,
    }


def test_a_renamed_place_becomes_a_new_version_and_the_old_one_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_listed", lambda _province: [wilayah.get_wilayah(c) for c in ("36", "36.72")])
    places.load(by=CONSOLE, province="36")
    Place.objects.filter(code="36.72").update(name="Kota Administratif Cilegon")
    assert places.load(by=CONSOLE, province="36") == places.Loaded(new=0, changed=1, same=1)
    old, new = Place.objects.filter(code="36.72").order_by("pk")
    today = timezone.localdate()
    assert (old.valid_to, new.valid_from, new.valid_to, new.replaces) == (today, today, None, old)


def test_every_code_of_indonesia_has_a_known_kind_and_its_parent() -> None:
    listed = list(places._listed(""))
    codes = {place.code for place in listed}
    assert len(codes) == len(listed) > 91_000
    assert {place.type for place in listed} <= {kind for kind, _ in Place._meta.get_field("kind").choices}
    assert [place.code for place in listed if place.level > 1 and place.code.rpartition(".")[0] not in codes] == []
    assert max(len(place.name) for place in listed) <= 120


def test_an_unknown_province_and_a_person_without_the_task_are_refused() -> None:
    with pytest.raises(InputError) as refused:
        places.load(by=CONSOLE, province="99")
    assert [problem.code for problem in refused.value.problems] == ["places.province"]
    with pytest.raises(Forbidden):
        places.load(by=build.member(Role.SECRETARIAT, "36.72"), province="36")
