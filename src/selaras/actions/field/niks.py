"""What a form says of NIKs: a number goes into the registry sealed, having none yet is kept as a finding.

Nothing that the registry knows is written over: where a form says otherwise, that is shown to the office as a doubt.
"""

from selaras.actions.field.reading import Filled, read_filled
from selaras.models import Arrival, CannotUnsealError, Household, NikSaid, Person, SearchHashes
from selaras.odk.fieldform import NIK_NONE, NIK_REFUSED
from selaras.odk.submission import BrokenXmlError

_SAID = {NIK_NONE: NikSaid.NONE, NIK_REFUSED: NikSaid.REFUSED}


def heard_of(known: Person, said: Person) -> bool:
    """Set what `said` tells of her NIK; whether anything changed. Both with their family; not saved."""
    before = (known.nik_hash, known.nik_said)
    if said.nik_hash and not known.nik_hash:
        known.set_nik(said.nik(), said.nik_hash)
    elif known.nik_hash:
        if said.nik_said == NikSaid.NONE or (said.nik_hash and said.nik_hash != known.nik_hash):
            known.nik_said = NikSaid.OTHER
    elif said.nik_said:
        known.nik_said = said.nik_said
    return (known.nik_hash, known.nik_said) != before


def completed(known: Person, said: Person) -> bool:
    """Fill what is blank of a known member; whether anything was. Saved."""
    known.household = said.household
    filled = [name for name in ("sex", "relation") if getattr(said, name) and not getattr(known, name)]
    for name in filled:
        setattr(known, name, getattr(said, name))
    if heard_of(known, said) or filled:
        known.save()
        return True
    return False


def heard_of_head(household: Household, filled: Filled, original: Arrival | None, hashes: SearchHashes) -> int:
    """Keep what our own question heard of the head of the family; how many persons changed.

    `original` is the form that this one corrects: a number that came by it may be written anew.
    """
    said = Person(household=household, nik_said=_SAID.get(filled.nik_said, ""))
    if filled.nik:
        said.set_nik(filled.nik, hashes.nik(filled.nik))
    if not said.nik_said and not said.nik_hash:
        return 0
    head = _head(household)
    head.household = household
    corrects = original is not None and head.nik_hash and head.nik_hash != said.nik_hash
    if corrects and head.nik_hash == _number_of(original, hashes):
        head.set_nik("", None)
    if not heard_of(head, said) and head.pk is not None:
        return 0
    head.save()
    return 1


def _head(household: Household) -> Person:
    """By name, else who stands first; a family without members has its head alone."""
    there = list(household.persons.order_by("position"))
    words = household.head_name.casefold().split()
    named = next((one for one in there if words and one.name.casefold().split() == words), None)
    first = there[0] if there else Person(household=household, position=1, name=household.head_name[:120])
    return named or first


def _number_of(original: Arrival | None, hashes: SearchHashes) -> str | None:
    if original is None or original.field_form is None:
        return None
    try:
        return hashes.nik(read_filled(original, original.field_form).nik)
    except (BrokenXmlError, CannotUnsealError, OSError):
        return None
