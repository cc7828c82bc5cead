"""What is told about the Monday page and about activities."""

from selaras.catalogue.entry import Entry

WEEKLY: dict[str, Entry] = {
    "weekly.not_yet": Entry(
        "berkas halaman Senin ini belum selesai dibuat", "tunggu sebentar lalu muat ulang; halamannya sudah bisa dibaca"
    ),
    "weekly.closed": Entry("tahun program ini sudah ditutup", "buka halaman Senin yang sudah ada"),
    "weekly.busy": Entry("halaman Senin ini sedang dibuat orang lain", "muat ulang sebentar lagi"),
}
