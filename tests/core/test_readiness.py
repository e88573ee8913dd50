"""Nobody is called before all that must come first is expected to be there: one visit is enough."""

from datetime import date, timedelta

import pytest

from services.core import acts
from services.core.casefile import StepOutcome
from services.core.readiness import expected_end, expected_ready, ready_together
from tests.core.a_route import DEED, LOOK, PLAN, WANTS_HELP, in_review, routed
from tests.core.a_service import MONDAY, definition, law, received, step

SIGN_AFTER = step("sign", "counter", ["look"])
THURSDAY, FRIDAY, SATURDAY = (date(2026, 3, day) for day in (5, 6, 7))
ONE_DAY = timedelta(days=1)


def test_a_counter_that_is_open_waits_for_nothing():
    case = in_review(step("sign", "counter"), step("decide", "decision", ["sign"]))
    assert expected_ready(case, law()) == case.on == MONDAY


def test_a_counter_is_ready_on_the_morning_after_the_offices_before_it_have_used_their_days():
    case = in_review(LOOK, SIGN_AFTER)
    assert case.steps["look"].until == THURSDAY
    assert expected_ready(case, law()) == FRIDAY
    done = routed(acts.end_step(case, step="look", outcome=StepOutcome.DONE))
    assert expected_ready(done, law()) == done.on


def test_what_has_not_begun_has_all_its_days_before_it():
    case = in_review(LOOK, step("site", "inspection", ["look"], days=1), step("sign", "counter", ["site"]))
    assert expected_ready(case, law()) == SATURDAY


def test_nobody_attends_where_no_counter_is_left_or_the_case_has_ended():
    helped = step("sign", "counter", ["look"], when="helped")
    without = routed(
        received(definition(LOOK, helped, **WANTS_HELP), facts={"application.wants_help": False})
    )
    unknown = routed(received(definition(LOOK, helped, **WANTS_HELP)))
    assert expected_ready(without, law()) is None
    # Who may still have to come is not called too early.
    assert expected_ready(unknown, law()) == FRIDAY
    assert expected_ready(in_review(LOOK), law()) is None


def test_a_person_who_accepts_has_their_days_too():
    """R2.4: five working days to say that something is missing; only then do the others begin."""
    case = routed(received(definition(LOOK, SIGN_AFTER, **PLAN)))
    assert case.acceptance_due is not None
    assert expected_ready(case, law()) == law().working_days(case.acceptance_due, 3) + ONE_DAY


def test_the_result_is_expected_when_all_have_used_their_days_and_the_visit_was_kept_at_once():
    case = in_review(LOOK, SIGN_AFTER, step("decide", "decision", ["sign"], days=2))
    assert expected_end(case, law()) == law().working_days(THURSDAY, 2)


@pytest.mark.parametrize("listed", [("licence", "filing"), ("filing", "licence")])
def test_whoever_needs_anothers_certificate_is_ready_after_it(listed):
    """R7.5: the later one begins when the earlier one is done, in whichever order they are listed."""
    licence = routed(received(definition(LOOK, output={"certificate": "deed"})))
    filing = routed(received(definition(step("sign", "counter"), **DEED)))
    both = {"licence": licence, "filing": filing}
    ready = ready_together({code: both[code] for code in listed}, law())
    assert ready == {"filing": expected_end(licence, law()) + ONE_DAY}
