"""The one visit over the wire: times to choose from, the appointment, and who is expected at a centre."""

from typing import Any
from uuid import UUID

from portal.api.applications import Mine
from portal.api.catalogue import Open
from portal.api.operations import Door, operation
from portal.api.pages import Page
from portal.api.scopes import Scope
from portal.api.shapes import visits as shapes
from services import clock
from services.cases.actions import attending, visiting
from services.cases.actions.second_visits import SecondVisit
from services.cases.queries import desk
from services.cases.queries.visits import offered_slots
from services.visits import queries as visits
from services.visits.actions import (
    AlreadyBooked,
    AppointmentOver,
    ElsewhereThen,
    NoSuchAppointment,
    SlotTaken,
)


class VisitSlots(Mine):
    """Times at which the visit can be made."""

    @operation("List the times that can be booked", tells=shapes.Slot, paged=True)
    def get(self, application_id: UUID) -> Page:
        """For everything the visit is for, the earliest first; none if nobody has to come."""
        return Page(offered_slots(viewer=self.viewer, application_id=application_id, now=self.now))


class ApplicationAppointments(Mine):
    """The appointment of an application."""

    @operation(
        "Book the visit", asks=shapes.SlotChosen, tells=shapes.Booked, status=201,
        raises=[attending.NoVisitNeeded, SlotTaken, AlreadyBooked, ElsewhereThen],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], application_id: UUID) -> dict[str, UUID]:
        """One appointment for every counter step that is open."""
        booked = visiting.book_visit(viewer=self.viewer, application_id=application_id, **asked, now=self.now)
        return {"id": booked}


class ApplicationAppointment(Mine):
    """One appointment."""

    @operation(
        "Take another time", asks=shapes.SlotChosen, tells=shapes.Booked,
        raises=[NoSuchAppointment, AppointmentOver, SlotTaken, ElsewhereThen],
    )  # fmt: skip
    def patch(self, asked: dict[str, Any], application_id: UUID, appointment_id: UUID) -> dict[str, UUID]:
        """The old time stays if the new one cannot be had; the appointment gets a new id."""
        moved = visiting.move_visit(
            viewer=self.viewer,
            application_id=application_id,
            appointment_id=appointment_id,
            **asked,
            now=self.now,
        )
        return {"id": moved}

    @operation("Give the time back", raises=[NoSuchAppointment, AppointmentOver])
    def delete(self, application_id: UUID, appointment_id: UUID) -> None:
        """Another can be booked while the case waits."""
        visiting.cancel_visit(
            viewer=self.viewer, application_id=application_id, appointment_id=appointment_id, now=self.now
        )


class Centres(Open):
    """Places people come to."""

    @operation("List the centres", tells=shapes.Centre, paged=True)
    def get(self) -> Page:
        """With their address and hours."""
        return Page(visits.centres())


class Arrivals(Door):
    """Who is expected at a centre."""

    scope = Scope.TASKS_WORK

    @operation("List who is expected", wants=shapes.ArrivalsWanted, tells=shapes.Arrival, paged=True)
    def get(self, wanted: dict[str, Any], code: str) -> Page:
        """On one day, in order, with everything their visit must finish."""
        day = wanted.get("day") or clock.today()
        return Page(desk.arrivals(viewer=self.viewer, centre=code, day=day))


class AppointmentCompletion(Door):
    """Serving a visit."""

    scope = Scope.TASKS_WORK

    @operation(
        "Complete a visit", asks=shapes.VisitServed, tells=shapes.Visit, status=201, alone=True,
        raises=[attending.NotYourDesk, attending.NoVisitNeeded, SecondVisit, AppointmentOver],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], appointment_id: UUID) -> dict[str, UUID]:
        """Every open counter step of the application ends; failed cases end in a decision.

        A second visit that no supervisor agreed to is refused, and the supervisors are asked.
        """
        visit_id = attending.complete_visit(
            viewer=self.viewer, appointment_id=appointment_id, **asked, now=clock.now()
        )
        return {"visit_id": visit_id}
