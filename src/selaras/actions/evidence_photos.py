"""Photos of activities are evidence: the same file under the same key, cited for what the activity served.

It comes with the photo and goes with it; what a report serves later is added, and nobody uploads anything twice.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from selaras.actions import audit
from selaras.actions.evidence import Citation, cite, keep_photo, known_indicators, read_file
from selaras.actions.evidence_limits import drop_kept, keep_limits
from selaras.errors import InputError
from selaras.models import Activity, CannotUnsealError, Evidence, EvidenceKind, StoredFile
from selaras.queries.programme import primary_of

#: Photos of before there was evidence, taken up in one hour.
AT_ONCE = 100


def follow(of: Activity, content: bytes | None, now: datetime | None = None, *, was: str = "") -> Evidence | None:
    """Make the photo of a report evidence, or add what the report serves now. In the caller's transaction.

    `content` is the photo as it came, None where it is the old one; `was` is what the report was called before.
    """
    now = now or timezone.now()
    found = Evidence.objects.filter(activity=of).select_related("cycle__place", "lokus").first()
    if of.photo is None:
        return None
    citations = _citations(of)
    if found is not None:
        # A title that named somebody is corrected here too; what somebody wrote under the photo herself stays.
        caption = of.title if found.caption == was else found.caption
        if (found.agency_id, found.caption) != (of.agency_id, caption):
            found.agency, found.caption = of.agency, caption
            found.save(update_fields=["agency", "caption"])
        cite(found, citations, of.reported_by, now)
        return found
    if content is None:
        content = of.photo.content()
    made = Evidence(
        cycle=of.cycle, lokus=of.lokus, area=of.lokus.area, agency=of.agency, activity=of, kind=EvidenceKind.PHOTO
    )
    made.caption, made.uploaded_by, made.received_at = of.title, of.reported_by, of.reported_at
    made.file, made.key = of.photo, of.key
    keep_photo(made, read_file(of.cycle, content, f"kegiatan-{of.on.isoformat()}", now), content, citations, now)
    return made


def _citations(of: Activity) -> list[Citation]:
    """The indicators of the year's own instrument that its commitments are to improve, in its lokus."""
    version = primary_of(of.cycle)
    if version is None:
        return []
    known = known_indicators(of.cycle)
    served = of.commitments.exclude(indicator="").values_list("indicator", flat=True)
    names = dict.fromkeys(served)
    return [(of.lokus_id, version.instrument, name) for name in names if (version.instrument, name) in known]


def taken_back(of: Activity) -> None:
    """A report is taken back, for now: sent as a photo of its own, its photo shows no more than before."""
    for found in Evidence.objects.filter(activity=of):
        keep_limits(found)


def there_again(of: Activity) -> None:
    """Undo `taken_back`."""
    for found in Evidence.objects.filter(activity=of):
        drop_kept(found)


def forget(of: Activity) -> None:
    """The photo of a report goes: its evidence with it, what was decided too. In the caller's transaction."""
    found = Evidence.objects.filter(activity=of).first()
    if found is None:
        return
    keep_limits(found)
    details = {"state": found.state, "sha256": found.sha256}
    audit.record(
        by=None, action="evidence.purge", object_type="evidence", object_id=found.uuid, place_code=found.area, **details
    )
    found.delete()
    if of.key_id is None:
        # Without a key of its own nothing was drawn of it, and "no key" is that of every unsealed file.
        return
    # What was drawn of it goes too (blurring); the photo itself is the report's to destroy.
    for copy in StoredFile.objects.filter(key=of.key):
        if copy.pk != of.photo_id:
            copy.erase()


def follow_missed(now: datetime | None = None) -> int:
    """Photos of reports that are not evidence yet, some of them; how many. The worker calls it hourly."""
    now = now or timezone.now()
    rows = Activity.objects.filter(photo__isnull=False, evidence__isnull=True, deleted_at__isnull=True)
    whole = rows.select_related("cycle__place", "lokus__place", "photo__key", "key", "agency")
    count = 0
    # Those that cannot be read are passed over, however many they are, and keep nobody else's waiting.
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        if count >= AT_ONCE:
            break
        of = whole.get(pk=pk)
        try:
            with transaction.atomic():
                count += follow(of, None, now) is not None
        except (InputError, CannotUnsealError, OSError):
            # What cannot be read now was taken when less was asked of a photo; it stays with its report.
            continue
    return count
