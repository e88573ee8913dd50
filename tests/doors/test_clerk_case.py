"""One page a case: what is asked first, everything that is known, and every act of an officer."""

import re

import pytest

from services import clock
from services.cases.actions import handling
from services.cases.models import Case, CorrectionNotice, Decision, Task
from services.core.facts import Holder
from services.ledger import queries as ledger
from services.notices.models import Notice
from tests.doors.a_citizen import Citizen
from tests.doors.a_desk import Desk, text_of, works_permit, works_permit_without_plan
from tests.services.a_matter import open_tasks, state_of, task_of

REFUSAL = {
    "reason_codes": ["standard_not_met"],
    "legal_basis": "Works Act art. 7",
    "explanation": "The plan leans to one side.",
}


@pytest.fixture
def applicant(town, resident):
    return resident()


@pytest.fixture
def permit(applicant):
    return works_permit(applicant)


@pytest.fixture
def clerk(town, officer):
    return Desk(officer("clerk", "works-office"))


@pytest.fixture
def reviewer(town, officer):
    return Desk(officer("reviewer", "works-office"))


@pytest.fixture
def archivist(town, officer):
    return Desk(officer("clerk", "records-office"))


def review(desk: Desk, case: Case, step: str, outcome: str = "for", **fields: object):
    task = Task.objects.get(case=case, step=step, closed_at__isnull=True)
    return desk.does(task.id, "complete", outcome=outcome, **fields)


@pytest.fixture
def accepted(permit, clerk):
    clerk.does(task_of(permit, "acceptance"), "accept")
    return permit


@pytest.fixture
def held_up(accepted, clerk, archivist):
    review(clerk, accepted, "review", "against", note="It leans.")
    review(archivist, accepted, "records")
    return accepted


def test_opening_a_case_leaves_a_reading_for_the_person_it_is_about(permit, clerk, applicant):
    """R15.6"""
    clerk.opens_case(permit)

    (read,) = [
        one for one in ledger.readings_about(Holder("person", applicant.person_id)) if one.role == "clerk"
    ]
    assert (read.actor_id, read.organisation, read.matter_kind, read.matter_id, read.purpose) == (
        clerk.viewer.id,
        "works-office",
        "case",
        permit.id,
        "handling",
    )


def test_the_person_reads_in_plain_words_who_read_what_and_why(permit, clerk, applicant):
    """R15.6: no code of ours stands there, neither of a purpose nor of a fact."""
    clerk.opens_case(permit)

    page = text_of(Citizen(applicant).opens("/my/readings/"))

    assert "to handle your application" in page
    assert "everything on the page of your case" in page
    assert "to obtain what your application needs" in page
    assert re.findall(r"(?:person|application)\.[a-z_]+|gather_evidence|handling", page) == []


def test_another_offices_case_does_not_exist(permit, archivist):
    """Design §10.4"""
    answer = archivist.opens_case(permit)

    assert answer.status_code == 404
    assert archivist.does(task_of(permit, "acceptance"), "accept").status_code == 404
    assert permit.number not in text_of(answer)


def test_the_page_shows_answers_and_evidence_but_no_whole_identity_number(permit, clerk):
    page = text_of(clerk.opens_case(permit))

    assert "a tower" in page
    assert "Plan of the works" in page
    assert "11010519491231002X" not in page


def test_accepting_begins_the_reviews(accepted):
    assert (state_of(accepted), open_tasks(accepted)) == (
        "in_review",
        ["records-office:records", "works-office:review"],
    )


def test_a_copy_is_a_download_that_no_browser_runs(permit, clerk, archivist):
    evidence = permit.application.cases.get().settlements["plan"]["evidence"][0]["id"]

    copy = clerk.opens(f"/desk/cases/{permit.id}/copies/{evidence}/")

    assert copy["Content-Disposition"].startswith("attachment")
    assert (copy["X-Content-Type-Options"], copy["Content-Security-Policy"]) == (
        "nosniff",
        "default-src 'none'; sandbox",
    )
    assert b"".join(copy.streaming_content).startswith(b"\x89PNG")
    assert archivist.opens(f"/desk/cases/{permit.id}/copies/{evidence}/").status_code == 404


def test_a_letter_goes_out_only_as_it_was_read(applicant, clerk):
    permit = works_permit_without_plan(applicant)
    task = task_of(permit, "acceptance")
    read = clerk.does(task, "correction", act="see", items=["plan"], explanation="The plan, please.")
    assert "The plan, please." in text_of(read)
    assert not Notice.objects.filter(kind="correction_requested").exists()

    changed = clerk.does(
        task, "correction", act="send", items=["plan"], explanation="Two plans.", read=read.context["read"]
    )

    assert "The words have changed since." in text_of(changed)
    assert state_of(permit) == "received"


def test_what_is_missing_is_asked_for_once(applicant, clerk):
    """R2.4, R2.5"""
    permit = works_permit_without_plan(applicant)

    sent = clerk.writes(task_of(permit, "acceptance"), "correction", items=["plan"], explanation="The plan.")

    assert sent["Location"] == "/desk/"
    assert CorrectionNotice.objects.get(case=permit).items == ["plan"]
    assert state_of(permit) == "correction_requested"


def test_a_notice_that_forgets_something_is_not_sent(applicant, clerk):
    """R2.4: once, and complete."""
    permit = works_permit_without_plan(applicant)

    answer = clerk.writes(task_of(permit, "acceptance"), "correction", explanation="Hm.")

    assert answer.status_code == 409
    assert "Hm." in text_of(answer)
    assert not CorrectionNotice.objects.exists()


def test_a_copy_that_is_no_good_is_asked_for_anew(permit, clerk):
    clerk.writes(task_of(permit, "acceptance"), "correction", items=["plan"], explanation="Too dark.")

    assert state_of(permit) == "correction_requested"
    permit.refresh_from_db()
    assert permit.settlements["plan"]["standing"] == "open"


def test_declining_names_the_office_that_is_responsible(permit, clerk):
    """R2.2"""
    task = task_of(permit, "acceptance")
    words = {"reason": "not_competent", "explanation": "Boats are not ours."}
    refused = clerk.writes(task, "decline", **words)
    assert "Name the office that is responsible." in text_of(refused)

    clerk.writes(task, "decline", **words, referred_to="records-office")

    permit.refresh_from_db()
    assert (permit.state, permit.referred_to) == ("declined", "records-office")


def test_a_review_ends_one_way_or_the_other(accepted, clerk):
    answer = review(clerk, accepted, "review", "", note="I cannot say.")

    assert answer.status_code == 422
    assert "Choose how it ends." in text_of(answer)
    assert "I cannot say." in text_of(answer)


def test_an_inspection_names_a_second_officer(accepted, clerk, archivist, officer):
    """R2.14"""
    second = officer("reviewer", "works-office", "second")
    review(clerk, accepted, "review")
    review(archivist, accepted, "records")

    alone = review(clerk, accepted, "site", note="It stands.")
    assert alone.status_code == 422
    assert "Name the second officer who inspected with you." in text_of(alone)
    assert "It stands." in text_of(alone)

    review(clerk, accepted, "site", second_officer=str(second.id))
    assert Task.objects.get(case=accepted, step="site").second_officer_id == second.id


def test_what_held_a_case_up_is_told_with_the_colleagues_words_and_can_be_let_pass(held_up, reviewer):
    page = text_of(reviewer.opens_case(held_up))
    assert "It leans." in page

    reviewer.does(task_of(held_up, "concern"), "pass", note="It stands.")

    assert open_tasks(held_up) == ["works-office:site"]


def test_a_clerk_sees_that_a_reviewer_decides(held_up, clerk):
    """R6.2"""
    assert "A reviewer or a supervisor decides this." in text_of(clerk.opens_case(held_up))
    assert clerk.does(task_of(held_up, "concern"), "pass").status_code == 403


@pytest.mark.parametrize("left_out", ["reason_codes", "explanation"])
def test_a_refusal_needs_reasons_and_words(held_up, reviewer, left_out):
    """R2.16"""
    words = {name: value for name, value in REFUSAL.items() if name != left_out}

    answer = reviewer.writes(task_of(held_up, "concern"), "refuse", **words)

    assert answer.status_code == 422
    assert "Works Act art. 7" in text_of(answer)
    assert not Decision.objects.exists()


def test_a_refusal_is_read_with_its_remedies_before_it_is_signed(held_up, reviewer):
    """R2.16"""
    task = task_of(held_up, "concern")
    letter = text_of(reviewer.does(task, "refuse", act="see", **REFUSAL))
    assert "administrative reconsideration within 60 calendar days" in letter

    reviewer.writes(task, "refuse", **REFUSAL)

    assert Decision.objects.get(case=held_up).reasons == ["standard_not_met"]
    assert state_of(held_up) == "closed"
    assert Notice.objects.get(kind="refused").written == "The plan leans to one side."


def test_whoever_comes_second_is_told_so_and_keeps_what_they_wrote(accepted, clerk, officer):
    colleague = Desk(officer("clerk", "works-office", "berta"))
    task = Task.objects.get(case=accepted, step="review")
    handling.claim_task(viewer=colleague.viewer, task_id=task.id, now=clock.now())

    taken = review(clerk, accepted, "review", note="Long words of mine.")
    assert taken.status_code == 409
    assert "A colleague is working on this task." in text_of(taken)
    assert "Long words of mine." in text_of(taken)

    review(colleague, accepted, "review")
    over = clerk.does(task.id, "complete", outcome="for", note="Long words of mine.")
    assert over.status_code == 409
    assert "Long words of mine." in text_of(over)


def test_a_decision_on_what_has_changed_meanwhile_is_looked_at_again(held_up, reviewer):
    task = task_of(held_up, "concern")

    answer = reviewer.client.post(f"/desk/tasks/{task}/pass/", {"version": 1, "note": "It stands."})

    assert answer.status_code == 409
    assert "It stands." in text_of(answer)
    assert open_tasks(held_up) == ["works-office:concern"]


def test_only_a_supervisor_gives_a_colleagues_task_back(permit, clerk, officer):
    task = task_of(permit, "acceptance")
    handling.claim_task(viewer=clerk.viewer, task_id=task, now=clock.now())
    Desk(officer("clerk", "works-office", "berta")).client.post(f"/desk/tasks/{task}/release/")
    assert Task.objects.get(id=task).claimed_by_id == clerk.viewer.id

    Desk(officer("supervisor", "works-office")).client.post(f"/desk/tasks/{task}/release/")

    assert Task.objects.get(id=task).claimed_by_id is None


def test_the_address_of_a_form_leads_to_its_case(permit, clerk):
    task = task_of(permit, "acceptance")

    assert clerk.opens(f"/desk/tasks/{task}/accept/")["Location"] == f"/desk/cases/{permit.id}/"
