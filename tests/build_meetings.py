"""Meetings for tests: a letterhead, a meeting called through its action, and the form that calls one."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from selaras.access import CONSOLE
from selaras.actions.letterheads import Head, save_letterhead
from selaras.actions.meetings import Called, call_meeting
from selaras.models import Cycle, Meeting

NIP = "197001011990032001"
#: What the form of a new meeting sends; 09.00 in Cilegon is 02.00 in UTC.
FORM = {
    "kind": "rakor",
    "title": "Rapat Uji",
    "day": "2024-04-25",
    "starts": "09:00",
    "ends": "12:00",
    "venue": "Aula Setda",
    "agenda": "Pembukaan\nPembagian tugas",
    "guests": "Kepala Dinas Dinkes\nLurah Gedong Dalem",
    "letter_number": "400/1/UJI",
    "letter_date": "2024-04-18",
    "nature": "Penting",
    "attachment": "",
    "note": "",
    "copies": "",
    "version": "0",
}


def head(**changes: object) -> Head:
    """A whole letterhead."""
    given: dict[str, object] = {
        "lines": ("Pemerintah Kota Uji", "Dinas Uji"),
        "address": "Jalan Uji 1",
        "town": "Cilegon",
        "signer_office": "Kepala Dinas Uji",
        "signer_name": "Ani Uji",
        "signer_rank": "Pembina",
        "signer_nip": NIP,
    }
    return Head(**{**given, **changes})  # type: ignore[arg-type]


def letterhead(of: Cycle, **changes: object) -> None:
    """The letterhead of the cycle's place, its first."""
    save_letterhead(by=CONSOLE, cycle_slug=of.slug, version=0, head=head(**changes))


def called(**changes: object) -> Called:
    """What FORM says, as the action takes it."""
    given: dict[str, object] = {
        "kind": "rakor",
        "title": "Rapat Uji",
        "starts": datetime(2024, 4, 25, 2, tzinfo=UTC),
        "ends": datetime(2024, 4, 25, 5, tzinfo=UTC),
        "venue": "Aula Setda",
        "agenda": "Pembukaan\nPembagian tugas",
        "guests": "Kepala Dinas Dinkes\nLurah Gedong Dalem",
    }
    return Called(**{**given, **changes})  # type: ignore[arg-type]


def meeting(of: Cycle, **changes: object) -> Meeting:
    """A meeting of that year."""
    found: UUID = call_meeting(by=CONSOLE, cycle_slug=of.slug, values=called(**changes))
    return Meeting.objects.select_related("cycle__place").get(uuid=found)


def soon(of: Cycle, now: datetime, *, hours: float = 1) -> Meeting:
    """A meeting that begins so many hours after `now`."""
    return meeting(of, starts=now + timedelta(hours=hours), ends=None)
