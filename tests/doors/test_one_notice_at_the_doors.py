"""One notice of correction at the doors: noted at the desk, answered on one page, listed over the API (R7.9)."""

import pytest

from services import clock
from services.cases.actions import asking
from tests.doors.a_citizen import Citizen
from tests.doors.a_desk import Desk, text_of
from tests.doors.the_api import Api, told
from tests.services.a_matter import state_of, task_of
from tests.services.test_one_notice import PILOT, THREE_OCLOCK, WORKS, file_with_gaps, give


@pytest.fixture
def applicant(town, resident):
    return resident()


@pytest.fixture
def cases(applicant):
    return file_with_gaps(applicant, WORKS, PILOT, now=clock.now())


@pytest.fixture
def clerk(town, officer):
    return Desk(officer("clerk", "works-office"))


@pytest.fixture
def archivist(town, officer):
    return Desk(officer("clerk", "records-office"))


@pytest.fixture
def asked(cases, clerk, archivist):
    words = {"explanation": "Drawn to scale."}
    clerk.writes(task_of(cases[WORKS], "acceptance"), "correction", items=["plan"], **words)
    archivist.writes(task_of(cases[PILOT], "acceptance"), "correction", items=["photo"])
    return cases


def test_the_desk_says_when_it_goes_out_and_how_many_look_until_then(cases, clerk):
    """R7.9, R15.3: at once and on the case's page; what else was applied for is not for this office."""
    sent = clerk.writes(task_of(cases[WORKS], "acceptance"), "correction", items=["plan"])
    assert sent["Location"] == "/desk/"
    queue = text_of(clerk.opens("/desk/"))
    assert "noted. It goes out in one notice" in queue and "1 office still has to look." in queue
    page = text_of(clerk.opens_case(cases[WORKS]))
    assert "What is missing is noted" in page and "Plan of the works" in page
    assert "1 office still has to look." in page
    assert "Pilot card" not in queue + page


@pytest.mark.parametrize(
    ("language", "said", "other"),
    [
        ("zh-hans", "还有 1 个部门尚待审看。", "引航员证"),
        ("ug", "يەنە \u20681\u2069 ئورگان كۆرۈپ بولمىدى.", "引航员证"),
    ],
)
def test_it_says_so_in_every_language(cases, clerk, language, said, other):
    """R7.9, R15.3"""
    clerk.writes(task_of(cases[WORKS], "acceptance"), "correction", items=["plan"])
    where = f"/desk/cases/{cases[WORKS].id}/"
    page = clerk.client.get(where, headers={"accept-language": language}).content.decode()
    assert said in page and other not in page


def test_the_letter_is_read_before_it_is_noted(cases, clerk):
    """R2.4: as the applicant will get it, with the service it is about."""
    read = clerk.does(task_of(cases[WORKS], "acceptance"), "correction", act="see", items=["plan"])
    assert "Works permit: Plan of the works" in text_of(read)
    assert state_of(cases[WORKS]) == "received"


def test_nothing_can_be_asked_at_the_desk_once_it_has_gone_out(cases, clerk, archivist):
    """R2.5"""
    clerk.writes(task_of(cases[WORKS], "acceptance"), "correction", items=["plan"])
    asking.send_notices(now=THREE_OCLOCK)
    assert state_of(cases[WORKS]) == "correction_requested"
    page = text_of(archivist.opens_case(cases[PILOT]))
    assert "it cannot be asked again" in page
    refused = archivist.writes(task_of(cases[PILOT], "acceptance"), "correction", items=["photo"])
    assert refused.status_code == 409


@pytest.mark.parametrize("reached_from", [WORKS, PILOT])
def test_there_is_one_page_for_everything_whichever_case_it_is_reached_from(applicant, asked, reached_from):
    """R7.9: by service, with the officers' words."""
    page = Citizen(applicant).opens(f"/my/cases/{asked[reached_from].id}/correction/")
    assert [(one["name"], len(one["tasks"])) for one in page.context["groups"]] == [
        ("Works permit", 1),
        ("Pilot card", 1),
    ]
    assert "Drawn to scale." in text_of(page)
    assert "Send what is complete now" not in text_of(page)


def test_what_is_complete_is_sent_and_the_rest_stays_on_the_page(applicant, asked):
    """R7.8"""
    give(applicant, asked[WORKS], clock.now())
    citizen, where = Citizen(applicant), f"/my/cases/{asked[PILOT].id}/correction/"
    assert "Send what is complete now" in text_of(citizen.opens(where))

    left = citizen.client.post(where, follow=True)

    assert (state_of(asked[WORKS]), state_of(asked[PILOT])) == ("received", "correction_requested")
    assert [one["name"] for one in left.context["groups"]] == ["Pilot card"]
    give(applicant, asked[PILOT], clock.now())
    over = citizen.client.post(where, follow=True)
    assert over.redirect_chain[-1][0] == f"/my/cases/{asked[PILOT].id}/"


def test_the_api_tells_the_office_when_it_goes_out_and_the_applicant_all_that_is_asked(
    applicant, cases, clerk, archivist
):
    """R7.9"""
    works, records = Api(clerk.viewer), Api(archivist.viewer)
    task = f"/tasks/{task_of(cases[WORKS], 'acceptance')}"
    noted = told(works.post(f"{task}/correction-notice", {"items": ["plan"]}, tag=works.tag(task)))
    assert (noted["state"], noted["goesOutBy"], noted["officesAwaited"]) == ("received", "2026-03-09", 1)
    assert PILOT not in str(noted)

    mine, notices = Api(applicant), f"/applications/{cases[WORKS].application_id}/correction-notices"
    assert told(mine.get(notices))["items"] == []

    task = f"/tasks/{task_of(cases[PILOT], 'acceptance')}"
    sent = told(records.post(f"{task}/correction-notice", {"items": ["photo"]}, tag=records.tag(task)))
    assert (sent["state"], sent["goesOutBy"], sent["officesAwaited"]) == ("correction_requested", None, 0)
    (notice,) = told(mine.get(notices))["items"]
    assert [(one["service"], one["lacking"]) for one in notice["members"]] == [
        (WORKS, ["plan"]),
        (PILOT, ["photo"]),
    ]
