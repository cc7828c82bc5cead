"""What stands on a page that opens: never a family that is not hers, never a small count of health."""

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from django.test import Client

from selaras.models.sessions import DEVICE, SEEN
from selaras.reports.letters import PAPERS
from tests.pdf import pdf_text
from tests.web.doors.answers import Answer
from tests.web.doors.asking import BRIEF, brief
from tests.web.doors.table import HEALTH, LOCAL, NAMES, NOT_SO, TABLE
from tests.web.doors.world import (
    CODES,
    COUGHING,
    FAMILIES,
    MEMBERS_OF_STAFF,
    NEXT,
    OWN,
    PREFIXES,
    World,
    head_name,
    street,
)

pytestmark = pytest.mark.django_db
_CODE = re.compile(rf"\b(?:{'|'.join(PREFIXES.values())})-\d{{3}}\b")
_NAME = re.compile(r"Zubaidah(?:[A-Z]{2}\d\d)?")


@pytest.fixture
def _brief() -> Iterator[None]:
    """Only what opens is read here: a refusal may be a word."""
    with brief():
        yield


def text_of(content: bytes) -> str:
    """A body as text; of a workbook, all its parts; of a PDF, what can be read in it and what it says of itself."""
    if content.startswith(b"%PDF-1.7\n"):
        return pdf_text(content)
    if content.startswith((b"\x89PNG", b"\xff\xd8\xff", b"%PDF- ")):
        # What we draw says what the same template says as PDF (tests/reports); photos and scans are as they were given.
        return ""
    if not content.startswith(b"PK"):
        # The form for imports shows how a code looks.
        return content.decode().replace("misalnya GD-001", "")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = [name for name in packed.namelist() if name.endswith((".xml", ".rels"))]
        return "\n".join(packed.read(name).decode() for name in parts)


def pages(planted: World, who: str, area: str, *, asks: bool, of: str = "") -> dict[str, str]:
    """Every page of that area that opens for her, or those with `of` in their address; with `asks` she has asked for
    the names first. Pages of a year are asked once: its two areas have them at the same address."""
    client = planted.client(who)
    shown = asks and asked_for_names(client, planted.address("names", area))
    addresses = addresses_of(planted, area)
    if area == NEXT and not asks:
        addresses -= addresses_of(planted, OWN)
    if who != "secretariat":
        # A PDF says what its DOCX says (tests/reports) and is dear to draw: she alone is asked for both.
        addresses -= {address for address in addresses if f"{address.removesuffix('pdf')}docx" in addresses}
    if asks:
        # Who asked for names is given them on pages: a letter says the same as before, and its DOCX what its PDF does.
        # The list of a browser names them whether asked or not.
        addresses = {address for address in addresses if not address.endswith((".pdf", "/keluarga.csv"))}
    here = [address for address in sorted(addresses) if of in address]
    if shown:
        answers = {address: Answer.of(client.get(address)) for address in here}
    else:
        answers = {address: answered(planted, who, client, address) for address in here}
    return {address: text_of(answer.body) for address, answer in answers.items() if answer.status == 200}


def asked_for_names(client: Client, address: str) -> bool:
    """Ask for the names. Whether anything is otherwise for her now: names hang on her session (web/naming.py), so who
    was refused, and in whose session nothing else is written than before, is answered as if she had not asked."""
    noted = {SEEN, DEVICE}
    before = {key: value for key, value in client.session.items() if key not in noted}
    refused = client.post(address, {"nama": "tampil"}).status_code in BRIEF
    return not refused or before != {key: value for key, value in client.session.items() if key not in noted}


def answered(planted: World, who: str, client: Client, address: str) -> Answer:
    """What she is answered there, as another test has read it or as it is read now."""
    if (who, address) not in planted.answers:
        planted.answers[who, address] = Answer.of(client.get(address))
    return planted.answers[who, address]


def addresses_of(planted: World, area: str) -> set[str]:
    """Every page of that area; a door that only takes forms shows nobody any: its method is looked at first, and that
    it says 405 to everybody is asked in test_doors.py."""
    addresses = {planted.address(name, area) for name in LOCAL if TABLE[name].get is not NOT_SO}
    for name in ("indicator", "indicator_numbers"):
        addresses |= {
            planted.address(name, area, each, kind) for each in ("batuk", "jamban") for kind in ("csv", "xlsx")
        }
    addresses |= {f"{planted.address('indicator', area, 'batuk')}?semua=1"}
    addresses |= papers(planted, area)
    addresses |= {f"{planted.address('households', area)}?cari={query}" for query in ("Zubaidah", "01/03", "GD")}
    return addresses


def papers(planted: World, area: str) -> set[str]:
    """Every letter of the meeting and each agency's sheet, as PDF and as DOCX."""
    meeting = planted.address("meeting_paper", area).rpartition("/")[0]
    sheets = {planted.address(name, area).rpartition(".")[0] for name in ("agency_sheets", "agency_sheet")}
    letters = {f"{meeting}/{paper}" for paper in PAPERS}
    return {f"{each}.{suffix}" for each in sheets | letters for suffix in ("pdf", "docx")}


def entitled(who: str, area: str) -> set[str]:
    """The codes of the families that she works with: a cadre's live in her RW."""
    if who not in NAMES[area]:
        return set()
    numbers = range(1, FAMILIES[area] + 1)
    return {f"{PREFIXES[area]}-{number:03}" for number in numbers if who != "cadre" or number % 2}


def answered_for(who: str, area: str) -> set[str]:
    """The codes of the families whom a signed-in liaison's page of asks names: Dinkes was asked of those who cough."""
    if who not in HEALTH[area]:
        return set()
    return {f"{PREFIXES[each]}-{number:03}" for each in (OWN, NEXT) for number in range(1, COUGHING + 1)}


@pytest.mark.usefixtures("_brief")
@pytest.mark.parametrize("area", CODES)
def test_codes_are_only_of_families_that_she_works_with_and_names_of_nobody(planted: World, area: str) -> None:
    for who in MEMBERS_OF_STAFF:
        for address, text in pages(planted, who, area, asks=False).items():
            allowed, named, homes = entitled(who, area), set(), set()
            if "/lokus/" not in address and area in {OWN, NEXT}:
                allowed = entitled(who, OWN) | entitled(who, NEXT)
            if who in HEALTH[area] and re.search("/(kebutuhan|komitmen)/", address):
                allowed = answered_for(who, area)
            if address.endswith("/jawab/"):
                allowed = answered_for(who, area)
                named, homes = {f"Zubaidah{code[:2]}{code[4:]}" for code in allowed}, {OWN, NEXT}
            if address.endswith("/keluarga.csv"):
                # What a browser carries along to fill in forms: by name, and of nobody else.
                at_home = {(code, PREFIXES[each]) for code in allowed for each in CODES if code[:2] == PREFIXES[each]}
                named = {f"Zubaidah{code[:2]}{code[4:]}" for code, _prefix in at_home}
                homes = {each for each in CODES if PREFIXES[each] in {prefix for _code, prefix in at_home}}
            if who in HEALTH[area] and "/batuk/" in address:
                allowed = {f"{PREFIXES[area]}-{number:03}" for number in range(1, FAMILIES[area] + 1)}
            assert set(_CODE.findall(text)) - allowed == set(), (who, address)
            if address.endswith("/masalah.xlsx"):
                # The sheet of who imports comes back as it was given, to nobody else (see the table).
                continue
            names = set(_NAME.findall(text)) - ({"Zubaidah"} if "cari=" in address else set())
            streets = {each for each in CODES if street(each) in text}
            assert (names, streets) == (named, homes if named else set()), (who, address)


@pytest.mark.usefixtures("_brief")
@pytest.mark.parametrize("area", [OWN, NEXT])
def test_names_that_were_asked_for_are_only_of_families_that_she_works_with(planted: World, area: str) -> None:
    for who in ("administrator", "liaison", "juror", *sorted(NAMES[OWN])):
        allowed = {head_name(area, int(code[3:])) for code in entitled(who, area)} | {"Zubaidah"}
        allowed |= {f"Zubaidah{code[:2]}{code[4:]}" for code in answered_for(who, area)}
        shown = set()
        for address, text in pages(planted, who, area, asks=True).items():
            assert set(_NAME.findall(text)) - allowed == set(), (who, address)
            shown |= set(_NAME.findall(text))
        assert shown - {"Zubaidah"} == allowed - {"Zubaidah"}, who


def test_a_small_count_of_health_is_told_to_its_agency_alone(planted: World) -> None:
    """Three of twelve families: as a sentence, a share, a bar or a column of the file."""
    telling = re.compile(r"\b3 dari 12\b|\b25(?:,0)?\u00a0%|^ya,3\b|\b9 dari 12\b", re.MULTILINE)
    told = set()
    for who in MEMBERS_OF_STAFF:
        found = pages(planted, who, OWN, asks=False, of="batuk")
        told |= {(who, address) for address, text in found.items() if telling.search(text)}

    assert {who for who, _address in told} == {"liaison"}
    assert {address.rpartition("/")[2] for _who, address in told} >= {"", "angka.csv"}


def test_a_small_class_is_counted_for_those_who_work_with_the_families_alone(planted: World) -> None:
    line = re.compile(r"Golongan (\w+)</span><span>(?:<b>(\d+)</b>)?")
    shown = {
        who: dict(line.findall(planted.client(who).get(planted.address("lokus")).content.decode()))
        for who in MEMBERS_OF_STAFF
    }
    found = {who: counts for who, counts in shown.items() if who in NAMES[OWN]}
    others = {who: counts for who, counts in shown.items() if who not in NAMES[OWN]}

    assert {tuple(sorted(each.items())) for each in found.values()} == {(("Safir", "9"), ("Zamrud", "3"))}
    assert {tuple(sorted(each.items())) for each in others.values()} == {(("Safir", ""), ("Zamrud", ""))}


def test_a_lurah_reads_no_score_of_her_neighbour(planted: World) -> None:
    """The year's page names every lokus; the number belongs to who may open it."""
    cards = {
        who: planted.client(who).get(planted.address("cycle")).content.decode().count('<p class="figure">')
        for who in ("secretariat", "camat", "lurah", "cadre", "juror")
    }

    assert cards == {"secretariat": 2, "camat": 2, "lurah": 1, "cadre": 1, "juror": 2}


def test_no_page_sets_a_style_or_a_script_of_its_own_and_every_answer_carries_the_policy(planted: World) -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=\"|javascript:", re.IGNORECASE)
    for who in ("administrator", "secretariat", "idle", "stranger"):
        client = planted.client(who)
        for address in [*(planted.address(name) for name in TABLE), "/tidak/ada/", "/\0/", "/static/tidak-ada.css"]:
            answer = planted.answers.get((who, address))
            if answer is None or answer.status in BRIEF:
                # Other tests were refused in a word; here with the whole page.
                answer = Answer.of(client.get(address))
            kind = answer.headers.get("Content-Type", "")
            policy = answer.headers["Content-Security-Policy"]
            assert "'self'" in policy or policy.endswith("sandbox"), address
            assert answer.headers["X-Frame-Options"] == "DENY", address
            assert not (kind.startswith("text/html") and inline.search(answer.body.decode())), address
    unknown = planted.client("stranger").get("/masuk/", headers={"host": "lain.example"})
    assert (unknown.status_code, "'self'" in unknown.headers.get("Content-Security-Policy", "")) == (400, True)


def test_pages_with_families_are_kept_by_no_browser(planted: World) -> None:
    client = planted.client("secretariat")
    kept = {
        name
        for name in ("households", "household", "targets", "indicator", "import", "indicator_numbers")
        if "no-store" not in client.get(planted.address(name)).headers.get("Cache-Control", "")
    }

    assert kept == set()


def test_the_cookie_of_a_session_is_for_the_server_alone(planted: World) -> None:
    client = planted.client("stranger")
    user = planted.people["idle"]
    client.post("/masuk/", {"login": user.username, "password": "kenanga-lumbung-9174"})
    session, form = client.cookies["sessionid"], client.cookies["csrftoken"]

    assert (session["httponly"], session["samesite"], session["path"]) == (True, "Lax", "/")
    assert (form["httponly"], form["samesite"]) == (True, "Lax")
