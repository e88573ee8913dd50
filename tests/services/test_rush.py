"""A rush: two hundred people want the last places at the same moment, and each place is promised once."""

import threading
from collections import Counter
from itertools import count
from uuid import UUID

import pytest

from services.visits import actions
from services.visits.models import Appointment, Leg
from tests.services.an_appointment import SIGN, TUESDAY, book, offered, visitor
from tests.services.together import together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centres")]

PEOPLE = 200
# The engine of the tests has sixty connections for everybody: the others wait for one, as they do before a busy portal.
AT_ONCE = threading.BoundedSemaphore(20)


def test_two_hundred_at_once_get_exactly_as_many_bookings_as_there_are_places(transactional_db, centres):
    """Some twenty people want each time of the morning, at which two windows are open."""
    actions.load_centres(folder=centres.parent)
    times, turn = offered(SIGN), count()
    windows = Leg._meta.get_field("window").related_model.objects.filter(centre="services-centre").count()

    def take_a_time():
        with AT_ONCE:
            return book(visitor(), SIGN, slot_id=times[next(turn) % len(times)])

    outcomes = together(PEOPLE, take_a_time)

    booked = {one for one in outcomes if isinstance(one, UUID)}
    assert {type(one) for one in outcomes} == {UUID, actions.SlotTaken}
    assert len(booked) == len(times) * windows == Appointment.objects.count()
    promised = Counter(Leg.objects.values_list("window", "starts_at"))
    assert set(promised.values()) == {1}
    assert len(promised) == len(booked)
    assert offered(SIGN, from_day=TUESDAY) == []
