"""Two years of reports and of hand-overs of the demo's city, published with small counts withheld. All invented, and
said so."""

import io
import random

from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.hand_overs import publish_part
from selaras.actions.recaps import RecapDraft, bring_in, publish
from selaras.models import User
from selaras.queries.recaps import recap_form
from selaras.scoring.handovers import FIRST, FOLLOW_UP

SEED = 8
SOURCE = "angka contoh (sintetis), bukan rekap SIMFONI PPA"
#: Years, and how many reports there are to every ten of the first.
YEARS = ((2022, 10), (2023, 14))
#: The half-year of hand-overs that is out: all of it counts in the demo's own year. What they were, the locked room has
#: (cases/demo.py). What is later never comes out: its years are opened on the day on which the demo is made, and nobody
#: could have kept it back in time.
HANDED_OVER = (2023, "h2")
_AGES = ("0–17", "18–24", "25–59", "60 tahun ke atas")


def recaps(slug: str, officer: User) -> None:
    """A rise with tables behind it: both years brought in and published, by the console: an invented officer has no
    phone that anybody could know."""
    places = recap_form(officer, slug).places
    for year, tenth in YEARS:
        draft = RecapDraft(str(year), SOURCE, f"{year + 1}-01-31", SOURCE)
        content = _workbook(places, tenth)
        recap = bring_in(by=CONSOLE, cycle_slug=slug, draft=draft, content=content, filename="contoh.xlsx")
        publish(by=CONSOLE, cycle_slug=slug, recap=str(recap.uuid))


def hand_overs(city: str) -> None:
    """As the clock lets them out of a year that was opened in time; nothing where the room has no key."""
    now, (year, period) = timezone.now(), HANDED_OVER
    for part in (FIRST, FOLLOW_UP):
        publish_part(city=city, year=year, period=period, part=part, now=now)


def _workbook(places: tuple[str, ...], tenth: int) -> bytes:
    import xlsxwriter

    draw, buffer = random.Random(SEED), io.BytesIO()  # noqa: S311 - invented figures, not secrets
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        ages, sexes = book.add_worksheet("korban usia"), book.add_worksheet("korban jenis kelamin")
        women = book.add_worksheet("penduduk")
        ages.write_row(0, 0, ("Kecamatan", *_AGES))
        sexes.write_row(0, 0, ("Kecamatan", "perempuan", "laki-laki"))
        women.write_row(0, 0, ("Kecamatan", "Perempuan"))
        for row, place in enumerate(places, start=1):
            size = draw.uniform(0.5, 1.6)
            counts = [round(tenth * size * share) for share in (1.0, 0.5, 1.4, 0.25)]
            ages.write_row(row, 0, (place, *counts))
            men = round(sum(counts) * draw.uniform(0.1, 0.3))
            sexes.write_row(row, 0, (place, sum(counts) - men, men))
            women.write_row(row, 0, (place, draw.randrange(19_000, 36_000, 100)))
    return buffer.getvalue()
