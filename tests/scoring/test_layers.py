"""The layers of an item: a claim never outscores its evidence, nor the families' word, nor what somebody found."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from selaras.scoring.facts import Fact
from selaras.scoring.instrument import Indicator, Instrument
from selaras.scoring.layers import (
    Heard,
    Layers,
    Proof,
    Said,
    claimed_layers,
    measured_layers,
    share_of,
    sums_of,
    worths,
)
from selaras.scoring.points import scorecard
from selaras.scoring.tally import Tally
from tests.scoring.build import aspect, bands, indicator, instrument, options, tallies, tally

SCALE = Fraction(100)
LADDER = options(belum="0", a="25", b="50", c="75", d="100")
ITEMS: dict[str, Indicator] = {
    "options": indicator("tim", origin="judged", rule="options", options=LADDER),
    "linear": indicator("rapat", origin="record", low=Decimal(0), high=Decimal(10)),
    "falling": indicator("terlambat", origin="record", low=Decimal(10), high=Decimal(0)),
    "bands": indicator("mitra", origin="record", rule="bands", bands=bands((None, "3", "0"), ("3", None, "100"))),
    "yes_no": indicator("patbm", origin="protection", rule="yes_no"),
}


@st.composite
def said(draw: st.DrawFn, kind: str) -> Said:
    if kind == "options":
        return Said(option=draw(st.sampled_from([row.name for row in LADDER])))
    if kind == "yes_no":
        return Said(Decimal(draw(st.integers(0, 1))))
    return Said(Decimal(draw(st.integers(-3, 14))))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Indicator, dict[str, Any]]:
    """An item, and everything that may be known of it."""
    kind = draw(st.sampled_from(sorted(ITEMS)))
    limit = st.none() | said(kind)
    proofs = draw(st.lists(st.builds(Proof, st.booleans(), limit), max_size=3))
    heard = draw(st.none() | st.builds(Heard, st.integers(0, 5), st.integers(0, 5)))
    known = {"claim": draw(st.none() | said(kind)), "proofs": proofs, "heard": heard, "found": draw(limit)}
    return ITEMS[kind], known


def layers(item: Indicator, known: dict[str, Any]) -> Layers:
    rest = {name: value for name, value in known.items() if name != "claim"}
    return claimed_layers(item, SCALE, known["claim"], **rest)


def share(item: Indicator, of: Said) -> Fraction:
    found = share_of(item, of, SCALE)
    assert found is not None
    return found


@given(cases())
def test_no_claim_outscores_its_evidence(case: tuple[Indicator, dict[str, Any]]) -> None:
    item, known = case
    found = layers(item, known)
    if known["claim"] is None:
        assert found == Layers()
        return
    claimed = share(item, known["claim"])
    carried = [claimed if proof.limit is None else share(item, proof.limit) for proof in known["proofs"]]
    checked = [
        claimed if proof.limit is None else share(item, proof.limit) for proof in known["proofs"] if proof.verified
    ]
    assert found.claim == claimed
    assert found.evidenced == min(claimed, max(carried, default=Fraction(0)))
    assert found.verified is not None
    assert found.verified <= max(checked, default=Fraction(0))
    assert found.verified <= (found.standing or 0) <= found.evidenced <= claimed <= 1


@given(cases())
def test_no_claim_outscores_what_families_say_or_what_was_found(case: tuple[Indicator, dict[str, Any]]) -> None:
    item, known = case
    found, heard = layers(item, known), known["heard"]
    if known["claim"] is None:
        return
    asked = heard.received + heard.not_yet if heard else 0
    assert (found.received is None) == (asked == 0)
    if asked:
        assert found.received == (found.claim or 0) * Fraction(heard.received, asked)
    if known["found"] is not None:
        assert (found.verified or 0) <= share(item, known["found"])


@given(cases())
def test_another_not_yet_never_lifts_a_layer(case: tuple[Indicator, dict[str, Any]]) -> None:
    item, known = case
    heard = known["heard"] or Heard()
    before = layers(item, {**known, "heard": heard})
    after = layers(item, {**known, "heard": Heard(heard.received, heard.not_yet + 1)})
    assert (after.claim, after.evidenced) == (before.claim, before.evidenced)
    assert (after.standing or 0) <= (before.standing or 0)
    assert (after.verified or 0) <= (before.verified or 0)


@given(cases(), st.booleans())
def test_another_proof_never_lowers_a_layer(case: tuple[Indicator, dict[str, Any]], verified: bool) -> None:
    item, known = case
    before = layers(item, known)
    after = layers(item, {**known, "proofs": [*known["proofs"], Proof(verified)]})
    assert (after.evidenced or 0) >= (before.evidenced or 0)
    assert (after.verified or 0) >= (before.verified or 0)


@given(cases())
def test_every_missing_point_has_one_cause(case: tuple[Indicator, dict[str, Any]]) -> None:
    found = layers(*case)
    lost = found.lost()
    assert sum(lost.values(), found.verified or Fraction(0)) == 1
    assert min(lost.values()) >= 0


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.booleans(), st.booleans())
def test_a_measured_yes_that_the_family_denies_is_not_counted(
    true: int, denied: int, no: int, rechecked: bool, falling: bool
) -> None:
    ends = {"low": Decimal(1), "high": Decimal(0)} if falling else {}
    item = indicator("jamban", **ends)
    n = true + denied + no
    found = measured_layers(item, SCALE, tally(n, true + denied), denied=tally(n, true), rechecked=rechecked)
    if n == 0:
        assert found == Layers()
        return
    claimed = Fraction(no, n) if falling else Fraction(true + denied, n)
    received = claimed if falling else Fraction(true, n)
    assert found == Layers(claimed, claimed, received, received if rechecked else Fraction(0))
    assert sum(found.lost().values(), found.verified or Fraction(0)) == 1


def test_answers_of_families_are_their_own_evidence_and_verified_once_asked_again() -> None:
    item, counts = indicator("jamban"), tally(10, 6)
    six = Fraction(6, 10)
    assert measured_layers(item, SCALE, counts) == Layers(six, six, None, Fraction(0))
    assert measured_layers(item, SCALE, counts, rechecked=True) == Layers(six, six, None, six)
    lower = measured_layers(item, SCALE, counts, rechecked=True, found=Said(Decimal("0.4")))
    assert lower == Layers(six, six, None, Fraction(4, 10))


def test_a_claim_of_721_verified_at_588() -> None:
    """What a city claimed in full of ten items, and what was left of it where evidence showed less."""
    item = ITEMS["options"]
    worth, claim = Fraction(100), Said(option="d")
    proved = claimed_layers(item, SCALE, claim, proofs=[Proof(verified=True, limit=Said(option="b"))])
    open_ = claimed_layers(item, SCALE, claim, proofs=[Proof(verified=False)])
    bare = claimed_layers(item, SCALE, claim)
    total = sums_of([(worth, proved), (worth, open_), (worth, bare), (worth, Layers())])
    assert (total.worth, total.claim, total.evidenced, total.verified) == (400, 300, 150, 50)
    assert (total.items, total.claims, total.heard, total.jury) == (4, 3, 0, None)


def test_an_option_of_another_version_claims_nothing() -> None:
    assert claimed_layers(ITEMS["options"], SCALE, Said(option="z"), proofs=[Proof(verified=True)]) == Layers()
    assert claimed_layers(ITEMS["options"], SCALE, Said(Decimal(3)), proofs=[Proof(verified=True)]) == Layers()


TREE = instrument(
    indicator("jamban", "rumah", "3"),
    indicator("air", "rumah", "1"),
    indicator("imunisasi", "sehat", "2"),
    indicator("tim", "lembaga", "5", origin="judged", rule="options", options=LADDER),
    aspects=(
        aspect("hasil", "6"),
        aspect("rumah", "2", "hasil"),
        aspect("sehat", "1", "hasil"),
        aspect("lembaga", "4"),
    ),
)


def test_what_items_are_worth_makes_the_scale() -> None:
    assert worths(TREE) == {
        "jamban": 60 * Fraction(2, 3) * Fraction(3, 4),
        "air": 60 * Fraction(2, 3) * Fraction(1, 4),
        "imunisasi": Fraction(20),
        "tim": Fraction(40),
    }
    assert sum(worths(TREE).values()) == 100


def total_claimed(plan: Instrument, counts: dict[str, Tally], option: str) -> Fraction:
    found = [
        (
            worth,
            claimed_layers(plan.indicators[name], SCALE, Said(option=option))
            if name == "tim"
            else measured_layers(plan.indicators[name], SCALE, counts[name]),
        )
        for name, worth in worths(plan).items()
    ]
    return sums_of(found).claim


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=3, max_size=3), st.sampled_from(LADDER))
def test_with_all_items_claimed_the_first_layer_is_the_card(pairs: list[tuple[int, int]], ticked: Any) -> None:
    counts = {
        name: tally(n, min(n, true)) for name, (n, true) in zip(("jamban", "air", "imunisasi"), pairs, strict=True)
    }
    card = scorecard(TREE, tallies(("A", 9, counts)), [Fact("A", "tim", option=ticked.name)]).units[0]
    assert total_claimed(TREE, counts, ticked.name) == card.total
