"""What every page reads: right figures from the counters, and the same number of statements for one family or three."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from selaras.errors import Forbidden, Missing
from selaras.models import Achievement, Role, Stage, User
from selaras.queries.cycles import cycle_page
from selaras.queries.frame import Score, frame, health, landing
from selaras.queries.households import Filters, households_page
from selaras.queries.imports import import_page, imports_page
from selaras.queries.indicators import indicator_page
from selaras.queries.instruments import instrument_page
from selaras.queries.loci import lokus_page
from tests import build
from tests.build_programme import Programme, bring, families_file, family, programme, receive

pytestmark = pytest.mark.django_db

ROWS = [
    family("GD-001", 4, "leher_angsa", 2000),
    family("GD-002", 3, "cemplung", ""),
    family("GD-003", 2, "leher_angsa", 5000, rw="03"),
]


def secretary(of: Programme) -> User:
    return build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)


def statements(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        read()
    return len(captured)


def test_the_lokus_page_says_what_was_counted() -> None:
    of = programme()
    bring(of, families_file(ROWS))
    page = lokus_page(secretary(of), of.cycle.slug, of.lokus.area)
    jamban = page.aspects[0].aspects[0].indicators[0]
    assert (jamban.name, jamban.value, jamban.n, jamban.true, jamban.missing) == (
        "jamban",
        Decimal("0.666666666667"),
        3,
        2,
        0,
    )
    assert jamban.score == Score(Decimal(50), Decimal(50), Decimal(50))
    assert (page.coverage.target, page.coverage.registered, page.coverage.answered) == (100, 3, 3)
    assert [(row.name, row.count) for row in page.classes] == [("sehat", 2), ("rentan", 1)]
    assert [(gap.field, gap.blank, gap.asked) for gap in page.gaps] == [("iuran", 1, 3)]
    assert [row.name for row in page.unmeasured] == ["sekolah", "sk", "saluran"]
    assert (page.pending, page.blank_answers, page.unclassified) == (0, 1, 0)


def test_the_range_of_the_total_leaves_the_unmeasured_open() -> None:
    of = programme()
    bring(of, families_file(ROWS))
    total = lokus_page(secretary(of), of.cycle.slug, of.lokus.area).total
    # sanitasi 50; iuran mean 3500 of 5000 = 70: health (50 + 70) / 2 = 60; sekolah and lembaga are not measured.
    assert total.value == Decimal(60)
    assert (total.low, total.high) == (Decimal("10"), Decimal("90"))


def test_the_indicator_page_lists_families_by_side_and_never_names() -> None:
    of = programme()
    bring(of, families_file(ROWS))
    page = indicator_page(secretary(of), of.cycle.slug, of.lokus.area, "jamban")
    assert [(side.kind, side.count, [one.household for one in side.families]) for side in page.sides] == [
        ("true", 2, ["GD-001", "GD-003"]),
        ("false", 1, ["GD-002"]),
        ("missing", 0, []),
        ("not_applicable", 0, []),
    ]
    assert page.sides[1].families[0].answer == "Jamban apa yang dipakai?: Cemplung"
    assert [step.title for step in page.trace][:2] == ["2 dari 3", "Pita 50"]
    assert "Uji" not in repr(page)


def test_a_cadre_sees_the_families_of_her_rw_and_all_counts() -> None:
    of = programme()
    bring(of, families_file(ROWS))
    cadre = build.member(Role.CADRE, "36.72.05.1005.RW03", cycle=of.cycle)
    page = indicator_page(cadre, of.cycle.slug, of.lokus.area, "jamban")
    assert [(side.count, [one.household for one in side.families]) for side in page.sides] == [
        (2, ["GD-003"]),
        (1, []),
        (0, []),
        (0, []),
    ]
    listed = households_page(cadre, of.cycle.slug, of.lokus.area)
    assert ([row.code for row in listed.rows], listed.total) == (["GD-003"], 1)


def test_a_juror_sees_counts_and_no_family() -> None:
    of = programme()
    bring(of, families_file(ROWS))
    juror = build.member(Role.JUROR, "36.72", cycle=of.cycle)
    page = indicator_page(juror, of.cycle.slug, of.lokus.area, "jamban")
    assert [(side.count, side.families) for side in page.sides] == [(2, ()), (1, ()), (0, ()), (0, ())]
    assert [row.count for row in lokus_page(juror, of.cycle.slug, of.lokus.area).classes] == [None, None]
    with pytest.raises(Forbidden):
        households_page(juror, of.cycle.slug, of.lokus.area)
    with pytest.raises(Forbidden):
        imports_page(juror, of.cycle.slug, of.lokus.area)


def test_another_citys_lokus_is_not_there() -> None:
    of = programme()
    stranger = build.member(Role.SECRETARIAT, "32.73")
    for read in (cycle_page,):
        with pytest.raises(Missing):
            read(stranger, of.cycle.slug)
    for page in (lokus_page, households_page, imports_page):
        with pytest.raises(Missing):
            page(stranger, of.cycle.slug, of.lokus.area)
    with pytest.raises(Missing):
        indicator_page(stranger, of.cycle.slug, of.lokus.area, "jamban")


def test_families_are_found_by_neighbourhood_by_gap_and_by_name() -> None:
    of = programme()
    bring(of, families_file([*ROWS, family("GD-004", "", "", "", name="Dewi Uji")]))
    user = secretary(of)

    def codes(**how: object) -> list[str]:
        return [row.code for row in households_page(user, of.cycle.slug, of.lokus.area, **how).rows]  # type: ignore[arg-type]

    assert codes(search="02/03") == ["GD-003"]
    assert codes(filters=Filters(only="gaps")) == ["GD-002"]
    assert codes(filters=Filters(only="waiting")) == ["GD-004"]
    assert codes(search="dewi") == []
    assert codes(search="dewi", by_name=True) == ["GD-004"]
    counts = households_page(user, of.cycle.slug, of.lokus.area).counts
    assert counts == {"all": 4, "answered": 3, "waiting": 1, "gaps": 1}


def test_the_year_shows_stages_loci_and_what_was_won() -> None:
    of = programme()
    bring(of, families_file(ROWS))
    day = of.round.opens
    Stage.objects.create(cycle=of.cycle, position=1, name="Survei lokasi", starts=day, ends=day, source="domain")
    source = "Berita kota https://contoh.invalid/berita"
    Achievement.objects.create(
        place=build.place("36.72.05.1001"),
        year=2023,
        title="Juara I",
        level="Banten",
        source=source,
        confidence="press",
    )
    page = cycle_page(secretary(of), of.cycle.slug)
    assert [(row.label, row.ends, row.state) for row in page.stages] == [("Survei lokasi", None, "past")]
    assert [(row.lokus.code, row.score.value, row.registered) for row in page.loci] == [
        ("36.72.05.1005", Decimal(60), 3)
    ]
    assert [(row.place, row.source, row.source_url) for row in page.achievements] == [
        ("Sukmajaya", "Berita kota", "https://contoh.invalid/berita")
    ]
    assert page.representative is None


def test_a_lurah_lands_on_her_lokus_and_the_secretariat_on_the_year() -> None:
    of = programme()
    build.lokus(of.cycle, "36.72.05.1001", "SJ")
    lurah = build.member(Role.SUPERVISOR, "36.72.05.1005", cycle=of.cycle)
    assert (landing(lurah).cycle_slug, landing(lurah).code) == (of.cycle.slug, "36.72.05.1005")
    assert (landing(secretary(of)).cycle_slug, landing(secretary(of)).code) == (of.cycle.slug, None)
    around = frame(lurah)
    assert (around.role, around.office) == ("Lurah/camat", "Kelurahan Gedong Dalem")
    own = {"cycle", "lokus", "households", "checks", "imports", "instrument", "people", "exports", "field", "filling"}
    assert around.places == own | {"voice", "readiness", "evidence", "dossiers", "preparation"}


def test_no_page_asks_more_for_three_families_a_side_than_for_one() -> None:
    of = programme()
    user = secretary(of)
    slug, code = of.cycle.slug, of.lokus.area
    import_id = receive(of, families_file(ROWS))
    pages: dict[str, Callable[[User], object]] = {
        "cycle": lambda user: cycle_page(user, slug),
        "lokus": lambda user: lokus_page(user, slug, code),
        "indicator": lambda user: indicator_page(user, slug, code, "jamban"),
        "households": lambda user: households_page(user, slug, code),
        "imports": lambda user: imports_page(user, slug, code),
        "import": lambda user: import_page(user, slug, code, import_id),
        "instrument": lambda user: instrument_page(user, of.version.instrument, of.version.version),
        "frame": lambda user: frame(user, slug, code),
    }

    def counts() -> dict[str, int]:
        for read in pages.values():  # what a process remembers is remembered now
            read(user)
        return {name: statements(partial(read, User.objects.get(pk=user.pk))) for name, read in pages.items()}

    bring(of, families_file(ROWS[:2]))  # one on each side
    with_one = counts()
    bring(of, families_file([*ROWS, family("GD-004", 1, "cemplung", 1), family("GD-005", 1, "cemplung", 1)]))
    with_three = counts()
    assert with_three == with_one
    assert max(with_three.values()) <= 16


def test_health_names_what_is_wrong_and_nothing_else() -> None:
    assert health() == {"database": "ok", "migrations": "ok", "jobs": "no worker", "version": "0.1.0"}
