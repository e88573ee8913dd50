"""One notice of correction for an application of several services, and one day of acceptance (R7.5, R7.9)."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError

from services.cases.actions import asking, drafting, following, gathering, handling, reminders, submission
from services.cases.models import Case, CorrectionNotice, Task
from services.cases.queries import one_notice
from services.cases.queries.drafts import draft
from services.core.acts import OneNoticeOnly, StillMissing
from services.ledger.models import Entry
from services.notices.models import Notice
from services.people.queries import AccountView
from tests.services.a_matter import give_one, noon, officer, open_tasks, state_of, task_of, work
from tests.services.a_register import NOW, TODAY
from tests.services.together import together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prefecture")]

WORKS, PILOT, HOME = "works-permit", "pilot-card", "home-record"
ANSWERS = {
    WORKS: {"application.works": "a shed", "application.height": 3},
    HOME: {"application.home": "1 Orchard Lane"},
}
OFFICES = {WORKS: "works-office", PILOT: "records-office", HOME: "records-office"}
LACKING = {WORKS: "plan", PILOT: "photo"}
# Received on Monday 2 March: the fifth working day is Monday 9 March; the notice is late from four o'clock on (R10.3).
LAST_DAY = date(2026, 3, 9)
THREE_OCLOCK = datetime(2026, 3, 9, 7, tzinfo=UTC)
TUESDAY, WEDNESDAY = noon(3), noon(4)


def file_with_gaps(viewer: AccountView, *services: str, now: datetime = NOW) -> dict[str, Case]:
    """File one application for these services in which nothing is given that only the applicant has."""
    application = drafting.start_application(viewer=viewer, services=services, now=now)
    told = {fact: value for one in services for fact, value in ANSWERS.get(one, {}).items()}
    drafting.answer_questions(viewer=viewer, application_id=application, answers=told, now=now)
    drafting.request_evidence(viewer=viewer, application_id=application, now=now)
    gathering.gather_evidence(now=now)
    submission.submit_application(viewer=viewer, application_id=application, with_gaps=True, now=now)
    work(now)
    return {one.service: one for one in Case.objects.filter(application_id=application)}


@pytest.fixture
def cases(ayshe):
    return file_with_gaps(ayshe, WORKS, PILOT)


def ask(case, now=TUESDAY, words=""):
    clerk, task = officer(OFFICES[case.service]), task_of(case, "acceptance")
    items = [LACKING[case.service]]
    handling.request_correction(viewer=clerk, task_id=task, items=items, explanation=words, now=now)


def accept(case, now):
    clerk, task = officer(OFFICES[case.service]), task_of(case, "acceptance")
    handling.accept_case(viewer=clerk, task_id=task, now=now)


def give(viewer, case, now):
    """Give what the case lacks, and nothing that another lacks."""
    open_ones = draft(viewer=viewer, application_id=case.application_id).missing
    (wanted,) = [one for one in open_ones if one.code == LACKING[case.service]]
    give_one(viewer, case.application_id, wanted, now=now)


def letters():
    return list(Notice.objects.filter(kind="correction_requested").order_by("created_at"))


def states(cases):
    return {code: state_of(one) for code, one in cases.items()}


# One day of acceptance


def test_a_member_that_an_office_finds_complete_is_accepted_as_of_the_day_it_was_received(ayshe, cases):
    """R7.5, R2.6: the office looked on Wednesday, and its days count from Monday, as those of all the others do."""
    give(ayshe, cases[WORKS], NOW)
    give(ayshe, cases[PILOT], NOW)

    accept(cases[WORKS], TUESDAY)
    accept(cases[PILOT], WEDNESDAY)

    states(cases)
    assert {one.accepted_on for one in cases.values()} == {TODAY}
    entry = Entry.objects.get(case_id=cases[PILOT].id, event="accepted_by_office")
    assert (entry.detail["accepted_on"], entry.at) == (TODAY.isoformat(), WEDNESDAY)


def test_one_that_lacks_nothing_waits_for_no_office(ayshe):
    """R7.5: it is accepted, and decided, on the day it was received; the other is accepted as of that day later."""
    cases = file_with_gaps(ayshe, HOME, WORKS)
    assert states(cases) == {HOME: "closed", WORKS: "received"}
    give(ayshe, cases[WORKS], NOW)
    accept(cases[WORKS], WEDNESDAY)
    states(cases)
    assert cases[WORKS].accepted_on == cases[HOME].accepted_on == TODAY


def test_silence_accepts_as_of_the_same_day(ayshe, cases):
    """R2.4, R7.5: whether an office looks or not."""
    give(ayshe, cases[WORKS], NOW)
    accept(cases[WORKS], WEDNESDAY)
    work(noon(10))
    states(cases)
    assert {one.accepted_on for one in cases.values()} == {TODAY}


def test_the_look_is_due_so_that_the_steps_still_have_their_days(cases):
    """R7.5: it is within what was promised; the law's own last day stays the fifth working day (R2.4)."""
    due = dict(Task.objects.filter(case__in=cases.values()).values_list("case__service", "due_on"))
    # promised in eight working days, of which the steps need five; in ten, of which the longest way needs all
    assert due == {PILOT: date(2026, 3, 5), WORKS: TODAY}
    states(cases)
    assert {one.acceptance_due for one in cases.values()} == {LAST_DAY}


# One notice


def test_what_one_office_finds_missing_waits_for_the_last_look(cases):
    """R7.9: noted, told to nobody; sent with what the other office finds, in the same moment as it looks."""
    ask(cases[WORKS])
    assert states(cases) == {WORKS: "received", PILOT: "received"}
    assert letters() == []
    assert open_tasks(cases[WORKS]) == []

    ask(cases[PILOT], WEDNESDAY)

    assert states(cases) == {WORKS: "correction_requested", PILOT: "correction_requested"}
    assert len(letters()) == 1


def test_one_letter_lists_what_is_missing_by_service_with_one_last_day(cases):
    """R7.9, R2.7: with the words of each officer beneath the service that they are about."""
    ask(cases[WORKS], words="Drawn to scale.")
    ask(cases[PILOT], WEDNESDAY, words="In colour.")

    (letter,) = letters()

    assert [one["en"] for one in letter.values["items"]] == [
        "Works permit: Plan of the works",
        "Pilot card: Portrait",
    ]
    assert letter.written == "Works permit: Drawn to scale.\nPilot card: In colour."
    rows = CorrectionNotice.objects.all()
    assert {(one.sent_on, one.due_on.isoformat()) for one in rows} == {
        (WEDNESDAY.date(), letter.values["until"])
    }


def test_it_goes_out_as_soon_as_the_last_office_finds_nothing_missing(ayshe, cases):
    """R7.9: whoever accepts has looked."""
    give(ayshe, cases[PILOT], NOW)
    ask(cases[WORKS])
    accept(cases[PILOT], WEDNESDAY)
    assert states(cases) == {WORKS: "correction_requested", PILOT: "in_review"}


def test_it_goes_out_on_the_last_day_whoever_has_not_looked(cases):
    """R7.9, R10.3: before four o'clock of the fifth working day."""
    ask(cases[WORKS])
    asking.send_notices(now=noon(9))
    assert states(cases)[WORKS] == "received"

    asking.send_notices(now=THREE_OCLOCK)

    assert states(cases) == {WORKS: "correction_requested", PILOT: "received"}
    assert len(letters()) == 1


def test_whoever_looks_after_that_can_ask_nothing_and_is_accepted_by_silence(cases):
    """R2.4, R2.5, R7.9: one notice for the whole, and none after it."""
    ask(cases[WORKS])
    asking.send_notices(now=THREE_OCLOCK)
    with pytest.raises(OneNoticeOnly):
        ask(cases[PILOT], THREE_OCLOCK)

    work(noon(10))

    assert states(cases) == {WORKS: "correction_requested", PILOT: "in_review"}
    assert cases[PILOT].accepted_on == TODAY


def test_what_was_noted_and_not_sent_in_time_is_asked_of_nobody(cases):
    """R2.4: where no worker ran on the last day, silence has accepted."""
    ask(cases[WORKS])
    asking.send_notices(now=noon(10))
    work(noon(10))
    assert states(cases)[WORKS] == "in_review"
    assert letters() == [] and not CorrectionNotice.objects.exists()


def test_nobody_waits_for_a_member_that_was_taken_back(ayshe, cases):
    """R7.8: the clock finds that no office is awaited any more."""
    ask(cases[WORKS])
    following.withdraw_case(viewer=ayshe, case_id=cases[PILOT].id, now=TUESDAY)
    assert reminders.send_reminders(now=TUESDAY) == 0
    assert states(cases) == {WORKS: "correction_requested", PILOT: "withdrawn"}


def test_what_comes_in_before_the_notice_goes_out_is_not_asked_for(ayshe, cases):
    """R7.9: the office looks at it instead, and is awaited again."""
    ask(cases[WORKS])
    give(ayshe, cases[WORKS], TUESDAY)
    work(TUESDAY)
    assert open_tasks(cases[WORKS]) == ["works-office:acceptance"]
    ask(cases[PILOT], WEDNESDAY)
    assert letters() == []
    accept(cases[WORKS], WEDNESDAY)
    assert states(cases) == {WORKS: "in_review", PILOT: "correction_requested"}


def test_the_database_takes_no_second_day_of_sending_for_what_came_in_on_one_day(cases):
    """R7.9"""
    ask(cases[WORKS])
    ask(cases[PILOT], WEDNESDAY)
    with pytest.raises(IntegrityError):
        CorrectionNotice.objects.filter(case=cases[PILOT]).update(sent_on=LAST_DAY)


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_sends_it(cases):
    """R7.9: however many look at once, there is one letter."""
    ask(cases[WORKS])
    sent = together(4, lambda: asking.send_notices(now=THREE_OCLOCK))
    assert sorted(sent) == [0, 0, 0, 1]
    assert len(letters()) == 1


# One answer


@pytest.fixture
def asked(cases):
    ask(cases[WORKS])
    ask(cases[PILOT], WEDNESDAY)
    return cases


def test_each_is_handed_in_as_soon_as_its_own_items_are_there(ayshe, asked):
    """R7.8, R2.6: reached from whichever case; the other keeps its time and holds up nobody."""
    give(ayshe, asked[WORKS], noon(5))

    following.answer_correction(viewer=ayshe, case_id=asked[PILOT].id, now=noon(5))

    assert states(asked) == {WORKS: "received", PILOT: "correction_requested"}
    work(noon(5))
    accept(asked[WORKS], noon(6))
    states(asked)
    assert asked[WORKS].accepted_on == date(2026, 3, 5)


def test_nothing_is_handed_in_where_nothing_has_come_in(ayshe, asked):
    with pytest.raises(StillMissing):
        following.answer_correction(viewer=ayshe, case_id=asked[WORKS].id, now=noon(5))
    assert set(states(asked).values()) == {"correction_requested"}


def test_the_applicant_sees_one_notice_with_what_each_service_lacks(ayshe, asked):
    give(ayshe, asked[WORKS], noon(5))
    (notice,) = one_notice.notices(viewer=ayshe, application_id=asked[WORKS].application_id)
    told = [(one.service, one.items, one.complete) for one in notice.members]
    assert told == [(WORKS, ("plan",), True), (PILOT, ("photo",), False)]


def test_only_what_lacks_something_is_over_with_the_last_day(ayshe, asked):
    """R2.8, R7.9: what has all come in counts as handed in, though nobody said so."""
    give(ayshe, asked[WORKS], noon(5))
    later = noon(20, month=4)
    work(later)
    assert states(asked)[PILOT] == "withdrawn" and asked[PILOT].ending == "correction_missed"
    assert asked[WORKS].state not in ("withdrawn", "correction_requested")
    answered = CorrectionNotice.objects.get(case=asked[WORKS])
    assert answered.answered_on == answered.due_on


def test_a_second_notice_there_is_not(ayshe, asked):
    """R2.5: not even of the case that was put right."""
    give(ayshe, asked[WORKS], noon(5))
    following.answer_correction(viewer=ayshe, case_id=asked[WORKS].id, now=noon(5))
    work(noon(5))
    with pytest.raises(OneNoticeOnly):
        ask(asked[WORKS], noon(6))


def test_it_is_reminded_of_in_one_letter(asked):
    """R2.8"""
    reminders.send_reminders(now=noon(20))
    first, *more = letters()
    assert more and all(one.values == first.values for one in more)


def test_the_desk_is_told_when_it_goes_out_and_how_many_look_until_then(cases):
    """R7.9, R15.3: what else was applied for is not for an office that cannot see it."""
    ask(cases[WORKS])
    told = one_notice.noted(viewer=officer("works-office"), case_id=cases[WORKS].id)
    assert told.goes_out_by == LAST_DAY
    assert told.offices_awaited == 1
    assert PILOT not in repr(told) and "Pilot card" not in repr(told)
    ask(cases[PILOT], WEDNESDAY)
    assert one_notice.noted(viewer=officer("works-office"), case_id=cases[WORKS].id) is None


def test_for_one_service_it_goes_out_at_once(ayshe):
    """R2.4"""
    cases = file_with_gaps(ayshe, WORKS)
    ask(cases[WORKS])
    assert states(cases) == {WORKS: "correction_requested"}
    assert len(letters()) == 1
