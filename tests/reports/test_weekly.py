"""The Monday page in words, as message, PDF and picture."""

import copy
import re
import zlib

import pytest
from django.utils import translation

from selaras.queries.weeks.figures import Figures, Heard
from selaras.reports.weekly import message, week_pdf, week_png, week_words
from tests.pdf import pdf_text
from tests.reports.sample_week import FIGURES, HEAD, heard, outcome


def changed(**values: object) -> Figures:
    return {**copy.deepcopy(FIGURES), **values}  # type: ignore[typeddict-item, return-value]


def headline(figures: Figures) -> list[tuple[str, bool]]:
    return [(part.text, part.mark) for part in week_words(figures, HEAD).headline]


def test_the_headline_says_what_moved_what_did_not_and_what_nobody_took_on() -> None:
    assert headline(FIGURES) == [
        ("Data sasaran membaik.", False),
        ("Perlindungan perempuan dan anak turun.", True),
        ("Sedikitnya 142 kebutuhan belum dijanjikan siapa pun.", False),
    ]


def test_before_a_second_round_the_headline_is_the_first_score_and_before_the_first_it_says_so() -> None:
    bare = [{**row, "outcome": outcome(None)} for row in FIGURES["rows"][:1]]
    first = changed(rows=bare, total=outcome("59.0"))

    assert headline(first) == [("Nilai awal 59,0 dari 100.", False)]
    assert headline(changed(rows=[], total=outcome(None))) == [("Nilai belum diukur.", False)]


def test_rows_say_numbers_or_why_there_is_none() -> None:
    week = week_words(FIGURES, HEAD)
    found = {line.label: (line.ways.number, line.ways.of, line.ways.said) for line in week.rows}

    assert found["Kesehatan"] == ("30", "52", "")
    assert found["Kelembagaan dan perencanaan lintas sektor"] == ("", "", "tidak per keluarga")
    assert found["Peran, akses, kontrol, manfaat, dan reaksi warga"] == ("", "", "kurang dari 5")
    assert found["Pendidikan"] == ("", "", "sebagian dari 34")
    said = {line.label: (line.reaction.number, line.reaction.of, line.reaction.said) for line in week.rows}
    assert [said[label] for label in ("Kesehatan", "Pendidikan", "Keberlanjutan")] == [
        ("61", "72", ""),
        ("", "", "kurang dari 5 jawaban"),
        ("", "", "belum ditanya"),
    ]
    assert said["Kelembagaan dan perencanaan lintas sektor"] == ("", "", "belum ada kegiatan")
    assert [line.label for line in week.apart] == ["Perempuan", "Anak"]
    assert [line.work.note for line in week.apart] == ["212 perempuan hadir", "87 anak hadir"]


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        (heard(23, 9, 184, 151), ["151 dari 184 orang", "Yang hadir di 14 kegiatan belum ditanya."]),
        (heard(3, 3, 6, 6), ["6 dari 6 orang"]),
        (heard(3, 1), ["Belum ada kegiatan dengan 5 jawaban.", "Yang hadir di 2 kegiatan belum ditanya."]),
        (heard(3), ["Yang hadir di 3 kegiatan belum ditanya."]),
        (heard(), ["Belum ada kegiatan yang bisa ditanyakan."]),
    ],
)
def test_the_column_of_reactions_is_never_empty(said: Heard, facts: list[str]) -> None:
    column = week_words(changed(heard=said), HEAD).columns[2]

    assert [fact.removesuffix(" bilang kegiatannya berguna.") for fact in column.facts] == facts


def test_a_page_of_a_release_before_says_that_reactions_were_not_measured() -> None:
    old = changed(rows=[{**FIGURES["rows"][0]}])
    del old["heard"], old["rows"][0]["heard"]
    week = week_words(old, HEAD)

    assert (week.columns[2].facts, week.rows[0].reaction.said) == (("Belum diukur.",), "belum diukur")


def test_what_families_gained_is_told_beside_what_they_lost() -> None:
    labels = FIGURES["rows"][0]["labels"]
    gained, lost = ({"labels": labels, "count": n, "of": of} for n, of in ((17, 23), (5, 1204)))
    facts = week_words(changed(moved={"gained": gained, "lost": lost}), HEAD).columns[3].facts
    nothing = week_words(changed(moved={"gained": None, "lost": None}), HEAD).columns[3].facts

    assert facts[len(nothing) :] == (
        f"Dari 23 keluarga yang belum memenuhi “{labels['id']}”, 17 kini memenuhinya.",
        f"Dari 1.204 keluarga yang dulu memenuhi “{labels['id']}”, 5 kini tidak.",
    )


def test_decisions_say_what_why_whose_and_until_when() -> None:
    steps = [(step.what, step.why, step.whose, step.by) for step in week_words(FIGURES, HEAD).steps]

    assert steps == [
        (
            "22 keluarga Gedong Dalem belum memenuhi “Jamban sehat”",
            "dan belum ada yang menangani",
            "Disperkim",
            "paling lambat 16 Agustus",
        ),
        ("18 permintaan", "belum dijawab sejak 29 Juli", "Dinsos", "paling lambat 16 Agustus"),
        ("Tetapkan wakil kota", "dari 2 lokus", "Sekda", "paling lambat 2 September"),
    ]


def test_every_kind_of_decision_has_its_words() -> None:
    kinds = ["gap", "unanswered", "late", "blocked", "unfunded", "meeting", "blank", "representative"]
    decisions = [{"kind": kind, "whose": "", "by": "2024-08-16", "count": 6, "lokus": "Sukmajaya"} for kind in kinds]
    what = [step.what for step in week_words(changed(decisions=decisions), HEAD).steps]

    assert what == [
        "6 keluarga Sukmajaya belum memenuhi “”",
        "6 permintaan",
        "6 komitmen lewat waktu",
        "6 komitmen terkendala",
        "6 usulan menunggu dana",
        "Jadwalkan rapat koordinasi",
        "6 jawaban keluarga kosong",
        "Tetapkan wakil kota",
    ]


def test_a_day_of_another_year_says_its_year() -> None:
    late = [{"kind": "late", "whose": "DLH", "by": "2025-01-03", "count": 6, "since": "2023-08-16"}]
    (step,) = week_words(changed(decisions=late), HEAD).steps

    assert (step.why, step.by) == ("(yang tertua sejak 16 Agustus 2023)", "paling lambat 3 Januari 2025")


def test_the_message_is_ready_to_send() -> None:
    assert message(FIGURES, "https://contoh.go.id/senin/x/").split("\n") == [
        "*P2WKSS 2024 Kota Cilegon*",
        "Senin, 12 Agustus 2024",
        "",
        "Data sasaran membaik. Perlindungan perempuan dan anak turun. "
        "Sedikitnya 142 kebutuhan belum dijanjikan siapa pun.",
        "",
        "*Tiga keputusan minggu ini*",
        "1. 22 keluarga Gedong Dalem belum memenuhi “Jamban sehat” dan belum ada yang menangani. "
        "Disperkim, paling lambat 16 Agustus.",
        "2. 18 permintaan belum dijawab sejak 29 Juli. Dinsos, paling lambat 16 Agustus.",
        "3. Tetapkan wakil kota dari 2 lokus. Sekda, paling lambat 2 September.",
        "DATA CONTOH (sintetis)",
        "",
        "https://contoh.go.id/senin/x/",
    ]


def test_made_anew_on_a_later_day_of_the_week_the_page_says_of_which_day_its_figures_are() -> None:
    asked = [{"kind": "unanswered", "whose": "Dinsos", "by": "2024-08-23", "count": 18, "since": "2024-08-17"}]
    later = changed(made_on="2024-08-17", decisions=asked)
    week = week_words(later, HEAD)
    with translation.override("en"):
        english = week_words(later, HEAD).as_of

    assert week_words(FIGURES, HEAD).as_of == ""
    assert (week.day, week.as_of, week.steps[0].why) == (
        "Senin, 12 Agustus 2024",
        "Keadaan per Sabtu, 17 Agustus 2024.",
        "belum dijawab sejak 17 Agustus",
    )
    assert english == "As of Saturday, 17 August 2024."
    assert message(later, "x").split("\n")[:4] == [
        "*P2WKSS 2024 Kota Cilegon*",
        "Senin, 12 Agustus 2024",
        "Keadaan per Sabtu, 17 Agustus 2024.",
        "",
    ]
    assert "Senin, 12 Agustus 2024 Keadaan per Sabtu, 17 Agustus 2024." in " ".join(
        pdf_text(week_pdf(later, HEAD)).split()
    )


def test_paper_is_one_page_of_a4_whatever_the_instrument() -> None:
    many = changed(rows=[*FIGURES["rows"][:13], *FIGURES["rows"]], made_on="2024-08-17")
    sizes = set()
    for figures in (FIGURES, many, changed(rows=[], decisions=[], made_on="2024-08-17")):
        pdf = week_pdf(figures, HEAD)
        objects = pdf + b"".join(_inflated(pdf))
        assert len(re.findall(rb"/Type ?/Page\b", objects)) == 1
        sizes |= set(re.findall(rb"/MediaBox ?\[([\d. ]+)\]", objects))

    assert [tuple(round(float(n)) for n in size.split()) for size in sizes] == [(0, 0, 595, 842)]


def _inflated(pdf: bytes) -> list[bytes]:
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return found


def test_the_picture_is_1080_dots_wide_and_what_is_typed_is_never_code() -> None:
    odd = changed(place='Kota #panic("x") $ * _ @a <b>')
    png = week_png(odd, HEAD)

    assert int.from_bytes(png[16:20], "big") == 1080
    assert int.from_bytes(png[20:24], "big") > 1080


@pytest.mark.parametrize("head", ["", HEAD])
def test_the_head_is_printed_in_groups_of_four(head: str) -> None:
    printed = week_words(FIGURES, head).head

    assert printed == ("c81f 04de 9b3a 77aa c81f 04de 9b3a 77aa" if head else "belum ada")


def test_paper_and_message_are_indonesian_whoever_asks() -> None:
    with translation.override("en"):
        assert "Tiga keputusan minggu ini" in message(FIGURES, "x")
