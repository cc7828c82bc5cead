"""/perubahan/: in words that anybody reads, families for who works with them, and a comparison with its source."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils.html import strip_tags

from selaras.models import AuditEntry, Comparison, Role
from selaras.scoring.change import Interval
from selaras.web.change import Spread, chance_words, row, spread
from tests import build
from tests.build_change import endline, moved
from tests.build_programme import Programme, programme
from tests.queries.test_change import STORY, coughing, line_of, page_of, secretariat
from tests.web.cast import inside

pytestmark = pytest.mark.django_db


def ground() -> tuple[Programme, str]:
    """The story of 85 families, and where its page is."""
    of = programme()
    moved(of, endline(of), "jamban", STORY)
    return of, f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/perubahan/"


def text_of(response: object) -> str:
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))  # type: ignore[attr-defined]


def test_it_is_read_as_a_person_would_say_it() -> None:
    of, _address = ground()
    said = row(line_of(page_of(secretariat(of), of)))

    assert said.said == (
        "Dari 23 keluarga yang dulu belum, 17 kini sudah dan 6 masih belum; 2 yang dulu sudah kini tidak lagi."
    )
    assert said.size == "+17,6 poin persen, antara +8,0 dan +27,6"
    assert said.chance == "Kebetulan saja: kurang dari 1 di antara 1.000."


def test_less_of_what_is_bad_is_read_the_other_way_round() -> None:
    of = programme(coughing())
    moved(of, endline(of), "batuk", {"yn": 12, "ny": 5, "nn": 30, "yy": 6})
    line = line_of(page_of(build.member(Role.LIAISON, agency=build.agency("Dinkes")), of), "batuk")

    assert row(line).said == (
        "Dari 18 keluarga yang dulu mengalaminya, 12 kini tidak lagi dan 6 masih; 5 baru mengalaminya."
    )
    assert chance_words(line) == "Bisa kebetulan saja: sekitar 14 di antara 100."
    assert chance_words(replace(line, p=Decimal("0.7"))) == "Bisa kebetulan saja."


def test_a_difference_is_drawn_around_nought_with_its_range() -> None:
    drawn = spread(Interval(Decimal(10), Decimal(-5), Decimal(25)))

    assert drawn == Spread("40.40%", "69.20%", "98.00%")
    assert spread(None) is None


def test_the_page_says_worse_before_better_and_leads_to_the_families() -> None:
    of, address = ground()
    moved(of, of.cycle.rounds.get(kind="endline"), "sekolah", {"yn": 11, "yy": 4})
    page = text_of(inside(secretariat(of)).get(address))

    assert "1 ukuran membaik, 1 memburuk" in page
    assert page.index("Memburuk") < page.index("Membaik")
    assert "13 keluarga kehilangan paling sedikit satu hal." in page
    families = text_of(inside(secretariat(of)).get(f"{address}keluarga/?hanya=lost"))
    assert "13 keluarga kehilangan, 17 mendapat" in families
    assert len(re.findall(r"GD-\d+", families)) == 13


def test_a_juror_reads_the_counts_and_no_family_and_a_stranger_finds_nothing() -> None:
    _of, address = ground()
    juror, stranger = build.member(Role.JUROR, "36.72"), build.member(Role.SECRETARIAT, "32.73")
    pages = [inside(juror).get(address + more) for more in ("", "ukuran/jamban/")]

    assert [page.status_code for page in pages] == [200, 200]
    assert [re.findall(r"GD-\d+", page.content.decode()) for page in pages] == [[], []]
    assert inside(juror).get(f"{address}keluarga/").status_code == 403
    assert [inside(stranger).get(address + more).status_code for more in ("", "keluarga/", "ukuran/jamban/")] == [
        404
    ] * 3


COUNTS = {"n_dari": "80", "ya_dari": "48", "n_ke": "70", "ya_ke": "56"}


def test_a_kelurahan_is_written_beside_with_its_source_and_taken_away_again() -> None:
    of, address = ground()
    build.place("36.72.05.1001")
    user = secretariat(of)
    client, there = inside(user), f"{address}ukuran/jamban/banding/"
    said = {"kelurahan": "sukmajaya", "dari": "baseline", "ke": "endline", "sumber": "Survei Dinkes 2024", **COUNTS}
    answer = client.post(there, {**said, "alamat": "dari=baseline&ke=endline"})
    row_ = Comparison.objects.get()
    page = text_of(client.get(answer["Location"]))

    assert answer["Location"] == f"{address}ukuran/jamban/?dari=baseline&ke=endline#banding"
    assert (row_.place_name, row_.true_after, row_.entered_by) == ("Sukmajaya", 56, user)
    assert "Sukmajaya: dulu 60 %, kini 80 %." in page.replace("\u00a0", " ")
    assert "Perubahan di sini dikurangi perubahan di sana: −2,4 poin persen, antara " in page
    client.post(there, {**said, "n_ke": "71"})
    assert [(one.n_after, one.uuid) for one in Comparison.objects.all()] == [(71, row_.uuid)]
    client.post(there, {"hapus": str(row_.uuid)})
    assert Comparison.objects.count() == 0
    entries = AuditEntry.objects.filter(action__startswith="comparisons.").order_by("pk")
    assert [entry.action for entry in entries] == ["comparisons.write"] * 2 + ["comparisons.take_away"]
    # What was typed as the source stays in the row: no erasure reaches the audit.
    assert ["source" in entry.details for entry in entries] == [False] * 3


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kelurahan": "Gedong Dalem"}, "juga dibina tahun ini"),
        ({"kelurahan": "Sarijadi"}, "bukan satu kelurahan di kota ini"),
        ({"ya_ke": "71"}, "jumlah keluarganya tidak cocok"),
        ({"n_dari": "0", "ya_dari": "0"}, "jumlah keluarganya tidak cocok"),
        ({"n_ke": "tujuh"}, "jumlah keluarganya tidak cocok"),
        ({"sumber": " "}, "sumbernya belum ditulis"),
    ],
)
def test_what_does_not_fit_is_told_with_its_remedy_and_what_was_typed_stays(change: dict[str, str], told: str) -> None:
    of, address = ground()
    for code in ("36.72.05.1001", "32.73.01.1001"):
        build.place(code)
    said = {"kelurahan": "Sukmajaya", "dari": "baseline", "ke": "endline", "sumber": "Survei", **COUNTS, **change}
    answer = inside(secretariat(of)).post(f"{address}ukuran/jamban/banding/", said)

    assert (answer.status_code, Comparison.objects.count()) == (422, 0)
    assert told in text_of(answer)
    assert f'value="{said["n_dari"]}"' in answer.content.decode()


def test_numbers_of_health_are_not_compared() -> None:
    of = programme(coughing())
    moved(of, endline(of), "batuk", {"yn": 12, "ny": 5, "nn": 30, "yy": 6})
    build.place("36.72.05.1001")
    said = {"kelurahan": "Sukmajaya", "dari": "baseline", "ke": "endline", "sumber": "Survei", **COUNTS}
    address = f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/perubahan/ukuran/batuk/banding/"

    assert inside(secretariat(of)).post(address, said).status_code == 422
    assert Comparison.objects.count() == 0
