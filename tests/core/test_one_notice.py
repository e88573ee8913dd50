"""One day of acceptance and one notice of correction for an application of several services (R7.5, R7.9)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.core import acts
from services.core.casefile import CaseFile
from services.core.deadlines import look_by
from services.core.effects import Event
from services.core.evidence import Source
from services.core.one_notice import awaited_offices, goes_out, in_one_notice, last_day
from services.core.routing import route_case
from services.core.sequence import Predecessor
from services.core.states import CaseState, NotYourMove, Role
from services.core.unlawful import NothingToDo, OneNoticeOnly
from tests.core.a_route import COPY, LOOK, PLAN, SIGN, events, routed
from tests.core.a_service import MONDAY, definition, held, law, received, requirement, shelf, step

ZONE = ZoneInfo("Asia/Shanghai")
THURSDAY, LAST, AFTER = date(2026, 3, 5), date(2026, 3, 9), date(2026, 3, 10)
DUE = date(2026, 3, 30)


def member(code: str, *things: Any, steps: Any = (LOOK,), **more: Any) -> CaseFile:
    """Return a case of one of several services, routed on the day it was received, for which a plan is required."""
    service = definition(*steps, code=code, **PLAN)
    return routed(received(service, *things, together=True, **more))


def noted(case: CaseFile, **changes: Any) -> CaseFile:
    return acts.note_correction(case, items=["floor-plan"], role=Role.CLERK).after(**changes)


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def goes(*group: CaseFile, now: datetime) -> bool:
    return goes_out([one.after(on=now.date()) for one in group], now, law(), ZONE)


# One day of acceptance


@pytest.mark.parametrize(("together", "accepted_on"), [(True, MONDAY), (False, THURSDAY)])
def test_r7_5_a_member_is_accepted_as_of_the_day_it_was_complete(together: bool, accepted_on: date) -> None:
    looked_at = member("a", COPY).after(on=THURSDAY, together=together)
    assert acts.accept(looked_at, role=Role.CLERK).accepted_on == accepted_on


def test_r7_5_so_it_is_by_the_machine_when_a_register_answers_later() -> None:
    waiting = received(definition(LOOK, requirement=[requirement("deed")]), together=True)
    answered_late = waiting.after(on=THURSDAY, shelves={"applicant": shelf(held("deed"))})
    assert routed(answered_late).accepted_on == MONDAY


def test_r2_6_one_that_was_put_right_is_accepted_as_of_the_day_it_was_handed_in() -> None:
    asked = acts.send_correction(noted(member("a")), due_on=DUE)
    back = acts.answer_correction(asked.after(on=THURSDAY, shelves={"applicant": shelf(COPY)}))
    assert acts.accept(routed(back, on=LAST), role=Role.CLERK).accepted_on == THURSDAY


def test_where_acceptance_is_the_visit_it_is_the_day_of_the_visit() -> None:
    called = member("a", steps=(SIGN,)).after(on=THURSDAY)
    (step_code,) = called.steps
    assert acts.attend_visit(called, step=step_code, outcome=acts.StepOutcome.DONE).accepted_on == THURSDAY


def test_r7_8_one_that_waited_for_what_was_taken_back_is_received_on_that_day() -> None:
    """No office loses days to what its applicant took back."""
    gone = Predecessor("licensing", "licence", ended=True, ended_on=THURSDAY)
    service = definition(LOOK, requirement=[requirement("licence")])
    freed = routed(received(service, earlier=(gone,), together=True, on=THURSDAY))
    assert freed.received_on == THURSDAY


def test_the_look_is_within_what_was_promised_and_due_so_that_the_steps_have_their_days() -> None:
    """R7.5: the promise of ten days leaves seven beside a review of three; the law's five are fewer."""
    slow = member("a", COPY)
    assert slow.definition.promised - LOOK["days"] >= law().profile.correction_notice_days
    assert look_by(slow, law()) == LAST
    tight = slow.after(definition=replace(slow.definition, promised=LOOK["days"] + 1))
    assert look_by(tight, law()) == MONDAY + timedelta(days=1)
    assert look_by(tight.after(together=False), law()) == LAST


# One notice


def test_r7_9_what_is_received_on_one_day_shares_a_notice() -> None:
    first, second = noted(member("a")), member("b")
    later = member("c").after(received_on=THURSDAY)
    assert list(in_one_notice([first, second, later])) == [(first, second)]
    assert list(in_one_notice([second, later])) == []


def test_r7_9_it_waits_for_whoever_has_yet_to_look() -> None:
    first, second = noted(member("a")), member("b")
    assert awaited_offices([first, second]) == ("b",)
    assert not goes(first, second, now=at(THURSDAY, 12))
    assert goes(first, noted(second), now=at(THURSDAY, 12))
    assert goes(first, acts.accept(second.after(shelves={}), role=Role.CLERK), now=at(THURSDAY, 12))


@pytest.mark.parametrize("state", [CaseState.WITHDRAWN, CaseState.DECLINED, CaseState.DECIDED])
def test_r7_8_nobody_waits_for_one_that_is_over(state: CaseState) -> None:
    assert awaited_offices([noted(member("a")), member("b").after(state=state)]) == ()


def test_r7_5_nobody_waits_for_one_that_comes_later_or_is_accepted_at_the_visit() -> None:
    pending = Predecessor("licensing", "licence")
    later = routed(
        received(definition(requirement=[requirement("licence")]), earlier=(pending,), together=True)
    )
    assert awaited_offices([noted(member("a")), later, member("b", steps=(SIGN,))]) == ()


@pytest.mark.parametrize(
    ("now", "sent"),
    [
        (at(LAST, 14), False),
        # in time before four o'clock of the fifth working day, at which it would be late (R10.3)
        (at(LAST, 15), True),
        (at(LAST, 23), True),
        # silence has accepted (R2.4)
        (at(AFTER, 0), False),
    ],
)
def test_r7_9_on_the_last_day_it_goes_out_whoever_has_not_looked(now: datetime, sent: bool) -> None:
    first, second = noted(member("a")), member("b")
    assert last_day([first, second], law()) == LAST
    assert goes(first, second, now=now) is sent


def test_r2_4_what_was_noted_and_not_sent_is_accepted_by_silence() -> None:
    end = route_case(noted(member("a")).after(on=AFTER), law())
    assert end.effects[0].event is Event.DEEMED_ACCEPTED
    assert (end.case.accepted_on, end.case.noted) == (MONDAY, ())


def test_r7_9_what_has_come_in_since_is_looked_at_and_not_asked_for() -> None:
    given = noted(member("a")).after(shelves={"applicant": shelf(COPY)})
    assert not goes(given, now=at(THURSDAY, 12))
    with pytest.raises(NothingToDo):
        acts.send_correction(given, due_on=DUE)
    assert events(given) == ["acceptance_asked"]
    assert routed(given).noted == ()


def test_r2_5_there_is_one_notice_for_the_whole() -> None:
    for again in (noted(member("a")), member("a").after(notice_out=True)):
        with pytest.raises(OneNoticeOnly):
            acts.note_correction(again, items=["floor-plan"], role=Role.CLERK)


def test_what_is_missing_is_found_by_a_person() -> None:
    """The machine sends the notice; it asks for nothing by itself."""
    for ask in (
        lambda case: acts.note_correction(case, items=["floor-plan"], role=Role.WORKER),
        lambda case: acts.request_correction(case, items=["floor-plan"], due_on=DUE, role=Role.WORKER),
    ):
        with pytest.raises(NotYourMove):
            ask(member("a"))


def test_r2_8_when_the_time_is_over_only_what_lacks_something_is_withdrawn() -> None:
    asked = acts.send_correction(noted(member("a")), due_on=DUE).after(on=DUE + timedelta(days=1))
    given = asked.after(shelves={"applicant": shelf(replace(COPY, obtained_on=THURSDAY))})

    assert events(asked) == ["withdrawn"]
    end = route_case(given, law())
    assert [one.event for one in end.effects] == [Event.CORRECTION_ANSWERED, Event.ACCEPTANCE_ASKED]
    assert end.case.complete_on == DUE


def test_a_copy_that_was_there_when_it_was_asked_for_anew_is_no_answer() -> None:
    old = held("floor-plan", Source.UPLOAD)
    asked = acts.request_correction(
        member("a", old).after(on=THURSDAY), items=["floor-plan"], due_on=DUE, role=Role.CLERK
    )
    assert asked.lacking == ("floor-plan",)
    anew = asked.after(shelves={"applicant": shelf(replace(old, obtained_on=THURSDAY))})
    assert anew.lacking == ()


def test_a_check_before_the_look_changes_nothing() -> None:
    """What the machine does before an office looks leaves the office awaited."""
    checked = member("a", steps=(step("check", "auto"), LOOK))
    assert awaited_offices([checked]) == ("a",)
