"""What the templates of setting up, people, meetings, plans, asks and the rest are given, from samples."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.test import RequestFactory

from selaras.actions.field.showing import Values
from selaras.queries.agencies import AgenciesPage
from selaras.queries.answered import AnswerLine, Difference
from selaras.queries.answered import Section as Questions
from selaras.queries.arrival import ArrivalPage, Other
from selaras.queries.arrivals import ArrivalLine, ArrivalsPage
from selaras.queries.arrivals import Asked as ArrivalsAsked
from selaras.queries.asks import AsksPage
from selaras.queries.audit import AuditPage, EntryLine
from selaras.queries.changes import ChangesPage
from selaras.queries.columns import ColumnsPage
from selaras.queries.documents import DocumentsPage, Needed
from selaras.queries.edits import EditLine
from selaras.queries.groups import GroupsPage
from selaras.queries.history import HistoryPage
from selaras.queries.links import LinksPage
from selaras.queries.matrix import Cell, Column, Line, MatrixPage, Section
from selaras.queries.matrix_filters import MatrixFilters
from selaras.queries.meetings import LetterheadPage, MeetingsPage
from selaras.queries.needs import NeedsPage
from selaras.queries.people import PeoplePage, PersonPage, TaskChoices
from selaras.queries.plans import Asked, CommitmentLine, CommitmentPage, CommitmentsPage, ProposalsPage
from selaras.queries.reminders import RemindersPage
from selaras.queries.setup import LociPage, SetupPage
from selaras.queries.teams import TeamPage, TeamsPage
from selaras.queries.tokens import TokenLine
from selaras.web import arrivals, audit, documents, imports, matrix, meetings, plans, setup
from selaras.web.asks import DueForm
from selaras.web.links import LinkForm
from selaras.web.meeting_forms import (
    KINDS,
    AttendeeForm,
    LetterheadForm,
    MeetingForm,
    MinutesForm,
    decision_rows,
)
from selaras.web.people_forms import ROWS, DatedTaskForm, NameForm, TaskForm
from selaras.web.rows import SPARE
from selaras.web.setup_forms import LokusChangeForm, LokusForm
from selaras.web.team_forms import (
    AgencyForm,
    DecreeForm,
    GroupChangeForm,
    GroupForm,
    MemberForm,
    PasteForm,
    PastYearForm,
    TeamForm,
    UsualForm,
    WonForm,
    WonInForm,
    past_rows,
)
from selaras.web.tokens import TokenForm
from tests.reports.sample_meeting import MEETING
from tests.web import samples
from tests.web.sample_any import some

Context = dict[str, object]
_MEETING = replace(MEETING, cycle=samples.CYCLE)
_REQUEST = RequestFactory().get("/")


def _setup() -> Context:
    page = some(SetupPage, closed_at=None)
    forms = setup._Forms(page, None)
    lines = forms.instruments.lines(page.instruments)
    stored = setup._stored(page, forms, None)
    return {"page": page, "forms": forms, "lines": lines, "stored": stored, "here": "setup"}


def _loci() -> Context:
    page = some(LociPage)
    forms = [(line, LokusChangeForm(line, None)) for line in page.loci]
    return {"page": page, "form": LokusForm(page, None), "forms": forms, "here": "setup_loci"}


def _teams() -> Context:
    page = some(TeamsPage)
    return {"page": page, "form": TeamForm(page.areas, None), "here": "teams"}


def _team() -> Context:
    page = some(TeamPage)
    line = page.members[0]
    forms = {"decree": DecreeForm(page, None, None), "form": MemberForm(page, None, None), "paste": PasteForm(None)}
    return {"page": page, **forms, "opened": line, "change": MemberForm(page, line, None), "here": "teams"}


def _groups() -> Context:
    page = some(GroupsPage)
    forms = [(line, GroupChangeForm(line, None)) for line in page.groups]
    return {"page": page, "form": GroupForm(page.choices, None), "forms": forms, "women": 24, "children": 24}


def _agencies() -> Context:
    page = some(AgenciesPage)
    usual = UsualForm([line.short_name for line in page.usual], None)
    forms = [(line, AgencyForm(line, None)) for line in page.current]
    return {"page": page, "form": AgencyForm(None, None), "usual": usual, "forms": forms, "here": "agencies"}


def _achievements() -> Context:
    page = some(HistoryPage)
    known, unknown = page.won[0], replace(page.won[-1], programme="", programme_name="")
    won = [(line, WonInForm(line, None)) for line in (replace(known, programme_name="P2WKSS"), unknown)]
    forms = {"form": WonForm(page.places, None), "year_form": PastYearForm("P2WKSS", None), "won": won}
    return {"page": page, **forms, "rows": past_rows(page.kelurahan, None), "here": "achievements"}


def _person() -> Context:
    page = some(PersonPage)
    return {"page": page, "form": DatedTaskForm(page.choices), "key": UUID(int=2)}


def _invite() -> Context:
    choices = some(TaskChoices)
    rows = [TaskForm(choices, None, prefix=f"t{i}", needed=i == 0) for i in range(ROWS)]
    return {"cycle": samples.CYCLE, "choices": choices, "name": NameForm(), "first": rows[0], "others": rows[1:]}


def _minutes() -> Context:
    forms = decision_rows(_MEETING.agencies, meetings._decided(_MEETING))
    return {"page": _MEETING, "form": MinutesForm(), "decisions": forms, "changed": [], "empty": SPARE}


def _attendance() -> Context:
    return {"page": _MEETING, "form": AttendeeForm(), "url": "https://selaras.example/hadir/" + "t" * 43, "unsaid": 1}


def _meetings() -> Context:
    return {"page": some(MeetingsPage), "kinds": KINDS.items(), "words": KINDS}


def _matrix() -> Context:
    """Twelve agencies with every look that a cell has."""
    looks = (
        Cell(served=8),
        Cell(served=3, late=True),
        Cell(served=12, blocked=True),
        Cell(served=0, proposed=4),
        Cell(served=None),
        Cell(asked=True),
        Cell(served=5, for_place=True, unfunded=True),
    )
    columns = tuple(some(Column, id=n, short_name=f"DP3AP2KB{n}", over=n == 2) for n in range(12))
    lines = tuple(
        some(Line, key=f"jamban{n}", label="Keluarga yang memakai air minum layak sepanjang tahun", named="DPUTR",
             needs=40, served=28, gap=12, overlap=3, proposed=2,
             cells={at: looks[(n + at) % len(looks)] for at in range(0, 12, 2)})
        for n in range(4)
    )  # fmt: skip
    sections = (Section("Rumah dan lingkungan", lines), Section("Kesehatan", lines[:2]))
    return matrix.context(some(MatrixPage, columns=columns, sections=sections, filters=MatrixFilters(), view="opd"))


def _audit() -> Context:
    lines = tuple(
        some(EntryLine, action=action, subject_type=kind, details=(("sha256", "0f" * 32),))
        for action, kind in (("user.created", "user"), ("dossier.freeze", "dossier"))
    )
    return {**audit.context(some(AuditPage, lines=lines)), "form": audit.FilterForm()}


def _columns() -> Context:
    page = some(ColumnsPage)
    sheets = [
        {
            "sheet": sheet,
            "columns": [imports._shown(sheet, column, {}) for column in sheet.columns],
            "options": imports._options(sheet),
            "row": str(sheet.row),
        }
        for sheet in page.sheets
    ]
    return {"page": page, "sheets": sheets, "wrong": []}


def _commitments() -> Context:
    lines = tuple(some(CommitmentLine, number=n, state=state) for n, state in enumerate(("running", "blocked"), 1))
    return plans._list_context(some(CommitmentsPage, lines=lines, asked=Asked()))


def _reminders() -> Context:
    page = some(RemindersPage)
    return {"page": page, "lines": [(each, "https://wa.me/?text=halo") for each in page.open]}


def _documents() -> Context:
    needed = (Needed("letterhead", "absent", 0), Needed("minutes", "part", 1, 3), Needed("weekly", "there", 12))
    return documents.context(some(DocumentsPage, needed=needed))


def _arrivals() -> Context:
    """Held ones of several kinds, one that was taken, one for practice."""
    held = [some(ArrivalLine, state="quarantined", reason=reason) for reason in ("twice", "broken", "unknown_version")]
    lines = (*held, some(ArrivalLine, state="taken", reason=""), some(ArrivalLine, state="practice", family=None))
    counts = {"": 1204, "quarantined": 3, "waiting": 2, "taken": 1180, "set_aside": 4, "practice": 15}
    page = some(ArrivalsPage, lines=lines, counts=counts, late=12, asked=ArrivalsAsked(page=2), pages=25)
    return arrivals.context(page)


def _arrival(reason: str = "other_bytes", **more: object) -> Context:
    line = some(ArrivalLine, state="quarantined", reason=reason, mode="phone")
    said = AnswerLine("Di mana keluarga buang air besar?", "said", "Leher angsa")
    sealed = AnswerLine("Catatan kader", "sealed", "")
    section = Questions("Rumah dan lingkungan", None, (said, sealed, AnswerLine("Sumber air", "blank", "")), 1)
    other = some(
        Other,
        line=replace(line, state="taken"),
        outcome="bertemu",
        differences=(Difference(said.question, 2, said, replace(said, text="Cemplung")),),
    )
    given: dict[str, object] = {
        "outcome": "bertemu",
        "sections": (section,),
        "others": (other,),
        "hidden": False,
        "elsewhere": False,
        "beside": (),
        "original": None,
    }
    page = some(ArrivalPage, line=line, **{**given, **more})
    return {**arrivals.one_context(page), "named": False}


def _changes() -> Context:
    """Two phones and an address; one whose beginning has not come."""
    ids = [UUID(int=n) for n in (1, 2, 3)]
    edits = tuple(
        some(EditLine, id=id_, by=by, state=state, items=("address", "rt"), held=("address",) * held, open=not held)
        for id_, by, state, held in zip(
            ids, ("Ani", "Sri Wahyuningsih", "Budi"), ("conflict", "backlog", "applied"), (0, 0, 1), strict=True
        )
    )
    now = {"head_name": "Rohayati", "address": "Gang Melati 7", "rt": "02", "rw": "01", "kk": "", "phone": ""}
    said = {id_: {"address": ("Gang Lama", f"Gang Mawar {id_.int}"), "rt": ("02", "03")} for id_ in ids}
    return {**arrivals.changes_context(some(ChangesPage, edits=edits), Values(now, said)), "named": True}


def _links() -> Context:
    page = some(LinksPage)
    return {"page": page, "form": LinkForm(page)}


#: Name → template and what it is given; each is synthetic.
PAGES: dict[str, tuple[str, Callable[[], Context]]] = {
    "atur": ("setup.html", _setup),
    "atur-lokus": ("setup_loci.html", _loci),
    "tim": ("teams.html", _teams),
    "satu-tim": ("team.html", _team),
    "kelompok": ("groups.html", _groups),
    "opd": ("agencies.html", _agencies),
    "prestasi": ("achievements.html", _achievements),
    "orang": ("people/list.html", lambda: {"page": some(PeoplePage)}),
    "satu-orang": ("people/person.html", _person),
    "undang": ("people/invite.html", _invite),
    "rapat": ("meetings.html", _meetings),
    "satu-rapat": ("meeting.html", lambda: meetings.context(_MEETING)),
    "rapat-baru": ("meeting_form.html", lambda: {"cycle": samples.CYCLE, "form": MeetingForm(), "changed": []}),
    "notulen": ("minutes.html", _minutes),
    "hadir": ("attendance.html", _attendance),
    "kop": ("letterhead.html", lambda: {"page": some(LetterheadPage), "form": LetterheadForm(), "changed": []}),
    "berkas": ("documents.html", _documents),
    "matriks": ("matrix.html", _matrix),
    "kebutuhan": ("matrix_needs.html", lambda: matrix.needs_context(_REQUEST, some(NeedsPage, may_see_names=False))),
    "komitmen": ("commitments.html", _commitments),
    "satu-komitmen": ("commitment.html", lambda: plans._one_context(some(CommitmentPage))),
    "usulan": ("commitment_proposals.html", lambda: {"page": some(ProposalsPage)}),
    "permintaan": ("asks.html", lambda: {"page": some(AsksPage), "form": DueForm(date(2024, 5, 2))}),
    "tautan": ("links.html", _links),
    "kiriman": ("arrivals.html", _arrivals),
    "satu-kiriman": (
        "arrival.html",
        lambda: _arrival("closed", beside=("no_task", "late", "no_original", "other_bytes"), original=UUID(int=1)),
    ),
    "satu-kiriman-formulir": ("arrival.html", lambda: _arrival("unknown_version", outcome="", sections=())),
    "satu-kiriman-lain": (
        "arrival.html",
        lambda: _arrival("foreign", hidden=True, elsewhere=True, may_take=False, sections=(), others=()),
    ),
    "satu-kiriman-kantor": (
        "arrival.html",
        lambda: _arrival(
            "office",
            hidden=True,
            elsewhere=True,
            unwilling=False,
            withheld=True,
            may_take=False,
            raw=False,
            sections=(),
            others=(),
            files=(),
            forms=(),
            families=(),
            lokus=None,
            kept_until=None,
            closed=False,
            typed=None,
            conflict=None,
        ),
    ),
    "satu-kiriman-putusan-lain": (
        "arrival.html",
        lambda: _arrival("other_family", elsewhere=True, may_take=False, forms=(), families=(), others=()),
    ),
    "perubahan": ("household_changes.html", _changes),
    "pengingat": ("reminders.html", _reminders),
    "impor-kolom": ("import_columns.html", _columns),
    "jejak": ("audit.html", _audit),
    "token": ("tokens.html", lambda: {"tokens": (some(TokenLine),), "form": TokenForm(), "secret": "slr_" + "t" * 43}),
}
