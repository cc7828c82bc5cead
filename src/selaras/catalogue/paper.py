"""What can be wrong with forms on paper and what is typed from them, in Indonesian."""

from selaras.catalogue.entry import Entry

PAPER: dict[str, Entry] = {
    "paper.many": Entry("lebih dari {most} keluarga untuk satu berkas", "pilih satu RT atau RW, lalu cetak sebagian"),
    "paper.none": Entry("tidak ada keluarga yang cocok", "pilih RT lain, atau cetak formulir kosong"),
    "paper.closed": Entry(
        "putaran ini tidak punya formulir, dan tahun programnya sudah ditutup", "pilih putaran yang pernah didata"
    ),
    "paper.no_form": Entry("putaran ini belum punya formulir", "cetak dulu formulir kertasnya"),
    "typed.blank": Entry("belum diisi, padahal wajib", "lihat kertasnya; bila di sana kosong, tanyakan kepada kader"),
    "typed.row": Entry("baris ini belum diisi", "isi barisnya, atau betulkan jumlah orang di nomor {count}"),
    "typed.rows": Entry(
        "jumlah orang {said}, tetapi yang terisi sampai baris {found}",
        "betulkan jumlahnya, atau kosongkan baris yang lebih",
    ),
    "typed.rows_most": Entry("paling banyak {most} baris", "periksa lagi jumlahnya di kertas"),
    "typed.choice": Entry("“{text}” bukan pilihan", "ketik salah satu: {options}"),
    "typed.number": Entry("“{text}” bukan bilangan yang dapat dibaca", "ketik angka saja, misalnya 12 atau 3,5"),
    "typed.whole": Entry("“{text}” bukan bilangan bulat", "ketik angka saja, misalnya 12"),
    "typed.parted": Entry(
        "“{text}” dapat berarti {thousands} atau {plain} rupiah",
        "tulis {typed}, atau “{plain} rupiah” bila memang sekecil itu",
    ),
    "typed.multiple": Entry(
        "“{text}” dapat berarti {plain} rupiah atau {plain} {unit} rupiah",
        "tulis {typed}, atau “{plain} {unit}” bila memang sebanyak itu",
    ),
    "typed.date": Entry("“{text}” bukan tanggal", "ketik seperti 25/4/2024"),
    "typed.moment": Entry("“{text}” bukan waktu", "ketik seperti 07:30, atau 2024-04-25 07:30"),
    "typed.long": Entry("isiannya terlalu panjang", "singkat menjadi paling banyak {most} huruf"),
    "typed.constraint": Entry("“{text}” tidak diterima formulir", "periksa lagi di kertas; syaratnya: {rule}"),
    "typed.constraint_said": Entry("“{text}” tidak diterima formulir", "{said}"),
    "typed.not_asked": Entry(
        "terisi, padahal hanya ditanyakan bila {when}", "kosongkan, atau betulkan jawaban sebelumnya"
    ),
    "typed.not_met": Entry(
        "keluarga tidak bertemu, tetapi ada pertanyaan yang terisi",
        "betulkan hasil kunjungannya, atau kosongkan isinya",
    ),
    "typed.closed": Entry("isian ini sudah diketik dua kali", "buka keluarga berikutnya"),
    "typed.own": Entry("isian pertama diketik oleh Anda sendiri", "minta orang lain mengetik yang kedua"),
    "typed.nothing": Entry("belum ada isian pertama untuk diperiksa", "ketik formulirnya sebagai isian pertama"),
}
