"""What follows from sums: which unknowns have one value only, whatever it is."""

from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from typing import TypeVar

Unknown = TypeVar("Unknown", bound=Hashable)


def solved(equations: Iterable[Mapping[Unknown, int]]) -> frozenset[Unknown]:
    """Return the unknowns whose value follows from the equations together (Gauss, Jordan).

    Each equation says by unknown how often it is in a sum. What the sum comes to does not matter for what follows.
    """
    rows: dict[Unknown, dict[Unknown, Fraction]] = {}
    for one in equations:
        row = _without({key: Fraction(times) for key, times in one.items() if times}, rows)
        if row:
            pivot = next(iter(row))
            row = {key: times / row[pivot] for key, times in row.items()}
            for other, its in rows.items():
                if pivot in its:
                    rows[other] = _less(its, row, its[pivot])
            rows[pivot] = row
    return frozenset(pivot for pivot, row in rows.items() if len(row) == 1)


def _without(
    row: dict[Unknown, Fraction], rows: Mapping[Unknown, dict[Unknown, Fraction]]
) -> dict[Unknown, Fraction]:
    """Return the row with nothing in it that another one is solved for."""
    for pivot in [key for key in row if key in rows]:
        row = _less(row, rows[pivot], row[pivot])
    return row


def _less(
    row: Mapping[Unknown, Fraction], other: Mapping[Unknown, Fraction], times: Fraction
) -> dict[Unknown, Fraction]:
    found = {key: row.get(key, Fraction()) - times * other.get(key, Fraction()) for key in {**row, **other}}
    return {key: left for key, left in found.items() if left}
