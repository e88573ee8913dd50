"""What the reform comes to in figures: resolved, visits, papers, days, sources, by programme; no person in sight."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.cases.models import Attendance, CountedFigures
from services.cases.queries.counting import count_programmes
from services.cases.queries.figures import Figures, PublicFigures, public_figures
from services.core.refusal import Kind, Refusal
from services.core.states import Role
from services.core.suppression import SMALLEST_CELL
from services.people.queries import AccountView


class SupervisorsFigures(Refusal):
    """Full figures are for supervisors; everybody sees those of ten cases and more."""

    code = "supervisors_figures"
    kind = Kind.FORBIDDEN
    sentence = "These figures are for supervisors. The public ones are on the performance page."


@dataclass(frozen=True, slots=True)
class Statistics:
    """Figures in all and by programme."""

    total: Figures
    programmes: dict[str, Figures] = field(hash=False)


@dataclass(frozen=True, slots=True)
class PublicStatistics:
    """Figures for everybody, as they were counted last; `hidden` programmes have too few cases to be shown at all."""

    total: PublicFigures
    programmes: dict[str, PublicFigures] = field(hash=False)
    hidden: tuple[str, ...]
    counted_at: datetime | None


def statistics(*, viewer: AccountView) -> Statistics:
    """Return all figures, counted now.

    :raises SupervisorsFigures: for anybody but a supervisor or an administrator.
    """
    if viewer.role not in (Role.SUPERVISOR, Role.ADMINISTRATOR):
        raise SupervisorsFigures
    programmes = count_programmes()
    return Statistics(Figures.sum_of(programmes.values()), programmes)


def public_statistics() -> PublicStatistics:
    """Return the figures that everybody may see (R15.14): one row is read, and no case, whoever asks how often.

    Cells that rest on fewer than ten cases are hidden, with those that would give them away.
    """
    row = CountedFigures.objects.first()
    kept = {code: Figures.from_record(one) for code, one in (row.figures if row else {}).items()}
    total, shown = public_figures(Figures.sum_of(kept.values()), kept)
    few = {code for code, one in kept.items() if one.cases < SMALLEST_CELL}
    return PublicStatistics(
        total=total,
        programmes={code: one for code, one in shown.items() if code not in few},
        hidden=tuple(sorted(few)),
        counted_at=row.counted_at if row else None,
    )


def second_visits() -> frozenset[UUID]:
    """Return the cases that were attended a second time, each with a supervisor's recorded reason."""
    return frozenset(Attendance.objects.filter(approved_by__isnull=False).values_list("case_id", flat=True))
