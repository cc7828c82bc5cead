"""A family that wants its data used no further is in nobody's view and in no file; figures count it without a name."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from selaras.access import CONSOLE, households_for, may_see_household, scores_for, submissions_for
from selaras.actions import exports
from selaras.actions.exports import Ready
from selaras.actions.recounting import full_check
from selaras.actions.results import freeze, verify
from selaras.actions.rights import answer_request, ask_about_data, know_asker, lift_restriction, take_copy
from selaras.errors import InputError
from selaras.models import AuditEntry, Counter, Household, ImportBatch, PhotoConsent, RightsRequest, User
from selaras.queries.extract import Wanted
from selaras.queries.retirement import due_of
from selaras.queries.rights import request_page
from tests.build_programme import Programme, bring, families_file, family, receive
from tests.web.cast import ani, inside, scored, secretary

pytestmark = pytest.mark.django_db
CODE = "GD-003"


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


def asked(by: User, of: Programme, kind: str) -> dict[str, Any]:
    """A request of that family that is sure; how it is answered."""
    said = {"household": CODE, "asker": "Eni Uji", "reach": "lewat kader"}
    row = ask_about_data(by=by, cycle_slug=of.cycle.slug, kind=kind, **said)
    know_asker(by=by, cycle_slug=of.cycle.slug, request=row.uuid, seen=1)
    return {"by": by, "cycle_slug": of.cycle.slug, "request": row.uuid, "seen": 2}


def taken(by: User, of: Programme) -> list[str]:
    """The families in a file that she takes along."""
    ready = exports.export(by=by, cycle_slug=of.cycle.slug, wanted=Wanted(round="baseline", form="csv"), why="laporan")
    assert isinstance(ready, Ready)
    with ready.stream as stream, zipfile.ZipFile(stream) as archive:
        name = next(name for name in archive.namelist() if name.startswith("keluarga"))
        rows = csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")))
        return sorted(row["household_id"] for row in rows)


@pytest.mark.parametrize("kind", ["restrict", "object"])
def test_from_the_answer_on_nobody_sees_it_and_figures_and_frozen_cards_stay(kind: str) -> None:
    of = scored()
    by = secretary(of)
    cadre = ani(of)
    row = Household.objects.get(code=CODE)
    PhotoConsent.objects.create(household=row, uses=["laporan"], by=by)
    frozen = freeze(by=CONSOLE, lokus=of.lokus, round_=of.round)
    of.lokus.refresh_from_db()
    counters, registered = list(Counter.objects.order_by("pk").values()), of.lokus.registered
    assert CODE in taken(by, of)
    this = asked(by, of, kind)
    answer_request(**this, state="done")
    row.refresh_from_db()
    assert (row.pending, row.restricted_at is None) == (this["request"], False)
    assert AuditEntry.objects.get(action="rights.answer").details == {
        "state": "done", "ground": "", "deed": "restricted",
    }  # fmt: skip
    for user in (by, cadre):
        assert not may_see_household(user, row)
        for rows in (households_for(user), submissions_for(user), scores_for(user, of.lokus)):
            assert CODE not in {getattr(one, "household", one).code for one in rows}
        page = f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/keluarga/"
        assert inside(user).get(f"{page}{CODE}/").status_code == 404
        assert CODE not in inside(user).get(page).content.decode()
    assert CODE not in taken(by, of)
    assert PhotoConsent.objects.filter(household=row).latest("pk").uses == []
    # Figures: as they were, and told by a full run to be right; frozen cards verify, and so do new ones.
    of.lokus.refresh_from_db()
    assert (list(Counter.objects.order_by("pk").values()), of.lokus.registered) == (counters, registered)
    assert list(full_check()) == []
    again = freeze(by=CONSOLE, lokus=of.lokus, round_=of.round)
    assert [verify(by=CONSOLE, result_id=each.uuid).holds for each in (frozen, again)] == [True, True]
    assert again.data_hash == frozen.data_hash
    # Its time of keeping ends with the others'.
    due = due_of(of.cycle)
    assert due is not None
    assert due.families == registered


def test_it_may_still_ask_what_is_kept_and_be_erased_and_its_row_is_not_brought_in_again() -> None:
    of = scored()
    by = secretary(of)
    answer_request(**asked(by, of, "restrict"), state="done")
    this = asked(by, of, "copy")
    assert take_copy(by=by, cycle_slug=of.cycle.slug, request=this["request"]).content[:4] == b"%PDF"
    for kind in ("correct", "stop", "object"):
        with pytest.raises(InputError) as refused:
            answer_request(**asked(by, of, kind), state="done")
        assert [problem.code for problem in refused.value.problems] == ["rights.restricted"]
    receive(of, families_file([family(CODE, 4, "cemplung", 1, rw="03")]))
    batch = ImportBatch.objects.latest("pk")
    assert ([one["code"] for one in batch.problems], batch.summary["errors"]) == (["import.restricted"], 1)
    answer_request(**asked(by, of, "erase"), state="done")
    row = Household.objects.get(code=CODE)
    assert (row.head_name, row.pending, row.restricted_at, row.erased_at is None) == ("", None, None, False)


def test_its_restriction_ends_at_its_word_and_photos_are_asked_again() -> None:
    of = scored()
    by = secretary(of)
    this = asked(by, of, "restrict")
    answer_request(**this, state="done")
    page = request_page(by, of.cycle.slug, this["request"])
    assert (page.household_there, page.household_restricted, page.has_copy) == (False, True, True)
    lift_restriction(**{**this, "seen": 3})
    row = RightsRequest.objects.get()
    assert (row.lifted_at is None, may_see_household(by, Household.objects.get(code=CODE))) == (False, True)
    with pytest.raises(InputError):
        lift_restriction(**{**this, "seen": 4})
    assert AuditEntry.objects.filter(action="rights.lift").count() == 1


def test_a_correction_is_done_before_it_is_answered() -> None:
    of = scored()
    by = secretary(of)
    this = asked(by, of, "correct")
    with pytest.raises(InputError) as refused:
        answer_request(**this, state="done")
    assert [problem.code for problem in refused.value.problems] == ["rights.not_corrected"]
    bring(of, families_file([family(CODE, 5, "cemplung", 1, name="Eni Uji", rw="03")]))
    assert answer_request(**this, state="done").deed == "corrected"
