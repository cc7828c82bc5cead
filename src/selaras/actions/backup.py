"""Back up the whole server into one file, and restore it on SQLite or PostgreSQL.

Source of the rule that erasures are replayed: UU 27/2022 art. 43; a backup must not bring back who was erased.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from selaras.access import Actor, demand, may_back_up
from selaras.actions import (
    audit,
    erasure,
    photo_consents,
    publication_register,
    restriction_marks,
    restrictions,
    upkeep,
)
from selaras.actions.backups import archive, rows
from selaras.actions.backups.archive import Manifest, Reader, Writer
from selaras.actions.migrating import Executor
from selaras.actions.registers import Register
from selaras.errors import InputError, Problem
from selaras.models import Job, JobState, SearchHashes, StoredFile
from selaras.models.files import path_of, write_once

Migration = tuple[str, str]
#: Registers beside the media that a newer backup carries for an older one.
BESIDE: Final[tuple[Register[Any], ...]] = (
    photo_consents.REGISTER,
    publication_register.REGISTER,
    restriction_marks.REGISTER,
)


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds; `rows` but those of the locked room. `missing` names stored files that were not on disk."""

    rows: int
    files: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back; `rows` but those of the locked room; `erased` families of it were forgotten again, `restricted`
    are used no further by name again; `unknown` others should be and are not there, `unmarked` of them cannot be known
    when they come in anew."""

    rows: int
    files: int
    erased: int
    restricted: int
    unknown: int
    unmarked: int


def back_up(*, by: Actor, path: Path) -> BackedUp:
    """Write tables and media of one moment into `path`; writers are not held up.

    Raises Forbidden, or InputError where `path` exists. The audit entry is written after the moment, so it is not
    in this backup.
    """
    demand(may_back_up, by)
    # In every backup, of a server without families too: without it no fingerprint of a register would be found again.
    SearchHashes.load()
    with rows.snapshot():
        manifest = Manifest(
            format=archive.FORMAT,
            version=metadata.version("selaras"),
            created_at=timezone.now().isoformat(),
            migrations=sorted([app, name] for app, name in _applied()),
        )
        with archive.writing(path, manifest) as writer:
            count = 0
            for model in rows.kept_models():
                member = writer.add(f"tables/{model._meta.label_lower}.jsonl", rows.lines_of(model))
                count += member.rows if rows.is_told(model) else 0
            files, missing = _add_media(writer)
            writer.add(archive.REGISTER, _register_lines())
            for each in BESIDE:
                if each.path.exists():
                    writer.add(each.name, [each.path.read_bytes()])
    done = BackedUp(count, files, tuple(missing))
    with transaction.atomic():
        audit.record(by=by, action="server.back_up", rows=done.rows, files=done.files, missing=len(done.missing))
    return done


def _applied() -> list[Migration]:
    known = {model._meta.app_label for model in rows.kept_models()}
    return [key for key in MigrationRecorder(connection).applied_migrations() if key[0] in known]


def _add_media(writer: Writer) -> tuple[int, list[str]]:
    files, missing = 0, []
    names = StoredFile.objects.order_by("sha256").values_list("sha256", flat=True)
    for sha256 in names.iterator(chunk_size=rows.CHUNK):
        try:
            with path_of(sha256).open("rb") as stream:
                writer.add(f"media/{sha256}", iter(lambda: stream.read(archive.BLOCK), b""), compressed=False)
            files += 1
        except FileNotFoundError:
            # Erased while this ran; or lost, which `doctor` reports.
            missing.append(sha256)
    return files, missing


def _register_lines() -> Iterator[bytes]:
    """What the register and the database know. A line that cannot be read stays in the register alone: whoever restores
    could not read it either, and inside a sealed file nobody could mend it."""
    known = {e.household: e for e in [*erasure.known_register()[0], *erasure.entries()]}
    for entry in known.values():
        yield erasure.line_of(entry) + b"\n"


def restore(*, by: Actor, path: Path, registers: Sequence[Path] = ()) -> Restored:
    """Bring a backup into this empty database, bring it up to date, and forget again whom any register names.

    Registers are the one in the backup, the one beside this server's media, and `registers`: files of that form, or
    newer backups. Families that asked since to be used no further by name, in the file beside or in any of those, are
    in nobody's view again; what families have said of their photos since is withdrawn again, and what was published
    since, is out. Raises Forbidden, or InputError where the
    database has rows, or the backup was changed, is newer, or lacks its key. Nothing is written before all is checked.
    """
    demand(may_back_up, by)
    with archive.reading(path) as reader:
        manifest = reader.manifest
        wanted = _known_migrations(manifest)
        register = [*_registers(reader, registers)]
        lines = {each.name: [*_lines(each, registers)] for each in BESIDE}
        _refuse_rows()
        for member in manifest.media():
            _bring_file(reader, member)
        # First of all: whatever breaks off from here on, those who serve this database will know whom to forget.
        erasure.write_register(register)
        for each in BESIDE:
            each.keep(lines[each.name])
        targets = _at_schema(wanted)
        count = _bring_rows(reader, targets)
    call_command("migrate", verbosity=0, interactive=False)
    for alias in _apart():
        call_command("migrate", alias, verbosity=0, interactive=False, database=alias)
    with transaction.atomic():
        Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).update(
            state=JobState.FAILED, note="terputus oleh pemulihan cadangan; mulai lagi", finished_at=timezone.now()
        )
    erased = erasure.replay(by=by, register=register)
    erasure.write_register()
    withdrawn = photo_consents.replay(by=by, words=lines[photo_consents.REGISTER.name])
    published = publication_register.replay(by=by, lines=lines[publication_register.REGISTER.name])
    again = restrictions.replay(by=by, lines=lines[restriction_marks.REGISTER.name])
    upkeep.resume()
    with transaction.atomic():
        audit.record(
            by=by,
            action="server.restore",
            backup=manifest.created_at,
            rows=count,
            files=len(manifest.media()),
            erased=erased,
            withdrawn=withdrawn,
            published=published,
            restricted=again.restricted,
        )
    return Restored(count, len(manifest.media()), erased, again.restricted, again.unknown, again.unmarked)


def _known_migrations(manifest: Manifest) -> set[Migration]:
    """The backup's migrations. Raises InputError where this program lacks one: the backup is newer."""
    wanted = {(app, name) for app, name in manifest.migrations}
    if wanted - set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}):
        raise InputError(Problem("backup.newer", values={"version": manifest.version}))
    return wanted


def _registers(reader: Reader, others: Sequence[Path]) -> Iterator[erasure.Entry]:
    with reader.open(archive.REGISTER) as stream:
        yield from map(erasure.entry_of, stream)
    yield from erasure.read_register(erasure.register_path())
    for path in others:
        if not path.is_file():
            raise InputError(Problem("file.unreadable", values={"name": path.name}))
        if path.suffix == ".jsonl":
            yield from erasure.read_register(path)
            continue
        with archive.reading(path) as newer, newer.open(archive.REGISTER) as stream:
            yield from map(erasure.entry_of, stream)


def _lines(register: Register[Any], registers: Sequence[Path]) -> Iterator[Any]:
    """What registers of that name say: the one beside the media, beside each that is given, and in newer backups."""
    for path in dict.fromkeys([register.path, *(path.parent / register.name for path in registers)]):
        yield from register.read(path)
    for path in registers:
        if path.suffix == ".jsonl":
            continue
        with archive.reading(path) as newer:
            # Backups of earlier versions have none.
            if any(member.name == register.name for member in newer.manifest.members):
                yield from register.parse(newer.open(register.name).read())


def _refuse_rows() -> None:
    there = {alias: set(connections[alias].introspection.table_names()) for alias in connections}
    kept = ((model._meta.db_table, model._base_manager) for model in rows.kept_models())
    if any(table in there[manager.db] and manager.exists() for table, manager in kept):
        raise InputError(Problem("restore.not_empty"))


def _bring_file(reader: Reader, member: archive.Member) -> None:
    sha256 = member.name.removeprefix("media/")
    if sha256 != member.sha256:
        raise InputError(Problem("backup.changed", values={"name": member.name}))
    with reader.open(member.name) as stream:
        write_once(stream.read(), sha256)


def _at_schema(wanted: set[Migration]) -> list[Migration]:
    """Bring the empty database to the backup's schema, forward or back; the newest migration of each app."""
    executor = Executor(connection)
    graph = executor.loader.graph
    targets = [
        key
        for key in sorted(wanted)
        if not any(child.key in wanted and child.key[0] == key[0] for child in graph.node_map[key].children)
    ]
    executor.migrate(targets)
    for alias in _apart():
        Executor(connections[alias]).migrate([key for key in targets if key[0] == alias])
    return targets


def _apart() -> list[str]:
    """Databases that hold one app each, whose name they have: the locked room's, where it has one of its own."""
    return [alias for alias in connections if alias != DEFAULT_DB_ALIAS]


def _bring_rows(reader: Reader, targets: list[Migration]) -> int:
    """Every row, by the models as they were at that schema, in one transaction."""
    state = MigrationExecutor(connection).loader.project_state(targets).apps
    loaded, count = [], 0
    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(transaction.atomic(using=alias))
        for member in reader.manifest.tables():
            model = state.get_model(member.name.removeprefix("tables/").removesuffix(".jsonl"))
            with reader.open(member.name) as stream:
                stored = rows.store_lines(model, stream)
                count += stored if rows.is_told(model) else 0
            loaded.append(model)
        rows.reset_sequences(connection, loaded)
    return count
