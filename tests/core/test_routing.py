"""Where a case goes: each paragraph of the law that routing follows, on cases of a small prefecture."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.core import acts
from services.core.casefile import CaseFile, Concern, Correction, StepOutcome, StepRecord, accepts_at_visit
from services.core.deadlines import look_again_on
from services.core.effects import Event
from services.core.evidence import Outcome, Shelf, Source
from services.core.routing import MOST_EFFECTS, CannotRoute, fee_ends, next_effect, route_case
from services.core.states import CaseState, Role, Verdict
from services.core.waiting import awaited
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

LOOK, DECIDE = step("look", "review", days=3), step("decide", "decision", ["look"])
SIGN = step("sign", "counter")
WANTS_HELP = {"conditions": {"helped": condition({"==": [{"var": "application.wants_help"}, True]})},
              "question": [question("application.wants_help")]}  # fmt: skip
DEED = {"requirement": [requirement("deed")]}
PLAN = {"requirement": [requirement("floor-plan")]}
FEE = {"fee": {"amount": "80.00", "legal_basis": "Fees Law", "item": said("Permit")}}
NO_DEED, DEED_DOWN = answered("deed", Outcome.NO_RECORD), answered("deed", Outcome.DOWN)
COPY = held("floor-plan", Source.UPLOAD)


def events(case: CaseFile) -> list[str]:
    """Return what routing makes happen, with the step it happens to."""
    return [f"{one.event}:{one.step}".rstrip(":") for one in route_case(case, law()).effects]


def routed(case: CaseFile, **changes: Any) -> CaseFile:
    """Return the case routed as far as it goes, with these changes made first."""
    return route_case(case.after(**changes), law()).case


def in_review(*steps: Any, **changes: Any) -> CaseFile:
    """Return a case that needs no evidence, on its way through these steps."""
    return routed(received(definition(*steps), **changes))


# Acceptance


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


# The steps


def test_steps_in_parallel_end_in_any_order_with_one_result() -> None:
    one, other = step("one", "review"), step("other", "review", organisation="tax")
    case = in_review(one, other)

    def ended(*order: str) -> CaseFile:
        there = case
        for code in order:
            there = routed(acts.end_step(there, step=code, outcome=StepOutcome.DONE))
        return there

    assert sorted(awaited(case)) == ["office:police:one", "office:tax:other"]
    assert dict(ended("one", "other").steps) == dict(ended("other", "one").steps)
    assert ended("one", "other").state is ended("other", "one").state is CaseState.CLOSED


def test_a_step_that_is_no_part_of_the_route_holds_nothing_up_but_what_lies_before_it_does() -> None:
    site = step("site", "inspection", ["look"], when="helped")
    service = definition(LOOK, site, step("decide", "decision", ["site"]), **WANTS_HELP)
    case = routed(received(service, facts={"application.wants_help": False}))

    done = routed(acts.end_step(case, step="look", outcome=StepOutcome.DONE))

    # the decision waits for the review, although the step between them is left out
    assert set(case.steps) == {"look"}
    assert set(done.steps) == {"look", "decide"}


def test_r13_4_what_waited_for_a_period_has_the_day_after_its_last_day_as_its_first() -> None:
    publish, decide = step("publish", "auto", days=5), step("decide", "decision", ["publish"], days=2)
    tuesday, wednesday = date(2026, 3, 10), date(2026, 3, 11)

    case = routed(in_review(publish, decide), on=tuesday)

    # five days to Monday and two to Wednesday: the seven that were proved
    assert case.steps["decide"].until == wednesday == law().working_days(MONDAY, 7)
    # a period that ends on a Friday ends before the weekend does
    friday = in_review(step("publish", "auto", days=4), decide)
    assert routed(friday, on=date(2026, 3, 7)).steps["decide"].until == tuesday
    # an officer who ends their work today leaves the days from tomorrow on
    both = in_review(publish, LOOK, decide | {"after": ["publish", "look"]})
    both = routed(both, on=tuesday)
    ended = routed(acts.end_step(both, step="look", outcome=StepOutcome.DONE))
    assert ended.steps["decide"].until == date(2026, 3, 12)


def test_a_waiting_period_ends_by_the_calendar() -> None:
    case = in_review(step("publish", "auto", days=5))

    assert (case.steps["publish"].until, awaited(case)) == (date(2026, 3, 9), ["day:publish"])
    assert look_again_on(case, law()) == date(2026, 3, 10)
    assert events(case.after(on=date(2026, 3, 9))) == []
    assert events(case.after(on=date(2026, 3, 10)))[0] == "step_ended:publish"


def test_a_check_passes_or_a_person_looks() -> None:
    service = definition(step("check", "auto", check="helped"), **WANTS_HELP)

    passed = route_case(received(service, facts={"application.wants_help": True}), law())
    failed = route_case(received(service, facts={"application.wants_help": False}), law())
    unknown = route_case(received(service), law())

    assert passed.case.state is CaseState.CLOSED
    assert (failed.case.steps["check"].outcome, failed.case.concern) == (
        StepOutcome.AGAINST,
        Concern.OBJECTION,
    )
    assert (unknown.case.steps["check"].outcome, unknown.case.concern) == (
        StepOutcome.UNDECIDED,
        Concern.OBJECTION,
    )
    assert awaited(failed.case) == ["office:market:concern"]


def test_r15_8_whatever_goes_wrong_the_machine_never_refuses() -> None:
    service = definition(step("check", "auto", check="helped"), **WANTS_HELP)
    case = routed(received(service, facts={"application.wants_help": False}))

    for day in range(1, 400):
        case = routed(case, on=MONDAY + timedelta(days=day))

    assert (case.state, case.verdict, case.concern) == (CaseState.IN_REVIEW, None, Concern.OBJECTION)
    assert routed(acts.refuse(case, role=Role.REVIEWER)).state is CaseState.CLOSED


def test_unknown_never_skips_and_never_grants() -> None:
    service = definition(step("site", "inspection", when="helped"), **WANTS_HELP)
    case = routed(received(service))

    assert (case.state, case.concern, dict(case.steps)) == (CaseState.IN_REVIEW, Concern.UNKNOWN, {})
    assert events(acts.let_pass(case, determined={"helped": True})) == ["step_begun:site"]
    assert routed(acts.let_pass(case, determined={"helped": False})).state is CaseState.CLOSED


def test_an_unknown_result_is_not_given() -> None:
    case = routed(received(definition(step("issue", "issue", when="helped"), **WANTS_HELP)))

    assert (case.verdict, case.concern) == (None, Concern.UNKNOWN)


def test_unknown_waits_for_the_register_that_may_tell_up_to_the_promised_day() -> None:
    adult = condition(
        {">=": [{"years": [{"var": "person.birth_date"}, {"var": "application.filed_on"}]}, 18]}
    )
    service = definition(
        step("site", "inspection", when="adult"),
        conditions={"adult": adult},
        requirement=[requirement("id-card")],
    )
    case = acts.accept(routed(received(service, answered("id-card", Outcome.DOWN))), role=Role.CLERK)
    waiting = routed(case)

    known = waiting.after(facts={**case.facts, "person.birth_date": "1990-01-01"})

    assert (waiting.concern, look_again_on(waiting, law())) == (None, date(2026, 3, 17))
    assert routed(waiting, on=date(2026, 3, 17)).concern is Concern.UNKNOWN
    assert events(known) == ["step_begun:site"]
    # and what becomes known lifts the question
    late = routed(waiting, on=date(2026, 3, 17)).after(facts=known.facts)
    assert events(late) == ["concern_lifted", "step_begun:site"]


# Decisions


def test_r5_3_accepted_with_a_gap_nothing_is_decided_before_it_is_filled() -> None:
    service = definition(LOOK, DECIDE, **PLAN)
    case = routed(acts.accept(routed(received(service)), role=Role.CLERK))

    looked = routed(acts.end_step(case, step="look", outcome=StepOutcome.DONE))
    filled = looked.after(shelves={"applicant": shelf(held("floor-plan", Source.UPLOAD, checked=True))})

    assert (looked.concern, "decide" in looked.steps) == (Concern.MISSING, False)
    with pytest.raises(acts.StillMissing):
        acts.let_pass(looked)
    assert events(filled) == ["concern_lifted", "step_begun:decide"]


def test_an_objection_is_looked_at_when_the_offices_are_done_but_nobody_comes_in_for_nothing() -> None:
    other = step("other", "review", organisation="tax")
    both = in_review(step("one", "review"), other)
    visit = in_review(LOOK, SIGN)

    first = acts.end_step(both, step="one", outcome=StepOutcome.AGAINST)
    spared = acts.end_step(visit, step="look", outcome=StepOutcome.AGAINST)

    assert events(first) == []
    assert events(acts.end_step(first, step="other", outcome=StepOutcome.DONE)) == ["concern_raised"]
    assert events(spared) == ["concern_raised"]
    assert acts.refuse(routed(spared), role=Role.REVIEWER).visits == 0


def test_after_an_objection_nothing_new_begins_until_a_person_has_let_it_pass() -> None:
    case = in_review(LOOK, DECIDE)

    against = routed(acts.end_step(case, step="look", outcome=StepOutcome.AGAINST))

    assert set(against.steps) == {"look"}
    assert events(acts.let_pass(against)) == ["step_begun:decide"]


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


# Several parties


def test_what_a_party_needs_is_settled_from_their_own_shelf() -> None:
    wife = {"role": "wife", "kind": "person", "name": said("Wife"), "signs": "account",
            "identified_by": ["application.spouse_name"]}  # fmt: skip
    service = definition(
        party=[wife], question=[question("application.spouse_name", "wife")],
        requirement=[requirement("deed"), requirement("deed", code="hers", party="wife")],
    )  # fmt: skip
    mine = received(service, held("deed"), shelves={"wife": Shelf()})
    both = received(service, held("deed"), shelves={"wife": shelf(held("deed"))})

    assert mine.settlements["hers"].fetch == ("deed",)
    assert routed(both).state is CaseState.CLOSED


# Coming to rest


def test_a_case_that_does_not_come_to_rest_is_set_aside() -> None:
    chain = [step(f"s{n}", "auto", [f"s{n - 1}"] if n else []) for n in range(MOST_EFFECTS)]

    with pytest.raises(CannotRoute, match="shop-permit does not come to rest"):
        route_case(received(definition(*chain)), law())


def test_an_open_step_waits_for_its_office_and_for_nothing_else() -> None:
    case = in_review(LOOK)

    assert case.steps["look"] == StepRecord(StepOutcome.OPEN, MONDAY, date(2026, 3, 5))
    assert events(case.after(on=date(2027, 6, 1))) == []
