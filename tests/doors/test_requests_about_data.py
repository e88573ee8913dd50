"""Asking an office to correct, delete or explain one's data: the page, the desk, the wire (R15.8, R15.9)."""

import pytest

from services.cases.models import Case, ReadingQuestion
from services.people.queries import AccountView
from tests.doors.a_citizen import Citizen
from tests.doors.a_desk import Desk, text_of, works_permit
from tests.doors.the_api import Api, problem

pytestmark = pytest.mark.django_db
WORDS = "The tower is a chimney."


@pytest.fixture
def zumrat(town, resident) -> AccountView:
    return resident()


@pytest.fixture
def permit(zumrat) -> Case:
    return works_permit(zumrat)


def test_a_request_goes_to_the_desk_and_comes_back_with_reasons(permit, zumrat, officer):
    """R15.9: what was typed stays typed until it is right."""
    citizen, desk = Citizen(zumrat), Desk(officer("supervisor", "works-office"))
    assert "/my/requests/" in text_of(citizen.opens("/my/data/"))
    incomplete = citizen.client.post("/my/requests/", {"case": str(permit.id), "words": WORDS})
    assert (incomplete.status_code, WORDS in text_of(incomplete)) == (422, True)
    strange = citizen.client.post("/my/requests/", {"case": "x", "asked_for": "correct", "words": WORDS})
    assert (strange.status_code, "Choose what it is about." in text_of(strange)) == (400, True)

    sent = {"case": str(permit.id), "asked_for": "correct", "words": WORDS}
    assert citizen.client.post("/my/requests/", sent).status_code == 302
    assert citizen.client.post("/my/requests/", sent).status_code == 409

    asked = ReadingQuestion.objects.get()
    listed = text_of(desk.opens("/desk/questions/"))
    assert "Correct it" in listed and permit.number in listed
    where = f"/desk/questions/{asked.id}/"
    assert WORDS in text_of(desk.opens(where))
    undecided = desk.client.post(where, {"words": "It stays a tower."})
    assert (undecided.status_code, "Say whether it was done" in text_of(undecided)) == (422, True)
    assert desk.client.post(where, {"words": "It stays a tower.", "outcome": "refused"}).status_code == 302
    page = text_of(citizen.opens("/my/requests/"))
    assert "It stays a tower." in page and "Refused, with reasons" in page


def test_programs_ask_and_answer_alike(permit, zumrat, officer):
    """R15.9"""
    mine, office = Api(zumrat), Api(officer("supervisor", "works-office"))
    asked = {"caseId": str(permit.id), "askedFor": "delete", "words": WORDS}
    assert mine.post("/data-requests", asked).status_code == 201
    assert problem(mine.post("/data-requests", asked)) == (409, "asked-already")

    (waiting,) = office.get("/reading-questions").json()["items"]
    found = office.get(f"/reading-questions/{waiting['id']}").json()
    assert (found["askedFor"], found["words"], found["readAt"], found["caseId"]) == (
        "delete", WORDS, None, str(permit.id),
    )  # fmt: skip
    to = f"/reading-questions/{waiting['id']}/answers"
    assert problem(office.post(to, {"words": "No."}))[1] == "done-or-refused"
    assert office.post(to, {"words": "The law keeps it.", "outcome": "refused"}).status_code == 204
    (told,) = mine.get("/data-requests").json()["items"]
    assert (told["outcome"], told["answer"]) == ("refused", "The law keeps it.")
