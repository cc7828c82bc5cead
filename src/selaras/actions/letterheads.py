"""The letterhead of an office: how its letters begin, and who signs them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from selaras.access import Actor, demand, may_set_letterhead, the_cycle
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import Letterhead, Place, StoredFile
from selaras.queries.meetings import LetterheadView
from selaras.reports.letters import Paper, letterhead_picture
from selaras.reports.pictures import LARGEST_FILE, LARGEST_SIDE, kind_of, sides_of

NIP_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Head:
    """A letterhead as it is given, from the top down. `logo`: bytes of a new picture, b'' for none, None: as it is."""

    lines: Sequence[str]
    address: str = ""
    town: str = ""
    signer_office: str = ""
    signer_name: str = ""
    signer_rank: str = ""
    signer_nip: str = ""
    logo: bytes | None = None


def save_letterhead(*, by: Actor, cycle_slug: str, version: int, head: Head) -> None:
    """What the letters of the cycle's place begin and end with. `version` is 0 before the first.

    A NIP is 18 digits that begin with a birth date (Peraturan Kepala BKN 22/2007); blanks in it are taken out.
    Raises Missing, Forbidden, InputError for a wrong NIP or picture, or where `version` is an older one.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_set_letterhead, by, cycle.place)
    nip = re.sub(r"[\s.]+", "", head.signer_nip)
    problems = [*_nip_problems(nip), *_logo_problems(head)]
    if problems:
        raise InputError(problems)
    with transaction.atomic():
        found = Letterhead.objects.select_for_update().filter(place=cycle.place).first()
        if version != (0 if found is None else found.version):
            raise InputError(Problem("letterhead.changed"))
        row = found or Letterhead(place=cycle.place, version=0)
        row.lines = [line.strip() for line in head.lines if line.strip()]
        row.address, row.town = head.address, head.town
        row.signer_office, row.signer_name = head.signer_office, head.signer_name
        row.signer_rank, row.signer_nip = head.signer_rank, nip
        if head.logo is not None:
            row.logo = StoredFile.store(head.logo, kind_of(head.logo)) if head.logo else None
        row.version += 1
        row.save()
        _record(by, cycle.place, row)


def letterhead_preview(head: LetterheadView) -> Paper:
    """The top of a letter under that head as a picture."""
    return letterhead_picture(head)


def _nip_problems(nip: str) -> list[Problem]:
    if not nip:
        return []
    if not (nip.isascii() and nip.isdigit() and len(nip) == NIP_DIGITS):
        return [Problem("letterhead.nip", values={"nip": nip})]
    try:
        datetime.strptime(nip[:8], "%Y%m%d")  # noqa: DTZ007  (a birthday has no zone)
    except ValueError:
        return [Problem("letterhead.nip_date", values={"nip": nip})]
    return []


def _logo_problems(head: Head) -> list[Problem]:
    """What is wrong with the picture: its kind by content, its size by its header, and whether it can be drawn."""
    if not head.logo:
        return []
    sides = sides_of(head.logo)
    if sides is None:
        return [Problem("letterhead.logo")]
    if len(head.logo) > LARGEST_FILE or max(sides) > LARGEST_SIDE or min(sides) == 0:
        return [Problem("letterhead.logo_size")]
    drawn = LetterheadView(("Uji",), "", head.logo, "", "", "", "", "", 0)
    try:
        letterhead_picture(drawn)
    except RuntimeError:
        return [Problem("letterhead.logo")]
    return []


def _record(by: Actor, place: Place, row: Letterhead) -> None:
    audit.record(
        by=by,
        action="letterheads.save",
        object_type="letterhead",
        object_id=row.pk,
        place_code=place.code,
        version=row.version,
        logo=row.logo is not None,
    )
