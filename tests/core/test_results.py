"""How a case comes to its end: the visit on the way, the fee, and what is handed over or sent."""

from datetime import date, timedelta

import pytest

from services.core import acts
from services.core.casefile import CaseFile, Concern, StepOutcome
from services.core.deadlines import look_again_on
from services.core.effects import Event
from services.core.evidence import Outcome, Source
from services.core.routing import fee_ends, next_effect, route_case
from services.core.states import CaseState, Role, Verdict
from services.core.waiting import awaited
from tests.core.a_route import DEED, DEED_DOWN, FEE, LOOK, PLAN, SIGN, WANTS_HELP, events, in_review, routed
from tests.core.a_service import (
    MONDAY,
    answered,
    condition,
    definition,
    held,
    law,
    question,
    received,
    said,
    shelf,
    step,
)  # fmt: skip

# Visits (R8)


def test_r8_the_visit_is_offered_when_every_register_has_been_asked() -> None:
    service = definition(SIGN, **DEED)
    unasked = routed(received(service))
    told = unasked.after(shelves={"applicant": shelf(held("deed"), answered("deed", Outcome.FOUND))})

    assert awaited(unasked) == ["register:deed"]
    assert events(told) == ["visit_offered:sign"]
    assert events(unasked.after(shelves={"applicant": shelf(DEED_DOWN)})) == ["visit_offered:sign"]


def test_r8_a_visit_never_kept_lapses_after_its_days() -> None:
    case = routed(received(definition(SIGN)))
    until = case.steps["sign"].until

    assert until == date(2026, 3, 30)
    assert events(case.after(on=until)) == []
    late = route_case(case.after(on=date(2026, 3, 31)), law())
    assert [(one.event, one.outcome) for one in late.effects] == [(Event.LAPSED, "visit_not_kept")]


def test_a_failed_examination_ends_in_a_decision_and_never_in_a_second_visit() -> None:
    case = routed(received(definition(step("test", "counter", purpose="exam"))))

    failed = routed(acts.attend_visit(case, step="test", outcome=StepOutcome.FAILED))

    assert (failed.visits, failed.concern) == (1, Concern.OBJECTION)
    with pytest.raises(acts.OnlyRefusal):
        acts.let_pass(failed)
    assert routed(acts.refuse(failed, role=Role.REVIEWER)).verdict is Verdict.REFUSED


def test_after_the_visit_the_route_stands_whatever_is_disputed_later() -> None:
    shop = condition({"==": [{"var": "application.kind"}, "shop"]})
    farm = condition({"==": [{"var": "application.kind"}, "farm"]})
    service = definition(
        step("at-town", "counter", when="shop"), step("at-farm", "counter", when="farm"), LOOK | {"after": ["at-town"]},
        conditions={"shop": shop, "farm": farm}, question=[question("application.kind")],
    )  # fmt: skip
    case = routed(received(service, facts={"application.kind": "shop"}))

    kept = acts.attend_visit(case, step="at-town", outcome=StepOutcome.DONE)
    now_a_farm = routed(kept, facts={**case.facts, "application.kind": "farm"})

    assert set(now_a_farm.steps) == {"at-town", "look"}


def test_a_result_that_was_not_ready_at_the_visit_is_sent_and_nobody_comes_again() -> None:
    service = definition(
        step("sign", "counter"), **PLAN, output={"result": said("Card"), "handover": "visit"}
    )
    case = acts.attend_visit(routed(received(service)), step="sign", outcome=StepOutcome.DONE)
    card = {"applicant": shelf(held("floor-plan", Source.SEEN))}

    def handed_over(there: CaseFile) -> str:
        return next(one.outcome for one in route_case(there, law()).effects if one.event is Event.DELIVERED)

    assert handed_over(case.after(shelves=card)) == "visit"
    assert handed_over(routed(case).after(shelves=card, on=date(2026, 3, 5))) == "courier"


# Fees (R14.3)


def test_r14_3_a_fee_is_asked_after_acceptance_and_paid_before_the_result() -> None:
    unpaid = routed(received(definition(LOOK, **FEE)))
    decided = routed(acts.end_step(unpaid, step="look", outcome=StepOutcome.DONE))

    assert events(received(definition(LOOK, **FEE)))[:3] == ["accepted", "review_begun", "fee_asked"]
    assert awaited(unpaid) == ["office:police:look", "applicant:fee"]
    assert (decided.state, decided.verdict) == (CaseState.DECIDED, Verdict.GRANTED)
    assert events(acts.pay(decided)) == ["issued:issue", "delivered", "closed"]


def test_r14_3_an_unpaid_fee_lapses_after_the_days_of_grace() -> None:
    decided = routed(received(definition(**FEE)))
    last_day = fee_ends(MONDAY, law())

    assert look_again_on(decided, law()) == last_day + timedelta(days=1)
    assert events(decided.after(on=last_day)) == []
    lapsed = route_case(decided.after(on=last_day + timedelta(days=1)), law())
    assert [(one.event, one.outcome) for one in lapsed.effects] == [(Event.LAPSED, "fee_unpaid")]


def test_a_fee_that_hangs_on_a_condition_is_asked_only_when_it_holds_and_never_forgotten() -> None:
    service = definition(fee={**FEE["fee"], "when": "helped"}, **WANTS_HELP)

    owing = routed(received(service, facts={"application.wants_help": True}))
    free = routed(received(service, facts={"application.wants_help": False}))
    unknown = routed(received(service))

    assert (owing.state, owing.fee_asked_on) == (CaseState.DECIDED, MONDAY)
    assert (free.state, free.fee_asked_on) == (CaseState.CLOSED, None)
    assert (unknown.concern, unknown.fee_asked_on, unknown.verdict) == (Concern.UNKNOWN, None, None)
    assert routed(acts.let_pass(unknown, determined={"helped": True})).fee_asked_on == MONDAY


# After the decision


def test_a_courier_takes_the_result_and_the_case_closes_when_it_has_arrived() -> None:
    service = definition(
        step("issue", "issue"), step("post", "deliver", ["issue"]),
        output={"result": said("Card"), "handover": "courier"},
    )  # fmt: skip
    sent = routed(received(service))

    assert (sent.state, sent.steps["post"].until) == (CaseState.ISSUED, date(2026, 3, 16))
    assert look_again_on(sent, law()) is None
    arrived = acts.end_step(sent, step="post", outcome=StepOutcome.DONE)
    assert events(arrived) == ["delivered", "closed"]


def test_a_refusal_is_delivered_as_a_letter_and_owes_nothing() -> None:
    case = routed(received(definition(LOOK, **FEE)))

    assert events(acts.refuse(case, role=Role.REVIEWER)) == ["delivered", "closed"]


@pytest.mark.parametrize("state", [CaseState.CLOSED, CaseState.WITHDRAWN, CaseState.DECLINED])
def test_nothing_happens_by_itself_to_a_case_that_is_over(state: CaseState) -> None:
    case = in_review(step("publish", "auto", days=5)).after(state=state, on=date(2027, 1, 4))

    assert next_effect(case, law()) is None
    assert look_again_on(case, law()) is None
