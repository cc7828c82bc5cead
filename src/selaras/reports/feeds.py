"""A calendar as iCalendar bytes (RFC 5545, refresh by RFC 7986): times in UTC, days as days."""

from datetime import UTC, datetime, timedelta

from icalendar import Calendar
from icalendar import Event as Entry

from selaras.queries.feeds import Event, Feed

#: How often a calendar should ask again.
REFRESH = timedelta(hours=6)


def calendar(of: Feed) -> bytes:
    """The feed; the same bytes as long as nothing in it has changed."""
    found = Calendar()
    found.add("prodid", "-//Selaras//Kalender OPD//ID")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("x-wr-calname", of.name)
    found.add("x-wr-timezone", of.zone)
    found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for event in of.events:
        found.add_component(_entry(event))
    return bytes(found.to_ical())


def _entry(of: Event) -> Entry:
    entry = Entry()
    entry.add("uid", of.uid)
    entry.add("dtstamp", of.changed.astimezone(UTC).replace(microsecond=0))
    entry.add("sequence", of.sequence)
    entry.add("summary", of.summary)
    entry.add("dtstart", _moment(of.starts))
    entry.add("dtend", _moment(of.ends))
    if of.place:
        entry.add("location", of.place)
    if of.text:
        entry.add("description", of.text)
    if of.cancelled:
        entry.add("status", "CANCELLED")
    if not isinstance(of.starts, datetime):
        # A whole day is a note, not an appointment: nobody is busy by it.
        entry.add("transp", "TRANSPARENT")
    return entry


def _moment(value: object) -> object:
    return value.astimezone(UTC) if isinstance(value, datetime) else value
