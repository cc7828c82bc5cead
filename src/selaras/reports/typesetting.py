"""Paper: a Typst template beside it, filled with data, as PDF or picture. Data never becomes Typst code."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal

from selaras.reports.kip import keywords

_HERE: Final = Path(__file__).parent
TEMPLATES: Final = _HERE / "templates"
FONTS: Final = _HERE / "fonts"

Format = Literal["pdf", "png"]


def typeset(
    template: str,
    data: Mapping[str, Any],
    *,
    format: Format = "pdf",  # noqa: A002  (what everybody calls it)
    ppi: float = 144,
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    """`templates/<template>.typ` with `data`, which it reads by `json(bytes(sys.inputs.data))`.

    `data` holds JSON's kinds only; text in it stays text, whatever it looks like. `files` are what the template loads
    by name besides the other templates, such as a logo. A PNG, at `ppi` dots an inch, is of one page: TypeError where
    there are more. Typefaces: Plus Jakarta Sans, Libertinus Serif, DejaVu Sans Mono; those of the system are not read,
    so that a page looks the same on every server.
    """
    import typst

    if files:
        # What is handed over in memory must be text: pictures lie in a folder while the page is made.
        with TemporaryDirectory(prefix="selaras-") as folder:
            for name, content in {**_sources(template), **files}.items():
                (Path(folder) / name).write_bytes(content)
            main = str(Path(folder) / "main.typ")
            made = typst.compile(main, root=folder, format=format, ppi=ppi, **_inputs(data))
    else:
        made = typst.compile(_sources(template), format=format, ppi=ppi, **_inputs(data))
    if not isinstance(made, bytes):
        raise TypeError(f"{template} has more than one page; a picture has one")
    return made


def typeset_apart(
    template: str,
    data: Mapping[str, Any],
    *,
    format: Format = "pdf",  # noqa: A002  (what everybody calls it)
    ppi: float = 144,
) -> bytes:
    """As `typeset`, by a process of its own: what the typesetter keeps in memory, some 60 MiB, ends with it.

    For the worker, which lives for weeks and sets a page now and then; it costs the start of a process, 0.2 s. Raises
    CalledProcessError with the process's own words on standard error, where they are logged.
    """
    order = json.dumps([template, data, format, ppi], ensure_ascii=False).encode()
    command = [sys.executable, "-m", "selaras.reports.typesetting"]
    return subprocess.run(command, input=order, stdout=subprocess.PIPE, check=True).stdout  # noqa: S603  (ours)


def said(template: str, data: Mapping[str, Any], label: str) -> Any:
    """What the template says of itself in the `metadata` of that label: how many pages it has."""
    import typst

    found = typst.query(_sources(template), f"<{label}>", field="value", one=True, **_inputs(data))
    return json.loads(found)


def _sources(template: str) -> dict[str, bytes]:
    sources = {path.name: path.read_bytes() for path in TEMPLATES.glob("*.typ")}
    about = keywords(template)
    keyed = f", keywords: {json.dumps(about, ensure_ascii=False)}" if about else ""
    # Without the second in which it was made: the same data is the same bytes, whenever it is asked for.
    begins = f"#set document(date: none{keyed})\n"
    return {**sources, "main.typ": begins.encode() + sources[f"{template}.typ"]}


def _inputs(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "font_paths": [str(FONTS)],
        "ignore_system_fonts": True,
        "sys_inputs": {"data": json.dumps(data, ensure_ascii=False)},
    }


if __name__ == "__main__":
    _template, _data, _format, _ppi = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(typeset(_template, _data, format=_format, ppi=_ppi))
