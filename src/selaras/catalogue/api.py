"""What can be wrong when a program asks, and with its token."""

from selaras.catalogue.entry import Entry

API: dict[str, Entry] = {
    "token.no_name": Entry("token belum bernama", "tulis untuk apa token ini, misalnya 'dasbor kominfo'"),
    "token.no_scope": Entry("token ini tidak boleh membaca apa pun", "pilih paling sedikit satu yang boleh dibaca"),
    "token.days": Entry("masa berlaku token tidak masuk akal", "pilih 1 sampai {limit} hari"),
    "token.unknown": Entry(
        "token tidak dikenal, sudah dicabut, atau sudah habis masanya",
        "kirim Authorization: Bearer dengan token dari halaman Akun",
    ),
    "token.scope": Entry("token ini tidak dibuat untuk membaca '{scope}'", "buat token lain di halaman Akun"),
    "api.parameter": Entry("isian {names} tidak dapat dibaca", "periksa alamatnya dengan /api/openapi.json"),
    "api.too_many": Entry("terlalu banyak permintaan", "tunggu satu menit, lalu coba lagi"),
    "api.refused": Entry("permintaan ini tidak dapat dilayani", "periksa alamatnya dengan /api/openapi.json"),
}
