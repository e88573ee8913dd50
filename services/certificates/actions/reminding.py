"""When the holder of a certificate is to hear that it ends (R2.25): each reminder is taken once."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services import clock
from services.certificates import queries
from services.certificates.models import Certificate, Status
from services.certificates.queries import CertificateView
from services.core.renewal import next_reminder_on, reminder_reached


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that is due: which certificate, and how many days before its end it is for."""

    certificate: CertificateView = field(repr=False)
    days: int


def take_reminder(*, certificate_id: UUID, on: date) -> Reminder | None:
    """Return the certificate's reminder of the day, inside the caller's transaction, and set the day of the next.

    None if another worker has taken it, the certificate is in force no more, or it was not reached: of several that
    went by while no worker ran, the last is told and the others are not.
    """
    rows = Certificate.objects.select_for_update(skip_locked=True)
    row = rows.filter(id=certificate_id, status=Status.VALID, remind_on__lte=on).first()
    if row is None or row.valid_until is None:
        return None
    terms = {"issued_on": row.issued_on, "ends_on": row.valid_until, "on": on}
    days = clock.profile().renewal_reminders
    reached = reminder_reached(**terms, days=days)
    row.remind_on = next_reminder_on(**terms, days=days)
    row.save(update_fields=["remind_on"])
    return None if reached is None else Reminder(queries.view(row, on), reached)
