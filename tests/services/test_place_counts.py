"""How long people wait at each centre, counted from the line and told of nobody (R6.7, R9.8, R15.14)."""

import pytest

from services.cases.queries.centres import public_places
from services.core.suppression import TOTAL
from services.visits import actions, queries
from services.visits.queries import PlaceCounts
from tests.services.an_appointment import CLERK, SIGN
from tests.services.test_tickets import CENTRE, at, call, give

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prefecture", "centres")]


def served(came: int, at_window: int) -> None:
    """Somebody comes, is called, is at the window so many minutes after nine, and goes."""
    give(SIGN, now=at(came))
    ticket = call(now=at(at_window))
    actions.begin_serving(ticket_id=ticket, clerk=CLERK, now=at(at_window))
    actions.end_ticket(ticket_id=ticket, clerk=CLERK, now=at(at_window))


def test_whoever_comes_unasked_waits_from_then_until_they_are_at_a_window():
    served(0, 10)
    served(20, 60)

    found = queries.place_counts()[CENTRE]

    assert (found.served, found.prompt, found.minutes) == (2, 1, 50)


def test_whoever_is_sent_on_to_another_window_waited_only_until_the_first():
    give(SIGN, now=at(0))
    ticket = call(now=at(5))
    actions.begin_serving(ticket_id=ticket, clerk=CLERK, now=at(5))
    actions.put_back(ticket_id=ticket, clerk=CLERK, now=at(15))
    again = call(now=at(45))
    actions.begin_serving(ticket_id=again, clerk=CLERK, now=at(45))

    assert queries.place_counts()[CENTRE].minutes == 5


def test_whoever_leaves_before_being_called_did_not_wait_until_anything():
    give(SIGN, now=at(0))
    ticket = call(now=at(30))
    actions.end_ticket(ticket_id=ticket, clerk=CLERK, now=at(31))

    assert CENTRE not in queries.place_counts()


def test_what_rests_on_few_people_is_hidden_and_so_is_what_would_give_it_away():
    """Four of fifty waited long: neither they are told, nor how many did not."""
    shown = public_places(
        {
            "hall": PlaceCounts(visits=50, served=50, prompt=46, minutes=200, booked=40, days=80),
            "station": PlaceCounts(visits=60, served=60, prompt=40, minutes=900, booked=3, days=9),
        }
    )

    assert shown["hall"].numbers["served"] is None or shown["hall"].numbers["prompt"] is None
    assert shown["station"].numbers["booked"] is None and "days" in shown["station"].few
    assert shown["station"].numbers["minutes"] in (15.0, None)
    assert shown[TOTAL].numbers["visits"] == 110


def test_a_mean_of_nobody_is_no_number():
    shown = public_places({"hall": PlaceCounts(visits=12)})

    assert shown["hall"].numbers["minutes"] is None and shown["hall"].numbers["visits"] == 12
