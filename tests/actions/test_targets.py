"""The list of 100: decided, replaced, moved and taken back; what is written down, and what is forgotten."""

import io
import uuid

import openpyxl
import pytest
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions import targets
from selaras.actions.erasure import erase_household
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import AuditEntry, Household, Lokus, Role, Target, TargetChange, TargetDecision, User
from tests import build, leaks
from tests.actions.planting import mark

pytestmark = pytest.mark.django_db


def ground(families: int = 5, size: int = 3) -> tuple[Lokus, User]:
    """A lokus with places for `size` of its families, and its lurah."""
    lokus = build.lokus(build.cycle())
    Lokus.objects.filter(pk=lokus.pk).update(target_size=size)
    for _ in range(families):
        build.household(lokus)
    return Lokus.objects.get(pk=lokus.pk), build.member(Role.SUPERVISOR, lokus.place.code)


def at(lokus: Lokus) -> dict[str, str]:
    return {"cycle_slug": lokus.cycle.slug, "code": lokus.area}


def listed(lokus: Lokus) -> dict[str, list[str]]:
    """State → codes in order."""
    found: dict[str, list[str]] = {}
    for target in Target.objects.filter(lokus=lokus).order_by("state", "position").select_related("household"):
        found.setdefault(target.state, []).append(target.household.code)
    return found


def decide(lokus: Lokus, by: User, to: str, *codes: str) -> TargetDecision:
    return targets.decide(by=by, **at(lokus), households=codes, to=to)  # type: ignore[arg-type]


def test_families_come_at_the_end_in_the_order_in_which_they_were_ticked() -> None:
    lokus, lurah = ground()
    decide(lokus, lurah, "target", "GD-003")
    decide(lokus, lurah, "target", "GD-002", "GD-001")
    decide(lokus, lurah, "reserve", "GD-005", "GD-004")

    assert listed(lokus) == {"target": ["GD-003", "GD-002", "GD-001"], "reserve": ["GD-005", "GD-004"]}


def test_one_that_is_there_already_stays_where_it_is_and_a_second_same_decision_is_told() -> None:
    lokus, lurah = ground()
    decide(lokus, lurah, "target", "GD-003", "GD-001")
    decide(lokus, lurah, "target", "GD-001", "GD-002")
    assert listed(lokus) == {"target": ["GD-003", "GD-001", "GD-002"]}
    with pytest.raises(InputError) as refused:
        decide(lokus, lurah, "target", "GD-003", "GD-002")
    assert refused.value.problems[0].code == "targets.same"


def test_no_more_are_coached_than_the_lokus_has_places_for() -> None:
    lokus, lurah = ground(families=5, size=3)
    decide(lokus, lurah, "target", "GD-001", "GD-002")
    with pytest.raises(InputError) as refused:
        decide(lokus, lurah, "target", "GD-003", "GD-004")

    assert (refused.value.problems[0].code, listed(lokus)) == ("targets.full", {"target": ["GD-001", "GD-002"]})


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ((), "targets.none"),
        (("GD-001", "SJ-001"), "targets.unknown"),
        (("GD-001\0",), "targets.unknown"),
        (("",), "targets.unknown"),
        (("x" * 5000,), "targets.unknown"),
        (tuple(f"GD-{n}" for n in range(501)), "targets.too_many"),
    ],
)
def test_nothing_is_decided_where_a_family_is_missing(codes: tuple[str, ...], code: str) -> None:
    lokus, lurah = ground()
    with pytest.raises(InputError) as refused:
        decide(lokus, lurah, "target", *codes)

    assert (refused.value.problems[0].code, listed(lokus)) == (code, {})


@pytest.mark.django_db(transaction=True)
def test_who_is_replaced_leaves_its_place_to_the_first_in_reserve() -> None:
    lokus, lurah = ground()
    decide(lokus, lurah, "target", "GD-001", "GD-002", "GD-003")
    decide(lokus, lurah, "reserve", "GD-005", "GD-004")
    note = mark("catatan")
    _decision, coming = targets.replace(by=lurah, **at(lokus), household="GD-002", reason="moved", note=note)
    gone = Target.objects.get(household__code="GD-002")

    assert coming == "GD-005"
    assert listed(lokus) == {
        "target": ["GD-001", "GD-005", "GD-003"],
        "reserve": ["GD-004"],
        "replaced": ["GD-002"],
    }
    assert (gone.reason, gone.note(), gone.replaced_by and gone.replaced_by.code) == ("moved", note, "GD-005")
    assert leaks.found([note]) == set()


def test_a_replacement_without_reserve_leaves_a_place_open() -> None:
    lokus, lurah = ground()
    decide(lokus, lurah, "target", "GD-001")

    assert targets.replace(by=lurah, **at(lokus), household="GD-001", reason="died")[1] == ""
    assert listed(lokus) == {"replaced": ["GD-001"]}


def test_a_family_that_asked_to_be_left_alone_is_neither_drawn_from_the_reserve_nor_turned_with() -> None:
    lokus, lurah = ground()
    decide(lokus, lurah, "target", "GD-001")
    decide(lokus, lurah, "reserve", "GD-002", "GD-003", "GD-004")
    Household.objects.filter(code="GD-003").update(pending=uuid.uuid4(), restricted_at=timezone.now())
    targets.move(by=lurah, **at(lokus), household="GD-004", way="up")
    assert listed(lokus)["reserve"] == ["GD-004", "GD-003", "GD-002"]

    Household.objects.filter(code="GD-004").update(pending=uuid.uuid4(), restricted_at=timezone.now())
    assert targets.replace(by=lurah, **at(lokus), household="GD-001", reason="moved")[1] == "GD-002"
    assert listed(lokus) == {"target": ["GD-002"], "reserve": ["GD-004", "GD-003"], "replaced": ["GD-001"]}


@pytest.mark.parametrize(
    ("household", "reason", "note", "code"),
    [
        ("GD-001", "", "", "targets.reason"),
        ("GD-001", "malas", "", "targets.reason"),
        ("GD-001", "moved", "x" * 201, "targets.note"),
        ("GD-002", "moved", "", "targets.not_target"),
    ],
)
def test_a_replacement_needs_a_reason_of_the_list_and_a_coached_family(
    household: str, reason: str, note: str, code: str
) -> None:
    lokus, lurah = ground()
    decide(lokus, lurah, "target", "GD-001")
    with pytest.raises(InputError) as refused:
        targets.replace(by=lurah, **at(lokus), household=household, reason=reason, note=note)

    assert (refused.value.problems[0].code, listed(lokus)) == (code, {"target": ["GD-001"]})


def test_the_order_of_the_reserve_can_be_changed() -> None:
    lokus, lurah = ground()
    decide(lokus, lurah, "reserve", "GD-001", "GD-002", "GD-003")
    orders = []
    for household, way in (("GD-003", "first"), ("GD-003", "down"), ("GD-002", "up")):
        targets.move(by=lurah, **at(lokus), household=household, way=way)  # type: ignore[arg-type]
        orders.append("".join(code[-1] for code in listed(lokus)["reserve"]))

    assert orders == ["312", "132", "123"]


@pytest.mark.parametrize(
    ("household", "way"), [("GD-001", "up"), ("GD-001", "first"), ("GD-002", "down"), ("GD-003", "up")]
)
def test_nobody_moves_beyond_the_edge_or_without_a_place(household: str, way: str) -> None:
    lokus, lurah = ground()
    decide(lokus, lurah, "reserve", "GD-001", "GD-002")
    with pytest.raises(InputError) as refused:
        targets.move(by=lurah, **at(lokus), household=household, way=way)  # type: ignore[arg-type]

    assert refused.value.problems[0].code == "targets.edge"


def snapshot(lokus: Lokus) -> list[dict[str, object]]:
    rows = Target.objects.filter(lokus=lokus).order_by("household__code")
    fields = (
        "household__code",
        "state",
        "position",
        "reason",
        "note_sealed",
        "replaced_by",
        "decided_at",
        "decided_by",
    )
    return [{**row, "note_sealed": row["note_sealed"] and bytes(row["note_sealed"])} for row in rows.values(*fields)]


def test_every_decision_can_be_taken_back_to_what_was_before_in_turn() -> None:
    lokus, lurah = ground()
    steps = [
        lambda: decide(lokus, lurah, "target", "GD-001", "GD-002"),
        lambda: decide(lokus, lurah, "reserve", "GD-003", "GD-004"),
        lambda: targets.replace(by=lurah, **at(lokus), household="GD-001", reason="refused", note="tidak mau")[0],
        lambda: targets.move(by=lurah, **at(lokus), household="GD-002", way="up"),
        lambda: decide(lokus, lurah, "target", "GD-001"),
        lambda: decide(lokus, lurah, "", "GD-001", "GD-004"),
    ]
    before, decisions = [], []
    for step in steps:
        before.append(snapshot(lokus))
        decisions.append(step())
    for decision, expected in zip(reversed(decisions), reversed(before), strict=True):
        targets.undo(by=lurah, **at(lokus), decision=decision.uuid)
        assert snapshot(lokus) == expected

    assert TargetDecision.objects.filter(undone_at__isnull=True).count() == 0


def test_only_the_last_decision_is_taken_back_and_only_once() -> None:
    lokus, lurah = ground()
    first = decide(lokus, lurah, "target", "GD-001")
    last = decide(lokus, lurah, "target", "GD-002")
    targets.undo(by=lurah, **at(lokus), decision=last.uuid)
    targets.undo(by=lurah, **at(lokus), decision=first.uuid)
    for decision in (last.uuid, first.uuid, uuid.uuid4()):
        with pytest.raises(InputError) as refused:
            targets.undo(by=lurah, **at(lokus), decision=decision)
        assert refused.value.problems[0].code == "targets.not_last"
    second = decide(lokus, lurah, "target", "GD-001")
    decide(lokus, lurah, "target", "GD-002")
    with pytest.raises(InputError):
        targets.undo(by=lurah, **at(lokus), decision=second.uuid)

    assert listed(lokus) == {"target": ["GD-001", "GD-002"]}


def test_a_decision_whose_families_were_changed_by_another_way_is_not_taken_back() -> None:
    lokus, lurah = ground()
    decision = decide(lokus, lurah, "target", "GD-001")
    Target.objects.filter(household__code="GD-001").update(state="reserve")
    with pytest.raises(InputError):
        targets.undo(by=lurah, **at(lokus), decision=decision.uuid)


def test_each_step_is_written_down_with_codes_and_without_reason_or_note() -> None:
    lokus, lurah = ground()
    decision = decide(lokus, lurah, "target", "GD-002", "GD-001")
    targets.replace(by=lurah, **at(lokus), household="GD-001", reason="died", note="rahasia")
    entries = [
        (entry.actor, entry.action, entry.place_code, entry.details) for entry in AuditEntry.objects.order_by("id")
    ]
    last = str(TargetDecision.objects.latest("pk").uuid)

    assert entries == [
        (
            lurah,
            "targets.decide",
            lokus.area,
            {"decision": str(decision.uuid), "codes": ["GD-001", "GD-002"], "to": "target"},
        ),
        (lurah, "targets.replace", lokus.area, {"decision": last, "codes": ["GD-001"]}),
    ]


def test_only_the_keepers_of_the_lokus_decide_in_an_open_year() -> None:
    lokus, _lurah = ground()
    cadre = build.member(Role.CADRE, lokus.area)
    far = build.member(Role.SECRETARIAT, build.place("36.73").code)
    with pytest.raises(Forbidden):
        decide(lokus, cadre, "target", "GD-001")
    with pytest.raises(Missing):
        decide(lokus, far, "target", "GD-001")
    lokus.cycle.closed_at = build.START
    lokus.cycle.save()
    with pytest.raises(Forbidden):
        decide(lokus, build.member(Role.SECRETARIAT, "36.72"), "target", "GD-001")


def cells(content: bytes) -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content))["sasaran"]
    return list(sheet.iter_rows(values_only=True))


def test_the_sheet_holds_codes_and_names_only_where_they_were_asked_for() -> None:
    lokus, lurah = ground(families=0)
    for name in ("=1+1", "Rohayati"):
        build.household(lokus, name=name)
    decide(lokus, lurah, "target", "GD-001")
    decide(lokus, lurah, "reserve", "GD-002")
    plain = cells(targets.export_list(by=lurah, **at(lokus), names=False))
    named = cells(targets.export_list(by=lurah, **at(lokus), names=True))

    assert plain == [
        ("urutan", "kode", "RT", "RW", "keadaan"),
        (1, "GD-001", "01", "03", "sasaran"),
        (1, "GD-002", "01", "03", "cadangan"),
    ]
    assert [row[-1] for row in named] == ["nama kepala keluarga", "'=1+1", "Rohayati"]
    entries = AuditEntry.objects.filter(action="targets.export").order_by("id")
    assert [entry.details for entry in entries] == [
        {"codes": ["GD-001", "GD-002"], "names": False},
        {"codes": ["GD-001", "GD-002"], "names": True},
    ]


@pytest.mark.django_db(transaction=True)
def test_erasing_a_family_leaves_nothing_of_it_on_the_list_and_the_others_as_they_were() -> None:
    lokus, lurah = ground(families=3)
    decide(lokus, lurah, "target", "GD-001", "GD-002")
    decide(lokus, lurah, "reserve", "GD-003")
    decision, _coming = targets.replace(by=lurah, **at(lokus), household="GD-001", reason="refused", note="tidak mau")
    gone = Household.objects.get(code="GD-001")
    erase_household(by=CONSOLE, household=gone, reason="permintaan")

    assert Target.objects.filter(household=gone).count() == TargetChange.objects.filter(household=gone).count() == 0
    assert listed(lokus) == {"target": ["GD-003", "GD-002"]}
    targets.undo(by=lurah, **at(lokus), decision=decision.uuid)
    assert listed(lokus) == {"target": ["GD-002"], "reserve": ["GD-003"]}
