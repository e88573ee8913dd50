"""What the reform comes to in figures: resolved, visits, papers, days, sources, by programme; no person in sight."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from services import clock
from services.cases.models import Attendance, Case
from services.catalogue import queries as catalogue
from services.core.clocks import days_after
from services.core.definitions import Definition
from services.core.evidence import Source
from services.core.refusal import Kind, Refusal
from services.core.states import CaseState, Role
from services.people.queries import AccountView

# R15.14: a cell with fewer cases is not shown in public.
SMALLEST_CELL = 10
# Read in slices, so that memory stays flat however many cases there are.
SLICE = 2000


class SupervisorsFigures(Refusal):
    """Full figures are for supervisors; everybody sees those of ten cases and more."""

    code = "supervisors_figures"
    kind = Kind.FORBIDDEN
    sentence = "These figures are for supervisors. The public ones are on the performance page."


@dataclass(slots=True)
class Figures:
    """The figures of one programme, or of all.

    What was before is assumed in the catalogue, not counted, and only for what was resolved: nobody knows how much of
    the old way those would have gone who were refused or withdrew. All that was asked now is counted.
    """

    services: set[str] = field(default_factory=set)
    services_resolved: set[str] = field(default_factory=set)
    cases: int = 0
    resolved: int = 0
    refused: int = 0
    otherwise_ended: int = 0
    visits: int = 0
    second_visits: int = 0
    visits_before: int = 0
    papers_before: int = 0
    files: int = 0
    originals: int = 0
    statements: int = 0
    working_days: int = 0
    days_counted: int = 0
    sources: Counter[str] = field(default_factory=Counter)

    def add(self, case: Case, working_days: int | None) -> None:
        """Count one case."""
        definition = catalogue.definition(case.service_version_id)
        self.services.add(case.service)
        self.cases += 1
        self.visits += case.visits
        if case.verdict == "granted" and case.state in _DONE:
            self._add_resolved(definition)
        self.refused += case.verdict == "refused"
        self.otherwise_ended += case.state in _OTHERWISE
        if working_days is not None:
            self.working_days += working_days
            self.days_counted += 1
        for one in case.settlements.values():
            for item in one.get("evidence", ()):
                self._add_source(item["source"])

    def _add_resolved(self, definition: Definition) -> None:
        self.resolved += 1
        self.services_resolved.add(definition.code)
        self.visits_before += definition.before_visits
        self.papers_before += definition.before_papers

    def _add_source(self, source: str) -> None:
        self.sources[source] += 1
        self.files += source == Source.UPLOAD
        self.originals += source == Source.SEEN
        self.statements += source == Source.DECLARATION

    @property
    def mean_days(self) -> float | None:
        """Return the mean working days from receipt to the end of the cases that were granted."""
        return round(self.working_days / self.days_counted, 1) if self.days_counted else None


_DONE = (CaseState.CLOSED, CaseState.ARCHIVED)
_OTHERWISE = (CaseState.DECLINED, CaseState.WITHDRAWN, CaseState.LAPSED)


@dataclass(frozen=True, slots=True)
class Statistics:
    """Figures in all and by programme; `hidden` programmes have too few cases to be shown in public."""

    total: Figures
    programmes: dict[str, Figures]
    hidden: tuple[str, ...] = ()


def statistics(*, viewer: AccountView) -> Statistics:
    """Return all figures.

    :raises SupervisorsFigures: for anybody but a supervisor or an administrator.
    """
    if viewer.role not in (Role.SUPERVISOR, Role.ADMINISTRATOR):
        raise SupervisorsFigures
    return _count(Case.objects.all().iterator(SLICE))


def public_statistics() -> Statistics:
    """Return the figures that everybody may see: programmes with fewer than ten cases are left out (R15.14)."""
    counted = _count(Case.objects.all().iterator(SLICE))
    shown = {code: one for code, one in counted.programmes.items() if one.cases >= SMALLEST_CELL}
    hidden = tuple(sorted(counted.programmes.keys() - shown.keys()))
    total = counted.total if counted.total.cases >= SMALLEST_CELL else Figures()
    return Statistics(total, shown, hidden)


def _count(cases: Iterable[Case]) -> Statistics:
    total, programmes = Figures(), defaultdict[str, Figures](Figures)
    second = second_visits()
    for case in cases:
        days = _days(case)
        for figures in (total, programmes[case.programme]):
            figures.add(case, days)
            figures.second_visits += case.id in second
    return Statistics(total, dict(programmes))


def second_visits() -> frozenset[UUID]:
    """Return the cases that were attended a second time, each with a supervisor's recorded reason."""
    return frozenset(Attendance.objects.filter(approved_by__isnull=False).values_list("case_id", flat=True))


def _days(case: Case) -> int | None:
    """Return the working days from receipt to the end of a granted case."""
    if case.ended_on is None or case.verdict != "granted":
        return None
    calendar = clock.calendar().presuming()
    return sum(calendar.is_working(day) for day in days_after(case.received_on, case.ended_on))
