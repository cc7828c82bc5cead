"""How doors and actions ask: refuse, or give the one thing that was asked for."""

from collections.abc import Callable
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from selaras.access.families import households_for, imports_for
from selaras.access.programme import cycles_for, loci_for, may_see_cycle, may_see_lokus
from selaras.access.scopes import Actor
from selaras.errors import Forbidden, Missing, Problem
from selaras.models import Cycle, Household, ImportBatch, Lokus

Row = TypeVar("Row", bound=Model)


PHRASES: Final[dict[str, str]] = {
    "may_see_cycle": "melihat tahun program ini",
    "may_manage_cycle": "mengatur tahun program ini",
    "may_open_cycle": "membuka tahun program di wilayah ini",
    "may_record_achievement": "mencatat prestasi wilayah ini",
    "may_see_lokus": "melihat lokus ini",
    "may_enter_facts": "mengisi data lokus ini",
    "may_score": "menghitung nilai lokus ini",
    "may_see_names": "melihat nama keluarga di lokus ini",
    "may_see_household": "melihat data keluarga ini",
    "may_see_class": "melihat tahapan kesejahteraan keluarga ini",
    "may_see_health": "melihat data kesehatan per keluarga",
    "may_import": "mengimpor data lokus ini",
    "may_see_batch": "melihat impor ini",
    "may_erase_household": "menghapus data keluarga ini",
    "may_ask_family": "mencatat perkataan keluarga ini",
    "may_hear_families": "membaca suara keluarga di lokus ini",
    "may_print_sheets": "mencetak lembar keluarga di lokus ini",
    "may_set_sheet_contact": "menentukan siapa yang dihubungi keluarga di lokus ini",
    "may_see_checks": "melihat isian yang perlu dicek di lokus ini",
    "may_see_follow_ups": "melihat tindak lanjut lokus ini",
    "may_see_lessons": "membaca strategi dan tindak lanjut tahun program ini",
    "may_follow_up": "mengatur tindak lanjut lokus ini",
    "may_report_follow_up": "mencatat hasil tindak lanjut ini",
    "may_keep_strategies": "menyusun strategi tahun program ini",
    "may_settle_check": "menandai isian ini sudah dicek",
    "may_draw_recheck": "mengundi keluarga untuk dicek ulang",
    "may_fill_recheck": "mengisi cek ulang keluarga ini",
    "may_export": "mengekspor jawaban tahun program ini",
    "may_export_identifiers": "mengekspor identitas keluarga",
    "may_take_export": "mengambil berkas ekspor ini",
    "may_see_duplicates": "melihat keluarga yang mungkin tercatat dua kali",
    "may_judge_duplicates": "memutuskan keluarga yang mungkin tercatat dua kali",
    "may_correct_household": "membetulkan data keluarga ini",
    "may_settle_household": "memutuskan kiriman tentang keluarga ini",
    "may_decide_targets": "menentukan keluarga sasaran lokus ini",
    "may_hold_meetings": "mengatur rapat tahun program ini",
    "may_set_letterhead": "mengatur kop surat wilayah ini",
    "may_take_sheet": "mengambil lembar OPD ini",
    "may_ask": "meminta jawaban OPD di tahun program ini",
    "may_answer": "menjawab permintaan ini",
    "may_open_answers": "menjawab atas nama OPD",
    "may_report_activity": "melaporkan kegiatan di lokus ini",
    "may_report_for": "melaporkan kegiatan OPD itu",
    "may_change_activity": "mengubah laporan kegiatan ini",
    "may_see_photo": "melihat foto kegiatan ini",
    "may_add_evidence": "mengirim bukti dukung lokus ini",
    "may_add_year_evidence": "mengirim bukti dukung tahun program ini",
    "may_see_evidence": "melihat bukti dukung ini",
    "may_see_year_evidence": "melihat bukti dukung tahun program ini",
    "may_open_evidence": "membuka berkas bukti dukung ini",
    "may_take_original": "mengambil berkas asli bukti dukung ini",
    "may_change_evidence": "mengubah bukti dukung ini",
    "may_verify_evidence": "memeriksa bukti dukung ini",
    "may_open_desk": "memeriksa bukti dukung tahun program ini",
    "may_blur": "menyiapkan foto ini untuk luar kantor",
    "may_prepare_photos": "menyiapkan foto tahun program ini untuk luar kantor",
    "may_set_point": "menentukan titik lokus ini",
    "may_keep_codes": "mengatur daftar kode tahun program ini",
    "may_ask_reactions": "menanyakan reaksi atas kegiatan ini",
    "may_type_reactions": "mengetik kotak reaksi kegiatan ini",
    "may_read_reactions": "memeriksa tulisan peserta kegiatan ini",
    "may_give_phone": "memberi kode HP kader ini",
    "may_revoke_phone": "mencabut kode HP kader ini",
    "may_set_photo_consent": "mencatat izin foto keluarga ini",
    "may_stand_in": "mengatur pengganti kader ini",
    "may_see_arrivals": "melihat kiriman tahun program ini",
    "may_decide_arrival": "memutuskan kiriman ini",
    "may_fill": "mengisi formulir tahun program ini",
    "may_bring": "membawa isian orang lain ke sini",
    "may_send_forms": "mengirim formulir keluarga",
    "may_key": "mengetik formulir kertas di lokus ini",
    "may_see_instrument": "membaca instrumen ini",
    "may_publish_instrument": "menerbitkan instrumen",
    "may_load_places": "memuat daftar wilayah",
    "may_back_up": "membuat cadangan",
    "may_rotate_keys": "mengganti kunci",
    "may_manage_people": "mengatur pengguna di wilayah ini",
    "may_see_people": "mengatur orang di tahun program ini",
    "may_assign": "memberi penugasan itu",
    "may_read_audit": "membaca jejak audit wilayah ini",
    "may_open_audit": "membaca jejak audit",
    "may_see_job": "melihat pekerjaan ini",
    "may_plan": "mengatur matriks tahun program ini",
    "may_commit": "mencatat komitmen OPD ini",
    "may_change_commitment": "mengubah komitmen ini",
    "may_see_commitment": "melihat komitmen ini",
    "may_hold_token": "membuat token",
    "may_see_preparation": "membaca persiapan tahun program ini",
    "may_hold_gladi": "mengatur gladi tahun program ini",
    "may_mark": "menilai lokus ini dalam gladi",
    "may_send_marks": "mengirim lembar gladi",
    "may_settle_gladi_task": "mengubah tugas gladi ini",
    "may_see_readiness": "melihat kesiapan lokus ini",
    "may_claim": "menyatakan klaim butir ini",
    "may_find": "memeriksa klaim lokus ini",
    "may_freeze_dossier": "membekukan berkas penilaian lokus ini",
    "may_prepare_dossier": "menyiapkan berkas penilaian lokus ini",
    "may_see_dossiers": "membaca berkas penilaian lokus ini",
    "may_enter_room": "membuka ruang ini",
    "may_keep_tickets": "membuka tiket ini",
    "may_hand_over": "menyerahkan dari wilayah ini",
    "may_ask_break": "meminta pembukaan darurat",
    "may_be_asked_break": "menyetujui pembukaan darurat",
    "may_break": "meminta pembukaan darurat di wilayah ini",
    "may_agree_to_break": "menyetujui pembukaan darurat ini",
    "may_vouch": "mengenali petugas",
    "may_vouch_after": "mengenali petugas sebagai orang kedua",
    "may_vouch_in": "mengenali petugas di wilayah ini",
    "may_see_publications": "membaca angka laporan kota ini",
    "may_keep_recaps": "mengelola rekap laporan kota ini",
    "may_take_annex": "mengambil lampiran nama lokus ini",
    "may_see_data_map": "membaca peta data pribadi",
    "may_keep_breaches": "membaca daftar kejadian data",
    "may_open_requests": "membuka permintaan pemilik data",
    "may_ask_for": "mencatat permintaan keluarga ini",
    "may_see_request": "membaca permintaan ini",
    "may_settle_requests": "menjawab permintaan pemilik data",
    "may_keep_helplines": "mengatur nomor penting kota ini",
    "may_walk": "mencatat jalan bersama di lokus ini",
    "may_see_walks": "membaca hasil jalan bersama di lokus ini",
    "may_change_walk": "mengubah catatan jalan bersama ini",
}


def demand(may: Callable[..., bool], user: Actor, *of: object) -> None:
    """Raise Forbidden unless `may(user, *of)`: the first line of every action."""
    if not may(user, *of):
        raise Forbidden(Problem("access.forbidden", values={"what": PHRASES[may.__name__]}))


def one(rows: QuerySet[Row], **lookup: Any) -> Row:
    """The row of a scope, or Missing: another city's thing looks exactly like one that is not there."""
    found = rows.filter(**lookup).first()
    if found is None:
        raise Missing(Problem("access.missing"))
    return found


def the_cycle(user: Actor, slug: str) -> Cycle:
    """That programme year. Raises Missing."""
    return one(cycles_for(user), slug=slug)


def the_lokus(user: Actor, slug: str, area: str) -> Lokus:
    """The lokus of that cycle by its area code (`36.72.05.1005`, or with its RW). Raises Missing."""
    return one(loci_for(user), cycle__slug=slug, area=area)


def the_household(user: Actor, uuid: UUID) -> Household:
    """That family, to see by name. Raises Forbidden in a lokus she sees without names, Missing elsewhere."""
    found = households_for(user).filter(uuid=uuid).first()
    if found is not None:
        return found
    there = Household.objects.filter(erased_at__isnull=True, pending__isnull=True)
    hidden = one(there.select_related("lokus__cycle"), uuid=uuid)
    if not may_see_lokus(user, hidden.lokus):
        raise Missing(Problem("access.missing"))
    raise Forbidden(Problem("access.forbidden", values={"what": PHRASES["may_see_household"]}))


def the_batch(user: Actor, uuid: UUID) -> ImportBatch:
    """That import. Raises Forbidden in a lokus she sees and does not keep, Missing elsewhere."""
    found = imports_for(user).filter(uuid=uuid).first()
    if found is not None:
        return found
    hidden = one(ImportBatch.objects.select_related("round__cycle__place", "lokus"), uuid=uuid)
    seen = may_see_cycle(user, hidden.round.cycle) if hidden.lokus is None else may_see_lokus(user, hidden.lokus)
    if not seen:
        raise Missing(Problem("access.missing"))
    raise Forbidden(Problem("access.forbidden", values={"what": PHRASES["may_see_batch"]}))
