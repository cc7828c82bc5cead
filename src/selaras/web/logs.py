"""What is written down never opens a door, and never says when somebody answered without a name."""

import logging
import re

#: Addresses that open to whoever has them.
_SECRET = re.compile(r"(/(?:odk|opd|undangan|kalender|hadir|lembar)/)[^/\s?\"']+")
#: Where somebody answers without a name, and the locked room: no line tells that it happened, not even of an answer
#: that was refused.
_UNSEEN = re.compile(r"(?<![\w/])/(?:reaksi|ruang)/")
#: What follows there: which page of the room failed would tell that somebody handed over just then.
_ROOM = re.compile(r"((?<![\w/])/ruang/)[^\s?\"']+")


class HideSecrets(logging.Filter):
    """Django logs the path of every answer from 400 up: there stands the token of a phone, a liaison or a guest.

    Of /reaksi/ and /ruang/ it logs nothing at all.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        # A failure of ours is written down: nothing was kept then, and it must be mended.
        if record.levelno < logging.ERROR and _UNSEEN.search(message):
            return False
        hidden = _ROOM.sub(r"\1…", _SECRET.sub(r"\1…", message))
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True
