"""“Could not get it done”: said of a case that came to nothing, answered by a supervisor of another hand (R6.6)."""

from datetime import date

import pytest

from services import clock
from services.cases.actions import handling, not_done
from services.cases.actions.not_done import NothingFailed, ReportedAlready
from services.cases.actions.questioning import AlreadyAnswered, SayWhatAbout
from services.cases.models import Case, NotDone
from services.cases.queries import not_done as queries
from services.cases.queries.not_done import NoSuchReport
from services.cases.queries.visibility import NoSuchCase
from services.core.facts import Holder
from services.ledger import looking
from services.ledger import queries as ledger
from services.notices import queries as notices
from tests.services.a_matter import begin, days, officer, submit, task_of
from tests.services.a_register import NOW

pytestmark = pytest.mark.django_db

WORDS = "I was sent from one window to the next."


@pytest.fixture
def declined(ayshe) -> Case:
    """A works permit that a clerk of the works office declined."""
    works = {"application.works": "a tower", "application.height": 30}
    case = submit(ayshe, begin(ayshe, "works-permit", works), with_gaps=True)
    handling.decline_case(
        viewer=officer("works-office"), task_id=task_of(case, "acceptance"), reason="not_competent",
        explanation="Not ours.", referred_to="records-office", now=NOW,
    )  # fmt: skip
    case.refresh_from_db()
    return case


@pytest.fixture
def supervisor(prefecture):
    return officer("works-office", "supervisor")


@pytest.fixture
def report(ayshe, declined, supervisor):
    return not_done.report_not_done(viewer=ayshe, case_id=declined.id, words=WORDS, now=NOW)


def test_it_goes_to_a_supervisor_and_is_due_in_five_working_days(report, supervisor, declined):
    """R6.6"""
    row = NotDone.objects.get()

    assert (row.organisation, row.words, row.due_on) == ("works-office", WORDS, date(2026, 3, 9))
    assert [one.id for one in queries.waiting_reports(viewer=supervisor)] == [report]
    assert queries.waiting_reports(viewer=officer("works-office")) == ()
    assert queries.waiting_reports(viewer=officer("records-office", "supervisor")) == ()


def test_whoever_had_a_hand_in_it_does_not_answer(ayshe, declined, supervisor):
    """R6.6: a supervisor of another hand; where the office has none, one of those who sit at a general centre."""
    declined.tasks.update(closed_by=supervisor.id)
    other = officer("records-office", "supervisor")

    report = not_done.report_not_done(viewer=ayshe, case_id=declined.id, words=WORDS, now=NOW)

    assert NotDone.objects.get().organisation == "records-office"
    with pytest.raises(NoSuchReport):
        not_done.open_report(viewer=supervisor, report_id=report, now=NOW)
    assert not_done.open_report(viewer=other, report_id=report, now=NOW).words == WORDS


def test_the_answer_is_a_letter_and_stands_beside_the_case(ayshe, report, supervisor, declined):
    not_done.answer_report(viewer=supervisor, report_id=report, words="We were wrong. Apply again.", now=NOW)

    shown = queries.report_of(viewer=ayshe, case_id=declined.id)
    assert (shown.answer, shown.late) == ("We were wrong. Apply again.", False)
    letter = next(one for one in notices.inbox(ayshe.id, language="en") if one.kind == "not_done_answered")
    assert "We were wrong. Apply again." in notices.letter(letter.id, ayshe.id, "en").paragraphs
    assert queries.waiting_reports(viewer=supervisor) == ()
    with pytest.raises(AlreadyAnswered):
        not_done.answer_report(viewer=supervisor, report_id=report, words="Or not.", now=NOW)


def test_it_is_said_once_and_in_words(ayshe, report, declined):
    with pytest.raises(ReportedAlready):
        not_done.report_not_done(viewer=ayshe, case_id=declined.id, words=WORDS, now=NOW)
    with pytest.raises(SayWhatAbout):
        not_done.report_not_done(viewer=ayshe, case_id=declined.id, words=" ", now=NOW)


def test_what_is_under_way_has_not_failed(ayshe, bo, declined):
    works = {"application.works": "a tower", "application.height": 30}
    case = submit(ayshe, begin(ayshe, "works-permit", works), with_gaps=True)

    with pytest.raises(NothingFailed):
        not_done.report_not_done(viewer=ayshe, case_id=case.id, words=WORDS, now=NOW)
    with pytest.raises(NoSuchCase):
        not_done.report_not_done(viewer=bo, case_id=declined.id, words=WORDS, now=NOW)


def test_the_supervisor_reads_it_on_record(ayshe, report, supervisor):
    """R15.6"""
    with looking.an_officer_looks():
        found = not_done.open_report(viewer=supervisor, report_id=report, now=NOW)

    assert (found.words, found.state, found.ending) == (WORDS, "declined", "not_competent")
    newest = ledger.readings_about(Holder("person", ayshe.person_id))[0]
    assert (newest.purpose, newest.organisation) == ("not_done", "works-office")


def test_what_nobody_answered_in_time_is_late_for_both_sides(ayshe, report, supervisor, declined):
    clock.shift(days=9)

    (waiting,) = queries.waiting_reports(viewer=supervisor)
    assert (waiting.days_left < 0, waiting.card) == (True, "yellow")
    assert queries.report_of(viewer=ayshe, case_id=declined.id).late
    assert clock.now() > NOW + days(7)
