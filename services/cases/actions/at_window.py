"""At a window: whoever was called is served until nothing is left, and the visit is closed (R8.4, R8.5)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.arriving import join_others
from services.cases.actions.claiming import actor_of
from services.cases.actions.leaving import leave_open
from services.cases.actions.rating import visit_letter
from services.cases.queries.at_counter import needs_of
from services.cases.queries.visits import booked_at_desk, open_counter_cases
from services.catalogue import queries as catalogue
from services.core.closing import Answer, cause_for_leaving, check_answer
from services.core.refusal import Kind, Refusal
from services.core.tickets import OPEN
from services.ledger import looking
from services.notices.actions import notify
from services.people.queries import AccountView
from services.visits import actions as visits
from services.visits import queries as appointments
from services.visits.queries import AppointmentView, NoSuchTicket, TicketView


class NobodyWaits(Refusal):
    """The line is empty, or this window can do nothing for those who wait."""

    code = "nobody_waits"
    kind = Kind.CONFLICT
    sentence = "Nobody waits for this window now."


def line(*, viewer: AccountView, centre: str, now: datetime) -> tuple[TicketView, ...]:
    """Return who is at the centre now, for an officer who sits there.

    :raises services.visits.actions.NoSuchCentre: for others, and if there is none.
    """
    if not viewer.role.is_staff or viewer.organisation not in appointments.centre(code=centre).offices:
        raise visits.NoSuchCentre()
    return appointments.line(centre=centre, now=now)


def call_next(*, viewer: AccountView, centre: str, window: str, now: datetime) -> UUID | None:
    """Call whose turn it is to the officer's window, and return the ticket; None if nobody waits for it.

    :raises services.visits.actions.NoSuchCentre: if their office does not sit there.
    :raises services.visits.queries.NoSuchWindow:
    :raises services.visits.actions.OnlyAtTheDesk, WindowTaken:
    """
    if viewer.organisation not in appointments.centre(code=centre).offices:
        raise visits.NoSuchCentre()
    return visits.call_next(centre=centre, window=window, clerk=actor_of(viewer), now=now)


def put_back(*, viewer: AccountView, ticket_id: UUID, now: datetime) -> None:
    """Let whoever was called, and did not appear, wait again in the place they had.

    :raises services.visits.queries.NoSuchTicket:
    :raises services.visits.actions.OnlyAtTheDesk, NotYourWindow:
    :raises services.core.tickets.TicketCannotMove:
    """
    _held(viewer, ticket_id)
    visits.put_back(ticket_id=ticket_id, clerk=actor_of(viewer), now=now)


@transaction.atomic
def begin_visit(*, viewer: AccountView, ticket_id: UUID, now: datetime) -> UUID | None:
    """Receive whoever was called to the window: their visit begins. Return their appointment, if it is no question.

    :raises services.visits.queries.NoSuchTicket:
    :raises services.visits.actions.OnlyAtTheDesk, NotYourWindow, DayNotCome, DayOver, AppointmentOver:
    :raises services.core.tickets.TicketCannotMove:
    :raises services.cases.queries.visits.NotYourDesk: if their visit is for another desk.
    """
    _held(viewer, ticket_id)
    appointment_id = visits.begin_serving(ticket_id=ticket_id, clerk=actor_of(viewer), now=now)
    if appointment_id is None:
        return None
    booked = booked_at_desk(viewer, appointment_id)
    visits.open_visit(appointment_id=appointment_id, clerk=actor_of(viewer), now=now)
    join_others(viewer, booked, now)
    return appointment_id


@looking.unseen()
@transaction.atomic
def send_on(*, viewer: AccountView, ticket_id: UUID, now: datetime) -> None:
    """Let another window go on with what is left; whoever is sent on keeps their place.

    :raises services.visits.queries.NoSuchTicket:
    :raises services.visits.actions.OnlyAtTheDesk, NotYourWindow:
    :raises services.core.tickets.TicketCannotMove: if they are not being served.
    """
    held = _held(viewer, ticket_id)
    needs = needs_of(_booked(held.appointment_id).application_ids) if held.appointment_id else ()
    visits.put_back(ticket_id=ticket_id, clerk=actor_of(viewer), now=now, needs=needs)


@transaction.atomic
def leave(*, viewer: AccountView, ticket_id: UUID, now: datetime) -> None:
    """Keep that somebody left before they were served: no visit; who had booked may book again.

    Whoever was at a window and was sent on has begun their visit: it is closed, with its cause (R8.5).

    :raises services.visits.queries.NoSuchTicket:
    :raises services.visits.actions.OnlyAtTheDesk, NotYourWindow:
    :raises services.core.tickets.TicketCannotMove: if they are being served: their visit is closed instead.
    :raises services.core.closing.VisitStillOpen: if their visit has begun and something can still be done.
    """
    held = _held(viewer, ticket_id)
    visits.check_waiting(held.state)
    if held.appointment_id and _booked(held.appointment_id).visit_id is not None:
        close_visit(viewer=viewer, ticket_id=ticket_id, now=now)
        return
    visits.end_ticket(ticket_id=ticket_id, clerk=actor_of(viewer), now=now)
    if held.appointment_id and held.due_at is None and _booked(held.appointment_id).status == "booked":
        visits.cancel_appointment(appointment_id=held.appointment_id, now=now)


@looking.unseen()
@transaction.atomic
def close_visit(
    *, viewer: AccountView, ticket_id: UUID, cause: str = "", answer: Answer | None = None, now: datetime
) -> None:
    """Close the visit of whoever is at a window, or waits for another one (R8.5); `answer`: how a question ended.

    Nothing that can be done now stays open without its cause. They came for what stays open too: it counts as attended,
    and a supervisor is asked before they are called again (R8.7). Whose mistake it was is in the ledger of each case.

    :raises services.core.closing.VisitStillOpen: if something can be done now and no cause was said.
    :raises services.core.closing.QuestionStillOpen: if it is a question and not on record how it ended (R6.5).
    :raises services.visits.queries.NoSuchTicket:
    :raises services.visits.actions.OnlyAtTheDesk, NotYourWindow:
    :raises services.core.tickets.TicketCannotMove: if nobody is being served and no visit has begun.
    """
    held = _held(viewer, ticket_id)
    if held.appointment_id is None:
        visits.check_serving(held.state)
        offices = {one.code for one in catalogue.handling_offices("en")}
        ended = check_answer(answer or Answer(), offices)
        visits.end_ticket(ticket_id=ticket_id, clerk=actor_of(viewer), answer=ended, now=now)
        return
    booked = booked_at_desk(viewer, held.appointment_id)
    # The cases before the appointment, as every act on a visit does it.
    cases = open_counter_cases(booked.application_ids, lock=True)
    if booked.visit_id is None or held.state not in OPEN:
        visits.check_serving(held.state)
    found = cause_for_leaving([str(case.id) for case in cases], cause)
    if found is not None:
        leave_open(actor_of(viewer), booked, cases, found, on=clock.legal_day(now), now=now)
    visits.end_ticket(ticket_id=ticket_id, clerk=actor_of(viewer), now=now)
    visit_id = visits.complete_visit(appointment_id=booked.id, clerk=actor_of(viewer), now=now)
    notify(rows=visit_letter(visit_id=visit_id, now=now), now=now)


def take_up(*, viewer: AccountView, ticket_id: UUID) -> None:
    """Go on with a question that was handed over to the officer's office; once is enough (R6.5).

    :raises services.visits.queries.NoSuchTicket: if it was not.
    :raises services.visits.actions.OnlyAtTheDesk:
    """
    visits.take_up(ticket_id=ticket_id, clerk=actor_of(viewer), organisation=viewer.organisation)


def _held(viewer: AccountView, ticket_id: UUID) -> TicketView:
    """Return the ticket, for an officer who sits where it was given."""
    held = appointments.ticket(ticket_id=ticket_id)
    if not viewer.role.is_staff or viewer.organisation not in appointments.centre(code=held.centre).offices:
        raise NoSuchTicket
    return held


def _booked(appointment_id: UUID) -> AppointmentView:
    found = appointments.appointment(appointment_id=appointment_id)
    if found is None:
        raise visits.NoSuchAppointment
    return found
