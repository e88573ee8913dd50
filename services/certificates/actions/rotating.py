"""Another key takes over the sealing, while the portal runs; what earlier keys sealed stays genuine."""

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from django.conf import settings
from django.db import transaction

from services.certificates import keys
from services.certificates.actions import known_key
from services.certificates.models import SealKey
from services.core.refusal import Kind, Refusal


class CertificateNeeded(Refusal):
    """In production a key comes with a certificate that somebody vouches for."""

    code = "seal_certificate_needed"
    kind = Kind.CONFLICT
    sentence = "Give the new key together with its certificate: in production none is made."


class CertificateDoesNotFit(Refusal):
    """Key and certificate are not of one pair."""

    code = "seal_certificate_does_not_fit"
    sentence = "The certificate is not of this key."


def rotate_seal_key(
    *, now: datetime, key: keys.SealingKey | None = None, certificate: x509.Certificate | None = None
) -> str:
    """Seal with another key from now on, given or new, and return its id; the earlier ones are retired, and known.

    Its certificate is in place before the key: whoever seals in between finds a fitting pair.

    :raises CertificateNeeded: in production, for a key without a certificate.
    :raises CertificateDoesNotFit:
    """
    if certificate is None and settings.ENVIRONMENT == "production":
        raise CertificateNeeded
    key = key or generate_private_key(SECP256R1())
    certificate = certificate or keys.make_certificate(key)
    if keys.certified(certificate) != keys.public_part(key):
        raise CertificateDoesNotFit
    with transaction.atomic():
        # What sealed until now is on record, also if it never sealed anything.
        known_key(keys.sealing_key(), now=now)
        new = known_key(key, now=now)
        SealKey.objects.exclude(id=new.id).filter(retired_at__isnull=True).update(retired_at=now)
        keys.keep_certificate(certificate)
        keys.replace_key(key)
    return new.id
