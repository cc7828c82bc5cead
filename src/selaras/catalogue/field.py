"""What can be wrong with phones and what they send, in Indonesian."""

from selaras.catalogue.entry import Entry

FIELD: dict[str, Entry] = {
    "phone.ended": Entry("tugas orang ini sudah berakhir", "beri tugas baru dahulu, lalu buat kode HP-nya"),
    "phone.no_instrument": Entry(
        "tahun program ini belum punya instrumen utama", "pilih instrumennya di halaman Atur tahun ini"
    ),
    "edit.decided": Entry("perubahan ini sudah diputuskan orang lain", "muat ulang halamannya untuk melihat hasilnya"),
    "edit.unknown": Entry("bagian itu tidak diubah kiriman ini", "muat ulang halamannya lalu pilih lagi"),
    "edit.none": Entry("tidak ada perubahan yang menunggu keputusan", "muat ulang halamannya untuk melihat hasilnya"),
    "arrival.decided": Entry("kiriman ini sudah diputuskan orang lain", "muat ulang halamannya untuk melihat hasilnya"),
    "arrival.broken": Entry(
        "isi kiriman ini rusak dan tidak dapat dibaca", "sisihkan dengan alasannya, lalu minta kader mendata ulang"
    ),
    "arrival.form": Entry("formulir itu bukan milik tahun program ini", "pilih formulir dari daftar"),
    "arrival.household": Entry(
        "keluarga {code} tidak ada di wilayah Anda pada tahun program ini", "periksa kodenya, misalnya GD-014"
    ),
    "arrival.busy": Entry("keluarga ini sedang diubah orang lain", "tunggu beberapa detik, lalu coba lagi"),
    "arrival.unseen": Entry(
        "yang perlu diputuskan pada kiriman ini sudah berubah sejak halamannya dibuka",
        "baca lagi di bawah, lalu putuskan sekali lagi",
    ),
    "arrival.typed": Entry(
        "untuk keluarga {code} ada yang perlu Anda ketahui sebelum kiriman ini diterima",
        "baca di bawah; bila memang keluarga itu, tekan sekali lagi",
    ),
    "arrival.unread": Entry("kiriman ini tidak dapat diunduh dari sini", "baca jawabannya di halaman ini"),
    "arrival.why": Entry("alasannya belum ditulis", "tulis singkat mengapa kiriman ini disisihkan"),
    "arrival.still": Entry(
        "kiriman ini masih tertahan: {reason}", "baca di halaman kirimannya apa yang diperlukan, lalu putuskan lagi"
    ),
    "recheck.nobody": Entry(
        "belum ada keluarga yang dapat diundi pada putaran ini",
        "tunggu sampai kader mendata; keluarga yang pernah diundi tidak diundi lagi",
    ),
    "recheck.size": Entry(
        "banyaknya keluarga belum benar", "isi 1 sampai {most} keluarga per kader, atau 1 sampai 100 persen"
    ),
    "recheck.questions": Entry(
        "pertanyaannya belum dipilih atau terlalu banyak", "pilih 1 sampai {most} pertanyaan dari daftar"
    ),
    "recheck.blank": Entry(
        "belum ada satu pun jawaban", "isi paling sedikit satu jawaban, atau ganti hasil kunjungannya"
    ),
    "photo.barred": Entry(
        "keluarga ini tidak mengizinkan fotonya dilihat", "tanyakan lagi kepada keluarganya bila fotonya diperlukan"
    ),
    "photo.uses": Entry("pilihan izin foto tidak dikenal", "muat ulang halamannya lalu centang lagi"),
    "stand_in.who": Entry("kader atau penggantinya belum dipilih", "pilih keduanya dari daftar"),
    "stand_in.herself": Entry("kader tidak dapat menggantikan dirinya sendiri", "pilih orang lain sebagai pengganti"),
    "stand_in.ended": Entry("{name} tidak sedang bertugas", "pilih kader yang tugasnya masih berjalan"),
    "stand_in.days": Entry("tanggalnya belum benar", "hari terakhir tidak sebelum hari pertama, dan belum lewat"),
    "stand_in.long": Entry("paling lama {most} hari", "serahkan tugasnya bila kader berhenti lebih lama dari itu"),
    "stand_in.twice": Entry("{name} sudah menggantikan kader itu pada tanggal ini", "akhiri dahulu yang sudah ada"),
    "agreed.agreement": Entry(
        "kesepakatannya belum lengkap",
        "isi nama instansi, nomor dan tanggal kesepakatan, dan untuk apa datanya dipakai",
    ),
    "agreed.file": Entry("berkasnya belum dipilih", "pilih berkas .xlsx, .ods, atau .csv dari instansi itu"),
    "agreed.over": Entry("daftar ini sudah dipakai atau dibuang", "muat ulang halamannya, atau unggah daftar baru"),
    "agreed.columns": Entry(
        "dua kolom berarti sama, atau artinya tidak dikenal", "pilih arti yang berbeda untuk tiap kolom"
    ),
    "agreed.whose": Entry(
        "belum ada kolom yang menunjukkan keluarganya", "pilih kolom kode keluarga, nomor KK, atau NIK"
    ),
    "agreed.nothing": Entry("belum ada kolom jawaban yang dipilih", "pilih paling sedikit satu pertanyaan"),
    "agreed.nobody": Entry(
        "tidak ada keluarga lokus ini di dalam daftar", "periksa kolom kode, nomor KK, atau NIK, lalu coba lagi"
    ),
    "agreed.rows": Entry("daftarnya lebih dari {most} baris", "bagi menjadi beberapa berkas, satu untuk tiap lokus"),
}
