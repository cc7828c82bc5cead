"""What can be wrong with a claim, with what somebody found in it, and with what a proof shows, in Indonesian."""

from selaras.catalogue.entry import Entry

READINESS: dict[str, Entry] = {
    "claim.measured": Entry(
        "butir ini diukur dari jawaban keluarga, jadi tidak diklaim", "lengkapi pendataannya; angkanya mengikuti"
    ),
    "claim.published": Entry(
        "butir ini diambil dari rekap rujukan yang diterbitkan, jadi tidak diklaim",
        "petugas perlindungan menerbitkannya; di bawah ambang tidak ada nilainya",
    ),
    "claim.newer": Entry(
        "klaim ini sudah diubah orang lain sejak Anda membukanya", "baca yang terbaru di bawah, lalu simpan lagi"
    ),
    "claim.nothing": Entry("belum dipilih atau diisi", "pilih satu jawaban, atau tulis angkanya"),
    "claim.number": Entry("“{value}” bukan angka", "tulis angkanya saja, misalnya 12 atau 0,75"),
    "claim.range": Entry("bagian ditulis dari 0 sampai 1", "72 % ditulis 0,72"),
    "claim.text": Entry("{what} lebih dari {most} karakter", "persingkat"),
    "claim.own": Entry("klaim Anda sendiri tidak dapat Anda periksa", "minta orang lain di sekretariat atau kecamatan"),
    "claim.reason": Entry("temuan di bawah klaim tanpa alasan", "tulis singkat apa yang tidak terlihat di bukti"),
    "claim.limit": Entry(
        "orang lain sudah menetapkan paling banyak berapa yang ditunjukkan bukti ini",
        "Anda dapat menurunkannya; untuk menaikkannya minta sekretariat atau kecamatan yang tidak mengklaimnya",
    ),
    "claim.unclaimed": Entry("butir ini belum ada klaimnya", "isi klaimnya dulu, baru diperiksa"),
}
