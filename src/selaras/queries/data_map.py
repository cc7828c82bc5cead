"""What is kept of people, as its page and the impact assessment show it: the map beside the models, and each question.

Source: UU 27/2022 art. 20 (bases), 31 (record of processing), 34 (impact assessment).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from selaras.access import Actor, demand, may_keep_breaches, may_open_requests, may_see_data_map, the_cycle
from selaras.models import AgreedImport, Breach, CycleInstrument, Household, Membership, Person, RightsRequest
from selaras.models.data_map import FieldClass, Table, data_map
from selaras.queries.meetings import LetterheadView, letterhead_of
from selaras.queries.programme import cycle_ref, instrument_ref, today_in
from selaras.queries.refs import CycleRef, InstrumentRef
from selaras.queries.rules import instrument_of

ABOUT: Final[Mapping[str, str]] = {
    "family": _("Keluarga binaan"),
    "officer": _("Petugas dan pengguna"),
    "guest": _("Peserta dan tamu"),
    "nobody": _("Tidak tentang orang"),
}
BASES: Final[Mapping[str, str]] = {
    "task": _("tugas untuk kepentingan umum dan pelayanan publik (Pasal 20 ayat (2) huruf e)"),
    "law": _("kewajiban hukum pengendali data (Pasal 20 ayat (2) huruf c)"),
    "consent": _("persetujuan, yang dapat ditarik kapan saja (Pasal 20 ayat (2) huruf a)"),
    "security": _("kewajiban menjaga keamanan data (Pasal 35 sampai 39)"),
    "none": _("bukan data pribadi"),
}
RETENTIONS: Final[Mapping[str, str]] = {
    "family": _("sampai pemantauan 12 bulan sesudah tahun program, lalu dihapus; lebih cepat bila keluarga memintanya"),
    "score": _("tanpa nama; tetap sesudah keluarganya dihapus, karena nilai yang dibekukan menunjuk kepadanya"),
    "archive": _("selama arsip tahun program"),
    "chain": _("tetap; hanya kode dan bilangan, sebagai bukti"),
    "account": _("selama akun dipakai; yang pernah bertindak tetap bernama dalam jejak audit"),
    "session": _("sampai keluar, atau masa masuknya habis"),
    "request": _("isinya satu tahun sesudah dijawab, atau sesudah tenggatnya bila tak dijawab; bahwa diminta, tetap"),
    "technical": _("selama pekerjaannya berlangsung"),
    "day": _("satu hari, lalu dihapus bersama kuncinya"),
    "draft": _("tujuh hari bila tidak diterbitkan"),
    "upload": _("sampai utuh, atau 30 hari"),
    "import": _("sampai diterbitkan atau dibuang, lalu kuncinya dimusnahkan"),
    "unclaimed": _("bersama keluarganya; yang tidak dikenali dua tahun"),
    "reaction": _("sampai dilepas bersama paling sedikit empat isian lain, atau kotaknya ditutup"),
    "owner_row": _("bersama baris pemiliknya"),
    "sealed_with": _("bersama yang disegelnya"),
    "ticket": _("menurut masa simpan ruang perlindungan, lalu dimusnahkan bersama kuncinya"),
    "room": _("tetap, tersegel; tanpa nama"),
}
CLASSES: Final[Mapping[FieldClass, str]] = {
    FieldClass.PERSONAL: _("pribadi, terbaca"),
    FieldClass.SURVEY: _("menurut instrumennya"),
    FieldClass.SEALED: _("pribadi, tersegel"),
    FieldClass.HASH: _("sidik"),
    FieldClass.CODE: _("kode"),
    FieldClass.GENERAL: _("umum"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions of one instrument that are kept alike: `privacy_class` (umum, pribadi, kesehatan), why and how long."""

    privacy_class: str
    purpose: str
    basis: str
    retention: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """One instrument of the year; `unlisted` are questions without a row in its sheet `privacy`: they are personal."""

    instrument: InstrumentRef
    lines: tuple[Asked, ...]
    unlisted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DataMapPage:
    """All tables by topic; `fields` counts columns by class, over all of them. What she may open besides."""

    cycle: CycleRef
    tables: tuple[Table, ...]
    fields: Mapping[FieldClass, int]
    questions: tuple[Questions, ...]
    may_open_requests: bool
    may_keep_breaches: bool


def data_map_page(user: Actor, slug: str) -> DataMapPage:
    """The map with the year's instruments. Raises Missing, Forbidden. Three statements, whatever is stored."""
    cycle = the_cycle(user, slug)
    demand(may_see_data_map, user, cycle)
    rows = CycleInstrument.objects.filter(cycle=cycle).select_related("version__workbook").order_by("-primary", "pk")
    tables = data_map()
    return DataMapPage(
        cycle=cycle_ref(cycle),
        tables=tables,
        fields=Counter(kind for table in tables for _name, kind in table.fields),
        questions=tuple(_questions(row) for row in rows),
        may_open_requests=may_open_requests(user, cycle),
        may_keep_breaches=may_keep_breaches(user, cycle),
    )


def _questions(row: CycleInstrument) -> Questions:
    instrument = instrument_of(row.version)
    alike: dict[tuple[str, str, str, str], list[str]] = {}
    for name, said in instrument.privacy.items():
        alike.setdefault((said.privacy_class, said.purpose, said.basis, said.retention), []).append(name)
    order = {"kesehatan": 0, "pribadi": 1, "umum": 2}
    lines = [Asked(*key, tuple(names)) for key, names in alike.items()]
    lines.sort(key=lambda line: (order[line.privacy_class], -len(line.fields), line.purpose))
    unlisted = tuple(sorted(set(instrument.form.fields) - set(instrument.privacy)))
    return Questions(instrument_ref(row.version), tuple(lines), unlisted)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the impact assessment says besides the map: of how many, and what came of requests and breaches."""

    page: DataMapPage
    head: LetterheadView | None
    today: date
    families: int
    members: int
    officers: int
    agreed: tuple[str, ...]
    requests: int
    answered_in_time: int
    answered_late: int
    breaches: int
    breaches_told_in_time: int


def assessment(user: Actor, slug: str) -> Assessment:
    """The year's. Raises Missing, Forbidden. A fixed number of statements."""
    page = data_map_page(user, slug)
    cycle = the_cycle(user, slug)
    families = Household.objects.filter(Household.counted(), lokus__cycle=cycle, erased_at__isnull=True)
    requests = RightsRequest.objects.filter(cycle=cycle).aggregate(
        n=Count("pk"),
        in_time=Count("pk", filter=Q(answered_at__lte=F("due_at"))),
        late=Count("pk", filter=Q(answered_at__gt=F("due_at"))),
    )
    breaches = Breach.objects.filter(cycle=cycle).aggregate(
        n=Count("pk"), in_time=Count("pk", filter=Q(authority_told_at__lte=F("due_at")))
    )
    now = timezone.now()
    holding = Membership.objects.filter(cycle=cycle, starts__lte=now).filter(Q(ends__isnull=True) | Q(ends__gt=now))
    agreed = AgreedImport.objects.filter(lokus__cycle=cycle).exclude(state="discarded").order_by("source")
    return Assessment(
        page=page,
        head=letterhead_of(cycle.place),
        today=today_in(cycle),
        families=families.count(),
        members=Person.objects.filter(household__in=families).count(),
        officers=holding.values("user").distinct().count(),
        agreed=tuple(agreed.values_list("source", flat=True).distinct()),
        requests=requests["n"],
        answered_in_time=requests["in_time"],
        answered_late=requests["late"],
        breaches=breaches["n"],
        breaches_told_in_time=breaches["in_time"],
    )
