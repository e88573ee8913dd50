"""What a holder sees of the codes by which others may look at a certificate."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.certificates.models import SharingCode


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingView:
    """A sharing code as its holder sees it after it was told: what became of it, never the code."""

    id: UUID
    made_at: datetime
    ends_at: datetime
    state: str  # open, used, revoked, ended


def sharing_codes(*, certificate_id: UUID, now: datetime, limit: int = 5) -> tuple[SharingView, ...]:
    """Return the last codes of the certificate, the newest first."""
    rows = SharingCode.objects.filter(certificate_id=certificate_id).order_by("-made_at", "-id")[:limit]
    return tuple(
        SharingView(id=row.id, made_at=row.made_at, ends_at=row.ends_at, state=_state(row, now))
        for row in rows
    )


def _state(row: SharingCode, now: datetime) -> str:
    if row.used_at is not None:
        return "used"
    if row.revoked_at is not None:
        return "revoked"
    return "open" if row.ends_at > now else "ended"
