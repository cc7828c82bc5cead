"""Typing filled paper forms: one family a page, by keyboard alone, and a second time by another person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from selaras.actions.field import keying as actions
from selaras.actions.field.keying import Comparison, Typed
from selaras.actions.field.typed import cell_of, row_counts
from selaras.errors import InputError, Missing, Problem
from selaras.odk.fieldform import PROPERTIES
from selaras.odk.questionnaire import Note, Question, Section
from selaras.queries import keying as queries
from selaras.queries.keying import KeyingPage, TypingPage
from selaras.web.arrival_words import REASONS
from selaras.web.field_words import LOOKED_AT, QUIET
from selaras.web.person import person

#: In the place of a row's number, where the browser copies a row.
_ROW = "__n__"


@never_cache
@require_safe
def keying(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The families whose papers wait; `?keluarga=GD-014` leads to that one."""
    page = queries.keying_page(person(request), slug, code, round_slug=request.GET.get("putaran", ""))
    wanted = request.GET.get("keluarga", "").strip().upper()
    if not wanted:
        return render(request, "keying.html", list_context(page))
    try:
        queries.typing_page(person(request), slug, code, wanted, form=page.form)
    except Missing:
        problem = Problem("arrival.household", values={"code": wanted})
        return render(request, "keying.html", list_context(page, wanted, (problem,)), status=422)
    except InputError as error:
        return render(request, "keying.html", list_context(page, wanted, error.problems), status=422)
    return redirect(f"{reverse('typing', args=[slug, code, wanted])}?formulir={page.form}")


def list_context(page: KeyingPage, wanted: str = "", problems: Sequence[Problem] = ()) -> dict[str, object]:
    """What the template of the list reads."""
    rate = None if page.rate is None or not page.rate.asked else round(100 * page.rate.same / page.rate.asked, 1)
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "wanted": wanted,
        "problems": problems,
        "rate": rate,
        "waiting": page.total - page.surveyed,
    }


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def typing_new(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """A paper of a family that has no code yet."""
    return _typing(request, slug, code, "")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def typing(request: HttpRequest, slug: str, code: str, household: str) -> HttpResponse:
    """One family's paper; with `?kedua=1` the second time, by another person."""
    return _typing(request, slug, code, household)


def _typing(request: HttpRequest, slug: str, code: str, household: str) -> HttpResponse:
    said = request.POST if request.method == "POST" else request.GET
    form = said.get("formulir", "")
    known = int(form) if form.isascii() and form.isdigit() and len(form) < 12 else None
    try:
        page = queries.typing_page(person(request), slug, code, household, form=known)
    except InputError as error:
        listed = queries.keying_page(person(request), slug, code)
        return render(request, "keying.html", list_context(listed, household, error.problems), status=422)
    second = said.get("kedua", "") == "1"
    texts = {name: str(text) for name, text in request.POST.items() if name.startswith("q")}
    if request.method != "POST":
        return _shown(request, page, {}, second=second)
    step = said.get("langkah", "simpan")
    if step == "baris":
        return _shown(request, page, texts, second=second)
    typed = _typed(request, page, texts)
    try:
        return _sent(request, page, typed, second=second, step=step)
    except InputError as error:
        return _shown(request, page, texts, second=second, problems=error.problems, status=422)


def _typed(request: HttpRequest, page: TypingPage, texts: Mapping[str, str]) -> Typed:
    seen = request.POST.get("versi", "")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 8 else page.version
    return Typed(page.form, _instance(request.POST.get("nomor", "")), page.code, version, texts)


def _instance(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _sent(request: HttpRequest, page: TypingPage, typed: Typed, *, second: bool, step: str) -> HttpResponse:
    """Keep it, compare it, or settle the comparison. Raises InputError."""
    slug, code = page.cycle.slug, page.lokus.code
    by = person(request)
    back = redirect(f"{reverse('keying', args=[slug, code])}?putaran={page.round.slug}")
    if not second:
        done = actions.key_form(by=by, cycle_slug=slug, code=code, typed=typed)
        _tell(request, done)
        return back
    if step == "pilih":
        first = [at for at in request.POST.getlist("beda") if request.POST.get(f"pilih-{at}") == "pertama"]
        found = actions.keep_entry(by=by, cycle_slug=slug, code=code, typed=typed, first=first)
    else:
        found = actions.compare_entry(by=by, cycle_slug=slug, code=code, typed=typed)
        if found.differences:
            return render(request, "typing_compare.html", compare_context(page, typed, found))
        actions.keep_entry(by=by, cycle_slug=slug, code=code, typed=typed, first=())
    values = {"code": page.code, "same": found.same, "asked": found.asked}
    messages.success(request, _("%(code)s diperiksa: %(same)s dari %(asked)s jawaban sama.") % values)
    return back


def _tell(request: HttpRequest, done: actions.Keyed) -> None:
    name = done.code or _("Keluarga baru")
    if done.doubted:
        said = _("NIK pada %(code)s perlu diperiksa lagi di KTP atau KK; tetap disimpan seperti diketik.")
        messages.warning(request, said % {"code": name})
    if not done.reason:
        messages.success(request, _("%(code)s tersimpan.") % {"code": name})
        return
    why = str(LOOKED_AT if done.reason in QUIET else REASONS.get(done.reason, "")) or _("sedang diproses")
    said = _("%(code)s tersimpan, tetapi menunggu keputusan: %(why)s.")
    messages.warning(request, said % {"code": name, "why": why})


# --- the page ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Cell:
    """One question in one place of the page, with what was typed and what is wrong. `listed`: left blank, it is as the
    list says."""

    one: Question
    at: str
    value: str
    problem: Problem | None
    rows_of: str
    listed: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the page: questions, titles and what was read aloud, in order; `row` is a member's number, 0 the
    family's; `repeat` as in the form."""

    title: str
    repeat: str
    row: int
    parts: tuple[Cell | Note | str, ...]


def typing_context(
    page: TypingPage, texts: Mapping[str, str], *, second: bool = False, problems: Sequence[Problem] = ()
) -> dict[str, object]:
    """What the template of one paper reads."""
    rows = row_counts(page.asked, texts, least=page.members or 1)
    wrong = {str(problem.values.get("at", "")): problem for problem in reversed(problems)}
    builder = _Blocks(page, texts, wrong)
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "blocks": builder.blocks(rows),
        "spare": list(builder.spare()),
        "problems": [(problem, str(problem.values.get("at", ""))) for problem in problems],
        "second": second,
        "instance": uuid4(),
        "version": page.version,
    }


class _Blocks:
    def __init__(self, page: TypingPage, texts: Mapping[str, str], wrong: Mapping[str, Problem]) -> None:
        self._asked, self._texts, self._wrong = page.asked, texts, wrong
        self._on_list = bool(page.code)
        self._counts = {section.count: section.repeat for section in page.asked.sections if section.count}

    def blocks(self, rows: Mapping[str, int]) -> list[Block]:
        """The family's sections in order; in the place of a repeat one block for each of its rows."""
        done: set[str] = set()
        found: list[Block] = []
        for section in self._asked.sections:
            if not section.repeat:
                parts = tuple(self._part(part, 0) for part in section.parts)
                # What has no title of its own goes on where it stands.
                if not section.title and found and not found[-1].row:
                    found[-1] = replace(found[-1], parts=(*found[-1].parts, *parts))
                else:
                    found.append(Block(section.title, "", 0, parts))
            elif section.repeat not in done:
                done.add(section.repeat)
                found += [self._row(section.repeat, row) for row in range(1, rows.get(section.repeat, 1) + 1)]
        return found

    def spare(self) -> Iterator[Block]:
        """One row of each repeat, for the browser to copy; its number stands as __n__."""
        for repeat in dict.fromkeys(section.repeat for section in self._asked.sections if section.repeat):
            yield self._row(repeat, -1)

    def _row(self, repeat: str, row: int) -> Block:
        parts: list[Cell | Note | str] = []
        for section in self._of(repeat):
            parts.append(section.title)
            parts += [self._part(part, row) for part in section.parts]
        return Block("", repeat, row, tuple(parts))

    def _of(self, repeat: str) -> list[Section]:
        return [section for section in self._asked.sections if section.repeat == repeat]

    def _part(self, part: Question | Note, row: int) -> Cell | Note:
        if isinstance(part, Note):
            return part
        at = cell_of(part.number, row) if row >= 0 else f"{cell_of(part.number)}-{_ROW}"
        listed = self._on_list and part.item in PROPERTIES
        rows_of = self._counts.get(part.name, "")
        return Cell(part, at, self._texts.get(at, ""), self._wrong.get(at), rows_of, listed)


def compare_context(page: TypingPage, typed: Typed, found: Comparison) -> dict[str, object]:
    """What the template of differences reads: the second entry goes along unseen."""
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "found": found,
        "typed": [(name, text) for name, text in typed.texts.items() if text],
        "instance": typed.instance,
        "version": typed.version,
    }


def _shown(
    request: HttpRequest,
    page: TypingPage,
    texts: Mapping[str, str],
    *,
    second: bool,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> HttpResponse:
    found = typing_context(page, texts, second=second, problems=problems)
    if request.method == "POST":
        # The number stays, so that a form sent twice is one; a page that had none gets one now.
        found |= {"instance": _instance(request.POST.get("nomor", "")), "version": request.POST.get("versi", "")}
    return render(request, "typing.html", found, status=status)
