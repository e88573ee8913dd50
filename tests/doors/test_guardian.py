"""A guardian files for a child: what may be asked about the child, by whom, and what nobody else learns of it."""

import pytest

from services.ledger.models import Reading
from services.people import queries as people
from tests.doors.a_citizen import work
from tests.doors.a_desk import Desk
from tests.doors.conftest import recorded
from tests.doors.the_api import Api, problem, told

SERVICE = "student-aid"
CHILD = "E00000107"
FOR_A_CHILD = {
    "application.aid_for_child": True,
    "application.child_name": "Made-up Pupil",
    "application.child_number": CHILD,
    "application.student_disabled": False,
    "application.aid_costs": "meals",
    "person.low_income": False,
    "person.household_income": "31000.00",
    "person.account_bank": "Example Bank",
    "person.account_number": "6200000000000000101",
}
SCHOOL = {"person.student_number": "S-1", "person.school_name": "First School", "person.school_grade": "3"}


@pytest.fixture
def town_with_school(published, registers):
    """Registers that know the child at its school and every household."""
    recorded(registers, "student-status", **SCHOOL)
    recorded(registers, "household-register", **{"person.household_size": 3})
    return registers


@pytest.fixture
def mother(town_with_school, resident) -> Api:
    return Api(resident("mother"))


def drafted(filer: Api, *, as_guardian: bool) -> str:
    """Begin, answer for the child, have offices asked; return the application's address."""
    begun = filer.post("/applications", {"services": [SERVICE], "asGuardian": as_guardian})
    application = begun["Location"].removeprefix("/api/v1")
    answered = filer.patch(f"{application}/answers", {"answers": FOR_A_CHILD}, tag=begun["ETag"])
    told(filer.post(f"{application}/evidence-requests", tag=answered["ETag"]), 201)
    work()
    return application


def asked_about(registers, number: str) -> int:
    """Return how often registers were asked about somebody."""
    return sum(number in str(question) for question in registers.asked)


def child_at_school(filer: Api, application: str) -> dict:
    requirements = told(filer.get(application))["requirements"]
    return next(one for one in requirements if one["code"] == "child-at-school")


def test_a_guardian_has_the_childs_school_record_fetched_before_filing(mother, town_with_school):
    application = drafted(mother, as_guardian=True)

    shown = child_at_school(mother, application)
    assert told(mother.get(application))["filedBy"] == "guardian"
    assert [one["source"] for one in shown["evidence"]] == ["registry"]
    assert asked_about(town_with_school, CHILD) == 1


def test_nothing_is_asked_about_the_child_but_what_the_service_requires_of_it(mother, town_with_school):
    drafted(mother, as_guardian=True)

    asked = [one for one in town_with_school.asked if CHILD in str(one)]
    child = people.person_with(document_kind="passport", number=CHILD)
    fields = {field for one in Reading.objects.filter(holder_id=child) for field in one.fields}
    assert len(asked) == 1
    assert (child is not None, fields) == (True, SCHOOL.keys())


def test_the_register_proves_and_does_not_tell_the_guardian_what_it_says(mother):
    application = drafted(mother, as_guardian=True)

    (shown,) = child_at_school(mother, application)["evidence"]
    assert not shown.get("facts")
    assert SCHOOL["person.school_name"] not in mother.get(application).content.decode()


def test_who_files_in_their_own_name_has_nothing_asked_about_the_child_before_filing(
    mother, town_with_school
):
    application = drafted(mother, as_guardian=False)

    assert asked_about(town_with_school, CHILD) == 0
    assert child_at_school(mother, application)["evidence"] == []


def test_what_was_fetched_for_the_guardian_is_not_there_for_somebody_who_is_none(
    mother, town_with_school, resident
):
    drafted(mother, as_guardian=True)
    stranger = Api(resident("stranger"))

    application = drafted(stranger, as_guardian=False)

    assert child_at_school(stranger, application)["evidence"] == []
    assert asked_about(town_with_school, CHILD) == 1


def test_somebody_else_finds_no_application_of_the_childs(mother, resident):
    application = drafted(mother, as_guardian=True)
    stranger = Api(resident("stranger"))

    refused = [
        stranger.get(application),
        stranger.patch(f"{application}/answers", {"answers": FOR_A_CHILD}, tag='"1"'),
        stranger.post(f"{application}/evidence-requests", tag='"1"'),
        stranger.post(f"{application}/submission", {"withGaps": True}, tag='"1"'),
    ]

    assert [problem(one) for one in refused] == [(404, "no-such-application")] * 4


@pytest.mark.parametrize("service", ["marriage-registration", "equipment-operator-certificate"])
def test_nobody_is_a_guardian_in_a_service_that_is_about_no_child_and_no_ward(mother, service):
    refused = mother.post("/applications", {"services": [service], "asGuardian": True})

    assert problem(refused) == (422, "not-for-guardians")


def test_the_guardian_files_and_the_case_says_so(mother, officer):
    application = drafted(mother, as_guardian=True)

    filed = mother.post(f"{application}/submission", {"withGaps": True}, tag=mother.tag(application))
    work()

    (case_id,) = told(filed, 201)["caseIds"]
    page = Desk(officer("clerk", "education")).opens(f"/desk/cases/{case_id}/")
    assert "filed by a guardian" in page.content.decode()
