"""Builders for public copies: evidence whose photo has people on it, looked at by the worker."""

import io
from typing import Any

from PIL import Image

from selaras.actions import blurring, looking
from selaras.actions.jobs import work_off
from selaras.models import Blur, Evidence, Lokus, User
from tests.build_evidence import bring
from tests.drawn_faces import group
from tests.hostile import gps

#: What a camera writes: none of it in any byte that goes out.
PLANTED = (b"KameraUji9174", b"2024:08:09", b"Exif", b"GPS", b"http://ns.adobe.com", b"CatatanUji", b"ICC_PROFILE")
#: Where the planted photo says it was taken.
PLACE = (-5.98123, 106.02718)


def taken(picture: Image.Image, *, at: str = "2024:08:09 10:11:12", place: tuple[float, float] | None = PLACE) -> bytes:
    """A JPEG of that picture with all that a phone writes into it, a small copy of it too."""
    exif = Image.Exif()
    exif[0x0110] = "KameraUji9174"
    exif.get_ifd(0x8769)[0x9003] = at
    if place is not None:
        exif.get_ifd(0x8825).update({**gps(*place), 27: b"ASCII\x00\x00\x00GPS"})
    stream = io.BytesIO()
    xmp = b'<x:xmpmeta xmlns:x="http://ns.adobe.com/xap/1.0/">CatatanUji</x:xmpmeta>'
    picture.save(stream, "JPEG", quality=90, exif=exif, xmp=xmp, comment=b"CatatanUji", icc_profile=b"ICC uji" * 9)
    return stream.getvalue()


def looked() -> None:
    """The worker has come to every photo."""
    looking.ask()
    work_off()


def of_people(by: User, lokus: Lokus, seed: int = 1, **more: Any) -> Blur:
    """Evidence of that lokus: a photo of three drawn people, with GPS, looked at."""
    made = bring(by, lokus, taken(group(seed)[0]), **more).evidence
    looked()
    return Blur.objects.get(evidence=made)


def of_picture(by: User, lokus: Lokus, picture: Image.Image, **more: Any) -> Evidence:
    """Evidence of that lokus: that picture as a phone takes it, not yet looked at."""
    return bring(by, lokus, taken(picture), **more).evidence


def confirmed(by: User, blur: Blur, **said: Any) -> Blur:
    """The public copy made: what was proposed is hidden, where nothing else is said."""
    regions = said.pop("regions", [tuple(box[:4]) for box in blur.proposed])
    evidence = blur.evidence
    return blurring.confirm(
        by=by, cycle_slug=evidence.cycle.slug, evidence_id=evidence.uuid, version=blur.version, regions=regions, **said
    )
