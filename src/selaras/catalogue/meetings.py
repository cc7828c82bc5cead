"""What can be wrong in meetings, their papers and the letterhead, in Indonesian."""

from selaras.catalogue.entry import Entry

MEETINGS: dict[str, Entry] = {
    "meeting.changed": Entry(
        "rapat ini sudah diubah orang lain sesudah Anda membukanya", "bandingkan di bawah, lalu simpan lagi"
    ),
    "meeting.ends": Entry("jam selesai tidak sesudah jam mulai", "betulkan jam mulai atau jam selesai"),
    "meeting.cancelled": Entry("rapat ini sudah dibatalkan", "buat rapat baru dari halaman Rapat"),
    "meeting.guests": Entry("ada {found} undangan, paling banyak {limit}", "gabungkan atau kurangi barisnya"),
    "meeting.guest_long": Entry("undangan {guest} lebih dari 200 huruf", "tulis satu undangan satu baris"),
    "meeting.lines": Entry("{what} berisi {found} baris, paling banyak {limit}", "ringkas atau gabungkan barisnya"),
    "meeting.decisions": Entry("ada {found} keputusan, paling banyak {limit}", "gabungkan keputusan yang serupa"),
    "meeting.agency": Entry("OPD pada keputusan {number} bukan dari wilayah ini", "pilih dari daftar"),
    "meeting.committed": Entry("keputusan ini sudah menjadi komitmen {number}", "buka komitmennya untuk mengubah"),
    "meeting.decision_agency": Entry("keputusan ini belum punya OPD", "pilih OPD-nya di notulen, lalu coba lagi"),
    "attendance.closed": Entry(
        "daftar hadir ini sedang ditutup", "minta sekretariat mencatat nama Anda dari daftar kertas"
    ),
    "attendance.full": Entry("daftar hadir sudah penuh", "tulis nama Anda di daftar kertas"),
    "letterhead.changed": Entry(
        "kop surat sudah diubah orang lain sesudah Anda membukanya", "bandingkan di bawah, lalu simpan lagi"
    ),
    "letterhead.nip": Entry("NIP {nip} bukan 18 angka", "tulis 18 angka, misalnya 197001011990032001"),
    "letterhead.nip_date": Entry("NIP {nip} tidak berawal dari tanggal lahir", "periksa 8 angka pertamanya"),
    "letterhead.logo": Entry("lambang ini bukan gambar PNG atau JPEG yang utuh", "simpan ulang sebagai PNG lalu pilih"),
    "letterhead.logo_size": Entry(
        "lambang ini terlalu besar", "pakai gambar paling besar 1 MB dan 3.000 piksel tiap sisi"
    ),
}
