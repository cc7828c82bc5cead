"""/jejak/: who did what when, as far as one may read it, and the head that is printed on paper."""

from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from selaras.actions import audit as actions
from selaras.models import Role
from selaras.queries import audit as queries
from selaras.queries.audit import MOST, AuditPage, EntryLine, Wanted
from selaras.queries.invitations import role_words
from selaras.web.audit_details import DETAILS
from selaras.web.audit_words import SUBJECTS, action_words, choices
from selaras.web.people_forms import DayInput
from selaras.web.person import person


class FilterForm(forms.Form):
    """What to show. Nonsense is left out, not refused: an address that was typed by hand shows more, never an error."""

    tindakan = forms.CharField(label=_("Tindakan"), required=False, max_length=60, widget=forms.Select())
    oleh = forms.CharField(label=_("Oleh siapa (sebagian nama)"), required=False, max_length=60)
    objek = forms.CharField(label=_("Tentang apa"), required=False, max_length=110)
    hari = forms.DateField(label=_("Hari"), required=False, widget=DayInput())

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["tindakan"].widget.choices = [("", _("Semua tindakan")), *choices()]

    def wanted(self) -> Wanted:
        """The filter as a query takes it."""
        self.is_valid()
        given = self.cleaned_data
        day = given.get("hari")
        return Wanted(
            action=given.get("tindakan", ""),
            person=given.get("oleh", ""),
            subject=given.get("objek", "").strip(),
            # The day after must be a day too, in any zone.
            day=day if isinstance(day, date) and 1 < day.year < 9999 else None,
        )


@never_cache
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """One page: `?tindakan=`, `?oleh=`, `?objek=`, `?hari=`, and `?sebelum=` for older ones."""
    form = FilterForm(request.GET)
    page = queries.audit_page(person(request), form.wanted(), before=_number(request.GET.get("sebelum", "")))
    return render(request, "audit.html", {**context(page), "form": form})


def context(page: AuditPage) -> dict[str, object]:
    """What the template reads besides the page: each entry in words, and the filter as an address."""
    return {
        "page": page,
        "most": MOST,
        "lines": [(line, action_words(line.action), _subject(line), _details(line)) for line in page.lines],
        "query": {
            "tindakan": page.wanted.action,
            "oleh": page.wanted.person,
            "objek": page.wanted.subject,
            "hari": page.wanted.day.isoformat() if page.wanted.day else "",
        },
    }


def _subject(line: EntryLine) -> str:
    """`pengguna Ani`, `impor 3f2a91c0`: never a family's name, which no entry holds."""
    if not line.subject_type:
        return ""
    name = line.subject_name or line.subject_id.partition("-")[0]
    return f"{SUBJECTS.get(line.subject_type, line.subject_type)} {name}".strip()


def _details(line: EntryLine) -> list[tuple[str, str]]:
    """What is known of it, in words; what does not apply is left out."""
    known = [(key, value) for key, value in line.details if value]
    return [(str(DETAILS.get(key, key)), _roles(value) if key in _ROLES else value) for key, value in known]


#: Details that name roles by their codes.
_ROLES = frozenset({"role", "roles"})


def _roles(codes: str) -> str:
    known = set(Role.values)
    return ", ".join(role_words(code) if code in known else code for code in codes.split(", "))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The same entries as CSV, written down as an export."""
    content = actions.export(by=person(request), wanted=FilterForm(request.POST).wanted())
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="jejak-{timezone.localdate()}.csv"'
    return response
