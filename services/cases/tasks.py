"""Errands of the cases room: each names one action, carries ids only, and may run twice."""

import time
from datetime import UTC, datetime

from celery import shared_task

from services import clock
from services.cases.actions import (
    copying,
    drafting,
    figures,
    gathering,
    harm,
    mending,
    orphans,
    reminders,
    retention,
    routing,
)
from services.errands import Errand


@shared_task(name=Errand.ROUTE_CASES)
def route_cases() -> None:
    """Route what can move, because somebody rang."""
    routing.route_cases(now=clock.now())


@shared_task(name=Errand.SWEEP)
def sweep() -> None:
    """Route what can move, whether anybody rang or not."""
    routing.route_cases(now=clock.now())


@shared_task(name=Errand.HASTEN_EVIDENCE)
def hasten_evidence(*, register: str) -> None:
    """Have a register asked at once by all who wait for it, because it answers again."""
    gathering.hasten_evidence(register=register, now=clock.now())


@shared_task(name=Errand.GATHER_EVIDENCE)
def gather_evidence() -> None:
    """Ask registers for what cases and drafts want."""
    gathering.gather_evidence(now=clock.now())


@shared_task(name=Errand.DELIVER_OUTBOX)
def deliver_outbox() -> None:
    """Tell other offices what they are to know, and registers what is said to be wrong in them."""
    gathering.deliver_outbox(now=clock.now())
    mending.mend_records(now=clock.now())


@shared_task(name=Errand.SCAN_COPIES)
def scan_copies() -> None:
    """Have the scanner look at copies that wait for it, and throw away what nobody handed in for a day."""
    harm.scan_copies(now=clock.now())
    harm.clear_old()


@shared_task(name=Errand.COUNT_FIGURES)
def count_figures() -> None:
    """Count the figures that everybody may read."""
    figures.count_figures(now=clock.now())


@shared_task(name=Errand.MAKE_COPIES)
def make_copies() -> None:
    """Make the copies of their data that people asked for."""
    copying.make_copies(now=clock.now())


@shared_task(name=Errand.KEEP_RETENTION)
def keep_retention() -> None:
    """Warn of what will be deleted, and delete what has been kept long enough."""
    retention.keep_retention(now=clock.now())


@shared_task(name=Errand.SWEEP_FILES)
def sweep_files() -> None:
    """Delete files that no record has known for a day; files live on real time, whatever the legal clock says."""
    orphans.delete_orphans(now=datetime.fromtimestamp(time.time(), UTC))


@shared_task(name=Errand.RUN_CLOCK)
def run_clock() -> None:
    """Do what a day brings: reminders, word of what agents did, and the end of drafts that nobody touched."""
    reminders.send_reminders(now=clock.now())
    drafting.discard_idle_drafts(now=clock.now())
