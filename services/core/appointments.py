"""One place, one time: which centre can take all that a visit is for, and when it is free."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time

from services.core.clocks import DayKind, WorkCalendar

MONDAY = 1

# An examination hall, a clinic and a testing lane are rooms of their own, never behind the general counters.
SPECIAL_PURPOSES = frozenset({"exam", "health_check", "vehicle_check"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One counter step: what it is for (as `signature` or `exam`), for whom, and how long it takes."""

    purposes: frozenset[str]
    minutes: int
    organisation: str

    def __post_init__(self) -> None:
        if self.minutes < 1:
            raise ValueError("a counter step takes a minute at least")


@dataclass(frozen=True, slots=True)
class Opening:
    """Hours that hold on some weekdays, by ISO number, in the jurisdiction's own time."""

    weekdays: frozenset[int]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A counter: the purposes it is skilled in, for whom it acts, and its hours.

    A window that names no organisation is a comprehensive one, and acts for all of them (R6.1): `staff` says whose
    officers sit there. At the others sit those it acts for.
    """

    code: str
    centre: str
    skills: frozenset[str]
    hours: tuple[Opening, ...]
    minutes: int  # appointments begin every so many minutes after it opens
    organisations: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.minutes < 1:
            raise ValueError("appointments at a window lie a minute apart at least")

    def can_take(self, need: Need) -> bool:
        """Say whether the people at this window may and can do all that the step is for."""
        return self.acts_for(need.organisation) and need.purposes <= self.skills

    def acts_for(self, organisation: str) -> bool:
        """Say whether the window takes matters of the organisation."""
        return not self.organisations or organisation in self.organisations


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """A place people come to: its special rooms and its windows."""

    code: str
    general: bool
    rooms: frozenset[str]  # the special purposes it has a room for
    windows: tuple[Window, ...]

    def windows_for(self, need: Need) -> tuple[Window, ...]:
        """Return the windows here that can take the step; none if the place is of the wrong sort."""
        special = need.purposes & SPECIAL_PURPOSES
        if special and (self.general or not special <= self.rooms):
            return ()
        return tuple(window for window in self.windows if window.can_take(need))

    @property
    def offices(self) -> frozenset[str]:
        """Whose officers sit here: they receive whoever comes to the place."""
        return frozenset[str]().union(*(one.organisations | one.staff for one in self.windows))

    def acts_for(self, organisation: str) -> bool:
        """Say whether any window here takes matters of the organisation."""
        return any(window.acts_for(organisation) for window in self.windows)


def may_receive(organisation: str, centre: Centre, served_for: Iterable[str]) -> bool:
    """Say whether officers of the organisation receive who comes: they sit there, or the visit is for their office."""
    return organisation in centre.offices or organisation in set(served_for)


@dataclass(frozen=True, slots=True)
class Taken:
    """A time on the day in question at which a window is already promised to somebody."""

    window: str
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class Leg:
    """One step of a visit: at which window, from when to when."""

    need: Need
    window: str
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class Slot:
    """One visit that could be booked: its steps follow each other without waiting."""

    day: date
    legs: tuple[Leg, ...]

    @property
    def starts(self) -> time:
        """When the person is to come."""
        return self.legs[0].starts

    @property
    def ends(self) -> time:
        """When the last step is over."""
        return self.legs[-1].ends


def fitting_centres(needs: Sequence[Need], centres: Iterable[Centre]) -> tuple[Centre, ...]:
    """Return the centres that can take all the counter steps of one visit, in the order given.

    It is not enough that each step finds a window: on some weekday all must find room one after another.
    """
    return tuple(centre for centre in centres if _fits(centre, needs))


def free_slots(
    centre: Centre, needs: Sequence[Need], day: date, taken: Iterable[Taken], calendar: WorkCalendar
) -> tuple[Slot, ...]:
    """Return every visit for these steps, in this order, that the centre could still take on the day.

    Holidays are closed; a make-up workday keeps Monday's hours where the window has none of its own.

    :raises CalendarNotPublished: for a day of a year that is not published.
    """
    kind = calendar.kind_of(day)
    if kind is DayKind.HOLIDAY or not needs:
        return ()
    spare = MONDAY if kind is DayKind.MAKEUP_WORKDAY else None
    return tuple(Slot(day, legs) for legs in _plans(centre, needs, (day.isoweekday(), spare), tuple(taken)))


def _fits(centre: Centre, needs: Sequence[Need]) -> bool:
    if not all(centre.windows_for(need) for need in needs):
        return False
    return not needs or any(
        True for weekday in range(1, 8) for _ in _plans(centre, needs, (weekday, None), ())
    )


def _plans(
    centre: Centre, needs: Sequence[Need], weekdays: tuple[int, int | None], taken: Sequence[Taken]
) -> Iterator[tuple[Leg, ...]]:
    able = [centre.windows_for(need) for need in needs]
    hours = {window.code: _hours(window, *weekdays) for windows in able for window in windows}

    def is_free(window: Window, starts: int, ends: int) -> bool:
        is_open = any(opens <= starts and ends <= closes for opens, closes in hours[window.code])
        return is_open and not any(
            other.window == window.code and _minute(other.starts) < ends and starts < _minute(other.ends)
            for other in taken
        )

    beginnings = {
        start
        for window in able[0]
        for opens, closes in hours[window.code]
        for start in range(opens, closes, window.minutes)
    }
    for start in sorted(beginnings):
        if legs := _legs(start, needs, able, is_free):
            yield legs


def _legs(
    starts: int,
    needs: Sequence[Need],
    able: Sequence[Sequence[Window]],
    is_free: Callable[[Window, int, int], bool],
) -> tuple[Leg, ...]:
    """Return the steps from this minute on, or nothing if one of them finds no free window."""
    legs: list[Leg] = []
    for need, windows in zip(needs, able, strict=True):
        ends = starts + need.minutes
        free = [window.code for window in windows if is_free(window, starts, ends)]
        if not free:
            return ()
        # Whoever sits at a window already is not sent to another without need.
        here = legs[-1].window if legs and legs[-1].window in free else free[0]
        legs.append(Leg(need, here, _time(starts), _time(ends)))
        starts = ends
    return tuple(legs)


def _hours(window: Window, weekday: int, spare: int | None) -> tuple[tuple[int, int], ...]:
    own = tuple(opening for opening in window.hours if weekday in opening.weekdays)
    kept = own or tuple(opening for opening in window.hours if spare in opening.weekdays)
    return tuple((_minute(opening.opens), _minute(opening.closes)) for opening in kept)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minute: int) -> time:
    return time(*divmod(minute, 60))
