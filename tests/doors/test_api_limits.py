"""Pauses, extensions, explained days and the verified record, over the wire."""

import pytest

from services.cases.actions import handling
from services.cases.models import Case, Pause
from tests.doors.a_desk import works_permit
from tests.doors.the_api import NOBODY, Api, problem, told
from tests.services.a_matter import task_of
from tests.services.a_register import NOW

PAUSE = {"kind": "testing", "legalBasis": "Works Act art. 9", "plannedDays": 5}


@pytest.fixture
def applicant(town, resident):
    return resident()


@pytest.fixture
def clerk(town, officer):
    return Api(officer("clerk", "works-office"))


@pytest.fixture
def supervisor(town, officer):
    return Api(officer("supervisor", "works-office"))


@pytest.fixture
def case(applicant, officer):
    case = works_permit(applicant)
    accepting = officer("reviewer", "works-office")
    handling.accept_case(viewer=accepting, task_id=task_of(case, "acceptance"), now=NOW)
    return f"/cases/{case.id}"


def test_a_pause_is_made_read_and_ended(case, clerk, applicant):
    paused = told(clerk.post(f"{case}/pauses", PAUSE, tag=clerk.tag(case)), 201)
    assert (paused["state"], paused["promisedDue"], "pause:testing" in paused["waitsFor"]) == (
        "paused", "2026-03-23", True,
    )  # fmt: skip
    (pause,) = told(Api(applicant).get(f"{case}/pauses"))["items"]
    assert (pause["kind"], pause["legalBasis"], pause["plannedUntil"], pause["endedOn"]) == (
        "testing", "Works Act art. 9", "2026-03-09", None,
    )  # fmt: skip

    ended = told(clerk.post(f"{case}/pauses/{pause['id']}/end", tag=clerk.tag(case)), 201)

    assert ended["state"] == "in_review"
    whole = told(clerk.get(case))
    assert (whole["pauses"][0]["endedOn"], whole["clock"]["paused"], whole["extension"]) == (
        "2026-03-02", False, None,
    )  # fmt: skip


def test_the_same_pause_asked_twice_is_one(case, clerk):
    tag = clerk.tag(case)

    first, again = (clerk.post(f"{case}/pauses", PAUSE, key="pause-1", tag=tag) for _ in range(2))

    assert told(first, 201) == told(again, 201)
    assert Pause.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"kind": "site-survey"}, 422),
        ({"legalBasis": " "}, 422),
        ({"plannedDays": 0}, 422),
        ({"plannedDays": 10**6}, 422),
        ({"plannedDays": "soon"}, 422),
    ],
)
def test_what_the_law_does_not_list_is_refused(case, clerk, wrong, status):
    assert problem(clerk.post(f"{case}/pauses", PAUSE | wrong, tag=clerk.tag(case)))[0] == status
    assert Pause.objects.count() == 0


def test_a_change_names_its_version_and_its_key(case, clerk):
    assert problem(clerk.post(f"{case}/pauses", PAUSE))[0] == 428
    assert problem(clerk.post(f"{case}/pauses", PAUSE, tag='"1"'))[0] == 412
    bare = clerk.send("POST", f"{case}/pauses", PAUSE, **{"If-Match": "*"})
    assert problem(bare)[0] == 400


def test_nobody_pauses_anothers_case_and_no_applicant_their_own(case, clerk, applicant, officer):
    assert problem(clerk.post(f"/cases/{NOBODY}/pauses", PAUSE, tag="*"))[0] == 404
    assert problem(Api(applicant).post(f"{case}/pauses", PAUSE, tag="*"))[0] == 403
    assert problem(Api(officer("clerk", "records-office")).post(f"{case}/pauses", PAUSE, tag="*")) == (
        403, "lead-office-only",
    )  # fmt: skip
    told(clerk.post(f"{case}/pauses", PAUSE, tag="*"), 201)
    assert problem(clerk.post(f"{case}/pauses/{NOBODY}/end", tag="*")) == (404, "no-such-pause")


def test_a_supervisor_extends_once(case, clerk, supervisor):
    """R2.11"""
    more = {"days": 10, "reasons": "The site is under water."}
    assert problem(clerk.post(f"{case}/extensions", more, tag="*")) == (403, "supervisors-only")

    longer = told(supervisor.post(f"{case}/extensions", more, tag=supervisor.tag(case)), 201)

    assert longer["promisedDue"] == "2026-03-30"
    assert told(supervisor.get(case))["extension"]["reasons"] == "The site is under water."
    assert problem(supervisor.post(f"{case}/extensions", more, tag="*")) == (409, "extension-not-lawful")


def test_a_limit_is_explained_day_by_day(case, clerk):
    told(clerk.post(f"{case}/pauses", PAUSE, tag="*"), 201)

    days = told(clerk.get(f"{case}/clock-days"))["items"]

    assert (days[0]["why"], days[-1]) == (
        "first day",
        {"on": "2026-03-23", "counted": True, "why": "working day"},
    )
    assert [one["why"] for one in days].count("paused") == 5
    assert len(told(clerk.get(f"{case}/clock-days", which="statutory"))["items"]) > len(days)
    assert problem(clerk.get(f"{case}/clock-days", which="other"))[0] == 400


def test_the_record_of_a_case_is_verified(case, clerk, applicant):
    found = told(clerk.get(f"{case}/ledger-verification"))

    assert (found["whole"], found["sequence"], found["number"]) == (True, None, Case.objects.get().number)
    assert problem(Api(applicant).get(f"{case}/ledger-verification"))[0] == 403
