"""Sample pages that have a script; every other has none, and all are whole without."""

#: Where a script spares a typist's hands; they are typed without it too (test_typing.py).
WITH_A_SCRIPT = {"ketik-kertas", "ketik-salah", "ketik-kedua", "ketik-baru", "keluar", "keluar-isian"}
#: Single keys at the desk.
WITH_A_SCRIPT |= {"bukti-meja", "bukti-meja-dokumen"}
#: The code of a slip stands where only a browser sees it; it is typed without a script.
WITH_A_SCRIPT |= {"foto-publik-satu", *(f"foto-publik-satu-{state}" for state in ("salah", "siap", "tertahan"))}
WITH_A_SCRIPT |= {f"foto-publik-satu-tanpa-{what}" for what in ("gambar", "pendeteksi", "tanda")}
WITH_A_SCRIPT |= {"reaksi-jawab", "reaksi-jawab-salah", "reaksi-buka"}
#: Left at once, by one key too: what touches violence.
WITH_A_SCRIPT |= {"tiket", "tiket-salah", "tiket-belum-dijawab", "tiket-diminta", "darurat"}
WITH_A_SCRIPT |= {"serah", "serah-kode", "serah-batal", "kartu-petugas", "kartu-petugas-kosong"}
WITH_A_SCRIPT |= {"ruang", "ruang-selesai", "ruang-keperluan", "ruang-jejak", "ruang-kode"}
WITH_A_SCRIPT |= {"ruang-terlalu-sering", "nomor", "nomor-nasional", "ruang-dikenali", "ruang-dikenali-berdua"}
WITH_A_SCRIPT |= {"ruang-dikenali-server", "ruang-dikenali-dua-kota"}
WITH_A_SCRIPT |= {"ruang-petugas", "ruang-petugas-salah"}
WITH_A_SCRIPT |= {"rekap", "rekap-baru", "rekap-salah", "rekap-belum-dikenali", "rekap-tertutup", "angka"}
WITH_A_SCRIPT |= {
    f"angka-{state}" for state in ("turun", "tanpa-penduduk", "sama", "pembaca", "kosong", "belum-setahun")
}
