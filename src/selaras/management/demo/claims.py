"""What the demo's city claims, what proves it, and what somebody else found: declared synthetic, as all of it."""

import uuid

from selaras.actions.claims import Where, claim, find, limit_proof
from selaras.actions.evidence import Sent, Told, add
from selaras.models import Cycle, Lokus, User
from selaras.queries.layered import layered
from selaras.scoring.layers import Said

_PRIMARY = "p2wkss"
#: Item → option that is claimed, of which evidence shows at most another ('' for all), or None where there is none.
CLAIMS: dict[str, tuple[str, str | None]] = {
    "tim_lintas_sektor": ("c", "b"),
    "rencana_kerja": ("b", ""),
    "validasi_sasaran": ("b", ""),
    "data_terpilah": ("b", None),
    "kegiatan_fisik": ("b", ""),
    "forum_anak": ("b", None),
    "inovasi_kelurahan": ("a", ""),
}
#: Item → option that the camat found, and why it is less.
FOUND = {"rencana_kerja": ("a", "SK belum ditandatangani pada berkas yang diunggah")}
_BASIS = "data contoh (sintetis)"


def claims(cycle: Cycle, lokus: Lokus, by: User, camat: User) -> None:
    """Of one lokus: claims, links that prove them, what one of them shows at most, and a finding."""
    for number, (name, (option, shows)) in enumerate(CLAIMS.items(), start=1):
        where = Where(cycle.slug, lokus.area, _PRIMARY, name)
        claim(by=by, where=where, said=Said(option=option), basis=_BASIS)
        if shows is None:
            continue
        add(
            by=by,
            cycle_slug=cycle.slug,
            lokus_code=lokus.area,
            evidence_id=uuid.uuid5(uuid.NAMESPACE_URL, f"{lokus.area}/{name}"),
            told=Told(caption=f"Berkas contoh {number} (sintetis)", indicators=((_PRIMARY, name),)),
            sent=Sent(url=f"https://contoh.example/{name}"),
        )
        if shows:
            (cited,) = layered(lokus).items[name].cited
            limit_proof(by=by, where=where, use=cited.use, said=Said(option=shows))
    for name, (option, why) in FOUND.items():
        find(by=camat, where=Where(cycle.slug, lokus.area, _PRIMARY, name), said=Said(option=option), reason=why)
