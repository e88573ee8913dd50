"""One place, one time: which centre can take all that a visit is for, and when it is free."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time

from services.core.definitions import Step
from services.core.facts import Texts

MONDAY = 1
# From one minute past midnight up to, and without, another.
Span = tuple[int, int]

# An examination hall, a clinic and a testing lane are rooms of their own, never behind the general counters.
SPECIAL_PURPOSES = frozenset({"exam", "health_check", "vehicle_check"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One counter step: what it is for (as `signature` or `exam`), for whom, and how long it takes."""

    purposes: frozenset[str]
    minutes: int
    organisation: str
    equipment: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.minutes < 1:
            raise ValueError("a counter step takes a minute at least")


@dataclass(frozen=True, slots=True)
class Opening:
    """Hours that hold on some weekdays, by ISO number, in the jurisdiction's own time."""

    weekdays: frozenset[int]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Closure:
    """Days, both included, on which a place or a window is closed though it is a working day."""

    first: date
    last: date

    def holds_on(self, day: date) -> bool:
        """Say whether the day is one of them."""
        return self.first <= day <= self.last


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
    equipment: frozenset[str] = frozenset()
    for_walk_ins: bool = False  # takes no appointments: whoever comes without one finds it free (R6.7)
    closures: tuple[Closure, ...] = ()
    name: Texts = field(hash=False, compare=False, default_factory=dict)  # with its number; none: its code

    def __post_init__(self) -> None:
        if self.minutes < 1:
            raise ValueError("appointments at a window lie a minute apart at least")

    def can_take(self, need: Need) -> bool:
        """Say whether the people at this window may and can do all that the step is for."""
        able = need.purposes <= self.skills and need.equipment <= self.equipment
        return able and self.acts_for(need.organisation)

    def is_closed(self, day: date) -> bool:
        """Say whether the window takes nobody on the day, whatever its hours."""
        return any(one.holds_on(day) for one in self.closures)

    def hours_on(self, weekday: int, spare: int | None = None) -> tuple[Span, ...]:
        """Return the minutes at which it is open on the weekday, or if it keeps no hours then, on the spare one."""
        own = tuple(opening for opening in self.hours if weekday in opening.weekdays)
        kept = own or tuple(opening for opening in self.hours if spare in opening.weekdays)
        return tuple((minute_of(opening.opens), minute_of(opening.closes)) for opening in kept)

    def acts_for(self, organisation: str) -> bool:
        """Say whether the window takes matters of the organisation."""
        return not self.organisations or organisation in self.organisations


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """A place people come to: its special rooms and its windows, and how many minutes it is from it to others."""

    code: str
    general: bool
    rooms: frozenset[str]  # the special purposes it has a room for
    windows: tuple[Window, ...]
    closures: tuple[Closure, ...] = ()
    minutes_to: Mapping[str, int] = field(hash=False, default_factory=dict)

    def is_closed(self, day: date) -> bool:
        """Say whether the whole place takes nobody on the day."""
        return any(one.holds_on(day) for one in self.closures)

    def windows_for(self, need: Need) -> tuple[Window, ...]:
        """Return the windows here that can be booked for the step; none if the place is of the wrong sort."""
        special = need.purposes & SPECIAL_PURPOSES
        if special and (self.general or not special <= self.rooms):
            return ()
        return tuple(one for one in self.windows if one.can_take(need) and not one.for_walk_ins)

    @property
    def offices(self) -> frozenset[str]:
        """Whose officers sit here: they receive whoever comes to the place."""
        return frozenset[str]().union(*(one.organisations | one.staff for one in self.windows))

    def acts_for(self, organisation: str) -> bool:
        """Say whether any window here takes matters of the organisation."""
        return any(window.acts_for(organisation) for window in self.windows)


def need_of(step: Step) -> Need:
    """Return what a counter step needs of the place where it is done."""
    return Need(
        purposes=frozenset([step.purpose]),
        minutes=step.minutes,
        organisation=step.organisation,
        equipment=frozenset(step.equipment),
    )


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
    """One visit that could be booked: its steps one after another."""

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

    @property
    def waiting(self) -> int:
        """Minutes that are waited between the steps, in all."""
        lasting = sum(leg.need.minutes for leg in self.legs)
        return minute_of(self.ends) - minute_of(self.starts) - lasting


def minute_of(at: time) -> int:
    """Return how many minutes past midnight it is."""
    return at.hour * 60 + at.minute


def time_of(minute: int) -> time:
    """Return the time of day so many minutes past midnight."""
    return time(*divmod(minute, 60))
