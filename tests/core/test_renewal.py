"""R2.25: a licence is renewed before it ends, and by law where the office lets its last day pass. Nothing else is."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.core.casefile import CaseFile, StepOutcome
from services.core.deadlines import look_again_on
from services.core.evidence import Grade, HeldEvidence, Shelf, Source
from services.core.limits import pause, promised_due, statutory_due
from services.core.pauses import Pause, PauseKind
from services.core.renewal import (
    apply_by,
    next_reminder_on,
    next_term_ends,
    reminder_reached,
    renewal_requirement,
    silence_renews,
)
from services.core.routing import Event, route_case
from services.core.states import CaseState, Role, Verdict
from tests.core.a_service import MONDAY, SOMEBODY, law, received, step
from tests.core.a_service import definition as service

LICENCE = UUID(int=9)
LAST_DAY = MONDAY + timedelta(days=40)  # Saturday, 11 April 2026
AFTER = LAST_DAY + timedelta(days=1)
REVIEW = step("review", "review", days=3)
REMINDERS = (90, 60, 35)


def renewal(**changed):
    """Return a permit that renews the licence it requires, after a review."""
    usual = {
        "kind": "permit",
        "output": {"certificate": "licence", "handover": "electronic"},
        "requirement": [{"code": "present", "any_of": ["licence"]}],
        "limits": {"statutory": 20, "promised": 15},
    }
    definition = service(REVIEW, **(usual | changed))
    if "licence" not in definition.evidence_types:
        return definition
    kind = replace(definition.evidence_types["licence"], validity_months=12)
    return replace(definition, evidence_types={**definition.evidence_types, "licence": kind})


def licence(**changed) -> HeldEvidence:
    usual = {
        "id": LICENCE, "type": "licence", "holder": SOMEBODY, "source": Source.ISSUED, "grade": Grade.A,
        "facts": {"business.name": "As it was"}, "obtained_on": date(2025, 4, 11), "valid_until": LAST_DAY,
    }  # fmt: skip
    return HeldEvidence(**(usual | changed))


def filed(definition=None, *, held=None, **changed) -> CaseFile:
    """Return the renewal as it stands, routed, on the Monday on which it was filed."""
    shelf = Shelf(held=[held or licence()], renews=LICENCE)
    case = received(definition or renewal(), shelves={"applicant": shelf}, facts={"business.name": "Anew"})
    return route_case(case.after(**changed), law()).case


def events(case: CaseFile, on: date) -> list[str]:
    return [str(one.event) for one in route_case(case.after(on=on), law()).effects]


def test_where_nobody_has_decided_by_the_last_day_the_licence_is_renewed():
    case = filed()
    assert case.state is CaseState.IN_REVIEW

    assert events(case, LAST_DAY) == []
    route = route_case(case.after(on=AFTER), law())

    assert [one.event for one in route.effects][:2] == [Event.DEEMED_RENEWED, Event.ISSUED]
    assert (route.case.state, route.case.verdict, route.case.decided_on) == (
        CaseState.CLOSED, Verdict.GRANTED, AFTER,
    )  # fmt: skip


def test_as_it_was_for_the_same_term_and_open_work_is_over():
    case = filed()
    assert case.steps["review"].outcome is StepOutcome.OPEN
    assert next_term_ends(case) == date(2027, 4, 11)

    after = route_case(case.after(on=AFTER), law()).case

    assert after.facts["business.name"] == "As it was"
    assert set(after.steps) == {"issue"}


def test_the_case_is_looked_at_on_the_day_after_the_last():
    assert look_again_on(filed(), law()) == AFTER


def test_a_worker_who_comes_late_or_twice_changes_nothing_about_it():
    late = route_case(filed().after(on=AFTER + timedelta(days=9)), law()).case

    assert next_term_ends(filed()) == next_term_ends(late) == date(2027, 4, 11)
    assert events(late, AFTER + timedelta(days=10)) == []


@pytest.mark.parametrize(
    ("days_before", "presumed"),
    [(31, True), (30, True), (29, False), (1, False)],
)
def test_only_a_renewal_applied_for_thirty_days_before_the_end_is_presumed(days_before, presumed):
    ends_on = MONDAY + timedelta(days=days_before)
    case = filed(held=licence(valid_until=ends_on))

    assert (Event.DEEMED_RENEWED in events(case, ends_on + timedelta(days=1))) is presumed
    assert (apply_by(ends_on, law().profile) >= MONDAY) is presumed


@pytest.mark.parametrize("kind", ["confirmation", "benefit", "filing", "public_service"])
def test_only_a_licence_is_renewed_by_silence(kind):
    definition = renewal(kind=kind, legal_basis=["Shops Law art. 1"])
    assert not silence_renews(definition)

    assert events(filed(definition), AFTER) == []


@pytest.mark.parametrize(
    ("what", "changed"),
    [
        ("it asks for something else", {"requirement": [{"code": "who", "any_of": ["id-card"]}]}),
        (
            "it issues no certificate",
            {"output": {"result": {"en": "-", "zh": "-"}, "handover": "electronic"}},
        ),
    ],
)
def test_what_does_not_require_what_it_issues_renews_nothing(what, changed):
    assert renewal_requirement(renewal(**changed)) is None


def test_what_does_not_end_is_not_renewed():
    endless = service(
        kind="permit",
        output={"certificate": "licence", "handover": "electronic"},
        requirement=[{"code": "present", "any_of": ["licence"]}],
    )

    assert renewal_requirement(endless) is None


@pytest.mark.parametrize(
    "held",
    [
        licence(source=Source.UPLOAD, grade=Grade.C, checked=True),
        licence(source=Source.SEEN, grade=Grade.B),
        licence(disputed=True),
        licence(valid_until=None),
    ],
    ids=["a copy", "an original that was shown", "disputed", "without end"],
)
def test_nothing_is_presumed_of_what_the_office_does_not_answer_for(held):
    assert Event.DEEMED_RENEWED not in events(filed(held=held), AFTER)


@pytest.mark.parametrize("state", [CaseState.RECEIVED, CaseState.CORRECTION_REQUESTED])
def test_nothing_is_presumed_while_the_applicant_owes_an_answer(state):
    case = filed().after(state=state, accepted_on=None)
    if state is CaseState.CORRECTION_REQUESTED:
        assert Event.DEEMED_RENEWED not in events(case, AFTER)
    else:
        assert events(case, AFTER)[0] == Event.ACCEPTED


def test_a_fee_that_is_due_is_paid_first():
    fee = {"amount": "80", "legal_basis": "Fees Law art. 1", "item": {"en": "Renewal", "zh": "延续"}}
    case = filed(renewal(fee=fee))
    assert Event.DEEMED_RENEWED not in events(case, AFTER)

    assert Event.DEEMED_RENEWED in events(case.after(fee_paid=True), AFTER)


def test_time_that_does_not_count_does_not_move_the_last_day_of_a_licence():
    testing = Pause(
        kind=PauseKind.TESTING,
        start=MONDAY,
        end=None,
        planned_days=60,
        legal_basis="Shops Law art. 1",
        told_on=MONDAY,
    )
    case = pause(filed(), pause=testing, role=Role.CLERK)
    assert look_again_on(case, law()) == AFTER

    assert events(case, AFTER)[:2] == [Event.RESUMED, Event.DEEMED_RENEWED]


def test_an_objection_that_nobody_decided_on_does_not_hold_it_up():
    case = filed()
    against = replace(case.steps["review"], outcome=StepOutcome.AGAINST)
    doubted = route_case(case.after(steps={"review": against}), law()).case
    assert doubted.concern is not None

    assert events(doubted, AFTER)[0] == Event.DEEMED_RENEWED


def test_it_is_decided_before_the_licence_ends_whatever_was_promised():
    near = filed(
        renewal(limits={"statutory": 20, "promised": 20}), held=licence(valid_until=date(2026, 4, 1))
    )
    longer = near.after(accepted_on=date(2026, 3, 20))

    assert promised_due(longer, law()).on == statutory_due(longer, law()).on == date(2026, 4, 1)
    assert promised_due(near, law()).on == date(2026, 3, 30)


def test_the_licence_serves_its_renewal_after_its_last_day_and_nothing_else():
    late = filed(held=licence(valid_until=MONDAY + timedelta(days=3)))
    on = MONDAY + timedelta(days=5)
    assert not late.after(on=on).unsettled

    shelf = replace(late.shelves["applicant"], renews=None)
    assert late.after(on=on, shelves={"applicant": shelf}).unsettled


# When its holder hears of it


@pytest.mark.parametrize(
    ("days_left", "told"),
    [(91, None), (90, 90), (61, 90), (60, 60), (36, 60), (35, 35), (0, 35), (-1, None)],
)
def test_reminders_come_ninety_sixty_and_thirty_five_days_before_the_end(days_left, told):
    on = LAST_DAY - timedelta(days=days_left)

    assert reminder_reached(issued_on=date(2025, 4, 11), ends_on=LAST_DAY, on=on, days=REMINDERS) == told


def test_what_is_issued_for_a_month_is_not_followed_by_a_reminder_on_the_same_day():
    issued = LAST_DAY - timedelta(days=30)
    asked = {"issued_on": issued, "ends_on": LAST_DAY, "days": REMINDERS}

    assert reminder_reached(on=issued, **asked) is None
    assert next_reminder_on(on=issued, **asked) is None


def test_each_reminder_is_followed_by_the_next():
    asked = {"issued_on": date(2025, 4, 11), "ends_on": LAST_DAY, "days": REMINDERS}
    days, on = [], date(2025, 4, 11)
    while on := next_reminder_on(on=on, **asked):
        days.append((LAST_DAY - on).days)

    assert days == [90, 60, 35]
