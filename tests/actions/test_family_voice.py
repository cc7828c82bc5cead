"""A family's words are written down, by whoever may, and touch nothing else."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions import erasure
from selaras.actions.confirmations import say_holding, say_received, say_woman, write_words
from selaras.actions.field.edits import corrected, registry_of
from selaras.actions.importing.registering import Known
from selaras.actions.merging import merge, unmerge
from selaras.actions.splitting import split_family, unsplit
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import (
    AuditEntry,
    Commitment,
    Confirmation,
    EditSource,
    FamilySheet,
    Holding,
    Household,
    Need,
    Person,
    PhotoConsent,
    Role,
    Said,
    Via,
    WomanSaid,
)
from selaras.queries.confirmations import Voices, confirmed
from selaras.queries.photo_uses import uses_of
from selaras.queries.voice import questions_of, voice_page
from tests import build
from tests.build_voice import Voice, cadre, voice
from tests.web.cast import ani, budi, citra, dewi, secretary

pytestmark = pytest.mark.django_db


NAME = "Sumiyati Binti Asep"


def codes(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_what_she_says_is_a_row_with_who_wrote_it_and_one_entry_without_a_name() -> None:
    of = voice()
    by = cadre(of)
    answers = {of.toilet.pk: True, of.place.pk: False}
    assert say_received(by=by, **of.where, answers=answers, said="ibu", on=date(2024, 6, 2)) == 2
    rows = Confirmation.objects.order_by("commitment__number").values_list(
        "commitment", "received", "said", "via", "on", "by"
    )
    assert list(rows) == [
        (of.toilet.pk, True, "ibu", "kader", date(2024, 6, 2), by.pk),
        (of.place.pk, False, "ibu", "kader", date(2024, 6, 2), by.pk),
    ]
    entry = AuditEntry.objects.get(action="families.confirm")
    assert entry.details == {
        "codes": ["GD-002"], "received": ["K-001"], "not_yet": ["K-002"], "said": "ibu", "via": "kader"
    }  # fmt: skip
    assert (entry.object_id, entry.place_code) == (str(of.family.uuid), of.family.area)


def test_said_again_it_is_no_new_word_and_said_otherwise_it_is() -> None:
    of = voice()
    by, one = secretary(of.of), {of.toilet.pk: False}
    assert say_received(by=by, **of.where, answers=one, said="ibu") == 1
    assert say_received(by=by, **of.where, answers=one, said="ibu") == 0
    assert say_received(by=by, **of.where, answers=one, said="lain") == 1
    assert say_received(by=by, **of.where, answers={of.toilet.pk: True}, said="ibu", from_paper=True) == 1
    assert list(Confirmation.objects.order_by("pk").values_list("received", "said", "via")) == [
        (False, "ibu", "kader"), (False, "lain", "kader"), (True, "ibu", "kertas"),
    ]  # fmt: skip
    assert confirmed(of.cycle).commitments[of.toilet.pk] == Voices(1, 0, 0)


def test_what_she_says_again_after_a_paper_of_an_earlier_day_was_typed_is_kept() -> None:
    of = voice()
    for day, received in ((20, True), (1, False), (26, False)):
        written = say_received(
            by=cadre(of), **of.where, answers={of.toilet.pk: received}, said="ibu", on=date(2024, 6, day)
        )
        assert written == 1
        assert confirmed(of.cycle).commitments[of.toilet.pk] == (Voices(0, 1, 0) if day == 26 else Voices(1, 0, 0))


@pytest.mark.parametrize("received", [True, False])
def test_no_word_closes_a_need_or_moves_a_commitment(received: bool) -> None:
    of = voice()
    before = list(Need.objects.order_by("pk").values()), list(Commitment.objects.order_by("pk").values())
    say_received(by=cadre(of), **of.where, answers={of.toilet.pk: received, of.place.pk: received}, said="ibu")
    assert (list(Need.objects.order_by("pk").values()), list(Commitment.objects.order_by("pk").values())) == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"answers": {}}, "voice.nothing"),
        ({"answers": {999999: True}}, "voice.promise"),
        ({"said": "suami"}, "voice.who"),
        ({"on": date(2023, 12, 31)}, "voice.day"),
        ({"on": timezone.now().date() + timedelta(days=3)}, "voice.day"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(change: dict[str, Any], code: str) -> None:
    of = voice()
    given: dict[str, Any] = {"answers": {of.toilet.pk: True}, "said": "ibu", **change}
    with pytest.raises(InputError) as refused:
        say_received(by=cadre(of), **of.where, **given)
    assert codes(refused) == [code]
    assert Confirmation.objects.count() == 0


def test_whoever_does_not_work_with_the_family_writes_nothing() -> None:
    of = voice()
    given: dict[str, Any] = {"answers": {of.toilet.pk: True}, "said": "ibu"}
    # The cadre of RW 03 keeps to her own RW; a juror sees the lokus without names; others see nothing.
    for by, error in ((ani(of.of), Missing), (citra(of.of), Forbidden), (budi(of.of), Missing), (dewi(), Missing)):
        with pytest.raises(error):
            say_received(by=by, **of.where, **given)
    of.cycle.closed_at = timezone.now()
    of.cycle.save()
    with pytest.raises(Forbidden):
        say_received(by=secretary(of.of), **of.where, **given)
    assert Confirmation.objects.count() == 0


# --- the aid ----------------------------------------------------------------------------------------------------------
def hold(of: Voice, **said: Any) -> Holding:
    given = {"kind": "alat", "held_by": "perempuan", "used_by": "perempuan", "round_slug": "visit-1", **said}
    return say_holding(by=cadre(of), **of.where, commitment=of.toilet.pk, **given)


def test_who_holds_the_aid_is_kept_for_each_round_and_a_man_who_took_it_is_told_plainly() -> None:
    of = voice()
    endline = of.cycle.rounds.create(kind="endline", opens=date(2024, 9, 1), closes=date(2024, 9, 30))
    hold(of)
    hold(of, round_slug="endline", held_by="laki_laki", used_by="laki_laki")
    page = voice_page(secretary(of.of), of.cycle.slug, of.lokus.area)
    first, last = page.aid
    assert (first.round.slug, first.families, first.by_man, first.taken) == ("visit-1", 1, 0, ())
    assert (last.round.slug, last.families, last.by_man, last.taken) == ("endline", 1, 1, ("GD-002",))
    assert last.held == (("laki_laki", 1),)
    # The newest word of a round holds.
    hold(of, round_slug="endline", held_by="bersama", used_by="perempuan")
    assert voice_page(secretary(of.of), of.cycle.slug, of.lokus.area).aid[1].by_man == 0
    assert endline.holdings.count() == 2
    # Of two days the later one, whichever was typed last.
    hold(of, round_slug="endline", held_by="laki_laki", used_by="laki_laki", on=date(2024, 6, 1))
    assert voice_page(secretary(of.of), of.cycle.slug, of.lokus.area).aid[1].by_man == 0
    # Who sees no family by name is told the number and not whose.
    assert [
        each.taken for each in voice_page(build.member(Role.LEADER, "36.72"), of.cycle.slug, of.lokus.area).aid
    ] == [(), ()]


def test_a_service_is_held_by_nobody_and_what_is_gone_is_used_by_nobody() -> None:
    of = voice()
    made = hold(of, kind="layanan")
    assert (made.held_by, made.used_by) == ("", "")
    gone = hold(of, held_by="tidak_ada", used_by="")
    assert (gone.held_by, gone.used_by) == ("tidak_ada", "")
    entry = AuditEntry.objects.filter(action="families.holding").first()
    assert entry is not None
    assert entry.details == {"codes": ["GD-002"], "round": "visit-1", "commitment": "K-001"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "mobil"}, "voice.kind"),
        ({"held_by": ""}, "voice.holder"),
        ({"used_by": "tetangga"}, "voice.user"),
        ({"round_slug": "baseline"}, "voice.round"),
    ],
)
def test_an_answer_about_aid_that_makes_no_sense_is_refused(change: dict[str, Any], code: str) -> None:
    of = voice()
    with pytest.raises(InputError) as refused:
        hold(of, **change)
    assert codes(refused) == [code]
    assert Holding.objects.count() == 0


# --- the four questions -----------------------------------------------------------------------------------------------
def ask(of: Voice, **said: Any) -> WomanSaid:
    given = {
        "role": ["rumah"],
        "access": "ya",
        "control": "bersama",
        "benefit": "cukup",
        "round_slug": "visit-1",
        **said,
    }
    return say_woman(by=cadre(of), **of.where, woman=of.mother.uuid, **given)


def test_a_woman_answers_once_a_round_and_may_leave_any_question_out() -> None:
    of = voice()
    ask(of)
    made = ask(of, role=None, access="", control="suami", benefit="")
    assert WomanSaid.objects.count() == 1
    assert (made.role, made.access, made.control, made.benefit) == (None, "", "suami", "")
    assert AuditEntry.objects.filter(action="families.woman").values_list("details", flat=True)[0] == {
        "codes": ["GD-002"], "round": "visit-1",
    }  # fmt: skip
    for change, code in (
        ({"role": None, "access": "", "control": "", "benefit": ""}, "voice.nothing"),
        ({"access": "mungkin"}, "voice.answer"),
        ({"role": ["kantor"]}, "voice.answer"),
    ):
        with pytest.raises(InputError) as refused:
            ask(of, **change)
        assert codes(refused) == [code]


def test_a_man_is_not_asked_and_neither_is_somebody_elses_mother() -> None:
    of = voice()
    father = build.person(of.family, "Asep")
    Person.objects.filter(pk=father.pk).update(sex="L")
    other = build.person(Household.objects.get(code="GD-001"), "Rohayati")
    for woman in (father, other):
        with pytest.raises(Missing):
            say_woman(
                by=secretary(of.of), **of.where, round_slug="visit-1", woman=woman.uuid,
                role=[], access="ya", control="", benefit="",
            )  # fmt: skip


def women(*controls: str) -> list[WomanSaid]:
    return [WomanSaid(role=["rumah"], access="ya", control=control, benefit="") for control in controls]


def test_answers_of_fewer_than_five_women_are_not_told_and_cannot_be_reckoned() -> None:
    role, access, control, benefit = questions_of(women("suami", "suami", "ibu", "ibu"))
    assert (role.n, access.n, control.n, benefit.n) == (None, None, None, 0)
    assert {count for question in (role, access, control) for _name, count in question.counts} == {None}
    # 9 said bersama and 2 suami: to tell the nine would tell the two.
    *_, control, _benefit = questions_of(women(*["bersama"] * 9, *["suami"] * 2))
    assert (control.n, dict(control.counts)) == (
        11, {"ibu": 0, "bersama": None, "suami": None, "lain": 0, "belum": 0},
    )  # fmt: skip
    # 6, 5 and 5: all may be told. 6 and 3 and 3: the three and three are six together, nobody knows who is who.
    *_, control, _benefit = questions_of(women(*["bersama"] * 6, *["suami"] * 3, *["ibu"] * 3))
    assert dict(control.counts) == {"ibu": None, "bersama": 6, "suami": None, "lain": 0, "belum": 0}
    role, *_ = questions_of(women(*["ibu"] * 12))
    assert (role.n, dict(role.counts)) == (12, {"rumah": 12, "kelompok": 0, "rapat": 0, "tidak": 0})


def benefits(of: Voice) -> int:
    (asked,) = voice_page(secretary(of.of), of.cycle.slug, of.lokus.area).women
    return dict(asked.questions[-1].counts)["cukup"] or 0


def test_a_woman_whom_the_registry_wrote_anew_and_who_was_asked_again_is_counted_once() -> None:
    of = voice()
    for number in range(5):
        other = build.household(of.lokus, rt="01")
        WomanSaid.objects.create(
            household=other, woman=build.person(other, f"Ibu {number}"), round=of.visit, benefit="cukup",
            on=date(2024, 5, 2),
        )  # fmt: skip
    ask(of, benefit="cukup")
    assert benefits(of) == 6
    Person.objects.filter(pk=of.mother.pk).delete()
    assert benefits(of) == 6
    mother = build.person(of.family, NAME)
    say_woman(
        by=cadre(of), **of.where, woman=mother.uuid, round_slug="visit-1", role=None, access="", control="",
        benefit="cukup",
    )  # fmt: skip
    assert (WomanSaid.objects.count(), benefits(of)) == (7, 6)


# --- whose it is afterwards -------------------------------------------------------------------------------------------
def test_an_erased_family_leaves_none_of_its_words() -> None:
    of = voice()
    say_received(by=cadre(of), **of.where, answers={of.toilet.pk: True}, said="ibu")
    hold(of)
    ask(of)
    sheet = FamilySheet(household=of.family)
    sheet.set_code("7KQM3XPA", "0" * 32)
    sheet.save()
    erasure.erase_household(by=CONSOLE, household=of.family, reason="permintaan")
    assert [table.objects.count() for table in (Confirmation, Holding, WomanSaid, FamilySheet)] == [0, 0, 0, 0]
    assert confirmed(of.cycle).commitments == {}
    assert {FamilySheet, Confirmation, Holding, WomanSaid} <= set(erasure.PERSONAL)


def test_no_word_is_written_of_a_family_that_was_erased_while_somebody_asked_it() -> None:
    of = voice()
    erasure.erase_household(by=CONSOLE, household=of.family, reason="permintaan")
    with pytest.raises(Missing):
        write_words(
            by=cadre(of), family=of.family, answers={of.toilet.pk: True}, said=Said.SHE, via=Via.SHEET,
            on=date(2024, 6, 2),
        )  # fmt: skip
    assert Confirmation.objects.count() == 0


def test_a_woman_of_a_family_that_became_anothers_and_who_was_asked_again_is_counted_once() -> None:
    of = voice()
    for number in range(5):
        other = build.household(of.lokus, rt="01")
        WomanSaid.objects.create(
            household=other, woman=build.person(other, f"Ibu {number}"), round=of.visit, benefit="cukup",
            on=date(2024, 5, 2),
        )  # fmt: skip
    ask(of, benefit="cukup")
    kept = Household.objects.get(code="GD-003")
    with transaction.atomic():
        merge(by=secretary(of.of), kept=kept, gone=of.family)
    assert benefits(of) == 6
    copy = Person.objects.get(household=kept, uuid__in=[one.uuid for one in kept.persons.all() if one.name == NAME])
    say_woman(
        by=secretary(of.of), **{**of.where, "household": "GD-003"}, woman=copy.uuid, round_slug="visit-1", role=None,
        access="", control="", benefit="cukup",
    )  # fmt: skip
    # It is her answer of before that she has said anew.
    assert (WomanSaid.objects.count(), benefits(of)) == (6, 6)


def test_what_a_family_said_follows_it_when_it_is_found_to_be_another_and_comes_back() -> None:
    of = voice()
    say_received(by=cadre(of), **of.where, answers={of.toilet.pk: True}, said="ibu")
    hold(of)
    ask(of)
    kept = Household.objects.get(code="GD-003")
    with transaction.atomic():
        merged = merge(by=secretary(of.of), kept=kept, gone=of.family)
    assert whose() == {"GD-003"}
    assert WomanSaid.objects.get().woman == Person.objects.get(household=kept, name=NAME)
    with transaction.atomic():
        unmerge(by=secretary(of.of), merged=merged)
    assert (whose(), WomanSaid.objects.get().woman) == ({"GD-002"}, of.mother)


def test_what_a_woman_answered_is_hers_after_a_sheet_wrote_the_members_anew() -> None:
    of = voice()
    ask(of)
    edit = corrected(of.family, registry_of(of.family), by=None, source=EditSource.IMPORT, members=2)
    written = tuple(
        Person(household=of.family, position=number, name=name) for number, name in enumerate(("Ujang", NAME), start=1)
    )
    with transaction.atomic():
        Known.write([Known(of.family, written, edit)])
    assert WomanSaid.objects.get().woman == written[1]


def test_what_a_family_that_was_none_said_is_said_by_the_one_that_it_is() -> None:
    of = voice()
    daughter = build.person(of.family, "Alya")
    PhotoConsent.objects.create(household=of.family, uses=["juri"], by=secretary(of.of))
    WomanSaid.objects.create(household=of.family, woman=daughter, round=of.visit, benefit="cukup", on=date(2024, 5, 2))
    where = {"by": secretary(of.of), "cycle_slug": of.cycle.slug, "code": of.lokus.area, "household": of.family.code}
    new = split_family(**where, members=[daughter.uuid], on=date(2024, 5, 3)).new
    assert WomanSaid.objects.get().household == new
    Confirmation.objects.create(
        household=new, commitment=of.toilet, received=False, said="ibu", via="kader", on=date(2024, 6, 1)
    )
    PhotoConsent.objects.create(household=new, uses=[], by=secretary(of.of))
    unsplit(**where)
    assert {row.household for row in (Confirmation.objects.get(), WomanSaid.objects.get())} == {of.family}
    assert uses_of(of.family) == frozenset()


def whose() -> set[str]:
    return {row.household.code for table in (Confirmation, Holding, WomanSaid) for row in table.objects.all()}
