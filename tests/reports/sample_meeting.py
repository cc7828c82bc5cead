"""A meeting whose papers say everything that papers can say."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from selaras.queries.meetings import Attendee, Clock, DecisionLine, LetterheadView, MeetingPage
from selaras.queries.refs import CycleRef

HEAD = LetterheadView(
    lines=("Pemerintah Kota Uji", "Dinas Uji"),
    address="Jalan Uji 1, Kota Uji 42411",
    logo=b"",
    town="Kota Uji",
    signer_office="a.n. Wali Kota Uji\nSekretaris Daerah",
    signer_name="Ani Uji, M.Si.",
    signer_rank="Pembina Utama Muda",
    signer_nip="197001011990032001",
    version=1,
)
MEETING = MeetingPage(
    cycle=CycleRef("kota-uji-2024", "P2WKSS", "Kota Uji", 2024, synthetic=False),
    id=UUID(int=1),
    kind="rakor",
    title="Rapat Koordinasi Uji",
    when=Clock(date(2024, 4, 25), "09.00", "12.00", "WIB"),
    venue="Aula Setda",
    agenda=("Hasil pendataan", "Pembagian tugas"),
    chair="Sekretaris Daerah",
    letter_number="400.2/112/UJI",
    letter_date=date(2024, 4, 18),
    nature="Penting",
    attachment="",
    note="Dimohon hadir tepat waktu.",
    copies=("Wali Kota Uji",),
    minutes="Rapat dibuka.\nDinas Sosial melapor.",
    note_taker="Citra Uji",
    guests=("Kepala Dinas Sosial", "Lurah Uji"),
    attendees=(
        Attendee(1, "Siti Uji", "Dinas Sosial", "P", by_qr=True, at="09.05"),
        Attendee(2, "Budi Uji", "Bappeda", "L", by_qr=False, at="13.00"),
        Attendee(3, "Tanpa Keterangan", "", "", by_qr=False, at="13.00"),
    ),
    decisions=(
        DecisionLine(1, 1, "Bangun sepuluh jamban", 3, "Disperkim", date(2024, 8, 31), "K-014"),
        DecisionLine(2, 2, "Jawab lembar kebutuhan", None, "", None, ""),
    ),
    head=HEAD,
    lacks=(),
    state="past",
    token="t" * 43,
    version=1,
    may_change=True,
    may_reinstate=False,
    agencies=(),
)


def many_guests(count: int) -> MeetingPage:
    """The same meeting with so many guests."""
    return replace(MEETING, guests=tuple(f"Kepala Dinas {number}" for number in range(1, count + 1)))
