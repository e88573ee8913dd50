"""Cards warn the office of its own clock: each color at its threshold, and not a day before."""

import tomllib
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.cards import RULES, Card, Standing, Trigger, card, correction_notice_is_late, triggers
from services.core.jurisdiction import calendar_from, profile_from

LAW = tomllib.loads(
    (Path(__file__).parents[2] / "services/catalogue/definitions/jurisdiction.toml").read_text()
)
CALENDAR = calendar_from(LAW["calendar"])
PROFILE = profile_from(LAW["profile"])
SHANGHAI = ZoneInfo(PROFILE.zone)


def standing(used_days, promised_days=10, statutory_days=20, **more):
    return Standing(used_days=used_days, promised_days=promised_days, statutory_days=statutory_days, **more)


@pytest.mark.parametrize(
    ("used", "promised", "statutory", "expected"),
    [
        # promised in ten days: half of them, four fifths of them, the last day, and what follows
        (4, 10, 20, Card.NONE),
        (5, 10, 20, Card.NOTICE),
        (7, 10, 20, Card.NOTICE),
        (8, 10, 20, Card.AMBER),
        (10, 10, 20, Card.AMBER),
        (11, 10, 20, Card.YELLOW),
        (13, 10, 20, Card.YELLOW),
        (14, 10, 20, Card.RED),
        # a short limit: one day left is the warning
        (1, 5, 20, Card.NONE),
        (3, 5, 20, Card.NOTICE),
        (4, 5, 20, Card.AMBER),
        (5, 5, 20, Card.AMBER),
        (6, 5, 20, Card.YELLOW),
        # six days are no longer short: a fifth is left only on the fifth day
        (4, 6, 20, Card.NOTICE),
        (5, 6, 20, Card.AMBER),
        # the statutory limit is as short as the promised one
        (10, 10, 10, Card.AMBER),
        (11, 10, 10, Card.RED),
        # promised on the same day
        (0, 0, 5, Card.AMBER),
        (1, 0, 5, Card.YELLOW),
    ],
)
def test_the_color_follows_the_days_that_count(used, promised, statutory, expected):
    assert card(standing(used, promised, statutory), PROFILE.cards) is expected


@pytest.mark.parametrize(
    ("event", "trigger", "expected"),
    [
        ({"step_days_late": 1}, Trigger.STEP_LATE, Card.YELLOW),
        ({"correction_notice_late": True}, Trigger.CORRECTION_NOTICE_LATE, Card.YELLOW),
        ({"delivery_late": True}, Trigger.DELIVERY_LATE, Card.YELLOW),
        ({"deemed_accepted": True}, Trigger.DEEMED_ACCEPTED, Card.RED),
        ({"fee_not_listed": True}, Trigger.FEE_NOT_LISTED, Card.RED),
        ({"refused_without_reasons": True}, Trigger.REFUSED_WITHOUT_REASONS, Card.RED),
    ],
)
def test_an_event_raises_its_card_on_the_first_day(event, trigger, expected):
    assert triggers(standing(0, **event), PROFILE.cards) == {trigger: expected}
    assert card(standing(0, **event), PROFILE.cards) is expected


def test_the_gravest_card_is_shown_and_every_reason_kept():
    late = standing(21)
    assert triggers(late, PROFILE.cards) == {
        Trigger.HALF_USED: Card.NOTICE,
        Trigger.ENDING_SOON: Card.AMBER,
        Trigger.PROMISED_PASSED: Card.YELLOW,
        Trigger.PROMISED_LONG_PASSED: Card.RED,
        Trigger.STATUTORY_PASSED: Card.RED,
    }
    assert card(late, PROFILE.cards) is Card.RED


def test_the_table_of_rules_names_every_trigger_and_every_color():
    assert set(RULES) == set(Trigger)
    assert {color for color, _ in RULES.values()} == set(Card) - {Card.NONE}


@pytest.mark.parametrize(
    ("now", "late"),
    [
        # received on 9 February: the fifth working day is the make-up Saturday, the 14th
        (datetime(2026, 2, 13, 18, 0, tzinfo=SHANGHAI), False),
        (datetime(2026, 2, 14, 15, 59, tzinfo=SHANGHAI), False),
        (datetime(2026, 2, 14, 16, 0, tzinfo=SHANGHAI), True),
        (datetime(2026, 2, 15, 0, 0, tzinfo=SHANGHAI), True),
    ],
)
def test_a_correction_notice_is_late_at_four_on_its_last_day(now, late):
    answer = correction_notice_is_late(
        date(2026, 2, 9),
        now,
        notice_days=PROFILE.correction_notice_days,
        thresholds=PROFILE.cards,
        calendar=CALENDAR,
        zone=SHANGHAI,
    )
    assert answer is late


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 30), st.integers(0, 30))
def test_a_card_never_grows_milder_as_days_go_by(one, other, promised, beyond):
    earlier, later = sorted([one, other])
    before = card(standing(earlier, promised, promised + beyond), PROFILE.cards)
    assert before <= card(standing(later, promised, promised + beyond), PROFILE.cards)
