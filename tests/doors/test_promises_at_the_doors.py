"""Something promised comes in on paper: chosen on the page or by a program, and recorded at the desk (R5.6)."""

import pytest

from services import clock
from services.cases.models import Attendance, Case, Promise
from services.evidence.models import Evidence
from tests.doors.a_citizen import Citizen, text_of
from tests.doors.a_desk import Desk
from tests.doors.the_api import Api, problem, told
from tests.services import a_matter
from tests.services.test_promises import WORKS, promise, publish_deferring


@pytest.fixture
def applicant(town, resident, settings, tmp_path):
    publish_deferring(settings, tmp_path)
    return resident()


@pytest.fixture
def draft(applicant):
    return a_matter.begin(applicant, "works-permit", WORKS, now=clock.now())


@pytest.fixture
def case(applicant, draft) -> Case:
    promise(applicant, draft, clock.today(), delivery="post", now=clock.now())
    return a_matter.submit(applicant, draft, now=clock.now())


@pytest.fixture
def clerk(applicant, officer):
    return Desk(officer("clerk", "works-office"))


def records(desk: Desk, case: Case, **fields: str):
    version = Case.objects.get(id=case.id).version
    path = f"/desk/cases/{case.id}/promises/plan/received/"
    return desk.client.post(path, {"version": version, **fields}, follow=True)


def test_a_citizen_chooses_how_it_comes_and_reads_where_to(applicant, draft):
    """R5.2, R5.6: online first, the trip last; the address stands in the text that is signed."""
    citizen, page = Citizen(applicant), f"/apply/{draft}/papers/plan/later/"
    shown = citizen.opens(page)
    words = text_of(shown)
    assert words.index("Online") < words.index("By post") < words.index("At the window")

    read = citizen.opens(f"{page}?delivery=post").context
    assert "by post to Works Office, 3 Works Lane" in read["text"].text
    day = read["until"]
    signed = citizen.sends(
        page, digest=read["text"].digest, delivery="post", read="yes",
        **{"until.year": day.year, "until.month": day.month, "until.day": day.day},
    )  # fmt: skip

    assert signed.status_code == 302
    assert Promise.objects.get().delivery == "post"
    assert "By post to Works Office, 3 Works Lane" in text_of(
        citizen.opens(f"/apply/{draft}/papers/")
    ).translate({0x2068: None, 0x2069: None})


def test_no_other_way_is_taken_than_is_offered(applicant, draft):
    """R5.6"""
    page = Citizen(applicant).opens(f"/apply/{draft}/papers/plan/later/?delivery=pigeon")

    assert page.status_code == 422
    assert "One visit is enough" in text_of(page)


def test_a_clerk_records_from_the_case_that_it_came_by_post(case, clerk, applicant):
    """R5.6, R3.17"""
    assert f"/desk/cases/{case.id}/promises/plan/received/" in clerk.opens_case(case).content.decode()

    done = records(clerk, case, delivery="post")

    assert "It is recorded; the applicant has the letter." in text_of(done)
    assert Evidence.objects.get(source="seen").grade == "B"
    assert "The office has what you promised" in text_of(Citizen(applicant).opens(f"/my/cases/{case.id}/"))
    assert "/received/" not in clerk.opens_case(case).content.decode()


def test_a_clerk_who_does_not_say_how_it_came_is_asked(case, clerk):
    """R5.6"""
    page = records(clerk, case)

    assert page.status_code == 422
    assert "Say how it came in." in text_of(page)
    assert not Evidence.objects.filter(source="seen").exists()


def test_an_office_that_does_not_lead_the_case_is_not_offered_to_record_it(case, officer):
    """R6.1"""
    desk = Desk(officer("clerk", "records-office"))

    assert "/received/" not in desk.opens_case(case).content.decode()
    assert records(desk, case, delivery="post").status_code == 403


def test_a_program_promises_reads_and_records_as_the_pages_do(applicant, draft, clerk):
    """R5.6, R8.2"""
    api, here = Api(applicant), f"/applications/{draft}"
    read = told(api.get(f"{here}/promises", requirement="plan", delivery="window"))
    assert (read["delivery"], read["deliveries"]) == ("window", ["upload", "post", "window"])
    signed = {
        "requirement": "plan",
        "until": read["until"],
        "delivery": "window",
        "readDigest": read["digest"],
    }
    told(api.post(f"{here}/promises", signed, tag=api.tag(here)), 201)
    case = a_matter.submit(applicant, draft, now=clock.now())

    desk, at = Api(clerk.viewer), f"/cases/{case.id}"
    told(desk.post(f"{at}/promises/plan/receipt", {"delivery": "window"}, tag=desk.tag(at)), 201)

    assert Attendance.objects.get(case=case).approved_by_id is None
    again = desk.post(f"{at}/promises/plan/receipt", {"delivery": "post"}, tag=desk.tag(at))
    assert problem(again) == (409, "promise-not-open")
