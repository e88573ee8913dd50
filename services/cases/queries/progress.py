"""How far cases are, as their rows tell the law: steps, times that do not count, and days added."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from services.cases.models import Case, Extension, Pause
from services.core import pauses as limits
from services.core.casefile import StepOutcome, StepRecord


def steps_from(progress: Mapping[str, Mapping[str, str]]) -> dict[str, StepRecord]:
    """Return the steps as they stand in a case's progress."""
    return {
        code: StepRecord(
            StepOutcome(step["outcome"]),
            date.fromisoformat(step["since"]),
            date.fromisoformat(step["until"]) if step.get("until") else None,
        )
        for code, step in progress.items()
    }


def progress_of(steps: Mapping[str, StepRecord]) -> dict[str, dict[str, str]]:
    """Return the steps as a case's progress keeps them."""
    return {
        code: {"outcome": step.outcome, "since": step.since.isoformat()}
        | ({"until": step.until.isoformat()} if step.until else {})
        for code, step in steps.items()
    }


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
