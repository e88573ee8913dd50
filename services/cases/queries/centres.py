"""How the centres do, as everybody may read it: what rests on fewer than ten people is hidden (R15.14, R9.8)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from services.core.suppression import SMALLEST_CELL, TOTAL, hidden_cells
from services.visits.queries import PlaceCounts

# What each number rests on; whoever was called from the line was called in time, or waited longer.
RESTS_ON: Mapping[str, str] = {
    "visits": "visits",
    "served": "served",
    "prompt": "prompt",
    "minutes": "served",
    "booked": "booked",
    "days": "booked",
}


@dataclass(frozen=True, slots=True)
class PublicPlace:
    """What everybody may read of a centre: means of minutes and days, None where a number is hidden or of nothing."""

    numbers: Mapping[str, int | float | None] = field(hash=False)
    few: frozenset[str]
    withheld: frozenset[str]


def public_places(places: Mapping[str, PlaceCounts]) -> dict[str, PublicPlace]:
    """Return, by centre, and in all under `TOTAL`, what may be shown of it."""
    rows = {TOTAL: _sum(places.values()), **places}
    counts = {
        (row, column): rests_on(one, column)
        for row, one in rows.items()
        for column in (*RESTS_ON.values(), "long")
    }
    hidden = hidden_cells(counts, exact={"served": [("prompt", "long")]})
    return {row: _public(row, one, hidden) for row, one in rows.items()}


def rests_on(one: PlaceCounts, column: str) -> int:
    """Return on how many people the numbers of a column rest."""
    return one.served - one.prompt if column == "long" else int(getattr(one, column))


def _sum(places: Collection[PlaceCounts]) -> PlaceCounts:
    total = PlaceCounts()
    for one in places:
        total = replace(
            total, **{name: getattr(total, name) + getattr(one, name) for name in PlaceCounts.__slots__}
        )
    return total


def _public(row: str, one: PlaceCounts, hidden: Collection[tuple[str, str]]) -> PublicPlace:
    gone = {name for name, column in RESTS_ON.items() if (row, column) in hidden}
    few = {name for name in gone if rests_on(one, RESTS_ON[name]) < SMALLEST_CELL}
    values: dict[str, int | float | None] = {name: getattr(one, name) for name in RESTS_ON}
    values["minutes"] = round(one.minutes / one.served, 1) if one.served else None
    values["days"] = round(one.days / one.booked, 1) if one.booked else None
    numbers = {name: None if name in gone else value for name, value in values.items()}
    return PublicPlace(numbers, frozenset(few), frozenset(gone - few))
