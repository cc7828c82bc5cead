"""What can be wrong about numbers to call and safety walks, in Indonesian."""

from selaras.catalogue.entry import Entry

SAFETY: dict[str, Entry] = {
    "helpline.changed": Entry(
        "daftar nomor ini diubah orang lain sejak Anda membukanya", "muat ulang halamannya, lalu ubah lagi"
    ),
    "helpline.many": Entry("lebih dari {most} nomor tidak muat di kartu", "hapus yang paling jarang dipakai"),
    "helpline.kind": Entry("jenis layanannya belum dipilih", "pilih salah satu di daftar"),
    "helpline.blank": Entry("{what} belum diisi", "isi, atau kosongkan seluruh baris untuk menghapusnya"),
    "helpline.long": Entry("{what} lebih dari {most} huruf", "persingkat"),
    "helpline.no_number": Entry("nomornya belum diisi", "isi nomor telepon atau nomor WhatsApp layanannya"),
    "helpline.number": Entry("nomor {found} tidak dapat ditelepon", "tulis angkanya, misalnya 129 atau 0254 123456"),
    "helpline.day": Entry(
        "tanggal terakhir dicoba kosong atau belum tiba", "telepon nomornya hari ini, lalu tulis tanggal hari ini"
    ),
    "walk.day": Entry("tanggal jalan bersama belum tiba atau sebelum tahun program", "periksa tanggalnya"),
    "walk.area": Entry("RT itu bukan di lokus ini", "tulis nomor RT dan RW-nya, misalnya RT 2 dan RW 3"),
    "walk.women": Entry(
        "perlu sedikitnya satu perempuan dewasa",
        "tulis berapa orang dengan bilangan bulat; anak berjalan bersama mereka",
    ),
    "walk.few": Entry(
        "jalan bersama diikuti sedikitnya {least} orang", "ajak lebih banyak: catatan dua orang menunjuk orangnya"
    ),
    "walk.many": Entry("jumlahnya bukan bilangan bulat dari 0 sampai {most}", "periksa angkanya"),
    "walk.what": Entry("apa yang terasa tidak aman belum dipilih", "pilih satu, lalu catat lagi"),
    "walk.near": Entry("di dekat apa belum dipilih", "pilih yang terdekat, lalu catat lagi"),
    "walk.when": Entry("kapannya belum dipilih", "pilih satu, lalu catat lagi"),
    "walk.full": Entry("satu jalan bersama memuat paling banyak {most} temuan", "catat sisanya di jalan berikutnya"),
    "walk.proposed": Entry(
        "temuan ini sudah menjadi usulan {number}", "ubah usulannya di halaman komitmen; catatannya tetap di sini"
    ),
    "walk.agency": Entry("OPD-nya belum dipilih", "pilih OPD yang dapat memperbaikinya"),
    "walk.taken": Entry("catatan ini sudah dikirim orang lain", "muat ulang halamannya lalu isi lagi"),
}
