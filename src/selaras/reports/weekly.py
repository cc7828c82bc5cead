"""The Monday page in words, on paper and as a picture to forward. Its figures are frozen; only words are made here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils import translation
from django.utils.dateformat import format as date_format
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from selaras.queries.weeks.figures import Change, Decision, Figures, Heard, Labels, Outcome, Row, RowKind, Served, Work
from selaras.reports.typesetting import typeset_apart

#: Width of the picture in dots, as messengers show it whole; the template is 540 points wide.
PICTURE: Final = 1080
_POINTS: Final = 540
#: A score that moved by less than this is called standing still.
MOVED: Final = Decimal(1)
NOTHING: Final = "–"


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence of the headline; `mark` where it needs a decision."""

    text: str
    mark: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """`number` of `of`, as a bar of `share` (0…1). `said` stands instead of it where nothing may or can be told."""

    number: str = ""
    of: str = ""
    share: float = 0
    said: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A score and what it was; the places on its line are 0…1, None where there are none. `stale`: it does not move."""

    number: str = ""
    before: str = ""
    at: float | None = None
    was: float | None = None
    low: float | None = None
    high: float | None = None
    said: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row: `kind` is aspect, women or children."""

    kind: RowKind
    label: str
    ways: Share
    work: Share
    reaction: Share
    outcome: Mark


@dataclass(frozen=True, slots=True)
class Step:
    """One decision: in bold what, then why, whose it is and by when."""

    what: str
    why: str
    whose: str
    by: str


@dataclass(frozen=True, slots=True)
class Column:
    """One of the four questions: its name, what its numbers are, and what holds for the whole year."""

    key: str
    name: str
    what: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Everything that is written on the page, in the reader's language.

    `day` is the week's Monday; `as_of` is the day of the figures where they were counted after it, at the latest in the
    early hours of the next, or ''.
    """

    title: str
    place: str
    day: str
    as_of: str
    synthetic: str
    headline: tuple[Part, ...]
    columns: tuple[Column, ...]
    rows: tuple[Line, ...]
    apart: tuple[Line, ...]
    deciding: str
    steps: tuple[Step, ...]
    no_steps: str
    loci: str
    made: str
    instrument: str
    head_label: str
    head: str


def week_words(figures: Figures, head: str) -> Week:
    """The page in the language that is active. `head` is the audit chain's, 64 digits, or ''."""
    lines = tuple(_line(row, figures) for row in figures["rows"])
    return Week(
        title=f"{figures['programme']} {figures['year']}",
        place=figures["place"],
        day=_long_day(figures["monday"]),
        as_of=_as_of(figures),
        synthetic=_("DATA CONTOH (sintetis)") if figures["synthetic"] else "",
        headline=tuple(_headline(figures)),
        columns=_columns(figures),
        rows=tuple(line for line in lines if line.kind == "aspect"),
        apart=tuple(line for line in lines if line.kind != "aspect"),
        deciding=_("Tiga keputusan minggu ini"),
        steps=tuple(_step(decision, figures["monday"]) for decision in figures["decisions"]),
        no_steps=_("Tidak ada yang menunggu keputusan minggu ini."),
        loci=_loci(figures),
        made=_("Dihitung %(day)s pukul %(clock)s.") % {"day": _day(figures["made_on"]), "clock": figures["made_clock"]},
        instrument=_instrument(figures),
        head_label=_("Kepala jejak audit"),
        head=" ".join(head[i : i + 4] for i in range(0, 32, 4)) if head else _("belum ada"),
    )


def week_pdf(figures: Figures, head: str) -> bytes:
    """One page of A4, in Indonesian."""
    return typeset_apart("weekly", _data(figures, head, "paper"))


def week_png(figures: Figures, head: str) -> bytes:
    """A picture PICTURE dots wide, in Indonesian, as high as it needs to be."""
    return typeset_apart("weekly", _data(figures, head, "picture"), format="png", ppi=72 * PICTURE / _POINTS)


def _data(figures: Figures, head: str, medium: str) -> Mapping[str, object]:
    with translation.override("id"):
        return {**asdict(week_words(figures, head)), "medium": medium}


def message(figures: Figures, url: str) -> str:
    """What goes out with the page: the headline, the decisions, where to read on. In Indonesian."""
    with translation.override("id"):
        week = week_words(figures, "")
        days = [week.day, week.as_of] if week.as_of else [week.day]
        lines = [f"*{week.title} {week.place}*", *days, "", " ".join(part.text for part in week.headline)]
        if week.steps:
            lines += ["", f"*{week.deciding}*"]
            lines += [f"{n}. {step.what} {step.why}. {step.whose}, {step.by}." for n, step in enumerate(week.steps, 1)]
        if week.synthetic:
            lines.append(week.synthetic)
        return "\n".join([*lines, "", url])


# --- words --------------------------------------------------------------------------------------------------------
def _label(labels: Labels) -> str:
    return labels["en"] if translation.get_language() == "en" else labels["id"]


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "j F Y")


def _short_day(text: str, near: str) -> str:
    """Without the year where it is that of the page."""
    return date_format(date.fromisoformat(text), "j F" if text[:4] == near[:4] else "j F Y")


def _long_day(text: str) -> str:
    return date_format(date.fromisoformat(text), "l, j F Y")


def _as_of(figures: Figures) -> str:
    """Made anew on a Saturday, the page tells of days after the Monday that it bears."""
    if figures["made_on"] == figures["monday"]:
        return ""
    return _("Keadaan per %(day)s.") % {"day": _long_day(figures["made_on"])}


def _number(value: str | int | Decimal) -> str:
    """`1.234,5`; whole numbers without decimals only where they are counts."""
    if isinstance(value, int):
        return number_format(value, decimal_pos=0, force_grouping=True)
    return number_format(Decimal(value), decimal_pos=1, force_grouping=True)


def _count(number: int) -> str:
    return _number(number)


def _moved(row: Row) -> Decimal | None:
    outcome = row["outcome"]
    if outcome["value"] is None or outcome["before"] is None:
        return None
    return Decimal(outcome["value"]) - Decimal(outcome["before"])


def _headline(figures: Figures) -> Iterator[Part]:
    """What moved, what did not, and what nobody has taken on: computed, never written by hand."""
    aspects = [row for row in figures["rows"] if row["kind"] == "aspect"]
    moves = [(moved, row) for row in aspects if (moved := _moved(row)) is not None]
    if moves:
        best, worst = max(moves, key=lambda move: move[0]), min(moves, key=lambda move: move[0])
        if best[0] >= MOVED:
            yield Part(_("%(aspect)s membaik.") % {"aspect": _label(best[1]["labels"])})
        if worst[0] < MOVED:
            text = _("%(aspect)s turun.") if worst[0] <= -MOVED else _("%(aspect)s hampir diam.")
            yield Part(text % {"aspect": _label(worst[1]["labels"])}, mark=True)
    elif figures["total"]["value"] is not None:
        yield Part(
            _("Nilai awal %(value)s dari %(scale)s.")
            % {"value": _number(figures["total"]["value"]), "scale": _scale(figures)}
        )
    else:
        yield Part(_("Nilai belum diukur."))
    waiting = sum(_unserved(row["served"]) for row in aspects)
    if waiting:
        least = any(row["served"]["hidden"] for row in aspects)
        said = _("Sedikitnya %(n)s kebutuhan") if least else _("%(n)s kebutuhan")
        yield Part(_("%(needs)s belum dijanjikan siapa pun.") % {"needs": said % {"n": _count(waiting)}})


def _unserved(served: Served) -> int:
    return 0 if served["open"] is None or served["promised"] is None else served["open"] - served["promised"]


def _scale(figures: Figures) -> str:
    scale = Decimal(figures["scale"])
    return _number(int(scale)) if scale == scale.to_integral_value() else _number(scale)


def _columns(figures: Figures) -> tuple[Column, ...]:
    scale = _scale(figures)
    return (
        Column("ways", _("Caranya"), _("kebutuhan yang dijanjikan"), tuple(_ways(figures))),
        Column("work", _("Aksi"), _("komitmen yang dikerjakan"), tuple(_works(figures))),
        Column("reaction", _("Reaksi"), _("yang bilang berguna"), tuple(_heard(figures.get("heard")))),
        Column(
            "outcome",
            _("Hasil"),
            _("nilai dari %(scale)s; garis bawah: bila yang kosong terjawab") % {"scale": scale},
            tuple(_results(figures)),
        ),
    )


def _ways(figures: Figures) -> Iterator[str]:
    ways, monday = figures["ways"], figures["monday"]
    if ways["stage"]:
        yield _("%(stage)s sampai %(day)s.") % {"stage": ways["stage"], "day": _short_day(ways["stage_ends"], monday)}
    elif ways["next_stage"]:
        yield _("%(stage)s mulai %(day)s.") % {
            "stage": ways["next_stage"],
            "day": _short_day(ways["next_starts"], monday),
        }
    if ways["asked"]:
        yield _("%(n)s dari %(of)s OPD sudah menjawab.") % {"n": ways["answered"], "of": ways["asked"]}
    else:
        yield _("OPD belum diminta menjawab.")
    if ways["teams"]:
        teams = _("%(n)s tim") % {"n": ways["teams"]}
        women = _("%(n)s dari %(of)s perempuan") % {"n": ways["women"], "of": ways["sexes"]}
        yield f"{teams}, {women}." if ways["sexes"] else f"{teams}."
    else:
        yield _("Tim belum dicatat.")
    if ways["coming"]:
        yield _("%(meeting)s %(day)s.") % {"meeting": ways["coming"], "day": _short_day(ways["coming_on"], monday)}
    elif ways["last"]:
        yield _("%(meeting)s terakhir %(day)s.") % {"meeting": ways["last"], "day": _short_day(ways["last_on"], monday)}
    else:
        yield _("Belum ada rapat.")


def _works(figures: Figures) -> Iterator[str]:
    work = figures["work"]
    if not work["total"] and not figures["proposed"]:
        yield _("Belum ada komitmen.")
    else:
        yield _("%(n)s komitmen: %(done)s selesai, %(going)s berjalan.") % {
            "n": _count(work["total"]),
            "done": _count(work["done"]),
            "going": _count(work["begun"] - work["done"]),
        }
    if work["late"] or work["blocked"]:
        yield _("%(late)s lewat waktu, %(blocked)s terkendala.") % {
            "late": _count(work["late"]),
            "blocked": _count(work["blocked"]),
        }
    if figures["proposed"]:
        yield _("%(n)s usulan menunggu dana.") % {"n": _count(figures["proposed"])}
    yield _("%(week)s kegiatan minggu lalu, %(all)s sejak awal.") % {
        "week": _count(figures["activities_week"]),
        "all": _count(work["activities"]),
    }


def _heard(heard: Heard | None) -> Iterator[str]:
    """Never empty: where nothing was said, why."""
    if heard is None:
        yield _("Belum diukur.")
        return
    if not heard["activities"]:
        yield _("Belum ada kegiatan yang bisa ditanyakan.")
        return
    if heard["people"] is not None:
        yield _("%(useful)s dari %(people)s orang bilang kegiatannya berguna.") % {
            "useful": _count(heard["useful"] or 0),
            "people": _count(heard["people"]),
        }
    elif heard["asked"]:
        yield _("Belum ada kegiatan dengan 5 jawaban.")
    unasked = heard["activities"] - heard["asked"]
    if unasked:
        yield _("Yang hadir di %(n)s kegiatan belum ditanya.") % {"n": _count(unasked)}


def _results(figures: Figures) -> Iterator[str]:
    total = figures["total"]
    if total["hidden"]:
        yield _("Nilai seluruhnya tidak ditampilkan.")
    elif total["value"] is None:
        yield _("Nilai seluruhnya belum diukur.")
    else:
        values = {"value": _number(total["value"]), "scale": _scale(figures), "round": figures["newest"]}
        yield _("Seluruhnya %(value)s dari %(scale)s pada %(round)s.") % values
    if total["before"] is not None:
        yield _("%(round)s: %(value)s.") % {"round": figures["baseline"], "value": _number(total["before"])}
    moved = figures.get("moved")
    if moved is not None and moved["gained"] is not None:
        yield _("Dari %(of)s keluarga yang belum memenuhi “%(label)s”, %(n)s kini memenuhinya.") % _changed(
            moved["gained"]
        )
    if moved is not None and moved["lost"] is not None:
        yield _("Dari %(of)s keluarga yang dulu memenuhi “%(label)s”, %(n)s kini tidak.") % _changed(moved["lost"])


def _changed(change: Change) -> dict[str, str]:
    return {"of": _count(change["of"]), "n": _count(change["count"]), "label": _label(change["labels"])}


def _line(row: Row, figures: Figures) -> Line:
    return Line(
        kind=row["kind"],
        label=_row_label(row),
        ways=_served(row["served"]),
        work=_work(row["work"], row["kind"]),
        reaction=_reaction(row.get("heard")),
        outcome=_mark(row["outcome"], Decimal(figures["scale"])),
    )


def _row_label(row: Row) -> str:
    if row["kind"] == "women":
        return _("Perempuan")
    return _("Anak") if row["kind"] == "children" else _label(row["labels"])


def _served(served: Served) -> Share:
    if not served["families"]:
        return Share(said=_("tidak per keluarga"))
    if not served["measured"]:
        return Share(said=_("belum diukur"))
    if served["open"] is None:
        return Share(said=_("kurang dari 5"))
    if served["open"] == 0:
        return Share(said=_("tak ada yang terbuka"))
    if served["promised"] is None:
        return Share(said=_("sebagian dari %(n)s") % {"n": _count(served["open"])})
    return Share(_count(served["promised"]), _count(served["open"]), served["promised"] / served["open"])


def _work(work: Work, kind: RowKind) -> Share:
    note = ""
    if work["came"]:
        words = _("%(n)s perempuan hadir") if kind == "women" else _("%(n)s anak hadir")
        note = words % {"n": _count(work["came"])}
    if not work["total"]:
        return Share(said=_("belum ada"), note=note)
    return Share(_count(work["begun"]), _count(work["total"]), work["begun"] / work["total"], note=note)


def _reaction(heard: Heard | None) -> Share:
    if heard is None:
        return Share(said=_("belum diukur"))
    if not heard["activities"]:
        return Share(said=_("belum ada kegiatan"))
    if heard["people"]:
        useful, people = heard["useful"] or 0, heard["people"]
        return Share(_count(useful), _count(people), useful / people)
    return Share(said=_("kurang dari 5 jawaban") if heard["asked"] else _("belum ditanya"))


def _mark(outcome: Outcome, scale: Decimal) -> Mark:
    if outcome["hidden"]:
        return Mark(said=_("tidak ditampilkan"))
    if outcome["value"] is None:
        return Mark(said=_("belum diukur"))

    def place(text: str | None) -> float | None:
        return None if text is None else float(Decimal(text) / scale)

    before = outcome["before"]
    return Mark(
        number=_number(outcome["value"]),
        before="" if before is None else _("dari %(value)s") % {"value": _number(before)},
        at=place(outcome["value"]),
        was=place(before),
        low=place(outcome["low"]),
        high=place(outcome["high"]),
        stale=before is not None and Decimal(outcome["value"]) - Decimal(before) < MOVED,
    )


def _step(decision: Decision, monday: str) -> Step:
    labels = decision.get("labels")
    values = {
        "n": _count(decision["count"] or 0),
        "label": _label(labels) if labels else "",
        "lokus": decision.get("lokus", ""),
        "since": _short_day(decision["since"], monday) if decision.get("since") else "",
    }
    what, why, whose = _said(decision, values)
    return Step(
        what, why, decision["whose"] or whose, _("paling lambat %(day)s") % {"day": _short_day(decision["by"], monday)}
    )


def _said(decision: Decision, values: Mapping[str, str]) -> tuple[str, str, str]:
    """What, why, and whose it is where no agency is named."""
    among = _("di antaranya “%(label)s”") % values if values["label"] else ""
    match decision["kind"]:
        case "gap":
            what = _("%(n)s keluarga %(lokus)s belum memenuhi “%(label)s”") % values
            return what, _("dan belum ada yang menangani"), _("OPD belum ditunjuk")
        case "unanswered":
            return _("%(n)s permintaan") % values, _("belum dijawab sejak %(since)s") % values, ""
        case "late":
            oldest = _("(yang tertua sejak %(since)s)") % values
            return _("%(n)s komitmen lewat waktu") % values, f"{oldest}, {among}" if among else oldest, ""
        case "blocked":
            return _("%(n)s komitmen terkendala") % values, among, ""
        case "unfunded":
            return _("%(n)s usulan menunggu dana") % values, among, _("Sekda")
        case "meeting":
            last = _("terakhir %(since)s") % values if values["since"] else _("belum pernah tahun ini")
            return _("Jadwalkan rapat koordinasi"), last, _("Sekretariat")
        case "blank":
            what = _("%(n)s jawaban keluarga kosong") % values
            return what, _("di %(lokus)s") % values, _("Lurah %(lokus)s") % values
        case "representative":
            return _("Tetapkan wakil kota"), _("dari %(n)s lokus") % values, _("Sekda")


def _loci(figures: Figures) -> str:
    """`2 lokus, 200 keluarga: Gedong Dalem 68,4 dan Sukmajaya 71,9 dari 100.`"""
    named = []
    for line in figures["loci"]:
        outcome = line["outcome"]
        value = _("tidak ditampilkan") if outcome["hidden"] else _("belum diukur")
        named.append(f"{line['name']} {value if outcome['value'] is None else _number(outcome['value'])}")
    if not named:
        return _("Belum ada lokus.")
    families = _("kurang dari 5 keluarga")
    if figures["families"] is not None:
        families = _("%(n)s keluarga") % {"n": _count(figures["families"])}
    return _("%(loci)s lokus, %(families)s: %(named)s (dari %(scale)s).") % {
        "loci": len(named),
        "families": families,
        "named": ", ".join(named),
        "scale": _scale(figures),
    }


def _instrument(figures: Figures) -> str:
    if not figures["instrument"]:
        return _("Instrumen belum diterbitkan.")
    if figures["official"]:
        return figures["instrument"] + "."
    return _("%(instrument)s. Bukan instrumen resmi.") % {"instrument": figures["instrument"].partition(" (")[0]}
