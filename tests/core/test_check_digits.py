"""Check digits: the standards' own vectors, every slip of the hand, and agreement with a library that others wrote."""

from datetime import date, timedelta
from random import Random

import pytest
from stdnum.cn import ric, uscc

from services.core.check_digits import (
    CREDIT_SIGNS,
    credit_code_check,
    is_credit_code,
    is_organisation_code,
    is_resident_number,
    organisation_code_check,
    resident_number_check,
)

MONDAY = date(2026, 3, 2)
CODE = "91350100M000100Y43"  # the example of the standard
NUMBERS = ("11010519491231002X", "440524188001010014")


@pytest.mark.parametrize(
    ("number", "right"),
    [
        (CODE, True),
        ("91350100M000100Y44", False),  # the last sign
        ("91350100M000100Y4I", False),  # a letter that is left out, because it looks like a digit
        ("91350100m000100y43", False),  # whoever reads it makes it capital first
        ("91350100M000100Y4", False),
        ("91350100M000100Y433", False),
        ("", False),
    ],
)
def test_r12_7_vectors_of_the_credit_code(number: str, right: bool) -> None:
    assert is_credit_code(number) is right


def test_r12_7_every_change_of_one_character_is_detected() -> None:
    changed = [
        CODE[:place] + sign + CODE[place + 1 :]
        for place, right in enumerate(CODE)
        for sign in CREDIT_SIGNS
        if sign != right
    ]

    assert len(changed) == 18 * 30
    assert [code for code in changed if is_credit_code(code)] == []


def test_r12_7_the_code_of_the_organisation_inside_has_a_check_digit_of_its_own() -> None:
    assert CODE[8:17] == "M000100Y4"
    assert is_organisation_code("M000100Y4")
    assert not is_organisation_code("M000100Y5")
    # right as a whole, wrong inside
    wrong = "91350100M000100Y5"
    assert not is_credit_code(wrong + credit_code_check(wrong))


@pytest.mark.parametrize(
    ("number", "right"),
    [
        (NUMBERS[0], True),
        (NUMBERS[1], True),
        ("110105194912310021", False),  # the last digit
        ("11010519491231002x", False),  # whoever reads it makes it capital first
        ("1101051949123100", False),
        ("", False),
    ],
)
def test_r12_8_vectors_of_the_residents_number(number: str, right: bool) -> None:
    assert is_resident_number(number, on=MONDAY) is right


@pytest.mark.parametrize(
    ("born", "right"),
    [
        ("20260302", True),  # today
        ("20260303", False),  # tomorrow
        ("20240229", True),
        ("20250229", False),  # no such day
        ("20241301", False),
        ("00000101", False),
    ],
)
def test_r12_8_the_day_inside_is_a_real_one_and_not_in_the_future(born: str, right: bool) -> None:
    start = f"990105{born}000"

    assert is_resident_number(start + resident_number_check(start), on=MONDAY) is right


def test_r12_8_every_change_of_one_digit_is_detected() -> None:
    for number in NUMBERS:
        for place in range(18):
            for digit in set("0123456789X") - {number[place]}:
                assert not is_resident_number(number[:place] + digit + number[place + 1 :], on=MONDAY)


def test_an_independent_library_agrees_on_thousands_of_numbers() -> None:
    chance = Random(20260302)  # noqa: S311 - made-up numbers
    for _ in range(3000):
        body = "".join(chance.choices(CREDIT_SIGNS, k=8))
        start = f"9{chance.choice('123')}{chance.randrange(100_000, 999_999)}{body}{organisation_code_check(body)}"
        assert credit_code_check(start) == uscc.calc_check_digit(start)
        if start[-1] in CREDIT_SIGNS:
            assert is_credit_code(start + credit_code_check(start))

        born = date(1900, 1, 1) + timedelta(days=chance.randrange(46_000))
        number = f"{chance.randrange(100_000, 999_999)}{born:%Y%m%d}{chance.randrange(1000):03}"
        assert resident_number_check(number) == ric.calc_check_digit(number + "0")
        assert is_resident_number(number + resident_number_check(number), on=MONDAY)
