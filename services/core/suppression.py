"""Which cells of a public table are hidden, so that nobody is singled out by it or by its sums (R15.14, R9.8).

A cell rests on a number of cases. One that rests on fewer than ten is hidden. So are as many others as it takes that
sums which are shown (the total of a column, the cases of a row) leave each hidden cell anything from one to nine, and
that no hidden cell follows from all these sums together. A cell of no case at all says nothing about anybody, and is
shown.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from services.core.equations import solved

SMALLEST_CELL = 10
TOTAL = ""

# The row (a programme, or the total), and the column. How many cases the cell rests on is what the table tells.
Cell = tuple[str, str]
Counts = Mapping[Cell, int]
# By column, in which ways it is a sum of others.
Columns = Mapping[str, Collection[Collection[str]]]


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell that is the sum of others; `open`: also of something that is not published; `shared`: some count twice."""

    whole: Cell
    parts: tuple[Cell, ...]
    open: bool = False
    shared: bool = False

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Return all cells of it."""
        return (self.whole, *self.parts)


def hidden_cells(
    counts: Counts,
    *,
    partly: Columns = MappingProxyType({}),
    exact: Columns = MappingProxyType({}),
    groups: Collection[Collection[str]] = (),
    shared: Collection[str] = (),
    gone: Collection[Cell] = (),
) -> frozenset[Cell]:
    """Return the cells of the table that are not to be shown.

    `counts` has a cell for each row and column, the row `TOTAL` among them. In every row a column that `partly` names
    is the sum of its parts and of what no column tells (is still under way); one that `exact` names is the sum of its
    parts and of nothing else. `groups` of rows each add up to the total, where there are several (programmes, and
    months); a group need not have every column. What a `shared` column counts may be of several rows of a group at
    once (a visit for two programmes), and is once in the total. `gone` cells are hidden in any case.
    """
    hidden = {cell for cell, count in counts.items() if 0 < count < SMALLEST_CELL} | set(gone)
    sums = (
        *_column_sums(counts, groups or [[row for row, _ in counts if row != TOTAL]], shared),
        *_row_sums(counts, partly, is_open=True),
        *_row_sums(counts, exact, is_open=False),
    )
    while more := _given_away(sums, counts, hidden) or _following(sums, counts, hidden):
        hidden |= more
    return frozenset(hidden)


def _column_sums(counts: Counts, groups: Iterable[Collection[str]], shared: Collection[str]) -> Iterator[Sum]:
    columns = dict.fromkeys(column for _, column in counts)
    for rows in groups:
        for column in columns:
            cells = tuple((row, column) for row in dict.fromkeys(rows) if (row, column) in counts)
            if cells and (TOTAL, column) in counts:
                yield Sum((TOTAL, column), cells, shared=column in shared)


def _row_sums(counts: Counts, columns: Columns, *, is_open: bool) -> Iterator[Sum]:
    ways = [(whole, parts) for whole, all_ways in columns.items() for parts in all_ways]
    for row in dict.fromkeys(row for row, _ in counts):
        for whole, parts in ways:
            cells = tuple((row, column) for column in parts)
            if {(row, whole), *cells} <= counts.keys():
                yield Sum((row, whole), cells, open=is_open)


def _given_away(sums: Iterable[Sum], counts: Counts, hidden: Collection[Cell]) -> set[Cell]:
    """Return, for each sum that would give a hidden cell away, one more cell that must go."""
    return {cell for one in sums if (cell := _to_hide(one, counts, hidden)) is not None}


def _to_hide(one: Sum, counts: Counts, hidden: Collection[Cell]) -> Cell | None:
    gone = [cell for cell in one.parts if cell in hidden]
    if one.whole in hidden or _is_safe(one, [counts[cell] for cell in gone], counts):
        return None
    shown = _smallest_first((cell for cell in one.parts if cell not in hidden), counts)
    enough = [
        cell for cell in shown if _is_safe(one, [counts[cell], *(counts[each] for each in gone)], counts)
    ]
    return next(iter([*enough, *reversed(shown)]), one.whole)


def _smallest_first(cells: Iterable[Cell], counts: Counts) -> list[Cell]:
    return sorted((cell for cell in set(cells) if counts[cell]), key=lambda cell: (counts[cell], cell))


def _is_safe(one: Sum, gone: Collection[int], counts: Counts) -> bool:
    """Return whether each small cell that is hidden could be anything from one to nine, for all that is shown.

    What is left of the sum, `rest`, lies between all hidden cells being as small as they can and as large as they can.
    Where some count twice, how many do is not to be a few; whoever looks may also presume that none does.
    """
    small = sum(count < SMALLEST_CELL for count in gone)
    parts = sum(counts[cell] for cell in one.parts)
    if one.shared and not gone:
        return not 0 < parts - counts[one.whole] < SMALLEST_CELL
    if not small:
        return True
    large = len(gone) - small
    rest, most = (parts if one.shared else counts[one.whole]) - (parts - sum(gone)), SMALLEST_CELL - 1
    highest_fits = rest >= most + (small - 1) + SMALLEST_CELL * large
    lowest_fits = bool(large) or one.open or rest <= 1 + most * (small - 1)
    return highest_fits and lowest_fits


def _following(sums: Sequence[Sum], counts: Counts, hidden: Collection[Cell]) -> set[Cell]:
    """Return one more cell that must go if a hidden one follows from all sums together, though from none alone.

    A sum that is open has something in it that nobody knows: nothing follows from it. The smallest cell near by goes,
    without asking of each what it would come to: that would hide a little less, and take a prefecture minutes.
    """
    firm = [one for one in sums if not one.open]
    near = set(_known(firm, hidden))
    while near:
        around = {cell for one in firm if not near.isdisjoint(one.cells) for cell in one.cells}
        shown = _smallest_first(around - set(hidden), counts)
        if shown or around == near:
            return set(shown[:1])
        near = around
    return set()


def _known(sums: Iterable[Sum], hidden: Collection[Cell]) -> frozenset[Cell]:
    """Return the hidden cells that follow from the sums."""
    return solved(_equation(one, hidden) for one in sums)


def _equation(one: Sum, hidden: Collection[Cell]) -> dict[Cell, int]:
    return {cell: 1 for cell in one.parts if cell in hidden} | (
        {one.whole: -1} if one.whole in hidden else {}
    )
