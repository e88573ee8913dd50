"""When a case is accepted: what is complete at once, what is not by its office, by silence or at the visit."""

from datetime import date

from services.core import acts
from services.core.casefile import Correction, StepOutcome, accepts_at_visit
from services.core.deadlines import look_again_on
from services.core.effects import Event
from services.core.evidence import Source
from services.core.routing import route_case
from services.core.states import CaseState, Role, Verdict
from services.core.waiting import awaited
from tests.core.a_route import COPY, DECIDE, DEED, DEED_DOWN, LOOK, PLAN, SIGN, events, routed
from tests.core.a_service import (
    MONDAY,
    definition,
    held,
    law,
    received,
    shelf,
    step,
)  # fmt: skip


def test_what_is_complete_is_accepted_reviewed_granted_and_issued_in_one_go() -> None:
    route = route_case(received(definition(**DEED), held("deed")), law())

    assert [one.event for one in route.effects] == [
        Event.ACCEPTED, Event.REVIEW_BEGUN, Event.DECIDED, Event.ISSUED, Event.DELIVERED, Event.CLOSED,
    ]  # fmt: skip
    assert (route.case.verdict, route.case.accepted_on, route.case.decided_on) == (
        Verdict.GRANTED,
        MONDAY,
        MONDAY,
    )
    assert route.look_again_on is None


def test_r3_1_evidence_is_sought_first_and_once() -> None:
    case = received(definition(**DEED))

    first = route_case(case, law())

    assert [(one.event, one.kinds) for one in first.effects] == [(Event.EVIDENCE_SOUGHT, ("deed:deed",))]
    assert events(first.case) == []
    assert awaited(first.case) == ["register:deed"]


def test_r3_18_a_register_that_is_down_holds_up_neither_acceptance_nor_the_work_of_the_office() -> None:
    case = received(definition(LOOK, DECIDE, **DEED), DEED_DOWN)

    accepted = acts.accept(routed(case), role=Role.CLERK)

    assert events(case) == ["evidence_sought", "acceptance_asked"]
    assert events(accepted) == ["review_begun", "step_begun:look"]


def test_r2_4_silence_accepts_from_the_day_of_receipt() -> None:
    asked = routed(received(definition(LOOK, **PLAN), COPY))

    last_day = asked.acceptance_due
    deemed = routed(asked, on=date(2026, 3, 10))

    assert last_day == date(2026, 3, 9)
    assert events(asked.after(on=last_day)) == []
    assert events(asked.after(on=date(2026, 3, 10)))[0] == "deemed_accepted"
    assert (deemed.accepted_on, deemed.state) == (MONDAY, CaseState.IN_REVIEW)


def test_r2_4_also_where_no_register_ever_answered_and_nobody_looked() -> None:
    waiting = routed(received(definition(LOOK, **DEED)))

    assert look_again_on(waiting, law()) == date(2026, 3, 10)
    assert events(waiting.after(on=date(2026, 3, 10))) == [
        "deemed_accepted",
        "review_begun",
        "step_begun:look",
    ]


def test_r2_6_after_a_correction_the_office_has_its_days_again_and_acceptance_dates_from_the_answer() -> None:
    asked = routed(received(definition(LOOK, **PLAN)))
    notice = acts.request_correction(asked, items=["floor-plan"], due_on=date(2026, 3, 30), role=Role.CLERK)

    back = routed(acts.answer_correction(notice.after(on=date(2026, 3, 12))))

    assert back.acceptance_due == date(2026, 3, 19)
    assert routed(back, on=date(2026, 3, 20)).accepted_on == date(2026, 3, 12)


def test_r2_8_a_missed_correction_counts_as_withdrawn() -> None:
    notice = Correction(("floor-plan",), MONDAY, due_on=date(2026, 3, 30))
    case = received(definition(**PLAN), state=CaseState.CORRECTION_REQUESTED, correction=notice)

    assert events(case.after(on=date(2026, 3, 30))) == []
    assert look_again_on(case, law()) == date(2026, 3, 31)
    late = route_case(case.after(on=date(2026, 3, 31)), law())
    assert [(one.event, one.outcome) for one in late.effects] == [(Event.WITHDRAWN, "correction_missed")]
    assert late.case.state is CaseState.WITHDRAWN
    assert awaited(case) == ["applicant:correction"]


def test_acceptance_is_the_visit_where_it_comes_before_all_work_of_the_offices() -> None:
    checked = step("check", "auto")
    sign = step("sign", "counter", ["check"])

    assert accepts_at_visit(received(definition(checked, sign)))
    assert accepts_at_visit(received(definition(sign | {"after": []}, LOOK | {"after": ["sign"]})))
    assert not accepts_at_visit(received(definition(LOOK, step("sign", "counter", ["look"]))))
    # work beside the visit is not after it, and nobody reviews what was not accepted
    assert not accepts_at_visit(received(definition(LOOK, SIGN)))
    assert not accepts_at_visit(received(definition(LOOK)))


def test_a_case_accepted_at_the_visit_waits_for_it_and_not_for_a_task() -> None:
    waiting = routed(received(definition(SIGN, **PLAN)))

    kept = acts.attend_visit(waiting, step="sign", outcome=StepOutcome.DONE)
    seen = kept.after(shelves={"applicant": shelf(held("floor-plan", Source.SEEN))})

    assert (waiting.state, awaited(waiting)) == (CaseState.RECEIVED, ["applicant:visit"])
    assert routed(seen).state is CaseState.CLOSED
    assert (kept.state, kept.visits) == (CaseState.ACCEPTED, 1)
