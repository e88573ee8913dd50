"""Who waits at a centre, whose turn it is at a window, and about how long it takes. Nobody's name stands here."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from services import clock
from services.core import tickets
from services.core.appointments import Centre, Need, Span, Window, minute_of
from services.core.clocks import CalendarNotPublished, first_moment
from services.core.closing import Ended
from services.core.refusal import Kind, Refusal
from services.core.tickets import OPEN, Desk, Promise, TicketState, Waiting
from services.core.timetable import hours_on
from services.visits.models import Leg, Ticket
from services.visits.queries.places import place_of


class NoSuchTicket(Refusal):
    """There is no such ticket."""

    code = "no_such_ticket"
    kind = Kind.MISSING
    sentence = "There is no such ticket."


class NoSuchWindow(Refusal):
    """The centre has no window with this code."""

    code = "no_such_window"
    kind = Kind.MISSING
    sentence = "There is no such window at this centre."


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """A place in the line: `minutes` is about how long it still waits, None if no window that is open can take it."""

    id: UUID
    number: int
    centre: str
    on: date
    state: str
    appointment_id: UUID | None
    window: str
    language: str
    help: tuple[str, ...]
    arrived_at: datetime
    due_at: datetime | None
    case_ids: tuple[UUID, ...]
    minutes: int | None = None


def ticket(*, ticket_id: UUID) -> TicketView:
    """Return the ticket.

    :raises NoSuchTicket:
    """
    found = Ticket.objects.select_related("window").filter(id=ticket_id).first()
    if found is None:
        raise NoSuchTicket
    return ticket_view(found)


def open_ticket_of(*, appointment_id: UUID) -> TicketView | None:
    """Return the ticket that whoever has this appointment holds now, or None."""
    rows = Ticket.objects.select_related("window").filter(appointment=appointment_id, state__in=OPEN)
    found = rows.first()
    return ticket_view(found) if found else None


def last_ticket_of(*, appointment_id: UUID) -> TicketView | None:
    """Return the latest ticket of an appointment, one that is over too, or None."""
    rows = Ticket.objects.select_related("window").filter(appointment=appointment_id)
    found = rows.order_by("-arrived_at").first()
    return ticket_view(found) if found else None


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A question that somebody asked first handed over: by which ticket, where and when."""

    ticket_id: UUID
    number: int
    centre: str
    at: datetime


def handed_over_to(*, organisation: str) -> tuple[HandedOver, ...]:
    """Return the questions that were handed over to the office and wait for it, the first first (R6.5)."""
    rows = Ticket.objects.filter(ended_as=Ended.REFERRED, referred_to=organisation, taken_up_by=None)
    found = rows.order_by("state_at", "number")
    return tuple(HandedOver(row.id, row.number, row.centre_id, row.state_at) for row in found)


def line(*, centre: str, now: datetime) -> tuple[TicketView, ...]:
    """Return everybody who is there: at the windows first, then who waits as they come in turn, with their minutes.

    :raises NoSuchCentre:
    """
    rows = open_rows(centre, now)
    minutes = _minutes(centre, rows, now)
    called = [row for row in rows if row.state != TicketState.WAITING]
    waiting = {row.number: row for row in rows if row.state == TicketState.WAITING}
    turn = tickets.in_turn([waiting_of(row) for row in waiting.values()], now=minute(now), grace=_grace())
    called.sort(key=lambda row: row.state_at, reverse=True)
    return tuple(
        ticket_view(row, minutes.get(row.number)) for row in [*called, *(waiting[one.number] for one in turn)]
    )


def minutes_left(*, ticket_id: UUID, now: datetime) -> int | None:
    """Return about how many minutes a ticket still waits; None if that cannot be said, or it waits no more."""
    found = ticket(ticket_id=ticket_id)
    return next(
        (
            one.minutes
            for one in line(centre=found.centre, now=now)
            if one.id == ticket_id and one.state == "waiting"
        ),
        None,
    )


def windows_of(*, centre: str) -> tuple[Window, ...]:
    """Return the windows of the centre.

    :raises NoSuchCentre:
    """
    return place_of(centre).windows


def window_of(centre: str, code: str) -> Window:
    """Return the window.

    :raises NoSuchCentre, NoSuchWindow:
    """
    found = next((one for one in windows_of(centre=centre) if one.code == code), None)
    if found is None:
        raise NoSuchWindow
    return found


def next_in_line(*, centre: str, window: str, now: datetime) -> int | None:
    """Return the number of whoever is called to the window now, or None.

    :raises NoSuchCentre, NoSuchWindow:
    """
    rows = [row for row in open_rows(centre, now) if row.state == TicketState.WAITING]
    called = tickets.next_ticket(
        window_of(centre, window),
        [waiting_of(row) for row in rows],
        now=minute(now),
        grace=_grace(),
        promises=_promises(centre, rows, now),
    )
    return called.number if called else None


def can_take(centre: str, needs: Iterable[Need], *, now: datetime) -> bool:
    """Return whether a window, for walk-ins too, is open now or later today, long enough for each of the needs."""
    place, at = place_of(centre), minute(now)
    hours = open_hours(place, clock.legal_day(now))

    def takes(window: Window, need: Need) -> bool:
        left = (closes - max(at, opens) for opens, closes in hours.get(window.code, ()))
        return window.can_take(need) and any(minutes >= need.minutes for minutes in left)

    return all(any(takes(window, need) for window in place.windows) for need in needs)


def open_hours(place: Centre, day: date) -> Mapping[str, Collection[Span]]:
    """Return, by window, when it is open on the day; nothing where the day's calendar is not published."""
    try:
        return hours_on(place, day, clock.calendar())
    except CalendarNotPublished:
        return {}


def open_rows(centre: str, now: datetime) -> list[Ticket]:
    """Return the tickets of the day that are not over."""
    rows = Ticket.objects.filter(centre=centre, on=clock.legal_day(now), state__in=OPEN)
    return list(rows.select_related("window").order_by("number"))


def waiting_of(row: Ticket) -> Waiting:
    """Return the ticket as the law of turns knows it."""
    return Waiting(
        number=row.number,
        arrived=minute(row.arrived_at),
        needs=tuple(read_need(one) for one in row.needs),
        due=minute(row.due_at) if row.due_at else None,
        passed=row.is_passed,
    )


def read_need(kept: Mapping[str, object]) -> Need:
    """Return what is to be done, as a ticket keeps it."""
    return Need(
        purposes=frozenset(kept["purposes"]),
        minutes=kept["minutes"],
        organisation=kept["organisation"],
        equipment=frozenset(kept["equipment"]),
    )


def minute(at: datetime) -> int:
    """Return the minute past midnight in the jurisdiction."""
    return minute_of(at.astimezone(clock.zone()).time())


def ticket_view(row: Ticket, minutes: int | None = None) -> TicketView:
    """Return a ticket that has been read with its window."""
    return TicketView(
        id=row.id, number=row.number, centre=row.centre_id, on=row.on, state=row.state,
        appointment_id=row.appointment_id, window=row.window.code if row.window else "", language=row.language,
        help=tuple(row.help), arrived_at=row.arrived_at, due_at=row.due_at,
        case_ids=tuple(dict.fromkeys(UUID(one["case"]) for one in row.needs)), minutes=minutes,
    )  # fmt: skip


def _minutes(centre: str, rows: Collection[Ticket], now: datetime) -> Mapping[int, int | None]:
    waiting = [row for row in rows if row.state == TicketState.WAITING]
    desks = list(_desks(place_of(centre), rows, now))
    return tickets.waits(
        [waiting_of(row) for row in waiting],
        desks,
        now=minute(now),
        grace=_grace(),
        promises=_promises(centre, waiting, now),
    )


def _desks(place: Centre, rows: Collection[Ticket], now: datetime) -> Iterable[Desk]:
    """Yield the windows that are open now, each free once whoever is there has had their minutes."""
    at, hours = minute(now), open_hours(place, clock.legal_day(now))
    taken = {row.window.code: row for row in rows if row.window and row.state != TicketState.WAITING}
    for window in place.windows:
        if any(opens <= at < closes for opens, closes in hours.get(window.code, ())):
            there = taken.get(window.code)
            spent = minute(there.state_at) + waiting_of(there).minutes_at(window) if there else at
            yield Desk(window, max(at, spent))


def _promises(centre: str, waiting: Collection[Ticket], now: datetime) -> list[Promise]:
    """Return what the windows are promised for later today, with the ticket of whoever is there already."""
    here = {row.appointment_id: row.number for row in waiting if row.appointment_id}
    tomorrow = first_moment(clock.legal_day(now) + timedelta(days=1), clock.zone())
    legs = Leg.objects.filter(is_held=True, window__centre=centre, starts_at__gt=now, starts_at__lt=tomorrow)
    return [
        Promise(code, minute(starts_at), here.get(appointment, 0))
        for code, starts_at, appointment in legs.values_list("window__code", "starts_at", "appointment_id")
    ]


def _grace() -> int:
    return clock.profile().counter.late_grace_minutes
