"""The offices' days on one branch: the longest way from acceptance to the result, and what objections add to it."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from services.core.branches import branches
from services.core.schedule import CONCERN_DAYS, days_needed
from tests.core.a_service import condition, definition, question, step
from tests.core.test_proof_by_enumeration import read_table, small_tables

HELPED = {"conditions": {"helped": condition({"==": [{"var": "application.wants_help"}, True]})},
          "question": [question("application.wants_help")]}  # fmt: skip
LOOK = step("look", "review", days=3)


@pytest.mark.parametrize(
    ("steps", "days"),
    [
        ([], 0),
        ([LOOK], 3),
        # one after another: their sum; side by side: the longer
        ([LOOK, step("decide", "decision", ["look"], days=2)], 5),
        ([LOOK, step("tax", "review", days=5)], 5),
        ([LOOK, step("tax", "review", days=5), step("decide", "decision", ["look", "tax"])], 6),
        # a waiting period counts, a visit and a courier do not
        ([step("publish", "auto", days=20), step("sign", "counter", ["publish"])], 20),
        ([step("issue", "issue"), step("post", "deliver", ["issue"], days=3)], 0),
    ],
)
def test_the_longest_path(steps: list[Any], days: int) -> None:
    assert days_needed(definition(*steps), {}) == days


@pytest.mark.parametrize(("helped", "days"), [(True, 8), (False, 5)])
def test_a_step_left_out_takes_no_days_but_what_lies_before_it_does(helped: bool, days: int) -> None:
    service = definition(
        LOOK, step("help", "review", ["look"], when="helped", days=3), step("decide", "decision", ["help"], days=2),
        **HELPED,
    )  # fmt: skip

    assert days_needed(service, {"helped": helped}) == days


@pytest.mark.parametrize(
    ("steps", "days"),
    [
        ([LOOK], 3 + CONCERN_DAYS),
        ([step("check", "auto", check="helped"), LOOK | {"after": ["check"]}], 3 + 2 * CONCERN_DAYS),
        # objections made side by side are looked at together
        ([LOOK, step("tax", "review", days=3)], 3 + CONCERN_DAYS),
        # decisions and waiting periods object to nothing
        ([step("publish", "auto", days=5), step("decide", "decision", ["publish"])], 6),
        # acceptance is the visit: what was objected to before it is not of the limit
        ([step("check", "auto", check="helped"), step("sign", "counter", ["check"]), LOOK | {"after": ["sign"]}],
         3 + CONCERN_DAYS),
    ],
)  # fmt: skip
def test_every_objection_takes_a_person_of_the_lead_office_a_day(steps: list[Any], days: int) -> None:
    more = HELPED if any(one.get("check") for one in steps) else {}

    assert days_needed(definition(*steps, **more), {"helped": True}, objecting=True) == days


@settings(
    max_examples=150, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(small_tables())
def test_objections_never_make_it_shorter_and_more_days_never_either(written: dict[str, Any]) -> None:
    service = read_table(written)
    slower = read_table({**written, "step": [
        one | ({"days": one["days"] + 2} if one["mode"] == "review" else {}) for one in written["step"]
    ]})  # fmt: skip

    for branch in branches(service):
        days = days_needed(service, branch)
        assert days <= days_needed(service, branch, objecting=True)
        assert days <= days_needed(slower, branch)
