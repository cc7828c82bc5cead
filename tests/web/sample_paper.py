"""What the templates of paper forms and of typing them are given, from samples: the sample survey, as it is read."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from selaras.actions.field.keying import Comparison, Difference, Typed
from selaras.actions.field.typed import read_typed
from selaras.odk.forms import Labels
from selaras.odk.questionnaire import Questionnaire, questionnaire
from selaras.odk.registry import family_items
from selaras.queries.keying import KeyingPage, KeyLine, Rate, TypingPage
from selaras.queries.questionnaires import Block, FormsPage
from selaras.scoring.workbook import read_workbook
from selaras.web import keying, paper_forms
from tests.sample_workbook import sample
from tests.web.sample_any import some

Context = dict[str, object]
_ID = UUID(int=7)
_KEPT = {"qA": "1", "q1": "0", "q2": "9", "q5-1": "Siti " + "Panjang" * 6, "q6-1": "3", "q7-1": "1"}


@lru_cache(maxsize=1)
def _form():  # type: ignore[no-untyped-def]
    reading = read_workbook(sample(), name="contoh.xlsx", xform=False)
    assert reading.instrument is not None
    return reading.instrument.form


def _asked(*, new: bool) -> Questionnaire:
    form = _form()

    def say(labels: Labels) -> str:
        return labels.get(form.default_language, "")

    skips = {"iuran": "nomor 1 lebih dari 0", "sekolah": "nomor 6 paling sedikit 7"}
    return questionnaire(form, say, items=family_items(form), new=new, title="Kunjungan", skips=skips)


def _page(**more: object) -> TypingPage:
    given: dict[str, object] = {"asked": _asked(new=False), "code": "GD-014", "rt": "02", "rw": "03", "members": 2}
    given |= {"surveyed": None, "second": False, "version": 3, "form": 7}
    return some(TypingPage, **{**given, **more})


def _printing(**more: object) -> Context:
    page = some(FormsPage, blocks=(Block("03", "02", 14), Block("", "", 1)), families=15, coached=12, may_key=True)
    return paper_forms.context(page, **{"round": page.current, "block": "", "rows": 6, "blank": 5, **more})


def _keying(*, wanted: str = "", problems: tuple[object, ...] = ()) -> Context:
    lines = (
        KeyLine("GD-014", "02", "03", surveyed=False, again=False),
        KeyLine("GD-015", "02", "03", surveyed=True, again=True),
        KeyLine("GD-016", "", "", surveyed=True, again=False),
    )
    page = some(KeyingPage, families=lines, form=7, rate=Rate(12, 984, 970), total=3, surveyed=2)
    return keying.list_context(page, wanted, problems)  # type: ignore[arg-type]


def _typing() -> Context:
    return keying.typing_context(_page(), {})


def _refused() -> Context:
    page = _page(second=True, surveyed=datetime(2024, 4, 25, 3, 0, tzinfo=UTC))
    read = read_typed(page.asked, _form(), _KEPT, known={}, today=datetime(2024, 5, 31, tzinfo=UTC).date())
    return keying.typing_context(page, _KEPT, problems=read.problems)


def _second() -> Context:
    return keying.typing_context(_page(second=True), {}, second=True)


def _new() -> Context:
    return keying.typing_context(_page(asked=_asked(new=True), code="", rt="", rw="", version=None, members=0), {})


def _compared() -> Context:
    different = (
        Difference("q2", "2", 0, "Jamban apa yang dipakai?", "1 Leher angsa", "", hidden=False),
        Difference("q6-1", "6", 1, "Umur", "", "", hidden=True),
    )
    typed = Typed(7, _ID, "GD-014", 3, {"qA": "1", "q1": "4"})
    return keying.compare_context(_page(), typed, Comparison(40, 38, different))


#: Name → template and what it is given; each is synthetic.
PAGES: dict[str, tuple[str, Callable[[], Context]]] = {
    "formulir-kertas": ("paper_forms.html", _printing),
    "ketik": ("keying.html", _keying),
    "ketik-kertas": ("typing.html", _typing),
    "ketik-salah": ("typing.html", _refused),
    "ketik-kedua": ("typing.html", _second),
    "ketik-baru": ("typing.html", _new),
    "ketik-banding": ("typing_compare.html", _compared),
}
