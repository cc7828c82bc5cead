"""/tahun/…/lokus/…/pendataan/peta/: homes beside each other, by how they stand in a round; the list says the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, log10

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from selaras.actions.points import reveal_points
from selaras.models import Outcome
from selaras.queries.points import HomePoint, PointsPage
from selaras.queries.progress import NOT_YET
from selaras.web.field_words import STATES
from selaras.web.person import person

#: The picture's width and most height, its edge, and the radius of a home, in its own units.
WIDTH, TALLEST, EDGE, RADIUS = 640, 720, 28, 9
#: Room for the scale below.
SCALE = 40
#: How a state is drawn: shape and fill, never colour alone.
SHAPES = {Outcome.MET.value: "met", NOT_YET: "none", Outcome.OUT.value: "out"}


@dataclass(frozen=True, slots=True)
class Dot:
    """One home on the picture: its middle, and the corner of its square. `shape` is met, none, out or closed."""

    x: str
    y: str
    left: str
    top: str
    code: str
    shape: str
    state: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole picture (`box` as SVG's viewBox), and a bar of so many `metres` that ends at `bar`.

    Numbers are texts: SVG wants a point where a page writes a comma.
    """

    box: str
    dots: tuple[Dot, ...]
    metres: int
    bar: str
    line: str
    label: str


@never_cache
@require_safe
def points(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One round: `?putaran=visit-1`, as the page of progress."""
    asked = request.GET.get("putaran", "").replace("\0", "")[:20]
    page = reveal_points(by=person(request), cycle_slug=slug, code=code, round_slug=asked, page=request.path)
    return render(request, "points.html", context(page))


def context(page: PointsPage) -> dict[str, object]:
    """What the template reads."""
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "states": STATES,
        "picture": drawn(page.points) if page.points else None,
    }


def drawn(homes: Iterable[HomePoint]) -> Picture:
    """The homes to one scale, north above, as wide as the picture or as tall as it may be."""
    found = list(homes)
    east = max(1.0, *(home.east for home in found))
    north = max(1.0, *(home.north for home in found))
    scale = min((WIDTH - 2 * EDGE) / east, (TALLEST - 2 * EDGE) / north)
    height = max(round(north * scale), 2 * RADIUS) + 2 * EDGE
    metres = _round_number((WIDTH - 2 * EDGE) / scale / 4)
    dots = tuple(
        Dot(
            x=_text(EDGE + home.east * scale),
            y=_text(height - EDGE - home.north * scale),
            left=_text(EDGE + home.east * scale - RADIUS + 1),
            top=_text(height - EDGE - home.north * scale - RADIUS + 1),
            code=home.line.code,
            shape=SHAPES.get(home.line.state, "closed"),
            state=home.line.state,
        )
        for home in found
    )
    whole = height + SCALE
    box = f"0 0 {WIDTH} {whole}"
    return Picture(box, dots, metres, _text(EDGE + metres * scale), _text(whole - 14), _text(whole - 22))


def _text(number: float) -> str:
    return f"{number:.1f}"


def _round_number(most: float) -> int:
    """1, 2 or 5 and noughts: the largest that is not more."""
    if most < 1:
        return 1
    power = 10 ** floor(log10(most))
    return int(next(step * power for step in (5, 2, 1) if step * power <= most))


urlpatterns = [path("tahun/<slug:slug>/lokus/<str:code>/pendataan/peta/", points, name="points")]
