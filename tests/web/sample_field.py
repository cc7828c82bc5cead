"""What the templates of data taking are given: phones, the slip, progress, a cadre's own page, full and empty."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from selaras.queries.cadre import DayLine, HeldLine, OwnBlock, OwnPage, RecordPage
from selaras.queries.phone_holders import FormLine, HandedPage, Holder, PhoneLine, PhonesPage, Sent
from selaras.queries.progress import Block, CadreLine, FamilyLine, ProgressPage, Tally
from selaras.queries.refs import RoundRef
from selaras.web import cadre, phones, progress
from tests.web import samples

Context = dict[str, object]
_AT = datetime(2024, 7, 12, 3, 15, tzinfo=UTC)
_VISIT = RoundRef("visit-1", "Kunjungan 1", date(2024, 7, 3), date(2024, 7, 28))
_BASELINE = RoundRef("baseline", "Data awal", date(2024, 2, 5), date(2024, 3, 15))
_LONG = "Raden Ayu Siti Nurhasanah Kusumawardhani"
_RW = "Kelurahan Gedong Dalem, RW 01"

_SEEN = PhoneLine(
    UUID(int=1), _AT, "Ratna Wulandari", _AT, "collect:Qw3rTy12AbCdEf34", open=True, revoked_at=None,
    sent=Sent(31, 1, 2, 1),
)  # fmt: skip
_LOST = replace(_SEEN, id=UUID(int=2), open=False, revoked_at=_AT, sent=Sent(4))
_NEW = replace(_SEEN, id=UUID(int=3), seen_at=None, device="", given_by="", sent=Sent())

PHONES = PhonesPage(
    cycle=samples.CYCLE,
    holders=(
        Holder(1, _LONG, "Kader", _RW, (_SEEN, _LOST)),
        Holder(2, "Sumiyati", "Kader", "Kelurahan Gedong Dalem, RW 02", (_NEW,)),
        Holder(3, "Rohayati", "Kader", "Kelurahan Gedong Dalem, RW 03", ()),
    ),
    without=1,
    ended=(Holder(4, "Eni", "Kader", _RW, (replace(_LOST, revoked_at=None),)),),
    forms=(
        FormLine(_BASELINE, "Data awal", "0.1-1a2b3c4d", open_now=False, practice=False),
        FormLine(_VISIT, "Kunjungan 1", "0.1-1a2b3c4d", open_now=True, practice=False),
        FormLine(_BASELINE, "LATIHAN", "0.1-1a2b3c4d", open_now=True, practice=True),
    ),
    stale=True,
    may_give=True,
    may_prepare=True,
)
NO_PHONES = replace(PHONES, holders=(), without=0, ended=(), forms=(), stale=False)

_DONE, _SOME = Tally(met=9), Tally(met=11, out=3, moved=1, refused=1, not_found=1, died=1, not_yet=4)
_HOMES = (
    FamilyLine("GD-014", "01", "02", "", None),
    FamilyLine("GD-021", "01", "02", "tidak_di_rumah", _AT),
    FamilyLine("GD-022", "01", "02", "tidak_ditemukan", _AT),
    FamilyLine("GD-023", "01", "02", "bertemu", None),
)
PROGRESS = ProgressPage(
    cycle=samples.CYCLE,
    lokus=samples.GEDONG,
    round=_VISIT,
    rounds=(_BASELINE, _VISIT),
    open_now=True,
    listed=True,
    whole=True,
    tally=_SOME,
    blocks=(Block("01", "01", _DONE), Block("01", "02", _SOME), Block("", "", Tally(not_yet=1))),
    cadres=(
        CadreLine(_LONG, _RW, _SOME, 18, 11, _AT, 2),
        CadreLine("Sumiyati", "Kelurahan Gedong Dalem", _DONE, 0, 0, None, 0),
    ),
    left=_HOMES[:2],
    more=12,
    held=2,
)
NO_ROUND = replace(PROGRESS, round=None, rounds=(), tally=Tally(), blocks=(), cadres=(), left=(), more=0, held=0)
NOBODY_YET = replace(PROGRESS, tally=Tally(), blocks=(), cadres=(), left=(), more=0, held=0, listed=False)

OWN = OwnPage(
    cycle=samples.CYCLE,
    lokus=samples.GEDONG,
    loci=(samples.GEDONG, samples.SUKMAJAYA),
    name=_LONG,
    where=(_RW,),
    round=_VISIT,
    open_year=True,
    open_now=True,
    listed=True,
    tally=_SOME,
    blocks=(OwnBlock("01", "02", 2, _HOMES), OwnBlock("01", "03", 0, _HOMES[3:])),
    held=(HeldLine(_AT, "foreign", "GD-031"), HeldLine(_AT, "broken", "")),
    sent=Sent(31, 1, 2, 1),
    phone=_SEEN,
)
OWN_EMPTY = replace(OWN, loci=OWN.loci[:1], round=None, open_now=False, tally=Tally(), blocks=(), held=(), phone=None)
OWN_CLOSED = replace(OWN, open_now=False, tally=_DONE, blocks=OWN.blocks[1:], held=(), phone=_LOST, sent=Sent())

RECORD = RecordPage(
    cycle=samples.CYCLE,
    lokus=samples.GEDONG,
    name=_LONG,
    where=(_RW,),
    days=(
        DayLine(date(2024, 7, 11), _VISIT, 8, 6, ((date(2024, 7, 12), 2), (date(2024, 7, 15), 1))),
        DayLine(date(2024, 7, 12), _VISIT, 10, 5),
    ),
    visits=18,
    met=11,
    on=date(2024, 7, 12),
)


def _named(context: Context) -> Context:
    return {**context, "names": samples.NAMES, "named": True}


PAGES: dict[str, tuple[str, Callable[[], Context]]] = {
    "hp": ("phones.html", lambda: phones.context(PHONES)),
    "hp-kosong": ("phones.html", lambda: {**phones.context(NO_PHONES), "problems": samples.PROBLEMS}),
    "hp-kode": (
        "phone_made.html",
        lambda: phones.slip(HandedPage(samples.CYCLE, _LONG, _RW), "t" * 43),
    ),
    "kartu-keluarga": ("family_card.html", lambda: {"cycle": samples.CYCLE, "copies": (1, 2), "synthetic": True}),
    "pendataan": ("progress.html", lambda: _named(progress.context(PROGRESS))),
    "pendataan-belum": ("progress.html", lambda: progress.context(NO_ROUND)),
    "pendataan-kosong": ("progress.html", lambda: progress.context(NOBODY_YET)),
    "kader": ("cadre.html", lambda: _named(cadre.context(OWN))),
    "kader-kosong": ("cadre.html", lambda: cadre.context(OWN_EMPTY)),
    "kader-tutup": ("cadre.html", lambda: cadre.context(OWN_CLOSED)),
    "kader-catatan": ("cadre_record.html", lambda: {"page": RECORD, "synthetic": True}),
    "kader-catatan-kosong": (
        "cadre_record.html",
        lambda: {"page": replace(RECORD, days=(), visits=0, met=0), "synthetic": True},
    ),
}
