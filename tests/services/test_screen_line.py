"""The line on a call screen: worked out once for all who look, and anew as soon as somebody in it moves (R6.8)."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services.visits import queries
from tests.services.test_tickets import CENTRE, NINE, at, call, give

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prefecture", "centres")]


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


def shown(now=NINE):
    return [(one.number, one.state, one.minutes) for one in queries.shown_line(centre=CENTRE, now=now)]


def test_it_is_the_line():
    for _ in range(3):
        give()
    call()

    line = [(one.number, one.state, one.minutes) for one in queries.line(centre=CENTRE, now=NINE)]

    assert shown() == shown() == line


def test_whoever_looks_next_asks_one_question_only():
    give()
    shown()

    with CaptureQueriesContext(connection) as seen:
        shown()

    assert len(seen) == 1


def test_what_moves_is_seen_at_once():
    give()
    waiting = shown()
    call()
    called = shown()
    give()

    assert [one[1] for one in waiting] == ["waiting"]
    assert [one[1] for one in called] == ["called"]
    assert [one[1] for one in shown()] == ["called", "waiting"]
    assert shown(at(1)) != []


def test_while_the_cache_is_away_the_line_is_shown_all_the_same(settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1"}}
    give()

    assert shown() == shown() == [(1, "waiting", 0)]


def test_nothing_that_somebody_needs_is_kept_for_a_screen():
    """R6.8: numbers, windows and minutes, which stand on the wall of the hall anyway."""
    give(help=["wheelchair"], language="ug")

    [one] = queries.shown_line(centre=CENTRE, now=NINE)

    assert set(type(one).__slots__) == {"number", "state", "window", "minutes"}
