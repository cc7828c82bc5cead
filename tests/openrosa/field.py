"""The processes beside a real server: `python -m tests.openrosa.field WORD [NUMBER]`, a database by environment.

`begin FORMS` opens a round, hands out a phone and prints what it will send, as JSON; `revoke` closes that phone; `look`
prints what has arrived.
"""

import hashlib
import json
import sys
import uuid
from typing import Any

import django

django.setup()

# ruff: noqa: E402  (Django must be ready before models are imported)
from django.db import connection

from selaras.access import CONSOLE
from selaras.actions import audit
from selaras.actions.field.phones import revoke_phone
from selaras.models import Arrival, AuditEntry, PhoneToken
from tests import build
from tests.build_field import filled, open_field

#: Photos that each form names.
PHOTOS = 3


def begin(forms: int) -> dict[str, Any]:
    of = open_field()
    found = []
    for number in range(forms):
        family = build.household(of.programme.lokus, rw="03", name=f"Contoh {number}")
        instance, names = f"uuid:{uuid.uuid4()}", [f"foto {number} ({each}).jpg" for each in range(PHOTOS)]
        named = "".join(f"<foto>{name}</foto>" for name in names)
        found.append({"xml": filled(of.form, family, instance=instance, more=named).decode(), "photos": names})
    return {"token": of.phone.token, "form": of.form.form_id, "version": of.form.form_version, "forms": found}


def revoke() -> dict[str, Any]:
    for phone in PhoneToken.objects.select_related("cycle"):
        revoke_phone(by=CONSOLE, cycle_slug=phone.cycle.slug, phone_id=phone.uuid)
    return {}


def look() -> dict[str, Any]:
    """Hashes of every form's bytes, with those of its photos by their names; how many receipts were written down."""
    arrived = []
    for row in Arrival.objects.select_related("key").order_by("pk"):
        files = row.files.select_related("file__key").order_by("name", "pk")
        photos = [[one.name, one.named, hashlib.sha256(one.file.content()).hexdigest()] for one in files]
        arrived.append({"xml": hashlib.sha256(row.raw_bytes()).hexdigest(), "photos": photos})
    audit.seal_pending()
    written = AuditEntry.objects.filter(action="arrivals.receive").count()
    return {"arrived": arrived, "written": written, "audit": audit.verify().holds}


if __name__ == "__main__":
    words = {"begin": lambda: begin(int(sys.argv[2])), "revoke": revoke, "look": look}
    print(json.dumps(words[sys.argv[1]]()))
    connection.close()
