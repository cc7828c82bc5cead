"""The page of a programme year."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from selaras.queries import cycles as queries
from selaras.queries.activities import latest_activities
from selaras.queries.cycles import CyclePage, StageLine
from selaras.queries.rights import clock_news
from selaras.web.charts import bar
from selaras.web.person import person


@require_safe
def cycle(request: HttpRequest, slug: str) -> HttpResponse:
    """One programme year: its loci first, then its stages and what was won before."""
    page = queries.cycle_page(person(request), slug)
    latest = latest_activities(person(request), slug)
    clock = clock_news(person(request), slug)
    return render(request, "cycle.html", {**context(page), "latest": latest, "clock": clock})


def context(page: CyclePage) -> dict[str, object]:
    """What the template reads besides the page: each lokus with its bar, and the stage that counts today."""
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "loci": [(card, bar(card.score, card.scale)) for card in page.loci],
        "stage": present_stage(page.stages),
        "next_stage": next((stage for stage in page.stages if stage.state == "ahead"), None),
    }


def present_stage(stages: tuple[StageLine, ...]) -> StageLine | None:
    """The stage that runs today; the last one to begin where several do."""
    return next((stage for stage in reversed(stages) if stage.state == "now"), None)
