"""What can be wrong with a reported activity, in Indonesian."""

from selaras.catalogue.entry import Entry

ACTIVITIES: dict[str, Entry] = {
    "activity.title": Entry("belum ditulis apa yang dilakukan", "tulis singkat, misalnya “Pelatihan menjahit”"),
    "activity.too_long": Entry("{what} lebih dari {most} karakter", "persingkat"),
    "activity.future": Entry("tanggalnya belum tiba", "laporkan sesudah kegiatannya berlangsung"),
    "activity.past": Entry("tanggalnya jauh sebelum tahun program ini", "periksa tahunnya"),
    "activity.quantity": Entry(
        "jumlahnya harus angka dari 0 sampai {most}", "tulis angkanya saja, satuannya di sebelahnya"
    ),
    "activity.unit": Entry("jumlah tanpa satuan", "tulis satuannya, misalnya unit, orang, atau paket"),
    "activity.attended": Entry("jumlah hadirin harus dari 0 sampai {most}", "periksa angkanya"),
    "activity.disabled": Entry(
        "penyandang disabilitas lebih banyak daripada seluruh hadirin", "mereka juga dihitung menurut kelamin dan umur"
    ),
    "activity.commitment": Entry(
        "komitmen itu bukan milik OPD atau lokus ini", "muat ulang halamannya lalu pilih lagi"
    ),
    "activity.families": Entry("keluarga itu bukan di lokus ini", "muat ulang halamannya lalu pilih lagi"),
    "activity.taken": Entry("laporan ini sudah dikirim orang lain", "muat ulang halamannya lalu isi lagi"),
    "activity.newer": Entry(
        "laporan ini sudah diubah orang lain sejak Anda membukanya", "bandingkan di bawah, lalu kirim lagi"
    ),
    "activity.gone": Entry("laporan ini sudah dihapus untuk selamanya", "laporkan lagi bila perlu"),
    "photo.kind": Entry("foto harus JPEG, PNG, atau HEIC", "pilih foto dari kamera atau galeri"),
    "photo.broken": Entry("foto itu rusak atau terpotong", "ambil atau pilih lagi fotonya"),
    "photo.too_big": Entry("foto lebih dari 15 MB", "pilih ukuran lebih kecil di pengaturan kamera"),
}
