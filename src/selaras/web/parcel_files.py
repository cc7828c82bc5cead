"""/kiriman/berkas/: a file of what could not be sent from a phone, brought in by hand."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from selaras.actions.sending.files import Brought, bring_in
from selaras.errors import InputError, Problem
from selaras.queries.filling import demand_bringer
from selaras.web.person import person
from selaras.web.sending import words_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def parcel_files(request: HttpRequest) -> HttpResponse:
    """Choose a file; then, item by item, what became of it."""
    demand_bringer(person(request))
    if request.method != "POST":
        return render(request, "parcel_files.html", context())
    file = request.FILES.get("berkas")
    if file is None:
        return render(request, "parcel_files.html", context(problems=[Problem("parcel.none")]), status=422)
    try:
        found = bring_in(by=person(request), file=file, agent=request.headers.get("User-Agent", ""))
    except InputError as error:
        return render(request, "parcel_files.html", context(problems=error.problems), status=422)
    finally:
        file.close()
    return render(request, "parcel_files.html", context(found))


def context(found: Sequence[Brought] = (), *, problems: Sequence[Problem] = ()) -> dict[str, object]:
    """What the template reads: a line for each item with its state and sentence, and how many came in."""
    lines = []
    for brought in found:
        if brought.news is not None:
            state, said = words_of(brought.news)
            lines.append({"state": state, "said": said})
        else:
            lines.append({"state": "refused", "said": "; ".join(map(str, brought.problems))})
    taken = sum(line["state"] != "refused" for line in lines)
    return {"lines": lines, "taken": taken, "left": len(lines) - taken, "problems": problems}


urlpatterns = [path("kiriman/berkas/", parcel_files, name="parcel_files")]
