"""Kept searches: a person's own filters under a name, without a name or number of a family in them."""

from django.db import transaction
from django.http import QueryDict

from selaras.access import Actor, demand, may_see_names, one, the_lokus, views_for
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import SavedView, User
from selaras.queries.households import PAGE, Filters

#: Kept searches of one person in a year, and letters of a name.
MOST, LONGEST = 20, 80


def keep_view(*, by: User, cycle_slug: str, code: str, name: str, query: str) -> SavedView:
    """Keep the filters of `query` (as the list's address says them) under a name of hers, for this year.

    Only filters are kept: words that were searched never are. Raises InputError where nothing is left to keep, for a
    name that is blank, too long or taken, and beyond MOST; Missing and Forbidden as the list itself.
    """
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_see_names, by, lokus)
    called = " ".join(name.replace("\0", " ").split())
    kept = Filters.read(QueryDict(query).dict()).query()
    own = views_for(by).filter(cycle=lokus.cycle_id, page=PAGE)
    if not called:
        raise InputError(Problem("views.name"))
    if len(called) > LONGEST:
        raise InputError(Problem("views.long", values={"most": LONGEST}))
    if not kept:
        raise InputError(Problem("views.nothing"))
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        if own.filter(name=called).exists():
            raise InputError(Problem("views.taken", values={"name": called}))
        if own.count() >= MOST:
            raise InputError(Problem("views.many", values={"most": MOST}))
        view = SavedView.objects.create(user=by, cycle=lokus.cycle, page=PAGE, name=called, query=kept)
        _written(by, "views.keep", view, lokus.area)
    return view


def drop_view(*, by: User, cycle_slug: str, code: str, view: int) -> None:
    """Delete one of her own kept searches. Raises Missing for anybody else's."""
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_see_names, by, lokus)
    with transaction.atomic():
        found = one(views_for(by).filter(cycle=lokus.cycle_id), pk=view)
        _written(by, "views.drop", found, lokus.area)
        found.delete()


def _written(by: Actor, action: str, view: SavedView, area: str) -> None:
    """Without its name: what somebody calls a search is her own."""
    audit.record(by=by, action=action, object_type="view", object_id=view.pk, place_code=area)
