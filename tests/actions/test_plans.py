"""Commitments: promised, changed, moved on, called off; every version kept, and nobody's change lost unseen."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from selaras.access import CONSOLE
from selaras.actions import plans
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import AuditEntry, Commitment, CommitmentState, Need, Role, User
from tests import build
from tests.build_plans import agency, need
from tests.build_programme import Programme, programme
from tests.web.cast import ani, budi, citra, dewi, secretary

pytestmark = pytest.mark.django_db


def promise(of: Programme, by: Any = CONSOLE, *, needs: list[Need] | None = None, **values: Any) -> Commitment:
    """Disperkim promises latrines in the lokus."""
    return plans.commit(
        by=by,
        cycle_slug=of.cycle.slug,
        agency_id=agency("Disperkim").pk,
        lokus_code=of.lokus.area,
        indicator="jamban",
        needs=[each.pk for each in needs or []],
        values={"title": "Bangun jamban", **values},
    )


def liaison(of: Programme, short_name: str = "Disperkim") -> User:
    return build.member(Role.LIAISON, agency=agency(short_name), cycle=of.cycle)


def problems(error: pytest.ExceptionInfo[InputError]) -> list[tuple[str, str]]:
    return [(problem.where, problem.code) for problem in error.value.problems]


def test_a_promise_has_a_number_a_first_version_and_an_entry() -> None:
    of = programme()
    needs = [need(build.household(of.lokus), of.round) for _ in range(2)]
    by = secretary(of)
    made = promise(of, by, needs=needs, volume=Decimal("2.00"), unit="unit", fund="dpa", ends=date(2024, 10, 31))
    second = promise(of, by)

    assert (str(made), str(second), made.version) == ("K-001", "K-002", 1)
    assert sorted(made.served.values_list("need", flat=True)) == [each.pk for each in needs]
    version = made.versions.get()
    assert (version.by, version.values["volume"], version.values["ends"], version.values["needs"]) == (
        by,
        "2",
        "2024-10-31",
        [each.pk for each in needs],
    )
    entry = AuditEntry.objects.filter(action="plans.commit").order_by("pk").first()
    assert entry is not None
    assert (entry.object_id, entry.place_code, entry.details) == (
        str(made.uuid),
        of.lokus.area,
        {"number": 1, "agency": "Disperkim", "version": 1, "families": 2},
    )


def test_the_indicator_follows_from_the_needs() -> None:
    of = programme()
    made = plans.commit(
        by=CONSOLE,
        cycle_slug=of.cycle.slug,
        agency_id=agency("Disperkim").pk,
        needs=[need(build.household(of.lokus), of.round).pk],
        values={"title": "Bangun jamban"},
    )
    assert (made.indicator, made.lokus) == ("jamban", None)


def test_everything_that_is_wrong_is_said_at_once_each_at_its_field() -> None:
    of = programme()
    wrong = {
        "title": " ",
        "person": "x" * 151,
        "budget": Decimal(-1),
        "volume": Decimal(10) ** 13,
        "fund": "emas",
        "state": "terbang",
        "starts": date(2024, 5, 2),
        "ends": date(2024, 5, 1),
        "area": "36.72.05.1001",
    }
    with pytest.raises(InputError) as error:
        promise(of, **wrong)

    assert sorted(problems(error)) == [
        ("area", "plan.area"),
        ("budget", "plan.negative"),
        ("ends", "plan.dates"),
        ("fund", "plan.fund"),
        ("person", "plan.too_long"),
        ("state", "plan.state"),
        ("title", "plan.title"),
        ("volume", "plan.number"),
    ]
    assert Commitment.objects.count() == 0


def test_what_is_in_the_way_must_be_said() -> None:
    of = programme()
    with pytest.raises(InputError) as error:
        promise(of, state="blocked")
    assert problems(error) == [("obstacle", "plan.obstacle")]
    assert promise(of, state="blocked", obstacle="lahan belum bersertifikat").state == "blocked"


def test_needs_of_another_kind_closed_or_elsewhere_are_refused() -> None:
    of = programme()
    household = build.household(of.lokus)
    other = need(household, of.round, "sekolah")
    with pytest.raises(InputError) as error:
        promise(of, needs=[other])
    assert problems(error) == [("needs", "plan.needs_mixed")]
    closed = need(household, of.round)
    Need.objects.filter(pk=closed.pk).update(closed_in=of.round, closed_at=closed.opened_at)
    next_door = need(build.household(build.lokus(of.cycle, "36.72.05.1001", prefix="SJ")), of.round)
    for wrong in (closed, next_door):
        with pytest.raises(InputError) as error:
            promise(of, needs=[wrong])
        assert problems(error) == [("needs", "plan.needs")]


def test_only_the_secretariat_and_the_agency_itself_promise() -> None:
    of = programme()
    for who in (secretary(of), liaison(of)):
        assert promise(of, who).agency.short_name == "Disperkim"
    for who in (liaison(of, "Dinsos"), budi(of), citra(of), ani(of)):
        with pytest.raises(Forbidden):
            promise(of, who)
    with pytest.raises(Missing):
        promise(of, dewi())


def test_an_agency_serves_needs_that_name_it_and_no_others() -> None:
    """The sample names no agency; being asked opens the needs to her."""
    of = programme()
    wanted = need(build.household(of.lokus), of.round)
    with pytest.raises(InputError) as error:
        promise(of, liaison(of), needs=[wanted])
    assert problems(error) == [("needs", "plan.needs")]
    of.cycle.asks.create(lokus=of.lokus, agency=agency("Disperkim"), indicator="jamban", families=1)
    assert promise(of, liaison(of), needs=[wanted]).served.count() == 1


def test_of_two_who_edit_the_same_the_second_is_told_and_nothing_is_lost() -> None:
    of = programme()
    made = promise(of, person="Ibu Sri")
    by = secretary(of)

    def save(version: int, **values: Any) -> Commitment:
        return plans.change(by=by, cycle_slug=of.cycle.slug, number=made.number, version=version, values=values)

    assert save(1, person="Pak Budi").version == 2
    with pytest.raises(InputError) as error:
        save(1, person="Bu Rina")
    assert problems(error) == [("version", "plan.stale")]
    assert Commitment.objects.get().person == "Pak Budi"
    assert save(2, person="Bu Rina").version == 3
    assert [version.values["person"] for version in made.versions.all()] == ["Ibu Sri", "Pak Budi", "Bu Rina"]


def test_saving_what_is_the_same_writes_nothing() -> None:
    of = programme()
    made = promise(of, volume=Decimal(3))
    entries = AuditEntry.objects.count()
    same = plans.change(
        by=CONSOLE,
        cycle_slug=of.cycle.slug,
        number=1,
        version=1,
        values={"volume": Decimal("3.0"), "title": made.title},
    )
    assert (same.version, made.versions.count(), AuditEntry.objects.count()) == (1, 1, entries)


def test_another_choice_of_families_replaces_the_open_ones_and_keeps_the_closed() -> None:
    of = programme()
    first, second, third = (need(build.household(of.lokus), of.round) for _ in range(3))
    made = promise(of, needs=[first, second])
    Need.objects.filter(pk=first.pk).update(closed_in=of.round, closed_at=first.opened_at)
    changed = plans.change(
        by=CONSOLE, cycle_slug=of.cycle.slug, number=1, version=1, values={}, needs=[third.pk], reason="RT lain dulu"
    )
    assert sorted(changed.served.values_list("need", flat=True)) == [first.pk, third.pk]
    assert made.versions.order_by("-number")[0].values["needs"] == [first.pk, third.pk]
    entry = AuditEntry.objects.get(action="plans.change")
    assert entry.details["changed"] == ["needs"]


def test_it_moves_on_is_blocked_and_called_off_with_why() -> None:
    of = programme()
    promise(of)
    plans.move(by=CONSOLE, cycle_slug=of.cycle.slug, number=1, version=1, state=CommitmentState.RUNNING)
    plans.move(
        by=CONSOLE,
        cycle_slug=of.cycle.slug,
        number=1,
        version=2,
        state=CommitmentState.BLOCKED,
        obstacle="lahan sengketa",
    )
    moved = plans.move(by=CONSOLE, cycle_slug=of.cycle.slug, number=1, version=3, state=CommitmentState.DONE)
    assert (moved.state, moved.obstacle) == ("done", "")
    plans.cancel(by=CONSOLE, cycle_slug=of.cycle.slug, number=1, version=4, reason="dipindah ke Dinsos")
    with pytest.raises(InputError) as error:
        plans.move(by=CONSOLE, cycle_slug=of.cycle.slug, number=1, version=5, state=CommitmentState.RUNNING)
    assert problems(error) == [("", "plan.cancelled")]
    assert [(one.values["state"], one.reason) for one in moved.versions.all()] == [
        ("planned", ""),
        ("running", ""),
        ("blocked", "lahan sengketa"),
        ("done", ""),
        ("cancelled", "dipindah ke Dinsos"),
    ]


def test_a_closed_year_takes_no_promises() -> None:
    of = programme()
    of.cycle.closed_at = of.cycle.created_at
    of.cycle.save()
    with pytest.raises(Forbidden):
        promise(of, secretary(of))


def test_no_entry_carries_what_was_typed() -> None:
    """A person in charge has a name: it stays out of the audit, which names fields."""
    of = programme()
    promise(of, person="Zubaidah Uji", title="Rahasia Uji", obstacle="Kendala Uji")
    plans.change(by=CONSOLE, cycle_slug=of.cycle.slug, number=1, version=1, values={"person": "Rohayati Uji"})
    assert [entry for entry in AuditEntry.objects.all() if "Uji" in str(entry.details)] == []
