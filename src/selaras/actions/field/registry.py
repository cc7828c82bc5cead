"""Which questions of a survey say what the registry keeps, whatever the workbook calls them."""

from collections.abc import Mapping

from selaras.actions.importing.names import FAMILY, PERSON, plain
from selaras.odk.forms import Form


def family_items(form: Form) -> dict[str, str]:
    """Question outside of repeats -> item of the registry (`head_name`, `kk`, …), each item once."""
    return _items(form, None, FAMILY)


def person_items(form: Form, repeat: str) -> dict[str, str]:
    """Question of that repeat -> item of a person (`name`, `nik`, `sex`, `relation`), each item once."""
    found = _items(form, repeat, PERSON)
    return {name: item for name, item in found.items() if item not in {"code", "kk"}}


def _items(form: Form, repeat: str | None, known: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in form.fields.values():
        if one.repeat != repeat:
            continue
        word = plain(one.name)
        for item, words in known.items():
            if (word == item or word in words) and item not in found.values():
                found[one.name] = item
                break
    return found
