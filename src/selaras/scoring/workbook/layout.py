"""The shape of a workbook: its sheets, their columns, what is mandatory, what is a closed list, what each is for.

The checker, the tool that dresses a workbook for an officer and docs/workbook.md all follow this one table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from selaras.odk.xlsform import DEFAULT_LANGUAGE, FORM_SHEETS
from selaras.scoring.instrument import Aggregate, MissingPolicy, Origin, PrivacyClass, Rule, Stage
from selaras.scoring.protection import MEASURES

__all__ = ["DEFAULT_LANGUAGE", "FORM_SHEETS", "SHEETS", "Column"]

GUIDANCE = "petunjuk"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `about` is what an officer reads when the pointer rests on its header."""

    name: str
    about: str
    mandatory: bool = False
    closed: tuple[str, ...] = ()
    translated: bool = False


INSTRUMENT_KEYS: Mapping[str, Column] = {
    column.name: column
    for column in (
        Column("id", "nama pendek tanpa spasi, tetap sepanjang masa, misalnya p2wkss", mandatory=True),
        Column("version", "versi yang terbit, misalnya 2024.1; isi yang sudah terbit tidak diubah", mandatory=True),
        Column("title", "judul yang dibaca orang", mandatory=True),
        Column("scale", "nilai tertinggi, biasanya 100"),
        Column("valid_from", "berlaku mulai, tanggal"),
        Column("valid_to", "berlaku sampai, tanggal"),
        Column("source", "dari mana instrumen ini: surat keputusan, pedoman, atau usulan"),
    )
}

_SOURCE = Column("source", "sumber baris ini: pasal, halaman, atau catatan")
_UNIT = Column("unit", "satuan, misalnya orang, persen, rupiah")


def _label(about: str, *, mandatory: bool) -> Column:
    return Column("label", about, mandatory=mandatory, translated=True)


SHEETS: Mapping[str, tuple[Column, ...]] = {
    "instrument": (
        Column("key", "nama keterangan", mandatory=True, closed=tuple(INSTRUMENT_KEYS)),
        Column("value", "isinya", mandatory=True),
    ),
    "privacy": (
        Column("field", "nama isian di sheet survey", mandatory=True),
        Column(
            "class",
            "umum: boleh terlihat; pribadi: hanya yang bertugas; kesehatan: hanya instansi indikatornya",
            mandatory=True,
            closed=get_args(PrivacyClass),
        ),
        Column("purpose", "untuk apa isian ini dikumpulkan"),
        Column("basis", "dasar hukumnya"),
        Column("retention", "berapa lama disimpan"),
    ),
    "calculations": (
        Column("name", "nama hitungan, dipakai sebagai ${nama}", mandatory=True),
        Column("over", "household untuk keluarga, atau nama pengulangan seperti member"),
        Column("expression", "ungkapannya, misalnya count(member[${umur} < 5])", mandatory=True),
        _label("nama yang dibaca orang", mandatory=False),
        _UNIT,
        _SOURCE,
    ),
    "classes": (
        Column("class", "nama pendek golongan keluarga", mandatory=True),
        _label("nama golongan yang dibaca orang", mandatory=True),
        Column("expression", "syaratnya; baris pertama yang benar menang", mandatory=True),
    ),
    "aspects": (
        Column("aspect", "nama pendek aspek", mandatory=True),
        Column("parent", "aspek induknya; kosong bila paling atas"),
        _label("nama aspek yang dibaca orang", mandatory=True),
        Column("weight", "bobot: bilangan lebih dari 0", mandatory=True),
        _SOURCE,
    ),
    "indicators": (
        Column("indicator", "nama pendek indikator", mandatory=True),
        Column("aspect", "aspek tempat indikator ini dihitung", mandatory=True),
        _label("nama indikator yang dibaca orang", mandatory=True),
        Column("weight", "bobot: bilangan lebih dari 0", mandatory=True),
        Column(
            "from",
            "asal nilainya: survey (dari keluarga), record (catatan), activity (kegiatan), protection, judged (juri)",
            mandatory=True,
            closed=get_args(Origin),
        ),
        Column(
            "rule",
            "cara nilai menjadi poin: linear, bands (rentang), options (pilihan), yes_no",
            mandatory=True,
            closed=get_args(Rule),
        ),
        Column("stage", "tahap: input, proses, output, outcome", closed=get_args(Stage)),
        Column("over", "dihitung per household (keluarga), atau per baris pengulangan seperti member"),
        Column("applies_to", "ungkapan: untuk siapa indikator ini berlaku; kosong berarti semua"),
        Column("expression", "ungkapan yang dihitung; wajib bila from = survey"),
        Column("aggregate", "share: bagian yang benar; mean, sum, count, median, min, max", closed=get_args(Aggregate)),
        _UNIT,
        Column("low", "untuk linear: nilai yang mendapat 0 poin"),
        Column("high", "untuk linear: nilai yang mendapat poin penuh; boleh lebih kecil dari low"),
        Column(
            "missing",
            "jawaban kosong: exclude tidak dihitung, zero tidak mendapat poin, fail membatalkan nilai",
            closed=get_args(MissingPolicy),
        ),
        Column("min_n", "paling sedikit sekian yang terjawab agar ada nilai"),
        Column("measure", "wajib bila from = protection: satu nama dari daftar tertutup", closed=tuple(MEASURES)),
        Column("agency", "instansi yang menindaklanjuti"),
        Column("evidence", "bukti dukung yang diminta"),
        _SOURCE,
    ),
    "bands": (
        Column("indicator", "indikator dengan rule = bands", mandatory=True),
        Column("from", "batas bawah, termasuk; kosong berarti tanpa batas"),
        Column("to", "batas atas, tidak termasuk; kosong berarti tanpa batas"),
        Column("points", "poin di rentang ini, 0 sampai scale", mandatory=True),
        _label("sebutan rentang ini", mandatory=False),
    ),
    "options": (
        Column("indicator", "indikator dengan rule = options", mandatory=True),
        Column("option", "nama pendek pilihan, misalnya a", mandatory=True),
        _label("bunyi pilihan yang dibaca orang", mandatory=True),
        Column("points", "poin pilihan ini, 0 sampai scale", mandatory=True),
    ),
}

#: The sheets without which nothing can be scored.
MANDATORY_SHEETS = ("survey", "aspects", "indicators")

#: What an officer reads at the header of the survey's usual columns. Others stay as the author wrote them.
FORM_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "survey": {
        "type": "jenis: integer, decimal, text, date, select_one DAFTAR, select_multiple DAFTAR, calculate …",
        "name": "nama pendek, dipakai sebagai ${nama}",
        "label": "bunyi pertanyaan",
        "hint": "keterangan kecil di bawah pertanyaan",
        "relevant": "ungkapan: kapan pertanyaan ini diajukan",
        "required": "yes bila wajib dijawab",
        "constraint": "ungkapan: jawaban yang diterima; tanda titik adalah jawabannya",
        "constraint_message": "pesan bila jawaban tidak diterima",
        "calculation": "ungkapan untuk jenis calculate",
        "appearance": "tampilan di ponsel",
        "choice_filter": "ungkapan: pilihan mana yang ditawarkan",
    },
    "choices": {
        "list_name": "nama daftar, dipakai setelah select_one atau select_multiple",
        "name": "nama pendek pilihan, disimpan sebagai jawaban",
        "label": "bunyi pilihan",
    },
    "settings": {
        "form_title": "judul formulir di ponsel",
        "form_id": "nama pendek formulir, tidak berubah",
        "version": "versi formulir, naik setiap berubah",
        "default_language": "bahasa utama, misalnya Bahasa Indonesia (id)",
    },
}
