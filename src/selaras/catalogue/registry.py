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
    # --- kept searches --------------------------------------------------------------------------------------
    "views.name": Entry("nama tampilan belum ditulis", "tulis nama pendek, misalnya RT 02 belum didata"),
    "views.long": Entry("nama tampilan terlalu panjang", "paling banyak {most} huruf"),
    "views.nothing": Entry(
        "tidak ada saringan yang dapat disimpan", "pilih saringannya dulu; kata yang dicari tidak pernah disimpan"
    ),
    "views.taken": Entry("Anda sudah punya tampilan bernama {name}", "pilih nama lain, atau hapus yang lama"),
    "views.many": Entry("Anda sudah menyimpan {most} tampilan", "hapus dulu yang tidak dipakai"),
}
