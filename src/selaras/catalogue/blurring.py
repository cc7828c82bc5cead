"""What can be wrong with the public copy of a photo, in Indonesian."""

from selaras.catalogue.entry import Entry

BLURRING: dict[str, Entry] = {
    "blur.newer": Entry(
        "foto ini sudah diputuskan orang lain sejak Anda membukanya", "lihat keputusannya di bawah, lalu putuskan lagi"
    ),
    "blur.not_drawn": Entry(
        "foto ini tidak dapat digambar, jadi tidak punya salinan untuk luar kantor",
        "kirim fotonya lagi sebagai JPEG atau PNG",
    ),
    "blur.nothing": Entry(
        "belum ada bagian yang ditutup", "gambar kotak di tiap orang, atau nyatakan tidak ada orang di foto ini"
    ),
    "blur.both": Entry(
        "ada kotak yang ditutup sekaligus pernyataan tidak ada orang", "hapus kotaknya, atau batalkan pernyataannya"
    ),
    "blur.faces": Entry(
        "komputer menandai {n} bagian sebagai wajah", "lihat sekali lagi, lalu centang bahwa itu bukan orang"
    ),
    "blur.region": Entry("kotak nomor {n} tidak sah", "kotak harus di dalam foto dan paling kecil {least} titik"),
    "blur.many": Entry("kotaknya lebih dari {most}", "gabungkan kotak yang berdekatan"),
}
