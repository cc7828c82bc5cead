"""All cryptography of Selaras, and nothing else: wrap a key, seal a value, hash for search, prove a manifest.

A family's values are sealed with AES-256-GCM under the family's own random key. That key is wrapped by a master key
of SELARAS_DATA_KEY, so that a copy of the database says nothing without the setting, and forgetting one family's key
forgets the family. Sources: NIST SP 800-38D (GCM, 96-bit random nonces), RFC 5869 (HKDF), RFC 2104 (HMAC).
"""

import base64
import binascii
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
#: Of P-256 (SEC 2, 2.4.2).
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
#: First byte of everything sealed: a later algorithm gets the next number and both can be read.
FORMAT = b"\x01"


class CannotUnsealError(Exception):
    """The bytes are not what was sealed here, or the key is another one or destroyed."""


@lru_cache(maxsize=4)
def parse_keys(text: str, setting: str) -> dict[int, bytes]:
    """Version → 32 bytes of `1:KEY,2:KEY`, the value of that setting. Raises ImproperlyConfigured for another form."""
    keys: dict[int, bytes] = {}
    for part in text.split(","):
        version, _, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not version.isascii() or not version.isdigit() or int(version) < 1 or len(key) != KEY_BYTES:
            raise ImproperlyConfigured(
                f"{setting} harus berbentuk 1:KUNCI,2:KUNCI; tiap KUNCI ialah 32 byte acak dalam base64"
            )
        if int(version) in keys:
            raise ImproperlyConfigured(f"{setting} memuat versi {version} dua kali; hapus salah satunya")
        keys[int(version)] = key
    return keys


def master_keys() -> dict[int, bytes]:
    """Version → 32 bytes, from the setting. Raises ImproperlyConfigured where it is not of that form."""
    return parse_keys(settings.SELARAS_DATA_KEY, "SELARAS_DATA_KEY")


def current_version() -> int:
    """The highest version: it wraps what is new."""
    return max(master_keys())


@lru_cache(maxsize=64)
def derive(secret: bytes, purpose: str) -> bytes:
    """32 bytes that serve one purpose and tell nothing of `secret` (HKDF-SHA256).

    Remembered: an import asks for the same few of them a hundred thousand times.
    """
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"selaras {purpose}".encode()).derive(secret)


def _master(version: int, purpose: str) -> bytes:
    try:
        return derive(master_keys()[version], purpose)
    except KeyError:
        raise CannotUnsealError(f"SELARAS_DATA_KEY lacks version {version}") from None


def new_secret() -> bytes:
    """32 random bytes from the operating system."""
    return os.urandom(KEY_BYTES)


def seal(secret: bytes, value: bytes, context: str) -> bytes:
    """`value`, readable and unchangeable only with `secret` and the same `context` (table, field and row)."""
    nonce = os.urandom(NONCE_BYTES)
    return FORMAT + nonce + AESGCM(secret).encrypt(nonce, value, context.encode())


def unseal(secret: bytes, sealed: bytes, context: str) -> bytes:
    """What `seal` was given. Raises CannotUnsealError for another key, another context or changed bytes."""
    if sealed[:1] != FORMAT:
        raise CannotUnsealError("unknown format")
    nonce, rest = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(secret).decrypt(nonce, rest, context.encode())
    except (InvalidTag, ValueError):
        raise CannotUnsealError(context) from None


def wrap(secret: bytes, version: int, context: str) -> bytes:
    """A key of the table, sealed by the master key of `version`."""
    return seal(_master(version, "wrapping"), secret, context)


@lru_cache(maxsize=4096)
def _unwrap(master: bytes, wrapped: bytes, context: str) -> bytes:
    return unseal(master, wrapped, context)


def unwrap(wrapped: bytes, version: int, context: str) -> bytes:
    """The key that `wrap` was given. Raises CannotUnsealError where the setting lacks that version."""
    return _unwrap(_master(version, "wrapping"), wrapped, context)


def forget_unwrapped() -> None:
    """Empty the memory of unwrapped keys: called when one has been destroyed."""
    _unwrap.cache_clear()
    derive.cache_clear()


def search_hash(secret: bytes, kind: str, value: str) -> str:
    """32 hexadecimal digits that only a holder of `secret` can make, equal for equal values of one `kind`."""
    return hmac.new(derive(secret, f"search {kind}"), value.encode(), hashlib.sha256).hexdigest()[:32]


def file_hash(secret: bytes, kind: str, value: bytes) -> str:
    """As `search_hash`, of a photo's many bytes: a fifth of what SHA-256 of them costs a server that takes photos in.

    A universal hash under a secret key (GMAC with a nonce that never changes), and a PRF over it, so that no tag
    is ever seen, by which that key could be found. Source: Wegman, Carter 1981; NIST SP 800-38D.
    """
    tag = AESGCM(derive(secret, f"file {kind}")).encrypt(bytes(12), b"", value)
    return search_hash(secret, kind, tag.hex())


def proof(version: int, message: bytes) -> str:
    """HMAC-SHA256 in hexadecimal: shows that a holder of SELARAS_DATA_KEY wrote `message` (a backup's manifest)."""
    return hmac.new(_master(version, "manifest"), message, hashlib.sha256).hexdigest()


def proves(version: int, message: bytes, given: str) -> bool:
    """Whether `given` is the proof of `message`, compared in constant time."""
    return hmac.compare_digest(proof(version, message), given)


def backup_key(version: int, salt: bytes) -> bytes:
    """The key of one backup, which its salt makes another than every other's. Raises CannotUnsealError where
    SELARAS_DATA_KEY lacks that version."""
    return HKDF(SHA256(), KEY_BYTES, salt=salt, info=b"selaras backup").derive(_master(version, "backup"))


def seal_block(key: bytes, number: int, block: bytes, *, last: bool, context: bytes) -> bytes:
    """One block of a long file; `key` is that file's alone, so that its numbers are nonces that never come again."""
    return AESGCM(key).encrypt(_nonce_of(number, last), block, context)


def open_block(key: bytes, number: int, sealed: bytes, *, last: bool, context: bytes) -> bytes:
    """What `seal_block` was given. Raises CannotUnsealError for another place in the file or changed bytes."""
    try:
        return AESGCM(key).decrypt(_nonce_of(number, last), sealed, context)
    except (InvalidTag, ValueError):
        raise CannotUnsealError(f"block {number}") from None


def _nonce_of(number: int, last: bool) -> bytes:
    return number.to_bytes(NONCE_BYTES - 1) + bytes([last])


def box_for_parcels() -> tuple[int, bytes]:
    """(version, public key of P-256, uncompressed): what a browser seals for this server alone goes into it.

    Its private half is derived from the master key, so that no other secret needs a place.
    """
    version = current_version()
    return version, _box(version).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def open_box(version: int, sender: bytes, nonce: bytes, sealed: bytes, context: str) -> bytes:
    """What was sealed for `box_for_parcels` of that version: ECDH with the sender's key of one moment, HKDF, GCM.

    Raises CannotUnsealError for another server's, changed bytes, another context, or a version that is no more.
    """
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        secret = _box(version).exchange(ec.ECDH(), theirs)
        key = HKDF(SHA256(), KEY_BYTES, salt=sender, info=b"selaras parcel").derive(secret)
        return AESGCM(key).decrypt(nonce, sealed, context.encode())
    except (InvalidTag, ValueError):
        raise CannotUnsealError(context) from None


def parcel_seal(version: int, person: str) -> bytes:
    """32 bytes that this server and that person's own browsers know: what they sign is hers, whoever brings it here.

    Derived from the master key, so that no other secret needs a place.
    """
    return derive(_master(version, "parcel seal"), person)


def signed_parcel(version: int, person: str, message: bytes, given: str) -> bool:
    """Whether `given` is HMAC-SHA256 in hexadecimal of `message` under `parcel_seal` of that version, compared in
    constant time; False for a version that is no more."""
    try:
        secret = parcel_seal(version, person)
    except CannotUnsealError:
        return False
    return hmac.compare_digest(hmac.new(secret, message, hashlib.sha256).hexdigest().encode(), given.encode())


def _box(version: int) -> ec.EllipticCurvePrivateKey:
    # A number from 1 to the curve's order less one, out of 128 bits more than it has: FIPS 186-5, A.2.1.
    material = _master(version, "parcel box") + _master(version, "parcel box, more")[:16]
    return ec.derive_private_key(int.from_bytes(material) % (_ORDER - 1) + 1, ec.SECP256R1())


def from_paper(code: str, purpose: str) -> bytes:
    """32 bytes that only who holds a printed code can make. Unlike `derive` it remembers nothing."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"selaras paper {purpose}".encode()).derive(code.encode())


def together(first: bytes, second: bytes) -> bytes:
    """The key for which both are needed: whoever lacks one has nothing. Remembered nowhere."""
    return HKDF(SHA256(), KEY_BYTES, salt=first, info=b"selaras together").derive(second)
