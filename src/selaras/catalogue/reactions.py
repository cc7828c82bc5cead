"""What can be wrong with reactions, their slips and boxes, in Indonesian."""

from selaras.catalogue.entry import Entry

REACTIONS: dict[str, Entry] = {
    "reaction.code": Entry(
        "kode ini tidak dikenal, atau sudah dipakai",
        "periksa huruf dan angkanya; bila Anda sudah mengirim, jawaban Anda sudah masuk",
    ),
    "reaction.opener": Entry(
        "kode ini untuk petugas yang membuka kotak, bukan untuk menjawab", "pakai kode di lembar Anda sendiri"
    ),
    "reaction.no_answer": Entry("pertanyaan ini belum dijawab", "pilih salah satu"),
    "reaction.long": Entry("tulisannya lebih dari {most} huruf", "persingkat, cukup yang paling penting"),
    "reaction.over": Entry("waktu menjawab sudah lewat", "sampaikan langsung kepada kader atau kelurahan"),
    "reaction.few": Entry(
        "belum ada {least} jawaban di kotak ini, jadi kotaknya tetap tertutup",
        "tunggu sampai {least} orang menjawab, lalu buka lagi",
    ),
    "reaction.slips": Entry("lembar dicetak {least} sampai {most} sekaligus", "tulis angka di antaranya"),
    "reaction.papers": Entry(
        "kertasnya harus {least} sampai {most}",
        "bila kurang dari {least}, jangan diketik: penulisnya bisa dikenali",
    ),
    "reaction.other_box": Entry(
        "kotak kertas kegiatan ini sudah diketik ({n})",
        "bila ini kotak lain, centang itu lalu simpan lagi; bila kotak yang sama, jangan disimpan",
    ),
    "reaction.sum": Entry(
        "jawabannya {found} dari {papers} kertas",
        "hitung lagi; bila kurang dari 5 orang menjawab pertanyaan ini, kosongkan",
    ),
    "reaction.lines": Entry("ada {found} tulisan dari {papers} kertas", "tulis satu baris untuk satu kertas"),
    "reaction.word": Entry("“{word}” tidak ada di tulisan ini", "salin kata yang akan ditutup persis seperti tertulis"),
    "reaction.read": Entry("tulisan ini sudah diperiksa orang lain", "muat ulang halamannya"),
}
