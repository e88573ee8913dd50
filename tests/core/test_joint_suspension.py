"""While a case waits for a joint visit, what was promised stands still; the law's limit does not (design §7)."""

from datetime import date, timedelta

from services.core.acts import attend_visit
from services.core.casefile import CaseFile, StepOutcome
from services.core.limits import promised_due, statutory_due
from services.core.pauses import Suspension
from services.core.routing import route_case
from tests.core.a_service import MONDAY, definition, law, received, step

LIMITS = {"limits": {"statutory": 20, "promised": 2}}
NEXT_MONDAY = MONDAY + timedelta(days=7)


def waiting(*, joint: bool) -> CaseFile:
    """Return a case that was accepted on a Monday and waits for its applicant from then on."""
    counter, look = step("sign", "counter"), step("look", "review")
    return route_case(received(definition(look, counter, **LIMITS), joint=joint), law()).case


def due(case: CaseFile) -> tuple[date, date]:
    return promised_due(case, law()).on, statutory_due(case, law()).on


def test_the_wait_takes_nothing_from_what_was_promised_and_everything_from_what_the_law_allows() -> None:
    """Design §7: five working days until the joint visit, and the promise ends five working days later."""
    alone, joint = (waiting(joint=one) for one in (False, True))
    assert joint.suspension == Suspension(MONDAY)
    served = attend_visit(joint.after(on=NEXT_MONDAY), step="sign", outcome=StepOutcome.DONE)
    assert served.suspension == Suspension(MONDAY, NEXT_MONDAY)
    promised, statutory = due(served)
    assert law().calendar.is_working(promised)
    assert promised == law().working_days(NEXT_MONDAY, 2)
    assert due(alone) == (law().working_days(MONDAY, 2), statutory)


def test_a_visit_of_its_own_suspends_nothing() -> None:
    assert waiting(joint=False).suspension is None


def test_while_it_waits_the_promise_reaches_as_far_as_the_visit_is_offered() -> None:
    joint = waiting(joint=True)
    offered = joint.steps["sign"].until
    assert offered is not None
    assert promised_due(joint, law()).on == law().working_days(offered, 2)
