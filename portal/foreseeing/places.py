"""Places as they are foreseen: appointments found by the composer, and what then happens at the windows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import TYPE_CHECKING

import simpy

from portal.foreseeing.offices import Steps
from portal.foreseeing.time import DAY, Hours, Time
from services.core.appointments import Centre, Need, Taken, Window, minute_of
from services.core.clocks import WorkCalendar
from services.core.composer import Call, Offer, Situation, compose
from services.core.timetable import fitting_centres

if TYPE_CHECKING:
    from portal.foreseeing.world import World

# How far ahead times are offered, in days: as the portal offers them.
DAYS_AHEAD = 21


def group(window: Window) -> str:
    """Return the windows that this one is alike with, by their place and name."""
    kind = "walk-in" if window.for_walk_ins else "booked"
    return f"{window.centre}/{window.code.rsplit('-', 1)[0]}/{kind}"


@dataclass
class Diary:
    """What is promised to whom at all places; days that have passed are forgotten."""

    centres: Sequence[Centre]
    calendar: WorkCalendar
    taken: dict[tuple[str, date], list[Taken]] = field(default_factory=dict)
    _fitting: dict[tuple[Need, ...], tuple[Centre, ...]] = field(default_factory=dict)

    def fitting(self, needs: Iterable[Need]) -> tuple[Centre, ...]:
        """Return the places that can take all the needs of one visit."""
        key = tuple(sorted(needs, key=str))
        if key not in self._fitting:
            self._fitting[key] = fitting_centres(key, self.centres)
        return self._fitting[key]

    def find(self, calls: Sequence[Call], day: date, minute: int, home: str) -> Offer | None:
        """Return the earliest visit that does all the calls: near home if there is one, else anywhere."""
        fitting = self.fitting(call.need for call in calls)
        near = [one for one in fitting if one.code == home]
        for places in (near, fitting):
            situation = Situation(centres=places, calendar=self.calendar, taken=self.taken)
            offers = compose(calls, situation, from_day=day, days=DAYS_AHEAD, most=1, after=minute)
            if offers:
                return offers[0]
        return None

    def book(self, offer: Offer) -> None:
        """Promise the time to somebody."""
        day = self.taken.setdefault((offer.centre, offer.slot.day), [])
        day += (Taken(leg.window, leg.starts, leg.ends) for leg in offer.slot.legs)

    def give_back(self, offer: Offer) -> None:
        """Take the promise back: others may have the time."""
        given_up = {(leg.window, leg.starts) for leg in offer.slot.legs}
        key = (offer.centre, offer.slot.day)
        self.taken[key] = [one for one in self.taken[key] if (one.window, one.starts) not in given_up]

    def forget(self, before: date) -> None:
        """Forget what was promised for days that have passed."""
        for key in [one for one in self.taken if one[1] < before]:
            del self.taken[key]


@dataclass
class Windows:
    """The windows of all places at work: whoever is called to one waits until it is free."""

    world: "World"
    pace: float
    _windows: dict[tuple[str, str], Window] = field(init=False)
    _booked: dict[tuple[str, str], simpy.Resource] = field(default_factory=dict)
    _walk_ins: dict[str, simpy.Resource] = field(default_factory=dict)

    def __post_init__(self) -> None:
        every = [one for centre in self.world.diary.centres for one in centre.windows]
        self._windows = {(one.centre, one.code): one for one in every}
        for one in every:
            self.world.tally.windows[group(one)].places += 1

    def keep(self, offer: Offer, chance: Random, waited: list[float]) -> Steps:
        """Go through the appointment, window after window; the minutes waited are put down."""
        begins = self.world.time.midnight(offer.slot.day)
        for leg in offer.slot.legs:
            called = max(self.world.env.now, begins + minute_of(leg.starts))
            yield self.world.env.timeout(called - self.world.env.now)
            window = self._windows[offer.centre, leg.window]
            desk = self._booked.setdefault((offer.centre, leg.window), simpy.Resource(self.world.env))
            yield from self._serve(desk, group(window), leg.need, chance, waited)

    def walk_in(self, centre: Centre, needs: Sequence[Need], chance: Random, waited: list[float]) -> Steps:
        """Wait for a window that takes no appointments, and have everything done there."""
        windows = self.walk_in_windows(centre, needs)
        name = group(windows[0])
        desk = self._walk_ins.setdefault(name, simpy.Resource(self.world.env, capacity=len(windows)))
        for need in needs:
            yield from self._serve(desk, name, need, chance, waited)

    def walk_in_windows(self, centre: Centre, needs: Sequence[Need]) -> list[Window]:
        """Return the windows of the place that take whoever comes unasked, and can do all that is needed."""
        unasked = [one for one in centre.windows if one.for_walk_ins]
        able = [one for one in unasked if all(one.can_take(need) for need in needs)]
        return [one for one in able if group(one) == group(able[0])]

    def _serve(
        self, desk: simpy.Resource, name: str, need: Need, chance: Random, waited: list[float]
    ) -> Steps:
        came, minutes = self.world.env.now, need.minutes * self.pace * chance.gammavariate(6, 1 / 6)
        self.world.tally.windows[name].asked += minutes * (came < self.world.season.until)
        with desk.request() as turn:
            yield turn
            waited.append(self.world.env.now - came)
            yield self.world.env.timeout(minutes)
        self.world.tally.windows[name].tasks += 1
        self.world.tally.windows[name].waited.add(waited[-1])
        if self.world.env.now < self.world.season.until:
            self.world.tally.windows[name].minutes += minutes

    def close(self) -> None:
        """Take down how long the windows were open while people applied."""
        hours: dict[str, float] = {}
        days = range(int(self.world.season.until // DAY))
        weekdays = [
            self.world.time.day(number * DAY).isoweekday()
            for number in days
            if self.world.time.is_working(number)
        ]
        for one in self._windows.values():
            open_for = sum(closes - opens for day in weekdays for opens, closes in one.hours_on(day))
            hours[group(one)] = hours.get(group(one), 0) + open_for
        for name, minutes in hours.items():
            self.world.tally.windows[name].there = minutes


def open_hours(centre: Centre, time: Time) -> Hours:
    """Return the hours in which somebody can walk in."""
    spans = [span for one in centre.windows if one.for_walk_ins for span in one.hours_on(1)]
    return Hours(time, min(one for one, _ in spans), max(one for _, one in spans))
