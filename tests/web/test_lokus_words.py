"""What the lokus page says beyond its numbers: order, losses, next steps."""

from dataclasses import replace
from decimal import Decimal

from selaras.queries.loci import Coverage
from selaras.web import loci
from tests.web import samples


def test_what_loses_most_of_the_total_stands_first() -> None:
    groups = loci.context(samples.LOKUS)["groups"]

    assert [group.row.line.name for group in groups] == [  # type: ignore[attr-defined]
        "ekonomi",
        "rumah",
        "kesehatan",
        "lindung",
        "lembaga",
        "dokumen",
        "suara",
    ]


def test_the_losses_of_all_aspects_are_what_the_total_lacks() -> None:
    """With exact aspect scores: (100 − total) splits over the aspects by weight; the unmeasured one loses nothing."""
    groups = loci.grouped(samples.ASPECTS, Decimal(1), Decimal(100))
    measured = [line for line in samples.ASPECTS if line.score.value is not None]
    whole = sum(line.weight for line in measured)
    total = sum((line.weight * (line.score.value or 0) for line in measured), Decimal(0)) / whole

    assert round(sum(group.row.lost for group in groups), 12) == round(100 - total, 12)
    assert groups[-1].row.lost == 0


def test_an_indicator_loses_its_part_of_its_aspects_part() -> None:
    rows = {row.line.name: row.lost for row in loci.leaves(loci.grouped(samples.ASPECTS, Decimal(1), Decimal(100)))}
    # Aspect rumah: 14 of the 66 that are measured; jamban: 5 of its 9; 39 of 93 points are lost.
    expected = Decimal(14) / 66 * 5 / 9 * (100 - Decimal(54) / 93 * 100)

    assert round(rows["jamban"], 9) == round(expected, 9)


def test_next_steps_come_in_order_and_end_when_all_is_in() -> None:
    assert [step.what for step in loci.next_steps(samples.LOKUS)] == [
        "Data 2 keluarga yang belum terisi.",
        "Lengkapi 41 jawaban yang kosong.",
        "Ukur 1 indikator yang belum punya nilai.",
    ]
    done = replace(samples.LOKUS, coverage=Coverage(100, 100, 100, 0), blank_answers=0, unmeasured=())
    assert loci.next_steps(done) == ()


def test_a_step_leads_nowhere_that_the_role_may_not_go() -> None:
    page = replace(samples.LOKUS, may_see_households=False)

    assert [step.url for step in loci.next_steps(page)][:2] == ["", ""]


def test_a_score_that_fell_is_said_to_have_fallen() -> None:
    assert loci.change(samples.score("56.9", before="58.5")) == Decimal("-1.6")
    assert loci.change(samples.score("56.9")) is None
