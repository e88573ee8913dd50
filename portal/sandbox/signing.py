"""The offices' own keys: each signs what its registers answer, and anybody can look up its public half."""

import hashlib
import json
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET
from jwt.algorithms import ECAlgorithm

from portal.sandbox.gate import Refused, answered_openly
from portal.sandbox.models import OfficeKey, Register

ALGORITHM = "ES256"
ANSWER_TYPE = "register-answer+jws"
JOSE = "application/jose"


@answered_openly
@require_GET
def keys(request: HttpRequest, office: str) -> JsonResponse:
    """Publish an office's public keys (JWKS, RFC 7517), the one it signs with last."""
    published = [_public(key) for key in OfficeKey.objects.filter(office=office).order_by("pk")]
    if not published:
        raise Refused(f"There is no office {office}.", 404)
    return JsonResponse({"keys": published})


def sign(payload: dict[str, object], *, office: str) -> str:
    """Return the payload as a compact JWS under the office's newest key."""
    return _signed(payload, _newest(office), private_key(_newest(office).pem))


def forge(payload: dict[str, object], *, office: str) -> str:
    """Return the payload under the name of the office's key, but with a signature that key did not make."""
    return _signed(payload, _newest(office), _forgers_key())


def make_missing_keys() -> None:
    """Give every office that keeps a register a key, if it has none."""
    known = OfficeKey.objects.values_list("office", flat=True)
    for office in Register.objects.exclude(office__in=known).values_list("office", flat=True).distinct():
        make_key(office)


def make_key(office: str) -> OfficeKey:
    """Make a key the office signs with from now on; the older ones stay published."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return OfficeKey.objects.create(office=office, kid=f"{office}-{_thumbprint(key)[:12]}", pem=pem.decode())


@lru_cache(maxsize=128)
def private_key(pem: str) -> ec.EllipticCurvePrivateKey:
    """Return the key a row holds, read once."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("An office signs with a key on a curve.")
    return key


def _signed(payload: dict[str, object], key: OfficeKey, private: ec.EllipticCurvePrivateKey) -> str:
    headers = {"kid": key.kid, "typ": ANSWER_TYPE}
    # Not jwt.encode: a claim set knows nothing of ours, and would be held to its own rules.
    body = json.dumps(payload, ensure_ascii=False).encode()
    return jwt.api_jws.encode(body, private, algorithm=ALGORITHM, headers=headers)


def _newest(office: str) -> OfficeKey:
    return OfficeKey.objects.filter(office=office).latest("pk")


@lru_cache(maxsize=1)
def _forgers_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _public(key: OfficeKey) -> dict[str, Any]:
    told = ECAlgorithm.to_jwk(private_key(key.pem).public_key(), as_dict=True)
    return told | {"kid": key.kid, "use": "sig", "alg": ALGORITHM}


def _thumbprint(key: ec.EllipticCurvePrivateKey) -> str:
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(der).hexdigest()
