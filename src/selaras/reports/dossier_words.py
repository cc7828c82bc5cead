"""A dossier's figures as words and numbers: written here once, and set as report, slides and press release elsewhere.

Always Indonesian: it goes to an office. Every number that stands in more than one paper is a `Said` of `numbers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from selaras.queries.change import ChangeLine
from selaras.queries.dossier_figures import Figures, Pledge
from selaras.queries.refs import CycleRef, Score
from selaras.queries.silences import Silent
from selaras.reports.words import count, full_date

NOTHING: Final = "–"
UNTOLD: Final = "tidak ditampilkan (kelompok kurang dari 5)"
_SHORT: Final = "< 5"


@dataclass(frozen=True, slots=True)
class Said:
    """One number of the year: a key that stays, what it is, the number as it is written, and of what or as of when."""

    key: str
    label: str
    value: str
    note: str = ""


def numbers(figures: Figures) -> tuple[Said, ...]:
    """The year in a dozen numbers: the same in the report, on the slides and in the press release."""
    return tuple(_numbers(figures))


def _numbers(of: Figures) -> Iterator[Said]:
    families = "< 5" if of.families is None else count(of.families)
    yield Said("families", "Keluarga binaan", families, "keluarga terdaftar di lokus ini")
    if of.teams:
        women = f"{count(of.women_members)} perempuan" if of.women_members else ""
        yield Said("teams", "Anggota tim pelaksana", count(of.members), women)
    agencies = len({each.agency for each in of.pledges})
    done, begun = (
        sum(each.state in states for each in of.pledges) for states in (("selesai",), ("selesai", "berjalan"))
    )
    everywhere = sum(each.everywhere for each in of.pledges)
    wide = f", {count(everywhere)} di antaranya untuk seluruh {of.city}" if everywhere else ""
    yield Said("pledges", "Komitmen", count(len(of.pledges)), f"dari {count(agencies)} OPD dan mitra{wide}")
    yield Said(
        "done", "Komitmen selesai", count(done), f"dari {count(len(of.pledges))}; {count(begun - done)} berjalan"
    )
    yield from _budget(of)
    yield Said("deeds", "Kegiatan", count(len(of.deeds)), f"sampai {full_date(of.made_on)}")
    came = [each.came for each in of.deeds if each.came is not None]
    yield Said(
        "came", "Kehadiran", count(sum(came)), "orang dihitung per kegiatan; satu orang dapat hadir beberapa kali"
    )
    tallies = [each.useful for each in of.deeds if each.useful is not None]
    if tallies:
        yes, all_ = sum(each.yes for each in tallies), sum(each.n for each in tallies)
        yield Said("useful", "Peserta yang bilang berguna", count(yes), f"dari {count(all_)} jawaban tanpa nama")
    if of.total.value is not None:
        before = f"; data awal {score(of.total.before)}" if of.total.before is not None else ""
        yield Said("total", "Nilai terukur", score(of.total.value), f"dari {whole(of.scale)}{before}")
    ready = of.readiness
    if ready is not None and ready.points.received is not None:
        claimed = (
            f"dari {whole(of.scale)}; diklaim {score(ready.points.claim)}, terverifikasi {score(ready.points.verified)}"
        )
        yield Said("ready", "Kesiapan yang dapat dipertahankan", score(ready.points.received), claimed)
    gained = sum(each.share is not None and each.pairs.gained > each.pairs.lost for each in of.changes)
    lost = sum(each.share is not None and each.pairs.lost > each.pairs.gained for each in of.changes)
    if of.changes:
        yield Said(
            "better", "Butir yang membaik", count(gained), f"dari {count(len(of.changes))} butir yang ditanya dua kali"
        )
        yield Said(
            "worse", "Butir yang memburuk", count(lost), f"dari {count(len(of.changes))} butir yang ditanya dua kali"
        )


def _budget(of: Figures) -> Iterator[Said]:
    """The money of this lokus. What is for all loci together stands beside it and in no sum: else each would have it
    whole."""
    own, wide = (
        [each.budget for each in of.pledges if each.budget is not None and each.everywhere is everywhere]
        for everywhere in (False, True)
    )
    notes = [f"pada {count(len(own))} komitmen"] if own else []
    if wide:
        shared = f"untuk seluruh {of.city} bersama, pada {count(len(wide))} komitmen"
        notes.append(f"belum termasuk {rupiah(sum(wide, Decimal(0)))} {shared}")
    if notes:
        yield Said("budget", "Anggaran yang dicatat", rupiah(sum(own, Decimal(0))), "; ".join(notes))


# --- how numbers are written ------------------------------------------------------------------------------------------
def score(value: Decimal | None) -> str:
    """`71,4`."""
    if value is None:
        return NOTHING
    return _comma(value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def whole(value: Decimal) -> str:
    """`100`, or `12,5` where it is no whole number."""
    return count(int(value)) if value == value.to_integral_value() else _comma(value.normalize())


def _comma(value: Decimal) -> str:
    before, _, after = f"{value:,f}".partition(".")
    return before.replace(",", ".") + (f",{after}" if after else "")


def rupiah(value: Decimal) -> str:
    """`Rp168.000.000`."""
    return "Rp" + count(int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def day(value: date | None) -> str:
    """`25 April 2024`, or a dash."""
    return NOTHING if value is None else full_date(value)


def span(first: date, last: date) -> str:
    """`25 April 2024`, `23–27 September 2024`, `5 Februari–15 Maret 2024`."""
    if first == last:
        return full_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{full_date(last)}"
    if first.year != last.year:
        return f"{full_date(first)}–{full_date(last)}"
    return f"{full_date(first).rsplit(' ', 1)[0]}–{full_date(last)}"


def few(value: int | None) -> str:
    """The number, or that it is of fewer than five."""
    return _SHORT if value is None else count(value)


def amount(value: Decimal | None, unit: str) -> str:
    """`24 unit`."""
    return NOTHING if value is None else f"{whole(value)} {unit}".strip()


def received(pledge: Pledge) -> str:
    """`6 dari 8 keluarga`, as families said themselves."""
    if pledge.asked is None or pledge.received is None:
        return NOTHING
    return f"{count(pledge.received)} dari {count(pledge.asked)}"


def moved(of: Score) -> str:
    """`+3,2`, or a dash where there is nothing before."""
    if of.value is None or of.before is None:
        return NOTHING
    now, then = (each.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP) for each in (of.value, of.before))
    return f"{'+' if now > then else ''}{_comma(now - then)}" if now != then else "0,0"


# --- how things are called --------------------------------------------------------------------------------------------
def place(of: Figures) -> str:
    """`Kelurahan Gedong Dalem RW 03, Kecamatan Jombang`."""
    lokus = of.lokus
    area = f" {lokus.area}" if lokus.area else ""
    return f"{lokus.name}{area}, Kecamatan {lokus.kecamatan}" if lokus.kecamatan else f"{lokus.name}{area}"


def programme(of: CycleRef) -> str:
    """`P2WKSS Tahun 2024`."""
    return f"{of.programme} Tahun {of.year}"


def changed(line: ChangeLine) -> str:
    """`Dari 23 keluarga yang belum, 17 kini sudah dan 6 belum; 2 yang dulu sudah kini tidak lagi.`"""
    if line.hidden:
        return f"Perubahannya {UNTOLD}."
    if line.share is not None:
        return _shares(line)
    if line.amount is None:
        return "Belum ada keluarga yang diketahui di kedua putaran."
    found = line.amount
    if line.unit == "rupiah":
        ends = f"Rata-rata {rupiah(found.before)} menjadi {rupiah(found.after)}"
    else:
        then, now = (
            _comma(each.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)) for each in (found.before, found.after)
        )
        ends = f"Rata-rata {then} menjadi {now} {line.unit}".strip()
    return (
        f"{ends}: naik pada {count(found.up)}, turun pada {count(found.down)}, tetap pada {count(found.same)} keluarga."
    )


def _shares(line: ChangeLine) -> str:
    pairs = line.pairs
    lacking, having = pairs.gained + pairs.lacking, pairs.kept + pairs.lost
    if line.falls:
        first = f"Dari {count(lacking)} keluarga yang dulu mengalaminya, {count(pairs.gained)} kini tidak lagi"
        first = first if lacking else f"Dulu tidak satu pun dari {count(having)} keluarga mengalaminya"
        return f"{first}; {count(pairs.lost) if pairs.lost else 'tidak ada yang'} baru mengalaminya."
    first = (
        f"Dari {count(lacking)} keluarga yang belum, {count(pairs.gained)} kini sudah dan {count(pairs.lacking)} belum"
    )
    first = first if lacking else f"Dulu semua {count(having)} keluarga sudah"
    lost = f"{count(pairs.lost)} yang dulu sudah kini tidak lagi" if pairs.lost else "tidak ada yang kehilangan"
    return f"{first}; {lost}."


def ordered_changes(changes: Iterable[ChangeLine]) -> list[ChangeLine]:
    """Those that tell something, the most families first; better and worse alike."""
    told = [
        each for each in changes if not each.hidden and each.share is not None and each.pairs.gained + each.pairs.lost
    ]
    return sorted(told, key=lambda each: -(each.pairs.gained + each.pairs.lost))


def silent_words(of: Silent) -> str:
    """Which shares of hand-overs have no value and why, and the score where they count as nothing."""
    why = {
        "choice": "tidak diterbitkan atas pilihan kota",
        "raised": "di bawah ambang yang dipilih kota",
        "below": "di bawah ambang",
        "not_yet": "belum terbit",
        "no_year": "tidak terbit, karena kota atau kabupatennya belum membuka tahun program untuk masa itu",
        "unrefused": "tidak akan terbit, karena tidak ada yang sempat menahannya sebelum harinya",
        "never": "tidak akan terbit",
    }
    said = "; ".join(f"{label}: {why[each]}" for label, each in of.lines)
    return f"{said}. Dengan bobot penuh, bila yang tidak terbit dihitung nol: {score(of.equal)}."
