"""Nothing of an import is half visible: stopped at any chunk, it shows nothing; started again, it shows all."""

import pytest

from selaras.access import CONSOLE
from selaras.actions.importing.publishing import CHUNK, publish
from selaras.actions.imports import confirm_import, discard_import
from selaras.actions.jobs import Progress, work_off
from selaras.actions.recounting import full_check
from selaras.models import Counter, CurrentAnswers, Household, ImportBatch, Job, Person, Role, Submission
from selaras.queries.cycles import cycle_page
from selaras.queries.households import households_page
from selaras.queries.loci import lokus_page
from tests import build
from tests.build_programme import Programme, confirm, families_file, family, programme, receive

pytestmark = pytest.mark.django_db
FAMILIES = 2 * CHUNK + 5


class PowerCut(Exception):  # noqa: N818
    """The worker is gone."""


class Doomed(Progress):
    """A worker that dies after its n-th chunk."""

    chunks = 1

    def say(self, done: int, total: int | None = None, *, note: str | None = None, now: bool = False) -> None:
        super().say(done, total, note=note, now=now)
        if done >= self.chunks * CHUNK:
            raise PowerCut


def stopped(of: Programme, chunks: int) -> ImportBatch:
    """An import whose publishing died after so many chunks."""
    rows = [family(f"GD-{i:03d}", 4, "leher_angsa", i) for i in range(1, FAMILIES + 1)]
    import_id = receive(of, families_file(rows))
    confirm_import(by=CONSOLE, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=import_id)
    worker = Doomed(Job.objects.get(kind="imports.publish"))
    worker.chunks = chunks
    with pytest.raises(PowerCut):
        publish(worker)
    return ImportBatch.objects.get(uuid=import_id)


def shown(of: Programme) -> tuple[int, int, int, int]:
    """How many families each page says there are, and how many answers count."""
    user = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    slug, code = of.cycle.slug, of.lokus.area
    return (
        households_page(user, slug, code).total,
        lokus_page(user, slug, code).coverage.registered,
        cycle_page(user, slug).loci[0].registered,
        CurrentAnswers.objects.count(),
    )


@pytest.mark.parametrize("chunks", [1, 2])
def test_an_import_that_died_shows_nothing_and_goes_on_where_it_was(chunks: int) -> None:
    of = programme()
    stopped(of, chunks)
    assert Household.objects.count() == chunks * CHUNK
    assert shown(of) == (0, 0, 0, 0)
    work_off()
    assert shown(of) == (FAMILIES, FAMILIES, FAMILIES, FAMILIES)
    assert (Submission.objects.count(), Person.objects.count()) == (FAMILIES, FAMILIES)
    assert Counter.objects.get(indicator__name="jamban").true == FAMILIES
    assert list(full_check()) == []


def test_the_same_codes_of_another_file_wait_for_the_one_that_died() -> None:
    of = programme()
    stopped(of, 1)
    other = receive(of, families_file([family("GD-001", 1, "cemplung", 1)]))
    job = Job.objects.filter(kind="imports.publish").get()
    assert job.state == "done"  # the first one was finished while the second file was checked
    confirm(of, other)
    assert CurrentAnswers.objects.get(household__code="GD-001").answers["jamban"] == "cemplung"


def test_an_import_that_died_can_be_thrown_away() -> None:
    of = programme()
    batch = stopped(of, 1)
    Job.objects.filter(kind="imports.publish").update(state="failed")
    discard_import(by=CONSOLE, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=batch.uuid)
    work_off()
    assert (Household.objects.count(), Submission.objects.count(), Person.objects.count()) == (0, 0, 0)
    assert shown(of) == (0, 0, 0, 0)
