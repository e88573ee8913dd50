"""The line of a centre over the wire, from the code to the closed visit and its rating (R8.10, R9.2)."""

import pytest

from services import clock
from services.cases.actions import handling
from services.visits import queries as appointments
from services.visits.models import Visit
from tests.doors.a_desk import joint_deed, works_permit_without_plan
from tests.doors.conftest import NUMBERS
from tests.doors.the_api import Api, problem, told
from tests.services import a_matter
from tests.services.a_visit import book


@pytest.fixture
def applicant(town, resident):
    return resident()


@pytest.fixture
def deed(applicant):
    return joint_deed(applicant)


@pytest.fixture
def clerk(town, officer):
    return Api(officer("clerk", "records-office"))


@pytest.fixture
def code(applicant, deed):
    made, when = book(applicant, deed, now=clock.now())
    if ahead := (clock.legal_day(when) - clock.today()).days:
        clock.shift(days=ahead)
    return appointments.booking_code(made)


def test_only_whoever_sits_there_sees_the_line_and_calls(town, officer):
    stranger = Api(officer("clerk", "works-office"))

    assert problem(stranger.get("/centres/hall/tickets")) == (404, "no-such-centre")
    assert problem(stranger.post("/centres/hall/tickets", {})) == (404, "no-such-centre")
    assert problem(stranger.post("/centres/hall/calls", {"window": "desk-1"})) == (404, "no-such-centre")


def test_from_the_code_to_the_closed_visit_and_its_rating(applicant, deed, clerk, code):
    assert problem(clerk.post("/centres/hall/tickets", {"bookingCode": "WRONG222"})) == (
        404, "no-booking-by-this-code",
    )  # fmt: skip
    given = told(clerk.post("/centres/hall/tickets", {"bookingCode": code, "help": ["wheelchair"]}), 201)
    assert (given["number"], given["caseIds"], given["help"]) == (1, [str(deed.id)], ["wheelchair"])
    assert [one["id"] for one in told(clerk.get("/centres/hall/tickets"))["items"]] == [given["id"]]

    called = told(clerk.post("/centres/hall/calls", {"window": "desk-1"}), 201)
    assert (called["id"], called["state"], called["window"]) == (given["id"], "called", "desk-1")
    assert problem(clerk.post("/centres/hall/calls", {"window": "desk-2"})) == (409, "nobody-waits")
    ticket, visit = f"/tickets/{given['id']}", f"/appointments/{given['appointmentId']}"
    assert told(clerk.post(f"{ticket}/service"), 201)["state"] == "serving"
    assert problem(clerk.post(f"{ticket}/closing", {})) == (409, "visit-still-open")

    shown = told(clerk.get(visit))
    said = {
        "outcomes": {one["id"]: "served" for one in shown["cases"]},
        "originalsSeen": {
            one["id"]: [it["requirement"] for it in one["originals"]] for one in shown["cases"]
        },
    }
    told(clerk.post(f"{visit}/completion", said, tag=clerk.tag(visit)), 201)
    assert told(clerk.post(f"{ticket}/closing", {}), 201)["state"] == "done"

    mine, came = Api(applicant), Visit.objects.get(person_id=applicant.person_id)
    told(mine.post(f"/visits/{came.id}/ratings", {"level": 4}), 201)
    assert problem(mine.post(f"/visits/{came.id}/ratings", {"level": 5})) == (409, "rated-already")
    told(mine.post(f"/cases/{deed.id}/ratings", {"level": 1, "words": "Slow.", "aspects": ["speed"]}), 201)
    rated = {
        one["touchpoint"]: one["rating"]["level"]
        for one in told(mine.get(f"/cases/{deed.id}/ratings"))["items"]
    }
    assert rated == {"case": 1, "visit": 4}


def test_a_question_is_called_put_back_and_leaves(clerk):
    given = told(clerk.post("/centres/hall/tickets", {}), 201)
    told(clerk.post("/centres/hall/calls", {"window": "desk-1"}), 201)

    assert told(clerk.post(f"/tickets/{given['id']}/return"), 201)["state"] == "waiting"
    assert told(clerk.post(f"/tickets/{given['id']}/departure"), 201)["state"] == "left"
    assert problem(clerk.post(f"/tickets/{given['id']}/service")) == (409, "ticket-cannot-move")


def test_who_shows_a_document_is_found_by_it(clerk, code, deed):
    """R6.7: by their booking of today, if they have one; who is not known by it has nothing to do here."""
    shown = {"kind": "resident_id", "number": NUMBERS[0]}

    given = told(clerk.post("/centres/hall/tickets", {"documents": [shown]}), 201)

    assert given["caseIds"] == [str(deed.id)]
    unknown = {"kind": "passport", "number": "X0000001"}
    assert (
        problem(clerk.post("/centres/hall/tickets", {"documents": [unknown]}))[1] == "nothing-for-them-today"
    )


def test_an_office_answers_over_the_wire_what_people_say(applicant, officer):
    """R6.6, R9.5: said by the applicant, opened and answered by a supervisor, once."""
    case = a_matter.file(applicant, "home-record", {"application.home": "1 Lane"}, now=clock.now())
    mine, head = Api(applicant), Api(officer("supervisor", "records-office"))
    told(mine.post(f"/cases/{case.id}/ratings", {"level": 1, "words": "Slow.", "named": True}), 201)

    (waiting,) = told(head.get("/ratings"))["items"]
    rating = f"/ratings/{waiting['id']}"
    assert told(head.get(rating))["words"] == "Slow."
    assert told(head.post(f"{rating}/contact", {"words": "We spoke."}), 201)["contactedAt"]
    assert told(head.post(f"{rating}/answer", {"words": "We are faster now."}), 201)["answeredAt"]
    assert problem(head.post(f"{rating}/answer", {"words": "Again."}))[1] == "question-answered"
    assert problem(Api(officer("supervisor", "works-office")).get(rating)) == (404, "no-such-rating")


def test_what_somebody_could_not_get_done_is_said_and_answered_over_the_wire(applicant, officer):
    """R6.6"""
    case = works_permit_without_plan(applicant)
    handling.decline_case(
        viewer=officer("clerk", "works-office"), task_id=a_matter.task_of(case, "acceptance"),
        reason="not_competent", explanation="Not ours.", referred_to="records-office", now=clock.now(),
    )  # fmt: skip
    mine, head = Api(applicant), Api(officer("supervisor", "works-office"))
    assert problem(mine.get(f"/cases/{case.id}/not-done")) == (404, "no-such-report")
    told(mine.post(f"/cases/{case.id}/not-done", {"words": "Sent from window to window."}), 201)

    (waiting,) = told(head.get("/not-done-reports"))["items"]
    report = f"/not-done-reports/{waiting['id']}"
    assert told(head.get(report))["words"] == "Sent from window to window."
    told(head.post(f"{report}/answer", {"words": "Come to us, we do it."}), 201)

    assert told(mine.get(f"/cases/{case.id}/not-done"))["answer"] == "Come to us, we do it."
    assert problem(head.post(f"{report}/answer", {"words": "Again."}))[1] in (
        "question-answered",
        "no-such-report",
    )
