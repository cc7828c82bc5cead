"""Forms filled in a browser: who has them, for which families, and as whom she sends what she filled in."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from selaras.access.programme import cycles_for
from selaras.access.scopes import KEEPERS, NAMES, Actor, is_one, scopes_of
from selaras.models import Cycle, Membership, User


@dataclass(frozen=True, slots=True)
class Filler:
    """Where somebody works, or worked, with families of a year by name. `holds`: whether she does so now."""

    areas: tuple[str, ...]
    holds: bool


def may_fill(user: Actor, cycle: Cycle) -> bool:
    """Fill in forms of families that she sees by name, in a browser, while the year is open."""
    return cycle.closed_at is None and bool(_areas(user, cycle))


def may_send_forms(user: Actor) -> bool:
    """Send filled forms: who has, or had, a task with families. What she may no longer do waits for a decision."""
    if not isinstance(user, User) or user.link is not None:
        return False
    return any(scope.role in NAMES for scope in scopes_of(user)) or _tasks(user).exists()


def may_bring(user: Actor, cycle: Cycle, area: str) -> bool:
    """Bring in what somebody else could not send, made in that area: who keeps its records, in a closed year too."""
    return is_one(user, KEEPERS, area, cycle.pk)


def filler_in(user: User, cycle: Cycle) -> Filler | None:
    """As whom she fills in forms of that year: by her tasks of now, else by those that have ended; None without any."""
    if areas := _areas(user, cycle):
        return Filler(areas, holds=True)
    rows = _tasks(user).filter(Q(cycle=cycle) | Q(cycle__isnull=True)).order_by("-ends", "pk")
    ended = tuple(row.place_code for row in rows if _touches(row.place_code, cycle.place.code))
    return Filler(ended, holds=False) if ended else None


def areas_filled(user: User, cycle: Cycle, at: datetime) -> tuple[str, ...]:
    """Where her tasks with families of that year were at that moment, those where she stood in too: the smallest
    first."""
    rows = Membership.objects.filter(Q(cycle=cycle) | Q(cycle__isnull=True), user=user, role__in=NAMES)
    areas = {row.place_code for row in rows if row.holds(at) and _touches(row.place_code, cycle.place.code)}
    return tuple(sorted(areas, key=lambda area: (-len(area), area)))


def filling_years(user: User) -> list[Cycle]:
    """The years in which she works, or worked, with families: the newest first."""
    ended = Q(pk__in=_tasks(user).filter(cycle__isnull=False).values("cycle"))
    own = Q(pk__in=cycles_for(user).values("pk"))
    rows = Cycle.objects.filter(own | ended).select_related("place").order_by("-year", "-pk")
    return [cycle for cycle in rows if filler_in(user, cycle) is not None]


def _areas(user: Actor, cycle: Cycle) -> tuple[str, ...]:
    """Where her tasks of now with families of that year are, the smallest first."""
    scopes = [scope for scope in scopes_of(user) if scope.role in NAMES and scope.touches(cycle.place.code, cycle.pk)]
    return tuple(sorted({area for scope in scopes for area in scope.areas}, key=lambda area: (-len(area), area)))


def _touches(area: str, place: str) -> bool:
    return area == place or area.startswith(f"{place}.") or place.startswith(f"{area}.")


def _tasks(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user, role__in=NAMES, starts__lte=timezone.now())
