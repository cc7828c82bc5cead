"""Every message that Selaras can give a person: code, what is wrong, what to do.

One catalogue, so that wording is reviewed in one place and a test can ask each entry for its remedy. Texts are
Indonesian, plain, and name what the reader typed. `{curly}` words are filled from the problem's values. The texts of
expressions and data, too many for this file, stand in `catalogue/scoring.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from selaras.catalogue.activities import ACTIVITIES
from selaras.catalogue.api import API
from selaras.catalogue.blurring import BLURRING
from selaras.catalogue.cases import CASES
from selaras.catalogue.dossiers import DOSSIERS
from selaras.catalogue.entry import Entry
from selaras.catalogue.evidence import EVIDENCE
from selaras.catalogue.exports import EXPORTS
from selaras.catalogue.field import FIELD
from selaras.catalogue.gladi import GLADI
from selaras.catalogue.imports import IMPORTS
from selaras.catalogue.links import LINKS
from selaras.catalogue.meetings import MEETINGS
from selaras.catalogue.paper import PAPER
from selaras.catalogue.people import PEOPLE
from selaras.catalogue.plans import PLANS
from selaras.catalogue.reactions import REACTIONS
from selaras.catalogue.readiness import READINESS
from selaras.catalogue.recaps import RECAPS
from selaras.catalogue.registry import REGISTRY
from selaras.catalogue.results import RESULTS
from selaras.catalogue.rights import RIGHTS
from selaras.catalogue.safety import SAFETY
from selaras.catalogue.scoring import SCORING
from selaras.catalogue.sending import SENDING
from selaras.catalogue.setup import SETUP
from selaras.catalogue.voice import VOICE
from selaras.catalogue.weekly import WEEKLY

Level = Literal["error", "warning"]

CATALOGUE: dict[str, Entry] = {
    **SCORING,
    **PEOPLE,
    **IMPORTS,
    **CASES,
    **DOSSIERS,
    **GLADI,
    **LINKS,
    **PLANS,
    **SETUP,
    **MEETINGS,
    **REACTIONS,
    **RECAPS,
    **API,
    **WEEKLY,
    **ACTIVITIES,
    **REGISTRY,
    **FIELD,
    **PAPER,
    **EXPORTS,
    **BLURRING,
    **EVIDENCE,
    **READINESS,
    **RESULTS,
    **RIGHTS,
    **SAFETY,
    **SENDING,
    **VOICE,
    # --- reading a file -------------------------------------------------------------------------------------
    "file.unreadable": Entry("berkas {name} tidak dapat dibaca", "simpan ulang sebagai .xlsx lalu coba lagi"),
    "file.absent": Entry("berkas {name} tidak ada", "periksa nama dan foldernya"),
    "file.not_xlsx": Entry("berkas {name} bukan buku kerja .xlsx yang utuh", "buka lalu simpan ulang sebagai .xlsx"),
    "file.old_format": Entry(
        "berkas {name} berformat lama (.xls)", "simpan sebagai .xlsx: Simpan Sebagai > Excel 2007-365 (.xlsx)"
    ),
    "file.encrypted": Entry("berkas {name} dikunci dengan sandi", "simpan ulang tanpa sandi"),
    "file.macros": Entry(
        "berkas {name} berisi makro (.xlsm), yang tidak pernah dijalankan", "simpan sebagai .xlsx biasa, tanpa makro"
    ),
    "file.broken_xml": Entry(
        "isi berkas {name} rusak", "buka di LibreOffice atau Excel lalu simpan ulang sebagai .xlsx"
    ),
    "file.dtd": Entry(
        "berkas {name} membawa DTD atau entitas XML, yang tidak dipakai lembar kerja biasa",
        "buka di LibreOffice atau Excel lalu simpan ulang sebagai .xlsx",
    ),
    "file.too_big": Entry(
        "berkas {name} lebih dari 64 MiB", "pecah menjadi beberapa berkas atau buang gambar di dalamnya"
    ),
    "file.bomb": Entry(
        "isi berkas {name} membengkak lebih dari batas {limit} saat dibuka",
        "buang sel, sheet, atau gambar yang tidak dipakai; daftar keluarga dapat juga disimpan sebagai CSV",
    ),
    "file.rows": Entry("berkas {name} berisi lebih dari {limit} baris", "pecah menjadi beberapa berkas"),
    "file.columns": Entry(
        "ada {found} kolom, paling banyak {limit}",
        "hapus kolom yang tidak dipakai, termasuk isi sel yang jauh di kanan",
    ),
    "file.cells": Entry(
        "sheet di berkas {name} terlalu luas untuk dibaca", "hapus isi sel yang jauh di kanan atau jauh di bawah"
    ),
    "sheet.merged": Entry("sel {area} digabung (merge)", "pisahkan selnya: Format > Sel > Pisahkan sel (unmerge)"),
    "sheet.error_value": Entry("sel berisi kesalahan rumus seperti #REF!", "tulis nilainya langsung"),
    "sheet.formula_empty": Entry(
        "sel berisi rumus yang belum pernah dihitung", "buka di LibreOffice atau Excel, simpan, atau tulis nilainya"
    ),
    "sheet.formula": Entry(
        "sel berisi rumus; yang dibaca nilai terakhirnya", "tulis nilainya langsung agar tidak berubah tanpa terlihat"
    ),
    "sheet.formulas": Entry(
        "mulai sel ini ada {more} rumus lagi", "tulis nilainya langsung agar tidak berubah tanpa terlihat"
    ),
    "sheet.column_double": Entry("kolom {name} ada dua kali", "hapus atau ganti nama salah satunya"),
    "sheet.language_missing": Entry(
        "kolom {column} tidak ada dalam bahasa utama {language}, hanya {found}", "tambahkan kolom {column}::{language}"
    ),
    # --- the form -------------------------------------------------------------------------------------------
    "form.no_survey": Entry("sheet survey tidak ada", "tambahkan sheet bernama survey"),
    "form.no_survey_near": Entry("sheet survey tidak ada", "ganti nama sheet {meant} menjadi survey"),
    "form.type_missing": Entry("jenis pertanyaan kosong", "isi kolom type, misalnya integer atau select_one DAFTAR"),
    "form.type": Entry("jenis {name} tidak dikenal", "lihat daftar jenis di docs/workbook.md, bagian Survey"),
    "form.type_near": Entry("jenis {name} tidak dikenal", "maksud Anda {meant}?"),
    "form.list": Entry("daftar pilihan {name} tidak ada", "tambahkan barisnya di sheet choices, kolom list_name"),
    "form.list_near": Entry("daftar pilihan {name} tidak ada", "maksud Anda {meant}?"),
    "form.calculation_missing": Entry("{name} berjenis calculate tanpa ungkapan", "isi kolom calculation"),
    "form.name_missing": Entry("nama kosong", "isi kolom name dengan nama pendek tanpa spasi"),
    "form.name_invalid": Entry(
        "nama {name} tidak dapat dipakai",
        "mulai dengan huruf, lalu huruf, angka, garis bawah, titik, atau tanda hubung; paling panjang 63",
    ),
    "form.name_double": Entry("nama {name} sudah dipakai di {earlier}", "beri nama lain pada salah satunya"),
    "form.name_reserved": Entry(
        "pengulangan tidak dapat bernama {name}, karena kolom over memakainya untuk keluarga",
        "beri nama lain, misalnya member",
    ),
    "form.group_open": Entry("begin {what} {name} tidak pernah ditutup", "tambahkan baris end {what}"),
    "form.group_end": Entry("end {what} tanpa begin", "hapus baris ini atau tambahkan baris begin {what} di atasnya"),
    "form.group_crossed": Entry(
        "end {what} menutup begin {opened} {name} di {cell}", "urutkan: yang dibuka terakhir ditutup lebih dulu"
    ),
    "form.too_many_fields": Entry("ada {found} isian, paling banyak 1.500", "pecah menjadi beberapa formulir"),
    "form.text_missing": Entry("{column} dalam {language} kosong untuk {name}", "tulis teks yang dibaca orang"),
    "form.choice_list_missing": Entry("pilihan tanpa nama daftar", "isi kolom list_name"),
    "form.choice_name_missing": Entry("pilihan tanpa nama", "isi kolom name dengan nama pendek tanpa spasi"),
    "form.choice_name_space": Entry("nama pilihan {name} berisi spasi", "ganti spasi dengan garis bawah"),
    "form.choice_double": Entry("pilihan {name} di daftar {list} sudah ada di {earlier}", "hapus atau beri nama lain"),
    "form.pyxform": Entry("ditolak sebagai XLSForm: {message}", "perbaiki menurut keterangan pyxform itu"),
    "form.pyxform_warning": Entry("peringatan XLSForm: {message}", "periksa; formulir tetap dapat dipakai"),
    "form.reference": Entry("${{{name}}} tidak dikenal di formulir", "periksa ejaannya di kolom name sheet survey"),
    "form.reference_near": Entry("${{{name}}} tidak dikenal di formulir", "maksud Anda ${{{meant}}}?"),
    # --- the workbook ---------------------------------------------------------------------------------------
    "workbook.only_a_form": Entry(
        "buku kerja ini tidak punya sheet instrument, jadi hanya formulir: mengumpulkan, tidak menilai",
        "untuk menilai tambahkan sheet {meant} dengan kolom key dan value",
    ),
    "workbook.too_many": Entry(
        "ada {found} masalah atau lebih, selebihnya belum diperiksa", "perbaiki yang pertama-tama lalu periksa lagi"
    ),
    "sheet.unknown": Entry(
        "sheet {name} tidak dikenal", "hapus atau pindahkan ke berkas lain; catatan boleh di petunjuk"
    ),
    "sheet.unknown_near": Entry("sheet {name} tidak dikenal", "maksud Anda {meant}?"),
    "sheet.missing": Entry("sheet {name} tidak ada", "tambahkan sheet {name} dengan kolomnya; lihat docs/workbook.md"),
    "sheet.too_long": Entry("sheet berisi {found} baris, paling banyak {limit}", "buang baris yang tidak dipakai"),
    "sheet.column": Entry("kolom {name} tidak dikenal", "hapus, atau pindahkan catatan ke sheet petunjuk"),
    "sheet.column_near": Entry("kolom {name} tidak dikenal", "maksud Anda {meant}?"),
    "sheet.column_language": Entry("kolom {name} tidak punya bahasa", "tulis {name} saja, tanpa ::"),
    "sheet.column_unnamed": Entry("kolom ini berisi tetapi tidak punya judul", "beri judul di baris 1 atau kosongkan"),
    "sheet.column_missing": Entry("kolom {name} tidak ada", "tambahkan kolom {name} di baris 1"),
    "cell.blank": Entry("{column} kosong", "isi {column}"),
    "cell.name": Entry(
        "{name} tidak dapat dipakai sebagai {column}",
        "mulai dengan huruf, lalu huruf, angka, garis bawah, titik, atau tanda hubung; paling panjang 63, tanpa spasi",
    ),
    "cell.double": Entry("{column} {name} sudah ada di {earlier}", "hapus salah satunya atau beri nama lain"),
    "cell.closed": Entry("{column} tidak mengenal {name}", "pilih salah satu: {known}"),
    "cell.closed_near": Entry("{column} tidak mengenal {name}", "maksud Anda {meant}? Pilihannya: {known}"),
    "cell.number": Entry(
        "{column} berisi {found}, bukan bilangan", "tulis bilangan biasa, paling banyak 13 angka dan 12 desimal"
    ),
    "cell.date": Entry("{found} bukan tanggal", "tulis seperti 2024-01-31"),
    "cell.label": Entry("label dalam {language} kosong untuk {name}", "tulis label yang dibaca orang"),
    "weight.not_positive": Entry("bobot {found} tidak lebih dari 0", "tulis bobot positif, atau hapus barisnya"),
    "instrument.key": Entry("keterangan {name} tidak dikenal", "hapus; yang dikenal ada di docs/workbook.md"),
    "instrument.key_near": Entry("keterangan {name} tidak dikenal", "maksud Anda {meant}?"),
    "instrument.key_missing": Entry("keterangan {name} tidak ada", "tambahkan baris {name} beserta isinya"),
    "instrument.dates": Entry("valid_to {end} mendahului valid_from {start}", "perbaiki salah satu tanggalnya"),
    "instrument.scale": Entry("scale berisi {found}, bukan bilangan lebih dari 0", "tulis misalnya 100"),
    "privacy.field": Entry("isian {name} tidak ada di sheet survey", "periksa ejaannya atau hapus barisnya"),
    "privacy.field_near": Entry("isian {name} tidak ada di sheet survey", "maksud Anda {meant}?"),
    "over.unknown": Entry("{name} bukan pengulangan", "tulis household, atau nama begin repeat di sheet survey"),
    "over.unknown_near": Entry("{name} bukan pengulangan", "maksud Anda {meant}?"),
    "calculation.circle": Entry("hitungan ini berputar: {circle}", "ubah salah satunya agar tidak saling menunggu"),
    "class.kind": Entry(
        "syarat golongan menghasilkan {kind}, bukan ya/tidak", "tulis perbandingan, misalnya ${{skor}} >= 4"
    ),
    "aspect.parent": Entry("aspek induk {name} tidak dikenal", "periksa ejaannya di kolom aspect"),
    "aspect.parent_near": Entry("aspek induk {name} tidak dikenal", "maksud Anda {meant}?"),
    "aspect.circle": Entry("induk aspek berputar: {circle}", "kosongkan parent pada aspek yang paling atas"),
    "aspect.empty": Entry(
        "aspek {name} tidak punya indikator, jadi bobotnya tidak pernah mendapat nilai",
        "tambahkan indikatornya atau hapus aspek ini",
    ),
    "indicator.aspect": Entry("aspek {name} tidak dikenal", "periksa ejaannya di sheet aspects"),
    "indicator.aspect_near": Entry("aspek {name} tidak dikenal", "maksud Anda {meant}?"),
    "indicator.min_n": Entry("min_n berisi {found}", "tulis bilangan bulat 0 atau lebih"),
    "indicator.options_survey": Entry(
        "rule options tidak berlaku untuk from = survey",
        "pakai yes_no, linear, atau bands; pilihan itu untuk juri dan catatan",
    ),
    "indicator.yes_no": Entry(
        "rule yes_no dengan aggregate {aggregate}: hanya nilai tepat 1 yang mendapat poin",
        "pakai aggregate share, atau rule linear atau bands",
    ),
    "indicator.expression_missing": Entry("from = survey tanpa ungkapan", "isi kolom expression"),
    "indicator.applies_to": Entry(
        "applies_to menghasilkan {kind}, bukan ya/tidak", "tulis perbandingan, misalnya ${{umur}} < 5"
    ),
    "indicator.wants_boolean": Entry(
        "aggregate {aggregate} meminta ya/tidak, ungkapannya menghasilkan {kind}",
        "tulis perbandingan, misalnya ${{air}} = 'ledeng', atau pakai aggregate mean, sum, median, min, atau max",
    ),
    "indicator.wants_number": Entry(
        "aggregate {aggregate} meminta bilangan, ungkapannya menghasilkan {kind}",
        "tulis bilangan, atau pakai aggregate share atau count",
    ),
    "indicator.survey_only": Entry(
        "{column} hanya untuk from = survey, di sini {origin}",
        "kosongkan: nilainya datang langsung dari catatan atau juri",
    ),
    "indicator.low_high_unused": Entry("{column} tidak dipakai oleh rule {rule}", "kosongkan agar tidak membingungkan"),
    "indicator.low_high_missing": Entry("rule linear tanpa {column}", "isi low (0 poin) dan high (poin penuh)"),
    "indicator.low_is_high": Entry(
        "low dan high sama-sama {found}", "bedakan keduanya; low > high berarti makin kecil makin baik"
    ),
    "indicator.share_ends": Entry(
        "{column} {found} di luar 0 sampai 1, padahal nilainya bagian (share)", "tulis 0,8 untuk 80 persen, sebagai 0.8"
    ),
    "indicator.measure_elsewhere": Entry(
        "measure hanya untuk from = protection, di sini {origin}", "kosongkan measure atau ubah from"
    ),
    "indicator.no_agency": Entry(
        "indikator ini memakai isian kesehatan {field} tanpa agency, jadi tidak ada instansi yang melihat kebutuhannya",
        "isi agency, misalnya Puskesmas",
    ),
    "indicator.raw_cases": Entry(
        "indikator ini menghitung kasus: {words}. Nilai yang bergantung pada banyaknya kasus menghukum orang yang "
        "berani melapor dan memberi hadiah kepada yang diam",
        "pakai from = protection dengan measure dari daftarnya, atau nilai upayanya, misalnya 'Upaya pencegahan KDRT'",
    ),
    "indicator.measure_backwards": Entry(
        "measure {measure} dinilai terbalik: makin banyak pertolongan, makin sedikit poin",
        "pada linear tulis low lebih kecil dari high; pada bands poin tidak boleh turun",
    ),
    "indicator.measure_missing": Entry("from = protection tanpa measure", "pilih salah satu: {known}"),
    "indicator.measure": Entry(
        "measure {name} tidak ada di daftar; banyaknya kasus tidak boleh menjadi nilai, agar orang berani melapor",
        "pilih dari daftar di docs/workbook.md, bagian Protection",
    ),
    "indicator.measure_near": Entry("measure {name} tidak ada di daftar", "maksud Anda {meant}?"),
    "indicator.measure_rule": Entry("measure {measure} tidak cocok dengan rule {rule}", "pakai {wanted}"),
    "indicator.no_bands": Entry("{name} memakai rule bands tanpa baris di sheet bands", "tambahkan rentangnya"),
    "indicator.no_options": Entry("{name} memakai rule options tanpa baris di sheet options", "tambahkan pilihannya"),
    "cell.option": Entry(
        "{name} tidak dapat dipakai sebagai {column}",
        "pakai huruf, angka, garis bawah, titik, atau tanda hubung; paling panjang 63, tanpa spasi",
    ),
    "points.indicator": Entry("indikator {name} tidak dikenal", "periksa ejaannya di sheet indicators"),
    "points.indicator_near": Entry("indikator {name} tidak dikenal", "maksud Anda {meant}?"),
    "points.other_rule": Entry(
        "indikator {name} memakai rule {rule}, bukan {wanted}", "hapus baris ini atau ubah rule menjadi {wanted}"
    ),
    "points.outside": Entry("poin {found} di luar 0 sampai {scale}", "tulis poin pada skala instrumen"),
    "band.backwards": Entry("rentang {low} sampai {high} terbalik atau kosong", "from harus lebih kecil dari to"),
    "band.start": Entry("tidak ada rentang untuk nilai di bawah {found}", "kosongkan from pada rentang terendah"),
    "band.start_share": Entry("tidak ada rentang untuk nilai 0 sampai {found}", "mulai rentang terendah dari 0"),
    "band.end": Entry("tidak ada rentang untuk nilai {found} ke atas", "kosongkan to pada rentang tertinggi"),
    "band.end_share": Entry("tidak ada rentang untuk nilai {found} sampai 1", "akhiri rentang tertinggi pada 1"),
    "band.gap": Entry("ada celah antara {end} dan {start}", "samakan to rentang sebelumnya dengan from sesudahnya"),
    "band.overlap": Entry("rentang ini menindih rentang di baris {row}", "mulai tepat di akhir rentang sebelumnya"),
    "relevant.kind": Entry(
        "relevant menghasilkan {kind}, bukan ya/tidak", "tulis perbandingan, misalnya ${{hamil}} = 'ya'"
    ),
    "constraint.kind": Entry("constraint menghasilkan {kind}, bukan ya/tidak", "tulis perbandingan, misalnya . >= 0"),
    "survey.violence": Entry(
        "pertanyaan ini mencatat kekerasan yang dialami seseorang: {words}",
        "hapus; yang boleh ditanyakan: rasa aman, tahu ke mana melapor, ikut sosialisasi; kasus ditangani UPTD PPA",
    ),
    # --- engines: answers and numbers on their way to counts ----------------------------------------------------
    "engine.unknown": Entry("mesin {engine} tidak dikenal", "pakai salah satu dari: {engines}"),
    "engine.unit_column": Entry("kolom wilayah {column} tidak ada", "pakai nama kolom yang ada di data keluarga"),
    "engine.no_key": Entry("kolom {column} tidak ada", "tambahkan kolom itu, satu kode untuk tiap keluarga"),
    "engine.key_twice": Entry(
        "kode keluarga '{household}' ada {count} kali di kolom {column}", "isi kode yang berbeda untuk tiap keluarga"
    ),
    "engine.answers": Entry(
        "{count} jawaban {field} tidak sesuai daftar atau jenisnya dan dihitung kosong, pertama di baris data {row}",
        "perbaiki jawaban itu menurut sheet survey dan choices",
    ),
    "engine.overflow": Entry(
        "{name} mencapai 10^13 pada {count} baris di wilayah {unit}, misalnya keluarga {household}; nilainya tidak ada",
        "periksa jawaban dan ungkapannya, atau pakai satuan yang lebih besar",
    ),
    "engine.dsn": Entry("mesin {engine} memerlukan alamat basis data", "tambahkan --dsn postgresql://…"),
    "engine.connection": Entry("PostgreSQL tidak dapat dihubungi: {message}", "periksa alamat pada --dsn"),
    "engine.version": Entry("PostgreSQL {version} terlalu lama", "pakai PostgreSQL 15 atau lebih baru"),
    # --- a value in a cell: the cell is named, what it says is never repeated ----------------------------------
    "value.integer": Entry("isian {field} bukan bilangan bulat", "tulis angka saja, misalnya 12"),
    "value.decimal": Entry("isian {field} bukan bilangan", "tulis angka saja, misalnya 3,5"),
    "value.ambiguous": Entry(
        "titik pada isian {field} dapat berarti ribuan atau pecahan",
        "tulis bilangan bulat dan uang tanpa titik (1234), pecahan yang lain dengan koma (1,234)",
    ),
    "value.parted": Entry(
        "angka pada isian {field} dapat berarti ribuan atau pecahan",
        "tulis bilangan bulat tanpa titik dan koma, misalnya 250375",
    ),
    "value.multiple": Entry(
        "angka pada isian {field} dapat berarti rupiah atau {unit} rupiah",
        "tulis dengan satuannya, misalnya 75 {unit} atau 1250000 {unit}",
    ),
    "value.range": Entry(
        "bilangan pada isian {field} terlalu besar atau terlalu panjang",
        "paling banyak 13 angka di depan koma dan 12 di belakangnya",
    ),
    "value.date": Entry("isian {field} bukan tanggal", "tulis 2024-04-25 atau 25/4/2024"),
    "value.time": Entry("isian {field} bukan jam", "tulis jam:menit, misalnya 07:30"),
    "value.datetime": Entry("isian {field} bukan tanggal dan jam", "tulis 2024-04-25T07:30"),
    "value.choice": Entry("isian {field} bukan salah satu pilihannya", "pilihan yang ada: {names}"),
    "value.choice_near": Entry("isian {field} bukan salah satu pilihannya", "maksud Anda {meant}?"),
    # --- who may --------------------------------------------------------------------------------------------
    "access.forbidden": Entry("Anda tidak berwenang {what}", "hubungi sekretariat kota bila tugas Anda memerlukannya"),
    "access.missing": Entry("tidak ditemukan", "periksa alamatnya, atau mulai lagi dari beranda"),
    # --- the log --------------------------------------------------------------------------------------------
    "audit.head": Entry(
        "{head!r} bukan kepala rantai audit", "salin paling sedikit {shortest} angka dan huruf a–f dari lembar cetak"
    ),
    # --- people ---------------------------------------------------------------------------------------------
    "people.field": Entry("{field}: {why}", "perbaiki isian itu"),
    "people.password": Entry("kata sandi belum cukup kuat: {why}", "pilih kata sandi yang lebih panjang"),
    "people.agency": Entry(
        "penghubung OPD bertugas untuk satu OPD, peran lain untuk satu wilayah", "pilih OPD atau wilayah sesuai peran"
    ),
    "people.area": Entry("wilayah tugas {role} belum dipilih", "pilih wilayahnya"),
    "people.dates": Entry("tugas berakhir sebelum mulai", "periksa kedua tanggalnya"),
    "people.hand_over": Entry(
        "tugas ini tidak dapat diserahkan: sudah berakhir, atau penerimanya orang yang sama", "pilih penerima yang lain"
    ),
    "people.herself": Entry("Anda tidak dapat menonaktifkan akun sendiri", "minta administrator lain melakukannya"),
    "people.first_code": Entry(
        "kode ini salah atau sudah dipakai",
        "salin kode yang dicetak `selaras serve`; setelah ada administrator, masuk saja",
    ),
    # --- the programme year ---------------------------------------------------------------------------------
    "cycle.place": Entry("{place} bukan kabupaten/kota atau provinsi", "pilih kabupaten/kota atau provinsinya"),
    "cycle.exists": Entry("tahun program {cycle} sudah ada", "buka yang sudah ada, atau pilih tahun lain"),
    "cycle.closed": Entry("{cycle} sudah ditutup", "pilih tahun program yang masih berjalan"),
    "cycle.dates": Entry("{what} berakhir sebelum mulai", "periksa kedua tanggalnya"),
    "cycle.round_exists": Entry("putaran {round} sudah ada", "ubah nomornya"),
    "lokus.place": Entry("{place} bukan kelurahan atau desa di {city}", "pilih kelurahan atau desa di sana"),
    "lokus.prefix": Entry("awalan kode {prefix!r} tidak dapat dipakai", "tulis 2 sampai 6 huruf besar, misalnya GD"),
    "lokus.exists": Entry("{place} sudah menjadi lokus, atau awalan {prefix} sudah dipakai", "pilih yang lain"),
    "lokus.elsewhere": Entry("lokus itu bukan dari tahun program ini", "pilih lokus dari daftar tahun ini"),
    "achievement.source": Entry("sumber prestasi belum ditulis", "tulis naskah atau halaman yang menyebutnya"),
    "places.province": Entry("provinsi {code!r} tidak ada di daftar", "tulis dua angka kodenya, misalnya 36"),
    # --- publishing -----------------------------------------------------------------------------------------
    "instrument.plain": Entry(
        "buku kerja {name} hanya formulir, tanpa lembar `instrument`",
        "tambahkan lembar instrument, aspects dan indicators",
    ),
    "instrument.changed": Entry(
        "{instrument} versi {version} sudah terbit dengan isi lain", "naikkan nomor versi di lembar instrument"
    ),
    # --- backup and restore ---------------------------------------------------------------------------------
    "backup.exists": Entry("{name} sudah ada", "pilih nama berkas lain; cadangan lama tidak ditimpa"),
    "backup.unknown": Entry("berkas ini bukan cadangan Selaras", "pilih berkas yang dibuat oleh `selaras backup`"),
    "backup.changed": Entry("cadangan rusak atau telah diubah: {name}", "pakai salinan lain dari cadangan ini"),
    "backup.newer": Entry(
        "cadangan ini dari Selaras {version}, lebih baru dari program ini", "perbarui Selaras dahulu"
    ),
    "backup.key": Entry(
        "cadangan ini dibuat dengan SELARAS_DATA_KEY versi {version}, yang tidak ada di sini",
        "tambahkan kunci versi itu ke SELARAS_DATA_KEY",
    ),
    "backup.beside": Entry("baris {line} di {name} bukan dari Selaras", "pakai salinan lain dari berkas itu"),
    "backup.register": Entry("{name} bukan daftar penghapusan", "pakai erasures.jsonl atau cadangan yang lebih baru"),
    "result.which": Entry("hasil yang dibandingkan tidak dikenal", "pilih dua hasil dari daftarnya"),
    "restore.not_empty": Entry(
        "basis data ini sudah berisi", "pulihkan ke basis data yang kosong; ubah SELARAS_DATABASE_URL bila perlu"
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in what a person gave us.

    `where` is `SHEET!CELL` for a workbook, `FILE!CELL` for data, or '' where there is no place. `values` fill the
    catalogue's curly words. Raises KeyError at once for a code that the catalogue lacks: a typo must not reach
    a user.
    """

    code: str
    where: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    level: Level = "error"

    def __post_init__(self) -> None:
        CATALOGUE[self.code]

    @property
    def message(self) -> str:
        """What is wrong, in Indonesian."""
        return CATALOGUE[self.code].message.format_map(self.values)

    @property
    def remedy(self) -> str:
        """What to do about it, in Indonesian."""
        return CATALOGUE[self.code].remedy.format_map(self.values)

    def __str__(self) -> str:
        """`indicators!F12: ${jambann} tidak dikenal; maksud Anda ${jamban}?`: one line, place first."""
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.message}; {self.remedy}"


class SelarasError(Exception):
    """What our code raises at a person: one or more problems, never a bare string.

    SelarasError
    ├── InputError      what was given cannot be used (HTTP 422)
    ├── Forbidden       may not (HTTP 403)
    └── Missing         is not there, or not for this person (HTTP 404)
    """

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InputError(SelarasError):
    """What was given cannot be used; nothing has been changed."""


class Forbidden(SelarasError):  # noqa: N818  (read as a sentence: raise Forbidden)
    """The person is known and may not do this."""


class Missing(SelarasError):  # noqa: N818
    """The thing is not there, or is another city's, which must look the same."""
