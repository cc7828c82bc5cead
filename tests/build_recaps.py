"""A city of five kecamatan and a recap of its reports, invented."""

from tests.build_workbook import workbook

KECAMATAN = {
    "36.72.01": "Cibeber",
    "36.72.02": "Cilegon",
    "36.72.03": "Pulomerak",
    "36.72.04": "Ciwandan",
    "36.72.05": "Jombang",
}
#: Victims by age (0–17, 18–24, 25–59, 60 and more) of each kecamatan; two counts are small.
AGES = {
    "Cibeber": (14, 9, 21, 6),
    "Cilegon": (22, 12, 30, 8),
    "Pulomerak": (9, 2, 13, 7),
    "Ciwandan": (11, 8, 16, 5),
    "Jombang": (31, 17, 44, 0),
}
WOMEN = {"Cibeber": 26_000, "Cilegon": 21_000, "Pulomerak": 23_000, "Ciwandan": 24_000, "Jombang": 33_000}


def kecamatan() -> None:
    """The kecamatan of the city that build.PLACES lacks."""
    from selaras.models import Place
    from tests import build

    city = build.place("36.72")
    for code, name in KECAMATAN.items():
        given = {"name": name, "level": "kecamatan", "kind": "kecamatan", "parent": city}
        Place.objects.get_or_create(code=code, defaults=given)


def ages(counts: dict[str, tuple[int, ...]] | None = None) -> list[list[object]]:
    """The sheet of victims by age."""
    rows: list[list[object]] = [["Kecamatan", "0-17", "18-24", "25-59", "60+", "Jumlah"]]
    rows += [[f"Kec. {name}", *row, sum(row)] for name, row in (counts or AGES).items()]
    return rows


def sexes(counts: dict[str, tuple[int, ...]] | None = None) -> list[list[object]]:
    """The same victims by sex: one in four a man or boy."""
    rows: list[list[object]] = [["Kecamatan", "Perempuan", "Laki-laki"]]
    for name, row in (counts or AGES).items():
        men = sum(row) // 4
        rows.append([name, sum(row) - men, men])
    return rows


def women() -> list[list[object]]:
    """How many women live there."""
    return [["Kecamatan", "Perempuan"], *([name, count] for name, count in WOMEN.items())]


def book(counts: dict[str, tuple[int, ...]] | None = None, **sheets: list[list[object]]) -> bytes:
    """A recap with two tables and the women; `sheets` replace or add, underscores for spaces."""
    made = {"korban usia": ages(counts), "korban jenis kelamin": sexes(counts), "penduduk": women()}
    made |= {name.replace("_", " "): rows for name, rows in sheets.items()}
    return workbook(made)
