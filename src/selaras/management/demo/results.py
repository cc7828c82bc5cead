"""What the demo says of results: a kelurahan to compare with, who looks again, and two strategies. All invented."""

from datetime import date

from selaras.actions import comparisons, followups, strategies
from selaras.models import Cycle, Lokus, User
from selaras.queries.followups import followups_page
from selaras.queries.strategies import Draft

_SYNTHETIC = "data contoh (sintetis)"
#: A kelurahan of the city that is not coached, and its families then and now: asked and with a healthy latrine.
_BESIDE = ("36.72.05.1002", ("80", "41", "78", "43"))
_STRATEGIES = (
    Draft(
        audience="women",
        source="jury",
        finding="Letak jamban dipilih tanpa bertanya kepada perempuan yang memakainya",
        found_in=f"catatan juri tahun lalu, {_SYNTHETIC}",
        change="Kelompok perempuan memilih letak dan ikut memeriksa hasilnya",
        decided_on="2024-04-12",
        indicators=("jamban_sehat", "perempuan_memutuskan"),
        lesson="Diteruskan; dimulai dari RT yang kelompoknya sudah aktif.",
    ),
    Draft(
        audience="children",
        source="own",
        finding="Anak yang bekerja sore hari paling sering tidak bersekolah lagi sesudah libur panjang",
        found_in=f"rapat koordinasi, {_SYNTHETIC}",
        indicators=("anak_sekolah",),
    ),
)


def results(cycle: Cycle, lokus: Lokus, owner: User, by: User) -> None:
    """Write them down; does nothing where there are some."""
    place, counts = _BESIDE
    said = comparisons.Said(place, "baseline", "visit-2", counts, f"survei sanitasi, {_SYNTHETIC}")
    comparisons.write(by=by, cycle_slug=cycle.slug, code=lokus.area, indicator="jamban_sehat", said=said)
    due = date(cycle.year + 1, 5, 31)
    followups.set_follow_up(by=by, cycle_slug=cycle.slug, code=lokus.area, kind="t6", owner=owner.uuid, due=due)
    for draft in _STRATEGIES:
        strategies.write(by=by, cycle_slug=cycle.slug, draft=draft)


def has_results(cycle: Cycle, by: User) -> bool:
    """Whether that was written already."""
    return any(line.version for line in followups_page(by, cycle.slug).lines)
