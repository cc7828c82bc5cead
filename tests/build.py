"""Explicit builders for what tests need stored. Each makes exactly what its name says, with plain defaults."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.db.models import F
from django.utils import timezone

from selaras.models import (
    Agency,
    Cycle,
    DataKey,
    Household,
    InstrumentVersion,
    Invitation,
    KeyPurpose,
    Lokus,
    Membership,
    Person,
    Place,
    Role,
    Round,
    SearchHashes,
    StoredFile,
    User,
)

START = datetime(2024, 1, 1, tzinfo=UTC)
_numbers = count(1)

#: Code → name, level, kind. Two cities of one province and one of another, as in the Kemendagri list.
PLACES = {
    "36": ("Banten", "province", "provinsi"),
    "36.72": ("Cilegon", "city", "kota"),
    "36.72.05": ("Jombang", "kecamatan", "kecamatan"),
    "36.72.05.1001": ("Sukmajaya", "kelurahan", "kelurahan"),
    "36.72.05.1005": ("Gedong Dalem", "kelurahan", "kelurahan"),
    "36.73": ("Serang", "city", "kota"),
    "36.73.01": ("Serang", "kecamatan", "kecamatan"),
    "36.73.01.1001": ("Serang", "kelurahan", "kelurahan"),
    "32": ("Jawa Barat", "province", "provinsi"),
    "32.73": ("Bandung", "city", "kota"),
    "32.73.01": ("Sukasari", "kecamatan", "kecamatan"),
    "32.73.01.1001": ("Sarijadi", "kelurahan", "kelurahan"),
}


def place(code: str) -> Place:
    """That place of PLACES, with those above it."""
    known = Place.objects.filter(code=code).first()
    if known is not None:
        return known
    above = code.rpartition(".")[0]
    name, level, kind = PLACES[code]
    return Place.objects.create(code=code, name=name, level=level, kind=kind, parent=place(above) if above else None)


def cycle(code: str = "36.72", year: int = 2024, *, closed_at: datetime | None = None) -> Cycle:
    """A programme year of that city."""
    slug = f"{code.replace('.', '-')}-{year}"
    return Cycle.objects.create(slug=slug, programme="P2WKSS", year=year, place=place(code), closed_at=closed_at)


def in_time(of: Cycle, officer: User | None = None) -> User:
    """That year was opened before it began, with a protection officer of its place: whom the clock waits for. A new one
    where none is given."""
    Cycle.objects.filter(pk=of.pk).update(created_at=datetime(of.year - 1, 11, 1, tzinfo=UTC))
    officer = officer or member(Role.PROTECTION, of.place.code)
    officer.memberships.update(starts=datetime(of.year - 1, 11, 1, tzinfo=UTC))
    return officer


def lokus(of: Cycle, code: str = "36.72.05.1005", prefix: str = "GD", rw: str = "") -> Lokus:
    """A lokus of that cycle: the whole kelurahan, or one RW of it."""
    return Lokus.objects.create(cycle=of, place=place(code), prefix=prefix, rw=rw)


def baseline(of: Cycle) -> Round:
    """The cycle's baseline round."""
    return Round.objects.create(cycle=of, kind="baseline", opens=date(of.year, 1, 8), closes=date(of.year, 3, 31))


def key(purpose: KeyPurpose = KeyPurpose.HOUSEHOLD) -> DataKey:
    """A saved key."""
    fresh = DataKey.fresh(purpose)
    fresh.save()
    return fresh


def household(
    of: Lokus, rw: str = "03", rt: str = "01", *, name: str = "Uji", kk: str = "", phone: str = "", address: str = ""
) -> Household:
    """A family with its key, the next code of the lokus."""
    number = Household.objects.filter(lokus=of).count() + 1
    hashes = SearchHashes.load()
    made = Household(
        lokus=of, code=f"{of.prefix}-{number:03}", rw=rw, rt=rt, head_name=name, address=address, key=key()
    )
    made.set_kk(kk, hashes.kk(kk))
    made.set_phone(phone, hashes.phone(phone))
    made.save()
    Lokus.objects.filter(pk=of.pk).update(registered=F("registered") + 1)
    return made


def person(of: Household, name: str = "Uji", nik: str = "") -> Person:
    """The next member of that family."""
    made = Person(household=of, position=of.persons.count() + 1, name=name, sex="P", relation="istri")
    made.set_nik(nik, SearchHashes.load().nik(nik))
    made.save()
    return made


def version(instrument: str = "contoh", number: str = "1") -> InstrumentVersion:
    """A published version whose workbook is a few bytes: for tests that do not read it."""
    workbook = StoredFile.store(f"{instrument} {number}".encode(), "application/octet-stream")
    return InstrumentVersion.objects.create(
        instrument=instrument, version=number, title="Contoh", sha256="0" * 64, workbook=workbook
    )


def agency(short_name: str = "DINKES", code: str = "36.72") -> Agency:
    """An agency of that city."""
    return Agency.objects.create(place=place(code), name=f"Dinas {short_name}", short_name=short_name)


def user(username: str = "") -> User:
    """An account without any task."""
    return User.objects.create_user(username or f"uji{next(_numbers)}", full_name="Uji Coba")


def member(
    role: Role,
    place_code: str = "",
    *,
    cycle: Cycle | None = None,
    agency: Agency | None = None,
    user: User | None = None,
) -> User:
    """An account with that task since START, as a fresh object that remembers no scopes."""
    holder = user or User.objects.create_user(f"{role}{next(_numbers)}", full_name=f"Uji {role}")
    Membership.objects.create(user=holder, role=role, place_code=place_code, cycle=cycle, agency=agency, starts=START)
    return User.objects.get(pk=holder.pk)


def invitation(area: str = "36.72", *, by: User | None = None, cycle: Cycle | None = None) -> Invitation:
    """An open invitation to be cadre there, of which nobody knows the link."""
    number = str(next(_numbers))
    return Invitation.objects.create(
        full_name="Uji Undangan",
        token_hash=number,
        code_hash=number,
        roles=[{"role": Role.CADRE, "cycle": cycle and cycle.pk, "place_code": area, "agency": None}],
        area=area,
        created_by=by,
        expires_at=timezone.now() + timedelta(days=14),
    )
