"""What is missing in an application for several services: each office notes it, and one notice asks for it all (R7.9).

Whoever changes what the notice rests on holds all cases of the application, in one order: so of two workers, or two
officers, the second finds that it has gone out.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.db import OperationalError, transaction

from services import clock
from services.cases.actions.letters import notice_letter
from services.cases.actions.turns import save_turns
from services.cases.models import Case, CorrectionNotice
from services.cases.queries.casefiles import case_files, law
from services.cases.queries.one_notice import due_notices, in_order
from services.cases.queries.visibility import task_for
from services.cases.turn import Act, turn_case
from services.core import acts, one_notice
from services.core.casefile import CaseFile
from services.ledger.actions import WORKER
from services.notices.actions import notify
from services.people.queries import AccountView

log = structlog.get_logger(__name__)


def hold_together(*, of_case: UUID, waiting: bool = True) -> None:
    """Hold all cases of the case's application until the transaction ends, if it is for several services.

    The application's own row is left alone: a worker that holds a founding may be about to write its business there.

    :raises django.db.OperationalError: not `waiting`, if one of them is in somebody's hands.
    """
    held = Case.objects.filter(application__cases=of_case, application__services__len__gt=1)
    rows = held.select_for_update(of=("self",), nowait=not waiting)
    list(rows.order_by("number").values_list("id"))


def hold_for_task(viewer: AccountView, task_id: UUID) -> None:
    """Hold the cases of the application of an officer's task, before the task is opened.

    :raises NoSuchTask: if there is none, or it is another office's.
    """
    hold_together(of_case=task_for(viewer, task_id).case_id)


def send_notices(*, now: datetime) -> int:
    """Send every notice whose last day has come, or for which no office is awaited any more; return how many.

    What only waits is not looked at; what somebody has in their hands is looked at the next time.
    """
    sent = 0
    for application_id, case_id in due_notices(now=now):
        try:
            sent += _send(application_id, case_id, now)
        except OperationalError as error:
            log.info("notice_put_off", application=str(application_id), error=type(error.__cause__).__name__)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one notice must not stop the others
            log.warning("notice_not_sent", application=str(application_id), error=type(error).__name__)
    return sent


@transaction.atomic
def _send(application_id: UUID, case_id: UUID, now: datetime) -> int:
    hold_together(of_case=case_id, waiting=False)
    return send_if_due(application_id, now=now)


def send_if_due(application_id: UUID, *, now: datetime) -> int:
    """Send what is due of an application whose cases are held; return how many notices went out.

    For what is not sent yet it is kept when it goes out at the latest.
    """
    rows = Case.objects.filter(application_id=application_id).select_related("application__person")
    cases = {row.service: row for row in in_order(rows.prefetch_related("application__parties"))}
    files = case_files(list(cases.values()), on=clock.legal_day(now))
    groups = list(one_notice.in_one_notice([files[row.id] for row in cases.values()]))
    due = [one for one in groups if one_notice.goes_out(one, now, law(), clock.zone())]
    for group in due:
        asked = [one for one in group if one_notice.is_noted(one) and one.lacking]
        _send_group([(cases[one.definition.code], one) for one in asked], now)
    for group in groups:
        moment = one_notice.goes_out_at(group, law(), clock.zone())
        noted = CorrectionNotice.objects.filter(case__in=[cases[one.definition.code] for one in group])
        # Past its moment it goes out only if something happens that it waits for.
        noted.filter(sent_on__isnull=True).update(goes_out_at=moment if moment > now else None)
    return len(due)


def _send_group(asked: Sequence[tuple[Case, CaseFile]], now: datetime) -> None:
    """Ask in one letter, with one last day, for what is missing in each of these cases."""
    today = clock.legal_day(now)
    due_on = law().working_days(today, law().profile.correction_days)
    turns, rows = [], []
    for case, file in asked:
        after = acts.send_correction(file, due_on=due_on)
        row = CorrectionNotice.objects.get(case=case)
        row.items, row.sent_on, row.due_on = list(file.lacking), today, due_on
        row.save(update_fields=["items", "sent_on", "due_on"])
        act = Act(WORKER, "correction_requested", {"items": row.items, "until": due_on.isoformat()})
        turns.append(turn_case(case, file, act, file=after))
        rows.append((case, row))
    notify(rows=[notice_letter(rows)], now=now)
    save_turns(turns, now=now)
