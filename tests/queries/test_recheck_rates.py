"""Who is drawn, what is alike, and how far it can be trusted: arithmetic that anybody can do again."""

from decimal import Decimal
from hashlib import sha256

from selaras.odk.forms import Field
from selaras.queries.recheck_rates import Rate, drawn, rate_of, said, wilson

FRAME = {"ani": [f"a{number}" for number in range(10)], "budi": ["b1", "b2"]}


def field(name: str, kind: str) -> Field:
    return Field(name, kind, kind, "survey!A1", 1, {}, {})  # type: ignore[arg-type]


def test_a_draw_takes_the_first_forms_of_each_surveyor_in_the_order_of_their_hash() -> None:
    found = drawn(FRAME, "benih", each=3, percent=None)
    place = {form: sha256(f"benih:{form}".encode()).hexdigest() for forms in FRAME.values() for form in forms}

    assert {form for who, form in found if who == "ani"} == set(sorted(FRAME["ani"], key=place.__getitem__)[:3])
    assert {form for who, form in found if who == "budi"} == {"b1", "b2"}
    assert [form for _who, form in found] == sorted((form for _who, form in found), key=place.__getitem__)


def test_the_same_seed_draws_the_same_whatever_order_the_forms_came_in_and_another_seed_does_not() -> None:
    turned = {who: forms[::-1] for who, forms in reversed(FRAME.items())}

    assert drawn(turned, "benih", each=3, percent=None) == drawn(FRAME, "benih", each=3, percent=None)
    assert len({drawn(FRAME, f"benih {number}", each=3, percent=None) for number in range(20)}) == 20


def test_a_share_is_rounded_up_for_each_surveyor() -> None:
    found = drawn(FRAME, "benih", each=None, percent=15)

    assert sorted(who for who, _form in found) == ["ani", "ani", "budi"]


def test_every_form_is_drawn_equally_often() -> None:
    counts = dict.fromkeys(FRAME["ani"], 0)
    for number in range(2000):
        for who, form in drawn(FRAME, str(number), each=2, percent=None):
            if who == "ani":
                counts[form] += 1

    # 2,000 draws of 2 out of 10: 400 each, give or take four standard deviations.
    assert [form for form, count in counts.items() if abs(count - 400) > 72] == []


def test_the_interval_is_wilsons() -> None:
    # Newcombe, Stat. Med. 17 (1998) 857-872, table I.
    assert [wilson(Decimal(81) / 263, 263), wilson(Decimal(15) / 148, 148)] == [
        (Decimal("0.2553"), Decimal("0.3662")), (Decimal("0.0624"), Decimal("0.1605")),
    ]  # fmt: skip
    assert [wilson(Decimal(0), 20), wilson(Decimal(1), 29)] == [
        (Decimal("0.0"), Decimal("0.1611")), (Decimal("0.8830"), Decimal("1.0")),
    ]  # fmt: skip


def test_only_what_both_answered_is_compared_and_choices_in_any_order() -> None:
    fields = [field("jamban", "choice"), field("bantuan", "choices"), field("jumlah", "integer")]
    first = said(fields, {"jamban": "cemplung", "bantuan": "pkh bpnt", "jumlah": 4, "nama": "rahasia"})
    second = said(fields, {"jamban": "leher_angsa", "bantuan": "bpnt pkh", "jumlah": ""})

    assert rate_of([(first, second), (first, {})], ["jamban", "bantuan", "jumlah"]) == Rate(families=1, asked=2, same=1)
    assert "nama" not in first


def test_a_number_is_the_same_however_its_zeros_were_typed() -> None:
    fields = [field("luas", "decimal"), field("kode", "text")]
    first, second = said(fields, {"luas": "12.0", "kode": "012"}), said(fields, {"luas": "12", "kode": "12"})
    assert (first["luas"], second["luas"]) == ("12", "12")
    assert rate_of([(first, second)], ["luas", "kode"]) == Rate(families=1, asked=2, same=1)


def test_the_interval_counts_families_and_says_when_they_are_too_few() -> None:
    many, few = Rate(families=40, asked=240, same=216), Rate(families=4, asked=24, same=24)

    assert (many.share, many.low, many.high, many.few) == (
        Decimal("0.9"), *wilson(Decimal("0.9"), 40), False,
    )  # fmt: skip
    assert (few.low, few.few, Rate().share, Rate().low) == (Decimal("0.5101"), True, None, None)
