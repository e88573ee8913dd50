"""A notice that waits costs nothing until its last moment, or until whoever it waited for is awaited no more (R7.9)."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from services.cases.actions import asking, following, handling, reminders
from services.cases.models import Case, CorrectionNotice
from tests.services.a_matter import noon, officer, task_of, work
from tests.services.a_register import FOUND, says
from tests.services.test_one_notice import (
    HOME,
    PILOT,
    THREE_OCLOCK,
    TUESDAY,
    WEDNESDAY,
    WORKS,
    ask,
    file_with_gaps,
    letters,
    states,
)
from tests.services.together import meanwhile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prefecture")]

IDENTITY = "/registers/id-card/query"
THURSDAY, THURSDAY_AT_THREE = date(2026, 3, 5), datetime(2026, 3, 5, 7, tzinfo=UTC)


@pytest.fixture
def cases(ayshe):
    return file_with_gaps(ayshe, WORKS, PILOT)


@pytest.fixture
def three(ayshe, prefecture):
    """Three services of one application; the home record waits for a register that is down."""
    prefecture.answers[IDENTITY] = [says(b"down", status=503)]
    return file_with_gaps(ayshe, WORKS, PILOT, HOME)


def tick(now):
    """Let the clock look, as it does every other second."""
    return asking.send_notices(now=now)


def next_look():
    """Return when the notice of what was noted is looked at next."""
    return CorrectionNotice.objects.get(sent_on__isnull=True).goes_out_at


def test_what_only_waits_is_asked_nothing_about(ayshe, cases, django_assert_num_queries):
    """R7.9: however many notices wait, the clock asks once which are due."""
    other = file_with_gaps(ayshe, WORKS, PILOT)
    ask(cases[WORKS])
    ask(other[PILOT])
    assert set(CorrectionNotice.objects.values_list("goes_out_at", flat=True)) == {THREE_OCLOCK}
    with django_assert_num_queries(1):
        assert tick(noon(9)) == 0
    assert tick(THREE_OCLOCK) == 2


def test_one_that_was_taken_back_wakes_it(ayshe, cases):
    """R7.8"""
    ask(cases[WORKS])
    following.withdraw_case(viewer=ayshe, case_id=cases[PILOT].id, now=TUESDAY)
    assert tick(TUESDAY) == 1
    assert states(cases)[WORKS] == "correction_requested"


def test_one_that_was_declined_wakes_it(cases):
    """R7.9: in the same moment."""
    ask(cases[WORKS])
    clerk, task = officer("records-office"), task_of(cases[PILOT], "acceptance")
    words = {"reason": "not_needed", "explanation": "No card is needed for this."}
    handling.decline_case(viewer=clerk, task_id=task, **words, now=WEDNESDAY)
    assert states(cases) == {WORKS: "correction_requested", PILOT: "declined"}


def test_one_that_the_machine_accepts_wakes_it(ayshe, three, prefecture):
    """R7.9: a register answers at last, and no office has to look any more."""
    ask(three[WORKS])
    ask(three[PILOT])
    assert tick(TUESDAY) == 0
    prefecture.answers[IDENTITY] = [says(FOUND)]
    work(WEDNESDAY)
    assert states(three)[HOME] == "closed"
    assert tick(WEDNESDAY) == 1
    assert len(letters()) == 1


def test_one_that_silence_accepts_leaves_nothing_to_look_at(cases, django_assert_num_queries):
    """R2.4: with the last day what was noted is over, too."""
    ask(cases[WORKS])
    work(noon(10))
    with django_assert_num_queries(1):
        assert tick(noon(10)) == 0
    assert not CorrectionNotice.objects.exists()


def test_what_has_been_looked_at_and_still_waits_is_left_alone_again(ayshe, three, django_assert_num_queries):
    """R7.9: one is awaited no more, another is."""
    ask(three[WORKS])
    following.withdraw_case(viewer=ayshe, case_id=three[PILOT].id, now=TUESDAY)
    assert tick(TUESDAY) == 0
    with django_assert_num_queries(1):
        assert tick(TUESDAY) == 0
    assert next_look() == THREE_OCLOCK


def test_past_its_last_moment_it_is_not_looked_at_again_and_again(cases, django_assert_num_queries):
    """R2.4: nothing can be asked any more; silence accepts as soon as a worker comes to it."""
    ask(cases[WORKS])
    assert tick(noon(10)) == 0
    with django_assert_num_queries(1):
        assert tick(noon(10)) == 0


def test_the_moment_follows_the_member_with_the_least_time(ayshe, three):
    """R7.9: while it is awaited, and no longer."""
    Case.objects.filter(id=three[PILOT].id).update(acceptance_due=THURSDAY)
    ask(three[WORKS])
    assert next_look() == THURSDAY_AT_THREE
    following.withdraw_case(viewer=ayshe, case_id=three[PILOT].id, now=TUESDAY)
    tick(TUESDAY)
    assert next_look() == THREE_OCLOCK


@pytest.mark.django_db(transaction=True)
def test_the_clock_waits_for_nobody_who_has_a_case_in_hand(cases):
    """R7.9: it comes again."""
    ask(cases[WORKS])
    with transaction.atomic():
        Case.objects.select_for_update().get(id=cases[PILOT].id)
        assert meanwhile(lambda: tick(THREE_OCLOCK)) == 0
    assert tick(THREE_OCLOCK) == 1


def test_each_notice_of_an_application_has_reminders_of_its_own(cases):
    """R2.8, R7.9: the second of the first notice falls on the day of the first of the other."""
    Case.objects.filter(id=cases[PILOT].id).update(received_on=date(2026, 3, 9), acceptance_due=None)
    ask(cases[WORKS])
    ask(cases[PILOT], noon(12))
    sent = len(letters())
    assert sent == 2

    for day in (17, 26):
        reminders.send_reminders(now=noon(day))

    told = [one.values["items"][0]["en"] for one in letters()[sent:]]
    assert sorted(told) == ["Pilot card: Portrait", *["Works permit: Plan of the works"] * 2]
