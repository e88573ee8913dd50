"""Counting all cases by programme and by month: in the database, in a few questions however many there are."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth

from services import clock
from services.cases.models import Attendance, Case
from services.cases.queries.figures import OF_MONTH, Figures
from services.catalogue import queries as catalogue
from services.core.clocks import days_after
from services.core.states import CaseState, Verdict
from services.visits import queries as visits

_DONE = (CaseState.CLOSED, CaseState.ARCHIVED)
_OTHERWISE = (CaseState.DECLINED, CaseState.WITHDRAWN, CaseState.LAPSED)
_RESOLVED = Q(verdict=Verdict.GRANTED, state__in=_DONE)

# How often each source settled something, and in how many cases.
SOURCES = """
SELECT held.programme, item ->> 'source', count(*), count(DISTINCT held.id)
FROM cases_case AS held
CROSS JOIN LATERAL jsonb_each(held.settlements) AS settled
CROSS JOIN LATERAL jsonb_array_elements(settled.value -> 'evidence') AS item
GROUP BY 1, 2
"""

Counted = defaultdict[str, Figures]
_CLOSED = Q(state__in=_DONE, ended_on__isnull=False)


def count_programmes() -> dict[str, Figures]:
    """Return the figures of each programme that has had a case, as they are now."""
    counted = defaultdict[str, Figures](Figures)
    _add_cases(counted)
    _add_closed(counted, F("programme"))
    _add_second_visits(counted)
    _add_days(counted)
    _add_sources(counted)
    return dict(counted)


def count_months() -> dict[str, Figures]:
    """Return, by month (`2026-11`), the figures of the cases whose result was delivered in it."""
    counted = defaultdict[str, Figures](Figures)
    _add_closed(counted, TruncMonth("ended_on"))
    return dict(counted)


def _add_cases(counted: Counted) -> None:
    rows = Case.objects.values("programme", "service").annotate(
        cases=Count("id"),
        granted=Count("id", filter=_RESOLVED),
        refused=Count("id", filter=Q(verdict=Verdict.REFUSED)),
        otherwise_ended=Count("id", filter=Q(state__in=_OTHERWISE)),
        # Before `visits`, which from then on means their sum.
        visited=Count("id", filter=Q(visits__gt=0)),
        visits=Sum("visits"),
    )
    for row in rows.order_by():
        figures = counted[row["programme"]]
        _add(figures, row, "cases", "refused", "otherwise_ended", "visits", "visited")
        figures.services += 1
        figures.services_resolved += bool(row["granted"])


def _add_closed(counted: Counted, by: Any) -> None:
    """Count the closed cases: how often each was attended, whether it was on time, and what was before (R8.9)."""
    rows = Case.objects.filter(_CLOSED).annotate(by=by).values("by", "service_version_id")
    numbers = rows.annotate(
        closed=Count("id"),
        without_visit=Count("id", filter=Q(visits=0)),
        one_visit=Count("id", filter=Q(visits=1)),
        more_visits=Count("id", filter=Q(visits__gt=1)),
        on_time=Count("id", filter=Q(decided_on__lte=F("promised_due"))),
        late=Count("id", filter=Q(decided_on__gt=F("promised_due"))),
        resolved=Count("id", filter=_RESOLVED),
        visits_of_resolved=Sum("visits", filter=_RESOLVED, default=0),
    )
    for row in numbers.order_by():
        figures = counted[row["by"] if isinstance(row["by"], str) else f"{row['by']:%Y-%m}"]
        _add(figures, row, *OF_MONTH, "visits_of_resolved")
        _add_before(figures, row)


def _add(figures: Figures, row: Mapping[str, Any], *names: str) -> None:
    for name in names:
        setattr(figures, name, getattr(figures, name) + row[name])


def _add_before(figures: Figures, row: Mapping[str, Any]) -> None:
    """Add what was before, of what was resolved: it is assumed in the version of the service."""
    if row["resolved"]:
        definition = catalogue.definition(row["service_version_id"])
        figures.visits_before += definition.before_visits * row["resolved"]
        figures.papers_before += definition.before_papers * row["resolved"]


def _add_second_visits(counted: Counted) -> None:
    """Count the cases that were attended again, and by whose mistake (R8.5, R8.7).

    The mistake may stand at the second visit, or at the first, which was closed with something left open.
    """
    again = Attendance.objects.filter(approved_by__isnull=False).values("case")
    rows = list(
        Attendance.objects.filter(case__in=again)
        .order_by("-on")
        .values_list("case__programme", "case_id", "visit_id")
    )
    fault_of = visits.faults_of(visit_ids={visit_id for _, _, visit_id in rows})
    faults: dict[tuple[str, UUID], str] = {}
    for programme, case_id, visit_id in rows:
        faults[programme, case_id] = faults.get((programme, case_id)) or fault_of.get(visit_id, "")
    for (programme, _), fault in faults.items():
        figures = counted[programme]
        figures.second_visits += 1
        figures.by_authority += fault == "authority"
        figures.by_applicant += fault == "applicant"


def _add_days(counted: Counted) -> None:
    """Count the working days from receipt to the end of what was granted, once for all cases of the same days."""
    calendar = clock.calendar().presuming()
    granted = Case.objects.filter(verdict=Verdict.GRANTED, ended_on__isnull=False)
    rows = granted.values("programme", "received_on", "ended_on").annotate(cases=Count("id"))
    for row in rows.order_by():
        days = sum(calendar.is_working(day) for day in days_after(row["received_on"], row["ended_on"]))
        counted[row["programme"]].working_days += days * row["cases"]
        counted[row["programme"]].days_counted += row["cases"]


def _add_sources(counted: Counted) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SOURCES)
        for programme, source, settled, cases in cursor.fetchall():
            counted[programme].sources[source] = settled
            counted[programme].settled_by[source] = cases
