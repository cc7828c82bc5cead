"""What is not published yet opens to an officer whose second step is known as for the room, and to nobody before."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions import hand_overs
from selaras.actions import recaps as actions
from selaras.actions.recaps import RecapDraft
from selaras.cases import demo
from selaras.cases.models import Vouch
from selaras.models import AuditEntry, Cycle, Recap, Role, User
from selaras.queries import recaps as queries
from selaras.queries.protection import UntrustedError
from tests import build
from tests.build_recaps import book, kecamatan
from tests.cases.known import known, with_step

pytestmark = pytest.mark.django_db
SLUG = "36-72-2024"
HERE = f"/tahun/{SLUG}/angka-layanan/"
WAYS = {"bare": "Pasang dulu kode saat masuk", "unknown": "HP Anda belum dikenali", "without": "Masuk lagi dengan kode"}
DRAFT = RecapDraft("2023", "SIMFONI PPA", "2024-01-31")


@pytest.fixture
def eka() -> User:
    """Whoever gave her the task may have her password; her second step nobody knows."""
    build.cycle()
    # In time for its periods, or there would be no preview to refuse.
    Cycle.objects.update(created_at=build.START)
    kecamatan()
    return build.member(Role.PROTECTION, "36.72")


@pytest.fixture
def recap() -> Recap:
    return actions.bring_in(by=CONSOLE, cycle_slug=SLUG, draft=DRAFT, content=book(), filename="rekap.xlsx")


def signed_in(user: User, *, code: str = "totp") -> Client:
    """With a code typed at sign-in, of her phone or a recovery code; or with the password alone."""
    client = Client()
    client.force_login(user)
    if code:
        session = client.session
        session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": 0, "type": code}]
        session.save()
    return client


def answers(client: Client, recap: UUID) -> list[tuple[int, str]]:
    """Of each page and form of what is not published: status, and what its title says."""
    one = f"{HERE}rekap/{recap}/"
    file = SimpleUploadedFile("rekap.xlsx", book())
    found = [
        client.get(f"{HERE}?dari=2024&pratinjau=h1"),
        client.get(f"{HERE}rekap/baru/"),
        client.post(f"{HERE}rekap/baru/", {"tahun": "2022", "sumber": "S", "per": "2024-01-31", "berkas": file}),
        client.get(one),
        client.post(f"{one}terbit/"),
        client.post(f"{one}tolak/", {"alasan": "choice"}),
        client.post(f"{HERE}aturan/", {"ambang": "7", "panjang": "quarter"}),
    ]
    return [(each.status_code, each.content.decode().partition("<h1>")[2].partition("</h1>")[0]) for each in found]


def done() -> int:
    return AuditEntry.objects.filter(action__startswith="recaps.").count()


def test_a_password_alone_opens_no_figure_and_the_page_says_what_is_missing_and_where(eka: User, recap: Recap) -> None:
    before = done()
    assert answers(signed_in(eka), recap.uuid) == [(403, WAYS["bare"])] * 7
    # A phone of whoever has the password: nobody has heard that it is the officer's.
    with_step(eka)
    assert answers(signed_in(eka), recap.uuid) == [(403, WAYS["unknown"])] * 7
    assert 'href="/ruang/"' in signed_in(eka).get(f"{HERE}rekap/{recap.uuid}/").content.decode()
    # A browser that came in before the officer put up her phone.
    known(eka)
    assert answers(signed_in(eka, code=""), recap.uuid) == [(403, WAYS["without"])] * 7
    by_recovery = signed_in(eka, code="recovery_codes").get(f"{HERE}rekap/{recap.uuid}/")
    assert (by_recovery.status_code, WAYS["without"] in by_recovery.content.decode()) == (403, True)
    with override_settings(SELARAS_CASES_KEY=""):
        assert answers(signed_in(eka), recap.uuid) == [(503, "Ruang perlindungan sedang tertutup")] * 7
    assert (done(), Recap.objects.get().state) == (before, "waiting")
    assert [status for status, _ in answers(signed_in(eka), recap.uuid)] == [200, 200, 302, 200, 302, 302, 302]


def test_an_administrator_who_is_an_officer_beside_sees_none_and_others_hear_nothing_of_phones(
    eka: User, recap: Recap
) -> None:
    known(with_step(eka))
    build.member(Role.ADMINISTRATOR, user=eka)
    assert answers(signed_in(eka), recap.uuid) == [(403, "Bukan untuk administrator")] * 7
    secretary = signed_in(build.member(Role.SECRETARIAT, "36.72"))
    assert [status for status, _ in answers(secretary, recap.uuid)] == [200, *[403] * 6]
    assert "bukan untuk peran Anda" in secretary.get(f"{HERE}rekap/{recap.uuid}/").content.decode()


def test_the_rule_is_the_actions_own_and_not_the_pages(eka: User, recap: Recap) -> None:
    with_step(eka)
    of: dict[str, Any] = {"by": eka, "cycle_slug": SLUG}
    asked: list[Callable[[], Any]] = [
        partial(queries.recap_page, eka, SLUG, recap.uuid),
        partial(queries.publications_page, eka, SLUG, 2024, "h1"),
        partial(actions.bring_in, **of, draft=DRAFT, content=book(), filename="rekap.xlsx"),
        partial(actions.publish, **of, recap=str(recap.uuid)),
        partial(actions.decline, **of, recap=str(recap.uuid), reason="choice"),
        partial(hand_overs.set_rule, **of, threshold="7", every="half"),
    ]
    for each in asked:
        with pytest.raises(UntrustedError):
            each()


@pytest.mark.parametrize("key", ["", None])
def test_not_to_publish_is_open_to_an_officer_whom_nobody_knows_and_without_the_room(
    eka: User, key: str | None
) -> None:
    said = {"tahun": str(timezone.localdate().year), "masa": "h1", "alasan": "choice"}
    with override_settings(**({} if key is None else {"SELARAS_CASES_KEY": key})):
        assert signed_in(eka, code="").post(f"{HERE}rujukan/", said).status_code == 302
    assert [row.actor for row in AuditEntry.objects.filter(action="recaps.keep_back")] == [eka]


def test_what_is_published_is_read_without_the_room(eka: User) -> None:
    client = signed_in(eka)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(HERE)
    assert (page.status_code, [each["sql"] for each in asked if "cases_" in each["sql"]]) == (200, [])


def test_in_the_demo_any_phone_is_the_officers(eka: User, recap: Recap) -> None:
    build.member(Role.CADRE, "36.72.05.1005.RW03")
    User.objects.filter(pk=build.member(Role.CADRE, "36.72").pk).update(username="kader")
    build.lokus(build.cycle("36.72", 2025), "36.72.05.1005")
    demo.load_demo()
    assert Vouch.objects.count() == 1
    with override_settings(SELARAS_DEMO=True):
        assert answers(signed_in(eka), recap.uuid)[3] == (403, WAYS["bare"])
        assert answers(signed_in(with_step(eka)), recap.uuid)[3][0] == 200
