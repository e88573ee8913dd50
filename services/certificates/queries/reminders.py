"""Which certificates end soon enough for their holders to hear of it."""

from datetime import date
from uuid import UUID

from services.certificates.models import Certificate, Status


def to_remind(*, on: date, limit: int) -> tuple[UUID, ...]:
    """Return the certificates in force with a reminder due, the longest due first; the index holds nothing else."""
    rows = Certificate.objects.filter(status=Status.VALID, remind_on__isnull=False, remind_on__lte=on)
    return tuple(rows.order_by("remind_on", "id").values_list("id", flat=True)[:limit])
