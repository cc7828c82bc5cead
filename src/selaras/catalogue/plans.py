"""What can be wrong in a commitment, or in a sheet of commitments, in Indonesian. `where` is the field or the cell."""

from selaras.catalogue.entry import Entry

PLANS: dict[str, Entry] = {
    "plan.title": Entry("kegiatan belum ditulis", "tulis apa yang akan dilakukan"),
    "plan.too_long": Entry("{what} lebih panjang dari {most} huruf", "ringkas"),
    "plan.number": Entry("{what} berisi {found}, bukan bilangan", "tulis bilangan, misalnya 12 atau 12,5"),
    "plan.rupiah": Entry("{found} bukan nilai rupiah penuh", "tulis tanpa pecahan, misalnya Rp1.250.000"),
    "plan.multiple": Entry(
        "{found} dapat dibaca lebih dari satu macam",
        "tulis dengan satuannya dan tanpa titik, misalnya 75 {unit} atau 1250 {unit}",
    ),
    "plan.unit": Entry(
        "judul kolom tidak mengatakan {found} itu berapa rupiah",
        "tulis satuannya di judul, misalnya Pagu (Rp) atau Pagu (juta rupiah), atau di sel, misalnya 75 juta",
    ),
    "plan.negative": Entry("{what} kurang dari nol", "tulis bilangan nol atau lebih"),
    "plan.date": Entry("{found} bukan tanggal", "tulis misalnya 31/10/2024 atau 2024-10-31"),
    "plan.dates": Entry("selesai mendahului mulai", "perbaiki salah satu tanggalnya"),
    "plan.obstacle": Entry("kendalanya belum ditulis", "tulis apa yang menghalangi, tanpa menyebut nama orang"),
    "plan.agency": Entry("OPD {found} tidak dikenal di wilayah ini", "pilih OPD, atau tambahkan dulu di Tim dan OPD"),
    "plan.indicator": Entry("indikator {found} tidak ada di instrumen tahun ini", "pilih indikator dari daftar"),
    "plan.fund": Entry("sumber dana {found} tidak dikenal", "pilih salah satu: {known}"),
    "plan.state": Entry("keadaan {found} tidak dikenal", "pilih salah satu: {known}"),
    "plan.lokus": Entry(
        "lokasi {found} bukan lokus tahun ini", "tulis nama kelurahan lokus, atau kosongkan untuk seluruh kota"
    ),
    "plan.area": Entry("wilayah {found} di luar lokus", "tulis RW atau RT di dalam lokus, misalnya RW 03"),
    "plan.needs": Entry(
        "ada kebutuhan yang sudah tertutup, dari tahun lain, atau tidak boleh Anda lihat",
        "muat ulang daftarnya lalu pilih lagi",
    ),
    "plan.needs_mixed": Entry(
        "kebutuhan yang dipilih bukan untuk indikator ini", "pilih keluarga dengan kebutuhan yang sama"
    ),
    "plan.stale": Entry(
        "komitmen ini sudah diubah orang lain sejak Anda membukanya", "bandingkan perbedaannya, lalu simpan lagi"
    ),
    "plan.cancelled": Entry("komitmen ini sudah dibatalkan", "catat komitmen baru"),
    "plan.closed": Entry("tahun program ini sudah ditutup", "komitmen baru dicatat di tahun yang berjalan"),
    # --- a sheet of commitments -----------------------------------------------------------------------------------
    "plan.sheet_empty": Entry("tidak ada baris kegiatan di berkas {name}", "periksa sheet dan barisnya"),
    "plan.sheet_header": Entry(
        "tidak ada baris judul dengan kolom kegiatan di berkas {name}", "beri judul kolom, misalnya OPD, Kegiatan, Pagu"
    ),
    "plan.sheet_rows": Entry("berkas berisi {found} kegiatan, paling banyak {limit}", "pecah menjadi beberapa berkas"),
    "plan.sheet_double": Entry("kegiatan yang sama sudah ada di {earlier}", "hapus salah satunya"),
    "plan.sheet_errors": Entry("berkas masih punya {count} masalah", "perbaiki di lembar kerja, lalu unggah lagi"),
    "plan.sheet_gone": Entry("pratinjau berkas ini sudah tidak ada", "unggah berkasnya lagi"),
}
