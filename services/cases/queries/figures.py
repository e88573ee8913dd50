"""The figures of one programme, or of all: what was counted, and what everybody may see of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from services.core.evidence import Source
from services.core.suppression import SMALLEST_CELL, TOTAL, Cell, hidden_cells

SOURCE_COLUMNS = {f"by_{source}": source.value for source in Source}
# What each number rests on: it is shown where so many cases are. Sums and means rest on the cases they were made of.
RESTS_ON: Mapping[str, str] = {
    "services": "cases",
    "services_resolved": "resolved",
    "cases": "cases",
    "resolved": "resolved",
    "refused": "refused",
    "otherwise_ended": "otherwise_ended",
    "visits": "visited",
    "second_visits": "second_visits",
    "visits_before": "resolved",
    "papers_before": "resolved",
    "files": f"by_{Source.UPLOAD}",
    "originals": f"by_{Source.SEEN}",
    "statements": f"by_{Source.DECLARATION}",
    "mean_days": "days_counted",
    "closed": "closed",
    "without_visit": "without_visit",
    "one_visit": "one_visit",
    "more_visits": "more_visits",
    "on_time": "on_time",
    "late": "late",
    "visits_of_resolved": "resolved",
    "by_authority": "by_authority",
    "by_applicant": "by_applicant",
}
COLUMNS = tuple(dict.fromkeys([*RESTS_ON.values(), *SOURCE_COLUMNS]))
ENDS = ("resolved", "refused", "otherwise_ended")
# What is told by month: of the cases that ended in it.
OF_MONTH = ("closed", "without_visit", "one_visit", "more_visits", "on_time", "late", "resolved")
# Every closed case was attended never, once, or more often; and decided on time or late.
EXACT: Mapping[str, tuple[str, ...]] = {
    "closed": ("without_visit", "one_visit", "more_visits"),
}


@dataclass(slots=True)
class Figures:
    """What was counted: numbers only.

    `closed` cases are those whose result was delivered: never attended, once, or more often (R8.9); decided `on_time`,
    within what was promised, or `late`. Second visits are some office's or the applicant's mistake, or nobody's (R8.5).
    What was before is assumed in the catalogue, not counted, and only for what was resolved: nobody knows how much of
    the old way those would have gone who were refused or withdrew. All that was asked now is counted.
    `visited`, `days_counted` and `settled_by` are numbers of cases: those which visits, days and sources rest on.
    """

    services: int = 0
    services_resolved: int = 0
    cases: int = 0
    resolved: int = 0
    refused: int = 0
    otherwise_ended: int = 0
    visits: int = 0
    visited: int = 0
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
    working_days: int = 0
    days_counted: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    settled_by: Counter[str] = field(default_factory=Counter)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Return the figures as they were kept."""
        kept = {name: Counter(value) if isinstance(value, dict) else value for name, value in record.items()}
        return cls(**kept)

    @classmethod
    def sum_of(cls, many: Iterable["Figures"]) -> Self:
        """Return the figures of all of them together."""
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
    def mean_days(self) -> float | None:
        """Return the mean working days from receipt to the end of the cases that were granted."""
        return round(self.working_days / self.days_counted, 1) if self.days_counted else None

    def rests_on(self, column: str) -> int:
        """Return on how many cases the numbers of a column rest."""
        source = SOURCE_COLUMNS.get(column)
        return self.settled_by[source] if source else int(getattr(self, column))


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """What everybody may see: None where a number is hidden, or a mean has nothing to be of.

    `few` names the numbers and sources that rest on fewer than ten cases, `withheld` those that would give one away.
    """

    numbers: Mapping[str, int | float | None] = field(hash=False)
    sources: Mapping[str, int | None] = field(hash=False)
    few: frozenset[str]
    withheld: frozenset[str]


@dataclass(frozen=True, slots=True)
class PublicTable:
    """What everybody may see: in all, by programme, and by month of the end, which add up to the same."""

    total: PublicFigures
    programmes: Mapping[str, PublicFigures] = field(hash=False)
    months: Mapping[str, PublicFigures] = field(hash=False)


def public_figures(
    total: Figures, programmes: Mapping[str, Figures], months: Mapping[str, Figures]
) -> PublicTable:
    """Return the figures, each cell hidden that rests on fewer than ten cases, or gives one away by some sum."""
    rows = {TOTAL: total, **programmes}
    counts = {(row, column): one.rests_on(column) for row, one in rows.items() for column in COLUMNS}
    counts |= {(row, column): one.rests_on(column) for row, one in months.items() for column in OF_MONTH}
    hidden = hidden_cells(
        counts, whole="cases", parts=ENDS, exact=EXACT, groups=[list(programmes), list(months)]
    )
    shown = {row: _public(row, one, hidden) for row, one in (rows | dict(months)).items()}
    return PublicTable(
        total=shown[TOTAL],
        programmes={code: shown[code] for code in programmes},
        months={code: shown[code] for code in months},
    )


def _public(row: str, figures: Figures, hidden: frozenset[Cell]) -> PublicFigures:
    rests_on = {**RESTS_ON, **{source: column for column, source in SOURCE_COLUMNS.items()}}
    gone = {name for name, column in rests_on.items() if (row, column) in hidden}
    few = {name for name in gone if figures.rests_on(rests_on[name]) < SMALLEST_CELL}
    sources = SOURCE_COLUMNS.values()
    return PublicFigures(
        numbers={name: None if name in gone else getattr(figures, name) for name in RESTS_ON},
        sources={source: None if source in gone else figures.sources[source] for source in sources},
        few=frozenset(few),
        withheld=frozenset(gone - few),
    )
