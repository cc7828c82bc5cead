"""Who claims, what a claim may say, who looks at it, and what stays written down."""

from decimal import Decimal
from typing import Any

import pytest

from selaras.access import CONSOLE
from selaras.actions.claims import Where, claim, find, limit_proof
from selaras.actions.facts import Entry, record_facts
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import AuditEntry, Claim, ClaimFinding, ProofLimit, Role, User
from selaras.queries.layered import layered
from selaras.scoring.layers import Said
from tests import build, build_readiness
from tests.build_programme import Programme, programme

pytestmark = pytest.mark.django_db


def where(of: Programme, indicator: str = "sk") -> Where:
    return Where(of.cycle.slug, of.lokus.area, "contoh", indicator)


def secretariat(of: Programme) -> User:
    return build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)


def codes(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def entries() -> list[tuple[str, Any]]:
    rows = AuditEntry.objects.filter(action__startswith="claims.").order_by("pk")
    return [(row.action, {**row.details}) for row in rows]


def test_a_claim_is_said_changed_and_taken_back_each_with_what_was_before() -> None:
    of = programme()
    ani = secretariat(of)
    claim(by=ani, where=where(of), said=Said(option="b"), basis=" SK  12/2024 ")
    claim(by=ani, where=where(of), said=Said(option="a"), version=1)
    made = claim(by=ani, where=where(of), said=Said(), version=2)
    assert (made.option, made.value, made.version, Claim.objects.count()) == ("", None, 3, 1)
    same = {"instrument": "contoh", "indicator": "sk"}
    assert entries() == [
        ("claims.say", {**same, "said": {"option": "b"}, "before": None, "basis": True}),
        ("claims.say", {**same, "said": {"option": "a"}, "before": {"option": "b"}, "basis": False}),
        ("claims.take_back", {**same, "said": {}, "before": {"option": "a"}, "basis": False}),
    ]


def test_whoever_saw_an_older_claim_is_told_and_changes_nothing() -> None:
    of = programme()
    claim(by=secretariat(of), where=where(of), said=Said(option="b"))
    with pytest.raises(InputError) as error:
        claim(by=secretariat(of), where=where(of), said=Said(option="a"), version=0)
    assert (codes(error), Claim.objects.get().option) == (["claim.newer"], "b")


@pytest.mark.parametrize(
    ("indicator", "said", "code"),
    [
        ("jamban", Said(Decimal(1)), "claim.measured"),
        ("sk", Said(option="z"), "facts.option"),
        ("sk", Said(Decimal(1)), "facts.option_wanted"),
        ("saluran", Said(Decimal(2)), "facts.yes_no"),
        ("saluran", Said(option="a"), "facts.value_wanted"),
    ],
)
def test_what_families_are_asked_is_not_claimed_and_no_rule_is_stretched(indicator: str, said: Said, code: str) -> None:
    of = programme()
    with pytest.raises(InputError) as error:
        claim(by=secretariat(of), where=where(of, indicator), said=said)
    assert (codes(error), Claim.objects.count(), entries()) == ([code], 0, [])


def test_a_juror_the_province_and_a_neighbour_claim_nothing() -> None:
    of = programme()
    refused = {Role.JUROR: "36.72", Role.PROVINCE: "36", Role.CADRE: of.lokus.area, Role.LEADER: "36.72"}
    for role, area in refused.items():
        with pytest.raises(Forbidden):
            claim(by=build.member(role, area), where=where(of), said=Said(option="a"))
    with pytest.raises(Missing):
        claim(by=build.member(Role.SUPERVISOR, "36.73.01.1001"), where=where(of), said=Said(option="a"))
    for other in (Where(of.cycle.slug, of.lokus.area, "lain", "sk"), where(of, "tidak_ada")):
        with pytest.raises(Missing):
            claim(by=secretariat(of), where=other, said=Said(option="a"))
    assert Claim.objects.count() == 0


def test_nobody_looks_at_what_she_claimed_herself() -> None:
    of = programme()
    ani, budi = secretariat(of), secretariat(of)
    claim(by=ani, where=where(of), said=Said(option="a"))
    with pytest.raises(InputError) as error:
        find(by=ani, where=where(of), said=Said(option="a"))
    assert codes(error) == ["claim.own"]
    find(by=budi, where=where(of), said=Said(option="b"), reason="SK belum ditandatangani")
    row = ClaimFinding.objects.get()
    assert (row.option, row.by, row.reason) == ("b", budi, "SK belum ditandatangani")
    assert layered(of.lokus).items["sk"].layers.verified == 0
    assert entries()[-1][1]["reason"] is True


def test_nor_at_a_record_that_she_entered_herself() -> None:
    of = programme()
    ani = secretariat(of)
    build_readiness.fact(of, "sk", option="a", by=ani)
    with pytest.raises(InputError) as error:
        find(by=ani, where=where(of), said=Said(option="a"))
    assert codes(error) == ["claim.own"]


def test_less_than_claimed_is_found_with_a_reason_and_nothing_of_what_nobody_claims() -> None:
    of = programme()
    budi = secretariat(of)
    with pytest.raises(InputError) as error:
        find(by=budi, where=where(of), said=Said(option="a"))
    assert codes(error) == ["claim.unclaimed"]
    build_readiness.claim(of, "sk", option="a")
    for said, code in ((Said(option="b"), "claim.reason"), (Said(), "claim.nothing")):
        with pytest.raises(InputError) as error:
            find(by=budi, where=where(of), said=said)
        assert codes(error) == [code]
    find(by=budi, where=where(of), said=Said(option="a"))
    assert entries() == [
        ("claims.find", {"instrument": "contoh", "indicator": "sk", "said": {"option": "a"}, "reason": False})
    ]


def test_what_a_proof_shows_at_most_is_said_by_whoever_may_claim_and_taken_back() -> None:
    of = programme()
    build_readiness.claim(of, "sk", option="a")
    use = build_readiness.cite(of, "sk", state="verified")
    ani = secretariat(of)
    limit_proof(by=ani, where=where(of), use=use.pk, said=Said(option="b"))
    assert (ProofLimit.objects.get().option, layered(of.lokus).items["sk"].layers.evidenced) == ("b", 0)
    limit_proof(by=ani, where=where(of), use=use.pk, said=Said())
    assert (ProofLimit.objects.count(), layered(of.lokus).items["sk"].layers.evidenced) == (0, 1)
    with pytest.raises(Missing):
        limit_proof(by=ani, where=where(of, "saluran"), use=use.pk, said=Said())
    assert [action for action, _details in entries()] == ["claims.limit", "claims.limit"]


def test_whoever_claims_does_not_lift_what_somebody_else_said_that_a_proof_shows() -> None:
    of = programme()
    ani, budi, citra = secretariat(of), secretariat(of), secretariat(of)
    claim(by=ani, where=where(of), said=Said(option="a"))
    use = build_readiness.cite(of, "sk", state="verified")
    limit_proof(by=budi, where=where(of), use=use.pk, said=Said(option="b"))
    limit_proof(by=ani, where=where(of), use=use.pk, said=Said(option="b"))
    for said in (Said(), Said(option="a")):
        with pytest.raises(InputError) as error:
            limit_proof(by=ani, where=where(of), use=use.pk, said=said)
        assert codes(error) == ["claim.limit"]
    assert (ProofLimit.objects.get().option, layered(of.lokus).items["sk"].layers.evidenced) == ("b", 0)
    limit_proof(by=citra, where=where(of), use=use.pk, said=Said())
    assert ProofLimit.objects.count() == 0


def test_a_claim_that_is_raised_is_not_verified_by_what_was_vouched_for_before() -> None:
    of = programme()
    ani = secretariat(of)
    claim(by=ani, where=where(of), said=Said(option="b"))
    use = build_readiness.cite(of, "sk", state="verified")
    claim(by=ani, where=where(of), said=Said(option="b"), basis="SK", version=1)
    use.refresh_from_db()
    assert use.state == "verified"
    claim(by=ani, where=where(of), said=Said(option="a"), version=2)
    use.refresh_from_db()
    layers = layered(of.lokus).items["sk"].layers
    assert (use.state, use.decided_at, layers.evidenced, layers.verified) == ("waiting", None, 1, 0)
    assert AuditEntry.objects.get(action="evidence.reopen").details == {"was": "verified"}
    assert use.evidence.__class__.objects.get(pk=use.evidence_id).version == 2


def test_a_record_that_is_raised_is_looked_at_anew_where_nothing_is_claimed() -> None:
    of = programme()
    use = build_readiness.cite(of, "sk", state="verified")

    def state_after(option: str) -> str:
        facts = [Entry("sk", option=option, source="SK")]
        record_facts(by=CONSOLE, lokus=of.lokus, round_=None, version=of.version, facts=facts)
        use.refresh_from_db()
        now = use.state
        type(use).objects.filter(pk=use.pk).update(state="verified", decided_at=build_readiness.AT)
        return now

    assert [state_after(option) for option in ("b", "a", "b")] == ["verified", "waiting", "verified"]
    build_readiness.claim(of, "sk", option="b")
    assert state_after("a") == "verified"


def test_a_finding_too_big_for_any_item_is_told() -> None:
    of = programme()
    build_readiness.claim(of, "sk", option="a")
    with pytest.raises(InputError) as error:
        find(by=secretariat(of), where=where(of, "jamban"), said=Said(Decimal("1e30")), reason="uji")
    assert "claim.number" in codes(error)


def test_a_closed_year_takes_neither_claim_nor_finding() -> None:
    of = programme()
    type(of.cycle).objects.filter(pk=of.cycle.pk).update(closed_at=build_readiness.AT)
    for act in (claim, find):
        with pytest.raises(Forbidden):
            act(by=secretariat(of), where=where(of), said=Said(option="a"))
