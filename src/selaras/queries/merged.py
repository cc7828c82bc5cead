"""Who stands for families that were found to be another, by ids: for what counts further under the other's name."""

from __future__ import annotations

from collections.abc import Collection

from selaras.models import Household, Merge, SearchHashes


def stands_for(round_id: int) -> dict[int, int]:
    """Family that went -> the one that stayed, past merges of merges, of the year of that round. One statement."""
    rows = Merge.objects.filter(undone_at__isnull=True, kept__lokus__cycle__rounds=round_id)
    kept = dict(rows.values_list("gone_id", "kept_id"))
    return {gone: _last(kept, gone) for gone in kept}


def _last(kept: dict[int, int], gone: int) -> int:
    found, steps = kept[gone], 0
    while found in kept and steps < len(kept):
        found, steps = kept[found], steps + 1
    return found


def with_those_gone(households: Collection[int], stays: dict[int, int]) -> list[int]:
    """These families and all that were found to be one of them."""
    wanted = set(households)
    return [*wanted, *(gone for gone, kept in stays.items() if kept in wanted and gone not in wanted)]


def numbers_gone(lokus_id: int, hashes: SearchHashes) -> dict[str, str]:
    """Hash of a KK number that a family had which was found to be another -> code of the one that stayed.

    Its own row has no hash meanwhile, for a number is one family's. Opens one number each; three statements.
    """
    kept = dict(Merge.objects.filter(undone_at__isnull=True, kept__lokus=lokus_id).values_list("gone_id", "kept_id"))
    if not kept:
        return {}
    rows = Household.objects.filter(pk__in=kept, erased_at__isnull=True, kk_sealed__isnull=False)
    codes = dict(Household.objects.filter(pk__in=set(kept.values())).values_list("pk", "code"))
    found = {hashes.kk(family.kk()): codes[_last(kept, family.pk)] for family in rows.select_related("key")}
    return {number: code for number, code in found.items() if number}
