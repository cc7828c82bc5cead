"""What can be wrong when a year is opened and set up: places, stages, loci, teams, groups, agencies, past years."""

from selaras.catalogue.entry import Entry

SETUP: dict[str, Entry] = {
    "setup.changed": Entry(
        "bagian ini baru saja diubah orang lain", "bandingkan dengan isian Anda di bawah, lalu simpan lagi"
    ),
    "setup.nothing": Entry("tidak ada yang diubah", "isi dulu bagiannya, lalu simpan"),
    "cycle.year": Entry("tahun {year} tidak masuk akal", "tulis tahun empat angka, misalnya 2027"),
    "cycle.programme": Entry("nama program kosong", "tulis namanya, misalnya P2WKSS"),
    "cycle.secretariat": Entry("pengguna {username} tidak ada", "periksa nama penggunanya, atau buat dulu akunnya"),
    "cycle.from": Entry("{cycle} bukan tahun program wilayah itu", "pilih tahun program wilayah yang sama"),
    "cycle.twice": Entry("{round} ditulis dua kali", "hapus salah satunya, atau bedakan nomornya"),
    "cycle.round_used": Entry(
        "putaran {round} sudah berisi kiriman atau dipakai HP kader, jadi tidak dapat dihapus", "ubah tanggalnya saja"
    ),
    "cycle.unread": Entry(
        "{n} kiriman dari lapangan sudah diterima tetapi belum dibaca, jadi tahun ini belum dapat ditutup",
        "tunggu sebentar lalu tutup lagi; bila tidak berkurang, minta pengelola server memeriksa `selaras doctor`",
    ),
    "cycle.instrument": Entry("instrumen utama belum dipilih", "pilih satu sebagai instrumen utama"),
    "lokus.used": Entry("lokus {lokus} sudah berisi data, jadi {what} tidak dapat diubah", "biarkan seperti adanya"),
    "lokus.used_remove": Entry("lokus {lokus} sudah berisi data", "lokus yang berisi tidak dapat dihapus"),
    "lokus.target": Entry("sasaran {target} keluarga tidak masuk akal", "tulis 1 sampai 5.000"),
    "team.name": Entry("nama {name} sudah dipakai tim lain di wilayah itu", "beri nama lain"),
    "team.area": Entry("wilayah tim itu di luar {city}", "pilih wilayah di dalamnya"),
    "team.decree": Entry("nomor SK kosong sedangkan tanggal atau berkasnya diisi", "tulis nomor SK"),
    "team.file": Entry("berkas SK {name} bukan PDF, JPEG, atau PNG", "pindai ulang sebagai PDF"),
    "team.line": Entry(
        "baris {line} tidak terbaca: {text}", "tulis nama; P atau L; tugas; jabatan; OPD, dipisah titik koma atau tab"
    ),
    "team.sex": Entry(
        "baris {line}: jenis kelamin {text} bukan P atau L", "tulis P untuk perempuan, L untuk laki-laki"
    ),
    "team.agency": Entry("baris {line}: OPD {text} belum ada di daftar", "tambahkan dulu di halaman OPD"),
    "team.full": Entry("tim berisi lebih dari {limit} anggota", "pecah menjadi beberapa tim"),
    "group.name": Entry("kelompok {name} sudah ada di wilayah itu", "beri nama lain"),
    "group.place": Entry("{place} bukan kelurahan atau desa di {city}", "pilih kelurahan atau desa di sana"),
    "agency.exists": Entry("OPD {name} sudah ada", "pakai yang sudah ada, atau beri nama lain"),
    "agency.former": Entry("OPD {name} sudah berganti nama", "ubah yang berlaku sekarang"),
    "agency.same": Entry("nama OPD tidak berubah", "tulis nama barunya"),
    "achievement.programme": Entry(
        "gelar atau tingkat prestasi itu menyebut {named}, sedangkan program yang dipilih adalah {chosen}",
        "pilih program yang disebutnya, atau catat prestasinya dengan gelar dan tingkat tanpa nama program itu",
    ),
    "achievement.no_programme": Entry("program {found!r} tidak dikenal", "pilih program dari daftarnya"),
    "achievement.figures": Entry(
        "prestasi {title} masih punya angka di gladi",
        "bila hanya programnya yang keliru, ubah programnya di sini; selain itu hapus dulu angkanya, yang dicatat"
        " sekretariat {cities}, di halaman Gladi tahun {next}; bila tahun itu sudah ditutup, prestasinya tetap",
    ),
    "history.source": Entry("sumber belum ditulis", "tulis naskah atau halaman yang menyebutnya"),
    "history.year": Entry("tahun {year} belum lewat", "tulis tahun sebelum {before}"),
    "history.loci": Entry("belum ada lokus yang dipilih", "pilih paling sedikit satu kelurahan"),
    "history.total": Entry(
        "nilai {total} dari {scale} tidak masuk akal", "tulis nilai 0 sampai skalanya, misalnya 87,5 dari 100"
    ),
}
