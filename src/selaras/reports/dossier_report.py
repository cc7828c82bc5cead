"""`laporan.pdf` of a dossier: the year in office form, tagged, with contents and outline. Words are made here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from selaras.queries.dossier_figures import Deed, Figures, Photo, Pledge
from selaras.reports.dossier_words import (
    NOTHING,
    UNTOLD,
    amount,
    changed,
    day,
    few,
    moved,
    numbers,
    ordered_changes,
    place,
    programme,
    received,
    rupiah,
    score,
    silent_words,
    span,
    whole,
)
from selaras.reports.typesetting import typeset
from selaras.reports.words import count, plain

Block = Mapping[str, Any]
#: What stands where a typed text would have named somebody.
LEFT_OUT: Final = "(tulisan tidak dimuat karena menyebut nama atau jumlah kecil)"
_KINDS: Final = {"photo": "foto", "document": "dokumen", "link": "tautan"}
_STANDING: Final = {
    "nobody": "belum ada penanggung jawab",
    "ahead": "terjadwal",
    "near": "sudah dekat",
    "late": "lewat waktu",
    "done": "sudah dilakukan",
    "dropped": "tidak dilakukan",
}
_AUDIENCES: Final = {"women": "Untuk perempuan", "children": "Untuk anak"}


def report_pdf(figures: Figures, photos: Mapping[UUID, bytes]) -> bytes:
    """The report, with photos as they are given: small JPEGs by id. A photo that is not given is not in it."""
    return typeset("berkas-penilaian", report_data(figures, photos), files=_files(photos))


def report_data(figures: Figures, photos: Mapping[UUID, bytes]) -> Mapping[str, Any]:
    """What the template reads: JSON's kinds only."""
    head = figures.head_of_letter
    return {
        "title": f"Laporan {programme(figures.cycle)}",
        "place": place(figures),
        "city": figures.city,
        "synthetic": figures.cycle.synthetic,
        "lines": [plain(line) for line in head.lines] if head else [figures.city],
        "address": plain(head.address) if head else "",
        "office": plain(head.signer_office) if head else "",
        "town": plain(head.town) if head else "",
        "logo": list(head.logo) if head and head.logo else [],
        "number": count(figures.number),
        "made": f"Dibekukan {day(figures.made_on)} pukul {figures.made_clock}",
        "day": day(figures.made_on),
        "chain": figures.head[:32],
        "numbers": [{"label": each.label, "value": each.value, "note": each.note} for each in numbers(figures)],
        "chapters": [_clean(each) for each in _chapters(figures, photos)],
        "annexes": [_clean(each) for each in _annexes(figures, photos)],
    }


def _files(photos: Mapping[UUID, bytes]) -> dict[str, bytes]:
    return {_name(key): content for key, content in photos.items()}


def _name(photo: UUID) -> str:
    return f"foto-{photo}.jpg"


def _clean(value: Any) -> Any:
    """The same without characters that no paper can show."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {key: _clean(each) for key, each in value.items()}
    return [_clean(each) for each in value] if isinstance(value, list | tuple) else value


# --- blocks -----------------------------------------------------------------------------------------------------------
def _text(words: str) -> Block:
    return {"kind": "text", "text": words}


def _sub(title: str) -> Block:
    return {"kind": "sub", "title": title}


def _table(
    widths: Sequence[str], titles: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()
) -> Block:
    """`widths` are `auto` or parts (`2`) of what is left; `right` are the columns of numbers."""
    return {"kind": "table", "widths": list(widths), "titles": list(titles), "rows": [list(r) for r in rows],
            "right": list(right)}  # fmt: skip


def _list(items: Iterable[str]) -> Block:
    return {"kind": "list", "items": list(items)}


def _pictures(photos: Iterable[Photo], given: Mapping[UUID, bytes]) -> Iterator[Block]:
    found = [{"file": _name(each.id), "caption": _caption(each)} for each in photos if each.id in given]
    if found:
        yield {"kind": "photos", "photos": found}


def _caption(photo: Photo) -> str:
    said = photo.caption or (photo.items[0] if photo.items else "Foto kegiatan")
    return f"{said}, {day(photo.on)}" if photo.on else said


# --- chapters ---------------------------------------------------------------------------------------------------------
def _chapters(of: Figures, photos: Mapping[UUID, bytes]) -> Iterator[Block]:
    yield {"title": "Pendahuluan", "blocks": list(_opening(of))}
    yield {"title": "Lokus dan sasaran", "blocks": list(_lokus(of))}
    yield {"title": "Perencanaan: siapa berbuat apa", "blocks": list(_plan(of))}
    yield {"title": "Pelaksanaan", "blocks": list(_doing(of, photos))}
    yield {"title": "Reaksi", "blocks": list(_reaction(of))}
    yield {"title": "Hasil", "blocks": list(_results(of))}
    yield {"title": "Kesiapan per aspek", "blocks": list(_ready(of))}
    yield {"title": "Tindak lanjut", "blocks": list(_after(of))}


def _opening(of: Figures) -> Iterator[Block]:
    yield _text(
        f"Laporan ini memuat pelaksanaan {programme(of.cycle)} di {place(of)}, {of.city}: caranya, aksinya, reaksinya, "
        f"dan hasilnya, sampai {day(of.made_on)}. Semua angka dihitung dari data yang tercatat pada hari itu dan tidak "
        "berubah lagi. Angka yang sama dipakai dalam paparan dan siaran pers."
    )
    yield _text(
        "Tidak ada nama keluarga, wajah, atau letak rumah di dalam laporan ini. Keadaan kesehatan yang menyangkut "
        "kurang dari 5 keluarga tidak ditampilkan. Daftar nama ada dalam lampiran tersendiri yang disimpan kota."
    )
    if of.instrument:
        example = "" if of.official else " Instrumen ini contoh, bukan instrumen resmi."
        yield _text(f"Nilai dihitung menurut {of.instrument}, berskala {whole(of.scale)}.{example}")
    if of.named:
        yield _text(f"{count(of.named)} tulisan tidak dimuat karena menyebut nama atau nomor.")


def _lokus(of: Figures) -> Iterator[Block]:
    yield _text(f"Lokus: {place(of)}, {of.city}{f', Provinsi {of.province}' if of.province else ''}.")
    yield _text(f"Keluarga binaan yang terdaftar: {few(of.families)} keluarga.")
    if of.stages:
        yield _sub("Tahapan")
        stages = [(each.name or LEFT_OUT, span(each.starts, each.ends)) for each in of.stages]
        yield _table(("1", "auto"), ("Tahapan", "Waktu"), stages)
    if of.served:
        yield _sub("Kebutuhan keluarga dan yang sudah dijanjikan")
        rows = [(each.label, few(each.open), few(each.promised)) for each in of.served]
        titles = ("Aspek", "Kebutuhan terbuka", "Sudah dijanjikan")
        yield _table(("1", "auto", "auto"), titles, rows, (1, 2))
        if any(each.hidden for each in of.served):
            yield _text(f"Tanda < 5 berarti {UNTOLD}.")


def _plan(of: Figures) -> Iterator[Block]:
    if of.teams:
        women = f", {count(of.women_members)} di antaranya perempuan" if of.women_members else ""
        yield _text(f"Tim pelaksana: {count(of.teams)} tim dengan {count(of.members)} anggota{women}.")
    yield _text(f"Rapat yang sudah diadakan: {count(of.meetings)}.")
    if not of.pledges:
        yield _text("Belum ada komitmen yang dicatat untuk lokus ini.")
        return
    own, wide = ([each for each in of.pledges if each.everywhere is everywhere] for everywhere in (False, True))
    if own:
        yield _sub("Komitmen")
        yield _pledges(own)
    if wide:
        yield _sub(f"Komitmen untuk seluruh {of.city}")
        yield _text("Volume dan anggarannya untuk semua lokus bersama; anggarannya tidak dijumlahkan ke lokus ini.")
        yield _pledges(wide)


def _pledges(of: Sequence[Pledge]) -> Block:
    rows = [
        (each.code, each.agency, each.title or each.what_for or LEFT_OUT, amount(each.volume, each.unit),
         NOTHING if each.budget is None else rupiah(each.budget), each.fund or NOTHING, each.state)
        for each in of
    ]  # fmt: skip
    titles = ("No.", "OPD atau mitra", "Yang dikerjakan", "Volume", "Anggaran", "Sumber dana", "Keadaan")
    return _table(("auto", "1.3", "3", "1.1", "auto", "1.2", "auto"), titles, rows, (4,))


def _doing(of: Figures, photos: Mapping[UUID, bytes]) -> Iterator[Block]:
    if not of.deeds:
        yield _text("Belum ada kegiatan yang dicatat di lokus ini.")
    else:
        yield _text(f"Sampai {day(of.made_on)} tercatat {count(len(of.deeds))} kegiatan.")
        rows = [
            (day(each.on), _where(each), each.agency or NOTHING, few(each.women), few(each.men),
             few(each.children), ", ".join(each.serves) or NOTHING)
            for each in of.deeds
        ]  # fmt: skip
        titles = ("Tanggal", "Kegiatan", "Oleh", "Perempuan", "Laki-laki", "Anak", "Untuk")
        yield _table(("auto", "3", "1.2", "auto", "auto", "auto", "1"), titles, rows, (3, 4, 5))
    yield from _before_after(of.photos, photos)
    known = {each.aspect.rpartition(" › ")[2] for each in of.items}
    rest = [each for each in _single(of.photos) if not known & set(each.aspects[:1])]
    if any(each.id in photos for each in rest):
        yield _sub("Foto kegiatan")
        yield from _pictures(rest, photos)


def _where(deed: Deed) -> str:
    title = deed.title or LEFT_OUT
    return f"{title}, {deed.venue}" if deed.venue else title


def _before_after(all_: Sequence[Photo], given: Mapping[UUID, bytes]) -> Iterator[Block]:
    pairs = [pair for pair in pairs_of(all_) if pair[0].id in given and pair[1].id in given]
    if pairs:
        yield _sub("Sebelum dan sesudah")
        yield _text("Foto pertama dan foto terakhir untuk butir yang sama, menurut hari kegiatannya.")
    for first, last in pairs:
        yield {"kind": "photos", "photos": [
            {"file": _name(first.id), "caption": f"Sebelum: {first.items[0]}. {_caption(first)}"},
            {"file": _name(last.id), "caption": f"Sesudah: {last.items[0]}. {_caption(last)}"},
        ]}  # fmt: skip


def pairs_of(photos: Sequence[Photo]) -> list[tuple[Photo, Photo]]:
    """For each item that has photos of two days: the first and the last; no photo stands in two pairs."""
    by_item: dict[str, list[Photo]] = {}
    for each in sorted((one for one in photos if one.on is not None and one.items), key=lambda one: str(one.on)):
        by_item.setdefault(each.items[0], []).append(each)
    return [(own[0], own[-1]) for own in by_item.values() if own[0].on != own[-1].on]


def _single(photos: Sequence[Photo]) -> list[Photo]:
    """Those that stand in no pair; each is shown once, under the first aspect that it is cited for."""
    paired = {photo.id for pair in pairs_of(photos) for photo in pair}
    return [each for each in photos if each.id not in paired]


def _reaction(of: Figures) -> Iterator[Block]:
    heard: list[Deed] = [each for each in of.deeds if each.useful is not None]
    yield _text(
        "Sesudah kegiatan, peserta menjawab tanpa nama. Jawaban ditampilkan hanya bila sedikitnya 5 orang menjawab."
    )
    if heard:
        yield _table(
            ("auto", "1", "auto", "auto", "auto", "auto"),
            ("Tanggal", "Kegiatan", "Berguna", "Sebagian", "Tidak", "Jawaban"),
            _tallies(heard),
            (2, 3, 4, 5),
        )
    else:
        yield _text("Belum ada kegiatan dengan sedikitnya 5 jawaban.")
    said = [each for each in of.pledges if each.asked]
    if said:
        yield _sub("Sudah diterima menurut keluarga sendiri")
        rows = [(each.code, each.title or each.what_for or LEFT_OUT, received(each)) for each in said]
        yield _table(("auto", "1", "auto"), ("No.", "Yang dijanjikan", "Sudah diterima"), rows, (2,))


def _tallies(heard: Iterable[Deed]) -> Iterator[tuple[str, ...]]:
    for each in heard:
        if each.useful is not None:
            counts = (each.useful.yes, each.useful.some, each.useful.no, each.useful.n)
            yield (day(each.on), each.title or LEFT_OUT, *(count(n) for n in counts))


def _aspects(of: Figures) -> Block:
    """The score of each aspect; beside what it was, where an earlier round was scored."""
    if all(each.before is None for _label, each in of.aspects):
        now = [(label, UNTOLD if each.hidden else score(each.value)) for label, each in of.aspects]
        return _table(("1", "auto"), ("Aspek", "Nilai"), now, (1,))
    rows = [
        (label, UNTOLD if each.hidden else score(each.before), "" if each.hidden else score(each.value),
         "" if each.hidden else moved(each))
        for label, each in of.aspects
    ]  # fmt: skip
    return _table(("1", "auto", "auto", "auto"), ("Aspek", "Data awal", "Kini", "Perubahan"), rows, (1, 2, 3))


def _results(of: Figures) -> Iterator[Block]:
    if of.total.value is None:
        yield _text("Nilai belum diukur." if not of.total.hidden else f"Nilai {UNTOLD}.")
    else:
        before = "" if of.total.before is None else f" Data awal: {score(of.total.before)}."
        yield _text(f"Nilai terukur {score(of.total.value)} dari {whole(of.scale)}.{before}")
        if of.silent is not None:
            yield _text(silent_words(of.silent))
        yield _aspects(of)
    if of.before is None or of.after is None:
        yield _text("Perubahan per keluarga belum dapat dihitung: keluarga yang sama belum ditanya dua kali.")
        return
    yield _sub("Yang berubah pada keluarga yang sama")
    yield _text(
        f"Dibandingkan: {of.before.label} dan {of.after.label}; {count(of.asked)} keluarga ditanya dua kali. Yang "
        "memburuk ditulis sama terangnya dengan yang membaik. Berubah bersamaan belum berarti karena program ini."
    )
    told = ordered_changes(of.changes)
    yield _table(("2", "5"), ("Butir", "Perubahan"), [(each.label, changed(each)) for each in told])
    if not told:
        yield _text("Tidak ada butir yang berubah di antara kedua putaran.")
    yield from _lives(of)
    yield from _classes(of)


def _lives(of: Figures) -> Iterator[Block]:
    """Income and schooling beside what was built."""
    lives = [each for each in of.changes if each.lives and each.share is None]
    if lives:
        yield _table(("2", "5"), ("Penghasilan dan sekolah", "Perubahan"), [(one.label, changed(one)) for one in lives])


def _classes(of: Figures) -> Iterator[Block]:
    for table in of.classes:
        found = table.change
        if found is not None:
            yield _text(
                f"{table.instrument.title}: dari {count(found.n)} keluarga, {count(found.up)} naik tahapan, "
                f"{count(found.same)} tetap, {count(found.down)} turun."
            )


def _ready(of: Figures) -> Iterator[Block]:
    page = of.readiness
    if page is None:
        yield _text("Kesiapan belum dapat dihitung: instrumen atau putaran pendataan belum ada.")
        return
    yield _text(
        "Setiap butir dinilai berlapis: yang diklaim, yang ada buktinya, yang tidak dibantah keluarga, dan yang sudah "
        "diperiksa orang lain. Butir tanpa klaim bernilai nol. Kolom juri kosong sampai penilaian."
    )
    if page.points.claim is None:
        yield _text(f"Jumlah seluruhnya {UNTOLD}.")
    rows = [_layers(" › ".join(each.path), whole_worth(each.worth), each.points) for each in page.aspects]
    total = [_layers("Jumlah", whole(page.scale), page.points)] if page.points.claim is not None else []
    titles = ("Aspek", "Nilai penuh", "Klaim", "Berbukti", "Keluarga", "Terverifikasi", "Juri")
    yield _table(("1", *["auto"] * 6), titles, [*rows, *total], (1, 2, 3, 4, 5, 6))


def whole_worth(value: Any) -> str:
    """A worth with one decimal."""
    return score(value)


def _layers(label: str, worth: str, points: Any) -> tuple[str, ...]:
    if points.claim is None and points.received is None:
        return (label, worth, "tidak ditampilkan", "", "", "", "")
    return (label, worth, *(score(each) for each in (points.claim, points.evidenced, points.received, points.verified,
                                                     points.jury)))  # fmt: skip


def _after(of: Figures) -> Iterator[Block]:
    if of.learnt:
        yield _sub("Temuan dan yang diubah")
    for audience, lines in groupby(
        sorted(of.learnt, key=lambda each: each.audience != "women"), lambda one: one.audience
    ):
        rows = [
            (each.finding, each.change or "Belum diputuskan.", each.agency or NOTHING, each.lesson or NOTHING)
            for each in lines
        ]
        title = _AUDIENCES.get(audience, audience)
        yield _table(("3", "3", "1", "2"), (f"Temuan ({title.lower()})", "Yang diubah", "OPD", "Pelajaran"), rows)
    yield _sub("Pemantauan sesudah penilaian")
    rows = [
        (each.label, day(each.due), _STANDING.get(each.standing, each.standing), "ada" if each.owned else "belum ada")
        for each in of.later
    ]
    yield _table(("1", "auto", "1", "auto"), ("Pemantauan", "Paling lambat", "Keadaan", "Penanggung jawab"), rows)


# --- annexes ----------------------------------------------------------------------------------------------------------
def _annexes(of: Figures, photos: Mapping[UUID, bytes]) -> Iterator[Block]:
    for aspect, lines in groupby(of.items, lambda each: each.aspect):
        rows, titles = [], ("Butir", "Nilai penuh", "Klaim", "Berbukti", "Terverifikasi", "Bukti terverifikasi")
        for each in lines:
            proofs = "; ".join(_proof(one) for one in each.proofs) or NOTHING
            told = [score(one) for one in (each.claim, each.evidenced, each.verified)]
            rows.append(
                (each.label, score(each.worth), *(["tidak ditampilkan", "", ""] if each.hidden else told), proofs)
            )
        blocks = [_table(("3", "auto", "auto", "auto", "auto", "2.4"), titles, rows, (1, 2, 3, 4))]
        last = aspect.rpartition(" › ")[2]
        blocks += _pictures([each for each in _single(of.photos) if each.aspects[:1] == (last,)], photos)
        yield {"title": aspect, "blocks": blocks}
    for group in of.codes:
        rows = [
            (each.code or NOTHING, each.text or LEFT_OUT, "; ".join(each.proofs) or NOTHING) for each in group.lines
        ]
        source = [_text(f"Sumber: {group.source}")] if group.source else []
        table = _table(("auto", "2", "2"), ("Kode", "Butir", "Bukti terverifikasi"), rows)
        yield {"title": f"Daftar kode: {group.title or LEFT_OUT}", "blocks": [*source, table]}


def _proof(proof: tuple[str, str, str]) -> str:
    kind, caption, digest = proof
    return f"{caption or _KINDS.get(kind, kind)}{f' ({digest})' if digest else ''}"
