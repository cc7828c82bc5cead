"""What things of the room are called on screen. Titles are neutral: who looks over a shoulder learns nothing."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from selaras.cases.breaking import Emergency
from selaras.cases.facts import Outcome, State, Void, clocks
from selaras.cases.steps import Step
from selaras.cases.tickets import Reason, TicketRead

REASONS = {
    Reason.HANDLE: _("Menangani tiket"),
    Reason.CLOCKS: _("Memeriksa tenggat"),
    Reason.TAKE_OVER: _("Menerima atau menyerahkan tugas"),
    Reason.ASKED: _("Diminta oleh yang bersangkutan"),
    Reason.REVIEW: _("Pengawasan"),
}
EMERGENCIES = {
    Emergency.OFFICER_ABSENT: _("Petugas berhalangan dan yang diserahkan menunggu"),
    Emergency.DANGER: _("Ada bahaya yang mendesak"),
    Emergency.COURT: _("Diminta pengadilan atau penyidik secara tertulis"),
}
STATES = {
    State.OPEN: _("Belum diterima"),
    State.RECEIVED: _("Diterima; belum dijawab apakah wajib diteruskan"),
    State.HAND_ON: _("Wajib diteruskan"),
    State.FOLLOW_UP: _("Menunggu tindak lanjut tiga bulan"),
    State.DONE: _("Selesai"),
    State.VOID: _("Tidak dihitung"),
}
VOIDS = {Void.MISTAKE: _("Tidak sengaja dibuka"), Void.TWICE: _("Dibuka dua kali, atau kodenya hilang dan diganti")}
OUTCOMES = {
    Outcome.MET: _("tepat waktu"),
    Outcome.LATE: _("terlambat"),
    Outcome.NOTED_LATE: _("dicatat terlalu lama sesudahnya: dihitung terlambat"),
}
STEPS = {
    Step.RECEIVE: _("Catat diterima UPTD PPA"),
    Step.LAW: _("Jawab apakah wajib diteruskan"),
    Step.HAND_ON: _("Catat diteruskan ke kepolisian"),
    Step.FOLLOW_UP: _("Catat tindak lanjut tiga bulan"),
    Step.NUMBER: _("Catat nomor SIMFONI"),
    Step.AGREE: _("Setujui: tidak dihitung"),
    Step.KEEP: _("Hitung tiket ini"),
    Step.VOID: _("Minta tidak dihitung"),
}
#: Of the log.
ACTIONS: dict[str, Any] = {
    "hand_over": _("membuka tiket"),
    "list": _("membaca daftar"),
    "read": _("membaca tiket"),
    Step.RECEIVE: _("mencatat diterima"),
    Step.LAW: _("mencatat kewajiban meneruskan"),
    Step.HAND_ON: _("mencatat diteruskan"),
    Step.FOLLOW_UP: _("mencatat tindak lanjut"),
    Step.NUMBER: _("mencatat nomor SIMFONI"),
    Step.AGREE: _("menyetujui tidak dihitung"),
    Step.KEEP: _("tetap menghitung"),
    Step.VOID: _("meminta tidak dihitung"),
    "call_back": _("membatalkan kode"),
    "ask_break": _("meminta pembukaan darurat"),
    "agree_break": _("menyetujui pembukaan darurat"),
    "break_read": _("membaca tiket dalam keadaan darurat"),
    "breaks": _("membaca daftar pembukaan darurat"),
    "vouch": _("mengenali petugas"),
    "trail": _("membaca jejak ini"),
    "refused": _("meminta tiket di luar wilayahnya, atau yang tidak ada; ditolak"),
    "": _("catatan tentang tiket yang sudah dihapus"),
    "destroy": _("tiket yang habis masa simpannya dihapus"),
    "rotate": _("kunci diganti"),
    "begin_anew": _("kunci yang hilang diganti; tiket lama tidak terbaca lagi"),
}
#: What stands beside a purpose in the log, whichever list it is of.
PURPOSES: dict[Any, Any] = {**REASONS, **EMERGENCIES}


def left(time: timedelta) -> str:
    """How long it still is, or was: in hours up to four days."""
    hours, late = abs(time) // timedelta(hours=1), time < timedelta(0)
    if hours <= 96:
        over = ngettext("lewat %(n)d jam", "lewat %(n)d jam", hours)
        still = ngettext("sisa %(n)d jam", "sisa %(n)d jam", hours)
        return (over if late else still) % {"n": hours}
    days = hours // 24
    over = ngettext("lewat %(n)d hari", "lewat %(n)d hari", days)
    still = ngettext("sisa %(n)d hari", "sisa %(n)d hari", days)
    return (over if late else still) % {"n": days}


def clock_words(read: TicketRead) -> dict[str, Any]:
    """How its clocks ended, what is left of the one that runs, and what waits for somebody's answer."""
    facts, ended = read.facts, {each.name: OUTCOMES.get(each.outcome, "") for each in clocks(read.facts, read.now)}
    if facts.must_pass is False and ended.get("passed"):
        ended["passed"] = _("dijawab sesudah tenggat: dihitung terlambat")
    elif facts.must_pass and facts.was_freed():
        ended["passed"] = _("sampai tenggat dijawab tidak wajib: tidak masuk ukuran")
    unanswered = ""
    if read.state is State.RECEIVED and read.late:
        unanswered = gettext("Belum dijawab apakah wajib diteruskan: sudah dihitung wajib dan terlambat.")
    elif read.state is State.RECEIVED:
        unanswered = gettext(
            "Belum dijawab apakah wajib diteruskan: lewat tenggat, tiket dihitung wajib dan terlambat."
        )
    asked = facts.void if facts.void_waits else None
    who = gettext("Petugas lain") if Step.AGREE in read.steps else gettext("Anda")
    return {
        "ended": ended,
        "left": "" if read.due is None else left(read.due - read.now),
        "unanswered": unanswered,
        "asked": "" if asked is None else who,
        "asked_why": "" if asked is None else VOIDS[asked],
    }


def grouped(code: str, length: int = 4) -> str:
    """`K7MQ-2RTX-9B`, to be read out over a phone."""
    return "-".join(code[i : i + length] for i in range(0, len(code), length))
