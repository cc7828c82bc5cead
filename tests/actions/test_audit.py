"""Entries cannot be changed, the chain shows every rewriting, and a printed head outlives the server's owner."""

import pytest
from django.db import transaction

from selaras.actions import audit
from selaras.errors import InputError
from selaras.models import AuditEntry, Seal
from tests import build

pytestmark = pytest.mark.django_db


def entries(count: int, seals: int = 1) -> None:
    """So many entries, sealed in so many batches."""
    for _ in range(seals):
        for n in range(count):
            audit.record(by=None, action="uji", object_type="lokus", object_id=n, place_code="36.72", n=n)
        assert audit.seal_pending() == count


def test_an_entry_is_written_once() -> None:
    entry = audit.record(by=build.user("ani"), action="uji", n=1)
    for change in (entry.save, entry.delete):
        with pytest.raises(TypeError, match="never changed"):
            change()
    assert AuditEntry.objects.get().computed_digest() == entry.digest


def test_two_entries_that_say_the_same_have_different_digests() -> None:
    one, two = (audit.record(by=None, action="uji") for _ in range(2))
    one.uuid, one.at = two.uuid, two.at
    assert one.computed_digest() != two.digest


def test_the_whole_chain_holds_and_says_what_it_followed() -> None:
    entries(3, seals=2)
    audit.record(by=None, action="uji")
    verdict = audit.verify()
    assert (verdict.seals, verdict.entries, verdict.unsealed, verdict.breaks, verdict.holds) == (2, 6, 1, (), True)
    assert verdict.head == Seal.objects.get(number=2).head


def test_a_seal_takes_one_batch_and_the_next_seal_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "BATCH", 2)
    entries(5)
    assert list(Seal.objects.order_by("number").values_list("count", flat=True)) == [2, 2, 1]
    assert audit.seal_pending() == 0


def test_a_changed_entry_is_named() -> None:
    entries(3)
    entry = AuditEntry.objects.all()[1]
    AuditEntry.objects.filter(pk=entry.pk).update(details={"n": 7})
    assert audit.verify().breaks == (f"catatan {entry.uuid} telah diubah",)


def test_a_changed_entry_with_a_new_digest_breaks_its_seal() -> None:
    entries(3)
    entry = AuditEntry.objects.all()[1]
    entry.details = {"n": 7}
    AuditEntry.objects.filter(pk=entry.pk).update(details=entry.details, digest=entry.computed_digest())
    assert audit.verify().breaks == ("segel 1 tidak cocok dengan catatannya",)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_deleted_entry_breaks_its_seal(which: int) -> None:
    entries(3)
    AuditEntry.objects.filter(pk=AuditEntry.objects.all()[which].pk).delete()
    assert audit.verify().breaks == ("segel 1 tidak cocok dengan catatannya",)


def test_a_removed_seal_is_missed_and_its_follower_does_not_join() -> None:
    entries(1, seals=3)
    AuditEntry.objects.filter(seal=2).delete()
    Seal.objects.filter(number=2).delete()
    assert audit.verify().breaks == ("segel 2 hilang", "segel 3 tidak menyambung dengan segel sebelumnya")


def rewrite(number: int) -> None:
    """What the owner of the server can do: change an entry and compute every later seal anew."""
    entry = AuditEntry.objects.filter(seal=number).first()
    assert entry is not None
    entry.details = {"n": 99}
    AuditEntry.objects.filter(pk=entry.pk).update(details=entry.details, digest=entry.computed_digest())
    previous = Seal.objects.get(number=number).previous
    for seal in Seal.objects.filter(number__gte=number).order_by("number"):
        seal.previous = previous
        seal.head = seal.computed_head(seal.entries.order_by("id").values_list("digest", flat=True))
        seal.save()
        previous = seal.head


def test_a_past_rewritten_seals_and_all_is_found_out_by_a_printed_head() -> None:
    entries(2, seals=3)
    printed = audit.head_to_print(Seal.objects.get(number=2).head)
    assert audit.verify(head=printed).printed == 2
    rewrite(1)
    assert audit.verify().holds
    verdict = audit.verify(head=printed)
    assert verdict.printed is None
    assert verdict.breaks == ("kepala rantai yang tercetak itu tidak ada di sini: riwayat telah diubah",)


def test_a_printed_head_is_typed_back_as_people_type() -> None:
    entries(1)
    head = Seal.objects.get().head
    assert audit.head_to_print(head).count(" ") == 7
    for typed in (head, head.upper(), f" {head[:8]}-{head[8:16]}\n", audit.head_to_print(head)):
        assert audit.verify(head=typed).printed == 1
    for wrong in (head[:15], "bukan-kepala", head + "0"):
        with pytest.raises(InputError) as refused:
            audit.verify(head=wrong)
        assert refused.value.problems[0].code == "audit.head"


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_of_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        audit.record(by=None, action="uji")
    with transaction.atomic():
        audit.record(by=None, action="uji")
    assert AuditEntry.objects.count() == 1
