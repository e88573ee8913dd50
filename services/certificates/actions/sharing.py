"""One-time sharing codes (R12.3): made by the holder, good for one look within minutes, told once, kept as a hash."""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from services import clock
from services.certificates import queries
from services.certificates.models import Certificate, SharingCode, Status
from services.certificates.queries import CertificateView, NoSuchCertificate
from services.core.refusal import Kind, Refusal
from services.people.fields import blind_index
from services.people.queries import AccountView

LENGTH = 8


class NotInForce(Refusal):
    """What is out of force is not shown about."""

    code = "certificate_not_in_force"
    kind = Kind.CONFLICT
    sentence = (
        "This certificate is not in force, so that there is nothing to show. Look for its newest version."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCode:
    """A sharing code as it is told once."""

    id: UUID
    code: str = field(repr=False)
    ends_at: datetime


@transaction.atomic
def make_sharing_code(*, viewer: AccountView, certificate_id: UUID, now: datetime) -> MadeCode:
    """Return a code with which somebody sees the certificate, once; an earlier one that is open is taken back.

    :raises NoSuchCertificate: if it is not the account's to read: an agent shares nothing of whom it acts for.
    :raises NotInForce: unless the certificate holds today.
    """
    on = clock.legal_day(now)
    shown = queries.own_certificate(viewer=viewer, certificate_id=certificate_id, on=on)
    if shown.status != Status.VALID:
        raise NotInForce
    # Of two requests at once one waits, and then takes back the other's code.
    Certificate.objects.select_for_update().get(id=certificate_id)
    _open_codes(certificate_id).update(revoked_at=now)
    code = "".join(secrets.choice(queries.ALPHABET) for _ in range(LENGTH))
    profile = clock.profile()
    made = SharingCode.objects.create(
        certificate_id=certificate_id,
        code_index=_index(code),
        made_by=viewer.id,
        made_at=now,
        ends_at=now + timedelta(minutes=profile.sharing_code_minutes),
        guesses_left=profile.sharing_code_guesses,
    )
    return MadeCode(id=made.id, code=queries.grouped(code), ends_at=made.ends_at)


@transaction.atomic
def revoke_sharing_code(*, viewer: AccountView, certificate_id: UUID, now: datetime) -> bool:
    """Take back the certificate's open code, and return whether there was one. Twice is once.

    :raises NoSuchCertificate: if it is not the account's to read.
    """
    queries.own_certificate(viewer=viewer, certificate_id=certificate_id, on=clock.legal_day(now))
    return bool(_open_codes(certificate_id).update(revoked_at=now))


@transaction.atomic
def use_sharing_code(*, number: str, code: str, now: datetime) -> CertificateView | None:
    """Return the certificate that the code opens, and use the code up; None if it opens none.

    A wrong number, a wrong code and one that was used, taken back or has run out get the same answer. Each wrong code
    costs the open one a guess; with the last it is gone.
    """
    known = SharingCode.objects.select_for_update().select_related("certificate")
    open_ones = known.filter(used_at__isnull=True, revoked_at__isnull=True, ends_at__gt=now)
    row = open_ones.filter(certificate__number=queries.grouped(queries.compact(number))).first()
    # The hash is computed in any case: how long the answer takes tells nothing.
    asked = _index(code)
    if row is None:
        return None
    if not hmac.compare_digest(row.code_index, asked):
        _count_guess(row, now)
        return None
    row.used_at = now
    row.save(update_fields=["used_at"])
    return _as_shown(row.certificate, now)


def _as_shown(row: Certificate, now: datetime) -> CertificateView | None:
    """Return what is shown; nothing of a certificate that is not what was sealed."""
    sealed = Certificate.objects.select_related("seal_key").get(id=row.id)
    return queries.view(sealed, clock.legal_day(now)) if queries.is_genuine(sealed) else None


def _count_guess(row: SharingCode, now: datetime) -> None:
    row.guesses_left = max(row.guesses_left - 1, 0)
    if not row.guesses_left:
        row.revoked_at = now
    row.save(update_fields=["guesses_left", "revoked_at"])


def _open_codes(certificate_id: UUID) -> QuerySet[SharingCode]:
    return SharingCode.objects.filter(
        certificate_id=certificate_id, used_at__isnull=True, revoked_at__isnull=True
    )


def _index(code: str) -> str:
    return blind_index(queries.compact(code), purpose="sharing-code")


__all__ = [
    "MadeCode", "NoSuchCertificate", "NotInForce", "make_sharing_code", "revoke_sharing_code", "use_sharing_code",
]  # fmt: skip
