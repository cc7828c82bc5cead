"""Whoever is erased is taken out of words that lie under somebody else's key, too: remarks, reactions, requests."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from selaras.access import CONSOLE
from selaras.actions import erasure
from selaras.actions.rights import answer_request, ask_about_data, know_asker, tell_asker
from selaras.actions.traces import SEALED, take_out, traces_of_family
from selaras.models import (
    Activity,
    Erasure,
    Job,
    KeyPurpose,
    ReactionText,
    RightsRequest,
    Role,
    Target,
    TargetChange,
    TargetDecision,
    User,
)
from selaras.queries.rights import opened
from selaras.queries.traces import GONE
from tests import build

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def asked(by: User, slug: str, kind: str, name: str, *, words: str = "", household: str = "") -> RightsRequest:
    """A request, of which the office is sure."""
    row = ask_about_data(by=by, cycle_slug=slug, kind=kind, household=household, asker=name, reach="surat", words=words)
    return know_asker(by=by, cycle_slug=slug, request=row.uuid, seen=1)


def this(by: User, row: RightsRequest) -> dict[str, Any]:
    row.refresh_from_db()
    return {"by": by, "cycle_slug": row.cycle.slug, "request": row.uuid, "seen": row.version}


def test_an_erased_family_is_in_no_remark_reaction_or_request_of_others() -> None:
    lokus = build.lokus(build.cycle())
    by = build.member(Role.SECRETARIAT, "36.72", cycle=lokus.cycle)
    hers = build.household(lokus, name="Siti Rahmawati", kk="3672051234567890")
    others = build.household(lokus, name="Eni Uji")
    said = "tetangga Siti Rahmawati (KK 3672051234567890), dekat Eni Uji"
    left = f"tetangga {GONE} (KK {GONE}), dekat Eni Uji"
    target = Target(lokus=lokus, household=others, state="chosen", position=1)
    target.set_note(said)
    target.save()
    change = TargetChange.objects.create(
        decision=TargetDecision.objects.create(lokus=lokus), household=others, before_note_sealed=target.note_sealed
    )
    activity = Activity.objects.create(cycle=lokus.cycle, lokus=lokus, title="Posyandu", on=NOW.date())
    reaction = ReactionText(activity=activity, day=NOW.date(), key=build.key(KeyPurpose.REACTION))
    reaction.sealed = reaction.key.seal_text(said, reaction.context)
    reaction.save()
    request = asked(by, lokus.cycle.slug, "see", "Eni Uji", words=said, household=others.code)
    rows = [reaction, target, change, request]
    assert [type(row) for row in rows] == [each.model for each in SEALED]

    def words() -> list[str]:
        found = []
        for each, row in zip(SEALED, rows, strict=True):
            now = each.model._base_manager.select_related(each.related).get(pk=row.pk)
            key, context = each.lock(now)
            assert key is not None
            found.append(key.unseal_text(getattr(now, each.column), context))
        return found

    job = Job.objects.create(kind="imports.check", state="failed", note="KK_SitiRahmawati.xlsx bukan berkas Excel")
    assert words() == [said] * 4
    # Somebody else's erasure leaves them as they are.
    nobody = build.household(lokus, name="Dewi Lestari")
    assert take_out(traces_of_family(nobody, parts=True), lokus.cycle.place) == {}
    erasure.erase_household(by=CONSOLE, household=hers, reason="permintaan", sweep_after=False)
    job.refresh_from_db()
    assert (words(), job.note) == ([left] * 4, GONE)


def test_who_is_forgotten_is_forgotten_in_what_she_asked_before() -> None:
    slug = build.cycle().slug
    first, second = (build.member(Role.SECRETARIAT, "36.72") for _ in range(2))
    before, waiting, other = (
        asked(first, slug, "see", name) for name in ("Nur Hidayati", "Ibu Nur Hidayati", "Eni Uji")
    )
    for row in (before, other):
        answer_request(**this(second, row), state="refused", ground="none_held")
        tell_asker(**this(second, row))
    row = asked(first, slug, "erase", "Nur Hidayati, S.Pd")
    answer_request(**this(second, row), state="done", deed="names")
    for each in (row, before, waiting, other):
        each.refresh_from_db()
    gone = [each.forgotten_at is not None and each.asker_sealed is None for each in (row, before)]
    assert (gone, opened(waiting, "asker"), opened(other, "asker")) == ([True, True], "Ibu Nur Hidayati", "Eni Uji")
    # An older backup brings neither back: both keys stand in the register.
    assert set(Erasure.objects.get().keys) == {str(row.key_id), str(before.key_id)}
