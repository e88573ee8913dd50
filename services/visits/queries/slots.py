"""When a visit can be booked: the times that are offered, and what is taken already."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from services import clock
from services.core import appointments
from services.core.appointments import Need, Taken
from services.core.clocks import CalendarNotPublished, first_moment
from services.core.timetable import visits_on
from services.visits.models import Leg
from services.visits.queries.places import fitting_centres


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A time that can be booked, all needs one after another; `id` names it when booking."""

    id: str
    centre: str
    starts_at: datetime
    ends_at: datetime


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
        return tuple(visits_on(centre, needs, day, taken, clock.calendar()))
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
