"""Rows of a form that did not all arrive: nothing is saved, nothing that was typed is lost, and the page says so."""

import pytest
from django import forms
from django.http import QueryDict

from selaras.web.rows import MOST, SPARE, Row, Rows


class Kind(Row):
    """What the rows here ask."""

    name = forms.CharField(label="Nama", max_length=9)
    note = forms.CharField(label="Catatan", required=False)


STORED = [{"name": "Satu", "note": "a"}, {"name": "Dua", "note": ""}]


def came(count: str | None, **rows: str) -> Rows:
    """Rows as a browser sends them: `a0="x"` is the name in the first one."""
    data = QueryDict(mutable=True)
    for place, text in rows.items():
        data[f"baris-{place[1:]}-name"] = text
        data[f"baris-{place[1:]}-note"] = ""
    if count is not None:
        data["baris-banyak"] = count
    return Rows(Kind, "baris", STORED, data, what="Baris")


def shown(rows: Rows) -> list[str]:
    return [str(row["name"].value() or "") for row in rows]


def test_what_a_browser_sends_of_a_whole_page_is_taken() -> None:
    rows = came("4", a0="Satu", a1="Dua lagi", a2="", a3=" ")
    assert (rows.torn, rows.is_valid(), rows.count) == (False, True, 4)
    assert rows.values() == [{"name": "Satu", "note": ""}, {"name": "Dua lagi", "note": ""}]
    assert shown(Rows(Kind, "baris", STORED, what="Baris")) == ["Satu", "Dua", *[""] * SPARE]


@pytest.mark.parametrize("count", [None, "", "x", "-1", "٣", "1", "2", "0", "5", "9999", f"{MOST + 1}"])
def test_rows_whose_number_did_not_arrive_or_is_another_are_not_taken_and_all_are_shown(count: str | None) -> None:
    rows = came(count, a0="Satu", a1="", a2="Tiga")
    assert (rows.torn, rows.is_valid(), rows.arrived) == (True, False, 3)
    assert shown(rows)[:3] == ["Satu", "", "Tiga"]
    # What the page now sends is whole again.
    again = came(str(rows.count), **{f"a{i}": text for i, text in enumerate(shown(rows))})
    assert (again.torn, again.is_valid(), [row["name"] for row in again.values()]) == (False, True, ["Satu", "Tiga"])


def test_a_row_that_did_not_arrive_is_shown_as_it_is_stored_and_not_taken_for_removed() -> None:
    rows = came("3", a0="Satu lain")
    assert (rows.torn, rows.is_valid(), shown(rows)) == (True, False, ["Satu lain", "Dua", ""])


def test_rows_that_no_page_has_are_not_counted() -> None:
    rows = came("1", a0="Satu", a100="x", a00="x")
    assert (rows.torn, rows.is_valid(), rows.count, shown(rows)) == (False, True, 1, ["Satu"])


def test_what_is_wrong_inside_a_row_is_told_beside_the_rows_that_did_not_arrive() -> None:
    rows = came(None, a0="Sepuluh huruf")
    assert (rows.is_valid(), next(iter(rows)).errors["name"]) == (
        False,
        ["“Nama” terlalu panjang: 13 huruf. Tulis paling banyak 9 huruf."],
    )


def test_page_with_nothing_of_its_rows_shows_those_that_are_stored() -> None:
    assert (came(None).torn, came(None).is_valid(), shown(came(None))) == (True, False, ["Satu", "Dua", *[""] * SPARE])
