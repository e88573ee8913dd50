"""Route what is due straight from PostgreSQL: with the broker down everything still finishes, only slower."""

import signal
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from types import FrameType
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection

from services import clock
from services.cases.actions.copying import make_copies
from services.cases.actions.drafting import discard_idle_drafts
from services.cases.actions.figures import count_figures
from services.cases.actions.gathering import deliver_outbox, gather_evidence
from services.cases.actions.reminders import send_reminders
from services.cases.actions.retention import keep_retention
from services.cases.actions.routing import route_cases
from services.ledger.actions import seal_readings

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    """`manage.py sweep [--once] [--seconds 1]`."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how long to rest between two looks."""
        parser.add_argument("--once", action="store_true")
        parser.add_argument("--seconds", type=float, default=1.0)

    def handle(self, *args: Any, once: bool, seconds: float, **options: Any) -> None:
        """Sweep until told to stop; a database that is away for a moment is waited for."""
        stop = threading.Event()

        def end(signum: int, frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        while not stop.is_set():
            busy = sweep()
            if once:
                return
            stop.wait(0 if busy else seconds)


def sweep() -> int:
    """Do everything that is due once, and return how much there was; what fails does not stop the rest."""
    try:
        now = clock.now()
    except DatabaseError as error:
        return _failed("clock", error)
    return sum(_swept(part, now) for part in PARTS)


PARTS: Sequence[Callable[..., int]] = (
    gather_evidence,
    route_cases,
    deliver_outbox,
    send_reminders,
    discard_idle_drafts,
    seal_readings,
    count_figures,
    make_copies,
    keep_retention,
)


def _swept(part: Callable[..., int], now: datetime) -> int:
    try:
        return part(now=now)
    except Exception as error:  # noqa: BLE001 - the sweep is what still works when something else does not
        return _failed(part.__name__, error)


def _failed(part: str, error: Exception) -> int:
    """Keep what failed by its class alone, and have a broken connection made anew."""
    log.warning("sweep_failed", part=part, error=type(error).__name__)
    if isinstance(error, DatabaseError):
        connection.close()
    return 0
