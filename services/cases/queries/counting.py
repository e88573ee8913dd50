"""Counting all cases by programme: in the database, in four questions however many there are."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import Count, Q, Sum

from services import clock
from services.cases.models import Attendance, Case
from services.cases.queries.figures import Figures
from services.catalogue import queries as catalogue
from services.core.clocks import days_after
from services.core.states import CaseState, Verdict

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


def count_programmes() -> dict[str, Figures]:
    """Return the figures of each programme that has had a case, as they are now."""
    counted = defaultdict[str, Figures](Figures)
    _add_cases(counted)
    _add_second_visits(counted)
    _add_days(counted)
    _add_sources(counted)
    return dict(counted)


def _add_cases(counted: Counted) -> None:
    rows = Case.objects.values("programme", "service", "service_version_id").annotate(
        cases=Count("id"),
        resolved=Count("id", filter=_RESOLVED),
        refused=Count("id", filter=Q(verdict=Verdict.REFUSED)),
        otherwise_ended=Count("id", filter=Q(state__in=_OTHERWISE)),
        # Before `visits`, which from then on means their sum.
        visited=Count("id", filter=Q(visits__gt=0)),
        visits=Sum("visits"),
    )
    services, resolved = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for row in rows.order_by():
        figures, programme = counted[row["programme"]], row["programme"]
        _add_version(figures, row)
        services[programme].add(row["service"])
        resolved[programme] |= {row["service"]} if row["resolved"] else set()
        figures.services, figures.services_resolved = len(services[programme]), len(resolved[programme])


def _add_version(figures: Figures, row: Mapping[str, Any]) -> None:
    """Count the cases of one version of a service; what was before is assumed, for what was resolved."""
    for name in ("cases", "resolved", "refused", "otherwise_ended", "visits", "visited"):
        setattr(figures, name, getattr(figures, name) + row[name])
    if row["resolved"]:
        definition = catalogue.definition(row["service_version_id"])
        figures.visits_before += definition.before_visits * row["resolved"]
        figures.papers_before += definition.before_papers * row["resolved"]


def _add_second_visits(counted: Counted) -> None:
    allowed = Attendance.objects.filter(approved_by__isnull=False)
    rows = allowed.values("case__programme").annotate(cases=Count("case", distinct=True))
    for row in rows.order_by():
        counted[row["case__programme"]].second_visits = row["cases"]


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
