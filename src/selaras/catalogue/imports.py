"""What can be wrong with a sheet of families on its way in, in Indonesian."""

from selaras.catalogue.entry import Entry

IMPORTS: dict[str, Entry] = {
    "import.no_rows": Entry("berkas {name} tidak berisi baris keluarga", "isi satu baris untuk tiap keluarga"),
    "import.not_text": Entry(
        "berkas {name} bukan CSV yang dapat dibaca", "simpan sebagai CSV UTF-8 atau sebagai .xlsx"
    ),
    "import.kind": Entry("berkas {name} bukan .xlsx, .ods, atau .csv", "simpan sebagai .xlsx, .ods, atau .csv"),
    "import.too_many": Entry(
        "berkas berisi {found} keluarga, paling banyak {limit}", "pecah menjadi beberapa berkas, misalnya per RW"
    ),
    "import.no_key": Entry(
        "tidak ada kolom kode keluarga, nomor KK, atau NIK kepala keluarga",
        "tambahkan kolom kode (misalnya GD-001) agar tiap keluarga dapat dikenali",
    ),
    "import.no_header": Entry("judul kolom ini kosong padahal kolomnya berisi", "beri judul atau kosongkan kolomnya"),
    "import.column_twice": Entry("dua kolom sama-sama untuk {field}", "hapus salah satu, atau ganti judulnya"),
    "import.column_guessed": Entry("kolom '{header}' dibaca sebagai {field}", "ganti judulnya bila bukan itu"),
    "import.column_ignored": Entry("kolom '{header}' tidak dipakai", "biarkan, atau ganti judulnya: {meant}"),
    "import.sheet_ignored": Entry("sheet '{sheet}' tidak dipakai", "biarkan, atau beri nama seperti daftar anggota"),
    "import.no_code": Entry("kode keluarga kosong", "isi kode, misalnya {example}"),
    "import.code_form": Entry("kode keluarga tidak berbentuk {example}", "awali dengan {prefix}- lalu angka"),
    "import.code_twice": Entry("keluarga ini sudah ada di baris {row}", "gabungkan menjadi satu baris"),
    "import.kk_twice": Entry("nomor KK ini juga milik baris {row}", "periksa nomor KK kedua baris"),
    "import.kk_taken": Entry("nomor KK ini terdaftar pada keluarga {code}", "periksa kode atau nomor KK baris ini"),
    "import.nik_twice": Entry("NIK ini juga ada di {row}", "periksa NIK kedua orang itu"),
    "import.digits": Entry("{field} bukan 16 angka", "periksa angkanya, atau kosongkan bila belum ada"),
    "import.number_lost": Entry(
        "{field} sudah dibulatkan oleh lembar kerja", "ubah format kolomnya menjadi Teks lalu ketik ulang"
    ),
    "import.no_family": Entry("anggota ini tidak punya keluarga di sheet keluarga", "periksa kode keluarganya"),
    "import.no_member_key": Entry(
        "sheet anggota ini tidak punya kolom kode keluarga atau nomor KK",
        "beri judul di baris pertamanya, dengan kolom 'kode' atau 'kk' yang menyebut keluarga tiap anggota",
    ),
    "import.title_is_data": Entry(
        "judul kolom ini berisi angka panjang, jadi tampaknya data", "sisipkan satu baris judul di atas data"
    ),
    "import.no_family_code": Entry("kode keluarga anggota ini kosong", "isi kode keluarganya"),
    "import.erased": Entry("keluarga ini telah dihapus atas permintaannya", "beri kode lain bila keluarganya berbeda"),
    "import.twin": Entry(
        "keluarga {code} sudah digabungkan ke {kept}: keduanya satu keluarga",
        "tulis kode {kept}, atau lewati baris ini",
    ),
    "import.busy": Entry("impor lain untuk lokus ini sedang berjalan", "tunggu sampai selesai, lalu coba lagi"),
    "import.state": Entry("impor ini {state}", "muat ulang halamannya; unggah berkasnya lagi bila perlu"),
    "import.has_errors": Entry("masih ada {count} kesalahan di berkas ini", "perbaiki berkasnya lalu unggah lagi"),
    "import.no_instrument": Entry(
        "tahun program ini belum mempunyai instrumen", "terbitkan dulu: `selaras publish BUKU_KERJA --cycle TAHUN`"
    ),
    "import.stopped": Entry("impor terhenti: {reason}", "coba sekali lagi; bila terulang, hubungi pengelola"),
    "import.restricted": Entry(
        "keluarga {code} meminta datanya tidak dipakai atas nama",
        "keluarkan barisnya; bila keluarga itu mengizinkan, sekretariat yang mengakhiri pembatasannya di Permintaan"
        " pemilik data",
    ),
    "import.restricted_again": Entry(
        "keluarga ini pernah meminta datanya tidak dipakai atas nama (permintaan nomor {number})",
        "biarkan: sesudah disimpan ia langsung dibatasi lagi dan hanya ikut dihitung; pembatasannya diakhiri di"
        " Permintaan pemilik data bila ia mengizinkan",
    ),
    "import.restricted_perhaps": Entry(
        "NIK kepala keluarga ini sama dengan yang pernah meminta datanya tidak dipakai atas nama (permintaan nomor"
        " {number}), tetapi nomor KK-nya lain: mungkin keluarga lain",
        "cocokkan NIK dan nomor KK-nya dengan kartunya: bila salah ketik, betulkan lalu unggah lagi; bila keluarga yang"
        " sama, biarkan: sesudah disimpan ia langsung dibatasi lagi",
    ),
    "import.overtaken": Entry(
        "impor lain baru saja mendaftarkan kode keluarga atau nomor KK yang sama", "unggah berkasnya lagi"
    ),
    "import.stale": Entry("kunci impor ini sudah dihapus", "unggah berkasnya lagi"),
    # --- how a sheet is read --------------------------------------------------------------------------------
    "import.unlinked": Entry("{names} tidak dipakai", "biarkan, atau pilih isinya di halaman Kolom"),
    "import.rows_left_out": Entry(
        "baris {rows} dilewati: bukan keluarga (jumlah, judul, atau tanda tangan)",
        "biarkan; bila itu keluarga, isi nomor KK atau kodenya",
    ),
    "import.same_row": Entry("baris ini sama persis dengan baris {row}; dilewati", "hapus salah satunya"),
    "import.merged": Entry("sel {area} digabung (merge)", "pisahkan selnya, lalu isi tiap barisnya"),
    "import.formulas": Entry(
        "mulai sel ini ada {count} sel berisi rumus; yang dibaca nilai terakhirnya",
        "biarkan bila nilainya benar; supaya pasti, tempel sebagai nilai",
    ),
    "import.cell_error": Entry("sel berisi kesalahan rumus seperti #REF!; dibaca kosong", "tulis nilainya langsung"),
    "import.nik_shape": Entry(
        "susunan NIK ini tidak mungkin", "periksa angkanya di KTP atau KK; tetap disimpan seperti tertulis"
    ),
    "import.nik_sex": Entry(
        "angka tanggal lahir di NIK ini milik jenis kelamin lain",
        "periksa NIK atau jenis kelaminnya (tanggal lahir perempuan ditambah 40)",
    ),
    "import.nik_born": Entry("tanggal lahir di NIK ini lain dari kolom tanggal lahir", "periksa keduanya"),
    "import.nik_region": Entry(
        "NIK ini diterbitkan di kota atau kabupaten lain", "tidak perlu diubah bila orangnya pernah pindah"
    ),
    "import.nik_blank": Entry("NIK kosong", "lengkapi bila sudah ada; tanpa NIK pun keluarga ini dapat disimpan"),
    "import.no_number": Entry(
        "keluarga ini tidak punya nomor KK dan NIK; dikenali dari nama dan alamatnya",
        "lengkapi bila ada, supaya tidak tercatat dua kali",
    ),
    "import.alike": Entry(
        "nama dan alamat ini sama dengan baris {row}, dan keduanya tanpa nomor",
        "hapus salah satunya, atau lengkapi nomor KK-nya",
    ),
    "import.nameless": Entry(
        "baris ini tidak menyebut nomor KK, NIK, atau nama kepala keluarga", "isi salah satunya, atau hapus barisnya"
    ),
    "import.zero_restored": Entry(
        "{field} {found} angka; nol di depan dikembalikan", "periksa, lalu ubah format kolomnya menjadi Teks"
    ),
    "import.rt_rw": Entry("RT/RW tidak terbaca", "tulis seperti 003/005: RT dulu, lalu RW"),
    "import.rounded": Entry(
        "semua {field} di kolom ini berakhir dengan 0: mungkin dibulatkan lembar kerja",
        "periksa beberapa nomor; ubah format kolomnya menjadi Teks lalu ketik ulang bila salah",
    ),
    # --- what the survey says -------------------------------------------------------------------------------
    "import.constraint": Entry("isian {field} tidak diterima survei", "periksa nilainya; syaratnya: {rule}"),
    "import.constraint_said": Entry("isian {field} tidak diterima survei: {said}", "periksa nilainya"),
    "import.not_asked": Entry(
        "isian {field} terisi padahal tidak ditanyakan kepada keluarga ini",
        "kosongkan, atau periksa jawaban sebelumnya",
    ),
    # --- choosing, taking back ------------------------------------------------------------------------------
    "import.header_row": Entry("baris judul {row} tidak ada di sheet {sheet}", "tulis nomor baris yang berisi judul"),
    "import.field_unknown": Entry("pilihan '{field}' tidak dikenal", "pilih dari daftar"),
    "import.nothing_good": Entry("tidak ada keluarga yang benar di berkas ini", "perbaiki berkasnya lalu unggah lagi"),
    "import.blocked": Entry(
        "ada {count} kesalahan pada judul atau sheet, bukan pada baris", "perbaiki dulu kesalahan itu"
    ),
    "import.not_published": Entry("impor ini belum tersimpan", "batalkan saja di halamannya"),
    "import.undone": Entry("impor ini sudah diurungkan", "muat ulang halamannya"),
    "undo.answers": Entry(
        "{count} keluarga sudah punya kiriman yang lebih baru", "urungkan impor yang lebih baru lebih dulu"
    ),
    "undo.registry": Entry(
        "{count} keluarga sudah dikoreksi sesudah impor ini", "perbaiki satu per satu di halaman keluarga"
    ),
    "undo.committed": Entry("{count} kebutuhannya sudah dilayani komitmen", "lepaskan dari komitmennya lebih dulu"),
    "undo.frozen": Entry("hasil lokus ini sudah dibekukan sesudah impor", "hasil beku tidak dapat diubah"),
    "undo.target": Entry("{count} keluarga sudah diputuskan dalam daftar sasaran", "batalkan keputusannya lebih dulu"),
    "undo.asked": Entry(
        "{count} keluarga sudah meminta sesuatu tentang datanya",
        "permintaannya tetap tercatat; perbaiki atau hapus keluarganya satu per satu",
    ),
    "undo.used": Entry("{count} keluarga sudah dipakai di bagian lain ({what})", "lepaskan lebih dulu dari sana"),
    "undo.unknown": Entry(
        "impor ini tersimpan sebelum Selaras mencatat apa yang dibawa dan diubahnya",
        "perbaiki atau hapus keluarganya satu per satu",
    ),
    "undo.erased": Entry("{count} keluarga sudah dihapus atas permintaannya", "sisanya perbaiki di halaman keluarga"),
}
