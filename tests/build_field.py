"""A lokus with cadres' phones: forms handed out, and filled ones as a phone writes them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.field.forms import prepare_forms
from selaras.actions.field.phones import Handed, give_phone
from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.actions.field.taking import take_in
from selaras.models import Cycle, FieldForm, Household, Role
from tests import build
from tests.build_programme import Programme, programme, publish
from tests.kept import kept
from tests.sample_workbook import sample


@dataclass(frozen=True, slots=True)
class Field:
    """Lokus GD with an open baseline, its form, and the phone of the cadre of RW 03."""

    programme: Programme
    form: FieldForm
    practice: FieldForm
    phone: Handed


@kept
def open_field(content: bytes | None = None) -> Field:
    """The round is open from yesterday for a month."""
    of = programme(content)
    today = timezone.localdate()
    of.round.opens, of.round.closes = today - timedelta(days=1), today + timedelta(days=30)
    of.round.save()
    made = prepare_forms(by=CONSOLE, cycle=of.cycle)
    return Field(of, made[0], made[-1], phone_of(of, "RW03"))


def phone_of(of: Programme, rw: str = "") -> Handed:
    """A cadre of that RW (of the whole lokus where none is said) with a phone."""
    area = f"{of.lokus.place.code}.{rw}" if rw else of.lokus.place.code
    cadre = build.member(Role.CADRE, area, cycle=of.cycle)
    return give_phone(by=CONSOLE, cycle_slug=of.cycle.slug, membership_id=cadre.memberships.get().pk)


@kept
def held_in_a_province(*kelurahan: str) -> Cycle:
    """Banten's own year with these lokus. One form of a cadre of each is held, because nobody knows its form."""
    cycle = build.cycle("36")
    build.baseline(cycle)
    publish(sample(), cycle)
    for number, code in enumerate(kelurahan):
        build.lokus(cycle, code, f"P{number}")
        cadre = build.member(Role.CADRE, f"{code}.RW03", cycle=cycle)
        phone = give_phone(by=CONSOLE, cycle_slug=cycle.slug, membership_id=cadre.memberships.get().pk).phone
        identity = f"<orx:meta><orx:instanceID>uuid:{number}</orx:instanceID></orx:meta>"
        xml = f'<data xmlns:orx="http://openrosa.org/xforms" id="lain" version="1">{identity}</data>'
        receive(sender=Sender.of(phone), parcel=Parcel(xml.encode()))
    take_in()
    return cycle


def filled(
    form: FieldForm,
    household: Household | None,
    answers: Mapping[str, str] | None = None,
    *,
    instance: str = "",
    deprecated: str = "",
    outcome: str = "bertemu",
    entity: str = "",
    more: str = "",
) -> bytes:
    """A filled form of the sample instrument; without a family it registers a new one (`entity` is its id)."""
    listed = "ya" if household is not None else "belum"
    identity = str(household.uuid) if household is not None else entity or str(uuid.uuid4())
    version = household.version if household is not None else ""
    asked = "".join(f"<{name}>{text}</{name}>" for name, text in (answers or {"jumlah": "4"}).items())
    marks = ' create="1"' if household is None else f' update="1" baseVersion="{version}"'
    old = f"<orx:deprecatedID>{deprecated}</orx:deprecatedID>" if deprecated else ""
    chosen = (
        f"<sl_keluarga>{identity}</sl_keluarga>"
        if household is not None
        else ("<sl_nama>Sumarni Uji</sl_nama><sl_alamat>Gang Uji 7</sl_alamat><sl_rw>03</sl_rw><sl_rt>02</sl_rt>")
    )
    entity_node = (
        f'<entity xmlns="http://www.opendatakit.org/xforms/entities" dataset="keluarga" id="{identity}"{marks}>'
        "<label>Uji</label></entity>"
        if outcome == "bertemu"
        else ""
    )
    return (
        f'<data xmlns:orx="http://openrosa.org/xforms" id="{form.form_id}" version="{form.form_version}">'
        f"<sl_kunjungan><sl_ada_di_daftar>{listed}</sl_ada_di_daftar>{chosen}<sl_hasil>{outcome}</sl_hasil>"
        f"<sl_cara>phone</sl_cara></sl_kunjungan>"
        + (f"<sl_pertanyaan>{asked}{more}</sl_pertanyaan>" if outcome == "bertemu" else "")
        + f"<orx:meta><orx:instanceID>{instance or f'uuid:{uuid.uuid4()}'}</orx:instanceID>{old}{entity_node}"
        "</orx:meta></data>"
    ).encode()
