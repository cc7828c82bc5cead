"""Every change, every export and every showing of names: one entry of the audit, exactly."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone

from selaras.models import (
    AgreedImport,
    ApiToken,
    Ask,
    AuditEntry,
    InstrumentDraft,
    Meeting,
    TargetDecision,
)
from tests.build_meetings import FORM
from tests.sample_workbook import changed
from tests.second_step import code_for
from tests.web.doors.table import NOT_SO, OPEN_TO_ALL, TABLE
from tests.web.doors.world import PASSWORD, World, families

pytestmark = pytest.mark.django_db
#: Doors whose POST changes nothing that is kept: a language, what a session shows, a password typed once more.
UNWRITTEN = {
    "set_language",
    "names",
    "first",
    "mfa_authenticate",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "result_verify",
    "invitation_code",
    "invitation",
    "sheet_code",
    # The one write that leaves no entry, by design: tests/actions/test_reactions.py.
    "reaction_answer",
    "reaction_open",
    # The locked room writes into a log of its own: tests/cases.
    "cases:room",
    "cases:hand_over",
    "cases:close",
    "cases:ticket",
    "cases:log",
    "cases:breaks",
    "cases:officers",
    "cases:break_agree",
    "cases:break_read",
}

#: Doors whose POST is looked at below, or in the test of its own page.
WRITTEN = {
    "account_change_password",
    "account_login",
    "account_logout",
    "achievements",
    "activity_advance",
    "activity_delete",
    "activity_edit",
    "activity_new",
    "activity_restore",
    "agencies",
    "answers",
    "answers_activity",
    "answers_code",
    "ask_one",
    "change_compare",
    "followups",
    "strategy_edit",
    "strategy_new",
    "strategy_take_back",
    "ask_withdraw",
    "arrival_decide",
    "arrivals_late",
    "asks",
    "attend",
    "attendance",
    "attendee",
    "audit_export",
    "check_settle",
    "dossier_annex",
    "dossiers",
    "readiness_find",
    "readiness_item",
    "readiness_limit",
    "rechecks",
    "recheck_fill",
    "agreed_list",
    "agreed",
    "agreed_drop",
    "photo_consents",
    "stand_ins",
    "stand_in_end",
    "commitment_edit",
    "commitment_import",
    "commitment_move",
    "commitment_new",
    "decision_commit",
    "draft",
    "draft_discard",
    "export_drop",
    "exports",
    "freeze",
    "gladi",
    "gladi_list",
    "gladi_sheet",
    "gladi_task",
    "next_steps",
    "groups",
    "hand_over",
    "household_changes",
    "household_correct",
    "household_find",
    "household_numbers",
    "import_columns",
    "import_confirm",
    "import_discard",
    "import_undo",
    "imports",
    "instruments",
    "invitation_revoke",
    "letterhead",
    "link_code",
    "link_revoke",
    "links",
    "meeting_cancel",
    "meeting_edit",
    "meeting_new",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "minutes",
    "matrix_view_drop",
    "matrix_view_keep",
    "new_year",
    "own_answers",
    "odk_submission",
    "odk_submission_slash",
    "parcel_files",
    "people_invite",
    "person",
    "person_switch",
    "phone_revoke",
    "phones",
    "phones_prepare",
    "places",
    "reminded",
    "session_end",
    "setup",
    "setup_loci",
    "target_replace",
    "targets_decide",
    "targets_move",
    "targets_undo",
    "task_end",
    "task_news_read",
    "team",
    "teams",
    "token_revoke",
    "tokens",
    "typing",
    "typing_new",
    "view_drop",
    "view_keep",
    "way_in",
    "weeks",
}
WRITTEN |= {"evidence_new", "evidence_edit", "evidence_withdraw", "evidence_restore", "evidence_decide"}
WRITTEN |= {"blur", "blur_withdraw"}
# tests/web/test_rights.py, tests/web/test_breaches.py
WRITTEN |= {"rights", "request", "request_copy", "retire", "breaches", "breach", "breach_letter"}
WRITTEN |= {"evidence_reopen", "evidence_original", "evidence_codes", "evidence_code_list", "evidence_code_export"}
WRITTEN |= {"lokus_point", "card_numbers", "walks", "walk", "walk_drop", "walk_propose", "walk_take_back"}
# tests/web/test_recaps.py
WRITTEN |= {"hand_overs_keep_back", "publication_rule", "recap_new", "recap_publish", "recap_decline"}
WRITTEN |= {"reaction_slips", "reaction_text", "reaction_type"}
WRITTEN |= {"voice_contact", "family_voice", "family_aid", "family_woman", "family_code", "sheet_door"}
WRITTEN |= {"duplicate", "duplicate_propose", "household_split", "household_state", "household_state_back"}


def written(act: Callable[[], object]) -> list[str]:
    """The actions that were written down meanwhile, in order."""
    last = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    act()
    return list(AuditEntry.objects.filter(id__gt=last).order_by("id").values_list("action", flat=True))


def test_each_change_of_a_lokus_is_one_entry(planted: World) -> None:
    client = planted.client("secretariat")
    to = planted.address
    file = SimpleUploadedFile("keluarga.xlsx", families("own"))

    assert written(lambda: client.post(to("imports"), {"round": "baseline", "file": file})) == ["imports.receive"]
    assert written(lambda: client.post(to("freeze"), {"putaran": "baseline"})) == ["results.freeze"]
    assert written(lambda: client.post(to("import_confirm"))) == ["imports.confirm"]
    assert written(lambda: client.post(to("import_confirm"))) == []
    assert written(lambda: client.post(to("import_discard", "next"))) == ["imports.discard"]


def test_each_change_of_a_meeting_is_one_entry(planted: World) -> None:
    client, stranger = planted.client("secretariat"), Client()
    forms = "meeting_new meeting_edit meeting_cancel minutes decision_commit attend attendance attendee letterhead"
    files = "meeting_paper agency_sheet agency_sheets matrix_paper"
    # Where each stands now: what is changed below would be in the way of asking again.
    at = {name: planted.address(name) for name in f"{forms} {files}".split()}
    held = planted.areas["own"].programme.cycle.meetings.get()
    said = {"putusan-banyak": "1", "minutes": "Dibuka.", "version": "2"}
    agency = planted.areas["own"].programme.cycle.place.agencies.get(short_name="Dinkes")
    row = str(held.decisions.get().pk)
    decided = {"putusan-0-id": row, "putusan-0-text": "Bangun", "putusan-0-agency": str(agency.pk)}
    came = {"name": "Kartini", "office": "Uji", "sex": "P"}

    assert written(lambda: client.post(at["meeting_new"], FORM)) == ["meetings.call"]
    assert written(lambda: client.post(at["meeting_edit"], {**FORM, "version": "1"})) == ["meetings.change"]
    assert written(lambda: client.post(at["meeting_edit"], {**FORM, "version": "1"})) == []
    assert written(lambda: client.post(at["minutes"], {**said, **decided})) == ["meetings.record_minutes"]
    # The commitment, and that it came of the decision.
    assert written(lambda: client.post(at["decision_commit"])) == ["plans.commit", "meetings.commit_decision"]
    assert written(lambda: client.post(at["decision_commit"])) == []
    assert written(lambda: client.post(at["attendee"], came)) == ["meetings.correct_attendee"]
    assert written(lambda: client.post(at["attendance"], {**came, "name": "Dewi"})) == ["meetings.add_attendee"]
    assert written(lambda: client.post(at["attendance"], {**came, "name": "Dewi"})) == []
    Meeting.objects.filter(pk=held.pk).update(starts=timezone.now())
    assert written(lambda: stranger.post(at["attend"], {**came, "name": "Sartika"})) == ["meetings.attend"]
    assert written(lambda: client.get(at["meeting_paper"])) == ["meetings.export"]
    assert written(lambda: client.get(at["agency_sheet"])) == ["papers.export_agency_sheet"]
    assert written(lambda: client.get(at["agency_sheets"])) == ["papers.export_agency_sheets"]
    assert written(lambda: client.get(at["matrix_paper"])) == ["papers.export_matrix"]
    assert written(lambda: client.post(at["meeting_cancel"])) == ["meetings.cancel"]
    assert written(lambda: client.post(at["letterhead"], {"lines": "Uji", "version": "0"})) == ["letterheads.save"]


def test_what_is_hidden_on_a_photo_is_one_entry_each(planted: World) -> None:
    client = planted.client("lurah")
    at = {name: planted.address(name) for name in ("blur", "blur_withdraw")}
    box = {"kiri": "0", "atas": "0", "lebar": "8", "tinggi": "8"}

    assert written(lambda: client.post(at["blur"], {"version": "2"})) == []
    assert written(lambda: client.post(at["blur"], {"version": "2", **box})) == ["blurs.confirm"]
    assert written(lambda: client.post(at["blur"], {"version": "2", **box})) == []
    assert written(lambda: client.post(at["blur_withdraw"], {"version": "2"})) == []
    assert written(lambda: client.post(at["blur_withdraw"], {"version": "3"})) == ["blurs.withdraw"]
    assert written(lambda: client.post(at["blur"], {"version": "4", "kosong": "1"})) == ["blurs.confirm"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_each_export_is_one_entry(planted: World, kind: str) -> None:
    client = planted.client("juror")

    assert written(lambda: client.get(planted.address("indicator_numbers", kind=kind))) == ["indicators.export"]
    entry = AuditEntry.objects.latest("id")
    assert (entry.actor, entry.object_id, entry.place_code, entry.details) == (
        planted.people["juror"],
        "jamban",
        planted.areas["own"].programme.lokus.area,
        {"cycle": planted.areas["own"].programme.cycle.slug, "file": kind},
    )


def test_an_export_that_is_refused_is_not_written_down(planted: World) -> None:
    client = planted.client("secretariat")
    refused = [("indicator_numbers", "city", "csv"), ("indicator_numbers", "own", "pdf")]

    for name, area, kind in refused:
        assert written(lambda name=name, area=area, kind=kind: client.get(planted.address(name, area, kind=kind))) == []


@pytest.mark.parametrize("name", ["households", "indicator", "household", "household_correct", "targets"])
def test_each_showing_of_names_is_one_entry(planted: World, name: str) -> None:
    client = planted.client("lurah")

    assert written(lambda: client.get(planted.address(name))) == []
    assert written(lambda: client.post(planted.address("names"), {"nama": "tampil"})) == []
    assert written(lambda: client.get(planted.address(name))) == ["households.reveal_names"]
    assert written(lambda: client.get(planted.address(name))) == ["households.reveal_names"]
    client.post(planted.address("names"), {"nama": "samar"})
    assert written(lambda: client.get(planted.address(name))) == []


def closed(response: HttpResponseBase) -> None:
    """Close the file that was sent. That ends a request, and with one the old connections: this test's is not."""
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)


def test_each_step_about_families_is_one_entry(planted: World) -> None:
    client, to = planted.client("secretariat"), planted.address
    given = {"version": "1", "head_name": "Dibetulkan"}

    assert written(lambda: client.post(to("household_find"), {"nomor": "3672051234567890"})) == [
        "households.find_by_number"
    ]
    assert written(lambda: client.post(to("household_find"), {"nomor": "x"})) == []
    assert written(lambda: client.post(to("photo_consents"), {"boleh": ["juri", "laporan"]})) == ["photos.consent"]
    assert written(lambda: client.post(to("photo_consents"), {"boleh": ["laporan", "juri"]})) == []
    assert written(lambda: client.post(to("household_numbers"))) == ["households.reveal_numbers"]
    assert written(lambda: client.post(to("household_correct"), given)) == ["households.correct"]
    assert written(lambda: client.post(to("household_correct"), given)) == []
    assert written(lambda: client.post(to("view_keep"), {"nama": "RT 02", "saringan": "rt=02"})) == ["views.keep"]
    view = str(planted.people["secretariat"].saved_views.get().pk)
    assert written(lambda: client.post(to("view_drop"), {"tampilan": view})) == ["views.drop"]
    assert written(lambda: client.post(to("view_drop"), {"tampilan": view})) == []
    kept = {"nama": "Per RT", "saringan": "lihat=rt"}
    assert written(lambda: client.post(to("matrix_view_keep"), kept)) == ["views.keep"]
    assert written(lambda: client.post(to("matrix_view_keep"), kept)) == []
    view = str(planted.people["secretariat"].saved_views.get().pk)
    assert written(lambda: client.post(to("matrix_view_drop"), {"tampilan": view})) == ["views.drop"]
    reserve = {"ke": "reserve", "keluarga": ["GD-004", "GD-005"]}
    assert written(lambda: client.post(to("targets_decide"), reserve)) == ["targets.decide"]
    assert written(lambda: client.post(to("targets_decide"), reserve)) == []
    assert written(lambda: client.post(to("targets_move"), {"geser": "up GD-005"})) == ["targets.move"]
    decision = {"keputusan": str(TargetDecision.objects.latest("pk").uuid)}
    assert written(lambda: client.post(to("targets_undo"), decision)) == ["targets.undo"]
    assert written(lambda: client.post(to("target_replace"), {"reason": "moved"})) == ["targets.replace"]
    assert written(lambda: client.get(to("targets_sheet"))) == ["targets.export"]
    taken = {"putaran": "baseline", "bentuk": "csv", "isi": "kode", "untuk": "laporan triwulan"}
    assert written(lambda: closed(client.post(to("exports"), taken))) == ["exports.make"]
    assert written(lambda: client.post(to("exports"), {**taken, "untuk": "x"})) == []


def test_each_change_of_her_own_account_is_one_entry(planted: World) -> None:
    user, client = planted.people["idle"], Client()
    new = "serambi-angklung-6169"
    sign_in = {"login": user.username, "password": PASSWORD}

    assert written(lambda: client.post("/masuk/", {**sign_in, "password": "bukan-ini"})) == []
    assert written(lambda: client.post("/masuk/", sign_in)) == ["people.sign_in"]
    assert written(lambda: client.post("/akun/pastikan/", {"password": PASSWORD})) == []
    client.get("/akun/keamanan/pasang/")
    code = code_for(client.session["mfa.totp.secret"])
    assert written(lambda: client.post("/akun/keamanan/pasang/", {"code": "000000"})) == []
    assert written(lambda: client.post("/akun/keamanan/pasang/", {"code": code})) == ["people.second_step_on"]
    assert written(lambda: client.post("/akun/keamanan/cadangan/baru/")) == ["people.new_recovery_codes"]
    assert written(lambda: client.post("/akun/keamanan/lepas/")) == ["people.second_step_off"]
    change = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert written(lambda: client.post("/akun/sandi/", {**change, "oldpassword": "bukan-ini"})) == []
    assert written(lambda: client.post("/akun/sandi/", change)) == ["people.change_own_password"]
    assert written(lambda: client.post("/keluar/")) == ["people.sign_out"]
    assert PASSWORD not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_a_token_is_written_down_when_made_used_and_revoked(planted: World) -> None:
    client = planted.client("juror")
    made = {"name": "dasbor", "scopes": ["scores"], "days": "30"}

    assert written(lambda: client.post("/akun/token/", {**made, "scopes": []})) == []
    assert written(lambda: client.post("/akun/token/", made)) == ["tokens.make"]
    token = ApiToken.objects.get(user=planted.people["juror"])
    assert written(lambda: client.post(f"/akun/token/{token.uuid}/cabut/")) == ["tokens.revoke"]
    assert written(lambda: client.post(f"/akun/token/{token.uuid}/cabut/")) == []


def test_a_version_of_an_instrument_is_written_down_when_given_published_and_thrown_away(planted: World) -> None:
    client = planted.client("secretariat")
    other = changed(("instrument", "B2", "lain"))

    def give(content: bytes) -> object:
        return client.post("/instrumen/", {"file": SimpleUploadedFile("lain.xlsx", content)})

    assert written(lambda: give(b"bukan buku kerja")) == []
    assert written(lambda: give(other)) == ["instruments.receive"]
    draft = InstrumentDraft.objects.get()
    assert written(lambda: client.post(f"/instrumen/naskah/{draft.uuid}/")) == ["instruments.publish"]
    assert written(lambda: client.get("/instrumen/lain/2024.1/buku-kerja.xlsx")) == ["instruments.export"]
    give(other)
    draft = InstrumentDraft.objects.get()
    assert written(lambda: client.post(f"/instrumen/naskah/{draft.uuid}/buang/")) == ["instruments.discard"]


def test_what_agencies_are_asked_and_answer_is_one_entry_each(planted: World) -> None:
    client, stranger, to = planted.client("secretariat"), Client(), planted.address
    ask = Ask.objects.earliest("pk")
    day = (timezone.localdate() + timedelta(days=20)).isoformat()
    given = {"agency": str(ask.agency_id), "holder": "Sari", "until": day}
    other = {"lokus": ask.lokus.area, "indicator": "jamban", "agency": str(ask.agency_id), "due": day}
    reply = {
        "kirim": str(ask.uuid),
        f"versi-{ask.uuid}": "1",
        f"jawab-{ask.uuid}": "decline",
        f"sebab-{ask.uuid}": "data",
    }

    assert written(lambda: client.post(to("asks"), {"due": day})) == []
    assert written(lambda: client.post(to("asks"), {"due": day, "lakukan": "tenggat"})) == ["asks.set_due"]
    assert written(lambda: client.post(to("ask_one"), other)) == ["asks.ask"]
    second = Ask.objects.get(indicator="jamban")
    assert written(lambda: client.post(to("asks") + f"{second.uuid}/tarik/")) == ["asks.withdraw"]
    assert written(lambda: client.post(to("links"), given)) == ["links.make"]
    assert written(lambda: client.post(to("reminded"))) == ["reminders.mark"]
    assert written(lambda: client.post(to("reminded"))) == []
    assert written(lambda: stranger.get(to("answers"))) == ["links.open"]
    assert written(lambda: stranger.get(to("answers"))) == []
    assert written(lambda: stranger.post(to("answers"), reply)) == ["asks.answer"]
    assert written(lambda: stranger.post(to("answers_code"), {"kode": "1"})) == ["links.wrong_code"]
    assert written(lambda: stranger.post(to("answers_code"), {"kode": planted.link.code})) == ["links.unlock"]
    assert written(lambda: stranger.get(to("answers"))) == ["links.show_families"]
    assert written(lambda: planted.client("liaison").get(to("own_answers"))) == ["asks.show_families"]
    assert written(lambda: planted.client("liaison").post(to("own_answers"))) == []
    assert written(lambda: client.post(to("link_code"))) == ["links.new_code"]
    assert written(lambda: client.post(to("link_revoke"))) == ["links.revoke"]


def test_each_step_of_a_list_from_elsewhere_is_one_entry(planted: World) -> None:
    client, to = planted.client("lurah"), planted.address
    said = {"instansi": "Puskesmas", "nomor": "1/2024", "tanggal": "2024-01-02", "untuk": "uji", "putaran": "baseline"}

    def give(content: bytes) -> object:
        return client.post(to("agreed_list"), {**said, "berkas": SimpleUploadedFile("a.csv", content)})

    assert written(lambda: client.post(to("agreed_list"), said)) == []
    assert written(lambda: give(b"kode;jumlah\nGD-004;3")) == ["agreed.receive"]
    made = to("agreed_list") + f"{AgreedImport.objects.latest('pk').uuid}/"
    assert written(lambda: client.post(made, {"langkah": "periksa"})) == ["agreed.check"]
    assert written(lambda: client.post(made, {"langkah": "pakai"})) == ["agreed.use"]
    assert written(lambda: client.post(made, {"langkah": "pakai"})) == []
    assert written(lambda: client.post(f"{made}urungkan/")) == ["agreed.undo"]
    assert written(lambda: client.post(f"{made}urungkan/")) == []
    assert written(lambda: client.post(to("agreed_drop"))) == ["agreed.discard"]


def test_each_change_of_a_years_settings_is_one_entry(planted: World) -> None:
    client, to = planted.client("secretariat"), planted.address
    team = to("team")
    administrator = planted.client("administrator")
    won = {
        "place": "36.72",
        "year": "2023",
        "title": "Juara I",
        "level": "Banten",
        "source": "SK",
        "confidence": "press",
        "programme": "p2wkss",
    }

    assert written(lambda: administrator.post(to("places"), {"provinsi": "36"})) == ["places.request_load"]
    assert written(lambda: administrator.post(to("places"), {"provinsi": "36"})) == []
    opening = {"wilayah": "36.73", "tahun": "2027", "programme": "P2WKSS", "who": "saya"}
    opening |= {"tahap-banyak": "0", "putaran-banyak": "0"}
    begun = ["cycles.open", "people.assign", "cycles.plan"]
    assert written(lambda: administrator.post(to("new_year"), opening)) == begun
    for name in ("setup_loci", "teams", "groups", "agencies"):
        data = TABLE[name].data
        one = {"setup_loci": "cycles.name_representative"}.get(name, f"{name}.add")
        assert written(lambda name=name, data=data: client.post(to(name), data)) == [one]
    assert written(lambda: client.post(to("achievements"), {"bagian": "prestasi", **won})) == ["achievements.record"]
    member = {"bagian": "tambah", "name": "Uji", "sex": "P", "duty": "ketua"}
    assert written(lambda: client.post(team, member)) == ["teams.add_members"]
    assert written(lambda: client.post(to("setup"), TABLE["setup"].data)) == ["cycles.close"]


def test_each_change_of_people_is_one_entry(planted: World) -> None:
    client, to = planted.client("secretariat"), planted.address
    key = "00000000-0000-4000-8000-00000000000"
    task = {"role": "protection", "place": "", "rw": ""}
    invited = {f"t0-{name}": value for name, value in task.items()} | {"full_name": "Budi", "key": f"{key}1"}

    assert written(lambda: client.post(to("people_invite"), invited)) == ["invitations.make"]
    assert written(lambda: client.post(to("people_invite"), invited)) == []
    assert written(lambda: client.post(to("invitation_revoke"))) == ["invitations.revoke"]
    assert written(lambda: client.post(to("person"), task)) == ["people.assign"]
    assert written(lambda: client.post(to("person"), task)) == []
    assert written(lambda: client.post(to("way_in"), {"key": f"{key}2"})) == ["invitations.make_again"]
    assert written(lambda: client.post(to("task_end"))) == ["people.end_task"]
    held = planted.areas["own"].helper.memberships.get(role="protection", ends__isnull=True).pk
    new = {"to": "", "full_name": "Sri", "listed": str(held), "key": f"{key}3"}
    assert written(lambda: client.post(to("hand_over"), {**new, "listed": ""})) == []
    assert written(lambda: client.post(to("hand_over"), new)) == ["people.hand_over_all"]
    assert written(lambda: planted.client("administrator").post(to("person_switch"))) == ["people.deactivate"]
    assert written(lambda: client.post(to("audit_export"))) == ["audit.export"]
    assert written(lambda: client.get(to("audit"))) == []
    planted.client("secretariat")
    assert written(lambda: client.post(to("session_end"))) == ["people.end_sessions"]
    assert written(lambda: client.post(to("session_end"))) == []


def test_every_door_that_takes_a_form_is_looked_at_here() -> None:
    # The page of recovery codes takes no form, and says 404 to whoever has none.
    takes = {name for name, door in TABLE.items() if door.post not in (NOT_SO, OPEN_TO_ALL)}

    assert takes - {"mfa_download_recovery_codes"} == WRITTEN | UNWRITTEN
