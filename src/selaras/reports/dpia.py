"""The impact assessment (penilaian dampak pelindungan data pribadi), from the map of what is really kept.

Source: UU 27/2022 art. 34. No implementing regulation gives a form for it yet, as far as we know (November 2026); the
order is that of art. 34 and of common practice. What only the office can judge is left to be written by hand.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from selaras.models.data_map import OWNER, Table
from selaras.queries.data_map import ABOUT, BASES, RETENTIONS, Assessment, Questions
from selaras.reports.letters import cleaned, head_of_letter, signature_of
from selaras.reports.typesetting import typeset
from selaras.reports.words import BLANK, count, full_date

#: Role as an office names it; the document is Indonesian whatever the reader's language.
_ROLES: Final = {
    "administrator": "pengelola server",
    "secretariat": "sekretariat kota",
    "liaison": "penghubung OPD",
    "supervisor": "lurah atau camat",
    "cadre": "kader di RW-nya",
    "protection": "petugas perlindungan",
    "juror": "juri",
    "province": "sekretariat provinsi",
    "leader": "pimpinan",
    OWNER: "yang bersangkutan",
}
#: What can go wrong, whom it harms, and what holds it back in this product.
RISKS: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "Petugas membaca data keluarga di luar tugasnya",
        "Keluarga dipermalukan atau ditekan",
        "Penugasan menurut wilayah dan tahun; kader hanya RW-nya; objek kota lain tidak ada baginya; jejak audit "
        "berantai yang kepalanya tercetak",
    ),
    (
        "HP kader hilang atau dicuri",
        "Nama, alamat, dan jawaban beberapa keluarga terbaca",
        "Isian di HP tersandi per pengguna; kode HP dicabut dari kantor; daftar kertas hanya memuat kode",
    ),
    (
        "Cadangan atau cakram server bocor",
        "NIK, nomor KK, nomor HP, foto, dan tulisan bebas terbaca",
        "Nilai itu tersegel dengan kunci tiap keluarga, yang terbungkus kunci utama di luar basis data; nama dan "
        "alamat terbaca, maka cadangan disimpan terkunci",
    ),
    (
        "Keluarga dicap miskin atau bermasalah",
        "Stigma, kecemburuan, hilangnya rasa percaya",
        "Kelas satu keluarga tidak pernah keluar kantor; jumlah di bawah lima tidak disebut; berkas penilaian tidak "
        "memuat nama",
    ),
    (
        "Korban kekerasan dikenali",
        "Bahaya jiwa",
        "Tidak ada pertanyaan tentang kekerasan yang dialami; tiket rujukan di ruang perlindungan tanpa nama dan "
        "tanpa cerita; tabel diterbitkan dengan angka kecil disembunyikan",
    ),
    (
        "Data dipakai untuk hal lain",
        "Keluarga tidak mau lagi didata",
        "Tujuan tertulis tiap isian; ekspor dengan alasan, satu hari, tercatat; daftar dari instansi lain hanya dengan "
        "perjanjian bernama",
    ),
    (
        "Data salah, dan keluarga dirugikan",
        "Bantuan tidak sampai, atau sampai kepada yang salah",
        "Hak membetulkan dengan tenggat 3 × 24 jam; tiap versi disimpan; cek ulang acak; kata keluarga sendiri tentang "
        "apa yang diterimanya",
    ),
    (
        "Keputusan hanya dari angka",
        "Keluarga tersingkir tanpa bisa bertanya mengapa",
        "Tiap angka dapat ditelusuri sampai pertanyaannya; sasaran diputuskan orang dan dapat diurungkan; keberatan "
        "dicatat dan dijawab",
    ),
    (
        "Foto orang tersebar",
        "Dikenali tanpa izin, juga anak",
        "Izin foto yang dapat ditarik; foto keluar kantor hanya sesudah orang memeriksa wajah yang ditutup; tanpa "
        "keterangan tempat",
    ),
)
#: Why this much and no more.
SPARING: Final = (
    "NIK ditanyakan hanya bila tahun itu memutuskannya; keluarga boleh menolak menyebutnya.",
    "Jawaban disimpan sekali; penilaian memakai jumlah, bukan nama.",
    "Reaksi peserta tidak terhubung kepada siapa pun.",
    "Alasan keluarga keluar dari daftar dipilih dari daftar tertutup, supaya tidak ada yang menulis cerita.",
)


def dpia_pdf(of: Assessment) -> bytes:
    """A4, some ten pages: what is kept and why, what is asked, risks and what holds them, rights, signature."""
    return typeset("penilaian-dampak", cleaned(_content(of)))


def _content(of: Assessment) -> dict[str, Any]:
    cycle = of.page.cycle
    return {
        "head": asdict(head_of_letter(of.head, synthetic=cycle.synthetic)),
        "title": "Penilaian Dampak Pelindungan Data Pribadi",
        "kip": "terbuka, sesudah ditandatangani (UU 14/2008)",
        "subtitle": f"{cycle.programme} {cycle.place} Tahun {cycle.year}",
        "facts": _facts(of),
        "sparing": SPARING,
        "groups": [
            {"title": title, "rows": [_row(table) for table in of.page.tables if _told(table, about)]}
            for about, title in ABOUT.items()
            if about != "nobody"
        ],
        "questions": [_asked(each) for each in of.page.questions],
        "risks": RISKS,
        "rights": _rights(of),
        "dated": f"{of.head.town if of.head and of.head.town else BLANK}, {BLANK}",
        "signature": asdict(signature_of(of.head)),
    }


def _facts(of: Assessment) -> list[tuple[str, str]]:
    fields = sum(of.page.fields.values())
    return [
        ("Pengendali data", f"Pemerintah {of.page.cycle.place}"),
        ("Pejabat pelindungan data", f"{BLANK} (Pasal 53)"),
        ("Keadaan per", full_date(of.today)),
        (
            "Tentang siapa",
            f"{count(of.families)} keluarga ({count(of.members)} anggota) dan {count(of.officers)} petugas",
        ),
        ("Yang disimpan", f"{count(fields)} macam isian dalam {count(len(of.page.tables))} tabel"),
        ("Dari instansi lain", ", ".join(of.agreed) or "tidak ada"),
        ("Mengapa dinilai", "data anak, kesehatan, dan keuangan keluarga dalam jumlah besar (Pasal 34 ayat (2))"),
    ]


def _told(table: Table, about: str) -> bool:
    return table.about == about and table.is_personal


def _row(table: Table) -> tuple[str, str, str, str, str]:
    seen = ", ".join(_ROLES[role] for role in table.seen) or "hanya mesin"
    return table.title, table.purpose, BASES[table.basis], RETENTIONS[table.retention], seen


def _asked(each: Questions) -> dict[str, Any]:
    rows = [
        (line.privacy_class, str(len(line.fields)), line.purpose, f"{line.basis}; {line.retention}")
        for line in each.lines
    ]
    if each.unlisted:
        rows.append(("pribadi", str(len(each.unlisted)), "belum terdaftar di lembar privacy", BLANK))
    return {"title": f"{each.instrument.title} ({each.instrument.version})", "rows": rows}


def _rights(of: Assessment) -> list[str]:
    waiting = of.requests - of.answered_in_time - of.answered_late
    return [
        "Keluarga dapat meminta melihat, menyalin, membetulkan, menunda, menarik persetujuan, keberatan, dan menghapus "
        "(Pasal 5 sampai 11), kepada kader, kelurahan, atau sekretariat; tanpa biaya.",
        f"Tahun ini {count(of.requests)} permintaan: {count(of.answered_in_time)} dijawab dalam tenggat, "
        f"{count(of.answered_late)} terlambat, {count(waiting)} menunggu.",
        f"Tahun ini {count(of.breaches)} kejadian data tercatat; {count(of.breaches_told_in_time)} dilaporkan kepada "
        "lembaga dalam 3 × 24 jam (Pasal 46).",
        "Penghapusan memusnahkan kunci, menghapus baris serta berkasnya, dan mengeluarkan nama serta nomornya dari "
        "tulisan kantor; cadangan lama yang dipulihkan menghapusnya lagi.",
        "Keluarga yang keberatan atau menunda tidak tampak dan tidak dipakai atas nama; di hitungan ikut tanpa nama "
        "(Pasal 15 ayat (1)). Bila datanya masuk lagi dengan nomor KK atau NIK kepala keluarga yang sama, juga sesudah "
        "server dipulihkan dari cadangan lama, ia dibatasi lagi; tanpa kedua nomor itu ia tidak dikenali, dan "
        "permintaannya dicatat sekali lagi. Untuk itu daftar di samping basis data memuat sidik kedua nomor, yang "
        "tanpa kunci server tidak menyebut apa pun dan dihapus saat pembatasan berakhir, keluarganya dihapus, atau "
        "masa simpan tahunnya habis.",
    ]
