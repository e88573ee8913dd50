"""Where a case goes: each paragraph of the law that its steps and decisions follow, in a small prefecture."""

from datetime import date, timedelta

import pytest

from services.core import acts
from services.core.casefile import CaseFile, Concern, StepOutcome, StepRecord
from services.core.deadlines import look_again_on
from services.core.evidence import Outcome, Shelf, Source
from services.core.routing import MOST_EFFECTS, CannotRoute, route_case
from services.core.states import CaseState, Role
from services.core.waiting import awaited
from tests.core.a_route import DECIDE, LOOK, PLAN, SIGN, WANTS_HELP, events, in_review, routed
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
