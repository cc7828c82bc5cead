"""An item on its way: kept as far as it has come, resumed where it was cut, taken once when it is whole.

Nothing is said to have arrived before it is on disk. What was cut is the sender's to send again from `arrived` on;
what was taken and not answered is found again by its number.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from selaras.actions.sending.kinds import KINDS, News
from selaras.actions.sending.parcels import LARGEST, Carrier, DamagedError, Head, Signature, head_of, parts_in
from selaras.errors import InputError, Problem
from selaras.models import DataKey, KeyPurpose, SearchHashes, StoredFile, Upload, UploadPiece, User
from selaras.models.sealing import CannotUnsealError

#: What a browser should send in one request, in bytes: of a cut connection no more than this is sent twice.
CHUNK = 512 * 1024
#: The most that is taken in one request, in bytes.
MOST_AT_ONCE = 4 * 1024 * 1024
#: What of one person may lie here unfinished, in bytes.
MOST_UNFINISHED = 3 * LARGEST
#: An item whose rest has not come for so long is forgotten: it is with its sender still.
FORGOTTEN_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of an item from `start` on, of `total`. `digest` is that of the item's head, which every piece names."""

    start: int
    total: int
    digest: str
    content: bytes

    @property
    def end(self) -> int:
        return self.start + len(self.content)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an item has come; `news` once it has been taken. `total` is None of one that nobody has begun."""

    arrived: int
    total: int | None
    news: News | None = None


def progress_of(*, by: User, item: UUID, digest: str = "") -> Progress:
    """How far her item of that number has come, or what became of it; nothing of it writes.

    With the `digest` of its head, of those bytes alone: what others under that number have become is no answer.
    """
    upload = Upload.objects.filter(by=by, uuid=item).first()
    if upload is None or (digest and upload.digest != SearchHashes.load().raw(digest.encode())):
        return Progress(0, None)
    return _progress(upload)


def keep(*, by: User, item: UUID, piece: Piece, agent: str = "", now: datetime | None = None) -> Progress:
    """Keep a piece of her item; the last one has the whole taken. Safe to repeat, and to send from two tabs at once.

    A piece that does not follow what has arrived changes nothing: the answer says where to go on. Nothing, sent at the
    end of all, has it taken where that was cut off. Another `digest` under a number begins that item anew. Raises
    Forbidden, InputError (a head that cannot be read; too large; too much unfinished), and what the kind raises.
    """
    now = now or timezone.now()
    if piece.total > LARGEST or piece.end > piece.total:
        raise InputError(Problem("parcel.large"))
    upload = _row(by, item, piece, now)
    if upload is None:
        return Progress(0, piece.total)
    if upload.done_at is not None or piece.start != upload.arrived:
        return _progress(upload)
    if piece.start == piece.total:
        return _taken(by, upload, _contents(upload), agent, now)
    if not piece.content:
        return _progress(upload)
    if piece.start == 0 and piece.end == piece.total:
        return _taken(by, upload, iter([piece.content]), agent, now)
    if not _appended(upload, piece, now):
        upload.refresh_from_db()
        return _progress(upload)
    if upload.arrived < upload.total:
        return _progress(upload)
    return _taken(by, upload, _contents(upload), agent, now)


def bring(
    *, by: User, maker: User, item: UUID, content: bytes, signature: Signature | None = None, agent: str = ""
) -> News:
    """Take an item whole that `by` brings in a file, as if its maker had sent it. Raises as `keep`, DamagedError.

    The maker's browser hears of it when it next asks, and does not send it again. What she brings herself is hers by
    her sign-in; of what another brings the signature says so.
    """
    head, now = _head(maker, content), timezone.now()
    signed = signature is not None and signature.is_of(maker, item, head.digest)
    carrier = None if by == maker else Carrier(by, signed)
    result = KINDS[head.kind].take(maker, carrier, parts_in(head, [content]), agent)
    digest = SearchHashes.load().raw(head.digest.encode())
    done = {"kind": head.kind, "digest": digest, "total": head.total, "arrived": head.total, "result": result}
    upload = Upload.objects.filter(by=maker, uuid=item).select_related("key").first()
    with transaction.atomic():
        if upload is not None:
            _drop_pieces(upload, now)
        Upload.objects.update_or_create(
            by=maker, uuid=item, defaults={**done, "key": None, "touched_at": now, "done_at": now}
        )
    return KINDS[head.kind].news(result) or News("sent")


def forget_old(now: datetime) -> int:
    """Forget what was begun and not finished for FORGOTTEN_AFTER; how many."""
    old = Upload.objects.filter(done_at__isnull=True, touched_at__lt=now - FORGOTTEN_AFTER).select_related("key")
    found = list(old)
    for upload in found:
        _forget(upload)
    return len(found)


def _head(by: User, content: bytes) -> Head:
    """The item's head, of a kind that she may send."""
    head = head_of(content)
    kind = KINDS.get(head.kind)
    if kind is None:
        raise InputError(Problem("parcel.kind", values={"kind": head.kind}))
    kind.check(by)
    return head


def _row(by: User, item: UUID, piece: Piece, now: datetime) -> Upload | None:
    """The row of these very bytes; None where they have to come from their beginning."""
    digest = SearchHashes.load().raw(piece.digest.encode())
    upload = Upload.objects.filter(by=by, uuid=item).select_related("key").first()
    if upload is not None and not _is_of(upload, piece, digest) and not piece.start:
        _forget(upload)
        upload = None
    if upload is None and not piece.start:
        upload = _begun(by, item, piece, digest, now)
    # Another tab may have begun that number meanwhile, with other bytes.
    return upload if upload is not None and _is_of(upload, piece, digest) else None


def _is_of(upload: Upload, piece: Piece, digest: str) -> bool:
    return (upload.digest, upload.total) == (digest, piece.total)


def _begun(by: User, item: UUID, piece: Piece, digest: str, now: datetime) -> Upload | None:
    """Its row, or that of who was quicker; looked at before anything is kept."""
    head = _head(by, piece.content)
    if head.total != piece.total or head.digest != piece.digest:
        raise InputError(Problem("parcel.head"))
    unfinished = Upload.objects.filter(by=by, done_at__isnull=True).aggregate(all=Sum("arrived"))["all"] or 0
    if unfinished + piece.total > MOST_UNFINISHED:
        raise InputError(Problem("parcel.unfinished"))
    upload = Upload(by=by, uuid=item, kind=head.kind, digest=digest, total=piece.total, begun_at=now, touched_at=now)
    try:
        with transaction.atomic():
            upload.save(force_insert=True)
    except IntegrityError:
        # Another tab was quicker.
        return Upload.objects.filter(by=by, uuid=item).select_related("key").first()
    return upload


def _appended(upload: Upload, piece: Piece, now: datetime) -> bool:
    """Keep the piece behind what has arrived; False where another request has done so meanwhile."""
    key = upload.key or DataKey.fresh(KeyPurpose.SUBMISSION)
    stored = StoredFile.written(piece.content, "application/octet-stream", key)
    try:
        with transaction.atomic():
            mine = Upload.objects.filter(pk=upload.pk, arrived=piece.start, digest=upload.digest, key=upload.key)
            if upload.key is None:
                key.save(force_insert=True)
            if not mine.filter(done_at__isnull=True).update(arrived=piece.end, key=key, touched_at=now):
                raise IntegrityError("another request was quicker")
            stored.save(force_insert=True)
            UploadPiece.objects.create(upload=upload, start=piece.start, file=stored)
    except IntegrityError:
        return False
    upload.arrived, upload.key = piece.end, key
    return True


def _contents(upload: Upload) -> Iterator[bytes]:
    """The pieces in their order, one in memory at a time."""
    for piece in upload.pieces.select_related("file__key").order_by("start"):
        yield piece.file.content()


def _taken(by: User, upload: Upload, chunks: Iterator[bytes], agent: str, now: datetime) -> Progress:
    """Hand the whole to its kind, then forget the pieces. What is damaged begins anew."""
    kind = KINDS[upload.kind]
    try:
        first = next(chunks)
        result = kind.take(by, None, parts_in(head_of(first), _again(first, chunks)), agent)
    except DamagedError:
        _forget(upload)
        return Progress(0, upload.total)
    except (StopIteration, OSError, CannotUnsealError):
        upload.refresh_from_db()
        if upload.done_at is None:
            raise
        # Another request has taken it meanwhile, and the pieces are gone.
        return _progress(upload)
    with transaction.atomic():
        _drop_pieces(upload, now)
        Upload.objects.filter(pk=upload.pk).update(
            arrived=upload.total, done_at=now, touched_at=now, result=result, key=None
        )
    return Progress(upload.total, upload.total, kind.news(result) or News("sent"))


def _again(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _progress(upload: Upload) -> Progress:
    if upload.done_at is None:
        return Progress(upload.arrived, upload.total)
    kind = KINDS.get(upload.kind)
    news = None if kind is None or upload.result is None else kind.news(upload.result)
    return Progress(upload.total, upload.total, news or News("sent"))


def _forget(upload: Upload) -> None:
    with transaction.atomic():
        _drop_pieces(upload, timezone.now())
        Upload.objects.filter(pk=upload.pk).delete()


def _drop_pieces(upload: Upload, now: datetime) -> None:
    """Rows now, bytes once this has committed, and the key that opened them."""
    files = [piece.file for piece in upload.pieces.select_related("file")]
    upload.pieces.all().delete()
    for stored in files:
        stored.erase()
    if upload.key is not None and upload.key.wrapped is not None:
        upload.key.destroy(now)
