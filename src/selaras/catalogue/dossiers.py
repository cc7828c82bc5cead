"""What can be wrong in a dossier, in Indonesian."""

from selaras.catalogue.entry import Entry

DOSSIERS: dict[str, Entry] = {
    "dossier.unmeasured": Entry(
        "lokus ini belum punya pendataan yang dihitung", "pilih instrumennya dan tunggu kiriman dihitung, lalu bekukan"
    ),
    "dossier.annex_later": Entry(
        "lampiran nama sedang ditulis ulang karena satu keluarga dihapus", "coba lagi sebentar lagi"
    ),
}
