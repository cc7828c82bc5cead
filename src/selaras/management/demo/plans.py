"""Who does what in the demo's year: invented promises, meetings and activities, each marked so by the year itself."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions import activities, asks, groups, letterheads, meetings, plans, targets, teams, weekly
from selaras.management.demo.reactions import react
from selaras.models import Agency, CommitmentState, Cycle, Fund, GroupKind, Lokus, TeamKind, User
from selaras.queries.asks import current_agencies
from selaras.queries.needs import needs_seen
from selaras.queries.places import place_of
from selaras.queries.programme import primary_of

GD, SJ = "36.72.05.1005", "36.72.05.1001"
#: How long agencies have to answer.
ANSWERED_IN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Promise:
    """One commitment. `families`: the first so many with the need (0: the place as a whole)."""

    agency: str
    lokus: str
    indicator: str
    families: int
    title: str
    unit: str
    budget: int
    fund: str
    starts: date
    ends: date
    state: str = CommitmentState.PLANNED
    obstacle: str = ""
    skip: int = 0


def _day(month: int, day: int) -> date:
    return date(2024, month, day)


PROMISES = (
    Promise(
        *("Disperkim", GD, "jamban_sehat", 24, "Membangun jamban sehat dengan tangki septik", "unit", 168_000_000),
        *(Fund.DPA, _day(5, 6), _day(8, 30), CommitmentState.DONE),
    ),
    Promise(
        *("BAZNAS", GD, "jamban_sehat", 9, "Bantuan jamban keluarga", "unit", 45_000_000),
        *(Fund.BAZNAS, _day(6, 3), _day(9, 27), CommitmentState.RUNNING),
        skip=18,
    ),
    Promise(
        *("Disperkim", SJ, "rumah_layak", 12, "Memperbaiki rumah tidak layak huni", "rumah", 360_000_000),
        *(Fund.RENJA, date(2025, 3, 3), date(2025, 9, 26), CommitmentState.PROPOSED),
    ),
    Promise(
        *("Disperkim", GD, "air_bersih", 15, "Menyambung air bersih ke rumah", "sambungan", 37_500_000),
        *(Fund.PERUBAHAN, _day(9, 2), _day(11, 29), CommitmentState.PLANNED),
    ),
    Promise(
        *("DKCS", GD, "akta_lahir", 22, "Layanan akta kelahiran keliling", "akta", 0),
        *(Fund.DPA, _day(5, 13), _day(5, 31), CommitmentState.DONE),
    ),
    Promise(
        *("DKCS", SJ, "nik_tercatat", 17, "Perekaman NIK dari rumah ke rumah", "orang", 0),
        *(Fund.DPA, _day(5, 20), _day(6, 28), CommitmentState.RUNNING),
    ),
    Promise(
        *("Dinkes", GD, "cuci_tangan", 30, "Membagikan sarana cuci tangan dan penyuluhan PHBS", "paket", 9_000_000),
        *(Fund.DPA, _day(5, 6), _day(7, 31), CommitmentState.RUNNING),
    ),
    Promise(
        *("Dinkop UKM", GD, "perempuan_dilatih", 40, "Pelatihan menjahit dan olahan pangan", "orang", 96_000_000),
        *(Fund.DPA, _day(6, 10), _day(8, 16), CommitmentState.RUNNING),
    ),
    Promise(
        *("Dinkop UKM", SJ, "usaha_berizin", 20, "Pendampingan NIB dan sertifikat halal", "usaha", 10_000_000),
        *(Fund.DPA, _day(6, 3), _day(9, 30), CommitmentState.BLOCKED),
        obstacle="jadwal pendaftaran massal belum keluar",
    ),
    Promise(
        *("DKPP", GD, "pekarangan", 45, "Bibit sayur dan lele untuk pekarangan", "paket", 22_500_000),
        *(Fund.DPA, _day(5, 20), _day(10, 31), CommitmentState.RUNNING),
    ),
    Promise(
        *("DLH", SJ, "sampah", 0, "Membentuk bank sampah lingkungan", "kelompok", 15_000_000),
        *(Fund.KELURAHAN, _day(6, 17), _day(8, 30), CommitmentState.PLANNED),
    ),
    Promise(
        *("Dindikbud", GD, "paud", 8, "Membuka kelas PAUD di posyandu", "anak", 24_000_000),
        *(Fund.CSR, _day(7, 1), _day(7, 31), CommitmentState.PLANNED),
    ),
    Promise(
        *("TP PKK", GD, "perempuan_berkelompok", 27, "Mengajak ibu masuk dasawisma dan UP2K", "orang", 0),
        *(Fund.SWADAYA, _day(5, 6), _day(10, 31), CommitmentState.RUNNING),
    ),
    Promise(
        *("Kemenag", SJ, "buku_nikah", 14, "Isbat nikah terpadu", "pasangan", 0),
        *(Fund.DPA, _day(8, 5), _day(8, 30), CommitmentState.PLANNED),
    ),
    Promise(
        *("DP3AP2KB", GD, "tahu_saluran", 0, "Sosialisasi saluran bantuan SAPA 129 dan UPTD PPA", "kali", 12_000_000),
        *(Fund.DPA, _day(5, 27), _day(7, 26), CommitmentState.DONE),
    ),
)
MEMBERS = (
    ("Contoh Sekretaris Daerah", "P", "ketua", "Sekretaris Daerah"),
    ("Contoh Kepala DP3AP2KB", "P", "sekretaris", "Kepala DP3AP2KB"),
    ("Contoh Kepala Bappedalitbang", "L", "anggota", "Kepala Bappedalitbang"),
    ("Contoh Kepala Dinas Kesehatan", "P", "anggota", "Kepala Dinas Kesehatan"),
    ("Contoh Kepala Disperkim", "L", "anggota", "Kepala Disperkim"),
    ("Contoh Ketua TP PKK", "P", "anggota", "Ketua TP PKK"),
    ("Contoh Ketua GOW", "P", "anggota", "Ketua GOW"),
    ("Contoh Camat Jombang", "L", "anggota", "Camat Jombang"),
)
GROUPS = (
    (GD, groups.Told(GroupKind.KWT, "KWT Contoh Melati", women=24)),
    (GD, groups.Told(GroupKind.FORUM_ANAK, "Forum Anak Contoh Gedong Dalem", children=18)),
    (SJ, groups.Told(GroupKind.UP2K, "UP2K Contoh Sukmajaya", women=16)),
    (SJ, groups.Told(GroupKind.MAJELIS, "Majelis Taklim Contoh", women=35)),
)


@dataclass(frozen=True, slots=True)
class Done:
    """One activity; `promise` is the number of its commitment, `came` women by age band."""

    lokus: str
    title: str
    on: date
    agency: str
    quantity: int
    unit: str
    promise: int
    came: tuple[int, int, int]
    disabled: int


ACTIVITIES = (
    Done(GD, "Sosialisasi saluran bantuan di balai kelurahan", _day(5, 30), "DP3AP2KB", 1, "kali", 15, (3, 41, 6), 2),
    Done(GD, "Layanan akta keliling", _day(5, 22), "DKCS", 22, "akta", 5, (4, 19, 2), 0),
    Done(GD, "Jamban sehat selesai dibangun", _day(8, 28), "Disperkim", 24, "unit", 1, (0, 24, 0), 1),
    Done(GD, "Pelatihan menjahit, minggu pertama", _day(6, 14), "Dinkop UKM", 18, "orang", 8, (0, 18, 0), 1),
    Done(SJ, "Perekaman NIK di RW 02", _day(6, 5), "DKCS", 9, "orang", 6, (2, 6, 1), 0),
)


def plan(cycle: Cycle, loci: Sequence[Lokus], secretariat: User) -> None:
    """Everything that follows the baseline."""
    agencies = {agency.short_name: agency for agency in current_agencies(cycle)}
    _teams(cycle, secretariat)
    for lokus in loci:
        _listed(cycle, lokus, secretariat)
    asks.ask_all(by=secretariat, cycle_slug=cycle.slug, due=timezone.localdate() + ANSWERED_IN)
    for promise in PROMISES:
        _promised(cycle, agencies[promise.agency], promise, secretariat)
    _meeting(cycle, agencies, secretariat)
    for done in ACTIVITIES:
        _done(cycle, agencies, done)
    react(cycle, secretariat)
    weekly.make_now(by=secretariat, cycle_slug=cycle.slug)


def _teams(cycle: Cycle, by: User) -> None:
    team = teams.add_team(by=by, cycle=cycle, kind=TeamKind.PEMBINA, name="Tim Pembina P2WKSS", area="36.72")
    decree = teams.Decree("contoh/001/2024", _day(1, 15))
    teams.change_team(by=by, team=team, kind=TeamKind.PEMBINA, name=team.name, area=team.area, decree=decree)
    teams.add_members(by=by, team=team, members=[teams.Member(*member) for member in MEMBERS])
    for code, told in GROUPS:
        groups.add_group(by=by, cycle=cycle, place=place_of(code), rw="", told=told)


def _listed(cycle: Cycle, lokus: Lokus, by: User) -> None:
    """Ninety-six families are coached, four wait in reserve."""
    codes = [f"{lokus.prefix}-{number:03d}" for number in range(1, 101)]
    targets.decide(by=by, cycle_slug=cycle.slug, code=lokus.area, households=codes[:96], to="target")
    targets.decide(by=by, cycle_slug=cycle.slug, code=lokus.area, households=codes[96:], to="reserve")


def _promised(cycle: Cycle, agency: Agency, promise: Promise, by: User) -> None:
    open_ = needs_seen(by, cycle, primary_of(cycle)).filter(
        closed_at__isnull=True, lokus__area=promise.lokus, indicator=promise.indicator
    )
    ids = list(open_.order_by("household__code").values_list("pk", flat=True))
    needs = ids[promise.skip : promise.skip + promise.families]
    values = {
        "title": promise.title,
        "volume": Decimal(len(needs) or 1),
        "unit": promise.unit,
        "budget": Decimal(promise.budget),
        "fund": promise.fund,
        "legal_basis": "contoh: tugas dan fungsi",
        "starts": promise.starts,
        "ends": promise.ends,
        "person": f"Contoh Penanggung Jawab {agency.short_name}",
        "state": promise.state,
        "obstacle": promise.obstacle,
    }
    plans.commit(
        by=by,
        cycle_slug=cycle.slug,
        agency_id=agency.pk,
        lokus_code=promise.lokus,
        indicator=promise.indicator,
        needs=needs,
        values=values,
    )


def _meeting(cycle: Cycle, agencies: dict[str, Agency], by: User) -> None:
    """The meeting of 25 April 2024 took place (see the stages); what was said and who came is invented."""
    head = letterheads.Head(
        lines=("PEMERINTAH KOTA CILEGON", "CONTOH KOP SURAT"),
        address="Alamat contoh, Cilegon",
        town="Cilegon",
        signer_office="Sekretaris Daerah",
        signer_name="Contoh Nama Penanda Tangan",
        signer_rank="Pembina Utama Madya",
        signer_nip="197001011999122999",
    )
    letterheads.save_letterhead(by=by, cycle_slug=cycle.slug, version=0, head=head)
    called = meetings.Called(
        kind="rakor",
        title="Rapat koordinasi tim sektoral P2WKSS",
        starts=datetime(2024, 4, 25, 2, 0, tzinfo=UTC),
        ends=datetime(2024, 4, 25, 5, 0, tzinfo=UTC),
        venue="Aula contoh, Kantor Wali Kota Cilegon",
        agenda="Hasil pendataan awal dua lokus\nSiapa berbuat apa\nJadwal pelaksanaan sampai penilaian",
        letter_number="contoh/005/2024",
        letter_date=_day(4, 18),
        guests="\n".join(f"Kepala {short}" for short in agencies),
    )
    meeting = meetings.call_meeting(by=by, cycle_slug=cycle.slug, values=called)
    for number, short in enumerate(list(agencies)[:10], start=1):
        name = f"Contoh Peserta {number}"
        meetings.add_attendee(
            by=by, cycle_slug=cycle.slug, meeting_id=meeting, name=name, office=short, sex="PL"[number % 3 == 0]
        )
    decided = (
        ("Menyisir keluarga tanpa jamban yang belum ada pelaksananya", "Disperkim", _day(5, 17)),
        ("Menyepakati jadwal penyuluhan bersama tiap Rabu", "DP3AP2KB", _day(5, 8)),
    )
    meetings.record_minutes(
        by=by,
        cycle_slug=cycle.slug,
        meeting_id=meeting,
        version=1,
        minutes="Hasil pendataan dipaparkan per indikator.\nTiap OPD menyampaikan kesanggupannya.",
        chair="Sekretaris Daerah",
        note_taker="Contoh Notulis",
        decisions=[meetings.Decided(None, text, agencies[short].pk, due) for text, short, due in decided],
    )


def _done(cycle: Cycle, agencies: dict[str, Agency], done: Done) -> None:
    told = activities.Told(
        title=done.title,
        on=done.on,
        agency_id=agencies[done.agency].pk,
        quantity=Decimal(done.quantity),
        unit=done.unit,
        attended={"P": dict(zip(("anak", "dewasa", "lansia"), done.came, strict=True))},
        disabled=done.disabled,
        commitments=(done.promise,),
    )
    activities.report(by=CONSOLE, cycle_slug=cycle.slug, lokus_code=done.lokus, activity_id=uuid.uuid4(), told=told)
