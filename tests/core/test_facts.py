"""Answers are read as people write them, and refused with a sentence where they cannot be meant."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.facts import (
    BUILT_IN,
    AnswerNotUnderstood,
    Choice,
    Fact,
    FactType,
    is_empty,
    read_answer,
)

MONDAY = date(2026, 3, 2)
CODE = "91350100M000100Y43"
FILE = "0f8fad5b-d9cb-469f-a165-70867728950e"


def fact(kind: str, **more: Any) -> Fact:
    """Return a fact of the type, called `application.it`."""
    return Fact("application.it", FactType(kind), {"en": "It", "zh": "它"}, **more)


NO_CODE = "This code cannot be right. Compare it with the business licence, character by character."
NO_NUMBER = "This number cannot be right. Compare it with the identity document, digit by digit."
CHOICE = fact(
    "choice", choices=(Choice("shop", {"en": "Shop", "zh": "店"}), Choice("farm", {"en": "Farm", "zh": "农"}))
)
ROWS = fact("rows", max_rows=2, columns=(
    Fact("vin", FactType.TEXT, {}, format="vin"), Fact("value", FactType.MONEY, {}, minimum=Decimal(0)),
))  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "written", "read"),
    [
        (fact("text"), "  Example Trading  ", "Example Trading"),
        # what nobody can see is not kept: marks that turn writing round, zero-width blanks, controls
        (fact("text"), "Ex\u202eam\u200bple\x00", "Example"),
        (fact("text"), "one\r\ntwo\tthree", "one\ntwo three"),
        # composed and decomposed letters are the same letters
        (fact("text"), "Cafe\u0301", "Caf\u00e9"),
        (fact("number"), "12", 12),
        (fact("number"), "１２", 12),
        (fact("number"), "٣", 3),
        (fact("number"), "1,234,567", 1234567),
        (fact("number"), "1 234.5", 1234.5),
        (fact("number"), 0.0000001, 0.0000001),
        (fact("number"), "-0", 0),
        (fact("money"), "¥1,234.5", "1234.50"),
        (fact("money"), "80元", "80.00"),
        (fact("money"), 80, "80.00"),
        # half a cent upwards; nothing is never less than nothing
        (fact("money"), "0.005", "0.01"),
        (fact("money"), "-0.001", "0.00"),
        (fact("date"), "2026-03-02", "2026-03-02"),
        (fact("date"), "2026年3月2日", "2026-03-02"),
        (fact("date"), "２０２６／３／２", "2026-03-02"),
        (fact("date"), "2024.2.29", "2024-02-29"),
        (fact("yes_no"), True, True),
        (fact("yes_no"), " Yes ", True),
        (fact("yes_no"), "no", False),
        (CHOICE, "farm", "farm"),
        (fact("file"), FILE, FILE),
        (fact("file"), UUID(FILE), FILE),
        (fact("text", format="phone"), "(0000) 123-4567", "00001234567"),
        (fact("text", format="uscc"), "91350100m000100y43", "91350100M000100Y43"),
        (fact("text", format="identity_number"), "11010519491231002x", "11010519491231002X"),
        (fact("text", format="identity_number"), "440524 18800101 0014", "440524188001010014"),
        # a passport and a card of a permanent resident are as good (R12.10)
        (fact("text", format="identity_number"), "e 0000000 0", "E00000000"),
        (fact("text", format="identity_number"), "ABC000000000000", "ABC000000000000"),
        (fact("text", format="vin"), "lsvaa 49j 132 047371", "LSVAA49J132047371"),
        (fact("text", format="email"), "Name@example.org", "Name@example.org"),
        (ROWS, [{"vin": "LSVAA49J132047371", "value": "5"}], [{"vin": "LSVAA49J132047371", "value": "5.00"}]),
    ],
)  # fmt: skip
def test_an_answer_is_read_as_it_is_meant(asked: Fact, written: object, read: object) -> None:
    assert read_answer(asked, written, on=MONDAY) == read


@pytest.mark.parametrize(
    ("asked", "written", "sentence"),
    [
        (fact("text"), 5, "Write this as text."),
        (fact("text", max_length=3), "four", "Use 3 characters at the most."),
        (fact("text", format="postcode"), "12345", "Write the six digits of the postcode."),
        (
            fact("text", format="vin"),
            "I" * 17,
            "Write the 17 characters of the vehicle identification number.",
        ),
        # right in shape, and mistyped (R12.7, R12.8)
        (fact("text", format="uscc"), "91350100M000100Y44", NO_CODE),
        (
            fact("text", format="uscc"),
            "91350100M000100Y4I",
            "Write the 18 characters of the unified social credit code.",
        ),
        (fact("text", format="identity_number"), "110105194912310021", NO_NUMBER),
        # a resident's number of somebody born tomorrow
        (fact("text", format="identity_number"), "990105202603030001", NO_NUMBER),
        (fact("number"), "twelve", "Write a number."),
        # twelve and a half, or a hundred and twenty-five? Nobody guesses.
        (fact("number"), "12,5", "Write a number."),
        (fact("number"), "1_000", "Write a number."),
        (fact("number"), "1e999999999", "Write a number."),
        (fact("number"), "9" * 5000, "Write a number."),
        (fact("number"), "nan", "Write a number."),
        (fact("number"), float("inf"), "Write a number."),
        (fact("number"), True, "Write a number."),
        (fact("number"), None, "Write a number."),
        (fact("number"), {"a": 1}, "Write a number."),
        (fact("number", minimum=Decimal(1)), "0", "This must be 1 or more."),
        (fact("money", maximum=Decimal(9)), "9.01", "This must be 9 or less."),
        (fact("date"), "2026-02-29", "Write a real date: year, month and day, such as 2026-03-02."),
        (fact("date"), "02/03/2026", "Write a real date: year, month and day, such as 2026-03-02."),
        (fact("date"), "0000-01-01", "Write a real date: year, month and day, such as 2026-03-02."),
        (fact("date"), 20260302, "Write a real date: year, month and day, such as 2026-03-02."),
        (fact("yes_no"), "perhaps", "Answer yes or no."),
        (fact("yes_no"), 1, "Answer yes or no."),
        (CHOICE, "school", "Choose one of the answers."),
        (CHOICE, ["shop"], "Choose one of the answers."),
        (fact("file"), "../../etc/passwd", "Upload a file for this."),
        (ROWS, "many", "Give this as rows."),
        (ROWS, ["many"], "Give this as rows."),
        (ROWS, [], "Give between 1 and 2 rows."),
        (ROWS, [{"vin": "LSVAA49J132047371", "value": 1}] * 3, "Give between 1 and 2 rows."),
    ],
)
def test_an_answer_that_cannot_be_meant_is_refused_with_a_sentence(
    asked: Fact, written: object, sentence: str
) -> None:
    with pytest.raises(AnswerNotUnderstood) as refused:
        read_answer(asked, written, on=MONDAY)

    assert [error.told() for error in refused.value.errors] == [sentence]
    assert {error.place for error in refused.value.errors} == {"application.it"}


def test_a_mistyped_code_in_a_row_is_told_in_its_cell_once() -> None:
    sellers = fact("rows", columns=(Fact("code", FactType.TEXT, {}, format="uscc"),))

    with pytest.raises(AnswerNotUnderstood) as refused:
        read_answer(sellers, [{"code": CODE}, {"code": "91350100M000100Y44"}, {"code": "9135"}], on=MONDAY)

    assert [(error.place, error.told()) for error in refused.value.errors] == [
        ("application.it.2.code", "Write the 18 characters of the unified social credit code."),
        ("application.it.1.code", NO_CODE),
    ]


def test_every_cell_of_a_row_is_told_at_its_own_place() -> None:
    with pytest.raises(AnswerNotUnderstood) as refused:
        read_answer(ROWS, [{"vin": "short", "value": "-1"}, {"colour": "red"}], on=MONDAY)

    assert [(error.place, error.told()) for error in refused.value.errors] == [
        ("application.it.0.vin", "Write the 17 characters of the vehicle identification number."),
        ("application.it.0.value", "This must be 0 or more."),
        ("application.it.1.colour", "There is no such column."),
        ("application.it.1.vin", "Fill in this column."),
        ("application.it.1.value", "Fill in this column."),
    ]


@pytest.mark.parametrize("nothing", [None, "", "   ", "\u200b\u200f", "\n", []])
def test_blanks_and_what_nobody_can_see_are_no_answer(nothing: object) -> None:
    assert is_empty(nothing)


@pytest.mark.parametrize("something", [0, False, "0", "no", [{}]])
def test_no_and_nought_are_answers(something: object) -> None:
    assert not is_empty(something)


def test_a_fact_has_the_scope_of_its_name_and_the_built_in_ones_are_never_asked() -> None:
    assert fact("text").scope == "application"
    assert {code: one.ask for code, one in BUILT_IN.items()} == {code: {} for code in BUILT_IN}


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, derandomize=True, database=None)
@given(asked=st.sampled_from([*(fact(kind) for kind in FactType if kind not in ("choice", "rows")), CHOICE, ROWS]),
       written=_ANYTHING)  # fmt: skip
def test_whatever_comes_in_is_read_or_refused_and_what_was_read_is_read_the_same_again(
    asked: Fact, written: object
) -> None:
    try:
        read = read_answer(asked, written, on=MONDAY)
    except AnswerNotUnderstood as refused:
        assert refused.errors
    else:
        assert read_answer(asked, read, on=MONDAY) == read
