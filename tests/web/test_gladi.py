"""/tahun/…/gladi/: rehearsals, sheets, tasks and the champion, to the city's own alone."""

import re
from datetime import date
from decimal import Decimal

import pytest

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
    GladiSheet,
    GladiTask,
    Result,
    Role,
    User,
)
from selaras.queries.gladi import gladi_list, tasks_page
from selaras.queries.usual import bundles_named
from tests import build
from tests.build_gladi import asked, closed, from_elsewhere, opened, paper, year
from tests.build_programme import Programme
from tests.web.cast import citra, dewi, inside, secretary

pytestmark = pytest.mark.django_db


def _address(of: Programme, rest: str = "") -> str:
    return f"/tahun/{of.cycle.slug}/gladi/{rest}"


def test_the_secretariat_opens_asks_types_closes_and_the_owner_says_it_is_done() -> None:
    of = year()
    client = inside(secretary(of))
    ani = from_elsewhere()

    client.post(_address(of), {"bagian": "buka", "starts": "2024-08-05", "ends": "2024-08-06"})
    posted = {"bagian": "penilai", "lokus": of.lokus.area, "orang": [str(ani.uuid)]}
    client.post(_address(of, "1/"), posted)
    typed = {"nama": "Bu Rahma, Sukmajaya", "n_sk": "b", "c_sk": "SK tidak ada di tempat", "n_warga": "80"}
    client.post(_address(of, f"1/lembar/{of.lokus.area}/"), typed)
    page = client.get(_address(of, "1/")).content.decode()
    assert page.count("SK tidak ada di tempat") == 1
    assert f'value="{ani.uuid}" checked' in page
    client.post(_address(of, "1/"), {"bagian": "tutup"})

    task = GladiTask.objects.get(indicator="sk")
    liaison = build.member(Role.LIAISON, agency=task.agency)
    # Hers stand first, whatever is due before them.
    GladiTask.objects.filter(pk=task.pk).update(due=date(2024, 12, 1))
    who = (liaison, secretary(of))
    order = [[line.indicator for line in tasks_page(user, of.cycle.slug).open] for user in who]
    assert order == [["sk", "warga"], ["warga", "sk"]]
    answer = inside(liaison).post(
        _address(of, f"tugas/{task.uuid}/"), {"bagian": "selesai", "version": "1", "said": "SK terbit 12 Agustus"}
    )
    assert answer.status_code == 302
    told = client.get(_address(of, "tugas/")).content.decode()
    assert told.count("SK terbit 12 Agustus") == 1
    assert Gladi.objects.get().closed_at is not None


def test_whoever_opens_one_that_another_has_opened_is_told_so_whatever_she_typed() -> None:
    of = year()
    opened(of)
    client = inside(secretary(of))
    for day in ("2024-08-05", "besok"):
        refused = client.post(_address(of), {"bagian": "buka", "starts": day, "ends": day})
        assert (refused.status_code, refused.content.decode().count("gladi 1 belum ditutup")) == (422, 1)


def test_what_does_not_fit_is_said_beside_it_and_nothing_typed_is_lost() -> None:
    of = year()
    opened(of)
    client = inside(secretary(of))

    refused = client.post(_address(of, f"1/lembar/{of.lokus.area}/"), {"nama": "", "n_warga": "150", "c_warga": "x\0y"})
    assert refused.status_code == 422
    named = client.post(_address(of, f"1/lembar/{of.lokus.area}/"), {"nama": "Bu\0 Rahma", "n_warga": "150"})
    page = named.content.decode()
    assert (named.status_code, page.count('value="150"'), GladiSheet.objects.count()) == (422, 1, 0)
    assert "tulis angka dari 0 sampai 100" in page


def test_jurors_the_province_strangers_and_cadres_see_nothing_of_a_rehearsal() -> None:
    of = year()
    gladi = opened(of)
    paper(gladi, of.lokus, sk="b")
    closed(gladi)
    cadre = build.member(Role.CADRE, f"{of.lokus.area}.RW03")
    outside = {
        "juror": inside(citra(of)),
        "province": inside(build.member(Role.PROVINCE, "36")),
        "cadre": inside(cadre),
        "other city": inside(dewi()),
    }
    pages = ["", "1/", f"1/lembar/{of.lokus.area}/", "tugas/"]
    found = {who: [client.get(_address(of, rest)).status_code for rest in pages] for who, client in outside.items()}
    assert found == {"juror": [403] * 4, "province": [403] * 4, "cadre": [403] * 4, "other city": [404] * 4}
    steps = {who: client.get(f"/tahun/{of.cycle.slug}/langkah/").status_code for who, client in outside.items()}
    assert steps == {"juror": 403, "province": 403, "cadre": 403, "other city": 404}


def test_a_lurah_reads_and_does_not_hold_and_a_marker_is_never_shown_who_else_marks() -> None:
    of = year()
    opened(of)
    lurah = build.member(Role.SUPERVISOR, of.lokus.area)
    client = inside(lurah)

    page = client.get(_address(of, "1/")).content.decode()
    assert "Siapa yang menilai" not in page
    assert client.post(_address(of, "1/"), {"bagian": "tutup"}).status_code == 403
    assert client.get(_address(of, f"1/lembar/{of.lokus.area}/")).status_code == 403


def test_a_second_rehearsal_names_what_closed_since_the_first() -> None:
    of = year()
    first = opened(of)
    paper(first, of.lokus, sk="b", warga="50")
    closed(first)
    second = opened(of)
    paper(second, of.lokus, sk="a", warga="75")

    page = inside(secretary(of)).get(_address(of, "2/")).content.decode()
    assert "Tertutup sejak gladi 1:</b> SK tim" in page
    assert "50" in page.split("Gladi 1</dt>")[1][:40]


# --- beside it --------------------------------------------------------------------------------------------------------
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

    # Its city keeps that year here, by its name; one that tells nothing is as none.
    past = _past_year("KRPPA")
    apart = {
        "DRPPA": ("P2WKSS", [("Juara I", "KRPPA", False, "elsewhere")]),
        "P2WKSS": ("KRPPA", [("Juara I", "P2WKSS", False, "elsewhere")]),
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
    # What it won says so itself, whatever its place ran.
    for text in ({"title": "Juara I KRPPA"}, {"title": "Juara I", "level": "DRPPA Provinsi Banten"}):
        Achievement.objects.update(**text)
        title = text["title"]
        assert _beside(of, user, "KRPPA") == ([title], [])
        assert _beside(of, user, "P2WKSS") == ([], [(title, "KRPPA", False, "elsewhere")])


def test_who_stands_apart_is_named_with_why_and_who_could_correct_it() -> None:
    of = year()
    user = secretary(of)
    lurah = build.member(Role.SUPERVISOR, of.lokus.area)
    _champion("Juara I")
    assert _beside(of, user, "KRPPA") == ([], [("Juara I", "P2WKSS", True, "elsewhere")])
    assumed = "dianggap dari P2WKSS karena programnya tidak tercatat, jadi tidak disandingkan."
    theirs = "Bila yang dari kota atau kabupaten lain sebenarnya dari KRPPA, "
    theirs += "sekretariatnya yang dapat menghapus lalu mencatatnya lagi dengan nama program itu di judulnya."
    missing = "Juara 2023 dari KRPPA di provinsi ini belum dicatat dengan sumbernya. Catat di Prestasi"
    assert _told(user, of) == [missing, f"Kelurahan Serang, Juara I Provinsi Banten: {assumed}", theirs]

    # One of its own city, and one that does stand beside: the others do not vanish.
    _champion("Juara II P2WKSS", of.lokus.place.code)
    _champion("Juara III KRPPA")
    _champion("Juara Umum P2WKSS", "36")
    apart = [
        "Provinsi Banten, Juara Umum P2WKSS Provinsi Banten: dari P2WKSS, jadi tidak disandingkan.",
        "Kelurahan Gedong Dalem, Juara II P2WKSS Provinsi Banten: dari P2WKSS, jadi tidak disandingkan.",
        f"Kelurahan Serang, Juara I Provinsi Banten: {assumed}",
    ]
    ours = "Bila yang dari Kota Cilegon sebenarnya dari KRPPA, hapus prestasinya di Prestasi, "
    ours += "lalu catat lagi dengan nama program itu di judulnya."
    beside = ["Kelurahan Serang, Juara III KRPPA Provinsi Banten", "Sumber: berita"]
    unknown = "Angkanya tidak diketahui dengan sumber, jadi tidak dibandingkan."
    told = [*beside, unknown, *apart]
    assert _told(user, of) == [*told, f"{ours} {theirs}"]
    assert _told(lurah, of) == told


def test_a_champion_with_figures_is_recorded_anew_under_its_programme_once_they_are_removed() -> None:
    of = year()
    user = secretary(of)
    client, prizes = inside(user), f"/tahun/{of.cycle.slug}/prestasi/"
    won = _champion("Juara I", of.lokus.place.code)
    figure = {"bagian": "angka", "champion": str(won.pk), "score": "82", "scale": "100", "source": "SK"}
    assert _beside(of, user, "P2WKSS") == (["Juara I"], [])
    assert client.post(_address(of), figure).status_code == 302
    assert gladi_list(user, of.cycle.slug).left == ()
    taken = "Dianggap dari P2WKSS karena programnya tidak tercatat."
    assert _told(user, of)[:3] == ["Kelurahan Gedong Dalem, Juara I Provinsi Banten", "Sumber: berita", taken]

    assert _beside(of, user, "KRPPA") == ([], [("Juara I", "P2WKSS", True, "here")])
    refused = client.post(prizes, {"bagian": "hapus", "yang": str(won.pk)})
    why = "prestasi Juara I masih punya angka di gladi; hapus dulu angkanya, yang dicatat sekretariat Kota Cilegon, "
    why += "di halaman Gladi tahun 2024; bila tahun itu sudah ditutup, prestasinya tetap"
    assert (refused.status_code, refused.content.decode().count(why)) == (422, 1)
    # The page shows where it is, to who may remove it alone. What another city won is left to that city.
    (left,) = gladi_list(user, of.cycle.slug).left
    assert (left.place, left.title, left.aspect, left.score, left.scale, left.source) == (
        "Kelurahan Gedong Dalem", "Juara I", "", Decimal(82), Decimal(100), "SK",
    )  # fmt: skip
    assert gladi_list(build.member(Role.SUPERVISOR, of.lokus.area), of.cycle.slug).left == ()
    (form,) = re.findall(r"<li><form.*?</form></li>", client.get(_address(of)).content.decode(), re.DOTALL)
    words = " ".join(re.sub(r'<span class="vh">.*?</span>|<[^>]+>', " ", form).split())
    assert words == "Kelurahan Gedong Dalem , Juara I: Nilai total 82 dari 100 Sumber: SK Hapus"
    assert client.post(_address(of), {"bagian": "hapus", "yang": str(left.id)}).status_code == 302

    assert client.post(prizes, {"bagian": "hapus", "yang": str(won.pk)}).status_code == 302
    anew = {"bagian": "prestasi", "place": of.lokus.place.code, "year": "2023", "title": "Juara I KRPPA"}
    anew |= {"level": "Provinsi Banten", "source": "berita", "confidence": "press"}
    assert client.post(prizes, anew).status_code == 302
    assert _beside(of, user, "KRPPA") == (["Juara I KRPPA"], [])


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
    assert _beside(of, user, "P2WKSS") == ([], [("Juara I KRPPA", "KRPPA", False, "elsewhere")])
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


def _past_year(programme: str, total: Decimal | None = None) -> Cycle:
    """The champion's city in the year before, its kelurahan a lokus, with the total that was published."""
    slug = f"{programme.lower()}-{Cycle.objects.count()}"
    past = Cycle.objects.create(slug=slug, programme=programme, year=2023, place=build.place("36.73"))
    lokus = build.lokus(past, "36.73.01.1001")
    lokus.reported_total, lokus.reported_scale, lokus.reported_source = total, Decimal(100), "SK"
    lokus.save()
    return past


def _champion(title: str = "Juara I", place: str = "36.73.01.1001") -> Achievement:
    """Who won the year before in a neighbouring city, or there."""
    return Achievement.objects.create(
        place=build.place(place), year=2023, title=title, level="Provinsi Banten", source="berita", confidence="press"
    )


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


def test_a_marker_finds_her_sheet_among_the_forms_of_her_browser() -> None:
    of = year()
    gladi = opened(of)
    ani = from_elsewhere()
    asked(gladi, of.lokus, ani)

    said = inside(ani).get(f"/isi/isi.json?tahun={of.cycle.slug}").json()
    (sheet,) = [form for form in said["forms"] if form.get("kind") == "gladi"]
    xform = inside(ani).get(sheet["xml"]).content.decode()
    assert (sheet["title"], sheet["lists"], sheet["practice"]) == ("Gladi 1: Gedong Dalem", [], False)
    assert xform.count("<select1 ") == 1
    assert inside(from_elsewhere()).get(sheet["xml"]).status_code == 404
