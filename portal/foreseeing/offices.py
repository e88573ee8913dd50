"""Offices at work: officers take tasks in the order in which they are due, in their hours."""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import simpy

from portal.foreseeing.tally import Work
from portal.foreseeing.time import DAY, Hours

Steps = Generator[simpy.Event, Any, None]


@dataclass
class Season:
    """How long people apply: work that is done afterwards is not counted, for the offices empty then."""

    until: float = float("inf")


@dataclass
class Office:
    """The officers of one organisation."""

    env: simpy.Environment
    hours: Hours
    officers: int
    season: Season
    work: Work
    desk: simpy.PriorityResource = field(init=False)

    def __post_init__(self) -> None:
        self.desk = simpy.PriorityResource(self.env, capacity=self.officers)
        self.work.places = self.officers

    def do(self, minutes: float, due: float) -> Steps:
        """Wait for an officer, then for the work to be done; what is due first is taken first."""
        came = self.env.now
        self.work.asked += minutes * (came < self.season.until)
        with self.desk.request(priority=due) as turn:
            yield turn
            self.work.waited.add((self.env.now - came) / 60)
            yield self.env.timeout(self.hours.after(self.env.now, minutes) - self.env.now)
        self.work.tasks += 1
        self.work.late += self.env.now >= due + DAY
        if self.env.now < self.season.until:
            self.work.minutes += minutes

    def close(self) -> None:
        """Take down how long the officers were there for cases while people applied."""
        self.work.there = self.hours.worked(self.season.until) * self.officers
