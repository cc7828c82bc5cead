"""Who may open what: one row for each door of the resolver. This is the whole answer; there is no other list."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.web.doors.world import CAST, CITY, CODES, MEMBERS_OF_STAFF, NEXT, OWN, PROVINCE

Who = frozenset[str]
ByArea = Mapping[str, Who]


def by_area(own: str, next_: str = "", city: str = "", province: str = "") -> ByArea:
    return {area: frozenset(who.split()) for area, who in zip(CODES, (own, next_, city, province), strict=True)}


STAFF = frozenset(MEMBERS_OF_STAFF)
SIGNED_IN = frozenset(CAST) - {"stranger"}
#: A lokus is seen by who works in it, around it or above it.
SEES: ByArea = {
    OWN: STAFF,
    NEXT: STAFF - {"lurah", "cadre"},
    CITY: frozenset({"administrator", "province"}),
    PROVINCE: frozenset({"administrator"}),
}
#: What its families say is read by the city's own people.
HEARS: ByArea = {area: who - {"juror", "province"} for area, who in SEES.items()}
HEARS_YEAR: ByArea = {**HEARS, NEXT: HEARS[OWN]}
#: A programme year is seen by who sees one of its lokus.
YEAR: ByArea = {**SEES, NEXT: STAFF}
NAMES = by_area("secretariat lurah camat cadre", "secretariat camat")
KEEPERS = by_area("secretariat lurah camat", "secretariat camat")
#: Who works with families by name somewhere in the year.
WITH_FAMILIES = by_area(*["secretariat lurah camat cadre"] * 2)
#: Who keeps the records of some lokus of the year.
KEEPS = by_area(*["secretariat lurah camat"] * 2)
NOBODY = by_area("")
#: Who keeps the records of a lokus of the year.
ARRIVES = by_area(*["secretariat lurah camat"] * 2)
SECRETARIAT = by_area("secretariat", "secretariat")
#: Who may say what was done, somewhere in the year.
REPORTS = by_area(*["secretariat lurah camat cadre liaison"] * 2)
PROMISES = by_area(*["secretariat liaison"] * 2)
#: The city's own people; and who of them looks at what another claimed.
READY = by_area("secretariat lurah camat liaison leader", "secretariat camat liaison leader")
#: What was frozen leaves the city: to those who judge in it, and the province.
FROZEN = by_area(*[" ".join(READY[area] | {"juror", "province"}) for area in (OWN, NEXT)], "province")
PREPARES = by_area(*["secretariat lurah camat liaison leader"] * 2)
FINDS = by_area("secretariat camat", "secretariat camat")
SCORERS = by_area("secretariat lurah camat province", "secretariat camat province", "province")
#: The city's own, before the jury comes: who sees evidence of a lokus, of the year; who vouches for it.
PROVES: ByArea = {area: who - {"protection", "juror", "province"} for area, who in SEES.items()}
PROVES_YEAR: ByArea = {**PROVES, NEXT: PROVES[OWN]}
VOUCHES = by_area(*["secretariat camat"] * 2)
#: Who of them opens a photo.
LOOKS: ByArea = {area: who - {"administrator"} for area, who in PROVES.items()}
#: Whom the health question's agency is.
HEALTH = by_area("liaison", "liaison")

#: Whoever gives tasks in that year; who sees the helper of an area; who may end a cadre's task.
GIVES = by_area(*["administrator secretariat lurah camat province"] * 2, "administrator province", "administrator")
MEETS: ByArea = {**GIVES, NEXT: GIVES[NEXT] - {"lurah"}}
ENDS: ByArea = {area: who - {"province"} for area, who in MEETS.items()}
NOT_NEXT: ByArea = {**YEAR, NEXT: STAFF - {"lurah"}}


@dataclass(frozen=True)
class Rule:
    """`status` for who may; 403 for who only sees what stands there; else 404. A stranger is led to sign-in."""

    may: ByArea
    status: int = 200
    sees: ByArea = field(default_factory=lambda: SEES)

    def status_for(self, who: str, area: str) -> int:
        if who == "stranger":
            return 302
        if who in self.may[area]:
            return self.status
        return 403 if who in self.sees[area] else 404


@dataclass(frozen=True)
class Same:
    """The same in every area: `status`, but for some."""

    status: int
    but: Mapping[str, int] = field(default_factory=dict)

    def status_for(self, who: str, _area: str) -> int:
        return self.but.get(who, self.status)


@dataclass(frozen=True)
class Asked(Rule):
    """What a page asks in the background: who is not signed in hears it, and nobody is led elsewhere."""

    def status_for(self, who: str, area: str) -> int:
        return 401 if who == "stranger" else super().status_for(who, area)


NOT_SO = Same(405, {"stranger": 302})
OPEN_TO_ALL = Same(405)
INSIDE = Same(200, {"stranger": 302})
NO_TOKEN = Same(401)
NO_PHONE = Same(403)
CADRES_OWN = Same(404, {"cadre": 200, "stranger": 302})
TASKED = Same(200, {"stranger": 302, "idle": 404, "ended": 404})
#: Who fills in forms now; who does, or did, and may still have some that were not sent.
FILLERS = ("secretariat", "lurah", "camat", "cadre")
FILLS = Same(404, {**dict.fromkeys((*FILLERS, "other_year"), 200), "stranger": 401})
SENDERS = (*FILLERS, "ended", "other_year")
BRINGS = Same(403, {**dict.fromkeys(SENDERS, 200), "stranger": 302})
PUBLISHERS = ("administrator", "secretariat", "province", "other_year")
#: A draft that is not there.
PUBLISHES = Same(403, {"stranger": 302, **dict.fromkeys(PUBLISHERS, 404)})
READS_AUDIT = Same(403, {"stranger": 302, **dict.fromkeys(PUBLISHERS, 200)})
#: Nothing there for who has no second step.
WITHOUT_CODES = Same(404, {"stranger": 302})


@dataclass(frozen=True)
class Door:
    """What GET and POST answer; `data` is what is posted."""

    get: Rule | Same
    post: Rule | Same = NOT_SO
    data: Mapping[str, str] = field(default_factory=dict)


TABLE: dict[str, Door] = {
    # --- a year and its lokus
    "cycle": Door(Rule(YEAR)),
    # --- setting the year up
    "setup": Door(
        Rule(SECRETARIAT, sees=YEAR), Rule(SECRETARIAT, 302, sees=YEAR), {"bagian": "tutup", "mengerti": "ya"}
    ),
    "setup_loci": Door(Rule(SECRETARIAT, sees=YEAR), Rule(SECRETARIAT, 302, sees=YEAR), {"bagian": "wakil"}),
    "teams": Door(
        Rule(SECRETARIAT, sees=YEAR),
        Rule(SECRETARIAT, 302, sees=YEAR),
        {"kind": "pokja", "name": "Pokja I", "area": "36.72"},
    ),
    "team": Door(Rule(SECRETARIAT, sees=YEAR), Rule(SECRETARIAT, 302, sees=YEAR), {"bagian": "hapus_tim"}),
    "team_decree": Door(Rule(SECRETARIAT, sees=YEAR)),
    "groups": Door(
        Rule(SECRETARIAT, sees=YEAR),
        Rule(SECRETARIAT, 302, sees=YEAR),
        {"bagian": "tambah", "kind": "kwt", "name": "Melati", "place": "36.72.05.1001"},
    ),
    "agencies": Door(
        Rule(SECRETARIAT, sees=YEAR),
        Rule(SECRETARIAT, 302, sees=YEAR),
        {"bagian": "tambah", "short_name": "BPBD", "name": "Badan Penanggulangan Bencana Daerah"},
    ),
    "achievements": Door(Rule(SECRETARIAT, sees=YEAR), Rule(SECRETARIAT, 422, sees=YEAR), {"bagian": "prestasi"}),
    "new_year": Door(
        Same(403, {"administrator": 200, "province": 200, "stranger": 302}),
        Same(403, {"administrator": 422, "province": 422, "stranger": 302}),
    ),
    "places": Door(
        Same(403, {"administrator": 200, "stranger": 302}),
        Same(403, {"administrator": 302, "stranger": 302}),
        {"provinsi": "36"},
    ),
    # --- who does what: the first commitment is the health office's, for the whole city; forms that say nothing
    "matrix": Door(Rule(YEAR)),
    "matrix_xlsx": Door(Rule(YEAR)),
    "matrix_view_keep": Door(NOT_SO, Rule(YEAR, 302), {"nama": "Per RT", "saringan": "lihat=rt"}),
    "matrix_view_drop": Door(NOT_SO, Rule(YEAR, 404), {"tampilan": "0"}),
    "needs": Door(Rule(YEAR)),
    "commitments": Door(Rule(YEAR)),
    "commitment": Door(Rule(YEAR)),
    "commitment_new": Door(Rule(PROMISES, sees=YEAR), Rule(PROMISES, 422, sees=YEAR)),
    "commitment_edit": Door(Rule(PROMISES, sees=YEAR), Rule(PROMISES, 422, sees=YEAR)),
    "commitment_move": Door(NOT_SO, Rule(PROMISES, 302, sees=YEAR), {"state": "running", "version": "1"}),
    "commitment_import": Door(Rule(SECRETARIAT, sees=YEAR), Rule(SECRETARIAT, 422, sees=YEAR)),
    "proposals": Door(Rule(YEAR)),
    # --- answers as a file: a form that says nothing, and a file that is not there
    "exports": Door(Rule(WITH_FAMILIES, sees=YEAR), Rule(WITH_FAMILIES, 422, sees=YEAR)),
    "export_take": Door(Rule(WITH_FAMILIES, 404, sees=YEAR)),
    "export_drop": Door(NOT_SO, Rule(WITH_FAMILIES, 404, sees=YEAR)),
    # --- the lokus
    "lokus": Door(Rule(SEES)),
    "indicator": Door(Rule(SEES)),
    "indicator_numbers": Door(Rule(SEES)),
    "households": Door(Rule(NAMES)),
    # One that is not there.
    "checks": Door(Rule(KEEPERS)),
    "check_settle": Door(NOT_SO, Rule(KEEPERS, 404)),
    "check_photos": Door(Rule(KEEPERS, 404)),
    # A draw of one family of each surveyor that was made; nothing chosen, nothing filled in.
    "rechecks": Door(Rule(KEEPERS), Rule(KEEPERS, 422)),
    "recheck": Door(Rule(KEEPERS)),
    "recheck_paper": Door(Rule(KEEPERS)),
    "recheck_fill": Door(Rule(KEEPERS), Rule(KEEPERS, 422)),
    # Readiness: what families were asked is not claimed; nothing found; evidence that is not there.
    # --- preparation: what to do next, rehearsals; nothing chosen, nothing typed
    "next_steps": Door(Rule(PREPARES, sees=YEAR), Rule(SECRETARIAT, 302, sees=YEAR)),
    "gladi_list": Door(Rule(PREPARES, sees=YEAR), Rule(SECRETARIAT, 302, sees=YEAR)),
    "gladi": Door(Rule(PREPARES, sees=YEAR), Rule(SECRETARIAT, 302, sees=YEAR)),
    "gladi_sheet": Door(Rule(SECRETARIAT, sees=YEAR), Rule(SECRETARIAT, 422, sees=YEAR)),
    "gladi_tasks": Door(Rule(PREPARES, sees=YEAR)),
    "gladi_task": Door(Rule(PREPARES, sees=YEAR), Rule(KEEPERS, 422, sees=YEAR)),
    "readiness": Door(Rule(READY)),
    "readiness_signals": Door(Rule(READY)),
    "readiness_item": Door(Rule(READY), Rule(KEEPERS, 422)),
    "readiness_find": Door(NOT_SO, Rule(FINDS, 422)),
    "readiness_limit": Door(NOT_SO, Rule(KEEPERS, 404)),
    # Dossiers: one is asked for; that of another is not there.
    "dossiers": Door(Rule(FROZEN), Rule(SECRETARIAT, 302)),
    "dossier_take": Door(Rule(FROZEN, 404)),
    "dossier_annex": Door(NOT_SO, Rule(KEEPERS, 404)),
    # A pair that was found, a wrong answer; two codes of nobody.
    "duplicates": Door(Rule(KEEPERS)),
    "duplicate": Door(NOT_SO, Rule(KEEPERS, 422), {"jawab": "tiga"}),
    "duplicate_propose": Door(NOT_SO, Rule(KEEPERS, 422)),
    # What changed: one round only, so that there is nothing behind the first page.
    "change": Door(Rule(SEES)),
    "lasting": Door(Rule(SEES)),
    # Nothing said, of no lokus.
    "followups": Door(Rule(HEARS_YEAR, sees=YEAR), Rule(NOBODY, sees=NOBODY)),
    # A strategy that is not there; a form that says nothing.
    "strategies": Door(Rule(HEARS_YEAR, sees=YEAR)),
    "strategy_new": Door(Rule(SECRETARIAT, sees=YEAR), Rule(SECRETARIAT, 422, sees=YEAR)),
    "strategy_edit": Door(Rule(SECRETARIAT, 404, sees=YEAR), Rule(SECRETARIAT, 404, sees=YEAR)),
    "strategy_take_back": Door(NOT_SO, Rule(SECRETARIAT, 404, sees=YEAR)),
    "change_indicator": Door(Rule(SEES, 404)),
    "change_families": Door(Rule(NAMES, 404)),
    "change_compare": Door(NOT_SO, Rule(KEEPERS, 404), {"dari": "endline"}),
    "names": Door(NOT_SO, Rule(NAMES, 302), {"nama": "tampil"}),
    # --- a family: a number that nobody has, a search to keep, one that is not hers, a form that says nothing
    "household_find": Door(NOT_SO, Rule(NAMES, 302), {"nomor": "3672 0000 0000 0000"}),
    "view_keep": Door(NOT_SO, Rule(NAMES, 302), {"nama": "RT 02", "saringan": "rt=02"}),
    "view_drop": Door(NOT_SO, Rule(NAMES, 404), {"tampilan": "0"}),
    "household": Door(Rule(NAMES)),
    # A use that there is none.
    "photo_consents": Door(Rule(NAMES), Rule(NAMES, 422), {"boleh": "iklan"}),
    "household_numbers": Door(NOT_SO, Rule(NAMES)),
    "household_correct": Door(Rule(KEEPERS), Rule(KEEPERS, 422)),
    # --- the family's own voice: nobody said who answered, a round in which nothing of it is asked
    "voice": Door(Rule(HEARS)),
    "voice_contact": Door(NOT_SO, Rule(KEEPERS, 422)),
    "family_sheets": Door(Rule(NAMES)),
    "family_voice": Door(Rule(NAMES), Rule(NAMES, 422)),
    "family_aid": Door(NOT_SO, Rule(NAMES, 422), {"putaran": "baseline", "janji": "1"}),
    "family_woman": Door(
        NOT_SO, Rule(NAMES, 422), {"putaran": "baseline", "perempuan": "00000000-0000-4000-8000-000000000000"}
    ),
    "family_code": Door(NOT_SO, Rule(NAMES, 302)),
    # Behind the code of a family's sheet: no code, no name.
    "sheet_code": Door(Same(200), Same(422)),
    "sheet_door": Door(Same(200), Same(422)),
    # A state without its day, one that nobody said, nobody who leaves.
    "household_state": Door(NOT_SO, Rule(KEEPERS, 422, sees=NAMES), {"keadaan": "pindah"}),
    "household_state_back": Door(
        NOT_SO, Rule(KEEPERS, 404, sees=NAMES), {"pernyataan": "00000000-0000-4000-8000-000000000000"}
    ),
    "household_split": Door(NOT_SO, Rule(KEEPERS, 422, sees=NAMES)),
    # --- the list of 100: nothing ticked, a family that is not there, a decision that is not the last
    "targets": Door(Rule(NAMES)),
    "targets_decide": Door(NOT_SO, Rule(KEEPERS, 422), {"ke": "target"}),
    "targets_move": Door(NOT_SO, Rule(KEEPERS, 422), {"geser": "up XX-999"}),
    "targets_undo": Door(NOT_SO, Rule(KEEPERS, 422), {"keputusan": "00000000-0000-4000-8000-000000000000"}),
    "targets_print": Door(Rule(NAMES)),
    "targets_sheet": Door(Rule(NAMES)),
    "target_replace": Door(Rule(KEEPERS), Rule(KEEPERS, 422)),
    "freeze": Door(NOT_SO, Rule(SCORERS, 302), {"putaran": "baseline"}),
    "results": Door(Rule(SEES)),
    "result": Door(Rule(SEES)),
    "result_verify": Door(NOT_SO, Rule(SEES, 302)),
    "results_compare": Door(Rule(SEES)),
    # --- the Monday page: of a year, and by its own address for whoever has it
    "weeks": Door(Rule(YEAR), Rule(SECRETARIAT, 302, sees=YEAR)),
    "week": Door(Same(200), OPEN_TO_ALL),
    "week_pdf": Door(Same(200), OPEN_TO_ALL),
    "week_png": Door(Same(200), OPEN_TO_ALL),
    # --- what agencies are asked, and their links; made and new ones are shown at once
    "asks": Door(Rule(SECRETARIAT, sees=YEAR), Rule(SECRETARIAT, 422, sees=YEAR)),
    "ask_one": Door(NOT_SO, Rule(SECRETARIAT, 302, sees=YEAR)),
    "ask_withdraw": Door(NOT_SO, Rule(SECRETARIAT, 302, sees=YEAR)),
    "links": Door(Rule(SECRETARIAT, sees=YEAR), Rule(SECRETARIAT, 422, sees=YEAR)),
    "link_code": Door(NOT_SO, Rule(SECRETARIAT, sees=YEAR)),
    "link_revoke": Door(NOT_SO, Rule(SECRETARIAT, 302, sees=YEAR)),
    "reminders": Door(Rule(SECRETARIAT, sees=YEAR)),
    "reminded": Door(NOT_SO, Rule(SECRETARIAT, 302, sees=YEAR)),
    # --- a link opens to whoever has it, signed in or not, and shows no name without its code
    "answers": Door(Same(200), Same(302)),
    "answers_code": Door(OPEN_TO_ALL, Same(422)),
    # The same for its liaison who has signed in: nothing chosen.
    "own_answers": Door(Rule(HEALTH, sees=YEAR), Rule(HEALTH, 302, sees=YEAR)),
    "calendar": Door(Same(200), OPEN_TO_ALL),
    # --- activities: an empty report is sent back; none of the cast has reported one, none was deleted
    "activities": Door(Rule(YEAR)),
    "activity_new": Door(Rule(REPORTS, sees=YEAR), Rule(REPORTS, 422, sees=YEAR)),
    "activity": Door(Rule(SEES)),
    "activity_photo": Door(Rule(SEES)),
    "activity_edit": Door(Rule(SECRETARIAT), Rule(SECRETARIAT, 422)),
    "activity_delete": Door(NOT_SO, Rule(SECRETARIAT, 302)),
    "activity_restore": Door(NOT_SO, Same(404, {"stranger": 302})),
    "activity_advance": Door(NOT_SO, Rule(SEES, 302)),
    "answers_activity": Door(Same(200), Same(422)),
    # --- reactions: answered by nobody who is known; asked for by who keeps the lokus
    "reaction_answer": Door(Same(200), Same(422)),
    "reaction_thanks": Door(Same(200), OPEN_TO_ALL),
    "reaction_open": Door(Same(200), Same(422)),
    "reaction_qr": Door(Same(200), OPEN_TO_ALL),
    "reactions": Door(Rule(YEAR)),
    "activity_reactions": Door(Rule(SEES)),
    "reaction_slips": Door(NOT_SO, Rule(KEEPERS, 422)),
    "reaction_papers": Door(Rule(KEEPERS)),
    "reaction_type": Door(Rule(KEEPERS), Rule(KEEPERS, 422)),
    "reaction_text": Door(NOT_SO, Rule(SECRETARIAT, 302), {"show": "1"}),
    # --- evidence: a document that nobody of the cast brought; nothing of it was taken back or decided
    "evidence": Door(Rule(PROVES_YEAR, sees=YEAR)),
    "evidence_new": Door(Rule(REPORTS, sees=YEAR), Rule(REPORTS, 422, sees=YEAR)),
    "evidence_one": Door(Rule(PROVES, sees=PROVES)),
    "evidence_file": Door(Rule(KEEPERS, sees=PROVES)),
    "evidence_original": Door(NOT_SO, Rule(SECRETARIAT, sees=PROVES)),
    "evidence_edit": Door(Rule(SECRETARIAT, sees=PROVES), Rule(SECRETARIAT, 422, sees=PROVES)),
    "evidence_withdraw": Door(NOT_SO, Rule(SECRETARIAT, 302, sees=PROVES)),
    "evidence_restore": Door(NOT_SO, Same(404, {"stranger": 302})),
    "evidence_desk": Door(Rule(VOUCHES, sees=YEAR)),
    "evidence_decide": Door(NOT_SO, Rule(VOUCHES, 422, sees=PROVES)),
    "evidence_reopen": Door(NOT_SO, Rule(VOUCHES, 302, sees=PROVES)),
    "evidence_codes": Door(Rule(PROVES_YEAR, sees=YEAR), Rule(SECRETARIAT, 422, sees=YEAR)),
    "evidence_code_list": Door(Rule(PROVES_YEAR, sees=YEAR), Rule(SECRETARIAT, 422, sees=YEAR)),
    "evidence_code_export": Door(NOT_SO, Rule(SECRETARIAT, sees=YEAR)),
    # --- photos for those outside: that of the activity, looked at by the worker and decided on
    "blurs": Door(Rule(KEEPS, sees=YEAR)),
    "blur": Door(Rule(KEEPERS, sees=PROVES), Rule(KEEPERS, 422, sees=PROVES)),
    "blur_withdraw": Door(NOT_SO, Rule(KEEPERS, 302, sees=PROVES)),
    "blur_work": Door(Rule(LOOKS, sees=PROVES)),
    "blur_copy": Door(Rule(PROVES, sees=PROVES)),
    "reused": Door(Rule(VOUCHES, sees=YEAR)),
    "lokus_point": Door(Rule(KEEPERS), Rule(KEEPERS, 422)),
    # --- meetings and their papers: the secretariat's. The forms come back without what they must say; the decision has
    # no agency yet; whoever has the address of the list may write herself down
    "meetings": Door(Rule(SECRETARIAT, sees=YEAR)),
    "meeting_new": Door(Rule(SECRETARIAT, sees=YEAR), Rule(SECRETARIAT, 422, sees=YEAR)),
    "meeting": Door(Rule(SECRETARIAT, sees=YEAR)),
    "meeting_edit": Door(Rule(SECRETARIAT, sees=YEAR), Rule(SECRETARIAT, 422, sees=YEAR)),
    "meeting_cancel": Door(NOT_SO, Rule(SECRETARIAT, 302, sees=YEAR)),
    "meeting_paper": Door(Rule(SECRETARIAT, sees=YEAR)),
    "minutes": Door(Rule(SECRETARIAT, sees=YEAR), Rule(SECRETARIAT, 422, sees=YEAR)),
    "decision_commit": Door(NOT_SO, Rule(SECRETARIAT, 422, sees=YEAR)),
    "attendance": Door(Rule(SECRETARIAT, sees=YEAR), Rule(SECRETARIAT, 422, sees=YEAR)),
    "attendance_qr": Door(Rule(SECRETARIAT, sees=YEAR)),
    "attendee": Door(Rule(SECRETARIAT, sees=YEAR), Rule(SECRETARIAT, 422, sees=YEAR)),
    "attend": Door(Same(200), Same(422)),
    "letterhead": Door(Rule(SECRETARIAT, sees=YEAR), Rule(SECRETARIAT, 422, sees=YEAR)),
    "letterhead_preview": Door(Rule(SECRETARIAT, sees=YEAR)),
    "documents": Door(Rule(SECRETARIAT, sees=YEAR)),
    "agency_sheets": Door(Rule(SECRETARIAT, sees=YEAR)),
    # Of Bappeda, whose liaison nobody here is.
    "agency_sheet": Door(Rule(SECRETARIAT, sees=YEAR)),
    "matrix_paper": Door(Rule(YEAR)),
    # --- imports: the form without a file is sent back
    "imports": Door(Rule(KEEPERS), Rule(KEEPERS, 422)),
    # A list from elsewhere: no file, no column that finds a family, thrown away.
    "agreed_list": Door(Rule(KEEPERS), Rule(KEEPERS, 422)),
    "agreed": Door(Rule(KEEPERS), Rule(KEEPERS, 422)),
    "agreed_drop": Door(NOT_SO, Rule(KEEPERS, 302)),
    "import": Door(Rule(KEEPERS)),
    "import_confirm": Door(NOT_SO, Rule(KEEPERS, 302)),
    "import_discard": Door(NOT_SO, Rule(KEEPERS, 302)),
    "import_columns": Door(Rule(KEEPERS), Rule(KEEPERS, 302)),
    "import_problems": Door(Rule(KEEPERS)),
    "import_template": Door(Rule(KEEPERS)),
    # What is not saved yet cannot be taken back.
    "import_undo": Door(NOT_SO, Rule(KEEPERS, 422)),
    # --- programs: without a token nothing, whoever is signed in beside (tests/api asks with tokens)
    "api_cycles": Door(NO_TOKEN, Same(405)),
    "api_cycle": Door(NO_TOKEN, Same(405)),
    "api_card": Door(NO_TOKEN, Same(405)),
    "api_instruments": Door(NO_TOKEN, Same(405)),
    "api_instrument": Door(NO_TOKEN, Same(405)),
    "api-root": Door(Same(404), Same(405)),
    "openapi-json": Door(Same(200), Same(405)),
    "tokens": Door(INSIDE, Same(422, {"stranger": 302, "idle": 403, "ended": 403})),
    "token_revoke": Door(NOT_SO, Same(404, {"stranger": 302})),
    # --- data taking: a helper of each lokus has a phone; a code is given to nobody by a form that names nobody
    "phones": Door(Rule(KEEPS, sees=YEAR), Rule(KEEPS, 404, sees=YEAR)),
    # Nobody chosen; the helper's own task is nobody's stand-in.
    "stand_ins": Door(Rule(KEEPS, sees=YEAR), Rule(KEEPS, 422, sees=YEAR)),
    "stand_in_end": Door(NOT_SO, Rule(NOBODY, sees=NOBODY)),
    "phones_prepare": Door(NOT_SO, Rule(SECRETARIAT, 302, sees=YEAR)),
    "phone_revoke": Door(NOT_SO, Rule(KEEPERS, 302, sees=NOBODY)),
    "family_card": Door(Rule(YEAR)),
    "cadre_order": Door(Rule(KEEPERS, sees=NOBODY)),
    "progress": Door(Rule(NAMES)),
    "points": Door(Rule(NAMES)),
    # --- paper, and what is typed from it: an empty page says what it lacks
    "paper_forms": Door(Rule(NAMES)),
    "paper_forms_file": Door(Rule(NAMES)),
    "keying": Door(Rule(NAMES)),
    "typing_new": Door(Rule(NAMES), Rule(NAMES, 422)),
    "typing": Door(Rule(NAMES), Rule(NAMES, 422)),
    "cadre": Door(CADRES_OWN),
    "cadre_record": Door(CADRES_OWN),
    # --- forms in a browser: the page is everybody's and says nothing; what it asks for is of her year and families
    "filling": Door(INSIDE),
    "filling_worker": Door(Same(200), OPEN_TO_ALL),
    "filling_box": Door(Same(200), OPEN_TO_ALL),
    "filling_manifest": Door(Same(200), OPEN_TO_ALL),
    "filling_work": Door(FILLS, OPEN_TO_ALL),
    "filling_last": Door(FILLS, OPEN_TO_ALL),
    "filling_form": Door(Same(404, {"stranger": 401}), OPEN_TO_ALL),
    "filling_families": Door(Asked(WITH_FAMILIES, sees=NOBODY), OPEN_TO_ALL),
    # --- the queue of a browser (its PUT: test_sending.py), and what is brought in by hand: no file
    "sending": Door(Same(200, {"stranger": 401}), OPEN_TO_ALL),
    "parcel_files": Door(BRINGS, Same(403, {**dict.fromkeys(SENDERS, 422), "stranger": 302})),
    # --- what phones sent: in each lokus one that came late, of a family of hers. No reason is given, nothing chosen
    "arrivals": Door(Rule(ARRIVES, sees=YEAR)),
    "arrivals_late": Door(NOT_SO, Rule(ARRIVES, 302, sees=YEAR)),
    "arrival": Door(Rule(KEEPERS, sees=NOT_NEXT)),
    "arrival_decide": Door(NOT_SO, Rule(KEEPERS, 422, sees=NOT_NEXT), {"tindakan": "sisihkan"}),
    "arrival_file": Door(Rule(KEEPERS, sees=NOT_NEXT)),
    # It tells of health, and leaves with nobody.
    "arrival_raw": Door(Rule(KEEPERS, 422, sees=NOT_NEXT)),
    "household_changes": Door(Rule(KEEPERS), Rule(KEEPERS, 422)),
    # --- phones: without a token nothing, whoever is signed in beside (tests/openrosa asks with tokens)
    "odk_form_list": Door(NO_PHONE, OPEN_TO_ALL),
    "odk_form": Door(NO_PHONE, OPEN_TO_ALL),
    "odk_manifest": Door(NO_PHONE, OPEN_TO_ALL),
    "odk_families": Door(NO_PHONE, OPEN_TO_ALL),
    "odk_integrity": Door(NO_PHONE, OPEN_TO_ALL),
    "odk_submission": Door(NO_PHONE, NO_PHONE),
    "odk_submission_slash": Door(NO_PHONE, NO_PHONE),
    # --- people of a year: a cadre in each area, her task, an invitation
    "people": Door(Rule(GIVES, sees=YEAR)),
    "people_invite": Door(Rule(GIVES, sees=YEAR), Rule(GIVES, 422, sees=YEAR)),
    "invitation_revoke": Door(NOT_SO, Rule(ENDS, 302, sees=NOT_NEXT)),
    "person": Door(Rule(MEETS, sees=NOT_NEXT), Rule(MEETS, 422, sees=NOT_NEXT)),
    "task_end": Door(NOT_SO, Rule(ENDS, 302, sees=NOT_NEXT)),
    "person_switch": Door(NOT_SO, Rule(ENDS, 302, sees=NOT_NEXT)),
    "way_in": Door(NOT_SO, Rule(ENDS, sees=NOT_NEXT), {"key": "00000000-0000-4000-8000-000000000000"}),
    "hand_over": Door(Rule(MEETS, sees=NOT_NEXT), Rule(MEETS, 422, sees=NOT_NEXT)),
    # --- an invitation opens to whoever has it; this one is unknown
    "invitation_code": Door(Same(200), Same(422)),
    "invitation": Door(Same(404), Same(404)),
    # --- what was done, as far as one may read it
    "audit": Door(READS_AUDIT),
    "audit_export": Door(NOT_SO, READS_AUDIT),
    # --- for everybody with a task
    "instrument": Door(TASKED),
    "instrument_changes": Door(TASKED),
    "instrument_workbook": Door(TASKED),
    "instruments": Door(TASKED, Same(403, {"stranger": 302, **dict.fromkeys(PUBLISHERS, 422)})),
    "draft": Door(PUBLISHES, PUBLISHES),
    "draft_discard": Door(NOT_SO, PUBLISHES),
    "home": Door(Same(302, {"idle": 200, "ended": 200})),
    # --- open
    "health": Door(Same(200), OPEN_TO_ALL),
    # Nothing that she was shown.
    "task_news_read": Door(NOT_SO, Same(302), {"sampai": "2024-01-01T00:00:00+00:00"}),
    "set_language": Door(OPEN_TO_ALL, Same(302), {"language": "en", "next": "/"}),
    "first": Door(Same(404), Same(404)),
    "account_login": Door(Same(302, {"stranger": 200}), Same(302, {"stranger": 200})),
    "account_inactive": Door(Same(200), OPEN_TO_ALL),
    "mfa_authenticate": Door(Same(302), Same(302)),
    "account_logout": Door(Same(200, {"stranger": 302}), Same(302), {"tetap": "ya"}),
    # --- her own account; what is dangerous asks for the password first
    "account_home": Door(INSIDE),
    "sessions": Door(INSIDE),
    "session_end": Door(NOT_SO, Same(302)),
    "account_change_password": Door(INSIDE, INSIDE),
    "account_reauthenticate": Door(INSIDE, INSIDE),
    "mfa_reauthenticate": Door(Same(302), Same(302)),
    "mfa_index": Door(INSIDE),
    "mfa_activate_totp": Door(Same(302), Same(302)),
    "mfa_deactivate_totp": Door(WITHOUT_CODES, WITHOUT_CODES),
    "mfa_view_recovery_codes": Door(WITHOUT_CODES),
    "mfa_generate_recovery_codes": Door(Same(302), Same(302)),
    "mfa_download_recovery_codes": Door(WITHOUT_CODES, WITHOUT_CODES),
}
#: Doors of programs and phones: they take no form of a page, so no form's token protects them.
#: The queue of a browser checks it itself, where something is sent.
PROGRAMS = frozenset(
    name for name in TABLE if name.startswith(("api_", "api-", "odk_")) or name in {"openapi-json", "sending"}
)
#: Doors that stand in a lokus; the others are the same wherever she works.
LOCAL = frozenset(name for name, door in TABLE.items() if isinstance(door.get, Rule) or isinstance(door.post, Rule))
