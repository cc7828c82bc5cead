"""What can be wrong in a rehearsal, its sheets and tasks, and in what a plan is made of, in Indonesian."""

from selaras.catalogue.entry import Entry

GLADI: dict[str, Entry] = {
    "gladi.no_instrument": Entry("tahun ini belum punya instrumen", "pilih instrumennya di Atur tahun"),
    "gladi.no_items": Entry(
        "instrumen ini tidak punya butir yang dinilai juri", "pakai instrumen dengan butir judged, lalu buka gladi"
    ),
    "gladi.dates": Entry("hari terakhir mendahului hari pertama", "perbaiki salah satu tanggalnya"),
    "gladi.far": Entry("tanggal {found} terlalu jauh dari tahun program", "periksa tahunnya"),
    "gladi.open": Entry("gladi {number} belum ditutup", "tutup dulu, lalu buka gladi berikutnya"),
    "gladi.closed": Entry("gladi ini sudah ditutup", "minta sekretariat memasukkan lembarnya di gladi berikutnya"),
    "gladi.no_sheets": Entry("belum ada lembar yang masuk", "tunggu atau ketik lembar kertasnya, lalu tutup gladi"),
    "gladi.marker": Entry(
        "{who} tidak dapat menilai lokus ini", "pilih lurah, camat, atau kader dari kelurahan lain di kota ini"
    ),
    "gladi.name": Entry("nama penilai belum ditulis", "tulis siapa yang mengisi lembar kertas ini"),
    "gladi.same_name": Entry(
        "lembar {name} untuk lokus ini sudah diketik",
        "bila ini perbaikannya, centang di bawah; bila orangnya lain, tambahkan jabatan atau kelurahannya",
    ),
    "gladi.nothing": Entry("lembar ini kosong", "nilai paling sedikit satu butir"),
    "gladi.option": Entry("pilihan {found} tidak ada di butir {item}", "pilih salah satu dari lembar"),
    "gladi.number": Entry("nilai {found} untuk butir {item} di luar batas", "tulis angka dari {low} sampai {high}"),
    "gladi.form": Entry("lembar ini bukan lembar gladi yang dikenal", "buka lembarnya lagi dari halaman Isi"),
    "gladi.agency": Entry("OPD itu bukan dari wilayah ini", "pilih dari daftar"),
    "gladi.text": Entry("tugasnya belum ditulis", "tulis apa yang akan dikerjakan"),
    "gladi.said": Entry("apa yang dikerjakan belum ditulis", "tulis singkat apa yang sudah selesai"),
    "gladi.stale": Entry("tugas ini sudah diubah orang lain sejak Anda membukanya", "muat ulang, lalu ubah lagi"),
    "gladi.shown": Entry("tugas ini sudah tertutup oleh gladi {number}", "tidak ada yang perlu diubah"),
    "champion.aspect": Entry("aspek {found} tidak ada di instrumen tahun ini", "pilih aspek dari daftar"),
    "champion.score": Entry("nilai {found} di luar 0 sampai {scale}", "periksa nilai dan skalanya"),
    "champion.source": Entry("sumbernya belum ditulis", "tulis naskah atau alamat halaman yang menyebutnya"),
    # --- what a plan is made of
    "purse.number": Entry("{what} berisi {found}, bukan bilangan", "tulis bilangan nol atau lebih"),
    "purse.dates": Entry("dana ditutup sebelum dibuka", "perbaiki salah satu tanggalnya"),
    "purse.stale": Entry("baris ini sudah diubah orang lain sejak Anda membukanya", "muat ulang, lalu ubah lagi"),
    "measure.title": Entry("tindakannya belum ditulis", "tulis apa yang dapat dilakukan, misalnya jamban sehat"),
    "measure.unit": Entry("satuannya belum ditulis", "tulis satuannya, misalnya unit atau paket"),
    "measure.serves": Entry("belum ada kebutuhan yang ditutup tindakan ini", "pilih indikatornya dan berapa keluarga"),
    "measure.most": Entry("paling banyak {most} kurang dari paling sedikit {least}", "perbaiki salah satunya"),
}
