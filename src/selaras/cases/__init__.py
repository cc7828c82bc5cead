"""The locked room: hand-over tickets to UPTD PPA, with a key, a log and maybe a database of their own.

Nobody imports it but `urls.py`; `queries` may import `cases.counts`, the only way out. A ticket holds an opaque code, a
kelurahan, SIMFONI's number and four times: whom it is about, what happened and what was done stands in SIMFONI PPA, at
UPTD PPA, and nowhere here (UU 12/2022 art. 69, UU 27/2022 art. 4 and 16).
"""
