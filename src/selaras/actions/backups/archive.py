"""The archive: a zip of tables and media, with a manifest of hashes proven by SELARAS_DATA_KEY.

    manifest.json     format, version, migrations, members with rows and SHA-256, media
    manifest.proof    `VERSION:HMAC` of manifest.json
    tables/LABEL.jsonl  media/SHA256  erasures.jsonl, and the other registers that stand beside the media

The zip is sealed whole (`sealed`), and keys stay wrapped inside it: without SELARAS_DATA_KEY a backup tells nothing.
"""

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Final

from selaras.actions.backups.sealed import SealingWriter, plain
from selaras.errors import InputError, Problem
from selaras.models import CannotUnsealError, sealing

FORMAT: Final = 1
MANIFEST, PROOF, REGISTER = "manifest.json", "manifest.proof", "erasures.jsonl"
BLOCK: Final = 1024 * 1024
LONGEST_MANIFEST: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive; `rows` for tables, 0 else."""

    name: str
    sha256: str
    rows: int = 0


@dataclass(slots=True)
class Manifest:
    """What the archive holds. `migrations` are `[app, name]` pairs that had been applied."""

    format: int
    version: str
    created_at: str
    migrations: list[list[str]]
    members: list[Member] = field(default_factory=list)

    def tables(self) -> list[Member]:
        return [member for member in self.members if member.name.startswith("tables/")]

    def media(self) -> list[Member]:
        return [member for member in self.members if member.name.startswith("media/")]


class Writer:
    """Adds members and remembers their hashes; `finish` writes manifest and proof."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def add(self, name: str, blocks: Iterable[bytes], *, compressed: bool = True) -> Member:
        """Write one member; of tables each block is a row."""
        info = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
        digest, count = hashlib.sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as stream:
            for block in blocks:
                digest.update(block)
                stream.write(block)
                count += 1
        member = Member(name, digest.hexdigest(), count if name.startswith("tables/") else 0)
        self.manifest.members.append(member)
        return member

    def finish(self) -> None:
        """The manifest and its proof."""
        text = json.dumps(asdict(self.manifest), sort_keys=True, indent=1).encode()
        version = sealing.current_version()
        self._archive.writestr(MANIFEST, text)
        self._archive.writestr(PROOF, f"{version}:{sealing.proof(version, text)}")


@contextmanager
def writing(path: Path, manifest: Manifest) -> Iterator[Writer]:
    """A new archive that appears under its name only when it is whole and on disk; readable by its owner alone.

    Raises InputError where something has that name already.
    """
    if path.exists():
        raise InputError(Problem("backup.exists", values={"name": path.name}))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".backup-")
    try:
        with os.fdopen(handle, "w+b") as stream:
            with SealingWriter(stream) as sealed, zipfile.ZipFile(sealed, "w") as archive:
                writer = Writer(archive, manifest)
                yield writer
                writer.finish()
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).rename(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


class Reader:
    """An archive that has been checked: every member is what the manifest says, and nothing else is there."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.manifest = _read_manifest(archive)
        if self.manifest.format > FORMAT:
            raise InputError(Problem("backup.newer", values={"version": self.manifest.version}))
        self._check()

    def _check(self) -> None:
        names = [info.filename for info in self._archive.infolist()]
        expected = [member.name for member in self.manifest.members]
        if sorted(names) != sorted([*expected, MANIFEST, PROOF]):
            raise _changed("daftar isi")
        for member in self.manifest.members:
            with self.open(member.name) as stream:
                if _digest(stream) != member.sha256:
                    raise _changed(member.name)

    def open(self, name: str) -> IO[bytes]:
        """The bytes of a member."""
        return self._archive.open(name)


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """The archive, checked from end to end. Raises InputError where it is no backup, changed, or of a newer format."""
    try:
        with _opened(path) as stream, zipfile.ZipFile(stream) as archive:
            yield Reader(archive)
    except (CannotUnsealError, OSError, zipfile.BadZipFile, EOFError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise _changed(path.name) from error


def _opened(path: Path) -> IO[bytes]:
    try:
        return plain(path)
    except CannotUnsealError as error:
        # Its header is not sealed: what it says is the version of the key that is wanted.
        raise InputError(Problem("backup.key", values={"version": str(error).rpartition(" ")[2]})) from None


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := stream.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        if archive.getinfo(MANIFEST).file_size > LONGEST_MANIFEST:
            raise _changed(MANIFEST)
        text = archive.read(MANIFEST)
        version, _, given = archive.read(PROOF).decode("ascii", "replace").partition(":")
    except KeyError:
        raise InputError(Problem("backup.unknown")) from None
    try:
        if not (version.isdigit() and sealing.proves(int(version), text, given)):
            raise _changed(MANIFEST)
    except CannotUnsealError:
        raise InputError(Problem("backup.key", values={"version": version})) from None
    content = json.loads(text)
    content["members"] = [Member(**member) for member in content["members"]]
    return Manifest(**content)


def _changed(name: str) -> InputError:
    return InputError(Problem("backup.changed", values={"name": name}))
