"""Rating what one got, of one's own will; what is owed to whoever was not content; and what is told in public (R9)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.jurisdiction import Law, law_from
from services.core.ratings import (
    NEGATIVE,
    RATINGS,
    Level,
    NotYoursToRate,
    Owed,
    RatingNotUnderstood,
    Said,
    Told,
    Touchpoint,
    check_rater,
    check_rating,
    last_day_to_add,
    owed,
    published,
)
from services.core.states import STAFF, Role
from services.core.suppression import SMALLEST_CELL, TOTAL, Cell
from tests.core.a_curious_reader import computed


@pytest.fixture(scope="module")
def law() -> Law:
    import tomllib
    from pathlib import Path

    text = Path("tests/prefecture/jurisdiction.toml").read_text(encoding="utf-8")
    return law_from(tomllib.loads(text))


def test_there_are_five_levels_and_the_lower_two_are_negative():
    """R9.1"""
    assert [int(one) for one in Level] == [1, 2, 3, 4, 5]
    assert {1, 2} == NEGATIVE


@pytest.mark.parametrize("level", [None, 0, 6])
def test_no_level_is_presumed(level):
    """R9.3: nothing is preselected, and silence is not praise."""
    with pytest.raises(RatingNotUnderstood) as refused:
        check_rating(Said(level=level), Touchpoint.CASE)
    assert [one.place for one in refused.value.errors] == ["level"]


def test_words_are_not_needed_and_have_an_end():
    assert check_rating(Said(level=1), Touchpoint.VISIT) is Level.VERY_DISSATISFIED
    with pytest.raises(RatingNotUnderstood):
        check_rating(Said(level=1, words="x" * 2001), Touchpoint.VISIT)


def test_on_site_one_is_asked_about_people_and_online_about_the_portal():
    """R9.10"""
    check_rating(Said(level=3, aspects=["attitude"]), Touchpoint.VISIT)
    with pytest.raises(RatingNotUnderstood):
        check_rating(Said(level=3, aspects=["attitude"]), Touchpoint.CASE)


@pytest.mark.parametrize("role", [*sorted(STAFF), Role.ADMINISTRATOR])
def test_officers_never_rate(role):
    with pytest.raises(NotYoursToRate):
        check_rater(Role(role), is_self=True)


def test_helpers_and_agents_do_not_rate():
    """R11.4"""
    check_rater(Role.APPLICANT, is_self=True)
    with pytest.raises(NotYoursToRate):
        check_rater(Role.APPLICANT, is_self=False)


def test_whoever_was_not_content_hears_in_one_five_or_fifteen_working_days(law):
    """R9.5: rated on a Friday."""
    friday = date(2026, 3, 6)

    assert owed(2, friday, law) == Owed(date(2026, 3, 9), date(2026, 3, 13), date(2026, 3, 27))
    assert owed(3, friday, law) is None


def test_something_may_be_added_within_ten_working_days(law):
    """R9.2"""
    assert last_day_to_add(date(2026, 3, 6), law) == date(2026, 3, 20)


# --- What is told in public ------------------------------------------------------------------------------


def told_of(programmes: dict[str, dict[int, int]]) -> Told:
    return published({"programme": programmes})["programme"]


def test_from_ten_up_it_is_told():
    """R9.8"""
    told = told_of({"papers": {5: 12, 4: 10}, "trade": {5: 30}})

    assert told["papers"] == {"1": 0, "2": 0, "3": 0, "4": 10, "5": 12, RATINGS: 22}
    assert told[TOTAL][RATINGS] == 52


def test_nine_are_not_told_nor_what_would_give_them_away():
    """R9.8: one who was not content among many is not singled out by what is left of the sum."""
    told = told_of({"papers": {5: 40, 1: 1}})["papers"]

    assert told["1"] is None
    assert told["5"] is None or told[RATINGS] is None


def test_two_that_must_both_be_nine_need_a_third():
    """Every rating is on one of the levels: eighteen that are left, of two under ten, are nine and nine."""
    told = told_of({"papers": {5: 60, 1: 9, 2: 9}})["papers"]

    assert told["5"] is None or told[RATINGS] is None


def test_what_one_table_hides_is_not_had_from_another():
    """R9.8: the months, none of which has few, would tell what is left for the programme that has."""
    divided = {
        "programme": {"papers": {5: 40, 1: 3}, "trade": {5: 40, 1: 20}},
        "month": {"2026-03": {5: 40, 1: 12}, "2026-04": {5: 40, 1: 11}},
    }

    told = published(divided)

    assert told["programme"]["papers"]["1"] is None and told["programme"]["trade"]["1"] is None
    assert told["month"][TOTAL] == told["programme"][TOTAL]


def test_the_ratings_of_no_centre_are_not_what_is_left():
    """R9.8: three cases that were rated online are not all ratings less those of the centres."""
    told = published({"programme": {"papers": {5: 43}}, "centre": {"hall": {5: 40}, "": {5: 3}}})

    assert told["centre"]["hall"][RATINGS] is None or told["centre"][TOTAL][RATINGS] is None


levels = st.dictionaries(st.sampled_from([1, 2, 3, 4, 5]), st.integers(0, 40), max_size=5)
counts = st.dictionaries(st.sampled_from(["a", "b", "c"]), levels, min_size=1, max_size=3)


@given(counts)
def test_no_cell_under_ten_is_ever_told(table):
    for row in told_of(table).values():
        assert all(count is None or count == 0 or count >= SMALLEST_CELL for count in row.values())


@given(counts, st.integers(0, 10), st.integers(0, 10))
def test_no_rating_that_is_hidden_can_be_computed_from_all_tables_together(table, may, hall):
    """R9.8: the same ratings by programme, by month and by centre, with everything that adds up to something."""
    whole = {level: sum(levels.get(level, 0) for levels in table.values()) for level in Level}
    divided = {"programme": table, "month": parted(whole, may), "centre": parted(whole, hall)}

    told = published(divided)

    assert computed(*unknowns_of(told)) == set()


def parted(whole: dict[int, int], tenths: int) -> dict[str, dict[int, int]]:
    """Return the ratings of two months, or of two centres, one of which has so many tenths of all."""
    one = {level: count * tenths // 10 for level, count in whole.items()}
    return {"one": one, "other": {level: count - one[level] for level, count in whole.items()}}


def unknowns_of(told: dict[str, Told]) -> tuple[frozenset[Cell], dict[Cell, list[list[Cell]]]]:
    """Return which cells are hidden, and every sum: of a row by its levels, and of each column of each table."""
    rows = {TOTAL: told["programme"][TOTAL]} | {
        f"{by} {row}": one for by, table in told.items() for row, one in table.items() if row != TOTAL
    }
    hidden = frozenset(
        (row, column) for row, one in rows.items() for column, count in one.items() if count is None
    )
    names = [str(int(level)) for level in Level]
    sums = {(row, RATINGS): [[(row, name) for name in names]] for row in rows}
    for column in [*names, RATINGS]:
        ways = [[(row, column) for row in rows if row.startswith(f"{by} ")] for by in told]
        sums.setdefault((TOTAL, column), []).extend(ways)
    return hidden, sums
