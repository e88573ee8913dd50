"""When a visit can be booked: the times that are offered, and what is taken already."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from services import clock
from services.core import appointments, composer
from services.core.appointments import Need, Span, Taken, minute_of
from services.core.clocks import CalendarNotPublished, first_moment
from services.core.composer import Call, Situation
from services.core.timetable import visits_on
from services.visits.models import Attendee, Leg
from services.visits.queries.places import fitting_centres, minutes_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A time that can be booked, all needs one after another; `id` names it when booking.

    `waiting`: minutes between its windows. `because`: what speaks for it, of all that was found.
    """

    id: str
    centre: str
    starts_at: datetime
    ends_at: datetime
    waiting: int = 0
    because: tuple[str, ...] = ()


def free_slots(
    *, calls: Sequence[Call], days: int, after: datetime, instead_of: Collection[UUID] = ()
) -> tuple[Slot, ...]:
    """Return when one visit for all the calls can be booked, on so many days from `after` on, in order.

    Days of a year whose calendar is not published yet are not offered. `instead_of`: appointments that are given up
    for it, whose times are free.
    """
    found = situation(calls=calls, after=after, days=days, instead_of=instead_of)
    slots = (
        slot_of(centre, plan) for centre, plan in composer.visits(calls, found, clock.legal_day(after), days)
    )
    return tuple(
        sorted((one for one in slots if one.starts_at > after), key=lambda one: (one.starts_at, one.centre))
    )


def open_days(
    *, calls: Sequence[Call], days: int, after: datetime, instead_of: Collection[UUID] = ()
) -> tuple[date, ...]:
    """Return the days, of so many from `after` on, on which one visit for all the calls can be booked."""
    found = situation(calls=calls, after=after, days=days, instead_of=instead_of)
    local = after.astimezone(clock.zone())
    return tuple(composer.open_days(calls, found, local.date(), days, after=minute_of(local.time())))


def best_slots(
    *, calls: Sequence[Call], days: int, after: datetime, instead_of: Collection[UUID] = (), near: str = ""
) -> tuple[Slot, ...]:
    """Return the best few visits that do all the calls, and why each is offered: earliest, nearest, least waiting.

    `near`: the place from which the visitor comes, if they said so; it is not kept.
    """
    found = situation(calls=calls, after=after, days=days, instead_of=instead_of, near=near)
    local = after.astimezone(clock.zone())
    offers = composer.compose(calls, found, from_day=local.date(), days=days, after=minute_of(local.time()))
    return tuple(slot_of(one.centre, one.slot, one.because) for one in offers)


def situation(
    *,
    calls: Sequence[Call],
    after: datetime,
    days: int,
    instead_of: Collection[UUID] = (),
    near: str = "",
) -> Situation:
    """Return the places that can do all the calls, and when their windows and whoever must come are taken."""
    fitting = fitting_centres(needs=[call.need for call in calls])
    from_day = clock.legal_day(after)
    until = from_day + timedelta(days=days)
    people = frozenset[str]().union(*(call.persons for call in calls))
    return Situation(
        centres=fitting,
        calendar=clock.calendar(),
        taken=_taken([centre.code for centre in fitting], from_day, until, instead_of),
        busy=_busy(people, from_day, until, instead_of),
        minutes_away=minutes_from(near) if near else {},
    )


def plans_on(
    centre: appointments.Centre, needs: Sequence[Need], day: date, taken: Collection[Taken]
) -> tuple[appointments.Slot, ...]:
    """Return the visits the centre can still take on the day; none if the day's calendar is not published."""
    try:
        return tuple(visits_on(centre, needs, day, taken, clock.calendar()))
    except CalendarNotPublished:
        return ()


def taken_on(centre: str, day: date) -> tuple[Taken, ...]:
    """Return the times on the day at which a window of the centre is promised to somebody."""
    return tuple(_taken([centre], day, day + timedelta(days=1)).get((centre, day), ()))


def slot_of(centre: str, plan: appointments.Slot, because: tuple[str, ...] = ()) -> Slot:
    """Return the visit as it is offered; whichever windows take it, it is one offer."""
    starts_at = moment(plan.day, plan.starts)
    return Slot(
        id=f"{centre}~{plan.day:%Y-%m-%d}T{plan.starts:%H:%M}",
        centre=centre,
        starts_at=starts_at,
        ends_at=moment(plan.day, plan.ends),
        waiting=plan.waiting,
        because=because,
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


def _taken(
    centre_codes: Collection[str], from_day: date, until: date, instead_of: Collection[UUID] = ()
) -> Mapping[tuple[str, date], list[Taken]]:
    """Return per centre and day what is promised, from a day up to, and without, another."""
    begins, ends = (first_moment(one, clock.zone()) for one in (from_day, until))
    rows = Leg.objects.filter(is_held=True, window__centre__in=centre_codes, starts_at__gte=begins)
    rows = rows.filter(starts_at__lt=ends).exclude(appointment__in=instead_of).select_related("window")
    taken: dict[tuple[str, date], list[Taken]] = {}
    for leg in rows:
        starts, stops = (one.astimezone(clock.zone()) for one in (leg.starts_at, leg.ends_at))
        promised = Taken(leg.window.code, starts.time(), stops.time())
        taken.setdefault((leg.window.centre_id, starts.date()), []).append(promised)
    return taken


def _busy(
    people: Collection[str], from_day: date, until: date, instead_of: Collection[UUID]
) -> Mapping[tuple[str, date], list[Span]]:
    """Return per person and day when they have to be elsewhere."""
    begins, ends = (first_moment(one, clock.zone()) for one in (from_day, until))
    rows = Attendee.objects.filter(is_held=True, person_id__in=people, starts_at__gte=begins)
    busy: dict[tuple[str, date], list[Span]] = {}
    for row in rows.filter(starts_at__lt=ends).exclude(appointment__in=instead_of):
        starts, stops = (one.astimezone(clock.zone()) for one in (row.starts_at, row.ends_at))
        span = (minute_of(starts.time()), minute_of(stops.time()))
        busy.setdefault((str(row.person_id), starts.date()), []).append(span)
    return busy
