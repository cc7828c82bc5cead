"""Which entries are of one family: what it was found to be, and what is in nobody's view by the same wish of it."""

from uuid import UUID

from django.db.models import Q

from selaras.models import Household, RightsRequest


def found_to_be(household: Household) -> list[Household]:
    """The families that were found to be this one, by a merge or because a split was undone, and those that had been
    found to be them: it is all one family.
    """
    found, last = [], [household.pk]
    while last:
        one_again = Q(split_from__old__in=last, split_from__undone_at__isnull=False)
        merged = Household.objects.filter(Q(merged_by__kept__in=last, merged_by__undone_at__isnull=True) | one_again)
        more = list(merged.filter(erased_at__isnull=True).select_related("lokus__cycle", "key").distinct())
        found += more
        last = [family.pk for family in more]
    return found


def hidden_again(household: Household) -> list[Household]:
    """The same family's other entries, which are in nobody's view by the same request. One with another KK has but the
    NIK of it and may be another family: erased once, it would be so for ever."""
    rows = Household.objects.filter(pk=household.pk, restricted_at__isnull=False, erased_at__isnull=True)
    request = rows.values_list("pending", flat=True).first()
    if request is None:
        return []
    others = Household.objects.filter(pending=request, restricted_at__isnull=False, erased_at__isnull=True)
    others = others.exclude(pk=household.pk)
    if household.kk_hash is not None:
        others = others.filter(Q(kk_hash=household.kk_hash) | Q(kk_hash__isnull=True))
    return list(others.select_related("lokus__cycle", "key").order_by("pk"))


def leave_to_another(request: UUID) -> None:
    """Where that request still keeps somebody out of view, who may be another family: by it, it can be ended."""
    left = Household.objects.filter(pending=request, restricted_at__isnull=False).order_by("pk").first()
    if left is not None:
        RightsRequest.objects.filter(uuid=request).update(household=left, area=left.area)
