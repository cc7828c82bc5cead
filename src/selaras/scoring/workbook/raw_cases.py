"""No instrument may score how many cases there are: a place would win by silence.

A contest that rewards "no cases" rewards whoever does not report; one that counts reports against a place punishes the
woman who dared. So no indicator, wherever its value comes from, may be a count of violence, trafficking, child labour
or child marriage, nor of the reports of them. What may be scored is what is done: the closed list of
`scoring.protection`, prevention, knowledge, and shares of what was handled.

The rule, for each text of an indicator (its name, and in each language its label, and each option and band with it):

1. "Jumlah kasus …", "klien UPTD PPA", "banyaknya tiket rujukan", "korban yang melapor", "kasus turun": refused, except
   a share of cases that were handled ("bagian rujukan yang diterima dalam 24 jam"). So is any "how many"
   beside violence, child marriage or who handles them ("jumlah layanan UPTD PPA"), and what is asked of those
   ("kunjungan ke UPTD PPA", "visum", "dispensasi kawin"), unless who or what is counted teaches, learns or prevents.
2. "Tidak ada KDRT", "bebas kekerasan", "0 aduan": refused, whatever effort it is called ("upaya: tidak ada …"), except
   below a document or an event that says so ("deklarasi bebas kekerasan", not "deklarasi: tidak ada kasus").
3. A label that names violence and says nothing of what is known, taught, prevented or done: refused.
4. A unit of cases, of victims, of people or of what they ask for beside a label that names violence or its services:
   refused, with the same exceptions.

Words are a coarse sieve: the reviewer of an instrument reads it too.
"""

import re
from collections.abc import Iterator

from selaras.scoring.instrument import Indicator
from selaras.scoring.workbook.violence import DONE_TO, LEARNED, NAMED, plain, words_of

_CHILDREN = (
    r"(?:pekerja|buruh) anak|(?:perkawinan|pernikahan|kawin|nikah) (?:anak|dini|usia \w+|di bawah)"
    r"|menikah (?:anak|dini|muda|di bawah|sebelum)|anak (?:yang )?(?:menikah|kawin|dinikahkan|dikawinkan)"
    r"|pengantin anak|dispensasi (?:kawin|nikah|perkawinan|pernikahan)"
    r"|child (?:labou?r|marriages?|brides?)|early marriages?"
)
_OTHERS = r"ktpa|ktp a|kbg|kbgo|perdagangan (?:orang|manusia|anak|perempuan)|eksploitasi (?:seksual|anak)"
_QUARRELS = r"pertengkaran|bertengkar|percekcokan|cekcok"
_VIOLENCE = rf"(?:{NAMED}|{_OTHERS}|{_QUARRELS}|{DONE_TO.pattern})"
#: Who is turned to, and what goes there: beside them a "laporan" or a "klien" is a woman; beside another UPTD not.
_SERVICES = re.compile(
    r"\b(?:ppa|simfoni|ktpa|p2tp2a|sapa|puspaga|visum|dispensasi (?:kawin|nikah|perkawinan|pernikahan)"
    r"|uptd(?! (?:puskesmas|rsud|laboratorium|labkes|pertanian|peternakan|perikanan|pasar|parkir|kebersihan|persampahan"
    r"|pendidikan|metrologi|pajak|pengujian)\b)"
    r"|(?:tiket|kode) (?:rujukan|serah terima)|(?:referral|hand over) (?:tickets?|codes?))\b"
)
_FILLER = (
    r"(?:(?:total|semua|seluruh|jumlah|angka|terjadinya|yang|menjadi|jadi|dari|lagi|satu|pun|satupun|adanya|anak"
    r"|perempuan|ibu|istri|suami|anggota|lansia|remaja"
    r"|warga|keluarga|rumah|tangga|orang|of|from|the|any|all|reported|women|children|who) ){0,3}"
)
_REPORT = (
    r"(?:laporan|pelaporan|pengaduan|aduan)(?! (?:kegiatan|pelaksanaan|tahunan|bulanan|pertanggungjawaban|rencana))"
    r"|reports?|complaints?"
)
_VICTIM = (
    r"kasus|perkara|korban|penyintas|kejadian|insiden|peristiwa|klien|cases?|victims?|survivors?|incidents?|clients?"
)
_REFERRED = r"rujukan|tiket|serah terima|referrals?|hand overs?"
_CASE = rf"(?:{_VICTIM}|{_REFERRED}|{_REPORT})"
_ASKED = r"mengadu|melapor|dirujuk|reported|referred"
_HOW_MANY = (
    r"(?:jumlah|banyaknya|berapa|angka|tingkat|prevalensi|rasio|persentase|persen|proporsi|penurunan|turunnya|menurunnya|berkurangnya|kenaikan"
    r"|number of|percentage of|share of|count of|rate of|prevalence of|fewer|decrease in|decline in"
    r"|(?:kurang dari|di bawah|paling banyak|maksimal|maksimum|lebih dari|fewer than|less than|at most|more than) \d+)"
)
_ZERO = r"0(?![^ ]| (?:\d|tahun|bulan|years|months|sampai|to|s d)\b)"
_NONE = rf"(?:tidak (?:ada|terdapat|terjadi|ditemukan)|tanpa|nihil|nol|{_ZERO}|bebas|zero|no|free of|free from|without)"
_COUNTED = re.compile(rf"\b{_HOW_MANY} {_FILLER}(?:{_CASE}|{_ASKED}|{_VIOLENCE}|{_CHILDREN})\b")
_ABSENT = re.compile(rf"\b{_NONE} {_FILLER}(?:{_CASE}|{_VIOLENCE}|{_CHILDREN})\b")
_MORE_OR_LESS = re.compile(
    rf"\b(?:{_CASE}|{_VIOLENCE}|{_CHILDREN}) (?:\w+ ){{0,4}}?"
    rf"(?:menurun|turun|berkurang|meningkat|naik|nol|nihil|{_ZERO}|rendah|decreas\w+|declin\w+|rates?|numbers?|count)\b"
)
#: Of women who turn to somebody, with no word of violence and no service named.
_TELLS = re.compile(
    r"\b(?:perempuan|ibu|istri|anak|women|girls|children) (?:\w+ ){0,3}?(?:(?:peng)?aduan|mengadu|0 laporan"
    r"|melapor(?! (?:ke )?(?:posyandu|puskesmas|bidan|kehamilan|kelahiran|lahir|diri)))\b"
)
_FIRST = re.compile(rf"^{_CASE}\b")
_ANY_CASE = re.compile(rf"\b{_CASE}\b")
_CONCERNED = re.compile(rf"\b(?:{_VIOLENCE}|{_CHILDREN})\b")
_SHARE = words_of(r"bagian persentase persen proporsi share percentage proportion")
_SHARE_OF_CASES = re.compile(
    r"\b(?:bagian|persentase|persen|proporsi|share of|percentage of|proportion of) "
    rf"{_FILLER}(?:{_VIOLENCE} )?{_CASE}\b"
)
#: What is done with a case, and how fast: not that it was referred.
_HANDLED = re.compile(
    r"\b(?:ditangani|penanganan|dirujuk|didampingi|pendampingan|pemulihan|ditindaklanjuti|diserahkan|diteruskan|dilayani"
    r"|terlayani|bantuan|tepat waktu|handled|referred|followed up|follow up|supported|support|passed on|recovery"
    r"|(?:diterima|received) (?:\w+ ){0,4}(?:dalam|within)|in time)\b"
)
_CARED_FOR = words_of(
    r"ditangani penanganan dirujuk rujukan didampingi pendampingan pemulihan ditindaklanjuti diserahkan diteruskan"
    r" dilayani terlayani diobati bantuan rumah handled referral referrals referred follow-up support recovery shelter"
)
_EFFORT = words_of(
    r"deklarasi kampanye kesepakatan komitmen kebijakan peraturan perda perdes perlur sosialisasi penyuluhan pencegahan"
    r" mencegah dicegah upaya kegiatan gerakan sekolah wirausaha pemberdayaan"
    r" entrepreneurs prevention preventing campaign declaration policy pledge efforts?"
)
_DOCUMENT = r"deklarasi|ikrar|kampanye|kesepakatan|peraturan|perda|perdes|perlur|declaration|pledge|campaign|regulation"
#: A document or an event that says "bebas kekerasan" is there or not, whatever happens at home. No effort is, and no
#: "tidak ada kasus" behind it.
_DECLARED = re.compile(
    rf"\b(?:{_DOCUMENT}) (?:(?:kelurahan|desa|kampung|rw|rt|kecamatan|kota|kabupaten|sekolah|warga|keluarga|bersama"
    rf"|menuju|of|for|a|the|village|school|city|community) ){{0,3}}"
    rf"(?:bebas|tanpa|free of|free from|without) (?!{_FILLER}{_CASE}\b)"
)
#: How many of anything, wherever it stands.
_AMOUNT = re.compile(
    r"\b(?:jumlah|banyaknya|banyak|berapa|angka|total|frekuensi|rata rata|prevalensi|rasio|persentase|persen|proporsi"
    r"|number of|count of|percentage of|share of|proportion of|average|how many)\b"
)
#: What is asked of those who handle cases: as many as there are cases.
_CONTACT = (
    r"kunjungan|pengunjung|telepon (?:ke|yang|masuk|dari)|panggilan|perkara|permohonan|visum"
    r"|dispensasi (?:kawin|nikah|perkawinan|pernikahan)|visits?|calls?"
)
_CONTACTED = re.compile(rf"\b(?:{_CONTACT})\b")
_THERE = words_of(r"tersedia gratis dibiayai terpasang ditempel available")
#: Of those who teach, learn, know or prevent, and of what is set up for it, there may be as many as they like.
_TAUGHT = words_of(
    r"tahu mengetahui diketahui pengetahuan paham memahami pemahaman mendengar sosialisasi penyuluhan edukasi pelatihan"
    r" dilatih kelas seminar mengikuti menghadiri hadir peserta pencegahan mencegah dicegah poster setuju sikap"
    r" pendapat know knows aware trained training attend attended prevent prevention"
)
_DOERS = (
    rf"kader|petugas|fasilitator|relawan|satgas|patbm|lurah|saluran|kanal|rumah aman|forum|rapat|pertemuan|kegiatan"
    rf"|{_DOCUMENT}|cadres?|staff|volunteers?|channels?|shelters?"
)
_OF_DOERS = re.compile(rf"{_AMOUNT.pattern} (?:\w+ )?(?:{_DOERS})\b|\bmerasa aman\b")
#: Who goes there herself; of how many of anything it says only who did the work.
_BY_DOERS = re.compile(rf"\b(?:oleh|by) (?:\w+ )?(?:{_DOERS})\b")
_UNIT = re.compile(rf"^(?:{_VICTIM}|{_REFERRED}|kasus per .*|cases per .*)$")
_UNIT_OF_WOMEN = re.compile(
    rf"^(?:{_CONTACT}|telepon|layanan|konseling|konsultasi|dispensasi|orang|perempuan|ibu|anak|people|persons|women"
    r"|children|services)(?: (?:per|of) .*)?$"
)
_UNIT_OF_REPORTS = re.compile(rf"^(?:{_REPORT})$")


def counts_cases(text: str) -> bool:
    """Whether a label counts violence or reports ("Tidak ada kasus KDRT"), and not what is done about it."""
    words = plain(text)
    if not _about(words):
        return False
    return _counted(words) or (
        bool(re.search(rf"\b{_VIOLENCE}\b", words))
        and not (LEARNED.search(words) or _CARED_FOR.search(words) or _EFFORT.search(words))
    )


def _about(words: str) -> bool:
    return bool(_CONCERNED.search(words) or _SERVICES.search(words) or _TELLS.search(words))


def _counted(words: str) -> bool:
    if _SHARE_OF_CASES.search(words) and _HANDLED.search(words):
        return False
    if _FIRST.search(words) and not (_HANDLED.search(words) or _EFFORT.search(words)):
        return True
    if _COUNTED.search(words) or _MORE_OR_LESS.search(words) or _ABSENT.search(_DECLARED.sub(" ", words)):
        return True
    if _AMOUNT.search(words):
        return _of_cases(words)
    return bool(_SERVICES.search(words) and _CONTACTED.search(words)) and not (
        _THERE.search(words) or _TAUGHT.search(words) or _OF_DOERS.search(words) or _BY_DOERS.search(words)
    )


def _of_cases(words: str) -> bool:
    """Whether how many of it there are goes with how many cases there are."""
    near = _SERVICES.search(words) or _CONCERNED.search(words)
    return near is not None and not (_TAUGHT.search(words) or _OF_DOERS.search(words))


def texts_that_count(one: Indicator) -> Iterator[str]:
    """What of an indicator's name, labels, unit, options and bands counts cases, in the order in which it is read."""
    named = plain(one.name)
    if _about(named) and _counted(named):
        yield one.name
    for language, label in one.labels.items():
        if counts_cases(label):
            yield label
        words = plain(label)
        about = _about(words)
        if about and _measured_in_cases(plain(one.unit), words):
            yield f"{label} ({one.unit})"
        for offered in (*(option.labels for option in one.options), *(band.labels for band in one.bands)):
            said = plain(offered.get(language, ""))
            if ((about or _about(said)) and _counted(said)) or (about and _bare(said)):
                yield f"{label}: {offered[language]}"


def _measured_in_cases(unit: str, words: str) -> bool:
    if _SHARE.search(words):
        return False
    if _UNIT_OF_WOMEN.match(unit):
        return _of_cases(words)
    return bool(_UNIT.match(unit)) or (bool(_UNIT_OF_REPORTS.match(unit)) and not _EFFORT.search(words))


def _bare(words: str) -> bool:
    """`Ada kasus`, `3 kasus atau lebih`: an answer that is a count, below a label that names what is counted."""
    return bool(_ANY_CASE.search(words)) and not (
        LEARNED.search(words) or _CARED_FOR.search(words) or _EFFORT.search(words)
    )
