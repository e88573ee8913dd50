"""At the desk: somebody came, once a day at one centre, with an appointment or without (R8.4, R8.10)."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from services import clock
from services.core.refusal import Kind, Mistake, Refusal
from services.core.states import Role
from services.core.tickets import OPEN, TicketState
from services.ledger.actions import WORKER, Actor
from services.visits.actions.booking import Status, Visitor, check_booked, finish, locked, visitor_of
from services.visits.models import Appointment, Attendee, Centre, Ticket, Visit
from services.visits.queries import NoSuchCentre


class OnlyAtTheDesk(Refusal):
    """That somebody came is witnessed by an officer."""

    code = "only_at_the_desk"
    kind = Kind.FORBIDDEN
    sentence = "Only an officer at the centre can do this."


class DayNotCome(Refusal):
    """Whoever comes before their day is served on their day, or takes another time first."""

    code = "day_not_come"
    kind = Kind.CONFLICT
    sentence = (
        "This appointment is for {day}. Serve it on that day, or let the person take another time first."
    )


class DayOver(Refusal):
    """Whoever comes late is served while the day lasts, and not on another one."""

    code = "day_over"
    kind = Kind.CONFLICT
    sentence = "This appointment was for {day}, and that day is over. Let the person book another time."


class NobodysFault(Refusal):
    """A visit is needed anyway, or by a mistake: an authority's or the applicant's (R8.5)."""

    code = "nobodys_fault"
    sentence = "Say whether an authority or the applicant caused this visit, or leave it open."


@transaction.atomic
def open_visit(*, appointment_id: UUID, clerk: Actor, now: datetime) -> UUID:
    """Receive the person who came, and return the visit.

    Whoever has another appointment at the same centre on the same day is on the same visit (R8.4, R8.10). Receiving
    again changes nothing.

    :raises OnlyAtTheDesk: for anybody but an officer.
    :raises NoSuchAppointment, AppointmentOver:
    :raises DayNotCome, DayOver: on another legal day than the appointment's own.
    """
    officer = check_officer(clerk)
    row = locked(appointment_id)
    if row.visit_id is not None:
        _note_server(row.visit_id, officer)
        return row.visit_id
    check_booked(row)
    _check_day(row, clock.legal_day(now))
    row.visit_id = _come(row, row.person_id, officer, now)
    _note_server(row.visit_id, officer)
    finish(row, Status.KEPT, now)
    return row.visit_id


@transaction.atomic
def open_walk_in(*, visitor: Visitor, centre: str, clerk: Actor, now: datetime) -> UUID:
    """Receive a person who came without an appointment (R6.7), and return the visit; once a day is enough.

    :raises OnlyAtTheDesk, NoSuchCentre:
    """
    officer = check_officer(clerk)
    if not Centre.objects.filter(code=centre, is_open=True).exists():
        raise NoSuchCentre()
    return _attend(visitor, visitor.person_id, centre, officer, now)


@transaction.atomic
def complete_visit(
    *, appointment_id: UUID, clerk: Actor, came: Collection[UUID] = (), now: datetime, ends: bool = True
) -> UUID:
    """Keep that all was done, receiving the person first if nobody has, and return the visit; once is enough.

    `came`: who else was there, each with a visit of their own. `ends`: whether they leave with it; who was called by
    a ticket stays until that is closed.

    :raises OnlyAtTheDesk, NoSuchAppointment, AppointmentOver, DayNotCome, DayOver:
    """
    officer = check_officer(clerk)
    visit_id = open_visit(appointment_id=appointment_id, clerk=clerk, now=now)
    row = locked(appointment_id)
    for person_id in row.attendees.filter(person_id__in=came, visit=None).values_list("person_id", flat=True):
        _come(row, person_id, officer, now)
    if ends:
        end_visit(appointment_id=appointment_id, now=now)
    return visit_id


@transaction.atomic
def end_visit(*, appointment_id: UUID, now: datetime) -> None:
    """Keep that whoever came to the appointment has gone: their visits are over, and no ticket of theirs waits."""
    begun = Visit.objects.filter(attendees__appointment_id=appointment_id, completed_at__isnull=True)
    Visit.objects.filter(id__in=begun.values("id")).update(completed_at=now)
    # Whoever was served without being called has waited for nothing since they were served.
    tickets = Ticket.objects.filter(appointment=appointment_id, state__in=OPEN)
    tickets.update(
        state=TicketState.DONE, state_at=now, served_at=Coalesce("served_at", now), language="", help=[]
    )


@transaction.atomic
def record_fault(*, visit_id: UUID, fault: str, clerk: Actor, cause: str = "") -> None:
    """Keep whose fault it was that this visit was needed at all, or another one will be, and any cause (R8.5).

    :raises OnlyAtTheDesk: for anybody but an officer.
    :raises NobodysFault: for a fault that is nobody's.
    """
    if clerk != WORKER:  # the end of a day has nobody who closes what was left open
        check_officer(clerk)
    if fault not in Visit.Fault.values:
        raise NobodysFault(errors=[Mistake("fault", NobodysFault.sentence)])
    # Everybody who came to the same appointment came for the same reason.
    appointments = Attendee.objects.filter(visit_id=visit_id).values("appointment")
    along = Attendee.objects.filter(appointment__in=appointments).values("visit_id")
    Visit.objects.filter(Q(id=visit_id) | Q(id__in=along)).update(fault=fault, cause=cause)


def _note_server(visit_id: UUID, officer: UUID) -> None:
    """Keep who served at the visit, each once: their work is what is rated, also where nothing came of it (R9.8)."""
    row = Visit.objects.select_for_update().get(id=visit_id)
    if officer not in row.served_by:
        row.served_by = [*row.served_by, officer]
        row.save(update_fields=["served_by"])


def _come(row: Appointment, person_id: UUID, officer: UUID, now: datetime) -> UUID:
    """Return the visit of somebody who came to the appointment."""
    visit_id = _attend(visitor_of(row), person_id, row.centre_id, officer, now)
    row.attendees.filter(person_id=person_id).update(visit=visit_id)
    return visit_id


def _attend(visitor: Visitor, person_id: UUID, centre: str, officer: UUID, now: datetime) -> UUID:
    """Return the person's visit to the centre on this day, which begins now if it has not."""
    visit = Visit(
        centre_id=centre,
        on=clock.legal_day(now),
        person_id=person_id,
        account_id=visitor.account_id,
        application_id=visitor.application_ids[0],
        arrived_at=now,
        received_by=officer,
    )
    Visit.objects.bulk_create([visit], ignore_conflicts=True)
    kept = Visit.objects.get(person_id=visit.person_id, centre_id=centre, on=visit.on)
    return kept.id


def _check_day(row: Appointment, today: date) -> None:
    booked_for = clock.legal_day(row.starts_at)
    if today < booked_for:
        raise DayNotCome(day=booked_for.isoformat())
    if today > booked_for:
        raise DayOver(day=booked_for.isoformat())


def check_officer(actor: Actor) -> UUID:
    """Return the officer's account.

    :raises OnlyAtTheDesk: for anybody but an officer.
    """
    if not Role(actor.role).is_staff or actor.account_id is None:
        raise OnlyAtTheDesk()
    return actor.account_id
