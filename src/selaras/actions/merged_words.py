"""What two families that become one have said, and what the office said of them; and whose it is afterwards.

Of two words about photos the narrower holds: nobody's photo is shown for a use that one of them had refused. What each
said of what it received, holds and decides follows, each woman's answers with her; the sheet of the one that went opens
nothing while they are one.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from selaras.actions.importing.registering import is_same
from selaras.models import (
    Arrival,
    Confirmation,
    Holding,
    Household,
    Merge,
    Person,
    PhotoConsent,
    Statement,
    WomanSaid,
)
from selaras.queries.photo_uses import ordered, uses_of

#: What a family said in its own voice, as `Merge.moved` names it.
_VOICE: dict[str, type[Confirmation] | type[Holding] | type[WomanSaid]] = {
    "confirmations": Confirmation,
    "holdings": Holding,
    "women_said": WomanSaid,
}
#: Ids by what they are of: as `Merge.moved` holds them.
Moved = dict[str, list[int]]


def move_words(kept: Household, gone: Household, now: datetime) -> Moved:
    """Let `kept` say of its photos what both had allowed; words about single photos, and the office's about the family,
    follow. In the caller's transaction; the ids of what was moved and of what was written.
    """
    photos = PhotoConsent.objects.filter(household=gone, file__isnull=False)
    said = Statement.objects.filter(household=gone)
    moved = {
        "consents": [row.pk for row in _narrowed(kept, gone, now)],
        "photos": list(photos.values_list("pk", flat=True)),
        "statements": list(said.values_list("pk", flat=True)),
    }
    photos.update(household=kept)
    said.update(household=kept)
    return moved | _move_voice(kept, gone)


def words_of_one_again(old: Household, new: Household, now: datetime) -> None:
    """A split was none: what `new` said in its own voice is what `old` says, and of its photos what both allow.

    What the office said of it (that it moved away, say) was of itself alone. In the caller's transaction.
    """
    _move_voice(old, new)
    _narrowed(old, new, now)


def _move_voice(kept: Household, gone: Household) -> Moved:
    moved: Moved = {}
    for name, table in _VOICE.items():
        moved[name] = list(table.objects.filter(household=gone).values_list("pk", flat=True))
        table.objects.filter(pk__in=moved[name]).update(household=kept)
    return moved


def carry_women(kept: Household, gone: Household, said: Collection[int]) -> list[list[int]]:
    """Of those answers, give each to whom its woman is in `kept`, unless she answered there herself: else she would be
    asked again. After the members are there; [the answer, whose it was, whose it is] of each, for the way back.
    """
    there = list(Person.objects.filter(household=kept).order_by("position"))
    answered = set(WomanSaid.objects.filter(woman__in=there).values_list("woman", "round"))
    carried = []
    for row in WomanSaid.objects.filter(pk__in=said, woman__household=gone).select_related("woman").order_by("pk"):
        before = row.woman
        same = next((person for person in there if before is not None and is_same(person, before)), None)
        if before is None or same is None or (same.pk, row.round_id) in answered:
            continue
        answered.add((same.pk, row.round_id))
        carried.append([row.pk, before.pk, same.pk])
        WomanSaid.objects.filter(pk=row.pk).update(woman=same)
    return carried


def carry_women_back(moved: Mapping[str, Any]) -> None:
    """Undo `carry_women`, before the members that a merge had added go."""
    for said, before, now in moved.get("women", []):
        WomanSaid.objects.filter(pk=said, woman=now).update(woman=before)


def move_words_back(merged: Merge, kept: Household, gone: Household, now: datetime) -> None:
    """Each what it had said before. What was withdrawn while they were one is withdrawn of both; what was said of a
    single photo since goes where its form goes. In the caller's transaction, before the forms go back.
    """
    moved = merged.moved
    since = _of(kept).filter(at__gte=merged.at).exclude(pk__in=moved.get("consents", [])).first()
    PhotoConsent.objects.filter(pk__in=moved.get("consents", [])).delete()
    photos = PhotoConsent.objects.filter(household=kept, file__arrival__in=moved["arrivals"])
    photos.update(household=gone)
    Statement.objects.filter(pk__in=moved.get("statements", []), household=kept).update(household=gone)
    for name, table in _VOICE.items():
        table.objects.filter(pk__in=moved.get(name, []), household=kept).update(household=gone)
    if since is not None and not uses_of(gone) <= set(since.uses):
        uses = list(ordered(uses_of(gone) & set(since.uses)))
        PhotoConsent.objects.create(household=gone, uses=uses, by=since.by, at=now)


def _of(family: Household) -> QuerySet[PhotoConsent]:
    """What it said of all its photos, the newest first."""
    return PhotoConsent.objects.filter(household=family, file__isnull=True).order_by("-at", "-pk")


def _narrowed(kept: Household, gone: Household, now: datetime) -> list[PhotoConsent]:
    """The words of `gone` as those of `kept`: what the office wrote bounds every later form, the newest word holds."""
    theirs, own = _of(gone).first(), _of(kept).first()
    if theirs is None:
        return []
    bound, own_bound = (_of(family).filter(arrival__isnull=True).first() for family in (gone, kept))
    # Where a form is taken back, what it had narrowed goes with it.
    form = theirs.arrival or (own.arrival if own is not None else None)
    made = [] if bound is None else [_both(kept, bound, own_bound, None, now)]
    return [*made, _both(kept, theirs, own, form, now)]


def _both(
    kept: Household, row: PhotoConsent, other: PhotoConsent | None, form: Arrival | None, now: datetime
) -> PhotoConsent:
    uses = ordered([use for use in row.uses if other is None or use in other.uses])
    return PhotoConsent.objects.create(household=kept, uses=list(uses), arrival=form, by=row.by, at=now)
