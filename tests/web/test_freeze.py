"""/tahun/<slug>/lokus/<code>/bekukan/"""

import pytest

from selaras.models import Result
from tests.build_programme import Programme
from tests.web.cast import ani, budi, citra, inside, scored, secretary

pytestmark = pytest.mark.django_db


def address(of: Programme) -> str:
    return f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/bekukan/"


def test_a_keeper_freezes_what_is_shown_and_the_page_says_its_fingerprint() -> None:
    of = scored()
    client = inside(secretary(of))
    response = client.post(address(of), {"putaran": "baseline"}, follow=True)
    (result,) = Result.objects.all()
    text = response.content.decode()

    assert [piece in text for piece in ("Hasil dibekukan", f'title="{result.data_hash}"')] == [True, True]


def test_nobody_else_freezes_and_no_link_does() -> None:
    of = scored()
    statuses = {
        who.__name__: inside(who(of)).post(address(of), {"putaran": "baseline"}).status_code
        for who in (ani, citra, budi)
    }

    assert statuses == {"ani": 403, "citra": 403, "budi": 404}
    assert inside(secretary(of)).get(address(of)).status_code == 405
    assert inside(secretary(of)).post(address(of), {"putaran": "tidak-ada"}).status_code == 404
    assert Result.objects.count() == 0
