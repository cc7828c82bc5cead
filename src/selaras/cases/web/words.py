"""What things of the room are called on screen. Titles are neutral: who looks over a shoulder learns nothing."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from selaras.cases.breaking import Emergency
from selaras.cases.facts import State, Void
from selaras.cases.tickets import Reason, Step

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
    State.RECEIVED: _("Diterima; kewajiban meneruskan belum dijawab"),
    State.HAND_ON: _("Wajib diteruskan"),
    State.FOLLOW_UP: _("Menunggu tindak lanjut tiga bulan"),
    State.DONE: _("Selesai"),
    State.VOID: _("Tidak dihitung"),
}
VOIDS = {Void.MISTAKE: _("Tidak sengaja dibuka"), Void.TWICE: _("Dibuka dua kali")}
STEPS = {
    Step.RECEIVE: _("Catat diterima UPTD PPA"),
    Step.LAW: _("Catat kewajiban meneruskan"),
    Step.HAND_ON: _("Catat diteruskan ke kepolisian"),
    Step.FOLLOW_UP: _("Catat tindak lanjut tiga bulan"),
    Step.NUMBER: _("Catat nomor SIMFONI"),
    Step.VOID: _("Tandai tidak dihitung"),
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
    Step.VOID: _("menandai tidak dihitung"),
    "ask_break": _("meminta pembukaan darurat"),
    "agree_break": _("menyetujui pembukaan darurat"),
    "break_read": _("membaca tiket dalam keadaan darurat"),
    "trail": _("membaca jejak ini"),
    "destroy": _("tiket yang habis masa simpannya dihapus"),
    "rotate": _("kunci diganti"),
    "begin_anew": _("kunci yang hilang diganti; tiket lama tidak terbaca lagi"),
}
#: What stands beside a purpose in the log, whichever list it is of.
PURPOSES: dict[Any, Any] = {**REASONS, **EMERGENCIES}


def grouped(code: str) -> str:
    """`K7MQ-2RTX-9B`, to be read out over a phone."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
