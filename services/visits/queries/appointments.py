"""What is booked, who comes to a centre on a day, and who came."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from services import clock
from services.core import tickets
from services.core.appointments import may_receive
from services.core.clocks import first_moment
from services.core.tickets import OPEN, TicketState
from services.visits.models import Appointment, Attendee, Item, Leg, Ticket, Visit
from services.visits.queries.places import NoSuchCentre, has_part, place_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LegView:
    """One step of an appointment: at which window, for what."""

    window: str
    purposes: tuple[str, ...]
    organisation: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentView:
    """An appointment, as its applicant and the desk see it: who comes, and for which applications."""

    id: UUID
    application_ids: tuple[UUID, ...]
    account_id: UUID
    person_id: UUID
    people: tuple[UUID, ...]
    centre: str
    starts_at: datetime
    ends_at: datetime
    status: str
    visit_id: UUID | None
    version: int
    legs: tuple[LegView, ...]
    booked_at: datetime
    language: str = ""
    help: tuple[str, ...] = ()
    serving: bool = False  # they are at a window now: their visit has begun, and has not ended

    @property
    def ahead(self) -> bool:
        """Whether something can be done at this visit still: nobody came yet, or they are at a window now."""
        return self.status == Appointment.Status.BOOKED or self.serving


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitView:
    """An attendance."""

    id: UUID
    centre: str
    on: date
    person_id: UUID
    application_id: UUID
    arrived_at: datetime
    completed_at: datetime | None
    fault: str
    served_by: tuple[UUID, ...] = ()


def appointments_of(*, application_ids: Collection[UUID]) -> tuple[AppointmentView, ...]:
    """Return the appointments of these applications, past ones too, the soonest first."""
    return _views(_for(application_ids))


def appointment(*, appointment_id: UUID) -> AppointmentView | None:
    """Return the appointment, or None if there is none."""
    return next(iter(_views(Appointment.objects.filter(id=appointment_id))), None)


def booking_code(appointment_id: UUID) -> str:
    """Return the short code by which a booking is told at the reception, and which its square code holds."""
    return tickets.booking_code(appointment_id.int)


def with_code(*, centre: str, day: date, code: str) -> AppointmentView | None:
    """Return the booking of the day at the centre that has this code, however it was typed, or None."""
    typed = "".join(one for one in code.upper() if one in tickets.ALPHABET)
    found = (one for one in day_list(centre=centre, day=day) if booking_code(one.id) == typed)
    return next(found, None)


def day_list(*, centre: str, day: date) -> tuple[AppointmentView, ...]:
    """Return who is expected at the centre on the day, or has come, in the order of their times."""
    begins, ends = (first_moment(one, clock.zone()) for one in (day, day + timedelta(days=1)))
    rows = Appointment.objects.filter(centre_id=centre, starts_at__gte=begins, starts_at__lt=ends)
    return _views(rows.exclude(status=Appointment.Status.CANCELLED))


def receives(*, organisation: str, booked: AppointmentView) -> bool:
    """Return whether officers of the organisation receive whoever has this appointment (R6.1, R6.3)."""
    return may_receive(organisation, place_of(booked.centre), _served_for(booked))


def received_on(*, organisation: str, centre: str, day: date) -> tuple[AppointmentView, ...]:
    """Return those of the day's list that officers of the organisation receive.

    :raises NoSuchCentre: if there is none, or no window of it is the organisation's or takes its matters.
    """
    place = place_of(centre)
    if not has_part(organisation, place):
        raise NoSuchCentre()
    booked = day_list(centre=centre, day=day)
    return tuple(one for one in booked if may_receive(organisation, place, _served_for(one)))


def _served_for(booked: AppointmentView) -> list[str]:
    return [leg.organisation for leg in booked.legs]


def expected(*, on: date) -> int:
    """Return how many appointments of the day, at all centres, are still to be kept."""
    begins, ends = (first_moment(one, clock.zone()) for one in (on, on + timedelta(days=1)))
    rows = Appointment.objects.filter(starts_at__gte=begins, starts_at__lt=ends)
    return rows.filter(status=Appointment.Status.BOOKED).count()


def next_day(*, after: date) -> date | None:
    """Return the next day on which somebody is expected at any centre, or None."""
    begins = first_moment(after + timedelta(days=1), clock.zone())
    rows = Appointment.objects.filter(starts_at__gte=begins, status=Appointment.Status.BOOKED)
    first = rows.order_by("starts_at").values_list("starts_at", flat=True).first()
    return clock.legal_day(first) if first is not None else None


def booked_for(*, application_ids: Collection[UUID], lock: bool = False) -> tuple[AppointmentView, ...]:
    """Return the appointments of these applications that are still to be kept, locked if they are to be changed."""
    rows = _for(application_ids).filter(status=Appointment.Status.BOOKED)
    return _views(rows.select_for_update() if lock else rows)


def booked_before(moment: datetime) -> tuple[UUID, ...]:
    """Return the appointments still to be kept that begin before a moment, the soonest first."""
    rows = Appointment.objects.filter(status=Appointment.Status.BOOKED, starts_at__lt=moment)
    return tuple(rows.order_by("starts_at", "id").values_list("id", flat=True))


def not_kept(*, before: datetime) -> tuple[AppointmentView, ...]:
    """Return the booked appointments that were over before a moment and that nobody came to."""
    rows = Appointment.objects.filter(status=Appointment.Status.BOOKED, ends_at__lt=before)
    return _views(rows)


def left_begun(*, before: date) -> tuple[AppointmentView, ...]:
    """Return the appointments to which somebody came on an earlier day, and whose ticket and visit nobody closed."""
    tickets_left = Ticket.objects.filter(on__lt=before, state__in=OPEN).values("appointment_id")
    return _views(
        Appointment.objects.filter(id__in=tickets_left, visit__completed_at__isnull=True, visit__isnull=False)
    )


def visits_of(*, application_ids: Collection[UUID]) -> tuple[VisitView, ...]:
    """Return the attendances for these applications, also those made together with another one."""
    shared = Attendee.objects.filter(appointment__in=_for(application_ids)).values("visit_id")
    rows = Visit.objects.filter(application_id__in=application_ids) | Visit.objects.filter(id__in=shared)
    return tuple(_visit_view(row) for row in rows.order_by("arrived_at", "id"))


def visit(*, visit_id: UUID) -> VisitView | None:
    """Return the attendance, or None if there is none."""
    row = Visit.objects.filter(id=visit_id).first()
    return _visit_view(row) if row else None


def _visit_view(row: Visit) -> VisitView:
    return VisitView(
        id=row.id,
        centre=row.centre_id,
        on=row.on,
        person_id=row.person_id,
        application_id=row.application_id,
        arrived_at=row.arrived_at,
        completed_at=row.completed_at,
        fault=row.fault,
        served_by=tuple(row.served_by),
    )


def _for(application_ids: Collection[UUID]) -> QuerySet[Appointment]:
    items = Item.objects.filter(application_id__in=application_ids)
    return Appointment.objects.filter(id__in=items.values("appointment_id"))


def _views(rows: QuerySet[Appointment]) -> tuple[AppointmentView, ...]:
    legs = Prefetch("legs", Leg.objects.select_related("window").order_by("starts_at", "id"))
    parts = (legs, Prefetch("items", Item.objects.order_by("id")), "attendees")
    at_window = Ticket.objects.filter(appointment=OuterRef("pk"), state=TicketState.SERVING)
    rows = rows.prefetch_related(*parts).annotate(at_window=Exists(at_window))
    return tuple(_view(row) for row in rows.order_by("starts_at", "id"))


def _view(row: Appointment) -> AppointmentView:
    return AppointmentView(
        id=row.id,
        application_ids=tuple(one.application_id for one in row.items.all()),
        account_id=row.account_id,
        person_id=row.person_id,
        people=tuple(dict.fromkeys([row.person_id, *(one.person_id for one in row.attendees.all())])),
        centre=row.centre_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        status=row.status,
        visit_id=row.visit_id,
        version=row.version,
        legs=tuple(_leg_views(row.legs.all())),
        booked_at=row.booked_at,
        language=row.language,
        help=tuple(row.help),
        serving=row.at_window,
    )


def _leg_views(legs: Collection[Leg]) -> Iterator[LegView]:
    for leg in legs:
        yield LegView(
            window=leg.window.code,
            purposes=tuple(leg.purposes),
            organisation=leg.organisation,
            starts_at=leg.starts_at,
            ends_at=leg.ends_at,
        )
