"""Time that does not count, at the desk and on the applicant's page: paused, resumed, extended, explained, verified."""

import pytest
from django.test import Client

from services.cases.actions import handling
from services.cases.models import Case, Extension, Pause
from services.people.models import Account
from tests.doors.a_desk import Desk, text_of, works_permit
from tests.services.a_matter import state_of, task_of
from tests.services.a_register import NOW

PAUSE = {"kind": "testing", "legal_basis": "Works Act art. 9", "planned_days": "5"}


@pytest.fixture
def applicant(town, resident):
    return resident()


@pytest.fixture
def clerk(town, officer):
    return Desk(officer("clerk", "works-office"))


@pytest.fixture
def supervisor(town, officer):
    return Desk(officer("supervisor", "works-office"))


@pytest.fixture
def case(applicant, clerk):
    case = works_permit(applicant)
    handling.accept_case(viewer=clerk.viewer, task_id=task_of(case, "acceptance"), now=NOW)
    return case


def does(desk: Desk, case: Case, form: str, **fields: str):
    version = Case.objects.get(id=case.id).version
    return desk.client.post(f"/desk/cases/{case.id}/{form}/", {"version": version, **fields}, follow=True)


def test_a_clerk_pauses_and_everybody_sees_why_and_until_when(case, clerk, applicant):
    """R2.21"""
    assert "Pause the time" in text_of(clerk.opens_case(case))

    page = text_of(does(clerk, case, "pause", **PAUSE))

    assert state_of(case) == "paused"
    assert "testing" in page and "Works Act art. 9" in page and "Let the time count again" in page
    assert "Pause the time" not in page
    browser = Client()
    browser.force_login(Account.objects.get(id=applicant.id))
    own = text_of(browser.get(f"/my/cases/{case.id}/"))
    assert "The time stands still" in own and "Works Act art. 9" in own


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        ({"kind": ""}, "Only these stop the time"),
        ({"kind": "site-survey"}, "Only these stop the time"),
        ({"legal_basis": " "}, "Name the law that requires this."),
        ({"planned_days": "soon"}, "Say how many working days it will take, at least one."),
    ],
)
def test_a_slip_is_told_and_nothing_typed_is_lost(case, clerk, slip, told):
    typed = PAUSE | {"legal_basis": "Works Act art. 9"} | slip

    page = does(clerk, case, "pause", **typed)

    assert (page.status_code, state_of(case)) == (422, "in_review")
    assert told in text_of(page)
    assert all(
        f'value="{value}"' in text_of(page)
        for value in typed.values()
        if value.strip() and value != "site-survey"
    )


def test_a_case_that_changed_meanwhile_is_looked_at_again_first(case, clerk):
    page = clerk.client.post(f"/desk/cases/{case.id}/pause/", {"version": "1", **PAUSE})

    assert (page.status_code, state_of(case)) == (409, "in_review")
    assert 'value="Works Act art. 9"' in text_of(page)


def test_the_time_counts_again_when_the_office_says_so(case, clerk):
    does(clerk, case, "pause", **PAUSE)

    page = text_of(does(clerk, case, "resume"))

    assert state_of(case) == "in_review"
    assert "The time counts again." in page
    assert Pause.objects.get(case=case).ended_on is not None


def test_a_supervisor_extends_once_and_a_clerk_is_not_offered_it(case, clerk, supervisor):
    """R2.11"""
    assert "Extend the limit" not in text_of(clerk.opens_case(case))
    assert does(clerk, case, "extend", days="5", reasons="The site is wet.").status_code == 403
    empty = does(supervisor, case, "extend", days="5", reasons=" ")
    assert (empty.status_code, 'value="5"' in text_of(empty)) == (409, True)

    page = text_of(does(supervisor, case, "extend", days="5", reasons="The site is wet."))

    assert Extension.objects.get(case=case).days == 5
    assert "The site is wet." in page and "Extend the limit" not in page


def test_every_day_of_the_clock_is_explained(case, clerk):
    does(clerk, case, "pause", **PAUSE)

    page = text_of(clerk.opens(f"/desk/cases/{case.id}/days/"))

    for told in ("the day of acceptance does not count", "weekend", "paused", "working day"):
        assert told in page
    assert "23 March 2026" in page


def test_the_record_is_verified_from_the_page(case, clerk, officer):
    assert f"/desk/cases/{case.id}/record/" in text_of(clerk.opens_case(case))

    assert "The record is whole" in text_of(clerk.opens(f"/desk/cases/{case.id}/record/"))
    elsewhere = Desk(officer("clerk", "nowhere-office"))
    assert elsewhere.opens(f"/desk/cases/{case.id}/record/").status_code == 404


def test_another_office_that_works_on_the_case_neither_pauses_nor_sees_the_way_to_it(case, officer):
    archivist = Desk(officer("clerk", "records-office"))

    assert "Pause the time" not in text_of(archivist.opens_case(case))
    assert does(archivist, case, "pause", **PAUSE).status_code == 403
