"""Who has come in before, for what: one application is one visit (R8.1, R8.4)."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from services.cases.models import Attendance, Case


def attended_before(cases: Collection[Case], *, on: date) -> frozenset[UUID]:
    """Return those of the cases for which coming in on this day would be a second visit.

    A case is attended once. Whoever comes for one service of an application has come for all of it, and all of the
    same day is one visit (R8.4).
    """
    if not cases:
        return frozenset()
    rows = Attendance.objects.filter(application_id__in={case.application_id for case in cases})
    attended = set(rows.values_list("case_id", "application_id", "on"))
    themselves = {case_id for case_id, _, _ in attended}
    elsewhere = {application_id for _, application_id, day in attended if day != on}
    return frozenset(case.id for case in cases if case.id in themselves or case.application_id in elsewhere)
