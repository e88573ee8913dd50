"""Nobody is singled out by a public table, nor by its sums (R15.14, R9.8)."""

from collections.abc import Mapping
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.equations import solved
from services.core.suppression import SMALLEST_CELL, TOTAL, Cell, hidden_cells
from tests.core.a_curious_reader import computed

WHOLE, PARTS = "cases", ("granted", "refused")
COLUMNS = (WHOLE, *PARTS)


def table(**rows: tuple[int, ...]) -> dict[Cell, int]:
    """Return the cells of programmes, each with its cases, those granted and those refused, and of the total."""
    cells = {
        (row, column): count
        for row, counts in rows.items()
        for column, count in zip(COLUMNS, counts, strict=True)
    }
    return cells | {(TOTAL, one): sum(cells[row, one] for row in rows) for one in COLUMNS}


def hidden(cells: Mapping[Cell, int]) -> frozenset[Cell]:
    return hidden_cells(cells, partly={WHOLE: [PARTS]})


def test_a_table_of_large_numbers_is_shown_whole():
    assert hidden(table(farming=(50, 30, 20), housing=(40, 25, 15))) == frozenset()


def test_a_cell_of_fewer_than_ten_is_hidden_and_one_of_none_is_not():
    gone = hidden(table(farming=(90, 60, 9), housing=(90, 60, 9), trade=(90, 60, 0)))

    assert ("farming", "refused") in gone and ("trade", "refused") not in gone


def test_a_single_small_programme_takes_another_one_with_it():
    gone = hidden(table(farming=(4, 4, 0), housing=(50, 30, 12), trade=(70, 50, 12)))

    assert {("farming", "cases"), ("housing", "cases")} <= gone and (TOTAL, "cases") not in gone


def test_a_total_that_nothing_else_can_cover_is_hidden_itself():
    gone = hidden(table(farming=(100, 60, 3), housing=(100, 60, 0)))

    assert (TOTAL, "refused") in gone


def test_two_small_cells_whose_sum_leaves_no_choice_need_a_third():
    """One and one make two, and nothing else does."""
    gone = hidden(table(farming=(90, 60, 1), housing=(90, 60, 1), trade=(90, 60, 20)))

    assert ("trade", "refused") in gone or (TOTAL, "refused") in gone


def test_what_was_refused_cannot_be_had_by_taking_what_was_granted_from_all():
    gone = hidden(table(farming=(100, 97, 3), housing=(100, 97, 3), trade=(100, 97, 3), tax=(100, 97, 3)))

    assert {("farming", "refused"), ("farming", "granted")} <= gone


@pytest.mark.parametrize("count", [1, 9])
def test_a_lone_programme_of_few_cases_hides_its_own_total(count):
    assert hidden(table(farming=(count, 0, 0))) >= {("farming", "cases"), (TOTAL, "cases")}


rows_of_cases = st.tuples(st.integers(0, 25), st.integers(0, 25), st.integers(0, 5)).map(
    lambda one: (sum(one), one[0], one[1])
)


@given(st.lists(rows_of_cases, min_size=1, max_size=4))
def test_whatever_is_counted_each_small_cell_could_be_anything_from_one_to_nine(rows):
    """Tried by filling in every hidden cell of each sum in every way there is, as somebody curious would."""
    cells = table(**{f"row{number}": one for number, one in enumerate(rows)})
    gone = hidden(cells)

    assert {cell for cell, count in cells.items() if 0 < count < SMALLEST_CELL} <= gone
    for column in COLUMNS:
        tried(
            cells,
            gone,
            (TOTAL, column),
            [one for one in cells if one[1] == column and one[0] != TOTAL],
            False,
        )
    for row in {row for row, _ in cells}:
        tried(cells, gone, (row, WHOLE), [(row, column) for column in PARTS], True)


def tried(cells, gone, whole, parts, more):
    """Fail if the sum tells more of a small hidden cell than that it is small; `more`: of unpublished things, too."""
    unknown = [one for one in parts if one in gone]
    small = [one for one in unknown if cells[one] < SMALLEST_CELL]
    if whole in gone or not small:
        return
    rest = cells[whole] - sum(cells[one] for one in parts if one not in gone)
    ranges = [range(1, 10) if one in small else range(10, max(11, rest + 1)) for one in unknown]
    fits = [one for one in product(*ranges) if sum(one) == rest or (more and sum(one) <= rest)]
    for place, one in enumerate(unknown):
        if one in small:
            assert {each[place] for each in fits} >= {1, 9}, (whole, one)


# Several tables that add up to the same total, and columns that add up exactly.

MONTHS, PLACES = ("may", "june"), ("farming", "housing", "trade")
EXACT = {"closed": ("never", "once", "twice")}


def tables(rows: Mapping[str, tuple[int, ...]], months: Mapping[str, tuple[int, ...]]) -> dict[Cell, int]:
    """Return cells of programmes and of months: attended never, once, twice; the total is that of either."""
    cells = {}
    for row, counts in (rows | months).items():
        cells |= {(row, column): count for column, count in zip(EXACT["closed"], counts, strict=True)}
        cells[row, "closed"] = sum(counts)
    columns = ("closed", *EXACT["closed"])
    return cells | {(TOTAL, one): sum(cells[row, one] for row in rows) for one in columns}


def hidden_in_both(cells: Mapping[Cell, int]) -> frozenset[Cell]:
    rows = {row for row, _ in cells if row != TOTAL}
    groups = [[row for row in rows if row not in MONTHS], [row for row in rows if row in MONTHS]]
    return hidden_cells(cells, exact={whole: [parts] for whole, parts in EXACT.items()}, groups=groups)


def test_a_total_that_programmes_hide_is_not_had_from_the_months():
    """Three second visits in all: hidden by programme, and no sum of months gives them away either."""
    cells = tables(
        {"farming": (90, 60, 3), "housing": (90, 60, 0)}, {"may": (100, 70, 3), "june": (80, 50, 0)}
    )
    gone = hidden_in_both(cells)

    assert {("farming", "twice"), ("may", "twice"), (TOTAL, "twice")} <= gone


def test_what_adds_up_exactly_hides_a_second_part_or_the_whole():
    """So many finished, less those attended never and once, would be those attended twice."""
    gone = hidden_in_both(tables({"farming": (90, 60, 3)}, {"may": (90, 60, 3)}))

    for row in ("farming", "may"):
        shown = [one for one in ("closed", "never", "once") if (row, one) not in gone]
        assert len(shown) < 3


attended = st.tuples(st.integers(0, 25), st.integers(0, 25), st.integers(0, 12))


@given(st.lists(attended, min_size=1, max_size=3), st.integers(0, 10))
def test_in_every_sum_of_both_tables_each_small_cell_could_be_anything_from_one_to_nine(rows, share):
    """The same cases by programme and by month: the months divide them in tenths."""
    whole = [sum(one) for one in zip(*rows, strict=True)]
    may = tuple(count * share // 10 for count in whole)
    june = tuple(count - one for count, one in zip(whole, may, strict=True))
    cells = tables(dict(zip(PLACES, rows, strict=False)), {"may": may, "june": june})
    gone = hidden_in_both(cells)

    assert {cell for cell, count in cells.items() if 0 < count < SMALLEST_CELL} <= gone
    for row in {row for row, _ in cells}:
        tried(cells, gone, (row, "closed"), [(row, column) for column in EXACT["closed"]], False)
    for group in (PLACES, MONTHS):
        for column in ("closed", *EXACT["closed"]):
            tried(
                cells,
                gone,
                (TOTAL, column),
                [(row, column) for row in group if (row, column) in cells],
                False,
            )


# What follows from all sums together, though from none of them alone.


def sums_of(cells: Mapping[Cell, int]) -> dict[Cell, list[list[Cell]]]:
    """Return every sum of the two tables: of each row, and of each column by programme and by month."""
    rows = dict.fromkeys(row for row, _ in cells)
    groups = [[row for row in rows if row not in (*MONTHS, TOTAL)], [row for row in rows if row in MONTHS]]
    found = {(row, "closed"): [[(row, column) for column in EXACT["closed"]]] for row in rows}
    for column in ("closed", *EXACT["closed"]):
        found.setdefault((TOTAL, column), []).extend([(row, column) for row in group] for group in groups)
    return found


@given(st.lists(attended, min_size=1, max_size=3), st.integers(0, 10))
def test_no_hidden_cell_follows_from_all_sums_together(rows, share):
    whole = [sum(one) for one in zip(*rows, strict=True)]
    may = tuple(count * share // 10 for count in whole)
    june = tuple(count - one for count, one in zip(whole, may, strict=True))
    cells = tables(dict(zip(PLACES, rows, strict=False)), {"may": may, "june": june})

    assert computed(hidden_in_both(cells), sums_of(cells)) == set()


def test_what_follows_from_equations_is_found_whichever_way_round_they_stand():
    """Each of three sums has two unknowns, and together they leave none; a fourth has nothing to do with them."""
    equations = [{"a": 1, "b": 1}, {"b": 1, "c": 1}, {"c": 1, "a": 1}, {"d": 1, "e": 1}]

    for these in permutations(equations):
        assert solved(these) == {"a", "b", "c"}
    assert solved([{"a": 1, "b": 1}, {"a": -1, "b": -1}, {}]) == frozenset()


# What counts in several rows at once: a visit for two programmes is once in the total.


def shared_cells(rows: Mapping[str, int], total: int) -> dict[Cell, int]:
    return {(row, "visits"): count for row, count in rows.items()} | {(TOTAL, "visits"): total}


def hidden_of_shared(cells: Mapping[Cell, int]) -> frozenset[Cell]:
    return hidden_cells(cells, shared=["visits"])


def test_a_few_visits_for_two_programmes_are_not_the_difference_between_the_sum_and_the_total():
    gone = hidden_of_shared(shared_cells({"farming": 40, "housing": 60}, 97))

    assert gone and (TOTAL, "visits") not in gone


def test_many_visits_for_two_programmes_may_be_told():
    assert hidden_of_shared(shared_cells({"farming": 40, "housing": 60}, 80)) == frozenset()
    assert hidden_of_shared(shared_cells({"farming": 40, "housing": 60}, 100)) == frozenset()


def test_few_visits_for_one_programme_take_another_along_though_some_may_be_shared():
    gone = hidden_of_shared(shared_cells({"farming": 3, "housing": 60, "trade": 50}, 113))

    assert len(gone) == 2 and ("farming", "visits") in gone
