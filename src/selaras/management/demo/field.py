"""Two cadres with phones in the round that is open: what they sent, whom they did not meet, and what waits.

Everything goes the way that a real phone's form goes: the list that it was handed, the form's bytes, receipt, reading.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from selaras.actions.field.deciding import let_in
from selaras.actions.field.forms import prepare_forms
from selaras.actions.field.phones import come_in, give_phone
from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.actions.field.taking import take_in
from selaras.management.demo.families import Family
from selaras.models import Cycle, FieldForm, PhoneToken, RoundKind, User
from selaras.odk.fieldform import MET, MODE
from selaras.odk.forms import Form
from selaras.odk.writing import Written, submission_xml
from selaras.queries.phones import family_list
from selaras.queries.rules import instrument_of

#: Of the cadre's own RW: so many families in a row were met, not at home, moved, unwilling; the rest not visited yet.
OWN = ((MET, 26), ("tidak_di_rumah", 4), ("pindah", 1), ("menolak", 1))
#: Of the other RW, by the one who stands in.
OTHER = ((MET, 8), ("tidak_di_rumah", 2), ("tidak_ditemukan", 1))
_AGENT = "org.odk.collect.android/v2026.2.0 contoh"


@dataclass(frozen=True, slots=True)
class _Phone:
    """A cadre's phone and the families on its list, by code: id and version, as the phone has them."""

    phone: PhoneToken
    listed: Mapping[str, Mapping[str, str]]

    def of_rw(self, rw: str) -> list[str]:
        return [code for code, row in self.listed.items() if row["rw"] == rw]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A form with all that is needed to fill it."""

    handed: FieldForm
    form: Form

    def filled(self, row: Mapping[str, str], family: Family, outcome: str, **changed: str) -> bytes:
        said = "" if not changed else str(sorted(changed.items()))
        written = Written(
            instance=f"uuid:{uuid5(NAMESPACE_URL, f'{self.handed.form_id} {family.code} {outcome} {said}')}",
            outcome=outcome,
            family=row["name"],
            base=int(row["__version"]),
            ours={MODE: "phone"} if outcome == MET else {},
            values={**family.answers, **changed},
            rows={"member": family.members},
        )
        return submission_xml(self.handed.form_id, self.handed.form_version, self.form, written)


def field(cycle: Cycle, families: list[Family], cadres: tuple[User, User], by: User) -> None:
    """Give both a phone, and let them have been out on the days before today."""
    now = timezone.now()
    forms = prepare_forms(by=by, cycle=cycle)
    own, other = (_given(cycle, cadre, by, now) for cadre in cadres)
    sheet, late, practice = (_sheet(form) for form in _chosen(forms))
    known = {family.code: family for family in families}
    days = _days(now)
    for phone, rw in ((own, "01"), (other, "02")):
        code = phone.of_rw(rw)[0]
        _send(phone, practice.filled(phone.listed[code], known[code], MET), now - timedelta(days=7))
    for phone, rw, plan in ((own, "01", OWN), (other, "02", OTHER)):
        for place, (code, outcome) in enumerate(zip(phone.of_rw(rw), _spread(plan), strict=False)):
            since = _since(known[code], place) if outcome == MET else {}
            _send(phone, sheet.filled(phone.listed[code], known[code], outcome, **since), next(days))
    _differ((own, other), sheet, known, by, now)
    last = own.of_rw("01")[-1]
    _send(own, late.filled(own.listed[last], known[last], MET), now - timedelta(hours=5))
    take_in(now=now)


def _since(family: Family, place: int) -> dict[str, str]:
    """What has become of a family since the baseline: most that lacked a latrine have one, a few lost something."""
    healthy = {"toilet": "leher_angsa", "toilet_drain": "tangki_septik"}
    lacking = any(family.answers.get(name) != value for name, value in healthy.items())
    changed = healthy if lacking and place % 4 else {}
    if place % 9 == 4:
        changed = {**changed, "saves": "tidak"}
    return {**changed, "handwashing": "ya"} if place % 3 == 0 else changed


def _given(cycle: Cycle, cadre: User, by: User, now: datetime) -> _Phone:
    given = now - timedelta(days=8)
    task = cadre.memberships.get()
    handed = give_phone(by=by, cycle_slug=cycle.slug, membership_id=task.pk, now=given)
    device = f"collect:contoh{handed.phone.pk:08d}"
    come_in(token=handed.token, device=device, agent=_AGENT, now=now - timedelta(hours=4))
    rows = csv.DictReader(io.StringIO(family_list(handed.phone).decode()))
    return _Phone(handed.phone, {row["code"]: row for row in rows if row["code"].startswith("GD-")})


def _chosen(forms: list[FieldForm]) -> tuple[FieldForm, FieldForm, FieldForm]:
    """The form of the round that is open, that of the visit before it, and the one for practice."""
    visits = [form for form in forms if form.round.kind == RoundKind.VISIT]
    return visits[-1], visits[0], forms[-1]


def _sheet(handed: FieldForm) -> _Sheet:
    return _Sheet(handed, instrument_of(handed.version).form)


def _spread(plan: tuple[tuple[str, int], ...]) -> Iterator[str]:
    for outcome, count in plan:
        yield from (outcome for _ in range(count))


def _days(now: datetime) -> Iterator[datetime]:
    """A quarter of an hour after the other, some a day, from six days ago on."""
    day = 0
    while True:
        start = now - timedelta(days=6 - day % 6, hours=3)
        yield from (start + timedelta(minutes=15 * visit) for visit in range(8))
        day += 1


def _send(phone: _Phone, xml: bytes, at: datetime) -> None:
    receive(sender=Sender.of(phone.phone), parcel=Parcel(xml, device=phone.phone.device, agent=_AGENT), now=at)
    take_in(now=at)


def _differ(phones: tuple[_Phone, _Phone], sheet: _Sheet, known: Mapping[str, Family], by: User, now: datetime) -> None:
    """Both correct the same family's address without having seen each other's; the office let the second form in."""
    own, other = phones
    code = own.of_rw("01")[sum(count for _outcome, count in OWN)]
    address = known[code].answers.get("address", "")
    first = sheet.filled(own.listed[code], known[code], MET, address=f"{address} (belakang)")
    second = sheet.filled(other.listed[code], known[code], MET, address=f"{address} A")
    _send(own, first, now - timedelta(days=1))
    sent = receive(sender=Sender.of(other.phone), parcel=Parcel(second), now=now - timedelta(hours=20))
    take_in(now=now - timedelta(hours=20))
    let_in(by=by, cycle_slug=own.phone.cycle.slug, arrival_id=sent.arrival.uuid)
