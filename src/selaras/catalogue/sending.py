"""What can be wrong with an item of a browser's queue, in Indonesian. It stays with its sender, whatever is said."""

from selaras.catalogue.entry import Entry

SENDING: dict[str, Entry] = {
    "parcel.head": Entry(
        "kiriman ini tidak dapat dibaca", "simpan berkas cadangannya, lalu hubungi kelurahan atau pengelola server"
    ),
    "parcel.parts": Entry("kiriman ini berisi terlalu banyak berkas", "kirim paling banyak {most} foto sekaligus"),
    "parcel.large": Entry("kiriman ini lebih dari 100 MB", "hapus foto yang tidak perlu, lalu kirim lagi"),
    "parcel.kind": Entry("kiriman jenis {kind} belum dikenal di sini", "perbarui halamannya selagi ada sinyal"),
    "parcel.form": Entry(
        "kiriman tiba tanpa formulir", "simpan berkas cadangannya, lalu hubungi kelurahan atau pengelola server"
    ),
    "parcel.unfinished": Entry(
        "terlalu banyak kiriman Anda yang baru setengah jalan", "selesaikan pengiriman yang lama lebih dahulu"
    ),
    "parcel.none": Entry("berkasnya belum dipilih", "pilih berkas berakhiran .selaras yang diunduh dari HP"),
    "parcel.file": Entry(
        "berkas ini bukan berkas cadangan isian Selaras", "pilih berkas berakhiran .selaras yang diunduh dari HP"
    ),
    "parcel.locked": Entry(
        "berkas ini dibuat untuk server lain atau sudah berubah", "buka di server tempat isian itu dibuat"
    ),
    "parcel.cut": Entry(
        "berkas ini terpotong; yang tertulis sesudah ini belum masuk", "unduh ulang dari HP, lalu bawa lagi ke sini"
    ),
    "parcel.later": Entry(
        "server sedang tidak dapat menyimpan isian ini", "bawa lagi berkas yang sama beberapa saat lagi"
    ),
    "parcel.empty": Entry("berkas ini tidak berisi isian", "buat ulang berkas cadangannya di HP"),
    "parcel.owner": Entry(
        "berkas ini milik orang yang bekerja di luar wilayah Anda", "minta pemiliknya atau sekretariat membawanya"
    ),
}
