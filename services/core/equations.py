"""What follows from sums: which unknowns have one value only, whatever it is."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Unknown = TypeVar("Unknown", bound=Hashable)
# Numbers are told modulo a prime. In sums of whole numbers the same follows as from fractions, unless the prime divides
# a determinant: one in 10^18 does, and a number here is quick where a fraction is not.
PRIME = 2**61 - 1


def solved(equations: Iterable[Mapping[Unknown, int]]) -> frozenset[Unknown]:
    """Return the unknowns whose value follows from the equations together (Gauss, Jordan).

    Each equation says by unknown how often it is in a sum. What the sum comes to does not matter for what follows.
    """
    rows: dict[Unknown, dict[Unknown, int]] = {}
    for one in equations:
        row = _without({key: times % PRIME for key, times in one.items() if times % PRIME}, rows)
        if row:
            pivot = next(iter(row))
            inverse = pow(row[pivot], -1, PRIME)
            row = {key: times * inverse % PRIME for key, times in row.items()}
            for its in rows.values():
                if pivot in its:
                    _take(its, row, its[pivot])
            rows[pivot] = row
    return frozenset(pivot for pivot, row in rows.items() if len(row) == 1)


def _without(row: dict[Unknown, int], rows: Mapping[Unknown, dict[Unknown, int]]) -> dict[Unknown, int]:
    """Return the row with nothing in it that another one is solved for."""
    for pivot in [key for key in row if key in rows]:
        _take(row, rows[pivot], row[pivot])
    return row


def _take(row: dict[Unknown, int], other: Mapping[Unknown, int], times: int) -> None:
    """Take the other row from this one, so many times."""
    for key, its in other.items():
        left = (row.get(key, 0) - times * its) % PRIME
        if left:
            row[key] = left
        else:
            row.pop(key, None)
