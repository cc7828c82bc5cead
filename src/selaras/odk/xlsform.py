"""XLSForm sheets -> the form model and the XForm that phones load.

The rows are read and judged here; pyxform converts them and has the last word on whether they are an XLSForm.
Sources: XLSForm specification (xlsform.org), pyxform 4.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from selaras.errors import Problem
from selaras.odk.convert import Identity, convert
from selaras.odk.forms import Choice, Form
from selaras.odk.sheets import Sheet, Sheets
from selaras.odk.survey import OTHER, OTHER_LABEL, TRANSLATED, Survey, walk
from selaras.odk.table import Row, Table, as_table

DEFAULT_LANGUAGE = "Bahasa Indonesia (id)"
#: The language that XLSForm means where a form names none.
UNNAMED_LANGUAGE = "default"
NAMELESS = Identity()
FORM_SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm")

ALIASES: Mapping[str, str] = {
    "caption": "label",
    "command": "type",
    "tag": "name",
    "value": "name",
    "relevance": "relevant",
    "calculate": "calculation",
    "constraining_message": "constraint_message",
    "requiredmsg": "required_message",
    "list": "list_name",
    "title": "form_title",
    "set_form_title": "form_title",
    "id_string": "form_id",
    "set_form_id": "form_id",
    "jr:constraintmsg": "constraint_message",
}


@dataclass(frozen=True, slots=True)
class FormReading:
    """`form` is None where there is an error. `draft` is what could be read all the same, for further checks."""

    form: Form | None
    draft: Form
    problems: tuple[Problem, ...]


def form_sheets(sheets: Sheets) -> dict[str, Sheet]:
    """The file's XLSForm sheets by their standard name; capitals and spaces around do not matter."""
    return {name.strip().lower(): sheet for name, sheet in sheets.sheets.items() if name.strip().lower() in FORM_SHEETS}


def read_xlsform(sheets: Sheets, *, strict: bool, identity: Identity = NAMELESS, xform: bool = True) -> FormReading:
    """Read a form from its sheets.

    `strict` is for instruments: our own rules on names, lists and labels hold, and the default language is
    `Bahasa Indonesia (id)` where `settings` is silent. Else only pyxform's rules and warnings hold. Without `xform`
    pyxform is not asked and `form.xform` is '': half a second saved for who only scores.
    """
    found = form_sheets(sheets)
    problems = [problem for sheet in found.values() for problem in sheet.problems]
    tables = {name: as_table(sheet, ALIASES) for name, sheet in found.items()}
    if "survey" not in tables:
        near = next((name for name in sheets.sheets if name.strip().lower()[:4] == "surv"), "")
        code = "form.no_survey_near" if near else "form.no_survey"
        nothing = Form("", "", "", DEFAULT_LANGUAGE, (DEFAULT_LANGUAGE,), {}, {}, {}, "")
        return FormReading(None, nothing, (*problems, Problem(code, "survey!A1", {"meant": near})))
    settings = _settings(tables.get("settings"))
    default_language = settings.get("default_language") or (DEFAULT_LANGUAGE if strict else UNNAMED_LANGUAGE)
    lists, list_problems = _lists(tables.get("choices"), default_language)
    survey = walk(tables["survey"], lists, default_language)
    if strict:
        problems += list_problems + survey.problems
        problems += [problem for table in tables.values() for problem in _header_problems(table, default_language)]
    # A form without an id is called as its file, as pyxform does.
    form_id = settings.get("form_id") or identity.id or PurePath(sheets.name).stem or "data"
    title = settings.get("form_title") or identity.title or form_id
    named = Identity(form_id, settings.get("version") or identity.version, title, default_language)
    text = ""
    if xform:
        text, said = convert(found, tables, named, strict=strict)
        problems = without_echoes([*problems, *said])
    spoken = [default_language, *(language for table in tables.values() for language in table.languages)]
    draft = _form(named, tuple(dict.fromkeys(spoken)), survey, lists, text)
    wrong = any(problem.level == "error" for problem in problems)
    return FormReading(None if wrong else draft, draft, tuple(problems))


def _form(
    named: Identity, languages: tuple[str, ...], survey: Survey, lists: Mapping[str, tuple[Choice, ...]], xform: str
) -> Form:
    opened = dict(lists)
    for name in survey.written_in:
        if name in opened and OTHER not in [choice.name for choice in opened[name]]:
            opened[name] = (*opened[name], Choice(OTHER, {named.default_language: OTHER_LABEL}))
    return Form(
        id=named.id,
        version=named.version,
        title=named.title,
        default_language=named.default_language,
        languages=languages,
        fields=survey.fields,
        repeats=survey.repeats,
        lists=opened,
        xform=xform,
        groups=survey.groups,
    )


def _settings(table: Table | None) -> dict[str, str]:
    if table is None or not table.rows:
        return {}
    return {base: table.rows[0].text(base) for base, language in table.columns if not language}


def _lists(table: Table | None, default_language: str) -> tuple[dict[str, tuple[Choice, ...]], list[Problem]]:
    lists: dict[str, list[Choice]] = {}
    problems: list[Problem] = []
    cells: dict[tuple[str, str], str] = {}
    for row in table or ():
        name, list_name = row.text("name"), row.text("list_name")
        if not list_name:
            problems.append(Problem("form.choice_list_missing", row.where("list_name")))
            continue
        if not name:
            problems.append(Problem("form.choice_name_missing", row.where("name")))
            continue
        problems += _choice_problems(
            row, name, cells.setdefault((list_name, name), row.where("name")), default_language
        )
        lists.setdefault(list_name, []).append(Choice(name, row.labels("label", default_language)))
    return {name: tuple(choices) for name, choices in lists.items()}, problems


def _choice_problems(row: Row, name: str, first: str, default_language: str) -> list[Problem]:
    where, problems = row.where("name"), []
    if first != where:
        values = {"name": name, "list": row.text("list_name"), "earlier": first}
        problems.append(Problem("form.choice_double", where, values))
    if len(name.split()) > 1:
        problems.append(Problem("form.choice_name_space", where, {"name": name}))
    silent = default_language not in row.labels("label", default_language) and not row.text("image")
    if silent and (row.speaks("label", default_language) or not row.labels("label", default_language)):
        language = default_language if ("label", default_language) in row.columns else ""
        values = {"column": "label", "language": default_language, "name": name}
        problems.append(Problem("form.text_missing", row.where("label", language), values))
    return problems


def _header_problems(table: Table, default_language: str) -> list[Problem]:
    """A header twice; and, once a sheet and kind of text, that no column speaks the default language."""
    found = [Problem("sheet.column_double", header.where, {"name": header.text}) for header in table.doubled]
    for base in TRANSLATED:
        headers = table.spoken(base)
        if headers and not table.speaks(base, default_language):
            values = {"column": base, "language": default_language, "found": headers[0].language}
            found.append(Problem("sheet.language_missing", headers[0].where, values))
    return found


def without_echoes(problems: list[Problem]) -> list[Problem]:
    """The same problems without what pyxform said of a row of which something better was said."""
    told = {_row_of(one.where) for one in problems if one.level == "error" and one.code != "form.pyxform"}
    # pyxform stops at its first error: where ours name the cause, its own line without a place is an echo too.
    placeless = {f"{one.where.partition('!')[0].lower()}!1" for one in problems if told}
    return [
        one
        for one in problems
        if not one.code.startswith("form.pyxform")
        or not (_row_of(one.where) in told or (one.code == "form.pyxform" and _row_of(one.where) in placeless))
    ]


def _row_of(where: str) -> str:
    """`survey!B12` -> `survey!12`."""
    sheet, _, cell = where.rpartition("!")
    return f"{sheet.lower()}!{cell.split(':')[0].lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}"
