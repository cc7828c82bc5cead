"""No household question may record violence that someone suffered.

A kader who sits in a family's front room, with the family listening, is the wrong person to ask; and what is
written down can be read by the one who did it. Cases go to UPTD PPA, never into a survey (UU 12/2022, article 69).
Allowed, and wanted, are questions about safety as it is felt, about knowing where to report, about having heard
or learned something, and about opinions.

The rule, for each language of a question (its name, label and hint read together, and again with each of its
choices):

1. No word of violence: allowed.
2. "Pernah mengalami …", "pernah dipukul", "pernah melapor …", "ever been …": refused.
3. A word of suffering (dipukul, dianiaya, korban, mengalami, kasus …) besides: allowed only where the sentence
   supposes it ("bila", "if") and asks for knowledge or safety.
4. A mere name of violence (kekerasan, KDRT, violence): allowed only beside a word of knowledge, learning, prevention,
   opinion or safety.

Notes are not asked and therefore not judged. Words are a coarse sieve: the reviewer of an instrument reads it too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from selaras.odk.table import Row, Table
from selaras.odk.types import control, select
from selaras.scoring.workbook.report import Report


def words_of(text: str) -> re.Pattern[str]:
    """A pattern of whole words; `text` holds them, or short patterns of one, between spaces."""
    return re.compile(rf"\b(?:{'|'.join(text.split())})\b")


#: What is done to a person, in the passive that a question would use.
DONE_TO = words_of(
    r"(?:di|ter)(?:pukul|pukuli|aniaya|perkosa|lecehkan|siksa|tampar|tendang|cabuli|rundung|telantarkan|bully|cekik|jambak"
    r"|gebuk|hajar|intimidasi)(?:nya|i)?"
    r" beaten raped abused assaulted harassed molested battered slapped kicked bullied strangled choked"
)
#: Words that name it, as one pattern without its ends.
NAMED = "|".join(
    (
        r"kekerasan kdrt pelecehan penganiayaan aniaya pe(?:me)?rkosaan perkosaan pencabulan penyiksaan perundungan"
        r" pemukulan pukulan memukul memukuli menampar menendang menganiaya memperkosa melecehkan mencabuli menyiksa"
        r" bullying penelantaran tppo violence abuse abuses harassment assault assaults rape molestation trafficking"
    ).split()
)
_NAMED = re.compile(rf"\b(?:{NAMED})\b")
#: Words that look like violence and are not.
_INNOCENT = re.compile(
    r"kekerasan (?:air|tanah|kayu|batu)|(?:drug|drugs|substance|alcohol) abuse|memukul (?:kentongan|bedug|beduk)"
)
_SUFFERED = words_of(
    r"mengalami dialami alami korban menimpa terjadi kejadian kasus peristiwa insiden menyaksikan melihat pelaku akibat"
    r" karena dilaporkan experience experiences experienced suffer suffers suffered victim victims happen happens"
    r" happened occur occurs occurred incident incidents case cases perpetrator witness witnessed because reported"
)
_SUPPOSED = words_of(r"bila jika kalau apabila seandainya andai andaikata if when")
_IF_YES = re.compile(r"\b(?:bila|jika|kalau|apabila) (?:ya|iya|ada|pernah)\b|\bif (?:yes|so|any)\b")
#: Words of knowing, learning, preventing, opinion and safety.
LEARNED = words_of(
    r"tahu tahukah mengetahui ketahui diketahui pengetahuan paham pahami pemahaman memahami mengerti kenal mengenal"
    r" dengar mendengar lapor laporkan melapor melaporkan pelaporan mengadu pengaduan aduan saluran kanal hotline"
    r" layanan nomor sosialisasi penyuluhan kampanye edukasi pelatihan dilatih seminar kelas materi informasi poster"
    r" leaflet ikut mengikuti diikuti hadir menghadiri pencegahan mencegah cegah perlindungan melindungi aman keamanan"
    r" satgas patbm puspaga undang-undang uu aturan hukum setuju pendapat boleh bolehkah wajar wajarkah"
    r" dibenarkan sikap"
    r" know knows knowing knowledge aware awareness heard report channel hotline service training trained attend"
    r" attended session campaign prevent prevention protect protection safe safety information agree opinion justified"
    r" law"
)
_CONFESSED = re.compile(
    r"\bpernah(?:kah)? (?:\w+ ){0,2}?(?:mengalami|menjadi korban|jadi korban|melapor\w*|terjadi|menyaksikan|melihat)\b"
    r"|\b(?:ever|have you|has anyone|did anyone) (?:\w+ ){0,2}?(?:been|experienced?|suffer(?:ed)?|report(?:ed)?)\b"
)
_EVER_DONE_TO = re.compile(r"\b(?:pernah(?:kah)?|sering(?:kah)?|ever)\b")


def plain(text: str) -> str:
    """Lower case, signs as spaces, without the words that only look like violence."""
    return _INNOCENT.sub(" ", " ".join(re.sub(r"[_/,.;:!?()\"'“”\[\]-]+", " ", text.lower()).split()))


def records_violence(text: str) -> bool:
    """Whether a question's text asks for violence that someone suffered, by the rule above."""
    words = plain(text)
    done, named = bool(DONE_TO.search(words)), bool(_NAMED.search(words))
    if not (done or named):
        return False
    if _CONFESSED.search(words) or (done and _EVER_DONE_TO.search(words)):
        return True
    asks_knowledge = bool(LEARNED.search(words))
    if done or _SUFFERED.search(words):
        return not (asks_knowledge and _SUPPOSED.search(_IF_YES.sub(" ", words)))
    return not asks_knowledge


def check_violence(survey: Table, choices: Table | None, language: str, report: Report) -> None:
    """Report every row of the survey, group headings included, that asks for violence suffered."""
    lists: dict[str, list[Row]] = {}
    for row in choices or ():
        lists.setdefault(row.text("list_name"), []).append(row)
    for row in survey:
        text = " ".join(row.text("type").split())
        if text in ("note", "calculate") or (control(text) or ("", ""))[0] == "end":
            continue
        chosen = select(text)
        offered = lists.get(chosen[1], []) if chosen is not None else []
        for where, words in _guilty(row, offered, language):
            report.add("survey.violence", where, words=words[:80])
            break


def _guilty(row: Row, offered: Iterable[Row], language: str) -> Iterator[tuple[str, str]]:
    """Cell and words of what offends in one question: the question first, then each choice read with it."""
    name = row.text("name")
    labels, hints = row.labels("label", language), row.labels("hint", language)
    asked: Mapping[str, str] = {
        one: " . ".join((name, labels.get(one, ""), hints.get(one, ""))) for one in (*labels, *hints)
    } or {language: name}
    for one, words in asked.items():
        if records_violence(words):
            yield _cell(row, one), labels.get(one) or hints.get(one) or name
    for choice in offered:
        shown = choice.labels("label", language)
        for one, words in asked.items():
            said = f"{choice.text('name')} . {shown.get(one, '')}"
            if records_violence(said) and records_violence(f"{words} . {said}"):
                yield _cell(row, one), shown.get(one) or choice.text("name")


def _cell(row: Row, language: str) -> str:
    for spoken in (language, ""):
        if ("label", spoken) in row.columns and row.text("label", spoken):
            return row.where("label", spoken)
    return row.where("name")
