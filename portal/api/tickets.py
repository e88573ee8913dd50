"""The line of a centre over the wire: tickets are given, called, served, sent on and closed, and what is said of it."""

from typing import Any
from uuid import UUID

from portal.api.operations import Door, operation
from portal.api.pages import Page
from portal.api.scopes import Scope
from portal.api.shapes import tickets as shapes
from services import clock
from services.cases.actions import arriving, at_window, rating
from services.cases.actions.arriving import Comer, Document, NoBookingByThisCode, NothingForThemToday
from services.cases.actions.rating import NothingToRate, RatedAlready
from services.cases.queries import ratings as queries
from services.core.closing import Answer, QuestionStillOpen, VisitStillOpen
from services.core.ratings import RatingNotUnderstood, Said
from services.core.tickets import TicketCannotMove
from services.visits import queries as visits
from services.visits.actions import AppointmentOver, NoSuchCentre, NotYourWindow, WindowTaken
from services.visits.queries import NoSuchTicket, NoSuchWindow, TicketView


class Line(Door):
    """Who is at a centre now."""

    scope = Scope.TASKS_WORK

    @operation("List who waits at a centre", tells=shapes.Ticket, paged=True, raises=[NoSuchCentre])
    def get(self, code: str) -> Page:
        """At the windows first, then who waits, in turn; for officers who sit there."""
        return Page(at_window.line(viewer=self.viewer, centre=code, now=clock.now()))

    @operation(
        "Give a ticket", asks=shapes.TicketAsked, tells=shapes.Ticket, status=201,
        raises=[NoSuchCentre, NoBookingByThisCode, NothingForThemToday, AppointmentOver],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], code: str) -> TicketView:
        """By the code of a booking, by documents for all that can be done today, or for a question.

        One who booked has one ticket at a time. That somebody was looked up stays on record.
        """
        comer = Comer(code, asked["language"], asked["help"])
        named = {"viewer": self.viewer, "comer": comer, "now": clock.now()}
        if asked["booking_code"]:
            given = arriving.receive_by_code(code=asked["booking_code"], **named)
        elif asked["documents"]:
            shown = [Document(**one) for one in asked["documents"]]
            given = arriving.receive_walk_in(documents=shown, **named)
        else:
            given = arriving.receive_question(**named)
        return visits.ticket(ticket_id=given)


class Calls(Door):
    """Calling to a window."""

    scope = Scope.TASKS_WORK

    @operation(
        "Call the next ticket", asks=shapes.CallAsked, tells=shapes.Ticket, status=201,
        raises=[NoSuchCentre, NoSuchWindow, WindowTaken, at_window.NobodyWaits],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], code: str) -> TicketView:
        """Whose turn it is, of those for whom the window can do something."""
        called = at_window.call_next(viewer=self.viewer, centre=code, window=asked["window"], now=clock.now())
        if called is None:
            raise at_window.NobodyWaits
        return visits.ticket(ticket_id=called)


class TicketDoor(Door):
    """What becomes of a ticket that was called."""

    scope = Scope.TASKS_WORK


MOVED = [NoSuchTicket, NotYourWindow, TicketCannotMove]


class TicketService(TicketDoor):
    """Serving begins."""

    @operation("Begin serving a ticket", tells=shapes.Ticket, status=201, raises=[*MOVED, AppointmentOver])
    def post(self, ticket_id: UUID) -> TicketView:
        """The visit begins; what it must finish is told under its appointment."""
        at_window.begin_visit(viewer=self.viewer, ticket_id=ticket_id, now=clock.now())
        return visits.ticket(ticket_id=ticket_id)


class TicketReturn(TicketDoor):
    """Nobody came."""

    @operation("Let a called ticket wait again", tells=shapes.Ticket, status=201, raises=MOVED)
    def post(self, ticket_id: UUID) -> TicketView:
        """In the place it had."""
        at_window.put_back(viewer=self.viewer, ticket_id=ticket_id, now=clock.now())
        return visits.ticket(ticket_id=ticket_id)


class TicketForwarding(TicketDoor):
    """Another window goes on."""

    @operation("Send a ticket on to another window", tells=shapes.Ticket, status=201, raises=MOVED)
    def post(self, ticket_id: UUID) -> TicketView:
        """For what is left; it keeps its place."""
        at_window.send_on(viewer=self.viewer, ticket_id=ticket_id, now=clock.now())
        return visits.ticket(ticket_id=ticket_id)


class TicketDeparture(TicketDoor):
    """They left."""

    @operation("Note that somebody left unserved", tells=shapes.Ticket, status=201, raises=MOVED)
    def post(self, ticket_id: UUID) -> TicketView:
        """That was no visit."""
        at_window.leave(viewer=self.viewer, ticket_id=ticket_id, now=clock.now())
        return visits.ticket(ticket_id=ticket_id)


class TicketClosing(TicketDoor):
    """The visit is over."""

    @operation(
        "Close a visit",
        asks=shapes.ClosingAsked,
        tells=shapes.Ticket,
        status=201,
        raises=[*MOVED, VisitStillOpen, QuestionStillOpen],
    )
    def post(self, asked: dict[str, Any], ticket_id: UUID) -> TicketView:
        """Nothing that can be done now stays open without its cause; a supervisor is asked before a second visit."""
        answer = Answer(asked["ended"], asked["referred_to"])
        at_window.close_visit(
            viewer=self.viewer, ticket_id=ticket_id, cause=asked["cause"], answer=answer, now=clock.now()
        )
        return visits.ticket(ticket_id=ticket_id)


class CaseRatings(Door):
    """What one said of a case and of the visits to it."""

    scope = {"GET": Scope.CASES_READ, "POST": Scope.APPLICATIONS_WRITE}

    @operation("List what can be rated", tells=shapes.Rateable, paged=True)
    def get(self, case_id: UUID) -> Page:
        """The case and the visits to it, with what was said, or whether one may say something."""
        return Page(queries.rateables(viewer=self.viewer, case_id=case_id))

    @operation(
        "Rate a case", asks=shapes.RatingAsked, tells=shapes.RatingKept, status=201,
        raises=[NothingToRate, RatedAlready, RatingNotUnderstood],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], case_id: UUID) -> dict[str, UUID]:
        """Once, of one's own will; nothing depends on it."""
        made = rating.rate_case(viewer=self.viewer, case_id=case_id, said=Said(**asked), now=clock.now())
        return {"rating_id": made}


class VisitRatings(Door):
    """What one said of a visit."""

    scope = Scope.APPLICATIONS_WRITE

    @operation(
        "Rate a visit", asks=shapes.RatingAsked, tells=shapes.RatingKept, status=201,
        raises=[queries.NoSuchRating, NothingToRate, RatedAlready, RatingNotUnderstood],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], visit_id: UUID) -> dict[str, UUID]:
        """Once, by whoever came."""
        made = rating.rate_visit(viewer=self.viewer, visit_id=visit_id, said=Said(**asked), now=clock.now())
        return {"rating_id": made}
