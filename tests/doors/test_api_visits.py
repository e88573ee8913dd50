"""The one visit over the wire: changed on the version looked at, served on its day by who sits there, told in full."""

import pytest

from services import clock
from services.core.facts import Holder
from services.ledger import queries as ledger
from services.visits.models import Appointment
from tests.doors.a_desk import joint_deed
from tests.doors.the_api import Api, problem, told


@pytest.fixture
def applicant(town, resident):
    return resident()


@pytest.fixture
def deed(applicant):
    return joint_deed(applicant)


@pytest.fixture
def mine(applicant):
    return Api(applicant)


@pytest.fixture
def clerk(town, officer):
    return Api(officer("clerk", "records-office"))


@pytest.fixture
def booked(mine, deed):
    """The answer to the booking of the first time there is."""
    path = f"/applications/{deed.application_id}"
    slot = told(mine.get(f"{path}/visit-slots"))["items"][0]
    return mine.post(f"{path}/appointments", {"slotId": slot["id"]})


def address(booked):
    return booked["Location"].removeprefix("/api/v1")


def visit_of(booked):
    return f"/appointments/{told(booked, 201)['id']}"


def said_of(shown):
    return {
        "outcomes": {one["id"]: "served" for one in shown["cases"]},
        "originalsSeen": {
            one["id"]: [it["requirement"] for it in one["originals"]] for one in shown["cases"]
        },
    }


def test_an_appointment_is_moved_on_the_version_looked_at(mine, booked, deed):
    slots = told(mine.get(f"/applications/{deed.application_id}/visit-slots"))["items"]
    later = {"slotId": slots[4]["id"]}
    assert problem(mine.patch(address(booked), later)) == (428, "version-needed")
    assert problem(mine.patch(address(booked), later, tag='"99"')) == (412, "changed-meanwhile")

    moved = mine.patch(address(booked), later, tag=booked["ETag"])

    assert told(moved)["startsAt"] == slots[4]["startsAt"]
    assert moved["ETag"] != booked["ETag"]
    assert mine.tag(address(moved)) == moved["ETag"]
    (old, new) = told(mine.get(f"/applications/{deed.application_id}/appointments"))["items"]
    assert (old["status"], new["status"], f'"{new["version"]}"') == ("cancelled", "booked", moved["ETag"])


def test_an_appointment_is_given_back_on_the_version_looked_at(mine, booked):
    assert problem(mine.delete(address(booked))) == (428, "version-needed")
    assert problem(mine.delete(address(booked), tag='"99"')) == (412, "changed-meanwhile")

    assert mine.delete(address(booked), tag=booked["ETag"]).status_code == 204

    assert Appointment.objects.get().status == "cancelled"


def test_another_reads_no_appointment_of_mine(booked, resident):
    assert problem(Api(resident("stranger")).get(address(booked))) == (404, "no-such-application")


def test_centres_say_whose_officers_sit_there(town):
    offices = {one["code"]: one["offices"] for one in told(Api().get("/centres"))["items"]}

    assert offices == {"hall": ["records-office"], "harbour": ["works-office"]}


def test_an_office_that_does_not_sit_there_finds_nobody(booked, officer):
    stranger, day = Api(officer("clerk", "works-office")), told(booked, 201)["startsAt"][:10]

    assert told(stranger.get("/centres/hall/arrivals", day=day))["items"] == []
    assert problem(stranger.get("/centres/nowhere/arrivals", day=day)) == (404, "no-such-centre")
    assert problem(stranger.get(visit_of(booked))) == (404, "not-your-desk")
    said = {"outcomes": {}, "originalsSeen": {}}
    assert problem(stranger.post(f"{visit_of(booked)}/completion", said, tag="*")) == (404, "not-your-desk")


def test_a_list_of_arrivals_is_a_reading_of_each_person(booked, clerk, applicant):
    """R15.6"""
    (arrival,) = told(clerk.get("/centres/hall/arrivals", day=told(booked, 201)["startsAt"][:10]))["items"]

    assert arrival["name"] == "Resident Test"
    readings = ledger.readings_about(Holder("person", applicant.person_id))
    assert [one.purpose for one in readings].count("visit") == 1


def test_what_is_not_said_is_not_served(booked, clerk, deed):
    visit = visit_of(booked)
    whole = said_of(told(clerk.get(visit)))
    without = {"outcomes": whole["outcomes"]}

    answer = clerk.post(f"{visit}/completion", without, tag=clerk.tag(visit))

    assert problem(answer) == (422, "invalid")
    (mistake,) = answer.json()["errors"]
    assert (mistake["place"], "originals" in mistake["detail"]) == ("originalsSeen", True)
    for part in ("outcomes", "originalsSeen"):
        answer = clerk.post(f"{visit}/completion", whole | {part: {}}, tag=clerk.tag(visit))
        assert problem(answer) == (422, "visit-not-told")
        assert [one["place"] for one in answer.json()["errors"]] == [f"{part}.{deed.id}"]
    deed.refresh_from_db()
    assert deed.visits == 0


def test_a_visit_is_completed_on_the_version_looked_at_and_says_whose_mistake_it_was(booked, clerk, deed):
    """R8.5"""
    visit = visit_of(booked)
    said = said_of(told(clerk.get(visit))) | {"fault": "authority"}
    assert problem(clerk.post(f"{visit}/completion", said)) == (428, "version-needed")
    assert problem(clerk.post(f"{visit}/completion", said, tag='"99"')) == (412, "changed-meanwhile")
    assert problem(clerk.post(f"{visit}/completion", said | {"fault": "weather"}, tag="*")) == (
        422,
        "invalid",
    )

    told(clerk.post(f"{visit}/completion", said, tag=clerk.tag(visit)), 201)

    deed.refresh_from_db()
    assert (deed.state, deed.visits) == ("closed", 1)
    assert Appointment.objects.get().visit.fault == "authority"


def test_a_visit_is_not_served_on_another_day(booked, clerk):
    visit = visit_of(booked)
    said = said_of(told(clerk.get(visit)))
    clock.shift(days=1)

    answer = clerk.post(f"{visit}/completion", said, tag=clerk.tag(visit))

    assert problem(answer) == (409, "day-over")
    assert "book another time" in answer.json()["detail"]
