"""Build the demo's year through the same actions as a city would use. Started twice, it finds everything there."""

import io
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from selaras.access import CONSOLE, the_cycle, the_lokus
from selaras.actions import cycles, dossiers, people, places
from selaras.actions.agencies import add_agency
from selaras.actions.audit import seal_pending
from selaras.actions.facts import Entry, record_facts
from selaras.actions.field.phones import give_phone
from selaras.actions.imports import confirm_import, receive_file
from selaras.actions.instruments import publish
from selaras.actions.jobs import run, take_over, work_off
from selaras.actions.results import freeze
from selaras.actions.shipped import FOLDER
from selaras.errors import InputError, Missing
from selaras.management.demo import year
from selaras.management.demo.claims import claims
from selaras.management.demo.environment import write_private
from selaras.management.demo.families import families
from selaras.management.demo.field import field
from selaras.management.demo.photos import photos
from selaras.management.demo.plans import plan
from selaras.management.demo.preparation import has_rehearsed, prepare
from selaras.management.demo.proofs import has_proofs, proofs
from selaras.management.demo.recaps import hand_overs, recaps
from selaras.management.demo.results import has_results, results
from selaras.management.demo.rights import rights
from selaras.management.demo.safety import has_numbers, safety
from selaras.management.demo.second import begin_second_city, second_city
from selaras.management.demo.sheet import workbook
from selaras.management.demo.voice import voice
from selaras.models import Cycle, Lokus, Role, RoundKind, User
from selaras.queries.asks import agencies_asked
from selaras.queries.coverage import newest_result
from selaras.queries.dossiers import has_dossier
from selaras.queries.frame import landing
from selaras.queries.layered import has_claims
from selaras.queries.people import user_of
from selaras.queries.phone_holders import has_phones, opens
from selaras.queries.places import has_places, place_of
from selaras.queries.programme import primary_of, today_in
from selaras.queries.recaps import has_publications
from selaras.queries.rights import has_requests
from selaras.queries.rounds import find_round
from selaras.queries.rules import instrument_of
from selaras.queries.sheet_door import contact_words
from selaras.queries.usual import BUNDLES

ACCOUNTS_FILE = "demo-accounts.json"
FAMILIES = 100
SEED = 2024
_WORDS = "melati kenanga rambutan angklung pelita cempaka selasih tembikar lumbung anyaman kelapa serambi".split()

Say = Callable[[str], None]


def load(say: Say) -> None:
    """Everything of the demo but its accounts' passwords, step by step; `say` hears what is being done."""
    if not has_places(year.PROVINCE):
        say("Memuat wilayah Banten")
        places.load(by=CONSOLE, province=year.PROVINCE)
    begin_second_city()
    cycle = _year(say)
    _history()
    people_of_the_year(cycle)
    for config in apps.get_app_configs():
        # An app that keeps its own house brings its own.
        getattr(config, "load_demo", lambda: None)()
    _instruments(cycle, say)
    take_over()
    work_off()
    loci = [the_lokus(CONSOLE, cycle.slug, code) for code in year.LOCI]
    for lokus in loci:
        _families(cycle, lokus, say)
        _facts(cycle, lokus)
    say("Menghitung nilai")
    work_off()
    _frozen(cycle, loci)
    if not agencies_asked(cycle):
        say("Mencatat siapa berbuat apa")
        with transaction.atomic():  # all of it or nothing: started again, it would find half of it
            plan(cycle, loci, _user("sekretariat"))
        work_off()
    if not has_phones(cycle):
        say("Mendata dengan HP kader")
        with transaction.atomic():
            field(
                cycle, families("GD", FAMILIES, SEED), (_user("kader"), _user("kader-pengganti")), _user("sekretariat")
            )
        work_off()
    say("Mengisi tahun KRPPA kota tetangga")
    second_city(_user("sekretariat-serang"))
    _readied(cycle, loci, say)


def _readied(cycle: Cycle, loci: list[Lokus], say: Say) -> None:
    """What a city has ready before the jury comes."""
    if not has_results(cycle, _user("sekretariat")):
        say("Mencatat hasil dan strategi")
        with transaction.atomic():
            results(cycle, loci[0], _lurah(loci[0]), _user("sekretariat"))
    if not has_rehearsed(_user("sekretariat"), cycle):
        say("Menyiapkan gladi dan rencana")
        with transaction.atomic():
            prepare(cycle, loci, _user("sekretariat"))
    if not contact_words(loci[0]):
        say("Mendengar beberapa keluarga")
        with transaction.atomic():
            voice(cycle.slug, loci[0].area, _user("sekretariat"))
    if not has_claims(loci[0]):
        with transaction.atomic():
            claims(cycle, loci[0], _user("sekretariat"), _user("camat-jombang"))
    if not has_proofs(cycle, _user("sekretariat")):
        with transaction.atomic():
            proofs(cycle, loci[0], _user("kader"), _user("sekretariat"), _user("camat-jombang"))
            photos(cycle, loci[0], _user("kader"))
    if not has_requests(cycle):
        with transaction.atomic():
            rights(cycle.slug, _user("sekretariat"))
    if not has_numbers(cycle):
        with transaction.atomic():
            safety(cycle, loci[0], _user("kader"), _user("perlindungan"))
    if not has_publications(year.CITY):
        recaps(cycle.slug, _user("perlindungan"))
        hand_overs(year.CITY)
    if not has_dossier(loci[0]):
        say("Membekukan satu berkas penilaian")
        # This job alone: what else waits is the worker's, who comes soon enough.
        run.call(dossiers.freeze(by=_user("sekretariat"), cycle_slug=cycle.slug, code=loci[0].area).pk)


def _year(say: Say) -> Cycle:
    city = place_of(year.CITY)
    try:
        return the_cycle(CONSOLE, f"kota-cilegon-{year.YEAR}")
    except Missing:
        say(f"Membuka tahun program {year.YEAR}")
    cycle = cycles.open_cycle(by=CONSOLE, place=city, year=year.YEAR, synthetic=True)
    cycles.set_stages(by=CONSOLE, cycle=cycle, stages=year.STAGES)
    cycles.add_round(by=CONSOLE, cycle=cycle, kind=RoundKind.BASELINE, opens=year.BASELINE[0], closes=year.BASELINE[1])
    cycles.add_round(by=CONSOLE, cycle=cycle, kind=RoundKind.VISIT, opens=year.VISIT[0], closes=year.VISIT[1])
    today = today_in(cycle)
    first, last = today - timedelta(days=year.TRIED[0]), today + timedelta(days=year.TRIED[1])
    cycles.add_round(by=CONSOLE, cycle=cycle, kind=RoundKind.VISIT, number=2, opens=first, closes=last)
    for code, prefix in year.LOCI.items():
        cycles.add_lokus(by=CONSOLE, cycle=cycle, place=place_of(code), prefix=prefix, target_size=FAMILIES)
    return cycle


def _history() -> None:
    """Loci of earlier years, closed and without results, and what was won."""
    for past in year.PAST:
        try:
            the_cycle(CONSOLE, f"kota-cilegon-{past.year}")
            continue
        except Missing:
            cycle = cycles.open_cycle(by=CONSOLE, place=place_of(year.CITY), year=past.year, synthetic=True)
        for code, prefix in past.loci.items():
            cycles.add_lokus(by=CONSOLE, cycle=cycle, place=place_of(code), prefix=prefix)
        cycles.close_cycle(by=CONSOLE, cycle=cycle)
    for won in year.ACHIEVEMENTS:
        cycles.record_achievement(
            by=CONSOLE,
            place=place_of(won.place),
            year=won.year,
            title=won.title,
            level=won.level,
            source=won.source,
            confidence=won.confidence,
            programme=won.programme,
        )


def people_of_the_year(cycle: Cycle) -> None:
    """Agencies, accounts and their tasks; without passwords, which `accounts` sets."""
    city = place_of(year.CITY)
    agencies = {
        short: add_agency(by=CONSOLE, place=city, short_name=short, name=name) for short, name in year.AGENCIES.items()
    }
    for account in year.ACCOUNTS:
        if user_of(account.username) is not None:
            continue
        user = people.create_user(
            by=CONSOLE, area=account.area or year.CITY, username=account.username, full_name=account.full_name
        )
        people.assign(
            by=CONSOLE,
            user=user,
            role=Role(account.role),
            place_code="" if account.agency else account.area,
            agency=agencies.get(account.agency),
            cycle=cycle if account.cycle else None,
            # Before the days on which the demo's cadres have been out.
            starts=timezone.now() - timedelta(days=30) if account.role == "cadre" else None,
        )


def _instruments(cycle: Cycle, say: Say) -> None:
    for index, name in enumerate(BUNDLES["p2wkss"].folders):
        if index == 0 and primary_of(cycle) is not None:
            return
        say(f"Menerbitkan instrumen {name}")
        content = (FOLDER / name / "workbook.xlsx").read_bytes()
        publish(by=CONSOLE, workbook=content, name=f"{name}/workbook.xlsx", cycle=cycle, primary=index == 0)


def _user(username: str) -> User:
    found = user_of(username)
    if found is None:
        raise LookupError(username)
    return found


def _lurah(lokus: Lokus) -> User:
    return _user(next(a.username for a in year.ACCOUNTS if a.role == "supervisor" and a.area == lokus.area))


def _families(cycle: Cycle, lokus: Lokus, say: Say) -> None:
    if lokus.registered >= FAMILIES:
        return
    say(f"Mengimpor {FAMILIES} keluarga contoh {lokus.place.name}")
    version = primary_of(cycle)
    if version is None:
        raise LookupError(cycle.slug)
    fields = instrument_of(version).form.fields.values()
    asked = [field for field in fields if field.kind != "other"]
    content = workbook(
        families(lokus.prefix, FAMILIES, SEED),
        [field.name for field in asked if field.repeat is None],
        [field.name for field in asked if field.repeat == "member"],
    )
    by = _lurah(lokus)
    received = receive_file(
        by=by,
        cycle_slug=cycle.slug,
        code=lokus.area,
        round_slug="baseline",
        filename=f"keluarga-{lokus.prefix.lower()}-contoh.xlsx",
        file=io.BytesIO(content),
    )
    work_off()
    confirm_import(by=by, cycle_slug=cycle.slug, code=lokus.area, import_id=received)
    work_off()


def _facts(cycle: Cycle, lokus: Lokus) -> None:
    version = primary_of(cycle)
    if version is None:
        return
    indicators = instrument_of(version).indicators
    entries = [
        Entry(name, option=text, source=year.FACT_SOURCE)
        if indicators[name].rule == "options"
        else Entry(name, value=Decimal(text), source=year.FACT_SOURCE)
        for name, text in year.FACTS[lokus.area].items()
    ]
    round_ = find_round(cycle, "baseline")
    record_facts(by=_user("sekretariat"), lokus=lokus, round_=round_, version=version, facts=entries)


def _frozen(cycle: Cycle, loci: list[Lokus]) -> None:
    version, round_ = primary_of(cycle), find_round(cycle, "baseline")
    for lokus in loci:
        if version is not None and newest_result(lokus, round_, version) is None:
            freeze(by=_user("sekretariat"), lokus=lokus, round_=round_)


# --- accounts -----------------------------------------------------------------------------------------------------
Row = dict[str, str]


def accounts(var: Path) -> list[Row]:
    """One account a role with its password and landing page, as written to `var/demo-accounts.json` (0600).

    Passwords are drawn once and kept; where the file or the database is gone, new ones are set. At its end what has
    been done so far is sealed.
    """
    path = var / ACCOUNTS_FILE
    known = _passwords(path)
    rows: list[Row] = []
    for account in year.ACCOUNTS:
        user = _user(account.username)
        password = known.get(account.username, "")
        if not password or not user.has_usable_password():
            password = new_password(user)
        rows.append({"role": account.role, "username": account.username, "password": password, "lands_on": _path(user)})
    content = {"base_url": settings.SELARAS_BASE_URL, "odk_url": _odk_url(path), "accounts": rows}
    write_private(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    seal_pending()
    return rows


def new_password(user: User) -> str:
    """Draw a password and set it; one that is refused, for it is too much like her name, is drawn again."""
    while True:
        first, second = secrets.SystemRandom().sample(_WORDS, 2)
        password = f"{first}-{second}-{secrets.randbelow(9000) + 1000}"
        with suppress(InputError):
            people.set_password(by=CONSOLE, user=user, password=password)
            return password


def _odk_url(path: Path) -> str:
    """What a phone calls to try the demo as the first cadre: a code of its own, kept while it opens."""
    stored = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    token = str(stored.get("odk_url", "")).rpartition("/")[2]
    if not opens(token):
        task = _user("kader").memberships.get()
        token = give_phone(by=CONSOLE, cycle_slug=f"kota-cilegon-{year.YEAR}", membership_id=task.pk).token
    return f"{settings.SELARAS_BASE_URL}/odk/{token}"


def _passwords(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    stored = json.loads(path.read_text(encoding="utf-8"))
    return {row["username"]: row["password"] for row in stored.get("accounts", ())}


def _path(user: User) -> str:
    found = landing(user)
    if found.cycle_slug is None:
        return reverse("home")
    if found.answers:
        return reverse("own_answers", args=[found.cycle_slug])
    if found.own_families:
        return reverse("cadre")
    if found.code is None:
        return reverse("cycle", args=[found.cycle_slug])
    return reverse("lokus", args=[found.cycle_slug, found.code])
