"""The one visit over the wire: times to choose from, the appointment, and who is expected at a centre."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from portal.api.applications import Mine
from portal.api.catalogue import Open
from portal.api.describing import sealed_pdf
from portal.api.operations import Door, operation
from portal.api.pages import Page
from portal.api.scopes import Scope
from portal.api.shapes import visits as shapes
from portal.downloads import download, download_copy
from services import clock
from services.cases.actions import attending, handing_over, reading, visiting
from services.cases.actions.drafting import ChangedMeanwhile
from services.cases.actions.second_visits import SecondVisit
from services.cases.queries import calls
from services.cases.queries import visits as queries
from services.cases.queries.visits import CounterVisit, NotYourDesk
from services.core.attendance import VisitNotTold, VisitTold
from services.visits import queries as visits
from services.visits.actions import (
    AlreadyBooked,
    AppointmentOver,
    DayNotCome,
    DayOver,
    ElsewhereThen,
    NoSuchAppointment,
    SlotTaken,
)
from services.visits.queries import AppointmentView, NoSuchCentre


class VisitSlots(Mine):
    """Times at which the visit can be made."""

    @operation("List the times that can be booked", tells=shapes.Slot, paged=True)
    def get(self, application_id: UUID) -> Page:
        """For everything the visit is for, the earliest first; none if nobody has to come."""
        return Page(calls.offered_slots(viewer=self.viewer, application_id=application_id, now=self.now))


class Booking(Mine):
    """What is booked for an application of one's own."""

    def appointment(self, application_id: UUID, appointment_id: UUID) -> AppointmentView:
        """Return the appointment as it stands now."""
        for one in queries.appointments_for(viewer=self.viewer, application_id=application_id):
            if one.id == appointment_id:
                return one
        raise NoSuchAppointment

    def booked(self, application_id: UUID, appointment_id: UUID) -> AppointmentView:
        """Return the appointment that came of this, with its address."""
        self.headers["Location"] = reverse("api:appointment", args=[application_id, appointment_id])
        return self.appointment(application_id, appointment_id)


class ApplicationAppointments(Booking):
    """The appointments of an application."""

    @operation("List the appointments", tells=shapes.Appointment, paged=True)
    def get(self, application_id: UUID) -> Page:
        """Past ones too, the soonest first."""
        return Page(queries.appointments_for(viewer=self.viewer, application_id=application_id))

    @operation(
        "Book the visit", asks=shapes.SlotChosen, tells=shapes.Appointment, status=201,
        raises=[attending.NoVisitNeeded, SlotTaken, AlreadyBooked, ElsewhereThen],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], application_id: UUID) -> AppointmentView:
        """One appointment for every counter step that is open."""
        found = visiting.book_visit(viewer=self.viewer, application_id=application_id, **asked, now=self.now)
        return self.booked(application_id, found)


class ApplicationAppointment(Booking):
    """One appointment."""

    @operation("Read an appointment", tells=shapes.Appointment, raises=[NoSuchAppointment])
    def get(self, application_id: UUID, appointment_id: UUID) -> AppointmentView:
        """Its ETag changes with every change of what is booked for the application."""
        return self.appointment(application_id, appointment_id)

    @operation(
        "Take another time", asks=shapes.SlotChosen, tells=shapes.Appointment, expects=visiting.expect_appointment,
        raises=[NoSuchAppointment, AppointmentOver, SlotTaken, ElsewhereThen],
    )  # fmt: skip
    def patch(self, asked: dict[str, Any], application_id: UUID, appointment_id: UUID) -> AppointmentView:
        """The old time stays if the new one cannot be had; the appointment gets a new id."""
        moved = visiting.move_visit(
            viewer=self.viewer,
            application_id=application_id,
            appointment_id=appointment_id,
            **asked,
            now=self.now,
        )
        return self.booked(application_id, moved)

    @operation(
        "Give the time back", expects=visiting.expect_appointment, raises=[NoSuchAppointment, AppointmentOver]
    )
    def delete(self, application_id: UUID, appointment_id: UUID) -> None:
        """Another can be booked while the case waits."""
        visiting.cancel_visit(
            viewer=self.viewer, application_id=application_id, appointment_id=appointment_id, now=self.now
        )


class Centres(Open):
    """Places people come to."""

    @operation("List the centres", tells=shapes.Centre, paged=True)
    def get(self) -> Page:
        """With their address and hours, and the offices whose officers sit there."""
        return Page(visits.centres())


class Arrivals(Door):
    """Who is expected at a centre."""

    scope = Scope.TASKS_WORK

    @operation(
        "List who is expected", wants=shapes.ArrivalsWanted, tells=shapes.Arrival, paged=True,
        raises=[NoSuchCentre],
    )  # fmt: skip
    def get(self, wanted: dict[str, Any], code: str) -> Page:
        """On one day, in order, with what their visit must finish; that they were read is on record.

        Officers who sit at the centre see everybody, those of another office only who comes to their office.
        """
        day = wanted.get("day") or clock.today()
        return Page(reading.open_arrivals(viewer=self.viewer, centre=code, day=day, now=clock.now()))


class ExpectedVisit(Door):
    """A visit as the desk serves it."""

    scope = Scope.TASKS_WORK

    @operation("Read what a visit must finish", tells=shapes.CounterVisit, raises=[NotYourDesk])
    def get(self, appointment_id: UUID) -> CounterVisit:
        """For officers at its centre: the cases, originals to be seen and copies to look at; on record.

        Its ETag changes with the appointment and with every case of the application.
        """
        return reading.open_visit(viewer=self.viewer, appointment_id=appointment_id, now=clock.now())


class VisitFile(Door):
    """A copy that waits to be looked at, at the visit."""

    scope = Scope.TASKS_WORK

    @extend_schema(summary="Open a copy at the visit", responses={(200, "application/octet-stream"): bytes})
    def get(self, request: Any, appointment_id: UUID, evidence_id: UUID) -> FileResponse:
        """For the officer whom its owner sits before; that it was opened stays on record."""
        file = reading.open_visit_copy(
            viewer=self.viewer, appointment_id=appointment_id, evidence_id=evidence_id, now=clock.now()
        )
        return download_copy(file)


class VisitResult(Door):
    """What a case of the visit came to, on paper."""

    scope = Scope.TASKS_WORK

    @sealed_pdf("Print what was issued at the visit")
    def get(self, request: Any, appointment_id: UUID, certificate_id: UUID) -> HttpResponse:
        """On the day of the visit, for whoever has come; that it was printed stays on record."""
        paper = handing_over.print_at_visit(
            viewer=self.viewer, appointment_id=appointment_id, certificate_id=certificate_id,
            language=request.query_params.get("language", "en"), now=clock.now(),
        )  # fmt: skip
        return download(paper.content, name=paper.name, kind="application/pdf")


class AppointmentCompletion(Door):
    """Serving a visit."""

    scope = Scope.TASKS_WORK

    @operation(
        "Complete a visit", asks=shapes.VisitServed, tells=shapes.Visit, status=201, alone=True, versioned=True,
        raises=[
            NotYourDesk, attending.NoVisitNeeded, SecondVisit, AppointmentOver, DayNotCome, DayOver, ChangedMeanwhile,
            VisitNotTold,
        ],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], appointment_id: UUID) -> dict[str, UUID]:
        """On its own day. Every open counter step of the application ends; failed cases end in a decision.

        It is decided on the ETag of the visit (`GET /appointments/{appointment_id}`): a step that opened since then
        is not served unseen. A second visit that no supervisor agreed to is refused, and the supervisors are asked.
        """
        visit_id = attending.complete_visit(
            viewer=self.viewer,
            appointment_id=appointment_id,
            told=VisitTold(**asked),
            version=self.version,
            now=clock.now(),
        )
        return {"visit_id": visit_id}
