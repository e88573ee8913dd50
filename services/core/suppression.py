"""Which cells of a public table are hidden, so that nobody is singled out by it or by its sums (R15.14, R9.8).

A cell rests on a number of cases. One that rests on fewer than ten is hidden. So are as many others as it takes that
sums which are shown (the total of a column, the cases of a row) leave each hidden cell anything from one to nine.
A cell of no case at all says nothing about anybody, and is shown.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

SMALLEST_CELL = 10
TOTAL = ""

# The row (a programme, or the total), and the column. How many cases the cell rests on is what the table tells.
Cell = tuple[str, str]
Counts = Mapping[Cell, int]


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell that is the sum of others; `open`: also of something that is not published."""

    whole: Cell
    parts: tuple[Cell, ...]
    open: bool = False


def hidden_cells(
    counts: Counts,
    *,
    whole: str,
    parts: Collection[str],
    exact: Mapping[str, Collection[str]] = MappingProxyType({}),
    groups: Collection[Collection[str]] = (),
) -> frozenset[Cell]:
    """Return the cells of the table that are not to be shown.

    `counts` has a cell for each row and column, the row `TOTAL` among them. In every row the column `whole` is the sum
    of the columns `parts` and of what is still under way, which no column tells; a column that `exact` names is the sum
    of its parts and of nothing else. `groups` of rows each add up to the total, where there are several (programmes,
    and months); a group need not have every column.
    """
    hidden = {cell for cell, count in counts.items() if 0 < count < SMALLEST_CELL}
    sums = (
        *_column_sums(counts, groups or [[row for row, _ in counts if row != TOTAL]]),
        *_row_sums(counts, whole, parts, is_open=True),
        *(one for column, its in exact.items() for one in _row_sums(counts, column, its, is_open=False)),
    )
    while more := {cell for one in sums if (cell := _to_hide(one, counts, hidden)) is not None}:
        hidden |= more
    return frozenset(hidden)


def _column_sums(counts: Counts, groups: Iterable[Collection[str]]) -> Iterator[Sum]:
    columns = dict.fromkeys(column for _, column in counts)
    for rows in groups:
        for column in columns:
            cells = tuple((row, column) for row in dict.fromkeys(rows) if (row, column) in counts)
            if cells:
                yield Sum((TOTAL, column), cells)


def _row_sums(counts: Counts, whole: str, parts: Collection[str], *, is_open: bool) -> Iterator[Sum]:
    for row in dict.fromkeys(row for row, _ in counts):
        cells = tuple((row, column) for column in parts)
        if {(row, whole), *cells} <= counts.keys():
            yield Sum((row, whole), cells, open=is_open)


def _to_hide(one: Sum, counts: Counts, hidden: Collection[Cell]) -> Cell | None:
    """Return one more cell that must go, if the sum would give a hidden one away."""
    gone = [cell for cell in one.parts if cell in hidden]
    if one.whole in hidden or _is_safe(one, [counts[cell] for cell in gone], counts):
        return None
    shown = [cell for cell in one.parts if counts[cell] and cell not in hidden]
    shown.sort(key=lambda cell: (counts[cell], cell))
    enough = [
        cell for cell in shown if _is_safe(one, [counts[cell], *(counts[each] for each in gone)], counts)
    ]
    return next(iter([*enough, *reversed(shown)]), one.whole)


def _is_safe(one: Sum, gone: Collection[int], counts: Counts) -> bool:
    """Return whether each small cell that is hidden could be anything from one to nine, for all that is shown.

    What is left of the sum, `rest`, lies between all hidden cells being as small as they can and as large as they can.
    """
    small = sum(count < SMALLEST_CELL for count in gone)
    if not small:
        return True
    large = len(gone) - small
    shown = sum(counts[cell] for cell in one.parts) - sum(gone)
    rest, most = counts[one.whole] - shown, SMALLEST_CELL - 1
    highest_fits = rest >= most + (small - 1) + SMALLEST_CELL * large
    lowest_fits = bool(large) or one.open or rest <= 1 + most * (small - 1)
    return highest_fits and lowest_fits
