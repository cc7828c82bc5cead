"""/nomor-penting/: for anybody, under a title that gives nobody away; the year's card and its numbers."""

import re

import pytest
from django.test import Client

from selaras.models import Helpline
from tests.build_programme import programme
from tests.web.cast import ani, dewi, eka, inside

pytestmark = pytest.mark.django_db
#: What nobody should read in a title, in a history or over a shoulder.
GIVES_AWAY = re.compile(r"kekerasan|kdrt|korban|pelaku|uptd|violence|victim", re.IGNORECASE)
LINE = {
    "kind-0": "uptd",
    "name-0": "UPTD PPA",
    "number-0": "0254 000000",
    "source-0": "Papan nama",
    "checked_on-0": "2024-05-01",
}


def test_anybody_reads_the_numbers_and_leaves_at_once() -> None:
    of = programme()
    address = f"/nomor-penting/{of.cycle.place.code}/"
    pages = {path: Client().get(path) for path in ("/nomor-penting/", address)}
    texts = [page.content.decode() for page in pages.values()]

    assert [page.status_code for page in pages.values()] == [200, 200]
    assert ["no-store" in page.headers["Cache-Control"] for page in pages.values()] == [True, True]
    assert [re.findall('href="tel:([^"]+)"', text) for text in texts] == [["129", "110"]] * 2
    assert [re.findall(r'data-leave href="([^"]+)" rel="([^"]+)"', text) for text in texts] == [
        [("https://www.bmkg.go.id/", "noreferrer noopener")]
    ] * 2
    assert [GIVES_AWAY.findall(re.search("<title>(.*?)</title>", text)[1] + address) for text in texts] == [[], []]
    # Nothing of a visit is kept: no cookie that a page of our own sets for whoever reads it.
    assert [name for page in pages.values() for name in page.cookies if name != "csrftoken"] == []
    assert [Client().get(f"/nomor-penting/{code}/").status_code for code in ("99.99", "36.72.05", "36")] == [404] * 3


def test_the_card_shows_the_way_and_only_its_keepers_change_the_numbers() -> None:
    of = programme()
    cadre, officer = inside(ani(of)), inside(eka(of))
    card, edit = f"/tahun/{of.cycle.slug}/nomor-penting/", f"/tahun/{of.cycle.slug}/nomor-penting/ubah/"
    form = officer.get(edit).content.decode()
    mark = re.search(r'name="tanda" value="(\w+)"', form)[1]
    refused = officer.post(edit, {"tanda": mark, **LINE, "number-0": "Bu Siti", "checked_on-0": "kemarin"})
    saved = officer.post(edit, {"tanda": mark, **LINE})

    assert [who.get(edit).status_code for who in (cadre, inside(dewi()))] == [403, 404]
    assert (refused.status_code, "nomor Bu Siti tidak dapat ditelepon" in refused.content.decode()) == (422, True)
    assert 'value="Bu Siti"' in refused.content.decode()
    assert (saved.headers["Location"], Helpline.objects.get().number) == (card, "0254 000000")
    page = cadre.get(card).content.decode()
    assert (page.count('href="tel:0254000000"'), GIVES_AWAY.findall(re.search("<title>(.*?)</title>", page)[1])) == (
        1,
        [],
    )
