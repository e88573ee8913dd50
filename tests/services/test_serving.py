"""At the counter: who serves, what counts, on what it is decided; and what becomes of a visit nobody needs or keeps."""

from uuid import uuid4

import pytest

from portal.management.commands.sweep import sweep
from services import clock
from services.cases.actions import following, reading, reminders, visiting
from services.cases.actions.drafting import ChangedMeanwhile
from services.cases.actions.missing import miss_visit
from services.cases.actions.visiting import NotYourDesk
from services.cases.models import Case
from services.cases.queries import calls, desk, visits
from services.core.attendance import VisitNotTold
from services.core.facts import Holder
from services.evidence.models import Evidence
from services.evidence.queries import NoSuchUpload
from services.ledger import queries as ledger
from services.ledger.models import Entry
from services.notices.models import Notice
from services.visits import queries as appointments
from services.visits.actions import DayNotCome, DayOver, NobodysFault
from services.visits.models import Centre, Leg, Visit
from services.visits.queries import NoSuchCentre
from tests.services.a_matter import begin, days, file, give, noon, officer, state_of, submit, task_of, work
from tests.services.a_register import NOW, says
from tests.services.a_visit import book, serve, told

PARTNER = {"application.partner_name": "Bo Made-up", "application.partner_number": "440524188001010014"}


def a_deed(viewer):
    return file(viewer, "joint-deed", PARTNER)


@pytest.fixture
def deed(ayshe):
    return a_deed(ayshe)


@pytest.fixture
def clerk(prefecture):
    return officer("records-office")


def booked_still(appointment):
    return appointments.appointment(appointment_id=appointment).status == "booked"


def events_of(case):
    return list(Entry.objects.filter(case_id=case.id).order_by("sequence").values_list("event", flat=True))


# --- Who serves (R6.1) -----------------------------------------------------------------------------------


def test_an_office_that_does_not_sit_there_finds_no_appointment(ayshe, deed):
    appointment, when = book(ayshe, deed)
    stranger = officer("works-office")

    with pytest.raises(NotYourDesk):
        visits.counter_visit(viewer=stranger, appointment_id=appointment, on=when.date())
    with pytest.raises(NotYourDesk):
        visiting.complete_visit(
            viewer=stranger, appointment_id=appointment,
            told=told(officer("records-office"), appointment, when), now=when,
        )  # fmt: skip

    assert desk.arrivals(viewer=stranger, centre="hall", day=clock.legal_day(when)) == ()
    assert booked_still(appointment)


def test_a_centre_whose_windows_do_not_act_for_an_office_is_no_place_of_its_officers(prefecture):
    row = Centre.objects.get(code="harbour")
    row.described["windows"][0] |= {"organisations": ["works-office"], "staff": []}
    row.save()

    with pytest.raises(NoSuchCentre):
        desk.arrivals(viewer=officer("records-office"), centre="harbour", day=clock.legal_day(NOW))
    with pytest.raises(NoSuchCentre):
        desk.arrivals(viewer=officer("records-office"), centre="nowhere", day=clock.legal_day(NOW))
    assert [one.code for one in desk.centres_of(viewer=officer("records-office"))] == ["hall"]


def test_whoever_sits_there_receives_for_every_office(ayshe, deed, clerk):
    appointment, when = book(ayshe, deed)

    (arrival,) = desk.arrivals(viewer=clerk, centre="hall", day=clock.legal_day(when))

    assert arrival.appointment.id == appointment


# --- On its day ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("distance", "refusal"), [(-1, DayNotCome), (1, DayOver)])
def test_a_visit_is_served_on_the_day_it_was_booked_for(ayshe, clerk, distance, refusal):
    deed = a_deed(ayshe)
    slot = calls.visit_slots(application_id=deed.application_id, now=NOW)[60]
    appointment = visiting.book_visit(
        viewer=ayshe, application_id=deed.application_id, slot_id=slot.id, now=NOW
    )

    with pytest.raises(refusal):
        serve(clerk, appointment, slot.starts_at + days(distance))

    assert booked_still(appointment)
    assert state_of(deed) == "received"


# --- What counts (R3.17) ---------------------------------------------------------------------------------


def test_without_a_word_on_the_originals_nothing_is_served(ayshe, deed, clerk):
    appointment, when = book(ayshe, deed)

    with pytest.raises(VisitNotTold) as refused:
        serve(clerk, appointment, when, seen={})

    assert [one.place for one in refused.value.errors] == [f"originalsSeen.{deed.id}"]
    assert booked_still(appointment)
    assert not Evidence.objects.filter(source="seen").exists()


def test_that_none_was_shown_is_an_answer(ayshe, deed, clerk):
    appointment, when = book(ayshe, deed)

    serve(clerk, appointment, when, seen={str(deed.id): []})

    deed.refresh_from_db()
    assert deed.settlements["partner-free"]["standing"] != "settled"
    assert not Evidence.objects.filter(source="seen").exists()


@pytest.fixture
def copied(ayshe, prefecture):
    """A deed whose identity card no register has: a copy of it was sent."""
    prefecture.answers["/registers/id-card/query"] = [says({"answer": "no_record"})]
    application = begin(ayshe, "joint-deed", PARTNER)
    give(ayshe, application)
    return submit(ayshe, application)


def test_a_copy_nobody_was_asked_about_stays_unchecked(ayshe, copied, clerk):
    appointment, when = book(ayshe, copied)

    serve(clerk, appointment, when)

    assert Evidence.objects.get(source="upload").checked_at is None
    assert task_of(copied, "concern")


def test_a_copy_the_officer_names_is_checked(ayshe, copied, clerk):
    appointment, when = book(ayshe, copied)
    ((case,),) = (visits.counter_visit(viewer=clerk, appointment_id=appointment, on=when.date()).cases,)
    assert [one.code for one in case.copies] == ["identity"]

    serve(clerk, appointment, when, copies_checked={str(copied.id): ["identity"]})

    assert Evidence.objects.get(source="upload").checked_by == clerk.id
    assert state_of(copied) == "closed"


def test_copies_are_opened_by_whom_their_owner_sits_before_and_on_record(ayshe, copied, clerk):
    """R15.6"""
    appointment, when = book(ayshe, copied)
    copy = Evidence.objects.get(source="upload").id
    named = {"appointment_id": appointment, "now": when}

    stored = reading.open_visit_copy(viewer=clerk, evidence_id=copy, **named)

    assert stored.name == "plan.png"
    purposes = [one.purpose for one in ledger.readings_about(Holder("person", ayshe.person_id))]
    assert "check_copy" in purposes
    with pytest.raises(NotYourDesk):
        reading.open_visit_copy(viewer=officer("works-office"), evidence_id=copy, **named)
    with pytest.raises(NoSuchUpload):
        reading.open_visit_copy(viewer=clerk, evidence_id=uuid4(), **named)


# --- On what it is decided -------------------------------------------------------------------------------


def test_what_changed_since_the_officer_looked_is_not_served_unseen(ayshe, deed, clerk):
    appointment, when = book(ayshe, deed)
    looked = visits.counter_visit(viewer=clerk, appointment_id=appointment, on=when.date())
    said = told(clerk, appointment, when)
    Case.objects.filter(id=deed.id).update(version=deed.version + 5)

    with pytest.raises(ChangedMeanwhile):
        visiting.complete_visit(
            viewer=clerk, appointment_id=appointment, told=said, version=looked.version, now=when
        )

    assert booked_still(appointment)


@pytest.mark.parametrize("fault", ["authority", "applicant", ""])
def test_whose_mistake_made_the_visit_necessary_is_kept(ayshe, deed, clerk, fault):
    """R8.5"""
    appointment, when = book(ayshe, deed)

    serve(clerk, appointment, when, fault=fault)

    assert Visit.objects.get(person_id=ayshe.person_id).fault == fault
    kept = Entry.objects.get(case_id=deed.id, event="visit_kept")
    assert kept.detail.get("fault", "") == fault


def test_nobody_else_is_at_fault(ayshe, deed, clerk):
    appointment, when = book(ayshe, deed)

    with pytest.raises(NobodysFault):
        serve(clerk, appointment, when, fault="weather")

    assert booked_still(appointment)


# --- Needed no more --------------------------------------------------------------------------------------


def test_a_visit_that_nothing_needs_any_more_is_cancelled_and_whoever_would_come_is_told(ayshe, deed):
    appointment, _ = book(ayshe, deed)

    following.withdraw_case(viewer=ayshe, case_id=deed.id, now=NOW)

    assert appointments.appointment(appointment_id=appointment).status == "cancelled"
    assert not Leg.objects.filter(is_held=True).exists()
    assert events_of(deed)[-1] == "visit_cancelled"
    detail = Entry.objects.get(case_id=deed.id, event="visit_cancelled").detail
    assert detail == {"appointment": str(appointment), "why": "not_needed"}
    assert Notice.objects.filter(case_id=deed.id, kind="visit_cancelled").count() == 1


def test_nobody_is_told_of_a_time_that_has_passed(ayshe, deed):
    appointment, _ = book(ayshe, deed)

    work(noon(31))

    assert state_of(deed) == "lapsed"
    assert appointments.appointment(appointment_id=appointment).status == "cancelled"
    assert not Notice.objects.filter(kind="visit_cancelled").exists()


def test_another_case_that_still_needs_the_visit_keeps_it(ayshe, deed):
    appointment, _ = book(ayshe, deed)
    other = a_deed(ayshe)
    # Two cases of one application, each with its counter step open.
    Case.objects.filter(id=other.id).update(application_id=deed.application_id, service="another-deed")

    following.withdraw_case(viewer=ayshe, case_id=other.id, now=NOW)
    assert booked_still(appointment)

    following.withdraw_case(viewer=ayshe, case_id=deed.id, now=NOW)
    assert not booked_still(appointment)


# --- Not kept --------------------------------------------------------------------------------------------


def test_that_nobody_came_stands_in_the_ledger_once(ayshe, deed):
    appointment, when = book(ayshe, deed)

    for _ in range(2):
        miss_visit(appointment_id=appointment, now=when + days(1))

    assert events_of(deed).count("visit_missed") == 1
    assert Notice.objects.filter(case_id=deed.id, kind="visit_missed").count() == 1


def test_one_appointment_that_cannot_be_noted_does_not_stop_the_others(ayshe, bo, deed):
    other = a_deed(bo)
    slots = calls.visit_slots(application_id=deed.application_id, now=NOW)
    broken, sound = (
        visiting.book_visit(viewer=viewer, application_id=case.application_id, slot_id=slot.id, now=NOW)
        for viewer, case, slot in ((ayshe, deed, slots[0]), (bo, other, slots[5]))
    )
    Case.objects.filter(id=deed.id).update(progress={"sign": {"outcome": "open"}})

    reminders.send_reminders(now=noon(20))

    assert booked_still(broken)
    assert appointments.appointment(appointment_id=sound).status == "missed"
    assert sweep() >= 0


# --- Who is named ----------------------------------------------------------------------------------------


def test_a_list_of_names_is_a_reading_of_each(ayshe, deed, clerk):
    """R15.6"""
    _, when = book(ayshe, deed)

    reading.open_arrivals(viewer=clerk, centre="hall", day=clock.legal_day(when), now=when)

    (read,) = [
        one for one in ledger.readings_about(Holder("person", ayshe.person_id)) if one.purpose == "visit"
    ]
    assert (read.organisation, read.fields, read.basis) == (
        clerk.organisation,
        ("visit",),
        "Deeds Act art. 1",
    )
