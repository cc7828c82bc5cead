"""What families said of their photos, kept beside the media: a backup that is restored must not take a no back.

Each word that is written down becomes a line of ids, uses and the moment. `replay` only narrows: what was granted since
an older backup is asked again, what was withdrawn since it is withdrawn.
Source: UU 27/2022 art. 9 (consent can be withdrawn at any time).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from selaras.access import Actor
from selaras.actions import audit
from selaras.actions.registers import append, whole_lines
from selaras.errors import InputError, Problem
from selaras.models import ArrivalFile, Household, PhotoConsent
from selaras.models.files import media_root
from selaras.queries.photo_uses import ordered, uses_of, uses_of_files

#: What the file is called, beside the media and beside every backup.
NAME = "photo-consents.jsonl"


@dataclass(frozen=True, slots=True)
class Word:
    """One line: of all photos of that family, or of one of them, and when it was said."""

    household: str
    file: int | None
    uses: tuple[str, ...]
    at: str


def register_path() -> Path:
    """Beside the register of erasures, for the same reason."""
    return media_root() / NAME


def note(household: Household, uses: Collection[str], *, file: int | None, at: datetime) -> None:
    """Add what holds from now on to the register, once the caller's transaction has committed."""
    word = Word(str(household.uuid), file, ordered(uses), at.isoformat())
    transaction.on_commit(lambda: append(register_path(), [word]))


def keep(words: Iterable[Word]) -> None:
    """Bring words of other registers into the one of this server."""
    known = set(read(register_path()))
    append(register_path(), [word for word in dict.fromkeys(words) if word not in known])


def read(path: Path) -> list[Word]:
    """The lines of a register; none where there is no file. Raises as `parse`."""
    return parse(path.read_bytes()) if path.exists() else []


def parse(content: bytes) -> list[Word]:
    """The lines of what a register holds. What was broken off is left out, and said in the log. Raises InputError for a
    whole line of another form."""
    return [_word(said) for said in whole_lines(content, NAME)]


def _word(said: Any) -> Word:
    try:
        file = None if said["file"] is None else int(said["file"])
        uses = tuple(str(use) for use in said["uses"])
        return Word(str(UUID(said["household"])), file, uses, datetime.fromisoformat(said["at"]).isoformat())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(Problem("backup.beside", values={"name": NAME})) from error


def replay(*, by: Actor, words: Iterable[Word]) -> int:
    """Withdraw again what an older backup did not know to be withdrawn; of how many families or photos.

    The last word of each counts. An erased family says nothing any more.
    """
    last = {(word.household, word.file): word for word in sorted(words, key=lambda word: word.at)}
    # Of the family before single photos: a photo's word is written where it narrows what is left.
    return sum(_narrowed(by, last[key]) for key in sorted(last, key=lambda key: (key[1] is not None, str(key))))


def _narrowed(by: Actor, word: Word) -> bool:
    at = datetime.fromisoformat(word.at)
    with transaction.atomic():
        rows = Household.objects.select_for_update(of=("self",), no_key=True).filter(erased_at__isnull=True)
        family = rows.select_related("lokus").filter(uuid=word.household).first()
        if family is None or PhotoConsent.objects.filter(household=family, file=word.file, at__gte=at).exists():
            return False
        file = None
        if word.file is not None:
            file = ArrivalFile.objects.filter(pk=word.file, arrival__household=family, received_at__lte=at).first()
            if file is None:
                return False
        before = uses_of(family) if file is None else uses_of_files([file.pk])[file.pk]
        left = _left(before, word.uses)
        if left == before:
            return False
        told = list(ordered(left))
        PhotoConsent.objects.create(household=family, file=file, uses=told, by=None, at=at)
        audit.record(
            by=by,
            action="photos.consent",
            object_type="household",
            object_id=family.uuid,
            place_code=family.area,
            codes=[family.code],
            uses=told,
            file=word.file,
            via="restore",
        )
    return True


def _left(before: Collection[str], said: Collection[str]) -> frozenset[str]:
    return frozenset(before) & frozenset(said)
