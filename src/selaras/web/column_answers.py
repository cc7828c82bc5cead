"""What was posted on the page of columns: of each sheet its titles' row and contents, of each column what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from selaras.queries.columns import ColumnsPage, SheetColumns


@dataclass(slots=True)
class ColumnAnswers:
    """As the action takes it. Only what differs from the reading, or was asked, is said.

    `typed` is the text of each sheet's row, `posted` what was chosen, by the name of its control, to show it again.
    """

    mapping: dict[str, dict[str, str]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    posted: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, page: ColumnsPage, data: Mapping[str, str]) -> ColumnAnswers:
        """From a form; `wrong` holds what cannot be."""
        said = cls()
        for sheet in page.sheets:
            said._sheet(sheet, data, {role.name for role in page.roles})
        for index, label in enumerate(page.rest):
            role = data.get(f"lain-{index}", "-")
            if role != "-" and role in {one.name for one in page.roles}:
                said.roles[label] = role
        return said

    def _sheet(self, sheet: SheetColumns, data: Mapping[str, str], roles: set[str]) -> None:
        role = data.get(f"isi-{sheet.index}", sheet.role)
        text = data.get(f"baris-{sheet.index}", "").strip()
        self.typed[sheet.label] = text
        if role not in roles or (text and not (text.isascii() and text.isdecimal() and 0 < int(text[:7]) < 200_000)):
            self.wrong.append(_("Sheet %(name)s: tulis nomor baris judulnya, misalnya 4.") % {"name": sheet.label})
            return
        row = int(text) if text else sheet.row
        self.rows[sheet.label], self.roles[sheet.label] = row, role
        if (row, role) != (sheet.row, sheet.role):
            # Other titles: what was chosen for the old ones says nothing about them.
            return
        for column in sheet.columns:
            control = f"kolom-{sheet.index}-{column.index}"
            chosen = data.get(control)
            if chosen is None:
                continue
            self.posted[control] = chosen
            if chosen != column.name or column.asked or column.how == "said":
                self.mapping.setdefault(sheet.label, {})[f"@{column.index}"] = chosen
