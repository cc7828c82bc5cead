"""What two families of the demo asked about their data, and a phone that was lost and found. All invented."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from selaras.actions.breaches import BreachSaid, close_breach, enter_breach, tell_of_breach
from selaras.actions.rights import answer_request, ask_about_data, know_asker, take_copy, tell_asker
from selaras.models import User

CODES = ("GD-005", "GD-011")


def rights(slug: str, secretary: User) -> None:
    """One request answered and told, two that wait; a breach that was told of and closed."""
    now = timezone.now()
    where = {"cycle_slug": slug, "reach": "lewat kader (contoh)"}
    done = ask_about_data(
        by=secretary, **where, kind="see", household=CODES[0], asker="Ibu contoh",
        words="Apa yang dicatat tentang kami?", received_at=now - timedelta(hours=30),
    )  # fmt: skip
    one: dict[str, Any] = {"by": secretary, "cycle_slug": slug, "request": done.uuid}
    know_asker(**one, seen=1)
    take_copy(**one)
    answer_request(**one, state="done", seen=2)
    tell_asker(**one, seen=3)
    ask_about_data(
        by=secretary,
        **where,
        kind="copy",
        household=CODES[1],
        asker="Ibu contoh",
        received_at=now - timedelta(hours=20),
    )
    ask_about_data(
        by=secretary, **where, kind="erase", household="", asker="Tamu contoh", words="Hapus nama saya dari notulen.",
        received_at=now - timedelta(hours=6),
    )  # fmt: skip
    lost = BreachSaid(
        cause="lost", kinds=["names", "answers"], known_at=now - timedelta(hours=50), families="20",
        happened="HP seorang kader tertinggal di angkot sehari (contoh)", handled="Kode HP dicabut dalam satu jam.",
    )  # fmt: skip
    breach = enter_breach(by=secretary, cycle_slug=slug, said=lost)
    this: dict[str, Any] = {"by": secretary, "cycle_slug": slug, "breach": breach.uuid}
    tell_of_breach(**this, whom="authority", seen=1)
    tell_of_breach(**this, whom="people", seen=2)
    close_breach(**this, learnt="Kunci layar diperiksa saat HP disiapkan.", seen=3)
