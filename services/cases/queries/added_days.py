"""The times of cases that do not count, and the days that were added to them, as the law sees them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.cases.models import Case, Extension, Pause
from services.core import pauses as limits


def pauses_of(cases: Sequence[Case], *, whole: bool) -> dict[UUID, tuple[limits.Pause, ...]]:
    """Return the times that do not count, by case, in the order in which they began."""
    found: dict[UUID, tuple[limits.Pause, ...]] = {}
    read = (
        [row for case in cases for row in case.pauses.all()]
        if whole
        else Pause.objects.filter(case__in=cases)
    )
    for row in sorted(read, key=began):
        pause = limits.Pause(
            kind=limits.PauseKind(row.kind), start=row.started_on, end=row.ended_on, planned_days=row.planned_days,
            legal_basis=row.legal_basis, told_on=row.told_on,
        )  # fmt: skip
        found[row.case_id] = (*found.get(row.case_id, ()), pause)
    return found


def began(row: Pause) -> tuple[date, date]:
    """Return what pauses are ordered by."""
    return row.started_on, row.ended_on or date.max


def extensions_of(cases: Sequence[Case], *, whole: bool) -> dict[UUID, limits.Extension]:
    """Return the extension of each case that has one."""
    own = [one for case in cases if (one := getattr(case, "extension", None))] if whole else None
    return {
        row.case_id: limits.Extension(
            days=row.days, granted_on=row.granted_on, approver=str(row.approved_by_id), reasons=row.reasons,
            told_on=row.told_on,
        )
        for row in (Extension.objects.filter(case__in=cases) if own is None else own)
    }  # fmt: skip
