"""A programme year: open it, date it, name its loci and representative, close it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

from django.db import transaction
from django.db.models import F, ProtectedError, Q
from django.utils import timezone

from selaras.access import Actor, demand, may_manage_cycle, may_open_cycle, may_record_achievement
from selaras.actions import audit
from selaras.actions.field.forms import renew_forms
from selaras.actions.followups import refuse_ahead
from selaras.actions.recounting import recompute
from selaras.errors import InputError, Problem
from selaras.models import (
    Achievement,
    Confidence,
    CurrentAnswers,
    Cycle,
    CycleInstrument,
    InstrumentVersion,
    Lokus,
    Place,
    PlaceLevel,
    Role,
    Round,
    RoundKind,
    Stage,
)
from selaras.models.places import area_code, within
from selaras.queries.arrivals import held_in, unread_in
from selaras.queries.seen import instruments_seen, rounds_seen, stages_seen
from selaras.queries.usual import PROGRAMMES, RoundDraft, programmes_called, programmes_named

#: More families than any lokus of the programme has had; the usual number is 100.
LARGEST_TARGET = 5_000


@dataclass(frozen=True, slots=True)
class Dated:
    """A stage as it is given: both days belong to it."""

    name: str
    starts: date
    ends: date
    source: str = ""


def open_cycle(*, by: Actor, place: Place, year: int, programme: str = "P2WKSS", synthetic: bool = False) -> Cycle:
    """Begin a programme year of a city or province; its slug is `kota-cilegon-2024`.

    Raises Forbidden, or InputError for a place of another level or a year that has been opened.
    """
    demand(may_open_cycle, by, place)
    if place.level not in {PlaceLevel.PROVINCE, PlaceLevel.CITY}:
        raise InputError(Problem("cycle.place", values={"place": place.full_name}))
    with transaction.atomic():
        there = year_there(place, year, programme)
        if there is not None:
            raise InputError(Problem("cycle.exists", values={"cycle": there.slug}))
        slug = free_slug(place, year, programme)
        cycle = Cycle.objects.create(slug=slug, programme=programme, year=year, place=place, synthetic=synthetic)
        _record(by, "cycles.open", cycle, year=year)
    return cycle


def year_there(place: Place, year: int, programme: str) -> Cycle | None:
    """That place's year under that programme's name, however it is spelled; None where there is none yet.

    By what it is of and not by its slug: of a long name a slug holds only the beginning, in which two may be alike.
    """
    rows = Cycle.objects.filter(place__code=place.code, year=year).order_by("pk")
    return next((row for row in rows if _slug(row.programme) == _slug(programme)), None)


def free_slug(place: Place, year: int, programme: str) -> str:
    """`kota-cilegon-2024`; another programme's name stands before it, cut where it is long, as place and year never
    are. A number follows where another year has that name already."""
    most = Cycle._meta.get_field("slug").max_length or 0
    whose = "" if programme == "P2WKSS" else _slug(programme)
    for number in count(1):
        tail = str(year) if number == 1 else f"{year}-{number}"
        tail = f"{_slug(place.full_name)[: most - 1 - len(tail)].strip('-')}-{tail}"
        slug = f"{whose[: max(most - 1 - len(tail), 0)].strip('-')}-{tail}".strip("-")
        if not Cycle.objects.filter(slug=slug).exists():
            return slug
    raise AssertionError


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


def set_stages(*, by: Actor, cycle: Cycle, stages: Sequence[Dated], seen: str | None = None) -> None:
    """The year's dated stages, in order, in place of those it had.

    `seen` is `stages_seen` of when the form was made. Raises Forbidden, or InputError for a wrong date, a closed year,
    and where somebody else has changed them meanwhile.
    """
    demand(may_manage_cycle, by, cycle)
    still_open(cycle)
    refuse_reversed([(stage.name, stage.starts, stage.ends) for stage in stages])
    with transaction.atomic():
        _unchanged(cycle, stages_seen, seen)
        cycle.stages.all().delete()
        write_stages(cycle, stages)
        _record(by, "cycles.set_stages", cycle, stages=[[s.name, str(s.starts), str(s.ends)] for s in stages])


def refuse_reversed(dated: Iterable[tuple[str, date, date]]) -> None:
    """Raises InputError with each that ends before it starts."""
    wrong = [name for name, starts, ends in dated if ends < starts]
    if wrong:
        raise InputError([Problem("cycle.dates", values={"what": name}) for name in wrong])


def write_stages(cycle: Cycle, stages: Sequence[Dated]) -> None:
    """The rows alone: whoever calls has asked whether she may, and holds the transaction."""
    Stage.objects.bulk_create(
        Stage(cycle=cycle, position=i, name=s.name, starts=s.starts, ends=s.ends, source=s.source)
        for i, s in enumerate(stages, start=1)
    )


def set_rounds(*, by: Actor, cycle: Cycle, rounds: Sequence[RoundDraft], seen: str | None = None) -> None:
    """The year's rounds, matched by kind and number: dated anew, added, or removed while nothing was sent in them.

    What is scored by a round's last day is scored anew. Raises Forbidden, or InputError as `set_stages`, for a round
    written twice and for one in use that is left out.
    """
    demand(may_manage_cycle, by, cycle)
    still_open(cycle)
    refuse_rounds(rounds)
    with transaction.atomic():
        _unchanged(cycle, rounds_seen, seen)
        known = {(row.kind, row.number): row for row in cycle.rounds.all()}
        moved = [_dated(cycle, draft, known.pop((draft.kind, draft.number), None)) for draft in rounds]
        for row in known.values():
            _remove_round(row)
        said = [[r.kind, r.number, str(r.opens), str(r.closes)] for r in rounds]
        _record(by, "cycles.set_rounds", cycle, rounds=said)
    renew_forms(by=by, cycle=cycle)
    if CurrentAnswers.objects.filter(round__in=[row for row in moved if row is not None]).exists():
        recompute(by=by, cycle=cycle)


def refuse_rounds(rounds: Sequence[RoundDraft]) -> None:
    """Raises InputError for one that closes before it opens, or that is written twice."""
    refuse_reversed([(RoundKind(draft.kind).label, draft.opens, draft.closes) for draft in rounds])
    names = [(draft.kind, draft.number) for draft in rounds]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError([Problem("cycle.twice", values={"round": RoundKind(kind).label}) for kind, _ in twice])


def _dated(cycle: Cycle, draft: RoundDraft, known: Round | None) -> Round | None:
    """The round as drafted; it is given back where its last day has moved."""
    if known is None:
        cycle.rounds.create(kind=draft.kind, number=draft.number, opens=draft.opens, closes=draft.closes)
        return None
    moved = known.closes != draft.closes
    known.opens, known.closes = draft.opens, draft.closes
    known.save(update_fields=["opens", "closes"])
    return known if moved else None


def _remove_round(row: Round) -> None:
    try:
        row.delete()
    except ProtectedError as error:
        raise InputError(Problem("cycle.round_used", values={"round": RoundKind(row.kind).label})) from error


def choose_instruments(
    *,
    by: Actor,
    cycle: Cycle,
    versions: Sequence[InstrumentVersion],
    primary: InstrumentVersion | None,
    seen: str | None = None,
) -> None:
    """Which versions score the year, and which of them gives the year's score; then score anew where that has changed.

    What an instrument that is taken away has scored stays stored. Raises Forbidden, or InputError as `set_stages` and
    where the primary one is not among them.
    """
    demand(may_manage_cycle, by, cycle)
    still_open(cycle)
    if primary not in versions:
        raise InputError(Problem("cycle.instrument"))
    with transaction.atomic():
        before = _unchanged(cycle, instruments_seen, seen)
        cycle.cycle_instruments.all().delete()
        write_instruments(cycle, versions, primary)
        names = sorted(str(version) for version in versions)
        _record(by, "cycles.choose_instruments", cycle, instruments=names, primary=str(primary))
        changed = instruments_seen(cycle) != before
    renew_forms(by=by, cycle=cycle)
    if changed and CurrentAnswers.objects.filter(round__cycle=cycle).exists():
        recompute(by=by, cycle=cycle)


def ask_for_nik(*, by: Actor, cycle: Cycle, asked: bool) -> None:
    """Whether the year's survey asks for NIK from now on; forms are made anew. Raises Forbidden, InputError."""
    demand(may_manage_cycle, by, cycle)
    still_open(cycle)
    with transaction.atomic():
        locked = Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
        cycle.asks_nik = asked
        if locked.asks_nik == asked:
            return
        cycle.save(update_fields=["asks_nik"])
        _record(by, "cycles.ask_for_nik", cycle, asked=int(asked))
    renew_forms(by=by, cycle=cycle)


def write_instruments(cycle: Cycle, versions: Sequence[InstrumentVersion], primary: InstrumentVersion | None) -> None:
    """The rows alone, as `write_stages`."""
    CycleInstrument.objects.bulk_create(
        CycleInstrument(cycle=cycle, version=version, primary=version == primary) for version in versions
    )


def _unchanged(cycle: Cycle, now: Callable[[Cycle], str], seen: str | None) -> str:
    """What is stored now, held until the transaction ends. Raises InputError where it is not what was `seen`."""
    Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    found = now(cycle)
    if seen is not None and seen != found:
        raise InputError(Problem("setup.changed"))
    return found


def add_lokus(*, by: Actor, cycle: Cycle, place: Place, prefix: str, rw: str = "", target_size: int = 100) -> Lokus:
    """Name a lokus: a kelurahan or desa of the cycle's place, or one RW of it. `prefix` begins its families' codes.

    Raises Forbidden, or InputError for a place elsewhere, a malformed or taken prefix, or one that is a lokus already.
    """
    demand(may_manage_cycle, by, cycle)
    still_open(cycle)
    problems = refuse_place(cycle, place)
    if not re.fullmatch(r"[A-Z]{2,6}", prefix):
        problems.append(Problem("lokus.prefix", values={"prefix": prefix}))
    if not 1 <= target_size <= LARGEST_TARGET:
        problems.append(Problem("lokus.target", values={"target": target_size}))
    if cycle.loci.filter(prefix=prefix).exists() or cycle.loci.filter(area=area_code(place.code, rw)).exists():
        problems.append(Problem("lokus.exists", values={"place": place.full_name, "prefix": prefix}))
    if problems:
        raise InputError(problems)
    with transaction.atomic():
        lokus = Lokus.objects.create(cycle=cycle, place=place, rw=rw, prefix=prefix, target_size=target_size)
        _record(by, "cycles.add_lokus", cycle, lokus=lokus.area, prefix=prefix, target=target_size)
    return lokus


def refuse_place(cycle: Cycle, place: Place) -> list[Problem]:
    """What is wrong with this place as a lokus of that year."""
    if place.level == PlaceLevel.KELURAHAN and within(place.code, cycle.place.code):
        return []
    return [Problem("lokus.place", values={"place": place.full_name, "city": cycle.place.full_name})]


def name_representative(*, by: Actor, cycle: Cycle, lokus: Lokus | None) -> None:
    """Which lokus stands before the jury; None takes it back to *belum ditetapkan*. Raises Forbidden, InputError."""
    demand(may_manage_cycle, by, cycle)
    still_open(cycle)
    if lokus is not None and lokus.cycle_id != cycle.pk:
        raise InputError(Problem("lokus.elsewhere"))
    with transaction.atomic():
        cycle.loci.update(representative=None if lokus is None else False)
        if lokus is not None:
            cycle.loci.filter(pk=lokus.pk).update(representative=True)
        _record(by, "cycles.name_representative", cycle, lokus=None if lokus is None else lokus.area)


def add_round(*, by: Actor, cycle: Cycle, kind: RoundKind, opens: date, closes: date, number: int = 1) -> Round:
    """A round of data taking; `closes` is what `today()` means in it. Raises Forbidden, InputError."""
    demand(may_manage_cycle, by, cycle)
    still_open(cycle)
    if closes < opens:
        raise InputError(Problem("cycle.dates", values={"what": RoundKind(kind).label}))
    if cycle.rounds.filter(kind=kind, number=number).exists():
        raise InputError(Problem("cycle.round_exists", values={"round": RoundKind(kind).label}))
    with transaction.atomic():
        made = Round.objects.create(cycle=cycle, kind=kind, number=number, opens=opens, closes=closes)
        _record(by, "cycles.add_round", cycle, kind=str(kind), number=number, opens=str(opens), closes=str(closes))
    renew_forms(by=by, cycle=cycle)
    return made


def close_cycle(*, by: Actor, cycle: Cycle) -> int:
    """End the year: nothing more comes in by itself, and tasks given for it alone end, but for the secretariat's and
    those of the place's own protection officers. Closed already, nothing changes.

    Gives how many forms and changes of families wait for a person: they do so on, and the secretariat still lets them
    in or sets them aside, as what arrives later. Raises Forbidden, and InputError while somebody is to look at a
    lokus again, or forms that were acknowledged have not been read.
    """
    demand(may_manage_cycle, by, cycle)
    if cycle.closed_at is not None:
        return held_in(cycle)
    refuse_ahead(cycle)
    with transaction.atomic():
        # Forms are understood one after another under this lock: none is half taken in when the year ends.
        Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
        if unread := unread_in(cycle):
            raise InputError(Problem("cycle.unread", values={"n": unread}))
        now = timezone.now()
        cycle.closed_at = now
        cycle.save(update_fields=["closed_at"])
        held = held_in(cycle)
        _record(by, "cycles.close", cycle, tasks_ended=_end_tasks(cycle, now), held=held)
    return held


def _end_tasks(cycle: Cycle, now: datetime) -> int:
    """Tasks given for that year alone end, also those that were to last longer, and agencies' links with them; how
    many tasks. One that was yet to begin never does.

    The secretariat's stay as they are, for what waits is finished by who keeps the records. So do those of the officers
    of its place: who was handed over in its last months is still followed up, and what comes out of it after its end
    must have somebody who can keep it back. People are let go on the page of people.
    """
    kept = Q(role=Role.SECRETARIAT) | Q(role=Role.PROTECTION, place_code=cycle.place.code)
    rows = cycle.memberships.filter(Q(ends__isnull=True) | Q(ends__gt=now)).exclude(kept)
    ahead = rows.filter(starts__gt=now).update(ends=F("starts"))
    cycle.agency_links.filter(expires_at__gt=now).update(expires_at=now)
    return ahead + rows.filter(starts__lte=now).update(ends=now)


def record_achievement(
    *,
    by: Actor,
    place: Place,
    year: int,
    title: str,
    level: str,
    source: str,
    confidence: Confidence,
    programme: str = "",
) -> Achievement:
    """What a place won, with its source; the same once.

    `programme` is a key of PROGRAMMES. Where it is '' (not known), the one that its own words name; else what was on
    record stays. Raises Forbidden, InputError where the source is blank, or its words name another programme.
    """
    demand(may_record_achievement, by, place)
    problems = refuse_programme(programme, title, level)
    if not source.strip():
        problems.append(Problem("achievement.source"))
    if problems:
        raise InputError(problems)
    named = programmes_named(title, level)
    told = programme or (min(named) if len(named) == 1 else "")
    said = {"source": source, "confidence": confidence, **({"programme": told} if told else {})}
    with transaction.atomic():
        made, new = Achievement.objects.update_or_create(
            place=place, year=year, title=title, level=level, defaults=said
        )
        audit.record(
            by=by, action="achievements.record", object_type="place", object_id=place.code, place_code=place.code,
            year=year, title=title, level=level, programme=made.programme, source=source, new=new,
        )  # fmt: skip
    return made


def refuse_programme(programme: str, title: str, level: str) -> list[Problem]:
    """Why a prize of those words is not of that programme; nothing where it may be, or it is not known."""
    if programme and programme not in PROGRAMMES:
        return [Problem("achievement.no_programme", "programme", {"found": programme})]
    named = programmes_named(title, level)
    if not programme or not named or programme in named:
        return []
    said = {"named": programmes_called(named), "chosen": programmes_called({programme})}
    return [Problem("achievement.programme", "programme", said)]


def still_open(cycle: Cycle) -> None:
    """Raises InputError where the year has been closed."""
    if cycle.closed_at is not None:
        raise InputError(Problem("cycle.closed", values={"cycle": str(cycle)}))


def _record(by: Actor, action: str, cycle: Cycle, **details: object) -> None:
    audit.record(
        by=by, action=action, object_type="cycle", object_id=cycle.slug, place_code=cycle.place.code, **details
    )
