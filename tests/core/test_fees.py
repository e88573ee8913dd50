"""A fee has a law behind it, is rounded to the cent, and is waited for no longer than told."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.definitions import FeeItem
from services.core.fees import (
    CENT,
    Bill,
    FeeClock,
    FeeNotLawful,
    Line,
    bill,
    bill_for,
    fee_clock,
    rounded,
)
from tests.core.a_service import MONDAY, law

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


@pytest.mark.parametrize(("published", "charged"), [("80", "80.00"), ("2.675", "2.68"), ("0.005", "0.01")])
def test_the_bill_of_a_case_is_the_published_amount_to_the_cent(published, charged):
    """R14.1, R14.3"""
    fee = FeeItem(amount=published, legal_basis="Road Traffic Safety Law art. 19", item={"en": "Licence"})

    made = bill_for(fee, service="driving-licence", currency="CNY")

    assert (str(made.total), made.lines[0].item, made.lines[0].legal_basis) == (
        charged, "driving-licence", "Road Traffic Safety Law art. 19",
    )  # fmt: skip


def test_no_case_is_billed_without_a_law():
    with pytest.raises(FeeNotLawful):
        bill_for(FeeItem(amount="80", legal_basis="", item={}), service="driving-licence", currency="CNY")


def test_a_bill_is_due_in_twenty_working_days_and_waited_for_ten_more():
    # Qingming, 4 to 6 April, lies within the days of grace.
    assert fee_clock(MONDAY, law()) == FeeClock(due_on=date(2026, 3, 30), last_day=date(2026, 4, 14))


@settings(deadline=None)
@given(st.lists(amounts, max_size=8))
def test_the_total_is_the_sum_of_what_each_line_shows(prices):
    made = bill([a_line(price) for price in prices], currency="CNY")
    assert made.total == sum((line.total for line in made.lines), Decimal(0))
    assert made.total == made.total.quantize(CENT)
    assert all(abs(line.total - line.amount) <= CENT / 2 for line in made.lines)
