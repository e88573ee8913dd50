"""The one visit at the desk: who is expected, everything it must finish, in one act; a second one asks a supervisor."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from services import clock
from services.cases.actions import visiting
from services.cases.actions.second_visits import SayWhy, SupervisorsOnly
from services.cases.actions.visiting import SecondVisit
from services.cases.models import Attendance, Task
from services.cases.queries import calls, cases, statistics, visits
from services.core.facts import Holder
from services.ledger import queries as ledger
from services.notices.models import Notice
from services.visits import queries as appointments
from tests.doors.a_desk import Desk, joint_deed, text_of
from tests.services.a_matter import open_tasks, state_of
from tests.services.a_register import says
from tests.services.a_visit import book


@pytest.fixture
def applicant(town, resident):
    return resident()


@pytest.fixture
def deed(applicant):
    return joint_deed(applicant)


@pytest.fixture
def clerk(town, officer):
    return Desk(officer("clerk", "records-office"))


@pytest.fixture
def supervisor(town, officer):
    return Desk(officer("supervisor", "records-office"))


@pytest.fixture
def booked(applicant, deed):
    """The deed's visit, at the first time there is."""
    booked, _ = book(applicant, deed, now=clock.now())
    return appointments.appointment(appointment_id=booked)


def version_of(booked):
    """What the page of this moment carries."""
    return visits.visit_version(appointments.appointment(appointment_id=booked.id))


def completes(desk, booked, case, outcome="served", **fields):
    form = {
        "version": version_of(booked),
        f"outcome:{case.id}": outcome,
        f"original:{case.id}:partner-free": "seen",
    }
    form = {name: value for name, value in (form | fields).items() if value is not None}
    return desk.client.post(f"/desk/visits/{booked.id}/", form)


def test_the_day_list_shows_who_comes_where_the_officer_sits(booked, clerk, deed):
    day = clock.legal_day(booked.starts_at)
    assert "Choose where you sit" in text_of(clerk.opens("/desk/visits/"))

    clerk.client.post("/desk/visits/centre/", {"centre": "hall"})

    page = text_of(clerk.opens(f"/desk/visits/?day={day}"))
    assert "Resident Test" in page
    assert "Joint deed" in page
    assert "Resident Test" not in text_of(clerk.opens(f"/desk/visits/?day={day + timedelta(days=1)}"))


def test_opening_a_visit_leaves_a_reading(booked, clerk, applicant):
    """R15.6"""
    clerk.opens(f"/desk/visits/{booked.id}/")

    purposes = [one.purpose for one in ledger.readings_about(Holder("person", applicant.person_id))]
    assert "visit" in purposes


def test_the_visit_lists_what_is_to_be_seen_and_finishes_it_all(booked, clerk, deed):
    """R8.1"""
    page = text_of(clerk.opens(f"/desk/visits/{booked.id}/"))
    assert "Statement of being free to marry" in page
    assert "Bo Made-up" in page

    answer = completes(clerk, booked, deed)

    deed.refresh_from_db()
    assert answer["Location"] == "/desk/visits/"
    assert (deed.state, deed.verdict, deed.visits) == ("closed", "granted", 1)


def test_an_original_that_was_not_shown_was_not_seen(booked, clerk, deed):
    completes(clerk, booked, deed, **{f"original:{deed.id}:partner-free": "not_shown"})

    deed.refresh_from_db()
    assert deed.state != "closed"
    assert deed.settlements["partner-free"]["standing"] != "settled"


def test_a_visit_that_failed_ends_in_a_decision_by_a_person(booked, clerk, deed):
    completes(clerk, booked, deed, outcome="failed", note="They did not sign.")

    assert open_tasks(deed) == ["records-office:concern"]
    assert "They did not sign." in text_of(clerk.opens_case(deed))


def test_a_kept_visit_cannot_be_completed_again(booked, clerk, deed):
    completes(clerk, booked, deed)

    assert "This visit is complete." in text_of(clerk.opens(f"/desk/visits/{booked.id}/"))
    assert completes(clerk, booked, deed).status_code == 409


def test_residents_find_no_visits_of_others(booked, resident):
    stranger = Desk(resident("stranger"))

    assert stranger.opens(f"/desk/visits/{booked.id}/").status_code == 404
    assert stranger.opens("/desk/visits/").status_code == 404


@pytest.fixture
def attended(booked, deed):
    """The deed, attended once already though its counter step is still open."""
    Attendance.objects.create(
        case=deed, application_id=deed.application_id, visit_id=uuid4(), on=clock.today()
    )
    return deed


def test_a_second_visit_is_refused_and_a_supervisor_is_asked(booked, clerk, attended):
    """R8.7"""
    answer = completes(clerk, booked, attended, note="Here again.")

    assert answer.status_code == 409
    assert "A supervisor has to agree before anybody is asked to come again." in text_of(answer)
    assert "Here again." in text_of(answer)
    assert state_of(attended) == "received"
    assert Task.objects.get(case=attended, kind="second_visit").organisation == "records-office"


def test_nobody_books_a_second_visit_before_a_supervisor_agreed(applicant, attended, booked):
    """R8.7: the supervisor is asked before the citizen is called."""
    visiting.cancel_visit(
        viewer=applicant, application_id=attended.application_id, appointment_id=booked.id, now=clock.now()
    )
    slot = calls.visit_slots(application_id=attended.application_id, now=clock.now())[0]

    with pytest.raises(SecondVisit):
        visiting.book_visit(
            viewer=applicant, application_id=attended.application_id, slot_id=slot.id, now=clock.now()
        )


def test_with_a_supervisors_reason_the_database_lets_the_second_attendance_through(
    booked, clerk, supervisor, attended
):
    """R8.7, design §10.1"""
    completes(clerk, booked, attended)
    task = Task.objects.get(case=attended, kind="second_visit")
    without = supervisor.does(task.id, "second-visit", reason=" ")
    assert without.status_code == 422

    supervisor.does(task.id, "second-visit", reason="The window's seal was out of order.")
    completes(clerk, booked, attended)

    second = Attendance.objects.get(case=attended, approved_by__isnull=False)
    assert (second.exception_reason, second.approved_by_id) == (
        "The window's seal was out of order.",
        supervisor.viewer.id,
    )
    assert state_of(attended) == "closed"
    assert statistics.second_visits() == {attended.id}


def test_the_consent_stands_in_the_ledger_and_calls_the_person_in(booked, clerk, supervisor, attended):
    completes(clerk, booked, attended)

    visiting.allow_second_visit(
        viewer=supervisor.viewer, case_id=attended.id, reason="A fault of ours.", now=clock.now()
    )

    events = cases.timeline(viewer=supervisor.viewer, case_id=attended.id)
    assert (events[-1].event, events[-1].role) == ("second_visit_allowed", "supervisor")
    assert Notice.objects.filter(case_id=attended.id, kind="visit_needed").count() == 2


def test_one_consent_is_good_for_one_visit(booked, clerk, supervisor, attended):
    completes(clerk, booked, attended)
    allow = {
        "viewer": supervisor.viewer,
        "case_id": attended.id,
        "reason": "A fault of ours.",
        "now": clock.now(),
    }
    visiting.allow_second_visit(**allow)
    Attendance.objects.create(
        case=attended, application_id=attended.application_id, visit_id=uuid4(), on=clock.today(),
        exception_reason="A fault of ours.", approved_by_id=supervisor.viewer.id,
    )  # fmt: skip

    assert completes(clerk, booked, attended).status_code == 409


def test_only_a_supervisor_agrees_and_says_why(booked, clerk, supervisor, attended):
    completes(clerk, booked, attended)
    named = {"case_id": attended.id, "now": clock.now()}

    with pytest.raises(SupervisorsOnly):
        visiting.allow_second_visit(viewer=clerk.viewer, reason="Why not.", **named)
    with pytest.raises(SayWhy):
        visiting.allow_second_visit(viewer=supervisor.viewer, reason="x" * 201, **named)


def test_a_visit_without_an_outcome_is_not_complete_and_nothing_typed_is_lost(booked, clerk, deed):
    for outcome in (None, "perhaps"):
        answer = completes(clerk, booked, deed, outcome=outcome, note="They waited.", fault="authority")

        assert answer.status_code == 422
        page = text_of(answer)
        assert "Say how this case went." in page
        assert "They waited." in page
        assert re.search(r'partner-free" value="seen" checked', page)
        assert re.search(r'name="fault" value="authority" checked', page)
    assert state_of(deed) == "received"


def test_each_original_is_said_to_be_seen_or_not(booked, clerk, deed):
    answer = completes(clerk, booked, deed, **{f"original:{deed.id}:partner-free": None})

    assert answer.status_code == 422
    assert "Say of each original whether it was shown" in text_of(answer)
    assert state_of(deed) == "received"


def test_no_case_is_served_that_the_page_did_not_show(booked, clerk, deed):
    answer = completes(clerk, booked, deed, **{"outcome:garbage": "served"})

    assert answer.status_code == 422
    assert "Nothing of this case is to be done at this visit now." in text_of(answer)


@pytest.mark.parametrize("version", [None, "", "garbage", "1"])
def test_what_changed_since_the_page_was_opened_is_looked_at_first(booked, clerk, deed, version):
    answer = completes(clerk, booked, deed, version=version, note="They waited.")

    assert answer.status_code == 409
    assert "They waited." in text_of(answer)
    assert state_of(deed) == "received"


def test_the_page_carries_what_it_was_opened_on(booked, clerk):
    page = text_of(clerk.opens(f"/desk/visits/{booked.id}/"))

    assert f'name="version" value="{version_of(booked)}"' in page


def test_whose_mistake_the_visit_was_is_kept(booked, clerk, deed):
    """R8.5"""
    completes(clerk, booked, deed, fault="applicant")

    assert appointments.visits_of(application_ids=[deed.application_id])[0].fault == "applicant"


def test_officers_of_another_office_find_no_visit(booked, officer):
    """R6.1"""
    stranger = Desk(officer("clerk", "works-office"))
    stranger.client.post("/desk/visits/centre/", {"centre": "hall"})

    assert "Resident Test" not in text_of(
        stranger.opens(f"/desk/visits/?day={clock.legal_day(booked.starts_at)}")
    )
    assert stranger.opens(f"/desk/visits/{booked.id}/").status_code == 404


def test_a_visit_of_another_day_says_so_and_is_not_served(booked, clerk, deed):
    clock.shift(days=1)

    assert "The day of this appointment is over." in text_of(clerk.opens(f"/desk/visits/{booked.id}/"))
    answer = completes(clerk, booked, deed, note="Here at last.")
    assert answer.status_code == 409
    assert "Here at last." in text_of(answer)


def test_copies_are_listed_opened_and_named_one_by_one(applicant, town, clerk):
    """R3.17"""
    town.answers["/registers/id-card/query"] = [says({"answer": "no_record"})]
    case = joint_deed(applicant)
    appointment, _ = book(applicant, case, now=clock.now())
    held = appointments.appointment(appointment_id=appointment)
    page = text_of(clerk.opens(f"/desk/visits/{appointment}/"))
    (link,) = re.findall(r'href="(/desk/visits/[^"]+/copies/[^"]+)"', page)

    assert clerk.opens(link)["Content-Disposition"].startswith("attachment")
    completes(clerk, held, case, **{f"copies:{case.id}": ["identity"]})

    assert state_of(case) == "closed"


def test_what_the_visit_came_to_is_printed_there(booked, clerk, deed):
    """R8.8: nobody comes again to collect it."""
    completes(clerk, booked, deed)

    page = text_of(clerk.opens(f"/desk/visits/{booked.id}/"))
    (href,) = re.findall(r'href="(/desk/visits/[^"]*/en\.pdf)"', page)

    assert "Ready to be handed over" in page
    assert clerk.client.get(href)["Content-Type"] == "application/pdf"
