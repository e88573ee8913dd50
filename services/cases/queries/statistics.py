"""What the reform comes to in figures: resolved, visits, papers, days, sources; no person in sight."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from services.cases.models import Attendance, CountedFigures
from services.cases.queries.centres import PublicPlace, public_places
from services.cases.queries.counting import count_programmes
from services.cases.queries.counting_bundles import BundleFigures
from services.cases.queries.figures import Figures
from services.cases.queries.public_bundles import PublicBundle, public_bundles
from services.cases.queries.public_figures import PublicFigures, PublicTable, public_figures
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

    `months` are those in which cases ended, `centres` where they were attended; `places` how these centres did, and
    `everywhere` all of them together. `bundles` counts applications, and `one_things` those for any bundle. `ratings`
    are told by what they are divided (`programme`, `month`, `centre`, `bundle`), the row `TOTAL` among them.
    """

    total: PublicFigures
    programmes: dict[str, PublicFigures] = field(hash=False)
    months: dict[str, PublicFigures] = field(hash=False)
    centres: dict[str, PublicFigures] = field(hash=False)
    bundles: dict[str, PublicBundle] = field(hash=False)
    one_things: PublicBundle
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
    return Statistics(programmes.pop(TOTAL), programmes)


def public_statistics() -> PublicStatistics:
    """Return the figures that everybody may see (R15.14): one row is read, and no case, whoever asks how often.

    Cells that rest on fewer than ten cases are hidden, with those that would give them away.
    """
    row = CountedFigures.objects.first() or CountedFigures()
    shown = _cases(row)
    places = public_places({code: PlaceCounts(**one) for code, one in row.places.items()})
    bundles = public_bundles({code: BundleFigures(**one) for code, one in row.bundles.items()})
    few = {code for code, one in row.figures.items() if code != TOTAL and one["cases"] < SMALLEST_CELL}
    return PublicStatistics(
        total=shown.total,
        programmes={code: one for code, one in shown.cuts["programme"].items() if code not in few},
        months={code: one for code, one in shown.cuts["month"].items() if _is_told(one)},
        centres={code: one for code, one in shown.cuts["centre"].items() if code and _is_told(one)},
        one_things=bundles.pop(TOTAL),
        bundles={code: one for code, one in bundles.items() if "applications" not in one.few},
        everywhere=places.pop(TOTAL),
        places=places,
        ratings={
            by: {code: public_ratings(one) for code, one in rows.items()} for by, rows in row.ratings.items()
        },
        hidden=tuple(sorted(few)),
        counted_at=row.counted_at,
    )


def _cases(row: CountedFigures) -> PublicTable:
    """Return what is shown of the cases, as they were counted by programme, by month and by centre."""
    return _shown(*(json.dumps(one, sort_keys=True) for one in (row.figures, row.months, row.centres)))


@lru_cache(maxsize=2)
def _shown(*counted: str) -> PublicTable:
    """Return the same, worked out once for all who read it: what is hidden takes a while to find."""
    kept, months, centres = (
        {code: Figures.from_record(one) for code, one in json.loads(part).items()} for part in counted
    )
    total = kept.pop(TOTAL, None) or Figures.sum_of(kept.values())
    return public_figures(total, kept, {"month": months, "centre": centres})


def _is_told(one: PublicFigures) -> bool:
    """Return whether there is anything to tell of a month, or a centre: ten cases that ended."""
    return "closed" not in one.few and one.numbers["closed"] != 0


def second_visits() -> frozenset[UUID]:
    """Return the cases that were attended a second time, each with a supervisor's recorded reason."""
    return frozenset(Attendance.objects.filter(approved_by__isnull=False).values_list("case_id", flat=True))
