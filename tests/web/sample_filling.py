"""What the pages beside the forms in a browser are given: a file brought in, and signing out where forms wait."""

from collections.abc import Callable
from types import SimpleNamespace

from selaras.actions.sending.files import Brought
from selaras.actions.sending.kinds import News
from selaras.errors import Problem
from selaras.web import parcel_files

Context = dict[str, object]
_WHO = SimpleNamespace(uuid="00000000-0000-4000-8000-000000000000", is_authenticated=True)
_BROUGHT = (
    Brought("1", "taken", News("sent")),
    Brought("2", "taken", News("held", "twice")),
    Brought("3", "refused", problems=(Problem("parcel.owner"),)),
)

PAGES: dict[str, tuple[str, Callable[[], Context]]] = {
    "berkas-cadangan": ("parcel_files.html", parcel_files.context),
    "berkas-cadangan-hasil": ("parcel_files.html", lambda: parcel_files.context(_BROUGHT)),
    "berkas-cadangan-salah": ("parcel_files.html", lambda: parcel_files.context(problems=[Problem("parcel.file")])),
    "keluar": ("account/logout.html", dict),
    "keluar-isian": ("account/logout.html", lambda: {"user": _WHO}),
}
