"""One family: names and numbers shown, found by a number, corrected; what is written down, and what never is."""

import json

import pytest

from selaras.access import CONSOLE
from selaras.actions import households as actions
from selaras.actions.households import Correction, MemberCorrection
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import AuditEntry, Household, Lokus, Person, Role, SearchHashes, User
from tests import build
from tests.build_programme import bring, families_file, family, programme

pytestmark = pytest.mark.django_db

KK, NIK, PHONE = "3672051234567890", "3672055503710004", "081234567890"


def ground() -> tuple[Lokus, Household, Person, User]:
    """A lokus with a family that has every number, its member, and the secretary."""
    lokus = build.lokus(build.cycle())
    household = build.household(lokus, name="Rohayati", kk=KK, phone=PHONE, address="Jalan Melati 4")
    return lokus, household, build.person(household, "Rohayati", NIK), build.member(Role.SECRETARIAT, "36.72")


def at(lokus: Lokus) -> dict[str, str]:
    return {"cycle_slug": lokus.cycle.slug, "code": lokus.area}


def written(action: str) -> list[dict[str, object]]:
    return list(AuditEntry.objects.filter(action=action).order_by("id").values_list("details", flat=True))


# --- showing ----------------------------------------------------------------------------------------------------------
def test_names_and_numbers_of_one_family_are_shown_and_each_showing_is_written_down() -> None:
    lokus, _household, person, user = ground()
    one = {**at(lokus), "household": "GD-001"}
    shown = actions.reveal_family(by=user, **one, page="/keluarga/")
    numbers = actions.reveal_numbers(by=user, **one)

    assert (shown.head_name, shown.address, shown.members) == ("Rohayati", "Jalan Melati 4", {person.uuid: "Rohayati"})
    assert (numbers.kk, numbers.phone, numbers.niks) == (KK, PHONE, {person.uuid: NIK})
    assert written("households.reveal_names") == [{"codes": ["GD-001"], "page": "/keluarga/"}]
    assert written("households.reveal_numbers") == [{"codes": ["GD-001"]}]


def test_they_are_shown_to_nobody_who_does_not_work_with_the_family() -> None:
    lokus, _household, _person, _user = ground()
    one = {**at(lokus), "household": "GD-001"}
    juror, far = build.member(Role.JUROR, "36.72"), build.member(Role.SECRETARIAT, build.place("36.73").code)
    cadre = build.member(Role.CADRE, f"{lokus.area}.RW04")
    for who, refusal in ((juror, Forbidden), (far, Missing), (cadre, Missing)):
        with pytest.raises(refusal):
            actions.reveal_numbers(by=who, **one)
        with pytest.raises(refusal):
            actions.reveal_family(by=who, **one, page="/")
    assert AuditEntry.objects.count() == 0


# --- finding ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "number",
    [
        KK,
        NIK,
        PHONE,
        "3672 0512 3456 7890",
        "3672.0555.0371.0004",
        "36720555-0371-0004",
        "+62 812-3456-7890",
        "62 812 34567890",
    ],
)
def test_a_family_is_found_by_any_of_its_numbers_however_they_are_spaced(number: str) -> None:
    lokus, household, _person, user = ground()
    build.household(lokus, kk="3672051234567891", phone="081234567891")
    found = actions.find_by_number(by=user, **at(lokus), number=number)

    assert [(one.uuid, one.code, one.lokus) for one in found] == [(household.uuid, "GD-001", lokus.area)]
    assert written("households.find_by_number") == [{"codes": ["GD-001"]}]


@pytest.mark.parametrize(
    "number",
    ["", "1234567", "36720512345678", "367205123456789012", "Rohayati", "3672051234567890x", "٣٦٧٢٠٥١٢٣٤٥٦٧٨٩٠"],
)
def test_what_is_no_whole_number_is_refused_and_not_written_down(number: str) -> None:
    lokus, _household, _person, user = ground()
    with pytest.raises(InputError) as refused:
        actions.find_by_number(by=user, **at(lokus), number=number)

    assert (str(refused.value).count("1234567"), AuditEntry.objects.count()) == (0, 0)


def test_a_number_is_found_in_her_scope_alone() -> None:
    lokus, _household, _person, _user = ground()
    next_door = build.lokus(lokus.cycle, "36.72.05.1001", "SJ")
    twin = build.household(next_door, kk=KK)
    camat, lurah = build.member(Role.SUPERVISOR, "36.72.05"), build.member(Role.SUPERVISOR, "36.72.05.1001")
    cadre = build.member(Role.CADRE, f"{lokus.area}.RW04")

    def found(who: User, where: Lokus) -> list[str]:
        return [one.code for one in actions.find_by_number(by=who, **at(where), number=KK)]

    assert (found(camat, lokus), found(camat, next_door)) == (["GD-001", "SJ-001"], ["SJ-001", "GD-001"])
    assert (found(lurah, next_door), found(cadre, lokus)) == (["SJ-001"], [])
    with pytest.raises(Missing):
        found(lurah, lokus)
    assert twin.code == "SJ-001"


def test_the_number_stands_nowhere_in_what_is_written_down() -> None:
    lokus, _household, _person, user = ground()
    for number in (KK, NIK, PHONE):
        actions.find_by_number(by=user, **at(lokus), number=number)
    hashes = SearchHashes.load()
    said = json.dumps([*AuditEntry.objects.values_list("details", "object_id")])

    assert [
        text for text in (KK, NIK, PHONE, hashes.kk(KK), hashes.nik(NIK), hashes.phone(PHONE)) if text in said
    ] == []


# --- correcting -------------------------------------------------------------------------------------------------------
def correction(household: Household, **changes: object) -> Correction:
    """As the family stands, but for some fields."""
    same = {name: getattr(household, name) for name in ("version", "head_name", "address", "rw", "rt")}
    return Correction(**{**same, **changes})  # type: ignore[arg-type]


def correct(lokus: Lokus, by: object, said: Correction) -> list[str]:
    return actions.correct_household(by=by, **at(lokus), household="GD-001", correction=said)  # type: ignore[arg-type]


def test_what_differs_is_written_with_new_hashes_and_area_and_the_audit_names_the_fields() -> None:
    lokus, household, person, user = ground()
    said = correction(
        household, head_name=" Rohayati binti Uji ", address="Jalan Mawar 1", rt="2", rw="04", kk="3672 0512 3456 7891",
        phone="+62 813 0000 1111", members=[MemberCorrection(person.uuid, "Rohayati", "3672055503710005")],
    )  # fmt: skip
    changed = correct(lokus, user, said)
    household.refresh_from_db()
    person = Person.objects.select_related("household__key").get(pk=person.pk)
    hashes = SearchHashes.load()

    assert changed == ["head_name", "address", "rw", "rt", "kk", "phone", "member 1 nik"]
    assert (household.head_name, household.address, household.area) == (
        "Rohayati binti Uji", "Jalan Mawar 1", f"{lokus.area}.RW04.RT02",
    )  # fmt: skip
    assert (household.kk(), household.kk_hash) == ("3672051234567891", hashes.kk("3672051234567891"))
    assert (household.phone(), household.phone_hash) == ("6281300001111", hashes.phone("081300001111"))
    assert (person.nik(), person.nik_hash) == ("3672055503710005", hashes.nik("3672055503710005"))
    assert (household.version, written("households.correct")) == (2, [{"fields": changed}])


def test_what_is_left_alone_stays_and_what_is_emptied_goes() -> None:
    lokus, household, person, user = ground()
    members = [MemberCorrection(person.uuid, "Rohayati")]
    assert correct(lokus, user, correction(household, members=members)) == []
    household.refresh_from_db()
    assert (household.version, household.kk(), AuditEntry.objects.count()) == (1, KK, 0)
    said = correction(household, kk="", phone="", members=[MemberCorrection(person.uuid, "Rohayati", "")])
    assert correct(lokus, user, said) == ["kk", "phone", "member 1 nik"]
    household.refresh_from_db()
    person.refresh_from_db()

    assert (household.kk(), household.kk_hash, household.phone_hash, person.nik_hash) == ("", None, None, None)


def test_who_looked_at_an_older_version_is_refused_and_nothing_changes() -> None:
    lokus, household, _person, user = ground()
    old = correction(household, address="Jalan Lama")
    correct(lokus, user, correction(household, address="Jalan Baru"))
    with pytest.raises(InputError) as refused:
        correct(lokus, user, old)
    household.refresh_from_db()

    assert (refused.value.problems[0].code, household.address) == ("household.changed", "Jalan Baru")


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"kk": "12345"}, "household.digits", "kk"),
        ({"kk": "3672 0512 3456 78AB"}, "household.digits", "kk"),
        ({"phone": "0812"}, "household.phone", "phone"),
        ({"kk": "3672059999999999"}, "household.taken", "kk"),
    ],
)
def test_a_number_of_another_length_or_family_is_refused_at_its_field(
    changes: dict[str, str], code: str, where: str
) -> None:
    lokus, household, _person, user = ground()
    build.household(lokus, kk="3672059999999999")
    with pytest.raises(InputError) as refused:
        correct(lokus, user, correction(household, **changes))
    household.refresh_from_db()

    problem = refused.value.problems[0]
    assert (problem.code, problem.where, household.version) == (code, where, 1)


def test_a_nik_belongs_to_one_person_of_the_lokus() -> None:
    lokus, household, person, user = ground()
    other = build.household(lokus)
    build.person(other, "Dewi", "3672059999999999")
    with pytest.raises(InputError) as refused:
        correct(lokus, user, correction(household, members=[MemberCorrection(person.uuid, "R", "3672059999999999")]))
    problem = refused.value.problems[0]

    assert (problem.code, problem.where, problem.values["code"]) == ("household.taken", f"nik-{person.uuid}", "GD-002")


def test_a_member_of_another_family_is_not_touched() -> None:
    lokus, household, _person, user = ground()
    stranger = build.person(build.household(lokus), "Dewi")

    assert correct(lokus, user, correction(household, members=[MemberCorrection(stranger.uuid, "Diganti")])) == []
    assert Person.objects.get(pk=stranger.pk).name == "Dewi"


def test_only_the_keepers_of_an_open_year_correct() -> None:
    lokus, household, _person, user = ground()
    said = correction(household, address="Lain")
    for who, refusal in (
        (build.member(Role.CADRE, lokus.area), Forbidden),
        (build.member(Role.JUROR, "36.72"), Forbidden),
        (build.member(Role.SECRETARIAT, build.place("36.73").code), Missing),
        (CONSOLE, Forbidden),
    ):
        with pytest.raises(refusal):
            correct(lokus, who, said)
    lokus.cycle.closed_at = build.START
    lokus.cycle.save()
    with pytest.raises(Forbidden):
        correct(lokus, User.objects.get(pk=user.pk), said)


def test_an_import_that_corrects_a_family_counts_as_a_correction() -> None:
    of = programme()
    bring(of, families_file([family("GD-001", 4, "leher_angsa", 1, name="Rohayati")]))
    user = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    old = correction(Household.objects.get(), address="Jalan Lama")
    bring(of, families_file([family("GD-001", 4, "leher_angsa", 1, name="Rohayati Uji")]))
    with pytest.raises(InputError):
        correct(of.lokus, user, old)
    assert (Household.objects.get().version, Household.objects.get().head_name) == (2, "Rohayati Uji")
