"""The command `selaras`. `check` and `score` never load Django; every other word is a management command.

Each command imports what it needs when it runs: `selaras --help` and a mistyped option answer at once, and Django,
DuckDB and pyxform are loaded by nobody who has no use for them.

Exit codes: 0 done, 1 the input has errors (all of them on standard output, one a line), 2 wrong usage.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from selaras.errors import Problem
    from selaras.scoring.card import Scorecard, UnitScore
    from selaras.scoring.facts import Fact
    from selaras.scoring.instrument import Instrument

DONE, WRONG, USAGE = 0, 1, 2
FACTS = "facts"
#: What argparse says, and how it is said here.
_ARGPARSE = (
    ("the following arguments are required:", "yang wajib belum diisi:"),
    ("unrecognized arguments:", "tidak dikenal:"),
    ("argument (.+?): expected one argument", r"\1 meminta satu isian"),
    ("argument (.+?): not allowed with argument (.+)", r"\1 tidak dapat dipakai bersama \2"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", r"\1 tidak mengenal \2; pilih \3"),
    ("argument (.+?): ", r"\1: "),
)
HELP = """\
Selaras: dari instrumen penilaian ke nilai yang dapat dijelaskan.

  selaras check WORKBOOK…           periksa buku kerja instrumen, semua kesalahannya sekaligus
  selaras score WORKBOOK DATA…      hitung nilai dari data keluarga
  selaras serve                     jalankan Selaras di peramban
  selaras demo                      isi contoh dua kelurahan, lalu jalankan
  selaras help                      semua perintah lain

selaras check --help dan selaras score --help menjelaskan pilihannya.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        # Labels hold “ and …, which a terminal with an old code page would refuse halfway through a table.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    if not words or words[0] in ("-h", "--help"):
        print(HELP, end="")
        return USAGE if not words else DONE
    commands: dict[str, Callable[[list[str]], int]] = {"check": check, "score": score}
    if words[0] not in commands:
        return manage(words)
    try:
        return commands[words[0]](words[1:])
    except BrokenPipeError:
        # `selaras check … | head` has read enough. Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


class _Parser(argparse.ArgumentParser):
    """argparse in Indonesian, as far as it can be told."""

    def __init__(self, command: str, usage: str, description: str) -> None:
        super().__init__(prog=f"selaras {command}", usage=usage, description=description, add_help=False)
        self._optionals.title = "pilihan"
        self._positionals.title = "isian"
        self.add_argument("-h", "--help", action="help", help="tampilkan keterangan ini")

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "cara pakai: ", 1)

    def error(self, message: str) -> NoReturn:
        for english, bahasa in _ARGPARSE:
            message = re.sub(english, bahasa, message)
        print(f"{self.prog}: {message}\nlihat {self.prog} --help", file=sys.stderr)
        raise SystemExit(USAGE)


# --- check ------------------------------------------------------------------------------------------------------
def check(words: list[str]) -> int:
    """`selaras check WORKBOOK…`: every error and warning of each workbook, one a line."""
    parser = _Parser("check", "selaras check WORKBOOK…", "Periksa buku kerja instrumen (.xlsx), semuanya sekaligus.")
    parser.add_argument("workbook", nargs="+", type=Path, help="buku kerja instrumen, atau XLSForm biasa")
    paths: list[Path] = parser.parse_args(words).workbook
    # Every workbook is read, so that the last one's errors are not hidden behind the first one's.
    return max([_check(path, several=len(paths) > 1) for path in paths])


def _check(path: Path, *, several: bool) -> int:
    from selaras.scoring.workbook import read_workbook

    reading = read_workbook(path)
    for problem in reading.problems:
        print(f"{path.name}: {_line(problem)}" if several else _line(problem))
    wrong = sum(problem.level == "error" for problem in reading.problems)
    if wrong:
        print(f"{path.name}: {wrong} kesalahan", file=sys.stderr)
        return WRONG
    print(f"{path.name}: {_praise(reading.instrument)}")
    return DONE


def _praise(instrument: "Instrument | None") -> str:
    if instrument is None:
        return "XLSForm yang baik; tanpa sheet instrument, jadi tidak ada yang dinilai"
    counts = f"{len(instrument.indicators)} indikator dalam {len(instrument.aspects)} aspek"
    return f"baik; {instrument.id} {instrument.version}, {counts}, sha256 {instrument.sha256[:12]}"


def _line(problem: "Problem") -> str:
    return f"{problem} (peringatan)" if problem.level == "warning" else str(problem)


# --- score ------------------------------------------------------------------------------------------------------
def score(words: list[str]) -> int:
    """`selaras score WORKBOOK DATA…`: the card as a table, as JSON, as a spreadsheet, or one number's trace."""
    options = _score_options(words)
    from selaras.errors import InputError

    try:
        return _score(options)
    except InputError as error:
        for problem in error.problems:
            print(_line(problem))
        return WRONG


def _score_options(words: list[str]) -> argparse.Namespace:
    usage = "selaras score WORKBOOK DATA… [--by KOLOM] [--date TANGGAL] [--json | --xlsx BERKAS | --explain SUBJEK]"
    parser = _Parser(
        "score",
        usage,
        "Hitung nilai dari data keluarga. DATA: satu berkas keluarga (CSV, XLSX, atau Parquet), lalu bila perlu "
        "PENGULANGAN=BERKAS yang dipasangkan dengan household_id, dan facts=BERKAS untuk nilai dari catatan dan juri.",
    )
    parser.add_argument("workbook", type=Path, help="buku kerja instrumen (.xlsx)")
    parser.add_argument("data", nargs="+", help="data.csv, member=anggota.csv, facts=nilai.csv")
    parser.add_argument("--by", metavar="KOLOM", help="kolom wilayah; bila tidak disebut: unit, kalau ada")
    engines = ["duckdb", "postgresql", "spark"]
    parser.add_argument("--engine", choices=engines, default="duckdb", help="mesin hitung (asalnya duckdb)")
    parser.add_argument("--dsn", help="alamat basis data untuk --engine postgresql")
    parser.add_argument("--date", type=_date, metavar="TANGGAL", help="tanggal penutupan putaran, untuk today()")
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--json", action="store_true", help="cetak kartu nilai sebagai JSON")
    output.add_argument("--xlsx", type=Path, metavar="BERKAS", help="simpan kartu nilai dan jejaknya sebagai .xlsx")
    output.add_argument(
        "--explain",
        action="append",
        metavar="SUBJEK",
        help="jelaskan satu angka: WILAYAH/INDIKATOR, WILAYAH/ASPEK, atau WILAYAH/total",
    )
    options = parser.parse_args(words)
    options.files = _files(parser, options.data)
    return options


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} bukan tanggal; tulis seperti 2024-11-30") from None


def _files(parser: _Parser, words: list[str]) -> dict[str, list[Path]]:
    """The files by what they hold: '' for households, `facts`, or the name of a repeat."""
    files: dict[str, list[Path]] = {}
    for word in words:
        name, equals, path = word.partition("=")
        named = bool(equals) and name.isidentifier() and not Path(word).exists()
        files.setdefault(name if named else "", []).append(Path(path if named else word))
    for name, paths in files.items():
        if len(paths) > 1 and name != FACTS:
            what = f"{name}=…" if name else "berkas keluarga"
            parser.error(f"{what} disebut {len(paths)} kali; gabungkan menjadi satu")
    if "" not in files:
        parser.error("berkas keluarga belum disebut")
    return files


def _score(options: argparse.Namespace) -> int:
    from selaras.scoring.reading import read_answers
    from selaras.scoring.score import score as scored

    instrument = _instrument(options.workbook)
    repeats = {name: paths[0] for name, paths in options.files.items() if name not in ("", FACTS)}
    answers, problems = read_answers(instrument, options.files[""][0], repeats, by=options.by)
    facts, told = _facts(instrument, options.files.get(FACTS, []))
    card = scored(
        instrument,
        answers,
        facts,
        engine=options.engine,
        dsn=options.dsn,
        today=options.date,
        problems=(*problems, *told),
    )
    return _show(instrument, card, options)


def _instrument(path: Path) -> "Instrument":
    """The instrument of a workbook. Raises InputError with all its errors, or because it scores nothing."""
    from selaras.errors import InputError, Problem
    from selaras.scoring.workbook import read_workbook

    reading = read_workbook(path, xform=False)
    if reading.errors:
        raise InputError(reading.errors)
    if reading.instrument is None:
        raise InputError(Problem("score.plain_form", values={"name": path.name}))
    return reading.instrument


def _facts(instrument: "Instrument", paths: list[Path]) -> "tuple[tuple[Fact, ...], tuple[Problem, ...]]":
    """The facts of these files. Raises InputError with all that is wrong in any of them, by file and row."""
    from selaras.errors import InputError
    from selaras.scoring.facts import collect
    from selaras.scoring.reading import read_facts

    facts: list[Fact] = []
    problems: list[Problem] = []
    for path in paths:
        found, told = read_facts(path)
        facts += found
        problems += told
    if any(problem.level == "error" for problem in problems):
        try:
            collect(instrument, facts)
        except InputError as error:  # what is wrong with the other rows, in the same breath
            problems += error.problems
        raise InputError(problems)
    return tuple(facts), tuple(problems)


def _show(instrument: "Instrument", card: "Scorecard", options: argparse.Namespace) -> int:
    if options.json:
        from selaras.scoring.card import to_json

        print(to_json(card), end="")
        return DONE
    if options.explain:
        from selaras.scoring.trace import trace

        for subject in options.explain:
            unit, _, name = subject.rpartition("/")
            print(trace(instrument, _unit(card, unit), name, engine=options.engine, today=options.date))
        return DONE
    if options.xlsx:
        from selaras.scoring.cardsheets import card_xlsx
        from selaras.scoring.engines import statement

        sql = statement(instrument, options.engine, today=options.date)
        _save(options.xlsx, card_xlsx(instrument, card, sql=sql))
        print(f"{options.xlsx}: {len(card.units)} wilayah")
    else:
        from selaras.scoring.cardtext import card_text

        print(card_text(instrument, card))
    for problem in card.problems:
        print(_line(problem))
    return DONE


def _save(path: Path, content: bytes) -> None:
    from selaras.errors import InputError, Problem

    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(Problem("score.unwritable", values={"name": str(path)})) from error


def _unit(card: "Scorecard", name: str) -> "UnitScore":
    """The unit of this code; where none is named, the only one. Raises InputError for any other."""
    from selaras.errors import InputError, Problem

    found = [unit for unit in card.units if (unit.unit or "") == name]
    if not found and not name and len(card.units) == 1:
        return card.units[0]
    if not found:
        units = ", ".join(unit.unit or "''" for unit in card.units[:8])
        raise InputError(Problem("trace.unit", values={"name": name or "''", "units": units}))
    return found[0]


# --- everything else --------------------------------------------------------------------------------------------
def manage(words: list[str]) -> int:
    """Any other word: a management command, with Django."""
    # Names and addresses lie in the database file, sealed values in the media: nobody else on this machine reads them.
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "selaras.settings")
    # Settings are read once: the demo chooses its own secrets and database before that.
    from selaras.management.demo.environment import adopt, port_of, prepare

    if words[0] == "demo":
        prepare(port=port_of(words))
    elif words[0] != "serve":
        adopt()
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line, get_commands

    try:
        # Before get_commands: it knows no command of ours until the apps are loaded.
        django.setup()
    except ImproperlyConfigured as error:
        print(f"selaras: {error}", file=sys.stderr)
        return USAGE
    if words[0] not in ("help", "version", "--version") and words[0] not in get_commands():
        print(f"selaras: tidak ada perintah {words[0]}\n\n{HELP}", end="", file=sys.stderr)
        return USAGE
    execute_from_command_line(["selaras", *words])
    return DONE


if __name__ == "__main__":
    sys.exit(main())
