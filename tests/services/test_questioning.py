"""Whoever finds an entry strange asks about it, and a supervisor of the office answers in time (R15.6, R15.9)."""

from datetime import date
from uuid import UUID

import pytest

from services import clock
from services.cases.actions import questioning, reading
from services.cases.actions.second_visits import SupervisorsOnly
from services.cases.actions.sharing import show_certificate
from services.cases.models import Application, Case, ReadingQuestion
from services.cases.queries import questions, readings
from services.certificates.actions.sharing import make_sharing_code
from services.certificates.models import Certificate
from services.core.facts import Holder
from services.ledger import looking
from services.ledger import queries as ledger
from services.ledger.actions import WORKER, NewReading, record_readings
from services.notices import queries as notices
from services.people.models import Account
from services.people.queries import AccountView
from tests.services.a_matter import days, file, officer
from tests.services.a_register import NOW

pytestmark = pytest.mark.django_db

WORKS = {"application.works": "a tower", "application.height": 30}
WORDS = "Why did you look at this on a Sunday?"


@pytest.fixture
def case(ayshe: AccountView) -> Case:
    return file(ayshe, "works-permit", WORKS)


@pytest.fixture
def entry(case: Case, ayshe: AccountView) -> int:
    """An entry of the works office on Ayshe's list."""
    reading.open_case(viewer=officer("works-office"), case_id=case.id, now=NOW)
    return readings.my_readings(viewer=ayshe)[0].id


@pytest.fixture
def question(entry: int, ayshe: AccountView) -> ReadingQuestion:
    made = questioning.ask_about_reading(viewer=ayshe, reading_id=entry, words=WORDS, now=NOW)
    return ReadingQuestion.objects.get(id=made)


def test_a_question_goes_to_the_office_that_read_and_is_due_in_fifteen_working_days(question):
    """R15.6"""
    assert (question.organisation, question.words) == ("works-office", WORDS)
    assert question.due_on == date(2026, 3, 23)  # NOW is Monday 2 March 2026


def test_what_the_portal_read_by_itself_is_answered_by_the_office_that_leads(case, ayshe):
    gathered = next(one for one in readings.my_readings(viewer=ayshe) if one.view.role == "worker")

    made = questioning.ask_about_reading(viewer=ayshe, reading_id=gathered.id, words=WORDS, now=NOW)

    assert ReadingQuestion.objects.get(id=made).organisation == "works-office"


def test_what_was_read_in_somebody_elses_matter_is_answered_too(case, ayshe):
    """R15.6: whoever asks is not told which office leads that matter, and that office answers all the same."""
    record_readings(rows=[gathered_for("application", case.application_id, ayshe)])
    Application.objects.update(account=Account.objects.create_user(username="stranger"))
    newest = readings.my_readings(viewer=ayshe)[0]
    assert (newest.elsewhere, newest.matter) == (True, None)

    made = questioning.ask_about_reading(viewer=ayshe, reading_id=newest.id, words=WORDS, now=NOW)

    assert ReadingQuestion.objects.get(id=made).organisation == "works-office"


def test_about_a_shown_certificate_its_office_answers(ayshe):
    home = file(ayshe, "home-record", {"application.home": "1 Lane"})
    shown = Certificate.objects.get(case_id=home.id)
    record_readings(rows=[gathered_for("certificate", shown.id, ayshe)])
    newest = readings.my_readings(viewer=ayshe)[0]

    made = questioning.ask_about_reading(viewer=ayshe, reading_id=newest.id, words=WORDS, now=NOW)

    assert ReadingQuestion.objects.get(id=made).organisation == shown.organisation


def gathered_for(kind: str, matter_id: UUID, whose: AccountView) -> NewReading:
    """Return a reading that the portal itself made."""
    return NewReading(
        at=NOW, actor=WORKER, organisation="", holder=Holder("person", whose.person_id), matter_kind=kind,
        matter_id=matter_id, purpose="gather_evidence", basis="Identity Act art. 9", fields=["id-card"],
        source="portal",
    )  # fmt: skip


def test_one_asks_once_and_in_words(entry, question, ayshe):
    with pytest.raises(questioning.AlreadyQuestioned):
        questioning.ask_about_reading(viewer=ayshe, reading_id=entry, words=WORDS, now=NOW)
    for words in ("  ", "x" * 2001):
        with pytest.raises(questioning.SayWhatAbout):
            questioning.ask_about_reading(viewer=ayshe, reading_id=entry - 1, words=words, now=NOW)


def test_nobody_asks_about_somebody_elses_entry(entry, ayshe):
    with pytest.raises(readings.NoSuchReading):
        questioning.ask_about_reading(viewer=ayshe, reading_id=entry + 999, words=WORDS, now=NOW)
    with pytest.raises(readings.NoSuchList):
        questioning.ask_about_reading(viewer=officer("works-office"), reading_id=entry, words=WORDS, now=NOW)


def test_it_waits_for_the_offices_supervisor_and_for_nobody_else(question):
    supervisor, clerk = officer("works-office", "supervisor"), officer("works-office")

    assert [one.id for one in questions.waiting_questions(viewer=supervisor)] == [question.id]
    assert questions.waiting_questions(viewer=clerk) == ()
    assert questions.waiting_questions(viewer=officer("records-office", "supervisor")) == ()
    with pytest.raises(SupervisorsOnly):
        questioning.open_question(viewer=clerk, question_id=question.id, now=NOW)
    with pytest.raises(questions.NoSuchQuestion):
        questioning.open_question(
            viewer=officer("records-office", "supervisor"), question_id=question.id, now=NOW
        )


def test_the_supervisor_sees_who_read_and_that_is_a_reading_too(question, ayshe):
    supervisor = officer("works-office", "supervisor")
    with looking.an_officer_looks():
        found = questioning.open_question(viewer=supervisor, question_id=question.id, now=NOW)

    assert (found.question.words, found.reader) == (WORDS, "Clerk-Works-Office")
    newest = ledger.readings_about(Holder("person", ayshe.person_id))[0]
    assert (newest.purpose, newest.basis) == ("reading_question", "Identity Act art. 9")


def test_the_answer_is_a_letter_and_stands_beside_the_entry(question, entry, ayshe):
    """R15.9"""
    questioning.answer_question(
        viewer=officer("works-office", "supervisor"),
        question_id=question.id,
        words="Your tower is tall.",
        now=NOW,
    )

    line = readings.my_reading(viewer=ayshe, reading_id=entry)
    assert (line.question.answer, line.question.late) == ("Your tower is tall.", False)
    letter = next(one for one in notices.inbox(ayshe.id, language="en") if one.kind == "reading_answered")
    assert "Your tower is tall." in notices.letter(letter.id, ayshe.id, "en").paragraphs
    assert questions.waiting_questions(viewer=officer("works-office", "supervisor")) == ()


def test_an_answer_is_given_once(question):
    supervisor = officer("works-office", "supervisor")
    questioning.answer_question(viewer=supervisor, question_id=question.id, words="So.", now=NOW)

    with pytest.raises(questioning.AlreadyAnswered):
        questioning.answer_question(viewer=supervisor, question_id=question.id, words="Or so.", now=NOW)


def test_a_question_nobody_answered_in_time_is_late_for_both_sides(question, entry, ayshe):
    """R15.6, R10.4"""
    clock.shift(days=28)

    (waiting,) = questions.waiting_questions(viewer=officer("works-office", "supervisor"))
    assert (waiting.days_left < 0, waiting.card) == (True, "red")
    assert readings.my_reading(viewer=ayshe, reading_id=entry).question.late
    assert clock.now() > NOW + days(20)


def test_a_question_about_a_certificate_that_was_shown_is_ones_own_matter_too(ayshe):
    """R15.6, R12.3: whoever was shown it had the holder's code; no entry of it is somebody else's affair."""
    file(ayshe, "home-record", {"application.home": "1 Lane"})
    record = Certificate.objects.get()
    code = make_sharing_code(viewer=ayshe, certificate_id=record.id, now=NOW).code
    show_certificate(number=record.number, sharing_code=code, now=NOW)
    shown = readings.my_readings(viewer=ayshe)[0]
    asked = questioning.ask_about_reading(viewer=ayshe, reading_id=shown.id, words=WORDS, now=NOW)
    questioning.open_question(viewer=officer("records-office", "supervisor"), question_id=asked, now=NOW)

    line = readings.my_readings(viewer=ayshe)[0]

    assert (shown.view.purpose, shown.elsewhere) == ("sharing_code", False)
    assert (line.view.purpose, line.elsewhere) == ("reading_question", False)
