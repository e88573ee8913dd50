"""The plan of one application for several services, before anything is filled in, and what must stay apart."""

from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.sequence import in_sequence
from services.core.together import apart, chosen_services, plan_together
from tests.core.a_service import CENTRES, centre, condition, definition, question, requirement, said, step
from tests.core.test_bundles import look, member, sign

ALL = ("service-a", "service-b", "service-c")
ASKED = {"service-b", "service-c"}


def days(*members: Any) -> dict[str, tuple[int, int]]:
    return {one.service: (one.starts, one.ends) for one in plan_together(members, CENTRES).members}


def test_r7_8_members_are_taken_by_the_answers_and_any_can_be_left_out() -> None:
    assert chosen_services(ALL, ASKED, {}) == ("service-a",)
    assert chosen_services(ALL, ASKED, {"service-b": True, "service-c": False}) == ALL[:2]
    assert chosen_services(ALL, ASKED, dict.fromkeys(ASKED, True), ["service-a"]) == ALL[1:]


def test_r7_6_the_plan_is_as_long_as_its_longest_chain() -> None:
    five, ten, seven = member("a", look(5)), member("b", look(10)), member("c", look(7), needs="a")
    assert plan_together([five, ten, seven], CENTRES).days == 12
    assert days(five, ten, seven) == {"service-a": (0, 5), "service-b": (0, 10), "service-c": (5, 12)}
    assert plan_together([five, ten], CENTRES).days == 10


def test_r7_3_a_fact_that_several_ask_for_is_asked_once() -> None:
    """|A| + |B| - n, for n facts in common."""
    a = member("a", look(1), question=[question("application.name"), question("application.amount")])
    b = member("b", look(1), question=[question("application.name"), question("application.opens_on")])
    both = [one.fact for one in plan_together([a, b], CENTRES).asked]
    assert len(both) == len(a.questions) + len(b.questions) - 1
    assert len(both) == len(set(both))


def test_r7_3_what_one_asks_for_without_fail_is_asked_without_fail() -> None:
    a = member("a", look(1), question=[question("application.name", optional=True)])
    b = member("b", look(1), question=[question("application.name")])
    [asked] = [one for one in plan_together([a, b], CENTRES).asked if one.fact == "application.name"]
    assert not asked.optional


def test_r7_4_what_an_earlier_member_issues_is_told_as_such_and_nothing_is_listed_twice() -> None:
    plan = plan_together([member("a", look(1)), member("b", look(1), needs="a")], CENTRES)
    assert [(one.kind.code, one.service) for one in plan.obtained if one.service] == [
        ("paper-a", "service-a")
    ]
    codes = [one.kind.code for one in plan.obtained]
    assert len(codes) == len(set(codes))


def test_a_member_that_waits_for_the_joint_visit_is_told_to_have_its_promise_suspended() -> None:
    """Design §7: the plan says so; both sign on the day on which the last of them is ready."""
    early, late = member("a", sign(), look(2, "look", "sign")), member("b", look(5), sign("look"))
    plan = plan_together([early, late], CENTRES)
    assert (plan.visit_on, plan.attends) == (5, True)
    assert [(one.service, one.waits) for one in plan.suspended] == [("service-a", 5)]
    assert plan.centres


def test_the_plan_says_whose_promise_a_look_at_copies_may_break() -> None:
    """R7.5: acceptance dates from the day of receipt, so that the look is within what is promised."""
    copy = {"requirements": definition(requirement=[requirement("floor-plan")]).requirements}
    looked_at = replace(member("a", look(3)), promised=6, **copy)
    plan = plan_together([looked_at, member("b", look(1))], CENTRES, look_days=5)
    assert [(one.service, one.late) for one in plan.looked_at] == [("service-a", 2)]
    roomy = replace(looked_at, promised=8)
    assert plan_together([roomy, member("b", look(1))], CENTRES, look_days=5).looked_at == ()
    # one that is applied for alone is accepted when its office has looked
    assert plan_together([looked_at], CENTRES, look_days=5).looked_at == ()
    # where acceptance is the visit, nobody looks before
    at_visit = replace(member("a", sign(), look(3, "look", "sign")), promised=6, **copy)
    assert plan_together([at_visit, member("b", look(1))], CENTRES, look_days=5).looked_at == ()


def test_nobody_attends_where_no_member_has_a_counter() -> None:
    plan = plan_together([member("a", look(1))], CENTRES)
    assert (plan.attends, plan.visit_on, plan.centres, plan.suspended) == (False, None, (), ())


def test_fees_are_added_up_and_those_that_depend_on_answers_are_told_apart() -> None:
    fee = {"amount": "80.00", "legal_basis": "Fees Law art. 1", "item": said("A fee")}
    plan = plan_together([member("a", look(1), fee=fee), member("b", look(1), fee=fee)], CENTRES)
    assert (plan.fees, plan.perhaps) == (Decimal("160.00"), ())


def test_services_that_no_one_place_can_do_are_apart_and_what_nobody_attends_goes_along() -> None:
    """Issue §1: each application of a basket has one visit at the most."""
    here = member("a", sign())
    there = member("b", step("exam", "counter", [], purpose="exam"))
    online = member("c", look(1), needs="b")
    places = [centre("hall", "signature"), centre("school", "exam")]
    assert apart([here, there, online], places) == (("service-a",), ("service-b", "service-c"))
    assert apart([here, online], places) == (("service-a", "service-c"),)


def test_what_a_person_and_what_a_business_applies_for_are_apart_unless_it_is_founded_by_it() -> None:
    for_person, for_business = (
        member("a", look(1)),
        member("b", look(1), applicant="business", audience="business"),
    )
    assert apart([for_person, for_business], CENTRES) == (("service-a",), ("service-b",))


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_r7_5_of_two_that_want_each_others_result_the_first_does_without(order: tuple[str, str]) -> None:
    members = {"a": member("a", look(1), needs="b"), "b": member("b", look(1), needs="a")}
    first, second = (members[one] for one in order)
    assert in_sequence([first, second]) == {first.code: (), second.code: (first.code,)}


def test_what_only_some_situations_need_is_told_apart() -> None:
    big = {"conditions": {"big": condition({"==": [{"var": "application.wants_help"}, True]})}}
    helps = [question("application.wants_help"), question("application.name", when="big")]
    plan = plan_together([member("a", look(1), question=helps, **big)], CENTRES)
    assert [(one.fact, bool(one.when)) for one in plan.asked] == [
        ("application.wants_help", False),
        ("application.name", True),
    ]
    assert plan.sometimes == ()
    needing = member("b", look(1), needs="a", question=helps, **big)
    sometimes = replace(needing, requirements=(replace(needing.requirements[0], when="big"),))
    plan = plan_together([sometimes], CENTRES)
    assert ([one.code for one in plan.sometimes], plan.obtained) == (["paper-a"], ())


@given(
    chains=st.tuples(st.sampled_from(["", "a"]), st.sampled_from(["", "a", "b", "ab"])),
    lengths=st.tuples(*[st.integers(min_value=1, max_value=8)] * 3),
    visits=st.tuples(*[st.booleans()] * 3),
)
def test_r7_6_the_order_in_which_services_are_put_together_changes_no_day(
    chains: tuple[str, str], lengths: tuple[int, int, int], visits: tuple[bool, bool, bool]
) -> None:
    """R7.5: who comes after whom lies in what they require of each other, not in what was clicked first."""
    steps = [
        [look(long), *([sign("look")] if visit else [])] for long, visit in zip(lengths, visits, strict=True)
    ]
    members = [
        member(name, *own, needs=before)
        for name, own, before in zip("abc", steps, ("", *chains), strict=True)
    ]
    whole = plan_together(members, CENTRES)
    for order in permutations(members):
        plan = plan_together(order, CENTRES)
        assert days(*order) == days(*members)
        assert (plan.days, plan.visit_on) == (whole.days, whole.visit_on)
        assert {one.service: set(one.after) for one in plan.members} == {
            one.service: set(one.after) for one in whole.members
        }
