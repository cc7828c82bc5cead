"""What the pages of personal data are given, from samples."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from selaras.models.data_map import data_map as the_map
from selaras.queries.data_map import Asked, DataMapPage, Questions
from selaras.web import data_map
from tests.web import samples

Context = dict[str, object]
_TASK = "UU 27/2022 Pasal 20 ayat (2) huruf e"
_KEPT = "sampai pemantauan 12 bulan setelah tahun program, lalu dihapus"
_QUESTIONS = Questions(
    samples.INSTRUMENT,
    (
        Asked("kesehatan", "mengetahui kebutuhan layanan", _TASK, _KEPT, ("tb_batuk", "hipertensi")),
        Asked("pribadi", "menghitung indikator", _TASK, _KEPT, ("jamban", "sumber_air", "keluhan")),
    ),
    ("catatan",),
)


@lru_cache(maxsize=1)
def map_page() -> DataMapPage:
    """The real map with two questions."""
    tables = the_map()
    fields = Counter(kind for table in tables for _, kind in table.fields)
    return DataMapPage(samples.CYCLE, tables, fields, (_QUESTIONS,), may_open_requests=True, may_keep_breaches=True)


PAGES: dict[str, tuple[str, Callable[[], Context]]] = {
    "data-pribadi": ("data_map.html", lambda: data_map.context(map_page())),
    "data-pribadi-tanpa": ("data_map.html", lambda: data_map.context(replace(map_page(), questions=()))),
}
