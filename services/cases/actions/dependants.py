"""Whoever waits for an earlier service of the application is woken the moment it is done, refused or called in."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from services import errands
from services.cases.models import Case, Ready
from services.cases.turn import Turn
from services.catalogue import queries as catalogue
from services.core.definitions import Definition
from services.core.routing import Event
from services.core.sequence import needs
from services.core.states import ENDED, Verdict

_TELLS = (Event.ISSUED, Event.VISIT_OFFERED)


def wake_dependants(turns: Sequence[Turn], *, now: datetime) -> None:
    """Queue the cases that may come after these, in the transaction in which these have moved (R7.5).

    One that somebody else holds, and has read before this was written, is queued again once that is over; nobody
    waits for it in between, so that two acts never wait for each other.
    """
    told = [turn for turn in turns if len(turn.case.application.services) > 1 and _tells(turn)]
    waiting = _dependants(told) if told else []
    if not waiting:
        return
    rows = Case.objects.filter(id__in=waiting).order_by("id")
    free = list(rows.select_for_update(of=("self",), skip_locked=True).values_list("id", flat=True))
    _queue(free, now)
    held = [one for one in waiting if one not in free]
    if held:
        transaction.on_commit(lambda: _queue_later(held, now), robust=True)


def _dependants(told: Sequence[Turn]) -> list[UUID]:
    """Return the open cases that may come after one of these."""
    before: dict[UUID, list[Definition]] = {}
    for turn in told:
        before.setdefault(turn.case.application_id, []).append(turn.after.definition)
    rows = Case.objects.filter(application_id__in=before).exclude(state__in=ENDED)
    read = [
        (one, catalogue.definition(version), before[application])
        for one, application, version in rows.values_list("id", "application_id", "service_version_id")
    ]
    return [one for one, later, earlier in read if any(_comes_after(later, first) for first in earlier)]


def _comes_after(later: Definition, first: Definition) -> bool:
    return later.code != first.code and bool(needs([first, later])[later.code])


def _tells(turn: Turn) -> bool:
    """Return whether others may go on, or fall, with what happened to this case."""
    return turn.saw(*_TELLS) or turn.after.verdict is Verdict.REFUSED or turn.after.ended


@transaction.atomic
def _queue_later(case_ids: Sequence[UUID], now: datetime) -> None:
    # In the order in which all cases of an application are held: whoever holds them is waited for, not crossed.
    rows = Case.objects.filter(id__in=case_ids).order_by("number")
    _queue(list(rows.select_for_update(of=("self",)).values_list("id", flat=True)), now)


def _queue(case_ids: Sequence[UUID], now: datetime) -> None:
    if case_ids:
        rows = [Ready(case_id=case_id, due_at=now) for case_id in case_ids]
        Ready.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["case"], update_fields=["due_at", "attempts"]
        )
        errands.send(errands.Errand.ROUTE_CASES)
