"""What stands on the pages of readiness only once somebody has claimed, promised, found and frozen something."""

from collections.abc import Iterator

from django.utils import timezone

from selaras.actions.breaches import BreachSaid, enter_breach
from selaras.actions.rights import ask_about_data, know_asker
from selaras.models import (
    Achievement,
    Claim,
    DataKey,
    Dossier,
    DossierAnnex,
    Evidence,
    EvidenceUse,
    Gladi,
    Household,
    KeyPurpose,
    Need,
    StoredFile,
    Strategy,
)
from tests.build_plans import commitment
from tests.web.doors.world import OWN, PREFIXES, World

NOBODY = "00000000-0000-4000-8000-000000000000"


def prepared(planted: World) -> Iterator[str]:
    """Prepare the own lokus; the addresses of what came of it. Before the last one the rehearsal ends, and after it
    goes on: the next is opened where none is open."""
    of = planted.areas[OWN].programme
    now, item = timezone.now(), {"lokus": of.lokus, "instrument": of.version.instrument, "indicator": "sk"}
    Claim.objects.create(**item, option="b", at=now)
    proof = Evidence.objects.get(lokus=of.lokus, activity=None)
    EvidenceUse.objects.create(**item, evidence=proof, at=now)
    yield planted.address("readiness_item", indicator="sk")

    needs = Need.objects.filter(lokus=of.lokus, indicator="jamban")
    commitment(of.lokus, of="Dinkes", needs=needs, title="Bangun jamban")
    code = Household.objects.filter(needs__in=needs).earliest("code").code
    yield planted.address("family_voice").replace(f"{PREFIXES[OWN]}-001", code)

    frozen(planted)
    yield planted.address("dossiers")

    found = {"finding": "Ibu tidak ditanya", "found_in": "Gladi 1"}
    made = Strategy.objects.create(cycle=of.cycle, audience="women", source="own", updated_at=now, **found)
    yield planted.address("strategy_edit").replace(NOBODY, str(made.uuid))
    yield planted.address("strategies")

    won = {"title": "Juara I", "level": "Provinsi Banten", "source": "uji", "confidence": "official"}
    Achievement.objects.create(place=of.cycle.place, year=of.cycle.year - 1, **won)
    rehearsal = Gladi.objects.filter(cycle=of.cycle)
    rehearsal.update(closed_at=now)
    yield planted.address("gladi_list")
    rehearsal.update(closed_at=None)
    yield from of_own_data(planted)


def of_own_data(planted: World) -> Iterator[str]:
    """What a woman asked about her data, and a breach of data; the addresses of both."""
    slug, by = planted.areas[OWN].programme.cycle.slug, planted.people["secretariat"]
    family = {"household": f"{PREFIXES[OWN]}-001", "asker": "Contoh", "reach": "lewat kader"}
    asked = ask_about_data(by=by, cycle_slug=slug, kind="copy", **family)
    yield planted.address("request").replace(NOBODY, str(asked.uuid))
    know_asker(by=by, cycle_slug=slug, request=asked.uuid, seen=asked.version)
    yield planted.address("request").replace(NOBODY, str(asked.uuid))
    said = BreachSaid("lost", ["names"], timezone.now(), "HP dinas hilang di jalan")
    yield planted.address("breach").replace(NOBODY, str(enter_breach(by=by, cycle_slug=slug, said=said).uuid))


def frozen(planted: World) -> None:
    """A dossier of the own lokus, and the names that belong to it."""
    of = planted.areas[OWN].programme
    said = {"number": 1, "sha256": "0" * 64, "size": 2, "manifest": {"files": {}}}
    made = Dossier.objects.create(
        cycle=of.cycle, lokus=of.lokus, file=StoredFile.store(b"PK", "application/zip"), **said
    )
    key = DataKey.fresh(KeyPurpose.DOSSIER)
    key.save(force_insert=True)
    names = StoredFile.store(b"%PDF-", "application/pdf", key)
    DossierAnnex.objects.create(dossier=made, key=key, file=names, families=1)
