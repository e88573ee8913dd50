"""The one visit: booked once for everything, kept once; the database holds the line."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from services.cases.actions import handling, paying, reminders, visiting
from services.cases.actions.paying import WrongAmount
from services.cases.actions.visiting import NoVisitNeeded
from services.cases.models import Attendance, Bill, Task
from services.cases.queries import calls, cases, visits
from services.core.acts import OnlyRefusal
from services.notices import queries as notices
from services.notices.models import Notice
from services.visits import queries as appointments
from tests.services.a_matter import (
    begin,
    file,
    give,
    noon,
    officer,
    open_tasks,
    state_of,
    submit,
    task_of,
    work,
)
from tests.services.a_register import NOW
from tests.services.a_visit import book, serve

PARTNER = {"application.partner_name": "Bo Made-up", "application.partner_number": "440524188001010014"}
REFUSAL = {"reason_codes": ["examination_failed"], "legal_basis": "", "explanation": "The ship ran aground."}


@pytest.fixture
def deed(ayshe):
    """Two people's deed, waiting for their one visit."""
    application = begin(ayshe, "joint-deed", PARTNER)
    give(ayshe, application)
    return submit(ayshe, application)


@pytest.fixture
def examined(ayshe):
    """A pilot's case up to the examination: accepted, reviewed, paid."""
    case = file(ayshe, "pilot-card")
    handling.accept_case(viewer=officer("records-office"), task_id=task_of(case, "acceptance"), now=NOW)
    pay(case)
    handling.complete_task(
        viewer=officer("records-office"), task_id=task_of(case, "review"), favorable=True, now=NOW
    )
    return case


def pay(case, amount="120.00"):
    bill = Bill.objects.get(case=case)
    paying.record_payment(
        number=bill.number, amount=Decimal(amount), currency="CNY", receipt="R-1", paid_at=NOW, now=NOW
    )


def test_the_visit_is_acceptance_and_ends_in_the_result(ayshe, deed):
    """R8.1: from application to result, one visit. Both sign, and the deed is issued while they wait."""
    appointment, when = book(ayshe, deed)

    serve(officer("records-office"), appointment, when)

    deed.refresh_from_db()
    assert (deed.state, deed.verdict, deed.visits) == ("closed", "granted", 1)
    assert deed.accepted_on == deed.decided_on
    sources = {code: one["evidence"][0]["source"] for code, one in deed.settlements.items()}
    assert sources["partner-free"] == "seen"


def test_one_attendance_a_case_is_all_the_database_lets_through(ayshe, deed):
    """Design §10.1"""
    appointment, when = book(ayshe, deed)
    serve(officer("records-office"), appointment, when)

    with pytest.raises(IntegrityError, match="case_at_most_one_visit"), transaction.atomic():
        Attendance.objects.create(
            case=deed, application_id=deed.application_id, visit_id=uuid4(), on=when.date()
        )


def test_nothing_is_booked_where_nobody_need_come(ayshe):
    case = file(ayshe, "home-record", {"application.home": "1 Lane"})

    assert calls.visit_slots(application_id=case.application_id, now=NOW) == ()
    with pytest.raises(NoVisitNeeded):
        visiting.book_visit(
            viewer=ayshe, application_id=case.application_id, slot_id="hall~2026-03-03T09:00", now=NOW
        )


def test_an_examination_is_offered_only_where_there_is_a_room_for_it(examined):
    slots = calls.visit_slots(application_id=examined.application_id, now=NOW)

    assert {slot.centre for slot in slots} == {"harbour"}


def test_the_desk_is_told_where_nobody_else_can_attend(ayshe, examined):
    """R11.3: an agent may attend, unless the thing itself needs the person: nobody sits an exam for another."""
    examination, when = book(ayshe, examined)
    found = visits.counter_visit(viewer=officer("works-office"), appointment_id=examination, on=when.date())
    assert [one.in_person for one in found.cases] == [True]


def test_where_anybody_can_sign_the_desk_is_told_nothing_of_it(ayshe, deed):
    """R11.3"""
    signature, when = book(ayshe, deed)
    found = visits.counter_visit(viewer=officer("records-office"), appointment_id=signature, on=when.date())
    assert [one.in_person for one in found.cases] == [False]


def test_moving_the_visit_keeps_one_appointment(ayshe, deed):
    appointment, _ = book(ayshe, deed)
    later = calls.visit_slots(application_id=deed.application_id, now=NOW)[3]

    moved = visiting.move_visit(
        viewer=ayshe,
        application_id=deed.application_id,
        appointment_id=appointment,
        slot_id=later.id,
        now=NOW,
    )

    booked = [
        one
        for one in appointments.appointments_of(application_ids=[deed.application_id])
        if one.status == "booked"
    ]
    assert [(one.id, one.starts_at) for one in booked] == [(moved, later.starts_at)]


def test_whoever_does_not_come_has_made_no_visit_and_may_book_again(ayshe, deed):
    book(ayshe, deed)

    reminders.send_reminders(now=noon(20))

    deed.refresh_from_db()
    assert (deed.state, deed.visits) == ("received", 0)
    appointment, when = book(ayshe, deed, now=noon(20))
    serve(officer("records-office"), appointment, when)
    assert state_of(deed) == "closed"


def test_a_visit_nobody_ever_keeps_lapses(deed):
    work(noon(31))

    deed.refresh_from_db()
    assert (deed.state, deed.ending) == ("lapsed", "visit_not_kept")


def test_a_failed_examination_ends_in_a_decision_by_a_person(ayshe, examined):
    """Design §5: a resit is a new application."""
    appointment, when = book(ayshe, examined)
    serve(officer("records-office"), appointment, when, failed=[examined.id])
    reviewer = officer("records-office", "reviewer")
    with pytest.raises(OnlyRefusal):
        handling.let_pass(viewer=reviewer, task_id=task_of(examined, "concern"), now=when)

    handling.refuse_case(viewer=reviewer, task_id=task_of(examined, "concern"), **REFUSAL, now=when)

    examined.refresh_from_db()
    assert (examined.state, examined.verdict, examined.visits) == ("closed", "refused", 1)


def test_a_passed_examination_is_decided_and_issued(ayshe, examined):
    appointment, when = book(ayshe, examined)
    serve(officer("records-office"), appointment, when)
    assert open_tasks(examined) == ["records-office:decide"]

    reviewer = officer("records-office", "reviewer")
    handling.grant_case(viewer=reviewer, task_id=task_of(examined, "decision"), now=when)

    seen = cases.case(viewer=ayshe, case_id=examined.id)
    assert (seen.card.state, seen.decision.signed_by, seen.certificates[0].type) == (
        "closed",
        "Reviewer-Records-Office",
        "pilot-card",
    )


def test_the_fee_is_asked_after_acceptance_and_paid_once(ayshe):
    """R14.3"""
    case = file(ayshe, "pilot-card")
    assert not Bill.objects.filter(case=case).exists()
    handling.accept_case(viewer=officer("records-office"), task_id=task_of(case, "acceptance"), now=NOW)

    with pytest.raises(WrongAmount):
        pay(case, "12.00")
    pay(case)
    pay(case)

    assert Bill.objects.get(case=case).receipt == "R-1"
    events = [one.event for one in cases.timeline(viewer=ayshe, case_id=case.id)]
    assert events.count("paid") == 1


def test_an_unpaid_fee_is_reminded_of_and_then_lapses(ayshe):
    case = file(ayshe, "pilot-card")
    handling.accept_case(viewer=officer("records-office"), task_id=task_of(case, "acceptance"), now=NOW)

    assert reminders.send_reminders(now=noon(31)) == 1
    assert reminders.send_reminders(now=noon(31)) == 0
    work(noon(20, month=4))

    case.refresh_from_db()
    assert (case.state, case.ending) == ("lapsed", "fee_unpaid")
    assert not Task.objects.filter(case=case, closed_at__isnull=True).exists()


def test_the_letter_of_a_booking_says_by_which_code_one_arrives(deed, ayshe):
    """R6.7: whoever has the letter and no device says it at the reception."""
    booked, _ = book(ayshe, deed)
    sent = Notice.objects.get(kind="visit_booked")

    told = notices.letter(sent.id, ayshe.id, "en")

    assert appointments.booking_code(booked) in " ".join(told.paragraphs)
