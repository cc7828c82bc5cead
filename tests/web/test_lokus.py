"""/tahun/<slug>/lokus/<code>/"""

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from selaras.models import Activity
from tests.build import lokus
from tests.build_programme import bring, families_file
from tests.web.cast import ROWS, ani, budi, citra, dewi, inside, scored, secretary

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 8, 10, tzinfo=UTC)


def test_who_works_in_it_around_it_or_above_it_sees_it_and_nobody_else() -> None:
    of = scored()
    url = f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/"
    seen = {who.__name__: inside(who(of)).get(url).status_code for who in (secretary, ani, citra, budi)}

    assert (seen, inside(dewi()).get(url).status_code) == (
        {"secretary": 200, "ani": 200, "citra": 200, "budi": 404},
        404,
    )
    assert Client().get(url).headers["Location"] == f"/masuk/?next={url}"
    assert inside(secretary(of)).post(url).status_code == 405


def test_the_answer_stands_with_its_range_and_its_reason() -> None:
    of = scored()
    text = inside(secretary(of)).get(f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/").content.decode()

    pieces = ("<strong>60,0</strong>", "Bisa <b>10,0</b> sampai <b>90,0</b>", "Mengapa 60,0", "belum diukur")
    assert [piece for piece in pieces if piece not in text] == []


def test_its_gaps_and_its_own_newest_activities_are_one_press_away() -> None:
    of = scored()
    door = lokus(of.cycle, "36.72.05.1001", prefix="SJ")
    for day, (where, title) in enumerate([(of.lokus, "Satu"), (door, "Tetangga"), (of.lokus, "Dua")], start=1):
        Activity.objects.create(cycle=of.cycle, lokus=where, title=title, on=date(2024, 8, day))
    Activity.objects.create(cycle=of.cycle, lokus=of.lokus, title="Dihapus", on=date(2024, 8, 9), deleted_at=NOW)
    client = inside(citra(of))
    text = client.get(f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/").content.decode()
    gaps = f"/tahun/{of.cycle.slug}/matriks/?lokus={of.lokus.area}&amp;saring=gap"

    assert re.findall(r'<a href="/tahun/[^"]+/kegiatan/[^"]+">.*?<b>(\w+)</b>', text) == ["Dua", "Satu"]
    assert f'href="/tahun/{of.cycle.slug}/kegiatan/?lokus={of.lokus.area}"' in text
    assert (f'href="{gaps}"' in text, client.get(gaps.replace("&amp;", "&")).status_code) == (True, 200)
    year = client.get(f"/tahun/{of.cycle.slug}/").content.decode()
    assert f'href="/tahun/{of.cycle.slug}/matriks/?saring=gap"' in year


def test_a_juror_is_offered_no_list_and_no_import() -> None:
    of = scored()
    url = f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/"
    juror, keeper = (inside(who(of)).get(url).content.decode() for who in (citra, secretary))

    assert [f'href="{url}{page}' in juror for page in ("keluarga/", "impor/")] == [False, False]
    assert [f'href="{url}{page}' in keeper for page in ("keluarga/", "impor/")] == [True, True]


def test_no_name_of_a_family_is_on_it() -> None:
    of = scored()
    text = inside(secretary(of)).get(f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/").content.decode()

    assert [name for name in ("Rohayati", "Sumiyati", "Eni Uji") if name in text] == []


def test_three_families_cost_no_more_statements_than_one() -> None:
    of = scored(ROWS[:1])
    client = inside(secretary(of))
    url = f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/"
    counts = []
    for rows in (ROWS[:1], ROWS):
        bring(of, families_file(rows))
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        counts.append(len(captured))

    assert counts[0] == counts[1]
