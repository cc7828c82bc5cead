"""/tahun/<slug>/tautan/: a link and a code, each shown once; who opened what; revoked."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selaras.models import AgencyLink, Role
from tests import build
from tests.build_asks import Asking, asking, link
from tests.web.cast import inside

pytestmark = pytest.mark.django_db


def address(of: Asking, rest: str = "") -> str:
    return f"/tahun/{of.slug}/tautan/{rest}"


def given_for(of: Asking, **changed: str) -> dict[str, str]:
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    return {"agency": str(of.agencies["Dinkes"].pk), "holder": "Ibu Sari", "email": "", "until": until, **changed}


def test_each_role_is_answered_as_it_should() -> None:
    of = asking()
    build.place("36.73")
    people = {
        "secretariat": of.secretary,
        "leader": build.member(Role.LEADER, "36.72"),
        "liaison": build.member(Role.LIAISON, agency=of.agencies["Dinkes"]),
        "stranger": build.member(Role.SECRETARIAT, "36.73"),
    }
    found = {who: inside(user).get(address(of)).status_code for who, user in people.items()}
    made = {who: inside(user).post(address(of), given_for(of)).status_code for who, user in people.items()}

    assert found == made == {"secretariat": 200, "leader": 403, "liaison": 403, "stranger": 404}
    assert (AgencyLink.objects.count(), Client().get(address(of)).status_code) == (1, 302)


def test_the_link_and_its_code_are_shown_once_and_the_message_holds_no_code() -> None:
    of = asking()
    client = inside(of.secretary)
    page = client.post(address(of), given_for(of)).content.decode()
    token = re.search(r"http://testserver/opd/([\w-]{43})/", page)
    code = re.search(r'<p class="one-code">(\d{4} \d{4})</p>', page)
    share = re.search(r'href="(https://wa\.me/[^"]+)"', page)
    assert token
    assert code
    assert share
    message = parse_qs(urlsplit(share[1]).query)["text"][0]

    assert message.startswith("Yth. Ibu Sari, penghubung Dinkes.\nSekretariat P2WKSS Kota Cilegon menanyakan")
    assert (token[0] in message, code[1] in message) == (True, False)
    assert Client().get(f"/opd/{token[1]}/").status_code == 200
    again = client.get(address(of)).content.decode()
    assert (token[1] in again, code[1] in again, "Ibu Sari" in again) == (False, False, True)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("holder", "", "errorlist"),
        ("agency", "999999", "errorlist"),
        ("until", "2020-01-01", "tautan harus berlaku paling sedikit sampai besok"),
        ("email", "sari", "sari bukan alamat surel"),
        ("until", "kapan-kapan", "errorlist"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(field: str, value: str, said: str) -> None:
    of = asking()
    response = inside(of.secretary).post(address(of), given_for(of, **{field: value}))
    text = response.content.decode()

    assert (response.status_code, said in text, AgencyLink.objects.count()) == (422, True, 0)
    assert ("Ibu Sari" in text) == (field != "holder")


words = st.text(max_size=30) | st.sampled_from(["", "0", "9" * 30, "\0", "9999-12-31", "0001-01-01", "a@b.id"])


def test_nothing_that_can_be_typed_breaks_it() -> None:
    of = asking()
    client = inside(of.secretary)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(st.sampled_from(["agency", "holder", "email", "until"]), words))
    def tried(fields: dict[str, str]) -> None:
        assert client.post(address(of), {**given_for(of), **fields}).status_code in {200, 422}

    tried()


def test_a_new_code_is_shown_once_and_revoking_closes_the_link() -> None:
    of = asking()
    made, client = link(of), inside(of.secretary)
    page = client.post(address(of, f"{made.link.uuid}/kode/")).content.decode()
    code = re.search(r'<p class="one-code">(\d{4} \d{4})</p>', page)
    assert code
    visitor = Client()
    assert visitor.post(f"/opd/{made.token}/kode/", {"kode": made.code}).status_code == 422 or code[1] == made.code
    assert visitor.post(f"/opd/{made.token}/kode/", {"kode": code[1]}).status_code == 302
    response = client.post(address(of, f"{made.link.uuid}/cabut/"), follow=True)

    assert "Tautan Disperkim sudah dicabut." in response.content.decode()
    assert visitor.get(f"/opd/{made.token}/").status_code == 410
    assert client.post(address(of, f"{made.link.uuid}/kode/")).status_code == 422


def test_the_page_says_when_a_link_was_opened() -> None:
    of = asking()
    made, client = link(of), inside(of.secretary)
    assert "Belum pernah dibuka" in client.get(address(of)).content.decode()
    Client().get(f"/opd/{made.token}/")
    text = client.get(address(of)).content.decode()
    assert ("Belum pernah dibuka" in text, "Terakhir dibuka" in text, "Kode belum dipakai" in text) == (
        False, True, True,
    )  # fmt: skip
