"""What can be wrong in a comparison, a follow-up after the year, or a strategy, in Indonesian."""

from selaras.catalogue.entry import Entry

RESULTS: dict[str, Entry] = {
    "comparison.place": Entry(
        "{place} bukan satu kelurahan di kota ini", "tulis nama kelurahan atau kodenya, misalnya 36.72.05.1001"
    ),
    "comparison.coached": Entry("{place} juga dibina tahun ini", "pilih kelurahan yang tidak dibina"),
    "comparison.counts": Entry(
        "jumlah keluarganya tidak cocok",
        "isi keempat bilangan: yang ditanya paling sedikit 1, dan yang sudah tidak lebih dari yang ditanya",
    ),
    "comparison.source": Entry("sumbernya belum ditulis", "tulis survei atau laporan yang memuat angka ini"),
    "comparison.health": Entry(
        "angka kesehatan tidak dibandingkan di sini", "bandingkan di dinas yang menangani indikator itu"
    ),
    "followup.owner": Entry("orang itu tidak bertugas di lokus ini", "pilih orang dari daftar"),
    "followup.due": Entry("tanggalnya belum diisi atau terlalu jauh", "isi tanggal di sekitar tahun program"),
    "followup.found": Entry(
        "belum ditulis apa yang terlihat", "tulis apa yang bertahan dan apa yang tidak, tanpa nama orang"
    ),
    "followup.stale": Entry("tindak lanjut ini sudah diubah orang lain", "lihat isinya sekarang, lalu simpan lagi"),
    "followup.done": Entry("tindak lanjut ini sudah selesai dicatat", "buka kembali dulu untuk mengubahnya"),
    "followup.kind": Entry("tindak lanjut itu tidak dikenal", "pilih 6 atau 12 bulan sesudahnya"),
    "followup.ahead": Entry(
        "{n} tindak lanjut tahun ini belum selesai, dan tahun yang ditutup tidak menerima data lagi",
        "catat hasilnya di Tindak lanjut, atau catat bahwa tidak dilakukan, lalu tutup tahun ini",
    ),
    "strategy.finding": Entry("temuannya belum ditulis", "tulis apa yang ditemukan, tanpa nama orang"),
    "strategy.found_in": Entry("belum ditulis di mana temuan itu tercatat", "tulis berita acara, rapat, atau gladinya"),
    "strategy.choice": Entry("{what} belum dipilih", "pilih salah satu dari daftar"),
    "strategy.decided": Entry(
        "perubahan dan tanggal keputusannya harus diisi bersama", "isi keduanya, atau kosongkan keduanya"
    ),
    "strategy.day": Entry("{found} bukan tanggal", "tulis misalnya 2024-08-12"),
    "strategy.indicators": Entry("ukuran yang dipilih tidak ada, atau lebih dari {most}", "pilih dari daftar"),
    "strategy.rounds": Entry("putaran kedua tidak sesudah yang pertama", "pilih dua putaran berurutan"),
    "strategy.stale": Entry("strategi ini sudah diubah orang lain", "lihat isinya sekarang, lalu simpan lagi"),
    "strategy.too_long": Entry("{what} lebih panjang dari {most} huruf", "ringkas"),
}
