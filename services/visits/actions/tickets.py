"""The line of a centre: tickets are given, called to a window, served, sent on, and end (R6.7, R8.10)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from services import clock
from services.core.appointments import Need
from services.core.closing import Answer
from services.core.refusal import Kind, Mistake, Refusal
from services.core.states import Role
from services.core.tickets import OPEN, TicketCannotMove, TicketState, check_ticket_move
from services.ledger.actions import Actor
from services.visits.actions.attending import check_officer
from services.visits.actions.booking import check_booked, locked
from services.visits.models import Appointment, Centre, Ticket, Window
from services.visits.queries import NoSuchCentre
from services.visits.queries.tickets import NoSuchTicket, NoSuchWindow, next_in_line

NO_QUESTION = Answer()

HELP = ("wheelchair", "sign_language", "reading", "interpreter")


class WindowTaken(Refusal):
    """Somebody is at this window."""

    code = "window_taken"
    kind = Kind.CONFLICT
    sentence = "Somebody is at this window already. Finish with them first."


class NotYourWindow(Refusal):
    """The ticket was called by a colleague."""

    code = "not_your_window"
    kind = Kind.CONFLICT
    sentence = "A colleague has called this ticket."


class UnknownHelp(Refusal):
    """What can be noted of what somebody needs."""

    code = "unknown_help"
    sentence = "Choose what this person needs from the list."


@dataclass(frozen=True, slots=True)
class Wish:
    """What to do, each need by its case; what language somebody speaks, and what help they need while they are here."""

    needs: Collection[tuple[UUID, Need]] = ()
    language: str = ""
    help: Collection[str] = ()


def check_help(wanted: Collection[str]) -> None:
    """Do nothing if this is help that a centre knows of.

    :raises UnknownHelp: otherwise.
    """
    if not set(wanted) <= set(HELP):
        raise UnknownHelp(errors=[Mistake("help", UnknownHelp.sentence)])


@transaction.atomic
def note_help(*, appointment_id: UUID, language: str, help_wanted: Collection[str]) -> None:
    """Keep what language somebody speaks, and what help they need when they come; only until they have come (R6.8).

    The caller has made sure who asks for it.

    :raises UnknownHelp, NoSuchAppointment:
    :raises AppointmentOver: if it was cancelled, kept or missed.
    """
    check_help(help_wanted)
    row = locked(appointment_id)
    check_booked(row)
    row.language, row.help, row.version = language, sorted(set(help_wanted)), row.version + 1
    row.save(update_fields=["language", "help", "version"])


@transaction.atomic
def give_ticket(
    *, centre: str, wish: Wish, clerk: Actor, now: datetime, appointment_id: UUID | None = None
) -> UUID:
    """Give the next number of the day to somebody who has come; one ticket while an appointment's is open.

    :raises OnlyAtTheDesk, NoSuchCentre, UnknownHelp:
    """
    officer = check_officer(clerk)
    check_help(wish.help)
    lock_line(centre)
    held = (
        Ticket.objects.filter(appointment=appointment_id, state__in=OPEN).first() if appointment_id else None
    )
    if held is not None:
        return held.id
    on = clock.legal_day(now)
    last = Ticket.objects.filter(centre=centre, on=on).aggregate(last=Max("number"))["last"] or 0
    booked = Appointment.objects.filter(id=appointment_id, legs__isnull=False).first()
    row = Ticket.objects.create(
        centre_id=centre, on=on, number=last + 1, appointment_id=appointment_id, needs=list(_kept(wish.needs)),
        language=wish.language or (booked.language if booked else ""),
        help=sorted({*wish.help, *(booked.help if booked else ())}), arrived_at=now, state_at=now, received_by=officer,
        due_at=booked.starts_at if booked else None,
    )  # fmt: skip
    return row.id


@transaction.atomic
def call_next(*, centre: str, window: str, clerk: Actor, now: datetime) -> UUID | None:
    """Call whose turn it is to the window, and return the ticket; None if nobody waits for it.

    Two windows that call at once call two people.

    :raises OnlyAtTheDesk, NoSuchCentre, NoSuchWindow:
    :raises WindowTaken: while somebody is there.
    """
    officer = check_officer(clerk)
    lock_line(centre)
    at = Window.objects.filter(centre=centre, code=window).first()
    if at is None:
        raise NoSuchWindow
    number = next_in_line(centre=centre, window=window, now=now)
    if number is None:
        return None
    row = Ticket.objects.get(centre=centre, on=clock.legal_day(now), number=number)
    try:
        with transaction.atomic():
            _move(row, TicketState.CALLED, now, window=at, called_by=officer, is_passed=False)
            Ticket.objects.filter(centre=centre, on=row.on, is_passed=True).update(is_passed=False)
    except IntegrityError as error:
        if "ticket_one_at_a_window" in str(error):
            raise WindowTaken from error
        raise
    return row.id


@transaction.atomic
def begin_serving(*, ticket_id: UUID, clerk: Actor, now: datetime) -> UUID | None:
    """Keep that whoever was called is at the window, and return their appointment, if they have one; once is enough.

    :raises OnlyAtTheDesk, NoSuchTicket, TicketCannotMove:
    :raises NotYourWindow: if a colleague called it.
    """
    row = own_ticket(ticket_id, clerk)
    if row.state != TicketState.SERVING:
        _move(row, TicketState.SERVING, now, served_at=row.served_at or now)
    return row.appointment_id


@transaction.atomic
def put_back(
    *, ticket_id: UUID, clerk: Actor, now: datetime, needs: Collection[tuple[UUID, Need]] | None = None
) -> None:
    """Let a ticket wait again, in the place it had: nobody came when called, or another window goes on with `needs`.

    :raises OnlyAtTheDesk, NoSuchTicket, NotYourWindow, TicketCannotMove:
    """
    row = own_ticket(ticket_id, clerk)
    if needs is not None:
        row.needs = list(_kept(needs))
    # Who did not come when called is passed over once, or the same number would be called again and again.
    _move(row, TicketState.WAITING, now, window=None, called_by=None, is_passed=needs is None)


@transaction.atomic
def end_ticket(*, ticket_id: UUID, clerk: Actor, answer: Answer = NO_QUESTION, now: datetime) -> None:
    """Keep that everything of a ticket is done, or that whoever had it has left; it keeps nothing of the person.

    `answer`: how a question ended (R6.5).

    :raises OnlyAtTheDesk, NoSuchTicket, NotYourWindow, TicketCannotMove:
    """
    row = own_ticket(ticket_id, clerk)
    after = TicketState.DONE if row.state == TicketState.SERVING else TicketState.LEFT
    _move(row, after, now, language="", help=[], ended_as=answer.ended, referred_to=answer.referred_to)


@transaction.atomic
def take_up(*, ticket_id: UUID, clerk: Actor, organisation: str) -> None:
    """Keep that an officer of the office to which a question was handed over goes on with it; once is enough (R6.5).

    :raises OnlyAtTheDesk, NoSuchTicket:
    """
    officer = check_officer(clerk)
    rows = Ticket.objects.filter(id=ticket_id, referred_to=organisation).exclude(referred_to="")
    if not rows.exists():
        raise NoSuchTicket
    rows.filter(taken_up_by=None).update(taken_up_by=officer)


@transaction.atomic
def end_line(*, now: datetime) -> tuple[UUID, ...]:
    """End what was left open on earlier days; return the appointments without a booked time that nobody served."""
    rows = Ticket.objects.filter(on__lt=clock.legal_day(now), state__in=OPEN).select_for_update(of=("self",))
    found = list(rows)
    for row in found:
        row.state = TicketState.DONE if row.state == TicketState.SERVING else TicketState.LEFT
        row.state_at, row.language, row.help = now, "", []
        row.save(update_fields=["state", "state_at", "language", "help"])
    unserved = [row.appointment_id for row in found if row.appointment_id and row.due_at is None]
    still = Appointment.objects.filter(id__in=unserved, status=Appointment.Status.BOOKED)
    return tuple(still.values_list("id", flat=True))


def lock_line(centre: str) -> None:
    """Hold the line of the centre: until the transaction ends nobody else gives or calls a ticket there.

    :raises NoSuchCentre:
    """
    if Centre.objects.select_for_update(no_key=True).filter(code=centre, is_open=True).first() is None:
        raise NoSuchCentre()


def own_ticket(ticket_id: UUID, clerk: Actor) -> Ticket:
    """Return the ticket, locked: one that waits, or that this officer has called, or takes over as a supervisor.

    :raises OnlyAtTheDesk, NoSuchTicket, NotYourWindow:
    """
    officer = check_officer(clerk)
    row = Ticket.objects.select_for_update(of=("self",)).filter(id=ticket_id).first()
    if row is None:
        raise NoSuchTicket
    if row.called_by not in (None, officer) and row.state in OPEN:
        if clerk.role != Role.SUPERVISOR:
            raise NotYourWindow
        # Their colleague has gone, and somebody is left standing at the window.
        row.called_by = officer
        row.save(update_fields=["called_by"])
    return row


def check_serving(state: str) -> None:
    """Do nothing if somebody with this ticket is at a window.

    :raises services.core.tickets.TicketCannotMove: otherwise.
    """
    if state != TicketState.SERVING:
        raise TicketCannotMove(before=state, after=TicketState.DONE)


def check_waiting(state: str) -> None:
    """Do nothing if somebody with this ticket is not at a window yet.

    :raises services.core.tickets.TicketCannotMove: otherwise.
    """
    check_ticket_move(before=TicketState(state), after=TicketState.LEFT)


def _move(row: Ticket, after: TicketState, now: datetime, **changed: object) -> None:
    check_ticket_move(before=TicketState(row.state), after=after)
    row.state, row.state_at = after, now
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=["state", "state_at", "needs", *changed])


def _kept(needs: Iterable[tuple[UUID, Need]]) -> Iterable[Mapping[str, object]]:
    for case_id, need in needs:
        yield {
            "case": str(case_id), "purposes": sorted(need.purposes), "minutes": need.minutes,
            "organisation": need.organisation, "equipment": sorted(need.equipment),
        }  # fmt: skip
