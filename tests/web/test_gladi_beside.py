"""/tahun/…/gladi/, beside a rehearsal: the champion of the year before, of the same programme; a forecast."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from selaras.access import CONSOLE
from selaras.actions.champions import record_figure
from selaras.errors import InputError, Missing
from selaras.models import (
    Achievement,
    AuditEntry,
    ChampionFigure,
    Cycle,
    CycleInstrument,
    Gladi,
    InstrumentVersion,
    Result,
    Role,
    StoredFile,
    User,
)
from selaras.queries.gladi import gladi_list
from selaras.queries.usual import bundles_named
from tests import build
from tests.build_gladi import opened, paper, year
from tests.build_programme import Programme, publish
from tests.sample_workbook import SAMPLE, rows, sample
from tests.web.cast import inside, secretary

pytestmark = pytest.mark.django_db


def _address(of: Programme) -> str:
    return f"/tahun/{of.cycle.slug}/gladi/"


def test_the_champion_stands_beside_only_where_a_figure_has_a_source() -> None:
    of = year()
    gladi = opened(of)
    paper(gladi, of.lokus, sk="a", warga="50")
    won = _champion()
    user = secretary(of)

    bare = gladi_list(user, of.cycle.slug)
    assert [(champion.known, champion.aspects) for champion in bare.champions] == [(0, ())]

    figure = {"achievement": won.pk, "aspect": "lembaga", "source": "SK Gubernur 1/2023"}
    for score, scale in ((101, 100), (-1, 100), (0, 0), (5, 10**9)):
        with pytest.raises(InputError):
            record_figure(by=CONSOLE, cycle_slug=of.cycle.slug, score=Decimal(score), scale=Decimal(scale), **figure)
    record_figure(by=CONSOLE, cycle_slug=of.cycle.slug, score=Decimal(820), scale=Decimal(1000), **figure)
    (champion,) = gladi_list(user, of.cycle.slug).champions
    (row,) = champion.aspects
    # SK tim whole (weight 1) and half of the residents' word (weight 3): (1 + 3 × 0.5) / 4.
    assert (row.name, row.champion.on_ours, row.ours) == ("lembaga", Decimal(82), (("Gedong Dalem", Decimal("62.5")),))


def _beside(of: Programme, user: User, programme: str) -> tuple[list[str], list[tuple[str, str, bool, str]]]:
    """In a year of that programme: who stands beside by title; who does not, of which, whose it is."""
    of.cycle.programme = programme
    of.cycle.save(update_fields=["programme"])
    page = gladi_list(user, of.cycle.slug)
    apart = [(one.title, one.programme, one.assumed, one.owner) for one in page.apart]
    return [champion.title for champion in page.champions], apart


def test_a_champion_of_another_programme_does_not_stand_beside() -> None:
    of = year()
    won = _champion()
    user = secretary(of)

    # Nothing is known of its place: it won what provinces give, P2WKSS, whatever that is called in the city.
    here: tuple[list[str], list[object]] = (["Juara I"], [])
    assert [_beside(of, user, name) for name in ("P2WKSS", "Kampung Sejahtera")] == [here, here]
    assert _beside(of, user, "KRPPA") == ([], [("Juara I", "P2WKSS", True, "elsewhere")])
    figure = {"achievement": won.pk, "aspect": "lembaga", "score": Decimal(1), "scale": Decimal(2), "source": "SK"}
    with pytest.raises(Missing):
        record_figure(by=CONSOLE, cycle_slug=of.cycle.slug, **figure)

    # Its city keeps that year here, by its name; one that tells nothing is as none. All of that is assumed.
    past = _past_year("KRPPA")
    apart = {
        "DRPPA": ("P2WKSS", [("Juara I", "KRPPA", True, "elsewhere")]),
        "P2WKSS": ("KRPPA", [("Juara I", "P2WKSS", True, "elsewhere")]),
        "Lainnya": ("KRPPA", [("Juara I", "P2WKSS", True, "elsewhere")]),
    }
    for name, (other, told) in apart.items():
        Cycle.objects.filter(pk=past.pk).update(programme=name)
        own = "KRPPA" if other == "P2WKSS" else "P2WKSS"
        assert (name, _beside(of, user, own), _beside(of, user, other)) == (name, here, ([], told))
    # It was in both: either may be what it won, and its figures can be of one only.
    Cycle.objects.filter(pk=past.pk).update(programme="P2WKSS")
    _past_year("KRPPA")
    unclear: tuple[list[str], list[object]] = ([], [("Juara I", "P2WKSS, KRPPA", False, "elsewhere")])
    assert [_beside(of, user, name) for name in ("KRPPA", "P2WKSS")] == [unclear, unclear]
    reason = (
        "Kelurahan Serang, Juara I Provinsi Banten: programnya tidak jelas (P2WKSS, KRPPA), jadi tidak disandingkan."
    )
    assert _told(user, of)[1] == reason
    # What it won says so itself, whatever its place ran; its city's word, whatever either says.
    recorded = {"title": "Juara I P2WKSS", "programme": "krppa"}
    for text in ({"title": "Juara I KRPPA"}, {"title": "Juara I", "level": "DRPPA Provinsi Banten"}, recorded):
        Achievement.objects.update(**text)
        title, assumed = text["title"], text is not recorded
        assert _beside(of, user, "KRPPA") == ([title], [])
        assert _beside(of, user, "P2WKSS") == ([], [(title, "KRPPA", assumed, "elsewhere")])
    Achievement.objects.update(programme="lain")
    other: tuple[list[str], list[object]] = ([], [("Juara I P2WKSS", "program lain", False, "elsewhere")])
    assert [_beside(of, user, name) for name in ("KRPPA", "P2WKSS")] == [other, other]
    assert _told(user, of)[1].endswith(": dari program lain, jadi tidak disandingkan.")


def test_who_stands_apart_is_named_with_why_and_who_could_correct_it() -> None:
    of = year()
    user = secretary(of)
    lurah = build.member(Role.SUPERVISOR, of.lokus.area)
    _champion("Juara I")
    assert _beside(of, user, "KRPPA") == ([], [("Juara I", "P2WKSS", True, "elsewhere")])
    assumed = "dianggap dari P2WKSS karena programnya tidak tercatat, jadi tidak disandingkan."
    theirs = "Bila yang dari kota atau kabupaten lain sebenarnya dari KRPPA, "
    theirs += "sekretariatnya yang dapat memilih programnya, di halaman Prestasi miliknya."
    missing = "Juara 2023 dari KRPPA di provinsi ini belum dicatat dengan sumbernya. Catat di Prestasi"
    assert _told(user, of) == [missing, f"Kelurahan Serang, Juara I Provinsi Banten: {assumed}", theirs]

    # One of its own city, and one that does stand beside: the others do not vanish.
    _champion("Juara II", of.lokus.place.code, "p2wkss")
    _champion("Juara III", programme="krppa")
    _champion("Juara Umum", "36", "p2wkss")
    apart = [
        "Provinsi Banten, Juara Umum Provinsi Banten: dari P2WKSS, jadi tidak disandingkan.",
        "Kelurahan Gedong Dalem, Juara II Provinsi Banten: dari P2WKSS, jadi tidak disandingkan.",
        f"Kelurahan Serang, Juara I Provinsi Banten: {assumed}",
    ]
    ours = "Bila yang dari Kota Cilegon sebenarnya dari KRPPA, pilih programnya di Prestasi."
    beside = ["Kelurahan Serang, Juara III Provinsi Banten", "Sumber: berita"]
    unknown = "Angkanya tidak diketahui dengan sumber, jadi tidak dibandingkan."
    told = [*beside, unknown, *apart]
    assert _told(user, of) == [*told, f"{ours} {theirs}"]
    assert _told(lurah, of) == told


def test_a_champion_is_told_its_programme_with_the_figures_that_it_has() -> None:
    of = year()
    user = secretary(of)
    client, prizes = inside(user), f"/tahun/{of.cycle.slug}/prestasi/"
    won = _champion("Juara I", of.lokus.place.code)
    figure = {"bagian": "angka", "champion": str(won.pk), "score": "82", "scale": "100", "source": "SK"}
    assert client.post(_address(of), figure).status_code == 302
    assert _beside(of, user, "KRPPA") == ([], [("Juara I", "P2WKSS", True, "here")])
    told = {"bagian": "program", "yang": str(won.pk), "programme": "krppa"}
    assert client.post(prizes, told).status_code == 302

    assert _beside(of, user, "KRPPA") == (["Juara I"], [])
    (champion,) = gladi_list(user, of.cycle.slug).champions
    assert [(row.name, row.champion and row.champion.on_ours) for row in champion.aspects] == [("", Decimal(82))]
    assert (champion.programme, champion.assumed) == ("KRPPA", False)
    assert _told(user, of) == [
        "Kelurahan Gedong Dalem, Juara I Provinsi Banten", "Sumber: berita",
        "Semua dari 100. Nilai kita: keadaan hari ini dengan nilai gladi terakhir sebagai nilai juri.",
    ]  # fmt: skip


def test_a_year_that_names_neither_programme_says_what_stands_beside_and_what_to_do() -> None:
    of = year()
    user = secretary(of)
    lurah = build.member(Role.SUPERVISOR, of.lokus.area)
    _champion("Juara DRPPA dan P2WKSS", of.lokus.place.code)
    _champion("Juara KRPPA dan P2WKSS")
    apart = [("Juara KRPPA dan P2WKSS", "elsewhere"), ("Juara DRPPA dan P2WKSS", "here")]
    beside, found = _beside(of, user, "Kampung Sejahtera")
    assert (beside, sorted((one[0], one[3]) for one in found)) == ([], sorted(apart))
    unclear = "programnya tidak jelas (P2WKSS, KRPPA), jadi tidak disandingkan."
    known = [
        "Juara 2023 sudah dicatat, tetapi programnya tidak jelas.",
        f"Kelurahan Gedong Dalem, Juara DRPPA dan P2WKSS Provinsi Banten: {unclear}",
        f"Kelurahan Serang, Juara KRPPA dan P2WKSS Provinsi Banten: {unclear}",
    ]
    choose = "Pilih program juara dari Kota Cilegon di Prestasi, agar juara itu disandingkan di sini. Program juara "
    choose += "dari kota atau kabupaten lain dipilih sekretariat di sana, di halaman Prestasi miliknya."
    any_ = (
        "Nama dan instrumen utama tahun ini tidak menyebut programnya, jadi juara dari program mana pun disandingkan."
    )
    own = "Bila programnya salah satu dari ini (P2WKSS, KRPPA), jadikan instrumen program itu yang utama di Atur tahun."
    assert _told(user, of) == [*known, choose, f"{any_} {own}"]
    assert _told(lurah, of) == [*known, any_]

    # Once they are told, both stand beside, each with its programme; what is only assumed says where it is chosen.
    Achievement.objects.filter(place__code="36.73.01.1001").update(programme="krppa")
    Achievement.objects.exclude(programme="krppa").update(title="Juara I", level="Banten")
    unknown = "Angkanya tidak diketahui dengan sumber, jadi tidak dibandingkan."
    assert _told(user, of) == [
        "Kelurahan Gedong Dalem, Juara I Banten", "Sumber: berita",
        "Dianggap dari P2WKSS karena programnya tidak tercatat. Pilih programnya di Prestasi", unknown,
        "Kelurahan Serang, Juara KRPPA dan P2WKSS Provinsi Banten", "Sumber: berita", "Dari KRPPA.", unknown,
        f"{any_} {own}",
    ]  # fmt: skip


def test_what_the_advice_says_helps() -> None:
    of = year()
    user = secretary(of)
    won = _champion("Juara DRPPA dan P2WKSS", of.lokus.place.code)
    assert _beside(of, user, "Kampung Sejahtera")[0] == []
    told = {"bagian": "program", "yang": str(won.pk), "programme": "krppa"}
    assert inside(user).post(f"/tahun/{of.cycle.slug}/prestasi/", told).status_code == 302
    assert _beside(of, user, "Kampung Sejahtera") == ([won.title], [])
    # Its primary instrument tells of which programme the year is, whatever its rehearsal was held by.
    opened(of)
    CycleInstrument.objects.all().delete()
    publish(sample(instrument=[["key", "value"], ["id", "p2wkss-kampung"], *rows("instrument")[2:]]), of.cycle)
    assert _beside(of, user, "Kampung Sejahtera") == ([], [(won.title, "KRPPA", False, "here")])
    assert gladi_list(user, of.cycle.slug).programme == "P2WKSS"


def test_a_figure_of_an_aspect_that_is_no_more_is_called_as_it_was_called_then() -> None:
    of = year()
    user = secretary(of)
    won = _champion("Juara I", of.lokus.place.code)
    said = {"score": Decimal(8), "scale": Decimal(10), "source": "SK"}
    record_figure(by=CONSOLE, cycle_slug=of.cycle.slug, achievement=won.pk, aspect="lembaga", **said)
    kept = ChampionFigure.objects.get()
    assert (kept.version, gladi_list(user, of.cycle.slug).left) == (of.version, ())
    _renamed(of, "lembaga", "kelembagaan")

    def left() -> list[tuple[str, str]]:
        return [(each.aspect, each.label) for each in gladi_list(user, of.cycle.slug).left]

    assert left() == [("lembaga", "Kelembagaan")]
    assert _left(user, of) == "Kelurahan Gedong Dalem , Juara I: Kelembagaan 8 dari 10 Sumber: SK Hapus"
    # One from before that was kept: every version that has such an aspect calls it so.
    ChampionFigure.objects.update(version=None)
    assert left() == [("lembaga", "Kelembagaan")]
    # Two of them call it differently, or none has it: nobody knows any more.
    publish(sample(aspects=str(SAMPLE["aspects"]).replace("Kelembagaan", "Lembaga")), of.cycle, primary=False)
    nameless = "aspek lembaga (namanya waktu itu tidak tercatat)"
    assert left() == [("lembaga", "")]
    assert _left(user, of) == f"Kelurahan Gedong Dalem , Juara I: {nameless} 8 dari 10 Sumber: SK Hapus"
    ChampionFigure.objects.update(version=of.version)
    assert left() == [("lembaga", "Kelembagaan")]
    ChampionFigure.objects.update(version=None, aspect="hilang")
    assert left() == [("hilang", "")]
    with CaptureQueriesContext(connection) as one:
        left()
    for aspect in ("lembaga", "peran"):
        ChampionFigure.objects.create(achievement=won, aspect=aspect, **said)
    with CaptureQueriesContext(connection) as three:
        assert left() == [("hilang", ""), ("lembaga", ""), ("peran", "")]
    assert len(one) == len(three)
    ChampionFigure.objects.exclude(aspect="hilang").delete()
    ChampionFigure.objects.update(version=of.version, aspect="")
    assert (left(), gladi_list(user, of.cycle.slug).champions[0].known) == ([], 1)


def test_what_cannot_be_read_any_more_has_no_name_and_what_another_city_has_is_not_read() -> None:
    of = year()
    user = secretary(of)
    won = _champion("Juara I", of.lokus.place.code)
    said = {"score": Decimal(8), "scale": Decimal(10), "source": "SK"}
    record_figure(by=CONSOLE, cycle_slug=of.cycle.slug, achievement=won.pk, aspect="lembaga", **said)
    _renamed(of, "lembaga", "kelembagaan")
    ChampionFigure.objects.update(version=None)
    # Another city's instrument is of no use here, whatever it calls the aspect, and its file may be away.
    far = build.cycle("32.73")
    theirs = publish(sample(), far)
    InstrumentVersion.objects.filter(pk=theirs.pk).update(instrument="lain")
    StoredFile.objects.filter(pk=theirs.workbook_id).update(sha256="0" * 64)
    assert [each.label for each in gladi_list(user, of.cycle.slug).left] == ["Kelembagaan"]
    # It is asked once somebody there typed a figure of that prize.
    AuditEntry.objects.update(place_code="32.73")
    nameless = "aspek lembaga (namanya waktu itu tidak tercatat)"
    assert _left(user, of) == f"Kelurahan Gedong Dalem , Juara I: {nameless} 8 dari 10 Sumber: SK Hapus"
    ChampionFigure.objects.update(version=theirs)
    assert _left(user, of) == f"Kelurahan Gedong Dalem , Juara I: {nameless} 8 dari 10 Sumber: SK Hapus"


def test_figures_of_an_aspect_that_is_no_more_are_shown_of_who_stands_beside_too_and_can_be_removed() -> None:
    of = year()
    user = secretary(of)
    said = {"score": Decimal(8), "scale": Decimal(10), "source": "SK"}
    won = _champion("Juara I")
    record_figure(by=CONSOLE, cycle_slug=of.cycle.slug, achievement=won.pk, aspect="lembaga", **said)
    _renamed(of, "lembaga", "kelembagaan")
    (left,) = gladi_list(user, of.cycle.slug).left
    assert (left.place, left.label) == ("Kelurahan Serang", "Kelembagaan")
    assert inside(user).post(_address(of), {"bagian": "hapus", "yang": str(left.id)}).status_code == 302
    assert ChampionFigure.objects.count() == 0


def _renamed(of: Programme, key: str, new: str) -> None:
    """The year's next version, which knows that aspect under another key."""
    sheets = {name: str(SAMPLE[name]).replace(f" {key} ", f" {new} ") for name in ("aspects", "indicators")}
    CycleInstrument.objects.all().delete()
    publish(sample(**sheets), of.cycle)


def _left(user: User, of: Programme) -> str:
    """The one figure that stands nowhere beside, as the page says it."""
    page = inside(user).get(_address(of)).content.decode()
    (form,) = re.findall(r"<li><form.*?</form></li>", page, re.DOTALL)
    return " ".join(re.sub(r'<span class="vh">.*?</span>|<[^>]+>', " ", form).split())


def test_a_champion_with_figures_is_removed_once_they_are() -> None:
    of = year()
    user = secretary(of)
    client, prizes = inside(user), f"/tahun/{of.cycle.slug}/prestasi/"
    won = _champion("Juara I", of.lokus.place.code)
    figure = {"bagian": "angka", "champion": str(won.pk), "score": "82", "scale": "100", "source": "SK"}
    assert _beside(of, user, "P2WKSS") == (["Juara I"], [])
    assert client.post(_address(of), figure).status_code == 302
    assert gladi_list(user, of.cycle.slug).left == ()
    taken = "Dianggap dari P2WKSS karena programnya tidak tercatat. Pilih programnya di Prestasi"
    assert _told(user, of)[:3] == ["Kelurahan Gedong Dalem, Juara I Provinsi Banten", "Sumber: berita", taken]

    assert _beside(of, user, "KRPPA") == ([], [("Juara I", "P2WKSS", True, "here")])
    refused = client.post(prizes, {"bagian": "hapus", "yang": str(won.pk)})
    why = "prestasi Juara I masih punya angka di gladi; bila hanya programnya yang keliru, ubah programnya di sini; "
    why += "selain itu hapus dulu angkanya, yang dicatat sekretariat Kota Cilegon, di halaman Gladi tahun 2024; "
    why += "bila tahun itu sudah ditutup, prestasinya tetap"
    assert (refused.status_code, refused.content.decode().count(why)) == (422, 1)
    # The page shows where it is, to who may remove it alone. What another city won is left to that city.
    (left,) = gladi_list(user, of.cycle.slug).left
    assert (left.place, left.title, left.aspect, left.score, left.scale, left.source) == (
        "Kelurahan Gedong Dalem", "Juara I", "", Decimal(82), Decimal(100), "SK",
    )  # fmt: skip
    assert gladi_list(build.member(Role.SUPERVISOR, of.lokus.area), of.cycle.slug).left == ()
    assert _left(user, of) == "Kelurahan Gedong Dalem , Juara I: Nilai total 82 dari 100 Sumber: SK Hapus"
    assert client.post(_address(of), {"bagian": "hapus", "yang": str(left.id)}).status_code == 302

    assert client.post(prizes, {"bagian": "hapus", "yang": str(won.pk)}).status_code == 302
    assert Achievement.objects.count() == 0


def test_what_another_city_won_in_another_programme_is_not_ours_to_remove_and_what_is_removed_can_be_told_again() -> (
    None
):
    of = year()
    user = secretary(of)
    client = inside(user)
    said = {"score": Decimal("82.5"), "scale": Decimal(100), "source": "berita", "aspect": ""}
    theirs = ChampionFigure.objects.create(achievement=_champion("Juara I P2WKSS"), **said)
    ours = ChampionFigure.objects.create(achievement=_champion("Juara I P2WKSS", of.lokus.place.code), **said)
    assert _beside(of, user, "KRPPA")[0] == []

    assert [each.id for each in gladi_list(user, of.cycle.slug).left] == [ours.pk]
    answers = [client.post(_address(of), {"bagian": "hapus", "yang": str(each.pk)}) for each in (theirs, ours)]
    assert [answer.status_code for answer in answers] == [404, 302]
    assert list(ChampionFigure.objects.all()) == [theirs]
    kept = AuditEntry.objects.get(action="gladi.remove_champion")
    assert (kept.object_id, kept.details) == (
        str(ours.achievement_id), {"aspect": "", "score": "82.50", "scale": "100.00", "source": "berita"},
    )  # fmt: skip


def test_a_champion_of_a_year_without_an_instrument_is_not_called_missing() -> None:
    of = year()
    user = secretary(of)
    _champion("Juara I KRPPA")
    _champion("Juara I P2WKSS")
    CycleInstrument.objects.all().delete()
    assert _beside(of, user, "P2WKSS") == ([], [("Juara I KRPPA", "KRPPA", True, "elsewhere")])
    told = "Juara 2023 sudah dicatat dan disandingkan setelah tahun ini punya instrumen."
    assert _told(user, of)[0] == told


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Juara I P2-WKSS", ["p2wkss"]),
        ("juara p2 wkss", ["p2wkss"]),
        ("Program Terpadu Peningkatan Peranan Wanita Menuju Keluarga Sehat Sejahtera", ["p2wkss"]),
        ("Peningkatan Peran Wanita menuju Keluarga Sehat dan Sejahtera", ["p2wkss"]),
        ("Kelurahan Ramah Perempuan dan Peduli Anak", ["krppa"]),
        ("Juara DRPPA dan P2WKSS", ["p2wkss", "krppa"]),
        ("Kelurahan Layak Anak", []),
    ],
)
def test_a_programme_is_known_by_its_short_name_and_in_full(text: str, keys: list[str]) -> None:
    assert [bundle.key for bundle in bundles_named(text)] == keys


def _told(user: User, of: Programme) -> list[str]:
    """What the page says of last year's champions, line by line."""
    text = inside(user).get(_address(of)).content.decode()
    part = re.split(r"</section>|<details", text.partition('id="juara">')[2])[0]
    lines = re.findall(r"<p\b[^>]*>(.*?)</p>", part, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", line).split()) for line in lines]


def test_a_total_is_taken_from_a_past_year_of_the_programme_alone() -> None:
    of = year()
    won = _champion("Juara I P2WKSS")
    _past_year("KRPPA", Decimal(99))
    _past_year("P2WKSS", Decimal(82))

    (champion,) = gladi_list(secretary(of), of.cycle.slug).champions
    (row,) = champion.aspects
    assert (champion.id, row.champion and row.champion.on_ours) == (won.pk, Decimal(82))
    # In a year that names no programme, of that which it won in.
    for programme, total in (("krppa", 99), ("p2wkss", 82)):
        Achievement.objects.update(title="Juara I", programme=programme)
        assert _beside(of, secretary(of), "Kampung Sejahtera") == (["Juara I"], [])
        (champion,) = gladi_list(secretary(of), of.cycle.slug).champions
        assert [row.champion and row.champion.on_ours for row in champion.aspects] == [Decimal(total)]


def _past_year(programme: str, total: Decimal | None = None) -> Cycle:
    """The champion's city in the year before, its kelurahan a lokus, with the total that was published."""
    slug = f"{programme.lower()}-{Cycle.objects.count()}"
    past = Cycle.objects.create(slug=slug, programme=programme, year=2023, place=build.place("36.73"))
    lokus = build.lokus(past, "36.73.01.1001")
    lokus.reported_total, lokus.reported_scale, lokus.reported_source = total, Decimal(100), "SK"
    lokus.save()
    return past


def _champion(title: str = "Juara I", place: str = "36.73.01.1001", programme: str = "") -> Achievement:
    """Who won the year before in a neighbouring city, or there."""
    return Achievement.objects.create(
        place=build.place(place), year=2023, title=title, level="Provinsi Banten", source="berita", confidence="press",
        programme=programme,
    )  # fmt: skip


def test_there_is_no_forecast_before_three_frozen_years_and_it_says_so() -> None:
    of = year()
    user = build.member(Role.SECRETARIAT, "36.72")
    for past in (2021, 2022):
        _frozen(of, past, 60, 70)
    page = gladi_list(user, of.cycle.slug)
    assert (page.forecast.years, page.forecast.middle) == (2, None)
    told = inside(user).get(_address(of)).content.decode()
    assert "baru 2 tahun lalu" in told

    # One round that was frozen twice has gained nothing; what was frozen again counts as it was last, and a look
    # after the trophy is no gain to it.
    _frozen(of, 2020, 60, 61, kinds=("endline", "endline"))
    assert gladi_list(user, of.cycle.slug).forecast.years == 2
    _frozen(of, 2023, 50, 60, 63, 99, kinds=("baseline", "endline", "endline", "t6"))
    opened(of)
    paper(Gladi.objects.get(), of.lokus, sk="a", warga="50")
    forecast = gladi_list(user, of.cycle.slug).forecast
    # Gains 10, 10 and 13 on 62.5 today: 73.5 ± t(0.975; 2) · √3 · √(4/3) = 8.605….
    assert (forecast.years, forecast.now, forecast.middle) == (3, Decimal("62.5"), Decimal("73.5"))
    assert (forecast.low, forecast.high) == (Decimal("64.89"), Decimal("82.11"))


def _frozen(of: Programme, past: int, *totals: int, kinds: tuple[str, ...] = ("baseline", "endline")) -> None:
    """A closed year of the city with frozen totals of these rounds, in order."""
    cycle = build.cycle(year=past, closed_at=of.cycle.created_at)
    lokus = build.lokus(cycle)
    days = {kind: date(past, 1 + 4 * number, 8) for number, kind in enumerate(dict.fromkeys(kinds))}
    rounds = {kind: cycle.rounds.create(kind=kind, opens=day, closes=day) for kind, day in days.items()}
    for kind, total in zip(kinds, totals, strict=True):
        Result.objects.create(
            lokus=lokus, round=rounds[kind], version=of.version, instrument_sha256="0", data_hash="0", engine="uji",
            card={"units": [{"unit": lokus.area, "total": total}]}, trace={},
        )  # fmt: skip
