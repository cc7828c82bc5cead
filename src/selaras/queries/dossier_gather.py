"""The figures of a dossier, gathered once and as a stranger may read them.

Every query here is asked as somebody without any task, so that what is told of few families in matters of health, and
what is told by name, is decided where it always is. Free text goes through `dossier_names`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Final
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from selaras.access import CONSOLE, SMALLEST_COUNT, evidence_for, shown_count
from selaras.errors import Missing
from selaras.models import (
    Activity,
    CodeList,
    Commitment,
    CommitmentNeed,
    CommitmentState,
    Dossier,
    Evidence,
    EvidenceKind,
    EvidenceState,
    EvidenceUse,
    Fund,
    InstrumentVersion,
    Lokus,
    Meeting,
    Round,
    Seal,
    Stage,
    Strategy,
    Team,
    TeamMember,
)
from selaras.models.places import zone_label, zone_of
from selaras.queries.activities import attended
from selaras.queries.change import change_lines, chosen, class_tables, rounds_with_answers
from selaras.queries.change_pairs import Rounds, asked_of
from selaras.queries.confirmations import Confirmed, confirmed
from selaras.queries.dossier_figures import (
    CodeGroup,
    CodeLine,
    Deed,
    Figures,
    ItemProofs,
    Later,
    Learnt,
    Photo,
    Pledge,
    ServedLine,
    StageLine,
)
from selaras.queries.dossier_names import names_of
from selaras.queries.followups import lines_of
from selaras.queries.layered import Layered, layered
from selaras.queries.matching import LIVE
from selaras.queries.meetings import LetterheadView, letterhead_of
from selaras.queries.programme import cycle_ref, instrument_ref, lokus_ref, primary_of, today_in
from selaras.queries.public_photos import public_photos
from selaras.queries.reactions import summaries_of
from selaras.queries.readiness import ReadinessPage, Reading
from selaras.queries.refs import Score
from selaras.queries.rounds import round_ref
from selaras.queries.rules import health_indicators, instrument_of
from selaras.queries.silences import Reasons, Silent, silent_card
from selaras.queries.spoken import shown
from selaras.queries.weeks import outcomes, promises
from selaras.queries.weeks.subjects import aspect_of, subjects
from selaras.scoring.instrument import Instrument

#: Who reads a dossier, as far as families are concerned.
STRANGER: Final = AnonymousUser()
#: A number of one to four in a title: of matters of health it tells what no figure may.
_FEW: Final = re.compile(r"\b(?:[1-4]|satu|dua|tiga|empat|seorang)\b", re.IGNORECASE)


def figures_of(lokus: Lokus, *, now: datetime) -> Figures:
    """What a dossier of that lokus says as of `now`, in Indonesian where our own words are told.

    Some sixty statements, whatever the families, photos and commitments. Call it with Indonesian active.
    """
    return _Gathering(lokus, now).made()


def next_number(lokus: Lokus) -> int:
    """The number of the next dossier of that lokus."""
    last = Dossier.objects.filter(lokus=lokus).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


@dataclass(slots=True)
class _Result:
    rounds: Rounds | None
    total: Score
    aspects: tuple[tuple[str, Score], ...]
    silent: Silent | None = None


class _Gathering:
    def __init__(self, lokus: Lokus, now: datetime) -> None:
        self.lokus, self.cycle, self.now = lokus, lokus.cycle, now
        self.today = today_in(lokus.cycle, now)
        self.version: InstrumentVersion | None = primary_of(lokus.cycle)
        self.instrument: Instrument | None = None if self.version is None else instrument_of(self.version)
        # What is cited or promised for another instrument of the year is about health no less.
        rows = self.cycle.cycle_instruments.select_related("version__workbook")
        self.health = frozenset[str]().union(*(health_indicators(row.version) for row in rows))
        self.names = names_of(lokus)

    def made(self) -> Figures:
        lokus, cycle = self.lokus, self.cycle
        result = self._result()
        pledges, deeds, photos = tuple(self._pledges()), tuple(self._deeds()), tuple(self._photos())
        learnt, items, codes = tuple(self._learnt()), tuple(self._items()), tuple(self._codes())
        members = TeamMember.objects.filter(team__cycle=cycle)
        between = result.rounds
        return Figures(
            cycle=cycle_ref(cycle),
            city=cycle.place.full_name,
            province="" if cycle.place.parent is None else cycle.place.parent.name,
            lokus=lokus_ref(lokus),
            number=next_number(lokus),
            made_on=self.today,
            made_clock=f"{self.now.astimezone(zone_of(cycle.place.code)):%H.%M} {zone_label(cycle.place.code)}",
            head_of_letter=self._letterhead(),
            instrument="" if self.version is None else f"{self.version.title}, versi {self.version.version}",
            official=self.version is not None and instrument_ref(self.version).official,
            scale=self.instrument.scale if self.instrument else Decimal(100),
            families=None if 0 < lokus.registered < SMALLEST_COUNT else lokus.registered,
            asked=0 if between is None else asked_of(between).both,
            stages=tuple(StageLine(self._text(each.name), each.starts, each.ends) for each in self._stages()),
            teams=Team.objects.filter(cycle=cycle).count(),
            members=members.count(),
            women_members=members.filter(sex="P").count(),
            meetings=Meeting.objects.filter(cycle=cycle, starts__lte=self.now, cancelled_at__isnull=True).count(),
            served=tuple(self._served()),
            pledges=pledges,
            deeds=deeds,
            photos=photos,
            before=None if between is None else round_ref(between.before),
            after=None if between is None else round_ref(between.after),
            total=result.total,
            aspects=result.aspects,
            silent=result.silent,
            changes=() if between is None or self.version is None else change_lines(STRANGER, between, self.version),
            classes=() if between is None else tuple(class_tables(STRANGER, between)),
            readiness=self._readiness,
            items=items,
            codes=codes,
            learnt=learnt,
            later=tuple(self._later()),
            named=self.names.left_out,
            head=Seal.objects.order_by("-number").values_list("head", flat=True).first() or "",
        )

    def _letterhead(self) -> LetterheadView | None:
        head = letterhead_of(self.cycle.place)
        if head is None:
            return None
        lines = tuple(filter(None, map(self.names.official, head.lines)))
        address, office, town = map(self.names.official, (head.address, head.signer_office, head.town))
        return replace(head, lines=lines, address=address, signer_office=office, town=town)

    # --- caranya ------------------------------------------------------------------------------------------------------
    def _stages(self) -> list[Stage]:
        return list(Stage.objects.filter(cycle=self.cycle).order_by("starts", "position"))

    def _served(self) -> Iterator[ServedLine]:
        if self.instrument is None:
            return
        needs = promises.open_needs(self.cycle, [self.lokus])
        measured = promises.ever_measured(self.cycle)
        for subject in subjects(self.instrument):
            said = promises.served(needs, subject, measured)
            if subject.kind == "aspect" and said["families"] and said["measured"]:
                yield ServedLine(subject.labels["id"], said["open"], said["promised"], said["hidden"])

    @cached_property
    def _commitments(self) -> list[Commitment]:
        rows = Commitment.objects.filter(cycle=self.cycle).filter(Q(lokus=self.lokus) | Q(lokus__isnull=True))
        # What is proposed has no fund yet: it is no promise.
        rows = rows.filter(state__in=LIVE).select_related("agency")
        return list(rows.order_by("number"))

    @cached_property
    def _healthy(self) -> frozenset[int]:
        """The commitments of the year that are about somebody's health."""
        served = CommitmentNeed.objects.filter(need__indicator__in=self.health, commitment__cycle=self.cycle)
        named = Commitment.objects.filter(cycle=self.cycle, indicator__in=self.health)
        return frozenset([*named.values_list("pk", flat=True), *served.values_list("commitment_id", flat=True)])

    @cached_property
    def _told_of_health(self) -> dict[int, tuple[UUID, int | None]]:
        """Evidence that is about health, as (its id, its activity): cited for health by anybody, whatever became of
        that, or of an activity for a commitment that is. A caption says the same wherever it stands.
        """
        cited = EvidenceUse.objects.filter(evidence__cycle=self.cycle, indicator__in=self.health)
        done = Activity.objects.filter(cycle=self.cycle, commitments__in=self._healthy)
        rows = Evidence.objects.filter(Q(pk__in=cited.values("evidence")) | Q(activity__in=done), cycle=self.cycle)
        return {pk: (uuid, activity) for pk, uuid, activity in rows.values_list("pk", "uuid", "activity_id")}

    @cached_property
    def _healthy_photos(self) -> frozenset[UUID]:
        return frozenset(uuid for uuid, _activity in self._told_of_health.values())

    def _pledges(self) -> Iterator[Pledge]:
        heard: Confirmed = confirmed(self.cycle, self.lokus)
        for row in self._commitments:
            voices = heard.commitments.get(row.pk)
            apart = row.pk in self._healthy or row.pk in heard.apart
            small = apart and row.volume is not None and 0 < row.volume < SMALLEST_COUNT
            asked = 0 if voices is None else voices.received + voices.not_yet
            received = 0 if voices is None else voices.received
            told = not apart or shown_count(received, asked) is not None
            indicator = None if self.instrument is None else self.instrument.indicators.get(row.indicator)
            yield Pledge(
                code=str(row),
                agency=row.agency.short_name,
                title=self._text(row.title, health=apart),
                what_for="" if indicator is None else self._label(row.indicator),
                aspect="" if self.instrument is None else aspect_of(self.instrument, row.indicator),
                volume=None if small else row.volume,
                unit="" if small else self._text(row.unit, health=apart),
                budget=row.budget,
                fund=Fund(row.fund).label if row.fund else "",
                ends=row.ends,
                state=CommitmentState(row.state).label,
                received=received if told and asked else None,
                asked=asked if told and asked else None,
                everywhere=row.lokus_id is None,
            )

    # --- aksi, reaksi -------------------------------------------------------------------------------------------------
    def _deeds(self) -> Iterator[Deed]:
        said = summaries_of(self.cycle, self.today)
        photographed = {activity for _photo, activity in self._told_of_health.values()}
        rows = Activity.objects.filter(lokus=self.lokus, deleted_at__isnull=True, on__lte=self.today)
        for row in rows.select_related("agency").prefetch_related("commitments").order_by("on", "pk"):
            served = list(row.commitments.all())
            health = row.pk in photographed or any(each.pk in self._healthy for each in served)
            came = attended(row.attended, exact=False)
            few = health and any(0 < n < SMALLEST_COUNT for n in (came.women, came.men, came.children))
            summary = said.get(row.pk)
            yield Deed(
                id=row.uuid,
                on=row.on,
                title=self._text(row.title, health=health),
                agency="" if row.agency is None else row.agency.short_name,
                venue=self._text(row.venue),
                women=None if few else came.women,
                men=None if few else came.men,
                children=None if few else came.children,
                came=None if health and 0 < came.total < SMALLEST_COUNT else came.total,
                useful=None if summary is None else summary.useful,
                serves=tuple(str(each) for each in served),
            )

    def _photos(self) -> Iterator[Photo]:
        own = None if self.version is None else self.version.instrument
        for each in public_photos(CONSOLE, self.cycle, self.lokus):
            cited = [name for instrument, name in each.uses if instrument == own]
            known = [name for name in cited if self.instrument is not None and name in self.instrument.indicators]
            yield Photo(
                id=each.id,
                caption=self._text(each.caption, health=each.id in self._healthy_photos),
                on=each.on,
                width=each.width,
                height=each.height,
                aspects=tuple(dict.fromkeys(self._aspect(name) for name in known)),
                items=tuple(self._label(name) for name in known),
            )

    # --- hasil --------------------------------------------------------------------------------------------------------
    def _result(self) -> _Result:
        none = Score(None, None, None)
        if self.version is None or self.instrument is None:
            return _Result(None, none, ())
        rounds = Round.objects.filter(cycle=self.cycle)
        standing = next(iter(outcomes.standings([self.lokus], rounds, self.version)), None)
        between = chosen(self.lokus, self.version, rounds_with_answers(self.lokus, self.version))
        if standing is None:
            return _Result(between, none, ())
        rows = [each for each in subjects(self.instrument) if each.kind == "aspect"]
        aspects = tuple((each.labels["id"], outcomes.row_of(standing, each)) for each in rows)
        total = outcomes.total_of(standing)
        silent = None if total.value is None else silent_card(standing.card, Reasons(self.cycle))
        return _Result(between, total, aspects, silent)

    # --- kesiapan -----------------------------------------------------------------------------------------------------
    @cached_property
    def _found(self) -> Layered | None:
        try:
            return layered(self.lokus, self.version)
        except Missing:
            return None

    @cached_property
    def _readiness(self) -> ReadinessPage | None:
        return None if self._found is None else Reading(STRANGER, self._found).page()

    def _items(self) -> Iterator[ItemProofs]:
        if self._found is None or self._readiness is None:
            return
        own = Evidence.objects.filter(cycle=self.cycle).values_list("uuid", "caption", "sha256")
        known = {uuid: (caption, digest[:12]) for uuid, caption, digest in own}

        def told(evidence: UUID) -> tuple[str, str]:
            """By caption alone: how somebody called a file on her computer is nobody's to read."""
            caption, digest = known.get(evidence, ("", ""))
            return self._text(caption, health=evidence in self._healthy_photos), digest

        for block in self._readiness.aspects:
            for line in block.items:
                cited = () if line.hidden else self._found.items[line.name].cited
                good = [one for one in cited if one.state == EvidenceState.VERIFIED]
                proofs = tuple((one.kind, *told(one.evidence)) for one in good)
                points = line.points
                yield ItemProofs(
                    aspect=" › ".join(block.path),
                    label=line.label,
                    worth=line.worth,
                    claim=points.claim,
                    evidenced=points.evidenced,
                    received=points.received,
                    verified=points.verified,
                    hidden=line.hidden,
                    proofs=proofs,
                )

    def _codes(self) -> Iterator[CodeGroup]:
        # Not what was taken back, with its activity or alone.
        own = evidence_for(CONSOLE).filter(Q(lokus=self.lokus) | Q(lokus__isnull=True), cycle=self.cycle)
        uses = EvidenceUse.objects.filter(evidence__in=own.filter(state=EvidenceState.VERIFIED), item__isnull=False)
        uses = uses.filter(state=EvidenceState.VERIFIED).select_related("evidence")
        proofs: dict[int, list[str]] = {}
        for use in uses.order_by("id"):
            caption = self._text(use.evidence.caption, health=use.evidence_id in self._told_of_health)
            proofs.setdefault(use.item_id or 0, []).append(caption or EvidenceKind(use.evidence.kind).label)
        for each in CodeList.objects.filter(place__code=self.cycle.place.code).prefetch_related("items"):
            lines = [CodeLine(self.names.official(one.code), self._text(one.text), tuple(proofs.get(one.pk, ())))
                     for one in each.items.all() if one.retired_at is None]  # fmt: skip
            yield CodeGroup(self._text(each.title), self._text(each.source), tuple(lines))

    # --- tindak lanjut ------------------------------------------------------------------------------------------------
    def _learnt(self) -> Iterator[Learnt]:
        rows = Strategy.objects.filter(cycle=self.cycle, taken_back_at__isnull=True)
        rows = rows.filter(Q(lokus=self.lokus) | Q(lokus__isnull=True)).select_related("agency")
        for row in rows:
            health = bool(self.health & set(row.indicators))
            finding = self._text(row.finding, health=health)
            if finding:
                agency = "" if row.agency is None else row.agency.short_name
                change, lesson = (self._text(text, health=health) for text in (row.change, row.lesson))
                yield Learnt(row.audience, finding, change, agency, lesson)

    def _later(self) -> Iterator[Later]:
        for line in lines_of(CONSOLE, self.lokus):
            yield Later(line.label, line.due, line.standing, line.owner is not None)

    # --- words --------------------------------------------------------------------------------------------------------
    def _text(self, text: str, *, health: bool = False) -> str:
        return "" if health and _FEW.search(text) else self.names.free(text)

    def _label(self, name: str) -> str:
        assert self.instrument is not None  # noqa: S101  (asked for of known items only)
        return shown(self.instrument.indicators[name].labels, self.instrument) or name

    def _aspect(self, name: str) -> str:
        return "" if self.instrument is None else aspect_of(self.instrument, name)
