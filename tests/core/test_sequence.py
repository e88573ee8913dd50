"""One case after another of the same application, as the law of routing has it (R7.5, R7.7)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.core.casefile import CaseFile
from services.core.evidence import Source, Standing
from services.core.routing import Event, route_case
from services.core.sequence import Predecessor, needs
from services.core.states import CaseState
from tests.core.a_service import MONDAY, definition, held, law, received, requirement, said, step

FRIDAY = MONDAY + timedelta(days=4)
LICENSING = Predecessor("licensing", "licence")
DONE = replace(LICENSING, issued_on=MONDAY)
REFUSED = replace(LICENSING, ended=True, refused=True)
FOUNDING = replace(LICENSING, founds=True)


def later(*steps: Any, before: Predecessor = LICENSING, kind: str = "licence", **more: Any) -> CaseFile:
    """Return a case of a service that requires what an earlier one of its application issues."""
    things = more.pop("things", ())
    return received(definition(*steps, requirement=[requirement(kind)]), *things, earlier=(before,), **more)


def events(case: CaseFile) -> list[str]:
    return [one.event for one in route_case(case, law()).effects]


def test_r7_5_it_waits_for_the_earlier_one_and_asks_nobody() -> None:
    case = later()
    assert events(case) == []
    assert case.settlements["licence"].standing is Standing.AWAITED
    assert case.awaits == ("licensing",)


def test_r7_5_an_older_certificate_proves_nothing_while_it_is_being_changed() -> None:
    assert events(later(things=[held("licence", Source.REGISTRY)])) == []


def test_what_proves_the_same_in_another_way_waits_for_nobody() -> None:
    service = definition(requirement=[requirement("deed", "licence")])
    case = received(service, held("deed"), earlier=(LICENSING,))
    assert case.awaits == () and Event.ISSUED in events(case)


def test_r7_5_it_is_received_and_accepted_with_the_notice_that_the_earlier_one_is_done() -> None:
    on_friday = replace(DONE, issued_on=FRIDAY)
    end = route_case(later(before=on_friday, things=[held("licence", Source.ISSUED)], on=FRIDAY), law())
    assert [one.event for one in end.effects][:2] == [Event.BEGUN, Event.ACCEPTED]
    assert (end.case.received_on, end.case.accepted_on) == (FRIDAY, FRIDAY)


def test_r7_7_it_is_declined_when_the_earlier_one_was_refused() -> None:
    end = route_case(later(before=REFUSED), law())
    assert [(one.event, one.outcome) for one in end.effects] == [(Event.DECLINED, "precondition_refused")]
    assert end.case.state is CaseState.DECLINED


def test_r7_7_it_goes_on_where_something_else_proves_the_same() -> None:
    assert Event.DECLINED not in events(later(before=REFUSED, things=[held("licence")]))


def test_r7_8_what_was_taken_back_is_sought_elsewhere() -> None:
    assert events(later(before=replace(LICENSING, ended=True))) == [Event.EVIDENCE_SOUGHT]


def test_without_the_founding_there_is_nobody_to_go_on_for() -> None:
    assert events(later(before=replace(FOUNDING, ended=True))) == [Event.DECLINED]


def test_nothing_is_asked_about_a_business_that_does_not_exist_yet() -> None:
    """Registers are asked about it once it is founded; what the founder gives can be given before."""
    service = definition(requirement=[requirement("licence"), requirement("deed"), requirement("floor-plan")])
    kinds = {**service.evidence_types, "deed": replace(service.evidence_types["deed"], about="business")}
    case = received(replace(service, evidence_types=kinds), earlier=(FOUNDING,))
    standings = {code: one.standing for code, one in case.settlements.items()}
    assert standings == {"licence": Standing.AWAITED, "deed": Standing.AWAITED, "floor-plan": Standing.OPEN}


def test_whoever_comes_in_for_the_earlier_one_signs_for_this_one_too() -> None:
    """Design §7: the visit is joint; once the earlier result follows from it, both counters are open."""
    sign, look = step("sign", "counter"), step("look", "decision", ["sign"])
    assert events(later(sign, look)) == []
    assert events(later(sign, look, before=replace(LICENSING, at_counter=True))) == [Event.VISIT_OFFERED]


def test_it_is_looked_at_again_the_next_day_should_nobody_have_woken_it() -> None:
    assert route_case(later(), law()).look_again_on == MONDAY + timedelta(days=1)


def test_r2_26_what_ends_a_certificate_waits_for_whoever_rests_on_it() -> None:
    """Closing a business: the tax office says that nothing is owed before it closes the record on which it says so."""
    resting = definition(code="resting", requirement=[requirement("licence")])
    closing = definition(
        code="closing", organisation="police", requirement=[requirement("licence")],
        output={"result": said("Closed."), "ends": ["licence"]},
    )  # fmt: skip
    assert needs([resting, closing]) == {"resting": (), "closing": ("resting",)}
    assert needs([closing, resting]) == {"resting": (), "closing": ()}
    waits = Predecessor("resting", "", ground=True)
    case = received(closing, held("licence"), earlier=(waits,))
    assert (events(case), case.awaits) == ([], ("resting",))
    done = received(closing, held("licence"), earlier=(replace(waits, issued_on=MONDAY),))
    assert Event.ISSUED in events(done)
    assert Event.ISSUED in events(received(closing, held("licence"), earlier=(replace(waits, ended=True),)))
