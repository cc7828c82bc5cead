"""Role × predicate × area, complete: a predicate without a row, or a role without a person, fails."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import AnonymousUser

from selaras import access
from selaras.access import CONSOLE, Actor
from selaras.models import (
    Activity,
    Agency,
    Arrival,
    Ask,
    Check,
    Commitment,
    Cycle,
    Evidence,
    Export,
    FollowUp,
    Gladi,
    GladiTask,
    Household,
    ImportBatch,
    Job,
    Lokus,
    Membership,
    Place,
    Recheck,
    RecheckFamily,
    RightsRequest,
    Role,
    SafetyWalk,
)
from tests import build

pytestmark = pytest.mark.django_db

#: Everybody works in Kota Cilegon; the lurah and the cadre of RW 03 in Gedong Dalem, the camat in Jombang.
OWN, NEIGHBOUR, CITY, PROVINCE = "own", "neighbour", "other city", "other province"
CODES = {OWN: "36.72.05.1005", NEIGHBOUR: "36.72.05.1001", CITY: "36.73.01.1001", PROVINCE: "32.73.01.1001"}
CAST = frozenset(
    {
        "administrator",
        "secretariat",
        "liaison",
        "lurah",
        "camat",
        "cadre",
        "protection",
        "juror",
        "province",
        "leader",
        "governor",
        "stranger",
        "anonymous",
        "console",
    }
)
SERVER = frozenset({"administrator", "console"})
AROUND = CAST - {"stranger", "anonymous"}
IN_CITY = AROUND - {"lurah", "cadre"}  # the two whose area ends at the kelurahan
ABOVE = SERVER | {"province"}
READS_ABOVE = ABOVE | {"governor"}
KEEPERS = frozenset({"secretariat", "lurah", "camat", "console"})
FAMILIES_OF_YEAR = frozenset({"secretariat", "lurah", "camat", "cadre"})
NOBODY: frozenset[str] = frozenset()
OUTSIDE = frozenset({"juror", "province", "governor"})
OFFICE = frozenset({"secretariat", "console"})
ANSWERABLE = OFFICE | {"administrator", "protection"}
OWN_CITY = AROUND - OUTSIDE - {"protection"}
PROMISERS = frozenset({"secretariat", "liaison", "console"})


@dataclass(frozen=True)
class Row:
    """Who may in her own lokus, in the one next to it, in another city of the province, in another province."""

    own: frozenset[str]
    neighbour: frozenset[str]
    city: frozenset[str] = NOBODY
    province: frozenset[str] = NOBODY

    def at(self, area: str) -> frozenset[str]:
        return {OWN: self.own, NEIGHBOUR: self.neighbour, CITY: self.city, PROVINCE: self.province}[area]


def everywhere(who: frozenset[str]) -> Row:
    return Row(who, who, who, who)


#: The neighbouring lokus is in the same cycle, so what is asked of a cycle has one answer for both.
CONSOLE_ONLY = frozenset({"console"})
KEEPERS_NEXT = frozenset({"secretariat", "camat", "console"})
TABLE: dict[str, Row] = {
    "may_see_cycle": Row(AROUND, AROUND, READS_ABOVE, SERVER),
    "may_manage_cycle": Row(
        frozenset({"secretariat", "console"}), frozenset({"secretariat", "console"}), CONSOLE_ONLY, CONSOLE_ONLY
    ),
    "may_open_cycle": Row(SERVER | {"secretariat"}, SERVER | {"secretariat"}, SERVER, SERVER),
    "may_record_achievement": Row(
        frozenset({"secretariat", "console"}), frozenset({"secretariat", "console"}), CONSOLE_ONLY, CONSOLE_ONLY
    ),
    "may_see_lokus": Row(AROUND, IN_CITY, READS_ABOVE, SERVER),
    "may_enter_facts": Row(KEEPERS, KEEPERS_NEXT, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_score": Row(KEEPERS | {"province"}, KEEPERS_NEXT | {"province"}, CONSOLE_ONLY | {"province"}, CONSOLE_ONLY),
    "may_see_names": Row(frozenset({"secretariat", "lurah", "camat", "cadre"}), frozenset({"secretariat", "camat"})),
    "may_see_household": Row(
        frozenset({"secretariat", "lurah", "camat", "cadre"}), frozenset({"secretariat", "camat"})
    ),
    "may_see_class": Row(frozenset({"secretariat", "lurah", "camat", "cadre"}), frozenset({"secretariat", "camat"})),
    "may_see_health": Row(frozenset({"liaison"}), frozenset({"liaison"})),
    "may_import": Row(KEEPERS, KEEPERS_NEXT, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_see_batch": Row(KEEPERS, KEEPERS_NEXT, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_erase_household": Row(
        frozenset({"secretariat", "console"}), frozenset({"secretariat", "console"}), CONSOLE_ONLY, CONSOLE_ONLY
    ),
    "may_hold_meetings": Row(
        frozenset({"secretariat", "console"}), frozenset({"secretariat", "console"}), CONSOLE_ONLY, CONSOLE_ONLY
    ),
    "may_take_sheet": Row(PROMISERS, PROMISERS, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_set_letterhead": Row(
        frozenset({"secretariat", "console"}), frozenset({"secretariat", "console"}), CONSOLE_ONLY, CONSOLE_ONLY
    ),
    "may_keep_helplines": Row(*(frozenset({"secretariat", "protection", "console"}),) * 2, *(CONSOLE_ONLY,) * 2),
    "may_walk": Row(KEEPERS | {"cadre"}, KEEPERS_NEXT, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_see_walks": Row(AROUND - OUTSIDE, IN_CITY - OUTSIDE, SERVER, SERVER),
    "may_change_walk": Row(*(OFFICE,) * 2, *(CONSOLE_ONLY,) * 2),
    "may_correct_household": Row(frozenset({"secretariat", "lurah", "camat"}), frozenset({"secretariat", "camat"})),
    "may_settle_household": Row(frozenset({"secretariat", "lurah", "camat"}), frozenset({"secretariat", "camat"})),
    "may_decide_targets": Row(KEEPERS, KEEPERS_NEXT, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_report_activity": Row(KEEPERS | {"cadre", "liaison"}, KEEPERS_NEXT | {"liaison"}, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_report_for": Row(KEEPERS | {"cadre", "liaison"}, KEEPERS_NEXT | {"liaison"}, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_change_activity": Row(
        frozenset({"secretariat", "console"}), frozenset({"secretariat", "console"}), CONSOLE_ONLY, CONSOLE_ONLY
    ),
    "may_see_photo": Row(
        OWN_CITY - {"administrator"}, OWN_CITY - {"administrator", "lurah", "cadre"}, CONSOLE_ONLY, CONSOLE_ONLY
    ),
    # --- reactions: who asks for them also types the papers; free words are the secretariat's to look at
    "may_ask_reactions": Row(KEEPERS, KEEPERS_NEXT, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_type_reactions": Row(KEEPERS, KEEPERS_NEXT, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_read_reactions": Row(*(frozenset({"secretariat", "console"}),) * 2, *(CONSOLE_ONLY,) * 2),
    # --- evidence: a document of the lokus, brought by nobody who is asked, of the liaison's agency
    "may_add_evidence": Row(KEEPERS | {"cadre", "liaison"}, KEEPERS_NEXT | {"liaison"}, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_add_year_evidence": Row(PROMISERS, PROMISERS, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_see_year_evidence": Row(OWN_CITY, OWN_CITY, SERVER, SERVER),
    "may_see_evidence": Row(OWN_CITY, OWN_CITY - {"lurah", "cadre"}, SERVER, SERVER),
    "may_open_evidence": Row(KEEPERS | {"liaison"}, KEEPERS_NEXT | {"liaison"}, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_take_original": Row(OFFICE, OFFICE, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_change_evidence": Row(OFFICE, OFFICE, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_blur": Row(KEEPERS - {"console"}, KEEPERS_NEXT - {"console"}),
    "may_verify_evidence": Row(frozenset({"secretariat", "camat"}), frozenset({"secretariat", "camat"})),
    "may_open_desk": Row(OFFICE | {"camat"}, OFFICE | {"camat"}, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_set_point": Row(KEEPERS, KEEPERS_NEXT, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_prepare_photos": Row(KEEPERS, KEEPERS, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_keep_codes": Row(OFFICE, OFFICE, CONSOLE_ONLY, CONSOLE_ONLY),
    # --- answers as a file: of her families; with what names them where she keeps the lokus
    "may_export": Row(
        frozenset({"secretariat", "lurah", "camat", "cadre"}), frozenset({"secretariat", "lurah", "camat", "cadre"})
    ),
    "may_export_identifiers": Row(frozenset({"secretariat", "lurah", "camat"}), frozenset({"secretariat", "camat"})),
    "may_take_export": Row(NOBODY, NOBODY),
    # --- what should be looked at again in a form
    "may_see_checks": Row(frozenset({"secretariat", "lurah", "camat"}), frozenset({"secretariat", "camat"})),
    # --- families that may stand twice
    "may_see_duplicates": Row(frozenset({"secretariat", "lurah", "camat"}), frozenset({"secretariat", "camat"})),
    "may_judge_duplicates": Row(frozenset({"secretariat", "lurah", "camat"}), frozenset({"secretariat", "camat"})),
    "may_follow_up": Row(KEEPERS, KEEPERS_NEXT, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_report_follow_up": Row(KEEPERS, KEEPERS_NEXT, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_see_follow_ups": Row(AROUND - OUTSIDE, IN_CITY - OUTSIDE, SERVER, SERVER),
    "may_see_lessons": Row(AROUND - OUTSIDE, AROUND - OUTSIDE, SERVER, SERVER),
    "may_keep_strategies": Row(OFFICE, OFFICE, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_settle_check": Row(frozenset({"secretariat", "lurah", "camat"}), frozenset({"secretariat", "camat"})),
    "may_draw_recheck": Row(frozenset({"secretariat", "lurah", "camat"}), frozenset({"secretariat", "camat"})),
    "may_fill_recheck": Row(frozenset({"secretariat", "lurah", "camat"}), frozenset({"secretariat", "camat"})),
    # --- phones: a cadre's of the lokus, and what it sent
    "may_give_phone": Row(KEEPERS, KEEPERS_NEXT, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_revoke_phone": Row(KEEPERS, KEEPERS_NEXT, CONSOLE_ONLY, CONSOLE_ONLY),
    # --- what a family says of its photos
    "may_set_photo_consent": Row(
        frozenset({"secretariat", "lurah", "camat", "cadre"}), frozenset({"secretariat", "camat"})
    ),
    "may_stand_in": Row(KEEPERS, KEEPERS_NEXT, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_see_arrivals": Row(KEEPERS, KEEPERS, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_decide_arrival": Row(KEEPERS, KEEPERS_NEXT, CONSOLE_ONLY, CONSOLE_ONLY),
    # --- paper forms: of families that she sees by name
    "may_key": Row(frozenset({"secretariat", "lurah", "camat", "cadre"}), frozenset({"secretariat", "camat"})),
    # --- forms in a browser; what is made there may be sent later, or be brought in by who keeps the records
    "may_fill": Row(FAMILIES_OF_YEAR, FAMILIES_OF_YEAR),
    "may_send_forms": everywhere(FAMILIES_OF_YEAR),
    "may_bring": Row(KEEPERS - {"console"}, KEEPERS_NEXT - {"console"}),
    "may_see_instrument": everywhere(AROUND),
    "may_publish_instrument": everywhere(frozenset({"administrator", "secretariat", "province", "console"})),
    "may_load_places": everywhere(SERVER),
    "may_back_up": everywhere(CONSOLE_ONLY),
    "may_rotate_keys": everywhere(CONSOLE_ONLY),
    "may_manage_people": Row(
        ABOVE | {"secretariat", "lurah", "camat"}, ABOVE | {"secretariat", "camat"}, ABOVE, SERVER
    ),
    "may_see_people": Row(
        ABOVE | {"secretariat", "lurah", "camat"}, ABOVE | {"secretariat", "lurah", "camat"}, ABOVE, SERVER
    ),
    "may_open_audit": everywhere(ABOVE | {"secretariat"}),
    "may_assign": Row(SERVER | {"secretariat", "lurah", "camat"}, SERVER | {"secretariat", "camat"}, SERVER, SERVER),
    "may_read_audit": Row(ABOVE | {"secretariat"}, ABOVE | {"secretariat"}, ABOVE, SERVER),
    "may_see_job": everywhere(SERVER),
    # --- the locked room: never an administrator, never from above a city
    "may_enter_room": everywhere(frozenset({"protection"})),
    "may_keep_tickets": Row(*(frozenset({"protection"}),) * 2),
    "may_hand_over": everywhere(frozenset({"lurah", "camat", "cadre", "protection"})),
    "may_ask_break": everywhere(frozenset({"secretariat", "leader"})),
    "may_be_asked_break": everywhere(frozenset({"leader", "protection"})),
    "may_break": Row(*(frozenset({"secretariat", "leader"}),) * 2),
    "may_agree_to_break": Row(*(frozenset({"leader", "protection"}),) * 2),
    "may_vouch": everywhere(frozenset({"secretariat", "leader", "protection"})),
    "may_vouch_after": Row(*(frozenset({"secretariat", "leader"}),) * 2),
    "may_vouch_in": Row(*(frozenset({"secretariat", "leader", "protection"}),) * 2),
    "may_hold_token": everywhere(AROUND - {"console"}),
    # --- what agencies are asked: the agency is the liaison's
    "may_ask": Row(
        frozenset({"secretariat", "console"}), frozenset({"secretariat", "console"}), CONSOLE_ONLY, CONSOLE_ONLY
    ),
    "may_answer": Row(frozenset({"liaison"}), frozenset({"liaison"})),
    "may_open_answers": Row(frozenset({"liaison"}), frozenset({"liaison"})),
    # --- who does what: the agency is the liaison's, and the commitment is for the lokus
    "may_plan": Row(
        frozenset({"secretariat", "console"}), frozenset({"secretariat", "console"}), CONSOLE_ONLY, CONSOLE_ONLY
    ),
    "may_commit": Row(PROMISERS, PROMISERS, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_change_commitment": Row(PROMISERS, PROMISERS, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_see_commitment": Row(AROUND, IN_CITY, READS_ABOVE, SERVER),
    # --- readiness, before the jury comes: the city's own people alone; the item names the liaison's agency
    "may_see_readiness": Row(
        KEEPERS | {"liaison", "leader"}, KEEPERS_NEXT | {"liaison", "leader"}, CONSOLE_ONLY, CONSOLE_ONLY
    ),
    "may_claim": Row(KEEPERS | {"liaison"}, KEEPERS_NEXT | {"liaison"}, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_find": Row(KEEPERS_NEXT, KEEPERS_NEXT, CONSOLE_ONLY, CONSOLE_ONLY),
    # --- what was frozen of it leaves the city: to those who judge and the province above, never the names
    "may_prepare_dossier": Row(
        KEEPERS | {"liaison", "leader"}, KEEPERS_NEXT | {"liaison", "leader"}, CONSOLE_ONLY, CONSOLE_ONLY
    ),
    "may_freeze_dossier": Row(OFFICE, OFFICE, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_see_dossiers": Row(
        KEEPERS | OUTSIDE | {"liaison", "leader"},
        KEEPERS_NEXT | OUTSIDE | {"liaison", "leader"},
        CONSOLE_ONLY | {"province", "governor"},
        CONSOLE_ONLY,
    ),
    "may_take_annex": Row(KEEPERS, KEEPERS_NEXT, CONSOLE_ONLY, CONSOLE_ONLY),
    # --- rehearsals: the city's own read them; nobody marks who was not asked to
    "may_see_preparation": Row(
        KEEPERS | {"liaison", "leader"}, KEEPERS | {"liaison", "leader"}, CONSOLE_ONLY, CONSOLE_ONLY
    ),
    "may_hold_gladi": Row(OFFICE, OFFICE, CONSOLE_ONLY, CONSOLE_ONLY),
    "may_mark": Row(NOBODY, NOBODY),
    "may_send_marks": everywhere(NOBODY),
    "may_settle_gladi_task": Row(KEEPERS | {"liaison"}, KEEPERS_NEXT | {"liaison"}, CONSOLE_ONLY, CONSOLE_ONLY),
    # --- personal data themselves: the map, requests of those they are of, the register of breaches
    "may_see_data_map": Row(ANSWERABLE, ANSWERABLE, SERVER, SERVER),
    "may_keep_breaches": Row(ANSWERABLE, ANSWERABLE, SERVER, SERVER),
    "may_open_requests": Row(FAMILIES_OF_YEAR, FAMILIES_OF_YEAR),
    "may_ask_for": Row(FAMILIES_OF_YEAR, frozenset({"secretariat", "camat"})),
    "may_see_request": Row(FAMILIES_OF_YEAR, frozenset({"secretariat", "camat"})),
    "may_settle_requests": Row(OFFICE, OFFICE, CONSOLE_ONLY, CONSOLE_ONLY),
    # --- counts of reports: the figures are the protection officer's, what is published the city's own
    "may_see_publications": Row(AROUND - OUTSIDE, AROUND - OUTSIDE, SERVER, SERVER),
    "may_keep_recaps": Row(*(frozenset({"protection", "console"}),) * 2, *(CONSOLE_ONLY,) * 2),
    # --- the family's own voice
    "may_hear_families": Row(AROUND - OUTSIDE, IN_CITY - OUTSIDE, SERVER, SERVER),
    "may_ask_family": Row(FAMILIES_OF_YEAR, frozenset({"secretariat", "camat"})),
    "may_print_sheets": Row(FAMILIES_OF_YEAR, frozenset({"secretariat", "camat"})),
    "may_set_sheet_contact": Row(KEEPERS, KEEPERS_NEXT, CONSOLE_ONLY, CONSOLE_ONLY),
}


@dataclass(frozen=True)
class Ground:
    """What there is to ask about in one area."""

    city: Place
    cycle: Cycle
    lokus: Lokus
    household: Household
    batch: ImportBatch
    job: Job

    @property
    def agency(self) -> Agency:
        """The liaison's, in her city; of the same name elsewhere."""
        return Agency(place=self.city, name="Dinas Dinkes", short_name="Dinkes")

    @property
    def commitment(self) -> Commitment:
        """Something that agency does in the lokus."""
        return Commitment(cycle=self.cycle, agency=self.agency, lokus=self.lokus, title="Uji")

    @property
    def activity(self) -> Activity:
        """Something that agency did there, reported by nobody who is asked."""
        return Activity(cycle=self.cycle, agency=self.agency, lokus=self.lokus, title="Uji")

    @property
    def evidence(self) -> Evidence:
        """A document of that agency about the lokus."""
        where = {"cycle": self.cycle, "lokus": self.lokus, "area": self.lokus.area}
        return Evidence(kind="document", agency=self.agency, **where)

    @property
    def membership(self) -> Membership:
        """The task of a cadre of the lokus."""
        return Membership(role=Role.CADRE, cycle=self.cycle, place_code=self.lokus.area)

    @property
    def arrival(self) -> Arrival:
        """What a phone of the lokus sent."""
        return Arrival(cycle=self.cycle, area=self.lokus.area)

    @property
    def check(self) -> Check:
        """A signal about a form of the lokus."""
        return Check(lokus=self.lokus, kind="constraint")

    @property
    def followup(self) -> FollowUp:
        """That the lokus is looked at again, by nobody who is asked."""
        return FollowUp(lokus=self.lokus, kind="t6")

    @property
    def walk(self) -> SafetyWalk:
        """A walk that nobody who is asked has noted."""
        return SafetyWalk(lokus=self.lokus, area=self.lokus.area)

    @property
    def again(self) -> RecheckFamily:
        """A family drawn to be asked again, whom nobody who is asked here had surveyed."""
        return RecheckFamily(recheck=Recheck(lokus=self.lokus))

    @property
    def export(self) -> Export:
        """A file that nobody who is asked has asked for."""
        return Export(cycle=self.cycle)

    @property
    def gladi(self) -> Gladi:
        """A rehearsal that nobody who is asked here was asked to mark in."""
        return Gladi(pk=1, cycle=self.cycle, number=1)

    @property
    def task(self) -> GladiTask:
        """What that agency is to do after it in the lokus."""
        return GladiTask(gladi=self.gladi, lokus=self.lokus, agency=self.agency)

    @property
    def request(self) -> RightsRequest:
        """What the family asks about its data."""
        return RightsRequest(cycle=self.cycle, area=self.household.area)

    @property
    def ask(self) -> Ask:
        """What that agency was asked about the lokus."""
        return Ask(cycle=self.cycle, agency=self.agency, lokus=self.lokus, indicator="uji")

    def asked(self, name: str) -> tuple[object, ...]:
        """What the predicate of that name is given besides the person."""
        given: dict[str, tuple[object, ...]] = {
            "may_open_cycle": (self.city,),
            "may_record_achievement": (self.lokus.place,),
            "may_set_letterhead": (self.city,),
            "may_keep_helplines": (self.city,),
            "may_keep_tickets": (self.lokus.area,),
            "may_break": (self.lokus.area,),
            "may_vouch_in": (self.lokus.area,),
            "may_vouch_after": (self.lokus.area, "00000000-0000-4000-8000-000000000000"),
            "may_agree_to_break": (self.lokus.area, "00000000-0000-4000-8000-000000000000"),
            "may_see_health": (self.lokus, "DP3AP2KB; Dinkes"),
            "may_claim": (self.lokus, "DP3AP2KB; Dinkes"),
            "may_see_instrument": (self.batch.version,),
            "may_assign": ("cadre", self.lokus.area),
            "may_manage_people": (self.lokus.area,),
            "may_read_audit": (self.lokus.area,),
            "may_bring": (self.cycle, self.lokus.area),
            "may_see_batch": (self.batch,),
            "may_see_job": (self.job,),
            "may_commit": (self.cycle, self.agency),
            "may_change_commitment": (self.commitment,),
            "may_see_commitment": (self.commitment,),
        }
        if name in given:
            return given[name]
        parameters = list(inspect.signature(getattr(access, name)).parameters)[1:]
        return tuple(getattr(self, parameter) for parameter in parameters)


def ground(area: str) -> Ground:
    code = CODES[area]
    city = build.place(code[:5])
    cycle = Cycle.objects.filter(place=city).first() or build.cycle(code[:5])
    lokus = build.lokus(cycle, code, prefix="N" if area == NEIGHBOUR else "L")
    asked = cycle.rounds.first() or build.baseline(cycle)
    version = build.version(number=area)
    batch = ImportBatch.objects.create(round=asked, lokus=lokus, version=version, key=build.key())
    return Ground(city, cycle, lokus, build.household(lokus), batch, Job.objects.create(kind="uji"))


def cast() -> dict[str, Actor]:
    cilegon = "36.72"
    return {
        "administrator": build.member(Role.ADMINISTRATOR),
        "secretariat": build.member(Role.SECRETARIAT, cilegon),
        "liaison": build.member(Role.LIAISON, agency=build.agency("Dinkes")),
        "lurah": build.member(Role.SUPERVISOR, CODES[OWN]),
        "camat": build.member(Role.SUPERVISOR, "36.72.05"),
        "cadre": build.member(Role.CADRE, CODES[OWN] + ".RW03"),
        "protection": build.member(Role.PROTECTION, cilegon),
        "juror": build.member(Role.JUROR, cilegon),
        "province": build.member(Role.PROVINCE, "36"),
        "leader": build.member(Role.LEADER, cilegon),
        "governor": build.member(Role.LEADER, "36"),
        "stranger": build.user(),
        "anonymous": AnonymousUser(),
        "console": CONSOLE,
    }


def predicates() -> dict[str, Callable[..., bool]]:
    functions = inspect.getmembers(access, inspect.isfunction)
    return {name: f for name, f in functions if name.startswith("may_") and f.__module__.startswith(access.__name__)}


def test_every_predicate_has_a_row_and_a_phrase_and_every_role_a_person() -> None:
    assert set(TABLE) == set(predicates()) == set(access.PHRASES)
    roles = {name for name in CAST if name in Role.values} | {"supervisor"}
    assert roles == set(Role.values)
    assert set(cast()) == CAST


@pytest.mark.parametrize("area", CODES)
def test_each_person_may_exactly_what_the_table_says(area: str) -> None:
    people, there = cast(), ground(area)
    found = {
        name: {who for who, user in people.items() if may(user, *there.asked(name))}
        for name, may in predicates().items()
    }
    assert found == {name: set(row.at(area)) for name, row in TABLE.items()}


def test_whoever_began_a_job_may_see_it() -> None:
    ani = build.user()
    job = Job.objects.create(kind="uji", created_by=ani)
    assert access.may_see_job(ani, job)
    ani.is_active = False
    assert not access.may_see_job(ani, job)
