"""A small sound instrument that tests break in one place at a time."""

# ruff: noqa: E501  (a table is read across: its rows may be long)

from tests.build_workbook import Cell, Sheet, table, workbook

SAMPLE: dict[str, Sheet] = {
    "instrument": """
        | key        | value             |
        | id         | contoh            |
        | version    | 2024.1            |
        | title      | Instrumen contoh  |
        | scale      | 100               |
        | valid_from | 2024-01-01        |
        """,
    "survey": """
        | type                    | name    | label                        | relevant        | constraint       | calculation |
        | integer                 | jumlah  | Berapa orang di rumah ini?   |                 | . >= 1 and . < 40 |            |
        | select_one jamban       | jamban  | Jamban apa yang dipakai?     |                 |                  |             |
        | select_multiple bantuan | bantuan | Bantuan apa yang diterima?   |                 |                  |             |
        | decimal                 | iuran   | Iuran sebulan?               | ${jumlah} > 0   |                  |             |
        | begin repeat            | member  | Anggota                      |                 |                  |             |
        | text                    | nama    | Nama                         |                 |                  |             |
        | integer                 | umur    | Umur                         |                 | . >= 0           |             |
        | select_one ya_tidak     | sekolah | Apakah bersekolah?           | ${umur} >= 7    |                  |             |
        | end repeat              |         |                              |                 |                  |             |
        | calculate               | ganda   |                              |                 |                  | ${jumlah} * 2 |
        """,
    "choices": """
        | list_name | name        | label        |
        | jamban    | leher_angsa | Leher angsa  |
        | jamban    | cemplung    | Cemplung     |
        | ya_tidak  | ya          | Ya           |
        | ya_tidak  | tidak       | Tidak        |
        | bantuan   | pkh         | PKH          |
        | bantuan   | bpnt        | BPNT         |
        """,
    "privacy": """
        | field  | class   | purpose          |
        | jamban | umum    | menilai sanitasi |
        | nama   | pribadi | menyapa          |
        """,
    "calculations": """
        | name    | over      | expression                                     | label         |
        | anak    | household | count(member[${umur} < 18])                    | Banyak anak   |
        | rasio   |           | if(${jumlah} > 0, ${anak} div ${jumlah}, '')    | Rasio anak    |
        | pelajar | member    | ${sekolah} = 'ya'                              | Pelajar       |
        """,
    "classes": """
        | class   | label    | expression               |
        | sehat   | Sehat    | ${jamban} = 'leher_angsa' |
        | rentan  | Rentan   | true()                   |
        """,
    "aspects": """
        | aspect    | parent    | label       | weight |
        | kesehatan |           | Kesehatan   | 60     |
        | sanitasi  | kesehatan | Sanitasi    | 1      |
        | lembaga   |           | Kelembagaan | 40     |
        """,
    "indicators": """
        | indicator | aspect    | label           | weight | from       | rule    | over   | applies_to   | expression                | aggregate | low | high | missing | measure        |
        | jamban    | sanitasi  | Jamban sehat    | 2      | survey     | bands   |        |              | ${jamban} = 'leher_angsa' | share     |     |      | zero    |                |
        | sekolah   | kesehatan | Anak bersekolah | 1      | survey     | linear  | member | ${umur} >= 7 | ${pelajar}                |           | 0.5 | 1    |         |                |
        | iuran     | kesehatan | Iuran           | 1      | survey     | linear  |        |              | ${iuran}                  | mean      | 0   | 5000 |         |                |
        | sk        | lembaga   | SK tim          | 1      | judged     | options |        |              |                           |           |     |      |         |                |
        | saluran   | lembaga   | Saluran ada     | 1      | protection | yes_no  |        |              |                           |           |     |      |         | channel_exists |
        """,
    "bands": """
        | indicator | from | to  | points |
        | jamban    | 0    | 0.5 | 0      |
        | jamban    | 0.5  | 0.8 | 50     |
        | jamban    | 0.8  | 1   | 100    |
        """,
    "options": """
        | indicator | option | label          | points |
        | sk        | a      | Ada SK         | 100    |
        | sk        | b      | Belum ada SK   | 0      |
        """,
}


def rows(sheet: str) -> list[list[Cell]]:
    """A sheet of the sample as rows."""
    content = SAMPLE[sheet]
    return table(content) if isinstance(content, str) else [list(row) for row in content]


def sample(**sheets: Sheet | None) -> bytes:
    """The sample with some sheets replaced, added, or (None) left out."""
    content = {name: sheet for name, sheet in {**SAMPLE, **sheets}.items() if sheet is not None}
    return workbook(content)


def changed(*changes: tuple[str, str, Cell]) -> bytes:
    """The sample with single cells changed: (`sheet`, `B3`, text). A cell may lie outside what is filled."""
    sheets: dict[str, list[list[Cell]]] = {name: rows(name) for name in SAMPLE}
    for sheet, address, text in changes:
        letters = address.rstrip("0123456789")
        column = sum((ord(letter) - 64) * 26**place for place, letter in enumerate(reversed(letters))) - 1
        row = int(address[len(letters) :]) - 1
        content = sheets.setdefault(sheet, [])
        content += [[] for _ in range(row + 1 - len(content))]
        content[row] += [None] * (column + 1 - len(content[row]))
        content[row][column] = text
    return workbook(sheets)
