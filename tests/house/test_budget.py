"""No file over 500 lines, no function over 50: past that a thing has two meanings and wants two names."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 500
LONGEST_FUNCTION = 50


def sources() -> list[Path]:
    """Every Python file of ours but migrations, which Django writes."""
    folders = ("src", "tests", "tools", "bench")
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts and "node_modules" not in path.parts]


def long_functions(source: str) -> list[tuple[str, int]]:
    """Name and length of each function over the budget."""
    functions = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = [(node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions]
    return [(name, length) for name, length in lengths if length > LONGEST_FUNCTION]


def test_the_budget_counts_a_function_that_is_too_long() -> None:
    source = "def f():\n" + "    x = 1\n" * LONGEST_FUNCTION
    assert long_functions(source) == [("f", LONGEST_FUNCTION + 1)]


def test_no_file_is_longer_than_its_budget() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources()}
    assert lengths, "no sources found"
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_its_budget() -> None:
    found = {str(path.relative_to(ROOT)): long_functions(path.read_text()) for path in sources()}
    assert {name: functions for name, functions in found.items() if functions} == {}
