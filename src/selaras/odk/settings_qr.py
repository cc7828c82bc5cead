"""What a QR code says to ODK Collect, so that a phone is set up by one scan and nobody types an address.

Source: docs.getodk.org/collect-import-export: base64 of the zlib-compressed JSON with `general`, `admin` and `project`.
KoboCollect reads the same. A setting that is left out goes back to the app's own.
"""

import base64
import json
import re
import zlib

#: Forms on the phone follow the server's list, and what is filled is sent as soon as there is a network of any kind.
GENERAL = {"form_update_mode": "match_exactly", "autosend": "wifi_and_cellular"}
#: Our deep teal, behind the project's letter on the phone.
COLOUR = "#0a5a57"


def settings_code(*, server_url: str, name: str, icon: str = "S", colour: str = COLOUR) -> str:
    """The text of the QR: ASCII, the same for the same words.

    `server_url` is the address below which `formList` and `submission` are; a slash at its end would be doubled by
    older phones and is taken off. `name` is what the app calls the project, `icon` one letter. Raises ValueError for an
    address that no phone could call and for a colour that is none.
    """
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", server_url):
        raise ValueError(f"not an address: {server_url!r}")
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"not a colour: {colour!r}")
    said = {
        "general": {"server_url": server_url.rstrip("/"), **GENERAL},
        "admin": {},
        "project": {"name": name, "icon": icon[:1], "color": colour},
    }
    packed = zlib.compress(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode(), 9)
    return base64.b64encode(packed).decode("ascii")
