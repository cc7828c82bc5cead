"""What every template needs and no view should have to give: frame, menu, ribbon. A context processor."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from selaras.queries import frame as frames
from selaras.queries.frame import Frame
from selaras.queries.task_news import TaskNews, task_news
from selaras.queries.watch import WatchNews, watch_news
from selaras.web.audit_words import ACTIONS
from selaras.web.person import person


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the menu. `short` is its name on a phone, '' where a phone reaches it by way of the last entry."""

    label: str
    short: str
    icon: str
    url: str
    current: bool


def menu(frame: Frame, path: str) -> tuple[Entry, ...]:
    """The side bar for this person, at most four of them on the bottom bar of a phone."""
    account = reverse("account_home")
    if frame.cycle is None:
        mine = Entry(_("Akun"), _("Akun"), "user", account, path.startswith(account))
        return (*_room(frame, path), *_beginnings(frame, path), *_last(frame, path), mine)
    slug, lokus = frame.cycle.slug, frame.lokus
    entries = []

    def add(label: str, short: str, icon: str, url: str, *, exact: bool = False) -> None:
        entries.append(Entry(label, short, icon, url, path == url if exact else path.startswith(url)))

    _asked(frame, slug, add)
    entries.extend(_room(frame, path))
    if "own_families" in frame.places:
        add(_("Rumah saya"), _("Rumah"), "map-pin", reverse("cadre"))
    if "cycle" in frame.places:
        # A phone's bar has four places: the year gives way to the matrix where a lokus and its families, or what waits
        # for an answer, are there too.
        short = "" if frame.places & {"answers", "room"} or (lokus and "households" in frame.places) else _("Tahun")
        add(_("Tahun program"), short, "calendar-event", reverse("cycle", args=[slug]), exact=True)
        here = [reverse(name, args=[slug]) for name in ("matrix", "needs", "commitments", "proposals")]
        current = any(path.startswith(each) for each in here)
        who = "" if "own_families" in frame.places else _("Siapa")
        entries.append(Entry(_("Siapa berbuat apa"), who, "table", here[0], current))
    if "preparation" in frame.places:
        pages = [reverse(name, args=[slug]) for name in ("next_steps", "gladi_list")]
        current = any(path.startswith(each) for each in pages)
        entries.append(Entry(_("Langkah berikutnya"), "", "arrow-up-right", pages[0], current))
    if "setup" in frame.places:
        pages = [reverse(name, args=[slug]) for name in ("setup", "teams", "groups", "agencies", "achievements")]
        url = reverse("setup", args=[slug])
        entries.append(Entry(_("Atur tahun"), "", "clipboard-list", url, any(path.startswith(each) for each in pages)))
    if lokus is None:
        # None in view: each of them is one step away, on a phone by way of the year.
        for each in frame.loci:
            add(each.name, "", "map-pin", reverse("lokus", args=[slug, each.code]))
    entries.extend(_here(frame, slug, path))
    _done(frame, slug, add)
    _office(frame, slug, add)
    _server(frame, slug, add)
    add(_("Akun"), _("Lainnya"), "user", account)
    return _four(entries)


def _four(entries: list[Entry]) -> tuple[Entry, ...]:
    """Four places of a phone's bar, however many tasks one person has: the first three, and the last that leads on."""
    *others, last = entries
    named = [entry for entry in others if entry.short][:3]
    return (*(entry if entry in named else replace(entry, short="") for entry in others), last)


def _server(frame: Frame, slug: str, add: Callable[[str, str, str, str], None]) -> None:
    """What holds for more than this year, or is looked up now and then."""
    if frame.instrument and "instrument" in frame.places:
        args = [frame.instrument.id, frame.instrument.version]
        add(_("Instrumen"), "", "clipboard-list", reverse("instrument", args=args))
    if "counts" in frame.places:
        add(_("Angka layanan"), "", "table", reverse("publications", args=[slug]))
    if "places" in frame.places:
        add(_("Wilayah"), "", "map-pin", reverse("places"))
    if "audit" in frame.places:
        add(_("Jejak"), "", "shield-check", reverse("audit"))


def _asked(frame: Frame, slug: str, add: Callable[[str, str, str, str], None]) -> None:
    """What an agency is asked, for its liaison."""
    if "answers" in frame.places:
        add(_("Jawab permintaan"), _("Jawab"), "circle-dashed", reverse("own_answers", args=[slug]))


def _done(frame: Frame, slug: str, add: Callable[[str, str, str, str], None]) -> None:
    """What was done, what proves it, and what Monday says of it."""
    if "cycle" in frame.places:
        add(_("Kegiatan"), "", "camera", reverse("activities", args=[slug]))
    if "evidence" in frame.places:
        add(_("Bukti dukung"), "", "shield-check", reverse("evidence", args=[slug]))
    if "cycle" in frame.places:
        add(_("Senin"), "", "news", reverse("weeks", args=[slug]))


def _here(frame: Frame, slug: str, path: str) -> Iterator[Entry]:
    """The lokus in view, its families, and taking and bringing in their data."""
    lokus = frame.lokus
    if lokus and "lokus" in frame.places:
        url = reverse("lokus", args=[slug, lokus.code])
        current = path == url or path.startswith(f"{url}indikator/")
        yield Entry(_("Nilai lokus"), _("Nilai"), "target-arrow", url, current)
    if lokus and "households" in frame.places:
        url = reverse("households", args=[slug, lokus.code])
        yield Entry(_("Keluarga"), _("Keluarga"), "users-group", url, path.startswith(url))
    if lokus and "readiness" in frame.places:
        url = reverse("readiness", args=[slug, lokus.code])
        yield Entry(_("Kesiapan"), "", "circle-check", url, path.startswith(url))
    if "field" in frame.places:
        # Of the lokus in view how far it is, else the cadres' phones; each of these pages leads to the others.
        phones = reverse("phones", args=[slug])
        url = reverse("progress", args=[slug, lokus.code]) if lokus else phones
        pages = [phones, f"{reverse('cycle', args=[slug])}kiriman/"]
        pages += [reverse("progress", args=[slug, each.code]) for each in frame.loci]
        yield Entry(_("Pendataan"), "", "clipboard-list", url, any(path.startswith(page) for page in pages))
    if "filling" in frame.places:
        yield Entry(_("Isi formulir"), "", "clipboard-list", f"{reverse('filling')}?tahun={slug}", current=False)
    if lokus and "checks" in frame.places:
        url = reverse("checks", args=[slug, lokus.code])
        yield Entry(_("Perlu dicek"), "", "eye", url, path.startswith(url))
    if lokus and "imports" in frame.places:
        url = reverse("imports", args=[slug, lokus.code])
        yield Entry(_("Impor data"), "", "table-import", url, path.startswith(url))
    if "exports" in frame.places:
        url = reverse("exports", args=[slug])
        yield Entry(_("Ekspor jawaban"), "", "download", url, path.startswith(url))


def _office(frame: Frame, slug: str, add: Callable[[str, str, str, str], None]) -> None:
    """What the secretariat works with, beside families and numbers."""
    if "meetings" in frame.places:
        add(_("Rapat"), "", "clock", reverse("meetings", args=[slug]))
    if "documents" in frame.places:
        add(_("Berkas"), "", "file-spreadsheet", reverse("documents", args=[slug]))
    if "asks" in frame.places:
        add(_("Permintaan"), "", "circle-dashed", reverse("asks", args=[slug]))
        add(_("Tautan OPD"), "", "key", reverse("links", args=[slug]))
    if "people" in frame.places:
        add(_("Orang"), "", "id-badge", reverse("people", args=[slug]))
    if "data" in frame.places:
        add(_("Data pribadi"), "", "lock", reverse("data_map", args=[slug]))


def _beginnings(frame: Frame, path: str) -> tuple[Entry, ...]:
    """Where a person without any year begins one."""
    found = []
    if "places" in frame.places:
        url = reverse("places")
        found.append(Entry(_("Wilayah"), _("Wilayah"), "map-pin", url, path == url))
    if "new_year" in frame.places:
        url = reverse("new_year")
        found.append(Entry(_("Buka tahun program"), _("Tahun"), "calendar-event", url, path == url))
    return tuple(found)


def _room(frame: Frame, path: str) -> Iterator[Entry]:
    """Of the locked room no more than that it is there, for its officers."""
    if "room" in frame.places:
        url = reverse("cases:room")
        yield Entry(_("Ruang petugas"), _("Ruang"), "lock", url, path.startswith(url))


def _last(frame: Frame, path: str) -> tuple[Entry, ...]:
    """What is of no year: the audit, for whoever may read some of it."""
    url = reverse("audit")
    return (Entry(_("Jejak"), "", "shield-check", url, path.startswith(url)),) if "audit" in frame.places else ()


def _menu_of(frame: object, path: str) -> tuple[Entry, ...]:
    return menu(cast(Frame, frame), path) if frame else ()


#: Where people land after signing in.
_LANDINGS = frozenset({"home", "cycle", "lokus", "own_answers", "cadre"})


def surroundings(request: HttpRequest) -> dict[str, object]:
    """`frame` and `menu` (read only if the template asks), `task_news` where she lands, `demo`: whether it is one;
    `leave_to`: where a page is left for at once."""
    match = request.resolver_match
    kwargs = match.kwargs if match else {}

    def read() -> Frame | None:
        if not getattr(request, "user", None) or not request.user.is_authenticated:
            return None
        return frames.frame(person(request), kwargs.get("slug"), kwargs.get("code"))

    def changed() -> TaskNews | None:
        lands = match is not None and match.url_name in _LANDINGS
        return task_news(person(request)) if lands and request.user.is_authenticated else None

    def done() -> WatchNews | None:
        lands = match is not None and match.url_name in _LANDINGS
        return watch_news(person(request)) if lands and request.user.is_authenticated else None

    frame = SimpleLazyObject(read)
    return {
        "watch_news": SimpleLazyObject(done),
        "watched": ACTIONS,
        "task_news": SimpleLazyObject(changed),
        "frame": frame,
        "menu": SimpleLazyObject(lambda: _menu_of(frame, request.path)),
        "demo": settings.SELARAS_DEMO,
        "leave_to": settings.SELARAS_LEAVE_URL,
    }
