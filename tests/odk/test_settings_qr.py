"""The QR that sets a phone up: what Collect reads out of it."""

import base64
import json
import zlib

import pytest

from selaras.odk.settings_qr import settings_code

ADDRESS = "https://selaras.contoh.go.id/odk/rahasia"


def read(code: str) -> object:
    """As Collect reads it."""
    return json.loads(zlib.decompress(base64.b64decode(code, validate=True)))


def test_a_phone_reads_its_server_and_how_to_keep_up_with_it() -> None:
    code = settings_code(server_url=f"{ADDRESS}/", name="P2WKSS 2024 · Sukmajaya RW 03")

    assert read(code) == {
        "general": {"server_url": ADDRESS, "form_update_mode": "match_exactly", "autosend": "wifi_and_cellular"},
        "admin": {},
        "project": {"name": "P2WKSS 2024 · Sukmajaya RW 03", "icon": "S", "color": "#0a5a57"},
    }
    assert code == settings_code(server_url=ADDRESS, name="P2WKSS 2024 · Sukmajaya RW 03")
    assert code.isascii()


@pytest.mark.parametrize("address", ["", "selaras.go.id", "ftp://a/b", "https:///odk", "https://a b/odk"])
def test_an_address_that_no_phone_could_call_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        settings_code(server_url=address, name="Uji")


def test_a_colour_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="not a colour"):
        settings_code(server_url=ADDRESS, name="Uji", colour="teal")
