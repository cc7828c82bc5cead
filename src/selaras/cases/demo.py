"""A few tickets for the demo, declared synthetic: how the room looks once it is used; and what older ones came to."""

from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from selaras.access import handing_places_for, kept_areas, officers_of
from selaras.cases import rows
from selaras.cases.facts import Facts, Tally
from selaras.cases.models import Ticket
from selaras.cases.rows import add_sums, in_the_room, note
from selaras.cases.vouching import ANY, Said, say
from selaras.models.people import User
from selaras.models.places import Place, PlaceLevel, within_q

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
#: How long ago it was reported; how long after that it was received, passed on, followed up.
_TOLD: Final = (
    (2 * _HOUR, None, None, None),
    (30 * _HOUR, None, None, None),
    (3 * _DAY, 4 * _HOUR, None, None),
    (20 * _DAY, 2 * _HOUR, 40 * _HOUR, None),
    (80 * _DAY, 20 * _HOUR, None, None),
    (115 * _DAY, 6 * _HOUR, 70 * _HOUR, 91 * _DAY),
    (140 * _DAY, 30 * _HOUR, None, 95 * _DAY),
    (150 * _DAY, 3 * _HOUR, 20 * _HOUR, 88 * _DAY),
    (50 * _HOUR, 3 * _HOUR, None, None),
)
#: Of which nobody has said yet whether the law wants it passed on; and which it wants, and is not yet.
_UNANSWERED: Final = 2
_WANTED: Final = 8
#: Older ones, destroyed since: a month of each half-year that is out in the demo, and how many of every ten were
#: received in time, passed on in time, and followed up.
_PAST: Final = (
    (date(2023, 8, 1), (7, 6, 6)),
    (date(2024, 2, 1), (8, 7, 8)),
    (date(2024, 8, 1), (9, 8, 8)),
)
#: Of the kelurahan of the demo's cadre, and of each of a few others: how many, and how many the law wanted passed on.
_MANY: Final = (20, 10)
_FEW: Final = (10, 5)
_OTHERS: Final = 5


@in_the_room
def load_demo() -> None:
    """Nine of them, opened by the demo's cadre; none where there are any. Raises ShutError without a key."""
    cadre = User.objects.filter(username="kader").first()
    places = [] if cadre is None else list(handing_places_for(cadre).values_list("code", flat=True))
    if cadre is None or not places or Ticket.objects.exists():
        return
    who, now = str(cadre.uuid), timezone.now()
    for officer in {officer for place in places for officer in officers_of(place)}:
        # Who tries the demo puts up a phone of her own, and has no colleague.
        said = Said(str(officer.uuid), ANY, kept_areas(officer), "", now, whole=True)
        say(officer, said)
    for number, (ago, received, passed, followed) in enumerate(_TOLD):
        at = now - ago

        def after(step: timedelta | None, reported: Any = at) -> Any:
            return None if step is None else reported + step

        facts = Facts(
            place=places[number % len(places)],
            opened_by=who,
            reported_at=at,
            received_at=after(received),
            passed_at=after(passed),
            followed_at=after(followed),
            must_pass=None if received is None or number == _UNANSWERED else passed is not None or number == _WANTED,
            simfoni="" if received is None else f"{400 + number}/CONTOH/{at.year}",
        )
        code = rows.code_for(who, str(UUID(int=number)))
        rows.write(Ticket(code=code), facts)
        note(who=who, action="hand_over", about=code, place=facts.place, now=now)
    _add_past(places[0])


def _add_past(first: str) -> None:
    """Of the years of which the demo publishes figures (management/demo/recaps.py)."""
    city = ".".join(first.split(".")[:2])
    others = Place.objects.filter(within_q("code", city), level=PlaceLevel.KELURAHAN, valid_to__isnull=True)
    codes = others.exclude(code=first).order_by("code").values_list("code", flat=True)[:_OTHERS]
    sizes = {first: _MANY, **dict.fromkeys(codes, _FEW)}
    for month, (received, passed, followed) in _PAST:
        add_sums(month, {code: _past(size, received, passed, followed) for code, size in sizes.items()})


def _past(size: tuple[int, int], received: int, passed: int, followed: int) -> Tally:
    handed, wanted = size
    return Tally(
        handed_over=handed,
        received=handed,
        received_due=handed,
        received_in_time=handed * received // 10,
        pass_on_due=wanted,
        passed_in_time=wanted * passed // 10,
        follow_up_due=handed,
        followed_up=handed * followed // 10,
    )
