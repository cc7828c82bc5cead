"""What proves the demo's points: drawn photos and empty documents, declared synthetic, as all of it."""

import io
import uuid
from collections.abc import Callable

from selaras.actions import evidence_codes, evidence_desk, evidence_points
from selaras.actions.evidence import Kept, Sent, Told, add
from selaras.models import Cycle, Lokus, User
from selaras.queries.evidence_codes import lists_page

_PRIMARY = "p2wkss"
#: Where the demo's lokus is said to be, and where its photos were "taken": the last one is somewhere else.
POINT, RADIUS = "-6.0000, 106.0500", 1500
_NEAR, _FAR = (-6.0021, 106.0533), (-6.1150, 106.1500)
CODES = """1.1 | Peraturan tentang pemenuhan hak anak (contoh)
1.2 | Forum Anak dibentuk dan dilibatkan (contoh)
2.1 | Puskesmas melayani ramah anak (contoh)
3.1 | Anak putus sekolah didampingi (contoh)"""
CODE_LIST = "KLA (contoh)"


def has_proofs(cycle: Cycle, by: User) -> bool:
    """Whether they are there: a demo that is started again finds them."""
    return bool(lists_page(by, cycle.slug).lists)


def proofs(cycle: Cycle, lokus: Lokus, cadre: User, office: User, camat: User) -> None:
    """Photos by the cadre, a document of the year by the office, one verified, one refused, the others wait."""
    slug = cycle.slug
    evidence_points.set_point(by=office, cycle_slug=slug, lokus_code=lokus.area, point=POINT, radius=RADIUS)
    codes = evidence_codes.keep_list(by=office, cycle_slug=slug, title=CODE_LIST, source="data contoh", text=CODES)
    first = codes.items.order_by("position")[0].pk

    def bring(by: User, caption: str, sent: Sent, *names: str, year: bool = False, items: tuple[int, ...] = ()) -> Kept:
        number = uuid.uuid5(uuid.NAMESPACE_URL, f"{lokus.area}/{caption}")
        told = Told(caption, None, tuple((_PRIMARY, name) for name in names), items)
        code = "" if year else lokus.area
        return add(by=by, cycle_slug=slug, lokus_code=code, evidence_id=number, told=told, sent=sent)

    toilet = bring(cadre, "Jamban RT 02 selesai (gambar contoh)", _photo(0, cycle.year, _NEAR), "kegiatan_fisik")
    bring(cadre, "Sumur bor RW 03 (gambar contoh)", _photo(1, cycle.year, _NEAR), "kegiatan_fisik")
    blurred = bring(cadre, "Kebun pekarangan (gambar contoh)", _photo(2, cycle.year, _FAR), "inovasi_kelurahan")
    bring(office, "Peraturan contoh (sintetis)", Sent(_pdf(), "peraturan.pdf"), "forum_anak", year=True, items=(first,))
    asked = {"cycle_slug": slug, "version": 1}
    _decide(evidence_desk.verify, camat, toilet, uses=[use.pk for use in toilet.evidence.uses.all()], **asked)
    _decide(evidence_desk.refuse, camat, blurred, reason="Gambarnya tidak menunjukkan inovasinya", **asked)


def _decide(act: Callable[..., object], by: User, kept: Kept, **said: object) -> None:
    act(by=by, evidence_id=kept.evidence.uuid, **said)


def _photo(number: int, year: int, place: tuple[float, float]) -> Sent:
    """A drawn scene with nobody in it, and what a camera would have written."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (1200, 900), (170, 205, 225))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 560, 1200, 900), fill=(120, 140, 80))
    if number == 0:
        pen.rectangle((420, 250, 760, 640), fill=(225, 215, 190), outline=(90, 80, 60), width=8)
        pen.polygon(((380, 260), (590, 120), (800, 260)), fill=(150, 70, 50))
        pen.rectangle((530, 380, 650, 640), fill=(110, 80, 50))
    elif number == 1:
        pen.ellipse((420, 480, 780, 640), fill=(150, 150, 155), outline=(80, 80, 85), width=8)
        pen.rectangle((580, 200, 620, 520), fill=(70, 90, 110))
    else:
        for row in range(4):
            for column in range(9):
                at = (120 + 110 * column + 12 * row, 600 + 64 * row)
                pen.ellipse((at[0], at[1], at[0] + 70, at[1] + 46), fill=(50, 120 + 12 * row, 50))
    pen.text((24, 24), "GAMBAR CONTOH (SINTETIS)", fill=(40, 40, 40), font_size=34)
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=82, exif=_camera(number, year, place))
    return Sent(stream.getvalue(), f"IMG_{year}0809_{number}.jpg")


def _camera(number: int, year: int, place: tuple[float, float]) -> object:
    from PIL import Image

    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = f"{year}:08:0{number + 7} 09:3{number}:00"
    north, east = (abs(each) for each in place)
    parts = [(int(each), int(each % 1 * 60), round(each % (1 / 60) * 3600, 3)) for each in (north, east)]
    exif.get_ifd(0x8825).update({1: "S", 2: parts[0], 3: "E", 4: parts[1]})
    return exif


def _pdf() -> bytes:
    """A page that says nothing but what it is."""
    words = b"BT /F1 24 Tf 72 720 Td (Dokumen contoh, sintetis) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(words), words),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + end
