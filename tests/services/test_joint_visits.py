"""One visit for everything: all that somebody is awaited for, across their open cases, is booked and served at once."""

import pytest
from django.db.models import Count

from services.cases.actions import attending, following, visiting
from services.cases.models import Attendance
from services.cases.queries import calls
from services.ledger.models import Entry
from services.visits import queries as appointments
from services.visits.actions import AlreadyBooked
from services.visits.models import Leg, Visit
from tests.services.a_gift import PARTNER
from tests.services.a_matter import days, file, give, noon, officer, state_of, submit
from tests.services.a_register import NOW
from tests.services.a_visit import book, told
from tests.services.test_acting_for import draft_for, lend
from tests.services.test_standing import bound
from tests.services.together import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def deeds(ayshe):
    """Two deeds of one person, each an application of its own, each waiting for its visit."""
    return [file(ayshe, "joint-deed", PARTNER) for _ in range(2)]


def applications(cases):
    return [case.application_id for case in cases]


def booked_for(case):
    [one] = appointments.booked_for(application_ids=[case.application_id])
    return one


def test_whoever_is_awaited_for_two_applications_is_offered_one_visit_for_both(ayshe, deeds):
    """R8.4, R8.8: the times offered are those at which all of it can be done, from either application's page."""
    first, second = (calls.joint_visit(one, now=NOW) for one in applications(deeds))
    assert first.application_ids == tuple(applications(deeds))
    assert set(second.application_ids) == set(first.application_ids)
    [offered, *_] = calls.visit_slots(application_id=deeds[1].application_id, now=NOW)
    needed = sum(call.need.minutes for call in first.calls)
    assert (offered.ends_at - offered.starts_at).total_seconds() == 60 * needed


def test_one_booking_is_for_both_and_one_attendance_serves_both(ayshe, deeds):
    appointment, when = book(ayshe, deeds[0])

    assert booked_for(deeds[1]).id == appointment
    clerk = officer("records-office")
    attending.complete_visit(
        viewer=clerk, appointment_id=appointment, told=told(clerk, appointment, when), now=when
    )

    assert {state_of(case) for case in deeds} != {"received"}
    assert Visit.objects.filter(person_id=ayshe.person_id).count() == 1
    per_case = Attendance.objects.values("case").annotate(times=Count("id"))
    assert {row["case"]: row["times"] for row in per_case} == {case.id: 1 for case in deeds}


def test_what_comes_later_joins_the_visit_that_is_booked_already(ayshe):
    """Nobody comes twice because they applied twice: the earlier time is given up for one that does both."""
    earlier = file(ayshe, "joint-deed", PARTNER)
    before, _ = book(ayshe, earlier)
    later = file(ayshe, "joint-deed", PARTNER)

    both, _ = book(ayshe, later)

    assert appointments.appointment(appointment_id=before).status == "cancelled"
    assert booked_for(earlier).id == booked_for(later).id == both
    assert {leg.appointment_id for leg in Leg.objects.filter(is_held=True)} == {both}


def test_the_visit_stands_while_one_of_its_applications_still_needs_it(ayshe, deeds):
    appointment, _ = book(ayshe, deeds[0])

    following.withdraw_case(viewer=ayshe, case_id=deeds[0].id, now=NOW)
    assert booked_for(deeds[1]).id == appointment

    following.withdraw_case(viewer=ayshe, case_id=deeds[1].id, now=NOW)
    assert appointments.booked_for(application_ids=applications(deeds)) == ()


def test_somebody_elses_application_is_never_joined(ayshe, bo, deeds):
    other = file(bo, "joint-deed", PARTNER)
    visit = calls.joint_visit(other.application_id, now=NOW)
    assert visit.application_ids == (other.application_id,)


def test_times_at_which_whoever_signs_along_is_elsewhere_are_not_offered(ayshe, bo, deeds):
    """Both must be there: the partner has one time for one visit, and no other at that time."""
    _, taken = book(ayshe, deeds[0])
    [visit] = appointments.booked_for(application_ids=[deeds[0].application_id])
    partner = next(one for one in visit.people if one != ayshe.person_id)
    other = file(bo, "joint-deed", PARTNER)
    wanted = calls.joint_visit(other.application_id, now=NOW)
    assert partner in wanted.people
    assert taken not in [
        one.starts_at for one in calls.visit_slots(application_id=other.application_id, now=NOW)
    ]


def test_the_day_is_one_on_which_none_is_too_late(ayshe, deeds):
    visit = calls.joint_visit(deeds[0].application_id, now=NOW)
    last = min(call.last_on for call in visit.calls)
    soon = noon(last.day - 2, last.month)
    inside, beyond = (f"hall~{last + days(distance)}T09:00" for distance in (0, 1))
    with pytest.raises(visiting.SlotTaken):
        visiting.book_visit(viewer=ayshe, application_id=deeds[0].application_id, slot_id=beyond, now=soon)
    assert visiting.book_visit(viewer=ayshe, application_id=deeds[0].application_id, slot_id=inside, now=soon)


def test_what_no_time_is_left_for_keeps_nobody_else_from_coming(ayshe):
    """However many are awaited: those that fit into one visit are one, and each of the others has a time too."""
    many = [file(ayshe, "joint-deed", PARTNER) for _ in range(12)]
    for case in many:
        if not appointments.booked_for(application_ids=[case.application_id]):
            book(ayshe, case)
    assert all(appointments.booked_for(application_ids=[case.application_id]) for case in many)


def test_a_moved_or_cancelled_visit_stands_in_the_ledger_of_every_case_it_was_for(ayshe, deeds):
    appointment, _ = book(ayshe, deeds[0])
    later = calls.visit_slots(application_id=deeds[1].application_id, now=NOW)[3]

    moved = visiting.move_visit(
        viewer=ayshe, application_id=deeds[1].application_id, appointment_id=appointment, slot_id=later.id, now=NOW
    )  # fmt: skip
    assert {booked_for(case).id for case in deeds} == {moved}
    visiting.cancel_visit(viewer=ayshe, application_id=deeds[0].application_id, appointment_id=moved, now=NOW)

    for case in deeds:
        told_of = Entry.objects.filter(case_id=case.id, event__startswith="visit_").order_by("sequence")
        events = [one for one in told_of.values_list("event", flat=True) if one != "visit_offered"]
        assert events == ["visit_booked", "visit_moved", "visit_cancelled"]


@pytest.mark.django_db(transaction=True)
def test_two_bookings_that_meet_from_both_applications_book_one_visit(ayshe, deeds):
    """Both hold the same cases, in one order: neither waits for the other for ever, and nobody is called twice."""
    slots = [
        calls.visit_slots(application_id=one, now=NOW)[n].id for n, one in enumerate(applications(deeds))
    ]

    pages = iter((case.application_id, slot) for case, slot in zip(deeds, slots, strict=True))

    def book_from_next_page():
        application, slot = next(pages)
        return visiting.book_visit(viewer=ayshe, application_id=application, slot_id=slot, now=NOW)

    answers = together(2, book_from_next_page)

    refused = [one for one in answers if isinstance(one, Exception)]
    assert all(isinstance(one, (AlreadyBooked, visiting.SlotTaken)) for one in refused) and len(refused) <= 1
    assert len({booked_for(case).id for case in deeds}) == 1


@pytest.fixture
def arranged(ayshe, prefecture):
    """Return two deeds that somebody filed for the person, and the visit they arranged for both."""
    agent = bound("li", "440524188001010014")
    lend(ayshe, agent, may_declare=True)
    filed = []
    for _ in range(2):
        begun = draft_for(ayshe, agent, "joint-deed", PARTNER)
        give(agent, begun)
        filed.append(submit(agent, begun))
    _, taken = book(agent, filed[0])
    return *filed, taken


def test_who_did_not_arrange_the_visit_moves_one_application_out_of_it(ayshe, arranged):
    """R11.2: the visit stands for the others, and its own time is not offered as if it were free."""
    stays, goes, taken = arranged
    joint = booked_for(goes)
    assert joint.id == booked_for(stays).id
    offered = calls.offered_slots(viewer=ayshe, application_id=goes.application_id, now=NOW)
    assert taken not in [one.starts_at for one in offered]

    moved = visiting.move_visit(
        viewer=ayshe,
        application_id=goes.application_id,
        appointment_id=joint.id,
        slot_id=offered[0].id,
        now=NOW,
    )

    assert booked_for(goes).id == moved
    assert booked_for(stays).id == joint.id
    assert booked_for(stays).application_ids == (stays.application_id,)


def test_who_did_not_arrange_the_visit_takes_one_application_out_and_it_stands(ayshe, arranged):
    stays, goes, _ = arranged
    joint = booked_for(goes)

    visiting.cancel_visit(viewer=ayshe, application_id=goes.application_id, appointment_id=joint.id, now=NOW)

    assert appointments.booked_for(application_ids=[goes.application_id]) == ()
    assert booked_for(stays).application_ids == (stays.application_id,)
