"""Somebody is here without a booking, or for more than was booked: it is one visit all the same (R6.7, R8.4)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from services.visits.actions.booking import Visitor, check_booked, locked, said_of
from services.visits.models import Appointment, Attendee, Item


@transaction.atomic
def open_appointment(
    *, visitor: Visitor, centre: str, minutes: int, now: datetime, elsewhere: Collection[UUID] = ()
) -> UUID:
    """Take somebody in who has come without a booking, and return what stands for it; no window is promised to them.

    `elsewhere`: the applications booked for another time, which they keep until they are served.

    :raises AlreadyBooked: if one of the applications has an appointment.
    :raises ElsewhereThen: if they have one at this time.
    """
    row = Appointment(
        account_id=visitor.account_id, person_id=visitor.person_id, centre_id=centre, starts_at=now,
        ends_at=now + timedelta(minutes=max(minutes, 1)), booked_at=now, status_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            Item.objects.bulk_create(
                Item(appointment=row, application_id=one, is_held=one not in elsewhere)
                for one in visitor.application_ids
            )
            Attendee.objects.bulk_create(
                Attendee(
                    appointment=row,
                    person_id=one,
                    starts_at=row.starts_at,
                    ends_at=row.ends_at,
                    is_held=not elsewhere,
                )
                for one in visitor.people
            )
    except IntegrityError as error:
        raise said_of(error) from error
    return row.id


@transaction.atomic
def join_appointment(*, appointment_id: UUID, application_ids: Collection[UUID], now: datetime) -> None:
    """Let an appointment be for more applications: what is feasible while somebody is here. Once is enough.

    :raises NoSuchAppointment:
    :raises AlreadyBooked: if one of them has another appointment.
    """
    row = locked(appointment_id)
    known = set(row.items.values_list("application_id", flat=True))
    new = [one for one in application_ids if one not in known]
    if not new:
        return
    is_held = row.status == Appointment.Status.BOOKED
    if not is_held and row.visit_id is None:
        check_booked(row)
    try:
        with transaction.atomic():
            Item.objects.bulk_create(
                Item(appointment=row, application_id=one, is_held=is_held) for one in new
            )
    except IntegrityError as error:
        raise said_of(error) from error
    row.version, row.status_at = row.version + 1, now
    row.save(update_fields=["version", "status_at"])
