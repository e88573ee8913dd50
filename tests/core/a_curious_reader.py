"""Somebody who has all public tables before them, and computes what is hidden in them."""

from collections.abc import Mapping

from services.core.suppression import Cell

# Sums of so few whole numbers are alike modulo a prime as large as this.
PRIME = 2**61 - 1


def rank(lines: list[list[int]]) -> int:
    """Return how many of the equations say something that the others do not."""
    left, found = list(lines), 0
    while left:
        line = left.pop()
        at = next((place for place, one in enumerate(line) if one), None)
        if at is not None:
            found += 1
            times = [each[at] * pow(line[at], -1, PRIME) for each in left]
            left = [
                [(one - often * mine) % PRIME for one, mine in zip(each, line, strict=True)]
                if often
                else each
                for each, often in zip(left, times, strict=True)
            ]
    return found


def computed(gone: frozenset[Cell], sums: Mapping[Cell, list[list[Cell]]]) -> set[Cell]:
    """Return the hidden cells that somebody can compute who has all the sums before them, and a computer."""
    unknown = sorted(gone)
    lines = [
        [(one in parts) - (one == whole) for one in unknown] for whole, ways in sums.items() for parts in ways
    ]
    found = set()
    for place, one in enumerate(unknown):
        alone = [int(place == each) for each in range(len(unknown))]
        if rank([*lines, alone]) == rank(lines):
            found.add(one)
    return found
