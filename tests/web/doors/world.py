"""What could leak, planted; who might look, in every role; and where the doors stand.

Three lokus and a city of another province: her own (GD), the one next to it in the same year (SJ), another city of
the province (SR), another province (BD). Every family has a name, an address and an answer that stand nowhere else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.activities import Told, report
from selaras.actions.asks import ask_all
from selaras.actions.evidence import Sent as File
from selaras.actions.evidence import Told as Claimed
from selaras.actions.evidence import add
from selaras.actions.evidence_codes import keep_list
from selaras.actions.field.receiving import Parcel, Sender, Sent
from selaras.actions.field.receiving import receive as sent
from selaras.actions.jobs import work_off
from selaras.actions.links import Secrets, make_link
from selaras.actions.reactions import Papers, type_papers
from selaras.actions.results import freeze
from selaras.actions.weekly import make_due
from selaras.models import (
    Activity,
    AgreedImport,
    Arrival,
    Attendance,
    Blur,
    CodeList,
    Commitment,
    CommitmentNeed,
    Cycle,
    CycleInstrument,
    Decision,
    Duplicate,
    Evidence,
    FamilySheet,
    FieldForm,
    Gladi,
    GladiTask,
    Household,
    InstrumentVersion,
    Lokus,
    Membership,
    Need,
    PhoneToken,
    ReactionText,
    Recheck,
    RecheckFamily,
    Role,
    SafetyWalk,
    SearchHashes,
    StoredFile,
    Submission,
    Target,
    Team,
    User,
    WeeklyPage,
)
from selaras.queries.links import feed_of, hash_of
from tests import build, hostile
from tests.build_field import filled
from tests.build_meetings import soon
from tests.build_programme import HEADER, Programme, bring, families_file, publish, receive
from tests.build_workbook import Cell
from tests.photos import DOT, jpeg
from tests.sample_workbook import rows as sample_rows
from tests.sample_workbook import sample
from tests.web.doors.answers import Answer

OWN, NEXT, CITY, PROVINCE = "own", "next", "city", "province"
CODES = {OWN: "36.72.05.1005", NEXT: "36.72.05.1001", CITY: "36.73.01.1001", PROVINCE: "32.73.01.1001"}
PREFIXES = {OWN: "GD", NEXT: "SJ", CITY: "SR", PROVINCE: "BD"}
#: Three of twelve families cough: a count that is told to Dinkes alone.
FAMILIES = {OWN: 12, NEXT: 6, CITY: 6, PROVINCE: 1}
COUGHING = 3
#: The code that stands on the sheet of the first family.
SHEETS = {OWN: "GDGD2222", NEXT: "SJSJ3333", CITY: "SRSR4444", PROVINCE: "BDBD5555"}
PASSWORD = "kenanga-lumbung-9174"
MEMBERS_OF_STAFF = (
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
)
#: Without a task now: never had one, had one until yesterday, has one in another year only; and nobody at all.
OUTSIDE = ("idle", "ended", "other_year", "stranger")
CAST = (*MEMBERS_OF_STAFF, *OUTSIDE)


def head_name(area: str, number: int) -> str:
    return f"Zubaidah{PREFIXES[area]}{number:02}"


def street(area: str) -> str:
    return f"Gang Kalpataru{PREFIXES[area]}"


def workbook() -> bytes:
    """The sample with a question of health, for Dinkes."""
    survey, indicators = sample_rows("survey"), sample_rows("indicators")
    survey.insert(1, ["select_one ya_tidak", "batuk", "Apakah ada yang batuk lama?"])
    rule = ["survey", "linear", None, None, "${batuk} = 'ya'", "share", 1, 0, None, None, "Dinkes"]
    indicators.append(["batuk", "kesehatan", "Tanpa batuk lama", 1, *rule])
    indicators[0] = [*indicators[0], "agency"]
    privacy = [*sample_rows("privacy"), ["batuk", "kesehatan", "menemukan TBC"]]
    classes = [
        sample_rows("classes")[0],
        ["zamrud", "Golongan Zamrud", "${batuk} = 'ya'"],
        ["safir", "Golongan Safir", "true()"],
    ]
    return sample(survey=survey, indicators=indicators, privacy=privacy, classes=classes)


@dataclass
class Area:
    """One lokus with what is in it, and an import that waits to be confirmed."""

    programme: Programme
    waiting: UUID
    frozen: tuple[UUID, UUID]
    helper: User
    invited: UUID
    arrived: Arrival

    @property
    def base(self) -> str:
        return f"/tahun/{self.programme.cycle.slug}/lokus/{self.programme.lokus.area}/"


#: Parts of addresses that lead to nothing in this world.
NOWHERE = (
    "check_id",
    "export_id",
    "strategy_id",
    "break_id",
    "request_id",
    "recap_id",
    "breach_id",
    "draft_id",
    "token",
    "item",
)


@dataclass
class World:
    """Everything planted."""

    areas: dict[str, Area]
    people: dict[str, User]
    version: InstrumentVersion
    link: Secrets
    #: (person, address) → what she was answered there, of the world as it was planted.
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)

    def client(self, who: str, *, checks: bool = False) -> Client:
        """A fresh browser in which she is signed in."""
        client = Client(enforce_csrf_checks=checks)
        if who != "stranger":
            client.force_login(self.people[who])
        return client

    def __post_init__(self) -> None:
        """What stands in addresses, asked once: some ten thousand are wanted, of a world as it was planted."""
        self._parts = {area: self._parts_of(area) for area in self.areas}

    def address(self, name: str, area: str = OWN, indicator: str = "jamban", kind: str = "csv") -> str:
        """The address behind a name of the resolver, in that area."""
        parts = {**self._parts[area], "name": indicator, "kind": kind}
        return "/" + re.sub(r"<\w+:(\w+)>", lambda found: parts[found[1]], PATHS[name])

    def _parts_of(self, area: str) -> dict[str, str]:
        here = self.areas[area]
        return {
            **dict.fromkeys(NOWHERE, "00000000-0000-4000-8000-000000000000"),
            "slug": here.programme.cycle.slug,
            "city": here.programme.cycle.place.code,
            "walk_id": str(SafetyWalk.objects.get(lokus=here.programme.lokus).uuid),
            "code": here.programme.lokus.area,
            "import_id": str(here.waiting),
            "household": f"{PREFIXES[area]}-001",
            "link": self.link.token,
            "feed": feed_of(self.link.token),
            "link_id": str(self.link.link.uuid),
            "ask_id": str(self.link.link.agency.asks.earliest("pk").uuid),
            "user_id": str(self.link.link.user.uuid),
            "result_id": str(here.frozen[0]),
            "dossier": str(here.frozen[0]),
            "first": str(here.frozen[0]),
            "second": str(here.frozen[1]),
            "page_id": str(WeeklyPage.objects.get(cycle=here.programme.cycle).uuid),
            "team_id": str(Team.objects.get(cycle=here.programme.cycle, kind="pembina").pk),
            "person_id": str(here.helper.uuid),
            "task": str(here.helper.memberships.order_by("pk")[0].pk),
            "phone_id": str(here.helper.phone_tokens.get().uuid),
            "invitation_id": str(here.invited),
            "arrival_id": str(here.arrived.uuid),
            "file_id": str(here.arrived.files.get().pk),
            "activity_id": str(Activity.objects.get(lokus=here.programme.lokus).uuid),
            "evidence_id": str(Evidence.objects.get(lokus=here.programme.lokus, activity=None).uuid),
            "photo_id": str(Evidence.objects.get(activity__lokus=here.programme.lokus).uuid),
            "list_id": str(CodeList.objects.get(place=here.programme.cycle.place).uuid),
            "text_id": str(ReactionText.objects.get(activity__lokus=here.programme.lokus).id),
            "number": "1",
            "task_id": str(GladiTask.objects.get(lokus=here.programme.lokus).uuid),
            "sheet": SHEETS[area],
            "agreed_id": str(AgreedImport.objects.get(lokus=here.programme.lokus).uuid),
            "recheck_id": str(Recheck.objects.get(lokus=here.programme.lokus).uuid),
            "pair": str(Duplicate.objects.get(one__lokus=here.programme.lokus).uuid),
            "to": "lembaga",
            "earlier": self.version.version,
            **self._meeting(here.programme.cycle),
            "form_id": "tidak-ada",
            "instrument_id": self.version.instrument,
            "instrument": self.version.instrument,
            "use": "0",
            "version": self.version.version,
        }

    def _meeting(self, cycle: Cycle) -> dict[str, str]:
        """The meeting of that year, who came to it, what it decided, and a paper of it that can be read here."""
        held = cycle.meetings.get()
        return {
            "meeting_id": str(held.uuid),
            "attend_token": held.attend_token,
            "row": str(held.attendances.get().pk),
            "decision": str(held.decisions.get().pk),
            "paper": "notulen",
            "suffix": "docx",
            "agency_id": str(cycle.place.agencies.get(short_name="Bappeda").pk),
        }


def paths(resolver: URLResolver | None = None, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """(name, path with its `<slug:…>`) of every door there is; a door of the locked room says so before its name."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield space + (entry.name or prefix + str(entry.pattern)), prefix + str(entry.pattern)
        else:
            room = "cases:" if entry.namespace == "cases" else ""
            yield from paths(entry, prefix + str(entry.pattern), room)


PATHS = dict(paths())


def world() -> World:
    """Plant it all. Counted, with one more import waiting in each area."""
    areas: dict[str, Area] = {}
    cycles = {}
    version: InstrumentVersion | None = None
    for area, code in CODES.items():
        city = code[:5]
        cycle = cycles.get(city) or build.cycle(city)
        lokus = build.lokus(cycle, code, prefix=PREFIXES[area])
        if city not in cycles:
            build.baseline(cycle)
            held(cycle)
        if city not in cycles:
            scan = StoredFile.store(f"%PDF- {city}".encode(), "application/pdf")
            Team.objects.create(
                cycle=cycle, kind="pembina", name="Tim Pembina", area=city, decree_number="1/2024", decree_file=scan
            )
        cycles[city] = cycle
        if version is None:
            version = publish(workbook(), cycle)
        CycleInstrument.objects.get_or_create(cycle=cycle, version=version, defaults={"primary": True})
        of = Programme(cycle, lokus, cycle.rounds.get(), version)
        content = families(area)
        bring(of, content)
        listed(lokus)
        done(lokus)
        proved(lokus)
        again(of)
        given(of)
        alike(of)
        sheeted(of, SHEETS[area])
        rehearsed(of)
        frozen = [freeze(by=CONSOLE, lokus=lokus, round_=of.round).uuid for _ in range(2)]
        helper, invited = helped(of)
        areas[area] = Area(of, receive(of, content), (frozen[0], frozen[1]), helper, invited, arrived(of, helper, area))
    assert version is not None
    make_due()
    work_off()
    found = people(areas)
    promised(areas)
    return World(areas, found, version, link(areas[OWN].programme))


def promised(areas: dict[str, Area]) -> None:
    """In each year: the first for the whole city, by Dinkes where it is; then one a lokus for those who cough."""
    for here in areas.values():
        cycle, lokus = here.programme.cycle, here.programme.lokus
        at = cycle.place.agencies.filter(short_name="Dinkes").first() or cycle.place.agencies.get(short_name="Bappeda")
        values = {"cycle": cycle, "agency": at, "indicator": "batuk", "fund": "dpa", "person": "Kepala Bidang"}
        for where in ([None] if not cycle.commitments.exists() else []) + [lokus]:
            number = cycle.commitments.count() + 1
            made = Commitment.objects.create(number=number, lokus=where, title=f"Obati batuk {number}", **values)
            needs = Need.objects.filter(lokus=lokus, indicator="batuk") if where else ()
            CommitmentNeed.objects.bulk_create(CommitmentNeed(commitment=made, need=need) for need in needs)


def helped(of: Programme) -> tuple[User, UUID]:
    """A cadre of RW 01 with a phone whom nobody of the cast is, and an invitation to be another."""
    helper = build.member(Role.CADRE, f"{of.lokus.place.code}.RW01", cycle=of.cycle)
    task = helper.memberships.get()
    PhoneToken.objects.create(cycle=of.cycle, membership=task, user=helper, token_hash=hash_of(of.lokus.area))
    return helper, build.invitation(of.lokus.place.code, cycle=of.cycle).uuid


def arrived(of: Programme, helper: User, area: str) -> Arrival:
    """A form that came after its round had closed, with names, an answer of health and a photo."""
    stored = StoredFile.store(f"<x>{area}</x>".encode(), "text/xml")
    form, _made = FieldForm.objects.get_or_create(
        form_id=f"lama-{of.cycle.slug}",
        form_version="1",
        defaults={"round": of.round, "version": of.version, "title": "Data awal", "file": stored, "md5": "0" * 32},
    )
    sender = Sender(of.cycle, helper, f"{of.lokus.place.code}.RW01")
    family = of.lokus.households.order_by("code").last()
    named = f"<sl_nama>{head_name(area, 1)}</sl_nama><sl_alamat>{street(area)}</sl_alamat>"
    xml = filled(form, family, {"jumlah": "4", "batuk": "ya"}).replace(b"<sl_hasil>", f"{named}<sl_hasil>".encode())
    return sent(sender=sender, parcel=Parcel(xml, [Sent("foto.jpg", jpeg(), "image/jpeg")])).arrival


def link(of: Programme) -> Secrets:
    """Dinkes was asked of those who cough, and its liaison holds a link."""
    ask_all(by=CONSOLE, cycle_slug=of.cycle.slug, due=timezone.localdate() + timedelta(days=9))
    dinkes = of.cycle.place.agencies.get(short_name="Dinkes")
    until = timezone.localdate() + timedelta(days=60)
    return make_link(by=CONSOLE, cycle_slug=of.cycle.slug, agency_id=dinkes.pk, holder="Uji Penghubung", until=until)


def done(lokus: Lokus) -> None:
    """An activity with a photo, reported by nobody of the cast."""
    told = Told(title=f"Penyuluhan {lokus.prefix}", on=date(2024, 4, 1))
    code, slug = lokus.area, lokus.cycle.slug
    made = report(by=CONSOLE, cycle_slug=slug, lokus_code=code, activity_id=uuid4(), told=told, photo=jpeg())
    prepared(Evidence.objects.select_related("key").get(activity=made))
    lokus.walks.create(area=f"{code}.RW01.RT01", on=told.on, women=3).findings.create(
        what="dark", near="alley", when="night"
    )
    # So many reactions that their words may be looked at.
    reply = {"yes": 20, "some": 0, "no": 0}
    said = Papers(papers=20, counts={"useful": reply, "use": reply}, words=(f"Kurang kursi {lokus.prefix}",))
    type_papers(by=CONSOLE, cycle_slug=slug, activity_id=made.uuid, counted=said)


def prepared(photo: Evidence) -> None:
    """What the worker draws of it, and a copy for those outside."""
    work, public = (StoredFile.store(DOT, "image/jpeg", photo.key) for _ in range(2))
    sides = {"width": 8, "height": 8}
    Blur.objects.create(
        evidence=photo, work=work, public=public, nobody=True, confirmed_at=timezone.now(), version=2, **sides
    )


def proved(lokus: Lokus) -> None:
    """A document that nobody of the cast brought, and the city's codes."""
    slug, city = lokus.cycle.slug, lokus.cycle.place
    told = Claimed(caption=f"Daftar hadir {lokus.prefix}", indicators=(("contoh", "jamban"),))
    document = File(hostile.pdf(), "hadir.pdf")
    add(by=CONSOLE, cycle_slug=slug, lokus_code=lokus.area, evidence_id=uuid4(), told=told, sent=document)
    if not city.code_lists.exists():
        keep_list(by=CONSOLE, cycle_slug=slug, title="KLA", source="", text="1 | Peraturan tentang anak")


def again(of: Programme) -> None:
    """The lokus's first family is to be asked again, by whom nobody of the cast has surveyed."""
    family = of.lokus.households.earliest("code")
    first, nobody = family.submissions.get(), build.user()
    values = {"questions": ["jumlah"], "seed": "0" * 32, "each": 1, "frame": {str(nobody.uuid): [str(first.uuid)]}}
    made = Recheck.objects.create(lokus=of.lokus, round=of.round, version=of.version, drawn_by=nobody, **values)
    drawn = {"submission": first, "form": first.uuid, "surveyor": nobody}
    RecheckFamily.objects.create(recheck=made, number=1, household=family, **drawn)


def surveyed(planted: World) -> None:
    """What the families of the own lokus answered came by the cadre's phone, so that some can be drawn."""
    here = Submission.objects.filter(household__lokus=planted.areas[OWN].programme.lokus)
    here.update(mode="phone", by=planted.people["cadre"])


def alike(of: Programme) -> None:
    """The first two families of the lokus look like one; where there is one alone, another that was found to be it."""
    families = list(of.lokus.households.order_by("pk")[:2])
    one, other = families if len(families) == 2 else (*families, build.household(of.lokus))
    if len(families) < 2:
        Household.objects.filter(pk=other.pk).update(pending=uuid4())
    Duplicate.objects.create(one=one, other=other, weight=9.0, levels={"head": "near", "place": "same"})


def rehearsed(of: Programme) -> None:
    """A rehearsal of the year that is still open, and a task in the lokus that is no agency's."""
    days = {"starts": date(2024, 8, 5), "ends": date(2024, 8, 6)}
    gladi, _new = Gladi.objects.get_or_create(cycle=of.cycle, number=1, defaults={"version": of.version, **days})
    text = f"Terbitkan SK {of.lokus.prefix}"
    GladiTask.objects.create(gladi=gladi, lokus=of.lokus, indicator="sk", lost=1, text=text)


def sheeted(of: Programme, code: str) -> None:
    """The first family has a sheet with that code on it."""
    sheet = FamilySheet(household=of.lokus.households.select_related("key").earliest("code"))
    sheet.set_code(code, SearchHashes.load().sheet(code))
    sheet.save()


def given(of: Programme) -> None:
    """A list from elsewhere that nobody has used, whose columns mean nothing yet."""
    key = build.key()
    stored = StoredFile.store(b"Kolom;Lain\n1;2", "text/csv", key)
    said = {"source": "Puskesmas", "number": "1/2024", "agreed_on": date(2024, 1, 2), "purpose": "uji"}
    AgreedImport.objects.create(
        lokus=of.lokus, round=of.round, version=of.version, key=key, file=stored, filename="a.csv",
        mapping={"Kolom": "", "Lain": ""}, created_by=build.user(), **said,
    )  # fmt: skip


def held(cycle: Cycle) -> None:
    """A meeting that begins in an hour, with somebody of Bappeda who came and one decision that is nobody's yet."""
    build.agency("Bappeda", cycle.place.code)
    held = soon(cycle, timezone.now())
    Attendance.objects.create(meeting=held, name="Wiryawan Uji", office="Bappeda")
    Decision.objects.create(meeting=held, position=1, text="Bangun jamban")


def listed(lokus: Lokus) -> None:
    """The list of 100 of a lokus: one coached, one in reserve, one replaced by the second; the others undecided."""
    first = list(lokus.households.order_by("code")[:3])
    for state, family in zip(("target", "reserve", "replaced"), first, strict=False):
        reason, by = ("moved", first[1]) if state == "replaced" else ("", None)
        Target.objects.create(lokus=lokus, household=family, state=state, position=1, reason=reason, replaced_by=by)


def families(area: str) -> bytes:
    """The families of an area: even ones live in RW 01, odd ones in RW 03."""
    table: list[list[Cell]] = []
    for number in range(1, FAMILIES[area] + 1):
        latrine, cough = ("leher_angsa" if number % 3 else "cemplung"), ("ya" if number <= COUGHING else "tidak")
        rw = f"{1 + number % 2 * 2:02}"
        known = [f"{PREFIXES[area]}-{number:03}", head_name(area, number), rw, "02"]
        table.append([*known, 4, latrine, 2000, street(area), cough])
    return families_file(table, header=[*HEADER, "alamat", "batuk"])


def people(areas: dict[str, Area]) -> dict[str, User]:
    """One person a role in her own area, and those who are outside of it."""
    cycle = areas[OWN].programme.cycle
    cilegon, own = "36.72", CODES[OWN]
    last_year = build.cycle(cilegon, 2023)
    found = {
        "administrator": build.member(Role.ADMINISTRATOR),
        "secretariat": build.member(Role.SECRETARIAT, cilegon, cycle=cycle),
        "liaison": build.member(Role.LIAISON, agency=build.agency("Dinkes")),
        "lurah": build.member(Role.SUPERVISOR, own, cycle=cycle),
        "camat": build.member(Role.SUPERVISOR, "36.72.05"),
        "cadre": build.member(Role.CADRE, f"{own}.RW03", cycle=cycle),
        "protection": build.in_time(cycle),
        "juror": build.member(Role.JUROR, cilegon, cycle=cycle),
        "province": build.member(Role.PROVINCE, "36"),
        "leader": build.member(Role.LEADER, cilegon),
        "idle": build.user("idle"),
        "ended": build.member(Role.SECRETARIAT, cilegon, cycle=cycle),
        "other_year": build.member(Role.SECRETARIAT, cilegon, cycle=last_year),
    }
    Membership.objects.filter(user=found["ended"]).update(ends=timezone.now() - timedelta(days=1))
    User.objects.update(password=make_password(PASSWORD))
    return {who: User.objects.get(pk=user.pk) for who, user in found.items()}
