"""What the reform comes to in figures: resolved, visits, papers, days, sources, by programme; no person in sight."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.cases.models import Attendance, CountedFigures
from services.cases.queries.centres import PublicPlace, public_places
from services.cases.queries.counting import count_programmes
from services.cases.queries.figures import Figures, PublicFigures, public_figures
from services.cases.queries.satisfaction import PublicRatings, public_ratings
from services.core.refusal import Kind, Refusal
from services.core.states import Role
from services.core.suppression import SMALLEST_CELL, TOTAL
from services.people.queries import AccountView
from services.visits.queries import PlaceCounts


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
    """Figures for everybody, as they were counted last; `hidden` programmes have too few cases to be shown at all.

    `months` are those in which cases ended, `places` the centres, `everywhere` all of these together. `ratings` are
    told by what they are divided (`programme`, `centre`, `month`), the row `TOTAL` among them.
    """

    total: PublicFigures
    programmes: dict[str, PublicFigures] = field(hash=False)
    months: dict[str, PublicFigures] = field(hash=False)
    places: dict[str, PublicPlace] = field(hash=False)
    everywhere: PublicPlace
    ratings: dict[str, dict[str, PublicRatings]] = field(hash=False)
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
    row = CountedFigures.objects.first() or CountedFigures()
    kept, months = (
        {code: Figures.from_record(one) for code, one in part.items()} for part in (row.figures, row.months)
    )
    shown = public_figures(Figures.sum_of(kept.values()), kept, months)
    places = public_places({code: PlaceCounts(**one) for code, one in row.places.items()})
    few = {code for code, one in kept.items() if one.cases < SMALLEST_CELL}
    return PublicStatistics(
        total=shown.total,
        programmes={code: one for code, one in shown.programmes.items() if code not in few},
        months={code: one for code, one in shown.months.items() if months[code].closed >= SMALLEST_CELL},
        everywhere=places.pop(TOTAL),
        places=places,
        ratings={
            by: {code: public_ratings(one) for code, one in rows.items()} for by, rows in row.ratings.items()
        },
        hidden=tuple(sorted(few)),
        counted_at=row.counted_at,
    )


def second_visits() -> frozenset[UUID]:
    """Return the cases that were attended a second time, each with a supervisor's recorded reason."""
    return frozenset(Attendance.objects.filter(approved_by__isnull=False).values_list("case_id", flat=True))
