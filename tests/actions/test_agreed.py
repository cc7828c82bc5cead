"""A list from elsewhere fills blanks of known families, says where it differs, and can be taken back; nothing else."""

import io
from collections.abc import Mapping
from datetime import date
from uuid import UUID

import pytest

from selaras.access import CONSOLE
from selaras.actions.agreed import Agreement, drop_list, receive_list, use_list
from selaras.actions.erasure import erase_household
from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.actions.field.taking import take_in
from selaras.actions.jobs import work_off
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import (
    AgreedImport,
    AuditEntry,
    CannotUnsealError,
    CurrentAnswers,
    Household,
    HouseholdScore,
    Role,
    SearchHashes,
    StoredFile,
    Submission,
    User,
)
from selaras.queries.agreed import agreed_list_page, agreed_page
from selaras.queries.household import household_page
from tests import build
from tests.build_field import Field, filled, open_field
from tests.build_programme import bring, families_file, family

pytestmark = pytest.mark.django_db
AGREED = Agreement("Puskesmas Jombang", "440/12/2024", date(2024, 1, 5), "melengkapi data awal")


class Ground:
    """Three families of RW 03, a phone, and their lurah."""

    def __init__(self) -> None:
        self.field: Field = open_field()
        self.of = self.field.programme
        self.lurah = build.member(Role.SUPERVISOR, self.of.lokus.place.code, cycle=self.of.cycle)
        self.first, self.second, self.third = (build.household(self.of.lokus, rw="03") for _ in range(3))

    @property
    def where(self) -> dict[str, str]:
        return {"cycle_slug": self.of.cycle.slug, "code": self.of.lokus.area}

    def given(self, text: str, *, by: User | None = None, agreement: Agreement = AGREED) -> AgreedImport:
        return receive_list(
            by=by or self.lurah,
            **self.where,
            round_slug="baseline",
            agreement=agreement,
            filename="puskesmas.csv",
            file=io.BytesIO(text.encode()),
        )

    def used(self, text: str, mapping: Mapping[str, str] | None = None) -> AgreedImport:
        return use_list(by=self.lurah, **self.where, agreed_id=self.given(text).uuid, mapping=mapping or {})

    def asked(self, household: Household, answers: Mapping[str, str], instance: str = "uuid:1", old: str = "") -> None:
        household.refresh_from_db()
        xml = filled(self.field.form, household, answers, instance=instance, deprecated=old)
        receive(sender=Sender.of(self.field.phone.phone), parcel=Parcel(xml))
        take_in()

    def counts(self, household: Household) -> dict[str, object] | None:
        row = CurrentAnswers.objects.filter(household=household).first()
        return None if row is None else row.answers

    def codes(self, *answers: str) -> str:
        rows = zip((self.first, self.second, self.third), answers, strict=False)
        return "\n".join(["Kode;Jumlah;Jamban apa yang dipakai?", *(f"{each.code};{said}" for each, said in rows)])


@pytest.mark.parametrize("asked_first", [True, False], ids=["asked first", "list first"])
def test_a_list_fills_what_was_not_asked_and_the_asked_answer_wins_in_either_order(asked_first: bool) -> None:
    there = Ground()
    if asked_first:
        there.asked(there.first, {"jumlah": "4"})
    there.used(there.codes("5;Leher angsa", "3;Cemplung"))
    if not asked_first:
        assert there.counts(there.first) is None
        there.asked(there.first, {"jumlah": "4"})

    assert there.counts(there.first) == {"jumlah": 4, "jamban": "leher_angsa"}
    # Nobody was at the second family's door: it is not surveyed by a list.
    assert there.counts(there.second) is None
    own = Submission.objects.get(household=there.first, mode="phone")
    assert (own.answers, own.superseded_by) == ({"jumlah": 4}, None)


def test_what_it_fills_is_scored_told_as_from_the_list_and_its_way_stands_in_the_history() -> None:
    there = Ground()
    there.asked(there.first, {"jumlah": "4"})
    work_off()
    before = HouseholdScore.objects.get(household=there.first, indicator__name="jamban").missing
    there.used(there.codes("5;Leher angsa"))
    work_off()

    after = HouseholdScore.objects.get(household=there.first, indicator__name="jamban")
    assert (before, after.missing, after.true) == (1, 0, 1)
    page = household_page(there.lurah, there.of.cycle.slug, there.of.lokus.area, there.first.code)
    lines = {line.question: line for section in page.answers[0].sections for line in section.lines}
    assert {question: (line.text, line.source) for question, line in lines.items() if line.state == "said"} == {
        "Berapa orang di rumah ini?": ("4", ""),
        "Jamban apa yang dipakai?": ("Leher angsa", "Puskesmas Jombang"),
    }
    assert [(line.way, line.current) for line in page.submissions] == [("agreed", False), ("phone", True)]


def test_where_the_family_said_otherwise_the_page_lists_both_and_nothing_changes() -> None:
    there = Ground()
    there.asked(there.first, {"jumlah": "4", "jamban": "cemplung"})
    listed = there.used(there.codes("4;Leher angsa"))

    page = agreed_page(there.lurah, **there.where, agreed_id=listed.uuid)
    assert [(each.code, each.asked, each.given) for each in page.differences] == [
        (there.first.code, "Cemplung", "Leher angsa")
    ]
    assert there.counts(there.first) == {"jumlah": 4, "jamban": "cemplung"}


def test_taken_back_every_blank_is_blank_again_and_asked_answers_stay() -> None:
    there = Ground()
    there.asked(there.first, {"jumlah": "4"})
    listed = there.used(there.codes("5;Leher angsa", "3;Cemplung"))
    drop_list(by=there.lurah, **there.where, agreed_id=listed.uuid)

    assert there.counts(there.first) == {"jumlah": 4}
    assert list(Submission.objects.values_list("mode", flat=True)) == ["phone"]
    assert CurrentAnswers.objects.get().dirty
    drop_list(by=there.lurah, **there.where, agreed_id=listed.uuid)
    assert AuditEntry.objects.filter(action="agreed.undo").count() == 1


def test_a_correction_of_the_form_and_a_later_list_keep_the_same_rule() -> None:
    there = Ground()
    there.asked(there.first, {"jumlah": "4", "jamban": "cemplung"})
    there.used(there.codes("5;Leher angsa"))
    there.asked(there.first, {"jumlah": "6"}, "uuid:2", "uuid:1")
    assert there.counts(there.first) == {"jumlah": 6, "jamban": "leher_angsa"}

    there.used(there.codes(";Cemplung"))
    assert there.counts(there.first) == {"jumlah": 6, "jamban": "cemplung"}


def test_an_import_of_families_is_filled_up_too() -> None:
    there = Ground()
    there.used(there.codes("5;Leher angsa"))
    bring(there.of, families_file([family(there.first.code, 7, None, None, rw="03")]))

    assert there.counts(there.first) == {"jumlah": 7, "jamban": "leher_angsa"}


def test_families_are_found_by_kk_and_by_a_members_nik_and_marks_that_disagree_find_nobody() -> None:
    there = Ground()
    hashes = SearchHashes.load()
    there.first.set_kk("3672051234560001", hashes.kk("3672051234560001"))
    there.first.save()
    person = there.second.persons.create(position=1, name="Uji")
    person.set_nik("3672054101900002", hashes.nik("3672054101900002"))
    person.save()
    text = "\n".join(
        [
            "Kode;No KK;NIK;Jumlah",
            ";3672 0512 3456 0001;;2",
            ";;3672054101900002;3",
            f"{there.third.code};3672051234560001;;4",
            "XX-999;;;5",
            f"{there.first.code};;;6",
        ]
    )
    listed = there.used(text, {"Jumlah": "jumlah"})

    said = dict(Submission.objects.filter(mode="agreed").values_list("household__code", "answers"))
    assert said == {there.first.code: {"jumlah": 2}, there.second.code: {"jumlah": 3}}
    assert (listed.summary["unknown_rows"], listed.summary["twice_rows"]) == ([4, 5], [6])


def test_a_cell_that_cannot_be_read_is_named_and_left_out_and_its_text_is_kept_nowhere() -> None:
    there = Ground()
    listed = there.used(there.codes("Zubaidah9174;Cemplung", "3;bukan pilihan"))

    assert listed.summary["wrong_cells"] == [[2, "Jumlah"], [3, "Jamban apa yang dipakai?"]]
    assert dict(Submission.objects.values_list("household__code", "answers")) == {
        there.first.code: {"jamban": "cemplung"},
        there.second.code: {"jumlah": 3},
    }
    stored = repr(list(AgreedImport.objects.values())) + repr(
        list(AuditEntry.objects.values_list("details", flat=True))
    )
    assert "Zubaidah9174" not in stored


def test_once_it_is_used_the_file_is_gone_and_its_key_destroyed() -> None:
    there = Ground()
    listed = there.given(there.codes("5;Cemplung"))
    assert listed.file is not None
    path = listed.file.path
    use_list(by=there.lurah, **there.where, agreed_id=listed.uuid, mapping={}, only_check=True)
    assert (Submission.objects.count(), AgreedImport.objects.get().state, path.exists()) == (0, "uploaded", True)

    use_list(by=there.lurah, **there.where, agreed_id=listed.uuid, mapping={})
    row = AgreedImport.objects.select_related("key").get()
    assert (row.file, row.key.wrapped, StoredFile.objects.filter(sha256=listed.file.sha256).count()) == (None, None, 0)
    with pytest.raises(CannotUnsealError):
        row.key.unseal(b"x" * 40, "file:")
    with pytest.raises(InputError) as refused:
        use_list(by=there.lurah, **there.where, agreed_id=listed.uuid, mapping={})
    assert [problem.code for problem in refused.value.problems] == ["agreed.over"]


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"Kode": ""}, "agreed.whose"),
        ({"Jumlah": "", "Jamban apa yang dipakai?": ""}, "agreed.nothing"),
        ({"Jumlah": "jamban"}, "agreed.columns"),
        ({"Jumlah": "nama"}, "agreed.columns"),
    ],
)
def test_columns_that_make_no_sense_are_refused(mapping: dict[str, str], code: str) -> None:
    there = Ground()
    with pytest.raises(InputError) as refused:
        there.used(there.codes("5;Cemplung"), mapping)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_without_an_agreement_or_a_family_nothing_is_taken_in() -> None:
    there = Ground()
    for part in ("source", "number", "purpose"):
        with pytest.raises(InputError) as refused:
            there.given(there.codes("5;Cemplung"), agreement=Agreement(**{**_parts(), part: "  "}))
        assert [problem.code for problem in refused.value.problems] == ["agreed.agreement"]
    with pytest.raises(InputError) as nobody:
        there.used("Kode;Jumlah\nXX-1;4")
    assert [problem.code for problem in nobody.value.problems] == ["agreed.nobody"]
    assert Submission.objects.count() == 0


def _parts() -> dict[str, object]:
    return {"source": AGREED.source, "number": AGREED.number, "agreed_on": AGREED.agreed_on, "purpose": AGREED.purpose}


def test_only_who_keeps_the_lokus_brings_one_in_and_sees_it() -> None:
    there = Ground()
    build.place("36.72.05.1001")
    next_door = build.member(Role.SUPERVISOR, "36.72.05.1001", cycle=there.of.cycle)
    cadre = there.field.phone.phone.user
    listed = there.used(there.codes("5;Cemplung"))

    for who, refusal in ((cadre, Forbidden), (next_door, Missing)):
        with pytest.raises(refusal):
            there.given(there.codes("5;Cemplung"), by=who)
        with pytest.raises(refusal):
            agreed_page(who, **there.where, agreed_id=listed.uuid)
        with pytest.raises(refusal):
            agreed_list_page(who, **there.where)
        with pytest.raises(refusal):
            drop_list(by=who, **there.where, agreed_id=listed.uuid)
    with pytest.raises(Missing):
        agreed_page(there.lurah, **there.where, agreed_id=UUID(int=1))


def test_an_erased_family_leaves_no_answer_of_a_list_and_no_file_that_may_name_it() -> None:
    there = Ground()
    there.used(there.codes("5;Cemplung", "3;Cemplung"))
    waiting = there.given(there.codes("5;Cemplung"))

    erase_household(by=CONSOLE, household=there.first, reason="permintaan")

    assert list(Submission.objects.values_list("household__code", flat=True)) == [there.second.code]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.file, waiting.key.wrapped) == ("discarded", None, None)
