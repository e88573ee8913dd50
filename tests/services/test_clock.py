"""The legal clock is the real time, which a demonstration may move ahead and production may not."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services import clock
from services.clock import ClockNotShifted

pytestmark = pytest.mark.django_db

A_MINUTE = timedelta(minutes=1)


def test_the_legal_moment_is_the_real_one():
    assert abs(clock.now() - datetime.now(UTC)) < A_MINUTE


def test_a_demonstration_starts_at_nine_in_the_morning_of_its_day():
    started = clock.start_on(day=date(2026, 3, 2))

    assert clock.today() == date(2026, 3, 2)
    assert abs(started - datetime(2026, 3, 2, 1, 0, tzinfo=UTC)) < A_MINUTE


def test_the_clock_is_moved_by_whole_days():
    clock.start_on(day=date(2026, 3, 2))

    clock.shift(days=1)
    clock.shift(days=3)

    assert clock.today() == date(2026, 3, 6)


def test_the_clock_moves_without_having_been_set():
    assert clock.shift(days=2) > datetime.now(UTC) + timedelta(days=1)


def test_the_clock_does_not_run_back():
    with pytest.raises(ClockNotShifted):
        clock.shift(days=0)


def test_the_clock_is_set_only_once():
    clock.start_on(day=date(2026, 3, 2))

    with pytest.raises(ClockNotShifted):
        clock.start_on(day=date(2026, 1, 5))


def test_production_knows_no_shift(settings):
    clock.start_on(day=date(2026, 3, 2))
    settings.PRODUCTION = True

    with pytest.raises(ClockNotShifted):
        clock.shift(days=1)
    assert abs(clock.now() - datetime.now(UTC)) < A_MINUTE


def test_a_legal_day_begins_in_the_zone_of_the_jurisdiction():
    assert clock.legal_day(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)
