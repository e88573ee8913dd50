"""Whoever is asked first answers, or hands it over on record; nobody is asked who they are for a question (R6.5)."""

import pytest

from services.cases.actions import arriving, at_window
from services.core.closing import Answer, QuestionStillOpen
from services.people.queries import AccountView
from services.visits import queries
from services.visits.models import Ticket, Visit
from tests.services.a_matter import noon, officer
from tests.services.test_at_counter import HALL, called


@pytest.fixture
def clerk(prefecture: object) -> AccountView:
    return officer("records-office")


def test_whoever_has_a_question_is_asked_for_no_name(clerk):
    """R6.5, R8.3: a question is no visit, and nobody is turned away."""
    ticket = arriving.receive_question(viewer=clerk, comer=HALL, now=noon(3))

    assert called(clerk, noon(3)) == ticket
    at_window.close_visit(viewer=clerk, ticket_id=ticket, answer=Answer("answered"), now=noon(3))
    assert not Visit.objects.exists()
    assert queries.ticket(ticket_id=ticket).state == "done"


@pytest.mark.parametrize(
    "answer",
    [
        None,
        Answer("sent_away"),
        Answer("referred"),
        Answer("referred", "nowhere"),
        Answer("referred", "far-hall"),
    ],
)
def test_who_is_asked_first_answers_or_hands_over_on_record(answer, clerk):
    """R6.5: until it is on record how it ended, the question stays with whoever took it."""
    ticket = arriving.receive_question(viewer=clerk, comer=HALL, now=noon(3))
    called(clerk, noon(3))

    with pytest.raises(QuestionStillOpen):
        at_window.close_visit(viewer=clerk, ticket_id=ticket, answer=answer, now=noon(3))

    assert queries.ticket(ticket_id=ticket).state == "serving"


def test_a_question_is_handed_over_to_the_office_that_goes_on(clerk):
    """R6.5"""
    ticket = arriving.receive_question(viewer=clerk, comer=HALL, now=noon(3))
    called(clerk, noon(3))

    at_window.close_visit(
        viewer=clerk, ticket_id=ticket, answer=Answer("referred", "works-office"), now=noon(3)
    )

    kept = Ticket.objects.get(id=ticket)
    assert (kept.ended_as, kept.referred_to, kept.called_by) == ("referred", "works-office", clerk.id)
