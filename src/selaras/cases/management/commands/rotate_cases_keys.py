"""`selaras rotate_cases_keys`."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from selaras.cases.keys import ShutError
from selaras.cases.rotation import BehindError, SameVersionError, begin_anew, rotate


class Command(BaseCommand):
    """Wrap every key of the locked room with the newest version of SELARAS_CASES_KEY."""

    help = "Membungkus ulang kunci ruang perlindungan dengan versi tertinggi SELARAS_CASES_KEY (docs/operations.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--begin-anew",
            metavar="SALINAN",
            type=Path,
            help="kunci lama hilang: simpan yang tak terbuka lagi di berkas ini, lalu buang",
        )
        parser.add_argument("--despite", action="store_true", help="walau ada server yang belum memakai versi baru")
        parser.add_argument("--yes", action="store_true", help="jangan bertanya lagi")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["begin_anew"] is not None:
                self._begin_anew(options["begin_anew"], sure=options["yes"])
                return
            count = rotate(despite=options["despite"])
        except ShutError as error:
            self._stop(
                f"Berhenti: ada kunci yang tidak dapat dibuka ({error}); kembalikan versi lamanya, atau bila hilang"
                " untuk selamanya pakai --begin-anew SALINAN."
            )
        except BehindError as error:
            self._stop(
                f"Belum ada yang diubah: {', '.join(error.names)} masih memakai versi lama saja; beri server itu kedua"
                " versi, mulai ulang, lalu jalankan lagi. Server yang sudah tidak ada: --despite."
            )
        self.stdout.write(
            f"{count} kunci dibungkus ulang, dan tidak ada lagi yang dapat menulis dengan versi lama. Versi lama boleh"
            " dihapus dari SELARAS_CASES_KEY; simpan selama cadangan dari sebelum hari ini masih disimpan."
        )

    def _begin_anew(self, copy: Path, *, sure: bool) -> None:
        asked = "Tiket yang kuncinya tidak ada di sini dihapus untuk selamanya. Ketik HAPUS untuk lanjut: "
        if not sure and input(asked).strip() != "HAPUS":
            self._stop("Tidak ada yang dihapus.")
        try:
            count = begin_anew(copy)
        except SameVersionError:
            self._stop(
                "Tidak ada yang dihapus: kunci baru ini bernomor sama dengan yang hilang. Bila salah ketik, perbaiki;"
                " bila memang hilang, beri nomor versi berikutnya."
            )
        except OSError as error:
            self._stop(f"Tidak ada yang dihapus: salinan tidak dapat ditulis ({error.strerror}); sebut berkas baru.")
        self.stdout.write(f"{count} tiket disalin ke {copy} dan dihapus; ruang perlindungan dapat dipakai lagi.")

    def _stop(self, said: str) -> NoReturn:
        self.stdout.write(said)
        sys.exit(1)
