"""A frozen card can be computed again, from the answers that counted then; what has changed since is named."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions import audit
from selaras.actions.erasure import erase_household
from selaras.actions.facts import Entry, record_facts
from selaras.actions.results import freeze, verify
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import AuditEntry, Fact, Household, Result, Role, Submission
from selaras.queries.cards import card_of
from tests import build
from tests.build_programme import Programme, bring, families_file, family, programme

pytestmark = pytest.mark.django_db

ROWS = [family("GD-001", 4, "leher_angsa", 2000), family("GD-002", 3, "cemplung", 4000)]


def frozen(of: Programme) -> Result:
    record_facts(
        by=CONSOLE, lokus=of.lokus, round_=of.round, version=of.version, facts=[Entry("sk", option="a", source="SK 1")]
    )
    return freeze(by=CONSOLE, lokus=of.lokus, round_=of.round)


def test_a_frozen_card_is_the_counters_card_and_can_be_verified() -> None:
    of = programme()
    bring(of, families_file(ROWS))
    result = frozen(of)
    # health (50 + 60) / 2 = 55 weighs 60; lembaga 100 weighs 40
    assert result.card["units"][0]["total"] == 73
    assert card_of(of.lokus, of.round, of.version).unit.total == 73
    assert result.trace["sql"].startswith("WITH")
    verdict = verify(by=CONSOLE, result_id=result.uuid)
    assert (verdict.holds, verdict.data_hash, verdict.engine) == (True, result.data_hash, result.engine)
    assert AuditEntry.objects.filter(action="results.freeze", object_id=str(result.uuid)).count() == 1


def test_answers_that_came_later_do_not_disturb_an_older_card() -> None:
    of = programme()
    bring(of, families_file(ROWS))
    result = frozen(of)
    bring(of, families_file([family("GD-001", 4, "cemplung", 9000), family("GD-003", 1, "cemplung", 1)]))
    record_facts(
        by=CONSOLE, lokus=of.lokus, round_=of.round, version=of.version, facts=[Entry("sk", option="b", source="SK 2")]
    )
    assert verify(by=CONSOLE, result_id=result.uuid).holds
    second = freeze(by=CONSOLE, lokus=of.lokus, round_=of.round)
    assert (second.data_hash != result.data_hash, Result.objects.count()) == (True, 2)
    assert verify(by=CONSOLE, result_id=second.uuid).holds


def test_an_answer_that_was_tampered_with_is_found() -> None:
    of = programme()
    bring(of, families_file(ROWS))
    result = frozen(of)
    answers = Submission.objects.get(household__code="GD-002")
    Submission.objects.filter(pk=answers.pk).update(answers={**answers.answers, "jamban": "leher_angsa"})
    verdict = verify(by=CONSOLE, result_id=result.uuid)
    assert verdict.differences[0] == "jawaban atau data pendukungnya tidak sama dengan saat dibekukan"
    assert "jamban berubah" in verdict.differences


def test_after_an_erasure_a_frozen_card_still_verifies_and_so_does_the_audit(
    capsys: pytest.CaptureFixture[str],
) -> None:
    of = programme()
    bring(of, families_file([*ROWS, family("GD-003", 5, "cemplung", 100)]))
    result = frozen(of)
    card = dict(result.card)
    erase_household(by=CONSOLE, household=Household.objects.get(code="GD-002"), reason="permintaan")
    audit.seal_pending()
    verdict = verify(by=CONSOLE, result_id=result.uuid)
    assert (verdict.holds, verdict.erased, verdict.differences) == (True, 1, ())
    assert Result.objects.get(pk=result.pk).card == card
    call_command("verify-result", str(result.uuid))
    call_command("audit", "--verify")
    assert (
        "cocok: instrumen dan data sama dengan saat dibekukan, kecuali 1 keluarga yang sejak itu dihapus atas"
        " permintaannya; angkanya sama dengan yang tercatat di jejak audit\n"
    ) in capsys.readouterr().out
    second = freeze(by=CONSOLE, lokus=of.lokus, round_=of.round)
    assert (verify(by=CONSOLE, result_id=second.uuid).holds, second.card["units"][0]["households"]) == (True, 2)


def test_an_erasure_hides_no_other_change() -> None:
    of = programme()
    bring(of, families_file([*ROWS, family("GD-003", 5, "cemplung", 100)]))
    result = frozen(of)
    erase_household(by=CONSOLE, household=Household.objects.get(code="GD-002"), reason="permintaan")
    other = Submission.objects.get(household__code="GD-001")
    wrong = "jawaban atau data pendukungnya tidak sama dengan saat dibekukan"

    Submission.objects.filter(pk=other.pk).update(answers={**other.answers, "jamban": "cemplung"})
    assert verify(by=CONSOLE, result_id=result.uuid).differences[0] == wrong
    Submission.objects.filter(pk=other.pk).update(answers=other.answers)
    assert verify(by=CONSOLE, result_id=result.uuid).holds

    Submission.objects.filter(household__code="GD-003").update(received_at=timezone.now(), batch=None)
    assert verify(by=CONSOLE, result_id=result.uuid).differences[0] == wrong
    Submission.objects.filter(household__code="GD-003").update(batch=other.batch)

    result.card["units"][0]["total"] = 99
    result.save(update_fields=["card"])
    assert verify(by=CONSOLE, result_id=result.uuid).differences[0] == wrong


def test_the_erasure_of_a_family_without_answers_covers_up_no_change_of_another() -> None:
    of = programme()
    bring(of, families_file(ROWS))
    silent = build.household(of.lokus, name="Tanpa Jawaban")
    result = frozen(of)
    erase_household(by=CONSOLE, household=silent, reason="permintaan")
    assert verify(by=CONSOLE, result_id=result.uuid).holds

    other = Submission.objects.get(household__code="GD-001")
    Submission.objects.filter(pk=other.pk).update(answers={**other.answers, "jamban": "cemplung"})

    assert not verify(by=CONSOLE, result_id=result.uuid).holds


def test_a_number_that_was_tampered_with_is_found() -> None:
    of = programme()
    bring(of, families_file(ROWS))
    result = frozen(of)
    result.card["units"][0]["total"] = 99
    result.save(update_fields=["card"])
    assert verify(by=CONSOLE, result_id=result.uuid).differences == ("nilai seluruhnya 99 saat dibekukan, 73 sekarang",)


def test_who_may_not_score_the_lokus_cannot_freeze_and_a_stranger_finds_nothing() -> None:
    of = programme()
    bring(of, families_file(ROWS))
    with pytest.raises(Forbidden):
        freeze(by=build.member(Role.JUROR, "36.72", cycle=of.cycle), lokus=of.lokus, round_=of.round)
    result = frozen(of)
    with pytest.raises(Missing):
        verify(by=build.member(Role.SECRETARIAT, "32.73"), result_id=result.uuid)


def test_a_fact_must_fit_its_instrument_and_the_same_one_is_written_once() -> None:
    of = programme()
    where = {"by": CONSOLE, "lokus": of.lokus, "round_": of.round, "version": of.version}
    for wrong in (Entry("sk", option="z"), Entry("jamban", option="a"), Entry("tidak_ada", option="a")):
        with pytest.raises(InputError):
            record_facts(facts=[wrong], **where)
    assert record_facts(facts=[Entry("sk", option="a", source="SK 1")], **where) == 1
    assert record_facts(facts=[Entry("sk", option="a", source="SK 1")], **where) == 0
    assert record_facts(facts=[Entry("sk", option="b", source="SK 2")], **where) == 1
    assert list(Fact.objects.values_list("option", "source")) == [("b", "SK 2")]


def test_facts_are_entered_by_the_keepers_of_the_lokus() -> None:
    of = programme()
    with pytest.raises(Forbidden):
        record_facts(
            by=build.member(Role.JUROR, "36.72", cycle=of.cycle),
            lokus=of.lokus,
            round_=of.round,
            version=of.version,
            facts=[Entry("sk", option="a")],
        )
