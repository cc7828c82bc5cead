"""Gathers what pages say (msgids are Indonesian) into locale/en and compiles it. Needs GNU gettext.

python tools/messages.py          update django.po from the source, keep its translations
python tools/messages.py compile  write django.mo, which is committed and needs no gettext to be used
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "selaras"
FOLDER = PACKAGE / "locale" / "en" / "LC_MESSAGES"
_DATED = ('"POT-Creation-Date', '"Report-Msgid-Bugs-To')


def gather() -> None:
    """Update django.po. Lines, dates and line breaks are left out: they would change with every edit elsewhere."""
    from django.core.management import call_command

    os.chdir(PACKAGE)
    call_command(
        "makemessages", locale=["en"], no_obsolete=True, no_location=True, no_wrap=True, ignore_patterns=["static"]
    )
    catalogue = FOLDER / "django.po"
    lines = catalogue.read_text(encoding="utf-8").splitlines(keepends=True)
    catalogue.write_text("".join(line for line in lines if not line.startswith(_DATED)), encoding="utf-8")


def compile_catalogue() -> None:
    """Write django.mo, refusing broken placeholders."""
    subprocess.run(["msgfmt", "--check-format", "-o", FOLDER / "django.mo", FOLDER / "django.po"], check=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["compile"]:
        compile_catalogue()
    else:
        import django
        from django.conf import settings

        settings.configure(LOCALE_PATHS=[str(PACKAGE / "locale")], USE_I18N=True)
        django.setup()
        gather()
