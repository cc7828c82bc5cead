"""Who they are that a door may open to, in groups, and what it answers to each of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.web.doors.world import CAST, CITY, CODES, MEMBERS_OF_STAFF, NEXT, OWN, PROVINCE

Who = frozenset[str]
ByArea = Mapping[str, Who]


def by_area(own: str, next_: str = "", city: str = "", province: str = "") -> ByArea:
    return {area: frozenset(who.split()) for area, who in zip(CODES, (own, next_, city, province), strict=True)}


STAFF = frozenset(MEMBERS_OF_STAFF)
SIGNED_IN = frozenset(CAST) - {"stranger"}
#: A lokus is seen by who works in it, around it or above it.
SEES: ByArea = {
    OWN: STAFF,
    NEXT: STAFF - {"lurah", "cadre"},
    CITY: frozenset({"administrator", "province"}),
    PROVINCE: frozenset({"administrator"}),
}
#: What its families say is read by the city's own people.
HEARS: ByArea = {area: who - {"juror", "province"} for area, who in SEES.items()}
HEARS_YEAR: ByArea = {**HEARS, NEXT: HEARS[OWN]}
#: A programme year is seen by who sees one of its lokus.
YEAR: ByArea = {**SEES, NEXT: STAFF}
NAMES = by_area("secretariat lurah camat cadre", "secretariat camat")
KEEPERS = by_area("secretariat lurah camat", "secretariat camat")
#: Who works with families by name somewhere in the year.
WITH_FAMILIES = by_area(*["secretariat lurah camat cadre"] * 2)
#: Who keeps the records of some lokus of the year.
KEEPS = by_area(*["secretariat lurah camat"] * 2)
NOBODY = by_area("")
#: Who keeps the records of a lokus of the year.
ARRIVES = by_area(*["secretariat lurah camat"] * 2)
SECRETARIAT = by_area("secretariat", "secretariat")
#: Who answers for personal data; of every place the administrator.
ANSWERS_FOR = by_area(*["administrator secretariat protection"] * 2, *["administrator"] * 2)
#: Who notes a safety walk in a lokus.
WALKS = by_area("secretariat lurah camat cadre", "secretariat camat")
#: Who keeps the numbers of a city.
NUMBERS = by_area("secretariat protection", "secretariat protection")
#: Who keeps the counts of a city's reports; the rest of it reads what is published.
COUNTS = by_area("protection", "protection")
#: Who may say what was done, somewhere in the year.
REPORTS = by_area(*["secretariat lurah camat cadre liaison"] * 2)
PROMISES = by_area(*["secretariat liaison"] * 2)
#: The city's own people; and who of them looks at what another claimed.
READY = by_area("secretariat lurah camat liaison leader", "secretariat camat liaison leader")
#: What was frozen leaves the city: to those who judge in it, and the province.
FROZEN = by_area(*[" ".join(READY[area] | {"juror", "province"}) for area in (OWN, NEXT)], "province")
PREPARES = by_area(*["secretariat lurah camat liaison leader"] * 2)
FINDS = by_area("secretariat camat", "secretariat camat")
SCORERS = by_area("secretariat lurah camat province", "secretariat camat province", "province")
#: The city's own, before the jury comes: who sees evidence of a lokus, of the year; who vouches for it.
PROVES: ByArea = {area: who - {"protection", "juror", "province"} for area, who in SEES.items()}
PROVES_YEAR: ByArea = {**PROVES, NEXT: PROVES[OWN]}
VOUCHES = by_area(*["secretariat camat"] * 2)
#: Who of them opens a photo.
LOOKS: ByArea = {area: who - {"administrator"} for area, who in PROVES.items()}
#: Whom the health question's agency is.
HEALTH = by_area("liaison", "liaison")

#: Whoever gives tasks in that year; who sees the helper of an area; who may end a cadre's task.
GIVES = by_area(*["administrator secretariat lurah camat province"] * 2, "administrator province", "administrator")
MEETS: ByArea = {**GIVES, NEXT: GIVES[NEXT] - {"lurah"}}
ENDS: ByArea = {area: who - {"province"} for area, who in MEETS.items()}
NOT_NEXT: ByArea = {**YEAR, NEXT: STAFF - {"lurah"}}


@dataclass(frozen=True)
class Rule:
    """`status` for who may; 403 for who only sees what stands there; else 404. A stranger is led to sign-in."""

    may: ByArea
    status: int = 200
    sees: ByArea = field(default_factory=lambda: SEES)

    def status_for(self, who: str, area: str) -> int:
        if who == "stranger":
            return 302
        if who in self.may[area]:
            return self.status
        return 403 if who in self.sees[area] else 404


@dataclass(frozen=True)
class Same:
    """The same in every area: `status`, but for some."""

    status: int
    but: Mapping[str, int] = field(default_factory=dict)

    def status_for(self, who: str, _area: str) -> int:
        return self.but.get(who, self.status)


@dataclass(frozen=True)
class Asked(Rule):
    """What a page asks in the background: who is not signed in hears it, and nobody is led elsewhere."""

    def status_for(self, who: str, area: str) -> int:
        return 401 if who == "stranger" else super().status_for(who, area)


NOT_SO = Same(405, {"stranger": 302})
OPEN_TO_ALL = Same(405)
INSIDE = Same(200, {"stranger": 302})
NO_TOKEN = Same(401)
NO_PHONE = Same(403)
CADRES_OWN = Same(404, {"cadre": 200, "stranger": 302})
TASKED = Same(200, {"stranger": 302, "idle": 404, "ended": 404})
#: Who fills in forms now; who does, or did, and may still have some that were not sent.
FILLERS = ("secretariat", "lurah", "camat", "cadre")
FILLS = Same(404, {**dict.fromkeys((*FILLERS, "other_year"), 200), "stranger": 401})
SENDERS = (*FILLERS, "ended", "other_year")
BRINGS = Same(403, {**dict.fromkeys(SENDERS, 200), "stranger": 302})
PUBLISHERS = ("administrator", "secretariat", "province", "other_year")
#: A draft that is not there.
PUBLISHES = Same(403, {"stranger": 302, **dict.fromkeys(PUBLISHERS, 404)})
READS_AUDIT = Same(403, {"stranger": 302, **dict.fromkeys(PUBLISHERS, 200)})
#: The locked room: nobody here has a second step, without which its own are let in no farther (tests/cases); all others
#: are told that nothing is there, an administrator too, whatever the method.
ROOM = Same(404, {"protection": 403, "stranger": 302})
FRONT = ("lurah", "camat", "cadre", "protection")
ASKERS = ("secretariat", "leader", "other_year")
BREAKS = Same(404, {**dict.fromkeys((*ASKERS, "protection"), 403), "stranger": 302})
#: Nothing there for who has no second step.
WITHOUT_CODES = Same(404, {"stranger": 302})


@dataclass(frozen=True)
class Door:
    """What GET and POST answer; `data` is what is posted."""

    get: Rule | Same
    post: Rule | Same = NOT_SO
    data: Mapping[str, str] = field(default_factory=dict)
