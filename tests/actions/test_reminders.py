"""Digests by mail: what presses, to whom it concerns, once a day, in office hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from selaras.actions.asks import ask_all
from selaras.actions.reminders import mark_reminded, send_digests
from selaras.models import Ask, Commitment, Digest, Meeting, Role, User
from selaras.settings import env_mail
from tests import build
from tests.build_asks import Asking, asking, families, link

pytestmark = pytest.mark.django_db
SENDS = override_settings(SELARAS_EMAIL_URL={"EMAIL_HOST": "x"}, DEFAULT_FROM_EMAIL="p2wkss@cilegon.example")


def monday(hour: int = 9, days: int = 0) -> datetime:
    """A Monday of the coming years' office hours, WIB, at that hour; some days later."""
    today = datetime.now(UTC).date()
    day = today + timedelta(days=7 - today.weekday() + days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Asia/Jakarta"))


def asked(of: Asking, **changed: object) -> User:
    """Disperkim was asked for latrines; who holds its link has an address."""
    families(of, 2, "jamban")
    ask_all(by=of.secretary, cycle_slug=of.slug, due=of.due)
    given: dict[str, object] = {"email": "rudi@disperkim.example", **changed}
    return link(of, **given).link.user


@SENDS
def test_a_digest_goes_out_once_a_day_however_often_the_worker_asks() -> None:
    of = asking()
    asked(of)
    sent = [send_digests(monday(hour)) for hour in (6, 9, 10, 17)]

    assert sent == [0, 1, 0, 0]
    (letter,) = mail.outbox
    assert (letter.to, letter.subject, letter.from_email) == (
        ["rudi@disperkim.example"], "Pengingat Disperkim", "p2wkss@cilegon.example",
    )  # fmt: skip
    assert letter.body.splitlines()[0] == "Yth. Rudi Penghubung, penghubung Disperkim."
    assert ("1 kebutuhan menunggu jawaban" in letter.body, "Zubaidah" in letter.body) == (True, False)
    assert [(row.by_mail, row.day) for row in Digest.objects.all()] == [(True, monday().date())]


@SENDS
def test_nothing_goes_out_at_night_or_on_a_saturday_or_without_an_address() -> None:
    of = asking()
    user = asked(of)
    assert [send_digests(monday(hour, days)) for hour, days in ((6, 0), (18, 0), (9, 5), (9, 6))] == [0, 0, 0, 0]
    User.objects.filter(pk=user.pk).update(email="")
    assert (send_digests(monday()), mail.outbox) == (0, [])


def test_without_a_mail_server_nothing_is_sent() -> None:
    of = asking()
    asked(of)
    assert (send_digests(monday()), Digest.objects.count(), mail.outbox) == (0, 0, [])


@SENDS
def test_whoever_was_reminded_by_hand_gets_no_mail_that_day() -> None:
    of = asking()
    user = asked(of)
    now = datetime.now(UTC)
    assert [mark_reminded(by=of.secretary, cycle_slug=of.slug, user_id=user.uuid) for _ in range(2)] == [True, False]
    Digest.objects.update(day=monday().date())
    assert (send_digests(monday()), now < monday()) == (0, True)


@SENDS
def test_the_next_day_only_what_presses_is_worth_a_mail() -> None:
    of = asking()
    asked(of)
    Ask.objects.update(due=monday().date() + timedelta(days=40))
    first, quiet = send_digests(monday()), send_digests(monday(days=1))
    Ask.objects.update(due=monday().date() + timedelta(days=4))
    near = send_digests(monday(days=2))

    assert (first, quiet, near) == (1, 0, 1)


@SENDS
def test_late_commitments_and_the_next_meeting_are_named_without_their_free_words() -> None:
    of = asking()
    of_day = monday().date()
    build.member(Role.LIAISON, agency=of.agencies["Dinkes"], user=User.objects.create_user(
        "sari", full_name="Ibu Sari", email="sari@dinkes.example"))  # fmt: skip
    given = {"cycle": of.cycle, "agency": of.agencies["Dinkes"], "title": "Untuk Bu Zubaidah", "indicator": "batuk"}
    Commitment.objects.create(number=1, ends=of_day - timedelta(days=1), **given)
    Commitment.objects.create(number=2, ends=of_day + timedelta(days=3), **given)
    Commitment.objects.create(number=3, ends=of_day - timedelta(days=1), state="done", **given)
    Meeting.objects.create(
        cycle=of.cycle, kind="rakor", title="Rakor", starts=monday(9, 2), venue="Aula", attend_token="x"
    )

    assert send_digests(monday()) == 1
    assert [line[:60] for line in mail.outbox[0].body.splitlines()[2:]] == [
        line[:60]
        for line in (
            f"• Komitmen yang melewati tanggal selesai: K-001 Tanpa batuk lama ({_long(of_day - timedelta(days=1))}).",
            f"• Komitmen yang berakhir dalam 7 hari: K-002 Tanpa batuk lama ({_long(of_day + timedelta(days=3))}).",
            f"• Rapat: Rakor, {_long(of_day + timedelta(days=2))} pukul 09.00 WIB, di Aula.",
        )
    ]
    assert "Zubaidah" not in mail.outbox[0].body


_MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()


def _long(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


@override_settings(
    SELARAS_EMAIL_URL={"EMAIL_HOST": "x"}, EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
    EMAIL_HOST="127.0.0.1", EMAIL_PORT=1,
)  # fmt: skip
def test_a_mail_that_does_not_go_is_tried_again() -> None:
    of = asking()
    asked(of)
    assert (send_digests(monday()), Digest.objects.count()) == (0, 0)
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        assert (send_digests(monday()), len(mail.outbox)) == (1, 1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", {}),
        (
            "smtps://p2wkss%40cilegon.example:s%3Andi@smtp.example",
            {
                "EMAIL_HOST": "smtp.example", "EMAIL_PORT": 465, "EMAIL_HOST_USER": "p2wkss@cilegon.example",
                "EMAIL_HOST_PASSWORD": "s:ndi", "EMAIL_USE_SSL": True, "EMAIL_USE_TLS": False,
                "DEFAULT_FROM_EMAIL": "p2wkss@cilegon.example",
            },
        ),
        (
            "smtp://u:p@smtp.example:2525?from=a%40b.example",
            {
                "EMAIL_HOST": "smtp.example", "EMAIL_PORT": 2525, "EMAIL_HOST_USER": "u", "EMAIL_HOST_PASSWORD": "p",
                "EMAIL_USE_SSL": False, "EMAIL_USE_TLS": True, "DEFAULT_FROM_EMAIL": "a@b.example",
            },
        ),
    ],
)  # fmt: skip
def test_the_address_of_the_mail_server_is_read(
    monkeypatch: pytest.MonkeyPatch, value: str, expected: dict[str, object]
) -> None:
    monkeypatch.setenv("SELARAS_EMAIL_URL", value)
    assert env_mail("SELARAS_EMAIL_URL") == expected


@pytest.mark.parametrize(
    "value", ["http://x", "smtp://", "smtp://u:rahasia@x", "smtps://u%40x:rahasia@x:0", "smtp://u@x:9999999"]
)
def test_an_address_that_makes_no_sense_stops_the_start_without_telling_the_password(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("SELARAS_EMAIL_URL", value)
    with pytest.raises(ImproperlyConfigured) as error:
        env_mail("SELARAS_EMAIL_URL")
    assert "rahasia" not in str(error.value)
