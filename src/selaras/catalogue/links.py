"""What can be wrong with agencies' links, what they are asked, and what they answer, in Indonesian."""

from selaras.catalogue.entry import Entry

LINKS: dict[str, Entry] = {
    # --- links ------------------------------------------------------------------------------------------------
    "link.holder": Entry("belum ditulis tautan ini untuk siapa", "tulis nama penghubungnya"),
    "link.expires": Entry(
        "tautan harus berlaku paling sedikit sampai besok dan paling lama {most} hari", "pilih tanggal di antaranya"
    ),
    "link.email": Entry("{email} bukan alamat surel", "tulis seperti nama@dinas.go.id, atau kosongkan"),
    "link.closed": Entry("tautan ini sudah dicabut atau kedaluwarsa", "buat tautan baru untuk OPD itu"),
    "link.code_wrong": Entry("kode itu tidak cocok", "periksa angkanya; masih {left} kali percobaan"),
    "link.code_locked": Entry(
        "kode sudah terlalu sering salah, jadi dikunci", "minta kode baru kepada sekretariat lewat telepon"
    ),
    "link.code_used": Entry(
        "kode itu sudah dipakai di peramban lain", "minta kode baru kepada sekretariat lewat telepon"
    ),
    # --- asking -----------------------------------------------------------------------------------------------
    "ask.due": Entry(
        "tenggat jawaban harus hari ini atau sesudahnya, paling lama {most} hari lagi", "pilih tanggal lain"
    ),
    "ask.nothing": Entry(
        "tidak ada keluarga dengan kebutuhan {indicator} di {lokus}", "muat ulang halaman permintaan, lalu pilih lagi"
    ),
    "ask.agency": Entry("OPD itu tidak ada di daftar OPD kota ini", "pilih OPD dari daftar"),
    "ask.answered": Entry(
        "permintaan itu sudah dijawab, jadi tidak dapat ditarik",
        "minta OPD mengubah jawabannya selama belum lewat tenggat",
    ),
    # --- answering --------------------------------------------------------------------------------------------
    "answer.choice": Entry("jawabannya belum dipilih", "pilih Sanggup, Dengan perubahan, Usulan, atau Tidak dapat"),
    "answer.reason": Entry("alasannya belum ditulis", "pilih salah satu alasan atau tulis sendiri"),
    "answer.change": Entry("perubahannya belum ditulis", "tulis singkat apa yang berbeda dari permintaan"),
    "answer.long": Entry("alasan lebih dari {most} huruf", "persingkat"),
    "answer.volume": Entry("jumlah keluarga harus bilangan 1 sampai {most}", "tulis berapa keluarga yang disanggupi"),
    "answer.number": Entry("{given} bukan jumlah keluarga", "tulis bilangan bulat, atau kosongkan untuk semua"),
    "answer.fund": Entry("sumber dananya belum dipilih", "pilih salah satu sumber dana"),
    "answer.months": Entry("bulan selesai mendahului bulan mulai", "pilih bulan selesai yang sama atau sesudahnya"),
    "answer.month": Entry("bulan itu di luar tahun program dan tahun sesudahnya", "pilih bulan dari daftar"),
    "answer.families": Entry("belum ada keluarga yang dipilih", "centang paling sedikit satu keluarga"),
    "answer.late": Entry(
        "tenggat {due} sudah lewat, jadi jawaban tidak dapat diubah lagi di sini",
        "hubungi sekretariat bila perlu diubah",
    ),
    "answer.newer": Entry(
        "jawaban ini sudah diganti orang lain sejak halaman dibuka",
        "bandingkan dengan jawaban terbaru di bawah; isian Anda masih ada, kirim lagi bila tetap itu maksud Anda",
    ),
    "answer.met": Entry(
        "menurut pendataan terakhir kebutuhan ini sudah terpenuhi", "tidak perlu dijawab lagi; muat ulang halaman ini"
    ),
}
