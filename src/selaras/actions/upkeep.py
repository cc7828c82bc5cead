"""What the worker tidies now and then: files that no row names, and free space that could not be swept at once."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from selaras.actions import erasure
from selaras.models import Erasure, StoredFile
from selaras.models.files import media_root

#: A file is written before its row; one that has had no row for so long belongs to nothing.
ORPHANED_AFTER = timedelta(hours=24)
_STORED = re.compile(r"[0-9a-f]{64}")


def tidy(*, now: datetime | None = None) -> int:
    """Delete orphaned files and finish sweeps that a reader had stopped; how many files. The worker calls it hourly."""
    now = now or timezone.now()
    count = 0
    for path in orphans(now=now):
        path.unlink(missing_ok=True)
        count += 1
    if Erasure.objects.filter(swept_at__isnull=True).exists():
        erasure.write_register()
        erasure.sweep()
    return count


def orphans(*, now: datetime) -> Iterator[Path]:
    """Files of ours under the media folder that no row names, older than a day; half-written ones among them."""
    before = (now - ORPHANED_AFTER).timestamp()
    for folder in sorted(media_root().glob("[0-9a-f][0-9a-f]")):
        old = [path for path in sorted(folder.iterdir()) if path.is_file() and path.stat().st_mtime < before]
        names = {path.name for path in old if _STORED.fullmatch(path.name)}
        known = set(StoredFile.objects.filter(sha256__in=names).values_list("sha256", flat=True)) if names else set()
        for path in old:
            if path.name.startswith(".new-") or path.name in names - known:
                yield path
