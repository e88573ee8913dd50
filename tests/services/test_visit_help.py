"""What somebody needs when they come is said once, told to whoever receives them, and then forgotten (R6.8)."""

import pytest
from django.db import IntegrityError, transaction

from services.cases.actions import arriving, visiting
from services.cases.actions.arriving import Comer
from services.cases.queries import calls
from services.cases.queries.visibility import NoSuchApplication
from services.visits import queries
from services.visits.actions import AppointmentOver, UnknownHelp
from services.visits.models import Appointment, Ticket
from tests.services.a_gift import PARTNER
from tests.services.a_matter import file, officer
from tests.services.a_register import NOW
from tests.services.a_visit import book, serve

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(ayshe):
    case = file(ayshe, "joint-deed", PARTNER)
    appointment, when = book(ayshe, case)
    return case, appointment, when


def note(viewer, booked, *, language="ug", help_wanted=("wheelchair",)):
    case, appointment, _ = booked
    visiting.note_visit_help(
        viewer=viewer,
        application_id=case.application_id,
        appointment_id=appointment,
        language=language,
        help_wanted=help_wanted,
    )


def told(appointment):
    found = queries.appointment(appointment_id=appointment)
    return found.language, found.help


def test_whoever_receives_them_is_told_without_asking_again(ayshe, booked):
    _, appointment, when = booked
    note(ayshe, booked)
    clerk = officer("records-office")
    arriving.receive(viewer=clerk, appointment_id=appointment, comer=Comer("hall"), now=when)
    [ticket] = Ticket.objects.all()
    assert (ticket.language, ticket.help) == ("ug", ["wheelchair"])


def test_what_is_said_at_the_reception_is_added_and_the_language_spoken_there_holds(ayshe, booked):
    _, appointment, when = booked
    note(ayshe, booked)
    here = Comer("hall", language="en", help=["sign_language"])
    arriving.receive(viewer=officer("records-office"), appointment_id=appointment, comer=here, now=when)
    [ticket] = Ticket.objects.all()
    assert (ticket.language, ticket.help) == ("en", ["sign_language", "wheelchair"])


def test_another_time_keeps_what_was_said(ayshe, booked):
    case, appointment, _ = booked
    note(ayshe, booked)
    slot = calls.visit_slots(application_id=case.application_id, now=NOW)[-1]
    moved = visiting.move_visit(
        viewer=ayshe, application_id=case.application_id, appointment_id=appointment, slot_id=slot.id, now=NOW
    )
    assert told(moved) == ("ug", ("wheelchair",))
    assert told(appointment) == ("", ())


def test_it_is_forgotten_when_they_have_come_and_the_database_keeps_none_of_it(ayshe, booked):
    _, appointment, when = booked
    note(ayshe, booked)
    serve(officer("records-office"), appointment, when)
    assert told(appointment) == ("", ())
    with pytest.raises(IntegrityError, match="keeps_no_needs"), transaction.atomic():
        Appointment.objects.update(help=["wheelchair"])
    with pytest.raises(AppointmentOver):
        note(ayshe, booked)


def test_only_help_that_a_centre_knows_of_can_be_asked_for(ayshe, bo, booked):
    with pytest.raises(UnknownHelp):
        note(ayshe, booked, help_wanted=["a red carpet"])
    with pytest.raises(NoSuchApplication):
        note(bo, booked)
