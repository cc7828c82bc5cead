"""The page of readiness: what stands, what is missing for which reason, whose it is and by when; health kept apart."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from selaras.errors import Forbidden, Missing
from selaras.models import Household, Role, Stage, User
from selaras.queries.readiness import Loss, Points, ReadinessPage, readiness_page
from tests import build, build_plans, build_readiness
from tests.build_programme import Programme, bring, families_file, family, programme
from tests.kept import kept
from tests.sample_workbook import sample

pytestmark = pytest.mark.django_db


@kept
def measured(with_latrine: int, without: int, content: bytes | None = None) -> Programme:
    of = programme(content)
    kinds = ["leher_angsa"] * with_latrine + ["cemplung"] * without
    bring(of, families_file([family(f"GD-{i:03d}", 4, kind, 2000) for i, kind in enumerate(kinds, start=1)]))
    return of


def secretariat(of: Programme) -> User:
    return build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)


def page_of(of: Programme, user: User | None = None) -> ReadinessPage:
    return readiness_page(user or secretariat(of), of.cycle.slug, of.lokus.area)


def losses(page: ReadinessPage, name: str) -> dict[str, Loss]:
    line = next(line for block in page.aspects for line in block.items if line.name == name)
    return {loss.cause: loss for loss in line.losses}


def near(value: Decimal | None, text: str) -> bool:
    return value is not None and abs(value - Decimal(text)) < Decimal("0.000001")


def test_layers_of_the_whole_are_points_of_the_scale_and_their_losses_make_it_whole() -> None:
    of = measured(8, 2)
    build_readiness.claim(of, "sk", option="a")
    build_readiness.claim(of, "saluran", value=1)
    build_readiness.cite(of, "saluran", state="verified")
    page = page_of(of)
    # jamban 20, iuran 20 × 0,4; nobody of school age: sekolah is unmeasured; sk 20 bare, saluran 20 proved.
    assert page.points == Points(Decimal(68), Decimal(48), Decimal(48), Decimal(20), None)
    assert dict(page.lost) == {
        "unclaimed": Decimal(20),
        "unreached": Decimal(12),
        "unproved": Decimal(20),
        "denied": Decimal(0),
        "unverified": Decimal(28),
    }
    assert sum(dict(page.lost).values(), page.points.verified) == page.scale
    assert (page.items, page.claims, page.heard, page.compared, page.hidden) == (5, 4, 0, 0, False)
    assert [(block.path, block.worth) for block in page.aspects] == [
        (("Kesehatan",), Decimal(40)),
        (("Kesehatan", "Sanitasi"), Decimal(20)),
        (("Kelembagaan",), Decimal(40)),
    ]


def test_each_missing_point_says_whose_it_is_and_by_when() -> None:
    of = measured(8, 2)
    Stage.objects.create(
        cycle=of.cycle, position=1, name="Pelaksanaan", starts=date(2024, 4, 1), ends=date(2024, 10, 1)
    )
    Stage.objects.create(
        cycle=of.cycle, position=2, name="Penilaian provinsi", starts=date(2024, 10, 28), ends=date(2024, 11, 8)
    )
    Stage.objects.create(
        cycle=of.cycle, position=3, name="Pengumuman hasil penilaian", starts=date(2024, 12, 1), ends=date(2024, 12, 1)
    )
    build_readiness.claim(of, "sk", option="a")
    build_readiness.claim(of, "saluran", value=1)
    build_readiness.cite(of, "saluran")
    made = build_plans.commitment(of.lokus, indicator="iuran", ends=date(2024, 9, 30), state="running")
    page = page_of(of)
    unproved = losses(page, "sk")["unproved"]
    assert (unproved.desk, unproved.due and (unproved.due.day, unproved.due.what)) == (
        "agency",
        (date(2024, 10, 27), "Penilaian provinsi"),
    )
    waiting = losses(page, "saluran")["unverified"]
    assert (waiting.desk, waiting.count) == ("evidence", 1)
    reach = losses(page, "iuran")["unreached"]
    assert (reach.agencies, reach.commitments, reach.due and reach.due.day) == (
        ("Disperkim",),
        (made.number,),
        date(2024, 9, 30),
    )
    again = losses(page, "iuran")["unverified"]
    assert (again.desk, again.count) == ("recheck", 0)
    assert losses(page, "sekolah")["unclaimed"].desk == "field"
    owners = {(line.desk, line.agency): (line.points, line.items) for line in page.owners}
    assert owners == {
        ("agency", ""): (Decimal(20), 1),
        ("agency", "Disperkim"): (Decimal(12), 1),
        ("evidence", ""): (Decimal(20), 1),
        ("recheck", ""): (Decimal(28), 2),
        ("field", ""): (Decimal(20), 1),
    }


def test_refused_evidence_says_why() -> None:
    of = measured(1, 0)
    build_readiness.claim(of, "sk", option="a")
    use = build_readiness.cite(of, "sk", state="refused")
    type(use).objects.filter(pk=use.pk).update(reason="tanpa tanda tangan")
    loss = losses(page_of(of), "sk")["unproved"]
    assert (loss.reason, loss.count) == ("tanpa tanda tangan", 0)


HEALTH = "| field | class | purpose |\n| jamban | kesehatan | uji |"


def test_a_few_families_word_about_health_shows_nowhere() -> None:
    of = measured(20, 0, sample(privacy=HEALTH))
    assert page_of(of).hidden is False
    household = Household.objects.get(code="GD-001")
    promise = build_plans.commitment(of.lokus, needs=[build_plans.need(household, of.round)], state="done")
    build_readiness.word(household, promise, received=False)
    page = page_of(of)
    hidden = {line.name: line for block in page.aspects for line in block.items if line.hidden}
    assert set(hidden) == {"jamban", "iuran"}
    assert all((line.points, line.value, line.losses) == (Points(), None, ()) for line in hidden.values())
    sanitation = next(block for block in page.aspects if block.name == "sanitasi")
    assert sanitation.points == Points()


def test_readiness_is_forbidden_to_jury_and_province_and_missing_to_strangers() -> None:
    of = measured(1, 0)
    for role, area in ((Role.JUROR, "36.72"), (Role.PROVINCE, "36"), (Role.CADRE, of.lokus.area)):
        with pytest.raises(Forbidden):
            page_of(of, build.member(role, area))
    for stranger in (build.user(), build.member(Role.SECRETARIAT, "36.73")):
        with pytest.raises(Missing):
            page_of(of, stranger)
    with pytest.raises(Missing):
        readiness_page(secretariat(of), of.cycle.slug, of.lokus.area, "lain")


def test_statements_do_not_grow_with_items_evidence_or_families() -> None:
    of = measured(8, 2)
    user = secretariat(of)
    page_of(of, user)
    counts = []
    for number, name in enumerate(("sk", "saluran")):
        build_readiness.claim(of, name, **({"option": "a"} if name == "sk" else {"value": 1}))
        for _ in range(1 + 2 * number):
            build_readiness.cite(of, name, state="verified")
        build_plans.commitment(of.lokus, indicator="iuran", state="running")
        with CaptureQueriesContext(connection) as asked:
            page_of(of, user)
        counts.append(len(asked))
    assert (counts[1] - counts[0], counts[0] <= 24) == (0, True)
