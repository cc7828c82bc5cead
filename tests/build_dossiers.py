"""A lokus with something of everything that a dossier tells, and what it must never tell planted in all of it."""

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime

from selaras.actions import dossiers
from selaras.actions.jobs import work_off
from selaras.models import (
    Activity,
    Agency,
    CodeItem,
    CodeList,
    Commitment,
    Dossier,
    Evidence,
    EvidenceState,
    EvidenceUse,
    Reaction,
    Role,
    Strategy,
    User,
)
from tests import build, build_blurs
from tests.build_programme import Programme, families_file, family, programme
from tests.build_programme import bring as bring_families
from tests.kept import kept

#: The families of the lokus, and a number that somebody typed.
NAMES = ("Rohayati Kosim", "Siti Jubaedah Anwar", "Marsinah")
NUMBER = "3672051234560001"
AT = datetime(2024, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """The programme, who keeps it, and a public photo of it."""

    of: Programme
    by: User
    photo: Evidence


@kept
def world() -> World:
    """Six families of which three are named, commitments, activities, answers, a public photo, strategies, codes."""
    of = programme()
    rows = [family(f"GD-{i:03d}", 4, "cemplung" if i > 3 else "leher_angsa", 2000, name=_name(i)) for i in range(1, 9)]
    bring_families(of, families_file(rows))
    by = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    agency = build.agency("Disperkim", of.cycle.place.code)
    _work(of, agency)
    blur = build_blurs.of_people(by, of.lokus, caption="Jamban baru di RT 02")
    build_blurs.confirmed(by, blur)
    photo = blur.evidence
    Evidence.objects.filter(pk=photo.pk).update(state=EvidenceState.VERIFIED, decided_at=AT)
    EvidenceUse.objects.create(
        evidence=photo,
        lokus=of.lokus,
        instrument=of.version.instrument,
        indicator="jamban",
        state="verified",
        decided_at=AT,
    )
    Strategy.objects.create(
        cycle=of.cycle, audience="women", source="own", finding=f"Ibu {NAMES[0]} tidak ditanya", found_in="rapat"
    )
    codes = CodeList.objects.create(place=of.cycle.place, title="Butir e-KLA", source="contoh")
    item = CodeItem.objects.create(list=codes, code="A.1", text="Peraturan kota", position=1)
    EvidenceUse.objects.create(evidence=photo, item=item, state="verified", decided_at=AT)
    return World(of, by, photo)


def _name(number: int) -> str:
    return NAMES[number - 1] if number <= len(NAMES) else f"Warga Uji {'ABCDEFGH'[number - 1]}"


def _work(of: Programme, agency: Agency) -> None:
    for number, title in enumerate(("Membangun jamban", f"Jamban untuk {NAMES[1]}", f"Hubungi {NUMBER}"), start=1):
        Commitment.objects.create(
            cycle=of.cycle, lokus=of.lokus, number=number, agency=agency, title=title, indicator="jamban", volume=12,
            unit="unit", budget=35_000_000, state="running",
        )  # fmt: skip
    counts = {"P": {"dewasa": 21}, "L": {"dewasa": 7}, "difabel": 2}
    for title in ("Gotong royong", "Kunjungan ke rumah Bu Marsinah"):
        made = Activity.objects.create(
            cycle=of.cycle, lokus=of.lokus, agency=agency, title=title, on=date(2024, 5, 1), attended=counts
        )
        for _ in range(6):
            Reaction.objects.create(activity=made, day=made.on, question="useful", answer="yes")


def freeze(of: Programme, by: User) -> Dossier:
    """Asked for, and made by the worker."""
    dossiers.freeze(by=by, cycle_slug=of.cycle.slug, code=of.lokus.area)
    work_off()
    return Dossier.objects.order_by("-number")[0]


@kept
def packed() -> tuple[World, Dossier]:
    """That world, and a package of it."""
    there = world()
    return there, freeze(there.of, there.by)


def unpacked(dossier: Dossier) -> dict[str, bytes]:
    """Every file of the ZIP, and every file of the office files in it, by path."""
    return _files(dossier.file.content(), "")


def _files(content: bytes, inside: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            found[inside + name] = data
            if name.endswith((".pptx", ".docx")):
                found |= _files(data, f"{inside}{name}/")
    return found
