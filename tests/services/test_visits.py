"""One place, one time: a window is promised to one person."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from services.cases.queries.visits import as_seen
from services.visits import actions, queries
from services.visits.models import Appointment, Leg, Window
from tests.services.a_matter import officer
from tests.services.an_appointment import (
    CENTRES,
    CHECK,
    CLERK,
    FIRST,
    NOW,
    SATURDAY,
    SECOND,
    SHOW,
    SIGN,
    book,
    booked,
    calls,
    offered,
    visitor,
)
from tests.services.together import together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centres")]


# --- Centres ---------------------------------------------------------------------------------------------


def test_centres_are_taken_over_from_the_catalogue_as_often_as_one_likes(centres: Path):
    assert actions.load_centres(folder=centres.parent) == 2

    assert [(one.code, one.name["zh"], one.opens) for one in queries.centres()] == [
        ("hospital", "医院", "08:00"),
        ("services-centre", "政务服务中心", "09:00"),
    ]
    assert Window.objects.count() == 3


def test_a_centre_no_longer_described_is_closed_and_its_appointments_stay(centres: Path):
    who = visitor()
    book(who)
    centres.write_text(CENTRES[CENTRES.index("[hospital]") :], encoding="utf-8")

    actions.load_centres(folder=centres.parent)

    assert offered() == []
    assert booked(who).status == "booked"
    with pytest.raises(actions.SlotTaken):
        book(visitor())


# --- What is free ----------------------------------------------------------------------------------------


def test_times_are_offered_in_the_jurisdictions_own_hours():
    slots = queries.free_slots(calls=calls(), days=1, after=NOW.replace(day=3, hour=0))

    assert len(slots) == 9  # three hours, every twenty minutes, however many windows
    assert (slots[0].id, slots[0].starts_at) == (FIRST, datetime(2026, 3, 3, 1, 0, tzinfo=UTC))
    assert slots[-1].ends_at == datetime(2026, 3, 3, 4, 0, tzinfo=UTC)


def test_a_visit_for_several_things_is_offered_where_all_of_them_can_be_done():
    assert offered(SIGN, SHOW)[0] == FIRST
    assert offered(CHECK) == [f"hospital~2026-03-03T08:{minute}" for minute in ("00", "20", "40")]
    assert offered(SIGN, CHECK) == []


def test_nothing_is_offered_on_rest_days_nor_in_a_year_nobody_has_published():
    assert offered(from_day=SATURDAY, days=2) == []
    assert offered(from_day=date(2026, 10, 1)) == []
    assert offered(from_day=date(2099, 3, 3), days=3) == []


def test_earlier_times_than_the_moment_asked_for_are_not_offered():
    after = datetime(2026, 3, 3, 3, 30, tzinfo=UTC)

    assert offered(after=after) == ["services-centre~2026-03-03T11:40"]


def test_what_is_free_costs_two_queries_however_many_days():
    with CaptureQueriesContext(connection) as asked:
        offered(days=20)

    assert len(asked) == 2


def test_a_time_is_offered_until_every_window_is_promised():
    book(visitor())
    assert FIRST in offered()

    book(visitor())

    assert FIRST not in offered()
    assert SECOND in offered()


# --- Booking ---------------------------------------------------------------------------------------------


def test_a_visit_for_several_things_is_one_appointment_with_a_step_for_each():
    who = visitor()
    appointment_id = book(who, SIGN, SHOW)

    one = booked(who)

    assert (one.id, one.centre, one.status) == (appointment_id, "services-centre", "booked")
    assert (one.starts_at, one.ends_at) == (NOW.replace(day=3, minute=0), NOW.replace(day=3, minute=40))
    assert [(leg.purposes, leg.organisation) for leg in one.legs] == [
        (("signature",), "civil-affairs"),
        (("original",), "natural-resources"),
    ]
    assert len({leg.window for leg in one.legs}) == 1


def test_booking_twice_is_booking_once():
    who = visitor()

    assert book(who) == book(who)
    assert Appointment.objects.count() == 1


def test_an_application_has_one_appointment():
    who = visitor()
    book(who)

    with pytest.raises(actions.AlreadyBooked):
        book(who, slot_id=SECOND)


def test_a_person_is_in_one_place_at_a_time():
    who = visitor()
    book(who)

    with pytest.raises(actions.ElsewhereThen):
        book(visitor(person_id=who.person_id))


@pytest.mark.parametrize(
    "slot_id",
    [
        "", "services-centre", "nowhere~2026-03-03T09:00", "services-centre~2026-03-03T09:07",
        "services-centre~2026-03-07T09:00", "services-centre~2026-02-30T09:00", "hospital~2026-03-03T08:00",
        "services-centre~2026-03-02T09:00", "\x00~2026-03-03T09:00",
    ],
)  # fmt: skip
def test_what_was_never_on_offer_cannot_be_booked(slot_id: str):
    with pytest.raises(actions.SlotTaken):
        book(visitor(), slot_id=slot_id)


def test_the_last_place_goes_to_one_of_many(transactional_db: None, centres: Path):
    actions.load_centres(folder=centres.parent)

    outcomes = together(20, lambda: book(visitor(), CHECK, slot_id="hospital~2026-03-03T08:00"))

    assert [type(one) for one in outcomes].count(actions.SlotTaken) == 19
    assert [one.id for one in Appointment.objects.all()] == [one for one in outcomes if isinstance(one, UUID)]
    assert Leg.objects.count() == 1


def test_two_who_book_the_same_time_at_once_get_two_windows(transactional_db: None, centres: Path):
    actions.load_centres(folder=centres.parent)

    together(2, lambda: book(visitor()))

    assert Leg.objects.values("window").distinct().count() == 2


def test_the_database_itself_promises_a_window_once():
    book(visitor())
    leg = Leg.objects.get()
    leg.id, leg.starts_at, leg.ends_at = None, leg.starts_at + timedelta(minutes=10), leg.ends_at
    with pytest.raises(IntegrityError, match="window_promised_once"), transaction.atomic():
        leg.save(force_insert=True)

    leg.starts_at, leg.ends_at = leg.ends_at, leg.ends_at + timedelta(minutes=20)
    leg.save(force_insert=True)  # who comes when the other has left is not in the way


# --- Moved, cancelled, missed ----------------------------------------------------------------------------


def test_a_cancelled_time_is_free_again():
    one, other = book(visitor()), book(visitor())
    assert FIRST not in offered()

    actions.cancel_appointment(appointment_id=one, now=NOW)
    actions.cancel_appointment(appointment_id=one, now=NOW)

    assert FIRST in offered()
    assert {row.id: row.status for row in Appointment.objects.all()} == {one: "cancelled", other: "booked"}


def test_one_appointment_may_be_for_several_applications_and_each_of_them_has_no_other():
    """R8.4: everything somebody is awaited for is one visit, whichever application it belongs to."""
    one, other = uuid4(), uuid4()
    joint = visitor(application_ids=(one, other))
    appointment = book(joint, SIGN, SHOW)

    for application in (one, other):
        assert [found.id for found in queries.booked_for(application_ids=[application])] == [appointment]
        with pytest.raises(actions.AlreadyBooked):
            book(visitor(application_ids=(application,)), slot_id=SECOND)
    assert booked(joint).application_ids == (one, other)


def test_one_application_is_taken_out_and_the_appointment_stands_for_the_others():
    """Who represents one of them, and did not arrange the visit, takes it out and books a time of its own."""
    one, other = uuid4(), uuid4()
    appointment = book(visitor(application_ids=(one, other)), SIGN, SHOW)

    actions.leave_appointment(appointment_id=appointment, application_id=one, now=NOW)

    assert queries.booked_for(application_ids=[one]) == ()
    assert [found.id for found in queries.booked_for(application_ids=[other])] == [appointment]
    assert book(visitor(application_ids=(one,)), slot_id=SECOND) != appointment


def test_officers_who_do_not_sit_there_see_their_own_step_of_a_visit_alone():
    """R3.2, R6.1: of what somebody comes for to another office they see nothing."""
    seen = queries.appointment(appointment_id=book(visitor(), SIGN, SHOW))
    own = as_seen(officer("civil-affairs"), seen)
    assert [leg.organisation for leg in seen.legs] == ["civil-affairs", "natural-resources"]
    assert [leg.organisation for leg in own.legs] == ["civil-affairs"]


def test_whoever_must_come_along_is_nowhere_else_meanwhile():
    """Buyer and seller, both spouses: one time for all of them."""
    seller = uuid4()
    first = book(visitor(along=(seller,)))

    with pytest.raises(actions.ElsewhereThen):
        book(visitor(along=(seller,)))
    busy = queries.free_slots(
        calls=calls(persons=frozenset({str(seller)})), days=1, after=NOW.replace(day=3, hour=0)
    )
    assert FIRST not in [slot.id for slot in busy]

    actions.cancel_appointment(appointment_id=first, now=NOW)
    assert book(visitor(along=(seller,)))


def test_an_appointment_is_missed_when_its_time_has_passed_and_not_before():
    one = book(visitor())
    over = NOW + timedelta(days=1)
    with pytest.raises(actions.NotMissedYet):
        actions.miss_appointment(appointment_id=one, now=NOW)
    assert [late.id for late in queries.not_kept(before=over)] == [one]

    actions.miss_appointment(appointment_id=one, now=over)
    actions.miss_appointment(appointment_id=one, now=over)

    assert Appointment.objects.get().status == "missed"
    assert queries.not_kept(before=over) == ()


def test_what_is_over_stays_over():
    one = book(visitor())
    actions.miss_appointment(appointment_id=one, now=NOW + timedelta(days=1))

    with pytest.raises(actions.AppointmentOver, match="missed"):
        actions.open_visit(appointment_id=one, clerk=CLERK, now=NOW + timedelta(days=1))
    with pytest.raises(actions.NoSuchAppointment):
        actions.cancel_appointment(appointment_id=uuid4(), now=NOW)
