"""What can be wrong about a family of the registry, the list of 100 and kept searches, in Indonesian."""

from selaras.catalogue.entry import Entry

REGISTRY: dict[str, Entry] = {
    # --- families -------------------------------------------------------------------------------------------
    "household.number": Entry(
        "itu bukan NIK, nomor KK, atau nomor HP", "ketik 16 angka NIK atau KK, atau nomor HP; spasi boleh"
    ),
    "household.digits": Entry(
        "{field} harus 16 angka", "periksa angkanya; kosongkan bila tidak berubah, tulis - untuk menghapusnya"
    ),
    "household.phone": Entry("nomor HP ini tidak lengkap", "tulis seperti 0812 3456 7890"),
    "household.taken": Entry("{field} ini sudah terdaftar pada keluarga {code}", "periksa kedua keluarga itu"),
    "household.changed": Entry(
        "data keluarga ini dibetulkan orang lain sejak Anda membukanya",
        "bandingkan keduanya di bawah, lalu simpan lagi bila tulisan Anda yang benar",
    ),
    # --- the list of 100 ------------------------------------------------------------------------------------
    "targets.none": Entry("belum ada keluarga yang dipilih", "centang dulu keluarganya, lalu tekan tombolnya lagi"),
    "targets.too_many": Entry("paling banyak {most} keluarga sekali jalan", "pilih lebih sedikit, lalu ulangi"),
    "targets.unknown": Entry("keluarga {code} tidak ada di lokus ini", "muat ulang halamannya, lalu pilih lagi"),
    "targets.same": Entry(
        "tidak ada yang berubah: keluarga itu sudah di sana",
        "muat ulang halamannya; mungkin orang lain baru saja memutuskannya",
    ),
    "targets.full": Entry(
        "sasaran lokus ini {size} keluarga; masih ada tempat untuk {room}, Anda memilih {chosen}",
        "pilih lebih sedikit, atau masukkan ke cadangan",
    ),
    "targets.not_target": Entry(
        "keluarga {code} bukan sasaran, jadi tidak dapat diganti",
        "muat ulang halamannya; mungkin orang lain baru saja menggantinya",
    ),
    "targets.reason": Entry("alasan penggantian belum dipilih", "pilih salah satu alasan di daftar"),
    "targets.note": Entry("catatan terlalu panjang", "paling banyak {most} huruf, tanpa nama orang"),
    "targets.edge": Entry("keluarga {code} sudah di ujung daftar", "pilih arah yang lain"),
    "targets.not_last": Entry(
        "sudah ada keputusan yang lebih baru, jadi yang ini tidak dapat diurungkan",
        "muat ulang halamannya, lalu ubah keluarganya satu per satu",
    ),
    # --- what became of a family ----------------------------------------------------------------------------
    "state.word": Entry("keadaan keluarga belum dipilih", "pilih salah satu di daftar"),
    "state.day": Entry(
        "tanggalnya kosong, belum tiba, atau terlalu lama", "tulis tanggal sejak kapan, paling lambat hari ini"
    ),
    "split.members": Entry(
        "pilih anggota yang pindah ke keluarga baru, paling sedikit satu dan tidak semuanya",
        "centang anggotanya; bila semua pindah, catat keadaan keluarga ini",
    ),
    "split.none": Entry("keluarga ini tidak pernah dipecah", "muat ulang halamannya"),
    "split.used": Entry(
        "keluarga {code} sudah dipakai: ada jawaban, kunjungan, kegiatan, atau tempat di daftar sasaran",
        "bandingkan keduanya di halaman Mungkin tercatat dua kali, lalu jawab satu keluarga",
    ),
    # --- families that stand twice --------------------------------------------------------------------------
    "duplicates.answer": Entry("jawabannya belum dipilih", "pilih satu keluarga, dua keluarga, atau satu rumah"),
    "duplicates.answered": Entry(
        "pasangan ini baru saja dijawab orang lain",
        "muat ulang halamannya; jawaban itu ada di bawah, dengan tombol urungkan",
    ),
    "duplicates.keep": Entry("belum dipilih keluarga mana yang tetap", "pilih salah satu kode, lalu tekan lagi"),
    "duplicates.two": Entry(
        "perlu dua kode keluarga yang berlainan dari lokus ini", "periksa kodenya, misalnya GD-014"
    ),
    "merge.lokus": Entry(
        "keluarga {code} ada di lokus lain, jadi tidak dapat digabungkan",
        "catat salah satunya sebagai pindah di halaman keluarganya",
    ),
    "merge.away": Entry("keluarga {code} sudah digabungkan atau dihapus", "muat ulang halamannya"),
    "merge.conflict": Entry(
        "ada perubahan dari HP untuk keluarga {code} yang belum diputuskan",
        "putuskan dulu perubahannya di halaman keluarga itu, lalu ulangi",
    ),
    "merge.frozen": Entry(
        "jawaban keluarga {code} sudah ikut dalam hasil yang dibekukan ({round})",
        "pilih keluarga itu sebagai yang tetap; bila keduanya ikut dihitung, jawab lagi pada tahun program berikutnya",
    ),
    "unmerge.erased": Entry(
        "salah satu keluarga sudah dihapus datanya atas permintaan", "penggabungan ini tidak dapat diurungkan lagi"
    ),
    "unmerge.later": Entry(
        "keluarga {code} sendiri sudah digabungkan ke keluarga lain", "urungkan dulu penggabungan yang lebih baru itu"
    ),
    "unmerge.forms": Entry(
        "{count} formulir tentang keluarga {code} masuk atau dibetulkan sesudah kedua keluarga digabungkan",
        "biarkan tergabung, supaya jawabannya tidak hilang; bila memang dua keluarga, pakai Pecah KK di halamannya",
    ),
    "unmerge.frozen": Entry(
        "hasil putarannya sudah dibekukan sesudah kedua keluarga digabungkan",
        "biarkan tergabung di tahun ini, supaya hasil itu tetap dapat dihitung ulang",
    ),
    "unmerge.split": Entry(
        "keluarga {code} sudah dipecah sesudah digabungkan", "urungkan dulu pemecahannya di halaman keluarga itu"
    ),
    "unmerge.kk": Entry(
        "nomor KK-nya kini terdaftar pada keluarga {code}", "betulkan dulu nomor KK keluarga itu, lalu ulangi"
    ),
    "unmerge.target": Entry(
        "tempat keluarga ini di daftar sasaran sudah diubah sesudah digabungkan",
        "urungkan dulu keputusan di daftar sasaran, lalu ulangi",
    ),
    "unmerge.full": Entry(
        "daftar sasaran akan memuat {count} keluarga, padahal paling banyak {size}",
        "keluarkan dulu satu keluarga dari daftar sasaran, lalu ulangi",
    ),
    # --- kept searches --------------------------------------------------------------------------------------
    "views.name": Entry("nama tampilan belum ditulis", "tulis nama pendek, misalnya RT 02 belum didata"),
    "views.long": Entry("nama tampilan terlalu panjang", "paling banyak {most} huruf"),
    "views.nothing": Entry(
        "tidak ada saringan yang dapat disimpan", "pilih saringannya dulu; kata yang dicari tidak pernah disimpan"
    ),
    "views.taken": Entry("Anda sudah punya tampilan bernama {name}", "pilih nama lain, atau hapus yang lama"),
    "views.many": Entry("Anda sudah menyimpan {most} tampilan", "hapus dulu yang tidak dipakai"),
}
