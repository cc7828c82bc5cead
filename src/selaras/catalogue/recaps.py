"""What can be wrong in a recap of reports, in Indonesian. `where` is the sheet and cell, or the field."""

from selaras.catalogue.entry import Entry

RECAPS: dict[str, Entry] = {
    "recap.year": Entry("{found} bukan tahun", "tulis tahun laporan, misalnya 2025; tahun yang akan datang belum ada"),
    "recap.source": Entry("sumbernya belum ditulis", "tulis asal rekap, misalnya SIMFONI PPA, UPTD PPA Kota Cilegon"),
    "recap.as_of": Entry(
        "{found} bukan tanggal penghitungan", "tulis tanggal rekap ditarik, paling lambat hari ini: 2026-01-31"
    ),
    "recap.too_early": Entry(
        "rekap ditarik {found}, padahal masa terakhir di dalamnya baru berakhir {last}",
        "tarik rekap sesudah tanggal itu, atau impor hanya triwulan yang sudah selesai: tiap masa terbit sekali dan "
        "tidak diperbarui",
    ),
    "recap.too_long": Entry("{what} lebih panjang dari {most} huruf", "ringkas"),
    "recap.sheet": Entry(
        "sheet {sheet} tidak dikenali sebagai tabel", "beri nama satuan dan pembaginya, misalnya “korban usia”"
    ),
    "recap.twice": Entry("tabel ini sudah ada di sheet {earlier}", "hapus salah satunya"),
    "recap.header": Entry(
        "baris judul dengan kolom Kecamatan tidak ada", "tulis Kecamatan di kolom pertama baris judul"
    ),
    "recap.column": Entry("kolom {found} tidak dikenal di tabel ini", "pakai salah satu: {known}"),
    "recap.column_twice": Entry("kolom {found} ada dua kali", "jumlahkan, lalu hapus salah satunya"),
    "recap.no_columns": Entry("tidak ada kolom kategori di tabel ini", "tulis paling sedikit satu: {known}"),
    "recap.place": Entry("{found} bukan kecamatan di {city}", "pakai nama atau kode kecamatan dari daftar wilayah"),
    "recap.place_twice": Entry("{found} sudah ada di baris {earlier}", "hapus salah satunya"),
    "recap.place_missing": Entry("kecamatan {places} tidak ada di tabel ini", "tambahkan; tulis 0 bila memang nihil"),
    "recap.count": Entry("{found} bukan bilangan cacah", "tulis bilangan bulat 0 atau lebih; kosong bukan 0"),
    "recap.quarter": Entry("{found} bukan triwulan", "tulis 1, 2, 3, atau 4"),
    "recap.quarters": Entry(
        "sebagian tabel memakai triwulan dan sebagian tidak, atau triwulannya berbeda", "samakan di semua tabel"
    ),
    "recap.sum": Entry("jumlah {total} kurang dari isinya {found}", "periksa kategori atau jumlahnya"),
    "recap.city_sum": Entry("jumlah kota {total} berbeda dari jumlah kecamatannya {found}", "periksa baris itu"),
    "recap.totals": Entry(
        "jumlah {unit} di {place} di sini {found}, di sheet {earlier} {total}", "samakan jumlahnya di kedua tabel"
    ),
    "recap.no_total": Entry(
        "tabel ini boleh menghitung satu orang lebih dari sekali, sehingga jumlahnya tidak dapat ditebak",
        "tambahkan kolom Jumlah",
    ),
    "recap.no_file": Entry("berkasnya belum dipilih atau lebih dari 20 MB", "pilih berkas rekap .xlsx atau .ods"),
    "recap.empty": Entry("tidak ada satu tabel pun di berkas {name}", "unduh contoh berkas dan isi sheet-nya"),
    "recap.decided": Entry("rekap ini sudah diputuskan", "impor rekap baru bila angkanya berubah"),
    "recap.threshold": Entry("{found} bukan ambang yang boleh", "tulis bilangan {least} sampai {most}"),
    "recap.reason": Entry("alasannya belum dipilih", "pilih salah satu dari daftar"),
    "recap.all_out": Entry(
        "semua masa rekap ini sudah terbit untuk {year}, atau tahun itu terbit dengan masa lain",
        "tiap masa terbit sekali dan koreksi tidak ditampilkan; impor triwulan yang belum terbit",
    ),
    "recap.meanwhile": Entry(
        "sebagian masa rekap ini terbit sesudah rekap ini diimpor", "jangan terbitkan rekap ini, lalu impor sekali lagi"
    ),
    "recap.period": Entry("{found} bukan masa terbitan tahun itu", "pilih masa dari daftar"),
    "recap.period_decided": Entry("masa itu sudah terbit atau sudah diputuskan", "tidak ada yang perlu dilakukan"),
    "recap.every": Entry("panjang masanya belum dipilih", "pilih tiap triwulan, semester, atau tahun"),
    "recap.nothing_to_show": Entry(
        "semua angka rekap ini di bawah ambang", "jangan terbitkan; angka setahun biasanya cukup"
    ),
    "recap.too_large": Entry(
        "satu masa rekap ini berisi {found} angka, lebih dari {most} yang dapat dihitung mana yang ditahan",
        "impor tabel yang perlu saja, misalnya tanpa pekerjaan dan hubungan",
    ),
    # Who may see what is not published yet (cases/counts.py)
    "recap.outside": Entry(
        "seorang administrator tidak melihat angka yang belum terbit, walau ia juga petugas perlindungan",
        "serahkan salah satu dari kedua tugas itu kepada orang lain",
    ),
    "recap.bare": Entry(
        "angka yang belum terbit hanya terbuka dengan kode saat masuk", "pasang kode saat masuk di halaman akun Anda"
    ),
    "recap.unknown": Entry(
        "belum ada yang menyatakan bahwa kode saat masuk itu dari HP Anda",
        "buka /ruang/: di sana tertulis kode untuk dibacakan dan kepada siapa",
    ),
    "recap.shut": Entry(
        "ruang perlindungan sedang tertutup, sehingga HP Anda tidak dapat dikenali",
        "minta pengelola server melihat sebabnya dengan perintah selaras doctor",
    ),
    "recap.women": Entry("jumlah perempuan {place} belum ada atau nol", "lengkapi sheet penduduk, atau hapus saja"),
}
