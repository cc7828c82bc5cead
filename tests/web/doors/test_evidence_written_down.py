"""Evidence and claims: what is done with them is written down."""

from uuid import uuid4

import pytest

from selaras.models import (
    EvidenceUse,
)
from tests import build_readiness
from tests.web.doors.table import TABLE
from tests.web.doors.test_written_down import closed, written
from tests.web.doors.world import World

pytestmark = pytest.mark.django_db


def test_what_is_done_with_evidence_is_one_entry_each(planted: World) -> None:
    client, to = planted.client("secretariat"), planted.address
    # Where each stands now: what is changed below would be in the way of asking again.
    at = {name: to(name) for name in TABLE if name.startswith("evidence_")}
    new = {"id": str(uuid4()), "lokus": planted.areas["own"].programme.lokus.area, "url": "https://contoh.go.id"}
    use = str(EvidenceUse.objects.get(evidence__uuid=at["evidence_one"].split("/")[-2]).pk)
    said = {"title": "KLA", "text": "1 | Anak"}

    assert written(lambda: client.post(at["evidence_new"], {**new, "caption": "Video"})) == ["evidence.add"]
    assert written(lambda: client.post(at["evidence_new"], {**new, "caption": "Video"})) == []
    assert written(lambda: client.post(at["evidence_edit"], {"version": "1", "uses": "contoh:jamban"})) == [
        "evidence.change"
    ]
    assert written(lambda: client.post(at["evidence_edit"], {"version": "1"})) == []
    assert written(lambda: client.post(at["evidence_decide"], {"version": "2", "guna": use})) == ["evidence.verify"]
    assert written(lambda: client.post(at["evidence_decide"], {"version": "2", "guna": use})) == []
    assert written(lambda: client.post(at["evidence_reopen"], {"version": "3"})) == ["evidence.reopen"]
    refused = {"version": "4", "putusan": "tolak", "alasan": "Buram"}
    assert written(lambda: client.post(at["evidence_decide"], refused)) == ["evidence.refuse"]
    assert written(lambda: client.post(at["evidence_original"])) == ["evidence.take_original"]
    assert written(lambda: client.post(at["evidence_withdraw"])) == ["evidence.withdraw"]
    assert written(lambda: client.post(at["evidence_restore"])) == ["evidence.restore"]
    assert written(lambda: client.post(at["evidence_restore"])) == []
    assert written(lambda: client.post(at["evidence_codes"], said)) == []
    assert written(lambda: client.post(at["evidence_codes"], {**said, "title": "KLA 2"})) == ["evidence.keep_codes"]
    assert written(lambda: client.post(at["evidence_code_list"], said)) == ["evidence.keep_codes"]
    assert written(lambda: closed(client.post(at["evidence_code_export"]))) == ["evidence.export_codes"]
    point = {"point": "-6.0, 106.0", "radius": "1500"}
    assert written(lambda: client.post(to("lokus_point"), point)) == ["evidence.set_point"]
    assert written(lambda: client.post(to("lokus_point"), {**point, "radius": "1"})) == []


def test_each_claim_finding_and_limit_of_a_proof_is_one_entry(planted: World) -> None:
    ani, camat = planted.client("secretariat"), planted.client("camat")
    where = planted.address("readiness_item", indicator="sk")
    of = planted.areas["own"].programme
    use = build_readiness.cite(of, "sk", state="verified").pk

    assert written(lambda: ani.post(where, {"said": "z"})) == []
    # The proof was vouched for before anything was claimed, and waits for the desk again.
    assert written(lambda: ani.post(where, {"said": "a", "text": "SK 12"})) == ["evidence.reopen", "claims.say"]
    assert written(lambda: ani.post(where, {"said": "b", "version": "0"})) == []
    assert written(lambda: ani.post(f"{where}temuan/", {"said": "a"})) == []
    assert written(lambda: camat.post(f"{where}temuan/", {"said": "b"})) == []
    assert written(lambda: camat.post(f"{where}temuan/", {"said": "b", "text": "belum"})) == ["claims.find"]
    assert written(lambda: ani.post(f"{where}bukti/{use}/", {"said": "b"})) == ["claims.limit"]
    assert written(lambda: ani.post(where, {"tarik": "1", "version": "1"})) == ["claims.take_back"]
