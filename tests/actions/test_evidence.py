"""Evidence: kept once however often it comes, sealed, cited, taken back, gone after a day."""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from selaras.actions import evidence as actions
from selaras.actions import evidence_codes, evidence_desk, evidence_points
from selaras.actions.evidence import Sent, Told
from selaras.actions.jobs import work_off
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import (
    AuditEntry,
    CannotUnsealError,
    DataKey,
    Evidence,
    EvidenceState,
    KeptLimit,
    Lokus,
    ProofLimit,
    Role,
)
from tests import build, hostile
from tests.build_evidence import CODE, ani, bring, scored_lokus, sealed_files, secretary, states
from tests.build_plans import agency
from tests.hostile import photo

pytestmark = pytest.mark.django_db(transaction=True)

PLACE = (-5.998113, 106.031244)


@pytest.fixture
def lokus() -> Lokus:
    return scored_lokus()


def problems(error: pytest.ExceptionInfo[InputError]) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in error.value.problems]


def test_a_photo_is_kept_with_its_passport_and_sealed(lokus: Lokus) -> None:
    content = photo(place=PLACE)
    kept = bring(ani(), lokus, content, name="IMG_0012.JPG", cites=("jamban",), caption="  Jamban \n bu RT ")
    found = Evidence.objects.select_related("file__key", "key").get()
    entry = AuditEntry.objects.get()

    assert (kept.evidence, kept.again) == (found, False)
    assert (found.kind, found.media_type, found.filename, found.caption) == (
        "photo", "image/jpeg", "IMG_0012.jpg", "Jamban bu RT",
    )  # fmt: skip
    assert (found.sha256, found.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert found.taken_at == datetime(2024, 8, 9, 3, 11, 12, tzinfo=UTC)
    assert (found.the_place(), found.metres, found.area, found.state) == (PLACE, None, CODE, "waiting")
    assert found.file is not None
    assert found.file.content() == content
    assert found.file.path.read_bytes() != content
    assert b"106.03" not in bytes(found.place or b"")
    assert (entry.action, entry.place_code, entry.details) == (
        "evidence.add", CODE, {"kind": "photo", "sha256": found.sha256, "uses": 1},
    )  # fmt: skip


def test_sent_twice_it_is_one_and_another_persons_number_is_not_hers(lokus: Lokus) -> None:
    by, id_ = ani(), uuid4()
    first, second = bring(by, lokus, id_=id_), bring(by, lokus, photo(seed=9), id_=id_)
    with pytest.raises(InputError, match="sudah dikirim orang lain"):
        bring(secretary(), lokus, id_=id_)

    assert (second.evidence.pk, second.again) == (first.evidence.pk, True)
    assert (Evidence.objects.count(), sealed_files().count(), DataKey.objects.count()) == (1, 1, 1)


def test_the_same_bytes_again_are_the_same_evidence_cited_for_more(lokus: Lokus) -> None:
    first = bring(ani(), lokus, cites=("jamban",))
    again = bring(secretary(), lokus, cites=("jamban", "air"))
    other = bring(secretary(), build.lokus(lokus.cycle, "36.72.05.1001", prefix="SJ"))

    assert (again.evidence.pk, again.again) == (first.evidence.pk, True)
    assert states(again.evidence) == {"jamban": "waiting", "air": "waiting"}
    # In another lokus it is another's claim: two, to be found as reused.
    assert not other.again
    assert Evidence.objects.count() == 2


def test_what_was_verified_stays_so_and_a_new_citation_waits(lokus: Lokus) -> None:
    made = bring(ani(), lokus, cites=("jamban",)).evidence
    (use,) = made.uses.all()
    verify(made, use.pk)
    bring(build.member(Role.SUPERVISOR, CODE), lokus, cites=("air",))
    made.refresh_from_db()

    assert (made.state, states(made)) == ("verified", {"jamban": "verified", "air": "waiting"})


def verify(of: Evidence, *uses: int, by: object = None) -> Evidence:
    of.refresh_from_db()
    who = by or secretary()
    return evidence_desk.verify(by=who, cycle_slug=of.cycle.slug, evidence_id=of.uuid, version=of.version, uses=uses)  # type: ignore[arg-type]


def test_a_link_is_kept_as_it_is_and_asks_for_a_word(lokus: Lokus) -> None:
    url = "https://www.youtube.com/watch?v=abc"
    with pytest.raises(InputError) as error:
        bring(ani(), lokus, url=url)
    made = bring(ani(), lokus, url=url, caption="Video pelatihan").evidence

    assert problems(error) == [("evidence.caption_link", "caption")]
    assert (made.kind, made.url, made.file, made.sha256) == ("link", url, None, "")


def test_everything_wrong_is_said_at_its_field(lokus: Lokus) -> None:
    by = ani()
    with pytest.raises(InputError) as told:
        bring(by, lokus, cites=("khayalan",), caption="x" * 201, agency_id=987)
    with pytest.raises(InputError) as nothing:
        actions.add(by=by, cycle_slug=lokus.cycle.slug, lokus_code=CODE, evidence_id=uuid4(), told=Told(), sent=Sent())
    with pytest.raises(InputError) as both:
        actions.add(
            by=by, cycle_slug=lokus.cycle.slug, lokus_code=CODE, evidence_id=uuid4(), told=Told(caption="a"),
            sent=Sent(photo(), "a.jpg", "https://contoh.go.id"),
        )  # fmt: skip
    with pytest.raises(InputError) as svg:
        bring(by, lokus, hostile.SVG, name="foto.jpg")

    assert problems(told) == [("evidence.caption", "caption"), ("evidence.agency", "agency"), ("evidence.uses", "uses")]
    assert problems(nothing) == [("evidence.nothing", "file")]
    assert problems(both) == [("evidence.both", "file")]
    assert problems(svg) == [("evidence.svg", "file")]
    assert (Evidence.objects.count(), sealed_files().count(), AuditEntry.objects.count()) == (0, 0, 0)


def test_who_only_looks_works_elsewhere_or_comes_too_late_brings_nothing(lokus: Lokus) -> None:
    for role in (Role.JUROR, Role.LEADER, Role.PROTECTION):
        with pytest.raises(Forbidden):
            bring(build.member(role, "36.72"), lokus)
    build.place("36.73")
    with pytest.raises(Missing):
        bring(build.member(Role.SECRETARIAT, "36.73"), lokus)
    with pytest.raises(Forbidden):
        bring(ani(), lokus, year=True)
    lokus.cycle.closed_at = timezone.now()
    lokus.cycle.save()
    with pytest.raises(Forbidden):
        bring(secretary(), lokus)

    assert Evidence.objects.count() == 0


def test_what_is_of_the_whole_year_is_cited_in_every_lokus(lokus: Lokus) -> None:
    build.lokus(lokus.cycle, "36.72.05.1001", prefix="SJ")
    liaison = build.member(Role.LIAISON, agency=agency("Dinkes"))
    made = bring(liaison, lokus, hostile.pdf(), name="SK.pdf", year=True, cites=("jamban",)).evidence

    assert (made.lokus, made.area, made.kind) == (None, "36.72", "document")
    assert sorted(use.lokus.area for use in made.uses.all() if use.lokus) == ["36.72.05.1001", CODE]


def test_who_brought_it_changes_what_it_is_cited_for_and_who_was_slower_is_told(lokus: Lokus) -> None:
    by = ani()
    made = bring(by, lokus, cites=("jamban",)).evidence
    told = Told(caption="Sumur", indicators=(("contoh", "air"),))
    asked = {"cycle_slug": lokus.cycle.slug, "evidence_id": made.uuid, "told": told}
    with pytest.raises(Forbidden):
        actions.change(by=build.member(Role.SUPERVISOR, CODE), version=1, **asked)
    changed = actions.change(by=by, version=1, **asked)
    with pytest.raises(InputError) as error:
        actions.change(by=secretary(), version=1, **asked)

    assert (changed.caption, changed.version, states(changed)) == ("Sumur", 2, {"air": "waiting"})
    assert problems(error) == [("evidence.newer", "version")]


def test_what_was_refused_waits_again_once_it_is_changed(lokus: Lokus) -> None:
    by = ani()
    made = bring(by, lokus, cites=("jamban",)).evidence
    evidence_desk.refuse(by=secretary(), cycle_slug=lokus.cycle.slug, evidence_id=made.uuid, version=1, reason="Buram")
    changed = actions.change(
        by=by, cycle_slug=lokus.cycle.slug, evidence_id=made.uuid, version=2,
        told=Told(caption="Jamban tampak depan", indicators=(("contoh", "jamban"),)),
    )  # fmt: skip

    assert (changed.state, changed.reason, changed.decided_at) == ("waiting", "", None)
    assert states(changed) == {"jamban": "waiting"}


@pytest.mark.parametrize("how", ["limited", "refused"])
def test_dropping_a_citation_does_not_lift_what_somebody_else_said_of_it(lokus: Lokus, how: str) -> None:
    by, desk = ani(), secretary()
    made = bring(by, lokus, cites=("jamban", "air")).evidence
    jamban, air = made.uses.order_by("id")
    if how == "limited":
        ProofLimit.objects.create(use=jamban, option="b", by=desk)
    else:
        evidence_desk.verify(by=desk, cycle_slug=lokus.cycle.slug, evidence_id=made.uuid, version=1, uses=[air.pk])
    made.refresh_from_db()
    asked = {"by": by, "cycle_slug": lokus.cycle.slug, "evidence_id": made.uuid, "version": made.version}
    with pytest.raises(InputError) as error:
        actions.change(told=Told(indicators=(("contoh", "air"),)), **asked)

    assert (problems(error), made.uses.count()) == ([("evidence.bounded", "uses")], 2)
    kept = actions.change(told=Told(caption="Sumur", indicators=(("contoh", "jamban"),)), **asked)
    assert list(states(kept)) == ["jamban"]


def test_taken_back_and_sent_again_it_shows_no_more_than_somebody_else_has_said(lokus: Lokus) -> None:
    by, desk, content = ani(), secretary(), photo()
    made = bring(by, lokus, content, cites=("air", "jamban")).evidence
    ProofLimit.objects.create(use=made.uses.get(indicator="jamban"), option="b", by=desk)

    def take_back(of: Evidence) -> None:
        actions.withdraw(by=by, cycle_slug=lokus.cycle.slug, evidence_id=of.uuid)

    take_back(made)
    actions.restore(by=by, cycle_slug=lokus.cycle.slug, evidence_id=made.uuid)
    assert (ProofLimit.objects.count(), KeptLimit.objects.count()) == (1, 0)
    take_back(made)
    second = bring(by, lokus, content, cites=("jamban", "air")).evidence
    take_back(second)
    assert actions.purge(now=timezone.now() + timedelta(days=2)) == 2
    third = bring(by, lokus, content, cites=("jamban",)).evidence

    assert len({made.pk, second.pk, third.pk}) == 3
    assert [(limit.use.evidence, limit.option, limit.by) for limit in ProofLimit.objects.all()] == [(third, "b", desk)]
    assert KeptLimit.objects.count() == 0


def test_taken_back_it_is_gone_for_everybody_restored_for_a_day_then_destroyed(lokus: Lokus) -> None:
    by = ani()
    made = bring(by, lokus, photo(place=PLACE), cites=("jamban",)).evidence
    asked = {"cycle_slug": lokus.cycle.slug, "evidence_id": made.uuid}
    with pytest.raises(Forbidden):
        actions.withdraw(by=build.member(Role.SUPERVISOR, CODE), **asked)
    actions.withdraw(by=by, **asked)
    with pytest.raises(Missing):
        actions.withdraw(by=by, **asked)
    with pytest.raises(Forbidden):
        actions.restore(by=build.member(Role.LEADER, "36.72"), **asked)
    actions.restore(by=by, **asked)
    kept = actions.purge(now=timezone.now() + timedelta(days=2))
    actions.withdraw(by=by, **asked)
    path = sealed_files().get().path
    early, late = (actions.purge(now=timezone.now() + timedelta(hours=hours)) for hours in (23, 25))

    assert (kept, early, late) == (0, 0, 1)
    assert (Evidence.objects.count(), sealed_files().count(), path.exists()) == (0, 0, False)
    with pytest.raises(CannotUnsealError):
        DataKey.objects.get().secret()


def test_the_same_bytes_may_come_again_after_they_were_taken_back_and_then_nothing_is_restored(lokus: Lokus) -> None:
    by = ani()
    made = bring(by, lokus).evidence
    asked = {"cycle_slug": lokus.cycle.slug, "evidence_id": made.uuid}
    actions.withdraw(by=by, **asked)
    again = bring(by, lokus)
    with pytest.raises(InputError) as error:
        actions.restore(by=by, **asked)

    assert (again.again, problems(error)) == (False, [("evidence.newer", "")])


def test_the_very_bytes_are_the_secretariats_and_taking_them_is_written_down(lokus: Lokus) -> None:
    by, content = ani(), photo(place=PLACE)
    made = bring(by, lokus, content).evidence
    asked = {"cycle_slug": lokus.cycle.slug, "evidence_id": made.uuid}
    for other in (by, build.member(Role.SUPERVISOR, CODE), build.member(Role.LEADER, "36.72")):
        with pytest.raises(Forbidden):
            actions.take_original(by=other, **asked)
    found, taken = actions.take_original(by=secretary(), **asked)

    assert (taken, hashlib.sha256(taken).hexdigest()) == (content, found.sha256)
    assert AuditEntry.objects.filter(action="evidence.take_original").count() == 1


# --- where the lokus is -----------------------------------------------------------------------------------------------
def test_how_far_a_photo_was_taken_is_measured_when_either_comes(lokus: Lokus) -> None:
    by = secretary()
    before = bring(by, lokus, photo(place=PLACE)).evidence
    asked = {"cycle_slug": lokus.cycle.slug, "lokus_code": CODE}
    evidence_points.set_point(by=by, point="-5.998113, 106.040244", radius=1500, **asked)
    after = bring(by, lokus, photo(place=(-6.1, 106.1), seed=3)).evidence
    without = bring(by, lokus, photo(seed=4)).evidence
    before.refresh_from_db()
    # Thousands of photos are no one moment's work: the worker measures them, and everybody else writes meanwhile.
    assert before.metres is None
    work_off()
    before.refresh_from_db()

    # 0.009 degrees of longitude at 6 degrees south are 0.009 x 111,195 m x cos(5.998 deg) = 995 m.
    assert (before.metres, without.metres) == (995, None)
    assert after.metres is not None
    assert 13_000 < after.metres < 14_000


@pytest.mark.parametrize(
    ("point", "radius", "code"),
    [
        ("Gedong Dalem", 1500, "point.degrees"),
        ("-95, 106", 1500, "point.degrees"),
        ("-6, 190", 1500, "point.degrees"),
        ("0, 0", 1500, "point.degrees"),
        ("-6.0, 106.0", 10, "point.radius"),
        ("-6.0, 106.0", 90_000, "point.radius"),
    ],
)
def test_a_point_that_is_none_is_refused(lokus: Lokus, point: str, radius: int, code: str) -> None:
    with pytest.raises(InputError) as error:
        evidence_points.set_point(
            by=secretary(), cycle_slug=lokus.cycle.slug, lokus_code=CODE, point=point, radius=radius
        )

    assert [problem.code for problem in error.value.problems] == [code]


# --- lists of codes ---------------------------------------------------------------------------------------------------
LIST = "1.1.a | Perda tentang anak\n1.1.b\tForum Anak aktif\n\n2.3 ; Puskesmas ramah anak\n"


def test_a_citys_codes_are_cited_like_indicators_and_a_newer_list_retires_what_it_leaves_out(lokus: Lokus) -> None:
    by = secretary()
    asked = {"by": by, "cycle_slug": lokus.cycle.slug, "title": "KLA 2024", "source": "Permen PPPA 12/2022"}
    found = evidence_codes.keep_list(text=LIST, **asked)
    first, second, third = found.items.all()
    made = bring(ani(), lokus, hostile.pdf(), name="sk.pdf", cites=("jamban",), items=(first.pk, third.pk)).evidence
    evidence_codes.keep_list(text="1.1.A | Perda anak\n3 | Baru", list_id=found.uuid, **asked)
    kept = [(item.code, item.text, item.retired_at is None) for item in found.items.order_by("pk")]

    assert [(item.code, item.text) for item in (first, second, third)] == [
        ("1.1.a", "Perda tentang anak"), ("1.1.b", "Forum Anak aktif"), ("2.3", "Puskesmas ramah anak"),
    ]  # fmt: skip
    assert kept == [
        ("1.1.A", "Perda anak", True),
        ("1.1.b", "Forum Anak aktif", False),
        ("2.3", "Puskesmas ramah anak", False),
        ("3", "Baru", True),
    ]
    assert states(made) == {"jamban": "waiting", "1.1.A": "waiting", "2.3": "waiting"}


def test_a_list_is_the_secretariats_and_every_line_that_cannot_be_read_is_named(lokus: Lokus) -> None:
    asked = {"cycle_slug": lokus.cycle.slug, "title": "KLA", "source": ""}
    with pytest.raises(InputError) as error:
        evidence_codes.keep_list(by=secretary(), text="1 | a\n2\n\n1 | c\n | d", **asked)
    with pytest.raises(InputError) as empty:
        evidence_codes.keep_list(by=secretary(), text="\n", **asked)
    evidence_codes.keep_list(by=secretary(), text="1 | a", **asked)
    with pytest.raises(InputError) as same:
        evidence_codes.keep_list(by=secretary(), text="1 | a", **asked)
    with pytest.raises(Forbidden):
        evidence_codes.keep_list(by=build.member(Role.SUPERVISOR, CODE), text="1 | a", **asked)

    assert [problem.values["line"] for problem in error.value.problems] == [2, 4, 5]
    assert (problems(empty), problems(same)) == ([("codes.none", "text")], [("codes.same", "title")])


# --- the desk ---------------------------------------------------------------------------------------------------------
def test_the_desk_says_of_each_citation_what_it_proves(lokus: Lokus) -> None:
    by = secretary()
    made = bring(ani(), lokus, cites=("jamban", "air")).evidence
    jamban, air = made.uses.order_by("id")
    found = verify(made, jamban.pk, by=by)
    air.refresh_from_db()

    assert (found.state, found.decided_by, found.version) == ("verified", by, 2)
    assert states(found) == {"jamban": "verified", "air": "refused"}
    assert (air.reason, air.decided_by) == ("tidak terbukti oleh berkas ini", by)


def test_nobody_vouches_for_what_she_brought_or_cited_or_whose_points_are_hers(lokus: Lokus) -> None:
    by = secretary()
    own = bring(by, lokus).evidence
    made = bring(ani(), lokus, photo(seed=5), cites=("jamban",)).evidence
    bring(by, lokus, photo(seed=5), cites=("air",))
    jamban, air = made.uses.order_by("id")
    with pytest.raises(Forbidden):
        verify(own, by=by)
    for other in (build.member(Role.SUPERVISOR, CODE), ani(), build.member(Role.LEADER, "36.72")):
        with pytest.raises(Forbidden):
            verify(own, by=other)
    verify(made, jamban.pk, air.pk, by=by)
    camat = build.member(Role.SUPERVISOR, "36.72.05")

    assert states(made) == {"jamban": "verified", "air": "waiting"}
    assert verify(own, by=camat).state == EvidenceState.VERIFIED


def test_a_refusal_says_why_and_takes_every_citation_with_it(lokus: Lokus) -> None:
    by = secretary()
    made = bring(ani(), lokus, cites=("jamban", "air")).evidence
    asked = {"by": by, "cycle_slug": lokus.cycle.slug, "evidence_id": made.uuid}
    with pytest.raises(InputError) as nothing:
        evidence_desk.refuse(version=1, reason="  ", **asked)
    with pytest.raises(InputError) as none:
        evidence_desk.verify(version=1, uses=(), **asked)
    found = evidence_desk.refuse(version=1, reason=" Bukan \n jamban ", **asked)
    with pytest.raises(InputError) as late:
        evidence_desk.verify(version=1, uses=(), **asked)

    assert (problems(nothing), problems(none), problems(late)) == (
        [("evidence.reason", "reason")], [("evidence.accept_none", "uses")], [("evidence.newer", "version")],
    )  # fmt: skip
    assert (found.state, found.reason) == ("refused", "Bukan jamban")
    assert states(found) == {"jamban": "refused", "air": "refused"}


def test_a_decision_is_taken_back_and_everything_waits_again(lokus: Lokus) -> None:
    by = secretary()
    made = bring(ani(), lokus, cites=("jamban",)).evidence
    asked = {"by": by, "cycle_slug": lokus.cycle.slug, "evidence_id": made.uuid}
    evidence_desk.refuse(version=1, reason="Salah tekan", **asked)
    found = evidence_desk.reopen(version=2, **asked)
    with pytest.raises(InputError) as error:
        evidence_desk.reopen(version=3, **asked)

    assert (found.state, found.reason, states(found)) == ("waiting", "", {"jamban": "waiting"})
    assert problems(error) == [("evidence.undo", "")]
    assert [entry.action for entry in AuditEntry.objects.order_by("id")] == [
        "evidence.add", "evidence.refuse", "evidence.reopen",
    ]  # fmt: skip
