"""One application, several services: what comes after another waits for it, and goes on by itself (R7.4-R7.8)."""

import pytest

from services.cases.actions import following, handling
from services.cases.models import Decision, Task
from services.cases.queries import drafts
from services.certificates.models import Certificate
from services.ledger.models import Entry
from services.notices.models import Notice
from tests.services.a_bundle import (
    ANSWERS,
    BERTH,
    HOME,
    MOORING,
    WORKS,
    WORKS_TOO,
    draft_together,
    file_together,
    publish_chain,
)
from tests.services.a_gift import PARTNER, how
from tests.services.a_matter import noon, officer, open_tasks, state_of, task_of, work
from tests.services.a_register import FOUND, NOW, TODAY, says

pytestmark = pytest.mark.django_db

CHAIN = [HOME, MOORING, BERTH]
LATER = noon(4)
REFUSAL = {
    "reason_codes": ["standard_not_met"],
    "legal_basis": "Works Act art. 7",
    "explanation": "The quay is full.",
}


@pytest.fixture(autouse=True)
def _chain(prefecture, settings, tmp_path):
    publish_chain(settings, tmp_path)


def review(case, *, favorable=True, now=LATER):
    clerk = officer("works-office")
    handling.complete_task(viewer=clerk, task_id=task_of(case, "review"), favorable=favorable, now=now)
    work(now)


def refuse(case, now=LATER):
    review(case, favorable=False, now=now)
    reviewer = officer("works-office", "reviewer")
    handling.refuse_case(viewer=reviewer, task_id=task_of(case, "concern"), **REFUSAL, now=now)
    work(now)


def events(case):
    return list(Entry.objects.filter(case_id=case.id).order_by("sequence").values_list("event", flat=True))


def test_services_side_by_side_are_received_on_the_same_day(ayshe):
    """R7.5: every office has its days from the same day on."""
    cases = file_together(ayshe, [HOME, "joint-deed"], ANSWERS | PARTNER)
    assert {case.received_on for case in cases.values()} == {TODAY}


def test_services_side_by_side_that_lack_nothing_are_accepted_on_the_same_day(ayshe, prefecture):
    """R7.5: accepted once, by all offices at the same time, where no office has anything to look at first."""
    prefecture.offices[MOORING] = "works-office"
    prefecture.answers[f"/registers/{MOORING}/query"] = [says(FOUND)]
    cases = file_together(ayshe, [HOME, BERTH], ANSWERS)
    assert {case.accepted_on for case in cases.values()} == {TODAY}


def test_an_office_that_must_look_first_holds_up_the_acceptance_of_no_other(ayshe):
    """R7.5, R7.6: one office's look is in nobody else's days, and its own counts from the day of receipt."""
    cases = file_together(ayshe, [HOME, WORKS], WORKS_TOO)
    assert (state_of(cases[HOME]), cases[HOME].accepted_on) == ("closed", TODAY)
    assert (state_of(cases[WORKS]), cases[WORKS].accepted_on) == ("received", None)


def test_what_an_earlier_service_issues_is_not_asked_of_anybody(ayshe, prefecture):
    """R7.4: nobody is asked for what another service of the same application is about to issue, nor is a register."""
    application = draft_together(ayshe, CHAIN)
    before = how(ayshe, application, "before")
    assert (before.standing, before.ways) == ("awaited", ())
    assert drafts.draft(viewer=ayshe, application_id=application).complete
    assert not [one for one in prefecture.asked if "mooring" in str(one)]


def test_a_later_service_is_received_and_accepted_with_the_notice_that_the_earlier_is_done(ayshe):
    """R7.5: C after B: C is accepted on the day of B's result, with B's certificate, and nobody touched it."""
    cases = file_together(ayshe, CHAIN)
    assert state_of(cases[HOME]) == "closed"  # decided at once, and what comes after it began at once
    assert state_of(cases[MOORING]) == "in_review"
    assert state_of(cases[BERTH]) == "received" and cases[BERTH].waits_for == [f"service:{MOORING}"]
    assert open_tasks(cases[BERTH]) == []

    review(cases[MOORING])

    assert state_of(cases[BERTH]) == "closed"
    done = Certificate.objects.get(case_id=cases[MOORING].id).issued_on
    assert done == LATER.date()
    assert (cases[BERTH].received_on, cases[BERTH].accepted_on) == (done, done)
    assert cases[BERTH].settlements["before"]["evidence"][0]["source"] == "issued"
    assert not Task.objects.filter(case=cases[BERTH]).exists()
    assert events(cases[BERTH])[:3] == ["received", "begun", "accepted"]


def test_an_office_has_no_days_for_what_has_yet_to_begin(ayshe):
    """R2.4, R7.5: silence accepts nothing while an earlier service is under way, however long that takes."""
    cases = file_together(ayshe, CHAIN)
    much_later = noon(30)
    work(much_later)
    assert state_of(cases[BERTH]) == "received"
    review(cases[MOORING], now=much_later)
    assert state_of(cases[BERTH]) == "closed"
    assert cases[BERTH].accepted_on == much_later.date()


def test_one_refused_takes_down_what_depends_on_it_and_nothing_else(ayshe):
    """R7.7: the dependant is declined with “precondition refused”; what does not depend on it goes on."""
    cases = file_together(ayshe, [*CHAIN, WORKS], WORKS_TOO)
    refuse(cases[MOORING])
    assert Decision.objects.get(case=cases[MOORING]).verdict == "refused"
    assert (state_of(cases[BERTH]), cases[BERTH].ending) == ("declined", "precondition_refused")
    assert state_of(cases[HOME]) == "closed"
    assert state_of(cases[WORKS]) not in ("declined", "withdrawn", "lapsed")


def test_what_stands_first_holds_up_nobody_who_does_not_need_it(ayshe):
    """R7.8: left out, or taken back, a member never blocks the rest: what it would have brought is sought elsewhere."""
    cases = file_together(ayshe, [MOORING, BERTH, HOME], work_too=False)
    following.withdraw_case(viewer=ayshe, case_id=cases[HOME].id, now=NOW)
    work()
    assert open_tasks(cases[MOORING]) == ["works-office:acceptance"]


def test_what_waited_for_something_taken_back_is_received_on_that_day(ayshe):
    """R7.5, R2.4: its office has its days from then on, and loses none to what it had to wait for."""
    cases = file_together(ayshe, [MOORING, BERTH, HOME], work_too=False)
    following.withdraw_case(viewer=ayshe, case_id=cases[HOME].id, now=LATER)
    work(LATER)
    assert open_tasks(cases[MOORING]) == ["works-office:acceptance"]
    cases[MOORING].refresh_from_db()
    assert (cases[MOORING].received_on, cases[MOORING].acceptance_due) == (LATER.date(), noon(11).date())


def test_one_letter_lists_what_became_of_each_once_all_have_ended(ayshe):
    """R7.7: one letter for the whole application, when its last case has ended, and not before."""
    cases = file_together(ayshe, CHAIN)
    told = Notice.objects.filter(kind="outcomes")
    assert not told.exists()
    refuse(cases[MOORING])
    assert state_of(cases[BERTH]) == "declined"
    letter = told.get()
    assert [one["en"] for one in letter.values["outcomes"]] == [
        "Home record: granted",
        "Mooring permit: refused",
        "Berth filing: not taken on, because what it depends on was refused",
    ]
