"""What everybody may read of applications for bundles; what rests on fewer than ten of them is hidden (R15.14)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from services.cases.queries.counting_bundles import BundleFigures, sum_of
from services.core.suppression import SMALLEST_CELL, TOTAL, Cell, hidden_cells

ATTENDED = ("without_visit", "one_visit", "more_visits")
COUNTS = ("applications", "closed", *ATTENDED, "on_time", "late")
BEFORE = ("visits_before", "papers_before")
# What each other number rests on. From all visits it would follow how often people came twice.
RESTS_ON: Mapping[str, tuple[str, ...]] = {
    **{name: (name,) for name in COUNTS},
    "visits": ("closed", *ATTENDED),
    "visits_each": ("closed", *ATTENDED),
    "mean_days": ("closed",),
    **{name: ("closed", name) for name in BEFORE},
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
    hidden |= _telling(rows, hidden)
    return {row: _public(one, {name for of, name in hidden if of == row}) for row, one in rows.items()}


def _telling(rows: Mapping[str, BundleFigures], hidden: Collection[Cell]) -> set[Cell]:
    """Return what was before where it would tell how few of some service were refused, or granted.

    The catalogue says how many visits and papers each service took: what is missing of them is what was refused, and
    both numbers together may tell of which service. Of all bundles it is told where it is of each, since one sum of so
    many visits may be of one number of refusals only, though many numbers add up to as many refusals.
    """
    gone = {row for row, one in rows.items() if one.few or (row, "closed") in hidden}
    return {(row, name) for row in gone | ({TOTAL} if gone else set()) for name in BEFORE}


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
