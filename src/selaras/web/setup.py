"""A year's own settings: its dates and instruments, and its loci."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from selaras.access import the_cycle, the_lokus
from selaras.actions import cycles as actions
from selaras.actions import loci as lokus_actions
from selaras.actions.shipped import publish_shipped
from selaras.errors import InputError, Missing, Problem
from selaras.models import User
from selaras.queries import setup as queries
from selaras.queries.places import place_of
from selaras.queries.setup import LociPage, SetupPage
from selaras.queries.usual import prefix_for
from selaras.web.person import person
from selaras.web.saving import Refused, Said, Unfit, sent
from selaras.web.setup_forms import (
    InstrumentsForm,
    LokusChangeForm,
    LokusForm,
    dated,
    drafts,
    round_rows,
    stage_rows,
)


def _written(slug: str) -> dict[str, tuple[str, str, str]]:
    """Part of the page → the audit entry that says who changed it."""
    parts = {
        "tahap": "cycles.set_stages",
        "putaran": "cycles.set_rounds",
        "instrumen": "cycles.choose_instruments",
        "nik": "cycles.ask_for_nik",
        "lokus": "cycles.change_lokus",
    }
    return {part: (action, "cycle", slug) for part, action in parts.items()}


@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest, slug: str) -> HttpResponse:
    """Stages, rounds, instruments, and the end of the year: each part is saved by itself."""
    page = queries.setup_page(person(request), slug)
    if request.method != "POST":
        return _setup(request, page, _Forms(page, None))
    said = Said.of(request)
    forms = _Forms(page, said)
    if not forms.is_valid():
        return _setup(request, page, forms, Refused.unfit(said))
    try:
        done = _save(person(request), slug, said, forms)
    except InputError as error:
        # Read again: what is stored now is what the person's input is held against.
        page = queries.setup_page(person(request), slug)
        return _setup(request, page, forms, Refused.because(person(request), said, error, _written(slug)))
    messages.success(request, done)
    return redirect("setup", slug)


class _Forms:
    """The forms of the page; the part that was sent is filled with what was sent."""

    def __init__(self, page: SetupPage, said: Said | None) -> None:
        self.sent = said
        self.stages = stage_rows(page.stages, sent(said, "tahap"))
        self.rounds = round_rows(page.rounds, sent(said, "putaran"))
        self.instruments = InstrumentsForm(page.instruments, sent(said, "instrumen"))

    def is_valid(self) -> bool:
        parts: dict[str, Any] = {"tahap": self.stages, "putaran": self.rounds, "instrumen": self.instruments}
        part = parts.get(self.sent.part) if self.sent else None
        return part is None or bool(part.is_valid())


def _save(by: User, slug: str, said: Said, forms: _Forms) -> str:
    """Save the part that was sent; what to tell the person."""
    cycle = the_cycle(by, slug)
    if said.part == "tahap":
        actions.set_stages(by=by, cycle=cycle, stages=dated(forms.stages), seen=said.seen)
        return _("Tanggal tahap tersimpan.")
    if said.part == "putaran":
        actions.set_rounds(by=by, cycle=cycle, rounds=drafts(forms.rounds), seen=said.seen)
        return _("Putaran pendataan tersimpan.")
    if said.part == "instrumen":
        chosen = forms.instruments.cleaned_data
        versions = queries.versions_of(by, [int(key) for key in chosen["versions"]])
        primary = next((version for version in versions if str(version.pk) == chosen["primary"]), None)
        actions.choose_instruments(by=by, cycle=cycle, versions=versions, primary=primary, seen=said.seen)
        return _("Instrumen tersimpan.")
    if said.part == "nik":
        asked = said.data.get("tanya") == "ya"
        actions.ask_for_nik(by=by, cycle=cycle, asked=asked)
        return _("NIK ditanyakan mulai formulir berikutnya.") if asked else _("NIK tidak ditanyakan lagi.")
    if said.part.startswith("terbitkan-"):
        publish_shipped(by=by, bundle=said.part.removeprefix("terbitkan-"))
        return _("Instrumen bawaan sudah terbit. Centang yang dipakai tahun ini.")
    if said.part == "tutup" and said.data.get("mengerti"):
        held = actions.close_cycle(by=by, cycle=cycle)
        return _closed(held)
    raise InputError(Problem("setup.nothing"))


def _closed(held: int) -> str:
    said = _("Tahun program sudah ditutup.")
    if not held:
        return said
    more = ngettext(
        "%(n)s kiriman atau perubahan masih menunggu keputusan dan tetap dapat diputuskan oleh sekretariat.",
        "%(n)s kiriman atau perubahan masih menunggu keputusan dan tetap dapat diputuskan oleh sekretariat.",
        held,
    )
    return f"{said} {more % {'n': held}}"


def _setup(request: HttpRequest, page: SetupPage, forms: _Forms, refused: Refused | None = None) -> HttpResponse:
    context = {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "forms": forms,
        "lines": forms.instruments.lines(page.instruments),
        "refused": refused,
        "stored": _stored(page, forms, refused),
        "here": "setup",
    }
    return render(request, "setup.html", context, status=422 if refused else 200)


def _stored(page: SetupPage, forms: _Forms, refused: Refused | None) -> list[tuple[object, bool]]:
    """What another has saved meanwhile, each line with whether the person's own input says the same."""
    if refused is None or not refused.by_other:
        return []
    if refused.part == "tahap":
        own = {(s.name, s.starts, s.ends) for s in dated(forms.stages)}
        return [(s, (s.name, s.starts, s.ends) in own) for s in page.stages]
    if refused.part == "putaran":
        return [(r, r in drafts(forms.rounds)) for r in page.rounds]
    ticked = {str(key) for key in forms.instruments["versions"].value() or []}
    main = forms.instruments["primary"].value()
    return [
        (each, (str(each.key) in ticked) == each.chosen and (str(each.key) == main) == each.primary)
        for each in page.instruments
        if each.chosen
    ]


# --- loci ------------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def loci(request: HttpRequest, slug: str) -> HttpResponse:
    """The loci: one more, change one, which of them is the representative."""
    by = person(request)
    page = queries.loci_page(by, slug, request.GET.get("kota", ""))
    if request.method != "POST":
        return _loci(request, page, None)
    said = Said.of(request)
    try:
        done = _save_loci(by, page, said)
    except Unfit:
        return _loci(request, page, said, Refused.unfit(said))
    except InputError as error:
        page = queries.loci_page(by, slug, request.GET.get("kota", ""))
        return _loci(request, page, said, Refused.because(by, said, error, _written(slug)))
    messages.success(request, done)
    return redirect("setup_loci", slug)


def _save_loci(by: User, page: LociPage, said: Said) -> str:
    slug, code = page.cycle.slug, said.which
    cycle = the_cycle(by, slug)
    if said.part == "tambah":
        form = LokusForm(page, said.data)
        if not form.is_valid():
            raise Unfit
        place = place_of(form.cleaned_data["place"])
        prefix = form.cleaned_data["letters"] or prefix_for(place.name, [line.prefix for line in page.loci])
        size, rw = form.cleaned_data["target_size"], form.cleaned_data["rw"].strip()
        made = actions.add_lokus(by=by, cycle=cycle, place=place, prefix=prefix, rw=rw, target_size=size)
        return _("%(name)s menjadi lokus. Kode keluarganya dimulai %(prefix)s-001.") % {
            "name": made.place.name,
            "prefix": made.prefix,
        }
    if said.part == "wakil":
        named = the_lokus(by, slug, said.data.get("wakil", "")) if said.data.get("wakil") else None
        actions.name_representative(by=by, cycle=cycle, lokus=named)
        return _("Wakil tersimpan.")
    line = next((line for line in page.loci if line.code == code), None)
    if line is None:
        raise Missing(Problem("access.missing"))
    if said.part == "hapus":
        lokus_actions.remove_lokus(by=by, lokus=the_lokus(by, slug, code))
        return _("%(name)s bukan lokus lagi.") % {"name": line.name}
    change = LokusChangeForm(line, said.data)
    if not change.is_valid():
        raise Unfit
    lokus_actions.change_lokus(
        by=by,
        lokus=the_lokus(by, slug, code),
        prefix=change.cleaned_data["letters"],
        rw=change.cleaned_data["rw"].strip(),
        target_size=change.cleaned_data["target_size"],
        seen=said.seen,
    )
    return _("Lokus %(name)s tersimpan.") % {"name": line.name}


def _loci(request: HttpRequest, page: LociPage, said: Said | None, refused: Refused | None = None) -> HttpResponse:
    forms = [(line, LokusChangeForm(line, sent(said, "lokus", line.code))) for line in page.loci]
    context = {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "form": LokusForm(page, sent(said, "tambah")),
        "forms": forms,
        "refused": refused,
        "here": "setup_loci",
    }
    return render(request, "setup_loci.html", context, status=422 if refused else 200)
