"""Rows of a form: as many as were given, and some blank ones below; a blank row is no row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

#: Blank rows below those that are there.
SPARE = 3
MOST = 100


class DayInput(forms.DateInput):
    """A browser's own calendar: it wants and sends YYYY-MM-DD, whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, str] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def day(label: Any, *, required: bool = True) -> forms.DateField:
    """A field for a day."""
    return forms.DateField(label=label, required=required, widget=DayInput())


class Row(forms.Form):
    """One row; `remove`, where a kind of row has it, takes it away."""

    remove = forms.BooleanField(label=_("Hapus"), required=False)

    def is_blank(self) -> bool:
        """Whether nobody wrote anything in it."""
        return not any(str(self[name].value() or "").strip() for name in self.fields)

    def is_gone(self) -> bool:
        """Whether it is to be taken away."""
        return "remove" in self.fields and bool(self["remove"].value())


class Rows:
    """Bound or not: rows of one kind of form, numbered in their names (`tahap-0-name`), `what` on the page.

    A browser sends every row of the page and how many they are. Where the two differ a part did not arrive, and nothing
    is taken: a row that is missing would be taken for one that somebody removed.
    """

    def __init__(
        self,
        kind: type[Row],
        prefix: str,
        initial: Sequence[Mapping[str, object]] = (),
        data: QueryDict | None = None,
        *,
        what: Any,
    ) -> None:
        self.count_name, self.data, self.what = f"{prefix}-banyak", data, what
        usual = min(len(initial) + SPARE, MOST)
        self._arrived = set() if data is None else _numbers(data, prefix)
        said = None if data is None else _count(data.get(self.count_name))
        #: Whether not every row arrived, or their number did not.
        self.torn = data is not None and (said is None or self._arrived != set(range(said)))
        if data is not None and (self._arrived or said is not None):
            usual = max(max(self._arrived, default=-1) + 1, said or 0)
        self.forms = [
            kind(
                data if i in self._arrived else None,
                prefix=f"{prefix}-{i}",
                # A row that came back is what the person made of it; a blank one has nothing wrong with it.
                initial=None if i in self._arrived or i >= len(initial) else dict(initial[i]),
                empty_permitted=True,
                use_required_attribute=False,
            )
            for i in range(usual)
        ]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.forms)

    @property
    def count(self) -> int:
        """How many rows there are, blank ones too: the browser sends it back."""
        return len(self.forms)

    @property
    def arrived(self) -> int:
        """How many rows came."""
        return len(self._arrived)

    def is_valid(self) -> bool:
        """Whether each row that is kept can be used; every one is looked at, so that all problems are told at once."""
        return [form for form in self._kept() if not form.is_valid()] == [] and not self.torn

    def values(self) -> list[dict[str, Any]]:
        """What the rows say that are neither blank nor to be removed."""
        return [{k: v for k, v in form.cleaned_data.items() if k != "remove"} for form in self._kept()]

    def _kept(self) -> list[Row]:
        return [form for form in self.forms if form.is_bound and not form.is_blank() and not form.is_gone()]


def _numbers(data: QueryDict, prefix: str) -> set[int]:
    """Which rows came; of those that no page has so many of, none."""
    numbered = re.compile(rf"{re.escape(prefix)}-(0|[1-9][0-9]?)-[a-z_]+")
    return {int(found[1]) for name in data if (found := numbered.fullmatch(name))}


def _count(text: str | None) -> int | None:
    """How many rows the page had; None where a browser cannot have sent that."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 3:
        return None
    return int(text) if int(text) <= MOST else None
