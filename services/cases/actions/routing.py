"""Route the cases that can move: a batch in one transaction, halved when it fails, a poisoned case set aside."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet

from services import clock, errands
from services.cases.actions.turns import save_turns
from services.cases.models import Case, Ready
from services.cases.queries.casefiles import case_files
from services.cases.turn import turn_case

log = structlog.get_logger(__name__)

# The knee of the measured curve: more at once makes a batch no cheaper.
BATCH = 64
# A case that failed so often is for a person to look at.
MOST_ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=2)


def route_cases(*, now: datetime) -> int:
    """Route every case that can move at the legal moment `now`, batch by batch; return how many were turned.

    Claims live and die with their transaction: a worker that is killed frees its cases at once, and a case that another
    worker holds is passed over. Running twice, late or at once has the effect of once.
    """
    turned, done = 0, BATCH
    while done >= BATCH:
        claimed: list[UUID] = []
        try:
            done = _route(_due(now), claimed, now)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one case must not stop the others
            done = _route_halves(claimed, error, now)
        turned += done
    return turned


def _due(now: datetime) -> QuerySet[Case]:
    return Case.objects.filter(ready__due_at__lte=now).order_by("ready__due_at")


def _route_halves(ids: Sequence[UUID], error: Exception, now: datetime) -> int:
    """Route a batch that failed in two halves, down to the one case that cannot be routed."""
    if not ids:
        raise error
    if len(ids) == 1:
        _set_aside(ids[0], error, now)
        return 1
    done = 0
    for half in (ids[: len(ids) // 2], ids[len(ids) // 2 :]):
        claimed: list[UUID] = []
        try:
            done += _route(_due(now).filter(id__in=half), claimed, now)
        except Exception as again:  # noqa: BLE001 - as above
            done += _route_halves(claimed, again, now)
    return done


@transaction.atomic
def _route(due: QuerySet[Case], claimed: list[UUID], now: datetime) -> int:
    """Claim the first of what is due, passing over what others hold, and turn it; `claimed` tells which it was."""
    rows = due.select_for_update(of=("self",), skip_locked=True).select_related("application__person")
    cases = list(rows.prefetch_related("application__parties")[:BATCH])
    claimed += [case.id for case in cases]
    files = case_files(cases, on=clock.legal_day(now))
    save_turns([turn_case(case, files[case.id]) for case in cases], now=now)
    return len(cases)


@transaction.atomic
def _set_aside(case_id: UUID, error: Exception, now: datetime) -> None:
    """Try the case again later, ever more rarely; after the last time leave it to a supervisor, with the reason."""
    ready = Ready.objects.select_for_update().filter(case_id=case_id).first()
    if ready is None:
        return
    reason = f"{type(error).__name__} while routing"
    log.warning("case_not_routed", case=str(case_id), error=type(error).__name__, attempts=ready.attempts + 1)
    if ready.attempts + 1 >= MOST_ATTEMPTS:
        Case.objects.filter(id=case_id).update(needs_attention=reason[:200])
        ready.delete()
        return
    ready.attempts += 1
    ready.due_at = now + FIRST_PAUSE * 2**ready.attempts
    ready.save(update_fields=["attempts", "due_at"])


def wake_cases(*, case_ids: Sequence[UUID], now: datetime) -> None:
    """Put cases into the queue for now, and ring; a case that is there already keeps its place or moves forward."""
    rows = [Ready(case_id=case_id, due_at=now) for case_id in case_ids]
    Ready.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["case"], update_fields=["due_at", "attempts"]
    )
    errands.send(errands.Errand.ROUTE_CASES)


@transaction.atomic
def retry_case(*, case_id: UUID, now: datetime) -> None:
    """Put a case that was set aside back into the queue, once its cause is mended."""
    Case.objects.filter(id=case_id).update(needs_attention="")
    wake_cases(case_ids=[case_id], now=now)
