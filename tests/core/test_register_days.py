"""A dead register delays nobody: the next is asked at once; after its days the applicant's own ways open (R3.18)."""

from datetime import date, timedelta

import pytest

from services.core.deadlines import look_again_on, register_ends
from services.core.evidence import Attempt, Outcome, Settlement, Shelf, Source, Standing
from services.core.routing import Event, route_case
from services.core.waterfall import settle_requirement
from tests.core.a_service import (
    MONDAY,
    SOMEBODY,
    definition,
    held,
    law,
    received,
    requirement,
    shelf,
    step,
)

THURSDAY, FRIDAY = MONDAY + timedelta(3), MONDAY + timedelta(4)
UPLOAD, SEEN = Source.UPLOAD, Source.SEEN


def failed(kind: str, outcome: Outcome = Outcome.DOWN, due: date | None = THURSDAY) -> Attempt:
    return Attempt(kind, SOMEBODY, outcome, asked_on=MONDAY, due=due)


def settle(*any_of: object, on: Shelf, day: date, visit_ahead: bool = False) -> Settlement:
    service = definition(step("sign", "counter"), requirement=[requirement(*any_of, code="it")])
    return settle_requirement(service.requirement["it"], service, on, on=day, visit_ahead=visit_ahead)


def test_a_register_is_waited_for_three_working_days_after_the_day_it_was_asked() -> None:
    assert register_ends(MONDAY, law()) == THURSDAY
    assert register_ends(FRIDAY, law()) == date(2026, 3, 11)


@pytest.mark.parametrize("outcome", [Outcome.DOWN, Outcome.DISTRUSTED])
def test_until_its_last_day_nothing_is_asked_of_the_applicant(outcome: Outcome) -> None:
    waiting = settle("deed", on=shelf(failed("deed", outcome)), day=THURSDAY)

    assert (waiting.standing, waiting.fetch, waiting.asks) == (Standing.FETCHING, ("deed",), ())


@pytest.mark.parametrize("outcome", [Outcome.DOWN, Outcome.DISTRUSTED])
def test_then_their_own_ways_open_and_the_register_is_asked_all_the_same(outcome: Outcome) -> None:
    late = settle("deed", on=shelf(failed("deed", outcome)), day=FRIDAY)

    assert (late.standing, late.fetch, late.asks) == (Standing.OPEN, ("deed",), (("deed", UPLOAD),))


def test_at_a_meeting_that_is_ahead_the_original_may_be_shown_instead() -> None:
    late = settle("deed", on=shelf(failed("deed")), day=FRIDAY, visit_ahead=True)
    promised = shelf(failed("deed"), promised=frozenset({"it"}))

    assert late.asks == (("deed", UPLOAD), ("deed", SEEN))
    assert settle("deed", on=promised, day=FRIDAY, visit_ahead=True).standing is Standing.AT_VISIT


def test_an_answer_that_comes_late_still_counts_and_asks_nothing_more() -> None:
    found = settle("deed", on=shelf(failed("deed"), held("deed")), day=FRIDAY)
    beside_a_copy = shelf(failed("deed"), held("deed", UPLOAD), held("deed"))

    assert (found.standing, found.asks) == (Standing.SETTLED, ())
    assert settle("deed", on=beside_a_copy, day=FRIDAY).source is Source.REGISTRY


def test_where_the_applicant_has_no_way_the_register_is_waited_for() -> None:
    assert settle("household", on=shelf(failed("household")), day=FRIDAY).standing is Standing.FETCHING


def test_a_draft_waits_for_nothing_and_is_asked_nothing() -> None:
    in_a_draft = failed("deed", due=None)

    assert settle("deed", on=shelf(in_a_draft), day=MONDAY + timedelta(60)).asks == ()


def test_the_next_register_is_asked_in_the_same_pass_and_the_one_that_failed_again() -> None:
    down = failed("deed")

    assert settle("deed", "household", on=shelf(), day=MONDAY).fetch == ("deed",)
    assert settle("deed", "household", on=shelf(down), day=MONDAY).fetch == ("deed", "household")
    assert settle("deed", "household", on=shelf(down, held("household")), day=MONDAY).grade == "A"


def test_while_another_register_may_still_tell_in_its_days_nothing_is_asked() -> None:
    second = Attempt("car-test", SOMEBODY, Outcome.DOWN, asked_on=FRIDAY, due=FRIDAY + timedelta(5))
    waiting = settle("deed", "car-test", on=shelf(failed("deed"), second), day=FRIDAY)

    assert (waiting.standing, waiting.fetch) == (Standing.FETCHING, ("deed", "car-test"))


def test_of_what_goes_together_only_what_is_overdue_is_asked() -> None:
    mixed = settle(["deed", "id-card"], on=shelf(failed("deed")), day=FRIDAY)

    assert (mixed.standing, mixed.asks) == (Standing.OPEN, (("deed", UPLOAD),))
    assert mixed.fetch == ("deed", "id-card")


def test_a_case_is_looked_at_again_the_day_after_the_registers_last() -> None:
    service = definition(requirement=[requirement("deed", code="it")])
    case = route_case(received(service, failed("deed")), law()).case

    assert case.settlements["it"].standing is Standing.FETCHING
    assert look_again_on(case, law()) == FRIDAY
    assert case.after(on=FRIDAY).settlements["it"].standing is Standing.OPEN


def test_nothing_is_granted_on_an_answer_that_is_not_trusted() -> None:
    service = definition(requirement=[requirement("deed", code="it")])

    route = route_case(received(service, failed("deed", Outcome.DISTRUSTED)), law())

    assert Event.DECIDED not in {effect.event for effect in route.effects}
    assert route.case.settlements["it"].evidence == ()
