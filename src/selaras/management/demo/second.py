"""A year of KRPPA in a neighbouring city, so that it is seen that P2WKSS is not the only name. All invented."""

import io
from datetime import date
from decimal import Decimal

from selaras.access import CONSOLE, the_cycle, the_lokus
from selaras.actions import cycles
from selaras.actions.agencies import add_agency
from selaras.actions.cycles import Dated
from selaras.actions.facts import Entry, record_facts
from selaras.actions.imports import confirm_import, receive_file
from selaras.actions.instruments import publish
from selaras.actions.jobs import work_off
from selaras.actions.shipped import FOLDER
from selaras.errors import Missing
from selaras.management.demo import year
from selaras.management.demo.families import families
from selaras.management.demo.sheet import workbook
from selaras.models import Cycle, Lokus, RoundKind, User
from selaras.queries.places import place_of
from selaras.queries.programme import primary_of
from selaras.queries.rounds import find_round
from selaras.queries.rules import instrument_of
from selaras.queries.usual import BUNDLES

SLUG = f"krppa-kota-serang-{year.YEAR}"
LOKUS = "36.73.01.1001"
PREFIX = "SR"
#: Few: this year shows that it is there, Cilegon's shows how much there can be.
FAMILIES = 12
SEED = 2024
STAGES = (
    Dated("Penetapan kelurahan", date(2024, 1, 15), date(2024, 1, 26), year.INVENTED),
    Dated("Pendataan awal", date(2024, 2, 5), date(2024, 3, 15), year.INVENTED),
    Dated("Rencana aksi kelurahan", date(2024, 4, 1), date(2024, 4, 30), year.INVENTED),
    Dated("Penilaian", date(2024, 10, 28), date(2024, 11, 8), year.INVENTED),
)
AGENCIES = ("DP3AP2KB", "Dinkop UKM", "DKCS", "Dindikbud", "TP PKK")
FACTS = {
    "kelompok_perempuan": "3",
    "forum_anak": "a",
    "profil_terpilah": "b",
    "keputusan_lurah": "a",
    "anggaran_kelurahan": "belum",
    "aset_dipakai": "a",
    "perangkat_perempuan": "0.33",
    "pengurus_perempuan": "0.2",
    "kelas_pengasuhan": "4",
    "saluran_ada": "1",
    "orang_dilatih": "5",
    "pencegahan": "a",
    "patbm": "0",
    "cegah_pekerja_anak": "a",
    "cegah_kawin_anak": "b",
}


def begin_second_city() -> None:
    """Its year with stages, one lokus and the instrument: before the demo's own, so that people land in that one."""
    try:
        the_cycle(CONSOLE, SLUG)
        return
    except Missing:
        city = place_of(LOKUS[:5])
    cycle = cycles.open_cycle(by=CONSOLE, place=city, year=year.YEAR, programme="KRPPA", synthetic=True)
    cycles.set_stages(by=CONSOLE, cycle=cycle, stages=STAGES)
    cycles.add_round(by=CONSOLE, cycle=cycle, kind=RoundKind.BASELINE, opens=year.BASELINE[0], closes=year.BASELINE[1])
    cycles.add_lokus(by=CONSOLE, cycle=cycle, place=place_of(LOKUS), prefix=PREFIX, target_size=FAMILIES)
    for short in AGENCIES:
        add_agency(by=CONSOLE, place=city, short_name=short, name=year.AGENCIES[short])
    name = BUNDLES["krppa"].folders[0]
    content = (FOLDER / name / "workbook.xlsx").read_bytes()
    publish(by=CONSOLE, workbook=content, name=f"{name}/workbook.xlsx", cycle=cycle, primary=True)


def second_city(by: User) -> None:
    """A dozen families of that lokus and what is known of it; `by` is the city's secretary."""
    cycle = the_cycle(CONSOLE, SLUG)
    lokus = the_lokus(CONSOLE, SLUG, LOKUS)
    if not lokus.registered:
        _bring(by, cycle, lokus)
        _facts(by, cycle, lokus)


def _bring(by: User, cycle: Cycle, lokus: Lokus) -> None:
    version = primary_of(cycle)
    if version is None:
        raise LookupError(cycle.slug)
    asked = [field for field in instrument_of(version).form.fields.values() if field.kind != "other"]
    content = workbook(
        families(PREFIX, FAMILIES, SEED),
        [field.name for field in asked if field.repeat is None],
        [field.name for field in asked if field.repeat == "member"],
    )
    received = receive_file(
        by=by,
        cycle_slug=cycle.slug,
        code=lokus.area,
        round_slug="baseline",
        filename="keluarga-sr-contoh.xlsx",
        file=io.BytesIO(content),
    )
    work_off()
    confirm_import(by=by, cycle_slug=cycle.slug, code=lokus.area, import_id=received)
    work_off()


def _facts(by: User, cycle: Cycle, lokus: Lokus) -> None:
    version = primary_of(cycle)
    if version is None:
        raise LookupError(cycle.slug)
    indicators = instrument_of(version).indicators
    entries = [
        Entry(name, option=text, source=year.FACT_SOURCE)
        if indicators[name].rule == "options"
        else Entry(name, value=Decimal(text), source=year.FACT_SOURCE)
        for name, text in FACTS.items()
    ]
    record_facts(by=by, lokus=lokus, round_=find_round(cycle, "baseline"), version=version, facts=entries)
