"""An errand is rung for after the commit; a broker that is away costs nobody more than a moment."""

import json
from collections.abc import Iterator

import pytest
import redis
from django.conf import settings
from django.db import transaction

from services import errands
from services.errands import BEAT, ROUTES, Doorbell, Errand

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker(running_engines: None) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(settings.REDIS_URL) as connection:
        connection.flushdb()
        yield connection
        connection.flushdb()


@pytest.fixture(autouse=True)
def quiet_doorbell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errands, "doorbell", Doorbell())


def rung(broker: redis.Redis, queue: str) -> list[str]:
    return [json.loads(message)["headers"]["task"] for message in broker.lrange(queue, 0, -1)]


def test_a_ring_waits_for_the_commit(broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        errands.send(Errand.ROUTE_CASES)
        before = rung(broker, "route")

    assert (before, rung(broker, "route")) == ([], ["cases.route_cases"])


def test_what_is_rolled_back_does_not_ring(broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ValueError), transaction.atomic():
        errands.send(Errand.ROUTE_CASES)
        raise ValueError

    assert rung(broker, "route") == []


def test_an_errand_carries_ids_to_its_own_queue(broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        errands.send(Errand.GATHER_EVIDENCE, application_id="0" * 32)

    (message,) = broker.lrange("evidence", 0, -1)
    assert json.loads(message)["headers"]["kwargsrepr"] == repr({"application_id": "0" * 32})


def test_rings_for_the_same_thing_at_once_are_one(broker, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(errands, "SAME_RING_SECONDS", 60)  # at once, however slow the machine is
    with django_capture_on_commit_callbacks(execute=True):
        errands.send(Errand.ROUTE_CASES)
        errands.send(Errand.ROUTE_CASES)
        errands.send(Errand.GATHER_EVIDENCE, application_id="1")
        errands.send(Errand.GATHER_EVIDENCE, application_id="2")

    assert (len(rung(broker, "route")), len(rung(broker, "evidence"))) == (1, 2)


def test_an_act_does_not_fail_because_the_broker_is_away(away, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as rings:
        errands.send(Errand.ROUTE_CASES)

    assert len(rings) == 1
    assert errands.doorbell.silent_until > 0


def test_a_broker_that_is_away_is_left_alone_for_a_while(away):
    bell = Doorbell()

    assert bell.ring(Errand.ROUTE_CASES, {}) is False
    assert bell.ring(Errand.SWEEP, {}) is False
    assert list(bell.rung_at) == [("cases.route_cases",)]


def test_every_errand_has_a_queue():
    assert set(ROUTES) == set(Errand)
    assert set(ROUTES.values()) == {"route", "evidence", "clock", "deliver"}


def test_the_beat_names_errands_only():
    assert {tick["task"] for tick in BEAT.values()} <= set(Errand)
    assert Errand.SWEEP in BEAT
