"""What the stored letters of filled forms and of registry changes are called on a page, and what can be done."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

#: ArrivalState.
STATES: Words = {
    "waiting": _("menunggu dibaca"),
    "taken": _("diterima"),
    "practice": _("latihan"),
    "quarantined": _("perlu diputuskan"),
    "set_aside": _("disisihkan"),
}
#: Reason, or `office` where that is not hers to know, as the head of a page and in a list.
REASONS: Words = {
    "broken": _("Isi kiriman rusak"),
    "no_id": _("Kiriman tanpa nomor"),
    "other_bytes": _("Nomor kiriman sama, isinya lain"),
    "unknown_form": _("Formulir tidak dikenal"),
    "unknown_version": _("Versi formulir tidak dikenal"),
    "late": _("Datang sesudah putaran ditutup"),
    "closed": _("Datang sesudah tahun program ditutup"),
    "no_household": _("Keluarga tidak dikenal"),
    "restricted": _("Keluarga tidak ditampilkan atas permintaannya"),
    "office": _("Perlu dilihat sekretariat"),
    "foreign": _("Keluarga di luar wilayah kader"),
    "no_original": _("Kiriman yang diperbaiki belum diterima"),
    "twice": _("Keluarga sudah didata pada putaran ini"),
    "other_family": _("Perbaikan menunjuk keluarga lain"),
    "known_kk": _("Nomor KK milik keluarga lain"),
    "no_task": _("Pengirim tidak bertugas lagi"),
    "carried": _("Dibawa orang lain, belum pasti dari pengirimnya"),
    "failed": _("Kiriman tidak dapat dibaca"),
}
#: Reason -> what happened and what to do.
REMEDIES: Words = {
    "broken": _(
        "HP mengirim isian yang terpotong. Sisihkan dengan alasannya, lalu minta kader mengirim atau mendata ulang."
    ),
    "no_id": _(
        "Isian ini tidak dibuat oleh aplikasi pendataan yang biasa. Unduh isinya, tanya pengirimnya, lalu sisihkan."
    ),
    "other_bytes": _(
        "HP mengirim dua isi yang berbeda dengan nomor yang sama. Bandingkan di bawah: terima yang ini, atau sisihkan."
    ),
    "unknown_form": _(
        "Formulir ini bukan dari tahun program ini. Bila Anda tahu formulirnya, pilih di bawah; bila tidak, sisihkan."
    ),
    "unknown_version": _(
        "HP memakai versi formulir yang tidak pernah dibagikan di sini. Pilih versi yang paling cocok."
    ),
    "late": _("Isian dibuat atau dikirim sesudah tanggal tutup. Terima bila kunjungannya memang pada putaran itu."),
    "closed": _(
        "Isian ini tiba sesudah tahun program ditutup. Terima bila memang pendataan tahun itu; bila bukan, sisihkan."
    ),
    "no_household": _(
        "Kader memilih keluarga yang tidak ada lagi, atau wilayahnya meliputi beberapa lokus. Tulis kode keluarganya, "
        "atau bila keluarga itu baru, awalan kode lokusnya saja, misalnya GD."
    ),
    "restricted": _(
        "Keluarga ini meminta datanya tidak dipakai atas nama, jadi isiannya tidak dibuka dan tidak ikut dihitung. "
        "Bila sekretariat mengakhiri pembatasannya, isian ini dibaca lagi dengan sendirinya; bila tidak, sisihkan."
    ),
    "office": _(
        "Isian ini ditahan sampai sekretariat melihatnya, jadi isinya tidak ditampilkan. "
        "Tidak ada yang perlu Anda putuskan."
    ),
    "foreign": _("Keluarga ini di RT/RW atau lokus lain. Terima bila kader memang menggantikan kader di sana."),
    "no_original": _(
        "Ini perbaikan dari isian yang belum diterima di sini. Tunggu sampai yang itu masuk, atau terima apa adanya."
    ),
    "twice": _(
        "Sudah ada jawaban keluarga ini dari kiriman lain. Bila yang ini diterima, jawabannya yang berlaku; "
        "yang lama tetap disimpan."
    ),
    "other_family": _(
        "Isian lama dan perbaikannya menunjuk keluarga yang berbeda. Tulis kode keluarga yang benar, atau "
        "terima apa adanya."
    ),
    "known_kk": _(
        "Keluarga baru ini memakai nomor KK keluarga yang sudah terdaftar. Mungkin keluarga yang sama: tulis kodenya."
    ),
    "no_task": _(
        "Pengirim tidak bertugas lagi saat kirimannya tiba. Terima bila kunjungannya terjadi saat ia masih bertugas."
    ),
    "carried": _(
        "Isian ini datang dalam berkas yang dibawa orang lain dan tidak ditandai HP pengirimnya, jadi siapa saja dapat "
        "membuatnya. Tanyakan kepada pengirimnya: terima bila memang ia yang mengisi, sisihkan bila bukan."
    ),
    "failed": _(
        "Ada gangguan saat membaca. Coba terima sekali lagi dengan memilih formulirnya; bila terulang, "
        "hubungi pengelola server."
    ),
}
#: Outcome.
OUTCOMES: Words = {
    "bertemu": _("bertemu dan didata"),
    "tidak_di_rumah": _("tidak di rumah"),
    "pindah": _("sudah pindah"),
    "menolak": _("tidak bersedia"),
    "tidak_ditemukan": _("rumah tidak ditemukan"),
    "meninggal": _("meninggal, tidak ada anggota lain"),
}
#: SubmissionMode, as the way a form came.
WAYS: Words = {
    "import": _("impor lembar kerja"),
    "phone": _("HP"),
    "web": _("peramban"),
    "keyed": _("diketik dari kertas"),
    "group": _("pertemuan kelompok"),
    "agreed": _("dari instansi lain"),
    "demo": _("data contoh"),
}
#: What of a family phones may change; members are only added to.
ITEMS: Words = {
    "head_name": _("Nama kepala keluarga"),
    "address": _("Alamat"),
    "rw": _("RW"),
    "rt": _("RT"),
    "kk": _("Nomor KK"),
    "phone": _("Nomor HP"),
    "members": _("Anggota"),
}
#: EditState.
EDITS: Words = {
    "applied": _("berlaku"),
    "backlog": _("menunggu yang sebelumnya"),
    "conflict": _("menunggu keputusan"),
    "resolved": _("diputuskan"),
}
#: EditSource, where a change did not come from a phone.
SOURCES: Words = {
    "office": _("dikoreksi kantor"),
    "import": _("dikoreksi lewat impor"),
    "undo": _("impor diurungkan"),
    "merge": _("digabungkan dengan keluarga lain"),
}
