"""The form that goes to the field: an instrument's own survey, with the choice of a family in front of it.

A workbook asks about *a* family. A cadre visits *this* one: she picks it from the list on her phone, says how the visit
ended, and what the list knows is filled in for her. What she corrects comes back as a new version of that entity.
Sources: XLSForm specification (select_one_from_file, trigger, entities), ODK entities 2024.1.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from selaras.errors import InputError
from selaras.odk.convert import Identity
from selaras.odk.nik import INVENTED
from selaras.odk.sheets import Sheet, Sheets
from selaras.odk.submission import Envelope, texts_near
from selaras.odk.table import Table, as_table
from selaras.odk.xlsform import ALIASES, DEFAULT_LANGUAGE, form_sheets, read_xlsform

#: The list of families on the phone: `keluarga.csv`, with the columns name, label, __version and those of PROPERTIES.
DATASET = "keluarga"
PROPERTIES = ("code", "head_name", "address", "rw", "rt")
#: Our own names begin so; a workbook that uses one of them is refused by the doubled name.
LISTED, FAMILY, OUTCOME, MODE = "sl_ada_di_daftar", "sl_keluarga", "sl_hasil", "sl_cara"
#: What the family's photos may be used for; asked where the survey takes any.
PHOTO_USES, USES_COLUMN, USUAL_USE = "sl_izin_foto", "izin_foto", "juri"
#: Whether the head of the family has a NIK, and which; asked where the year asks for NIK and the survey does not.
NIK_SAID, NIK = "sl_nik_punya", "sl_nik"
NIK_HAS, NIK_NONE, NIK_REFUSED = "punya", "belum", "menolak"
#: What the phone's clock said when the form was begun and finished.
BEGUN, DONE = "sl_mulai", "sl_selesai"
YES, NOT_YET, MET = "ya", "belum", "bertemu"
_ENGLISH = "English (en)"
Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Texts:
    """A label in Indonesian and English."""

    id: str
    en: str


#: Property -> our own question, asked of a new family where the survey has none of its own.
OWN_ITEMS = {
    "head_name": ("sl_nama", Texts("Nama kepala keluarga", "Name of the head of the family")),
    "address": ("sl_alamat", Texts("Alamat rumah", "Home address")),
    "rw": ("sl_rw", Texts("RW", "RW (neighbourhood)")),
    "rt": ("sl_rt", Texts("RT", "RT (block)")),
}
#: How a visit may end, as asked.
OUTCOMES = (
    (MET, Texts("Bertemu dan didata", "Met and interviewed")),
    ("tidak_di_rumah", Texts("Tidak di rumah", "Nobody at home")),
    ("pindah", Texts("Sudah pindah", "Moved away")),
    ("menolak", Texts("Tidak bersedia", "Unwilling")),
    ("tidak_ditemukan", Texts("Rumah tidak ditemukan", "House not found")),
    ("meninggal", Texts("Meninggal, tidak ada anggota lain", "Died, nobody else lives here")),
)
NIK_LABEL = Texts("Kepala keluarga sudah punya NIK?", "Does the head of the family have a NIK?")
NIK_HINT = Texts(
    "Belum punya NIK bukan kesalahan: itu temuan yang dibantu pengurusannya. Boleh dilewati.",
    "Having none yet is no mistake: it is a finding that we help with. It may be skipped.",
)
NIK_NUMBER = Texts("NIK kepala keluarga", "NIK of the head of the family")
NIK_WHERE = Texts("16 angka di KTP atau KK.", "16 digits, on the identity card or family card.")
NIK_ANSWERS = (
    (NIK_HAS, Texts("Punya, ini nomornya", "Yes, and this is the number")),
    (NIK_NONE, Texts("Belum punya", "Not yet")),
    (NIK_REFUSED, Texts("Tidak mau menyebut", "Would rather not say")),
)
#: What photos may be used for, as asked.
USES = (
    (USUAL_USE, Texts("Dilihat tim juri", "Seen by the jurors")),
    ("laporan", Texts("Dimuat dalam laporan program", "Printed in the programme's reports")),
    (
        "publik",
        Texts("Ditampilkan kepada umum, misalnya di media sosial", "Shown to the public, as on social media"),
    ),
)


@dataclass(frozen=True, slots=True)
class NikPart:
    """How a form treats NIK: `on` asks, off leaves out what the survey asks of it, None leaves the survey as it is.

    `own` are the survey's own questions for a NIK, each with the one for the day of birth beside it ('' where none);
    `region` are the first digits of numbers that are issued here, `3672`.
    """

    on: bool | None = None
    own: Mapping[str, str] = field(default_factory=dict)
    region: str = ""

    @property
    def ours(self) -> bool:
        """Whether our own question is asked."""
        return bool(self.on) and not self.own


AS_IT_IS = NikPart()


def field_form(
    sheets: Sheets,
    identity: Identity,
    items: Mapping[str, str],
    *,
    prefill: tuple[str, ...] = (),
    nik: NikPart = AS_IT_IS,
) -> str:
    """The XForm that phones load.

    `sheets` are a published workbook's, `identity` what this round calls the form. `items` maps questions of the survey
    to PROPERTIES: they are filled from the list and saved to it. `prefill` are further questions outside of repeats
    that the list carries from the last round. A workbook with its own sheet `entities` keeps its own list.
    Raises InputError with what pyxform says.
    """
    found = dict(form_sheets(sheets))
    survey = as_table(found["survey"], ALIASES)
    if "entities" not in found:
        found["entities"] = _entities(items)
        photos = any(_is_photo(_plain(row.cells, survey)) for row in survey)
        found["choices"] = _with_choices(found.get("choices"), photos=photos, nik=nik)
        found["survey"] = _with_family(survey, items, prefill, photos=photos, nik=nik)
    found["settings"] = _settings(found.get("settings"), identity)
    reading = read_xlsform(Sheets(sheets.name, found), strict=False, identity=identity)
    if reading.form is None:
        raise InputError([problem for problem in reading.problems if problem.level == "error"])
    return reading.form.xform


def _from_list(column: str) -> str:
    return f"instance('{DATASET}')/root/item[name = ${{{FAMILY}}}]/{column}"


def _with_family(
    survey: Table, items: Mapping[str, str], prefill: tuple[str, ...], *, photos: bool, nik: NikPart
) -> Sheet:
    """Our questions first, then the workbook's own in one group that is asked where somebody was met."""
    languages = survey.languages or ("",)
    own = [_plain(row.cells, survey) for row in survey]
    for cells in own:
        name = cells.get("name", "")
        if name in items or name in prefill:
            cells["calculation"] = _from_list(items.get(name, name))
            cells["trigger"] = f"${{{FAMILY}}}"
        if name in items:
            cells["save_to"] = items[name]
    own = [each for cells in own for each in _with_nik(cells, nik, languages)]
    opening = _opening(languages, items, photos=photos, nik=nik)
    return _sheet("survey", [*opening, *own, {"type": "end_group", "name": "sl_pertanyaan"}])


def _is_photo(cells: Cells) -> bool:
    return cells.get("type", "").split()[:1] in (["image"], ["photo"])


def _with_nik(cells: Cells, nik: NikPart, languages: tuple[str, ...]) -> list[Cells]:
    """A row of the survey; where it asks for a NIK, not asked at all or with what may not fit below it."""
    name = cells.get("name", "")
    if name not in nik.own or nik.on is None:
        return [cells]
    if nik.on:
        return [cells, *_nik_doubts(name, nik.own[name], nik.region, languages)]
    return [{key: text for key, text in cells.items() if key != "required"} | {"relevant": "false()"}]


def _nik_doubts(name: str, born: str, region: str, languages: tuple[str, ...]) -> list[Cells]:
    """What is said below a NIK that may not fit: never an error, the form can go on. As `odk.nik` doubts it."""
    number = f"${{{name}}}"
    some = f"{number} != '' and not(starts-with({number}, '{INVENTED}'))"
    day, month = "([04][1-9]|[1256][0-9]|[37][01])", "(0[1-9]|1[0-2])"
    shaped = f"regex({number}, '^[0-9]{{6}}{day}{month}[0-9]{{6}}$')"
    found = [
        (
            "bentuk",
            f"{some} and not({shaped})",
            Texts(
                "NIK ini perlu diperiksa lagi: biasanya 16 angka, angka ke-7 sampai ke-12 tanggal lahirnya "
                "(perempuan ditambah 40). Tetap boleh disimpan.",
                "Look at this NIK again: it usually has 16 digits, the 7th to 12th are the day of birth "
                "(plus 40 for women). It can be saved all the same.",
            ),
        )
    ]
    if region:
        elsewhere = f"substr({number}, 0, {len(region)}) != '{region}'"
        label = Texts(
            "NIK ini diterbitkan di daerah lain; wajar bila pernah pindah.",
            "This NIK was issued elsewhere; that is usual for who has moved.",
        )
        found.append(("daerah", f"{some} and {shaped} and {elsewhere}", label))
    if born:
        date = f"${{{born}}}"
        day_differs = f"number(substr({number}, 6, 8)) mod 40 != number(format-date({date}, '%d'))"
        month_differs = f"substr({number}, 8, 12) != format-date({date}, '%m%y')"
        label = Texts(
            "Tanggal lahir di NIK ini lain dari yang tertulis; periksa keduanya.",
            "The day of birth in this NIK is another than the one written; look at both.",
        )
        differs = f"{some} and {shaped} and {date} != '' and ({day_differs} or {month_differs})"
        found.append(("lahir", differs, label))
    stem = name if name.startswith("sl_") else f"sl_{name}"
    return [
        {"type": "note", "name": f"{stem}_{kind}", "relevant": relevant, **_labels("label", label, languages)}
        for kind, relevant, label in found
    ]


def _nik_asked(nik: NikPart, languages: tuple[str, ...]) -> list[Cells]:
    """Our own question for the head of the family, where somebody was met."""
    return [
        {
            "type": f"select_one {NIK_SAID}",
            "name": NIK_SAID,
            **_labels("label", NIK_LABEL, languages),
            **_labels("hint", NIK_HINT, languages),
            "relevant": f"${{{OUTCOME}}} = '{MET}'",
        },
        {
            "type": "text",
            "name": NIK,
            **_labels("label", NIK_NUMBER, languages),
            **_labels("hint", NIK_WHERE, languages),
            "appearance": "numbers",
            "relevant": f"${{{NIK_SAID}}} = '{NIK_HAS}'",
        },
        *_nik_doubts(NIK, "", nik.region, languages),
    ]


def _opening(languages: tuple[str, ...], items: Mapping[str, str], *, photos: bool, nik: NikPart) -> list[Cells]:
    def asked(kind: str, name: str, label: Texts, **more: str) -> Cells:
        return {"type": kind, "name": name, **_labels("label", label, languages), **more}

    choose = Texts("Keluarga yang mana?", "Which family?")
    hint = _labels("hint", Texts("Ketik nama atau kodenya.", "Type the name or the code."), languages)
    return [
        {"type": "start", "name": BEGUN},
        {"type": "end", "name": DONE},
        asked("begin_group", "sl_kunjungan", Texts("Kunjungan", "Visit"), appearance="field-list"),
        asked(
            "select_one sl_terdaftar",
            LISTED,
            Texts("Keluarga ini sudah ada di daftar Anda?", "Is this family on your list already?"),
            required="yes",
        ),
        asked(
            f"select_one_from_file {DATASET}.csv",
            FAMILY,
            choose,
            required="yes",
            relevant=f"${{{LISTED}}} = '{YES}'",
            appearance="minimal autocomplete",
            **hint,
        ),
        asked("select_one sl_hasil", OUTCOME, Texts("Hasil kunjungan", "How the visit ended"), required="yes"),
        asked(
            "select_one sl_cara",
            MODE,
            Texts("Di mana keluarga didata?", "Where is the family interviewed?"),
            required="yes",
            relevant=f"${{{OUTCOME}}} = '{MET}'",
        ),
        # What a new family is called and where it lives, where the survey itself does not ask.
        *(
            asked("text", name, label, required="yes", save_to=saved, relevant=f"${{{LISTED}}} = '{NOT_YET}'")
            for saved, (name, label) in OWN_ITEMS.items()
            if saved not in items.values()
        ),
        *(_nik_asked(nik, languages) if nik.ours else ()),
        *(_photo_uses(languages) if photos else ()),
        {"type": "end_group", "name": "sl_kunjungan"},
        asked(
            "begin_group",
            "sl_pertanyaan",
            Texts("Pertanyaan", "Questions"),
            relevant=f"${{{OUTCOME}}} = '{MET}'",
        ),
    ]


def _photo_uses(languages: tuple[str, ...]) -> list[Cells]:
    """Consent, for photos alone and for each use; of a family on the list what it said last."""
    label = Texts("Foto dari rumah ini boleh dipakai untuk apa?", "What may photos of this home be used for?")
    hint = Texts(
        "Bacakan satu per satu. Boleh tidak ada yang dicentang, dan dapat dicabut kapan saja di kelurahan.",
        "Read them out one by one. None may be ticked, and it can be withdrawn at any time at the kelurahan.",
    )
    return [
        {
            "type": f"select_multiple {PHOTO_USES}",
            "name": PHOTO_USES,
            **_labels("label", label, languages),
            **_labels("hint", hint, languages),
            "default": USUAL_USE,
            "calculation": _from_list(USES_COLUMN),
            "trigger": f"${{{FAMILY}}}",
            "relevant": f"${{{OUTCOME}}} = '{MET}'",
        }
    ]


def _with_choices(choices: Sheet | None, *, photos: bool, nik: NikPart) -> Sheet:
    table = as_table(choices, ALIASES) if choices is not None else None
    languages = (table.languages if table is not None else ()) or ("",)
    own = [_plain(row.cells, table) for row in table] if table is not None else []

    def listed(name: str, rows: tuple[tuple[str, Texts], ...]) -> list[Cells]:
        return [{"list_name": name, "name": key, **_labels("label", text, languages)} for key, text in rows]

    yes, not_yet = Texts("Ya, sudah ada", "Yes, it is"), Texts("Belum, keluarga baru", "No, a new family")
    home, group = Texts("Di rumahnya", "At home"), Texts("Bersama di posyandu", "Together at the posyandu")
    return _sheet(
        "choices",
        [
            *listed("sl_terdaftar", ((YES, yes), (NOT_YET, not_yet))),
            *listed("sl_hasil", OUTCOMES),
            *listed("sl_cara", (("phone", home), ("group", group))),
            *(listed(NIK_SAID, NIK_ANSWERS) if nik.ours else ()),
            *(listed(PHOTO_USES, USES) if photos else ()),
            *own,
        ],
    )


def _entities(items: Mapping[str, str]) -> Sheet:
    by_property = {saved: name for name, saved in items.items()}
    called = by_property.get("head_name", OWN_ITEMS["head_name"][0])
    parts = [f"${{{by_property['code']}}}", "' '"] if "code" in by_property else []
    label = f"concat({', '.join([*parts, f'${{{called}}}'])})" if parts else f"${{{called}}}"
    met = f"${{{OUTCOME}}} = '{MET}'"
    return _sheet(
        "entities",
        [
            {
                "dataset": DATASET,
                "entity_id": f"coalesce(${{{FAMILY}}}, uuid())",
                "create_if": f"${{{LISTED}}} = '{NOT_YET}' and {met}",
                "update_if": f"${{{LISTED}}} = '{YES}' and {met}",
                "label": label,
            }
        ],
    )


def _settings(settings: Sheet | None, identity: Identity) -> Sheet:
    table = as_table(settings, ALIASES) if settings is not None else None
    cells = _plain(table.rows[0].cells, table) if table is not None and table.rows else {}
    cells |= {"form_id": identity.id, "form_title": identity.title, "version": identity.version}
    cells.setdefault("default_language", identity.default_language or DEFAULT_LANGUAGE)
    return _sheet("settings", [cells])


def _plain(cells: tuple[str, ...], table: Table) -> Cells:
    """One row by its columns' plain spelling; a column without a language of a sheet with some keeps its own."""
    said = {}
    for (base, language), header in table.columns.items():
        if header.index < len(cells) and cells[header.index]:
            said[f"{base}::{language}" if language else base] = cells[header.index]
    return said


def _labels(base: str, text: Texts, languages: tuple[str, ...]) -> Cells:
    return {
        f"{base}::{language}" if language else base: text.en if language == _ENGLISH else text.id
        for language in languages
    }


def _sheet(name: str, rows: list[Cells]) -> Sheet:
    header = tuple(dict.fromkeys(column for row in rows for column in row))
    return Sheet(name, (header, *(tuple(row.get(column, "") for column in header) for row in rows)))


def family_named(envelope: Envelope) -> UUID | None:
    """Which family a filled form says that it is about, known to us or not: the one picked, else its entity's id."""
    picked = texts_near(envelope, {FAMILY}).get(FAMILY, "")
    marked = next((mark.id for mark in envelope.entities if mark.dataset == DATASET), "")
    try:
        return UUID((picked or marked).removeprefix("uuid:"))
    except ValueError:
        return None


_IN_BYTES = re.compile(
    rf"<{FAMILY}>\s*(?:uuid:)?([0-9a-f-]{{36}})|<entity\b[^>]*\bid=[\"'](?:uuid:)?([0-9a-f-]{{36}})".encode(), re.I
)


def family_in(broken: bytes) -> UUID | None:
    """The same of bytes that are no XML any more, as far as they say it: who erases a family must find them too."""
    found = _IN_BYTES.search(broken)
    try:
        return UUID(next(filter(None, found.groups())).decode()) if found is not None else None
    except ValueError:
        return None
