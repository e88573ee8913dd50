"""Appointments: the time of the one visit is promised to somebody, moved, given back, or passes unused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from services.core import appointments
from services.core.appointments import Need
from services.core.centres import described_centre
from services.core.refusal import Kind, Refusal
from services.core.tickets import OPEN, TicketState
from services.visits import queries
from services.visits.models import Appointment, Attendee, Centre, Item, Leg, Window

Status = Appointment.Status


class SlotTaken(Refusal):
    """Somebody else was quicker, or the time was never on offer."""

    code = "slot_taken"
    kind = Kind.CONFLICT
    sentence = "This time is no longer free. Choose another one."


class AlreadyBooked(Refusal):
    """There is one visit, and one appointment for it."""

    code = "already_booked"
    kind = Kind.CONFLICT
    sentence = "A visit is already booked. Move or cancel that one."


class ElsewhereThen(Refusal):
    """Nobody can be at two windows at the same time."""

    code = "elsewhere_then"
    kind = Kind.CONFLICT
    sentence = "You have another appointment at that time. Choose another time."


class NoSuchAppointment(Refusal):
    """There is no appointment with this id."""

    code = "no_such_appointment"
    kind = Kind.MISSING
    sentence = "There is no such appointment."


class AppointmentOver(Refusal):
    """What was booked has been cancelled, kept or missed."""

    code = "appointment_over"
    kind = Kind.CONFLICT
    sentence = "This appointment is no longer open: it was {status}."


class NotMissedYet(Refusal):
    """The time has not passed."""

    code = "not_missed_yet"
    kind = Kind.CONFLICT
    sentence = "The time of this appointment has not passed yet."


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who comes, for which applications, and through whose account it is arranged; `along`: who else must be there."""

    application_ids: tuple[UUID, ...]
    account_id: UUID
    person_id: UUID
    along: tuple[UUID, ...] = ()

    @property
    def people(self) -> tuple[UUID, ...]:
        """Return everybody who comes, each once."""
        return tuple(dict.fromkeys((self.person_id, *self.along)))


@transaction.atomic
def book_appointment(*, visitor: Visitor, needs: Sequence[Need], slot_id: str, now: datetime) -> UUID:
    """Book the slot for all the needs of the visit and return the appointment; once is enough.

    :raises SlotTaken: if it is not free, or has passed.
    :raises AlreadyBooked: if one of the applications has another appointment.
    :raises ElsewhereThen: if somebody who must come has another appointment at that time.
    """
    centre, day, at = _locked_centre(slot_id)
    booked = Item.objects.filter(application_id__in=visitor.application_ids, is_held=True)
    before = Appointment.objects.filter(id__in=booked.values("appointment_id")).first()
    if before is None:
        return _book(visitor, centre, _free_plan(centre, needs, day, at, now), now)
    if (before.centre_id, before.starts_at) != (centre.code, queries.moment(day, at)):
        raise AlreadyBooked()
    return before.id


@transaction.atomic
def cancel_appointment(*, appointment_id: UUID, now: datetime) -> None:
    """Give the time back; cancelling again changes nothing. The caller has made sure who asks for it.

    :raises NoSuchAppointment:
    :raises AppointmentOver: if it was kept or missed.
    """
    row = locked(appointment_id)
    if row.status == Status.CANCELLED:
        return
    check_booked(row)
    finish(row, Status.CANCELLED, now)
    # Whoever waited for it waits no more.
    waiting = row.tickets.filter(state__in=OPEN)
    waiting.update(state=TicketState.LEFT, state_at=now, language="", help=[])


@transaction.atomic
def leave_appointment(*, appointment_id: UUID, application_id: UUID, now: datetime) -> None:
    """Take one application out of an appointment that stands for the others; the caller has made sure who asks for it.

    :raises NoSuchAppointment:
    :raises AppointmentOver: if it was cancelled, kept or missed.
    """
    row = locked(appointment_id)
    check_booked(row)
    row.items.filter(application_id=application_id).delete()
    row.version, row.status_at = row.version + 1, now
    row.save(update_fields=["version", "status_at"])


@transaction.atomic
def miss_appointment(*, appointment_id: UUID, now: datetime) -> bool:
    """Keep that nobody came, and return whether that is news; missing it again changes nothing.

    :raises NoSuchAppointment:
    :raises NotMissedYet: while its time has not passed.
    :raises AppointmentOver: if it was kept or cancelled.
    """
    row = locked(appointment_id)
    if row.status == Status.MISSED:
        return False
    check_booked(row)
    if now < row.ends_at:
        raise NotMissedYet()
    finish(row, Status.MISSED, now)
    return True


def _locked_centre(slot_id: str) -> tuple[appointments.Centre, date, time]:
    """Return the centre, day and time of the slot; until the transaction ends nobody else books there.

    The database would refuse a window promised twice; waiting for each other, two people get two windows.
    """
    named = queries.read_slot_id(slot_id)
    if named is None:
        raise SlotTaken()
    code, day, at = named
    row = Centre.objects.select_for_update(no_key=True).filter(code=code, is_open=True).first()
    if row is None:
        raise SlotTaken()
    return described_centre(row.code, row.described), day, at


def _free_plan(
    centre: appointments.Centre, needs: Sequence[Need], day: date, at: time, now: datetime
) -> appointments.Slot:
    if queries.moment(day, at) <= now:
        raise SlotTaken()
    free = queries.plans_on(centre, needs, day, queries.taken_on(centre.code, day))
    plan = next((plan for plan in free if plan.starts == at), None)
    if plan is None:
        raise SlotTaken()
    return plan


def _book(visitor: Visitor, centre: appointments.Centre, plan: appointments.Slot, now: datetime) -> UUID:
    earlier = Appointment.objects.filter(items__application_id__in=visitor.application_ids)
    row = Appointment(
        version=(earlier.aggregate(last=Max("version"))["last"] or 0) + 1,
        account_id=visitor.account_id,
        person_id=visitor.person_id,
        centre_id=centre.code,
        starts_at=queries.moment(plan.day, plan.starts),
        ends_at=queries.moment(plan.day, plan.ends),
        booked_at=now,
        status_at=now,
    )
    windows = {window.code: window for window in Window.objects.filter(centre_id=centre.code)}
    legs = [
        Leg(
            appointment=row,
            window=windows[leg.window],
            purposes=sorted(leg.need.purposes),
            organisation=leg.need.organisation,
            starts_at=queries.moment(plan.day, leg.starts),
            ends_at=queries.moment(plan.day, leg.ends),
        )
        for leg in plan.legs
    ]
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            Item.objects.bulk_create(
                Item(appointment=row, application_id=one) for one in visitor.application_ids
            )
            Attendee.objects.bulk_create(
                Attendee(appointment=row, person_id=one, starts_at=row.starts_at, ends_at=row.ends_at)
                for one in visitor.people
            )
            Leg.objects.bulk_create(legs)
    except IntegrityError as error:
        raise said_of(error) from error
    return row.id


REFUSED_BY: Mapping[str, type[Refusal]] = {
    "window_promised_once": SlotTaken,
    "appointment_one_per_application": AlreadyBooked,
    "appointment_person_in_one_place": ElsewhereThen,
}


def said_of(error: IntegrityError) -> Exception:
    """Return the refusal that a constraint of the database stands for."""
    violated = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return REFUSED_BY[violated]() if violated in REFUSED_BY else error


def locked(appointment_id: UUID) -> Appointment:
    """Return the appointment, which nobody else can change until the transaction ends.

    :raises NoSuchAppointment:
    """
    row = Appointment.objects.select_for_update().filter(id=appointment_id).first()
    if row is None:
        raise NoSuchAppointment()
    return row


def check_booked(row: Appointment) -> None:
    """Do nothing if the appointment is still ahead.

    :raises AppointmentOver: otherwise.
    """
    if row.status != Status.BOOKED:
        raise AppointmentOver(status=row.status)


def finish(row: Appointment, status: str, now: datetime) -> None:
    """Keep what became of the appointment, and free its windows, and everybody's time."""
    row.status, row.status_at, row.version = status, now, row.version + 1
    row.language, row.help = "", []
    row.save(update_fields=["status", "status_at", "version", "visit", "language", "help"])
    for part in (row.items, row.attendees, row.legs):
        part.update(is_held=False)


def visitor_of(row: Appointment) -> Visitor:
    """Return who comes to the appointment, and for what."""
    return Visitor(
        application_ids=tuple(row.items.order_by("id").values_list("application_id", flat=True)),
        account_id=row.account_id,
        person_id=row.person_id,
        along=tuple(row.attendees.order_by("id").values_list("person_id", flat=True)),
    )
