"""Several people or workers doing one thing at the very same moment, each on a connection of their own."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from django.db import connection, transaction

# Nobody waits so long but for somebody who waits for them.
PATIENCE = 20


def together(count: int, act: Callable[[], object]) -> list[object]:
    """Return what each got, or the exception that stopped them, when all have finished."""
    ready, outcomes = threading.Barrier(count, timeout=60), []

    def run() -> None:
        ready.wait()
        try:
            outcomes.append(act())
        except Exception as refusal:  # noqa: BLE001 - how it ended is what the test asks
            outcomes.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def meanwhile(act: Callable[[], object]) -> object:
    """Return what somebody else got who did this while the caller's transaction is open; fail if they wait for it."""

    def alone() -> object:
        # Whoever waits is not let off after a while.
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")
        return act()

    return _begin(alone).result(timeout=PATIENCE)


def in_line(hold: Callable[[], object], *acts: Callable[[], object]) -> list[object]:
    """Return what each got, or the exception that stopped them; each began when the one before it had to wait.

    What they wait for is held meanwhile, and let go when all stand in line.
    """
    begun: list[Future[object]] = []
    with transaction.atomic():
        hold()
        for act in acts:
            begun.append(_begin(act))
            while not begun[-1].done() and _waiting() < len(begun):
                time.sleep(0.02)
    return [one.exception(timeout=PATIENCE) or one.result() for one in begun]


def _begin(act: Callable[[], object]) -> Future[object]:
    outcome: Future[object] = Future()

    def run() -> None:
        try:
            outcome.set_result(act())
        except Exception as refusal:  # noqa: BLE001 - as above
            outcome.set_exception(refusal)
        finally:
            connection.close()

    threading.Thread(target=run, daemon=True).start()
    return outcome


def _waiting() -> int:
    """Return how many connections to this database wait for a lock at this moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]
