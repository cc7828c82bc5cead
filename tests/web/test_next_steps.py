"""/tahun/…/langkah/: needs first, points second; the plan with what it spends, leaves and cannot keep."""

from datetime import date
from decimal import Decimal

import pytest

from selaras.access import CONSOLE
from selaras.actions.purses import Measured, add_measure, set_purse
from selaras.errors import InputError
from selaras.models import Agency, AuditEntry, Measure, Purse, Role, User
from selaras.queries.next_steps import NextStepsPage, next_steps
from selaras.queries.planning_ground import ground_of
from selaras.web.next_steps import clash_words
from tests import build, build_plans
from tests.build_gladi import closed, opened, paper, year
from tests.build_programme import Programme, bring, families_file, family
from tests.web.cast import inside, secretary

pytestmark = pytest.mark.django_db
BEGINS = date(2024, 5, 1)


def _needs(of: Programme, count: int, indicator: str = "jamban") -> None:
    for _ in range(count):
        build_plans.need(build.household(of.lokus), of.round, indicator)


def _ready(of: Programme, *, left: int = 10_000_000, cost: int = 2_000_000, **more: object) -> None:
    """Disperkim has that much, and one latrine costs that much."""
    agency = Agency.objects.get(short_name="Disperkim")
    of.cycle.stages.create(position=1, name="Pelaksanaan", starts=BEGINS, ends=date(2024, 10, 31))
    slug = of.cycle.slug
    set_purse(by=CONSOLE, cycle_slug=slug, agency_id=agency.pk, fund="dpa", left=Decimal(left))
    said = {"agency_id": agency.pk, "title": "Bangun jamban", "unit": "unit", "serves": {"jamban": 1}}
    add_measure(by=CONSOLE, cycle_slug=slug, said=Measured(**{**said, "cost": Decimal(cost), **more}))


def _page(user: User, of: Programme) -> NextStepsPage:
    return next_steps(user, of.cycle.slug, begins=BEGINS)


def test_most_families_come_first_and_who_has_promised_nothing_is_named() -> None:
    of = year()
    _needs(of, 2, "sekolah")
    _needs(of, 5)
    served = build_plans.need(build.household(of.lokus), of.round)
    build_plans.commitment(of.lokus, needs=[served])

    page = _page(secretary(of), of)

    assert [(step.indicator, step.needs, step.named) for step in page.steps] == [
        ("jamban", 5, "Disperkim"),
        ("sekolah", 2, ""),
    ]
    assert page.plan is None


def test_the_plan_spends_what_there_is_says_what_it_leaves_and_what_little_more_would_do() -> None:
    of = year()
    _needs(of, 7)
    _ready(of)

    page = _page(secretary(of), of)

    assert page.plan is not None
    assert (page.plan.needs, page.plan.gaps, page.plan.cost, page.plan.proved) == (5, 7, Decimal(10_000_000), True)
    assert [(line.office, line.units, line.fund, line.where) for line in page.plan.lines] == [
        ("Disperkim", 5, "dpa", "Gedong Dalem")
    ]
    assert [(line.needs, line.why, line.cheapest) for line in page.plan.left] == [(2, "money", Decimal(2_000_000))]
    assert [(purse.spent, purse.more_money, purse.more_needs) for purse in page.purses] == [
        (Decimal(10_000_000), Decimal(2_000_000), 1)
    ]
    assert [(later.days, later.needs) for later in page.plan.later] == [(7, 0), (14, 0), (30, 0)]
    shown = inside(secretary(of)).get(f"/tahun/{of.cycle.slug}/langkah/?mulai=2024-05-01").content.decode()
    assert "<b>5 dari 7 kebutuhan</b>" in shown


def test_points_come_by_the_instruments_own_thresholds_and_the_plan_goes_for_them() -> None:
    of = year()
    rows = [family(f"GD-{n:03}", 4, "leher_angsa" if n < 6 else "cemplung", 5000) for n in range(1, 11)]
    bring(of, families_file(rows))
    _ready(of, left=9_000_000)

    page = _page(secretary(of), of)

    # Five of ten have a latrine: the band of 50. From eight on it is 100: half of what sanitation gives of the whole,
    # which is half of health, beside fees; nothing else has a value yet.
    (step,) = page.steps
    assert (step.needs, step.points) == (5, Decimal(25))
    ground = ground_of(secretary(of), of.cycle, [of.lokus], of.version, (BEGINS, BEGINS))
    (gap,) = ground.gaps.values()
    assert gap.gains == (0, 0, 0, 25_000, 25_000, 25_000)
    assert page.plan is not None
    assert (page.plan.needs, page.plan.points) == (4, Decimal(25))


def test_a_proposal_waits_in_the_plan_for_a_fund_and_is_taken_whole() -> None:
    of = year()
    needs = [build_plans.need(build.household(of.lokus), of.round) for _ in range(3)]
    build_plans.commitment(
        of.lokus, needs=needs, state="proposed", fund="", budget=Decimal(9_000_000), title="Usulan jamban komunal"
    )
    _ready(of, left=9_500_000, cost=4_000_000)

    page = _page(secretary(of), of)

    assert page.plan is not None
    assert [(line.number, line.units, line.cost) for line in page.plan.lines] == [(1, 1, Decimal(9_000_000))]


def test_what_must_be_done_and_cannot_be_paid_is_named_with_what_is_missing() -> None:
    of = year()
    _needs(of, 7)
    _ready(of, least=6)

    page = _page(secretary(of), of)

    assert page.plan is not None
    assert page.plan.lines == ()
    assert [(each.kind, each.bound, each.short) for each in page.plan.clashes] == [
        ("least", Decimal(6), Decimal(1)),
        ("purse:dpa", Decimal(10_000_000), Decimal(2_000_000)),
    ]
    shown = inside(secretary(of)).get(f"/tahun/{of.cycle.slug}/langkah/?mulai=2024-05-01").content.decode()
    assert "kurang Rp2.000.000" in shown.replace("\u00a0", " ")


def test_what_must_be_done_and_no_fund_may_or_can_pay_in_time_is_not_told_as_a_lack_of_money() -> None:
    of = year()
    _needs(of, 7)
    _ready(of, least=2, days=300)
    user = secretary(of)
    pages = [_page(user, of)]
    Measure.objects.update(days=0, funds=["csr"])
    pages.append(_page(user, of))

    found = [page.plan.clashes[0] for page in pages if page.plan is not None]
    assert [(each.kind, each.bound) for each in found] == [("late", Decimal(2)), ("unpaid", Decimal(2))]
    assert [clash_words(each) for each in found] == [
        "Bangun jamban (Gedong Dalem): harus paling sedikit 2, tetapi tidak ada dana yang terbuka selama itu.",
        "Bangun jamban (Gedong Dalem): harus paling sedikit 2, tetapi tidak ada dana yang boleh membayarnya.",
    ]


def test_after_the_last_day_of_work_nothing_is_promised() -> None:
    of = year()
    _needs(of, 3)
    _ready(of, days=30)

    page = next_steps(secretary(of), of.cycle.slug, begins=date(2024, 10, 15))

    assert page.plan is not None
    assert (page.plan.needs, [line.why for line in page.plan.left]) == (0, ["too_late"])


def test_lost_points_of_a_rehearsal_stand_after_the_needs() -> None:
    of = year()
    _needs(of, 1)
    gladi = opened(of)
    paper(gladi, of.lokus, sk="b", warga="0")
    closed(gladi)

    page = _page(secretary(of), of)

    assert [task.indicator for task in page.tasks] == ["warga", "sk"]


def test_the_secretariat_writes_down_and_takes_away_and_others_read() -> None:
    of = year()
    _needs(of, 2)
    agency = Agency.objects.get(short_name="Disperkim")
    address, client = f"/tahun/{of.cycle.slug}/langkah/", inside(secretary(of))
    purse = {"bagian": "dana", "agency": agency.pk, "fund": "csr", "left": "Rp5.000.000", "source": "surat CSR"}
    measure = {
        "bagian": "tindakan", "agency": agency.pk, "title": "Bangun jamban", "unit": "unit", "cost": "2.500.000",
        "indicator_1": "jamban", "reach_1": "1", "funds": ["csr"],
    }  # fmt: skip

    assert client.post(address, purse).status_code == 302
    assert client.post(address, measure).status_code == 302
    kept, doing = Purse.objects.get(), Measure.objects.get()
    assert (kept.left, doing.cost, doing.serves, doing.funds) == (
        Decimal(5_000_000),
        Decimal(2_500_000),
        {"jamban": 1},
        ["csr"],
    )
    lurah = inside(build.member(Role.SUPERVISOR, of.lokus.area))
    assert (lurah.get(address).status_code, lurah.post(address, purse).status_code) == (200, 403)
    client.post(address, {"bagian": "hapus-dana", "yang": str(kept.uuid)})
    client.post(address, {"bagian": "hapus-tindakan", "yang": str(doing.uuid)})
    assert (Purse.objects.count(), Measure.objects.filter(removed_at__isnull=True).count()) == (0, 0)
    written = AuditEntry.objects.filter(action__startswith="plans.").order_by("pk").values_list("action", flat=True)
    assert list(written) == ["plans.set_purse", "plans.add_measure", "plans.remove_purse", "plans.remove_measure"]


def test_a_measure_that_closes_nothing_or_costs_less_than_nothing_is_refused_with_all_its_faults() -> None:
    of = year()
    agency = Agency.objects.get(short_name="Disperkim")
    said = Measured(agency.pk, "", " ", {"tidak_ada": 1}, Decimal(-1), least=3, most=2, funds=("emas",))

    with pytest.raises(InputError) as raised:
        add_measure(by=CONSOLE, cycle_slug=of.cycle.slug, said=said)

    assert [problem.code for problem in raised.value.problems] == [
        "measure.title",
        "measure.unit",
        "plan.indicator",
        "purse.number",
        "measure.most",
        "plan.fund",
    ]
