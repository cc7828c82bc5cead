"""Pictures of a running demo for README and docs, as PNG.

    python tools/screenshots.py [--accounts var/demo-accounts.json] [--base-url …] [--to docs/pictures]

Start `make demo` first. Nobody's real data may ever be on such a picture: it refuses a page without the ribbon.
"""

import argparse
import json
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.stories.walk import picture, sign_in

YEAR = "/tahun/kota-cilegon-2024/"
LOKUS = f"{YEAR}lokus/36.72.05.1005/"
#: Name of the picture → role and path, at the widths that docs show.
SHOWN = {
    "tahun": ("secretariat", YEAR, (1280,)),
    "lokus": ("supervisor", LOKUS, (390, 1280)),
    "indikator": ("supervisor", f"{LOKUS}indikator/jamban_sehat/", (390, 1280)),
    "impor": ("supervisor", f"{LOKUS}impor/", (1280,)),
}


def main() -> int:
    """Take them; 1 where a page wears no ribbon."""
    parser = argparse.ArgumentParser(description="Gambar halaman demo untuk README dan docs.")
    parser.add_argument("--accounts", type=Path, default=Path("var/demo-accounts.json"))
    parser.add_argument("--base-url", default="", help="bawaan: yang tertulis di berkas akun")
    parser.add_argument("--to", type=Path, default=Path("docs/pictures"))
    given = parser.parse_args()
    demo = json.loads(given.accounts.read_text())
    base = given.base_url or demo["base_url"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, (role, path, widths) in SHOWN.items():
            account = next(account for account in demo["accounts"] if account["role"] == role)
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            sign_in(page, base, account)
            page.goto(base + path)
            if not page.locator("aside.ribbon").count():
                print(f"{path}: tanpa pita DATA CONTOH; tidak digambar", file=sys.stderr)
                return 1
            picture(page, given.to, name, widths)
            page.context.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
