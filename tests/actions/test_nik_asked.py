"""A year that asks for NIK: what forms ask, what the registry hears of it, and where a number never stands."""

from pathlib import Path
from uuid import uuid4

import pytest

from selaras.access import CONSOLE
from selaras.actions.cycles import ask_for_nik, close_cycle
from selaras.actions.field.filling import hand_out
from selaras.actions.field.forms import make_forms, newest, prepare_forms
from selaras.actions.field.keying import Typed, compare_entry, keep_entry, key_form
from selaras.actions.households import Correction, MemberCorrection, correct_household
from selaras.actions.imports import undo_import
from selaras.actions.jobs import work_off
from selaras.errors import Forbidden, InputError
from selaras.models import AuditEntry, FieldForm, Household, Person, Role, SearchHashes
from selaras.queries.household import household_page
from selaras.queries.households import Filters, households_page
from selaras.queries.questionnaires import asked_of
from tests import build
from tests.actions.test_field_taking import send
from tests.build_field import Field, filled, open_field
from tests.build_programme import bring, families_file, programme
from tests.build_programme import family as family_row
from tests.sample_workbook import rows, sample

pytestmark = pytest.mark.django_db
#: Of Cilegon, a woman born on 1 January 1980; and of the neighbouring city.
NIK, OTHER, ELSEWHERE = "3672054101800001", "3672054101800002", "3673014101800001"
P2WKSS = Path("instruments/p2wkss/0.1/workbook.xlsx")


def asking(content: bytes | None = None) -> Field:
    """The same field, with the year's forms made anew where NIK is asked."""
    of = open_field(content)
    ask_for_nik(by=CONSOLE, cycle=of.programme.cycle, asked=True)
    made = prepare_forms(by=CONSOLE, cycle=of.programme.cycle)
    return Field(of.programme, made[0], made[-1], of.phone)


def said(of: Field, household: Household | None, answer: str, number: str = "", **how: str) -> bytes:
    """A form in which the head of the family answered our question so."""
    asked = f"<sl_nik_punya>{answer}</sl_nik_punya><sl_nik>{number}</sl_nik></sl_kunjungan>"
    return filled(of.form, household, **how).replace(b"</sl_kunjungan>", asked.encode())  # type: ignore[arg-type]


def head(household: Household) -> tuple[str, str]:
    person = household.persons.order_by("position").get()
    person.household = household
    return person.nik(), person.nik_said


def xform(form: FieldForm) -> str:
    return form.file.content().decode()


def test_a_year_asks_for_nothing_until_it_is_switched_on_and_old_forms_stay() -> None:
    of = open_field()
    cycle = of.programme.cycle
    assert (cycle.asks_nik, of.form.nik, "sl_nik" in xform(of.form)) == (False, "off", False)

    ask_for_nik(by=CONSOLE, cycle=cycle, asked=True)
    on = newest(FieldForm.objects.filter(form_id=of.form.form_id))[0]
    assert (on.nik, "sl_nik_punya" in xform(on), on.form_version == of.form.form_version) == ("on", True, False)
    # Once more is nothing new.
    ask_for_nik(by=CONSOLE, cycle=cycle, asked=True)
    make_forms(by=CONSOLE, cycle=cycle)
    ask_for_nik(by=CONSOLE, cycle=cycle, asked=False)
    off = newest(FieldForm.objects.filter(form_id=of.form.form_id))[0]
    assert (off.nik, "sl_nik" in xform(off)) == ("off", False)
    assert FieldForm.objects.filter(form_id=of.form.form_id).count() == 3
    written = AuditEntry.objects.filter(action="cycles.ask_for_nik").order_by("id").values_list("details", flat=True)
    assert [entry["asked"] for entry in written] == [1, 0]


def test_only_the_years_own_secretariat_switches_it_and_only_while_the_year_runs() -> None:
    of = open_field()
    cycle = of.programme.cycle
    for role, area in ((Role.CADRE, of.programme.lokus.area), (Role.SECRETARIAT, "36.73")):
        with pytest.raises(Forbidden):
            ask_for_nik(by=build.member(role, area, cycle=cycle), cycle=cycle, asked=True)
    ask_for_nik(by=build.member(Role.SECRETARIAT, "36.72", cycle=cycle), cycle=cycle, asked=True)
    close_cycle(by=CONSOLE, cycle=cycle)
    with pytest.raises(InputError):
        ask_for_nik(by=CONSOLE, cycle=cycle, asked=False)


def test_the_number_question_of_a_survey_is_asked_where_it_is_switched_on_alone() -> None:
    of = open_field(P2WKSS.read_bytes())
    off, off_names = xform(of.form), {one.name for one in asked_of(of.form, new=False).questions}
    on_form = asking_again(of)
    on, on_names = xform(on_form), {one.name for one in asked_of(on_form, new=False).questions}

    assert on_names - off_names == {"nik"}
    # Whether she has one is an indicator of its own, and stays.
    assert {"has_nik"} <= off_names
    assert ("false()" in off, "sl_nik_bentuk" in off, "sl_nik_bentuk" in on) == (True, False, True)
    assert ("sl_nik_punya" in on, "'3672'" in on) == (False, True)


def asking_again(of: Field) -> FieldForm:
    ask_for_nik(by=CONSOLE, cycle=of.programme.cycle, asked=True)
    return prepare_forms(by=CONSOLE, cycle=of.programme.cycle)[0]


def test_a_member_without_one_is_a_finding_by_the_surveys_own_question() -> None:
    of = open_field(P2WKSS.read_bytes())
    form = asking_again(of)
    family = build.household(of.programme.lokus, rw="03", name="Contoh")
    rows = (
        "<member><name>Siti Uji</name><has_nik>no</has_nik></member>"
        f"<member><name>Budi Uji</name><has_nik>yes</has_nik><nik>{NIK}</nik></member>"
    )
    send(of, filled(form, family, {"household_size": "2"}, more=rows))

    found = Person.objects.filter(household=family).order_by("position")
    assert [(one.name, one.nik_said) for one in found if one.name.endswith("Uji")] == [
        ("Siti Uji", "none"),
        ("Budi Uji", ""),
    ]
    assert found.get(name="Budi Uji").nik_hash == SearchHashes.load().nik(NIK)


def test_the_number_goes_into_the_registry_and_what_is_said_instead_is_kept() -> None:
    of = asking()
    known, none, refused = (build.household(of.programme.lokus, rw="03", name=f"Contoh {n}") for n in range(3))
    send(of, said(of, known, "punya", NIK))
    instance = "uuid:visited"
    send(of, said(of, none, "belum", instance=instance))
    send(of, said(of, refused, "menolak"))
    send(of, said(of, None, "belum"))
    assert [head(one) for one in (known, none, refused)] == [(NIK, ""), ("", "none"), ("", "refused")]
    assert head(Household.objects.get(head_name="Sumarni Uji")) == ("", "none")

    # She has got one meanwhile: the finding is over.
    none.refresh_from_db()
    send(of, said(of, none, "punya", OTHER, deprecated=instance))
    assert (head(none), none.persons.count()) == ((OTHER, ""), 1)


def test_what_the_registry_knows_is_not_written_over_but_doubted() -> None:
    of = asking()
    family = build.household(of.programme.lokus, rw="03", name="Contoh")
    first = said(of, family, "punya", NIK, instance="uuid:first")
    send(of, first)
    family.refresh_from_db()
    # Her own correction of that form is no second opinion.
    send(of, said(of, family, "punya", OTHER, instance="uuid:second", deprecated="uuid:first"))
    assert head(family) == (OTHER, "")
    family.refresh_from_db()
    send(of, said(of, family, "belum", instance="uuid:third", deprecated="uuid:second"))
    assert head(family) == ("", "none")


def test_another_form_that_says_otherwise_leaves_the_number_and_says_so_to_the_office() -> None:
    of = asking()
    family = build.household(of.programme.lokus, rw="03", name="Contoh")
    person = Person(household=family, position=1, name="Contoh")
    person.set_nik(NIK, SearchHashes.load().nik(NIK))
    person.save()
    send(of, said(of, family, "punya", ELSEWHERE))
    assert head(family) == (NIK, "other")
    lurah = build.member(Role.SUPERVISOR, of.programme.lokus.area, cycle=of.programme.cycle)
    page = household_page(lurah, of.programme.cycle.slug, of.programme.lokus.area, family.code)
    assert [(one.nik, one.said) for one in page.members] == [("•••• 0001", "other")]


def test_a_form_that_does_not_ask_is_not_heard() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03", name="Contoh")
    send(of, said(of, family, "punya", NIK))
    assert Person.objects.filter(household=family).exclude(nik_hash=None, nik_said="").count() == 0


def test_paper_and_the_typing_page_ask_the_same() -> None:
    of = asking()
    family = build.household(of.programme.lokus, rw="03", name="Contoh")
    by = build.member(Role.SECRETARIAT, "36.72", cycle=of.programme.cycle)
    asked = {one.number: one for one in asked_of(of.form, new=False, spoken="id").questions}
    assert [(asked[n].name, asked[n].kind, asked[n].boxes, asked[n].skip) for n in ("B", "C")] == [
        ("sl_nik_punya", "choice", 0, ""),
        ("sl_nik", "digits", 16, "nomor B: Punya, ini nomornya"),
    ]

    def type_(**texts: str) -> None:
        answers = {"qA": "1", "q1": "4", **texts}
        one = Typed(of.form.pk, uuid4(), family.code, None, answers)
        key_form(by=by, cycle_slug=of.programme.cycle.slug, code=of.programme.lokus.area, typed=one)

    with pytest.raises(InputError) as refused:
        type_(qB="2", qC=NIK)
    assert [(one.code, one.where) for one in refused.value.problems] == [("typed.not_asked", "nomor C")]
    type_(qB="1", qC="3672 0541 0180 0001")
    assert head(family) == (NIK, "")


def test_who_has_none_yet_is_counted_and_found_on_the_list() -> None:
    of = asking()
    lokus, cycle = of.programme.lokus, of.programme.cycle
    one, other, elsewhere = (build.household(lokus, rw=rw, name=f"Contoh {rw}") for rw in ("03", "03", "04"))
    for family in (one, elsewhere):
        Person.objects.create(household=family, position=1, name="Siti", nik_said="none")
        Person.objects.create(household=family, position=2, name="Budi", nik_said="none")
    Person.objects.create(household=other, position=1, name="Ani", nik_said="refused")
    lurah = build.member(Role.SUPERVISOR, lokus.area, cycle=cycle)
    cadre = build.member(Role.CADRE, f"{lokus.place.code}.RW03", cycle=cycle)

    def seen(user: object) -> tuple[int, list[str]]:
        page = households_page(user, cycle.slug, lokus.area, filters=Filters.read({"nik": "belum"}))  # type: ignore[arg-type]
        return page.without_nik, [row.code for row in page.rows]

    assert seen(lurah) == (4, [one.code, elsewhere.code])
    assert seen(cadre) == (2, [one.code])
    assert (Filters(without_nik=True).query(), Filters.read({"nik": NIK})) == ("nik=belum", Filters())


def test_the_office_settles_such_a_doubt_by_writing_the_number_again_or_taking_it_away() -> None:
    of = asking()
    lurah = build.member(Role.SUPERVISOR, of.programme.lokus.area, cycle=of.programme.cycle)
    for written, stands in ((NIK, (NIK, "")), (OTHER, (OTHER, "")), ("", ("", ""))):
        family = build.household(of.programme.lokus, rw="03", name="Contoh")
        person = Person(household=family, position=1, name="Contoh")
        person.set_nik(NIK, SearchHashes.load().nik(NIK))
        person.nik_said = "other"
        person.save()
        member = MemberCorrection(person.uuid, "Contoh", written)
        wanted = Correction(family.version, "Contoh", family.address, family.rw, family.rt, members=[member])
        of_ = of.programme
        correct_household(
            by=lurah, cycle_slug=of_.cycle.slug, code=of_.lokus.area, household=family.code, correction=wanted
        )
        assert head(family) == stands
        Person.objects.filter(household=family).delete()


def test_a_form_that_a_browser_was_handed_before_is_made_anew_where_the_year_asks_otherwise() -> None:
    of = open_field()
    by = build.member(Role.CADRE, f"{of.programme.lokus.place.code}.RW03", cycle=of.programme.cycle)
    # As a server of an older release left it.
    FieldForm.objects.update(nik="", form_version="old")
    work = hand_out(by=by)
    made = FieldForm.objects.get(form_id=of.form.form_id, form_version=work.forms[0].version)
    assert (made.nik, FieldForm.objects.filter(form_id=of.form.form_id).count()) == ("off", 2)


def test_a_number_that_may_not_fit_is_kept_from_paper_and_whoever_types_is_told() -> None:
    of = asking()
    by = build.member(Role.SECRETARIAT, "36.72", cycle=of.programme.cycle)
    for number, doubted in ((NIK, False), (ELSEWHERE, True), ("36720541", True)):
        family = build.household(of.programme.lokus, rw="03", name="Contoh")
        one = Typed(of.form.pk, uuid4(), family.code, None, {"qA": "1", "q1": "4", "qB": "1", "qC": number})
        done = key_form(by=by, cycle_slug=of.programme.cycle.slug, code=of.programme.lokus.area, typed=one)
        assert (done.reason, done.doubted, head(family)) == ("", doubted, (number, ""))


def test_a_number_that_two_typed_otherwise_is_a_difference_that_shows_none_of_the_two() -> None:
    of = asking()
    where = {"cycle_slug": of.programme.cycle.slug, "code": of.programme.lokus.area}
    one, other = (build.member(Role.SECRETARIAT, "36.72", cycle=of.programme.cycle) for _ in range(2))
    family = build.household(of.programme.lokus, rw="03", name="Contoh")
    texts = {"qA": "1", "q1": "4", "qB": "1", "qC": NIK}
    key_form(by=one, **where, typed=Typed(of.form.pk, uuid4(), family.code, None, texts))
    again = Typed(of.form.pk, uuid4(), family.code, None, {**texts, "qC": ELSEWHERE})

    found = compare_entry(by=other, **where, typed=again)
    told = [(each.number, each.first, each.second, each.hidden) for each in found.differences]
    assert (told, found.asked, found.same) == ([("C", "", "", True)], 4, 3)

    keep_entry(by=other, **where, typed=again, first=())
    assert head(family) == (ELSEWHERE, "")


def test_a_number_that_does_not_fit_the_sex_or_birth_beside_it_is_told_to_whoever_types() -> None:
    survey, choices = rows("survey"), rows("choices")
    at = next(n for n, row in enumerate(survey) if row[1] == "umur")
    beside = (("text", "nik"), ("select_one kelamin", "jk"), ("date", "tanggal_lahir"))
    survey[at:at] = [[kind, name, name, None, None, None] for kind, name in beside]
    choices += [["kelamin", "perempuan", "Perempuan"], ["kelamin", "laki_laki", "Laki-laki"]]
    of = asking(sample(survey=survey, choices=choices, privacy=None))
    by = build.member(Role.SECRETARIAT, "36.72", cycle=of.programme.cycle)
    asked = {one.name: one.number for one in asked_of(of.form, new=False, spoken="id").questions}
    for sex, born, doubted in (("1", "01-01-1980", False), ("2", "01-01-1980", True), ("1", "02-01-1980", True)):
        family = build.household(of.programme.lokus, rw="03", name="Contoh")
        row = {"nama": "Siti", "nik": NIK, "jk": sex, "tanggal_lahir": born}
        texts = {"qA": "1", "q1": "4", **{f"q{asked[name]}-1": text for name, text in row.items()}}
        one = Typed(of.form.pk, uuid4(), family.code, None, texts)
        done = key_form(by=by, cycle_slug=of.programme.cycle.slug, code=of.programme.lokus.area, typed=one)
        assert (done.reason, done.doubted) == ("", doubted)


def test_an_import_and_its_undoing_keep_what_a_visit_found() -> None:
    of = programme()
    sheet = families_file([family_row("GD-001", 4, "leher_angsa", 2000)], [["GD-001", "Siti Uji", "", 40, ""]])
    bring(of, sheet)
    Person.objects.filter(name="Siti Uji").update(nik_said="none")
    again = [["GD-001", "Siti Uji", "", 40, ""], ["GD-001", "Budi Uji", "", 9, "ya"]]
    found = bring(of, families_file([family_row("GD-001", 4, "leher_angsa", 2000)], again))
    assert sorted(Person.objects.values_list("name", "nik_said")) == [("Budi Uji", ""), ("Siti Uji", "none")]
    undo_import(by=CONSOLE, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=found)
    work_off()
    assert list(Person.objects.values_list("name", "nik_said")) == [("Siti Uji", "none")]
