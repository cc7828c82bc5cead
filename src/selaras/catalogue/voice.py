"""What can be wrong with a family's sheet and with what is written down of its words, in Indonesian."""

from selaras.catalogue.entry import Entry

VOICE: dict[str, Entry] = {
    "sheet.nobody": Entry("tidak ada keluarga yang cocok", "pilih RT lain, atau periksa kode keluarganya"),
    "sheet.many": Entry("lebih dari {most} keluarga sekaligus", "cetak per RT"),
    "sheet.contact": Entry(
        "nama dan telepon yang dihubungi belum lengkap", "isi keduanya, misalnya “Kelurahan, Bu Rina” dan 0254 123456"
    ),
    "sheet.phone": Entry("nomor telepon itu tidak lengkap", "tulis 6 sampai 15 angka, misalnya 0812 3456 7890"),
    "sheet.code": Entry("kode itu tidak kami kenal", "periksa hurufnya di lembar, atau minta lembar baru kepada kader"),
    "sheet.name": Entry(
        "nama itu tidak cocok dengan keluarga di lembar ini", "periksa ejaannya; masih dapat dicoba {left} kali"
    ),
    "sheet.locked": Entry(
        "nama sudah terlalu sering keliru, jadi lembar ini dikunci",
        "minta kader mengganti kodenya, atau jawab lewat kader",
    ),
    "sheet.nameless": Entry(
        "nama ibu di keluarga ini belum tercatat, jadi lembar ini belum bisa dijawab di sini", "jawab lewat kader"
    ),
    "sheet.official": Entry(
        "Anda masuk sebagai petugas, jadi tidak dapat menjawab sebagai keluarga",
        "catat jawabannya di halaman keluarga, supaya terlihat siapa yang mencatat",
    ),
    "voice.nothing": Entry("belum ada jawaban yang dipilih", "pilih “Sudah saya terima” atau “Belum” dahulu"),
    "voice.promise": Entry("janji itu tidak ada pada keluarga ini", "muat ulang halaman ini, lalu pilih lagi"),
    "voice.who": Entry("belum dipilih siapa yang menjawab", "pilih ibu sendiri atau orang lain di rumah"),
    "voice.day": Entry("tanggalnya tidak dalam tahun program ini atau belum tiba", "pilih tanggal yang benar"),
    "voice.round": Entry(
        "putaran itu bukan kunjungan sesudah data awal", "pilih kunjungan, data akhir, 6 atau 12 bulan sesudahnya"
    ),
    "voice.kind": Entry("jenis bantuannya belum dipilih", "pilih alat, ternak, modal, barang lain, atau layanan"),
    "voice.holder": Entry("belum dipilih siapa yang memegang", "pilih salah satu, atau “sudah tidak ada”"),
    "voice.user": Entry("belum dipilih siapa yang memakai", "pilih salah satu, atau “tidak dipakai”"),
    "voice.woman": Entry("perempuan itu tidak ada di keluarga ini", "muat ulang halaman ini, lalu pilih lagi"),
    "voice.answer": Entry("ada jawaban yang tidak dikenal", "muat ulang halaman ini, lalu pilih lagi"),
}
