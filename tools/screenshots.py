"""Pictures of a running demo for README and docs, as PNG.

    python tools/screenshots.py [--accounts var/demo-accounts.json] [--to docs/pictures]

Start `make demo` first. Nobody's real data may ever be on such a picture: it refuses a page without the ribbon.
"""

import argparse
import json
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.stories.walk import picture, places_of, sign_in

#: role → the pages that are worth showing.
SHOWN = {"secretariat": {"tahun", "keluarga", "impor"}, "supervisor": {"lokus", "indikator"}}


def main() -> int:
    """Take them; 1 where a page wears no ribbon."""
    parser = argparse.ArgumentParser(description="Gambar halaman demo untuk README dan docs.")
    parser.add_argument("--accounts", type=Path, default=Path("var/demo-accounts.json"))
    parser.add_argument("--to", type=Path, default=Path("docs/pictures"))
    given = parser.parse_args()
    demo = json.loads(given.accounts.read_text())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for role, wanted in SHOWN.items():
            account = next(account for account in demo["accounts"] if account["role"] == role)
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            sign_in(page, demo["base_url"], account)
            for place in places_of(page, demo["base_url"]):
                if place.name not in wanted:
                    continue
                page.goto(demo["base_url"] + place.path)
                if not page.locator("aside.ribbon").count():
                    print(f"{place.path}: tanpa pita DATA CONTOH; tidak digambar", file=sys.stderr)
                    return 1
                picture(page, given.to, place.name, (390, 1280))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
