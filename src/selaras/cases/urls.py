"""Where the room's pages are."""

from django.urls import path

from selaras.cases.web import breaks, front, officers, room

app_name = "cases"
urlpatterns = [
    path("", room.room, name="room"),
    path("serahkan/", front.hand_over, name="hand_over"),
    path("tutup/", room.close, name="close"),
    path("tiket/", room.ticket, name="ticket"),
    path("jejak/", room.log, name="log"),
    path("petugas/", officers.officers, name="officers"),
    path("berdua/", breaks.breaks, name="breaks"),
    path("berdua/<uuid:break_id>/setujui/", breaks.agree, name="break_agree"),
    path("berdua/<uuid:break_id>/", breaks.read, name="break_read"),
]
