"""What can be wrong in the locked room, in Indonesian: nothing here says what a ticket is about."""

from selaras.catalogue.entry import Entry

CASES: dict[str, Entry] = {
    "cases.place": Entry("kelurahannya belum dipilih, atau di luar wilayah tugas Anda", "pilih kelurahan di daftar"),
    "cases.press": Entry("halaman ini sudah lama terbuka", "muat ulang halamannya, lalu tekan tombolnya lagi"),
    "cases.pressed": Entry(
        "kode dari tombol itu sudah dibatalkan, atau dibuat untuk kelurahan lain",
        "pilih kelurahannya, lalu tekan tombolnya sekali lagi untuk kode yang baru",
    ),
    "cases.purpose": Entry("keperluannya belum dipilih", "pilih salah satu di daftar"),
    "cases.step": Entry("langkah ini tidak cocok dengan keadaan tiket", "muat ulang halamannya; mungkin sudah dicatat"),
    "cases.time": Entry(
        "waktunya kosong, belum tiba, atau mendahului langkah sebelumnya",
        "tulis tanggal dan jam yang sebenarnya, juga bila sudah lama",
    ),
    "cases.early": Entry(
        "tindak lanjut tiga bulan baru dapat dicatat {days} hari sesudah laporan", "catat lagi pada waktunya"
    ),
    "cases.number": Entry(
        "itu bukan nomor SIMFONI",
        "tulis nomor pencatatan SIMFONI PPA, misalnya {example}; bukan NIK, bukan nomor HP, "
        "dan tanpa huruf selain kode kantor",
    ),
    "cases.law": Entry("belum dijawab apakah laporan ini wajib diteruskan", "pilih wajib atau tidak"),
    "cases.void": Entry("alasannya belum dipilih", "pilih salah satu alasan di daftar"),
    "cases.twin": Entry(
        "tiket yang satunya tidak dikenal di kelurahan ini, atau sudah tidak dihitung",
        "tulis kode tiket lain dari kelurahan yang sama, yang tetap dipakai",
    ),
    "cases.call_back": Entry(
        "kode ini tidak dapat dibatalkan lagi", "telepon UPTD PPA dan katakan bahwa kodenya salah tekan"
    ),
    "cases.code": Entry("kode ini tidak dikenal di wilayah Anda", "periksa hurufnya; kode terdiri dari {length} tanda"),
    "cases.over": Entry("waktunya sudah lewat", "minta pembukaan darurat yang baru"),
    "cases.agreed": Entry("permintaan ini sudah dijawab orang lain", "muat ulang halamannya"),
    "cases.alone": Entry(
        "tidak ada orang ketiga yang akan mengetahui pembukaan ini",
        "minta sekretariat memberi tugas petugas perlindungan atau pimpinan kepada orang lain dahulu",
    ),
    "cases.settled": Entry(
        "akun Anda, kode saat masuknya, atau tugas Anda belum berumur {days} hari",
        "minta orang lain yang lebih lama bertugas, atau tunggu sampai hari itu",
    ),
    "cases.one_person": Entry(
        "kedua akun tampak milik satu orang: nama, surel, atau perambannya sama",
        "minta orang lain, dari perangkatnya sendiri",
    ),
    "cases.second": Entry(
        "orang kedua harus orang lain dengan tugas yang berlainan",
        "minta pimpinan, atau sekretariat",
    ),
    "cases.one_hand": Entry(
        "satu orang memberi Anda dan orang pertama akun, jalan masuk, atau tugas, sendiri atau lewat orang lain",
        "minta orang yang diangkat orang lain; bila tidak ada, pemilik server menjalankan `selaras know_officer`",
    ),
    "cases.break_hand": Entry(
        "peminta dan Anda bukan dua orang yang terpisah: salah satunya, atau seorang di bawah administrator, memberi"
        " akun, jalan masuk, atau tugas yang lain",
        "minta petugas yang sudah dikenali, atau pimpinan lain, untuk menyetujui",
    ),
    "cases.console": Entry(
        "tidak ada petugas perlindungan aktif dengan nama pengguna itu yang sudah memasang kode saat masuk",
        "periksa nama penggunanya; ia harus memegang tugas itu, bukan administrator, dan sudah memasang kode",
    ),
    "cases.known": Entry("petugas ini sudah dikenali", "muat ulang halamannya"),
    "cases.vouch_area": Entry("wilayah petugas ini lebih luas daripada wilayah Anda", "minta petugas tingkat kota"),
    "cases.vouch_hand": Entry(
        "Anda memberi petugas ini akun, jalan masuk, atau tugasnya, sendiri atau lewat orang lain",
        "minta orang lain yang tidak ikut memberinya; bila tidak ada, pemilik server menjalankan"
        " `selaras know_officer`",
    ),
    "cases.vouch_unknown": Entry("Anda sendiri belum dikenali", "minta petugas lain mengenali Anda dulu"),
    "cases.vouch_colleague": Entry(
        "di wilayah ini sudah ada petugas yang dikenali", "minta petugas itu mengenali rekannya"
    ),
    "cases.vouch_code": Entry(
        "kodenya tidak cocok", "minta petugas itu membacakan lagi kode yang tampil di layarnya hari ini"
    ),
    "cases.vouch_heard": Entry(
        "belum dinyatakan bahwa kodenya didengar langsung dari orangnya",
        "bertemulah atau telepon nomor yang Anda kenal, lalu beri tanda centang",
    ),
}
