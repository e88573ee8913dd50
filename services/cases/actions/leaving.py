"""What stays open when somebody leaves: it has its cause, it counts, and no second visit is asked without consent."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import structlog
from django.db import transaction

from services import clock
from services.cases.actions.rating import visit_letter
from services.cases.actions.second_visits import ask_for_second_visits, attendances, unagreed
from services.cases.actions.turns import save_turns
from services.cases.models import Attendance, Case
from services.cases.queries.casefiles import case_files
from services.cases.queries.visits import open_counter_cases
from services.cases.turn import Act, Turn, turn_case
from services.core import acts
from services.core.casefile import CaseFile
from services.core.closing import FAULT_OF, Cause
from services.ledger.actions import WORKER, Actor
from services.notices.actions import notify
from services.visits import actions as visits
from services.visits import queries as appointments
from services.visits.queries import AppointmentView, VisitView

log = structlog.get_logger(__name__)


def leave_open(
    actor: Actor, booked: AppointmentView, cases: Sequence[Case], cause: Cause, *, on: date, now: datetime
) -> None:
    """Keep why the cases stay open after the visit of the day `on`: they were come for, so it counts (R8.2, R8.5).

    A supervisor is asked before anybody is called again (R8.7). Inside the caller's transaction, the cases locked.
    """
    assert booked.visit_id is not None  # noqa: S101 - whoever was at a window has a visit
    visits.record_fault(visit_id=booked.visit_id, fault=FAULT_OF[cause], clerk=actor, cause=cause)
    asked = {case.id for case in unagreed(list(cases), on=on)}
    came_for = [case for case in cases if case.id not in asked]
    rows = attendances(came_for, booked.visit_id, on)
    counted = {row.case_id for row in rows}
    Attendance.objects.bulk_create(rows)
    files = case_files(cases, on=clock.legal_day(now))
    detail = {"visit": str(booked.visit_id), "cause": cause}
    turns = [_left(actor, case, files[case.id], detail, case.id in counted) for case in cases]
    save_turns(turns, now=now)
    ask_for_second_visits(cases=cases, now=now)


def _left(actor: Actor, case: Case, file: CaseFile, detail: dict[str, object], counts: bool) -> Turn:
    fault = FAULT_OF[Cause(str(detail["cause"]))]
    told = {**detail, "step": acts.counter_step(file), "fault": fault}
    after = acts.attend_in_vain(file) if counts else file
    return turn_case(case, file, Act(actor, "visit_left_open", told), file=after)


def close_begun_visits(*, now: datetime) -> int:
    """Close the visits of earlier days that nobody closed; return how many. Nobody was there to go on with them.

    Called before the day's line ends: who was begun with and sent on has come, and is told that the visit is over.
    """
    return sum(_close(one.id, now) for one in appointments.left_begun(before=clock.legal_day(now)))


def _close(appointment_id: UUID, now: datetime) -> bool:
    try:
        _close_one(appointment_id, now)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one visit must not stop the others
        log.warning("visit_not_closed", appointment=str(appointment_id), error=type(error).__name__)
        return False
    return True


@transaction.atomic
def _close_one(appointment_id: UUID, now: datetime) -> None:
    booked = appointments.appointment(appointment_id=appointment_id)
    visit = _visit(booked)
    if booked is None or visit is None or visit.completed_at is not None:
        return
    cases = open_counter_cases(booked.application_ids, lock=True)
    if cases:
        leave_open(WORKER, booked, cases, Cause.NOBODY_ABLE, on=visit.on, now=now)
    visits.end_visit(appointment_id=booked.id, now=now)
    notify(rows=visit_letter(visit_id=visit.id, now=now), now=now)


def _visit(booked: AppointmentView | None) -> VisitView | None:
    return appointments.visit(visit_id=booked.visit_id) if booked and booked.visit_id else None
