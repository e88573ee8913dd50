"""The background errands by name, the one way to send for one, and when the beat sends for them by itself."""

import time
from collections.abc import Mapping
from enum import StrEnum

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

# A ring that nobody hears soon is worth nothing: the sweep finds the work by itself.
EXPIRES_SECONDS = 30
# Rings for the same thing that follow each other this closely are one ring.
SAME_RING_SECONDS = 0.005
# After the broker failed to answer, nobody waits for it again for so long.
REST_SECONDS = 5.0


class Errand(StrEnum):
    """What a worker can be sent for; each has one runner of this name in its room's `tasks`."""

    ROUTE_CASES = "cases.route_cases"
    SWEEP = "cases.sweep"
    GATHER_EVIDENCE = "cases.gather_evidence"
    HASTEN_EVIDENCE = "cases.hasten_evidence"
    RUN_CLOCK = "cases.run_clock"
    DELIVER_OUTBOX = "cases.deliver_outbox"
    SCAN_COPIES = "cases.scan_copies"
    COUNT_FIGURES = "cases.count_figures"
    SEAL_READINGS = "ledger.seal_readings"
    MAKE_COPIES = "cases.make_copies"
    KEEP_RETENTION = "cases.keep_retention"
    SWEEP_FILES = "cases.sweep_files"


# Which queue carries which errand: slow registers never stand before a case that can move.
ROUTES: Mapping[str, str] = {
    Errand.ROUTE_CASES: "route",
    Errand.SWEEP: "route",
    Errand.GATHER_EVIDENCE: "evidence",
    Errand.HASTEN_EVIDENCE: "evidence",
    Errand.SCAN_COPIES: "evidence",
    Errand.RUN_CLOCK: "clock",
    Errand.COUNT_FIGURES: "clock",
    Errand.SEAL_READINGS: "clock",
    Errand.MAKE_COPIES: "clock",
    Errand.KEEP_RETENTION: "clock",
    Errand.SWEEP_FILES: "clock",
    Errand.DELIVER_OUTBOX: "deliver",
}

SECONDS_BETWEEN: Mapping[Errand, float] = {
    Errand.SWEEP: 1.0,
    Errand.GATHER_EVIDENCE: 2.0,
    Errand.RUN_CLOCK: 2.0,
    Errand.DELIVER_OUTBOX: 2.0,
    Errand.SCAN_COPIES: 15.0,
    Errand.SEAL_READINGS: 60.0,
    Errand.COUNT_FIGURES: 60.0,
    Errand.MAKE_COPIES: 10.0,
    Errand.KEEP_RETENTION: 300.0,
    # It walks through every file there is, for what is a day old at the least.
    Errand.SWEEP_FILES: 6 * 3600.0,
}

# Celery's beat schedule. A tick that nobody worked off before the next few is dropped, not piled up.
BEAT: Mapping[str, Mapping[str, object]] = {
    str(errand): {
        "task": str(errand),
        "schedule": seconds,
        "options": {"queue": ROUTES[errand], "expires": max(seconds * 3, 5.0)},
    }
    for errand, seconds in SECONDS_BETWEEN.items()
}


class Doorbell:
    """What this process remembers of its rings: the last ones, and until when the broker is left alone."""

    def __init__(self) -> None:
        self.silent_until = 0.0
        self.rung_at: dict[tuple[str, ...], float] = {}

    def ring(self, errand: Errand, ids: Mapping[str, str]) -> bool:
        """Ring at once, and say whether the broker took it. Never raises because the broker is down."""
        moment, ring = time.monotonic(), (errand, *(f"{name}={ids[name]}" for name in sorted(ids)))
        if moment < self.silent_until:
            return False
        self.rung_at = {what: at for what, at in self.rung_at.items() if moment - at < SAME_RING_SECONDS}
        if ring in self.rung_at:
            return True
        self.rung_at[ring] = moment
        return self._publish(errand, ids)

    def _publish(self, errand: Errand, ids: Mapping[str, str]) -> bool:
        try:
            current_app.send_task(
                errand, kwargs=dict(ids), queue=ROUTES[errand], retry=False, expires=EXPIRES_SECONDS,
                ignore_result=True,
            )  # fmt: skip
        except (OperationalError, OSError):
            self.silent_until = time.monotonic() + REST_SECONDS
            return False
        return True


doorbell = Doorbell()


def send(errand: Errand, **ids: str) -> None:
    """Ask a worker to run the errand once the current transaction has committed; ids only, as text.

    Sending is for speed only: with the broker down, the work stands in the database and the sweep finds it.
    """

    # A plain function, not a partial: when sending fails Django logs the callback's __qualname__.
    def ring() -> None:
        doorbell.ring(errand, ids)

    transaction.on_commit(ring, robust=True)
