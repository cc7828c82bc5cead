"""Two prepare the same at one moment: one waits for the other, neither for ever, and nobody vouches for what is new."""

import time
from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection, transaction

from selaras.access import CONSOLE
from selaras.actions.claims import Where, claim
from selaras.actions.dossiers import freeze
from selaras.actions.erasure import erase_household
from selaras.actions.evidence_desk import refuse, verify
from selaras.actions.jobs import work_off
from selaras.errors import InputError
from selaras.models import Claim, DossierAnnex, Evidence, GladiTask, Household, Lokus, Role, User
from selaras.scoring.layers import Said
from tests import build, build_readiness
from tests.build_gladi import closed, opened, paper, year
from tests.build_programme import Programme, bring, families_file, family, programme

pytestmark = pytest.mark.django_db(transaction=True)
#: Seconds until somebody certainly waits; nobody waits so long but where nothing is to be waited for.
LONG = 20.0
#: Seconds after which who does not come to an end has hung.
HUNG = 120.0


def beside(mine: Callable[[], object], hers: Callable[[], object], *, then: Callable[[], object] = list) -> list[str]:
    """Do `mine`; while that is not committed she does `hers`, then comes `then`; the codes of what she was told."""
    told: list[str] = []

    def run() -> None:
        try:
            hers()
        except InputError as error:
            told.extend(problem.code for problem in error.problems)
        except BaseException as error:
            told.append(repr(error))
        finally:
            connection.close()

    she = Thread(target=run)
    with transaction.atomic():
        mine()
        she.start()
        _until_she_waits(she)
        then()
    she.join(HUNG)
    assert not she.is_alive()
    return told


def _until_she_waits(she: Thread) -> None:
    """On SQLite whoever writes waits until this transaction ends; PostgreSQL says who waits."""
    until = time.monotonic() + (LONG if connection.vendor == "postgresql" else 0.2)
    while she.is_alive() and time.monotonic() < until:
        she.join(0.02)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # Within a transaction the list of connections is else as it was when first asked for.
                cursor.execute("SELECT pg_stat_clear_snapshot()")
                cursor.execute(
                    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
                if cursor.fetchone():
                    return


# --- a claim is raised while its evidence is decided ------------------------------------------------------------------
def claimed(state: str) -> tuple[Programme, User, Callable[[], object], Callable[[], object]]:
    """The less is claimed, one proof of it; who looks at it; holding that proof as the desk does; raising the claim."""
    of = programme()
    build_readiness.claim(of, "sk", option="b")
    use = build_readiness.cite(of, "sk", state=state)
    camat = build.member(Role.SUPERVISOR, "36.72.05", cycle=of.cycle)
    where = Where(of.cycle.slug, of.lokus.area, "contoh", "sk")

    def hold() -> None:
        Evidence.objects.select_for_update(no_key=True).get(pk=use.evidence_id)

    return of, camat, hold, lambda: claim(by=CONSOLE, where=where, said=Said(option="a"), version=1)


def decided(of: Programme, camat: User, *, refused: bool = False) -> Callable[[], object]:
    """The desk decides about what it saw before anybody raised the claim."""
    proof = Evidence.objects.get()
    on = {"by": camat, "cycle_slug": of.cycle.slug, "evidence_id": proof.uuid, "version": proof.version}
    if refused:
        return lambda: refuse(**on, reason="belum ditandatangani")
    return lambda: verify(**on, uses=[use.pk for use in proof.uses.all()])


def stands() -> tuple[str, str, int]:
    """What is claimed, and what of its proof."""
    proof = Evidence.objects.get()
    return Claim.objects.get().option, proof.uses.get().state, proof.version


def test_a_claim_raised_while_its_proof_is_decided_was_vouched_for_by_nobody() -> None:
    of, camat, hold, raised = claimed("waiting")
    assert (beside(hold, raised, then=decided(of, camat)), stands()) == ([], ("a", "waiting", 3))


def test_a_proof_refused_while_its_claim_is_raised_stays_refused() -> None:
    of, camat, hold, raised = claimed("verified")
    assert (beside(hold, raised, then=decided(of, camat, refused=True)), stands()) == ([], ("a", "refused", 2))


@pytest.mark.parametrize("state", ["waiting", "verified"])
def test_the_desk_is_told_that_more_is_claimed_than_it_saw(state: str) -> None:
    of, camat, _hold, raised = claimed(state)
    assert (beside(raised, decided(of, camat)), stands()) == (["evidence.newer"], ("a", "waiting", 2))


# --- a rehearsal is closed while a sheet comes ------------------------------------------------------------------------
def test_a_sheet_that_comes_while_a_rehearsal_is_closed_is_refused_and_one_before_counts() -> None:
    of = year()
    gladi = opened(of)
    paper(gladi, of.lokus, sk="b")
    assert beside(lambda: closed(gladi), lambda: paper(gladi, of.lokus, sk="a")) == ["gladi.closed"]
    assert [task.indicator for task in GladiTask.objects.all()] == ["sk"]

    # Her newer sheet is on its way: the rehearsal waits for it, and what was lost is whole.
    again = opened(of)
    paper(again, of.lokus, sk="b")
    assert beside(lambda: paper(again, of.lokus, sk="a"), lambda: closed(again)) == []
    assert [(task.closed_in, task.version) for task in GladiTask.objects.all()] == [(again, 2)]


# --- a family is erased while a dossier is frozen ---------------------------------------------------------------------
def test_a_family_erased_while_a_dossier_is_frozen_is_in_no_annex() -> None:
    of = programme()
    bring(of, families_file([family(f"GD-{n:03d}", 4, "cemplung", 2000, name=f"Warga {n}") for n in (1, 2)]))
    by = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    gone = Household.objects.get(code="GD-001")
    freeze(by=by, cycle_slug=of.cycle.slug, code=of.lokus.area)

    def erased() -> None:
        erase_household(by=CONSOLE, household=gone, reason="permintaan")

    def hold() -> None:
        Lokus.objects.select_for_update(no_key=True).get(pk=of.lokus.pk)

    assert beside(hold, erased, then=work_off) == []
    annex = DossierAnnex.objects.get()
    assert (annex.file_id, [each.code for each in annex.households.all()]) == (None, ["GD-002"])
    work_off()
    assert (DossierAnnex.objects.get().families, DossierAnnex.objects.get().version) == (1, annex.version + 1)
