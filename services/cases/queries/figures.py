"""The figures of one programme, or of all: what was counted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Self

from services.core.evidence import Source

SOURCE_COLUMNS = {f"by_{source}": source.value for source in Source}


@dataclass(slots=True)
class Figures:
    """What was counted: numbers only.

    `closed` cases are those whose result was delivered: never attended, once, or more often (R8.9); decided `on_time`,
    within what was promised, or `late`. `visits` are trips: whoever comes to one centre on one day for several cases
    made one (R8.4), so that those of several programmes are fewer together than one by one; `visits_of_resolved` are
    those for something that was granted. Second visits are some office's or the applicant's mistake, or nobody's, each
    with its cause where one was said (R8.5).
    What was before is assumed in the catalogue, not counted, and only for what was resolved: nobody knows how much of
    the old way those would have gone who were refused or withdrew. All that was asked now is counted.
    `days_counted` and `settled_by` are numbers of cases: those which days and sources rest on.
    """

    services: int = 0
    services_resolved: int = 0
    cases: int = 0
    resolved: int = 0
    refused: int = 0
    otherwise_ended: int = 0
    visits: int = 0
    second_visits: int = 0
    visits_before: int = 0
    papers_before: int = 0
    closed: int = 0
    without_visit: int = 0
    one_visit: int = 0
    more_visits: int = 0
    on_time: int = 0
    late: int = 0
    visits_of_resolved: int = 0
    by_authority: int = 0
    by_applicant: int = 0
    by_nobody: int = 0
    not_told: int = 0
    system_failed: int = 0
    nobody_able: int = 0
    authority_unsaid: int = 0
    person_left: int = 0
    not_brought: int = 0
    applicant_unsaid: int = 0
    working_days: int = 0
    days_counted: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    settled_by: Counter[str] = field(default_factory=Counter)

    @classmethod
    def sum_of(cls, many: Iterable["Figures"]) -> Self:
        """Return the figures of all of them together, as though no visit was for two of them."""
        total = cls()
        for one in many:
            for each in fields(cls):
                setattr(total, each.name, getattr(total, each.name) + getattr(one, each.name))
        return total

    def as_record(self) -> dict[str, Any]:
        """Return the figures as they are kept."""
        kept = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in kept.items()}

    @property
    def files(self) -> int:
        """Return how many files applicants sent."""
        return self.sources[Source.UPLOAD]

    @property
    def originals(self) -> int:
        """Return how many originals were shown."""
        return self.sources[Source.SEEN]

    @property
    def statements(self) -> int:
        """Return how many statements were signed."""
        return self.sources[Source.DECLARATION]

    @property
    def not_granted(self) -> int:
        """Return how many of the closed cases were refused."""
        return self.closed - self.resolved

    @property
    def mean_days(self) -> float | None:
        """Return the mean working days from receipt to the end of the cases that were granted."""
        return round(self.working_days / self.days_counted, 1) if self.days_counted else None

    def rests_on(self, column: str) -> int:
        """Return on how many cases, or visits, the numbers of a column rest."""
        source = SOURCE_COLUMNS.get(column)
        return self.settled_by[source] if source else int(getattr(self, column))
