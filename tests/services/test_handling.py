"""Officers at work: accept, ask once, review, inspect with two, decide with four eyes, refuse with reasons."""

import pytest

from services.cases.actions import following, handling, reminders
from services.cases.actions.handling import (
    AnotherHasIt,
    FourEyes,
    ReferralNeeded,
    ReviewersDecide,
    SecondOfficerNeeded,
    WrongTask,
)
from services.cases.models import Decision, Task
from services.cases.queries import cases
from services.cases.queries.visibility import NoSuchCase, NoSuchTask
from services.core.acts import NotRequired, OneNoticeOnly
from services.core.reasons import ReasonsNeeded
from services.core.states import CannotMove
from services.ledger.models import Entry
from services.notices.models import Notice
from services.people.models import Account
from tests.services.a_matter import (
    begin,
    days,
    file,
    give,
    noon,
    officer,
    open_tasks,
    state_of,
    submit,
    task_of,
    work,
)
from tests.services.a_register import NOW, says

WORKS = {"application.works": "a tower", "application.height": 30}
REFUSAL = {
    "reason_codes": ["standard_not_met"],
    "legal_basis": "Works Act art. 7",
    "explanation": "It leans.",
}


@pytest.fixture
def clerk(prefecture):
    return officer("works-office")


@pytest.fixture
def reviewer(prefecture):
    return officer("works-office", "reviewer")


@pytest.fixture
def received(ayshe):
    """A case whose plan is a copy that nobody has looked at."""
    return file(ayshe, "works-permit", WORKS)


@pytest.fixture
def accepted(received, clerk):
    handling.accept_case(viewer=clerk, task_id=task_of(received, "acceptance"), now=NOW)
    return received


def end(case, office, step, now, *, favorable=True, **more):
    task = Task.objects.get(case=case, step=step, closed_at__isnull=True)
    handling.complete_task(viewer=officer(office), task_id=task.id, favorable=favorable, now=now, **more)


def test_a_copy_makes_acceptance_a_task_of_the_lead_office(received):
    assert open_tasks(received) == ["works-office:acceptance"]


def test_accepting_starts_the_limits_and_the_reviews_side_by_side(accepted):
    accepted.refresh_from_db()

    assert (accepted.state, accepted.promised_due.isoformat(), accepted.statutory_due.isoformat()) == (
        "in_review",
        "2026-03-16",
        "2026-03-30",
    )
    assert open_tasks(accepted) == ["records-office:records", "works-office:review"]


def test_five_working_days_of_silence_accept_from_the_day_of_receipt(received):
    """R2.4"""
    work(noon(9))
    assert state_of(received) == "received"

    work(noon(10))

    received.refresh_from_db()
    assert (received.state, received.accepted_on.isoformat()) == ("in_review", "2026-03-02")


def test_a_correction_is_asked_once_and_completely(ayshe, clerk):
    """R2.4, R2.5"""
    case = submit(ayshe, begin(ayshe, "works-permit", WORKS), with_gaps=True)
    task = task_of(case, "acceptance")
    with pytest.raises(NotRequired):
        handling.request_correction(viewer=clerk, task_id=task, items=["identity"], now=NOW)

    handling.request_correction(viewer=clerk, task_id=task, items=["plan"], explanation="The plan.", now=NOW)

    assert state_of(case) == "correction_requested"
    give(ayshe, case.application_id)
    following.answer_correction(viewer=ayshe, case_id=case.id, now=noon(5))
    work(noon(5))
    with pytest.raises(OneNoticeOnly):
        handling.request_correction(
            viewer=clerk, task_id=task_of(case, "acceptance"), items=["plan"], now=noon(5)
        )


def test_a_correction_nobody_answers_counts_as_withdrawn(ayshe, clerk):
    """R2.8"""
    case = submit(ayshe, begin(ayshe, "works-permit", WORKS), with_gaps=True)
    handling.request_correction(viewer=clerk, task_id=task_of(case, "acceptance"), items=["plan"], now=NOW)

    work(NOW + days(31))

    case.refresh_from_db()
    assert (case.state, case.ending) == ("withdrawn", "correction_missed")


def test_declining_for_want_of_competence_names_the_right_office(received, clerk):
    """R2.2"""
    task = task_of(received, "acceptance")
    words = {"reason": "not_competent", "explanation": "Boats are not ours."}
    with pytest.raises(ReferralNeeded):
        handling.decline_case(viewer=clerk, task_id=task, **words, now=NOW)

    handling.decline_case(viewer=clerk, task_id=task, **words, referred_to="records-office", now=NOW)

    received.refresh_from_db()
    assert (received.state, received.referred_to) == ("declined", "records-office")


def test_an_inspection_is_done_by_two(accepted):
    """R2.14"""
    end(accepted, "works-office", "review", NOW)
    end(accepted, "records-office", "records", NOW)
    with pytest.raises(SecondOfficerNeeded):
        end(accepted, "works-office", "site", NOW)

    second = officer("works-office", "reviewer")
    end(accepted, "works-office", "site", NOW, second_officer_id=second.id)

    assert accepted.waits_for != [] or state_of(accepted) == "in_review"
    ended = Entry.objects.get(case_id=accepted.id, event="inspection_ended")
    assert ended.detail["second_officer"] == str(second.id)


def test_the_second_of_an_inspection_works_at_the_same_office_still(accepted):
    """R2.14"""
    end(accepted, "works-office", "review", NOW)
    end(accepted, "records-office", "records", NOW)
    gone = officer("works-office", "clerk", "gone")
    Account.objects.filter(id=gone.id).update(is_active=False)

    for second in (officer("records-office", "reviewer"), gone, officer("works-office")):
        with pytest.raises(SecondOfficerNeeded):
            end(accepted, "works-office", "site", NOW, second_officer_id=second.id)


def test_a_public_notice_runs_its_days_and_then_the_machine_grants(accepted):
    end(accepted, "works-office", "review", NOW)
    end(accepted, "records-office", "records", NOW)
    end(accepted, "works-office", "site", NOW, second_officer_id=officer("works-office", "reviewer").id)
    work(noon(5))
    assert state_of(accepted) == "in_review"

    work(noon(6))

    assert state_of(accepted) == "closed"
    assert Decision.objects.get(case=accepted).signed_by is None


def test_an_objection_waits_for_the_others_and_then_a_person_looks(accepted, reviewer, clerk):
    end(accepted, "works-office", "review", NOW, favorable=False)
    assert open_tasks(accepted) == ["records-office:records"]

    end(accepted, "records-office", "records", NOW)

    assert open_tasks(accepted) == ["works-office:concern"]
    with pytest.raises(ReviewersDecide):
        handling.let_pass(viewer=clerk, task_id=task_of(accepted, "concern"), now=NOW)
    handling.let_pass(viewer=reviewer, task_id=task_of(accepted, "concern"), note="It stands.", now=NOW)
    assert open_tasks(accepted) == ["works-office:site"]


def test_a_refusal_is_signed_with_reasons_and_both_remedies(accepted, reviewer):
    """R2.16"""
    end(accepted, "works-office", "review", NOW, favorable=False)
    end(accepted, "records-office", "records", NOW)
    task = task_of(accepted, "concern")
    with pytest.raises(ReasonsNeeded):
        handling.refuse_case(viewer=reviewer, task_id=task, **{**REFUSAL, "reason_codes": []}, now=NOW)

    handling.refuse_case(viewer=reviewer, task_id=task, **REFUSAL, now=NOW)

    decision = Decision.objects.get(case=accepted)
    assert (
        decision.signed_by_id,
        decision.reconsideration_until.isoformat(),
        decision.suit_until.isoformat(),
    ) == (
        reviewer.id,
        "2026-05-06",
        "2026-09-02",
    )
    assert (state_of(accepted), open_tasks(accepted)) == ("closed", [])


def test_whoever_accepts_does_not_decide_where_four_eyes_are_asked(ayshe):
    """Design §10.5"""
    case = file(ayshe, "pilot-card")
    one = officer("records-office", "reviewer")
    handling.accept_case(viewer=one, task_id=task_of(case, "acceptance"), now=NOW)
    end(case, "records-office", "review", NOW, favorable=False)

    with pytest.raises(FourEyes):
        handling.refuse_case(viewer=one, task_id=task_of(case, "concern"), **REFUSAL, now=NOW)

    other = officer("records-office", "supervisor")
    handling.refuse_case(viewer=other, task_id=task_of(case, "concern"), **REFUSAL, now=NOW)
    assert state_of(case) == "closed"


def test_a_task_has_one_pair_of_hands(received, clerk):
    task = task_of(received, "acceptance")
    handling.claim_task(viewer=clerk, task_id=task, now=NOW)

    with pytest.raises(AnotherHasIt):
        handling.accept_case(viewer=officer("works-office", name="second"), task_id=task, now=NOW)
    with pytest.raises(WrongTask):
        handling.grant_case(viewer=clerk, task_id=task, now=NOW)


def test_another_office_sees_neither_task_nor_case(received):
    """Design §10.4"""
    elsewhere = officer("records-office")

    with pytest.raises(NoSuchTask):
        handling.claim_task(viewer=elsewhere, task_id=task_of(received, "acceptance"), now=NOW)
    with pytest.raises(NoSuchCase):
        cases.case(viewer=elsewhere, case_id=received.id)


def test_an_office_that_was_asked_sees_the_case_from_then_on(accepted):
    seen = cases.case(viewer=officer("records-office"), case_id=accepted.id)

    assert seen.card.number == accepted.number


def test_withdrawing_ends_the_case_and_its_tasks_until_it_is_decided(ayshe, accepted):
    following.withdraw_case(viewer=ayshe, case_id=accepted.id, now=NOW)

    assert (state_of(accepted), open_tasks(accepted)) == ("withdrawn", [])
    with pytest.raises(CannotMove):
        following.withdraw_case(viewer=ayshe, case_id=accepted.id, now=NOW)


def test_a_register_that_is_down_delays_nobody_and_is_asked_again(prefecture, ayshe):
    """R3.18: the case goes on, and the evidence is fetched later."""
    prefecture.answers["/registers/id-card/query"] = [says(b"", status=503)]
    application = begin(ayshe, "home-record", {"application.home": "1 Lane"})
    case = submit(ayshe, application)
    assert open_tasks(case) == ["records-office:acceptance"]

    prefecture.answers["/registers/id-card/query"] = [
        says({"answer": "found", "facts": {"person.birth_date": "1949-12-31"}, "record": "1"})
    ]
    work(NOW + days(1))

    assert (state_of(case), open_tasks(case)) == ("closed", [])


def test_a_reminder_of_a_correction_names_what_is_missing_in_words(ayshe, clerk):
    """R2.7, R2.8"""
    case = submit(ayshe, begin(ayshe, "works-permit", WORKS), with_gaps=True)
    handling.request_correction(viewer=clerk, task_id=task_of(case, "acceptance"), items=["plan"], now=NOW)

    reminders.send_reminders(now=noon(20))

    letters = Notice.objects.filter(kind="correction_requested").order_by("created_at")
    assert [one.values["items"] for one in letters] == [[{"en": "Plan of the works", "zh": "施工图"}]] * len(
        letters
    )
    assert len(letters) > 1
