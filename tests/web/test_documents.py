"""/tahun/<slug>/berkas/: what of a programme's papers is here, nothing claimed that is not."""

import re
from datetime import UTC, date, datetime

import pytest

from selaras.models import Attendance, Meeting, StoredFile, Target, Team
from tests import build
from tests.build_meetings import letterhead, meeting
from tests.build_programme import Programme, programme
from tests.web.cast import ani, citra, dewi, inside, scored, secretary

pytestmark = pytest.mark.django_db


def lines(of: Programme) -> dict[str, tuple[str, str]]:
    """Title -> state and words of each line of the page."""
    page = inside(secretary(of)).get(f"/tahun/{of.cycle.slug}/berkas/").content.decode()
    found = re.findall(
        r'<li class="(there|part|absent)">.*?<b>(.*?)</b></p><p class="small">(.*?)</p>', page, re.DOTALL
    )
    return {title: (state, words.strip()) for state, title, words in found}


def test_only_the_secretariat_reads_it() -> None:
    of = programme()
    url = f"/tahun/{of.cycle.slug}/berkas/"

    assert [inside(who).get(url).status_code for who in (secretary(of), citra(of), ani(of), dewi())] == [
        200,
        403,
        403,
        404,
    ]


def test_of_an_empty_year_nothing_is_claimed() -> None:
    of = programme()
    found = lines(of)

    assert {state for state, _words in found.values()} == {"absent"}
    assert len(found) == 14


def test_what_is_there_is_counted_as_it_is() -> None:
    of = scored()
    letterhead(of.cycle)
    decree = StoredFile.store(b"sk", "application/pdf")
    named = {"decree_number": "1/2024", "decree_date": date(2024, 1, 2), "decree_file": decree}
    Team.objects.create(cycle=of.cycle, kind="pembina", name="Tim", area="36.72", **named)
    Team.objects.create(cycle=of.cycle, kind="kelurahan", name="Tim GD", area=of.lokus.place.code, decree_number="2")
    for position, household in enumerate(of.lokus.households.all()[:2], start=1):
        Target.objects.create(lokus=of.lokus, household=household, state="target", position=position)
    held = meeting(of.cycle, letter_number="400/1", letter_date=date(2024, 4, 18))
    meeting(of.cycle, kind="pembinaan", starts=datetime(2024, 5, 3, 2, tzinfo=UTC), ends=None)
    Meeting.objects.update(minutes="Dibuka.")
    Attendance.objects.create(meeting=held, name="Uji")
    found = lines(of)

    assert {title: line for title, line in found.items() if line[0] != "absent"} == {
        "Kop surat dan penanda tangan": ("there", ""),
        "SK Tim Pembina atau Pokja tingkat kota": ("there", "Nomor SK dan berkasnya tersimpan."),
        "Daftar keluarga sasaran, menurut nama dan alamat": ("part", "2 dari 100 keluarga."),
        "Data awal keluarga sasaran": ("there", "3 dari 3 keluarga."),
        "Undangan rapat bernomor": ("part", "1 dari 2 rapat. Terakhir 18\u00a0April\u00a02024."),
        "Daftar hadir rapat": ("part", "1 dari 2 rapat yang sudah lewat. Terakhir 25\u00a0April\u00a02024."),
        "Notulen rapat": ("there", "2 dari 2 rapat yang sudah lewat. Terakhir 3\u00a0Mei\u00a02024."),
        "Notulen pembinaan lokasi tiap bulan": ("there", "1 bulan. Terakhir 3\u00a0Mei\u00a02024."),
    }
    # A team without the decree's file is a team without a decree.
    assert found["SK tim kelurahan"] == ("absent", "0 dari 1 lokus.")


def test_another_years_papers_do_not_count() -> None:
    of = programme()
    meeting(build.cycle(year=2023), letter_number="400/1")

    assert lines(of)["Undangan rapat bernomor"] == ("absent", "Belum ada.")
