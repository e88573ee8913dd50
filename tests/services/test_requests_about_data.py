"""Somebody asks an office to correct, delete or explain what it holds about them; it answers in time (R15.8, R15.9)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from services.cases.actions import questioning
from services.cases.actions.questioning import AskedAlready, AskForOneOfThese, DoneOrRefused, SayWhatAbout
from services.cases.actions.second_visits import SupervisorsOnly
from services.cases.models import Case, ReadingQuestion, RememberedAnswer
from services.cases.queries import questions, readings
from services.cases.queries.visibility import NoSuchCase
from services.notices import queries as notices
from services.people import queries as people
from services.people.models import Account
from services.people.queries import AccountView
from tests.services.a_matter import file, officer
from tests.services.a_register import NOW

pytestmark = pytest.mark.django_db

WORKS = {"application.works": "a tower", "application.height": 30}
WORDS = "The tower is a chimney."


@pytest.fixture
def case(ayshe: AccountView) -> Case:
    return file(ayshe, "works-permit", WORKS)


def ask(viewer: AccountView, case: Case, asked_for: str = "correct", words: str = WORDS):
    return questioning.ask_about_data(
        viewer=viewer, case_id=case.id, asked_for=asked_for, words=words, now=NOW
    )


def answer(question_id, **more):
    supervisor = officer("works-office", "supervisor")
    questioning.answer_question(
        viewer=supervisor, question_id=question_id, words="It is a chimney now.", now=NOW, **more
    )


@pytest.mark.parametrize("asked_for", ["correct", "delete", "explain"])
def test_a_request_waits_for_the_office_that_leads_and_is_due_in_fifteen_working_days(case, ayshe, asked_for):
    """R15.9, R15.8"""
    ask(ayshe, case, asked_for)

    (waiting,) = questions.waiting_questions(viewer=officer("works-office", "supervisor"))
    assert (waiting.asked_for, waiting.due_on) == (asked_for, date(2026, 3, 23))
    assert questions.waiting_questions(viewer=officer("records-office", "supervisor")) == ()
    (mine,) = questions.my_requests(viewer=ayshe)
    assert (mine.words, mine.case_id, mine.late) == (WORDS, case.id, False)


def test_the_office_reads_it_on_record_and_says_whether_it_was_done(case, ayshe):
    """R15.9, R15.6: a supervisor alone; with reasons if it is refused; told in a letter and in the list."""
    asked = ask(ayshe, case)
    with pytest.raises(SupervisorsOnly):
        questioning.open_question(viewer=officer("works-office"), question_id=asked, now=NOW)
    found = questioning.open_question(
        viewer=officer("works-office", "supervisor"), question_id=asked, now=NOW
    )
    assert (found.question.words, found.case_number, found.reading) == (WORDS, case.number, None)
    assert readings.my_readings(viewer=ayshe)[0].view.purpose == "reading_question"
    with pytest.raises(DoneOrRefused):
        answer(asked)

    answer(asked, outcome="refused")

    (mine,) = questions.my_requests(viewer=ayshe)
    assert (mine.outcome, mine.answer) == ("refused", "It is a chimney now.")
    letter = next(one for one in notices.inbox(ayshe.id, language="en") if one.kind == "request_answered")
    text = " ".join(notices.letter(letter.id, ayshe.id, "en").paragraphs)
    assert "not corrected, for the reasons below" in text and "It is a chimney now." in text
    assert case.number in text


def test_an_explanation_needs_no_outcome(case, ayshe):
    """R15.8"""
    asked = ask(ayshe, case, "explain")

    answer(asked)

    assert ReadingQuestion.objects.get(id=asked).outcome == ""


def test_what_was_remembered_of_the_case_goes_when_its_deletion_is_granted(ayshe):
    """R15.9: it is not offered again in the next application; the case file keeps what it rests on."""
    fact = {"holder_kind": "person", "holder_id": ayshe.person_id, "told_at": NOW}
    case = file(ayshe, "works-permit", WORKS)
    RememberedAnswer.objects.create(**fact, fact="person.other", value="else")
    case.application.answers |= {"person.told": "here"}
    case.application.save()
    RememberedAnswer.objects.create(**fact, fact="person.told", value="here")

    answer(ask(ayshe, case, "delete"), outcome="done")

    assert {one.fact for one in RememberedAnswer.objects.all()} == {"person.other"}


def test_nobody_asks_about_somebody_elses_case_or_for_anything_else_or_twice(case, ayshe):
    other = Account.objects.create_user(username="other", person_id=ayshe.person_id)
    with pytest.raises(NoSuchCase):
        ask(people.account(other.id), case)
    with pytest.raises(AskForOneOfThese):
        ask(ayshe, case, "why")
    with pytest.raises(SayWhatAbout):
        ask(ayshe, case, words=" ")
    ask(ayshe, case)
    with pytest.raises(AskedAlready):
        ask(ayshe, case)
    assert ask(ayshe, case, "delete")


def test_the_database_knows_no_request_that_was_answered_and_not_settled(case, ayshe):
    """R15.9"""
    row = ReadingQuestion.objects.get(id=ask(ayshe, case))
    row.answer, row.answered_by_id, row.answered_at = "So.", officer("works-office", "supervisor").id, NOW

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
