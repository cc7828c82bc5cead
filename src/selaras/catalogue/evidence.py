"""Evidence: what a file is, what it is cited for, who looks at it."""

from selaras.catalogue.entry import Entry

EVIDENCE: dict[str, Entry] = {
    "evidence.nothing": Entry("belum ada berkas atau tautan", "pilih satu berkas, atau tempel satu tautan"),
    "evidence.both": Entry("ada berkas dan tautan sekaligus", "kirim satu per satu: berkas atau tautan"),
    "evidence.empty": Entry("berkas itu kosong", "pilih berkas yang berisi"),
    "evidence.too_big": Entry(
        "berkas lebih dari {most} MB", "kecilkan, pecah, atau simpan di awan lalu kirim tautannya"
    ),
    "evidence.kind": Entry(
        "isi berkas bukan JPEG, PNG, HEIC, PDF, DOCX, atau XLSX", "simpan ulang sebagai salah satunya lalu kirim lagi"
    ),
    "evidence.svg": Entry(
        "gambar SVG atau halaman web dapat menjalankan program", "simpan sebagai PNG atau PDF lalu kirim lagi"
    ),
    "evidence.video": Entry("video tidak disimpan di sini", "unggah video di tempat lain lalu kirim tautannya"),
    "evidence.program": Entry("berkas itu program, bukan bukti", "kirim foto, dokumen, atau tautan"),
    "evidence.old_office": Entry(
        "berkas berformat lama (.doc, .xls) atau dikunci dengan sandi",
        "simpan ulang sebagai .docx, .xlsx, atau PDF tanpa sandi",
    ),
    "evidence.other_zip": Entry(
        "berkas itu arsip (ZIP) atau format Office lain", "keluarkan isinya lalu kirim satu per satu"
    ),
    "evidence.macros": Entry(
        "berkas berisi makro, yang tidak diterima", "simpan sebagai .docx, .xlsx, atau PDF tanpa makro"
    ),
    "evidence.bomb": Entry(
        "isi berkas membengkak lebih dari {limit} saat dibuka",
        "buang gambar besar atau sel kosong, atau simpan sebagai PDF",
    ),
    "evidence.broken": Entry("berkas rusak atau terpotong", "buka, simpan ulang, lalu kirim lagi"),
    "evidence.two": Entry(
        "di dalam berkas itu menumpang berkas lain", "buka, lalu simpan ulang atau cetak ke PDF dan kirim hasilnya"
    ),
    "evidence.points": Entry("foto lebih dari {most} megapiksel", "pilih ukuran lebih kecil di pengaturan kamera"),
    "evidence.url": Entry("tautan harus diawali https:// atau http://", "salin alamat lengkapnya dari peramban"),
    "evidence.url_secret": Entry("tautan itu membawa nama dan sandi", "hapus bagian sebelum tanda @ lalu kirim lagi"),
    "evidence.caption": Entry("keterangan lebih dari {most} karakter", "persingkat"),
    "evidence.caption_link": Entry(
        "belum ditulis apa isi tautan itu", "tulis singkat, misalnya “Video pelatihan menjahit”"
    ),
    "evidence.taken": Entry("bukti ini sudah dikirim orang lain", "muat ulang halamannya lalu kirim lagi"),
    "evidence.uses": Entry(
        "indikator atau kode itu tidak dikenal di tahun ini", "muat ulang halamannya lalu pilih lagi"
    ),
    "evidence.agency": Entry("OPD itu tidak dikenal di kota ini", "pilih dari daftar"),
    "evidence.newer": Entry(
        "bukti ini baru saja diubah atau diperiksa orang lain", "lihat keadaannya sekarang lalu ulangi bila perlu"
    ),
    "evidence.bounded": Entry(
        "kegunaan yang sudah ditolak atau dibatasi orang lain tidak dapat dilepas",
        "biarkan tercentang; untuk menilainya lagi minta pemeriksa membuka putusannya",
    ),
    "evidence.reason": Entry(
        "alasan menolak belum ditulis", "tulis apa yang kurang, supaya pengirim dapat memperbaikinya"
    ),
    "evidence.reason_long": Entry("alasan lebih dari {most} karakter", "persingkat"),
    "evidence.accept_none": Entry(
        "tidak ada kegunaan yang diterima", "centang yang dibuktikan berkas ini, atau tolak dengan alasan"
    ),
    "evidence.of_activity": Entry(
        "foto ini milik laporan kegiatan", "ganti atau hapus fotonya di laporan kegiatan itu"
    ),
    "evidence.undo": Entry("putusan itu tidak dapat ditarik lagi", "muat ulang halamannya untuk melihat keadaannya"),
    "evidence.head": Entry("kiriman bukti tidak terbaca", "muat ulang halamannya lalu pilih fotonya lagi"),
    "point.degrees": Entry("titik itu bukan pasangan lintang, bujur", "salin dari peta, misalnya -5.9981, 106.0312"),
    "point.radius": Entry("jari-jari harus 50 sampai 50.000 meter", "tulis angka meter, misalnya 1500"),
    "codes.title": Entry("nama daftar belum ditulis atau terlalu panjang", "tulis singkat, misalnya “KLA 2025”"),
    "codes.none": Entry(
        "tidak ada kode di dalamnya", "tulis satu kode sebaris: kode, lalu tanda | atau tab, lalu isinya"
    ),
    "codes.line": Entry("baris {line}: {what}", "tulis kode, lalu tanda | atau tab, lalu isinya"),
    "codes.many": Entry("lebih dari {most} kode", "pecah menjadi beberapa daftar"),
    "codes.same": Entry("daftar bernama itu sudah ada", "buka daftarnya, atau beri nama lain"),
}
