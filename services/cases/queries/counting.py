"""Counting all cases by programme, month and centre: in the database, in a few questions however many there are."""

from collections import defaultdict
from collections.abc import Mapping, MutableMapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncMonth

from services import clock
from services.cases.models import Attendance, Case
from services.cases.queries.figures import Figures
from services.catalogue import queries as catalogue
from services.core.clocks import days_after
from services.core.states import CaseState, Verdict
from services.core.suppression import TOTAL
from services.visits import queries as visits

DONE = (CaseState.CLOSED, CaseState.ARCHIVED)
_OTHERWISE = (CaseState.DECLINED, CaseState.WITHDRAWN, CaseState.LAPSED)
_RESOLVED = Q(verdict=Verdict.GRANTED, state__in=DONE)
_CLOSED = Q(state__in=DONE, ended_on__isnull=False)
_OF_RESOLVED = Q(case__verdict=Verdict.GRANTED, case__state__in=DONE, case__ended_on__isnull=False)

# How often each source settled something, and in how many cases.
SOURCES = """
SELECT held.programme, item ->> 'source', count(*), count(DISTINCT held.id)
FROM cases_case AS held
CROSS JOIN LATERAL jsonb_each(held.settlements) AS settled
CROSS JOIN LATERAL jsonb_array_elements(settled.value -> 'evidence') AS item
GROUP BY 1, 2
"""

Counted = defaultdict[str, Figures]


def count_programmes() -> dict[str, Figures]:
    """Return the figures of each programme that has had a case, as they are now, and under `TOTAL` those of all."""
    counted = defaultdict[str, Figures](Figures)
    _add_cases(counted)
    _add_closed(counted, F("programme"))
    _add_days(counted, F("programme"))
    _add_second_visits(counted)
    _add_sources(counted)
    _add_trips(counted, Attendance.objects.annotate(by=F("case__programme")))
    total = Figures.sum_of(counted.values())
    _add_trips({TOTAL: total}, Attendance.objects.annotate(by=Value(TOTAL)))
    return dict(counted) | {TOTAL: total}


def count_months() -> dict[str, Figures]:
    """Return, by month (`2026-11`), the figures of the cases whose result was delivered in it."""
    month = TruncMonth("case__ended_on")
    return _count_ended(TruncMonth("ended_on"), Attendance.objects.annotate(by=month))


def count_centres() -> dict[str, Figures]:
    """Return, by centre, the figures of the closed cases that were attended there first; the others have no name."""
    attended = Attendance.objects.filter(case=OuterRef("pk")).order_by("on", "id").values("centre")
    first = Coalesce(Subquery(attended[:1]), Value(""))
    return _count_ended(first, Attendance.objects.annotate(by=F("centre")))


def _count_ended(by: Any, trips: QuerySet[Attendance]) -> dict[str, Figures]:
    counted = defaultdict[str, Figures](Figures)
    _add_closed(counted, by)
    _add_days(counted, by)
    _add_trips(counted, trips.filter(_OF_RESOLVED))
    return dict(counted)


def _add_cases(counted: Counted) -> None:
    rows = Case.objects.values("programme", "service").annotate(
        cases=Count("id"),
        granted=Count("id", filter=_RESOLVED),
        refused=Count("id", filter=Q(verdict=Verdict.REFUSED)),
        otherwise_ended=Count("id", filter=Q(state__in=_OTHERWISE)),
    )
    for row in rows.order_by():
        figures = counted[row["programme"]]
        _add(figures, row, "cases", "refused", "otherwise_ended")
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
    )
    names = ("closed", "without_visit", "one_visit", "more_visits", "on_time", "late", "resolved")
    for row in numbers.order_by():
        figures = counted[_code(row["by"])]
        _add(figures, row, *names)
        _add_before(figures, row)


def _code(by: Any) -> str:
    """Return a programme or a centre by its code, a month as it is written."""
    return by if isinstance(by, str) else f"{by:%Y-%m}"


def _add(figures: Figures, row: Mapping[str, Any], *names: str) -> None:
    for name in names:
        setattr(figures, name, getattr(figures, name) + row[name])


def _add_before(figures: Figures, row: Mapping[str, Any]) -> None:
    """Add what was before, of what was resolved: it is assumed in the version of the service."""
    if row["resolved"]:
        definition = catalogue.definition(row["service_version_id"])
        figures.visits_before += definition.before_visits * row["resolved"]
        figures.papers_before += definition.before_papers * row["resolved"]


def _add_trips(counted: MutableMapping[str, Figures], attendances: QuerySet[Attendance]) -> None:
    """Count each visit once, for however many cases it was (R8.4, R8.10)."""
    rows = attendances.values("by").annotate(
        visits=Count("visit_id", distinct=True),
        visits_of_resolved=Count("visit_id", distinct=True, filter=_OF_RESOLVED),
    )
    for row in rows.order_by():
        figures = counted[_code(row["by"])]
        figures.visits, figures.visits_of_resolved = row["visits"], row["visits_of_resolved"]


def _add_second_visits(counted: Counted) -> None:
    """Count the cases that were attended again, by whose mistake, and with its cause (R8.5, R8.7).

    The mistake may stand at the second visit, or at the first, which was closed with something left open.
    """
    again = Attendance.objects.filter(approved_by__isnull=False).values("case")
    rows = list(
        Attendance.objects.filter(case__in=again)
        .order_by("-on")
        .values_list("case__programme", "case_id", "visit_id")
    )
    fault_of = visits.faults_of(visit_ids={visit_id for _, _, visit_id in rows})
    faults: dict[tuple[str, UUID], tuple[str, str]] = {}
    for programme, case_id, visit_id in rows:
        found = faults.get((programme, case_id), ("", ""))
        faults[programme, case_id] = found if found[0] else fault_of.get(visit_id, found)
    for (programme, _), (fault, cause) in faults.items():
        _add_fault(counted[programme], fault, cause)


def _add_fault(figures: Figures, fault: str, cause: str) -> None:
    """Count a second visit as whose mistake it was, and as what it was, or as nobody's."""
    names = ["second_visits", f"by_{fault or 'nobody'}", *([cause or f"{fault}_unsaid"] if fault else [])]
    for name in names:
        setattr(figures, name, getattr(figures, name) + 1)


def _add_days(counted: Counted, by: Any) -> None:
    """Count the working days from receipt to the end of what was granted, once for all cases of the same days."""
    calendar = clock.calendar().presuming()
    granted = Case.objects.filter(verdict=Verdict.GRANTED, ended_on__isnull=False).annotate(by=by)
    rows = granted.values("by", "received_on", "ended_on").annotate(cases=Count("id"))
    for row in rows.order_by():
        days = sum(calendar.is_working(day) for day in days_after(row["received_on"], row["ended_on"]))
        counted[_code(row["by"])].working_days += days * row["cases"]
        counted[_code(row["by"])].days_counted += row["cases"]


def _add_sources(counted: Counted) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SOURCES)
        for programme, source, settled, cases in cursor.fetchall():
            counted[programme].sources[source] = settled
            counted[programme].settled_by[source] = cases
