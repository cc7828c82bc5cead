"""What can be wrong with phones and what they send, in Indonesian."""

from selaras.catalogue.entry import Entry

FIELD: dict[str, Entry] = {
    "phone.ended": Entry("tugas orang ini sudah berakhir", "beri tugas baru dahulu, lalu buat kode HP-nya"),
    "phone.no_instrument": Entry(
        "tahun program ini belum punya instrumen utama", "pilih instrumennya di halaman Atur tahun ini"
    ),
}
