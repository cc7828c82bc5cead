"""A recap's figures are sealed until they are decided on, and destroyed then; what is published gives none away."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from selaras.access import CONSOLE, recaps_for
from selaras.actions import publication_register
from selaras.actions import recaps as actions
from selaras.actions.hand_overs import keep_back, set_rule
from selaras.actions.recaps import RecapDraft
from selaras.errors import Forbidden, InputError
from selaras.models import AuditEntry, Cycle, Publication, PublicationRule, Recap, Role, Unpublished, User
from selaras.queries.protection import keyed, opened, out_already, published
from selaras.scoring.recaps import Key, with_year
from tests import build
from tests.build_recaps import AGES, WOMEN, ages, book, kecamatan
from tests.build_workbook import workbook
from tests.cases.known import known, with_step

#: What a register brings back.
ROWS: dict[Any, tuple[str, ...]] = {
    Publication: ("uuid", "kind", "number", "period", "part", "cells", "women", "as_of", "published_at"),
    PublicationRule: ("place_code", "year", "threshold", "every", "set_at"),
    Unpublished: ("place_code", "year", "period", "reason", "at"),
}
Callback = Any

pytestmark = pytest.mark.django_db
DRAFT = RecapDraft("2023", "SIMFONI PPA", "2024-01-31", "BPS, proyeksi penduduk 2023")


@pytest.fixture
def cycle() -> Cycle:
    made = build.cycle()
    kecamatan()
    return made


@pytest.fixture
def eka(cycle: Cycle) -> User:
    return known(with_step(build.member(Role.PROTECTION, "36.72", cycle=cycle)))


def bring(eka: User, content: bytes | None = None, draft: RecapDraft = DRAFT) -> Recap:
    return actions.bring_in(
        by=eka, cycle_slug="36-72-2024", draft=draft, content=content or book(), filename="rekap.xlsx"
    )


def codes(error: pytest.ExceptionInfo[InputError]) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in error.value.problems]


def test_a_recap_waits_sealed_and_says_nothing_to_a_reader_of_the_database(eka: User) -> None:
    recap = bring(eka)
    assert (recap.tables, recap.counts, recap.state) == (2, 42, "waiting")
    assert (recap.women_source, recap.source) == (DRAFT.women_source, "SIMFONI PPA")
    assert bytes(recap.figures or b"").find(b"36.72") == -1
    figures, women, cells = opened(recap)
    assert figures.counts[Key("36.72", "", "victims")] == sum(map(sum, AGES.values()))
    assert figures.counts[Key("36.72.03", "", "victims", "age", "18-24")] == AGES["Pulomerak"][1]
    assert women["36.72"] == sum(WOMEN.values())
    assert keyed(cells)[Key("36.72.03", "", "victims", "age", "18-24")] is None
    entry = AuditEntry.objects.get(action="recaps.bring_in")
    assert entry.details == {"year": 2023, "tables": 2, "counts": 42}


def test_publishing_withholds_small_counts_with_what_tells_them_and_destroys_the_figures(eka: User) -> None:
    recap = bring(eka)
    made = actions.publish(by=eka, cycle_slug="36-72-2024", recap=str(recap.uuid))
    recap.refresh_from_db()
    recap.key.refresh_from_db()
    assert (recap.state, recap.figures, recap.key.wrapped) == ("published", None, None)
    assert (made.number, made.threshold, made.women["36.72.05"]) == (1, 5, WOMEN["Jombang"])
    cells = keyed(made.cells)
    assert {
        cells[Key("36.72.03", "", "victims", "age", "18-24")],
        cells[Key("36.72.05", "", "victims", "age", "60+")],
    } == {None}
    assert cells[Key("36.72", "", "victims")] == sum(map(sum, AGES.values()))
    withheld = [key for key, count in cells.items() if count is None]
    assert len(withheld) < len(cells) / 2
    # Nobody finds a single one withheld in its row or its column.
    for key in withheld:
        row = [other for other in withheld if other.area == key.area and other.dimension == key.dimension]
        assert len(row) > 1
    entry = AuditEntry.objects.get(action="recaps.publish")
    assert entry.details == {"year": 2023, "number": 1, "withheld": len(withheld)}


def test_what_comes_out_is_what_was_previewed_by_the_rule_of_its_year(eka: User) -> None:
    PublicationRule.objects.create(place_code="36.72", year=2023, threshold=8)
    recap = bring(eka)
    _figures, _women, previewed = opened(recap)
    made = actions.publish(by=eka, cycle_slug="36-72-2024", recap=str(recap.uuid))
    assert (made.threshold, made.cells) == (8, previewed)
    assert all(count is None or count >= 8 for count in keyed(made.cells).values())


def test_refusing_to_publish_is_always_an_answer(eka: User) -> None:
    recap = bring(eka)
    for reason in ("malas", "too_few"):
        with pytest.raises(InputError) as refused:
            actions.decline(by=eka, cycle_slug="36-72-2024", recap=str(recap.uuid), reason=reason)
        assert codes(refused) == [("recap.reason", "alasan")]
    actions.decline(by=eka, cycle_slug="36-72-2024", recap=str(recap.uuid), reason="choice")
    recap.refresh_from_db()
    recap.key.refresh_from_db()
    assert (recap.state, recap.figures, recap.reason, recap.key.wrapped) == ("declined", None, "choice", None)
    assert not Publication.objects.exists()
    for act in (actions.publish, lambda **given: actions.decline(**given, reason="wrong")):
        with pytest.raises(InputError) as again:
            act(by=eka, cycle_slug="36-72-2024", recap=str(recap.uuid))
        assert [code for code, _where in codes(again)] == ["recap.decided"]


def quarters(*numbers: int, more: int = 0) -> bytes:
    rows: list[list[object]] = [["Kecamatan", "Triwulan", "0-17", "18-24", "25-59", "60+"]]
    rows += [[name, number, row[0] + more, *row[1:]] for number in numbers for name, row in AGES.items()]
    return workbook({"korban usia": rows})


def test_a_year_that_is_out_stays_as_it_is(eka: User) -> None:
    actions.publish(by=eka, cycle_slug="36-72-2024", recap=str(bring(eka).uuid))
    for content in (book(dict(AGES) | {"Cilegon": (23, 12, 30, 8)}), quarters(1)):
        with pytest.raises(InputError) as refused:
            bring(eka, content)
        assert codes(refused) == [("recap.all_out", "")]
    assert Publication.objects.count() == 1


def test_a_later_recap_brings_only_the_quarters_that_are_not_out(eka: User) -> None:
    first = actions.publish(by=eka, cycle_slug="36-72-2024", recap=str(bring(eka, quarters(1)).uuid))
    # One more of the first quarter was found out since: it is shown nowhere, nor as a part of the year.
    recap = bring(eka, quarters(1, 2, 3, 4, more=1))
    figures, _women, _cells = opened(recap)
    assert {key.period for key in figures.counts} == {"q2", "q3", "q4"}
    second = actions.publish(by=eka, cycle_slug="36-72-2024", recap=str(recap.uuid))
    out = out_already("36.72", "reports", 2023)
    assert out == keyed(first.cells) | keyed(second.cells)
    assert (second.number, out[Key("36.72", "q1", "victims")]) == (2, sum(map(sum, AGES.values())))
    newest = published("36.72", "reports", 2023)
    assert newest is not None
    assert [each.number for each in newest.releases] == [1, 2]
    with pytest.raises(InputError) as refused:
        bring(eka)
    assert codes(refused) == [("recap.all_out", "")]


def test_two_recaps_that_wait_for_one_period_come_out_once(eka: User) -> None:
    first, other = bring(eka, quarters(1, 2)), known(with_step(build.member(Role.PROTECTION, "36.72")))
    # Two officers: what the second brought in was planned without what the first published meanwhile.
    Recap.objects.filter(pk=first.pk).update(year=2022)
    second = bring(other, quarters(2, 3))
    Recap.objects.filter(pk=first.pk).update(year=2023)
    actions.publish(by=eka, cycle_slug="36-72-2024", recap=str(first.uuid))
    with pytest.raises(InputError) as refused:
        actions.publish(by=other, cycle_slug="36-72-2024", recap=str(second.uuid))
    assert codes(refused) == [("recap.meanwhile", "")]
    assert Publication.objects.count() == 1


def test_a_restored_older_backup_is_told_what_is_out_and_what_was_kept_back(
    eka: User, django_capture_on_commit_callbacks: Callback, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    recap = bring(eka, quarters(1))
    with django_capture_on_commit_callbacks(execute=True):
        made = actions.publish(by=eka, cycle_slug="36-72-2024", recap=str(recap.uuid))
        set_rule(by=eka, cycle_slug="36-72-2024", threshold="7", every="year")
        keep_back(by=eka, cycle_slug="36-72-2024", year="2024", period="h1", reason="choice")
    lines = publication_register.REGISTER.read()
    # The rule of each year that is touched stands in it, and once more where it was set.
    assert [line.what for line in lines] == ["rule", "publication", "rule", "rule", "rule", "kept_back"]
    assert publication_register.replay(by=CONSOLE, lines=lines) == 0
    before = {model: list(model.objects.values_list(*fields)) for model, fields in ROWS.items()}
    for model in ROWS:
        model.objects.all().delete()
    assert publication_register.replay(by=CONSOLE, lines=lines) == 5
    assert {model: list(model.objects.values_list(*fields)) for model, fields in ROWS.items()} == before
    with pytest.raises(InputError):
        bring(eka, quarters(1))
    assert made.number == 1
    # A power cut broke a line off; the next one begins its own, and a whole line of another form is refused.
    path = publication_register.REGISTER.path
    with path.open("ab") as stream:
        stream.write(b'{"what": "publication", "said": {"uu')
    with django_capture_on_commit_callbacks(execute=True):
        set_rule(by=eka, cycle_slug="36-72-2024", threshold="6", every="half")
    assert [line.said["threshold"] for line in publication_register.REGISTER.read(path)[len(lines) :]] == [6]
    path.write_text('{"what": "publication", "said": {}}')
    with pytest.raises(InputError) as refused:
        publication_register.REGISTER.read(path)
    assert [code for code, _where in codes(refused)] == ["backup.beside"]


def test_figures_that_nobody_decided_on_are_destroyed_after_sixty_days(eka: User) -> None:
    recap = bring(eka)
    assert actions.forget_waiting(timezone.now() + timedelta(days=59)) == 0
    assert actions.forget_waiting(timezone.now() + timedelta(days=61)) == 1
    recap.refresh_from_db()
    assert (recap.state, recap.figures) == ("lapsed", None)


def test_a_new_recap_of_the_year_takes_the_place_of_the_one_that_waits(eka: User) -> None:
    first, second = bring(eka), bring(eka)
    assert list(recaps_for(eka).filter(state="waiting")) == [second]
    first.refresh_from_db()
    assert first.state == "lapsed"


def test_only_the_protection_officer_of_the_city_keeps_recaps(eka: User) -> None:
    recap = str(bring(eka).uuid)
    for role in (Role.ADMINISTRATOR, Role.SECRETARIAT, Role.LEADER):
        other = build.member(role, "" if role == Role.ADMINISTRATOR else "36.72")
        with pytest.raises(Forbidden):
            bring(other)
        with pytest.raises(Forbidden):
            actions.publish(by=other, cycle_slug="36-72-2024", recap=recap)
        assert list(recaps_for(other)) == []


def test_everything_that_is_wrong_in_the_workbook_is_said_at_once_with_its_cell(eka: User) -> None:
    rows = ages()
    rows[1][0], rows[2][1], rows[3][5], rows[0][4] = "Kec. Antah", "", 3, "lansia"
    tables = {"korban usia": rows, "pelaku usia": [["Kecamatan", "0-17"], ["Cibeber", "1,5"]], "lain": [["x"]]}
    with pytest.raises(InputError) as refused:
        bring(eka, workbook(tables))
    assert codes(refused) == [
        ("recap.column", "korban usia!E1"),
        ("recap.place", "korban usia!A2"),
        ("recap.count", "korban usia!B3"),
        ("recap.sum", "korban usia!A4"),
        ("recap.place_missing", "korban usia!A1"),
        ("recap.count", "pelaku usia!B2"),
        ("recap.place_missing", "pelaku usia!A1"),
        ("recap.sheet", "lain!A1"),
    ]


def test_totals_of_a_unit_must_agree_in_all_its_tables(eka: User) -> None:
    sexes = [["Kecamatan", "Perempuan", "Laki-laki"], *([name, sum(row), 1] for name, row in AGES.items())]
    with pytest.raises(InputError) as refused:
        bring(eka, book(korban_jenis_kelamin=sexes))
    assert {code for code, _where in codes(refused)} == {"recap.totals"}
    assert len(codes(refused)) == len(AGES)


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (RecapDraft("2099", "SIMFONI", "2024-01-31"), "recap.year"),
        (RecapDraft("dua ribu", "SIMFONI", "2024-01-31"), "recap.year"),
        (RecapDraft("2023", " ", "2024-01-31"), "recap.source"),
        (RecapDraft("2023", "SIMFONI", "2099-01-31"), "recap.as_of"),
        (RecapDraft("2023", "SIMFONI", "31/1/2024"), "recap.as_of"),
        (RecapDraft("2023", "S" * 301, "2024-01-31"), "recap.too_long"),
    ],
)
def test_year_source_and_day_must_be_said(eka: User, draft: RecapDraft, code: str) -> None:
    with pytest.raises(InputError) as refused:
        bring(eka, draft=draft)
    assert [found for found, _where in codes(refused)] == [code]


@pytest.mark.parametrize(
    ("numbers", "as_of", "last"),
    [
        ((), "2023-06-30", "2023-12-31"),
        ((1, 2, 3, 4), "2023-12-31", "2023-12-31"),
        ((1, 2), "2023-05-31", "2023-06-30"),
    ],
)
def test_a_period_that_had_not_ended_when_it_was_counted_is_refused(
    eka: User, numbers: tuple[int, ...], as_of: str, last: str
) -> None:
    content = quarters(*numbers) if numbers else book()
    with pytest.raises(InputError) as refused:
        bring(eka, content, RecapDraft("2023", "SIMFONI", as_of))
    assert codes(refused) == [("recap.too_early", "per")]
    assert refused.value.problems[0].values == {"found": as_of, "last": last}
    assert not Recap.objects.exists()


def test_half_a_year_that_waits_since_before_does_not_come_out_as_the_year(eka: User) -> None:
    recap = bring(eka)
    Recap.objects.update(as_of=date(2023, 6, 30))
    with pytest.raises(InputError) as refused:
        actions.publish(by=eka, cycle_slug="36-72-2024", recap=str(recap.uuid))
    assert (codes(refused), Publication.objects.count()) == ([("recap.too_early", "per")], 0)


def test_a_quarter_that_has_ended_comes_in_while_its_year_runs(eka: User) -> None:
    assert bring(eka, quarters(1), RecapDraft("2023", "SIMFONI", "2023-04-01")).state == "waiting"


def test_a_year_by_quarters_adds_up(eka: User) -> None:
    figures, _women, _cells = opened(bring(eka, quarters(1, 2, 3, 4)))
    assert figures.quarters == ("q1", "q2", "q3", "q4")
    assert figures.counts[Key("36.72.01", "", "victims", "age", "0-17")] == 4 * AGES["Cibeber"][0]


def test_a_recap_of_too_many_counts_is_refused_with_the_reason(eka: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_COUNTS", 41)
    with pytest.raises(InputError) as refused:
        bring(eka)
    assert refused.value.problems[0].values == {"found": 42, "most": 41}
    # By quarters each of them is planned alone, and the year is what they add up to.
    figures, _women, cells = opened(bring(eka, quarters(1, 2, 3, 4)))
    assert ({key.period for key in figures.counts}, len(cells)) == ({"q1", "q2", "q3", "q4"}, 4 * 30)
    assert with_year(keyed(cells))[Key("36.72", "", "victims")] == 4 * sum(map(sum, AGES.values()))
