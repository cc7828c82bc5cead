"""/tahun/<slug>/senin/ and /senin/<uuid>/: made by the secretariat, read by whoever has the address."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from selaras.actions.jobs import work_off
from selaras.models import AuditEntry, Cycle, WeeklyPage
from tests.build_programme import Programme
from tests.web.cast import ani, budi, citra, dewi, inside, scored, secretary

pytestmark = pytest.mark.django_db(transaction=True)


def address(of: Programme) -> str:
    return f"/tahun/{of.cycle.slug}/senin/"


def made(of: Programme) -> WeeklyPage:
    """This week's page with its files."""
    inside(secretary(of)).post(address(of))
    work_off()
    return WeeklyPage.objects.get()


def test_everybody_in_the_year_sees_it_and_the_secretariat_alone_makes_it() -> None:
    of = scored()
    seen, done = {}, {}
    for who in (ani, budi, citra):
        client = inside(who(of))
        seen[who.__name__], done[who.__name__] = (
            client.get(address(of)).status_code,
            client.post(address(of)).status_code,
        )

    assert seen == {"ani": 200, "budi": 200, "citra": 200}
    assert done == {"ani": 403, "budi": 403, "citra": 403}
    assert inside(dewi()).get(address(of)).status_code == 404
    assert Client().get(address(of)).status_code == 302
    assert WeeklyPage.objects.count() == 0


def test_an_empty_page_says_when_the_first_comes_and_offers_to_make_it() -> None:
    of = scored()
    offered = {
        who.__name__: "Buat sekarang" in inside(who(of)).get(address(of)).content.decode() for who in (secretary, citra)
    }

    assert offered == {"secretary": True, "citra": False}


def test_it_is_made_drawn_and_ready_to_send() -> None:
    of = scored()
    client = inside(secretary(of))
    assert client.post(address(of)).headers["Location"] == address(of)
    waiting = client.get(address(of))
    work_off()
    ready = client.get(address(of))
    page = WeeklyPage.objects.get()
    share = re.search(r'href="(https://wa\.me/[^"]+)"', ready.content.decode())
    assert share is not None
    sent = parse_qs(urlsplit(share[1].replace("&amp;", "&")).query)["text"][0]

    assert (waiting.headers.get("Refresh"), ready.headers.get("Refresh")) == ("2", None)
    assert sent.split("\n")[0] == "*P2WKSS 2024 Kota Cilegon*"
    assert sent.endswith(f"http://127.0.0.1:8000/senin/{page.uuid}/")


def test_whoever_has_the_address_reads_it_without_signing_in_and_no_robot_keeps_it() -> None:
    of = scored()
    page = made(of)
    stranger = Client()
    read = stranger.get(f"/senin/{page.uuid}/")
    files = [stranger.get(f"/senin/{page.uuid}/senin.{kind}") for kind in ("pdf", "png")]

    assert [response.status_code for response in (read, *files)] == [200, 200, 200]
    assert {response.headers["X-Robots-Tag"] for response in (read, *files)} == {"noindex, nofollow"}
    assert [response.headers["Content-Type"] for response in files] == ["application/pdf", "image/png"]
    assert [response.content[:4] for response in files] == [b"%PDF", b"\x89PNG"]
    assert [response.headers["Content-Disposition"] for response in files] == [
        f'inline; filename="senin-{of.cycle.slug}-{page.monday}.{kind}"' for kind in ("pdf", "png")
    ]
    text = read.content.decode()
    assert [piece in text for piece in ("Tiga keputusan minggu ini", "<nav", "GD-00", "Rohayati")] == [
        True,
        False,
        False,
        False,
    ]


def test_another_address_is_no_page_and_files_that_are_not_drawn_yet_say_so() -> None:
    of = scored()
    inside(secretary(of)).post(address(of))
    page = WeeklyPage.objects.get()
    stranger = Client()
    response = stranger.get(f"/senin/{page.uuid}/senin.pdf")

    assert stranger.get("/senin/00000000-0000-4000-8000-000000000000/").status_code == 404
    assert (response.status_code, "belum selesai dibuat" in response.content.decode()) == (422, True)


def test_reading_leaves_no_trace_of_the_reader() -> None:
    of = scored()
    page = made(of)
    before = AuditEntry.objects.count()
    response = Client().get(f"/senin/{page.uuid}/")

    # The cookie of the form that changes the language: random, of no session.
    assert (AuditEntry.objects.count(), set(response.cookies)) == (before, {"csrftoken"})


def test_a_year_of_made_up_data_says_so_on_the_page() -> None:
    of = scored()
    Cycle.objects.update(synthetic=True)
    page = made(of)

    assert "DATA CONTOH (sintetis)" in Client().get(f"/senin/{page.uuid}/").content.decode()


def test_it_can_be_read_in_english() -> None:
    of = scored()
    page = made(of)
    client = Client()
    client.cookies["django_language"] = "en"

    assert "Three decisions this week" in client.get(f"/senin/{page.uuid}/").content.decode()
