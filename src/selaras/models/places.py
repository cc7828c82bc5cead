"""Where things are: province > city > kecamatan > kelurahan > RW > RT, by Kemendagri code, with versions.

A code's parts are joined by dots: `36.72.05.1005`, and below the kelurahan `36.72.05.1005.RW03.RT02`, so that one
comparison of prefixes answers every question of area.
"""

import re
from collections.abc import Container, Iterable
from datetime import date
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

#: Keppres 41/1987, by province code; what is not named here is WIB. The provinces split off in 2022 keep their zone.
_WITA = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
_WIT = frozenset({"81", "82", "91", "92", "93", "94", "95", "96"})


#: The longest code of an area: a kelurahan's (13), `.RW` and `.RT` with names of 20 letters each.
AREA = 64


class PlaceLevel(models.TextChoices):
    PROVINCE = "province", "provinsi"
    CITY = "city", "kabupaten/kota"
    KECAMATAN = "kecamatan", "kecamatan"
    KELURAHAN = "kelurahan", "kelurahan/desa"
    RW = "rw", "RW"
    RT = "rt", "RT"


class PlaceKind(models.TextChoices):
    """What the law calls it, where one level has several."""

    PROVINSI = "provinsi", "Provinsi"
    KOTA = "kota", "Kota"
    KABUPATEN = "kabupaten", "Kabupaten"
    KECAMATAN = "kecamatan", "Kecamatan"
    DISTRIK = "distrik", "Distrik"
    KELURAHAN = "kelurahan", "Kelurahan"
    DESA = "desa", "Desa"
    DESA_ADAT = "desa_adat", "Desa adat"
    RW = "rw", "RW"
    RT = "rt", "RT"


class Place(models.Model):
    """One version of a place. A new name, parent or code is a new row that `replaces` the old, which then ends."""

    code = models.CharField(max_length=32)
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=10, choices=PlaceLevel.choices)
    kind = models.CharField(max_length=10, choices=PlaceKind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    bps_code = models.CharField(max_length=10, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="one_version_of_a_place_a_day"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="one_current_place_a_code"
            ),
        ]
        indexes = [models.Index(fields=["level", "name"], name="place_by_name")]

    def __str__(self) -> str:
        return f"{self.code} {self.full_name}"

    @property
    def full_name(self) -> str:
        """`Kota Cilegon`, `Kelurahan Gedong Dalem`."""
        kind = PlaceKind(self.kind).label
        return self.name if self.name.startswith(f"{kind} ") else f"{kind} {self.name}"

    @property
    def zone(self) -> ZoneInfo:
        """The time that its people live by."""
        return zone_of(self.code)

    def is_current(self, on: date) -> bool:
        """Whether this version holds on that day; an open end always does."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


class PlaceAlias(models.Model):
    """Another spelling: Gedongdalem for Gedong Dalem. Places are matched by code; names only suggest."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="one_alias_once")]

    def __str__(self) -> str:
        return f"{self.name} = {self.place_id}"


def zone_of(code: str) -> ZoneInfo:
    """WIB, WITA or WIT by the province part of the code."""
    province = code[:2]
    if province in _WIT:
        return ZoneInfo("Asia/Jayapura")
    return ZoneInfo("Asia/Makassar" if province in _WITA else "Asia/Jakarta")


def zone_label(code: str) -> str:
    """`WIB`, `WITA` or `WIT`, as it stands behind a time."""
    return {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}[zone_of(code).key]


def area_code(place_code: str, rw: str = "", rt: str = "") -> str:
    """`36.72.05.1005.RW03.RT02`: the code of an RW or RT, however its number was written (3, 03, RW 003)."""
    parts = [place_code]
    if rw:
        parts.append("RW" + neighbourhood(rw))
    if rw and rt:
        parts.append("RT" + neighbourhood(rt))
    return ".".join(parts)


def neighbourhood(number: str) -> str:
    """An RT's or RW's number in two digits or more; a name that has no digit stays, in capitals without blanks."""
    found = re.search(r"[0-9]+", number)
    if found is None:
        return re.sub(r"[^A-Z]", "", number.upper())
    return found.group().lstrip("0").zfill(2)


def within(code: str, prefix: str) -> bool:
    """Whether `code` is `prefix` or lies below it; 36.7 is not above 36.72. '' is everywhere."""
    return not prefix or code == prefix or code.startswith(prefix + ".")


def within_q(field: str, prefix: str) -> Q:
    """`within` as a condition on a column of codes."""
    if not prefix:
        return Q()
    return Q(**{field: prefix}) | Q(**{f"{field}__startswith": prefix + "."})


def lineage(code: str) -> set[str]:
    """Every code that this place has had or was given since, by way of `replaces`; itself at least."""
    return lineages([code])[code]


def lineages(codes: Iterable[str]) -> dict[str, set[str]]:
    """Of each of these the `lineage`. One statement for any number."""
    pairs = Place.objects.filter(replaces__isnull=False).values_list("code", "replaces__code")
    links = [(new, old) for new, old in pairs if new != old]
    every = {}
    for code in codes:
        found, frontier = {code}, {code}
        while frontier:
            frontier = {b for pair in links for a, b in (pair, pair[::-1]) if a in frontier} - found
            found |= frontier
        every[code] = found
    return every


def own_codes(code: str) -> set[str]:
    """Every code that this very place has had or was given since; this one alone where one became several."""
    found = lineage(code)
    several = len(found) > 1 and Place.objects.filter(code__in=found, valid_to__isnull=True).count() > 1
    return {code} if several else found


def codes_since(codes: Iterable[str], known: Container[str]) -> dict[str, str]:
    """Of each code the one of `known` that its place has or was given since, by way of `replaces`: the earliest.

    A code that is known is itself. One whose place is no more, or became several, is left out.
    """
    later: dict[str, set[str]] = {}
    for new, old in Place.objects.filter(replaces__isnull=False).values_list("code", "replaces__code"):
        later.setdefault(old, set()).add(new)
    found = {}
    for code in set(codes):
        seen: set[str] = set()
        frontier = {code}
        while frontier and not (there := {each for each in frontier if each in known}):
            seen |= frontier
            frontier = {new for each in frontier for new in later.get(each, ())} - seen
        if frontier and len(frontier) == 1:
            found[code] = there.pop()
    return found
