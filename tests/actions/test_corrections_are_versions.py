"""An import that corrects a family, and one that is taken back, are versions of it with an author, as a phone's are."""

import io

import pytest

from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.actions.field.taking import take_in
from selaras.actions.imports import confirm_import, receive_file, undo_import
from selaras.actions.jobs import work_off
from selaras.models import Household, HouseholdEdit, Role
from tests import build
from tests.build_field import filled, open_field
from tests.build_programme import bring, families_file, family

pytestmark = pytest.mark.django_db


def versions(of: Household) -> list[tuple[str, str, int | None, str, dict[str, list[str]]]]:
    of = Household.objects.select_related("key").get(pk=of.pk)
    found = []
    for edit in of.edits.order_by("pk"):
        edit.household = of
        author = edit.by.full_name if edit.by else ""
        found.append((edit.source, author, edit.number, edit.state, edit.changes()))
    return found


def test_an_import_that_corrects_and_its_undo_are_versions_that_say_what_changed_and_by_whom() -> None:
    of = open_field()
    bring(of.programme, families_file([family("GD-001", 3, name="Rohayati", rw="03")]))
    known = Household.objects.get()
    ratna = build.member(Role.SECRETARIAT, "36.72", cycle=of.programme.cycle)
    place = {"by": ratna, "cycle_slug": of.programme.cycle.slug, "code": of.programme.lokus.area}
    file = families_file([family("GD-001", 3, name="Rohayati", rw="03", rt="07")])
    given = receive_file(**place, round_slug="baseline", filename="lagi.xlsx", file=io.BytesIO(file))
    work_off()
    confirm_import(**place, import_id=given)
    work_off()
    assert versions(known) == [("import", ratna.full_name, 2, "applied", {"rt": ["02", "07"]})]

    undo_import(**place, import_id=given)
    work_off()

    known.refresh_from_db()
    undone = ("undo", ratna.full_name, 3, "applied", {"rt": ["07", "02"], "members": ["", "1"]})
    assert versions(known)[1:] == [undone]
    assert (known.rt, known.version) == ("02", 3)


def test_a_phone_that_did_not_know_of_an_import_meets_it_only_where_both_changed_the_same() -> None:
    of = open_field()
    bring(of.programme, families_file([family("GD-001", 3, name="Rohayati", rw="03")]))
    known = Household.objects.get()
    bring(of.programme, families_file([family("GD-001", 3, name="Rohayati", rw="03", rt="07")]))
    xml = filled(of.form, known).replace(b"</sl_keluarga>", b"</sl_keluarga><sl_alamat>Gang Baru</sl_alamat>")
    receive(sender=Sender.of(of.phone.phone), parcel=Parcel(xml))
    take_in()

    known.refresh_from_db()
    assert [(source, number, state) for source, _, number, state, _ in versions(known)] == [
        ("import", 2, "applied"),
        ("phone", 3, "applied"),
    ]
    assert (known.rt, known.address) == ("07", "Gang Baru")
    assert HouseholdEdit.objects.filter(state="conflict").count() == 0
