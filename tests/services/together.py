"""Several people or workers doing one thing at the very same moment, each on a connection of their own."""

import threading
from collections.abc import Callable

from django.db import connection


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
