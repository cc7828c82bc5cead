"""Kept searches: a person's own filters under a name, without a name or number of a family in them."""

from django.db import transaction
from django.http import QueryDict

from selaras.access import Actor, demand, loci_for, may_see_names, one, the_cycle, the_lokus, views_for
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import Cycle, SavedView, User
from selaras.queries import matrix_filters
from selaras.queries.households import PAGE, Filters
from selaras.queries.matrix_filters import MatrixFilters

#: Kept searches of one person in a year, and letters of a name.
MOST, LONGEST = 20, 80


def keep_view(*, by: User, cycle_slug: str, code: str, name: str, query: str) -> SavedView:
    """Keep the filters of `query` (as the list's address says them) under a name of hers, for this year.

    Only filters are kept: words that were searched never are. Raises InputError where nothing is left to keep, for a
    name that is blank, too long or taken, and beyond MOST; Missing and Forbidden as the list itself.
    """
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_see_names, by, lokus)
    kept = Filters.read(QueryDict(query).dict()).query()
    return _keep(by, SavedView(user=by, cycle=lokus.cycle, page=PAGE, name=name, query=kept), lokus.area)


def keep_matrix_view(*, by: User, cycle_slug: str, name: str, query: str) -> SavedView:
    """Keep how the matrix of that year is narrowed under a name of hers.

    Raises InputError as `keep_view`; Missing as the matrix itself.
    """
    cycle = the_cycle(by, cycle_slug)
    loci = loci_for(by).filter(cycle=cycle).values_list("area", flat=True)
    # A lokus is kept where it is one: an address may say any word there.
    kept = MatrixFilters.read(QueryDict(query).dict()).among(list(loci)).query()
    view = SavedView(user=by, cycle=cycle, page=matrix_filters.PAGE, name=name, query=kept)
    return _keep(by, view, cycle.place.code)


def _keep(by: User, view: SavedView, area: str) -> SavedView:
    view.name = " ".join(view.name.replace("\0", " ").split())
    own = views_for(by).filter(cycle=view.cycle_id, page=view.page)
    if not view.name:
        raise InputError(Problem("views.name"))
    if len(view.name) > LONGEST:
        raise InputError(Problem("views.long", values={"most": LONGEST}))
    if not view.query:
        raise InputError(Problem("views.nothing"))
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        if own.filter(name=view.name).exists():
            raise InputError(Problem("views.taken", values={"name": view.name}))
        if own.count() >= MOST:
            raise InputError(Problem("views.many", values={"most": MOST}))
        view.save(force_insert=True)
        _written(by, "views.keep", view, area)
    return view


def drop_view(*, by: User, cycle_slug: str, code: str, view: int) -> None:
    """Delete one of her own kept searches. Raises Missing for anybody else's."""
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_see_names, by, lokus)
    _drop(by, lokus.cycle, view, lokus.area)


def drop_matrix_view(*, by: User, cycle_slug: str, view: int) -> None:
    """Delete one of her own kept searches of that year's matrix. Raises Missing for anybody else's."""
    cycle = the_cycle(by, cycle_slug)
    _drop(by, cycle, view, cycle.place.code)


def _drop(by: User, cycle: Cycle, view: int, area: str) -> None:
    with transaction.atomic():
        found = one(views_for(by).filter(cycle=cycle), pk=view)
        _written(by, "views.drop", found, area)
        found.delete()


def _written(by: Actor, action: str, view: SavedView, area: str) -> None:
    """Without its name: what somebody calls a search is her own."""
    audit.record(by=by, action=action, object_type="view", object_id=view.pk, place_code=area)
