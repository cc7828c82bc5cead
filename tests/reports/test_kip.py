"""Every file that leaves says how open it is, and none is made without a class."""

import ast
import io
from pathlib import Path

from docx import Document

import selaras.reports
from selaras.reports.docx import blank
from selaras.reports.kip import OUTPUTS, PARTS, Kip, properties
from selaras.reports.typesetting import TEMPLATES, typeset
from tests.pdf import pdf_text

FOLDER = Path(selaras.reports.__file__).parent


def calls(path: Path) -> list[str]:
    """Names of all that is called in a module."""
    found = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    return [getattr(one, "attr", getattr(one, "id", "")) for one in found]


def test_every_template_is_a_part_or_an_output_with_a_class() -> None:
    templates = {path.stem for path in TEMPLATES.glob("*.typ")}
    assert templates - PARTS - set(OUTPUTS) == set()
    assert {name for name, one in OUTPUTS.items() if not (one.title and one.why)} == set()


def test_every_workbook_and_deck_says_its_class() -> None:
    silent = [
        path.name
        for path in FOLDER.glob("*.py")
        for said in [calls(path)]
        if ("Workbook" in said and said.count("Workbook") > said.count("set_properties"))
        or ("Presentation" in said and "keywords" not in said)
    ]
    assert silent == []


def test_a_paper_a_document_and_a_workbook_say_it_themselves() -> None:
    assert f"Keywords: Informasi publik: {Kip.EXCEPTED.value}" in pdf_text(typeset("lembar-keluarga", {"sheets": []}))
    stream = io.BytesIO()
    blank(synthetic=False, output="notulen").save(stream)
    assert Document(stream).core_properties.keywords == f"Informasi publik: {Kip.ON_REQUEST.value}"
    assert properties("ekspor")["keywords"] == f"Informasi publik: {Kip.EXCEPTED.value}"


def test_what_names_a_family_is_excepted() -> None:
    open_ = {name for name, one in OUTPUTS.items() if one.kip != Kip.EXCEPTED}
    assert (
        open_ & {"lampiran-nama", "salinan-data", "lembar-keluarga", "daftar-sasaran", "ekspor", "formulir-kode"}
        == set()
    )
