"""What tells of somebody in words that offices type, and that no column of words is forgotten."""

import pytest
from django.apps import apps
from django.db import models

from selaras.models.data_map import FieldClass, data_map
from selaras.queries.traces import GONE, TEXTS, Traces

SITI = Traces(
    ["Hj. Siti Aminah binti Abdullah, S.Pd", "Rohayati", "Jaya"],
    numbers=["3672051234567890", "0812-9876-5432", "siti@contoh.id"],
    addresses=["Kp. Baru No. 12", "Jalan Mawar"],
    places=["Ratu Jaya", "Gedong Dalem"],
)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Rumah Ibu Siti Aminah bocor", f"Rumah Ibu {GONE} bocor"),
        ("rumah siti  AMINAH, RT 03", f"rumah {GONE}, RT 03"),
        ("Siti Hajah Aminah hadir", f"{GONE} hadir"),
        ("Aminah binti Abdullah", GONE),
        ("bu Aminah setuju", f"bu {GONE} setuju"),
        ("Rohayati dan anaknya", f"{GONE} dan anaknya"),
        ("rohayati", GONE),
        # A place is called as she is; behind a title it is she.
        ("Pasar Ratu Jaya, bukan Pak Jaya", f"Pasar Ratu Jaya, bukan Pak {GONE}"),
        ("NIK 3672 0512 3456 7890.", f"NIK {GONE}."),
        ("HP 0812 9876 5432, WA +62 812-9876-5432", f"HP {GONE}, WA {GONE}"),
        ("surel SITI@contoh.id", f"surel {GONE}"),
        ("di Kp. Baru No. 12", f"di {GONE}"),
        ("KK_SitiAminah.pdf", GONE),
        # Another person, another number, a street without a house, a month.
        ("Siti Rahma dari Jalan Mawar", "Siti Rahma dari Jalan Mawar"),
        ("Anggaran 3.672.051.234 rupiah", "Anggaran 3.672.051.234 rupiah"),
        ("Aminah di sini bukan siapa-siapa", "Aminah di sini bukan siapa-siapa"),
        ("", ""),
    ],
)
def test_she_is_taken_out_and_nobody_else(said: str, left: str) -> None:
    assert SITI.without(said) == left


def test_where_a_whole_years_time_is_up_first_names_stay() -> None:
    whole = Traces(["Siti Aminah"], parts=False)
    assert [whole.without(text) for text in ("Ibu Siti datang", "Ibu Siti Aminah datang")] == [
        "Ibu Siti datang", f"Ibu {GONE} datang",
    ]  # fmt: skip


def test_lists_and_objects_are_read_through_and_an_officer_stays_in_her_office() -> None:
    kept = {"title": "Jamban Siti Aminah", "person": "Siti Aminah", "volume": 3, "more": ["Rohayati", None]}
    assert SITI.without_in(kept) == {
        "title": f"Jamban {GONE}", "person": "Siti Aminah", "volume": 3, "more": [GONE, None],
    }  # fmt: skip


def test_who_is_called_by_initials_is_not_looked_for() -> None:
    assert Traces(["A."], numbers=["123"]).empty


#: Columns of text in which nobody types about a person: each with the reason why an erasure does not read it.
CLOSED = {
    "an officer's own, in her office": {
        *("user.username", "user.full_name", "user.email", "user.language", "invitation.full_name", "invitation.roles"),
        *("agencylink.holder", "apitoken.name", "apitoken.scopes", "teammember.name", "teammember.office"),
        *("commitment.person", "meeting.chair", "meeting.note_taker", "gladisheet.name", "gladitask.person"),
        *("letterhead.signer_office"),
        *("letterhead.signer_office", "letterhead.signer_name", "letterhead.signer_rank", "letterhead.signer_nip"),
        *("sheetcontact.name", "sheetcontact.phone", "browsersession.session_data", "browsersession.device"),
        *("membership.place_code", "phonetoken.agent"),
    },
    "names of the world": {
        *("place.name", "place.code", "place.bps_code", "placealias.name", "agency.name", "agency.short_name"),
        *("helpline.name", "helpline.number", "helpline.messages", "helpline.hours", "helpline.source"),
        *("cycle.slug", "cycle.programme", "cycle.source", "stage.name", "stage.source", "comparison.place_name"),
        *("lokus.rw", "lokus.prefix", "lokus.reported_source", "achievement.title", "achievement.level"),
        *("achievement.programme",),
        *("achievement.source", "championfigure.source", "codelist.title", "codelist.source", "codeitem.text"),
        *("team.decree_number", "comparison.place_code", "recap.place_code", "publication.place_code"),
        *("publication.source", "publication.women_source", "publicationrule.place_code", "unpublished.place_code"),
    },
    "of the instrument, the form or the file": {
        *("instrumentversion.instrument", "instrumentversion.version", "instrumentversion.title"),
        *("instrumentdraft.filename", "indicatorref.name", "fieldform.form_id", "fieldform.form_version"),
        *("fieldform.title", "fieldform.md5", "storedfile.content_type", "evidence.media_type", "blur.detector"),
        *("columnmemory.table", "columnmemory.field", "ask.indicator", "commitment.indicator", "claim.instrument"),
        *("claim.indicator", "claim.option", "claimfinding.instrument", "claimfinding.indicator"),
        *("claimfinding.option", "comparison.indicator", "evidenceuse.instrument", "evidenceuse.indicator"),
        *("fact.option", "gladimark.indicator", "gladimark.option", "gladitask.indicator", "keptlimit.instrument"),
        *("keptlimit.indicator", "keptlimit.option", "prooflimit.option", "codeitem.code", "championfigure.aspect"),
        *("commitment.activity_code", "strategy.indicators", "recheck.questions"),
    },
    "figures, codes and choices of ours": {
        *("activity.attended", "commitment.area", "evidence.area", "evidence.doubts", "group.area"),
        *("lokus.area", "team.area", "safetywalk.area", "invitation.area", "dossier.manifest", "dossier.figures"),
        *(
            "dossier.lacks",
            "dossier.sha256",
            "instrumentversion.sha256",
            "measure.serves",
            "measure.funds",
            "measure.unit",
            "publication.women",
        ),
        *("publication.cells", "recap.reason", "recheck.seed", "recheck.frame", "unitcounter.classes"),
        *("unitcounter.gaps", "unitcounter.engine", "comparing.stamp", "weeklypage.figures", "weeklypage.head"),
        *("teammember.duty", "teammember.sex", "attendance.sex", "breach.kinds", "meeting.nature"),
        *("blur.proposed", "blur.regions", "publication.period", "unpublished.period", "unpublished.reason"),
    },
    "frozen: numbers and ids, and a chain that nobody may change": {
        *("result.instrument_sha256", "result.data_hash", "result.engine", "result.card", "result.trace"),
        *("auditentry.action", "auditentry.object_type", "auditentry.object_id", "auditentry.place_code"),
        *("auditentry.details", "seal.previous", "seal.head"),
    },
}


def test_every_column_of_words_is_read_by_an_erasure_or_has_a_reason_not_to_be() -> None:
    """What is about families is deleted with them: `test_data_map`. Ids and fingerprints hold no words."""
    kinds = {(table.label, name): kind for table in data_map() for name, kind in table.fields}
    family = {table.label for table in data_map() if table.about == "family"}
    read = {f"{model._meta.model_name}.{name}" for model, fields in TEXTS.items() for name in fields}
    columns = {
        f"{model._meta.model_name}.{field.name}"
        for model in apps.get_app_config("selaras").get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and not (field.choices or field.primary_key)
        and model._meta.label_lower not in family - {f"selaras.{each.partition('.')[0]}" for each in read}
        and kinds[model._meta.label_lower, field.name] not in {FieldClass.CODE, FieldClass.HASH}
    }
    closed = {name for names in CLOSED.values() for name in names}
    assert sorted(columns - read - closed) == []
    assert sorted(read - columns) == []
    assert sorted(read & closed) == []
