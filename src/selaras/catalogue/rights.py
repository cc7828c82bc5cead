"""What can be wrong in requests about personal data and in the register of breaches, in Indonesian."""

from selaras.catalogue.entry import Entry

RIGHTS: dict[str, Entry] = {
    "rights.kind": Entry("belum dipilih apa yang diminta", "pilih salah satu"),
    "rights.asker": Entry("nama pemohon belum ditulis", "tulis siapa yang meminta; namanya disimpan tersegel"),
    "rights.reach": Entry(
        "belum ditulis ke mana jawabannya disampaikan", "tulis nomor HP atau alamat; keduanya disimpan tersegel"
    ),
    "rights.received": Entry(
        "waktu diterima belum diisi, belum terjadi, atau lebih dari 60 hari lalu", "isi kapan permintaan itu diterima"
    ),
    "rights.family": Entry(
        "keluarga {code} tidak ada di antara keluarga yang Anda layani", "periksa kodenya, atau kosongkan"
    ),
    "rights.stale": Entry("permintaan ini sudah diubah orang lain", "lihat keadaannya sekarang, lalu ulangi"),
    "rights.answer": Entry("jawabannya belum dipilih", "pilih dipenuhi, ditolak, atau dicabut pemohon"),
    "rights.ground": Entry(
        "alasan menolak belum dipilih", "pilih salah satu; alasan lain tidak dibenarkan undang-undang"
    ),
    "rights.unknown": Entry(
        "belum dipastikan siapa yang meminta", "pastikan dulu, lalu tekan Sudah dipastikan; jangan menyalin KTP-nya"
    ),
    "rights.deed": Entry(
        "belum dipilih apa yang dilakukan", "pilih satu; permintaan tidak dipenuhi dengan mencentang saja"
    ),
    "rights.not_photos": Entry(
        "foto itu tidak ditemukan, atau belum ditarik sejak permintaan diterima",
        "tarik dulu fotonya, lalu tempel alamat halamannya di sini",
    ),
    "rights.not_account": Entry(
        "akun itu tidak ada di kota ini, belum ditutup, atau bukan atas nama pemohon",
        "nonaktifkan dulu akunnya di Orang dan tugas, lalu tulis nama masuknya di sini",
    ),
    "rights.second": Entry(
        "nama dikeluarkan dari semua catatan kota, jadi tidak oleh orang yang mencatat permintaannya",
        "minta petugas lain membaca catatan yang memuat nama itu, lalu menjawab",
    ),
    "rights.not_corrected": Entry(
        "data keluarga itu belum dibetulkan sejak permintaan diterima", "tekan Betulkan datanya, lalu jawab"
    ),
    "rights.not_given": Entry(
        "salinan datanya belum diambil", "tekan Salinan data (PDF), serahkan kepada pemohon, lalu jawab"
    ),
    "rights.restricted": Entry(
        "keluarga itu sedang tidak dipakai atas nama",
        "akhiri dulu pembatasannya di permintaan yang membatasinya, lalu jawab",
    ),
    "rights.not_restricted": Entry("keluarga itu tidak sedang dibatasi", "muat ulang halaman ini"),
    "rights.no_family": Entry(
        "permintaan ini tidak tentang keluarga yang terdaftar", "jawab langsung kepada pemohon, lalu catat jawabannya"
    ),
    "rights.not_over": Entry(
        "masa simpan tahun ini belum habis, atau tahunnya belum ditutup", "tunggu harinya, dan tutup tahunnya dulu"
    ),
    "rights.how_many": Entry(
        "banyaknya keluarga tidak cocok", "ketik {n} bila memang semuanya dihapus; ini tidak dapat diurungkan"
    ),
    "breach.cause": Entry("belum dipilih apa yang terjadi", "pilih yang paling dekat"),
    "breach.kinds": Entry("belum dipilih data apa yang terkena", "pilih paling sedikit satu"),
    "breach.known": Entry(
        "waktu diketahui belum diisi, belum terjadi, atau lebih dari setahun lalu", "isi kapan pertama kali diketahui"
    ),
    "breach.happened": Entry("belum ditulis kapan dan bagaimana terjadinya", "tulis singkat, tanpa nama orang"),
    "breach.name": Entry(
        "kalimat ini menyebut nama atau nomor keluarga binaan", "tulis tanpa nama; sebut kode atau banyaknya saja"
    ),
    "breach.count": Entry("banyaknya berisi {found}, bukan bilangan", "tulis bilangan nol atau lebih, atau kosongkan"),
    "breach.lokus": Entry("lokus itu tidak ada di tahun ini", "pilih dari daftar, atau seluruh kota"),
    "breach.stale": Entry("kejadian ini sudah diubah orang lain", "lihat isinya sekarang, lalu simpan lagi"),
    "breach.closed_as": Entry("belum ditulis apa pelajarannya", "tulis apa yang diubah, atau mengapa bukan kejadian"),
    "breach.untold": Entry(
        "pemberitahuan kepada pemilik data dan lembaga belum dicatat",
        "catat kapan disampaikan, atau tulis mengapa tidak perlu",
    ),
}
