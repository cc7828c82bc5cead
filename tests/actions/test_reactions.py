"""Who has the whole database, the media, the log and the times of files cannot join an answer to a person.

docs/decisions/0010-reactions-nobody-can-join.md says how it is built; this tries to undo it: what lies on disk while
answers wait, what each answer leaves behind, in which order rows lie after a batch, and what the keys open.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from selaras.actions import activities
from selaras.actions.reaction_pool import SLOT, Said, opened_pool, read_code, sealed_pool, shown_code, unwrapped
from selaras.actions.reactions import answer, forget_unopened, open_box
from selaras.errors import InputError
from selaras.models import (
    Activity,
    AuditEntry,
    CannotUnsealError,
    Cycle,
    DataKey,
    Reaction,
    ReactionBox,
    ReactionReply,
    ReactionSlip,
    ReactionText,
    StoredFile,
    sealing,
)
from selaras.models.files import media_root
from tests import leaks
from tests.build_reactions import activity, printed, say

pytestmark = pytest.mark.django_db

#: Each says something else, so that whatever is found names who said it.
WORDS = [f"kalpataru{number:02}kenari" for number in range(12)]
REPLIES = list(ReactionReply)


def told(number: int) -> dict[str, str]:
    """What the `number`th of them says: her own words, and choices of her own."""
    return {"useful": REPLIES[number % 3], "use": REPLIES[number // 3 % 3], "missing": WORDS[number]}


def rows_of(model: type[models.Model]) -> list[dict[str, object]]:
    return [
        {key: bytes(value) if isinstance(value, memoryview) else value for key, value in row.items()}
        for row in model._default_manager.order_by("pk").values()
    ]


def everything() -> dict[str, list[dict[str, object]]]:
    """Every table with what stands in it."""
    return {model._meta.db_table: rows_of(model) for model in apps.get_models(include_auto_created=True)}


def changed(before: dict[str, list[dict[str, object]]], after: dict[str, list[dict[str, object]]]) -> dict[str, object]:
    """Table → the columns of rows that differ, or how many rows came or went."""
    found: dict[str, object] = {}
    for table, now in after.items():
        was = before[table]
        if len(was) != len(now):
            found[table] = len(now) - len(was)
        elif was != now:
            found[table] = {key for one, two in zip(was, now, strict=True) for key in one if one[key] != two[key]}
    return found


def as_they_lie(table: str, column: str) -> list[str]:
    """A column in the order in which its rows lie on disk."""
    place = "rowid" if connection.vendor == "sqlite" else "ctid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY {place}")
        return [row[0] for row in cursor.fetchall()]


# --- while answers wait -----------------------------------------------------------------------------------------------
def test_an_answer_that_waits_changes_one_sealed_column_of_one_size_and_takes_one_slip_away() -> None:
    codes = printed(activity(), 12).codes
    sizes, seen = set(), []
    for number in range(9):
        before = everything()
        answer(code=codes[number], **told(number))
        seen.append(changed(before, everything()))
        sizes.add(len(bytes(ReactionBox.objects.get().pool or b"")))

    assert seen == [{"selaras_reactionbox": {"pool"}, "selaras_reactionslip": -1}] * 9
    assert sizes == {1 + 12 + 9 * SLOT + 16}
    assert (Reaction.objects.count(), ReactionText.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_no_word_lies_on_disk_before_a_batch_or_after_it() -> None:
    made = activity()
    box = printed(made, 12)
    for number in range(9):
        answer(code=box.codes[number], **told(number))
    assert leaks.found([*WORDS, *box.codes, *map(shown_code, box.codes), box.opener]) == set()
    for number in range(9, 12):
        answer(code=box.codes[number], **told(number))

    assert (ReactionText.objects.count(), ReactionBox.objects.get().pool) == (12, None)
    assert leaks.found([*WORDS, *box.codes, *map(shown_code, box.codes), box.opener]) == set()


def test_the_servers_own_keys_do_not_open_a_box_nor_does_the_paper_alone() -> None:
    box = printed(activity(), 12)
    say(box.codes[:3])
    stored = ReactionBox.objects.select_related("key").get()
    code = read_code(box.codes[5])
    secret = unwrapped(ReactionSlip.objects.filter(opens=False).get(lookup=_lookup(code)).wrapped, code)
    context = f"reaction.pool:{stored.uuid}"

    for key in DataKey.objects.all():
        with pytest.raises(CannotUnsealError):
            key.unseal(bytes(stored.pool or b""), context)
        with pytest.raises(CannotUnsealError):
            sealing.unseal(sealing.together(key.secret(), key.secret()), bytes(stored.pool or b""), context)
    with pytest.raises(CannotUnsealError):
        sealing.unseal(secret, bytes(stored.pool or b""), context)
    assert len(opened_pool(stored, secret)) == 3


def _lookup(code: str) -> str:
    return sealing.from_paper(code, "lookup").hex()


def test_once_a_box_is_closed_nothing_opens_what_waited_in_it() -> None:
    """A copy of the pool from before (a backup, an old page of the file) and every code, after the key is gone."""
    box = printed(activity(), 6)
    slips = {slip.lookup: bytes(slip.wrapped) for slip in ReactionSlip.objects.all()}
    say(box.codes[:5])
    old = ReactionBox.objects.get()
    say(box.codes[5:])
    code = read_code(box.codes[0])
    secret = unwrapped(slips[_lookup(code)], code)

    assert (ReactionBox.objects.get().pool, ReactionSlip.objects.count()) == (None, 0)
    old.key.refresh_from_db()
    with pytest.raises(CannotUnsealError):
        opened_pool(old, secret)


def test_copies_of_the_disk_between_the_answers_have_nothing_in_common() -> None:
    """Not one block of 16 bytes of any pool stands in another: what came last cannot be told by what changed."""
    codes = printed(activity(), 12).codes
    pools = []
    for number in range(9):
        answer(code=codes[number], **told(0))
        pools.append(bytes(ReactionBox.objects.get().pool or b""))
    blocks = [{pool[start : start + 16] for start in range(1, len(pool) - 15)} for pool in pools]

    assert [one & two for one, two in combinations(blocks, 2)] == [set()] * 36


def test_no_file_comes_or_changes_its_time_where_photos_are_kept(settings: Any, tmp_path: Path) -> None:
    # Of this test alone: others keep files elsewhere meanwhile.
    settings.MEDIA_ROOT = str(tmp_path)

    def files() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in [media_root(), *media_root().rglob("*")]}

    StoredFile.store(b"%PDF- lain", "application/pdf")
    box = printed(activity(), 12)
    before = files()
    for number in range(11):
        answer(code=box.codes[number], **told(number))
    open_box(code=box.opener)

    assert files() == before


def test_a_waiting_place_says_nothing_of_whoever_came_first() -> None:
    """Of a pool that somebody opened: each of three stands in each place as often as chance has it."""
    printed(activity(), 12)
    box = ReactionBox.objects.select_related("key").get()
    said = [Said(REPLIES[0], REPLIES[0], word) for word in WORDS[:3]]
    secret = sealing.new_secret()
    firsts: Counter[str] = Counter()
    for _ in range(900):
        box.pool = sealed_pool(box, secret, said)
        firsts[opened_pool(box, secret)[0].missing] += 1

    # 300 each; further off than 90 is one in 10^9.
    assert all(abs(firsts[word] - 300) < 90 for word in WORDS[:3])


# --- what an answer leaves behind -------------------------------------------------------------------------------------
def test_a_batch_leaves_rows_of_one_day_no_entry_and_no_moment() -> None:
    box = printed(activity(), 12)
    for number in range(9):
        answer(code=box.codes[number], **told(number))
    before = everything()
    answer(code=box.codes[9], **told(9))
    seen = changed(before, everything())

    assert seen.pop("selaras_reactiontext") >= 5
    assert seen == {
        "selaras_reactionbox": {"pool", "written"},
        "selaras_reactionslip": -1,
        "selaras_reaction": 10,
    }
    columns = {field.column for model in (Reaction, ReactionText) for field in model._meta.concrete_fields}
    assert columns == {"id", "activity_id", "day", "question", "answer", "key_id", "sealed", "state", "looked_by_id"}
    assert len(set(Reaction.objects.values_list("day", flat=True))) == 1


def test_whoever_closes_a_box_is_not_written_down_nor_when() -> None:
    box = printed(activity(), 12)
    say(box.codes[:6])
    entries = AuditEntry.objects.count()
    open_box(code=box.opener)
    key = ReactionBox.objects.get().key

    assert AuditEntry.objects.count() == entries
    assert key.destroyed_at is not None
    assert (key.destroyed_at.hour, key.destroyed_at.minute, key.destroyed_at.microsecond) == (0, 0, 0)


# --- in which order rows lie ------------------------------------------------------------------------------------------
def batches(count: int) -> Iterator[list[int]]:
    """So many boxes of ten whose words say after whom each came; those written, in the order in which they lie."""
    for _ in range(count):
        ReactionText.objects.all().delete()
        codes = printed(activity(_lokus()), 10).codes
        for number in range(10):
            answer(code=codes[number], **told(number))
        words = {row.sealed and bytes(row.sealed): row for row in ReactionText.objects.select_related("key")}
        lying = as_they_lie("selaras_reactiontext", "sealed")
        texts = [words[bytes(each)] for each in lying]
        yield [WORDS.index(row.key.unseal_text(row.sealed, row.context)) for row in texts]


def _lokus() -> object:
    found = Activity.objects.first()
    return None if found is None else found.lokus


def test_rows_lie_in_no_order_that_tells_after_whom_somebody_came() -> None:
    """All ten of sixty boxes: pairs that lie as they came are half of all, and the last one lies anywhere."""
    alike = last = 0
    for order in batches(60):
        alike += sum(one < two for one, two in combinations(order, 2))
        last += order.index(9) >= 5

    # Of 60 × 45 pairs 1350, with a deviation of 43.3 (the inversions of ten have variance 125/4); 6 of these.
    assert abs(alike - 1350) < 6 * 43.3
    # A coin thrown 60 times: 30, deviation 3.9.
    assert abs(last - 30) < 6 * 3.9


def test_a_womans_answers_lie_nowhere_beside_each_other() -> None:
    """Six say yes to both, six no to both: of what lies at the same place of both, what chance has agrees."""
    agree = 0
    for _ in range(40):
        Reaction.objects.all().delete()
        codes = printed(activity(_lokus()), 12).codes
        for number, code in enumerate(codes):
            reply = REPLIES[0] if number % 2 else REPLIES[2]
            answer(code=code, useful=reply, use=reply)
        asked, given = (as_they_lie("selaras_reaction", column) for column in ("question", "answer"))
        lying = list(zip(asked, given, strict=True))
        one, two = ([reply for question, reply in lying if question == name] for name in ("useful", "use"))
        agree += sum(first == second for first, second in zip(one, two, strict=True))

    # 480 places. Batches of 5 and of 7 say yes as often to both, so that chance has 259 agree; deviation below 11.4.
    assert abs(agree - 259) < 6 * 11.4


def test_who_comes_to_a_full_box_is_not_sooner_or_later_written_than_others() -> None:
    """The tenth sets a batch off, and is among the five of it every other time."""
    among = 0
    for _ in range(60):
        ReactionText.objects.all().delete()
        codes = printed(activity(_lokus()), 12).codes
        for number in range(10):
            answer(code=codes[number], **told(number))
        texts = ReactionText.objects.select_related("key")
        among += WORDS[9] in {row.key.unseal_text(row.sealed, row.context) for row in texts}

    assert abs(among - 30) < 6 * 3.9


# --- never fewer than five --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("people", range(5, 18))
def test_whatever_number_comes_every_batch_is_of_five_or_more_and_nobody_is_left_behind(people: int) -> None:
    made = activity()
    box = printed(made, 20)
    sizes, written = [], 0
    for number in range(people):
        say(box.codes[number : number + 1])
        now = Reaction.objects.filter(question="useful").count()
        sizes, written = [*sizes, now - written], now
    sizes.append(open_box(code=box.opener))

    assert [size for size in sizes if 0 < size < 5] == []
    assert Reaction.objects.filter(question="useful").count() == sum(sizes) == people


@pytest.mark.django_db(transaction=True)
def test_of_many_who_answer_at_the_same_moment_nobody_is_lost_and_no_slip_is_good_twice() -> None:
    box = printed(activity(), 40)

    def one(number: int) -> int:
        try:
            # Each slip twice.
            answer(code=box.codes[number % 18], **told(number % 12))
        except InputError:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(6) as pool:
        taken = sum(pool.map(one, range(36)))

    assert (taken, ReactionSlip.objects.filter(opens=False).count()) == (18, 22)
    open_box(code=box.opener)
    assert Reaction.objects.filter(question="useful").count() == 18


def test_a_box_with_fewer_than_five_stays_closed() -> None:
    box = printed(activity(), 12)
    say(box.codes[:4])
    with pytest.raises(InputError) as refused:
        open_box(code=box.opener)

    assert [problem.code for problem in refused.value.problems] == ["reaction.few"]
    assert Reaction.objects.count() == 0


# --- what time ends ---------------------------------------------------------------------------------------------------
def test_answers_are_taken_for_thirty_days_and_a_box_can_be_opened_for_two_weeks_more() -> None:
    box = printed(activity(), 12)
    say(box.codes[:5])
    today = timezone.localdate()
    ReactionBox.objects.update(closes_on=today - timedelta(days=1))
    with pytest.raises(InputError) as late:
        say(box.codes[5:6])
    assert [problem.code for problem in late.value.problems] == ["reaction.over"]
    assert ReactionSlip.objects.filter(opens=False).count() == 7
    assert forget_unopened() == 0
    ReactionBox.objects.update(closes_on=today - timedelta(days=15))
    with pytest.raises(InputError):
        open_box(code=box.opener)
    ReactionBox.objects.update(closes_on=today - timedelta(days=14))
    assert open_box(code=box.opener) == 5


def test_once_the_year_is_closed_nothing_is_answered_and_what_waits_can_still_be_opened() -> None:
    made = activity()
    box = printed(made, 12)
    say(box.codes[:5])
    Cycle.objects.update(closed_at=timezone.now())
    with pytest.raises(InputError) as late:
        say(box.codes[5:6])

    assert [problem.code for problem in late.value.problems] == ["reaction.over"]
    assert (open_box(code=box.opener), Reaction.objects.filter(question="useful").count()) == (5, 5)


def test_what_nobody_opened_in_time_is_gone_with_its_key() -> None:
    box = printed(activity(), 12)
    say(box.codes[:5])
    ReactionBox.objects.update(closes_on=timezone.localdate() - timedelta(days=17))

    assert forget_unopened() == 1
    kept = ReactionBox.objects.get()
    assert (kept.pool, kept.key.wrapped, ReactionSlip.objects.count(), Reaction.objects.count()) == (None, None, 0, 0)


def test_an_activity_that_goes_for_good_takes_its_reactions_and_their_keys_along() -> None:
    made = activity()
    box = printed(made, 12)
    keys = DataKey.objects.count()
    for number in range(10):
        answer(code=box.codes[number], **told(number))
    Activity.objects.update(deleted_at=timezone.now() - timedelta(days=2))
    activities.purge()

    left = [ReactionBox, ReactionSlip, Reaction, ReactionText, Activity]
    assert [model._default_manager.count() for model in left] == [0] * 5
    assert DataKey.objects.count() == keys - 2


def test_a_backup_tells_as_little_and_brings_back_slips_that_still_work() -> None:
    """Its lines stand in the order of random keys, and what waits in them is sealed as it was."""
    from selaras.actions.backups.rows import kept_models, lines_of

    box = printed(activity(), 12)
    for number in range(4):
        answer(code=box.codes[number], **told(number))
    content = b"".join(line for model in kept_models() for line in lines_of(model))

    assert {model.__name__ for model in kept_models()} >= {"ReactionBox", "ReactionSlip", "Reaction", "ReactionText"}
    assert [word for word in [*WORDS, *box.codes] if any(each in content for each in leaks.guises(word))] == []


def test_rotating_the_servers_key_keeps_boxes_open_to_their_paper(settings: object) -> None:
    box = printed(activity(), 12)
    say(box.codes[:4])
    for key in DataKey.objects.all():
        key.rewrap()
        key.save()
    say(box.codes[4:5])

    assert open_box(code=box.opener) == 5


def test_codes_are_read_as_people_write_them() -> None:
    assert read_code("7km2 9qxr-4tbn c3wd") == "7KM29QXR4TBNC3WD"
    assert read_code("oilo-0000-0000-0000") == "0110000000000000"
    assert [read_code(wrong) for wrong in ("", "7KM2", "7KM2-9QXR-4TBN-C3W!", "٣" * 16, "x" * 400)] == [""] * 5
