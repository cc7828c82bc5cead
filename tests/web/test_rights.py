"""/tahun/…/data-pribadi/permintaan/: from a woman's question at the door to her answer, with the law's clock."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone

from selaras.actions.jobs import work_off
from selaras.actions.rights_kept import KEPT, forget_answered
from selaras.actions.rights_reminders import send_digests
from selaras.models import (
    AuditEntry,
    CannotUnsealError,
    Counter,
    Cycle,
    Household,
    PhotoConsent,
    RightsRequest,
    SearchHashes,
    Team,
    User,
)
from selaras.queries.rights import desk_page, opened
from selaras.web.rights import left
from tests.build_programme import Programme
from tests.pdf import pdf_text
from tests.web.cast import ani, budi, inside, scored, secretary

pytestmark = pytest.mark.django_db
CODE = "GD-003"


def address(of: Programme) -> str:
    return f"/tahun/{of.cycle.slug}/data-pribadi/permintaan/"


def asked(of: Programme, kind: str, **said: str) -> RightsRequest:
    """What Ani, the cadre of RW 03, writes down of Eni's family."""
    given = {"apa": kind, "keluarga": CODE, "nama": "Eni Uji", "hubungi": "0812 3456 7890", "kata": "mau tahu", **said}
    given.setdefault("diterima", f"{timezone.localtime() - timedelta(hours=1):%Y-%m-%dT%H:%M}")
    answer = inside(ani(of)).post(address(of), given)
    assert answer.status_code == 302, answer.content.decode()
    return RightsRequest.objects.latest("pk")


def acted(of: Programme, row: RightsRequest, **said: str) -> int:
    """What the secretariat does about it; the status."""
    row.refresh_from_db()
    answer = inside(secretary(of)).post(f"{address(of)}{row.uuid}/", {"seen": str(row.version), **said})
    row.refresh_from_db()
    return answer.status_code


def test_a_cadre_writes_it_down_the_clock_runs_from_then_and_only_they_who_work_with_the_family_read_it() -> None:
    of = scored()
    row = asked(of, "see")
    assert (row.due_at - row.received_at, row.area, row.number) == (timedelta(hours=72), row.household.area, 1)
    assert b"Eni" not in bytes(row.asker_sealed)
    assert [opened(row, field) for field in ("asker", "reach", "words")] == ["Eni Uji", "0812 3456 7890", "mau tahu"]
    pages = {who: inside(user).get(f"{address(of)}{row.uuid}/") for who, user in
             (("secretary", secretary(of)), ("cadre", ani(of)), ("lurah next door", budi(of)))}  # fmt: skip
    assert {who: page.status_code for who, page in pages.items()} == {
        "secretary": 200, "cadre": 200, "lurah next door": 404,
    }  # fmt: skip
    shown = pages["secretary"].content.decode()
    assert all(words in shown for words in ("Eni Uji", "0812 3456 7890", "sisa 2 hari 22 jam", "Pasal 7 dan 32"))
    assert "Sudah dipastikan" not in pages["cadre"].content.decode()
    entry = AuditEntry.objects.get(action="rights.ask")
    assert (entry.object_id, entry.details) == (str(row.uuid), {"kind": "see"})


def test_it_is_answered_only_once_it_is_sure_who_asks_and_stays_on_the_desk_until_she_is_told() -> None:
    of = scored()
    row, other = asked(of, "copy"), asked(of, "see")
    user = secretary(of)
    copy = f"{address(of)}{row.uuid}/salinan/"
    assert [acted(of, row, jawab="done"), inside(user).post(copy).status_code] == [422, 422]
    assert acted(of, row, jawab="refused", alasan="") == 422
    assert acted(of, row, kerja="pasti") == 302
    assert acted(of, row, kerja="kabar") == 422
    # "Dipenuhi" is no tick: she has her copy first, by this request and not by another one.
    ungiven = inside(user).post(f"{address(of)}{row.uuid}/", {"seen": str(row.version), "jawab": "done"})
    words = "salinan datanya belum diambil</b>; tekan Salinan data (PDF)"
    assert (ungiven.status_code, words in ungiven.content.decode()) == (422, True)
    paper = inside(user).post(copy)
    assert paper["Content-Disposition"] == f'attachment; filename="salinan-data-{CODE}.pdf"'
    assert [acted(of, other, kerja="pasti"), acted(of, other, jawab="done")] == [302, 422]
    assert [acted(of, other, jawab="withdrawn"), acted(of, row, jawab="done"), row.deed] == [302, 302, "given"]
    assert [line.standing for line in desk_page(user, of.cycle.slug).waiting] == ["untold"]
    assert acted(of, row, kerja="kabar") == 302
    desk = desk_page(user, of.cycle.slug)
    assert (desk.waiting, [line.standing for line in desk.closed]) == ((), ["closed", "closed"])
    assert AuditEntry.objects.get(action="rights.copy").details == {"whole": ""}
    entries = AuditEntry.objects.filter(action__startswith="rights.", object_id=str(row.uuid)).order_by("pk")
    assert [entry.action for entry in entries] == [
        "rights.ask", "rights.known", "rights.copy", "rights.answer", "rights.told",
    ]  # fmt: skip


def test_the_copy_tells_her_everything_with_whole_numbers_and_what_was_done_with_it() -> None:
    of = scored()
    family = Household.objects.select_related("lokus__place", "lokus__cycle__place", "key").get(code=CODE)
    hashes = SearchHashes.load()
    family.set_kk("3672051234567890", hashes.kk("3672051234567890"))
    family.set_phone("081298765432", hashes.phone("081298765432"))
    family.save()
    row = asked(of, "copy")
    acted(of, row, kerja="pasti")
    inside(secretary(of)).post(f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/keluarga/{CODE}/nomor/")
    client, page = inside(secretary(of)), f"{address(of)}{row.uuid}/"
    assert 'name="langsung" value="ya"><span>Saya serahkan langsung ke tangan' in client.get(page).content.decode()
    paper = client.post(f"{page}salinan/", {"langsung": "ya"}).content
    text = " ".join(pdf_text(paper).split())
    told = ("Eni Uji", "3672051234567890", "081298765432", "Leher angsa", "Iuran", "NIK dan nomor dilihat oleh")
    for words in told:
        assert words.casefold() in text.casefold(), words
    assert [words for words in ("Rohayati", "Salinan untuk seluruh keluarga") if words in text] == []
    assert AuditEntry.objects.get(action="rights.copy").details == {"whole": "ya"}


def test_a_wish_to_be_forgotten_forgets_the_family_and_what_the_request_says_of_her() -> None:
    of = scored()
    row, earlier = asked(of, "erase"), asked(of, "see")
    acted(of, row, kerja="pasti")
    assert acted(of, row, jawab="done") == 302
    earlier.refresh_from_db()
    family = Household.objects.get(code=CODE)
    assert (family.head_name, family.erased_at is None, row.state) == ("", False, "done")
    for one in (row, earlier):
        assert (one.asker_sealed, one.reach_sealed, one.words_sealed, one.key.wrapped) == (None, None, None, None)
    page = inside(secretary(of)).get(f"{address(of)}{row.uuid}/").content.decode()
    assert ("sudah dimusnahkan" in page, re.search(r"\bEni\b", page)) == (True, None)
    assert acted(of, row, kerja="kabar") == 302


def test_withdrawn_consent_withdraws_all_her_photos_with_the_answer() -> None:
    of = scored()
    row = asked(of, "stop")
    PhotoConsent.objects.create(household=row.household, uses=["laporan", "publik"], by=secretary(of))
    acted(of, row, kerja="pasti")
    assert acted(of, row, jawab="done") == 302
    assert PhotoConsent.objects.filter(household=row.household).order_by("-at", "-pk")[0].uses == []


def test_what_is_missing_is_said_all_at_once_and_nonsense_changes_nothing() -> None:
    of = scored()
    late = {"apa": "x", "keluarga": "GD-001", "diterima": "2020-01-01T08:00"}
    page = inside(ani(of)).post(address(of), late)
    text = page.content.decode()
    wanted = ["belum dipilih apa yang diminta", "nama pemohon belum ditulis", "ke mana jawabannya", "60 hari", "GD-001"]
    assert (page.status_code, [words for words in wanted if words not in text]) == (422, [])
    # Whoever is in no family asks at the office.
    nobody = {"apa": "see", "keluarga": "", "nama": "Tamu", "hubungi": "surat"}
    assert inside(ani(of)).post(address(of), nobody).status_code == 403
    assert RightsRequest.objects.count() == 0
    assert inside(secretary(of)).post(address(of), nobody).status_code == 302
    row = RightsRequest.objects.get()
    assert (row.household, row.area) == (None, of.cycle.place.code)
    assert acted(of, row, kerja="pasti", seen="99") == 422


def test_a_look_at_the_texts_that_name_her_is_written_down_and_the_press_says_that_it_is_final() -> None:
    of = scored()
    user = secretary(of)
    Team.objects.create(cycle=of.cycle, name="Tim Wening Asih")
    nobody = {"apa": "erase", "keluarga": "", "nama": "Wening Asih", "hubungi": "surat"}
    assert inside(user).post(address(of), nobody).status_code == 302
    row = RightsRequest.objects.get()
    page = f"{address(of)}{row.uuid}/"
    final = "tidak dapat dikembalikan, juga tidak dari cadangan"
    seen = [inside(user).get(page).content.decode()]
    # Nobody is sure yet who asks: nothing is shown, and nothing was read.
    assert AuditEntry.objects.filter(action="rights.read_texts").count() == 0
    acted(of, row, kerja="pasti")
    seen += [inside(user).get(page).content.decode()]
    refused = inside(user).post(page, {"seen": str(row.version), "jawab": "done", "perbuatan": ""})
    seen += [refused.content.decode()]
    assert [("Tim Wening Asih" in text, final in text) for text in seen] == [
        (False, False), (True, True), (True, True),
    ]  # fmt: skip
    entries = AuditEntry.objects.filter(action="rights.read_texts").values_list("actor", "object_id", "details")
    assert list(entries) == [(user.pk, str(row.uuid), {"read": 1})] * 2
    assert acted(of, row, jawab="withdrawn") == 302
    assert "Tim Wening Asih" not in inside(user).get(page).content.decode()
    assert entries.count() == 2


def test_two_officers_answer_it_once() -> None:
    of = scored()
    row = asked(of, "object")
    assert acted(of, row, jawab="refused", alasan="law") == 302
    assert acted(of, row, jawab="withdrawn") == 422
    assert (row.state, row.ground) == ("refused", "law")


def test_a_year_after_the_answer_what_she_said_is_destroyed_and_not_before() -> None:
    of = scored()
    row, other = asked(of, "see"), asked(of, "see")
    acted(of, row, jawab="withdrawn")
    assert row.answered_at is not None
    assert forget_answered(row.answered_at + KEPT) == 0
    assert forget_answered(row.answered_at + KEPT + timedelta(seconds=1)) == 1
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.asker_sealed, row.household is None) == (None, False)
    with pytest.raises(CannotUnsealError):
        row.key.secret()
    assert opened(other, "asker") == "Eni Uji"


def test_hours_are_told_in_days_and_hours_and_past_ones_as_late() -> None:
    assert [left(hours) for hours in (70, 24, 5, 0, -3, -49)] == [
        "sisa 2 hari 22 jam", "sisa 1 hari", "sisa 5 jam", "sisa 0 jam", "terlambat 3 jam", "terlambat 2 hari 1 jam",
    ]  # fmt: skip


def test_the_desk_asks_the_same_however_many_requests_there_are(django_assert_num_queries: object) -> None:
    of = scored()
    user = secretary(of)
    asked(of, "see")
    desk_page(user, of.cycle.slug)
    for _ in range(2):
        with django_assert_num_queries(7):  # type: ignore[operator]
            desk_page(user, of.cycle.slug)
        asked(of, "correct")
        asked(of, "erase")


def test_a_year_kept_long_enough_is_retired_by_its_number_and_its_figures_stay() -> None:
    of = scored()
    user = secretary(of)
    client, base = inside(user), f"/tahun/{of.cycle.slug}/data-pribadi/"
    counters = list(Counter.objects.order_by("pk").values())
    assert counters
    assert client.post(f"{base}masa-simpan/", {"banyaknya": "3"}).status_code == 422
    Cycle.objects.filter(pk=of.cycle.pk).update(closed_at=timezone.now())
    assert "Hapus data keluarga tahun ini" in client.get(f"{base}permintaan/").content.decode()
    assert client.post(f"{base}masa-simpan/", {"banyaknya": "4"}).status_code == 422
    assert client.post(f"{base}masa-simpan/", {"banyaknya": "3"}).status_code == 302
    assert "sedang dihapus" in client.get(f"{base}permintaan/").content.decode()
    work_off()
    assert {(one.head_name, one.erased_at is None) for one in Household.objects.all()} == {("", False)}
    assert list(Counter.objects.order_by("pk").values()) == counters
    assert desk_page(user, of.cycle.slug).retirement is None
    assert AuditEntry.objects.get(action="rights.retire").details == {"families": 3}


def test_what_waits_by_a_clock_stands_on_the_year_of_who_answers_and_of_nobody_else() -> None:
    of = scored()
    asked(of, "see")
    year = f"/tahun/{of.cycle.slug}/"
    told = {who: "1 permintaan pemilik data menunggu" in inside(user).get(year).content.decode() for who, user in
            (("secretary", secretary(of)), ("cadre", ani(of)))}  # fmt: skip
    assert told == {"secretary": True, "cadre": False}
    RightsRequest.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert "Tenggat data pribadi terlewati." in inside(secretary(of)).get(year).content.decode()
    RightsRequest.objects.update(state="withdrawn", answered_at=timezone.now())
    assert "permintaan pemilik data" not in inside(secretary(of)).get(year).content.decode()


@override_settings(SELARAS_EMAIL_URL={"EMAIL_HOST": "x"}, DEFAULT_FROM_EMAIL="p2wkss@cilegon.example")
def test_who_answers_is_mailed_once_a_day_when_an_hour_of_the_law_is_near_and_nobody_is_named() -> None:
    of = scored()
    for user, mailbox in ((secretary(of), "sekretariat@cilegon.example"), (ani(of), "ani@cilegon.example")):
        User.objects.filter(pk=user.pk).update(email=mailbox)
    row = asked(of, "see")
    day = timezone.localtime(row.received_at).replace(hour=9)
    early, near, late = (day + timedelta(days=days) for days in (1, 2, 4))
    RightsRequest.objects.update(due_at=day + timedelta(days=3))
    sent = [send_digests(now) for now in (early, near, near + timedelta(hours=2), near.replace(hour=20), late)]
    assert sent == [0, 1, 0, 0, 1]
    assert [letter.to for letter in mail.outbox] == [["sekretariat@cilegon.example"]] * 2
    texts = [f"{letter.subject} {letter.body}" for letter in mail.outbox]
    assert all("1 permintaan pemilik data" in text and f"/tahun/{of.cycle.slug}/" in text for text in texts)
    assert [("sudah lewat" in text, "Eni" in text, CODE in text) for text in texts] == [
        (False, False, False), (True, False, False),
    ]  # fmt: skip
