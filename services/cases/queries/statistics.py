"""What the reform comes to in figures: resolved, visits, papers, days, sources; no person in sight."""

from dataclasses import dataclass, field
from uuid import UUID

from services.cases.models import Attendance, CountedFigures
from services.cases.queries.counting import count_programmes
from services.cases.queries.figures import Figures
from services.cases.queries.public_statistics import Counted, PublicStatistics, from_record, tell
from services.core.refusal import Kind, Refusal
from services.core.states import Role
from services.core.suppression import TOTAL
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


def statistics(*, viewer: AccountView) -> Statistics:
    """Return all figures, counted now.

    :raises SupervisorsFigures: for anybody but a supervisor or an administrator.
    """
    if viewer.role not in (Role.SUPERVISOR, Role.ADMINISTRATOR):
        raise SupervisorsFigures
    programmes = count_programmes()
    return Statistics(programmes.pop(TOTAL), programmes)


def public_statistics() -> PublicStatistics:
    """Return the figures that everybody may see (R15.14): one row is read, and no case, whoever asks how often.

    What is hidden in them was found when they were counted. Before that there is nothing to read.
    """
    row = CountedFigures.objects.first()
    return from_record(row.told, row.counted_at) if row and row.told else tell(Counted())


def second_visits() -> frozenset[UUID]:
    """Return the cases that were attended a second time, each with a supervisor's recorded reason."""
    return frozenset(Attendance.objects.filter(approved_by__isnull=False).values_list("case_id", flat=True))
