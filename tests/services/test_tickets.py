"""The line of a centre: a number and nobody's name, called to a window that can do it (R6.7, R8.10)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from services.core.appointments import Need
from services.core.states import Role
from services.core.tickets import TicketCannotMove
from services.ledger.actions import WORKER, Actor
from services.visits import actions, queries
from services.visits.actions import Wish
from services.visits.models import Ticket
from tests.services.an_appointment import CHECK, CLERK, SECOND, SIGN, book, visitor
from tests.services.together import together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prefecture", "centres")]

CENTRE = "services-centre"
NINE = datetime(2026, 3, 3, 1, tzinfo=UTC)  # Tuesday
COLLEAGUE = Actor(account_id=uuid4(), role=Role.CLERK)


def at(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


def give(*needs: Need, now: datetime = NINE, appointment: UUID | None = None, **wish: object) -> int:
    case = uuid4()
    made = actions.give_ticket(
        centre=CENTRE, wish=Wish(needs=[(case, one) for one in needs or (SIGN,)], **wish), clerk=CLERK, now=now,
        appointment_id=appointment,
    )  # fmt: skip
    return queries.ticket(ticket_id=made).number


def call(window: str = "comprehensive-1", now: datetime = NINE, clerk: Actor = CLERK) -> UUID | None:
    return actions.call_next(centre=CENTRE, window=window, clerk=clerk, now=now)


def number(ticket_id: UUID | None) -> int | None:
    return queries.ticket(ticket_id=ticket_id).number if ticket_id else None


def test_numbers_begin_anew_at_each_centre_and_day():
    assert [give(), give()] == [1, 2]
    assert give(now=NINE + timedelta(days=1)) == 1
    other = actions.give_ticket(centre="hospital", wish=Wish(), clerk=CLERK, now=NINE)
    assert queries.ticket(ticket_id=other).number == 1


def test_who_is_called_first_is_who_came_first():
    give(now=at(0))
    give(now=at(1))

    assert number(call(now=at(2))) == 1
    assert number(call("comprehensive-2", now=at(2))) == 2


def test_who_booked_is_called_at_their_time_before_who_came_earlier():
    """R6.7, R6.8"""
    give(SIGN, now=at(0))
    give(now=at(0))
    appointment = book(visitor(), slot_id=SECOND)  # twenty past nine
    third = give(now=at(15), appointment=appointment)

    assert number(call(now=at(20))) == third == 3


def test_a_window_does_not_begin_what_would_keep_it_from_its_promise():
    book(visitor(), slot_id=SECOND)
    book(visitor(), slot_id=SECOND)
    give(now=at(5))

    assert call(now=at(5)) is None
    assert number(call(now=at(0))) == 1


def test_a_window_takes_only_what_it_can_do():
    give(CHECK)

    assert call() is None


def test_two_windows_that_call_at_once_call_two_people(transactional_db, centres):
    actions.load_centres(folder=centres.parent)
    give()
    give()
    windows = iter(["comprehensive-1", "comprehensive-2"])

    called = together(2, lambda: number(call(next(windows))))

    assert sorted(called) == [1, 2]


def test_a_window_serves_one_at_a_time():
    give()
    give()
    call()

    with pytest.raises(actions.WindowTaken):
        call()
    with pytest.raises(IntegrityError, match="ticket_one_at_a_window"), transaction.atomic():
        Ticket.objects.filter(number=2).update(
            state="called", window=Ticket.objects.get(number=1).window_id, called_by=uuid4()
        )


def test_who_does_not_appear_is_passed_over_once_waits_again_in_their_place_and_may_leave():
    first, second, _ = give(now=at(0)), give(now=at(1)), give(now=at(2))
    called = call(now=at(2))
    actions.put_back(ticket_id=called, clerk=CLERK, now=at(4))

    assert number(call(now=at(4))) == second
    assert number(call("comprehensive-2", now=at(5), clerk=COLLEAGUE)) == first
    actions.end_ticket(ticket_id=called, clerk=COLLEAGUE, now=at(6))

    assert queries.ticket(ticket_id=called).state == "left"
    with pytest.raises(TicketCannotMove):
        actions.begin_serving(ticket_id=called, clerk=COLLEAGUE, now=at(7))


def test_a_ticket_is_in_the_hands_of_whoever_called_it():
    give()
    called = call()

    for act in (actions.begin_serving, actions.put_back, actions.end_ticket):
        with pytest.raises(actions.NotYourWindow):
            act(ticket_id=called, clerk=COLLEAGUE, now=at(1))
    with pytest.raises(actions.OnlyAtTheDesk):
        actions.begin_serving(ticket_id=called, clerk=WORKER, now=at(1))


def test_who_does_not_appear_is_called_again_where_nobody_else_waits():
    give(now=at(0))
    called = call(now=at(2))
    actions.put_back(ticket_id=called, clerk=CLERK, now=at(4))

    assert call(now=at(5)) == called


def test_a_supervisor_takes_over_what_a_colleague_has_called():
    """Nobody is left standing at a window whose officer has gone."""
    give()
    called = call()
    actions.begin_serving(ticket_id=called, clerk=CLERK, now=at(1))
    supervisor = Actor(account_id=uuid4(), role=Role.SUPERVISOR)

    actions.end_ticket(ticket_id=called, clerk=supervisor, now=at(2))

    assert queries.ticket(ticket_id=called).state == "done"
    assert Ticket.objects.get().called_by == supervisor.account_id


def test_whoever_gives_their_time_back_waits_no_more():
    appointment = book(visitor())
    give(appointment=appointment, help=["reading"])

    actions.cancel_appointment(appointment_id=appointment, now=at(1))

    assert queries.line(centre=CENTRE, now=at(2)) == ()
    assert Ticket.objects.get().state == "left"


@pytest.mark.parametrize(
    ("day", "minutes"),
    [(datetime(2026, 10, 1, 1, tzinfo=UTC), None), (datetime(2026, 10, 10, 1, tzinfo=UTC), 0)],
    ids=["a holiday", "a make-up workday"],
)
def test_the_windows_keep_the_days_of_the_calendar(day, minutes):
    """What is told at the screen is what is offered for booking: the same days, the same hours."""
    give(now=day)

    assert [one.minutes for one in queries.line(centre=CENTRE, now=day)] == [minutes]
    assert queries.can_take(CENTRE, [SIGN], now=day) is (minutes is not None)


def test_nothing_is_taken_on_for_which_the_day_is_too_short():
    assert queries.can_take(CENTRE, [SIGN], now=at(160))
    assert not queries.can_take(CENTRE, [SIGN], now=at(161))


def test_one_is_sent_on_from_one_window_to_another_and_keeps_the_place():
    first, second = give(SIGN, now=at(0)), give(SIGN, now=at(1))
    called = call(now=at(2))
    actions.begin_serving(ticket_id=called, clerk=CLERK, now=at(3))
    actions.put_back(ticket_id=called, clerk=CLERK, now=at(9), needs=[(uuid4(), SIGN)])

    assert [one.number for one in queries.line(centre=CENTRE, now=at(10))] == [first, second]


def test_what_somebody_needs_is_noted_while_they_are_here_and_no_longer():
    give(language="ug", help=["wheelchair"])
    waiting = queries.line(centre=CENTRE, now=NINE)[0]
    assert (waiting.language, waiting.help) == ("ug", ("wheelchair",))

    called = call()
    actions.begin_serving(ticket_id=called, clerk=CLERK, now=at(1))
    actions.end_ticket(ticket_id=called, clerk=CLERK, now=at(2))

    kept = queries.ticket(ticket_id=called)
    assert (kept.state, kept.language, kept.help) == ("done", "", ())
    with pytest.raises(IntegrityError, match="keeps_no_needs"), transaction.atomic():
        Ticket.objects.update(help=["wheelchair"])
    with pytest.raises(actions.UnknownHelp):
        give(help=["a red carpet"])


def test_what_they_said_they_need_when_they_booked_is_noted_on_the_ticket():
    """R6.8"""
    appointment = book(visitor())
    actions.note_help(appointment_id=appointment, language="ug", help_wanted=["sign_language"])

    give(appointment=appointment, help=["wheelchair"])

    waiting = queries.line(centre=CENTRE, now=NINE)[0]
    assert (waiting.language, waiting.help) == ("ug", ("sign_language", "wheelchair"))


def test_everybody_is_told_about_how_long_it_takes():
    """Two windows of twenty minutes each: the third waits until the first has been served."""
    for _ in range(3):
        give()
    call()

    told = {one.number: one.minutes for one in queries.line(centre=CENTRE, now=NINE)}

    assert told == {1: None, 2: 0, 3: 20}


def test_when_the_windows_are_closed_nothing_is_promised():
    night = NINE + timedelta(hours=12)
    give(now=night)

    assert [one.minutes for one in queries.line(centre=CENTRE, now=night)] == [None]


def test_one_appointment_has_one_ticket_at_a_time():
    appointment = book(visitor())

    assert give(appointment=appointment) == give(appointment=appointment) == 1


def test_a_booking_is_found_by_its_code_on_its_day_at_its_centre():
    appointment = book(visitor())
    code = queries.booking_code(appointment)

    def found(centre: str = CENTRE, days: int = 0, typed: str = code) -> UUID | None:
        day = (NINE + timedelta(days=days)).date()
        one = queries.with_code(centre=centre, day=day, code=typed)
        return one.id if one else None

    assert found() == found(typed=f"{code[:4].lower()} {code[4:]}") == appointment
    assert found(centre="hospital") is None
    assert found(days=1) is None
    assert found(typed="") is None


def test_what_was_left_open_ends_with_the_day():
    give(help=["reading"])
    stands_for_it = actions.open_appointment(visitor=visitor(), centre=CENTRE, minutes=20, now=NINE)
    give(appointment=stands_for_it)

    unserved = actions.end_line(now=NINE + timedelta(days=1))

    assert unserved == (stands_for_it,)
    assert set(Ticket.objects.values_list("state", flat=True)) == {"left"}
    assert actions.end_line(now=NINE + timedelta(days=1)) == ()


def test_who_comes_unasked_is_one_visit_and_the_windows_stay_free():
    """R6.7, R8.4"""
    who = visitor()
    one = actions.open_appointment(visitor=who, centre=CENTRE, minutes=40, now=NINE)

    booked = queries.appointment(appointment_id=one)
    assert (booked.application_ids, booked.legs) == (who.application_ids, ())
    with pytest.raises(actions.ElsewhereThen):
        actions.open_appointment(visitor=visitor(person_id=who.person_id), centre=CENTRE, minutes=9, now=NINE)
    with pytest.raises(actions.AlreadyBooked):
        again = visitor(application_ids=who.application_ids)
        actions.open_appointment(visitor=again, centre=CENTRE, minutes=9, now=NINE)


def test_more_may_join_while_they_are_here():
    one, more = book(visitor()), uuid4()

    actions.join_appointment(appointment_id=one, application_ids=[more], now=NINE)
    actions.join_appointment(appointment_id=one, application_ids=[more], now=NINE)

    assert queries.appointment(appointment_id=one).application_ids[1:] == (more,)
    with pytest.raises(actions.AlreadyBooked):
        actions.join_appointment(appointment_id=book(visitor()), application_ids=[more], now=NINE)
