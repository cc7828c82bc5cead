"""Many write and several seal at once: no entry is lost, none is sealed twice, the chain holds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from selaras.actions import audit
from selaras.models import AuditEntry, Seal

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, EACH, SEALERS = 3, 20, 3


def write(_number: int) -> None:
    for n in range(EACH):
        with transaction.atomic():
            audit.record(by=None, action="uji", n=n)


def seal(_number: int) -> None:
    for _ in range(EACH):
        audit.seal_pending()


def closing(work: Callable[[int], None]) -> Callable[[int], None]:
    """Each thread has its own connection, which nobody else would close."""

    def run(number: int) -> None:
        try:
            work(number)
        finally:
            connection.close()

    return run


def test_the_chain_holds_whoever_seals() -> None:
    with ThreadPoolExecutor(WRITERS + SEALERS) as pool:
        running = [pool.submit(closing(write), n) for n in range(WRITERS)]
        running += [pool.submit(closing(seal), n) for n in range(SEALERS)]
        for each in running:
            each.result()
    audit.seal_pending()
    verdict = audit.verify()
    assert (verdict.entries, verdict.unsealed, verdict.breaks) == (WRITERS * EACH, 0, ())
    assert Seal.objects.aggregate(Sum("count"))["count__sum"] == AuditEntry.objects.count() == WRITERS * EACH
