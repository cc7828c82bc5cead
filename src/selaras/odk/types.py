"""What the `type` column of a survey may say, and what kind of answer comes of it."""

import re
from collections.abc import Mapping

from selaras.odk.forms import FieldKind

#: Question types of the XLSForm standard -> the kind of their answer. Written as pyxform compares them, with `_`.
KINDS: Mapping[str, FieldKind] = {
    "integer": "integer",
    "int": "integer",
    "decimal": "decimal",
    "percentage": "integer",
    "range": "integer",
    "text": "text",
    "string": "text",
    "barcode": "text",
    "acknowledge": "text",
    "trigger": "text",
    "hidden": "text",
    "note": "other",
    "date": "date",
    "today": "date",
    "time": "time",
    "datetime": "datetime",
    "date_time": "datetime",
    "start": "datetime",
    "end": "datetime",
    "start_time": "datetime",
    "end_time": "datetime",
    "deviceid": "text",
    "device_id": "text",
    "imei": "text",
    "subscriberid": "text",
    "simserial": "text",
    "phonenumber": "text",
    "phone_number": "text",
    "username": "text",
    "email": "text",
    "geopoint": "geo",
    "gps": "geo",
    "location": "geo",
    "geotrace": "geo",
    "geoshape": "geo",
    "start-geopoint": "geo",
    "background-geopoint": "geo",
    "image": "file",
    "photo": "file",
    "audio": "file",
    "video": "file",
    "file": "file",
    "audit": "file",
    "background-audio": "file",
    "calculate": "calculate",
    "csv-external": "other",
    "xml-external": "other",
    "osm": "text",
}
#: Types that ask nothing on the screen, so that they need no label.
SILENT = frozenset(
    {
        "calculate", "hidden", "today", "start", "end", "start_time", "end_time", "deviceid", "device_id", "imei",
        "subscriberid", "simserial", "phonenumber", "phone_number", "username", "email", "audit", "start-geopoint",
        "background-geopoint", "background-audio", "csv-external", "xml-external",
    }
)  # fmt: skip

_ONE = r"select[_ ]one|select one from|select1|add select one prompt using"
_MANY = r"select[_ ]multiple|select all that apply from|select all that apply|add select multiple prompt using|rank"
_SELECT = re.compile(
    rf"(?:(?P<one>{_ONE})|(?P<many>{_MANY})) (?P<list>\S+)(?P<other> (?:or specify other|or[_ ]other))?\Z"
)
_FILE = re.compile(r"select[_ ](?P<verb>one|multiple)[_ ](?:from[_ ]file|external) \S+\Z")
_CONTROL = re.compile(r"(?P<word>begin|end)[_ ](?P<what>group|repeat|lgroup|looped group|loop)(?: .*)?\Z")


def control(text: str) -> tuple[str, str] | None:
    """`begin repeat` -> ('begin', 'repeat'); None for a question."""
    match = _CONTROL.match(text)
    if match is None:
        return None
    return match["word"], "group" if match["what"] == "group" else "repeat"


def select(text: str) -> tuple[FieldKind, str, bool] | None:
    """`select_one air or_other` -> ('choice', 'air', True): kind, list, and whether "other" may be written in.

    None where it is no select, or where its list is a file or another question (`${…}`).
    """
    match = _SELECT.match(text)
    if match is None or match["list"].startswith("${"):
        return None
    return ("choice" if match["one"] else "choices"), match["list"], bool(match["other"])


def kind_of(text: str, parameters: str = "") -> FieldKind | None:
    """The kind of a question type other than a select from a list; None where the type is unknown."""
    if _FILE.match(text) or _SELECT.match(text) or text.split(" ", maxsplit=1)[0] == "osm":
        return "text"
    base = "_".join(text.lower().split())
    base = base.removeprefix("add_").removesuffix("_prompt").removeprefix("q_").removeprefix("get_")
    if base == "range" and "." in parameters:
        return "decimal"
    return KINDS.get(base)
