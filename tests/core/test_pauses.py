"""What the law leaves out of a limit is left out once; everything else counts."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.clocks import Day, DayKind, Due, Limit, Unit, add_working_days, days_after, explain
from services.core.jurisdiction import calendar_from, profile_from
from services.core.pauses import (
    Extension,
    ExtensionNotLawful,
    Pause,
    PauseKind,
    PauseNotLawful,
    check_extension,
    counted_working_days,
    due_with_pauses,
    excluded_days,
    extended,
    pause_kind,
)

LAW = tomllib.loads(
    (Path(__file__).parents[2] / "services/catalogue/definitions/jurisdiction.toml").read_text()
)
CALENDAR = calendar_from(LAW["calendar"])
PROFILE = profile_from(LAW["profile"])
MONDAY = date(2026, 3, 2)  # four ordinary weeks follow
DECISION = Limit(PROFILE.decision_days)
UNPAUSED = date(2026, 3, 30)


def a_pause(*, start=MONDAY, end=None, planned_days=5, told_on=MONDAY, kind=PauseKind.TESTING):
    return Pause(
        kind=kind,
        start=start,
        end=end,
        planned_days=planned_days,
        legal_basis="Food Safety Law art. 84",
        told_on=told_on,
    )


def an_extension(**changes):
    ordinary = {
        "days": 10,
        "granted_on": date(2026, 3, 27),
        "approver": "head of the bureau",
        "reasons": "The site is under water.",
        "told_on": date(2026, 3, 27),
    }
    return Extension(**{**ordinary, **changes})


days_of_2025 = st.dates(date(2025, 1, 1), date(2025, 12, 31))
pauses_of_2025 = st.builds(
    lambda start, length, planned, told, kind: a_pause(
        start=start,
        end=None if length is None else start + timedelta(days=length),
        planned_days=planned,
        told_on=None if told is None else start + timedelta(days=told),
        kind=kind,
    ),
    days_of_2025,
    st.none() | st.integers(0, 60),
    st.integers(1, 30),
    st.none() | st.integers(-5, 5),
    st.sampled_from(PauseKind),
)
untimed = settings(deadline=None)


def test_without_a_pause_nothing_is_left_out():
    assert due_with_pauses(MONDAY, DECISION, [], CALENDAR) == Due(UNPAUSED)


def test_the_closed_list_has_eight_kinds():
    assert [kind.value for kind in PauseKind] == [
        "hearing",
        "tender",
        "auction",
        "inspection",
        "testing",
        "quarantine",
        "appraisal",
        "expert-review",
    ]
    assert pause_kind("testing") is PauseKind.TESTING


@pytest.mark.parametrize("kind", ["site-survey", "interview", "consultation", "registry-down", "leave", ""])
def test_what_is_not_in_the_list_does_not_stop_the_time(kind):
    with pytest.raises(PauseNotLawful, match="Only these stop the time: hearing, tender"):
        pause_kind(kind)


def test_a_pause_needs_a_legal_basis_and_a_planned_length():
    with pytest.raises(PauseNotLawful) as refusal:
        Pause(
            kind=PauseKind.HEARING,
            start=MONDAY,
            end=MONDAY - timedelta(days=1),
            planned_days=0,
            legal_basis=" ",
            told_on=None,
        )
    assert [mistake.place for mistake in refusal.value.errors] == ["legal_basis", "planned_days", "end"]


@pytest.mark.parametrize(
    ("pause", "due"),
    [
        # five working days after the Monday on which it starts: it ends on the next Monday
        (a_pause(), date(2026, 4, 7)),
        # the same, ended after two days
        (a_pause(end=date(2026, 3, 4)), date(2026, 4, 1)),
        # it overran the length that was told: the overrun counts against the office
        (a_pause(end=date(2026, 3, 20)), date(2026, 4, 7)),
        # the applicant was not told: the time went on
        (a_pause(told_on=None), UNPAUSED),
        # told on the Wednesday, for a length reckoned from Monday: three days are left out
        (a_pause(told_on=date(2026, 3, 4)), date(2026, 4, 2)),
        # told only when it was over
        (a_pause(told_on=date(2026, 3, 30)), UNPAUSED),
        # begun and ended on one day
        (a_pause(end=MONDAY), UNPAUSED),
        # after the limit had ended
        (a_pause(start=date(2026, 4, 1)), UNPAUSED),
    ],
)
def test_a_pause_moves_the_last_day_on_by_what_was_told_and_no_more(pause, due):
    # Qingming, 4 to 6 April, makes the Tuesday after it the twenty-fifth day.
    assert due_with_pauses(MONDAY, DECISION, [pause], CALENDAR) == Due(due)


def test_pauses_that_overlap_are_left_out_once():
    testing = a_pause(planned_days=5)
    review = a_pause(start=date(2026, 3, 4), planned_days=5, kind=PauseKind.EXPERT_REVIEW)
    # 3 to 11 March: seven working days, not ten
    assert due_with_pauses(MONDAY, DECISION, [testing, review], CALENDAR) == Due(date(2026, 4, 9))
    assert counted_working_days(MONDAY, date(2026, 3, 13), [testing, review], CALENDAR) == 2


def test_a_pause_also_stops_a_limit_in_calendar_days():
    limit = Limit(10, Unit.CALENDAR_DAY)
    assert due_with_pauses(MONDAY, limit, [], CALENDAR) == Due(date(2026, 3, 12))
    # from the 3rd to the 9th, a weekend among them
    assert due_with_pauses(MONDAY, limit, [a_pause()], CALENDAR) == Due(date(2026, 3, 19))


def test_a_pause_into_an_unpublished_year_makes_the_date_provisional():
    pause = a_pause(start=date(2026, 12, 21), planned_days=15, told_on=date(2026, 12, 21))
    due = due_with_pauses(date(2026, 12, 14), Limit(10), [pause], CALENDAR)
    assert due == Due(date(2027, 1, 18), provisional=True)


def test_the_explanation_names_the_paused_days():
    out = excluded_days([a_pause(end=date(2026, 3, 3))], CALENDAR)
    assert explain(MONDAY, 1, CALENDAR, excluded=out) == (
        Day(MONDAY, False, DayKind.FIRST_DAY),
        Day(date(2026, 3, 3), False, DayKind.PAUSED),
        Day(date(2026, 3, 4), True, DayKind.WORKING_DAY),
    )


def test_an_extension_is_lawful_once_approved_with_reasons_told_in_time():
    check_extension(an_extension(), due_on=UNPAUSED, longest_days=PROFILE.extension_days)
    check_extension(an_extension(granted_on=UNPAUSED), due_on=UNPAUSED, longest_days=PROFILE.extension_days)
    longer = extended(DECISION, an_extension())
    assert longer == Limit(30)
    assert due_with_pauses(MONDAY, longer, [], CALENDAR) == Due(date(2026, 4, 14))
    assert extended(DECISION, None) == DECISION


@pytest.mark.parametrize(
    ("extension", "place"),
    [
        (an_extension(approver=""), "approver"),
        (an_extension(reasons=" "), "reasons"),
        (an_extension(told_on=None), "told_on"),
        (an_extension(granted_on=date(2026, 3, 31)), "granted_on"),
        (an_extension(days=11), "days"),
        (an_extension(days=0), "days"),
    ],
)
def test_an_extension_that_lacks_something_is_refused(extension, place):
    with pytest.raises(ExtensionNotLawful) as refusal:
        check_extension(extension, due_on=UNPAUSED, longest_days=PROFILE.extension_days)
    assert [mistake.place for mistake in refusal.value.errors] == [place]


def test_a_second_extension_is_refused():
    with pytest.raises(ExtensionNotLawful, match="A limit is extended once only"):
        check_extension(an_extension(), due_on=UNPAUSED, longest_days=10, earlier=[an_extension()])


def test_joint_handling_may_be_extended_by_fifteen_days():
    check_extension(an_extension(days=15), due_on=UNPAUSED, longest_days=PROFILE.joint_extension_days)


@untimed
@given(st.lists(pauses_of_2025, max_size=4))
def test_what_is_left_out_is_the_union_of_the_pauses(pauses):
    together = excluded_days(pauses, CALENDAR)
    alone = [excluded_days([pause], CALENDAR) for pause in pauses]
    assert together == frozenset().union(*alone)
    assert excluded_days([*pauses, *reversed(pauses)], CALENDAR) == together
    assert len(together) <= sum(map(len, alone))


@untimed
@given(days_of_2025, st.integers(1, 40), st.lists(pauses_of_2025, max_size=4))
def test_exactly_the_days_of_the_limit_count_until_its_last_day(start, days, pauses):
    due = due_with_pauses(start, Limit(days), pauses, CALENDAR)
    assert not due.provisional
    assert CALENDAR.is_working(due.on)
    assert counted_working_days(start, due.on, pauses, CALENDAR) == days
    assert counted_working_days(start, due.on - timedelta(days=1), pauses, CALENDAR) == days - 1


@untimed
@given(days_of_2025, st.integers(1, 40), st.lists(pauses_of_2025, max_size=4), pauses_of_2025)
def test_one_more_pause_never_ends_a_limit_earlier(start, days, pauses, another):
    before = due_with_pauses(start, Limit(days), pauses, CALENDAR).on
    after = due_with_pauses(start, Limit(days), [*pauses, another], CALENDAR).on
    assert add_working_days(start, days, CALENDAR) <= before <= after


@untimed
@given(pauses_of_2025)
def test_a_pause_lasts_no_longer_than_told_and_is_never_counted_before_it_was(pause):
    out = excluded_days([pause], CALENDAR)
    planned_end = add_working_days(pause.start, pause.planned_days, CALENDAR)
    last = min(planned_end, pause.end or planned_end)
    assert out <= frozenset(days_after(pause.start, last))
    assert all(pause.told_on is not None and day > pause.told_on for day in out)
