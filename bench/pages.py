"""How much more a page of a lokus with 300,000 families costs than an empty signed-in page, in one run.

    python -m bench pages

The families are rows that SQL makes, in a SQLite file of their own: what counts is how many there are, not who they
are. Every survey indicator of `p2wkss` has a state for each of them.
"""

import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.table import Figure, judged, show

if TYPE_CHECKING:
    from django.test import Client

FAMILIES = 300_000
MOST = 6.0
WORKBOOK = Path(__file__).resolve().parents[1] / "instruments" / "p2wkss" / "0.1" / "workbook.xlsx"
SLUG, CODE = "kota-cilegon-2024", "36.72.05.1005"
INDICATORS = ("jamban_sehat", "jkn", "penghasilan_per_orang")
#: The list of families: its first page and one far behind, an RW, and a name that thousands have.
LISTS = {
    "first page": "",
    "a page far behind": "sesudah=GD-250000",
    "RW 03": "rw=03",
    "RW 03, a page far behind": "rw=03&sesudah=GD-250000",
    "a name of thousands": "cari=contoh",
}
#: Part of a name that one has, or none: every family of the lokus and its members are read, so nothing is promised.
SCANS = {"a name of one": "cari=Contoh+123456", "a name of none": "cari=Rohayati"}

#: Numbers from 1 to the number of families.
_ALL = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
_STATEMENTS = (
    """INSERT INTO selaras_datakey (id, purpose, wrapped, wrapped_by, created_at)
    SELECT printf('%032x', i), 'household', zeroblob(61), 1, '2024-01-01' FROM n""",
    """INSERT INTO selaras_household (id, uuid, lokus_id, code, rw, rt, area, head_name, address, key_id, created_at)
    SELECT i, printf('%032x', i), {lokus}, printf('GD-%06d', i), printf('%02d', i % 20), printf('%02d', i % 9),
      printf('36.72.05.1005.RW%02d.RT%02d', i % 20, i % 9), 'Contoh ' || i, 'Jalan Contoh ' || i,
      printf('%032x', i), '2024-01-01' FROM n""",
    """INSERT INTO selaras_person (uuid, household_id, position, name, sex, relation)
    SELECT printf('%032x', i), i, 1, 'Anggota ' || i, '', '' FROM n""",
    """INSERT INTO selaras_submission
      (id, uuid, household_id, round_id, version_id, mode, received_at, answers, raw_hash)
    SELECT i, printf('%032x', i), i, {round}, {version}, 'demo', '2024-02-01', '{answers}', '' FROM n""",
    """INSERT INTO selaras_currentanswers (household_id, round_id, lokus_id, submission_id, answers, dirty, blank)
    SELECT i, {round}, {lokus}, i, '{answers}', 0, i % 7 = 0 FROM n""",
    """INSERT INTO selaras_householdscore
      (household_id, round_id, indicator_id, lokus_id, state, n, "true", missing, not_applicable, total)
    SELECT i, {round}, r.id, {lokus}, substr('ynymnyayny', 1 + (i * 7 + r.id) % 10, 1), 1, i % 2, 0, 0, NULL
    FROM n, selaras_indicatorref r WHERE r.name IN ({survey})""",
    """INSERT INTO selaras_counter (lokus_id, round_id, indicator_id, n, "true", missing, not_applicable, total,
      low, high, middle_low, middle_high)
    SELECT {lokus}, {round}, r.id, {count} * 8 / 10, {count} * 5 / 10, {count} / 10, {count} / 10,
      '{count}', '0', '900000', '500000', '500000' FROM selaras_indicatorref r WHERE r.name IN ({survey})""",
    """INSERT INTO selaras_unitcounter
      (lokus_id, round_id, version_id, households, classes, unclassified, gaps, engine, as_of)
    VALUES ({lokus}, {round}, {version}, {count}, '{{}}', 0, '[["toilet", 9, 300000]]', 'duckdb', '2024-03-01')""",
)
_ANSWERS = '{"toilet": "leher_angsa", "toilet_drain": "tangki_septik", "meals_per_day": 3, "income_monthly": 2500000}'


def main(runs: int, _households: int) -> list[Figure]:
    """Build, ask in turns, compare medians."""
    with tempfile.TemporaryDirectory(prefix="selaras-pages-") as folder:
        _settle(Path(folder))
        user, stranger = _build()
        paths = {"lokus": f"/tahun/{SLUG}/lokus/{CODE}/"}
        paths |= {f"indikator {name}": f"/tahun/{SLUG}/lokus/{CODE}/indikator/{name}/" for name in INDICATORS}
        list_ = f"/tahun/{SLUG}/lokus/{CODE}/keluarga/"
        paths |= {f"list, {what}": f"{list_}?{query}" for what, query in {**LISTS, **SCANS}.items()}
        empty, busy = _client(stranger), _client(user)
        # Names are searched by whoever has asked to see them.
        busy.post(f"/tahun/{SLUG}/lokus/{CODE}/nama/", {"nama": "tampil"})
        taken: dict[str, list[float]] = {name: [] for name in ("kosong", *paths)}
        for turn in range(2 + 4 * runs):
            for name, path in {"kosong": "/", **paths}.items():
                spent = _ask(empty if name == "kosong" else busy, path)
                if turn >= 2:  # what a process remembers is remembered by then
                    taken[name].append(spent)
    base = statistics.median(taken["kosong"])
    figures = [Figure("an empty signed-in page", f"{base * 1000:.1f} ms")]
    for name in paths:
        what, found = f"{name}, {FAMILIES:,} families", statistics.median(taken[name]) / base
        scan = name.removeprefix("list, ") in SCANS
        figures.append(Figure(what, f"{found:.2f} ×") if scan else judged(what, found, MOST, "×"))
    show("Pages over 300,000 families (SQLite, one process)", figures)
    return figures


def _settle(folder: Path) -> None:
    """A Django of our own, before anything reads settings."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "selaras.settings",
        "SELARAS_SECRET_KEY": "only-for-measuring-" * 3,
        "SELARAS_DATA_KEY": "1:bWVhc3VyZS1tZWFzdXJlLW1lYXN1cmUtbWVhc3VyZSE=",
        "SELARAS_VAR": str(folder),
        "SELARAS_DATABASE_URL": f"sqlite:///{folder / 'pages.sqlite3'}",
        "SELARAS_ALLOWED_HOSTS": "testserver",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def _build() -> tuple[str, str]:
    """The lokus and its families; the secretary's name, and that of somebody without a task."""
    from django.db import connection

    from selaras.access import CONSOLE
    from selaras.actions import cycles, instruments, people
    from selaras.models import Place, Role, RoundKind
    from selaras.queries.rules import instrument_of

    parent = None
    for code, level, kind in (("36", "province", "provinsi"), ("36.72", "city", "kota"),
                              ("36.72.05", "kecamatan", "kecamatan"), (CODE, "kelurahan", "kelurahan")):  # fmt: skip
        name = {"36.72": "Cilegon", CODE: "Gedong Dalem"}.get(code, code)
        parent = Place.objects.create(code=code, name=name, level=level, kind=kind, parent=parent)
    cycle = cycles.open_cycle(by=CONSOLE, place=Place.objects.get(code="36.72"), year=2024, synthetic=True)
    lokus = cycles.add_lokus(by=CONSOLE, cycle=cycle, place=Place.objects.get(code=CODE), prefix="GD")
    days = {"opens": cycle.created_at.date(), "closes": cycle.created_at.date()}
    round_ = cycles.add_round(by=CONSOLE, cycle=cycle, kind=RoundKind.BASELINE, **days)
    version = instruments.publish(by=CONSOLE, workbook=WORKBOOK.read_bytes(), cycle=cycle)
    instrument = instrument_of(version)
    survey = ", ".join(f"'{name}'" for name, row in instrument.indicators.items() if row.origin == "survey")
    numbers = {"lokus": lokus.pk, "round": round_.pk, "version": version.pk, "count": FAMILIES}
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        for statement in _STATEMENTS:
            rows = _ALL.format(count=FAMILIES) if " FROM n" in statement else ""
            filled = statement.format(answers=_ANSWERS, survey=survey, **numbers)
            cursor.execute(filled.replace("SELECT", f"{rows}SELECT", 1) if rows else filled)
        cursor.execute("UPDATE selaras_lokus SET registered = %s", [FAMILIES])
        cursor.execute("ANALYZE")
    print(f"made {FAMILIES:,} families in {time.perf_counter() - began:.0f} s", flush=True)
    for username in ("sekretariat", "tamu"):
        people.create_user(by=CONSOLE, area="36.72", username=username, full_name=username)
    from selaras.queries.people import user_of

    secretary = user_of("sekretariat")
    if secretary is not None:
        people.assign(by=CONSOLE, user=secretary, role=Role.SECRETARIAT, place_code="36.72")
    return "sekretariat", "tamu"


def _client(username: str) -> "Client":
    from django.test import Client

    from selaras.queries.people import user_of

    client = Client()
    user = user_of(username)
    if user is None:
        raise LookupError(username)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _ask(client: "Client", path: str) -> float:
    began = time.perf_counter()
    response = client.get(path)
    spent = time.perf_counter() - began
    if response.status_code != 200:
        raise RuntimeError(f"{path}: {response.status_code}")
    return spent
