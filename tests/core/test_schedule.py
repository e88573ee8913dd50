"""The offices' days on one branch: the longest way from acceptance to the result, and what objections add to it."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from services.core.branches import branches
from services.core.schedule import days_needed, days_with_joint_visit
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
        ([LOOK], 3 + 2),
        ([step("check", "auto", check="helped"), LOOK | {"after": ["check"]}], 3 + 4),
        # objections made side by side are looked at together
        ([LOOK, step("tax", "review", days=3)], 3 + 2),
        # decisions and waiting periods object to nothing
        ([step("publish", "auto", days=5), step("decide", "decision", ["publish"])], 6),
        # acceptance is the visit: what was objected to before it is not of the limit
        ([step("check", "auto", check="helped"), step("sign", "counter", ["check"]), LOOK | {"after": ["sign"]}],
         3 + 2),
    ],
)  # fmt: skip
def test_every_objection_takes_a_person_of_the_lead_office_as_many_days_as_the_law_says(
    steps: list[Any], days: int
) -> None:
    more = HELPED if any(one.get("check") for one in steps) else {}

    assert days_needed(definition(*steps, **more), {"helped": True}, concern_days=2) == days


@pytest.mark.parametrize(
    ("steps", "days"),
    [
        # nobody attends, so nobody waits
        ([LOOK], 3),
        # what lies after the visit goes on from its day; what lies beside it waits for nothing
        ([step("sign", "counter"), LOOK | {"after": ["sign"]}], 10 + 3),
        ([step("sign", "counter"), LOOK], 10),
        ([step("sign", "counter"), step("tax", "review", days=12)], 12),
        # ready only later: the visit is when it is ready
        ([step("tax", "review", days=12), step("sign", "counter", ["tax"])], 12),
    ],
)
def test_a_member_of_a_bundle_goes_on_from_the_day_of_the_joint_visit(steps: list[Any], days: int) -> None:
    assert days_with_joint_visit(definition(*steps), {}, visit_on=10) == days


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
        assert days <= days_needed(service, branch, concern_days=2)
        assert days <= days_needed(slower, branch)
        assert days <= days_with_joint_visit(service, branch, visit_on=4)
