"""One visit at the counter, from the reception to the last signature: everything is done, or it is said why not."""

from datetime import timedelta
from uuid import UUID

import pytest

from services import clock
from services.cases.actions import arriving, at_window, attending, reminders, visiting
from services.cases.actions.arriving import Comer, Document, NoBookingByThisCode, NothingForThemToday
from services.cases.actions.second_visits import SecondVisit
from services.cases.models import Attendance, Case, Task
from services.cases.queries import visits as at_desk
from services.core.closing import VisitStillOpen
from services.core.facts import Holder
from services.core.tickets import TicketCannotMove
from services.ledger import queries as ledger
from services.ledger.models import Entry
from services.notices import queries as notices
from services.visits import actions, queries
from services.visits.actions import AppointmentOver, DayNotCome, NoSuchCentre
from services.visits.models import Appointment, Ticket, Visit
from tests.services.a_gift import BO, PARTNER
from tests.services.a_matter import days, file, noon, officer, state_of
from tests.services.a_register import NUMBER
from tests.services.a_visit import book, serve, told

pytestmark = pytest.mark.django_db

HALL = Comer("hall")
MINE, PARTNERS = Document("resident_id", NUMBER), Document("resident_id", BO)
UNASKED = (MINE, PARTNERS)


@pytest.fixture
def clerk(prefecture):
    return officer("records-office")


@pytest.fixture
def case(ayshe):
    return file(ayshe, "joint-deed", PARTNER)


def called(clerk, when, window: str = "desk-1") -> UUID:
    """Call the next one to the window and begin with them; return the ticket."""
    ticket = actions.call_next(centre="hall", window=window, clerk=attending.actor_of(clerk), now=when)
    at_window.begin_visit(viewer=clerk, ticket_id=ticket, now=when)
    return ticket


def arrived(clerk, appointment, when) -> UUID:
    return arriving.receive(viewer=clerk, appointment_id=appointment, comer=HALL, now=when)


def work(clerk, appointment, when) -> list[UUID]:
    found = at_desk.counter_visit(viewer=clerk, appointment_id=appointment, on=clock.legal_day(when))
    return [one.id for one in found.cases]


# --- Arrivals --------------------------------------------------------------------------------------------


def test_whoever_booked_comes_by_the_code_and_is_called_at_their_time(ayshe, clerk, case):
    """R8.10: the ticket carries the case."""
    appointment, when = book(ayshe, case)

    ticket = arriving.receive_by_code(
        viewer=clerk, code=queries.booking_code(appointment), comer=HALL, now=when - timedelta(minutes=5)
    )

    held = queries.ticket(ticket_id=ticket)
    assert (held.appointment_id, held.due_at, held.case_ids) == (appointment, when, (case.id,))
    assert called(clerk, when) == ticket
    assert Visit.objects.get().arrived_at == when


def test_a_code_of_another_day_or_place_opens_nothing(ayshe, clerk, case):
    appointment, when = book(ayshe, case)
    code = queries.booking_code(appointment)

    for typed, comer, now in [
        (code, HALL, when - days(1)), (code, Comer("harbour"), when), ("AAAA", HALL, when),
    ]:  # fmt: skip
        with pytest.raises(NoBookingByThisCode):
            arriving.receive_by_code(viewer=clerk, code=typed, comer=comer, now=now)
    with pytest.raises(NoBookingByThisCode):
        arriving.receive_by_code(viewer=ayshe, code=code, comer=HALL, now=when)
    with pytest.raises(DayNotCome):
        arrived(clerk, appointment, when - days(1))
    assert not Ticket.objects.exists()


def test_whoever_comes_unasked_is_taken_in_for_all_that_can_be_done_today(ayshe, clerk):
    """R6.7, R8.4: two applications, one visit, and no window was promised."""
    cases = [file(ayshe, "joint-deed", PARTNER) for _ in range(2)]

    ticket = arriving.receive_walk_in(viewer=clerk, documents=UNASKED, comer=HALL, now=noon(3))

    held = queries.ticket(ticket_id=ticket)
    assert set(held.case_ids) == {case.id for case in cases}
    assert held.due_at is None
    called(clerk, noon(3))
    serve(clerk, held.appointment_id, noon(3))
    at_window.close_visit(viewer=clerk, ticket_id=ticket, now=noon(3))
    assert Visit.objects.filter(person_id=ayshe.person_id).count() == 1
    assert {Attendance.objects.filter(case=one).count() for one in cases} == {1}


def test_what_needs_somebody_who_has_not_come_along_is_not_begun(ayshe, clerk, case):
    with pytest.raises(NothingForThemToday):
        arriving.receive_walk_in(viewer=clerk, documents=[MINE], comer=HALL, now=noon(3))

    assert not Appointment.objects.exists()


def test_who_was_looked_up_sees_that_they_were(ayshe, clerk):
    """R15.6: also where there was nothing to do for them."""
    with pytest.raises(NothingForThemToday):
        arriving.receive_walk_in(viewer=clerk, documents=[MINE], comer=HALL, now=noon(3))

    newest = ledger.readings_about(Holder("person", ayshe.person_id))[0]
    assert (newest.purpose, newest.organisation, newest.fields) == ("visit", "records-office", ("visit",))


def test_what_was_booked_for_later_is_done_now_and_its_time_given_back(ayshe, clerk, case):
    appointment, _ = book(ayshe, case, noon(3))

    ticket = arriving.receive_walk_in(viewer=clerk, documents=UNASKED, comer=HALL, now=noon(2))
    assert queries.ticket(ticket_id=ticket).case_ids == (case.id,)
    assert called(clerk, noon(2)) == ticket

    assert queries.appointment(appointment_id=appointment).status == "cancelled"
    assert "visit_cancelled" in [one.kind for one in notices.inbox(ayshe.id, language="en")]
    serve(clerk, queries.ticket(ticket_id=ticket).appointment_id, noon(2))
    at_window.close_visit(viewer=clerk, ticket_id=ticket, now=noon(2))
    assert Attendance.objects.filter(case=case).count() == 1


def test_a_booked_time_stands_until_somebody_serves_them(ayshe, clerk, case):
    """R6.7: who tires of waiting, or whom nobody calls, has lost nothing."""
    appointment, when = book(ayshe, case, noon(3))
    ticket = arriving.receive_walk_in(viewer=clerk, documents=UNASKED, comer=HALL, now=noon(2))

    at_window.leave(viewer=clerk, ticket_id=ticket, now=noon(2))

    assert queries.appointment(appointment_id=appointment).status == "booked"
    arrived(clerk, appointment, when)
    called(clerk, when)
    serve(clerk, appointment, when)


def test_the_other_time_of_somebody_who_booked_stands_until_they_are_served(ayshe, clerk, case):
    """R8.4: at the reception nothing is given back."""
    later, _ = book(ayshe, case, noon(3))
    other = file(ayshe, "joint-deed", PARTNER)
    partner = next(one for one in queries.appointment(appointment_id=later).people if one != ayshe.person_id)
    unasked = actions.open_appointment(
        visitor=actions.Visitor((other.application_id,), ayshe.id, ayshe.person_id, along=(partner,)), centre="hall",
        minutes=20, now=noon(2),
    )  # fmt: skip

    arrived(clerk, unasked, noon(2))

    assert queries.appointment(appointment_id=later).status == "booked"


def test_who_signs_with_somebody_may_show_their_document_first(ayshe, clerk, case):
    appointment, when = book(ayshe, case)

    ticket = arriving.receive_walk_in(viewer=clerk, documents=[PARTNERS, MINE], comer=HALL, now=when)

    assert queries.ticket(ticket_id=ticket).appointment_id == appointment


def test_who_booked_for_today_and_lost_the_code_comes_by_the_booking(ayshe, clerk, case):
    appointment, when = book(ayshe, case)

    ticket = arriving.receive_walk_in(viewer=clerk, documents=UNASKED, comer=HALL, now=when)

    assert queries.ticket(ticket_id=ticket).appointment_id == appointment


def test_only_whoever_sits_there_receives_people_unasked(ayshe, clerk, case):
    for viewer in (officer("works-office"), ayshe):
        with pytest.raises(NoSuchCentre):
            arriving.receive_walk_in(viewer=viewer, documents=UNASKED, comer=HALL, now=noon(3))


# --- At the window ---------------------------------------------------------------------------------------


def test_a_visit_is_not_closed_while_something_can_be_done(ayshe, clerk, case):
    appointment, when = book(ayshe, case)
    arrived(clerk, appointment, when)
    ticket = called(clerk, when)

    with pytest.raises(VisitStillOpen):
        at_window.close_visit(viewer=clerk, ticket_id=ticket, now=when)

    serve(clerk, appointment, when)
    at_window.close_visit(viewer=clerk, ticket_id=ticket, now=when)
    assert set(Visit.objects.values_list("completed_at", flat=True)) == {when}
    assert queries.ticket(ticket_id=ticket).state == "done"


def test_one_thing_after_the_other_and_what_is_not_told_of_is_still_to_come(ayshe, clerk):
    cases = [file(ayshe, "joint-deed", PARTNER) for _ in range(2)]
    appointment, when = book(ayshe, cases[0])
    arrived(clerk, appointment, when)
    called(clerk, when)
    first, second = work(clerk, appointment, when)
    everything = told(clerk, appointment, when)
    one = attending.VisitTold(
        outcomes={str(first): "served"}, originals_seen={str(first): everything.originals_seen[str(first)]}
    )

    attending.complete_visit(viewer=clerk, appointment_id=appointment, told=one, now=when)

    assert work(clerk, appointment, when) == [second]
    assert Visit.objects.get(person_id=ayshe.person_id).completed_at is None


def test_what_stays_open_has_its_cause_and_a_supervisor_is_asked_before_they_are_called_again(
    ayshe, clerk, case
):
    """R8.5, R8.7: they came for it, so it counts; whose mistake it was is on record."""
    appointment, when = book(ayshe, case)
    arrived(clerk, appointment, when)
    ticket = called(clerk, when)

    at_window.close_visit(viewer=clerk, ticket_id=ticket, cause="system_failed", now=when)

    visit = Visit.objects.get()
    assert (visit.fault, visit.cause) == ("authority", "system_failed")
    case.refresh_from_db()
    [attended] = Attendance.objects.filter(case=case)
    assert (case.visits, attended.visit_id, attended.centre) == (1, visit.id, visit.centre_id)
    entry = Entry.objects.get(case_id=case.id, event="visit_left_open")
    assert (entry.detail["cause"], entry.detail["fault"]) == ("system_failed", "authority")
    assert Task.objects.filter(case=case, kind="second_visit", closed_at__isnull=True).exists()
    with pytest.raises(SecondVisit):
        book(ayshe, case, when + days(1))


def test_several_windows_of_a_centre_on_one_day_are_one_visit(ayshe, clerk, case):
    """R8.4: who is sent on keeps their place, and is counted once."""
    appointment, when = book(ayshe, case)
    arrived(clerk, appointment, when)
    ticket = called(clerk, when)

    at_window.send_on(viewer=clerk, ticket_id=ticket, now=when)
    assert called(clerk, when, "desk-2") == ticket
    serve(clerk, appointment, when)
    at_window.close_visit(viewer=clerk, ticket_id=ticket, now=when)

    assert Visit.objects.filter(person_id=ayshe.person_id).count() == 1


def test_the_list_grows_by_itself(ayshe, clerk, case):
    """R8.4: what becomes feasible while somebody is served is done at the same visit."""
    appointment, when = book(ayshe, case)
    arrived(clerk, appointment, when)
    ticket = called(clerk, when)
    more = file(ayshe, "joint-deed", PARTNER)
    assert work(clerk, appointment, when) == [case.id]

    serve(clerk, appointment, when)

    assert work(clerk, appointment, when) == [more.id]
    with pytest.raises(VisitStillOpen):
        at_window.close_visit(viewer=clerk, ticket_id=ticket, now=when)
    serve(clerk, appointment, when)
    at_window.close_visit(viewer=clerk, ticket_id=ticket, now=when)
    assert Visit.objects.filter(person_id=ayshe.person_id).count() == 1


def test_who_is_served_after_all_on_the_same_day_was_there_once(ayshe, clerk, case):
    """R8.4, R8.7: a supervisor agrees; the same centre on the same day is the same visit."""
    appointment, when = book(ayshe, case)
    arrived(clerk, appointment, when)
    at_window.close_visit(viewer=clerk, ticket_id=called(clerk, when), cause="system_failed", now=when)
    supervisor = officer("records-office", "supervisor")
    visiting.allow_second_visit(viewer=supervisor, case_id=case.id, reason="The system was down.", now=when)

    again, later = book(ayshe, case, when + timedelta(minutes=30))
    assert clock.legal_day(later) == clock.legal_day(when)
    serve(clerk, again, later)

    case.refresh_from_db()
    assert (case.visits, Attendance.objects.filter(case=case).count()) == (1, 1)
    assert state_of(case) == "closed"


def test_a_closed_visit_is_served_no_more(ayshe, clerk, case):
    appointment, when = book(ayshe, case)
    arrived(clerk, appointment, when)
    ticket = called(clerk, when)
    what = told(clerk, appointment, when)
    at_window.close_visit(viewer=clerk, ticket_id=ticket, cause="person_left", now=when)

    with pytest.raises(AppointmentOver):
        attending.complete_visit(viewer=clerk, appointment_id=appointment, told=what, now=when)
    with pytest.raises(TicketCannotMove):
        at_window.close_visit(viewer=clerk, ticket_id=ticket, now=when)


# --- Late, left, not come --------------------------------------------------------------------------------


def test_who_leaves_before_they_are_served_was_no_visit(ayshe, clerk, case):
    appointment, when = book(ayshe, case)
    ticket = arrived(clerk, appointment, when)

    at_window.leave(viewer=clerk, ticket_id=ticket, now=when)

    assert not Visit.objects.exists()
    assert queries.appointment(appointment_id=appointment).status == "booked"
    again = arrived(clerk, appointment, when + timedelta(minutes=40))
    assert again != ticket


def test_who_came_unasked_and_leaves_has_nothing_booked(ayshe, clerk, case):
    ticket = arriving.receive_walk_in(viewer=clerk, documents=UNASKED, comer=HALL, now=noon(3))

    at_window.leave(viewer=clerk, ticket_id=ticket, now=noon(3))

    assert Appointment.objects.get().status == "cancelled"


def test_whoever_is_being_served_does_not_leave_by_the_back_door(ayshe, clerk, case):
    """What can be done is done or has its cause: a visit that has begun is closed."""
    appointment, when = book(ayshe, case)
    arrived(clerk, appointment, when)
    ticket = called(clerk, when)

    with pytest.raises(TicketCannotMove):
        at_window.leave(viewer=clerk, ticket_id=ticket, now=when)


def test_whoever_was_sent_on_does_not_leave_without_a_cause(ayshe, clerk, case):
    """R8.5: their visit has begun, whichever window they wait for."""
    appointment, when = book(ayshe, case)
    arrived(clerk, appointment, when)
    ticket = called(clerk, when)
    at_window.send_on(viewer=clerk, ticket_id=ticket, now=when)

    with pytest.raises(VisitStillOpen):
        at_window.leave(viewer=clerk, ticket_id=ticket, now=when)
    at_window.close_visit(viewer=clerk, ticket_id=ticket, cause="nobody_able", now=when)

    assert Visit.objects.get().completed_at == when
    assert Visit.objects.get().fault == "authority"
    assert Task.objects.filter(case=case, kind="second_visit", closed_at__isnull=True).exists()


def test_a_visit_that_nobody_closed_ends_with_its_day(ayshe, clerk, case):
    """R8.5, R8.7: they came, nobody went on with them, and no mistake of theirs was in it."""
    appointment, when = book(ayshe, case)
    arrived(clerk, appointment, when)
    at_window.send_on(viewer=clerk, ticket_id=called(clerk, when), now=when)

    reminders.send_reminders(now=when + days(1))

    assert Visit.objects.get().completed_at is not None
    assert Visit.objects.get().fault == "authority"
    assert Attendance.objects.get(case=case).on == clock.legal_day(when)
    assert Entry.objects.get(case_id=case.id, event="visit_left_open").detail["cause"] == "nobody_able"
    assert Task.objects.filter(case=case, kind="second_visit", closed_at__isnull=True).exists()
    assert not Ticket.objects.exclude(state="done").exists()


def test_who_is_served_without_being_called_waits_no_more_and_is_told_that_it_is_over(ayshe, clerk, case):
    appointment, when = book(ayshe, case)
    ticket = arrived(clerk, appointment, when)

    serve(clerk, appointment, when)

    assert queries.ticket(ticket_id=ticket).state == "done"
    assert [one.kind for one in notices.inbox(ayshe.id, language="en")].count("visit_over") == 1


def test_whom_nobody_served_by_the_end_of_the_day_has_not_failed_to_come(ayshe, clerk, case):
    arriving.receive_walk_in(viewer=clerk, documents=UNASKED, comer=HALL, now=noon(3))

    reminders.send_reminders(now=noon(4))

    assert Appointment.objects.get().status == "cancelled"
    assert Ticket.objects.get().state == "left"
    assert state_of(Case.objects.get(id=case.id)) == "received"
