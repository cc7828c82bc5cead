"""No instrument may score how many cases there are: a place would win by silence.

A contest that rewards "no cases" rewards whoever does not report; one that counts reports against a place punishes the
woman who dared. So no indicator, wherever its value comes from, may be a count of violence, trafficking, child labour
or child marriage, nor of the reports of them. What may be scored is what is done: the closed list of
`scoring.protection`, prevention, knowledge, and shares of what was handled.

The rule, for each text of an indicator (its name, and in each language its label, and each option and band with it):

1. "Jumlah kasus …", "tidak ada KDRT", "bebas kekerasan", "korban yang melapor": refused, except a share of cases that
   were handled ("bagian rujukan yang …"), and what is declared, taught or prevented ("deklarasi bebas kekerasan").
2. A label that names violence and says nothing of what is known, taught, prevented or done: refused.
3. A unit of cases or victims beside a label that names violence or its services: refused.

Words are a coarse sieve: the reviewer of an instrument reads it too.
"""

import re
from collections.abc import Iterator

from selaras.scoring.instrument import Indicator
from selaras.scoring.workbook.violence import LEARNED, NAMED, plain, words_of

_CHILDREN = (
    r"(?:pekerja|buruh) anak|(?:perkawinan|pernikahan|kawin|nikah) (?:anak|dini|usia \w+|di bawah)"
    r"|child (?:labou?r|marriages?)|early marriages?"
)
_OTHERS = r"ktpa|ktp a|kbg|kbgo|perdagangan (?:orang|manusia|anak|perempuan)|eksploitasi (?:seksual|anak)"
_VIOLENCE = rf"(?:{NAMED}|{_OTHERS})"
_SERVICES = words_of("ppa simfoni ktpa")
_FILLER = (
    r"(?:(?:total|semua|seluruh|jumlah|angka|terjadinya|yang|menjadi|jadi|dari|lagi|satu|pun|satupun|adanya|anak"
    r"|perempuan|ibu|warga|keluarga|rumah|tangga|orang|of|from|the|any|all|reported|women|children) ){0,3}"
)
_REPORT = (
    r"(?:laporan|pelaporan|pengaduan|aduan)(?! (?:kegiatan|pelaksanaan|tahunan|bulanan|pertanggungjawaban|rencana))"
    r"|reports?|complaints?"
)
_CASE = rf"(?:kasus|korban|penyintas|kejadian|insiden|peristiwa|cases?|victims?|survivors?|incidents?|{_REPORT})"
_HOW_MANY = (
    r"(?:jumlah|banyaknya|berapa|angka|tingkat|prevalensi|rasio|persentase|persen|proporsi|penurunan|turunnya|menurunnya|berkurangnya|kenaikan"
    r"|number of|percentage of|share of|count of|rate of|prevalence of|fewer|decrease in|decline in)"
)
_NONE = r"(?:tidak (?:ada|terdapat|terjadi|ditemukan)|tanpa|nihil|nol|bebas|zero|no|free of|free from|without)"
_COUNTED = re.compile(rf"\b{_HOW_MANY} {_FILLER}(?:{_CASE}|{_VIOLENCE}|{_CHILDREN})\b")
_ABSENT = re.compile(rf"\b{_NONE} {_FILLER}(?:{_CASE}|{_VIOLENCE}|{_CHILDREN})\b")
_MORE_OR_LESS = re.compile(
    rf"\b(?:{_CASE}|{_VIOLENCE}|{_CHILDREN}) (?:\w+ ){{0,4}}?"
    r"(?:menurun|turun|berkurang|meningkat|naik|nol|nihil|rendah|decreas\w+|declin\w+|rates?|numbers?|count)\b"
)
_FIRST = re.compile(rf"^{_CASE}\b")
_ANY_CASE = re.compile(rf"\b{_CASE}\b")
_CONCERNED = re.compile(rf"\b(?:{_VIOLENCE}|{_CHILDREN})\b")
_SHARE = words_of(r"bagian persentase persen proporsi share percentage proportion")
_CARED_FOR = words_of(
    r"ditangani penanganan dirujuk rujukan didampingi pendampingan pemulihan ditindaklanjuti diserahkan diteruskan"
    r" dilayani terlayani bantuan rumah handled referral referrals referred follow-up support recovery shelter"
)
_EFFORT = words_of(
    r"deklarasi kampanye kesepakatan komitmen kebijakan peraturan perda perdes perlur sosialisasi penyuluhan pencegahan"
    r" mencegah dicegah upaya kegiatan gerakan sekolah wirausaha pemberdayaan"
    r" entrepreneurs prevention preventing campaign declaration policy pledge efforts?"
)
_UNIT = re.compile(rf"^(?:{_CASE}|kasus per .*|cases per .*)$")


def counts_cases(text: str) -> bool:
    """Whether a label counts violence or reports ("Tidak ada kasus KDRT"), and not what is done about it."""
    words = plain(text)
    if not (_CONCERNED.search(words) or _SERVICES.search(words)):
        return False
    return _counted(words) or (
        bool(re.search(rf"\b{_VIOLENCE}\b", words))
        and not (LEARNED.search(words) or _CARED_FOR.search(words) or _EFFORT.search(words))
    )


def _counted(words: str) -> bool:
    if _SHARE.search(words) and _CARED_FOR.search(words):
        return False
    if _FIRST.search(words) and not (_CARED_FOR.search(words) or _EFFORT.search(words)):
        return True
    if _COUNTED.search(words) or _MORE_OR_LESS.search(words):
        return True
    return bool(_ABSENT.search(words)) and not _EFFORT.search(words)


def texts_that_count(one: Indicator) -> Iterator[str]:
    """What of an indicator's name, labels, unit, options and bands counts cases, in the order in which it is read."""
    named = plain(one.name)
    if _CONCERNED.search(named) and _counted(named):
        yield one.name
    for language, label in one.labels.items():
        if counts_cases(label):
            yield label
        words = plain(label)
        about = bool(_CONCERNED.search(words) or _SERVICES.search(words))
        if about and _UNIT.match(plain(one.unit)) and not (_SHARE.search(words) or _EFFORT.search(words)):
            yield f"{label} ({one.unit})"
        for offered in (*(option.labels for option in one.options), *(band.labels for band in one.bands)):
            said = plain(offered.get(language, ""))
            if ((about or _CONCERNED.search(said)) and _counted(said)) or (about and _bare(said)):
                yield f"{label}: {offered[language]}"


def _bare(words: str) -> bool:
    """`Ada kasus`, `3 kasus atau lebih`: an answer that is a count, below a label that names what is counted."""
    return bool(_ANY_CASE.search(words)) and not (
        LEARNED.search(words) or _CARED_FOR.search(words) or _EFFORT.search(words)
    )
