"""What everybody may read of applications for bundles; what rests on fewer than ten of them is hidden (R15.14)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.cases.queries.counting_bundles import BundleFigures, sum_of
from services.core.suppression import SMALLEST_CELL, TOTAL, hidden_cells

ATTENDED = ("without_visit", "one_visit", "more_visits")
COUNTS = ("applications", "closed", *ATTENDED, "on_time", "late")
# What each other number rests on. From all visits it would follow how often people came twice.
RESTS_ON: Mapping[str, tuple[str, ...]] = {
    **{name: (name,) for name in COUNTS},
    "visits": ("closed", *ATTENDED),
    "visits_each": ("closed", *ATTENDED),
    "mean_days": ("closed",),
    "visits_before": ("closed",),
    "papers_before": ("closed",),
}


@dataclass(frozen=True, slots=True)
class PublicBundle:
    """What everybody may read of one bundle: None where a number is hidden, or a mean has nothing to be of."""

    numbers: Mapping[str, int | float | None] = field(hash=False)
    few: frozenset[str]
    withheld: frozenset[str]


def public_bundles(bundles: Mapping[str, BundleFigures]) -> dict[str, PublicBundle]:
    """Return, by bundle, and for all of them under `TOTAL`, what may be shown."""
    rows = {TOTAL: sum_of(dict(bundles)), **bundles}
    counts = {(row, name): int(getattr(one, name)) for row, one in rows.items() for name in COUNTS}
    hidden = hidden_cells(
        counts, partly={"applications": [("closed",)]}, exact={"closed": [ATTENDED, ("on_time", "late")]}
    )
    return {row: _public(one, {name for of, name in hidden if of == row}) for row, one in rows.items()}


def _public(one: BundleFigures, hidden: set[str]) -> PublicBundle:
    values: dict[str, int | float | None] = {name: getattr(one, name, None) for name in RESTS_ON}
    if one.closed:
        values["visits_each"] = round(one.visits / one.closed, 2)
        values["mean_days"] = round(one.working_days / one.closed, 1)
    gone = {name for name, needs in RESTS_ON.items() if not hidden.isdisjoint(needs)}
    few = {name for name in gone if name in COUNTS and getattr(one, name) < SMALLEST_CELL}
    return PublicBundle(
        {name: None if name in gone else value for name, value in values.items()},
        frozenset(few),
        frozenset(gone - few),
    )
