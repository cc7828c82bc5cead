"""/tahun/SLUG/tautan/: links of agencies, made and revoked by the secretariat. Their secrets are shown once."""

from urllib.parse import quote
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from selaras.actions import links as actions
from selaras.actions.links import Secrets
from selaras.errors import InputError
from selaras.queries import links as queries
from selaras.queries.links import LinksPage
from selaras.web.person import person


class LinkForm(forms.Form):
    """For whom a link is."""

    agency = forms.TypedChoiceField(label=gettext_lazy("OPD"), coerce=int)
    holder = forms.CharField(label=gettext_lazy("Nama penghubung"), max_length=150)
    email = forms.CharField(label=gettext_lazy("Surel (boleh kosong)"), max_length=254, required=False)
    until = forms.DateField(
        label=gettext_lazy("Berlaku sampai"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, page: LinksPage, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"until": page.until})
        field = self.fields["agency"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101  (declared so above)
        missing = set(page.without)
        ordered = sorted(page.agencies, key=lambda agency: agency.short_name not in missing)
        field.choices = [("", _("Pilih OPD")), *((agency.id, agency.short_name) for agency in ordered)]


#: Of our problems, the field that each belongs to.
_FIELDS = {"ask.agency": "agency", "link.holder": "holder", "link.email": "email", "link.expires": "until"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, slug: str) -> HttpResponse:
    """Who holds a link, and a new one: made, it is shown on this very answer and never again."""
    page = queries.links_page(person(request), slug)
    if request.method != "POST":
        return _show(request, page, LinkForm(page))
    form = LinkForm(page, request.POST)
    if not form.is_valid():
        return _show(request, page, form, status=422)
    asked = form.cleaned_data
    try:
        made = actions.make_link(
            by=person(request),
            cycle_slug=slug,
            agency_id=asked["agency"],
            holder=asked["holder"],
            email=asked["email"],
            until=asked["until"],
        )
    except InputError as error:
        for problem in error.problems:
            form.add_error(_FIELDS.get(problem.code), f"{problem.message}; {problem.remedy}")
        return _show(request, page, form, status=422)
    return _secrets(request, slug, made)


@never_cache
@require_POST
def new_code(request: HttpRequest, slug: str, link_id: UUID) -> HttpResponse:
    """Another one-time code, shown once."""
    return _secrets(request, slug, actions.new_code(by=person(request), cycle_slug=slug, link_id=link_id))


@require_POST
def revoke(request: HttpRequest, slug: str, link_id: UUID) -> HttpResponse:
    """Close it for good."""
    link = actions.revoke(by=person(request), cycle_slug=slug, link_id=link_id)
    messages.success(request, _("Tautan %(agency)s sudah dicabut.") % {"agency": link.agency.short_name})
    return redirect("links", slug)


def _show(request: HttpRequest, page: LinksPage, form: LinkForm, *, status: int = 200) -> HttpResponse:
    context = {"page": page, "form": form, "synthetic": page.cycle.synthetic}
    return render(request, "links.html", context, status=status)


def _secrets(request: HttpRequest, slug: str, made: Secrets) -> HttpResponse:
    page = queries.links_page(person(request), slug)
    url = request.build_absolute_uri(reverse("answers", args=[made.token])) if made.token else ""
    text = message(page, made, url) if url else ""
    context = {
        "page": page,
        "made": made,
        "agency": made.link.agency.short_name,
        "url": url,
        "text": text,
        "share": f"https://wa.me/?text={quote(text)}",
        "synthetic": page.cycle.synthetic,
    }
    return render(request, "link_made.html", context)


def message(page: LinksPage, made: Secrets, url: str) -> str:
    """What the secretariat sends with the link, in Indonesian whatever she reads. The code is never in it."""
    agency, year = made.link.agency.short_name, page.cycle
    return (
        f"Yth. {made.link.holder}, penghubung {agency}.\n"
        f"Sekretariat {year.programme} {year.place} menanyakan kesanggupan {agency} atas kebutuhan keluarga binaan.\n"
        f"Jawab di sini, tanpa akun, kira-kira dua menit:\n{url}\n"
        f"Tautan ini untuk {agency} saja; mohon tidak diteruskan."
    )


urlpatterns = [
    path("tahun/<slug:slug>/tautan/", links, name="links"),
    path("tahun/<slug:slug>/tautan/<uuid:link_id>/kode/", new_code, name="link_code"),
    path("tahun/<slug:slug>/tautan/<uuid:link_id>/cabut/", revoke, name="link_revoke"),
]
