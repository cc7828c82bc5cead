"""What a browser keeps of the page of /isi/: files by their hashes, their version, and the worker that keeps them."""

import base64
import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.template.loader import render_to_string

from selaras.models import User
from selaras.models.sealing import box_for_parcels, current_version, parcel_seal

SHELL = "/isi/"
#: The cookie of a browser that was handed families: it says nothing but that.
KEEPS = "selaras_isi"
#: The page's own modules: they name each other as they stand here, without the hash of a collected file.
_FOLDER = Path(settings.PACKAGE) / "web" / "static" / "selaras" / "isi"
_WORKER = _FOLDER / "worker.js"
_KEPT = frozenset({".js", ".wasm", ".css"})
_ADDRESS = re.compile(rf'["\']({re.escape(settings.STATIC_URL)}[^"\'#?]+)')


def box_module() -> str:
    """The module of /isi/kotak.js: the public key, and which of the server's keys it belongs to."""
    number, key = box_for_parcels()
    said = {"id": number, "key": base64.b64encode(key).decode()}
    return f"export const box = {json.dumps(said)};\n"


def seal_of(user: User) -> dict[str, object]:
    """What her browser signs its files of unsent items with: `id`, which of the server's keys it is of, and `key`."""
    number = current_version()
    return {"id": number, "key": base64.b64encode(parcel_seal(number, str(user.uuid))).decode()}


def worker_script(request: HttpRequest) -> str:
    """The service worker with its version and files, in the language that this browser reads."""
    version, files = _kept(_language(request), settings.STATIC_ROOT)
    head = f"const VERSION = {json.dumps(version)}, SHELL = {json.dumps(SHELL)}, FILES = {json.dumps(files)};\n"
    return head + _WORKER.read_text(encoding="utf-8")


def version_of(request: HttpRequest) -> str:
    """What names this very page with these very files."""
    return _kept(_language(request), settings.STATIC_ROOT)[0]


def files_of_page(request: HttpRequest) -> list[tuple[str, str]]:
    """(address, `sha256-…` or '' where it is not at hand) of everything that the page needs."""
    return list(_kept(_language(request), settings.STATIC_ROOT)[1])


def _language(request: HttpRequest) -> str:
    return getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)


@lru_cache(maxsize=8)
def _kept(language: str, _collected: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Version and files. The page is drawn as a stranger's: it holds nothing of anybody."""
    page = render_to_string("isi/app.html", {"demo": settings.SELARAS_DEMO, "LANGUAGE_CODE": language})
    named = {address: _hash_of(_stored(address)) for address in sorted(set(_ADDRESS.findall(page)))}
    plain = {_plain(address) for address in named}
    for path in sorted(_FOLDER.iterdir()):
        address = f"{settings.STATIC_URL}selaras/isi/{path.name}"
        if path.suffix in _KEPT and path != _WORKER and address not in plain:
            named[address] = _hash_of(path)
    named["/isi/kotak.js"] = ""
    files = tuple(named.items())
    text = json.dumps([files, page, _WORKER.read_text(encoding="utf-8"), box_module()])
    return hashlib.sha256(text.encode()).hexdigest()[:16], files


def _stored(address: str) -> Path:
    return Path(staticfiles_storage.path(address.removeprefix(settings.STATIC_URL)))


def _plain(address: str) -> str:
    """`app.0123456789ab.js` as it was called before it was collected."""
    return re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", address)


def _hash_of(path: Path) -> str:
    """As a browser checks it; '' where the file is not at hand, which it then is not told."""
    try:
        return "sha256-" + base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()
    except OSError:
        return ""
