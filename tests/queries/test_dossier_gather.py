"""What a dossier says is what a stranger to the families may know: health of one to four families shows nowhere."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from pytest_django import Settings

from selaras.models import (
    Activity,
    Blur,
    CodeItem,
    CodeList,
    Commitment,
    Evidence,
    EvidenceState,
    EvidenceUse,
    Household,
    Letterhead,
    Reaction,
    Stage,
    StoredFile,
)
from selaras.queries.dossier_figures import Figures
from selaras.queries.dossier_gather import figures_of
from selaras.reports.dossier_report import report_data
from selaras.reports.dossier_words import numbers
from tests import build, build_plans, build_readiness
from tests.build_change import endline, moved
from tests.build_programme import Programme, bring, families_file, family, programme
from tests.queries.test_change import coughing
from tests.queries.test_readiness import HEALTH
from tests.sample_workbook import sample

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 10, 1, 2, 0, tzinfo=UTC)
DAY = date(2024, 5, 2)
VERIFIED = {"state": EvidenceState.VERIFIED, "decided_at": NOW}
FEW = "Pendampingan 2 balita gizi buruk"


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def link(of: Programme, caption: str, **more: Any) -> Evidence:
    """A link of the lokus that somebody has vouched for."""
    told = {**VERIFIED, "cycle": of.cycle, "lokus": of.lokus, "area": of.lokus.area, "kind": "link", **more}
    return Evidence.objects.create(caption=caption, url="https://contoh.go.id/", **told)


def photo(of: Programme, caption: str, activity: Activity | None = None) -> Evidence:
    """A photo with a public copy, vouched for."""
    stored = StoredFile.store(caption.encode(), "image/jpeg")
    made = Evidence.objects.create(
        cycle=of.cycle, lokus=of.lokus, area=of.lokus.area, kind="photo", caption=caption, activity=activity,
        file=stored, sha256=stored.sha256, filename="KK_Warga.jpg", **VERIFIED,
    )  # fmt: skip
    Blur.objects.create(evidence=made, public=stored, confirmed_at=NOW, width=8, height=8, nobody=True)
    return made


def code(of: Programme) -> CodeItem:
    """The only code of the city's only list."""
    codes = CodeList.objects.create(place=of.cycle.place, title="Butir e-KLA", source="contoh")
    return CodeItem.objects.create(list=codes, code="A.1", text="Peraturan kota", position=1)


def cite(evidence: Evidence, of: Programme, what: str | CodeItem, **state: Any) -> None:
    """For an item of the instrument by its name, or for a code."""
    of_instrument = {"lokus": of.lokus, "instrument": of.version.instrument, "indicator": what}
    told = {"item": what} if isinstance(what, CodeItem) else of_instrument
    EvidenceUse.objects.create(evidence=evidence, **told, **(state or VERIFIED))


def proofs(found: Figures) -> tuple[str, ...]:
    """What the only code has."""
    return found.codes[0].lines[0].proofs


def figures(of: Programme) -> Figures:
    with translation.override("id"):
        return figures_of(of.lokus, now=NOW)


def of_health() -> Programme:
    of = programme(sample(privacy=HEALTH))
    bring(of, families_file([family(f"GD-{i:03d}", 4, "leher_angsa", 2000) for i in range(1, 21)]))
    return of


def test_a_promise_for_a_few_families_health_tells_neither_how_many_nor_what_was_typed_of_them() -> None:
    of = of_health()
    agency = build.agency("Dinkes", of.cycle.place.code)
    said = {"lokus": of.lokus, "agency": agency, "indicator": "jamban", "unit": "keluarga", "state": "done"}
    few = of.cycle.commitments.create(number=1, title="Jamban untuk tiga keluarga", volume=3, **said)
    of.cycle.commitments.create(number=2, title="Jamban keluarga", volume=12, **said)
    household = Household.objects.get(code="GD-001")
    build_plans.need(household, of.round)
    build_readiness.word(household, few, received=True)
    first, second = figures(of).pledges
    assert (first.title, first.volume, first.unit, first.received, first.asked) == ("", None, "", None, None)
    assert (first.what_for, second.title, second.volume) == ("Jamban sehat", "Jamban keluarga", Decimal(12))


def test_the_money_of_all_loci_together_is_in_no_sum_of_one_of_them() -> None:
    of = programme()
    for city, budget in ((False, 35_000_000), (False, None), (True, 500_000_000)):
        build_plans.commitment(of.lokus, city=city, budget=budget, state="running")
    found = figures(of)
    said = {each.key: (each.value, each.note) for each in numbers(found)}

    assert [each.everywhere for each in found.pledges] == [False, False, True]
    assert said["pledges"] == ("3", "dari 1 OPD dan mitra, 1 di antaranya untuk seluruh Kota Cilegon")
    together = "belum termasuk Rp500.000.000 untuk seluruh Kota Cilegon bersama, pada 1 komitmen"
    assert said["budget"] == ("Rp35.000.000", f"pada 1 komitmen; {together}")
    chapter = report_data(found, {})["chapters"][2]["blocks"]
    assert [each["title"] for each in chapter if each["kind"] == "sub"] == [
        "Komitmen",
        "Komitmen untuk seluruh Kota Cilegon",
    ]
    rows = [[row[0] for row in each["rows"]] for each in chapter if each["kind"] == "table"]
    assert rows == [["K-001", "K-002"], ["K-003"]]


def test_who_came_for_health_is_told_from_five_on_and_a_reaction_too() -> None:
    of = of_health()
    agency = build.agency("Dinkes", of.cycle.place.code)
    served = of.cycle.commitments.create(
        number=1, title="Periksa", lokus=of.lokus, agency=agency, indicator="jamban", state="running"
    )
    for counts in ({"P": {"dewasa": 3}}, {"P": {"dewasa": 20, "anak": 6}}):
        made = Activity.objects.create(
            cycle=of.cycle, lokus=of.lokus, agency=agency, title="Periksa", on=date(2024, 5, 1), attended=counts
        )
        made.commitments.add(served)
        for _ in range(4):
            Reaction.objects.create(activity=made, day=made.on, question="useful", answer="yes")
    small, large = figures(of).deeds
    assert (small.women, small.came, small.useful) == (None, None, None)
    assert (large.women, large.children, large.came) == (20, 6, 26)


def test_a_few_families_health_hides_its_item_in_readiness_and_in_what_changed() -> None:
    of = programme(coughing())
    moved(of, endline(of), "batuk", {"yn": 2, "ny": 3, "nn": 30, "yy": 6})
    found = figures(of)
    (line,) = [each for each in found.changes if each.name == "batuk"]
    assert (line.hidden, line.share, line.amount) == (True, None, None)


def test_no_file_is_told_by_its_name_and_what_has_no_caption_by_its_kind_in_indonesian() -> None:
    of = of_health()
    item = code(of)
    for made in (link(of, "", filename="KK_Siti_Aminah.pdf"), link(of, "Peraturan wali kota")):
        cite(made, of, item)
        cite(made, of, "jamban")
    cite(photo(of, ""), of, item)
    found = figures(of)
    assert proofs(found) == ("tautan", "Peraturan wali kota", "foto")
    (own,) = [each.proofs for each in found.items if each.proofs]
    assert own == (("link", "", ""), ("link", "Peraturan wali kota", ""))


def test_a_small_number_of_health_is_in_no_caption_wherever_the_photo_stands() -> None:
    of = of_health()
    promise = build_plans.commitment(of.lokus, needs=[build_plans.need(Household.objects.get(code="GD-001"), of.round)])
    Commitment.objects.filter(pk=promise.pk).update(indicator="")
    done = Activity.objects.create(cycle=of.cycle, lokus=of.lokus, title=FEW, on=date(2024, 5, 1))
    done.commitments.add(promise)
    of_activity, waiting = photo(of, FEW, done), photo(of, f"{FEW} lagi")
    photo(of, "Posyandu untuk 2 RT")
    cite(waiting, of, "jamban", state=EvidenceState.WAITING)
    item = code(of)
    for made in (of_activity, waiting):
        cite(made, of, item)
    found = figures(of)
    assert sorted(each.caption for each in found.photos) == ["", "", "Posyandu untuk 2 RT"]
    assert [each.title for each in found.deeds] == [""]
    assert proofs(found) == ("foto", "foto")


def test_what_an_activity_is_called_is_left_out_where_its_photo_is_of_health() -> None:
    of = of_health()
    done = Activity.objects.create(cycle=of.cycle, lokus=of.lokus, title=FEW, on=date(2024, 5, 1))
    cite(photo(of, FEW, done), of, "jamban")
    assert [each.title for each in figures(of).deeds] == [""]


def test_a_code_cites_nothing_that_was_taken_back_with_its_activity_or_that_waits_or_was_refused() -> None:
    of, at = of_health(), datetime(2024, 6, 1, tzinfo=UTC)
    gone = Activity.objects.create(cycle=of.cycle, lokus=of.lokus, title="Uji", on=date(2024, 5, 1), deleted_at=at)
    item = code(of)
    for made in (
        photo(of, "Ditarik", gone),
        link(of, "Dihapus", deleted_at=at),
        link(of, "Menunggu", state=EvidenceState.WAITING, decided_at=None),
        link(of, "Ditolak", state=EvidenceState.REFUSED),
        link(of, "Tetap"),
    ):
        cite(made, of, item)
    assert proofs(figures(of)) == ("Tetap",)


def test_a_unit_and_a_list_of_codes_name_nobody() -> None:
    of = of_health()
    Household.objects.filter(code="GD-001").update(head_name="Siti Aminah")
    build_plans.commitment(of.lokus, unit="rumah Bu Siti", volume=12)
    item = code(of)
    CodeItem.objects.filter(pk=item.pk).update(text="Akta Siti Aminah")
    CodeList.objects.update(title="Daftar Siti Aminah", source="Bu Aminah")
    found = figures(of)
    (group,) = found.codes
    assert ([each.unit for each in found.pledges], group.title, group.source, group.lines[0].text) == ([""], "", "", "")
    assert found.named == 4


def test_what_an_office_sets_names_nobody_and_keeps_its_telephone_its_places_and_its_codes() -> None:
    of = of_health()
    Household.objects.filter(code="GD-001").update(head_name="Siti Aminah")
    Household.objects.filter(code="GD-002").update(head_name="Cilegon")
    lines = ["PEMERINTAH KOTA CILEGON", "SITI AMINAH"]
    Letterhead.objects.create(
        place=of.cycle.place, lines=lines, address="Jalan Uji 1, telepon 0254 123456", signer_office="Ibu Aminah"
    )
    Stage.objects.create(cycle=of.cycle, name="Kunjungan ke Siti Aminah", starts=DAY, ends=DAY, position=1)
    item = code(of)
    for position, said in enumerate(("5.1.02.01.01.0024", "Siti Aminah", "3672 0505 0101 0001"), start=2):
        CodeItem.objects.create(list=item.list, code=said, text="Sumur", position=position)
    found = figures(of)
    head = found.head_of_letter

    assert head is not None
    assert (head.lines, head.address, head.signer_office) == (
        ("PEMERINTAH KOTA CILEGON",), "Jalan Uji 1, telepon 0254 123456", "",
    )  # fmt: skip
    assert [each.code for each in found.codes[0].lines] == ["A.1", "5.1.02.01.01.0024", "", ""]
    assert ([each.name for each in found.stages], found.named) == ([""], 5)


def test_the_gathering_asks_no_more_for_more_families_promises_or_activities(
    django_assert_max_num_queries: object,
) -> None:
    of = of_health()
    agency = build.agency("Dinkes", of.cycle.place.code)
    for number in range(1, 13):
        of.cycle.commitments.create(number=number, title="Uji", lokus=of.lokus, agency=agency, indicator="jamban")
        Activity.objects.create(cycle=of.cycle, lokus=of.lokus, title="Uji", on=date(2024, 5, 1))
    with django_assert_max_num_queries(110):  # type: ignore[operator]
        figures(of)
