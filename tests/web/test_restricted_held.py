"""A form that waits for a person, of a family that asked to be used no further by name: unseen, whatever it waits for,
and why is told to nobody who may not read that request."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from selaras.access import CONSOLE
from selaras.actions.field.deciding import let_in
from selaras.actions.field.phones import give_phone
from selaras.actions.field.receiving import Sent
from selaras.actions.sending.kinds import News
from selaras.errors import InputError
from selaras.models import Arrival, CurrentAnswers, Household, Reason, Role, Round, User
from selaras.queries.arrival import arrival_page, may_open_files, may_take_bytes
from selaras.queries.arrivals import OFFICE, Asked, arrivals_page
from selaras.web.arrival_words import REASONS, REMEDIES
from selaras.web.field_words import WAITS
from selaras.web.sending import words_of
from tests import build
from tests.actions.test_nik_asked import NIK, asking
from tests.actions.test_nik_asked import said as answered
from tests.actions.test_restricted_anew import restricted, secretary
from tests.build_field import Field, filled, open_field, phone_of
from tests.photos import jpeg
from tests.web.cast import inside
from tests.web.test_arrivals import base, lurah, send, text

pytestmark = pytest.mark.django_db
OTHERS = [each for each in Reason.values if each != Reason.RESTRICTED]
#: What no page says to who may not know it.
ASKED = ("meminta", "permintaan", "tidak dipakai atas nama")


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def shown(of: Field, by: User, held: Arrival) -> tuple[bool, bool, int, bool, bool, bool, int]:
    """Hidden, its bytes offered, how many files and answers; then what each door says."""
    page = arrival_page(by, of.programme.cycle.slug, held.uuid)
    doors = may_take_bytes(by, held), may_open_files(by, held)
    raw = inside(by).get(f"{base(of)}{held.uuid}/isi.xml").status_code
    return page.hidden, page.raw, len(page.files) + len(page.sections), *doors, "Gang Uji" in str(page), raw


def held_late() -> tuple[Field, Household, Arrival]:
    """A form with a photo, about a family of the list, that came after its round."""
    of = open_field()
    eni = build.household(of.programme.lokus, rw="03")
    Round.objects.filter(pk=of.programme.round.pk).update(closes=timezone.localdate() - timedelta(days=1))
    return of, eni, send(of, filled(of.form, eni, {"jumlah": "7"}), Sent("foto.jpg", jpeg()))


def next_door(of: Field) -> Field:
    """The same year, by a cadre of the lokus beside."""
    beside = build.lokus(of.programme.cycle, "36.72.05.1001", "SJ")
    cadre = build.member(Role.CADRE, beside.area, cycle=of.programme.cycle)
    slug, task = of.programme.cycle.slug, cadre.memberships.get().pk
    return Field(of.programme, of.form, of.practice, give_phone(by=CONSOLE, cycle_slug=slug, membership_id=task))


def told(of: Field, by: User, held: Arrival) -> tuple[str, str, bool]:
    """The reason of its line in the list, that of its page, and whether either says that a family asked."""
    slug = of.programme.cycle.slug
    (line,) = [each for each in arrivals_page(by, slug, Asked()).lines if each.id == held.uuid]
    client = inside(by)
    pages = text(client, base(of)) + text(client, f"{base(of)}{held.uuid}/")
    return line.reason, arrival_page(by, slug, held.uuid).line.reason, any(each in pages for each in ASKED)


def test_a_form_held_before_its_family_asked_is_shown_to_nobody_afterwards_whatever_it_waits_for() -> None:
    of, eni, held = held_late()
    people = secretary(of.programme), lurah(of)
    before = [shown(of, by, held) for by in people]
    assert (held.reason, [each[0] for each in before], [each[-1] for each in before]) == (
        "late",
        [False] * 2,
        [200] * 2,
    )

    restricted(of.programme, eni.code)
    unseen = (True, False, 0, False, False, False, 422)
    for reason in OTHERS:
        Arrival.objects.filter(pk=held.pk).update(reason=reason)
        held.refresh_from_db()
        assert [shown(of, by, held) for by in people] == [unseen] * 2, reason
    # Nor where nobody knows its form: the bytes name whose it is.
    Arrival.objects.filter(pk=held.pk).update(reason=Reason.UNKNOWN_VERSION, field_form=None)
    held.refresh_from_db()
    assert [shown(of, by, held) for by in people] == [unseen] * 2


def test_what_nobody_sees_is_let_in_as_no_other_familys_either() -> None:
    of, eni, held = held_late()
    other = build.household(of.programme.lokus, rw="03")
    restricted(of.programme, eni.code)
    by, slug = secretary(of.programme), of.programme.cycle.slug
    with pytest.raises(InputError, match="tidak dipakai atas nama"):
        let_in(by=by, cycle_slug=slug, arrival_id=held.uuid, household=other.code)
    held.refresh_from_db()
    assert (held.state, held.reason, CurrentAnswers.objects.count()) == ("quarantined", "restricted", 0)


def test_its_answers_are_not_laid_beside_another_content_of_the_same_number() -> None:
    of = open_field()
    eni, other = build.household(of.programme.lokus, rw="03"), build.household(of.programme.lokus, rw="03")
    send(of, filled(of.form, eni, {"jumlah": "7"}, instance="uuid:1"))
    second = send(of, filled(of.form, other, {"jumlah": "4"}, instance="uuid:1"))
    by, slug = secretary(of.programme), of.programme.cycle.slug
    (beside,) = arrival_page(by, slug, second.uuid).others
    assert (second.reason, len(beside.differences or ())) == ("other_bytes", 1)
    restricted(of.programme, eni.code)
    (beside,) = arrival_page(by, slug, second.uuid).others
    assert (beside.differences, beside.outcome, beside.line.family) == (None, "", None)


def test_who_may_read_the_request_is_told_why_and_next_door_only_that_the_office_looks_at_it() -> None:
    of = open_field()
    eni, there = build.household(of.programme.lokus, rw="03"), next_door(of)
    restricted(of.programme, eni.code)
    held = send(there, filled(of.form, eni, {"jumlah": "7"}))
    cycle, slug = of.programme.cycle, of.programme.cycle.slug
    budi = build.member(Role.SUPERVISOR, "36.72.05.1001", cycle=cycle)
    camat = build.member(Role.SUPERVISOR, "36.72.05", cycle=cycle)
    assert held.reason == "restricted"
    assert [told(of, by, held) for by in (secretary(of.programme), camat)] == [("restricted", "restricted", True)] * 2
    assert told(of, budi, held) == (OFFICE, OFFICE, False)
    page = text(inside(budi), f"{base(of)}{held.uuid}/")
    said = (str(REASONS[OFFICE]), str(REMEDIES[OFFICE]), "Isinya tidak ditampilkan. Sekretariat yang melihatnya.")
    assert ([each in page for each in said], "di luar wilayah" in page) == ([True] * 3, False)
    with pytest.raises(InputError, match="sekretariat perlu melihatnya dahulu"):
        let_in(by=budi, cycle_slug=slug, arrival_id=held.uuid)


@pytest.mark.django_db(transaction=True)
def test_one_known_by_its_numbers_alone_is_told_of_to_who_answers_requests() -> None:
    of = asking()
    send(of, answered(of, None, "punya", NIK))
    restricted(of.programme)
    there = Field(of.programme, of.form, of.practice, phone_of(of.programme, "RW03"))
    held = send(there, answered(there, None, "punya", NIK))
    assert (held.reason, told(of, secretary(of.programme), held)) == ("restricted", ("restricted", "restricted", True))
    assert told(of, lurah(of), held) == (OFFICE, OFFICE, False)
    own = text(inside(held.by), "/kader/")
    assert ("masih diperiksa kantor" in own, [each in own for each in ASKED], "kelurahan. Tidak hilang" in own) == (
        True, [False] * 3, False,
    )  # fmt: skip


def test_a_number_that_a_cadre_sends_does_not_tell_her_that_its_family_asked() -> None:
    alike = [words_of(News("held", reason)) for reason in ("restricted", "known_kk", "failed")]
    assert alike == [("held", "Sudah diterima, ditahan: masih diperiksa kantor.")] * 3
    assert [str(WAITS[each]) for each in ("restricted", "known_kk", "failed")] == ["masih diperiksa kantor"] * 3
