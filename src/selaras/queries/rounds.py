"""Rounds of data taking, as addresses and pages name them."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from selaras.access import one
from selaras.models import Cycle, Round, RoundKind
from selaras.queries.refs import RoundRef
from selaras.queries.words import told

_LABELS = {
    RoundKind.BASELINE: _("Data awal"),
    RoundKind.VISIT: _("Kunjungan"),
    RoundKind.ENDLINE: _("Data akhir"),
    RoundKind.T6: _("6 bulan sesudahnya"),
    RoundKind.T12: _("12 bulan sesudahnya"),
}


def round_slug(round_: Round) -> str:
    """`baseline`, `visit-2`: how an address names it."""
    return round_.kind if round_.kind != RoundKind.VISIT else f"{round_.kind}-{round_.number}"


def round_ref(round_: Round) -> RoundRef:
    """The round as pages name it."""
    label = told(_LABELS[RoundKind(round_.kind)])
    if round_.kind == RoundKind.VISIT:
        label = f"{label} {round_.number}"
    return RoundRef(round_slug(round_), label, round_.opens, round_.closes)


def find_round(cycle: Cycle, slug: str) -> Round:
    """The round that `round_slug` named. Raises Missing."""
    kind, _, number = slug.partition("-")
    wanted = int(number) if number.isdigit() and len(number) < 5 else 1
    return one(Round.objects.select_related("cycle__place").filter(cycle=cycle), kind=kind, number=wanted)
