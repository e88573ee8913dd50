"""Who looked at my data: the page, its narrowing, what can be taken away, and a question with its answer (R15.6)."""

import csv
import io
import json

import pytest

from portal.tables import as_text, csv_row
from services.cases.models import Case, ReadingQuestion
from services.cases.queries import readings
from services.ledger.models import Reading
from services.people.queries import AccountView
from tests.doors.a_citizen import Citizen
from tests.doors.a_desk import Desk, text_of, works_permit
from tests.doors.the_api import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def zumrat(town, resident) -> AccountView:
    return resident()


@pytest.fixture
def permit(zumrat) -> Case:
    return works_permit(zumrat)


@pytest.fixture
def read(permit, officer) -> Case:
    """The permit, after a clerk has opened its page."""
    assert Desk(officer("clerk", "works-office")).opens_case(permit).status_code == 200
    return permit


def test_the_page_tells_office_role_purpose_law_and_matter_before_anything_is_sealed(read, zumrat):
    """R15.6: delay none"""
    assert Reading.objects.filter(seal__isnull=False).count() == 0

    page = text_of(Citizen(zumrat).opens("/my/readings/"))

    for words in (
        "Works Office",
        "a clerk",
        "to handle your application",
        "Works Act art. 1",
        read.application.number,
    ):
        assert words in page


def test_no_name_of_an_officer_stands_on_the_page(read, zumrat):
    assert "Clerk-Works-Office" not in text_of(Citizen(zumrat).opens("/my/readings/"))
    told = Api(zumrat).get("/readings").content.decode()
    assert "Clerk-Works-Office" not in told and "actor" not in told


def test_the_list_is_narrowed_to_one_matter(read, zumrat):
    citizen = Citizen(zumrat)

    assert "Works Office" in text_of(citizen.opens(f"/my/readings/?matter={read.application_id}"))
    assert "Nobody yet" in text_of(citizen.opens(f"/my/readings/?matter={read.id}"))


def test_a_refused_look_is_shown_as_one(permit, zumrat, officer):
    """R3.2"""
    assert Desk(officer("clerk", "records-office")).opens_case(permit).status_code == 404

    page = text_of(Citizen(zumrat).opens("/my/readings/"))
    assert "asked for, and not given" in page and "Records Office" in page


def test_the_whole_list_can_be_taken_away(read, zumrat):
    citizen = Citizen(zumrat)

    table = b"".join(citizen.opens("/my/readings/all.csv").streaming_content).decode("utf-8-sig")
    told = json.loads(b"".join(citizen.opens("/my/readings/all.json").streaming_content))["readings"]

    rows = list(csv.reader(io.StringIO(table)))
    assert len(rows) - 1 == len(told) == len(readings.my_readings(viewer=zumrat))
    assert (told[0]["office"], told[0]["legalBasis"]) == ("Works Office", "Works Act art. 1")
    assert rows[1][1] == "Works Office"
    assert citizen.opens("/my/readings/all.exe").status_code == 404


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_no_cell_is_a_formula(cell):
    assert as_text(cell).startswith("'")
    assert next(csv.reader(io.StringIO(csv_row([cell, "plain"]))))[0].startswith("'")


def test_a_question_goes_to_the_supervisor_and_the_answer_comes_back(read, zumrat, officer):
    """R15.6, R15.9"""
    citizen, entry = Citizen(zumrat), readings.my_readings(viewer=zumrat)[0].id
    where = f"/my/readings/{entry}/question/"
    assert citizen.sends(where, words=" ").status_code == 422
    assert citizen.sends(where, words="Why on a Sunday?").status_code == 302
    assert "The answer is due" in text_of(citizen.opens(where))

    desk, asked = Desk(officer("supervisor", "works-office")), ReadingQuestion.objects.get()
    assert str(asked.id) in text_of(desk.opens("/desk/questions/"))
    page = text_of(desk.opens(f"/desk/questions/{asked.id}/"))
    assert "Why on a Sunday?" in page and "Clerk-Works-Office" in page
    assert desk.client.post(f"/desk/questions/{asked.id}/", {"words": ""}).status_code == 422
    assert desk.client.post(f"/desk/questions/{asked.id}/", {"words": "It was a Monday."}).status_code == 302

    assert "It was a Monday." in text_of(citizen.opens(where))
    assert "Read the answer to your question" in text_of(citizen.opens("/my/readings/"))


def test_the_same_over_the_wire(read, zumrat, officer):
    mine, office = Api(zumrat), Api(officer("supervisor", "works-office"))
    first = mine.get("/readings", limit=1).json()
    assert first["next"] and len(first["items"]) == 1
    entry = first["items"][0]
    assert (entry["organisation"], entry["purpose"]) == ("works-office", "handling")
    assert (entry["legalBasis"], entry["matter"]["number"]) == ("Works Act art. 1", read.application.number)

    made = mine.post(f"/readings/{entry['id']}/questions", {"words": "Why?"})
    assert made.status_code == 201
    again = mine.post(f"/readings/{entry['id']}/questions", {"words": "Why?"})
    assert (again.status_code, again.json()["type"]) == (409, "urn:onevisit:problem:already-questioned")

    (waiting,) = office.get("/reading-questions").json()["items"]
    assert office.get(f"/reading-questions/{waiting['id']}").json()["words"] == "Why?"
    assert office.post(f"/reading-questions/{waiting['id']}/answers", {"words": "So."}).status_code == 204
    assert mine.get("/readings", limit=100).json()["items"][1]["question"]["answer"] == "So."
    assert mine.post("/readings/999999/questions", {"words": "Why?"}).status_code == 404
