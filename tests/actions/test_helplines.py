"""A city's own numbers: written down whole, refused line by line, and the country's where there are none."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from selaras.actions.helplines import set_helplines, take_card
from selaras.errors import InputError
from selaras.models import AuditEntry, Helpline, Place, Role
from selaras.queries.helplines import HelplineLine, national, numbers_of
from tests import build
from tests.pdf import pdf_pages

pytestmark = pytest.mark.django_db
DAY = date(2024, 5, 1)
UPTD = HelplineLine("uptd", "UPTD PPA", "0254 000000", "", "Senin–Jumat", "Papan nama kantor", DAY)


def problems(lines: list[HelplineLine], mark: str) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as refused:
        set_helplines(by=build.member(Role.PROTECTION, "36.72"), cycle_slug="36-72-2024", mark=mark, lines=lines)
    return [(each.code, each.where) for each in refused.value.problems]


def test_the_list_is_written_down_whole_once_and_an_older_one_does_not_overwrite_it() -> None:
    build.cycle()
    eka, city = build.member(Role.PROTECTION, "36.72"), Place.objects.get(code="36.72")
    first = numbers_of(city)
    said = {"by": eka, "cycle_slug": "36-72-2024"}
    set_helplines(**said, mark=first.mark, lines=[UPTD, *national()])
    kept = numbers_of(city)
    set_helplines(**said, mark=kept.mark, lines=list(kept.lines))

    assert (first.own, first.uptd, [line.number for line in first.lines]) == (False, False, ["129", "110"])
    assert (kept.own, kept.uptd, kept.lines) == (True, True, (UPTD, *national()))
    # The same again is no change, and what was read before the change is refused.
    assert list(AuditEntry.objects.values_list("action", "place_code")) == [("helplines.set", "36.72")]
    assert AuditEntry.objects.get().details == {"numbers": ["0254 000000", "129", "110"]}
    assert problems([UPTD], first.mark) == [("helpline.changed", "")]
    set_helplines(**said, mark=kept.mark, lines=[])
    assert (Helpline.objects.count(), numbers_of(city).lines) == (0, national())


def test_each_line_that_cannot_be_called_is_refused_at_its_field() -> None:
    build.cycle()
    city = Place.objects.get(code="36.72")
    mark, tomorrow = numbers_of(city).mark, numbers_of(city).today + timedelta(1)
    lines = [
        replace(UPTD, kind="x", name=""),
        replace(UPTD, number=""),
        replace(UPTD, number="tanya Bu Siti", messages="08-111-129-129 "),
        replace(UPTD, source="", checked_on=tomorrow),
        replace(UPTD, name="x" * 81, checked_on=date(1, 1, 1)),
    ]

    assert problems(lines, mark) == [
        ("helpline.kind", "kind-0"),
        ("helpline.blank", "name-0"),
        ("helpline.no_number", "number-1"),
        ("helpline.number", "number-2"),
        ("helpline.blank", "source-3"),
        ("helpline.day", "checked_on-3"),
        ("helpline.long", "name-4"),
        ("helpline.day", "checked_on-4"),
    ]
    assert problems([UPTD] * 9, mark) == [("helpline.many", "")]
    assert Helpline.objects.count() == 0


def test_a_phone_dials_digits_and_whatsapp_wants_the_country() -> None:
    sapa = national()[0]

    assert (sapa.dial, sapa.write) == ("129", "628111129129")
    assert replace(sapa, number="(0254) 12-34", messages="+62 811").write == "62811"


def test_the_longest_card_is_two_pages_and_its_front_says_nothing_of_violence() -> None:
    cycle = build.cycle()
    eka = build.member(Role.PROTECTION, "36.72")
    long = replace(UPTD, name="Balai Pelayanan " * 5, messages="0800-0000-0000", hours="x" * 60, source="Papan " * 33)
    set_helplines(by=eka, cycle_slug=cycle.slug, mark=numbers_of(cycle.place).mark, lines=[long] * 8)
    paper = take_card(by=eka, cycle_slug=cycle.slug, base_url="https://selaras.contoh.go.id")
    front, back = pdf_pages(paper.content)

    assert (paper.name, front.count("0254 000000")) == ("kartu-petugas-36.72.pdf", 8)
    assert [word for word in ("kekerasan", "KDRT", "korban", "lapor") if word in front.casefold()] == []
    assert [words in back for words in ("Jangan pernah", "Mendamaikan", "72 jam")] == [True] * 3
