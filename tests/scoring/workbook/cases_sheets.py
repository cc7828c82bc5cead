"""One mistake a time in sheets, columns, keys, labels, privacy, calculations and classes."""

from tests.build_workbook import part, repacked
from tests.sample_workbook import changed, rows, sample
from tests.scoring.workbook.case import Case, case
from tests.scoring.workbook.cases_form import renamed_column


def with_cells(sheet: int, old: bytes, new: bytes) -> bytes:
    """The sample with the XML of one of its sheets edited: what no table can say."""
    name = f"xl/worksheets/sheet{sheet}.xml"
    text = part(sample(), name)
    assert old in text
    return repacked(sample(), {name: text.replace(old, new, 1)})


def formulas(count: int) -> bytes:
    cells = "".join(f'<row r="{n}"><c r="Z{n}"><f>1+1</f><v>2</v></c></row>' for n in range(20, 20 + count))
    return with_cells(2, b"</sheetData>", f"{cells}</sheetData>".encode())


SHEET_CASES: dict[str, Case] = {
    "a sheet of no meaning": case(sample(rahasia=[["x"]]), "sheet.unknown rahasia!A1"),
    "a sheet misspelt": case(sample(band=[["x"]]), "sheet.unknown_near band!A1"),
    "no aspects": case(
        sample(aspects=None),
        "sheet.missing aspects!A1",
        "indicator.aspect indicators!B2",
        "indicator.aspect indicators!B3",
        "indicator.aspect indicators!B4",
        "indicator.aspect indicators!B5",
        "indicator.aspect indicators!B6",
    ),
    "too many rows": case(
        sample(options=[*rows("options"), *(["sk", f"o{n}", "Lagi", 1] for n in range(3_000))]),
        "sheet.too_long options!A3002",
    ),
    "a column of no meaning": case(changed(("aspects", "E1", "qqqqq")), "sheet.column aspects!E1"),
    "a column misspelt": case(
        sample(aspects=renamed_column("aspects", "weight", "weigth")),
        "sheet.column_missing aspects!A1",
        "sheet.column_near aspects!D1",
    ),
    "a language where there is none": case(
        sample(aspects=renamed_column("aspects", "parent", "parent::English (en)")), "sheet.column_language aspects!B1"
    ),
    "a column twice": case(
        changed(("aspects", "E1", "weight"), ("aspects", "E2", "5")), "sheet.column_double aspects!E1"
    ),
    "a column without a name": case(changed(("aspects", "E3", "catatan")), "sheet.column_unnamed aspects!E3"),
    "labels of aspects in another language alone": case(
        sample(aspects=renamed_column("aspects", "label", "label::English (en)")), "sheet.language_missing aspects!C1"
    ),
    "merged cells": case(
        with_cells(7, b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'),
        "sheet.merged aspects!A2:A3",
    ),
    "an error value": case(
        with_cells(7, b"</row></sheetData>", b'<c r="E4" t="e"><v>#REF!</v></c></row></sheetData>'),
        "sheet.error_value aspects!E4",
    ),
    "a formula that was never computed": case(
        with_cells(7, b"</row></sheetData>", b'<c r="E4"><f>1+1</f></c></row></sheetData>'),
        "sheet.formula_empty aspects!E4",
    ),
    "a formula": case(
        with_cells(2, b"</row></sheetData>", b'<c r="Z11"><f>1+1</f><v>2</v></c></row></sheetData>'),
        "sheet.formula survey!Z11",
    ),
    "many formulas": case(
        formulas(25), *(f"sheet.formula survey!Z{n}" for n in range(20, 40)), "sheet.formulas survey!Z40"
    ),
}

KEY_CASES: dict[str, Case] = {
    "keys under another header": case(
        sample(instrument=[["kunci", "value"], ["id", "x"]]),
        "sheet.column instrument!A1",
        "sheet.column_missing instrument!A1",
    ),
    "a key of no meaning": case(changed(("instrument", "A7", "qqqqq")), "instrument.key instrument!A7"),
    "a key misspelt": case(
        changed(("instrument", "A3", "versi")),
        "instrument.key_missing instrument!A1",
        "instrument.key_near instrument!A3",
    ),
    "a key left out": case(
        sample(instrument=[["key", "value"], ["id", "x"], ["version", "1"]]), "instrument.key_missing instrument!A1"
    ),
    "a key without value": case(changed(("instrument", "B4", None)), "cell.blank instrument!B4"),
    "a value without key": case(changed(("instrument", "B7", "apa ini")), "cell.blank instrument!A7"),
    "a key twice": case(changed(("instrument", "A7", "id"), ("instrument", "B7", "lain")), "cell.double instrument!A7"),
    "an id with a space": case(changed(("instrument", "B2", "p2 wkss")), "cell.name instrument!B2"),
    "a scale of nothing": case(changed(("instrument", "B5", "0")), "instrument.scale instrument!B5"),
    "a scale in words": case(changed(("instrument", "B5", "seratus")), "instrument.scale instrument!B5"),
    "a date that is none": case(changed(("instrument", "B6", "31/01/2024")), "cell.date instrument!B6"),
    "an end before its start": case(
        changed(("instrument", "A7", "valid_to"), ("instrument", "B7", "2023-01-01")), "instrument.dates instrument!B7"
    ),
    "privacy of an unknown field": case(changed(("privacy", "A3", "qqqqq")), "privacy.field privacy!A3"),
    "privacy of a field misspelt": case(changed(("privacy", "A2", "jambann")), "privacy.field_near privacy!A2"),
    "privacy of no field": case(changed(("privacy", "A2", None)), "cell.blank privacy!A2"),
    "privacy twice": case(changed(("privacy", "A3", "jamban")), "cell.double privacy!A3"),
    "privacy class of no meaning": case(changed(("privacy", "B2", "xyz")), "cell.closed privacy!B2"),
    "privacy class misspelt": case(changed(("privacy", "B2", "Umum")), "cell.closed_near privacy!B2"),
    "privacy class left out": case(changed(("privacy", "B2", None)), "cell.blank privacy!B2"),
}

NAME_CASES: dict[str, Case] = {
    "calculation without name": case(
        changed(("calculations", "A4", None)), "cell.blank calculations!A4", "expression.name indicators!I3"
    ),
    "calculation with a bad name": case(changed(("calculations", "A3", "rasio anak")), "cell.name calculations!A3"),
    "calculation twice": case(changed(("calculations", "A3", "anak")), "cell.double calculations!A3"),
    "calculation named as a field": case(changed(("calculations", "A3", "iuran")), "cell.double calculations!A3"),
    "calculation named as a repeat": case(changed(("calculations", "A3", "Member")), "cell.double calculations!A3"),
    "calculation over nothing known": case(changed(("calculations", "B3", "qqqqq")), "over.unknown calculations!B3"),
    "calculation over a repeat misspelt": case(
        changed(("calculations", "B4", "membr")), "over.unknown_near calculations!B4"
    ),
    "calculation without expression": case(changed(("calculations", "C3", None)), "cell.blank calculations!C3"),
    "calculation with English alone": case(
        changed(
            ("calculations", "D3", None), ("calculations", "E1", "label::English (en)"), ("calculations", "E3", "Ratio")
        ),
        "cell.label calculations!D3",
    ),
    "a circle of two": case(
        changed(("calculations", "C2", "${rasio}")),
        "calculation.circle calculations!C2",
        "calculation.circle calculations!C3",
    ),
    "a circle of one": case(changed(("calculations", "C3", "${rasio} + 1")), "calculation.circle calculations!C3"),
    "defined below": case(
        sample(calculations=[*rows("calculations"), ["a", "", "${b}"], ["b", "", "1"]]),
        "expression.name_below calculations!C5",
    ),
    "a repeat's field outside": case(
        changed(("calculations", "C3", "${umur} + 1")), "expression.name_inside calculations!C3"
    ),
    "a choice that the list lacks": case(
        changed(("classes", "C2", "${jamban} = 'leher'")), "expression.option classes!C2"
    ),
    "an unknown function": case(changed(("classes", "C2", "jika(1 = 1)")), "expression.function classes!C2"),
    "class that is a number": case(changed(("classes", "C2", "${jumlah} + 1")), "class.kind classes!C2"),
    "class without expression": case(changed(("classes", "C2", None)), "cell.blank classes!C2"),
    "class without label": case(changed(("classes", "B2", None)), "cell.label classes!B2"),
    "class twice": case(changed(("classes", "A3", "sehat")), "cell.double classes!A3"),
    "relevant of a scored field that is no condition": case(
        changed(("survey", "D5", "${jumlah} + 1")), "relevant.kind survey!D5"
    ),
    "relevant of a scored field outside our language": case(
        changed(("survey", "D5", "pulldata('a', 'b', 'c', 'd') = 'x'")), "expression.function survey!D5"
    ),
    "relevant of another field outside our language": case(
        changed(("survey", "D4", "string-length(substr('abc', 1)) > 1")),
    ),
    "constraint of a scored field that is no condition": case(
        changed(("survey", "E5", ". + 1")), "constraint.kind survey!E5"
    ),
    "a dot outside constraint": case(changed(("survey", "D5", ". > 1")), "expression.dot_place survey!D5"),
    "regex outside constraint": case(
        changed(("classes", "C2", "any(member[regex(${nama}, '[a-z]+')])")),
        "expression.regex_place classes!C2",
    ),
    "regex in a constraint": case(
        sample(
            survey=[[*row[:4], "regex(., '[A-Z].*')", *row[5:]] if row[1] == "nama" else row for row in rows("survey")],
            classes=[["class", "label", "expression"], ["a", "A", "any(member[${nama} = 'Ani'])"]],
        ),
    ),
}

CASES = {**SHEET_CASES, **KEY_CASES, **NAME_CASES}
