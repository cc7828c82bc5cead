"""A Monday page as it could be: every state that a row can have, with the numbers of the reference picture."""

from selaras.queries.weeks.figures import (
    Change,
    Decision,
    Figures,
    Heard,
    Labels,
    LokusLine,
    Moved,
    Outcome,
    Row,
    RowKind,
    Served,
    Ways,
    Work,
)

HEAD = "c81f04de9b3a77aa" * 4


def outcome(value: str | None, before: str | None = None, low: str | None = None, high: str | None = None) -> Outcome:
    return Outcome(value=value, before=before, low=low or value, high=high or value, hidden=False)


def served(open_: int | None, promised: int | None, *, hidden: bool = False, families: bool = True) -> Served:
    return Served(families=families, measured=families, open=open_, promised=promised, hidden=hidden)


def work(total: int = 0, begun: int = 0, done: int = 0, came: int | None = None) -> Work:
    return Work(total=total, begun=begun, done=done, blocked=0, late=0, activities=0, came=came)


def heard(activities: int = 0, asked: int = 0, people: int | None = None, useful: int | None = None) -> Heard:
    return Heard(activities=activities, asked=asked, people=people, useful=useful)


UNASKED = heard(3)


def row(
    label: str, needs: Served, does: Work, result: Outcome, kind: RowKind = "aspect", *, said: Heard = UNASKED
) -> Row:
    labels = Labels(id=label, en=label)
    return Row(kind=kind, labels=labels, indicators=3, served=needs, work=does, outcome=result, heard=said)


HIDDEN = Outcome(value=None, before=None, low=None, high=None, hidden=True)
NO_NEEDS = served(None, None, families=False)
FIGURES = Figures(
    programme="P2WKSS",
    place="Kota Cilegon",
    year=2024,
    synthetic=True,
    monday="2024-08-12",
    made_on="2024-08-12",
    made_clock="06.00 WIB",
    scale="100",
    instrument="P2WKSS (contoh, bukan instrumen resmi)",
    official=False,
    baseline="Data awal",
    newest="Kunjungan 1",
    families=200,
    ways=Ways(
        stage="Pelaksanaan",
        stage_ends="2024-09-30",
        next_stage="Verifikasi",
        next_starts="2024-10-01",
        teams=3,
        members=42,
        women=19,
        sexes=40,
        held=4,
        last="Rapat koordinasi",
        last_on="2024-07-25",
        coming="Rapat evaluasi",
        coming_on="2024-08-20",
        asked=12,
        answered=8,
    ),
    work=Work(total=68, begun=41, done=17, blocked=3, late=5, activities=23, came=None),
    proposed=7,
    activities_week=5,
    heard=heard(23, 9, 184, 151),
    moved=Moved(
        gained=Change(labels=Labels(id="Jamban sehat", en="Healthy toilets"), count=17, of=23),
        lost=Change(labels=Labels(id="Anak usia sekolah bersekolah", en="Children in school"), count=5, of=164),
    ),
    total=outcome("70.2", "60.4", "66.1", "74.9"),
    loci=[
        LokusLine(name="Gedong Dalem", outcome=outcome("68.4", "59.0")),
        LokusLine(name="Sukmajaya", outcome=outcome("71.9", "61.8")),
    ],
    rows=[
        row("Kelembagaan dan perencanaan lintas sektor", NO_NEEDS, work(), outcome("82.5", "60.0"), said=heard()),
        row("Data sasaran", served(34, 34), work(2, 2), outcome("96.5", "71.0")),
        row("Pelaksanaan fisik dan non-fisik", served(12, 9), work(6, 4), outcome(None, None, "0", "100")),
        row("Peran, akses, kontrol, manfaat, dan reaksi warga", served(None, None, hidden=True), work(3), HIDDEN),
        row(
            "Kesehatan", served(52, 30), work(30, 21), outcome("72.0", "64.1", "68.2", "76.0"), said=heard(6, 4, 72, 61)
        ),
        row("Pendidikan", served(34, None, hidden=True), work(20, 12), outcome("75.0", "70.2"), said=heard(4, 2)),
        row("Ekonomi", served(84, 51), work(51, 14), outcome("45.8", "44.9", "39.9", "55.0"), said=heard(8, 3, 65, 38)),
        row("Rumah dan lingkungan", served(124, 71), work(71, 38), outcome("53.4", "41.2", "49.0", "60.0")),
        row("Dokumen kependudukan", served(42, 40), work(40, 29), outcome("87.5", "69.3", "84.0", "89.0")),
        row("Perlindungan perempuan dan anak", served(26, 9), work(9, 2), outcome("56.9", "58.5", "44.2", "69.6")),
        row("Anak dan pengasuhan", served(18, 6), work(7, 3), outcome("79.0", "74.9", "77.0", "83.0")),
        row("Inovasi dan kemitraan", NO_NEEDS, work(), outcome("55.0", "55.0")),
        row("Keberlanjutan", NO_NEEDS, work(), outcome(None, None, "0", "100")),
        row("Perempuan", served(87, 49), work(49, 22, came=212), outcome("61.3", "57.0", "55.0", "70.0"), "women"),
        row("Anak", served(52, 35), work(35, 21, came=87), outcome("79.0", "72.4", "75.5", "82.0"), "children"),
    ],
    decisions=[
        Decision(
            kind="gap",
            whose="Disperkim",
            by="2024-08-16",
            count=22,
            labels=Labels(id="Jamban sehat", en="Healthy toilets"),
            lokus="Gedong Dalem",
        ),
        Decision(kind="unanswered", whose="Dinsos", by="2024-08-16", count=18, since="2024-07-29"),
        Decision(kind="representative", whose="", by="2024-09-02", count=2),
    ],
)
