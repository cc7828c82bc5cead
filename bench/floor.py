"""The plain floor: a view that parses the XML, stores the photo with fsync, inserts one row and promises nothing else.

Behind the same server, the same middleware and the same database as `/odk/…/submission`.
"""

import os
import uuid
from pathlib import Path
from xml.etree.ElementTree import fromstring

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from bench.models import Plain

INSTANCE = "{http://openrosa.org/xforms}instanceID"


@csrf_exempt
@login_not_required
def floor(request: HttpRequest) -> HttpResponse:
    """Parse, store, insert, thank."""
    photo, xml = "", b""
    for name, part in request.FILES.items():
        if name == "xml_submission_file":
            xml = part.read()
        else:
            photo = _stored(part.read())
    root = fromstring(xml)
    instance = next((node.text or "" for node in root.iter(INSTANCE)), "")
    Plain.objects.create(instance_id=instance, xml=xml, photo=photo)
    return HttpResponse(b"<OpenRosaResponse/>", status=201, content_type="text/xml; charset=utf-8")


def _stored(content: bytes) -> str:
    """A file that a power cut does not take: its bytes and its folder are synced."""
    folder = Path(settings.MEDIA_ROOT) / "polos"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / uuid.uuid4().hex
    with target.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return str(target)


urlpatterns = [path("polos", floor), path("", include("selaras.urls"))]
handler404 = "selaras.web.errors.not_found"
