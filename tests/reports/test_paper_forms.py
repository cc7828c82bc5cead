"""Forms on paper: every family's code, its questions by number, a QR; never a name, an answer or what it lacks."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from selaras.actions.field.printing import print_forms
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import AuditEntry, FieldForm, Role
from selaras.queries.households import Filters
from selaras.queries.questionnaires import Wanted, papers
from selaras.reports.questionnaires import form_address
from tests import build
from tests.build_field import Field, open_field
from tests.pdf import pdf_pages, pdf_text

pytestmark = pytest.mark.django_db
BASE = "https://selaras.contoh.go.id"


def pdf(of: Field, by: object, **wanted: object) -> bytes:
    programme = of.programme
    return print_forms(
        by=by,  # type: ignore[arg-type]
        cycle_slug=programme.cycle.slug,
        code=programme.lokus.area,
        wanted=Wanted("baseline", **wanted),  # type: ignore[arg-type]
        base_url=BASE,
    ).content


def cadre(of: Field):
    return build.member(Role.CADRE, f"{of.programme.lokus.place.code}.RW03", cycle=of.programme.cycle)


def test_a_cadres_whole_list_is_one_file_with_codes_and_nothing_that_names_or_labels_a_family() -> None:
    of = open_field()
    for number, rw in enumerate(("03", "03", "04"), start=1):
        family = build.household(of.programme.lokus, rw=rw)
        family.head_name, family.address = f"Zubaidah{number}", f"Kalpataru{number}"
        family.set_kk("3672050000000001", None)
        family.save()
    text = pdf_text(pdf(of, cadre(of)))

    assert sorted(set(re.findall(r"GD-\d+", text))) == ["GD-001", "GD-002"]
    assert [word for word in ("Zubaidah", "Kalpataru", "3672050000000001", "rentan", "Rentan") if word in text] == []
    assert ["Jamban apa yang dipakai?" in text, "Isi bila nomor 1 lebih dari 0" in text] == [True, True]
    entry = AuditEntry.objects.get(action="forms.print")
    assert {key: entry.details[key] for key in ("families", "blank")} == {"families": 2, "blank": 0}


def test_each_page_carries_the_code_and_the_qr_leads_to_its_page() -> None:
    of = open_field()
    codes = [build.household(of.programme.lokus, rw="03").code for _ in range(3)]
    by = cadre(of)
    pages = pdf_pages(pdf(of, by))
    asked = papers(by, of.programme.cycle.slug, of.programme.lokus.area, Wanted("baseline"), of.form)
    addresses = [form_address(asked, code, BASE) for code in (*codes, "")]

    assert len(pages) % 3 == 0
    each = len(pages) // 3
    found = [{code for code in codes if code in page} for page in pages]
    assert found == [{code} for code in codes for _ in range(each)]
    start = f"{BASE}/tahun/{of.programme.cycle.slug}/lokus/{of.programme.lokus.area}/ketik"
    assert addresses == [f"{start}/{code}/?formulir={of.form.pk}" for code in (*codes, "baru")]
    views = [resolve(urlsplit(address).path).view_name for address in addresses]
    assert views == ["typing", "typing", "typing", "typing_new"]


def test_rows_of_members_are_as_many_as_asked_and_blank_forms_ask_who_the_family_is() -> None:
    of = open_field()
    code = build.household(of.programme.lokus, rw="03").code
    short, long = (len(pdf_pages(pdf(of, cadre(of), household=code, rows=rows))) for rows in (1, 15))
    blank = pdf_text(pdf(of, cadre(of), blank=2))

    assert short <= long
    assert blank.count("Keluarga baru") >= 2
    assert ("Nama kepala keluarga" in blank, code in blank) == (True, False)
    assert "Nama kepala keluarga" not in pdf_text(pdf(of, cadre(of), household=code))


def test_one_rt_one_family_or_nobody() -> None:
    of = open_field()
    codes = [build.household(of.programme.lokus, rw="03", rt=rt).code for rt in ("01", "02")]
    by = cadre(of)

    assert set(re.findall(r"GD-\d+", pdf_text(pdf(of, by, filters=Filters(rt="02"))))) == {codes[1]}
    assert set(re.findall(r"GD-\d+", pdf_text(pdf(of, by, household="gd-001")))) == {codes[0]}
    with pytest.raises(InputError) as none:
        pdf(of, by, filters=Filters(rt="09"))
    assert none.value.problems[0].code == "paper.none"
    with pytest.raises(Missing):
        pdf(of, by, household="GD-999")
    with pytest.raises(Forbidden):
        pdf(of, build.member(Role.JUROR, "36.72", cycle=of.programme.cycle))


def test_the_rounds_form_is_made_where_there_is_none() -> None:
    of = open_field()
    build.household(of.programme.lokus, rw="03")
    FieldForm.objects.all().delete()

    assert pdf(of, cadre(of))[:5] == b"%PDF-"
    assert FieldForm.objects.filter(practice=False).count() == 1
