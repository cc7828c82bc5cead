"""Consent for photos alone, for each use: asked in the form, said at the office, withdrawn at any time, and obeyed."""

import re
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions import photo_consents
from selaras.actions.field.deciding import let_in
from selaras.actions.field.receiving import Parcel, Sender, Sent, receive
from selaras.actions.field.showing import read_file
from selaras.actions.field.taking import take_in
from selaras.actions.photo_consents import say_photo_uses
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import Arrival, ArrivalFile, AuditEntry, Cycle, Household, PhotoConsent, PhotoUse, Role, User
from selaras.queries.phones import family_list
from selaras.queries.photo_uses import may_be_used, photo_consents_page, uses_of
from tests import build
from tests.build_field import Field, filled, open_field, phone_of
from tests.photos import jpeg
from tests.sample_workbook import rows, sample

pytestmark = pytest.mark.django_db


class Ground:
    """A family of RW 03 with a photo in its form, the cadre's phone, and the lurah."""

    def __init__(self) -> None:
        survey = [*rows("survey"), ["image", "rumah", "Foto rumah"]]
        self.field: Field = open_field(sample(survey=survey))
        self.of = self.field.programme
        self.family: Household = build.household(self.of.lokus, rw="03")
        self.lurah = build.member(Role.SUPERVISOR, self.of.lokus.place.code, cycle=self.of.cycle)

    def sent(self, said: str | None, *, instance: str = "uuid:1", deprecated: str = "") -> Arrival:
        """A form with a photo; `said` is what was ticked, None where the form does not ask."""
        self.family.refresh_from_db()
        xml = filled(
            self.field.form, self.family, {"jumlah": "4", "rumah": "foto.jpg"}, instance=instance, deprecated=deprecated
        )
        if said is not None:
            xml = xml.replace(b"</sl_kunjungan>", f"<sl_izin_foto>{said}</sl_izin_foto></sl_kunjungan>".encode())
        parcel = Parcel(xml, [Sent("foto.jpg", jpeg(), "image/jpeg")])
        arrival = receive(sender=Sender.of(self.field.phone.phone), parcel=parcel).arrival
        take_in()
        return Arrival.objects.get(pk=arrival.pk)

    def say(self, *uses: str, by: User | None = None, file: int | None = None) -> PhotoConsent | None:
        return say_photo_uses(
            by=by or self.lurah,
            cycle_slug=self.of.cycle.slug,
            code=self.of.lokus.area,
            household=self.family.code,
            uses=uses,
            file_id=file,
        )

    def uses(self) -> Collection[str]:
        return sorted(uses_of(self.family))

    def seen(self, arrival: Arrival) -> bytes:
        file = arrival.files.get()
        return read_file(
            by=self.lurah, cycle_slug=self.of.cycle.slug, arrival_id=UUID(str(arrival.uuid)), file_id=file.pk
        ).content


def test_a_form_without_photos_asks_nothing_of_them() -> None:
    assert "sl_izin_foto" not in open_field().form.file.content().decode()


def test_a_form_with_photos_proposes_the_jurors_alone_or_what_the_family_said_last() -> None:
    form = Ground().field.form.file.content().decode()

    assert re.findall(r"<sl_izin_foto>(.*?)</sl_izin_foto>", form) == ["juri"]
    (set_,) = re.findall(r"<setvalue[^>]*sl_izin_foto[^>]*>", form)
    assert ('event="xforms-value-changed"' in set_, "izin_foto" in set_.partition("value=")[2]) == (True, True)
    (bind,) = re.findall(r"<bind[^>]*sl_izin_foto[^>]*>", form)
    assert "sl_hasil  = 'bertemu'" in bind


def test_until_somebody_is_asked_jurors_may_see_and_nobody_else() -> None:
    there = Ground()
    arrival = there.sent(None)
    file = arrival.files.get().pk

    assert (there.uses(), PhotoConsent.objects.count()) == (["juri"], 0)
    assert {use.value: may_be_used(file, use) for use in PhotoUse} == {"juri": True, "laporan": False, "publik": False}


@pytest.mark.parametrize(
    ("said", "uses"),
    [("juri", ["juri"]), ("juri publik", ["juri", "publik"]), ("", []), ("juri iklan", ["juri"])],
)
def test_what_is_ticked_in_the_form_is_kept_and_nothing_ticked_is_a_no(said: str, uses: list[str]) -> None:
    there = Ground()
    arrival = there.sent(said)

    row = PhotoConsent.objects.get()
    assert (there.uses(), row.arrival, row.by) == (uses, arrival, there.field.phone.phone.user)
    entry = AuditEntry.objects.get(action="photos.consent")
    assert (entry.object_id, entry.details["codes"], entry.details["via"], sorted(entry.details["uses"])) == (
        str(there.family.uuid), [there.family.code], "form", uses,
    )  # fmt: skip


def test_the_phone_carries_what_was_said_last_so_that_the_next_visit_begins_with_it() -> None:
    there = Ground()
    phone = there.field.phone.phone
    assert family_list(phone).decode().splitlines()[1].endswith(",juri")

    there.say("juri", "publik")
    assert family_list(phone).decode().splitlines()[1].endswith(",juri publik")
    there.say()
    assert family_list(phone).decode().splitlines()[1].endswith(",")


def test_what_was_withdrawn_at_the_office_no_phone_gives_back_and_the_office_can() -> None:
    there = Ground()
    there.say("juri", "laporan", "publik")
    there.say()

    there.sent("juri laporan publik")
    assert there.uses() == []
    there.say("juri", "laporan")
    assert there.uses() == ["juri", "laporan"]
    there.sent("juri", instance="uuid:2", deprecated="uuid:1")
    assert there.uses() == ["juri"]


def test_no_form_in_between_makes_a_phone_give_back_what_the_office_withdrew() -> None:
    there = Ground()
    there.say("juri")

    there.sent("")
    there.sent("juri laporan publik", instance="uuid:2", deprecated="uuid:1")
    assert there.uses() == ["juri"]


def test_what_was_said_in_a_form_about_another_family_is_that_ones_alone_once_it_is_corrected() -> None:
    there = Ground()
    wrong = there.family
    right = build.household(there.of.lokus, rw="03")
    there.sent("juri laporan publik")
    assert there.uses() == ["juri", "laporan", "publik"]

    there.family = right
    held = there.sent("juri laporan", instance="uuid:2", deprecated="uuid:1")
    assert (held.state, held.reason) == ("quarantined", "other_family")
    let_in(
        by=build.member(Role.SECRETARIAT, "36.72", cycle=there.of.cycle),
        cycle_slug=there.of.cycle.slug,
        arrival_id=held.uuid,
    )

    assert there.uses() == ["juri", "laporan"]
    assert (sorted(uses_of(wrong)), wrong.photo_consents.count()) == (["juri"], 0)
    entries = AuditEntry.objects.filter(action="photos.consent", object_id=str(wrong.uuid)).order_by("pk")
    assert [(entry.details["via"], entry.details["uses"]) for entry in entries] == [
        ("form", ["juri", "laporan", "publik"]), ("correction", ["juri"]),
    ]  # fmt: skip


def test_what_was_said_where_nobody_was_met_after_all_was_never_said() -> None:
    there = Ground()
    there.sent("juri publik")

    xml = filled(there.field.form, there.family, outcome="tidak_di_rumah", instance="uuid:2", deprecated="uuid:1")
    receive(sender=Sender.of(there.field.phone.phone), parcel=Parcel(xml))
    take_in()
    assert (there.uses(), PhotoConsent.objects.count()) == (["juri"], 0)


def test_a_photo_of_a_form_that_waits_goes_by_the_family_that_the_form_names() -> None:
    there = Ground()
    there.say()
    next_rw = phone_of(there.of, "RW04")
    there.field = Field(there.of, there.field.form, there.field.practice, next_rw)

    arrival = there.sent("juri laporan publik")
    assert (arrival.state, arrival.household, arrival.about) == ("quarantined", None, there.family.uuid)
    assert not any(may_be_used(arrival.files.get().pk, use) for use in PhotoUse)
    with pytest.raises(InputError) as refused:
        there.seen(arrival)
    assert [problem.code for problem in refused.value.problems] == ["photo.barred"]


def test_a_photo_that_may_be_used_for_nothing_is_shown_to_nobody_until_it_may_again() -> None:
    there = Ground()
    arrival = there.sent("juri")
    assert there.seen(arrival)

    there.say()
    with pytest.raises(InputError) as refused:
        there.seen(arrival)
    assert [problem.code for problem in refused.value.problems] == ["photo.barred"]
    page = photo_consents_page(there.lurah, there.of.cycle.slug, there.of.lokus.area, there.family.code)
    assert ([photo.arrival for photo in page.photos], page.uses, page.asked) == ([None], (), True)
    there.say("laporan")
    assert there.seen(arrival)


def test_one_photo_may_be_allowed_less_than_all_and_never_more() -> None:
    there = Ground()
    file = there.sent("juri laporan").files.get().pk

    there.say("juri", "publik", file=file)
    assert {use.value: may_be_used(file, use) for use in PhotoUse} == {"juri": True, "laporan": False, "publik": False}
    there.say()
    assert not any(may_be_used(file, use) for use in PhotoUse)


def test_every_word_is_kept_with_who_wrote_it_down_and_the_same_again_is_none() -> None:
    there = Ground()
    there.sent("juri")
    there.say("juri", "laporan")
    assert there.say("laporan", "juri") is None
    there.say()

    page = photo_consents_page(there.lurah, there.of.cycle.slug, there.of.lokus.area, there.family.code)
    assert [(line.uses, line.via_form) for line in page.history] == [
        ((), False), (("juri", "laporan"), False), (("juri",), True),
    ]  # fmt: skip


def test_it_can_be_withdrawn_when_the_year_is_closed_and_only_by_who_works_with_the_family() -> None:
    there = Ground()
    file = there.sent("juri").files.get().pk
    next_rw = build.member(Role.CADRE, f"{there.of.lokus.place.code}.RW04", cycle=there.of.cycle)
    juror = build.member(Role.JUROR, "36.72", cycle=there.of.cycle)
    Cycle.objects.update(closed_at=timezone.now())

    for who, refusal in ((next_rw, Missing), (juror, Forbidden)):
        with pytest.raises(refusal):
            there.say("publik", by=who)
    with pytest.raises(InputError):
        there.say("iklan")
    with pytest.raises(Missing):
        there.say("juri", file=file + 1000)
    there.say(by=there.field.phone.phone.user)
    assert there.uses() == []


def test_a_photo_of_another_family_is_not_hers_to_speak_of() -> None:
    there = Ground()
    there.sent("juri")
    file = ArrivalFile.objects.get().pk
    there.family = build.household(there.of.lokus, rw="03")

    with pytest.raises(Missing):
        there.say("juri", file=file)


def test_after_an_older_backup_a_no_holds_again_and_a_yes_is_asked_again(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[Callable[[], object]]]],
) -> None:
    of = Ground()
    arrival = of.sent("juri laporan")
    file = ArrivalFile.objects.get(arrival=arrival)
    backed_up = list(PhotoConsent.objects.all())
    with django_capture_on_commit_callbacks(execute=True):
        of.say("juri", "laporan", "publik")
        of.say("juri", "publik")
        of.say("juri", file=file.pk)
    PhotoConsent.objects.exclude(pk__in=[row.pk for row in backed_up]).delete()
    words = photo_consents.REGISTER.read()
    assert [(word.file, word.uses) for word in words] == [
        (None, ("juri", "laporan", "publik")), (None, ("juri", "publik")), (file.pk, ("juri",)),
    ]  # fmt: skip
    # Once: what holds already is said no second time.
    assert [photo_consents.replay(by=CONSOLE, words=words) for _ in range(2)] == [1, 0]
    newest = PhotoConsent.objects.order_by("-at").first()
    assert newest is not None
    assert (newest.uses, newest.by, newest.at.isoformat()) == (["juri"], None, words[1].at)
    assert AuditEntry.objects.filter(action="photos.consent").latest("pk").details["via"] == "restore"
    assert photo_consents_page(of.lurah, of.of.cycle.slug, of.of.lokus.area, of.family.code).history[0].by == ""
    photo_consents.REGISTER.path.write_bytes(b"{}\n")
    with pytest.raises(InputError):
        photo_consents.REGISTER.read()
