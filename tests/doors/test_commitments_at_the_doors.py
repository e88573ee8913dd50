"""Commitments at every door: signed by the pages, found untrue at the desk, contested over the wire (R4.3-R4.11)."""

from uuid import UUID

import pytest

from services import clock
from services.cases.models import Case, CommitmentCheck, Task
from services.evidence.models import Declaration
from tests.doors.a_citizen import Citizen, text_of
from tests.doors.a_desk import Desk
from tests.doors.the_api import Api, problem, told
from tests.services import a_matter
from tests.services.a_commitment import commit, publish_stalls

INSURED = {"person.insurer": "Safe"}
WORDS = "No insurer knows the stall."


@pytest.fixture
def stalls(town, settings, tmp_path):
    publish_stalls(town, settings, tmp_path)


@pytest.fixture
def applicant(stalls, resident):
    return resident()


@pytest.fixture
def granted(applicant) -> Case:
    """A permit granted on a commitment, which an officer is to look into."""
    application = a_matter.begin(applicant, "stall-permit", INSURED, now=clock.now())
    commit(applicant, application, now=clock.now())
    return a_matter.submit(applicant, application, now=clock.now())


@pytest.fixture
def reviewer(officer):
    return officer("reviewer", "works-office")


def the_task(case: Case) -> UUID:
    return a_matter.task_of(case, "check")


def test_a_citizen_reads_signs_and_takes_back_a_commitment(applicant):
    """R4.3-R4.8: nothing is signed that was not ticked as read, and nothing but the text that was read."""
    citizen = Citizen(applicant)
    application = citizen.prepares("stall-permit", INSURED)
    paper = f"/apply/{application}/papers/insurance/"
    assert "you lose nothing by any of them" in text_of(citizen.opens(paper))

    sign = citizen.sends(paper, way="declaration:insurance-record")["Location"]
    text = citizen.opens(sign).context["text"]
    assert citizen.sends(sign, digest=text.digest).status_code == 422
    assert citizen.sends(sign, digest="0" * 64, read="yes").status_code == 422
    assert not Declaration.objects.exists()
    assert citizen.sends(sign, digest=text.digest, read="yes").status_code == 302

    signed = Declaration.objects.get()
    assert (signed.kind, signed.text, signed.text_digest) == ("commitment", text.text, text.digest)
    back = f"/apply/{application}/declarations/{signed.evidence_id}/withdraw/"
    assert back in citizen.opens(f"/apply/{application}/settlement/").content.decode()
    citizen.sends(back)
    signed.refresh_from_db()
    assert signed.withdrawn_at is not None
    assert back not in citizen.opens(f"/apply/{application}/settlement/").content.decode()


def test_a_reviewer_writes_that_it_is_untrue_once_the_letter_was_read(granted, reviewer, applicant):
    """R4.10, R4.11: signed by a person, in a letter that orders to put it right; the holder may answer and contest."""
    desk, task = Desk(reviewer), the_task(granted)
    written = {"explanation": WORDS, "legal_basis": "Works Act art. 8", "closed_months": "12"}
    assert WORDS in text_of(desk.does(task, "untrue", act="see", **written))
    assert CommitmentCheck.objects.get().state == "with_office"

    assert desk.writes(task, "untrue", **written).status_code == 302

    check = CommitmentCheck.objects.get()
    assert (check.state, check.found_by_id, check.explanation) == ("untrue", reviewer.id, WORDS)
    assert check.repair_until is not None and check.closed_until is not None
    page = text_of(Citizen(applicant).opens(f"/my/cases/{granted.id}/"))
    assert "To be put right" in page


def test_no_commitment_is_found_untrue_without_words(granted, reviewer):
    """R4.10"""
    page = Desk(reviewer).does(the_task(granted), "untrue", act="see", explanation=" ", closed_months="12")

    assert page.status_code == 422
    assert CommitmentCheck.objects.get().state == "with_office"


def test_a_program_finds_reads_and_contests_as_the_pages_do(granted, reviewer, applicant, resident):
    """R4.9-R4.11"""
    here, task = f"/cases/{granted.id}", the_task(granted)
    api, desk = Api(applicant), Api(reviewer)
    finding = f"/tasks/{task}/commitment-finding"
    told(desk.post(finding, {"found": "untrue", "explanation": WORDS}, tag=desk.tag(f"/tasks/{task}")), 200)

    [check] = told(api.get(f"{here}/commitment-checks"))["items"]
    assert (check["state"], check["explanation"], check["mayContest"]) == ("untrue", WORDS, True)
    contest = f"{here}/commitment-checks/{check['id']}/contests"
    told(api.post(contest, {"reason": "My insurer does."}, tag=api.tag(here)), 201)

    assert problem(api.post(contest, {"reason": "Once more."}, tag=api.tag(here)))[0] == 409
    assert problem(Api(resident("another")).get(f"{here}/commitment-checks"))[0] == 404
    assert Task.objects.filter(case=granted, closed_at__isnull=True).exists()
