"""A case that was stopped for a finding that does not hold is begun again for whoever filed it (R4.10, R4.11)."""

import pytest

from services.cases.actions import answering_checks, checking
from services.cases.actions.checking import Untrue
from services.cases.models import Application, Case, CommitmentCheck
from services.notices import queries as notices
from services.notices.models import Notice
from tests.services.a_commitment import commit, publish_stalls
from tests.services.a_matter import begin, noon, officer, state_of, submit, task_of
from tests.services.a_register import says

UNTRUE = Untrue(explanation="No insurer knows the stall.")


@pytest.fixture
def stalls(ayshe, prefecture, settings, tmp_path):
    publish_stalls(prefecture, settings, tmp_path)
    return ayshe


@pytest.fixture
def stopped(stalls, prefecture) -> Case:
    """A case that was stopped before its decision, for a commitment found untrue; its applicant contests that."""
    prefecture.answers["/registers/id-card/query"] = [says(b"down", status=503)]
    application = begin(stalls, "stall-permit", {"person.insurer": "Safe"})
    evidence_id = commit(stalls, application)
    case = submit(stalls, application)
    checking.stop_for_untrue(
        viewer=officer("works-office", "reviewer"),
        case_id=case.id,
        evidence_id=evidence_id,
        written=UNTRUE,
        now=noon(4),
    )
    named = {
        "viewer": stalls,
        "case_id": case.id,
        "check_id": CommitmentCheck.objects.get(state="stopped").id,
    }
    answering_checks.contest_finding(**named, reason="It is insured.", now=noon(5))
    return case


def hear(case: Case, *, stands: bool) -> None:
    task = task_of(case, "check")
    chief = officer("works-office", "supervisor", "chief")
    checking.hear_contest(viewer=chief, task_id=task, stands=stands, explanation="So.", now=noon(6))


def test_a_case_stopped_for_a_finding_that_does_not_hold_is_begun_again_by_the_office(stalls, stopped):
    """R4.10, R4.11, R3.1: the end stands, and the applicant types nothing twice."""
    hear(stopped, stands=False)

    draft = Application.objects.get(state="draft")
    assert (draft.account_id, draft.person_id, draft.services) == (
        stalls.id,
        stalls.person_id,
        ["stall-permit"],
    )
    assert draft.answers == Application.objects.get(id=stopped.application_id).answers != {}
    assert state_of(stopped) == "declined"
    letter = Notice.objects.get(kind="commitment_heard")
    assert letter.application_id == draft.id
    assert "begun your application again" in " ".join(notices.letter(letter.id, stalls.id, "en").paragraphs)
    commit(stalls, draft.id, now=noon(6))


def test_a_stop_that_stands_begins_nothing_again(stopped):
    """R4.11"""
    hear(stopped, stands=True)

    assert not Application.objects.filter(state="draft").exists()
