"""`selaras restore FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from selaras.access import CONSOLE
from selaras.actions.backup import restore
from selaras.management.console import ConsoleCommand


class Command(ConsoleCommand):
    """Bring a backup into an empty database."""

    help = "Memulihkan cadangan ke basis data yang kosong (SQLite atau PostgreSQL)."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="berkas cadangan")
        parser.add_argument(
            "--erasures",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help="erasures.jsonl atau cadangan yang lebih baru: keluarga yang sudah dihapus tidak ikut kembali",
        )

    def handle(self, *_args: Any, file: Path, erasures: list[Path], **_options: Any) -> None:
        done = restore(by=CONSOLE, path=file, registers=erasures)
        self.stdout.write(f"{done.rows} baris dan {done.files} berkas pulih.")
        if done.erased:
            self.stdout.write(f"{done.erased} keluarga yang sudah dihapus sesudah cadangan ini, dihapus lagi.")
        if done.restricted:
            self.stdout.write(f"{done.restricted} keluarga yang sejak itu minta dibatasi, dibatasi lagi.")
        if done.unknown > done.unmarked:
            self.stdout.write(
                f"{done.unknown - done.unmarked} keluarga yang minta dibatasi belum ada di cadangan ini: bila datanya "
                "masuk lagi lewat lembar kerja atau HP dengan nomor KK atau NIK kepala keluarga yang sama, ia dibatasi "
                "lagi dengan sendirinya dan disebut di Permintaan pemilik data. Tanpa kedua nomor itu ia tidak "
                "dikenali: catat dan jawab permintaannya sekali lagi."
            )
        if done.unmarked:
            self.stdout.write(
                f"{done.unmarked} keluarga yang minta dibatasi belum ada di cadangan ini dan tidak akan dikenali, "
                "karena nomor KK dan NIK-nya tidak diketahui: bila datanya masuk lagi, catat dan jawab permintaannya "
                "sekali lagi."
            )
