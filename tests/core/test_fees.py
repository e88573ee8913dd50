"""A fee has a law behind it, is rounded to the cent, and is waited for no longer than told."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.fees import (
    CENT,
    Bill,
    FeeClock,
    FeeNotLawful,
    FeeStanding,
    Line,
    bill,
    fee_clock,
    fee_standing,
    rounded,
)
from services.core.jurisdiction import calendar_from, profile_from

LAW = tomllib.loads(
    (Path(__file__).parents[2] / "services/catalogue/definitions/jurisdiction.toml").read_text()
)
CALENDAR = calendar_from(LAW["calendar"])
PROFILE = profile_from(LAW["profile"])
CLOCK = fee_clock(
    date(2026, 3, 2), fee_days=PROFILE.fee_days, grace_days=PROFILE.fee_grace_days, calendar=CALENDAR
)

amounts = st.decimals(0, 10_000, places=4)


def a_line(amount, *, legal_basis="Road Traffic Safety Law art. 19", quantity="1"):
    return Line(
        item="driving-licence", amount=Decimal(amount), legal_basis=legal_basis, quantity=Decimal(quantity)
    )


@pytest.mark.parametrize(
    ("amount", "to_the_cent"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("2.675", "2.68"), ("2.665", "2.67"), ("10", "10.00")],
)
def test_half_a_cent_is_rounded_upwards(amount, to_the_cent):
    assert str(rounded(Decimal(amount))) == to_the_cent


def test_a_bundle_has_one_bill_with_a_line_for_each_item():
    lines = (a_line("10"), a_line("0.125", quantity="3"))
    assert bill(lines, currency="CNY") == Bill(total=Decimal("10.38"), lines=lines, currency="CNY")


def test_what_the_law_gives_free_makes_a_bill_over_nothing():
    assert bill([], currency="CNY") == Bill(total=Decimal("0.00"), lines=(), currency="CNY")


def test_a_fee_without_a_law_cannot_be_charged_and_all_mistakes_are_told():
    lines = [a_line("10", legal_basis=" "), a_line("-1"), a_line("1", quantity="0"), a_line("NaN")]
    with pytest.raises(FeeNotLawful) as refusal:
        bill(lines, currency="CNY")
    assert [mistake.place for mistake in refusal.value.errors] == [
        "lines.0.legal_basis",
        "lines.1.amount",
        "lines.2.quantity",
        "lines.3.amount",
    ]


def test_a_bill_is_due_in_twenty_working_days_then_reminded_of_then_lapsed():
    # Qingming, 4 to 6 April, lies within the days of grace.
    assert (
        FeeClock(due_on=date(2026, 3, 30), reminder_on=date(2026, 3, 31), lapses_on=date(2026, 4, 15))
        == CLOCK
    )


@pytest.mark.parametrize(
    ("today", "paid", "expected"),
    [
        (date(2026, 3, 30), "0", FeeStanding.DUE),
        (date(2026, 3, 31), "0", FeeStanding.REMINDED),
        (date(2026, 4, 14), "9.99", FeeStanding.REMINDED),
        (date(2026, 4, 15), "9.99", FeeStanding.LAPSED),
        (date(2026, 4, 15), "10", FeeStanding.PAID),
        (date(2026, 3, 2), "10.00", FeeStanding.PAID),
    ],
)
def test_a_bill_stands_where_its_days_and_its_payment_put_it(today, paid, expected):
    owed = bill([a_line("10")], currency="CNY")
    assert fee_standing(owed, CLOCK, paid=Decimal(paid), today=today) is expected


def test_a_bill_over_nothing_never_lapses():
    free = bill([], currency="CNY")
    after = CLOCK.lapses_on + timedelta(days=1)
    assert fee_standing(free, CLOCK, paid=Decimal(0), today=after) is FeeStanding.NOTHING_DUE


@settings(deadline=None)
@given(st.lists(amounts, max_size=8))
def test_the_total_is_the_sum_of_what_each_line_shows(prices):
    made = bill([a_line(price) for price in prices], currency="CNY")
    assert made.total == sum((line.total for line in made.lines), Decimal(0))
    assert made.total == made.total.quantize(CENT)
    assert all(abs(line.total - line.amount) <= CENT / 2 for line in made.lines)
