"""Conditions are true, false or unknown; unknown turns into neither by itself, and every answer has its reasons."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.conditions import evaluate, truth_of, used_facts
from services.core.expressions import ARITY, MAX_DEPTH, MAX_NODES, check_expression

YES, NO, OPEN = {"==": [1, 1]}, {"==": [1, 2]}, {"==": [{"var": "a.gap"}, 1]}
A, B = {"var": "a.a"}, {"var": "a.b"}


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (YES, YES, True, True), (YES, NO, False, True), (YES, OPEN, None, True),
        (NO, YES, False, True), (NO, NO, False, False), (NO, OPEN, False, None),
        (OPEN, YES, None, True), (OPEN, NO, False, None), (OPEN, OPEN, None, None),
    ],
)  # fmt: skip
def test_and_and_or_in_three_values(left: object, right: object, both: object, either: object) -> None:
    assert truth_of({"and": [left, right]}, {}) is both
    assert truth_of({"or": [left, right]}, {}) is either


@pytest.mark.parametrize(("inner", "turned"), [(YES, False), (NO, True), (OPEN, None)])
def test_not_leaves_the_unknown_unknown(inner: object, turned: object) -> None:
    assert truth_of({"!": [inner]}, {}) is turned


@pytest.mark.parametrize(
    ("expression", "facts", "truth"),
    [
        ({"==": [A, "shop"]}, {"a.a": "shop"}, True),
        ({"==": [A, True]}, {"a.a": True}, True),
        ({"!=": [A, "shop"]}, {"a.a": "farm"}, True),
        # numbers are compared as numbers, however they are written
        ({"==": [A, 5]}, {"a.a": "5.00"}, True),
        ({"<": [A, 10]}, {"a.a": 9}, True),
        ({"<=": [A, "10"]}, {"a.a": "9.99"}, True),
        ({">": [A, B]}, {"a.a": 2, "a.b": 10}, False),
        # dates as days
        ({">=": [A, "2026-03-02"]}, {"a.a": "2026-03-02"}, True),
        ({"<": [A, date(2026, 3, 2)]}, {"a.a": "2026-03-01"}, True),
        # a number and a word have no order, and are never the same
        ({"==": [A, 5]}, {"a.a": "five"}, False),
        ({"!=": [A, 5]}, {"a.a": "five"}, True),
        ({"<": [A, 5]}, {"a.a": "five"}, None),
        # names that Python would take for numbers stay names
        ({"==": [A, B]}, {"a.a": "nan", "a.b": "nan"}, True),
        ({"<": [A, B]}, {"a.a": "inf", "a.b": "infinity"}, True),
        ({"==": [A, True]}, {"a.a": 1}, False),
        ({"in": [A, ["shop", "farm"]]}, {"a.a": "farm"}, True),
        ({"in": [A, [5, 6]]}, {"a.a": "5.00"}, True),
        ({"in": ["a", A]}, {"a.a": "bar"}, True),
        ({"in": [A, ["shop"]]}, {}, None),
        ({"in": [A, B]}, {"a.a": 1, "a.b": "bar"}, None),
        ({"known": [A]}, {"a.a": False}, True),
        ({"known": [A]}, {}, False),
        ({">=": [{"count": [A]}, 2]}, {"a.a": [{}, {}]}, True),
        ({">=": [{"count": [A]}, 2]}, {}, None),
        ({">": [{"sum": [A, "v"]}, 5]}, {"a.a": [{"v": "2.50"}, {"v": 2.51}]}, True),
        # one row that says nothing leaves the sum unknown
        ({">": [{"sum": [A, "v"]}, 5]}, {"a.a": [{"v": "9"}, {}]}, None),
        ({">": [{"sum": [A, "v"]}, 5]}, {"a.a": ["9"]}, None),
        ({">=": [{"years": [A, B]}, 18]}, {"a.a": "2008-03-02", "a.b": "2026-03-02"}, True),
        ({">=": [{"years": [A, B]}, 18]}, {"a.a": "2008-03-03", "a.b": "2026-03-02"}, False),
        # born on a leap day, a year older on the first of March
        ({">=": [{"years": [A, B]}, 18]}, {"a.a": "2004-02-29", "a.b": "2022-02-28"}, False),
        ({">=": [{"years": [A, B]}, 18]}, {"a.a": "2004-02-29", "a.b": "2022-03-01"}, True),
        ({">=": [{"years": [A, B]}, 18]}, {"a.a": "some day", "a.b": "2022-03-01"}, None),
        ({"==": [A, "shop"]}, {}, None),
    ],
)
def test_comparisons(expression: object, facts: dict[str, Any], truth: object) -> None:
    assert truth_of(expression, facts) is truth
    assert evaluate(expression, facts).truth is truth


def test_an_answer_prints_its_reasons_and_never_a_persons_value() -> None:
    expression = {"and": [{"==": [A, "shop"]}, {">=": [{"years": [B, {"var": "a.day"}]}, 18]}]}

    answer = evaluate(expression, {"a.a": "farm", "a.day": "2026-03-02"})

    assert answer.truth is False
    assert answer.reasons == (
        "a.a is shop: does not hold",
        "years(a.b, a.day) is at least 18: is not known yet",
    )


def test_a_condition_names_the_facts_it_looks_at() -> None:
    assert used_facts({"or": [{"in": [A, ["x"]]}, {"known": [B]}]}) == {"a.a", "a.b"}


def _deep(levels: int) -> object:
    return YES if levels == 0 else {"!": [_deep(levels - 1)]}


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ({"xor": [A, B]}, "There is no operator “xor”."),
        ({"==": [A]}, "“==” has the wrong number of parts."),
        ({"!": A}, "“!” has the wrong number of parts."),
        ({"and": []}, "“and” has the wrong number of parts."),
        ({"==": [A, 1], "!=": [A, 2]}, "Each part of a condition has exactly one operator."),
        ({"==": [A, None]}, "A condition compares facts with text, numbers, dates, yes or no."),
        (None, "A condition compares facts with text, numbers, dates, yes or no."),
        ({"var": ["a.a"]}, "“var” names one fact."),
        ({"in": [1, [A]]}, "A list in a condition holds texts, numbers or dates only."),
        ({"known": ["a.a"]}, "“known” looks at one fact."),
        ({"sum": [A, A]}, "“sum” names the column that is added up."),
        (_deep(MAX_DEPTH), "The condition is nested too deeply."),
        ({"in": [A, list(range(MAX_NODES))]}, "The condition is too long: 63 parts, 60 at the most."),
    ],
)
def test_what_cannot_be_evaluated_is_told_at_its_place(expression: object, sentence: str) -> None:
    assert [(one.place, one.told()) for one in check_expression(expression, "conditions.c.if")] == [
        ("conditions.c.if", sentence)
    ]


_VALUES = st.sampled_from(
    ["nan", "1e999999999999", "-inf", "x", "2026-03-02", 5, 2.5, True, None, [{"v": "1e99999"}], ""]
)
_PARTS = st.recursive(
    st.sampled_from([A, B, "x", 5, "2026-03-02", True]),
    lambda inner: st.one_of(
        *(st.tuples(st.just(name), st.lists(inner, min_size=least, max_size=min(most, 3))).map(lambda one: dict([one]))
          for name, (least, most) in ARITY.items())
    ),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=400, derandomize=True, database=None)
@given(expression=_PARTS, one=_VALUES, other=_VALUES)
def test_whatever_passes_the_check_is_evaluated_whatever_the_facts_are(
    expression: object, one: object, other: object
) -> None:
    if check_expression(expression, ""):
        return

    facts = {"a.a": one, "a.b": other}

    assert truth_of(expression, facts) in (True, False, None)
    assert evaluate(expression, facts).truth is truth_of(expression, facts)
