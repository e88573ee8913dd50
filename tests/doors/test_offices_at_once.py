"""Two who act on two services of one application at the same moment: one after the other, and nothing typed is lost."""

import pytest

from services import clock
from services.cases.models import Case
from tests.doors.a_desk import Desk
from tests.doors.the_api import Api
from tests.services.a_matter import state_of, task_of
from tests.services.test_one_notice import LACKING, OFFICES, PILOT, WORKS, ask, file_with_gaps, give
from tests.services.together import in_line

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def applicant(town, resident):
    return resident()


@pytest.fixture
def cases(applicant):
    return file_with_gaps(applicant, WORKS, PILOT, now=clock.now())


def in_number_order(cases):
    return sorted(cases.values(), key=lambda one: one.number)


def hold(case):
    """Hold the case as a worker does that writes to it; it can still be looked at."""
    return lambda: Case.objects.select_for_update(no_key=True).get(id=case.id)


@pytest.fixture
def asks(officer):
    def ready(case):
        """Return how this case's officer sends the letter that was read."""
        desk, task = Desk(officer("clerk", OFFICES[case.service])), task_of(case, "acceptance")
        items = [LACKING[case.service]]
        read = desk.does(task, "correction", act="see", items=items).context["read"]
        return lambda: desk.does(task, "correction", act="send", read=read, items=items).status_code

    return ready


def test_two_officers_note_what_is_missing_at_the_same_moment(cases, asks):
    """R7.9: whoever has only the later case in hand never waits for the earlier one with it."""
    first, second = in_number_order(cases)
    assert in_line(hold(first), asks(first), asks(second)) == [302, 302]
    assert {state_of(first), state_of(second)} == {"correction_requested"}


def test_an_applicant_hands_in_from_two_pages_at_the_same_moment(applicant, cases):
    """R7.8: by the first all that is complete is handed in; the second is told that it has changed since."""
    for case in cases.values():
        ask(case, clock.now())
    for case in cases.values():
        give(applicant, case, clock.now())

    def answers(case):
        program, path = Api(applicant), f"/cases/{case.id}"
        tag = program.tag(path)
        return lambda: program.post(f"{path}/correction-replies", tag=tag).status_code

    first, second = in_number_order(cases)
    assert in_line(hold(first), answers(first), answers(second)) == [201, 412]
    assert {state_of(first), state_of(second)} == {"received"}
