"""Reactions: the three questions without a name at /reaksi/, and what the office sees of them.

Nothing of an answer is in an address: the code comes in the body, from behind a `#` that browsers send to nobody.
"""

from typing import Any
from uuid import UUID, uuid4

from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.actions import reactions as actions
from selaras.actions.reaction_pool import BATCH, LONGEST, shown_code
from selaras.actions.reactions import MOST_PAPERS, MOST_SLIPS, Papers
from selaras.errors import InputError
from selaras.models import ReactionQuestion, ReactionReply
from selaras.queries import reactions as queries
from selaras.queries.reactions import FEWEST_FOR_WORDS, ReactionsPage, Tally, YearOfReactions
from selaras.reports.letters import qr_svg
from selaras.reports.reactions import Slips, papers_pdf, slips_pdf
from selaras.web.complaints import CHANNEL
from selaras.web.errors import too_many
from selaras.web.papers import sent
from selaras.web.person import person

QUESTIONS = {
    ReactionQuestion.USEFUL: gettext_lazy("Apakah kegiatan ini berguna bagi Anda?"),
    ReactionQuestion.USE: gettext_lazy("Apakah akan Anda pakai?"),
}
REPLIES = {
    ReactionQuestion.USEFUL: {
        ReactionReply.YES: gettext_lazy("Ya, berguna"),
        ReactionReply.SOME: gettext_lazy("Sebagian"),
        ReactionReply.NO: gettext_lazy("Tidak"),
    },
    ReactionQuestion.USE: {
        ReactionReply.YES: gettext_lazy("Ya"),
        ReactionReply.SOME: gettext_lazy("Belum tahu"),
        ReactionReply.NO: gettext_lazy("Tidak"),
    },
}
#: Slips that a form begins with where nobody was counted, and how many more than those who came.
USUAL, SPARE = 20, 5


def _choose(question: ReactionQuestion) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=QUESTIONS[question],
        choices=list(REPLIES[question].items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih salah satu.")},
    )


class CodeForm(forms.Form):
    """A code from paper."""

    code = forms.CharField(
        label=gettext_lazy("Kode di lembar Anda"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Tulis kode yang tercetak di lembar Anda.")},
    )


class AnswerForm(CodeForm):
    """The three questions."""

    useful = _choose(ReactionQuestion.USEFUL)
    use = _choose(ReactionQuestion.USE)
    missing = forms.CharField(
        label=gettext_lazy("Apa yang masih kurang?"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


class SlipsForm(forms.Form):
    """How many slips."""

    slips = forms.IntegerField(
        label=gettext_lazy("Banyaknya lembar"),
        min_value=BATCH,
        max_value=MOST_SLIPS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


class PapersForm(forms.Form):
    """A box of papers as it was counted; `number` is made with the empty form, so that sending twice is one."""

    number = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
    papers = forms.IntegerField(
        label=gettext_lazy("Kertas di kotak"),
        min_value=0,
        max_value=MOST_PAPERS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    words = forms.CharField(
        label=gettext_lazy("Apa yang masih kurang?"), required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    #: Ticked, how many boxes she was told of: this is another.
    others = forms.IntegerField(required=False, min_value=0, max_value=MOST_PAPERS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question, replies in REPLIES.items():
            for reply, label in replies.items():
                self.fields[f"{question}_{reply}"] = forms.IntegerField(
                    label=label,
                    min_value=0,
                    max_value=MOST_PAPERS,
                    required=False,
                    widget=forms.TextInput(attrs={"inputmode": "numeric"}),
                )

    @property
    def counts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Each question with a box for each reply."""
        return [
            (str(QUESTIONS[question]), [self[f"{question}_{reply}"] for reply in replies])
            for question, replies in REPLIES.items()
        ]

    def counted(self) -> Papers:
        """What was counted."""
        given = self.cleaned_data
        return Papers(
            papers=given["papers"],
            counts={
                question: {reply: given[f"{question}_{reply}"] or 0 for reply in replies}
                for question, replies in REPLIES.items()
            },
            words=tuple(given["words"].splitlines()),
            number=given["number"] or uuid4(),
            others=given["others"] or 0,
        )


class LookForm(forms.Form):
    """Whether what somebody wrote is shown, and which words of it are covered."""

    show = forms.ChoiceField(choices=[("1", ""), ("0", "")])
    cover = forms.CharField(required=False, max_length=200)


# --- without an account -----------------------------------------------------------------------------------------------
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """Three questions for whoever holds a slip. Nobody is asked who she is, and nothing is remembered of her."""
    if request.method != "POST":
        return _answering(request, AnswerForm())
    if not ratelimit.consume(request, action="reaksi"):
        return too_many(request)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            actions.answer(**form.cleaned_data)
        except InputError as error:
            _refuse(form, error)
        else:
            return redirect("reaction_thanks")
    return _answering(request, form, status=422)


def _answering(request: HttpRequest, form: AnswerForm, *, status: int = 200) -> HttpResponse:
    given = {"form": form, "least": BATCH, "words": FEWEST_FOR_WORDS, "complaints": CHANNEL}
    return render(request, "reaction_answer.html", given, status=status)


@login_not_required
@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """The same page for everybody who has answered."""
    return render(request, "reaction_thanks.html", {"complaints": CHANNEL})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_box(request: HttpRequest) -> HttpResponse:
    """End a box by the organiser's code: whoever holds the paper may, from any phone."""
    if request.method != "POST":
        return render(request, "reaction_open.html", {"form": CodeForm(), "least": BATCH})
    if not ratelimit.consume(request, action="reaksi"):
        return too_many(request)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            actions.open_box(code=form.cleaned_data["code"])
        except InputError as error:
            _refuse(form, error)
        else:
            return render(request, "reaction_open.html", {"done": True})
    return render(request, "reaction_open.html", {"form": form, "least": BATCH}, status=422)


def _refuse(form: forms.Form, error: InputError) -> None:
    for problem in error.problems:
        form.add_error(problem.where or None, f"{problem.message}; {problem.remedy}")


# --- what the office sees ---------------------------------------------------------------------------------------------
@never_cache
@require_safe
def year(request: HttpRequest, slug: str) -> HttpResponse:
    """The activities of a year that were asked about."""
    return render(request, "reactions_year.html", year_context(queries.year_of_reactions(person(request), slug)))


def year_context(page: YearOfReactions) -> dict[str, object]:
    """What the page of a year reads."""
    return {
        "page": page,
        "tallies": _tallies(page.useful, page.use),
        "least": BATCH,
        "complaints": CHANNEL,
        "synthetic": page.cycle.synthetic,
    }


@never_cache
@require_safe
def one(request: HttpRequest, slug: str, activity_id: UUID) -> HttpResponse:
    """The reactions to one activity; for who asks, its boxes and papers."""
    return render(request, "reactions.html", context(queries.reactions_page(person(request), slug, activity_id)))


def context(page: ReactionsPage, form: SlipsForm | None = None) -> dict[str, object]:
    """What the page of one activity reads."""
    usual = min(max(page.attended + SPARE if page.attended else USUAL, BATCH), MOST_SLIPS)
    return {
        "page": page,
        "tallies": _tallies(page.summary.useful, page.summary.use),
        "form": form or SlipsForm(initial={"slips": usual}),
        "least": BATCH,
        "words": FEWEST_FOR_WORDS,
        "complaints": CHANNEL,
        "synthetic": page.cycle.synthetic,
        "address": settings.SELARAS_BASE_URL + reverse("reaction_answer") if page.may_ask else "",
    }


@login_not_required
@require_safe
def qr(_request: HttpRequest) -> HttpResponse:
    """The QR of the three questions, to show on a screen: the same for everybody, and without a code."""
    drawn = qr_svg(settings.SELARAS_BASE_URL + reverse("reaction_answer"))
    return HttpResponse(drawn, content_type="image/svg+xml")


def _tallies(useful: Tally | None, use: Tally | None) -> list[tuple[str, int, list[tuple[str, int, float]]]]:
    """Each question that may be told: how many answered, and each reply with its count and share."""
    found = []
    for question, tally in ((ReactionQuestion.USEFUL, useful), (ReactionQuestion.USE, use)):
        if tally is not None:
            counts = zip(REPLIES[question].values(), (tally.yes, tally.some, tally.no), strict=True)
            lines = [(str(label), count, count / tally.n) for label, count in counts]
            found.append((str(QUESTIONS[question]), tally.n, lines))
    return found


@never_cache
@require_POST
def slips(request: HttpRequest, slug: str, activity_id: UUID) -> HttpResponse:
    """Slips to print, once: their codes are kept nowhere."""
    page = queries.asking_page(person(request), slug, activity_id)
    form = SlipsForm(request.POST)
    if not form.is_valid():
        return render(request, "reactions.html", context(page, form), status=422)
    made = actions.print_slips(
        by=person(request), cycle_slug=slug, activity_id=activity_id, slips=form.cleaned_data["slips"]
    )
    printed = Slips([shown_code(code) for code in made.codes], shown_code(made.opener), made.closes_on)
    return sent(slips_pdf(page, printed, settings.SELARAS_BASE_URL))


@never_cache
@require_safe
def papers(request: HttpRequest, slug: str, activity_id: UUID) -> HttpResponse:
    """Plain papers for a box."""
    return sent(papers_pdf(queries.asking_page(person(request), slug, activity_id)))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def typed(request: HttpRequest, slug: str, activity_id: UUID) -> HttpResponse:
    """Count a box of papers, all at once."""
    page = queries.typing_page(person(request), slug, activity_id)
    form = PapersForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new = actions.type_papers(
                by=person(request), cycle_slug=slug, activity_id=activity_id, counted=form.counted()
            )
        except InputError as error:
            _refuse(form, error)
        else:
            _say_typed(request, form.cleaned_data["papers"], new=new)
            return redirect("activity_reactions", slug, activity_id)
    given = {"page": page, "form": form, "least": BATCH, "synthetic": page.cycle.synthetic}
    return render(request, "reactions_type.html", given, status=422 if request.method == "POST" else 200)


def _say_typed(request: HttpRequest, papers: int, *, new: bool) -> None:
    if not new:
        again = _("Kotak ini sudah dicatat dan tidak dihitung dua kali. Untuk kotak lain, buka lagi halaman ketik.")
        messages.warning(request, again)
        return
    said = ngettext("%(n)s kertas tercatat.", "%(n)s kertas tercatat.", papers) % {"n": papers}
    messages.success(request, said)


@never_cache
@require_POST
def look(request: HttpRequest, slug: str, text_id: UUID) -> HttpResponse:
    """Say whether what somebody wrote may be shown."""
    form = LookForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Pilih tampilkan atau jangan tampilkan."))
        return redirect("reactions", slug)
    show, cover = form.cleaned_data["show"] == "1", form.cleaned_data["cover"]
    try:
        activity = actions.look_at(
            by=person(request), cycle_slug=slug, text_id=text_id, show=show, cover=cover.split(",")
        )
    except InputError as error:
        for problem in error.problems:
            messages.error(request, f"{problem.message}; {problem.remedy}.")
        return redirect("reactions", slug)
    messages.success(request, _("Tulisan ditampilkan.") if show else _("Tulisan tidak ditampilkan dan sudah dihapus."))
    return redirect("activity_reactions", slug, activity)


_ONE = "tahun/<slug:slug>/kegiatan/<uuid:activity_id>/reaksi/"
urlpatterns = [
    path("reaksi/", answer, name="reaction_answer"),
    path("reaksi/terima-kasih/", thanks, name="reaction_thanks"),
    path("reaksi/buka/", open_box, name="reaction_open"),
    path("reaksi/qr.svg", qr, name="reaction_qr"),
    path("tahun/<slug:slug>/reaksi/", year, name="reactions"),
    path("tahun/<slug:slug>/reaksi/tulisan/<uuid:text_id>/", look, name="reaction_text"),
    path(_ONE, one, name="activity_reactions"),
    path(f"{_ONE}lembar.pdf", slips, name="reaction_slips"),
    path(f"{_ONE}kertas.pdf", papers, name="reaction_papers"),
    path(f"{_ONE}ketik/", typed, name="reaction_type"),
]
