"""The demo's own world: its secrets, its database and its media under `var/`, chosen before Django reads settings.

Loads no Django. `selaras demo` always uses this world, whatever the environment says, so that nobody can load
invented families into a city's real database.
"""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

SECRETS = "demo-secrets.json"
DEFAULT_PORT = 8000


def var_folder() -> Path:
    """Where runs leave their files: `SELARAS_VAR`, or `var/` of the working folder. Made where it is missing."""
    folder = Path(os.environ.get("SELARAS_VAR", "").strip() or "var").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def prepare(*, port: int = DEFAULT_PORT) -> Mapping[str, str]:
    """Set the demo's environment for this process and its children; return what was set.

    Secrets are made once, with mode 0600, and kept: without them the demo's own data could not be read again.
    """
    var = var_folder()
    values = {
        **_secrets(var / SECRETS),
        "SELARAS_VAR": str(var),
        "SELARAS_DATABASE_URL": f"sqlite:///{var / 'demo.sqlite3'}",
        "SELARAS_MEDIA_URL": f"file://{var / 'demo-media'}",
        "SELARAS_BASE_URL": f"http://127.0.0.1:{port}",
        "SELARAS_ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SELARAS_DEMO": "1",
    }
    os.environ.update(values)
    return values


def adopt() -> bool:
    """Use the demo's world for another command (`doctor`, `audit` …) where this folder has no other one.

    True when it was taken: there are demo secrets here and the environment names no secrets of its own.
    """
    if os.environ.get("SELARAS_SECRET_KEY") or os.environ.get("SELARAS_DATA_KEY"):
        return False
    if not (var_folder() / SECRETS).is_file():
        return False
    prepare()
    return True


def port_of(arguments: list[str]) -> int:
    """The port after `--port` in a command line, else `PORT` of the environment, else 8000."""
    for i, argument in enumerate(arguments):
        text = argument.partition("=")[2] if argument.startswith("--port=") else ""
        if argument == "--port" and i + 1 < len(arguments):
            text = arguments[i + 1]
        if text.isdigit():
            return int(text)
    text = os.environ.get("PORT", "")
    return int(text) if text.isdigit() else DEFAULT_PORT


def _key() -> str:
    return "1:" + base64.b64encode(secrets.token_bytes(32)).decode()


def _secrets(path: Path) -> dict[str, str]:
    if path.is_file():
        found = json.loads(path.read_text(encoding="utf-8"))
        if "SELARAS_CASES_KEY" not in found:
            # A demo from before there was a locked room.
            found["SELARAS_CASES_KEY"] = _key()
            write_private(path, json.dumps(found, indent=1) + "\n")
        return {str(name): str(value) for name, value in found.items()}
    made = {
        "SELARAS_SECRET_KEY": secrets.token_urlsafe(48),
        "SELARAS_DATA_KEY": _key(),
        "SELARAS_CASES_KEY": _key(),
    }
    write_private(path, json.dumps(made, indent=1) + "\n")
    return made


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
