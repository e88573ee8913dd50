"""What another worker holds is passed over at once: nobody waits in a queue behind somebody else's case."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.db import connection, transaction

from services.cases.actions import routing
from services.cases.models import Case, Ready
from services.people.queries import AccountView
from tests.services.a_register import NOW
from tests.services.test_without_broker import submitted

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def held_by_another_worker(case_id: UUID) -> Iterator[None]:
    """Hold the case and its place in the queue, on a connection of another's, until left."""
    taken, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Case.objects.select_for_update().get(id=case_id)
            Ready.objects.select_for_update().get(case_id=case_id)
            taken.set()
            enough.wait(timeout=60)
        connection.close()

    worker = threading.Thread(target=hold)
    worker.start()
    assert taken.wait(timeout=60)
    try:
        yield
    finally:
        enough.set()
        worker.join()


@contextmanager
def waiting_for_nobody() -> Iterator[None]:
    """Let the database refuse whoever waits for a lock at all: no clock of ours is asked what “at once” means."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1ms'")
        try:
            yield
        finally:
            cursor.execute("RESET lock_timeout")


def states(*case_ids: UUID) -> list[str]:
    found = dict(Case.objects.values_list("id", "state"))
    return [found[one] for one in case_ids]


@pytest.fixture
def two_cases(ayshe: AccountView) -> tuple[UUID, UUID]:
    """Two cases that can move, the first of them due first."""
    return submitted(ayshe), submitted(ayshe)


def test_a_case_that_another_worker_holds_is_passed_over_and_the_next_is_routed(two_cases):
    held, free = two_cases

    with held_by_another_worker(held), waiting_for_nobody():
        turned = routing.route_cases(now=NOW)

        assert (turned, states(held, free)) == (1, ["received", "closed"])
        assert list(Ready.objects.values_list("case_id", "attempts")) == [(held, 0)]


def test_a_case_is_routed_as_soon_as_whoever_held_it_lets_go(two_cases):
    held, _ = two_cases
    with held_by_another_worker(held), waiting_for_nobody():
        routing.route_cases(now=NOW)

    assert routing.route_cases(now=NOW) == 1
    assert states(held) == ["closed"]


def test_with_every_case_held_a_worker_goes_home(two_cases):
    first, second = two_cases

    with held_by_another_worker(first), held_by_another_worker(second), waiting_for_nobody():
        assert routing.route_cases(now=NOW) == 0
