"""A worker that is asked to stop finishes what it has in hand, and leaves no case half turned."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
from django.conf import settings as django_settings
from django.db import connection, transaction

from services import clock
from services.cases.models import Case, Ready
from services.ledger import queries as ledger
from services.ledger.actions import Head
from services.people.queries import AccountView
from tests.services.test_without_broker import submitted

# Starting a worker and its end take no longer than this, whatever else the machine does.
PATIENCE_SECONDS = 60
CASES = 12

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def database_url() -> str:
    """Return the address of this test's database, as another process opens it."""
    ours = connection.settings_dict
    port = f":{ours['PORT']}" if ours["PORT"] else ""
    secret = f"{quote(ours['USER'])}:{quote(ours['PASSWORD'])}"
    return f"postgresql://{secret}@{quote(ours['HOST'], safe='')}{port}/{ours['NAME']}"


@pytest.fixture
def worker(root: Path, settings: object, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen]]:
    """Start a worker as `make run` does, on this test's database and broker; kill what is left of it."""
    started = []
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": database_url(),
        "REDIS_URL": django_settings.REDIS_URL,
        "REGISTRY_URL": settings.REGISTRY_URL,
    }
    command = (sys.executable, "-m", "celery", "--app=portal", "worker", "--queues=route", "--concurrency=1")
    command += ("--without-gossip", "--without-mingle", "--loglevel=INFO")

    def start() -> subprocess.Popen:
        with open(tmp_path / "worker.log", "w") as log:
            started.append(subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=log))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.fixture
def quiet_broker() -> Iterator[None]:
    """The broker of this test, with nothing rung before and nothing left behind."""
    store = redis.Redis.from_url(django_settings.REDIS_URL)
    store.flushdb()
    yield
    store.flushdb()
    store.close()


def until(happened: Callable[[], bool], process: subprocess.Popen) -> None:
    """Wait for something, as long as the worker lives and patience lasts."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.02)


def somebody_waits_for_the_ledger() -> bool:
    """Return whether a worker is in the middle of a turn, before the ledger that the test holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE relation = 'ledger_entry'::regclass AND NOT granted"
        )
        return bool(cursor.fetchone()[0])


def states() -> set[str]:
    return set(Case.objects.values_list("state", flat=True))


@pytest.fixture
def waiting_cases(quiet_broker: None, ayshe: AccountView) -> None:
    """Cases that can move, each of which has rung for a worker."""
    for _ in range(CASES):
        submitted(ayshe, now=clock.now())


def test_a_worker_asked_to_stop_in_the_middle_of_a_turn_finishes_it(waiting_cases, worker):
    process = worker()
    with transaction.atomic(), connection.cursor() as cursor:
        # Whoever turns a case must write to the ledger: holding it holds the worker just there.
        cursor.execute("LOCK TABLE ledger_entry IN SHARE MODE")
        until(somebody_waits_for_the_ledger, process)
        process.send_signal(signal.SIGTERM)
        assert states() == {"received"}

    assert process.wait(timeout=PATIENCE_SECONDS) == 0
    assert (Case.objects.count(), states(), Ready.objects.exists()) == (CASES, {"closed"}, False)
    for case in Case.objects.all():
        assert ledger.verify_case(case.id, Head(case.ledger_sequence, case.ledger_head)) is None
        events = [entry.event for entry in ledger.entries_of(case.id)]
        assert (events.count("received"), events.count("issued")) == (1, 1)
