"""What can be wrong in the locked room, in Indonesian: nothing here says what a ticket is about."""

from selaras.catalogue.entry import Entry

CASES: dict[str, Entry] = {
    "cases.place": Entry("kelurahannya belum dipilih, atau di luar wilayah tugas Anda", "pilih kelurahan di daftar"),
    "cases.press": Entry("halaman ini sudah lama terbuka", "muat ulang halamannya, lalu tekan tombolnya lagi"),
    "cases.purpose": Entry("keperluannya belum dipilih", "pilih salah satu di daftar"),
    "cases.step": Entry("langkah ini tidak cocok dengan keadaan tiket", "muat ulang halamannya; mungkin sudah dicatat"),
    "cases.time": Entry(
        "waktunya kosong, belum tiba, atau mendahului langkah sebelumnya",
        "tulis tanggal dan jam yang sebenarnya, paling lama {days} hari lalu",
    ),
    "cases.early": Entry(
        "tindak lanjut tiga bulan baru dapat dicatat {days} hari sesudah laporan", "catat lagi pada waktunya"
    ),
    "cases.number": Entry(
        "itu bukan nomor SIMFONI",
        "tulis nomor pencatatan SIMFONI PPA, misalnya {example}; bukan NIK dan bukan nomor HP",
    ),
    "cases.law": Entry("belum dijawab apakah laporan ini wajib diteruskan", "pilih wajib atau tidak"),
    "cases.void": Entry("alasannya belum dipilih", "pilih salah satu alasan di daftar"),
    "cases.code": Entry("kode ini tidak dikenal di wilayah Anda", "periksa hurufnya; kode terdiri dari {length} tanda"),
    "cases.over": Entry("waktunya sudah lewat", "minta pembukaan darurat yang baru"),
    "cases.agreed": Entry("permintaan ini sudah dijawab orang lain", "muat ulang halamannya"),
}
