"""The families of a lokus as an import meets them: by code, KK, NIK of the head, and by name and address."""

from selaras.models import Household, ImportBatch, Person, SearchHashes
from selaras.odk.registry import plain
from selaras.queries.duplicates import codes_gone
from selaras.queries.merged import numbers_gone

#: Name, RW, RT and address, each as a plain name: what tells families without any number apart.
Likeness = tuple[str, str, str, str]


class Registry:
    """Loaded once for an import. `merged`: code of a family that was found to be another -> the other's code;
    `restricted`: code of one that is in nobody's view at its wish -> the request."""

    def __init__(self, batch: ImportBatch, hashes: SearchHashes) -> None:
        self._hashes = hashes
        rows = Household.objects.filter(Household.counted(), lokus=batch.lokus)
        self.codes: set[str] = set()
        self.erased: set[str] = set()
        self.restricted: dict[str, str] = {}
        self.by_kk: dict[str, str] = {}
        self.merged = codes_gone(batch.lokus) if batch.lokus is not None else {}
        self._by_likeness: dict[Likeness, str] = {}
        self._codes_by_id: dict[int, str] = {}
        values = rows.values_list("id", "code", "kk_hash", "erased_at", "pending", "head_name", "rw", "rt", "address")
        for pk, code, kk, erased, request, *likeness in values.iterator(chunk_size=2_000):
            if erased is not None:
                self.erased.add(code)
                continue
            if request is not None:
                self.restricted[code] = str(request)
            self.codes.add(code)
            self._codes_by_id[pk] = code
            if kk:
                self.by_kk[kk] = code
            elif likeness[0]:
                self._by_likeness[_plain(*likeness)] = code
        if batch.lokus_id is not None and self.merged:
            self.by_kk = numbers_gone(batch.lokus_id, hashes) | self.by_kk
        # The head stands first; a grown child that leads a family of its own is another family.
        heads = Person.objects.filter(household__lokus=batch.lokus, nik_hash__isnull=False, position=1)
        self._by_nik = {
            nik: self._codes_by_id[pk]
            for pk, nik in heads.values_list("household_id", "nik_hash").iterator(chunk_size=2_000)
            if pk in self._codes_by_id
        }

    def code_of(self, registry: dict[str, str]) -> str | None:
        """The family's code by its KK number, else by the NIK of its head, else, without a number, by its likeness."""
        if not self.codes:
            return None
        kk, nik = self._hashes.kk(registry.get("kk", "")), self._hashes.nik(registry.get("nik", ""))
        found = self.by_kk.get(kk or "") or self._by_nik.get(nik or "")
        if found is not None or kk or nik or not registry.get("head_name"):
            return found
        return self._by_likeness.get(likeness_of(registry))


def likeness_of(registry: dict[str, str]) -> Likeness:
    """What a row without any number says of a family."""
    return _plain(*(registry.get(item, "") for item in ("head_name", "rw", "rt", "address")))


def _plain(name: str, rw: str, rt: str, address: str) -> Likeness:
    return plain(name), plain(rw), plain(rt), plain(address)
