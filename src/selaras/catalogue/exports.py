"""What can be wrong with answers that somebody wants to take along, in Indonesian."""

from selaras.catalogue.entry import Entry

EXPORTS: dict[str, Entry] = {
    "export.why": Entry(
        "tujuan ekspor belum ditulis", "tulis singkat untuk apa berkas ini dipakai, misalnya: laporan triwulan Bappeda"
    ),
    "export.why_number": Entry(
        "tujuan ekspor memuat nomor yang panjang",
        "hapus NIK, nomor KK, atau nomor HP: tujuan ini tersimpan selamanya di jejak audit",
    ),
    "export.why_name": Entry(
        "tujuan ekspor menyebut nama keluarga",
        "tulis tujuannya tanpa nama: tujuan ini tersimpan selamanya di jejak audit",
    ),
    "export.identifiers": Entry(
        "identitas keluarga hanya dapat diekspor pengelola lokusnya", "ekspor tanpa identitas, atau minta pengelolanya"
    ),
    "export.many": Entry(
        "Anda sudah punya {most} berkas ekspor di tahun ini",
        "ambil atau hapus salah satunya dahulu; masing-masing hilang sendiri sesudah 24 jam",
    ),
    "export.gone": Entry("berkas ekspor ini sudah tidak ada", "buat lagi di halaman Ekspor"),
}
