"""Kept searches: filters under a name, nobody else's, and never a name or number that was searched."""

import pytest

from selaras.actions.views import MOST, drop_matrix_view, drop_view, keep_matrix_view, keep_view
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import AuditEntry, Lokus, Role, SavedView, User
from tests import build

pytestmark = pytest.mark.django_db


def ground() -> tuple[Lokus, User]:
    lokus = build.lokus(build.cycle())
    return lokus, build.member(Role.SECRETARIAT, "36.72")


def keep(lokus: Lokus, by: User, name: str = "RT 02", query: str = "rt=02") -> SavedView:
    return keep_view(by=by, cycle_slug=lokus.cycle.slug, code=lokus.area, name=name, query=query)


def test_only_filters_are_kept_never_words_or_numbers_that_were_searched() -> None:
    lokus, user = ground()
    view = keep(
        lokus,
        user,
        "  RT 02 \0 tanpa jamban ",
        "cari=Rohayati&rt=2&hanya=gaps&temu=1&belum=jamban&sasaran=Siti&nik=3672",
    )

    assert (view.name, view.query) == ("RT 02 tanpa jamban", "hanya=gaps&rt=02&belum=jamban")


@pytest.mark.parametrize(
    ("name", "query", "code"),
    [
        (" ", "rt=02", "views.name"),
        ("x" * 81, "rt=02", "views.long"),
        ("Bu Rohayati", "cari=Rohayati", "views.nothing"),
        ("Semua", "", "views.nothing"),
        ("RW", "rw=Rohayati&rt=3672051234567890", "views.nothing"),
    ],
)
def test_what_cannot_be_kept_is_told(name: str, query: str, code: str) -> None:
    lokus, user = ground()
    with pytest.raises(InputError) as refused:
        keep(lokus, user, name, query)

    assert (refused.value.problems[0].code, SavedView.objects.count()) == (code, 0)


def test_a_name_is_used_once_by_a_person_and_there_is_an_end() -> None:
    lokus, user = ground()
    keep(lokus, user)
    with pytest.raises(InputError) as taken:
        keep(lokus, user)
    keep(lokus, build.member(Role.SECRETARIAT, "36.72"))
    for number in range(1, MOST):
        keep(lokus, user, f"Tampilan {number}")
    with pytest.raises(InputError) as many:
        keep(lokus, user, "Satu lagi")

    assert [each.value.problems[0].code for each in (taken, many)] == ["views.taken", "views.many"]


def test_she_deletes_her_own_and_nobody_elses() -> None:
    lokus, user = ground()
    view, other = keep(lokus, user), build.member(Role.SECRETARIAT, "36.72")
    at = {"cycle_slug": lokus.cycle.slug, "code": lokus.area, "view": view.pk}
    with pytest.raises(Missing):
        drop_view(by=other, **at)
    drop_view(by=user, **at)

    assert SavedView.objects.count() == 0
    assert list(AuditEntry.objects.order_by("id").values_list("action", "details")) == [
        ("views.keep", {}),
        ("views.drop", {}),
    ]


def test_who_may_not_open_the_list_keeps_nothing_of_it() -> None:
    lokus, _user = ground()
    with pytest.raises(Forbidden):
        keep(lokus, build.member(Role.JUROR, "36.72"))
    with pytest.raises(Missing):
        keep(lokus, build.member(Role.SECRETARIAT, build.place("36.73").code))


def test_of_the_matrix_its_lokus_view_and_lines_are_kept_and_no_other_word() -> None:
    lokus, user = ground()
    asked = f"lihat=rt&lokus={lokus.area}&saring=gap&opd=7&cari=Rohayati"
    view = keep_matrix_view(by=user, cycle_slug=lokus.cycle.slug, name=" Kosong ", query=asked)
    said = {"query": "lihat=Siti&saring=gap&lokus=Rohayati&opd=-1", "name": "Semua lokus"}
    other = keep_matrix_view(by=user, cycle_slug=lokus.cycle.slug, **said)
    # The same name may stand for a search of families.
    keep(lokus, user, "Kosong")

    assert (view.page, view.name, view.query) == ("matrix", "Kosong", f"lihat=rt&lokus={lokus.area}&saring=gap&opd=7")
    assert other.query == "saring=gap"
    with pytest.raises(InputError) as nothing:
        keep_matrix_view(by=user, cycle_slug=lokus.cycle.slug, name="Bu Rohayati", query="lokus=Rohayati")
    with pytest.raises(Missing):
        keep_matrix_view(by=build.user(), cycle_slug=lokus.cycle.slug, name="Kosong", query="saring=gap")
    assert nothing.value.problems[0].code == "views.nothing"


def test_of_the_matrix_too_she_deletes_her_own_and_nobody_elses() -> None:
    lokus, user = ground()
    view = keep_matrix_view(by=user, cycle_slug=lokus.cycle.slug, name="Kosong", query="saring=gap")
    at = {"cycle_slug": lokus.cycle.slug, "view": view.pk}
    with pytest.raises(Missing):
        drop_matrix_view(by=build.member(Role.SECRETARIAT, "36.72"), **at)
    drop_matrix_view(by=user, **at)

    entries = AuditEntry.objects.order_by("id").values_list("action", "place_code", "details")
    assert list(entries) == [("views.keep", "36.72", {}), ("views.drop", "36.72", {})]
