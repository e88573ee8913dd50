"""The key that seals certificates: one file outside the repository, read once in each process."""

import os
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@lru_cache(maxsize=4)
def _key_in(file: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured("The file named by SEAL_KEY_FILE holds no Ed25519 key.")
    return key


def sealing_key() -> Ed25519PrivateKey:
    """Return the key of this house; where there is none yet, and only outside production, make one."""
    file = Path(settings.SEAL_KEY_FILE)
    if not file.exists():
        if settings.ENVIRONMENT == "production":
            raise ImproperlyConfigured("SEAL_KEY_FILE names no file: certificates cannot be sealed.")
        make_key(file)
    return _key_in(file)


def make_key(file: Path) -> None:
    """Write a new key that only its owner can read; a key that is already there is left as it is."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(pem)
    try:
        # A link either appears whole or not at all: two processes starting together agree on one key.
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def public_part(key: Ed25519PrivateKey) -> bytes:
    """Return the 32 bytes that anybody may know."""
    return key.public_key().public_bytes_raw()


def key_id(public: bytes) -> str:
    """Return the short name of a public key."""
    return sha256(public).hexdigest()[:16]


def is_sealed_by(public: bytes, signature: bytes, signed: bytes) -> bool:
    """Return whether the signature over these bytes was set with the key that has this public part."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True
