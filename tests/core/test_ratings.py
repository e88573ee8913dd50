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
    Touchpoint,
    check_rater,
    check_rating,
    last_day_to_add,
    owed,
    published,
)
from services.core.states import STAFF, Role
from services.core.suppression import SMALLEST_CELL, TOTAL


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


def test_from_ten_up_it_is_told():
    """R9.8"""
    told = published({"papers": {5: 12, 4: 10}, "trade": {5: 30}})

    assert told["papers"] == {"1": 0, "2": 0, "3": 0, "4": 10, "5": 12, RATINGS: 22}
    assert told[TOTAL][RATINGS] == 52


def test_nine_are_not_told_nor_what_would_give_them_away():
    """R9.8: one who was not content among many is not singled out by what is left of the sum."""
    told = published({"papers": {5: 40, 1: 1}})["papers"]

    assert told["1"] is None
    assert told["5"] is None or told[RATINGS] is None


def test_two_that_must_both_be_nine_need_a_third():
    """Every rating is on one of the levels: eighteen that are left, of two under ten, are nine and nine."""
    told = published({"papers": {5: 60, 1: 9, 2: 9}})["papers"]

    assert told["5"] is None or told[RATINGS] is None


counts = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.dictionaries(st.sampled_from([1, 2, 3, 4, 5]), st.integers(0, 40), max_size=5),
    max_size=3,
)


@given(counts)
def test_no_cell_under_ten_is_ever_told(table):
    for levels in published(table).values():
        assert all(count is None or count == 0 or count >= SMALLEST_CELL for count in levels.values())
