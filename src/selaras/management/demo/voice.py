"""Some families of the demo have said what they received, who holds it, and what their women answer. All invented."""

from collections.abc import Iterator
from datetime import date
from itertools import cycle as again

from selaras.actions.confirmations import say_holding, say_received, say_woman
from selaras.actions.family_sheets import set_contact
from selaras.models import User
from selaras.queries.family_voice import FamilyVoicePage, family_voice_page
from selaras.queries.voice import voice_page

#: The visit in which they were asked.
ROUND, DAY = "visit-1", date(2024, 7, 10)
#: So many families have been asked.
ASKED = 14
#: What the family in a row says: received by her own word, not yet, or a husband's word, which does not count.
_SAID = ((True, "ibu"), (True, "ibu"), (False, "ibu"), (True, "ibu"), (True, "lain"))
_HELD = (("perempuan", "perempuan"), ("bersama", "perempuan"), ("laki_laki", "laki_laki"), ("kantor", "tidak_dipakai"))
_WOMEN = (
    (("rumah", "kelompok"), "ya", "bersama", "cukup"),
    (("rumah",), "kadang", "ibu", "sangat"),
    ((), "tidak", "suami", "sedikit"),
)


def voice(slug: str, code: str, by: User) -> None:
    """Ask the first families of that lokus to whom something was promised."""
    set_contact(by=by, cycle_slug=slug, code=code, name="Kelurahan (contoh), Bu Rina", phone="0254 000000")
    said, held, women = again(_SAID), again(_HELD), again(_WOMEN)
    for household in voice_page(by, slug, code).to_ask[:ASKED]:
        where = {"cycle_slug": slug, "code": code, "household": household}
        page = family_voice_page(by, **where, round_slug=ROUND)
        received, who = next(said)
        answers = {line.id: received for line in page.sheet.promises[:2]}
        say_received(by=by, **where, answers=answers, said=who, from_paper=True, on=DAY)
        if received and who == "ibu":
            holder, user = next(held)
            for commitment in list(answers)[:1]:
                say_holding(
                    by=by, **where, round_slug=ROUND, commitment=commitment, kind="alat", held_by=holder, used_by=user,
                    on=DAY,
                )  # fmt: skip
        _answer(by, where, page, women)


def _answer(
    by: User,
    where: dict[str, str],
    page: FamilyVoicePage,
    answers: Iterator[tuple[tuple[str, ...], str, str, str]],
) -> None:
    """Her first woman answers the four questions."""
    for line in page.women[:1]:
        role, access, control, benefit = next(answers)
        say_woman(
            by=by, **where, round_slug=ROUND, woman=line.uuid, role=role, access=access, control=control,
            benefit=benefit, on=DAY,
        )  # fmt: skip
