"""Rows of a form: as many as were given, and some blank ones below; a blank row is no row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

#: Blank rows below those that are there.
SPARE = 3
MOST = 60


class DayInput(forms.DateInput):
    """A browser's own calendar: it wants and sends YYYY-MM-DD, whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, str] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def day(label: Any, *, required: bool = True) -> forms.DateField:
    """A field for a day."""
    return forms.DateField(label=label, required=required, widget=DayInput())


class Row(forms.Form):
    """One row; `remove` takes it away."""

    remove = forms.BooleanField(label=_("Hapus"), required=False)

    def is_blank(self) -> bool:
        """Whether nobody wrote anything in it."""
        return not any(str(self[name].value() or "").strip() for name in self.fields)


class Rows:
    """Bound or not: rows of one kind of form, numbered in their names (`tahap-0-name`)."""

    def __init__(
        self,
        kind: type[Row],
        prefix: str,
        initial: Sequence[Mapping[str, object]] = (),
        data: QueryDict | None = None,
    ) -> None:
        self.count_name, self.data = f"{prefix}-banyak", data
        usual = len(initial) + SPARE
        count = usual if data is None else _count(data.get(self.count_name), usual)
        self.forms = [
            kind(
                data,
                prefix=f"{prefix}-{i}",
                # A row that came back is what the person made of it; a blank one has nothing wrong with it.
                initial=dict(initial[i]) if data is None and i < len(initial) else None,
                empty_permitted=True,
                use_required_attribute=False,
            )
            for i in range(count)
        ]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.forms)

    @property
    def count(self) -> int:
        """How many rows there are, blank ones too: the browser sends it back."""
        return len(self.forms)

    def is_valid(self) -> bool:
        """Whether each row that is kept can be used; every one is looked at, so that all problems are told at once."""
        return [form for form in self._kept() if not form.is_valid()] == []

    def values(self) -> list[dict[str, Any]]:
        """What the rows say that are neither blank nor to be removed."""
        return [{k: v for k, v in form.cleaned_data.items() if k != "remove"} for form in self._kept()]

    def _kept(self) -> list[Row]:
        if self.data is None:
            return []
        return [form for form in self.forms if not form.is_blank() and not form["remove"].value()]


def _count(text: str | None, usual: int) -> int:
    """How many rows came; where a browser cannot have sent that, as many as the form had."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 3:
        return usual
    return min(int(text), MOST)
