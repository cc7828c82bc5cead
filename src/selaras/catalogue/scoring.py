"""What can be wrong in expressions, facts and the data of `selaras score`, in Indonesian."""

from selaras.catalogue.entry import Entry

SCORING: dict[str, Entry] = {
    # --- expressions ----------------------------------------------------------------------------------------
    "expression.empty": Entry("ungkapan kosong", "tulis ungkapannya atau kosongkan selnya"),
    "expression.too_long": Entry(
        "ungkapan sepanjang {length} karakter, paling banyak 8.000", "pecah menjadi beberapa baris di `calculations`"
    ),
    "expression.too_deep": Entry(
        "ungkapan bertingkat lebih dari 100", "pecah menjadi beberapa baris di `calculations`"
    ),
    "expression.character": Entry("tanda {found} tidak dikenal dalam ungkapan", "hapus atau ganti tanda itu"),
    "expression.instead": Entry("{found} bukan bagian dari ungkapan", "tulis {wanted}"),
    "expression.quote": Entry("tanda kutip pada {found} tidak ditutup", "tutup dengan tanda kutip yang sama"),
    "expression.braces": Entry("{found} bukan nama yang utuh", "tulis seperti ${{jamban}}"),
    "expression.number": Entry(
        "bilangan {found} terlalu besar atau terlalu rinci", "paling banyak 13 angka dan 12 angka di belakang titik"
    ),
    "expression.bracket": Entry("kurung {found} tidak ditutup", "tambahkan {wanted}"),
    "expression.closing": Entry("{found} tidak pada tempatnya", "periksa pasangan kurungnya"),
    "expression.unexpected": Entry(
        "{found} tidak dapat berdiri setelah {before}", "mungkin kurang tanda, koma, atau kata and/or di antaranya"
    ),
    "expression.unexpected_first": Entry(
        "ungkapan tidak dapat dimulai dengan {found}", "tulis nama, bilangan, atau fungsi lebih dulu"
    ),
    "expression.unfinished": Entry("ungkapan terputus setelah {before}", "lengkapi atau hapus bagian terakhir"),
    "expression.bare_name": Entry("{name} bukan fungsi atau bilangan", "untuk isian formulir tulis ${{{name}}}"),
    "expression.stray_filter": Entry(
        "kurung siku setelah {name} hanya boleh di awal fungsi pengulangan",
        "tulis misalnya count({name}[…]) atau sum({name}[…], …)",
    ),
    "expression.function": Entry(
        "fungsi {function}() tidak dikenal", "lihat daftar fungsi di docs/workbook.md, bagian Ungkapan"
    ),
    "expression.function_near": Entry("fungsi {function}() tidak dikenal", "maksud Anda {meant}()?"),
    "expression.arguments": Entry(
        "fungsi {function}() meminta {wanted} isian, di sini ada {found}", "sesuaikan banyaknya isian"
    ),
    "expression.date": Entry("isi date() bukan tanggal", "tulis seperti date('2024-01-31')"),
    "expression.repeat_wanted": Entry(
        "fungsi {function}() meminta nama pengulangan sebagai isian pertama",
        "tulis misalnya {function}(member[…]); untuk keluarga sendiri pakai min, max, + atau and/or",
    ),
    # --- expressions: names and types -----------------------------------------------------------------------
    "expression.name": Entry("${{{name}}} tidak dikenal", "periksa ejaannya di sheet survey dan calculations"),
    "expression.name_near": Entry("${{{name}}} tidak dikenal", "maksud Anda ${{{meant}}}?"),
    "expression.name_below": Entry(
        "${{{name}}} baru ditetapkan di baris sesudahnya", "pindahkan baris {name} ke atas baris ini"
    ),
    "expression.name_is_repeat": Entry(
        "{name} adalah pengulangan, bukan satu nilai", "tulis fungsi pengulangan, misalnya count({name}[…])"
    ),
    "expression.name_inside": Entry(
        "${{{name}}} ada di dalam pengulangan {repeat}",
        "pakai di dalam fungsi pengulangan, misalnya count({repeat}[…]), atau isi kolom over dengan {repeat}",
    ),
    "expression.repeat": Entry("pengulangan {name} tidak dikenal", "periksa nama begin repeat di sheet survey"),
    "expression.repeat_near": Entry("pengulangan {name} tidak dikenal", "maksud Anda {meant}?"),
    "expression.option": Entry("pilihan {name} tidak mengenal '{option}'", "pilihan yang ada: {options}"),
    "expression.option_near": Entry("pilihan {name} tidak mengenal '{option}'", "maksud Anda '{meant}'?"),
    "expression.option_number": Entry(
        "{name} adalah pilihan, tidak dapat dibandingkan dengan bilangan {found}",
        "tulis nama pilihannya di antara kutip, misalnya '{meant}'",
    ),
    "expression.set_compared": Entry(
        "{name} dapat berisi beberapa pilihan, tidak dapat dibandingkan dengan {operator}",
        "tulis selected({name}, '…')",
    ),
    "expression.number_in_quotes": Entry("{name} adalah bilangan, sedangkan '{found}' teks", "hapus tanda kutipnya"),
    "expression.date_in_quotes": Entry("{name} adalah tanggal, sedangkan '{found}' teks", "tulis date('{found}')"),
    "expression.compared": Entry(
        "{left} adalah {left_kind}, tidak dapat dibandingkan dengan {right} yang {right_kind}",
        "bandingkan dua hal yang sejenis",
    ),
    "expression.order": Entry(
        "{name} adalah {kind}, tidak punya urutan besar-kecil untuk {operator}", "pakai = atau !="
    ),
    "expression.kind": Entry("{name} adalah {kind}, padahal {place} meminta {wanted}", "ganti dengan {wanted}"),
    "expression.date_arithmetic": Entry(
        "tanggal hanya dapat dikurangi tanggal, tidak dengan {operator} {kind}",
        "hitung selisih harinya, misalnya today() - ${{tgl}} >= 365",
    ),
    "expression.branches": Entry("{function}() memberi {left_kind} atau {right_kind}", "samakan jenis kedua hasilnya"),
    "expression.digits": Entry(
        "isian kedua round() bukan angka 0 sampai 12", "tulis banyaknya angka di belakang koma, misalnya round(x, 2)"
    ),
    "expression.power": Entry("isian kedua pow() bukan angka 0 sampai 4", "tulis misalnya pow(x, 2)"),
    "expression.regex_place": Entry(
        "regex() hanya boleh di kolom constraint", "periksa polanya saat pengisian, di sheet survey"
    ),
    "expression.regex_pattern": Entry("isian kedua regex() bukan pola di antara kutip", "tulis regex(., '…')"),
    "expression.dot_place": Entry("tanda titik (.) hanya boleh di kolom constraint", "tulis nama isiannya"),
    # --- facts ----------------------------------------------------------------------------------------------
    "facts.indicator": Entry("indikator {indicator} tidak ada dalam instrumen", "periksa ejaannya"),
    "facts.indicator_near": Entry("indikator {indicator} tidak ada dalam instrumen", "maksud Anda {meant}?"),
    "facts.unit": Entry("wilayah '{unit}' tidak dikenal", "pakai kode wilayah yang dinilai"),
    "facts.unit_near": Entry("wilayah '{unit}' tidak dikenal", "maksud Anda {meant}?"),
    "facts.survey": Entry(
        "indikator {indicator} dihitung dari survei, tidak menerima nilai dari luar", "hapus baris ini"
    ),
    "facts.published": Entry(
        "indikator {indicator} diambil dari rekap rujukan yang diterbitkan, jadi tidak diketik",
        "hapus barisnya; petugas perlindungan menerbitkan rekapnya",
    ),
    "facts.both": Entry("indikator {indicator} diberi nilai dan pilihan sekaligus", "isi salah satu saja"),
    "facts.option": Entry("indikator {indicator} tidak mempunyai pilihan '{option}'", "pilihan yang ada: {options}"),
    "facts.option_wanted": Entry("indikator {indicator} meminta pilihan", "isi kolom option dengan: {options}"),
    "facts.value_wanted": Entry("indikator {indicator} meminta bilangan", "isi kolom value, kosongkan option"),
    "facts.yes_no": Entry("indikator {indicator} adalah ya/tidak, bukan {value}", "isi 1 untuk ya, 0 untuk tidak"),
    "facts.outside": Entry(
        "nilai {value} di luar semua pita indikator {indicator}", "periksa nilainya atau pita di sheet bands"
    ),
    "facts.twice": Entry(
        "indikator {indicator} untuk '{unit}' sudah diisi di baris lain", "pilih satu baris, hapus yang lain"
    ),
    "facts.columns": Entry(
        "berkas nilai tidak mempunyai kolom indicator beserta value atau option",
        "beri judul kolom: unit, indicator, value, option",
    ),
    "facts.no_unit": Entry("baris nilai ini tidak menyebut wilayah", "isi kolom unit"),
    "facts.no_indicator": Entry("baris nilai ini tidak menyebut indikator", "isi kolom indicator"),
    # --- data of `selaras score` ----------------------------------------------------------------------------
    "data.unreadable": Entry("berkas {name} tidak dapat dibaca", "periksa nama dan isinya: CSV, XLSX, atau Parquet"),
    "data.suffix": Entry("berkas {name} ternyata berisi {suffix}", "ganti akhiran namanya menjadi {suffix}"),
    "data.too_big": Entry("berkas {name} lebih besar dari 256 MiB", "simpan sebagai Parquet"),
    "data.empty": Entry("berkas {name} tidak berisi baris judul", "isi baris pertama dengan nama isian survey"),
    "data.wide": Entry("baris {row} mempunyai lebih banyak sel daripada judulnya", "periksa tanda pemisahnya"),
    "data.column_twice": Entry("kolom {name} muncul dua kali; yang pertama dipakai", "hapus salah satu"),
    "data.ignored": Entry("kolom yang tidak dikenal diabaikan: {names}", "samakan judulnya dengan nama isian survey"),
    "data.repeat": Entry("formulir tidak mempunyai pengulangan {name}", "periksa nama begin repeat di sheet survey"),
    "data.repeat_near": Entry("formulir tidak mempunyai pengulangan {name}", "maksud Anda {meant}?"),
    "data.no_household_id": Entry(
        "berkas {name} tidak mempunyai kolom household_id", "tambahkan kolom itu supaya baris dapat dipasangkan"
    ),
    "data.household_blank": Entry("household_id kosong; baris ini tidak dihitung", "isi household_id keluarganya"),
    "data.household_blank_kept": Entry("household_id kosong; keluarga ini tetap dihitung", "isi household_id"),
    "data.household_twice": Entry(
        "keluarga ini sudah ada di baris {row}; baris ini tidak dihitung",
        "gabungkan kedua baris atau ganti household_id",
    ),
    "data.household_unknown": Entry(
        "keluarga baris ini tidak ada di berkas keluarga; baris ini tidak dihitung", "periksa household_id"
    ),
    "data.comma": Entry(
        "koma pada isian {field} dapat berarti ribuan atau pecahan", "tulis pecahan dengan titik, misalnya 1.234"
    ),
    "data.date": Entry("isian {field} bukan tanggal", "tulis tahun-bulan-tanggal, misalnya 2024-04-25"),
    "data.more": Entry("masalah lain setelah {most} yang pertama tidak ditulis", "perbaiki dulu yang tertulis"),
    "data.by": Entry("berkas {name} tidak mempunyai kolom {by}", "beri --by nama kolom yang ada"),
    "data.by_near": Entry("berkas {name} tidak mempunyai kolom {by}", "maksud Anda {meant}?"),
    "data.no_unit": Entry("{count} keluarga tidak menyebut wilayah", "isi kolom {column}"),
    "data.today": Entry(
        "instrumen ini memakai today(), tetapi tanggal penutupan putaran belum diberikan",
        "tambahkan --date, misalnya --date 2024-11-30",
    ),
    "trace.subject": Entry("tidak ada indikator atau aspek bernama {name}", "periksa ejaannya, atau tulis total"),
    "trace.subject_near": Entry("tidak ada indikator atau aspek bernama {name}", "maksud Anda {meant}?"),
    "trace.unit": Entry("wilayah {name} tidak ada dalam hasil", "wilayah yang ada: {units}"),
    "score.unwritable": Entry(
        "berkas {name} tidak dapat ditulis", "periksa foldernya, dan tutup berkas itu bila terbuka"
    ),
    "score.plain_form": Entry(
        "berkas {name} adalah XLSForm biasa, tidak ada yang dinilai", "tambahkan sheet instrument, aspects, indicators"
    ),
}
