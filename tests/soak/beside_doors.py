"""What leaves the server by no door: words of commands, files that the worker makes, mails, rows and their log."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from selaras.actions import exports
from selaras.actions.dossiers import freeze
from selaras.actions.hand_overs import publish_due
from selaras.actions.jobs import work_off
from selaras.actions.reminders import send_digests
from selaras.actions.weekly import make_now
from selaras.models import DossierAnnex, Publication, StoredFile, User
from selaras.queries.extract import Wanted
from tests import build
from tests.web.doors.two_worlds import begin_from, heard, main_tables
from tests.web.doors.world import OWN, World

Said = dict[str, object]


def everything_beside(planted: World, numbers: dict[str, int]) -> Said:
    """Name of what was done → all that came of it. It is undone."""
    found: Said = {}
    with transaction.atomic():
        begin_from(numbers)
        for name, do in _deeds(planted):
            with heard(name, {}) as (asked, lines):
                came = do()
            found[name] = (came, tuple(asked), tuple(lines))
        found["mails"] = [(each.subject, each.body, each.to) for each in mail.outbox]
        found["tables"] = main_tables()
        found["files"] = {one.sha256: one.content() for one in StoredFile.objects.select_related("key")}
        transaction.set_rollback(True)
    mail.outbox.clear()
    return found


def _deeds(planted: World) -> Iterator[tuple[str, Callable[[], object]]]:
    of, people = planted.areas[OWN].programme, planted.people
    slug, code = of.cycle.slug, of.lokus.area
    result = planted.areas[OWN].frozen[0]
    for words in (
        ["doctor"],
        ["audit", "--verify"],
        ["recompute", slug],
        ["verify-result", str(result)],
        ["rotate_keys"],
    ):
        yield " ".join(words), lambda words=words: _said(words)
    for form in ("xlsx", "csv", "parquet"):
        wanted = Wanted(of.round.kind, form, identifiers=True)
        yield form, lambda wanted=wanted: _taken(planted, wanted)
    yield "dossier", lambda: (freeze(by=people["secretariat"], cycle_slug=slug, code=code).kind, work_off())
    yield "annexes", lambda: [bytes(annex.file.content()) for annex in DossierAnnex.objects.select_related("file__key")]
    yield "week", lambda: (make_now(by=people["secretariat"], cycle_slug=slug), work_off())
    yield "published", lambda: _published(people["protection"])
    yield "reminders", lambda: send_digests(timezone.now())


def _published(officer: User) -> object:
    """What is published of this year's hand-overs on its last day: one alone is withheld like none."""
    year = timezone.localdate().year
    build.in_time(build.cycle("36.72", year), officer)
    count = publish_due(timezone.now() + timedelta(days=600))
    assert (count > 0, Publication.objects.count()) == (True, count)
    return count


def _said(words: list[str]) -> str:
    out = io.StringIO()
    try:
        call_command(*words, stdout=out, stderr=out)
    except SystemExit as ended:
        out.write(f"exit {ended.code}")
    return out.getvalue()


def _taken(planted: World, wanted: Wanted) -> bytes:
    slug = planted.areas[OWN].programme.cycle.slug
    made = exports.export(by=planted.people["secretariat"], cycle_slug=slug, wanted=wanted, why="uji coba")
    assert isinstance(made, exports.Ready)
    with made.stream as stream:
        return stream.read()
