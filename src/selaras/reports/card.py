"""The card of who stands nearest: whom to call, what to do, what never to do. A6, front and back, for a lanyard.

Its title and front say nothing of violence: it hangs where others read it. Sources of what it says: UU 23/2004 art. 15
(who knows of it helps), UU 12/2022 art. 23 (no settlement outside the court), WHO, *Clinical management of rape and
intimate partner violence survivors* (2020): care within 72 hours.
"""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_noop as _

from selaras.queries.helplines import HelplineLine, Numbers
from selaras.reports.letters import Paper, qr_svg
from selaras.reports.typesetting import typeset
from selaras.reports.words import full_date, plain

#: What to do, in this order: a heading and what it means.
DO: Final = (
    (_("Aman dulu."), _("Ada bahaya sekarang: telepon polisi. Jangan masuk sendirian.")),
    (_("Dengarkan dan percaya."), _("Di tempat yang tidak didengar orang lain. Tidak perlu rinciannya.")),
    (_("Tanya maunya."), _("Orang dewasa memutuskan sendiri. Anak: telepon UPTD PPA hari itu juga.")),
    (_("Telepon bersama dia."), _("UPTD PPA, atau 129 bila tidak diangkat.")),
    (_("Luka atau kekerasan seksual: ke rumah sakit."), _("Secepatnya, paling lambat 72 jam: ada obat pencegah.")),
    (_("Sebut kode rujukan."), _("Bukan nama. UPTD PPA yang mencatat, bukan Anda.")),
)
NEVER: Final = (
    (
        _("Mendamaikan atau menikahkan."),
        _("Kekerasan seksual diselesaikan di pengadilan (UU 12/2022 ps. 23)."),
    ),
    (_("Menemui yang diduga melakukan,"), _("atau memberi tahu keluarganya.")),
    (_("Mencatat, memotret, merekam,"), _("atau menulis namanya di WhatsApp, buku, atau Selaras.")),
    (_("Bertanya “mengapa” atau bertanya berulang."), _("Cukup sekali, oleh petugas UPTD PPA.")),
    (_("Menyuruh pulang atau menyalahkan."), _("Juga jangan menjanjikan yang belum pasti.")),
)


def card_pdf(numbers: Numbers, *, synthetic: bool, base_url: str) -> Paper:
    """The card of a city as two pages of A6; the QR leads below `base_url` to the numbers as they are by then."""
    address = f"{base_url}/nomor-penting/{numbers.code}/"
    data = {
        "place": plain(numbers.place),
        "printed": full_date(numbers.today),
        "lines": [_line(each) for each in numbers.lines],
        "uptd": numbers.uptd,
        "do": DO,
        "never": NEVER,
        "qr": qr_svg(address).decode(),
        "address": address.removeprefix("https://").removeprefix("http://").rstrip("/"),
        "synthetic": synthetic,
    }
    return Paper(f"kartu-petugas-{numbers.code}.pdf", "application/pdf", typeset("kartu-petugas", data))


def _line(line: HelplineLine) -> dict[str, Any]:
    return {
        "name": plain(line.name),
        "number": plain(line.number),
        "messages": plain(line.messages),
        "hours": plain(line.hours),
        "source": f"{plain(line.source)} (diperiksa {full_date(line.checked_on)})",
    }
