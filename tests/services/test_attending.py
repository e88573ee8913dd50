"""At the desk: who comes twice in a day has come once (R8.4, R8.10)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from services.core.states import Role
from services.ledger.actions import WORKER, Actor
from services.visits import actions, queries
from services.visits.models import Appointment, Centre, Visit
from tests.services.an_appointment import CLERK, NOW, SECOND, TUESDAY, book, booked, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centres")]


THERE = datetime(2026, 3, 3, 1, 2, tzinfo=UTC)


def test_who_comes_is_received_and_served_once():
    who = visitor()
    one = book(who)

    visit_id = actions.open_visit(appointment_id=one, clerk=CLERK, now=THERE)
    assert actions.open_visit(appointment_id=one, clerk=CLERK, now=THERE) == visit_id
    assert actions.complete_visit(appointment_id=one, clerk=CLERK, now=THERE) == visit_id
    later = THERE + timedelta(minutes=5)
    assert actions.complete_visit(appointment_id=one, clerk=CLERK, now=later) == visit_id

    [visit] = queries.visits_of(application_ids=who.application_ids)
    assert (visit.id, visit.on, visit.arrived_at, visit.completed_at) == (visit_id, TUESDAY, THERE, THERE)
    assert (booked(who).status, booked(who).visit_id) == ("kept", visit_id)


def test_who_comes_late_is_served_while_the_day_lasts():
    one = book(visitor())

    actions.complete_visit(appointment_id=one, clerk=CLERK, now=THERE + timedelta(hours=14))

    assert Appointment.objects.get().status == "kept"


@pytest.mark.parametrize(
    ("day", "refusal"), [(-1, actions.DayNotCome), (1, actions.DayOver), (30, actions.DayOver)]
)
def test_an_appointment_is_served_on_its_own_day_alone(day: int, refusal: type[Exception]):
    one = book(visitor())

    with pytest.raises(refusal, match="2026-03-03"):
        actions.complete_visit(appointment_id=one, clerk=CLERK, now=THERE + timedelta(days=day))

    assert Appointment.objects.get().status == "booked"
    assert not Visit.objects.exists()


def test_every_change_of_what_is_booked_gives_it_another_version():
    who = visitor()
    first = book(who)
    versions = [booked(who).version]
    actions.cancel_appointment(appointment_id=first, now=NOW)
    second = book(who, slot_id=SECOND)
    versions += [queries.appointment(appointment_id=one).version for one in (first, second)]
    actions.cancel_appointment(appointment_id=second, now=NOW)
    versions.append(queries.appointment(appointment_id=second).version)

    assert versions == sorted(set(versions))


def test_two_applications_at_one_centre_on_one_day_are_one_visit():
    first = visitor()
    second = visitor(person_id=first.person_id)
    one, other = book(first), book(second, slot_id=SECOND)

    visits = {actions.complete_visit(appointment_id=id, clerk=CLERK, now=THERE) for id in (one, other)}

    assert len(visits) == 1
    ids = [*first.application_ids, *second.application_ids]
    assert {view.id for view in queries.visits_of(application_ids=ids)} == visits
    assert {view.id for view in queries.visits_of(application_ids=second.application_ids)} == visits


def test_another_day_or_another_centre_is_another_visit():
    who = visitor()
    actions.open_walk_in(visitor=who, centre="services-centre", clerk=CLERK, now=THERE)
    actions.open_walk_in(visitor=who, centre="services-centre", clerk=CLERK, now=THERE)
    assert Visit.objects.count() == 1

    actions.open_walk_in(visitor=who, centre="hospital", clerk=CLERK, now=THERE)
    actions.open_walk_in(visitor=who, centre="services-centre", clerk=CLERK, now=THERE + timedelta(days=1))

    assert Visit.objects.count() == 3
    with pytest.raises(actions.NoSuchCentre):
        actions.open_walk_in(visitor=who, centre="nowhere", clerk=CLERK, now=THERE)


@pytest.mark.parametrize("actor", [WORKER, Actor(account_id=uuid4(), role=Role.APPLICANT)])
def test_that_somebody_came_is_witnessed_by_an_officer(actor: Actor):
    one = book(visitor())

    with pytest.raises(actions.OnlyAtTheDesk):
        actions.complete_visit(appointment_id=one, clerk=actor, now=THERE)


def test_the_desk_sees_who_comes_today_in_order():
    late, early, never = visitor(), visitor(), visitor()
    book(late, slot_id=SECOND)
    book(early)
    actions.cancel_appointment(appointment_id=book(never, slot_id=SECOND), now=NOW)
    book(visitor(), slot_id="services-centre~2026-03-04T09:00")

    list_of_day = queries.day_list(centre="services-centre", day=TUESDAY)

    assert [one.application_ids for one in list_of_day] == [early.application_ids, late.application_ids]


def test_whose_fault_a_visit_was_is_kept():
    who = visitor()
    visit_id = actions.open_walk_in(visitor=who, centre="services-centre", clerk=CLERK, now=THERE)

    actions.record_fault(visit_id=visit_id, fault="authority", clerk=CLERK)

    assert [one.fault for one in queries.visits_of(application_ids=who.application_ids)] == ["authority"]
    with pytest.raises(actions.NobodysFault):
        actions.record_fault(visit_id=visit_id, fault="weather", clerk=CLERK)


def test_the_database_counts_one_attendance_a_day():
    visit = Visit(
        centre=Centre.objects.get(code="hospital"), on=TUESDAY, person_id=uuid4(), application_id=uuid4(),
        arrived_at=THERE, received_by=uuid4(),
    )  # fmt: skip
    visit.save()
    visit.pk = uuid4()

    with pytest.raises(IntegrityError, match="visit_once_a_day"), transaction.atomic():
        visit.save(force_insert=True)


@pytest.mark.parametrize("changed", [{"status": "kept"}, {"status": "lost"}, {"ends_at": NOW}])
def test_the_database_refuses_an_appointment_that_cannot_be(changed: dict[str, object]):
    book(visitor())

    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.update(**changed)
