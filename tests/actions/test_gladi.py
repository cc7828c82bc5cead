"""A rehearsal from its opening to the second one that shows what closed."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from selaras.access import CONSOLE, markers_of, may_mark
from selaras.actions import gladi as actions
from selaras.actions.gladi_sheets import Sheet, take, type_sheet
from selaras.actions.gladi_sheets import _kept as keep
from selaras.actions.sending import uploads
from selaras.actions.sending.parcels import PartHead
from selaras.actions.sending.uploads import Piece
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import AuditEntry, Gladi, GladiMark, GladiSheet, GladiTask, Role, User
from selaras.odk.marking import Said
from selaras.queries.gladi_sheets import sheets_of
from tests import build
from tests.build_gladi import asked, closed, filled, from_elsewhere, opened, paper, year
from tests.build_sending import item

pytestmark = pytest.mark.django_db


def _sent(by: User, xml: bytes, number: str = "") -> UUID:
    """Through the queue, whole."""
    made = item(xml, kind="gladi", number=number or str(uuid4()))
    uploads.keep(by=by, item=UUID(made.uuid), piece=Piece(0, len(made.content), made.digest, made.content))
    return GladiSheet.objects.latest("pk").uuid


def _form(by: User, slug: str) -> str:
    return sheets_of(by, slug)[0].form_id


def _problem(raised: pytest.ExceptionInfo[InputError]) -> str:
    return raised.value.problems[0].code


def test_what_is_lost_becomes_a_task_and_what_a_second_rehearsal_finds_whole_is_closed_by_it() -> None:
    of = year()
    first = opened(of)
    paper(first, of.lokus, name="Bu Rahma", sk="b", warga="50")
    paper(first, of.lokus, name="Pak Jaja", sk="b", warga="100")
    closed(first)

    tasks = {task.indicator: task for task in GladiTask.objects.all()}
    assert {name: (task.lost, task.text, task.due) for name, task in tasks.items()} == {
        "sk": (Decimal(1), "SK tim: Ada SK. Siapkan: SK tim kota", date(2024, 8, 20)),
        "warga": (Decimal("0.25"), "Penerimaan warga", date(2024, 8, 20)),
    }
    assert tasks["sk"].agency is not None
    assert (tasks["sk"].agency.short_name, tasks["warga"].agency) == ("Disperkim", None)

    second = opened(of)
    paper(second, of.lokus, sk="a", warga="90")
    closed(second)

    again = {task.indicator: task for task in GladiTask.objects.all()}
    assert {name: (task.pk, task.closed_in, task.lost) for name, task in again.items()} == {
        "sk": (tasks["sk"].pk, second, Decimal(1)),
        "warga": (tasks["warga"].pk, None, Decimal("0.1")),
    }
    noted = AuditEntry.objects.filter(action="gladi.close").order_by("pk").values_list("details", flat=True)
    assert [(each["tasks"], each["closed"]) for each in noted] == [(2, 0), (0, 1)]


def test_what_was_said_to_be_done_and_still_loses_is_open_again() -> None:
    of = year()
    first = opened(of)
    paper(first, of.lokus, sk="b")
    closed(first)
    task = GladiTask.objects.get()
    actions.say_done(by=CONSOLE, cycle_slug=of.cycle.slug, task=task.uuid, version=1, said="SK terbit 12 Agustus")
    second = opened(of)
    paper(second, of.lokus, sk="b")
    closed(second)

    task.refresh_from_db()
    assert (task.state, task.said, task.closed_in) == ("open", "SK terbit 12 Agustus", None)


def test_a_task_that_lives_on_asks_for_what_is_lost_now_and_gives_time_for_it() -> None:
    of = year(half=True)
    first = opened(of)
    paper(first, of.lokus, sk="b", warga="50")
    closed(first)
    warga = GladiTask.objects.get(indicator="warga")
    own = {"text": "Undang RT 05", "agency_id": None, "person": "", "due": date(2024, 8, 15)}
    actions.change_task(by=CONSOLE, cycle_slug=of.cycle.slug, task=warga.uuid, version=1, **own)
    told = [_told()]
    for ends in (date(2024, 9, 3), date(2024, 10, 1)):
        again = opened(of, ends)
        paper(again, of.lokus, sk="c", warga="90")
        closed(again)
        told.append(_told())
        actions.say_done(
            by=CONSOLE, cycle_slug=of.cycle.slug, task=warga.uuid, version=_version(warga), said="Sudah diundang"
        )

    own_words, more = "Undang RT 05", "SK tim: Ada SK. Siapkan: SK tim kota"
    assert told == [
        # What the office wrote stays, with the day that it let pass; what was reached is asked for no more.
        [("sk", "SK tim: SK kota saja. Siapkan: SK tim kota", date(2024, 8, 20)), ("warga", own_words, own["due"])],
        [("sk", more, date(2024, 9, 17)), ("warga", own_words, own["due"])],
        # Said to be done and found not to be: the usual time again. The other asks for the same as before.
        [("sk", more, date(2024, 9, 17)), ("warga", own_words, date(2024, 10, 15))],
    ]


def _told() -> list[tuple[str, str, date | None]]:
    return list(GladiTask.objects.order_by("indicator").values_list("indicator", "text", "due"))


def _version(task: GladiTask) -> int:
    task.refresh_from_db()
    return task.version


def test_an_item_that_nobody_marked_is_neither_lost_nor_closed() -> None:
    of = year()
    first = opened(of)
    paper(first, of.lokus, sk="b")
    closed(first)
    second = opened(of)
    paper(second, of.lokus, warga="100")
    closed(second)

    task = GladiTask.objects.get()
    assert (task.indicator, task.closed_in) == ("sk", None)


def test_who_lives_or_works_around_the_lokus_cannot_be_asked_to_mark_it() -> None:
    of = year()
    gladi = opened(of)
    build.place("36.72.05.1001")
    lurah, camat = build.member(Role.SUPERVISOR, of.lokus.area), build.member(Role.SUPERVISOR, "36.72.05")
    cadre, other = build.member(Role.CADRE, f"{of.lokus.area}.RW03"), from_elsewhere()
    both = build.member(Role.CADRE, "36.72.05.1001.RW01")
    both.memberships.create(role=Role.CADRE, place_code=f"{of.lokus.area}.RW01")
    secretariat, far = build.member(Role.SECRETARIAT, "36.72"), build.member(Role.SUPERVISOR, "36.73.01.1001")

    assert markers_of(gladi, of.lokus) == [other]
    for wrong in (lurah, camat, cadre, both, secretariat, far):
        with pytest.raises(InputError) as raised:
            asked(gladi, of.lokus, wrong)
        assert _problem(raised) == "gladi.marker"


def test_a_marker_sends_her_sheet_through_the_queue_once_and_the_newest_counts() -> None:
    of = year()
    gladi = opened(of)
    ani = from_elsewhere()
    asked(gladi, of.lokus, ani)
    form, number = _form(ani, of.cycle.slug), str(uuid4())
    xml = filled(form, number=number, nilai_sk="b", catatan_sk="SK belum dibawa", nilai_warga="62,5")

    assert _sent(ani, xml, number) == UUID(number)
    assert take(ani, None, iter([(PartHead("xml_submission_file", "text/xml", len(xml), ""), xml)]), "") == UUID(number)
    assert GladiSheet.objects.count() == 1
    found = {mark.indicator: (mark.option, mark.value, mark.note) for mark in GladiMark.objects.all()}
    assert found == {"sk": ("b", None, "SK belum dibawa"), "warga": ("", Decimal("62.5"), "")}

    _sent(ani, filled(form, nilai_sk="a"))
    closed(gladi)
    assert [task.indicator for task in GladiTask.objects.all()] == []
    noted = AuditEntry.objects.filter(action="gladi.mark").order_by("pk").values_list("actor", "details")
    assert [(actor, details["marks"]) for actor, details in noted] == [(ani.pk, 2), (ani.pk, 1)]


def test_a_sheet_of_who_was_not_asked_or_has_a_task_there_by_now_is_refused() -> None:
    of = year()
    gladi = opened(of)
    ani, budi = from_elsewhere(), from_elsewhere()
    asked(gladi, of.lokus, ani)
    form = _form(ani, of.cycle.slug)

    with pytest.raises(Forbidden):
        _sent(budi, filled(form, nilai_sk="a"))
    ani.memberships.create(role=Role.CADRE, place_code=f"{of.lokus.area}.RW03")
    moved = User.objects.get(pk=ani.pk)
    assert not may_mark(moved, gladi, of.lokus)
    with pytest.raises(Missing):
        _sent(moved, filled(form, nilai_sk="a"))
    assert sheets_of(moved, of.cycle.slug) == []
    assert GladiSheet.objects.count() == 0


def test_a_sheet_that_comes_after_the_end_says_so_and_stays_with_its_marker() -> None:
    of = year()
    gladi = opened(of)
    ani = from_elsewhere()
    asked(gladi, of.lokus, ani)
    form = _form(ani, of.cycle.slug)
    paper(gladi, of.lokus, sk="a")
    closed(gladi)

    with pytest.raises(InputError) as raised:
        _sent(ani, filled(form, nilai_sk="a"))
    assert _problem(raised) == "gladi.closed"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"nilai_sk": "z"}, "gladi.option"),
        ({"nilai_warga": "101"}, "gladi.number"),
        ({"nilai_warga": "banyak"}, "gladi.number"),
        ({"nilai_warga": "NaN"}, "gladi.number"),
        ({"catatan_sk": "hanya alasan"}, "gladi.nothing"),
        ({}, "gladi.nothing"),
    ],
)
def test_a_mark_that_the_sheet_does_not_have_is_refused_whole(said: dict[str, str], code: str) -> None:
    of = year()
    gladi = opened(of)
    ani = from_elsewhere()
    asked(gladi, of.lokus, ani)

    with pytest.raises(InputError) as raised:
        _sent(ani, filled(_form(ani, of.cycle.slug), **said))
    assert _problem(raised) == code
    assert GladiSheet.objects.count() == 0


def test_two_who_mark_on_paper_under_one_name_are_two_until_somebody_says_that_they_are_one() -> None:
    of = year()
    gladi = opened(of)
    where = {"by": CONSOLE, "cycle_slug": of.cycle.slug, "number": gladi.number, "code": of.lokus.area}

    def typed(name: str, mark: str, **more: bool) -> GladiSheet:
        return type_sheet(**where, name=name, said={"sk": Said(mark)}, **more)

    first = typed("Bu Rahma", "a")
    with pytest.raises(InputError) as raised:
        typed("bu rahma", "b")
    assert (_problem(raised), GladiSheet.objects.count()) == ("gladi.same_name", 1)
    other, corrected = typed("Bu Rahma, kader Sukajadi", "b"), typed("bu rahma", "b", again=True)
    assert list(GladiSheet.objects.filter(replaced=False).order_by("pk")) == [other, corrected]
    with pytest.raises(IntegrityError), transaction.atomic():
        GladiSheet.objects.filter(pk=first.pk).update(replaced=False, name="bu rahma")


def test_a_sheet_that_was_on_its_way_while_the_rehearsal_was_closed_is_refused() -> None:
    of = year()
    gladi = opened(of)
    paper(gladi, of.lokus, sk="a")
    sheet = Sheet(uuid4(), Gladi.objects.get(), of.lokus, {"sk": Said("b")}, name="Bu Ida", typed_by=CONSOLE)
    closed(gladi)
    with pytest.raises(InputError) as raised:
        keep(CONSOLE, sheet)
    assert (_problem(raised), GladiSheet.objects.count()) == ("gladi.closed", 1)


def test_one_rehearsal_at_a_time_with_sheets_before_it_is_closed() -> None:
    of = year()
    gladi = opened(of)
    with pytest.raises(InputError) as raised:
        opened(of)
    assert _problem(raised) == "gladi.open"
    with pytest.raises(InputError) as raised:
        closed(gladi)
    assert _problem(raised) == "gladi.no_sheets"


def test_a_task_changes_hands_and_who_was_overtaken_is_told() -> None:
    of = year()
    gladi = opened(of)
    paper(gladi, of.lokus, sk="b")
    closed(gladi)
    task = GladiTask.objects.get()
    given = {"text": "Terbitkan SK", "agency_id": task.agency_id, "person": "Kabid Perkim", "due": date(2024, 8, 15)}
    slug = of.cycle.slug

    changed = actions.change_task(by=CONSOLE, cycle_slug=slug, task=task.uuid, version=1, **given)

    assert (changed.text, changed.person, changed.due, changed.version) == (
        "Terbitkan SK",
        "Kabid Perkim",
        date(2024, 8, 15),
        2,
    )
    with pytest.raises(InputError) as raised:
        actions.change_task(by=CONSOLE, cycle_slug=slug, task=task.uuid, version=1, **given)
    assert _problem(raised) == "gladi.stale"
    with pytest.raises(InputError) as raised:
        actions.change_task(by=CONSOLE, cycle_slug=slug, task=task.uuid, version=2, **{**given, "agency_id": 999_999})
    assert _problem(raised) == "gladi.agency"
    stranger = build.member(Role.LIAISON, agency=build.agency("Dinkes"))
    with pytest.raises(Forbidden):
        actions.say_done(by=stranger, cycle_slug=slug, task=task.uuid, version=2, said="Sudah")
    juror = build.member(Role.JUROR, "36.72")
    with pytest.raises(Missing):
        actions.say_done(by=juror, cycle_slug=slug, task=task.uuid, version=2, said="Sudah")
