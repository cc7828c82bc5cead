"""What can be wrong with people's tasks, invitations and hand-overs, in Indonesian."""

from selaras.catalogue.entry import Entry

_REMEDY = "pilih orang lain, atau akhiri dulu tugas yang satu"

PEOPLE: dict[str, Entry] = {
    # --- tasks that one person cannot hold together -----------------------------------------------------------
    "people.judged": Entry(
        "{one} dan {other} di wilayah dan tahun yang sama tidak dapat dipegang satu orang: yang dinilai tidak menilai",
        _REMEDY,
    ),
    "people.protected": Entry(
        "{one} dan {other} di wilayah dan tahun yang sama tidak dapat dipegang satu orang: juri tidak boleh tahu siapa "
        "yang sedang didampingi",
        _REMEDY,
    ),
    "people.overseen": Entry(
        "{one} dan {other} di wilayah dan tahun yang sama tidak dapat dipegang satu orang: provinsi menyelenggarakan "
        "penilaian atas kerja kota",
        _REMEDY,
    ),
    "people.twice": Entry("{name} sudah memegang tugas itu", "pilih tugas atau wilayah lain"),
    "people.by_link": Entry(
        "{name} datang lewat tautan OPD dan tidak punya akun untuk masuk", "undang dulu sebagai pengguna"
    ),
    "people.level": Entry("{role} tidak bertugas di {place}", "pilih {levels}"),
    "people.place": Entry("wilayah {code} tidak ada di sini", "pilih wilayah dari daftarnya"),
    "people.rw": Entry("hanya kader yang bertugas di satu RW", "kosongkan RW, atau pilih peran kader"),
    "people.last_administrator": Entry(
        "ini administrator terakhir; tanpa administrator server tidak dapat diurus",
        "beri tugas administrator kepada orang lain dulu",
    ),
    # --- invitations ------------------------------------------------------------------------------------------
    "invitation.no_task": Entry("undangan belum berisi tugas", "pilih paling sedikit satu tugas"),
    "invitation.name": Entry("nama orang yang diundang kosong", "tulis namanya"),
    "invitation.made": Entry(
        "undangan ini sudah dibuat; tautan dan kodenya hanya ditampilkan sekali",
        "bila belum tercatat, batalkan undangan itu lalu buat yang baru",
    ),
    "invitation.code": Entry(
        "kode ini tidak dikenal", "periksa setiap huruf di kertas Anda, atau minta undangan baru kepada pengundang"
    ),
    "invitation.used": Entry(
        "undangan ini sudah dipakai", "masuk dengan nama pengguna dan kata sandi yang Anda buat waktu itu"
    ),
    "invitation.revoked": Entry("undangan ini sudah dibatalkan", "tanyakan kepada yang mengundang Anda"),
    "invitation.expired": Entry("masa berlaku undangan ini sudah lewat", "minta undangan baru kepada yang mengundang"),
    "invitation.giver": Entry(
        "yang mengundang Anda tidak lagi berwenang memberi tugas ini", "minta undangan baru kepada sekretariat kota"
    ),
    "invitation.year": Entry(
        "tahun program pada undangan ini sudah ditutup, jadi tugasnya sudah berakhir",
        "minta undangan untuk tahun berikutnya kepada sekretariat kota",
    ),
    "invitation.account": Entry(
        "undangan ini milik akun lain", "keluar dulu, lalu buka tautan atau ketik kodenya lagi"
    ),
    "invitation.closed": Entry("undangan ini tidak terbuka lagi", "buat undangan baru bila masih perlu"),
    # --- handing everything over ------------------------------------------------------------------------------
    "handover.nothing": Entry("{name} tidak memegang tugas yang dapat Anda serahkan", "periksa daftar orang"),
    "handover.herself": Entry("tugas tidak dapat diserahkan kepada orang yang sama", "pilih orang lain"),
    "handover.changed": Entry(
        "tugasnya berubah sejak halaman ini dibuka; belum ada yang diserahkan",
        "baca lagi daftarnya, lalu serahkan sekali lagi",
    ),
    "handover.administrator": Entry(
        "tugas administrator hanya dapat diserahkan kepada orang yang sudah punya akun",
        "undang dulu penggantinya, lalu serahkan setelah ia masuk",
    ),
    "handover.inactive": Entry("akun {name} sedang tidak aktif", "aktifkan dulu, atau pilih orang lain"),
}
