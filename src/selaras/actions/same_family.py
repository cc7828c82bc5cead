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
    """The same family's other entries, which are in nobody's view by the same request: those of its KK, and where it is
    surely who asked those without any. Who has but the NIK of it may be another family: erased once, it would be so
    for ever. So whom the request names goes along by its KK alone."""
    rows = Household.objects.filter(pk=household.pk, restricted_at__isnull=False, erased_at__isnull=True)
    request = rows.values_list("pending", flat=True).first()
    if request is None:
        return []
    others = Household.objects.filter(pending=request, restricted_at__isnull=False, erased_at__isnull=True)
    asked = Household.objects.filter(rights_requests__uuid=request).first()
    card = household.kk_hash
    same = Q() if card is None else Q(kk_hash=card)
    if asked is not None and (asked.pk == household.pk or card is None or card == asked.kk_hash):
        same |= Q(kk_hash__isnull=True) & ~Q(pk=asked.pk)
    others = others.exclude(pk=household.pk).filter(same) if same else others.none()
    return list(others.select_related("lokus__cycle", "key").order_by("pk"))


def leave_to_another(request: UUID) -> None:
    """Where that request still keeps somebody out of view, who may be another family: by it, it can be ended."""
    left = Household.objects.filter(pending=request, restricted_at__isnull=False).order_by("pk").first()
    if left is not None:
        RightsRequest.objects.filter(uuid=request).update(household=left, area=left.area)
