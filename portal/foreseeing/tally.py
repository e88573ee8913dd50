"""What is counted while cases go through: numbers only, so that a million cases take no more room than a thousand."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass
class Spread:
    """How whole numbers, such as minutes waited, are spread."""

    counts: Counter[int] = field(default_factory=Counter)

    def add(self, value: float) -> None:
        """Count one more."""
        self.counts[round(value)] += 1

    def __iadd__(self, other: "Spread") -> "Spread":
        self.counts += other.counts
        return self

    @property
    def number(self) -> int:
        """Return how many were counted."""
        return self.counts.total()

    @property
    def mean(self) -> float:
        """Return the mean, nothing of nobody."""
        return sum(value * count for value, count in self.counts.items()) / (self.number or 1)

    def percentile(self, percent: float) -> int:
        """Return the value that so many of a hundred do not exceed."""
        needed, seen = self.number * percent / 100, 0
        for value in sorted(self.counts):
            seen += self.counts[value]
            if seen >= needed:
                return value
        return 0

    def share(self, most: float) -> float:
        """Return the share that does not exceed a value; of nobody, all."""
        within = sum(count for value, count in self.counts.items() if value <= most)
        return within / self.number if self.number else 1.0


@dataclass
class Work:
    """What an office or a group of windows did: its tasks, the minutes asked of it, and how long work lay."""

    places: int = 0
    tasks: int = 0
    late: int = 0
    asked: float = 0.0
    minutes: float = 0.0
    there: float = 0.0
    waited: Spread = field(default_factory=Spread)

    @property
    def used(self) -> float:
        """Return the share of its time that was spent on cases."""
        return self.minutes / self.there if self.there else 0.0


@dataclass
class Tally:
    """Everything that is told of a run.

    `visits` counts attendances by case, `trips` by application. `asked_twice` and `endless` name the services in which
    somebody was asked for what was there, or which did not end.
    """

    applications: int = 0
    cases: int = 0
    endings: Counter[str] = field(default_factory=Counter)
    visits: Counter[int] = field(default_factory=Counter)
    trips: Counter[int] = field(default_factory=Counter)
    decided: int = 0
    on_time: int = 0
    late_in: Counter[str] = field(default_factory=Counter)
    asked_twice: Counter[str] = field(default_factory=Counter)
    endless: Counter[str] = field(default_factory=Counter)
    twice_in: Counter[str] = field(default_factory=Counter)
    to_result: Spread = field(default_factory=Spread)  # working days from receipt to the result
    to_appointment: Spread = field(default_factory=Spread)  # calendar days from being asked in to the visit
    at_counter: Spread = field(default_factory=Spread)  # minutes waited at the place
    of_walk_ins: Spread = field(default_factory=Spread)
    missed: int = 0
    moved: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    offices: dict[str, Work] = field(default_factory=lambda: defaultdict(Work))
    windows: dict[str, Work] = field(default_factory=lambda: defaultdict(Work))
    peak_open: int = 0

    @property
    def share_on_time(self) -> float:
        """Return the share of decisions that came within the promised days."""
        return self.on_time / self.decided if self.decided else 1.0

    @property
    def visits_a_case(self) -> float:
        """Return the mean visits of a case."""
        return sum(many * count for many, count in self.visits.items()) / (self.cases or 1)

    @property
    def broken(self) -> dict[str, Counter[str]]:
        """Return by promise the services that broke it: one visit, never asked twice, every case ends."""
        found = {"twice": self.twice_in, "asked": self.asked_twice, "endless": self.endless}
        return {name: +services for name, services in found.items() if +services}
