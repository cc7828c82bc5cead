"""An import taken back leaves nothing of itself, and is not taken back once anything builds on it."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from selaras.access import CONSOLE, households_for, needs_for, scores_for, submissions_for
from selaras.actions.importing import undoing
from selaras.actions.importing.publishing import REMOVED, tidy
from selaras.actions.imports import undo_import
from selaras.actions.jobs import Progress, run, work_off
from selaras.actions.needs import owed
from selaras.actions.photo_consents import say_photo_uses
from selaras.actions.recounting import full_check
from selaras.actions.scoring import score_dirty
from selaras.actions.statements import say_state, take_state_back
from selaras.errors import InputError
from selaras.models import (
    Agency,
    Commitment,
    CommitmentNeed,
    Counter,
    CurrentAnswers,
    DataKey,
    Household,
    HouseholdClass,
    HouseholdScore,
    ImportBatch,
    ImportRow,
    Job,
    Lokus,
    Merge,
    Need,
    Person,
    Role,
    Split,
    Submission,
    Target,
    UnitCounter,
)
from selaras.queries.asks import open_counts
from selaras.queries.households import households_page
from selaras.queries.matrix_rows import need_rows
from selaras.queries.needs import needs_seen
from tests import build
from tests.build_programme import MEMBERS, Programme, bring, families_file, family, programme

pytestmark = pytest.mark.django_db

FIRST = [
    family("GD-001", 4, "leher_angsa", 2000, name="Ani Uji"),
    family("GD-002", 3, "cemplung", "", name="Budi Uji"),
]
SECOND = [
    family("GD-001", 5, "cemplung", 500, name="Ani Uji Baru", rw="7"),
    family("GD-003", 2, "cemplung", 1000, name="Citra Uji"),
    family("GD-004", "", "", "", name="Dewi Uji"),
]


def undone(of: Programme, import_id: object) -> None:
    undo_import(by=CONSOLE, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=import_id)  # type: ignore[arg-type]
    work_off()


def standing() -> dict[str, object]:
    """Everything that pages and scores read."""
    return {
        "families": list(
            Household.objects.order_by("code").values_list("code", "head_name", "rw", "area", "kk_hash", "pending")
        ),
        "persons": list(Person.objects.order_by("household__code", "position").values_list("name", "nik_hash")),
        "answers": list(CurrentAnswers.objects.order_by("household__code").values_list("answers", "submission__uuid")),
        "superseded": Submission.objects.filter(superseded_by__isnull=False).count(),
        "submissions": Submission.objects.count(),
        "counters": list(
            Counter.objects.order_by("indicator").values_list("indicator", "n", "true", "missing", "total")
        ),
        "values": list(Counter.objects.order_by("indicator").values_list("low", "high", "middle_low", "middle_high")),
        "units": list(UnitCounter.objects.values_list("households", "classes", "unclassified", "gaps")),
        "scores": HouseholdScore.objects.count(),
        "classes": HouseholdClass.objects.count(),
        "registered": list(Lokus.objects.values_list("registered", flat=True)),
        "keys": DataKey.objects.filter(purpose="household").count(),
        "needs": Need.objects.filter(closed_at__isnull=True).count(),
        "wrong": [str(difference) for difference in full_check()],
    }


def test_the_first_import_taken_back_leaves_nothing() -> None:
    of = programme()
    before = standing()
    import_id = bring(of, families_file(FIRST))
    undone(of, import_id)
    assert standing() == before
    batch = ImportBatch.objects.get(uuid=import_id)
    assert (batch.state, batch.key.wrapped, ImportRow.objects.count()) == ("undone", None, 0)


def test_the_second_taken_back_restores_answers_registry_and_counters() -> None:
    of = programme()
    bring(of, families_file(FIRST, [["GD-001", "Ani Uji", "0000000000000001", 40, ""]]))
    before = standing()
    import_id = bring(of, families_file(SECOND, [["GD-001", "Anak Uji", "", 9, "ya"]]))
    assert standing() != before
    undone(of, import_id)
    assert standing() == before
    assert MEMBERS[0] == "kode"


class PowerCut(Exception):  # noqa: N818
    """The worker is gone."""


class Doomed(Progress):
    """A worker that dies at its first word."""

    def say(self, *_said: object, **_more: object) -> None:
        raise PowerCut


def seen(of: Programme) -> dict[str, object]:
    """What anybody may see, each by its own way."""
    user = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    needs = needs_for(user, dict.fromkeys(("jamban", "iuran", "sekolah"), ""), frozenset())
    return {
        "families": households_page(user, of.cycle.slug, of.lokus.area).total,
        "by name": households_for(user).count(),
        "states": scores_for(user, of.lokus).count(),
        "forms": submissions_for(user).count(),
        "needs": needs.count(),
        "open": open_counts(of.cycle),
        "asked": list(needs_seen(user, of.cycle, of.version).values_list("household__code", "indicator")),
        "matrix": len(need_rows([of.lokus])),
        "current": CurrentAnswers.objects.count(),
        "counters": list(Counter.objects.order_by("indicator").values_list("indicator__name", "n", "true", "missing")),
        "owed": owed(),
        "wrong": [str(difference) for difference in full_check()],
    }


def test_from_the_switch_on_nothing_of_it_is_seen_and_a_removal_that_died_goes_on() -> None:
    of = programme()
    bring(of, families_file(FIRST))
    before = seen(of)
    many = [family(f"GD-{i:03d}", 3, "cemplung", 1, name=f"Uji {i}") for i in range(10, 10 + REMOVED + 5)]
    import_id = bring(of, families_file(many))
    undo_import(by=CONSOLE, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=import_id)
    run.call(Job.objects.get(kind="imports.undo").pk)
    hidden = Household.objects.filter(pending=import_id)

    assert (hidden.count(), HouseholdScore.objects.filter(household__in=hidden).exists()) == (REMOVED + 5, True)
    assert seen(of) == before
    with pytest.raises(PowerCut):
        tidy(Doomed(Job.objects.filter(kind="imports.tidy").latest("pk")))
    assert (hidden.count(), seen(of)) == (5, before)
    work_off()
    assert (hidden.count(), HouseholdScore.objects.exclude(household__code__in=("GD-001", "GD-002")).count()) == (0, 0)
    assert seen(of) == before


def test_what_is_scored_while_the_counting_runs_is_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    of = programme()
    before = standing()
    import_id = bring(of, families_file(FIRST))
    undo_import(by=CONSOLE, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=import_id)
    counting, late = undoing.what_leaves, iter([True])

    def overtaken(*of_what: Any) -> Any:
        """As it is, and then another worker scores one family anew."""
        found = counting(*of_what)
        if next(late, False):
            CurrentAnswers.objects.filter(household__code="GD-001").update(answers={"jumlah": 9}, dirty=True)
            score_dirty(Progress(Job(kind="scoring.score", params={"round": of.round.pk})))
        return found

    monkeypatch.setattr(undoing, "what_leaves", overtaken)
    work_off()
    assert (ImportBatch.objects.get(uuid=import_id).state, standing()) == ("undone", before)


def test_taken_back_twice_and_uploaded_again_it_is_as_if_it_had_come_once() -> None:
    of = programme()
    import_id = bring(of, families_file(FIRST))
    undone(of, import_id)
    undone(of, import_id)
    bring(of, families_file(FIRST))
    assert list(Household.objects.order_by("code").values_list("code", flat=True)) == ["GD-001", "GD-002"]
    assert standing()["wrong"] == []


def refused(of: Programme, import_id: object) -> list[str]:
    """The codes of the reasons; and nothing has been changed."""
    before = standing()
    with pytest.raises(InputError) as error:
        undone(of, import_id)
    assert standing() == before
    return [problem.code for problem in error.value.problems]


def test_not_once_a_newer_form_counts() -> None:
    of = programme()
    import_id = bring(of, families_file(FIRST))
    bring(of, families_file([family("GD-001", 9, "cemplung", 1, name="Ani Uji")]))
    assert refused(of, import_id) == ["undo.answers"]


def test_not_once_somebody_has_corrected_the_registry() -> None:
    of = programme()
    import_id = bring(of, families_file(FIRST))
    bring(of, families_file([family("GD-001", 4, "leher_angsa", 2000, name="Ani Betul")]))
    assert refused(of, import_id) == ["undo.registry"]


def test_not_once_a_family_was_chosen() -> None:
    of = programme()
    import_id = bring(of, families_file(FIRST))
    Target.objects.create(lokus=of.lokus, household=Household.objects.get(code="GD-001"), state="target", position=1)
    assert refused(of, import_id) == ["undo.target"]


def test_not_while_something_is_said_of_its_families_and_the_reason_names_it_in_plain_words() -> None:
    of = programme()
    import_id = bring(of, families_file(FIRST))
    lurah = build.member(Role.SUPERVISOR, of.lokus.place.code, cycle=of.cycle)
    first, second = Household.objects.order_by("code")
    where = {"cycle_slug": of.cycle.slug, "code": of.lokus.area, "household": "GD-001"}
    said = [say_state(by=lurah, **where, state=state, on=date(2024, 2, 1)) for state in ("menolak", "pindah")]
    merged = Merge.objects.create(kept=first, gone=second, by=lurah)
    split = Split.objects.create(old=first, new=build.household(of.lokus), on=date(2024, 2, 1), by=lurah)

    with pytest.raises(InputError) as error:
        undone(of, import_id)
    assert sorted(problem.message for problem in error.value.problems) == [
        "1 keluarga sudah dipakai di bagian lain (digabungkan dengan keluarga lain)",
        "1 keluarga sudah dipakai di bagian lain (digabungkan dengan keluarga lain)",
        "1 keluarga sudah dipakai di bagian lain (keterangan bahwa keluarga pindah, meninggal, atau lainnya)",
        "1 keluarga sudah dipakai di bagian lain (pecah KK)",
    ]

    for one in said:
        take_state_back(by=lurah, **where, statement=one.uuid)
    Merge.objects.filter(pk=merged.pk).update(undone_at=timezone.now())
    split.delete()
    say_photo_uses(by=lurah, **where, uses=["juri"])
    undone(of, import_id)
    assert (Household.objects.filter(brought_by=import_id).count(), Merge.objects.count()) == (0, 0)


def test_not_once_a_commitment_serves_a_need() -> None:
    of = programme()
    import_id = bring(of, families_file(FIRST))
    batch = ImportBatch.objects.get(uuid=import_id)
    household = Household.objects.get(code="GD-002")
    need, _ = Need.objects.get_or_create(
        household=household,
        indicator="jamban",
        defaults={"lokus": of.lokus, "opened_in": of.round, "opened_at": batch.finished_at},
    )
    agency = Agency.objects.create(name="Dinas Uji", place=of.cycle.place)
    commitment = Commitment.objects.create(cycle=of.cycle, number=1, agency=agency, lokus=of.lokus, title="Jamban")
    CommitmentNeed.objects.create(commitment=commitment, need=need)
    assert refused(of, import_id) == ["undo.committed"]


def test_not_once_a_family_is_gone_at_its_wish() -> None:
    from selaras.actions.erasure import erase_household

    of = programme()
    import_id = bring(of, families_file(FIRST))
    erase_household(by=CONSOLE, household=Household.objects.get(code="GD-001"), reason="permintaan")
    with pytest.raises(InputError) as error:
        undone(of, import_id)
    assert [problem.code for problem in error.value.problems] == ["undo.erased"]


def test_an_import_from_before_families_knew_what_brought_them_is_not_taken_back() -> None:
    of = programme()
    import_id = bring(of, families_file([family("GD-001", 4, "", "")]))
    Household.objects.update(brought_by=None)
    with pytest.raises(InputError) as refused:
        undone(of, import_id)
    assert [problem.code for problem in refused.value.problems] == ["undo.unknown"]
    assert CurrentAnswers.objects.count() == 1


def test_a_year_closed_meanwhile_keeps_what_was_imported() -> None:
    of = programme()
    import_id = bring(of, families_file([family("GD-001", 4, "", "")]))
    undo_import(by=CONSOLE, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=import_id)
    of.cycle.closed_at = timezone.now()
    of.cycle.save()
    work_off()
    assert (CurrentAnswers.objects.count(), Job.objects.get(kind="imports.undo").state) == (1, "failed")
