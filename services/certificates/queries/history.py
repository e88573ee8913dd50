"""The keys that have sealed certificates, and from when to when: what everybody needs who checks without asking us."""

from dataclasses import dataclass, field
from datetime import datetime

from services.certificates import keys
from services.certificates.models import SealKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SealKeyView:
    """A public key, as a JSON Web Key, with the time in which it sealed."""

    id: str
    jwk: dict[str, str] = field(hash=False)
    first_used_at: datetime
    retired_at: datetime | None


def seal_keys() -> tuple[SealKeyView, ...]:
    """Return every key that has ever sealed, the newest first."""
    return tuple(_view(row) for row in SealKey.objects.order_by("-first_used_at", "id"))


def _view(row: SealKey) -> SealKeyView:
    return SealKeyView(
        id=row.id,
        jwk=keys.as_jwk(bytes(row.public_key)),
        first_used_at=row.first_used_at,
        retired_at=row.retired_at,
    )
