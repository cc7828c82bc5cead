"""One column's cells as answers. What was read once is remembered: most columns say the same few things."""

import re
from dataclasses import dataclass
from dataclasses import field as field_of

from selaras.actions.importing.columns import Target
from selaras.actions.importing.layout import Sheet
from selaras.errors import Problem
from selaras.odk.forms import Field, Form
from selaras.odk.values import NO_WORDS, Answer, Words, answer_of, is_private, words_of

#: What a `calculate` may leave in the answers: a number, a date or a code. Anything else may name somebody.
_HARMLESS = re.compile(r"-?[0-9]{1,13}([.,][0-9]{1,12})?|[0-9]{4}-[0-9]{2}-[0-9]{2}|[a-z0-9_]{1,40}")
#: Different texts of a column that are remembered.
REMEMBERED = 2_000

#: The answer, the code of its problem, and whether it is sealed.
Read = tuple[Answer, str | None, bool]


@dataclass(slots=True)
class Slot:
    """One used column: `field` is the survey's, None where only the registry takes it."""

    index: int
    title: str
    target: Target
    field: Field | None
    words: Words
    checked: bool
    _known: dict[str, Read] = field_of(default_factory=dict)

    def read(self, text: str) -> Read:
        """What a cell says to the survey."""
        found = self._known.get(text)
        if found is None:
            found = self._fresh(text)
            if len(self._known) < REMEMBERED:
                self._known[text] = found
        return found

    def _fresh(self, text: str) -> Read:
        assert self.field is not None  # noqa: S101  (asked for fields of the survey alone)
        value, problem = answer_of(self.field, self.words, text)
        loose = self.field.kind == "calculate" and not _HARMLESS.fullmatch(str(value))
        return value, problem.code if problem else None, is_private(self.field) or loose

    def problem(self, code: str, text: str, where: str) -> Problem:
        """The problem of that cell."""
        assert self.field is not None  # noqa: S101  (as above)
        _, problem = answer_of(self.field, self.words, text, where)
        return problem or Problem(code, where, {"field": self.field.name})


def slots_of(sheet: Sheet, form: Form) -> tuple[Slot, ...]:
    """The columns of a sheet that are used, or kept with the row as it came."""
    words = {name: words_of(choices, form.default_language) for name, choices in form.lists.items()}
    slots = []
    for index, (title, target) in enumerate(zip(sheet.table.header, sheet.columns.targets, strict=True)):
        if not title and not target.is_used:
            continue
        asked = form.fields.get(target.field)
        known = words.get(asked.list_name or "", NO_WORDS) if asked else NO_WORDS
        checked = asked is not None and bool(asked.constraint or asked.relevants)
        slots.append(Slot(index, title or f"@{index}", target, asked, known, checked))
    return tuple(slots)
