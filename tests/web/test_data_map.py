"""/tahun/…/data-pribadi/: the map of what is kept, and the impact assessment made of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.text import capfirst

from selaras.models.data_map import ABOUT as ABOUT_CODES
from selaras.models.data_map import BASES as BASIS_CODES
from selaras.models.data_map import RETENTIONS as RETENTION_CODES
from selaras.models.data_map import FieldClass, data_map
from selaras.queries.data_map import ABOUT, BASES, CLASSES, RETENTIONS, assessment
from selaras.queries.rules import instrument_of
from selaras.reports.dpia import dpia_pdf
from tests.pdf import pdf_text
from tests.web.cast import ani, eka, inside, scored, secretary

pytestmark = pytest.mark.django_db


def test_the_words_name_exactly_the_codes_that_the_map_uses() -> None:
    assert (set(ABOUT), set(BASES), set(RETENTIONS)) == (ABOUT_CODES, BASIS_CODES, RETENTION_CODES)
    assert set(CLASSES) == set(FieldClass)


def test_the_page_names_every_table_and_every_question_of_the_year_and_a_cadre_does_not_read_it() -> None:
    of = scored()
    address = f"/tahun/{of.cycle.slug}/data-pribadi/"
    page = inside(eka(of)).get(address).content.decode()
    assert [table.label for table in data_map() if f">{capfirst(table.title)}</b>" not in page] == []
    fields = instrument_of(of.version).form.fields
    assert [name for name in fields if f"<code>{name}</code>" not in page] == []
    assert inside(ani(of)).get(address).status_code == 403


def test_the_assessment_says_what_is_kept_of_whom_and_what_holds_each_risk() -> None:
    of = scored()
    user = secretary(of)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = assessment(user, of.cycle.slug)
    assert (found.families, found.requests, found.breaches, len(asked) < 25) == (3, 0, 0, True)
    text = " ".join(pdf_text(dpia_pdf(found)).split())
    assert "3 keluarga (" in text
    assert "Rohayati" not in text
    assert [t.title for t in data_map() if t.is_personal and t.about != "nobody" and t.title not in text] == []
