"""A new version from the browser: checked whole, its changes in words, published, used, or thrown away."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from selaras.actions.jobs import work_off
from selaras.actions.upkeep import every_hour
from selaras.models import InstrumentDraft, InstrumentVersion, Role, StoredFile
from selaras.queries.instruments import draft_page
from tests import build
from tests.build_programme import Programme, bring, families_file, family, programme
from tests.sample_workbook import changed, rows, sample

pytestmark = pytest.mark.django_db


def planted() -> tuple[Programme, Client]:
    of = programme()
    client = Client()
    client.force_login(build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle))
    return of, client


def give(client: Client, content: bytes, name: str = "contoh.xlsx") -> str:
    response = client.post("/instrumen/", {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, response.content.decode()
    return str(response.headers["Location"])


def next_version() -> bytes:
    """Weight 3 instead of 2, a question more, an option reworded, an indicator less."""
    survey = rows("survey")
    survey.insert(2, ["text", "catatan", "Catatan"])
    choices = [["jamban", "cemplung", "Lubang"] if row[1] == "cemplung" else row for row in rows("choices")]
    indicators = [row for row in rows("indicators") if row[0] != "saluran"]
    indicators[1] = [*indicators[1][:3], 3, *indicators[1][4:]]
    return sample(survey=survey, choices=choices, indicators=indicators, instrument=instrument("1.1"))


def instrument(version: str) -> list[list[object]]:
    return [["version", version] if row[0] == "version" else row for row in rows("instrument")]


def test_what_a_new_version_changes_is_said_in_words_before_it_is_published() -> None:
    of, client = planted()
    where = give(client, next_version())
    page = client.get(where)
    (draft,) = InstrumentDraft.objects.all()
    user = build.member(Role.SECRETARIAT, "36.72")
    found, latrine = draft_page(user, draft.uuid), "Jamban apa yang dipakai?"
    assert [(one.kind, one.what, one.label, one.trait, one.before, one.after) for one in found.changes] == [
        ("added", "Pertanyaan", "Catatan", "", "", ""),
        ("changed", "Pertanyaan", latrine, "pilihan", "Leher angsa, Cemplung", "Leher angsa, Lubang"),
        ("changed", "Indikator", "Jamban sehat", "bobot", "2", "3"),
        ("removed", "Indikator", "Saluran ada", "", "", ""),
    ]
    assert [cycle.slug for cycle in found.cycles] == [of.cycle.slug]
    assert "Leher angsa, Lubang" in page.content.decode()


def test_published_it_scores_the_years_that_were_ticked() -> None:
    of, client = planted()
    bring(of, families_file([family("GD-001", 4, "leher_angsa", 5)]))
    where = give(client, next_version())
    answer = client.post(where, {"cycles": [of.cycle.slug]})
    work_off()
    assert (answer.status_code, answer.headers["Location"]) == (302, "/instrumen/contoh/1.1/")
    used = of.cycle.cycle_instruments.get()
    assert (used.version.version, used.primary, InstrumentDraft.objects.count()) == ("1.1", True, 0)
    compared = client.get("/instrumen/contoh/1.1/beda/1/")
    assert compared.status_code == 200
    assert "Saluran ada" in compared.content.decode()
    assert client.get("/instrumen/contoh/1.1/buku-kerja.xlsx").content == used.version.workbook.content()


def test_every_mistake_is_told_at_once_and_nothing_is_kept() -> None:
    _, client = planted()
    before = StoredFile.objects.count()
    broken = changed(("indicators", "J2", "${jambann} = 'ya'"), ("indicators", "D3", "berat"))
    answer = client.post("/instrumen/", {"file": SimpleUploadedFile("rusak.xlsx", broken)})
    said = answer.content.decode()
    assert (answer.status_code, "indicators!D3" in said, "jambann" in said) == (422, True, True)
    assert (StoredFile.objects.count(), InstrumentDraft.objects.count()) == (before, 0)


def test_the_same_version_with_another_content_is_refused_and_says_what_to_do() -> None:
    of, client = planted()
    version = of.version.version
    survey = [*rows("survey"), ["text", "catatan", "Catatan"]]
    where = give(client, sample(survey=survey, instrument=instrument(version)))
    page = client.get(where).content.decode()
    assert f"Versi {version} sudah terbit dengan isi lain." in page
    answer = client.post(where)
    assert (answer.status_code, InstrumentVersion.objects.count()) == (422, 1)


def test_thrown_away_or_forgotten_it_leaves_nothing_but_what_is_published() -> None:
    of, client = planted()
    before = set(StoredFile.objects.values_list("pk", flat=True))
    where = give(client, next_version())
    assert client.post(f"{where}buang/").status_code == 302
    assert (client.get(where).status_code, set(StoredFile.objects.values_list("pk", flat=True))) == (404, before)
    give(client, next_version())
    give(client, of.version.workbook.content())
    InstrumentDraft.objects.update(uploaded_at=timezone.now() - timedelta(days=8))
    every_hour()
    assert (InstrumentDraft.objects.count(), set(StoredFile.objects.values_list("pk", flat=True))) == (0, before)


def test_who_may_not_publish_sees_no_form_and_is_refused() -> None:
    of, client = planted()
    where = give(client, next_version())
    juror = Client()
    juror.force_login(build.member(Role.JUROR, "36.72", cycle=of.cycle))
    page = juror.get("/instrumen/")
    assert (page.status_code, b"Periksa buku kerja" in page.content) == (200, False)
    assert juror.get(where).status_code == 403
    assert juror.post("/instrumen/", {"file": SimpleUploadedFile("a.xlsx", next_version())}).status_code == 403
