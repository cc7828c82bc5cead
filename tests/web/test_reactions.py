"""/reaksi/ without an account, and what the office sees of it."""

from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from selaras.models import Activity, AuditEntry, BrowserSession, Reaction, ReactionBox, ReactionText
from tests import build
from tests.build_programme import programme
from tests.build_reactions import activity, printed, say
from tests.pdf import pdf_pages
from tests.web.cast import inside, secretary

pytestmark = pytest.mark.django_db
SAID = {"useful": "yes", "use": "some", "missing": ""}


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Tries of one test are not tries of the next."""
    cache.clear()


def text_of(client: Client, url: str) -> str:
    return unescape(client.get(url).content.decode())


def test_whoever_holds_a_slip_answers_once_without_an_account() -> None:
    codes = printed(activity()).codes
    entries, client = AuditEntry.objects.count(), Client()
    typed = codes[0].lower()[:4] + " " + codes[0][4:8] + "-" + codes[0][8:]
    page, first, again = (
        client.get("/reaksi/"),
        client.post("/reaksi/", {**SAID, "code": typed}),
        client.post("/reaksi/", {**SAID, "code": codes[0]}),
    )

    assert (page.status_code, first.status_code, again.status_code) == (200, 302, 422)
    assert first.headers["Location"] == "/reaksi/terima-kasih/"
    assert "sudah masuk kotak" in text_of(client, "/reaksi/terima-kasih/")
    assert "tidak dikenal, atau sudah dipakai" in unescape(again.content.decode())
    assert (AuditEntry.objects.count(), BrowserSession.objects.count(), client.cookies.keys() - {"csrftoken"}) == (
        entries,
        0,
        set(),
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"useful": ""}, "Pilih salah satu."),
        ({"use": "mungkin"}, "mungkin"),
        ({"code": "7KM2"}, "tidak dikenal, atau sudah dipakai"),
        ({"code": ""}, "Tulis kode yang tercetak di lembar Anda."),
        ({"missing": "x" * 281}, "280"),
    ],
)
def test_what_is_missing_is_said_at_its_place_and_the_slip_stays_good(change: dict[str, str], said: str) -> None:
    codes = printed(activity()).codes
    refused = Client().post("/reaksi/", {**SAID, "code": codes[0], **change})

    assert (refused.status_code, said in unescape(refused.content.decode())) == (422, True)
    assert Client().post("/reaksi/", {**SAID, "code": codes[0]}).status_code == 302


def test_the_organisers_code_opens_the_box_from_any_phone_and_answers_nothing() -> None:
    of = activity()
    made = printed(of, 12)
    client = Client()
    answered = client.post("/reaksi/", {**SAID, "code": made.opener})
    say(made.codes[:4])
    few = client.post("/reaksi/buka/", {"code": made.opener})
    say(made.codes[4:6])
    wrong = client.post("/reaksi/buka/", {"code": made.codes[7]})
    opened = client.post("/reaksi/buka/", {"code": made.opener})

    assert [answered.status_code, few.status_code, wrong.status_code, opened.status_code] == [422, 422, 422, 200]
    assert "untuk petugas yang membuka kotak" in unescape(answered.content.decode())
    assert "belum ada 5 jawaban" in unescape(few.content.decode())
    assert "Kotak sudah dibuka" in unescape(opened.content.decode())
    assert Reaction.objects.count() == 12
    assert client.post("/reaksi/", {**SAID, "code": made.codes[8]}).status_code == 422


def test_a_phone_in_which_a_cadre_is_signed_in_is_not_noted_when_somebody_answers_on_it() -> None:
    of = programme()
    codes = printed(activity(of.lokus)).codes
    client = inside(secretary(of))
    before = list(BrowserSession.objects.values())
    client.get("/reaksi/")
    client.post("/reaksi/", {**SAID, "code": codes[0]})

    assert list(BrowserSession.objects.values()) == before


def test_the_office_prints_slips_whose_codes_are_nowhere_else() -> None:
    of = programme()
    made = activity(of.lokus, title="Pelatihan menjahit")
    client = inside(secretary(of))
    url = f"/tahun/{of.cycle.slug}/kegiatan/{made.uuid}/reaksi/"
    answer = client.post(f"{url}lembar.pdf", {"slips": "12"})
    pages = pdf_pages(answer.content)

    assert (answer.headers["Content-Type"], len(pages)) == ("application/pdf", 3)
    assert ("Kode pembuka kotak" in pages[0], pages[1].count("Bagaimana kegiatan ini?")) == (True, 10)
    assert "Pelatihan menjahit" in pages[1]
    assert ReactionBox.objects.get().unused.count() == 13
    assert client.post(f"{url}lembar.pdf", {"slips": "4"}).status_code == 422
    papers = pdf_pages(client.get(f"{url}kertas.pdf").content)
    assert (len(papers), papers[0].count("Apakah berguna bagi Anda?")) == (1, 4)


def test_below_five_the_page_shows_nothing_and_from_five_on_the_counts() -> None:
    of = programme()
    made = activity(of.lokus)
    box = printed(made, 12)
    client = inside(secretary(of))
    url = f"/tahun/{of.cycle.slug}/kegiatan/{made.uuid}/reaksi/"
    say(box.codes[:4])
    few = text_of(client, url)
    say(box.codes[4:6], useful="no")
    client.post("/reaksi/buka/", {"code": box.opener})
    shown, year = text_of(client, url), text_of(client, f"/tahun/{of.cycle.slug}/reaksi/")

    assert ("Belum ada 5 jawaban" in few, "Kurang dari 5 jawaban di kotak" in few, "orang menjawab" in few) == (
        True,
        True,
        False,
    )
    assert ("6 orang menjawab" in shown, "6 jawaban sudah terbaca." in shown) == (True, True)
    assert "4 dari 6 orang" in year


def test_a_box_of_papers_is_typed_at_once_and_not_below_five() -> None:
    of = programme()
    made = activity(of.lokus)
    client = inside(secretary(of))
    url = f"/tahun/{of.cycle.slug}/kegiatan/{made.uuid}/reaksi/ketik/"
    box = {"papers": "6", "useful_yes": "5", "useful_no": "1", "use_yes": "6", "words": "Kurang mesin\n\nJauh"}

    refused = {
        name: unescape(client.post(url, {**box, **change}).content.decode())
        for name, change in {
            "few": {"papers": "4"},
            "more": {"useful_yes": "6"},
            "less": {"use_yes": "3"},
            "lines": {"words": "a\nb\nc\nd\ne\nf\ng"},
        }.items()
    }
    assert [
        "kertasnya harus 5 sampai 500" in refused["few"],
        "jawabannya 7 dari 6 kertas" in refused["more"],
        "jawabannya 3 dari 6 kertas" in refused["less"],
        "ada 7 tulisan dari 6 kertas" in refused["lines"],
    ] == [True] * 4
    assert (Reaction.objects.count(), ReactionText.objects.count()) == (0, 0)
    assert client.post(url, box).status_code == 302
    assert (Reaction.objects.count(), ReactionText.objects.count()) == (12, 2)


def test_a_box_that_is_sent_twice_or_typed_by_two_counts_once_and_another_is_said_to_be_another() -> None:
    of = programme()
    made = activity(of.lokus)
    client = inside(secretary(of))
    url = f"/tahun/{of.cycle.slug}/kegiatan/{made.uuid}/reaksi/ketik/"
    page = client.get(url)
    number = str(page.context["form"]["number"].value())
    box = {"papers": "6", "useful_yes": "6", "use_yes": "6", "words": "Jauh"}
    told = "Sudah ada 1 kotak kertas yang diketik"

    wrong = client.post(url, {**box, "papers": "4", "number": number})
    first, second = (client.post(url, {**box, "number": number}, follow=True) for _ in range(2))
    assert [f'name="number" value="{number}"' in unescape(each.content.decode()) for each in (page, wrong)] == [
        True
    ] * 2
    assert ["6 kertas tercatat." in unescape(each.content.decode()) for each in (first, second)] == [True, False]
    assert "Kotak ini sudah dicatat dan tidak dihitung dua kali" in unescape(second.content.decode())
    assert (Reaction.objects.count(), ReactionText.objects.count()) == (12, 1)
    assert AuditEntry.objects.filter(action="reactions.type").count() == 1
    assert [told in text for text in (unescape(page.content.decode()), text_of(client, url))] == [False, True]

    # Typed by a colleague on a form of her own, opened before or after.
    for others in ({}, {"others": "0"}, {"others": "x"}):
        refused = client.post(url, {**box, **others})
        assert (refused.status_code, Reaction.objects.count()) == (422, 12)
        assert 'name="others" value="1"' in refused.content.decode()
    assert "kotak kertas kegiatan ini sudah diketik (1)" in unescape(client.post(url, box).content.decode())
    assert client.post(url, {**box, "others": "1"}).status_code == 302
    assert (Reaction.objects.count(), client.post(url, {**box, "others": "1"}).status_code) == (24, 422)


def test_words_are_shown_from_twenty_answers_on_and_after_somebody_looked() -> None:
    of = programme()
    made = activity(of.lokus)
    url = f"/tahun/{of.cycle.slug}/kegiatan/{made.uuid}/reaksi/"
    client, lurah = inside(secretary(of)), inside(build.member("supervisor", of.lokus.area, cycle=of.cycle))
    first, second = printed(made, 19), printed(made, 5)
    say(first.codes[:18])
    say(first.codes[18:], missing="Bu Zubaidah tidak adil, bu zubaidah lagi")
    early = text_of(client, url)
    text = ReactionText.objects.get()
    look = f"/tahun/{of.cycle.slug}/reaksi/tulisan/{text.id}/"

    assert ("Zubaidah" in early, "Tulisan peserta baru ditampilkan" in early) == (False, True)
    assert client.post(look, {"show": "1"}).status_code == 404
    say(second.codes)
    assert ["Zubaidah" in text_of(each, url) for each in (client, lurah)] == [True, False]
    assert lurah.post(look, {"show": "1"}).status_code == 403
    wrong = client.post(look, {"show": "1", "cover": "Zulaikha"}, follow=True)
    assert "“Zulaikha” tidak ada di tulisan ini" in unescape(wrong.content.decode())
    assert client.post(look, {"show": "1", "cover": "bu zubaidah"}).status_code == 302
    for each in (client, lurah):
        page = text_of(each, url)
        assert ("Zubaidah" in page, "… tidak adil, … lagi" in page) == (False, True)
    assert client.post(look, {"show": "0"}, follow=True).status_code == 200
    assert "sudah diperiksa orang lain" in unescape(client.post(look, {"show": "0"}, follow=True).content.decode())


def test_words_that_are_not_to_be_shown_are_gone() -> None:
    of = programme()
    made = activity(of.lokus)
    box = printed(made, 20)
    say(box.codes[:19])
    say(box.codes[19:], missing="Rahasia")
    text = ReactionText.objects.get()
    client, url = inside(secretary(of)), f"/tahun/{of.cycle.slug}/reaksi/tulisan/{text.id}/"
    client.post(url, {})
    text.refresh_from_db()
    assert text.state == "waiting"
    client.post(url, {"show": "0"})

    text.refresh_from_db()
    assert (text.sealed, text.state) == (None, "withheld")


def test_more_answers_than_people_who_came_are_told() -> None:
    of = programme()
    made = activity(of.lokus)
    url, client = f"/tahun/{of.cycle.slug}/kegiatan/{made.uuid}/reaksi/", inside(secretary(of))
    say(printed(made, 20).codes)
    as_many = text_of(client, url)
    say(printed(made, 5).codes)
    more = text_of(client, url)

    assert [("20 orang tercatat hadir." in page, "lebih banyak daripada" in page) for page in (as_many, more)] == [
        (True, False),
        (True, True),
    ]


def test_the_list_of_a_year_asks_as_much_for_three_activities_as_for_one() -> None:
    of = programme()
    client, url = inside(secretary(of)), f"/tahun/{of.cycle.slug}/reaksi/"
    asked = []
    for count in (1, 3):
        while Activity.objects.count() < count:
            say(printed(activity(of.lokus), 20).codes, missing="Jauh")
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_the_code_on_a_screen_is_the_same_for_everybody() -> None:
    of = programme()
    made = activity(of.lokus)
    page = text_of(inside(secretary(of)), f"/tahun/{of.cycle.slug}/kegiatan/{made.uuid}/reaksi/")
    drawn = Client().get("/reaksi/qr.svg")

    assert (drawn.status_code, drawn.headers["Content-Type"], "/reaksi/qr.svg" in page) == (200, "image/svg+xml", True)
    assert drawn.content == Client().get("/reaksi/qr.svg").content


def test_complaints_are_sent_to_the_countrys_own_channel() -> None:
    client = Client()
    for url in ("/reaksi/", "/reaksi/terima-kasih/"):
        page = text_of(client, url)
        assert ("https://www.lapor.go.id/" in page, "1708" in page) == (True, True)
