"""When a visit can be booked, what is booked, and who comes to a centre on a day."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from services import clock
from services.catalogue.folder import centre_from
from services.core import appointments
from services.core.appointments import Need, Taken
from services.core.clocks import CalendarNotPublished, first_moment
from services.core.facts import Texts
from services.core.refusal import Kind, Refusal
from services.visits.models import Appointment, Centre, Leg, Visit


class NoSuchCentre(Refusal):
    """There is no centre with this code, it is closed, or this office has no part in it."""

    code = "no_such_centre"
    kind = Kind.MISSING
    sentence = "There is no such centre."


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreView:
    """A place people come to, as a page shows it; hours are the jurisdiction's own time, `offices` sit there."""

    code: str
    name: Texts = field(hash=False)
    address: Texts = field(hash=False)
    phone: str
    opens: str
    closes: str
    is_open: bool
    offices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A time that can be booked, all needs one after another; `id` names it when booking."""

    id: str
    centre: str
    starts_at: datetime
    ends_at: datetime


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
    """An appointment, as its applicant and the desk see it."""

    id: UUID
    application_id: UUID
    account_id: UUID
    person_id: UUID
    centre: str
    starts_at: datetime
    ends_at: datetime
    status: str
    visit_id: UUID | None
    version: int
    legs: tuple[LegView, ...]


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


def centres() -> tuple[CentreView, ...]:
    """Return the places people can come to, in the catalogue's order of code."""
    return tuple(_centre_view(row) for row in Centre.objects.order_by("code"))


def centre(*, code: str) -> CentreView:
    """Return the place.

    :raises NoSuchCentre: if there is none.
    """
    return _centre_view(_centre(code))


def centres_for(*, organisation: str) -> tuple[CentreView, ...]:
    """Return the open places where the organisation's officers sit, or whose windows take its matters."""
    rows = Centre.objects.filter(is_open=True).order_by("code")
    return tuple(_centre_view(row) for row in rows if _has_part(organisation, _place(row)))


def _has_part(organisation: str, place: appointments.Centre) -> bool:
    return organisation in place.offices or place.acts_for(organisation)


def _centre(code: str) -> Centre:
    row = Centre.objects.filter(code=code).first()
    if row is None:
        raise NoSuchCentre()
    return row


def _centre_view(row: Centre) -> CentreView:
    return CentreView(
        code=row.code,
        name=row.described["name"],
        address=row.described["address"],
        phone=row.described["phone"],
        opens=row.described["opens"],
        closes=row.described["closes"],
        is_open=row.is_open,
        offices=tuple(sorted(_place(row).offices)),
    )


def _place(row: Centre) -> appointments.Centre:
    return centre_from(row.code, row.described)


def fitting_centres(*, needs: Sequence[Need]) -> tuple[appointments.Centre, ...]:
    """Return the open centres that can take all the needs of one visit."""
    rows = Centre.objects.filter(is_open=True).order_by("code")
    return appointments.fitting_centres(needs, [_place(row) for row in rows])


def free_slots(
    *, needs: Sequence[Need], from_day: date, days: int, after: datetime | None = None
) -> tuple[Slot, ...]:
    """Return when one visit for all the needs can be booked, on so many days from a day on, in order.

    Days of a year whose calendar is not published yet are not offered; with `after`, nor are earlier times.
    """
    fitting = fitting_centres(needs=needs)
    taken = _taken([centre.code for centre in fitting], from_day, from_day + timedelta(days=days))
    slots = (
        slot_of(centre.code, plan)
        for centre in fitting
        for day in (from_day + timedelta(days=distance) for distance in range(days))
        for plan in plans_on(centre, needs, day, taken.get((centre.code, day), ()))
    )
    offered = [slot for slot in slots if after is None or slot.starts_at > after]
    return tuple(sorted(offered, key=lambda slot: (slot.starts_at, slot.centre)))


def plans_on(
    centre: appointments.Centre, needs: Sequence[Need], day: date, taken: Collection[Taken]
) -> tuple[appointments.Slot, ...]:
    """Return the visits the centre can still take on the day; none if the day's calendar is not published."""
    try:
        return appointments.free_slots(centre, needs, day, taken, clock.calendar())
    except CalendarNotPublished:
        return ()


def taken_on(centre: str, day: date) -> tuple[Taken, ...]:
    """Return the times on the day at which a window of the centre is promised to somebody."""
    return tuple(_taken([centre], day, day + timedelta(days=1)).get((centre, day), ()))


def slot_of(centre: str, plan: appointments.Slot) -> Slot:
    """Return the visit as it is offered; whichever windows take it, it is one offer."""
    starts_at = moment(plan.day, plan.starts)
    return Slot(
        id=f"{centre}~{plan.day:%Y-%m-%d}T{plan.starts:%H:%M}",
        centre=centre,
        starts_at=starts_at,
        ends_at=moment(plan.day, plan.ends),
    )


def read_slot_id(slot_id: str) -> tuple[str, date, time] | None:
    """Return the centre, the day and the time of day that a slot's id names; None if it names none."""
    centre, _, when = slot_id.partition("~")
    if not centre.isprintable():
        return None
    try:
        told = datetime.strptime(when, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - a time of day in the jurisdiction
    except ValueError:
        return None
    return centre, told.date(), told.time()


def moment(day: date, at: time) -> datetime:
    """Return the moment, in UTC, of a time of day in the jurisdiction."""
    return datetime.combine(day, at, tzinfo=clock.zone()).astimezone(UTC)


def appointments_of(*, application_ids: Collection[UUID]) -> tuple[AppointmentView, ...]:
    """Return the appointments of these applications, past ones too, the soonest first."""
    return _views(Appointment.objects.filter(application_id__in=application_ids))


def appointment(*, appointment_id: UUID) -> AppointmentView | None:
    """Return the appointment, or None if there is none."""
    return next(iter(_views(Appointment.objects.filter(id=appointment_id))), None)


def day_list(*, centre: str, day: date) -> tuple[AppointmentView, ...]:
    """Return who is expected at the centre on the day, or has come, in the order of their times."""
    begins, ends = (first_moment(one, clock.zone()) for one in (day, day + timedelta(days=1)))
    rows = Appointment.objects.filter(centre_id=centre, starts_at__gte=begins, starts_at__lt=ends)
    return _views(rows.exclude(status=Appointment.Status.CANCELLED))


def receives(*, organisation: str, booked: AppointmentView) -> bool:
    """Return whether officers of the organisation receive whoever has this appointment (R6.1, R6.3)."""
    return appointments.may_receive(organisation, _place(_centre(booked.centre)), _served_for(booked))


def received_on(*, organisation: str, centre: str, day: date) -> tuple[AppointmentView, ...]:
    """Return those of the day's list that officers of the organisation receive.

    :raises NoSuchCentre: if there is none, or no window of it is the organisation's or takes its matters.
    """
    place = _place(_centre(centre))
    if not _has_part(organisation, place):
        raise NoSuchCentre()
    booked = day_list(centre=centre, day=day)
    return tuple(one for one in booked if appointments.may_receive(organisation, place, _served_for(one)))


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
    rows = Appointment.objects.filter(application_id__in=application_ids, status=Appointment.Status.BOOKED)
    return _views(rows.select_for_update() if lock else rows)


def not_kept(*, before: datetime) -> tuple[AppointmentView, ...]:
    """Return the booked appointments that were over before a moment and that nobody came to."""
    rows = Appointment.objects.filter(status=Appointment.Status.BOOKED, ends_at__lt=before)
    return _views(rows)


def visits_of(*, application_ids: Collection[UUID]) -> tuple[VisitView, ...]:
    """Return the attendances for these applications, also those made together with another one."""
    shared = Appointment.objects.filter(application_id__in=application_ids).values("visit_id")
    rows = Visit.objects.filter(application_id__in=application_ids) | Visit.objects.filter(id__in=shared)
    return tuple(
        VisitView(
            id=row.id,
            centre=row.centre_id,
            on=row.on,
            person_id=row.person_id,
            application_id=row.application_id,
            arrived_at=row.arrived_at,
            completed_at=row.completed_at,
            fault=row.fault,
        )
        for row in rows.order_by("arrived_at", "id")
    )


def _taken(
    centre_codes: Collection[str], from_day: date, until: date
) -> Mapping[tuple[str, date], list[Taken]]:
    """Return per centre and day what is promised, from a day up to, and without, another."""
    begins, ends = (first_moment(one, clock.zone()) for one in (from_day, until))
    rows = Leg.objects.filter(is_held=True, window__centre__in=centre_codes, starts_at__gte=begins)
    taken: dict[tuple[str, date], list[Taken]] = {}
    for leg in rows.filter(starts_at__lt=ends).select_related("window"):
        starts, stops = (one.astimezone(clock.zone()) for one in (leg.starts_at, leg.ends_at))
        promised = Taken(leg.window.code, starts.time(), stops.time())
        taken.setdefault((leg.window.centre_id, starts.date()), []).append(promised)
    return taken


def _views(rows: QuerySet[Appointment]) -> tuple[AppointmentView, ...]:
    legs = Prefetch("legs", Leg.objects.select_related("window").order_by("starts_at", "id"))
    return tuple(_view(row) for row in rows.prefetch_related(legs).order_by("starts_at", "id"))


def _view(row: Appointment) -> AppointmentView:
    return AppointmentView(
        id=row.id,
        application_id=row.application_id,
        account_id=row.account_id,
        person_id=row.person_id,
        centre=row.centre_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        status=row.status,
        visit_id=row.visit_id,
        version=row.version,
        legs=tuple(_leg_views(row.legs.all())),
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
