"""What comes between a merge and its undo, and what the two had said before: nothing is lost, nothing wrongly given."""

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from selaras.access import CONSOLE
from selaras.actions.agreed import drop_list
from selaras.actions.erasure import Entry, replay
from selaras.actions.importing.registry import Registry
from selaras.actions.jobs import work_off
from selaras.actions.merging import merge, unmerge
from selaras.actions.photo_consents import say_photo_uses
from selaras.actions.statements import say_state
from selaras.errors import InputError
from selaras.models import (
    Arrival,
    CurrentAnswers,
    Household,
    ImportBatch,
    Job,
    Merge,
    PhotoConsent,
    Role,
    SearchHashes,
    Statement,
    Submission,
    User,
)
from selaras.queries.photo_uses import uses_of, uses_of_files
from selaras.queries.programme import today_in
from tests import build
from tests.actions.test_agreed import Ground as Lists
from tests.actions.test_field_taken_back import BAD, GOOD, allow, counts, number, send
from tests.actions.test_imports_undone import undone
from tests.actions.test_merging import everything, rolled_back
from tests.actions.test_photo_consents import Ground
from tests.build_field import filled, open_field
from tests.build_programme import bring, confirm, families_file, programme, receive
from tests.build_programme import family as row
from tests.build_twins import answered, scored, twins
from tests.sample_workbook import rows, sample

pytestmark = pytest.mark.django_db


def lurah(of: Household) -> User:
    return User.objects.filter(memberships__role=Role.SUPERVISOR).first() or build.member(
        Role.SUPERVISOR, of.lokus.place.code, cycle=of.lokus.cycle
    )


def one(kept: Household, gone: Household) -> Merge:
    with transaction.atomic():
        made = merge(by=lurah(kept), kept=kept, gone=gone)
    work_off()
    return made


def two(made: Merge) -> None:
    with transaction.atomic():
        unmerge(by=lurah(made.kept), merged=Merge.objects.get(pk=made.pk))
    work_off()


def refused(made: Merge) -> list[str]:
    with pytest.raises(InputError) as error:
        two(made)
    return [problem.code for problem in error.value.problems]


# --- words about photos -----------------------------------------------------------------------------------------------
def test_of_two_words_about_photos_the_narrower_holds_and_each_has_its_own_again() -> None:
    ground = Ground()
    gone, kept = ground.family, build.household(ground.of.lokus, rw="03")
    photo = ground.sent("juri laporan").files.get().pk
    ground.say()
    say_photo_uses(
        by=ground.lurah,
        cycle_slug=ground.of.cycle.slug,
        code=ground.of.lokus.area,
        household=kept.code,
        uses=["juri", "laporan"],
    )
    before = list(PhotoConsent.objects.order_by("pk").values())
    made = one(kept, gone)
    assert (uses_of(kept), uses_of_files([photo])[photo]) == (frozenset(), frozenset())

    two(made)
    assert list(PhotoConsent.objects.order_by("pk").values()) == before
    assert (uses_of(kept), uses_of(gone)) == (frozenset({"juri", "laporan"}), frozenset())


def test_a_family_that_nobody_had_asked_takes_over_the_others_word_with_what_bounds_later_forms() -> None:
    ground = Ground()
    gone, kept = ground.family, build.household(ground.of.lokus, rw="03")
    ground.say("juri", "laporan")
    one(kept, gone)
    assert uses_of(kept) == {"juri", "laporan"}

    ground.family = kept
    ground.sent("juri laporan publik")
    assert uses_of(kept) == {"juri", "laporan"}


def test_what_was_said_of_one_photo_is_said_of_it_whoever_its_family_is() -> None:
    ground = Ground()
    gone, kept = ground.family, build.household(ground.of.lokus, rw="03")
    photo = ground.sent("juri laporan publik").files.get().pk
    ground.say(file=photo)
    made = one(kept, gone)
    assert uses_of_files([photo])[photo] == frozenset()

    ground.family = kept
    ground.say("juri", file=photo)
    two(made)
    assert uses_of_files([photo])[photo] == {"juri"}
    assert set(PhotoConsent.objects.filter(file=photo).values_list("household", flat=True)) == {gone.pk}


def test_what_is_withdrawn_while_they_are_one_is_withdrawn_of_both() -> None:
    ground = Ground()
    gone, kept = ground.family, build.household(ground.of.lokus, rw="03")
    ground.say("juri", "laporan")
    made = one(kept, gone)
    ground.family = kept
    ground.say()
    two(made)
    assert (uses_of(kept), uses_of(gone)) == (frozenset(), frozenset())


# --- what the office said ---------------------------------------------------------------------------------------------
def test_what_the_office_said_of_the_one_that_went_is_said_of_the_other_and_goes_back() -> None:
    of = open_field().programme
    kept, gone = (build.household(of.lokus, rw="03") for _ in range(2))
    where = {"cycle_slug": of.cycle.slug, "code": of.lokus.area}
    say_state(by=lurah(gone), **where, household=gone.code, state="pindah", on=today_in(of.cycle))
    made = one(kept, gone)
    assert list(Statement.objects.values_list("household", flat=True)) == [kept.pk]
    two(made)
    assert list(Statement.objects.values_list("household", flat=True)) == [gone.pk]


# --- forms that come meanwhile ----------------------------------------------------------------------------------------
def test_a_merge_is_not_taken_back_once_a_form_has_named_the_one_that_went() -> None:
    of = open_field()
    kept, gone = (build.household(of.programme.lokus, rw="03") for _ in range(2))
    made = one(kept, gone)
    sent = send(of, filled(of.form, gone, GOOD))
    assert (sent.state, sent.household, sent.about) == ("taken", kept, gone.uuid)
    assert refused(made) == ["unmerge.forms"]
    assert list(CurrentAnswers.objects.values_list("household", flat=True)) == [kept.pk]


def test_a_merge_is_not_taken_back_once_a_form_of_the_one_that_went_is_corrected() -> None:
    of = open_field()
    kept, gone = (build.household(of.programme.lokus, rw="03") for _ in range(2))
    first = number()
    send(of, filled(of.form, gone, BAD, instance=first))
    made = one(kept, gone)
    assert send(of, filled(of.form, kept, GOOD, deprecated=first)).state == "taken"
    assert refused(made) == ["unmerge.forms"]
    assert [row.answers for row in CurrentAnswers.objects.all()] == [GOOD | {"jumlah": 5}]


def test_a_form_about_the_one_that_stays_is_its_own_and_hinders_nothing() -> None:
    of = open_field()
    kept, gone = (build.household(of.programme.lokus, rw="03") for _ in range(2))
    made = one(kept, gone)
    send(of, filled(of.form, kept, GOOD))
    two(made)
    assert list(CurrentAnswers.objects.values_list("household", flat=True)) == [kept.pk]
    assert list(Arrival.objects.values_list("household", flat=True)) == [kept.pk]


def test_of_merges_of_merges_the_older_one_names_the_newer_that_is_undone_first() -> None:
    of = open_field().programme
    first, second, third = (build.household(of.lokus, rw="03") for _ in range(3))
    older = one(second, first)
    newer = one(third, second)
    assert refused(older) == ["unmerge.later"]
    two(newer)
    two(older)
    assert set(Household.objects.values_list("pending", flat=True)) == {None}


# --- lists from elsewhere ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("both_asked", [True, False], ids=["both asked", "one asked"])
def test_a_list_that_is_dropped_while_they_are_one_leaves_every_blank_blank(both_asked: bool) -> None:
    there = Lists()
    there.asked(there.second, {"jumlah": "4"})
    if both_asked:
        there.asked(there.first, {"jumlah": "5"}, instance="uuid:2")
    listed = there.used(there.codes("", "3;Leher angsa"))
    made = one(there.first, there.second)
    number_ = 5 if both_asked else 4
    assert there.counts(there.first) == {"jumlah": number_, "jamban": "leher_angsa"}

    drop_list(by=there.lurah, **there.where, agreed_id=listed.uuid)
    assert there.counts(there.first) == {"jumlah": number_}
    two(made)
    assert there.counts(there.first) == ({"jumlah": 5} if both_asked else None)
    assert there.counts(there.second) == {"jumlah": 4}


def test_what_a_list_had_filled_is_filled_again_after_a_merge_was_undone() -> None:
    there = Lists()
    there.asked(there.first, {"jumlah": "5"})
    there.asked(there.second, {"jumlah": "4"}, instance="uuid:2")
    there.used(there.codes("", "3;Leher angsa"))
    two(one(there.first, there.second))
    assert there.counts(there.first) == {"jumlah": 5}
    assert there.counts(there.second) == {"jumlah": 4, "jamban": "leher_angsa"}


# --- imports ----------------------------------------------------------------------------------------------------------
def test_an_import_is_not_taken_back_while_answers_of_it_stand_in_another_familys_name() -> None:
    of = programme()
    kept, gone = (build.household(of.lokus) for _ in range(2))
    import_id = bring(of, families_file([row("GD-002", 3, "cemplung")]))
    made = one(kept, gone)
    with pytest.raises(InputError) as error:
        undone(of, import_id)
    assert [problem.message for problem in error.value.problems] == [
        "1 keluarga sudah dipakai di bagian lain (digabungkan dengan keluarga lain)"
    ]
    two(made)
    undone(of, import_id)
    assert not CurrentAnswers.objects.exists()


def test_an_import_that_was_checked_before_a_merge_says_which_family_stayed() -> None:
    of = programme()
    kept, gone = (build.household(of.lokus) for _ in range(2))
    import_id = receive(of, families_file([row("GD-002", 3, "cemplung")]))
    one(kept, gone)
    confirm(of, import_id)
    job = Job.objects.filter(kind="imports.publish").get()
    said = "keluarga GD-002 sudah digabungkan ke GD-001: keduanya satu keluarga"
    assert job.note == f"{said}; tulis kode GD-001, atau lewati baris ini"


# --- numbers ----------------------------------------------------------------------------------------------------------
def test_a_kk_number_of_the_one_that_went_finds_the_one_that_stays() -> None:
    of = open_field(sample(survey=[*rows("survey"), ["text", "nomor_kk", "Nomor KK"]]))
    kept = build.household(of.programme.lokus, rw="03", kk="9900000000000001")
    gone = build.household(of.programme.lokus, rw="03", kk="9900000000000002")
    one(kept, gone)
    batch = ImportBatch.objects.get(uuid=receive(of.programme, families_file([row("GD-001", 3, "cemplung")])))
    assert Registry(batch, SearchHashes.load()).code_of({"kk": "9900000000000002"}) == kept.code

    sent = send(of, filled(of.form, None, {"jumlah": "4", "nomor_kk": "9900000000000002"}))
    assert (sent.state, sent.reason) == ("quarantined", "known_kk")


# --- corrections where both had answered ------------------------------------------------------------------------------
def test_a_form_of_the_one_that_went_is_corrected_where_both_had_answered() -> None:
    of = open_field()
    kept, gone = (build.household(of.programme.lokus, rw="03") for _ in range(2))
    first = number()
    send(of, filled(of.form, kept, BAD))
    send(of, filled(of.form, gone, BAD, instance=first))
    one(kept, gone)
    correction = send(of, filled(of.form, gone, GOOD, deprecated=first))
    assert (correction.state, correction.reason) == ("quarantined", "twice")
    allow(of, correction)
    correction.refresh_from_db()
    assert (correction.state, correction.household) == ("taken", kept)
    assert counts() == {kept.pk: GOOD | {"jumlah": 5}}


def test_where_a_moved_form_was_about_another_family_what_it_had_followed_counts_again() -> None:
    of = open_field()
    kept, gone, right = (build.household(of.programme.lokus, rw="03") for _ in range(3))
    bring(of.programme, families_file([row("GD-002", 3, "cemplung", rw="03")]))
    first = number()
    send(of, filled(of.form, Household.objects.get(pk=gone.pk), GOOD, instance=first))
    made = one(kept, gone)
    allow(of, send(of, filled(of.form, right, GOOD, deprecated=first)))
    assert counts() == {
        kept.pk: {"jumlah": 3, "jamban": "cemplung"},
        right.pk: {"jumlah": 5, "jamban": "leher_angsa"},
    }
    assert refused(made) == ["unmerge.forms"]


def test_who_stood_in_for_whom_goes_with_the_answers() -> None:
    of = twins()
    sent = answered(of.other, of.programme.round, of.programme)
    Submission.objects.filter(pk=sent.pk).update(instead_of=of.lurah)
    made = one(of.one, of.other)
    assert Submission.objects.get(household=of.one).instead_of == of.lurah
    two(made)
    assert list(Submission.objects.values_list("pk", "instead_of")) == [(sent.pk, of.lurah.pk)]


# --- members ----------------------------------------------------------------------------------------------------------
def test_two_of_one_name_with_two_niks_are_two_and_who_was_completed_since_stays() -> None:
    of = programme()
    kept, gone = (build.household(of.lokus) for _ in range(2))
    build.person(kept, "Alya Zahra", nik="3672054503850001")
    build.person(gone, "Alya Zahra", nik="3672054503850002")
    build.person(gone, "Dafa Uji")
    build.person(gone, "Rohman Uji")
    made = one(kept, gone)
    assert list(kept.persons.values_list("name", flat=True)) == ["Alya Zahra", "Alya Zahra", "Dafa Uji", "Rohman Uji"]

    dafa = kept.persons.select_related("household__key").get(name="Dafa Uji")
    dafa.set_nik("3672054503850003", SearchHashes.load().nik("3672054503850003"))
    dafa.save()
    two(made)
    assert list(kept.persons.values_list("name", flat=True)) == ["Alya Zahra", "Dafa Uji"]
    assert list(gone.persons.values_list("name", flat=True)) == ["Alya Zahra", "Dafa Uji", "Rohman Uji"]


# --- an older backup --------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["kept", "gone"])
def test_a_backup_made_while_two_were_one_hides_nobody_where_one_of_them_was_erased_since(who: str) -> None:
    of = twins()
    answered(of.other, of.programme.round, of.programme, jumlah=6)
    one(of.one, of.other)
    erased, lives = (of.one, of.other) if who == "kept" else (of.other, of.one)
    entry = Entry(str(erased.uuid), (str(erased.the_key().pk),), timezone.now().isoformat())
    assert replay(by=CONSOLE, register=[entry]) == 1

    there = Household.objects.select_related("key").get(erased_at__isnull=True)
    assert (there.pk, there.pending) == (lives.pk, None)
    left = [(row.household_id, row.private_values()) for row in Submission.objects.select_related("household__key")]
    assert left == ([(of.other.pk, {"catatan": "tentang GD-002"})] if who == "kept" else [])
    assert list(CurrentAnswers.objects.values_list("household", flat=True)) == [pk for pk, _ in left]
    if who == "kept":
        assert there.kk() == "9900000000000001"
        assert there.kk_hash is not None


# --- all of it, in any order ------------------------------------------------------------------------------------------
USES = st.sampled_from([None, (), ("juri",), ("juri", "laporan")])
TWICE = st.tuples(st.booleans(), st.booleans())
#: What may come in between -> the tables that say more afterwards, of the family that stayed alone.
BETWEEN = {"": set(), "said": {"Statement"}, "visited": {"Visit", "arrivals"}, "asked": {"PhotoConsent"}}


#: Without shrinking: an example takes a second, and says what it is.
@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(met=(True, True), away=(False, True), uses=((), ("juri", "laporan")), said=(True, True), between="said")
@example(met=(False, True), away=(True, False), uses=(("juri",), None), said=(False, True), between="visited")
@example(met=(False, True), away=(False, True), uses=(None, ("juri", "laporan")), said=(False, True), between="asked")
@given(met=TWICE, away=TWICE, uses=st.tuples(USES, USES), said=TWICE, between=st.sampled_from(sorted(BETWEEN)))
def test_with_forms_visits_and_words_of_both_and_something_in_between_nothing_else_has_changed(
    met: tuple[bool, bool],
    away: tuple[bool, bool],
    uses: tuple[tuple[str, ...] | None, tuple[str, ...] | None],
    said: tuple[bool, bool],
    between: str,
) -> None:
    with rolled_back():
        ground = Ground()
        kept, gone = ground.family, build.household(ground.of.lokus, rw="03")
        for number_, ground.family in enumerate((kept, gone)):
            if met[number_]:
                ground.sent("juri laporan", instance=number())
            if away[number_]:
                visited(ground)
            if (allowed := uses[number_]) is not None:
                ground.say(*allowed)
            if said[number_]:
                told(ground, "pindah")
        scored(ground.of.round)
        before = everything()
        made = one(kept, gone)
        ground.family = kept
        {"": int, "said": lambda: told(ground, "menolak"), "visited": lambda: visited(ground), "asked": ground.say}[
            between
        ]()
        two(made)
        after = everything()
        more = {name for name in before if after[name] != before[name]}
        assert more <= BETWEEN[between]
        for name in more:
            fresh = [row for row in after[name] if row not in before[name]]
            assert [row for row in before[name] if row not in after[name]] == []
            families = {row["household_id"] if isinstance(row, dict) else row[1] for row in fresh}
            # What is withdrawn while they are one is withdrawn of both.
            assert families in ({kept.pk}, {kept.pk, gone.pk} if between == "asked" else {kept.pk})


def visited(ground: Ground) -> None:
    ground.family.refresh_from_db()
    send(ground.field, filled(ground.field.form, ground.family, outcome="menolak"))


def told(ground: Ground, state: str) -> None:
    where = {"cycle_slug": ground.of.cycle.slug, "code": ground.of.lokus.area, "household": ground.family.code}
    say_state(by=ground.lurah, **where, state=state, on=today_in(ground.of.cycle))
