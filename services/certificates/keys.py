"""The key that seals certificates, and its own certificate: files outside the repository, changed while we run.

New keys are ES256 (P-256): every reader of PDFs knows them. Ed25519 keys of an earlier day still seal and check.
"""

import os
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SealingKey = EllipticCurvePrivateKey | Ed25519PrivateKey
PublicKey = EllipticCurvePublicKey | Ed25519PublicKey

ED25519_BYTES = 32  # what a public key is, its length tells; a point of P-256 has 65
HALF = 32  # each of the two numbers of an ES256 signature
# Of a certificate made outside production: it says nothing about when, because nobody vouches for it.
FIRST_DAY, LAST_DAY = datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)


def sealing_key() -> SealingKey:
    """Return the key of this house; where there is none yet, and only outside production, make one.

    The file is looked at each time, so that a key put in its place seals from then on.
    """
    file = Path(settings.SEAL_KEY_FILE)
    if not file.exists():
        if settings.ENVIRONMENT == "production":
            raise ImproperlyConfigured("SEAL_KEY_FILE names no file: certificates cannot be sealed.")
        make_key(file)
    return _key_in(file, file.stat().st_mtime_ns)


def sealing_certificate(key: SealingKey) -> x509.Certificate:
    """Return the certificate of the key, which a PDF's seal carries; where there is none, one is made as a key is."""
    file, public = Path(settings.SEAL_CERTIFICATE_FILE), public_part(key)
    found = certificates_in(file) if file.exists() else []
    fitting = [one for one in found if certified(one) == public]
    if fitting:
        return fitting[0]
    if settings.ENVIRONMENT == "production":
        raise ImproperlyConfigured("SEAL_CERTIFICATE_FILE holds no certificate of the key in SEAL_KEY_FILE.")
    made = make_certificate(key)
    keep_certificate(made)
    return made


def certificates_in(file: Path) -> list[x509.Certificate]:
    """Return the certificates in a file: of the present key, and of those before and after it."""
    return x509.load_pem_x509_certificates(file.read_bytes())


def make_key(file: Path) -> None:
    """Write a new key that only its owner can read; a key that is already there is left as it is."""
    draft = _written(file, pem_of(generate_private_key(SECP256R1())))
    try:
        # A link either appears whole or not at all: two processes starting together agree on one key.
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def replace_key(key: SealingKey) -> None:
    """Put another key in the place of the present one, which is gone from then on, in one move."""
    file = Path(settings.SEAL_KEY_FILE)
    _written(file, pem_of(key)).replace(file)


def make_certificate(key: SealingKey) -> x509.Certificate:
    """Return a certificate that the key gives itself: good for its own installation, vouched for by nobody."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "OneVisit seal")])
    # Its number comes of the key: made twice, it is the same certificate but for its signature.
    number = int.from_bytes(sha256(public_part(key)).digest()[:16])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    draft = x509.CertificateBuilder(name, name, key.public_key(), number, FIRST_DAY, LAST_DAY)
    return draft.add_extension(usage, critical=True).sign(key, _hash_of(key))


def keep_certificate(certificate: x509.Certificate) -> None:
    """Add the certificate to the file of certificates, before the others."""
    file = Path(settings.SEAL_CERTIFICATE_FILE)
    others = file.read_bytes() if file.exists() else b""
    _written(file, certificate.public_bytes(Encoding.PEM) + others).replace(file)


def seal(key: SealingKey, signed: bytes) -> bytes:
    """Return the signature of the key over these bytes, as a JWS carries it: 64 bytes."""
    if isinstance(key, Ed25519PrivateKey):
        return key.sign(signed)
    halves = decode_dss_signature(key.sign(signed, ECDSA(hashes.SHA256())))
    return b"".join(half.to_bytes(HALF) for half in halves)


def is_sealed_by(public: bytes, signature: bytes, signed: bytes) -> bool:
    """Return whether the signature over these bytes was set with the key that has this public part."""
    try:
        key = _public_key(public)
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, signed)
        else:
            halves = (int.from_bytes(signature[:HALF]), int.from_bytes(signature[HALF:]))
            key.verify(encode_dss_signature(*halves), signed, ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def public_part(key: SealingKey) -> bytes:
    """Return what anybody may know of the key: 32 bytes of Ed25519, or 65 of P-256."""
    return _public_bytes(key.public_key())


def certified(certificate: x509.Certificate) -> bytes:
    """Return the public part of the key that the certificate is of; nothing if no such key seals here."""
    return _public_bytes(certificate.public_key())


def key_id(public: bytes) -> str:
    """Return the short name of a public key."""
    return sha256(public).hexdigest()[:16]


def algorithm_of(public: bytes) -> str:
    """Return how a JWS calls what keys of this kind do."""
    return "EdDSA" if len(public) == ED25519_BYTES else "ES256"


def as_jwk(public: bytes) -> dict[str, str]:
    """Return the key as a JSON Web Key (RFC 7517)."""
    if len(public) == ED25519_BYTES:
        shape = {"kty": "OKP", "crv": "Ed25519", "x": _text(public)}
    else:
        shape = {"kty": "EC", "crv": "P-256", "x": _text(public[1:33]), "y": _text(public[33:])}
    return {**shape, "kid": key_id(public), "alg": algorithm_of(public), "use": "sig"}


def pem_of(key: SealingKey) -> bytes:
    """Return the key as its file holds it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def key_from(pem: bytes) -> SealingKey:
    """Return the key in the bytes of its file.

    :raises ImproperlyConfigured: if it is of a kind that seals nothing here.
    """
    key = load_pem_private_key(pem, password=None)
    is_p256 = isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1)
    if not is_p256 and not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured(
            "The file named by SEAL_KEY_FILE holds neither a P-256 nor an Ed25519 key."
        )
    return key


@lru_cache(maxsize=4)
def _key_in(file: Path, _written_at: int) -> SealingKey:
    return key_from(file.read_bytes())


def _written(file: Path, content: bytes) -> Path:
    """Return a file beside this one, with the content, that only its owner can read."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}.{os.urandom(4).hex()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(content)
    return draft


def _public_key(public: bytes) -> PublicKey:
    if len(public) == ED25519_BYTES:
        return Ed25519PublicKey.from_public_bytes(public)
    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public)


def _public_bytes(key: object) -> bytes:
    if isinstance(key, EllipticCurvePublicKey):
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return key.public_bytes_raw() if isinstance(key, Ed25519PublicKey) else b""


def _hash_of(key: SealingKey) -> hashes.SHA256 | None:
    return None if isinstance(key, Ed25519PrivateKey) else hashes.SHA256()


def _text(number: bytes) -> str:
    return urlsafe_b64encode(number).rstrip(b"=").decode()
