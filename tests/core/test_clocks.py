"""Limits are counted by the published calendar, from the day after, in the jurisdiction's own zone."""

import pickle
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.clocks import (
    CalendarNotPublished,
    Day,
    DayKind,
    DeemedAcceptance,
    Due,
    Limit,
    Unit,
    add_calendar_days,
    add_months,
    add_working_days,
    civil_date,
    deemed_acceptance,
    due_date,
    due_or_provisional,
    explain,
    first_moment,
    reminder_days,
)
from services.core.jurisdiction import JurisdictionRefused, calendar_from, profile_from
from services.core.refusal import Kind, Mistake

JURISDICTION = Path(__file__).parents[2] / "services/catalogue/definitions/jurisdiction.toml"
LAW = tomllib.loads(JURISDICTION.read_text())
CALENDAR = calendar_from(LAW["calendar"])
PROFILE = profile_from(LAW["profile"])
SHANGHAI = ZoneInfo(PROFILE.zone)

published_days = st.dates(date(2023, 1, 1), date(2026, 6, 30))
any_days = st.dates(date(2023, 1, 1), date(2031, 12, 31))
lengths = st.integers(0, 60)
limits = st.builds(Limit, lengths, st.sampled_from(Unit))
untimed = settings(deadline=None)

VECTORS = [
    # the make-up Sunday, 29 September, counts; 1 to 7 October are off
    ("2024-09-25", "Wed", 5, "2024-10-08", "Tue"),
    # a make-up Sunday is itself the last day
    ("2025-01-20", "Mon", 5, "2025-01-26", "Sun"),
    # over the Spring Festival, with the make-up Saturday, 8 February
    ("2025-01-20", "Mon", 20, "2025-02-21", "Fri"),
    # the make-up Sunday, 27 April, counts; 1 to 5 May are off
    ("2025-04-25", "Fri", 5, "2025-05-06", "Tue"),
    # the make-up Sunday, 28 September, counts; 1 to 8 October are off
    ("2025-09-26", "Fri", 5, "2025-10-10", "Fri"),
    # and so does the make-up Saturday, 11 October
    ("2025-09-26", "Fri", 10, "2025-10-16", "Thu"),
    # filed on a day of rest: the next working day is the first, be it a Sunday
    ("2025-09-27", "Sat", 1, "2025-09-28", "Sun"),
    # across the year, with the make-up Sunday, 4 January
    ("2025-12-29", "Mon", 5, "2026-01-06", "Tue"),
    # a make-up Saturday is the last day for the correction notice
    ("2026-02-09", "Mon", 5, "2026-02-14", "Sat"),
    # and the decision on the same application
    ("2026-02-09", "Mon", 20, "2026-03-13", "Fri"),
    # the Dragon Boat Festival, 19 to 21 June
    ("2026-06-18", "Thu", 1, "2026-06-22", "Mon"),
    # the make-up Sunday, 20 September
    ("2026-09-18", "Fri", 10, "2026-10-09", "Fri"),
    # and the make-up Saturday, 10 October
    ("2026-09-18", "Fri", 20, "2026-10-22", "Thu"),
    # joint handling
    ("2026-01-05", "Mon", 45, "2026-03-13", "Fri"),
    # joint handling with its extension
    ("2026-01-05", "Mon", 60, "2026-04-03", "Fri"),
]


@pytest.mark.parametrize(("start", "start_weekday", "days", "due", "due_weekday"), VECTORS)
def test_a_limit_is_counted_in_working_days(start, start_weekday, days, due, due_weekday):
    start, due = date.fromisoformat(start), date.fromisoformat(due)
    assert (start.strftime("%a"), due.strftime("%a")) == (start_weekday, due_weekday)
    assert add_working_days(start, days, CALENDAR) == due
    assert due_date(start, Limit(days), CALENDAR) == due
    assert due_or_provisional(start, Limit(days), CALENDAR) == Due(due, provisional=False)


@pytest.mark.parametrize(("year", "worked"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_a_published_year_has_as_many_working_days_as_its_notice_leaves(year, worked):
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    assert sum(CALENDAR.is_working(day) for day in days if day.year == year) == worked


@pytest.mark.parametrize("year", sorted(CALENDAR.published_years))
def test_every_day_of_a_published_year_agrees_with_an_independent_table(year):
    table = holidays.country_holidays("CN", years=year)
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    ours = {day: CALENDAR.is_working(day) for day in days if day.year == year}
    assert ours == {day: table.is_working_day(day) for day in ours}


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 2, 14), DayKind.MAKEUP_WORKDAY),  # a Saturday
        (date(2026, 2, 15), DayKind.HOLIDAY),  # a Sunday within the Spring Festival
        (date(2026, 2, 16), DayKind.HOLIDAY),  # a Monday
        (date(2026, 3, 1), DayKind.WEEKEND),
        (date(2026, 3, 2), DayKind.WORKING_DAY),
    ],
)
def test_a_day_says_what_sort_of_day_it_is(day, kind):
    assert CALENDAR.kind_of(day) is kind


def test_years_are_published_only_if_listed():
    assert CALENDAR.published_years == {2023, 2024, 2025, 2026}
    with pytest.raises(CalendarNotPublished) as refusal:
        CALENDAR.is_working(date(2027, 1, 4))
    assert refusal.value.kind is Kind.CONFLICT
    assert str(refusal.value) == "The calendar of working days for 2027 has not been published yet."


def test_a_date_in_an_unpublished_year_is_refused_or_marked_provisional():
    start, limit = date(2026, 12, 21), Limit(20)
    with pytest.raises(CalendarNotPublished):
        due_date(start, limit, CALENDAR)
    # nine ordinary days are left in 2026, eleven follow in presumed weeks
    assert due_or_provisional(start, limit, CALENDAR) == Due(date(2027, 1, 18), provisional=True)


def test_a_calendar_day_limit_is_provisional_only_if_its_last_day_is():
    assert due_or_provisional(date(2026, 10, 1), Limit(60, Unit.CALENDAR_DAY), CALENDAR) == Due(
        date(2026, 11, 30)
    )
    assert due_or_provisional(date(2026, 12, 1), Limit(60, Unit.CALENDAR_DAY), CALENDAR).provisional


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 3, 2), 60, date(2026, 5, 1)),
        (date(2024, 2, 28), 1, date(2024, 2, 29)),
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
    ],
)
def test_calendar_days_are_counted_from_the_day_after(start, days, due):
    assert add_calendar_days(start, days) == due


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        (date(2026, 1, 15), 6, date(2026, 7, 15)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),  # no such day: the last of the month
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2025, 12, 31), 1, date(2026, 1, 31)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
    ],
)
def test_months_end_on_the_same_number_or_the_last_of_the_month(start, months, due):
    assert add_months(start, months) == due


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        # reconsideration: the sixtieth day is Labour Day, and the next five are off
        (date(2026, 3, 2), PROFILE.reconsideration, date(2026, 5, 6)),
        # a suit: six months end on a Sunday
        (date(2025, 12, 28), PROFILE.suit, date(2026, 6, 29)),
    ],
)
def test_a_last_day_that_is_a_rest_day_moves_to_the_next_working_day(start, limit, due):
    assert due_date(start, limit, CALENDAR) == due


def test_a_limit_of_no_days_ends_the_same_day_or_on_the_next_working_day():
    assert due_date(date(2026, 3, 2), Limit(0), CALENDAR) == date(2026, 3, 2)
    assert due_date(date(2026, 2, 28), Limit(0), CALENDAR) == date(2026, 2, 28)  # a make-up Saturday
    assert due_date(date(2026, 3, 1), Limit(0), CALENDAR) == date(2026, 3, 2)


def test_a_limit_is_never_shorter_than_nothing():
    with pytest.raises(ValueError, match="shorter than nothing"):
        Limit(-1)
    with pytest.raises(ValueError, match="shorter than nothing"):
        add_working_days(date(2026, 3, 2), -1, CALENDAR)


def test_every_day_is_explained():
    assert explain(date(2025, 9, 26), 2, CALENDAR) == (
        Day(date(2025, 9, 26), False, DayKind.FIRST_DAY),
        Day(date(2025, 9, 27), False, DayKind.WEEKEND),
        Day(date(2025, 9, 28), True, DayKind.MAKEUP_WORKDAY),
        Day(date(2025, 9, 29), True, DayKind.WORKING_DAY),
    )
    assert [day.why.value for day in explain(date(2025, 9, 30), 1, CALENDAR)] == [
        "first day",
        *["holiday"] * 8,
        "working day",
    ]


def test_silence_for_five_working_days_is_acceptance_since_the_day_of_receipt():
    assert deemed_acceptance(date(2026, 2, 9), PROFILE.correction_notice_days, CALENDAR) == DeemedAcceptance(
        last_day=date(2026, 2, 14), fires_on=date(2026, 2, 15), accepted_on=date(2026, 2, 9)
    )


def test_the_acceptance_by_silence_fires_at_the_first_moment_of_the_day_after():
    fires_on = deemed_acceptance(date(2026, 2, 9), 5, CALENDAR).fires_on
    assert first_moment(fires_on, SHANGHAI) == datetime(2026, 2, 14, 16, 0, tzinfo=UTC)


def test_reminders_come_at_half_of_the_limit_and_three_days_before_its_end():
    start = date(2026, 3, 2)
    assert reminder_days(start, 20, CALENDAR, before_end=3) == (date(2026, 3, 16), date(2026, 3, 25))
    assert reminder_days(start, 6, CALENDAR, before_end=3) == (date(2026, 3, 5),)
    assert reminder_days(start, 1, CALENDAR, before_end=3) == ()


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-02T23:30+08:00", date(2026, 3, 2)),
        ("2026-03-03T00:30+08:00", date(2026, 3, 3)),
        ("2026-03-02T15:30+00:00", date(2026, 3, 2)),
        ("2026-03-02T16:30+00:00", date(2026, 3, 3)),
        # half past eleven by the clocks of Urumqi is already the next official day
        ("2026-03-02T23:30+06:00", date(2026, 3, 3)),
    ],
)
def test_the_legal_day_is_that_of_the_jurisdictions_zone(moment, day):
    assert civil_date(datetime.fromisoformat(moment), SHANGHAI) == day


def test_a_moment_without_a_zone_has_no_legal_day():
    with pytest.raises(ValueError, match="without a zone"):
        civil_date(datetime.fromisoformat("2026-03-02T23:30"), SHANGHAI)


def test_the_numbers_of_the_law_are_read_from_data():
    assert (PROFILE.correction_notice_days, PROFILE.decision_days, PROFILE.extension_days) == (5, 20, 10)
    assert (PROFILE.joint_decision_days, PROFILE.joint_extension_days, PROFILE.delivery_days) == (45, 15, 10)
    assert (PROFILE.reconsideration, PROFILE.suit) == (Limit(60, Unit.CALENDAR_DAY), Limit(6, Unit.MONTH))


def test_a_profile_is_refused_with_all_its_mistakes_at_once():
    broken = {**LAW["profile"], "decision_days": "twenty", "fee_days": -1, "lunch_days": 1}
    del broken["suit_months"]
    with pytest.raises(JurisdictionRefused) as refusal:
        profile_from(broken)
    assert sorted(map(str, refusal.value.errors)) == [
        "profile.decision_days: This must be a whole number.",
        "profile.fee_days: This cannot be less than nothing.",
        "profile.lunch_days: No limit has this name.",
        "profile.suit_months: This is missing.",
    ]


def test_a_calendar_is_refused_with_all_its_mistakes_at_once():
    spring = date(2026, 2, 17)
    broken = {
        "rest_weekdays": [0],
        "2025": {"holidays": [spring], "makeup_workdays": [spring]},
        "next": {},
        "2026": {"holidays": []},
    }
    with pytest.raises(JurisdictionRefused) as refusal:
        calendar_from(broken)
    assert sorted(map(str, refusal.value.errors)) == [
        "calendar.2025: 2026-02-17 cannot be both a holiday and a make-up workday.",
        "calendar.2025: 2026-02-17 is not a day of this year.",
        "calendar.2026: This is missing: makeup_workdays.",
        "calendar.next: A calendar is named by its year, such as 2026.",
        "calendar.rest_weekdays: Name the days of rest by number, from 1 for Monday to 7 for Sunday.",
    ]


def test_a_refusal_is_translated_by_its_template_and_survives_the_way_between_workers():
    refusal = JurisdictionRefused(errors=[Mistake("here", "{day} is wrong.", {"day": 3})])
    again = pickle.loads(pickle.dumps(refusal))  # noqa: S301
    assert (type(again), str(again), again.errors) == (JurisdictionRefused, str(refusal), refusal.errors)
    assert (
        CalendarNotPublished(year=2027).told("{year}年的工作日历尚未公布。") == "2027年的工作日历尚未公布。"
    )
    assert refusal.errors[0].told("{day}有误。") == "3有误。"


@untimed
@given(published_days, published_days, lengths, lengths)
def test_a_later_start_or_a_longer_limit_never_ends_earlier(one, other, shorter, longer):
    one, other = sorted([one, other])
    shorter, longer = sorted([shorter, longer])
    assert add_working_days(one, shorter, CALENDAR) <= add_working_days(other, shorter, CALENDAR)
    assert add_working_days(one, shorter, CALENDAR) <= add_working_days(one, longer, CALENDAR)


@untimed
@given(any_days, limits)
def test_every_limit_ends_on_a_working_day(start, limit):
    due = due_or_provisional(start, limit, CALENDAR)
    assert CALENDAR.presuming().is_working(due.on)
    assert due.on >= start


@untimed
@given(any_days, lengths)
def test_a_date_is_provisional_exactly_when_it_runs_into_an_unpublished_year(start, days):
    due = due_or_provisional(start, Limit(days), CALENDAR)
    assert due.provisional == (due.on.year not in CALENDAR.published_years)


@untimed
@given(published_days, lengths)
def test_the_explanation_counts_exactly_the_days_of_the_limit(start, days):
    explained = explain(start, days, CALENDAR)
    assert explained[0] == Day(start, False, DayKind.FIRST_DAY)
    assert [day.on for day in explained] == [start + timedelta(days=n) for n in range(len(explained))]
    assert explained[-1].on == add_working_days(start, days, CALENDAR)
    assert sum(day.counted for day in explained) in ({days} if days else {0, 1})


@untimed
@given(published_days, st.integers(1, 20))
def test_acceptance_by_silence_reaches_back_to_the_receipt(received_on, notice_days):
    deemed = deemed_acceptance(received_on, notice_days, CALENDAR)
    assert deemed.accepted_on == received_on
    assert deemed.fires_on == deemed.last_day + timedelta(days=1)
    assert CALENDAR.is_working(deemed.last_day)
