"""Counting applications by bundle: how often people came in for one thing, how long it took, what it was before."""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection

from services import clock
from services.cases.queries.counting import DONE
from services.catalogue import queries as catalogue
from services.core.clocks import days_after
from services.core.states import ENDED, Verdict
from services.core.suppression import SMALLEST_CELL

# One line per application: whether all of it is over, and some of it was decided; how often somebody came in for it
# (once for all that was done at one centre on one day, R8.4), whether any of it was late, and from when until when.
TOLD = """
WITH told AS (
    SELECT filed.id, filed.bundle,
        bool_and(held.state = ANY(%(ended)s))
            AND bool_or(held.state = ANY(%(done)s) AND held.ended_on IS NOT NULL) AS closed,
        coalesce(bool_or(held.decided_on > held.promised_due), false) AS late,
        min(held.received_on) AS began, max(held.ended_on) AS ended_on,
        (SELECT count(DISTINCT visit_id) FROM cases_attendance WHERE application_id = filed.id) AS trips
    FROM cases_application AS filed JOIN cases_case AS held ON held.application_id = filed.id
    WHERE filed.bundle <> ''
    GROUP BY filed.id
)
"""
LINES = """
SELECT bundle, closed, late, began, ended_on, trips, count(*) FROM told GROUP BY 1, 2, 3, 4, 5, 6
"""
BEFORE = """
SELECT told.bundle, held.service, held.service_version_id,
    count(*) FILTER (WHERE held.verdict = %(granted)s), count(*) FILTER (WHERE held.verdict <> %(granted)s)
FROM told JOIN cases_case AS held ON held.application_id = told.id
WHERE told.closed GROUP BY 1, 2, 3
"""


@dataclass(slots=True)
class BundleFigures:
    """What was counted of the applications for one bundle, or for all: numbers of applications, and what they came to.

    `closed`: all their services are over, and one at least was decided. Of these, `visits`, `working_days` from receipt
    to the end of the last service, and what its granted services took before, as the catalogue assumes. So many of
    its services as `few` says were granted at least once and fewer than ten times, or were not granted so few times.
    """

    applications: int = 0
    closed: int = 0
    without_visit: int = 0
    one_visit: int = 0
    more_visits: int = 0
    on_time: int = 0
    late: int = 0
    visits: int = 0
    working_days: int = 0
    visits_before: int = 0
    papers_before: int = 0
    few: int = 0

    def add(self, **numbers: int) -> None:
        """Add to these numbers."""
        for name, number in numbers.items():
            setattr(self, name, getattr(self, name) + number)


def count_bundles() -> dict[str, BundleFigures]:
    """Return the figures of each bundle that somebody applied for, in two questions."""
    counted = defaultdict[str, BundleFigures](BundleFigures)
    for bundle, *line, many in _asked(LINES):
        _add_line(counted[bundle], line, many)
    of_service: Counter[tuple[str, str, bool]] = Counter()
    for bundle, service, version, granted, not_granted in _asked(BEFORE):
        definition = catalogue.definition(version)
        counted[bundle].add(
            visits_before=definition.before_visits * granted, papers_before=definition.before_papers * granted
        )
        of_service.update({(bundle, service, True): granted, (bundle, service, False): not_granted})
    for (bundle, *_), many in of_service.items():
        counted[bundle].add(few=0 < many < SMALLEST_CELL)
    return dict(counted)


def sum_of(many: dict[str, BundleFigures]) -> BundleFigures:
    """Return the figures of all bundles together: an application is of one."""
    total = BundleFigures()
    for one in many.values():
        total.add(**asdict(one))
    return total


def _add_line(figures: BundleFigures, line: list[Any], many: int) -> None:
    closed, late, began, ended_on, trips = line
    figures.add(applications=many)
    if closed:
        calendar = clock.calendar().presuming()
        days = sum(calendar.is_working(day) for day in days_after(began, ended_on))
        attended = {0: "without_visit", 1: "one_visit"}.get(trips, "more_visits")
        punctual = "late" if late else "on_time"
        figures.add(closed=many, visits=trips * many, working_days=days * many)
        figures.add(**{attended: many, punctual: many})


def _asked(question: str) -> list[tuple[Any, ...]]:
    values = {"ended": [*map(str, ENDED)], "done": [*map(str, DONE)], "granted": str(Verdict.GRANTED)}
    with connection.cursor() as cursor:
        cursor.execute(TOLD + question, values)
        return list(cursor.fetchall())
