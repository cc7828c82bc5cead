"""A form that names a family which was found to be another: it is about the one that stayed.

The phone carried the one that went, until it fetched its list again. What it sends back of that list is no change of
the other family; only what the cadre wrote otherwise is.
"""

from collections.abc import Mapping
from uuid import UUID

from selaras.actions.field.edits import registry_of
from selaras.models import Household, HouseholdEdit, Lokus, SearchHashes
from selaras.queries.merged import numbers_gone


def written_anew(named: UUID | None, household: Household, said: Mapping[str, str]) -> dict[str, str]:
    """Of what a form says of `household`, what the list of the family it names can not have said before.

    All of it where it names `household` itself. Any value that the other family ever had may have stood on the list.
    """
    if named is None or named == household.uuid:
        return dict(said)
    gone = Household.objects.filter(uuid=named, erased_at__isnull=True).select_related("key").first()
    if gone is None:
        return dict(said)
    shown = {name: {text} for name, text in registry_of(gone).items()}
    for edit in HouseholdEdit.objects.filter(household=gone):
        edit.household = gone
        for name, texts in edit.changes().items():
            shown.setdefault(name, set()).update(texts)
    return {name: text for name, text in said.items() if text not in shown.get(name, set())}


def has_kk(lokus: Lokus, number: str, hashes: SearchHashes) -> bool:
    """Whether a family there has the KK number of that hash, or had it until it was found to be another."""
    if Household.objects.filter(lokus=lokus, kk_hash=number).exists():
        return True
    return number in numbers_gone(lokus.pk, hashes)
