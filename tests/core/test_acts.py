"""What people may do to a case, and what they are refused."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from services.core import acts
from services.core.casefile import CaseFile, Concern, StepOutcome
from services.core.evidence import Outcome, Source
from services.core.refusal import Refusal
from services.core.routing import route_case
from services.core.states import STAFF, CannotMove, CaseState, NotYourMove, Role, Verdict
from tests.core.a_service import (
    MONDAY,
    answered,
    condition,
    definition,
    held,
    law,
    question,
    received,
    requirement,
    said,
    shelf,
    step,
)  # fmt: skip

DUE = date(2026, 3, 30)
LOOK, DECIDE, SIGN = step("look", "review"), step("decide", "decision", ["look"]), step("sign", "counter")
NO_DEED = answered("deed", Outcome.NO_RECORD)
COPY = held("floor-plan", Source.UPLOAD)


def routed(case: CaseFile, **changes: Any) -> CaseFile:
    """Return the case routed as far as it goes, with these changes made first."""
    return route_case(case.after(**changes), law()).case


def at(step_code: str, *steps: Any) -> CaseFile:
    """Return a case at the open step of this code."""
    case = routed(received(definition(*steps)))
    assert case.is_open(case.definition.step[step_code])
    return case


def incomplete(**more: Any) -> CaseFile:
    """Return a case whose deed and floor plan are missing, waiting to be accepted."""
    wanted = [requirement("deed"), requirement("floor-plan", **more)]
    return routed(received(definition(LOOK, DECIDE, requirement=wanted), NO_DEED))


# Acceptance and correction


@pytest.mark.parametrize("role", Role)
def test_offices_accept_and_decline_and_nobody_else_declines(role: Role) -> None:
    case = incomplete()

    if role in STAFF:
        assert acts.decline(case, role=role).state is CaseState.DECLINED
    else:
        with pytest.raises(NotYourMove):
            acts.decline(case, role=role)
    if role in STAFF | {Role.WORKER}:
        assert acts.accept(case, role=role).accepted_on == MONDAY
    else:
        with pytest.raises(NotYourMove):
            acts.accept(case, role=role)


def test_nobody_accepts_before_the_visit_where_the_visit_is_acceptance() -> None:
    with pytest.raises(acts.NothingToDo):
        acts.accept(at("sign", SIGN), role=Role.CLERK)


def test_r2_4_a_correction_asks_for_everything_at_once() -> None:
    case = incomplete()

    notice = acts.request_correction(case, items=["deed", "floor-plan", "deed"], due_on=DUE, role=Role.CLERK)

    assert notice.state is CaseState.CORRECTION_REQUESTED
    assert notice.correction is not None
    assert (notice.correction.items, notice.correction.due_on) == (("deed", "floor-plan"), DUE)
    with pytest.raises(acts.NoticeIncomplete, match="floor-plan"):
        acts.request_correction(case, items=["deed"], due_on=DUE, role=Role.CLERK)


def test_r5_7_what_may_come_later_need_not_be_asked_for_now() -> None:
    case = incomplete(deferrable=True)

    assert acts.request_correction(case, items=["deed"], due_on=DUE, role=Role.CLERK).correction is not None


@pytest.mark.parametrize("item", ["crown", "id-card"])
def test_r1_5_nothing_outside_the_definition_is_asked(item: str) -> None:
    with pytest.raises(acts.NotRequired):
        acts.request_correction(incomplete(), items=["deed", "floor-plan", item], due_on=DUE, role=Role.CLERK)


def test_r3_1_what_a_register_may_still_tell_is_not_asked() -> None:
    service = definition(LOOK, requirement=[requirement("deed"), requirement("floor-plan")])
    case = routed(received(service, answered("deed", Outcome.DOWN)))

    with pytest.raises(acts.NotRequired):
        acts.request_correction(case, items=["deed", "floor-plan"], due_on=DUE, role=Role.CLERK)


def test_a_copy_that_is_no_good_can_be_asked_for_again_but_nothing_is_not_a_notice() -> None:
    case = routed(received(definition(requirement=[requirement("floor-plan")]), COPY))

    assert (
        acts.request_correction(case, items=["floor-plan"], due_on=DUE, role=Role.CLERK).correction
        is not None
    )
    with pytest.raises(acts.NothingToDo):
        acts.request_correction(case, items=[], due_on=DUE, role=Role.CLERK)


def test_r2_5_there_is_one_notice_only() -> None:
    notice = acts.request_correction(incomplete(), items=["deed", "floor-plan"], due_on=DUE, role=Role.CLERK)
    back = routed(acts.answer_correction(notice))

    with pytest.raises(acts.OneNoticeOnly):
        acts.request_correction(back, items=["deed"], due_on=DUE, role=Role.CLERK)
    # what is still wrong can be declined, with the reason (R2.8)
    assert acts.decline(back, role=Role.CLERK).state is CaseState.DECLINED


def test_only_the_applicant_answers_and_only_when_asked() -> None:
    with pytest.raises(CannotMove):
        acts.answer_correction(incomplete())
    with pytest.raises(acts.NothingToDo):
        acts.answer_correction(incomplete().after(state=CaseState.CORRECTION_REQUESTED))


# Withdrawing


@pytest.mark.parametrize("state", CaseState)
def test_one_can_withdraw_until_the_decision(state: CaseState) -> None:
    case = incomplete().after(state=state)

    if state in ("received", "correction_requested", "accepted", "in_review", "paused"):
        assert acts.withdraw(case).state is CaseState.WITHDRAWN
    else:
        with pytest.raises(CannotMove):
            acts.withdraw(case)


# Steps


@pytest.mark.parametrize(
    ("case", "code", "allowed"),
    [
        (at("look", LOOK), "look", {"done", "against"}),
        (at("site", step("site", "inspection")), "site", {"done", "against"}),
        # an unfavorable decision is a refusal, which is signed with its reasons
        (at("decide", step("decide", "decision")), "decide", {"done"}),
        # a waiting period ends by the calendar, never by hand
        (at("publish", step("publish", "auto", days=5)), "publish", set()),
        (at("post", step("issue", "issue"), step("post", "deliver", ["issue"])), "post", {"done"}),
    ],
)
@pytest.mark.parametrize("outcome", StepOutcome)
def test_a_step_ends_only_as_a_step_of_its_mode_can(
    case: CaseFile, code: str, allowed: set[str], outcome: StepOutcome
) -> None:
    if outcome in allowed:
        assert acts.end_step(case, step=code, outcome=outcome).steps[code].outcome is outcome
    else:
        with pytest.raises(acts.EndsOtherwise):
            acts.end_step(case, step=code, outcome=outcome)


@pytest.mark.parametrize("code", ["decide", "issue", "nothing"])
def test_what_is_not_open_is_not_ended(code: str) -> None:
    with pytest.raises(acts.NothingToDo):
        acts.end_step(at("look", LOOK, DECIDE), step=code, outcome=StepOutcome.DONE)


def test_a_step_is_ended_once() -> None:
    once = acts.end_step(at("look", LOOK, DECIDE), step="look", outcome=StepOutcome.DONE)

    with pytest.raises(acts.NothingToDo):
        acts.end_step(once, step="look", outcome=StepOutcome.AGAINST)


ENDINGS: list[Callable[[CaseFile], CaseFile]] = [
    lambda case: acts.end_step(case, step="look", outcome=StepOutcome.DONE),
    lambda case: acts.refuse(case, role=Role.REVIEWER),
    lambda case: acts.let_pass(case.after(concern=Concern.OBJECTION)),
    lambda case: acts.accept(case, role=Role.CLERK),
    lambda case: acts.withdraw(case),
]


@pytest.mark.parametrize("act", ENDINGS)
@pytest.mark.parametrize(
    "state", [CaseState.WITHDRAWN, CaseState.LAPSED, CaseState.DECLINED, CaseState.CLOSED]
)
def test_nothing_is_done_to_a_case_that_is_over(
    act: Callable[[CaseFile], CaseFile], state: CaseState
) -> None:
    with pytest.raises(Refusal):
        act(at("look", LOOK).after(state=state))


# The visit


def test_a_visit_ends_the_counter_step_and_is_counted() -> None:
    kept = acts.attend_visit(at("sign", SIGN), step="sign", outcome=StepOutcome.DONE)

    assert (kept.visits, kept.steps["sign"].outcome, kept.state) == (1, StepOutcome.DONE, CaseState.ACCEPTED)


def test_who_came_in_vain_is_counted_and_served_later_at_the_same_visit_is_counted_once() -> None:
    """R8.2, R8.4"""
    came = acts.attend_in_vain(at("sign", SIGN))
    assert (came.visits, came.steps["sign"].outcome) == (1, StepOutcome.OPEN)

    served = acts.attend_visit(came, step="sign", outcome=StepOutcome.DONE, goes_on=True)
    assert (served.visits, served.steps["sign"].outcome) == (1, StepOutcome.DONE)


def test_nobody_attends_a_review_or_a_visit_twice() -> None:
    kept = acts.attend_visit(at("sign", SIGN), step="sign", outcome=StepOutcome.DONE)

    with pytest.raises(acts.NothingToDo):
        acts.attend_visit(kept, step="sign", outcome=StepOutcome.DONE)
    with pytest.raises(acts.NothingToDo):
        acts.attend_visit(at("look", LOOK), step="look", outcome=StepOutcome.DONE)


def test_the_counter_step_that_is_open_or_none() -> None:
    assert acts.counter_step(at("sign", SIGN)) == "sign"
    with pytest.raises(acts.NothingToDo):
        acts.counter_step(at("look", LOOK))


# Decisions


@pytest.mark.parametrize("role", Role)
def test_r15_8_only_a_person_of_an_office_refuses(role: Role) -> None:
    case = at("look", LOOK)

    if role in STAFF:
        refused = acts.refuse(case, role=role)
        assert (refused.state, refused.verdict, refused.decided_on) == (
            CaseState.DECIDED,
            Verdict.REFUSED,
            MONDAY,
        )
    else:
        with pytest.raises(NotYourMove):
            acts.refuse(case, role=role)


def test_a_case_refused_before_its_visit_is_accepted_and_decided() -> None:
    refused = acts.refuse(at("sign", SIGN), role=Role.REVIEWER)

    assert (refused.accepted_on, refused.state, refused.visits) == (MONDAY, CaseState.DECIDED, 0)


@pytest.mark.parametrize("state", [CaseState.CORRECTION_REQUESTED, CaseState.PAUSED, CaseState.DECIDED])
def test_what_is_not_before_the_office_is_not_refused(state: CaseState) -> None:
    with pytest.raises(CannotMove):
        acts.refuse(at("look", LOOK).after(state=state), role=Role.REVIEWER)


# Letting pass

_KIND = {"var": "application.kind"}
KINDS = {
    "conditions": {code: condition({"==": [_KIND, code]}) for code in ("shop", "farm")},
    "question": [question("application.kind", optional=True)],
}
EITHER = definition(step("site", "inspection", when="shop"), step("vet", "inspection", when="farm"), **KINDS)


def test_nothing_is_let_pass_that_nobody_asked_about() -> None:
    with pytest.raises(acts.NothingToDo):
        acts.let_pass(at("look", LOOK))


def test_what_an_officer_objected_to_can_be_overcome_by_another() -> None:
    against = routed(acts.end_step(at("look", LOOK), step="look", outcome=StepOutcome.AGAINST))

    passed = acts.let_pass(against)

    assert (passed.steps["look"].outcome, passed.concern) == (StepOutcome.OVERCOME, None)
    assert routed(passed).verdict is Verdict.GRANTED


def test_what_could_not_be_told_is_determined_all_of_it_and_then_stands() -> None:
    case = routed(received(EITHER))

    passed = acts.let_pass(case, determined={"shop": True, "farm": False})

    assert passed.determined == {"shop": True, "farm": False}
    # a farm after all? The route of the case stands
    assert routed(passed, facts={"application.kind": "farm"}).truths == {"shop": True, "farm": False}
    with pytest.raises(acts.Undetermined, match="farm"):
        acts.let_pass(case, determined={"shop": True})


def test_no_applicant_is_determined_to_be_what_nobody_can_be() -> None:
    with pytest.raises(acts.NotPossible, match="shop, farm"):
        acts.let_pass(routed(received(EITHER)), determined={"shop": True, "farm": True})


def test_what_is_known_is_not_determined() -> None:
    case = received(EITHER, facts={"application.kind": "shop"}, concern=Concern.OBJECTION)

    for code in ("shop", "nothing"):
        with pytest.raises(acts.NotRequired):
            acts.let_pass(case, determined={code: False})


def test_a_copy_nobody_checked_can_be_let_pass_but_nothing_stands_in_for_what_is_missing() -> None:
    service = definition(step("decide", "decision"), SIGN | {"after": ["decide"]}, requirement=[
        requirement("floor-plan"), requirement("household"),
    ])  # fmt: skip
    none = answered("household", Outcome.NO_RECORD)
    case = routed(acts.accept(routed(received(service, none)), role=Role.CLERK))
    copied = case.after(shelves={"applicant": shelf(COPY, none)})

    assert case.concern is Concern.MISSING
    with pytest.raises(acts.StillMissing, match="floor-plan"):
        acts.let_pass(case)
    # what will be seen at the visit is not missing
    assert acts.let_pass(copied).concern is None


# Paying


def test_paying_twice_is_paying_once() -> None:
    fee = {"amount": "80.00", "legal_basis": "Fees Law", "item": said("Permit")}
    case = routed(received(definition(fee=fee)))

    assert acts.pay(acts.pay(case)) == acts.pay(case)
    assert routed(acts.pay(case)).state is CaseState.CLOSED
